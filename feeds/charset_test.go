package feeds

import (
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
)

// headlines are a few sentences of each language, as long as those of a feed of
// three items. Written for this test.
func headlines() map[string][]string {
	return map[string][]string{
		"ja": {"新しい橋が月曜日に開通した。", "市議会は来年の予算案を可決した。", "台風の影響で列車が止まっている。駅では多くの人が待っていた。"},
		"ko": {"새로운 다리가 월요일에 개통되었다.", "시의회는 내년 예산안을 통과시켰다.", "태풍의 영향으로 열차 운행이 중단되었다."},
		"zh": {"新桥于星期一通车。", "市议会通过了明年的预算。", "受台风影响，列车停运，很多人在车站等候。"},
		"tw": {"新橋於星期一通車。", "市議會通過了明年的預算。", "受颱風影響，列車停駛，許多人在車站等候。"},
		"ru": {"Новый мост открыли в понедельник.", "Городской совет принял бюджет на следующий год.", "Из-за урагана поезда остановлены, на вокзале ждут люди."},
		"uk": {"Новий міст відкрили в понеділок.", "Міська рада ухвалила бюджет на наступний рік.", "Через ураган потяги зупинено, на вокзалі чекають люди."},
		"el": {"Η νέα γέφυρα άνοιξε τη Δευτέρα.", "Το δημοτικό συμβούλιο ψήφισε τον προϋπολογισμό.", "Λόγω της καταιγίδας τα τρένα σταμάτησαν."},
		"he": {"הגשר החדש נפתח ביום שני.", "מועצת העיר אישרה את התקציב לשנה הבאה.", "בשל הסערה הופסקה תנועת הרכבות."},
		"ar": {"افتتح الجسر الجديد يوم الاثنين.", "أقر مجلس المدينة ميزانية العام المقبل.", "توقفت القطارات بسبب العاصفة."},
		"th": {"สะพานใหม่เปิดในวันจันทร์", "สภาเมืองผ่านงบประมาณปีหน้า", "รถไฟหยุดเพราะพายุ"},
		"de": {"Die neue Brücke wurde am Montag eröffnet.", "Der Stadtrat beschloss den Haushalt für das nächste Jahr.", "Züge fallen wegen des Sturms aus – „Geduld“, sagt die Bahn."},
		"fr": {"Le nouveau pont a été ouvert lundi.", "Le conseil municipal a adopté le budget de l’année prochaine.", "Les trains sont arrêtés à cause de la tempête."},
		"pl": {"Nowy most otwarto w poniedziałek.", "Rada miasta przyjęła budżet na przyszły rok.", "Pociągi stoją z powodu burzy, ludzie czekają na dworcu."},
		"tr": {"Yeni köprü pazartesi günü açıldı.", "Belediye meclisi gelecek yılın bütçesini kabul etti.", "Fırtına yüzünden trenler durdu, yolcular bekliyor."},
	}
}

// encoded is a feed of headlines in a charset, with a declaration of its own.
func encoded(t *testing.T, language, label, declaration string) []byte {
	return encodedWith(t, language, label, declaration, "")
}

func encodedWith(t *testing.T, language, label, declaration, head string) []byte {
	t.Helper()
	enc, _ := charset.Lookup(label)
	if enc == nil {
		t.Fatalf("no charset %q", label)
	}
	var b strings.Builder
	b.WriteString(declaration + `<rss version="2.0"><channel><title>Paper</title>` + head)
	for _, s := range headlines()[language] {
		b.WriteString("<item><title>" + s + "</title><description>" + s + "</description></item>")
	}
	out, err := enc.NewEncoder().String(b.String() + "</channel></rss>")
	if err != nil {
		t.Fatalf("%s in %s: %v", language, label, err)
	}
	return []byte(out)
}

// wantHeadlines fails unless a document holds the headlines of a language.
func wantHeadlines(t *testing.T, language string, body []byte, contentType string) {
	t.Helper()
	f, err := Parse(body, contentType, "")
	if err != nil {
		t.Fatal(err)
	}
	checkText(t, f)
	for i, want := range headlines()[language] {
		if got := f.Items[i].Title; got != want {
			t.Errorf("title %q, want %q (warnings %q)", got, want, f.Warnings)
		}
	}
}

func charsets() map[string]string {
	return map[string]string{
		"shift_jis": "ja", "euc-jp": "ja", "iso-2022-jp": "ja", "euc-kr": "ko", "gb2312": "zh", "gb18030": "zh", "big5": "tw",
		"windows-1251": "ru", "koi8-r": "ru", "iso-8859-5": "ru", "koi8-u": "uk", "windows-1253": "el", "windows-1255": "he", "windows-1256": "ar",
		"windows-874": "th", "tis-620": "th", "windows-1252": "de", "windows-1250": "pl", "iso-8859-2": "pl", "windows-1254": "tr",
	}
}

func TestEveryCharsetIsReadWhereItIsNamed(t *testing.T) {
	t.Parallel()
	for label, language := range charsets() {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			wantHeadlines(t, language, encoded(t, language, label, ""), "text/xml; charset="+label)
			wantHeadlines(t, language, encoded(t, language, label, `<?xml version="1.0" encoding="`+label+`"?>`), "")
			wantHeadlines(t, language, encoded(t, language, label, `<?xml version='1.0' encoding='`+strings.ToUpper(label)+`' standalone='yes'?>`), "application/rss+xml")
			wantHeadlines(t, language, encoded(t, language, label, `<?xml version="1.0" encoding="utf-8"?>`), "text/xml; charset="+label)
		})
	}
}

// TestCharsetsAreGuessedWhereNobodyNamesThem leaves out charsets that look like
// windows-1252 or Big5 as long as the document does not say its language.
func TestCharsetsAreGuessedWhereNobodyNamesThem(t *testing.T) {
	t.Parallel()
	for label, language := range charsets() {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			named := encodedWith(t, language, label, "", "<language>"+language+"-XX</language>")
			wantHeadlines(t, language, named, "")
			switch language {
			case "pl", "tr", "th":
				return
			}
			wantHeadlines(t, language, encoded(t, language, label, ""), "")
			wantHeadlines(t, language, encoded(t, language, label, `<?xml version="1.0" encoding="utf-8"?>`), "text/xml; charset=utf-8")
		})
	}
}

// TestALanguageIsNoProof has documents claim a language that they are not in.
func TestALanguageIsNoProof(t *testing.T) {
	t.Parallel()
	for label, tt := range map[string]struct{ language, claimed string }{
		"windows-1252": {"fr", "pl"}, "windows-1251": {"ru", "tr"}, "shift_jis": {"ja", "th"}, "big5": {"tw", "cs"}, "koi8-r": {"ru", "lt"},
	} {
		t.Run(label, func(t *testing.T) {
			t.Parallel()
			for _, claim := range []string{"<language>" + tt.claimed + "</language>", `<x xml:lang="` + tt.claimed + `"/>`} {
				wantHeadlines(t, tt.language, encodedWith(t, tt.language, label, "", claim), "")
			}
		})
	}
}
