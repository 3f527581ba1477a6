package i18n

import (
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLocaleFallsBackToLanguageThenEnglish(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"en-US": "en-US", "en-GB": "en-US", "en": "en-US",
		"es-ES": "es-ES", "es-419": "es-ES", "es": "es-ES",
		"pt-BR": "pt-BR", "pt-PT": "pt-BR", "pt_br": "pt-BR",
		"de": "de", "de-AT": "de", "fr-CA": "fr", "ja": "ja", "ja-JP": "ja",
		"ko": "en-US", "": "en-US", "no such": "en-US", "🗞": "en-US",
	} {
		if got := For(code).Locale(); got != want {
			t.Errorf("For(%q).Locale() = %q, want %q", code, got, want)
		}
	}
}

func TestPluralsFollowTheLanguage(t *testing.T) {
	t.Parallel()
	tests := []struct {
		locale string
		n      int
		want   string
	}{
		{"en-US", 0, "0 stories"}, {"en-US", 1, "1 story"}, {"en-US", 2, "2 stories"},
		{"de", 1, "1 Meldung"}, {"de", 9, "9 Meldungen"},
		{"fr", 0, "0 sujet"}, {"fr", 1, "1 sujet"}, {"fr", 2, "2 sujets"},
		{"es-ES", 1, "1 noticia"}, {"es-ES", 3, "3 noticias"},
		{"pt-BR", 0, "0 notícia"}, {"pt-BR", 1, "1 notícia"}, {"pt-BR", 2, "2 notícias"},
		{"ja", 1, "1件のニュース"}, {"ja", 9, "9件のニュース"},
		{"fr", 1_000_000, "1\u00a0000\u00a0000 sujets"}, // CLDR's "many" has no text of its own
	}
	for _, tt := range tests {
		if got := For(tt.locale).T("digest.counts.stories", "n", tt.n); got != tt.want {
			t.Errorf("%s, %d: got %q, want %q", tt.locale, tt.n, got, tt.want)
		}
	}
}

func TestNumbersHaveTheLanguagesSeparators(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{
		"en-US": "12,345", "de": "12.345", "fr": "12\u00a0345", "es-ES": "12.345", "pt-BR": "12.345", "ja": "12,345",
	} {
		if got := For(locale).Number(12345); got != want {
			t.Errorf("%s: Number(12345) = %q, want %q", locale, got, want)
		}
	}
}

func TestArgumentsAreNotExpandedAgain(t *testing.T) {
	t.Parallel()
	got := For("en-US").T("error.didyoumean", "name", "{command}", "command", "/feeds list")
	if want := "Did you mean “{command}”? /feeds list shows them all."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUnknownIDIsReturned(t *testing.T) {
	t.Parallel()
	for _, locale := range Locales() {
		if got := For(locale).T("no.such.id", "n", 1); got != "no.such.id" {
			t.Errorf("%s: got %q", locale, got)
		}
	}
	if Has("no.such.id") || All("no.such.id") != nil {
		t.Error("an id that English lacks is said to exist")
	}
}

func TestAllServesEveryCodeOfDiscord(t *testing.T) {
	t.Parallel()
	got := All("button.save")
	want := map[string]string{
		"en-US": "Save", "en-GB": "Save", "de": "Merken", "fr": "Garder",
		"es-ES": "Guardar", "es-419": "Guardar", "pt-BR": "Salvar", "ja": "保存",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("All (-want +got):\n%s", diff)
	}
}

func TestDatesReadAsInTheLanguage(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 24, 8, 5, 0, 0, time.UTC)
	first := time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)
	tests := map[string][4]string{ // long, short, moment, first of March
		"en-US": {"Tuesday 24 November", "24 Nov", "Tuesday 24 November, 08:05", "Sunday 1 March"},
		"de":    {"Dienstag, 24. November", "24. Nov.", "Dienstag, 24. November, 08:05 Uhr", "Sonntag, 1. März"},
		"fr":    {"mardi 24 novembre", "24 nov.", "mardi 24 novembre, 08:05", "dimanche 1er mars"},
		"es-ES": {"martes 24 de noviembre", "24 nov", "martes 24 de noviembre, 08:05", "domingo 1 de marzo"},
		"pt-BR": {"terça-feira, 24 de novembro", "24 nov.", "terça-feira, 24 de novembro, 08:05", "domingo, 1º de março"},
		"ja":    {"11月24日 火曜日", "11月24日", "11月24日 火曜日 08:05", "3月1日 日曜日"},
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(Locales())), slices.Sorted(maps.Keys(tests))); diff != "" {
		t.Fatalf("languages of the table (-want +got):\n%s", diff)
	}
	for locale, want := range tests {
		p := For(locale)
		got := [4]string{p.Date(day), p.ShortDate(day), p.Moment(day), p.Date(first)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", locale, diff)
		}
	}
}

func TestDateIsTheDayInItsZone(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC)
	if got, want := For("en-US").Date(late.In(time.FixedZone("UTC+9", 9*3600))), "Wednesday 25 November"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEveryDayAndMonthHasItsName(t *testing.T) {
	t.Parallel()
	for _, locale := range Locales() {
		p, seen := For(locale), map[string]bool{}
		for day := range 366 {
			seen[p.Date(time.Date(2028, 1, 1+day, 0, 0, 0, 0, time.UTC))] = true
		}
		if len(seen) != 366 {
			t.Errorf("%s: %d different dates in a year of 366 days", locale, len(seen))
		}
	}
}

func TestAgesAreShort(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	tests := []struct {
		age          time.Duration
		en, de, ja   string
		enInSentence string
	}{
		{-time.Hour, "just now", "gerade eben", "たった今", "just now"},
		{59 * time.Second, "just now", "gerade eben", "たった今", "just now"},
		{time.Minute, "1 min", "vor 1 Min.", "1分前", "1 min ago"},
		{59*time.Minute + 59*time.Second, "59 min", "vor 59 Min.", "59分前", "59 min ago"},
		{time.Hour, "1 h", "vor 1 Std.", "1時間前", "1 h ago"},
		{2*time.Hour + 40*time.Minute, "2 h", "vor 2 Std.", "2時間前", "2 h ago"},
		{47 * time.Hour, "47 h", "vor 47 Std.", "47時間前", "47 h ago"},
		{2 * day, "2 days", "vor 2 Tagen", "2日前", "2 days ago"},
		{14 * day, "2 weeks", "vor 2 Wochen", "2週間前", "2 weeks ago"},
		{364 * day, "52 weeks", "vor 52 Wochen", "52週間前", "52 weeks ago"},
		{365 * day, "1 year", "vor 1 Jahr", "1年前", "1 year ago"},
	}
	for _, tt := range tests {
		got := []string{For("en-US").Age(tt.age), For("de").Age(tt.age), For("ja").Age(tt.age), For("en-GB").Ago(tt.age)}
		if diff := cmp.Diff([]string{tt.en, tt.de, tt.ja, tt.enInSentence}, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.age, diff)
		}
	}
}

func TestDurationsCountWholeUnits(t *testing.T) {
	t.Parallel()
	p := For("de")
	for d, want := range map[time.Duration]string{
		-time.Second: "0 Sek.", 30 * time.Second: "30 Sek.", 10 * time.Minute: "10 Min.",
		90 * time.Minute: "1 Std.", 72 * time.Hour: "3 Tage",
	} {
		if got := p.Duration(d); got != want {
			t.Errorf("Duration(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestCommandsAreWrittenAsTyped(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{
		"en-US": "/feeds add", "de": "/feeds hinzufügen", "fr": "/flux ajouter", "ja": "/フィード 追加",
	} {
		if got := For(locale).Command("feeds add"); got != want {
			t.Errorf("%s: got %q, want %q", locale, got, want)
		}
	}
	if got := For("de").Command("unheard of"); got != "/unheard of" {
		t.Errorf("an unknown command became %q", got)
	}
}

func TestOnePrinterServesManyGoroutines(t *testing.T) {
	t.Parallel()
	p := For("fr")
	want := p.T("digest.counts.articles", "n", 1234)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				if got := p.T("digest.counts.articles", "n", 1234); got != want {
					t.Errorf("got %q, want %q", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkT(b *testing.B) {
	p := For("ja")
	b.ReportAllocs()
	for b.Loop() {
		p.T("story.also.more", "papers", "B、C、D", "n", 4)
	}
}
