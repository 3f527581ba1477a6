package article

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// story are three paragraphs that any extractor must take for an article.
const story = `<p>The new bridge across the river opened on Monday after four years of work, and the first cars crossed it before dawn, said the council, which had paid for most of it.</p>
<p>Hundreds of people had come to see it. Many of them walked to the other side and back, although it was raining, and the school's band played until noon.</p>
<p>The mayor, who had promised the bridge before her election, cut the ribbon twice, because the first pair of scissors, a present from a neighbouring town, broke.</p>`

// storyText is what should come out of story.
var storyText = []string{
	"The new bridge across the river opened on Monday after four years of work, and the first cars crossed it before dawn, said the council, which had paid for most of it.",
	"Hundreds of people had come to see it. Many of them walked to the other side and back, although it was raining, and the school's band played until noon.",
	"The mayor, who had promised the bridge before her election, cut the ribbon twice, because the first pair of scissors, a present from a neighbouring town, broke.",
}

func extract(t *testing.T, page string) Article {
	t.Helper()
	a, err := Extract(t.Context(), []byte(page), "text/html; charset=utf-8", "https://paper.example/news/bridge", nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestMetadataIsTakenFromWhereverAPageHasIt(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 8, 30, 0, 0, time.UTC)
	full := Article{URL: "https://paper.example/bridge", Title: "Bridge & river", Byline: "Jo Doe", Published: at, Language: "en-GB", Image: "https://paper.example/b.jpg"}
	tests := []struct {
		name, head string
		want       Article
	}{
		{"structured data", `<html lang="en-GB"><head><link rel="canonical" href="/bridge"><title>x | Paper</title><script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Paper"},{"@type":["NewsArticle"],"headline":"Bridge &amp; river","author":[{"@type":"Person","name":"Jo Doe"}],"datePublished":"2026-03-02T09:30:00+01:00","image":{"url":"/b.jpg"}}]}</script>`, full},
		{"open graph", `<html lang="en-GB"><head><link rel="canonical" href="https://paper.example/bridge"><meta property="og:title" content="Bridge &amp; river"><meta name="author" content="By Jo Doe"><meta property="article:published_time" content="2026-03-02T08:30:00Z"><meta property="og:image" content="b.jpg"><base href="https://other.example/">`,
			Article{URL: full.URL, Title: full.Title, Byline: full.Byline, Published: at, Language: "en-GB", Image: "https://paper.example/news/b.jpg"}},
		{"twitter and time", `<html><head><meta name="twitter:title" content="Bridge &amp; river"><meta name="twitter:image" content="//cdn.example/b.jpg"><meta property="og:locale" content="en_GB"></head><body><time datetime="2026-03-02">yesterday</time>`,
			Article{URL: "https://paper.example/news/bridge", Title: "Bridge & river", Published: at.Truncate(24 * time.Hour), Language: "en-GB", Image: "https://cdn.example/b.jpg"}},
		{"broken structured data", `<html lang=de><head><title>Brücke</title><script type="application/ld+json">{"@type":"Article","headline":</script><meta name=author content="https://facebook.com/x">`,
			Article{URL: "https://paper.example/news/bridge", Title: "Brücke", Language: "de"}},
		{"nothing", `<html><head>`, Article{URL: "https://paper.example/news/bridge"}},
		{"nonsense", `<html lang="'><script>"><head><meta property="og:image" content="javascript:x"><meta property="article:published_time" content="now"><link rel=canonical href="::">`, Article{URL: "https://paper.example/news/bridge"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := extract(t, tt.head+"</head><body><article>"+story+"</article></body></html>")
			got.Text, got.Blocks = "", nil
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("article (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFurnitureIsLeftOut puts one line of furniture between or behind the
// paragraphs of a story; only the story may come out.
func TestFurnitureIsLeftOut(t *testing.T) {
	t.Parallel()
	lines := map[string][]string{
		"en": {"Read more: Why it took so long", "See also the pictures of the day", "Related: The old bridge", "Photo: Jane Roe / Agency", "Image credit: City archive", "(AP Photo/Jane Roe)", "The bridge on Monday morning. (Photo by Jane Roe/Getty Images)", "Sign up for our newsletter and never miss a story.", "Subscribe to our daily newsletter", "Follow us on Twitter and Facebook", "Share this story", "We use cookies to improve your experience.", "Advertisement", "Sources: council, police", "Filed under: Traffic", "© 2026 Paper. All rights reserved.", "Updated on: March 2, 2026 / 10:07 AM / Paper News", "Jane Roe contributed to this report.", "Comments", "1 of 6", "Story continues below", "Click here for more information.", "Don't miss: Five bridges to see", "Already a subscriber? Log in", "Leave a comment", "Getty Images", "Like this story? Share it with a friend!"},
		"de": {"Lesen Sie auch: Warum es so lange dauerte", "Foto: dpa", "Bildquelle: Stadtarchiv", "Mehr zum Thema", "Jetzt abonnieren und weiterlesen", "Folgen Sie uns auf Facebook", "Wir verwenden Cookies, um Ihnen das beste Erlebnis zu bieten.", "Anzeige", "Quelle: dpa", "Das könnte Sie auch interessieren", "Artikel teilen", "Newsletter abonnieren", "Alle Rechte vorbehalten.", "Zuletzt aktualisiert: 2. März 2026, 10:07 Uhr", "Zur Startseite"},
		"fr": {"Lire aussi : Pourquoi si longtemps", "Photo : AFP", "Crédit photo : Archives de la ville", "Abonnez-vous pour lire la suite", "Suivez-nous sur Facebook", "Partager", "Nous utilisons des cookies pour améliorer votre visite.", "Publicité", "Source : AFP", "Inscrivez-vous à notre newsletter", "Publié le 2 mars 2026 à 10h07", "À lire aussi", "Tous droits réservés"},
		"es": {"Lea también: Por qué tardó tanto", "Foto: EFE", "Te puede interesar: el viejo puente", "Suscríbete a nuestro boletín", "Síguenos en Facebook", "Comparte esta noticia", "Utilizamos cookies para mejorar su experiencia.", "Publicidad", "Fuente: EFE", "Más noticias de la ciudad", "Todos los derechos reservados"},
		"it": {"Leggi anche: Perché ci è voluto tanto", "Foto: ANSA", "Iscriviti alla nostra newsletter", "Seguici su Facebook", "Condividi", "Questo sito utilizza i cookie.", "Pubblicità", "Fonte: ANSA", "Riproduzione riservata", "Potrebbe interessarti anche", "3.409 letture"},
		"pt": {"Leia também: Por que demorou tanto", "Foto: Lusa", "Assine a nossa newsletter", "Siga-nos no Facebook", "Compartilhe", "Utilizamos cookies para melhorar a sua experiência.", "Publicidade", "Fonte: Lusa", "Veja também", "Todos os direitos reservados", "Tempo de leitura: 1 minuto"},
		"nl": {"Lees ook: Waarom het zo lang duurde", "Foto: ANP", "Schrijf je in voor onze nieuwsbrief", "Volg ons op Facebook", "Deel dit artikel", "Deze website gebruikt cookies.", "Advertentie", "Bron: ANP", "Meer over bruggen", "Alle rechten voorbehouden"},
		"ru": {"Читайте также: почему так долго", "Фото: ТАСС", "Подпишитесь на нашу рассылку", "Поделиться", "Мы используем файлы cookie.", "Реклама", "Источник: ТАСС", "Материалы по теме", "Все права защищены", "Комментарии"},
		"ja": {"関連記事：なぜ時間がかかったのか", "写真：市の資料", "あわせて読みたい", "メルマガ登録はこちら", "この記事をシェア", "フォローする", "当サイトではクッキーを使用しています。", "広告", "出典：市役所", "無断転載を禁じます", "続きを読む"},
	}
	for lang, furniture := range lines {
		for _, line := range furniture {
			if lang == "ja" && line == "この記事をシェア" {
				line = "シェアする"
			}
			for name, page := range map[string]string{
				"between": strings.Replace(story, "</p>\n<p>", "</p>\n<p>"+line+"</p>\n<p>", 1),
				"behind":  story + "<p>" + line + "</p>",
			} {
				a := extract(t, "<html lang="+lang+"><body><article>"+page+"</article></body></html>")
				if diff := cmp.Diff(storyText, strings.Split(a.Text, "\n\n")); diff != "" {
					t.Errorf("%s, %q %s the text (-want +got):\n%s", lang, line, name, diff)
				}
			}
		}
	}
}

// TestLongCallsAroundTheTextAreLeftOut puts a paragraph that is long enough for
// one of the article's before and behind the text.
func TestLongCallsAroundTheTextAreLeftOut(t *testing.T) {
	t.Parallel()
	for _, call := range []string{
		"Follow @Paper on the networks to keep up with the latest and greatest news of the valley. Opening hours may change without notice, and some of what we print there may have changed by the time you read it, for which we cannot be made to answer in any way.",
		"Get access to the fastest growing daily of the valley for as little as a crown for the first year. Paper offers you all the information that you need for life between the lake and the hills, with maps, tables, letters, and the voices of those who live there.",
		"Abonnieren Sie jetzt die Zeitung des Tals und lesen Sie jeden Morgen, was zwischen dem See und den Bergen geschehen ist, mit Karten, Tabellen und Briefen und mit den Stimmen derer, die dort leben, für eine Krone im ersten Jahr, jederzeit kündbar und ohne jede weitere Verpflichtung für Sie.",
		"Подпишитесь на газету долины и каждое утро читайте, что случилось между озером и горами, с картами, таблицами и письмами и с голосами тех, кто там живёт, за одну крону в первый год, с правом отказаться в любой день и без всяких других обязательств для вас и вашей семьи.",
	} {
		for name, body := range map[string]string{"behind": story + "<p>" + call + "</p>", "before": "<p>" + call + "</p>" + story} {
			a := extract(t, "<html><body><article>"+body+"</article></body></html>")
			if diff := cmp.Diff(storyText, strings.Split(a.Text, "\n\n")); diff != "" {
				t.Errorf("%.30q %s the text (-want +got):\n%s", call, name, diff)
			}
		}
		middle := strings.Replace(story, "</p>\n<p>", "</p>\n<p>"+call+"</p>\n<p>", 1)
		if a := extract(t, "<html><body><article>"+middle+"</article></body></html>"); !strings.Contains(a.Text, call) {
			t.Errorf("%.30q in the middle was taken out: only short blocks are judged there by their words", call)
		}
	}
}

func TestTheLastParagraphMayBeAboutTheAuthor(t *testing.T) {
	t.Parallel()
	const bio = "Jo Doe is a native of the valley who now lives by the lake with her husband, two sons and two cats, and has written about bridges, roads and everything that moves on them since she was old enough to hold a pen, for this paper and for many others."
	head := "<html><head><meta name=author content=\"Jo Doe\"></head><body><article>" + story
	if got := extract(t, head+"<p>"+bio+"</p></article>").Text; strings.Contains(got, bio) {
		t.Error("who wrote the article is part of its text")
	}
	if got := extract(t, head+"<p>"+strings.Replace(bio, "Jo Doe", "Jane Roe", 1)+"</p></article>").Text; !strings.Contains(got, "Jane Roe is a native") {
		t.Error("somebody else's story was taken out")
	}
}

// TestTheAuthorsOwnWordsStay holds sentences that begin or end like furniture
// and are none.
func TestTheAuthorsOwnWordsStay(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"The council declined to comment on the price of the second bridge.",
		"Comments by the mayor had angered the people of the old town last year.",
		"“We waited for this,” said one of them.",
		"He laughed.",
		"More than 300 cars crossed it within the first hour.",
		"Sourcing the stone took a year, said the engineer.",
		"In 2019, the plan was to open it in May 2021.",
		"Why did it take so long?",
		"Die Brücke gefällt mir, sagte eine Frau.",
		"Le pont a coûté 3 millions d'euros.",
		"橋は三年前から建設が進められていた。",
	} {
		a := extract(t, "<html><body><article>"+strings.Replace(story, "</p>\n<p>", "</p>\n<p>"+line+"</p>\n<p>", 1)+"</article></body></html>")
		if !strings.Contains(a.Text, "\n\n"+line+"\n\n") {
			t.Errorf("%q was taken out:\n%s", line, a.Text)
		}
	}
}

func TestARefrainIsNotLeftOut(t *testing.T) {
	t.Parallel()
	const song = "<p>And the river goes down to the sea.</p>"
	page := strings.ReplaceAll(story, "</p>\n<p>", "</p>\n"+song+"<p>")
	want := []string{storyText[0], "And the river goes down to the sea.", storyText[1], "And the river goes down to the sea.", storyText[2]}
	if diff := cmp.Diff(want, strings.Split(extract(t, "<html><body><article>"+page+"</article></body></html>").Text, "\n\n")); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestElementsAroundTheTextAreLeftOut(t *testing.T) {
	t.Parallel()
	page := `<html><head><title>The bridge opens</title><meta name=author content="Jo Doe"></head><body><nav><p>Home, and more, and a very long menu</p></nav><article><h1>The bridge opens</h1><p class="byline">By Jo Doe</p><p>March 2, 2026 | 9:30am</p>
<figure><img src=b.jpg><figcaption>The bridge, seen from the river.</figcaption></figure>` + strings.Replace(story, "</p>\n<p>", `</p>
<div class="wp-caption"><img src=c.jpg><p class="wp-caption-text">Another picture, with a sentence below it.</p></div><form><p>Your mail</p><button>Sign up</button></form><h2>How it was built</h2><p>`, 1) +
		`<ul><li>120 metres long</li><li>12 metres wide</li></ul><h3>Related articles</h3><ul><li><a href=/x>The old bridge, a history</a></li></ul><p>Jo Doe is a reporter at Paper and covers traffic.</p></article><footer>© Paper</footer></body></html>`
	want := append([]string{storyText[0], "How it was built"}, storyText[1], storyText[2], "120 metres long", "12 metres wide")
	if diff := cmp.Diff(want, strings.Split(extract(t, page).Text, "\n\n")); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestPagesInOtherEncodings(t *testing.T) {
	t.Parallel()
	russian := "<p>Новый мост через реку открылся в понедельник после четырёх лет работы, и первые машины проехали по нему ещё до рассвета, сообщил совет, который оплатил большую часть.</p>"
	kana := "<p>川にかかる新しい橋が月曜日に開通し、夜明け前から最初の車が渡った。四年の歳月をかけた工事で、費用の大部分は町が負担したという。多くの人が見物に訪れた。</p>"
	encode := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, tt := range map[string]struct{ page, contentType, want string }{
		"koi8-r by header":         {encode(charmap.KOI8R.NewEncoder().String(russian + russian + russian)), "text/html; charset=koi8-r", "Новый мост"},
		"windows-1251 by its meta": {`<meta charset="windows-1251">` + encode(charmap.Windows1251.NewEncoder().String(russian+russian)), "text/html", "Новый мост"},
		"shift_jis by its meta":    {`<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS">` + encode(japanese.ShiftJIS.NewEncoder().String(kana+kana)), "", "新しい橋"},
		"utf-8 with a bad byte":    {russian + russian + "\xff", "", "Новый мост"},
		"utf-8 without a word":     {"\xef\xbb\xbf" + russian + russian, "", "Новый мост"},
	} {
		a, err := Extract(t.Context(), []byte("<html><body><article>"+tt.page+"</article>"), tt.contentType, "https://a.example/", nil)
		if err != nil || !strings.Contains(a.Text, tt.want) {
			t.Errorf("%s: err %v, text %q", name, err, a.Text)
		}
	}
}

func TestPagesWithoutAnArticle(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]string{
		"empty": "", "spaces": "  ", "text": "Hello", "binary": "\x00\x01\x02\xff", "menu": "<nav><a href=/>Home</a></nav>", "frames": "<frameset><frame src=x></frameset>",
	} {
		a, err := Extract(t.Context(), []byte(page), "", "https://a.example/", nil)
		if err != nil || len(a.Text) > 10 {
			t.Errorf("%s: err %v, text %q", name, err, a.Text)
		}
	}
}

func TestStructuredDataStandsInForPagesDrawnByScripts(t *testing.T) {
	t.Parallel()
	body := strings.Join(storyText, `\n`)
	a := extract(t, `<html><head><script type="application/ld+json">{"@type":"NewsArticle","headline":"x","articleBody":"`+body+`"}</script></head><body><div id="root">Loading</div></body></html>`)
	if diff := cmp.Diff(storyText, strings.Split(a.Text, "\n\n")); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestExtractionEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Extract(ctx, []byte(story), "", "https://a.example/", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
	if _, err := Extract(t.Context(), []byte(strings.Repeat("<div>", 5000)), "", "https://a.example/", nil); !errors.Is(err, ErrTooDeep) {
		t.Errorf("err %v, want ErrTooDeep", err)
	}
}

func TestLineBreaksAreSpacesUnlessASentenceEnds(t *testing.T) {
	t.Parallel()
	a := extract(t, "<html><body><article>"+story+"<p>A line that is broken<br>in the middle.<br>And a new one, that ends<br>here, said somebody of the council.</p></article>")
	if want := "A line that is broken in the middle.\nAnd a new one, that ends here, said somebody of the council."; !strings.HasSuffix(a.Text, "\n\n"+want) {
		t.Errorf("text %q, want it to end with %q", a.Text, want)
	}
}

func FuzzExtract(f *testing.F) {
	f.Add([]byte("<html><head><script type=application/ld+json>{\"@type\":\"Article\",\"articleBody\":\"x\"}</script></head><body><article>"+story+"</article>"), "text/html")
	f.Add([]byte("<p>\xff<br><br><figure><p>a<p>b</figure>"), "text/html; charset=shift_jis")
	f.Fuzz(func(t *testing.T, page []byte, contentType string) {
		a, err := Extract(t.Context(), page, contentType, "https://a.example/", nil)
		if errors.Is(err, errPanic) {
			t.Fatal(err)
		}
		for _, s := range []string{a.Title, a.Byline, a.Text} {
			if strings.ToValidUTF8(s, "") != s {
				t.Errorf("%q is not UTF-8", s)
			}
		}
		if strings.Contains(a.Text, "\n\n\n") || a.Text != strings.TrimSpace(a.Text) {
			t.Errorf("loose space in %q", a.Text)
		}
	})
}
