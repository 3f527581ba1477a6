package render

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"broadsheet/bot/digest"
)

func TestCleanLeavesOnlyWhatIsSeen(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"plain text stays", "Harbour bridge closes", "Harbour bridge closes"},
		{"white space becomes single spaces", "  a \t b\r\n\n c  ", "a b c"},
		{"other scripts' spaces too", "a\u00a0b\u3000c\u2003d", "a b c d"},
		{"control characters go", "a\x00b\x1b[31mc\u0085d", "ab[31mc d"},
		{"zero-width space goes", "ze\u200bro", "zero"},
		{"byte-order mark goes", "\ufeffhead", "head"},
		{"soft hyphens go", "Donau\u00addampf", "Donaudampf"},
		{"fillers go", "a\u3164\u115fb\uffa0", "ab"},
		{"tags of invisible text go", "a\U000E0041\U000E007Fb", "ab"},
		{"directional overrides go", "a\u202Eb\u202Cc\u2066d\u2069", "abcd"},
		{"only invisible text is nothing", "\u200b\u200e \u2060", ""},
		{"joiners in emoji stay", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
		{"joiners in Persian stay", "می\u200cخواهم", "\u2068می\u200cخواهم\u2069"},
		{"loose joiners go", "\u200da \u200d b\u200d", "a b"},
		{"right-to-left text is isolated", "שלום", "\u2068שלום\u2069"},
		{"broken UTF-8 is marked", "a\xffb", "a\uFFFDb"},
		{"nothing stays nothing", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := clean(tt.in)
			if got != tt.want {
				t.Errorf("clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestClipKeepsItsLength(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		n    int
		want string
	}{
		{"short", 10, "short"},
		{"exactly ten", 11, "exactly ten"},
		{"cut at a word please", 12, "cut at a…"},
		{strings.Repeat("x", 30), 10, strings.Repeat("x", 9) + "…"},
		{"日本語の見出しです", 5, "日本語の…"},
		{"a word" + strings.Repeat("y", 40), 30, "a word" + strings.Repeat("y", 23) + "…"},
	}
	for _, tt := range tests {
		got := clip(tt.in, tt.n)
		if got != tt.want {
			t.Errorf("clip(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
		if k := utf8.RuneCountInString(got); k > tt.n {
			t.Errorf("clip(%q, %d) has %d characters", tt.in, tt.n, k)
		}
	}
}

func TestClipClosesAnIsolate(t *testing.T) {
	t.Parallel()
	got := clip(clean(strings.Repeat("שלום ", 40)), 20)
	if !strings.HasPrefix(got, "\u2068") || !strings.HasSuffix(got, "…\u2069") || utf8.RuneCountInString(got) > 20 {
		t.Errorf("got %q", got)
	}
}

func TestHeadlineIsNeverEmpty(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		a    digest.Article
		want string
	}{
		{"the title", digest.Article{Title: " Bridge\ncloses ", Text: "x"}, "Bridge closes"},
		{"a long title is cut", digest.Article{Title: strings.Repeat("word ", 100)}, strings.TrimSpace(strings.Repeat("word ", 51)) + "…"},
		{"else the text", digest.Article{Title: "\u200b", Text: "The council voted."}, "The council voted."},
		{"else the host", digest.Article{Link: "https://www.harbour.example/a"}, "harbour.example"},
		{"else the paper", digest.Article{Source: "Harbour Post"}, "Harbour Post"},
		{"else a mark", digest.Article{Link: "%zz"}, "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := headline(tt.a); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPictureTakesOnlyWhatDiscordTakes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, want string // want "" = refused
	}{
		{"https", "https://pic.example/a.png", "https://pic.example/a.png"},
		{"http with a port", "http://127.0.0.1:8080/a.png?w=1", "http://127.0.0.1:8080/a.png?w=1"},
		{"spaces around", " https://pic.example/a.png\n", "https://pic.example/a.png"},
		{"letters are encoded", "https://pic.example/brücke.png", "https://pic.example/br%C3%BCcke.png"},
		{"spaces inside are encoded", "https://pic.example/a b.png", "https://pic.example/a%20b.png"},
		{"none", "", ""},
		{"relative", "/a.png", ""},
		{"no scheme", "//pic.example/a.png", ""},
		{"data", "data:image/png;base64,AAAA", ""},
		{"script", "javascript:alert(1)", ""},
		{"no host", "https:///a.png", ""},
		{"a password", "https://user:secret@pic.example/a.png", ""},
		{"a host that is no ASCII", "https://brücke.example/a.png", ""},
		{"a bar in the query", "https://pic.example/a?x=1|2", ""},
		{"too long", "https://pic.example/" + strings.Repeat("a", 2048), ""},
		{"not parseable", "https://pic.example/%zz", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, ok := picture(tt.in)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("picture(%q) = %q, %v; want %q", tt.in, got, ok, tt.want)
			}
		})
	}
}

func TestLinkedLeavesOutWhatIsNoAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://a.example/x":  "[Bridge](<https://a.example/x>)",
		"javascript:alert(1)":  "Bridge",
		"":                     "Bridge",
		"/relative":            "Bridge",
		"https://a.example/)(": "[Bridge](<https://a.example/%29%28>)",
		"https://a.example/" + strings.Repeat("a", maxLink): "Bridge",
	} {
		if got := linked("Bridge", address); got != want {
			t.Errorf("linked to %.60q: got %.80q, want %q", address, got, want)
		}
	}
}

func TestAgeIsLeftOutWhereNobodyKnowsIt(t *testing.T) {
	t.Parallel()
	w := reader("en-US").writer()
	if got := w.ageOf(digest.Article{}); got != "" {
		t.Errorf("an undated article is said to be %q old", got)
	}
	if got := w.ageOf(digest.Article{Seen: morning().Add(-3 * time.Hour)}); got != "3 h" {
		t.Errorf("an article without a date is %q old, want the time since it was seen", got)
	}
	w.now = time.Time{}
	if got := w.ageOf(article(1, "A", "B", 2)); got != "" {
		t.Errorf("without a clock the article is %q old", got)
	}
}

func TestDotsSkipsWhatIsEmpty(t *testing.T) {
	t.Parallel()
	if got := dots("", "a", "", "b", ""); got != "a · b" {
		t.Errorf("got %q", got)
	}
	if got := dots("", ""); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestReaderWithoutZoneIsInUTC(t *testing.T) {
	t.Parallel()
	if got := (Reader{}).writer().zone; got != time.UTC {
		t.Errorf("zone %v", got)
	}
}

func FuzzCleanIsStableAndHarmless(f *testing.F) {
	for _, s := range hostileTexts() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := clean(s)
		if !utf8.ValidString(got) {
			t.Fatalf("clean(%q) = %q is no UTF-8", s, got)
		}
		for _, r := range got {
			if hidden(r) && r != '\u2068' && r != '\u2069' {
				t.Fatalf("clean(%q) = %q holds %U", s, got, r)
			}
		}
		if again := clean(got); again != got {
			t.Fatalf("clean(%q) = %q, and cleaned again %q", s, got, again)
		}
		if why := harm(strings.TrimLeft(name(s), " ")); why != "" {
			t.Fatalf("name(%q) = %q: %s", s, name(s), why)
		}
	})
}
