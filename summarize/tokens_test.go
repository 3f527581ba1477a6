package summarize

import (
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestTokensFoldWordsAndPairCharacters(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"lower case", "The Port CLOSES", []string{"the", "port", "closes"}},
		{"marks are taken off", "Café à Zürich, São Paulo", []string{"cafe", "a", "zurich", "sao", "paulo"}},
		{"composed or not is the same", "Cafe\u0301", []string{"cafe"}},
		{"full width is half width", "ＡＢＣ１２３", []string{"abc123"}},
		{"digits and letters stay together", "B2B in 2026", []string{"b2b", "in", "2026"}},
		{"punctuation separates", "e-mail: a.b@c", []string{"e", "mail", "a", "b", "c"}},
		{"pairs of characters", "東京都", []string{"東京", "京都"}},
		{"a lone character", "猫 と", []string{"猫", "と"}},
		{"words between characters", "私はiPhoneを買う", []string{"私は", "iphone", "を買", "買う"}},
		{"Hangul is written with spaces", "서울 시장", []string{"서울", "시장"}},
		{"Arabic", "الحكومة تعلن", []string{"الحكومة", "تعلن"}},
		{"Devanagari keeps its vowels", "दिल्ली", []string{"दिल्ली"}},
		{"nothing", "… — !", nil},
		{"empty", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, Tokens(test.text)); diff != "" {
				t.Errorf("Tokens(%q) (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

// FuzzTokens: folding once is enough, so that what was indexed can be searched with
// what was folded.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{"Café", "東京 tower", "İstanbul", "ǅ", "ﬁ", "a\u0301\u0302"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, token := range Tokens(text) {
			if token == "" {
				t.Fatalf("empty token of %q", text)
			}
			if strings.ContainsFunc(token, unicode.IsSpace) {
				t.Errorf("token %q of %q holds white space", token, text)
			}
		}
	})
}

func TestStemCutsInflection(t *testing.T) {
	t.Parallel()
	tests := []struct{ lang, one, other string }{
		{"en", "closing", "closed"},
		{"de", "häfen", "häfens"},
		{"fr", "ports", "port"},
		{"es", "puertos", "puerto"},
		{"it", "porti", "porto"},
		{"pt", "portos", "porto"},
		{"nl", "bergen", "berg"},
		{"ru", "порты", "порта"},
	}
	for _, test := range tests {
		t.Run(test.lang, func(t *testing.T) {
			t.Parallel()
			if x, y := Stem(test.one, test.lang), Stem(test.other, test.lang); x != y {
				t.Errorf("Stem(%q) = %q, Stem(%q) = %q, want the same", test.one, x, test.other, y)
			}
		})
	}
	for _, word := range []string{"東京", "go", ""} {
		if got := Stem(word, "ja"); got != word {
			t.Errorf("Stem(%q, ja) = %q, want it unchanged", word, got)
		}
	}
}

func TestTermsAreLimitedAndMarked(t *testing.T) {
	t.Parallel()
	terms := Terms("The port of Ellmouth sank 11 boats", "en", 6)
	if len(terms) != 6 {
		t.Fatalf("%d terms, want 6", len(terms))
	}
	if !terms[0].Stop || terms[1].Stop || !terms[3].Capital || terms[1].Capital || !terms[5].Number {
		t.Errorf("marks are wrong: %+v", terms)
	}
	if terms[1].Rarity <= terms[0].Rarity {
		t.Errorf("port (%v) is not rarer than the (%v)", terms[1].Rarity, terms[0].Rarity)
	}
	if got := Terms("The port", "fi", 6); got[0].Rarity != 0 {
		t.Errorf("rarity %v in a language that was not learned, want 0", got[0].Rarity)
	}
	if got := Terms(strings.Repeat("word ", 1000), "en", 10); len(got) != 10 {
		t.Errorf("%d terms, want 10", len(got))
	}
}
