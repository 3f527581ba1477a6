package summarize

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTrimBoilerplateTakesOffTheEnd(t *testing.T) {
	t.Parallel()
	const text = "The port closes.\nBoats must move."
	tests := []string{
		"Read more: Storm sinks boats", "Sources: Ellmouth Times, AP", "Source: AP", "Photo credit: Karl Berg", "PHOTO: Karl Berg", "Image: AP",
		"Popular Video", "Subscribe to our newsletter", "Sign up for the morning briefing", "Share this story", "Follow us on Twitter",
		"© 2026 Ellmouth Times", "All rights reserved.", "Related articles", "See also: The storm", "Click here for more", "- Advertisement -",
		"Comments (12)", "We use cookies to improve this site.", "Tags: harbour, storm",
		"Lesen Sie auch: Der Sturm", "Quelle: dpa", "Foto: Karl Berg/dpa", "Mehr zum Thema", "Jetzt abonnieren",
		"Lire aussi : La tempête", "Crédit photo : AFP", "Abonnez-vous à notre lettre", "Lea también: La tormenta", "Fuente: EFE", "Suscríbete",
		"Leggi anche: La tempesta", "Fonte: ANSA", "Iscriviti alla newsletter", "Leia também: A tempestade", "Siga-nos no Twitter",
		"Lees ook: De storm", "Bron: ANP", "Читайте также: Шторм", "Источник: ТАСС", "関連記事", "出典：共同通信", "写真：AP",
	}
	for _, line := range tests {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			for _, whole := range []string{text + "\n" + line, text + "\n\n  " + line + "  \n", text + "\nRead more\n" + line + "\n"} {
				if got := TrimBoilerplate(whole); got != text {
					t.Errorf("TrimBoilerplate(%q) = %q, want %q", whole, got, text)
				}
			}
			s, err := Summarize("", text+"\n"+line, Options{Sentences: 9})
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(strings.Join(s.Sentences, "\n"), line) {
				t.Errorf("the summary holds it: %q", s.Sentences)
			}
		})
	}
}

func TestTrimBoilerplateKeepsWhatIsTold(t *testing.T) {
	t.Parallel()
	tests := []string{
		"The port closes.\nSources close to the minister said she would resign.",
		"The port closes.\nSubscribers will be told by letter.",
		"The port closes.\nPhotographers were not admitted.",
		"The port closes.\nRelatedly, two boats sank.",
		"The port closes.\nSharks were seen in the harbour.",
		"The port closes.\nRead more carefully than others, " + strings.Repeat("she found the mistake in the long contract and ", 9) + "won.",
		"Read more",
		"Read more\nSubscribe",
		"",
	}
	for _, text := range tests {
		want := text
		if text == "Read more\nSubscribe" {
			want = "Read more" // the first line always stays
		}
		if got := TrimBoilerplate(text); got != want {
			t.Errorf("TrimBoilerplate(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestPromptsInsideATextAreNotChosen(t *testing.T) {
	t.Parallel()
	text := strings.Replace(harbour, "Repairs will cost", "Scroll down for video. Click here to see the harbour. Repairs will cost", 1)
	for n := 1; n <= 8; n++ {
		s, err := Summarize("", text, Options{Sentences: n})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range s.Sentences {
			if strings.HasPrefix(x, "Scroll") || strings.HasPrefix(x, "Click") {
				t.Errorf("%d sentences asked: %q", n, s.Sentences)
			}
		}
	}
}

// FuzzTrimBoilerplate: the result is a prefix of the text and has nothing left to trim.
func FuzzTrimBoilerplate(f *testing.F) {
	for _, s := range []string{"A.\nRead more", "A.\r\nSource: B\r\n", "Read more", "\n\n©"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := TrimBoilerplate(text)
		if !strings.HasPrefix(text, got) {
			t.Fatalf("TrimBoilerplate(%q) = %q is no prefix", text, got)
		}
		if again := TrimBoilerplate(got); again != got {
			t.Errorf("trimming %q again gives %q", got, again)
		}
	})
}

func TestDatelineIsNoPartOfTheNews(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"(CNN)The port closes.", "The port closes."},
		{"(CNN) -- The port closes.", "The port closes."},
		{"London (CNN)The port closes.", "The port closes."},
		{"(The Hollywood Reporter)The port closes.", "The port closes."},
		{"ELLMOUTH (Reuters) - The port closes.", "The port closes."},
		{"ELLMOUTH, Jan. 5 (AP) — The port closes.", "The port closes."},
		{"ELLMOUTH — The port closes.", "The port closes."},
		{"NEW ELLMOUTH, May 5 – “The port closes,” she said.", "“The port closes,” she said."},
		{"Berlin (dpa) - Der Hafen schließt.", "Der Hafen schließt."},

		{"Hamburg (dpa/lno) – Der Hafen schließt.", "Der Hafen schließt."},
		{"ST ELLMOUTH, Sweden — The port closes.", "The port closes."},
		{"New Ellmouth, NY – The port closes.", "The port closes."},
		{"Ellmouth, Sweden - The port closes.", "The port closes."},
		{"NEW ELLMOUTH: The port closes.", "The port closes."},

		{"Karl Berg: The port closes.", "Karl Berg: The port closes."},
		{"Berg, Holm and Lund – the three mayors – say no.", "Berg, Holm and Lund – the three mayors – say no."},
		{"(It) felt good.", "(It) felt good."},
		{"Karl Berg (Labour) said no.", "Karl Berg (Labour) said no."},
		{"The port - old and small - closes.", "The port - old and small - closes."},
		{"Karl Berg — the mayor — said no.", "Karl Berg — the mayor — said no."},
		{"UN - it says.", "UN - it says."},
		{"(CNN)", "(CNN)"},
		{"", ""},
	}
	for _, test := range tests {
		if got := test.text[dateline(test.text):]; got != test.want {
			t.Errorf("after the dateline of %q: %q, want %q", test.text, got, test.want)
		}
	}
}

func TestDatelinesAfterAHeadingAreLeftOut(t *testing.T) {
	t.Parallel()
	text := "Harbour of Ellmouth closes\nELLMOUTH (Reuters) - The port closes for two years. AUTHORITY — It is a word here.\nLUND — Boats move there."
	a := Analyze("", text, "en", NewModel())
	var got []string
	for _, span := range a.Spans {
		got = append(got, text[span.Start:span.End])
	}
	want := []string{"Harbour of Ellmouth closes", "The port closes for two years.", "AUTHORITY — It is a word here.", "Boats move there."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sentences (-want +got):\n%s", diff)
	}
}
