package summarize

import (
	"strings"
	"testing"
)

func TestDetectTellsLanguages(t *testing.T) {
	t.Parallel()
	tests := []struct{ want, text string }{
		{"en", "The port will close its northern harbour for two years to repair walls that were damaged in the January storm, the authority said on Monday."},
		{"de", "Der Hafen wird seine nördlichen Becken für zwei Jahre schließen, um Mauern zu reparieren, die im Januar beim Sturm beschädigt wurden, sagte die Behörde am Montag."},
		{"fr", "Le port va fermer son bassin nord pendant deux ans pour réparer les murs qui ont été endommagés par la tempête de janvier, a annoncé lundi la direction."},
		{"es", "El puerto cerrará su dársena norte durante dos años para reparar los muros que resultaron dañados por la tormenta de enero, dijo el lunes la autoridad."},
		{"it", "Il porto chiuderà il bacino nord per due anni per riparare i muri che sono stati danneggiati dalla tempesta di gennaio, ha detto lunedì l'autorità."},
		{"pt", "O porto vai fechar a bacia norte durante dois anos para reparar os muros que foram danificados pela tempestade de janeiro, disse na segunda-feira a autoridade."},
		{"nl", "De haven sluit het noordelijke bekken twee jaar om muren te herstellen die in januari bij de storm beschadigd werden, zei de havenautoriteit op maandag."},
		{"ru", "Порт закроет свою северную гавань на два года, чтобы отремонтировать стены, которые были повреждены январским штормом, сообщили в понедельник."},
		{"ja", "港は一月の嵐で壊れた壁を直すため、北の港を二年間閉鎖すると月曜日に発表した。"},
		{"zh", "港口管理局星期一表示，北港将关闭两年，以修复一月份风暴中受损的墙壁。"},
		{"ko", "항만청은 월요일 1월 폭풍으로 손상된 벽을 수리하기 위해 북쪽 항구를 2년간 폐쇄한다고 밝혔다."},
		{"ar", "قالت سلطة الميناء يوم الاثنين إن الميناء الشمالي سيغلق لمدة عامين لإصلاح الجدران التي تضررت في عاصفة يناير."},
		{"hi", "बंदरगाह प्राधिकरण ने सोमवार को कहा कि जनवरी के तूफान में क्षतिग्रस्त दीवारों की मरम्मत के लिए उत्तरी बंदरगाह दो साल के लिए बंद रहेगा।"},
		{"vi", "Cảng sẽ đóng cửa bến phía bắc trong hai năm để sửa chữa những bức tường bị hư hại trong cơn bão tháng một, nhà chức trách cho biết hôm thứ hai."},
		{"sv", "Hamnen stänger sin norra bassäng i två år för att reparera murar som skadades i januaristormen, sade hamnmyndigheten på måndagen."},
	}
	for _, test := range tests {
		t.Run(test.want, func(t *testing.T) {
			t.Parallel()
			if got := Detect(test.text, ""); got != test.want {
				t.Errorf("Detect(%q) = %q, want %q", test.text, got, test.want)
			}
			for _, claim := range []string{"en-US", "de", "fr_CA", "nonsense"} {
				if got := Detect(test.text, claim); got != test.want {
					t.Errorf("claimed to be %s: %q, want %q", claim, got, test.want)
				}
			}
		})
	}
}

func TestDetectBelievesAClaimWhenTheTextIsShort(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, claim, want string }{
		{"Alles klar", "de-CH", "de"},
		{"Berlin 2026", "nl", "nl"},
		{"", "pt-BR", "pt"},
		{"東京都は発表した。", "en", "ja"}, // its letters leave no doubt
		{"42", "", ""},
	}
	for _, test := range tests {
		if got := Detect(test.text, test.claim); got != test.want {
			t.Errorf("Detect(%q, %q) = %q, want %q", test.text, test.claim, got, test.want)
		}
	}
}

// TestDetectIsRightOnTreebanks measures texts of 120 characters and more.
func TestDetectIsRightOnTreebanks(t *testing.T) {
	t.Parallel()
	right, all := 0, 0
	for _, p := range paragraphs(t) {
		text := strings.Join(p.Sents, " ")
		if len(text) < 120 {
			continue
		}
		all++
		if want, _, _ := strings.Cut(p.Lang, "-"); Detect(text, "") == want {
			right++
		}
	}
	share := float64(right) / float64(all)
	t.Logf("%d of %d texts, %.4f", right, all, share)
	if share < 0.985 {
		t.Errorf("%.4f right, want at least 0.985", share)
	}
}
