package filter

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing", "", ""},
		{"blanks alone", " \t\n ", ""},
		{"case", "Harbour BRIDGE", "harbour bridge"},
		{"blanks of all kinds become one", "a \u00a0\u2003\n\tb", "a b"},
		{"blanks at the ends go", "  a  ", "a"},
		{"curly apostrophes", "it’s ‘so’", "it's 'so'"},
		{"hyphens that look alike", "co‐op co‑op", "co-op co-op"},
		{"invisible characters", "a\u200bb\u2060c\ufeffd\u00ade", "abcde"},
		{"full width", "ＡＢＣ１２", "abc12"},
		{"ligatures", "ﬁn", "fin"},
		{"sharp s", "Straße", "strasse"},
		{"composed and decomposed", "e\u0301", "é"},
		{"Turkish dotted I", "İ", "i\u0307"},
		{"final sigma", "ΟΔΟΣ", "οδοσ"},
		{"half-width katakana", "ｺｰﾋｰ", "コーヒー"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := fold(test.in); got != test.want {
				t.Errorf("fold(%q) = %q, want %q", test.in, got, test.want)
			}
			if again := fold(fold(test.in)); again != fold(test.in) {
				t.Errorf("folding %q twice gives %q", test.in, again)
			}
		})
	}
}

func TestWordsEndWhere(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		a, b rune
		want bool
	}{
		{"between letters", 'a', 'b', false},
		{"between a letter and a blank", 'a', ' ', true},
		{"between a blank and a letter", ' ', 'a', true},
		{"at the text's ends", utf8.RuneError, 'a', true},
		{"before an apostrophe", 'a', '\'', true},
		{"between a letter and a digit", 'a', '1', false},
		{"between digits", '1', '2', false},
		{"at an underscore", '_', 'a', false},
		{"before an accent of its own", 'e', '\u0301', false},
		{"between scripts that blanks part", 'a', 'я', false},
		{"in Chinese", '大', '桥', true},
		{"between Latin and Chinese", 'a', '桥', true},
		{"in Korean", '서', '울', true},
		{"in Arabic", 'ب', 'ت', false},
		{"in Thai", 'ก', 'ข', true},
		{"before a Thai mark", 'ก', '\u0e34', false},
		{"after a katakana length mark", 'ー', 'ヒ', true},
	}
	for _, test := range tests {
		if got := edge(test.a, test.b); got != test.want {
			t.Errorf("%s (%q and %q): %t, want %t", test.name, test.a, test.b, got, test.want)
		}
	}
}

// The order of rules, of categories and of letters' cases changes nothing.
func TestOrderOfRulesDoesNotMatter(t *testing.T) {
	t.Parallel()
	texts := []string{"keep word bridge", "drop word crypto", "keep phrase ferry service", "drop author pattern ^bot"}
	subjects := []Subject{
		{Title: "The bridge"},
		{Title: "Crypto on the bridge"},
		{Text: "A ferry  service opens", Categories: []string{"Town", "Harbour"}},
		{Title: "The bridge", Author: "Bot 7"},
		{Title: "Nothing of it"},
		{},
	}
	for _, subject := range subjects {
		want, _ := mustParse(t, texts...).Judge(subject)
		permute(slices.Clone(texts), func(order []string) {
			if got, by := mustParse(t, order...).Judge(subject); got != want {
				t.Errorf("%q judges %+v as %t by %v, in another order as %t", order, subject, got, by, want)
			}
		})
		loud := subject
		loud.Title, loud.Text, loud.Author = strings.ToUpper(subject.Title), strings.ToUpper(subject.Text), strings.ToUpper(subject.Author)
		if got, by := mustParse(t, texts...).Judge(loud); got != want {
			t.Errorf("%+v in capitals is judged %t by %v, want %t", loud, got, by, want)
		}
	}
}

// permute calls use with every order of list.
func permute(list []string, use func([]string)) {
	var from func(int)
	from = func(i int) {
		if i == len(list) {
			use(list)
			return
		}
		for j := i; j < len(list); j++ {
			list[i], list[j] = list[j], list[i]
			from(i + 1)
			list[i], list[j] = list[j], list[i]
		}
	}
	from(0)
}

func TestASetServesManyAtOnce(t *testing.T) {
	t.Parallel()
	set := mustParse(t, "keep word bridge", "drop pattern crypt.")
	for range 8 {
		t.Run("judge", func(t *testing.T) {
			t.Parallel()
			for range 200 {
				if kept, _ := set.Judge(Subject{Title: "The bridge", Categories: []string{"a", "b"}}); !kept {
					t.Fatal("a bridge is dropped")
				}
				if kept, _ := set.Judge(Subject{Title: "The bridge", Text: "crypto"}); kept {
					t.Fatal("crypto is kept")
				}
			}
		})
	}
}

// A word that occurs many times inside others costs no more than the text is long.
func TestHostileTextsAreJudgedToTheEnd(t *testing.T) {
	t.Parallel()
	set := mustParse(t, "keep word aa")
	long := strings.Repeat("a", 1<<16)
	if kept, _ := set.Judge(Subject{Text: long}); kept {
		t.Error("a long word counts as its part")
	}
	if kept, _ := set.Judge(Subject{Text: long + " aa"}); !kept {
		t.Error("the word at the end is not found")
	}
	if kept, _ := set.Judge(Subject{Text: strings.Repeat("\xff", 1000) + " aa"}); !kept {
		t.Error("the word behind broken text is not found")
	}
}

// The short way for ASCII and the long one must agree.
func TestFoldOfASCIIIsThatOfUnicode(t *testing.T) {
	t.Parallel()
	for r := range rune(utf8.RuneSelf) {
		in := "x" + string(r) + "Y"
		if got, want := fold(in), strings.TrimSuffix(fold(in+"é"), "é"); got != want {
			t.Errorf("fold(%q) = %q, as part of another text %q", in, got, want)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	for name, text := range map[string]string{
		"ASCII":   strings.Repeat("The council voted on Monday to rebuild the bridge. ", 80),
		"accents": strings.Repeat("Der Stadtrat beschloss, die Brücke neu zu bauen – “sofort”. ", 70),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				fold(text)
			}
		})
	}
}
