package summarize

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// harbour is an invented article of five paragraphs.
const harbour = `The port of Ellmouth will close its northern harbour for two years to repair walls that were damaged in the January storm, the port authority said on Monday.

Repairs will cost 48 million crowns and begin in April. About 300 fishing boats have to move to the southern harbour, where berths are already short. "We have no other choice," said the head of the authority, Marta Lindqvist.

Fishermen protested against the plan outside the town hall. They fear that the southern harbour cannot take all boats. Their association has asked for compensation of 5 million crowns a year.

The storm of January 12 broke the harbour walls in four places and sank eleven boats. Engineers found in February that the foundations had been weakened for decades.

Ellmouth is the country's third largest fishing port. Its northern harbour was built in 1911 and widened in 1964.`

// checkSummary reports what a summary of text must never be.
func checkSummary(t *testing.T, text string, s Summary) {
	t.Helper()
	if len(s.Sentences) != len(s.Spans) {
		t.Fatalf("%d sentences but %d spans", len(s.Sentences), len(s.Spans))
	}
	end := 0
	for i, span := range s.Spans {
		if span.Start < end || span.End <= span.Start || span.End > len(text) {
			t.Fatalf("span %d = %v is out of order or of range; previous end %d, text %d bytes", i, span, end, len(text))
		}
		if got := text[span.Start:span.End]; got != s.Sentences[i] {
			t.Errorf("sentence %d = %q, but its span holds %q", i, s.Sentences[i], got)
		}
		end = span.End
	}
}

func TestSummarizeGivesAsManySentencesAsAsked(t *testing.T) {
	t.Parallel()
	for want := 1; want <= 14; want++ {
		t.Run(fmt.Sprint(want), func(t *testing.T) {
			t.Parallel()
			s, err := Summarize("", harbour, Options{Sentences: want})
			if err != nil {
				t.Fatal(err)
			}
			checkSummary(t, harbour, s)
			if got, all := len(s.Sentences), len(Split(harbour, "en")); got != min(want, all) {
				t.Errorf("%d sentences of %d, want %d: %q", got, all, want, s.Sentences)
			}
		})
	}
}

func TestSummarizeChoosesTwoToFourByItself(t *testing.T) {
	t.Parallel()
	s, err := Summarize("", harbour, Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkSummary(t, harbour, s)
	if n := len(s.Sentences); n < 2 || n > 4 {
		t.Errorf("%d sentences, want 2 to 4: %q", n, s.Sentences)
	}
	if s.Language != "en" {
		t.Errorf("language = %q, want en", s.Language)
	}
	if !strings.HasPrefix(s.Sentences[0], "The port of Ellmouth will close") {
		t.Errorf("the news is missing: %q", s.Sentences)
	}
}

func TestSummarizeKeepsTheBudgetOfWords(t *testing.T) {
	t.Parallel()
	for _, words := range []int{1, 20, 40, 60, 100} {
		for _, sentences := range []int{0, 3, 8} {
			s, err := Summarize("", harbour, Options{Words: words, Sentences: sentences})
			if err != nil {
				t.Fatal(err)
			}
			checkSummary(t, harbour, s)
			n := 0
			for _, x := range s.Sentences {
				n += len(strings.Fields(x))
			}
			if len(s.Sentences) == 0 || len(s.Sentences) > 1 && n > words {
				t.Errorf("budget %d, %d sentences asked: %d words in %q", words, sentences, n, s.Sentences)
			}
		}
	}
}

func TestSummarizeIsDeterministic(t *testing.T) {
	t.Parallel()
	want, err := Summarize("Harbour closes", harbour, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		got, err := Summarize("Harbour closes", harbour, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("another summary of the same text (-first +now):\n%s", diff)
		}
	}
}

func TestSummarizeDoesNotRepeatTheHeadline(t *testing.T) {
	t.Parallel()
	title := "Ellmouth closes northern harbour for two years"
	text := "Ellmouth closes its northern harbour for two years. " + strings.Join(strings.Fields(harbour), " ")
	for n := 1; n <= 4; n++ {
		s, err := Summarize(title, text, Options{Sentences: n})
		if err != nil {
			t.Fatal(err)
		}
		if s.Spans[0].Start == 0 {
			t.Errorf("%d sentences: the first one repeats the headline: %q", n, s.Sentences)
		}
	}
}

func TestSummarizeGivesAtLeastOneSentenceOfOddText(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"one word":                 "Storm",
		"one letter":               "x",
		"a number":                 "42",
		"no punctuation":           strings.Repeat("word another thing ", 1000),
		"Chinese":                  "北京大学的研究人员周一表示，他们发现了一种新的方法。这种方法可以减少能源消耗。专家们对此表示欢迎。实验将于明年开始。",
		"Japanese":                 "東京都は月曜日、新しい計画を発表した。計画には五年かかる。費用は百億円になる見込みだ。市民からは反対の声も出ている。",
		"Thai without spaces":      "กรุงเทพมหานครประกาศแผนใหม่เมื่อวันจันทร์",
		"emoji":                    "🎉🎉🎉",
		"emoji and words":          "🎉 party 🎉 tonight 🎉",
		"only newlines between":    "one\ntwo\nthree\nfour\nfive",
		"the same sentence, often": strings.Repeat("The cat sat on the mat today. ", 200),
		"only a prompt":            "Read more",
		"only quotations":          `"Yes." "No." "Why?" "Because I say so, and so does he."`,
		"only pronouns":            "He came. He saw. He won. It was over. But he left. However, they stayed.",
		"an unclosed quotation":    `She said: "I will not go. It is over. They know it. We know it. All of us do.`,
		"half a rune at the end":   "The council met on Monday. It voted\xe2\x80",
		"one endless word":         strings.Repeat("a", 100000),
		"stops only between":       strings.Repeat("a. ", 5000),
		"a right-to-left language": "أعلنت الحكومة يوم الاثنين عن خطة جديدة. وستستغرق الخطة خمس سنوات؟ ورحب الخبراء بالقرار.",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{0, 1, 3, 7} {
				s, err := Summarize("", text, Options{Sentences: n})
				if err != nil {
					t.Fatalf("%d sentences: %v", n, err)
				}
				if len(s.Sentences) == 0 {
					t.Fatalf("%d sentences asked, none given", n)
				}
				checkSummary(t, text, s)
			}
		})
	}
}

func TestSummarizeRefusesWhatIsNoText(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       error
	}{
		{"nothing", "", ErrEmpty},
		{"white space", " \n\t\u00a0 \r\n", ErrEmpty},
		{"a NUL byte", "PNG\x00\x01", ErrBinary},
		{"a picture", "\x89PNG\r\n\x1a\n\xff\xd8\xff\xe0\xfe\xfe", ErrBinary},
		{"a few bytes of a program", "Hx5\x11\x02ELF \x7f\x1b%s\x06\x03 \u0090 call it \x04", ErrBinary},
		{"control characters", "\x01\x02\x1b", ErrBinary},
		{"Latin-1 throughout", strings.Repeat("\xe9\xe8 ", 50), ErrBinary},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := Summarize("title", test.text, Options{})
			if !errors.Is(err, test.want) {
				t.Errorf("Summarize(%q) = %q, %v, want %v", test.text, s.Sentences, err, test.want)
			}
			if _, err := Card("title", test.text, Options{}); !errors.Is(err, test.want) {
				t.Errorf("Card(%q): %v, want %v", test.text, err, test.want)
			}
		})
	}
}

func TestSummarizeForgivesAFewBrokenBytes(t *testing.T) {
	t.Parallel()
	text := strings.Replace(harbour, "January", "Janu\xffary", 1)
	s, err := Summarize("", text, Options{Sentences: 2})
	if err != nil {
		t.Fatal(err)
	}
	checkSummary(t, text, s)
}

func TestSummarizeLooksAtTheBeginningOfAnEndlessText(t *testing.T) {
	t.Parallel()
	text := strings.Repeat(harbour+"\n", 4<<20/len(harbour))
	s, err := Summarize("", text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkSummary(t, text, s)
	if last := s.Spans[len(s.Spans)-1].End; last > maxBytes {
		t.Errorf("a sentence at byte %d, beyond the %d that are looked at", last, maxBytes)
	}
}

func TestSummarizeBelievesTheClaimedLanguageOfAShortText(t *testing.T) {
	t.Parallel()
	s, err := Summarize("", "Alles klar.", Options{Lang: "de-AT"})
	if err != nil {
		t.Fatal(err)
	}
	if s.Language != "de" {
		t.Errorf("language = %q, want de", s.Language)
	}
}

func TestCardSavesSpaceOrSaysSo(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       error
	}{
		{"a full article", harbour, nil},
		{"one sentence", "The port closes for two years, the authority said on Monday.", ErrTooShort},
		{"two long sentences", strings.Repeat("word ", 60) + "end. " + strings.Repeat("other ", 60) + "end.", ErrTooShort},
		{"three short sentences", "The port closes. Boats must move away. Fishermen protest loudly.", ErrTooShort},
		{"boilerplate does not count as saved", "The port closes for two years. Boats must move to the south. Fishermen protest.\n" +
			strings.Repeat("Read more: another story of this newspaper that goes on and on\n", 20), ErrTooShort},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := Card("", test.text, Options{})
			if !errors.Is(err, test.want) {
				t.Fatalf("Card: %q, %v, want %v", s.Sentences, err, test.want)
			}
			if err != nil {
				return
			}
			checkSummary(t, test.text, s)
			kept := utf8.RuneCountInString(strings.Join(s.Sentences, ""))
			if whole := utf8.RuneCountInString(test.text); float64(kept) > 0.6*float64(whole) {
				t.Errorf("keeps %d of %d characters", kept, whole)
			}
		})
	}
}

// FuzzSummarize: whatever comes in, a summary is verbatim, in order, valid, readable
// to the rest of the program, and never empty.
func FuzzSummarize(f *testing.F) {
	for _, text := range []string{harbour, "", "x", "He said. \"No. Never.\" But why?", "東京。京都。", "a\nb\r\nc", "(CNN)Storm hits. LONDON (Reuters) - Rain."} {
		f.Add("Port closes", text, 2, 30)
	}
	f.Fuzz(func(t *testing.T, title, text string, sentences, words int) {
		s, err := Summarize(title, text, Options{Sentences: sentences % 8, Words: words % 200})
		if err != nil {
			if !errors.Is(err, ErrEmpty) && !errors.Is(err, ErrBinary) {
				t.Fatalf("unexpected error %v", err)
			}
			return
		}
		if len(s.Sentences) == 0 {
			t.Fatalf("no sentence of %q", text)
		}
		checkSummary(t, text, s)
		if !slices.IsSortedFunc(s.Spans, func(x, y Span) int { return x.Start - y.Start }) {
			t.Errorf("spans out of order: %v", s.Spans)
		}
	})
}
