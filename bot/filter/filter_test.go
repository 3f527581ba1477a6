package filter

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustParse(t *testing.T, texts ...string) *Set {
	t.Helper()
	var rules []Rule
	for _, text := range texts {
		r, err := ParseRule(text)
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, r)
	}
	set, err := Compile(rules)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestRulesMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, rule string
		subject    Subject
		want       bool
	}{
		{"a word in the title", "keep word bridge", Subject{Title: "Harbour bridge closes"}, true},
		{"a word in another case", "keep word BRIDGE", Subject{Title: "Harbour Bridge closes"}, true},
		{"part of a word", "keep word tt", Subject{Title: "Kill the newsletter"}, false},
		{"the whole word behind a part of one", "keep word tt", Subject{Title: "A newsletter of TT, the band"}, true},
		{"before an apostrophe", "keep word council", Subject{Text: "The council’s vote"}, true},
		{"with a hyphen", "keep word harbour", Subject{Text: "the harbour-side café"}, true},
		{"beside an underscore", "keep word foo", Subject{Text: "call foo_bar"}, false},
		{"beside a digit", "keep word g20", Subject{Text: "the G2022 list"}, false},
		{"at both ends of the text", "keep word quay", Subject{Text: "quay"}, true},
		{"with marks of its own", "keep word c++", Subject{Text: "rewritten in C++, they said"}, true},
		{"a name with an ampersand", "keep word AT&T", Subject{Text: "shares of AT&T fell"}, true},
		{"an accent counts", "keep word resume", Subject{Text: "his résumé"}, false},
		{"an accent as a mark of its own", "keep word résumé", Subject{Text: "his re\u0301sume\u0301"}, true},
		{"a word before a combining mark is not whole", "keep word caf", Subject{Text: "cafe\u0301"}, false},
		{"sharp s", "keep word straße", Subject{Text: "DIE STRASSE"}, true},
		{"Greek sigmas", "keep word οδός", Subject{Text: "ΟΔΌΣ"}, true},
		{"Cyrillic", "keep word мост", Subject{Text: "Новый МОСТ открыт"}, true},
		{"part of a Cyrillic word", "keep word мост", Subject{Text: "мостик"}, false},
		{"full-width letters", "keep word abc", Subject{Text: "ＡＢＣ放送"}, true},
		{"soft hyphens", "keep word bridge", Subject{Text: "the brid\u00adge"}, true},
		{"Japanese inside a sentence", "keep word 東京", Subject{Text: "今日は東京都で会議"}, true},
		{"katakana", "keep word コーヒー", Subject{Title: "缶コーヒー値上げ"}, true},
		{"Chinese", "keep word 桥", Subject{Title: "新桥开放"}, true},
		{"Korean with its ending", "keep word 서울", Subject{Title: "서울에서 열린"}, true},
		{"Thai", "keep word สะพาน", Subject{Title: "เปิดสะพานใหม่"}, true},
		{"a phrase", "keep phrase climate change", Subject{Text: "On Climate\n  Change again"}, true},
		{"a phrase with a no-break space", "keep phrase climate change", Subject{Text: "climate\u00a0change"}, true},
		{"a phrase cut by another word", "keep phrase climate change", Subject{Text: "climate policy change"}, false},
		{"a phrase inside words", "keep phrase late chan", Subject{Text: "climate change"}, false},
		{"a phrase does not run from title to text", "keep phrase climate change", Subject{Title: "The climate", Text: "change is here"}, false},
		{"the field title only", "keep title word bridge", Subject{Text: "a bridge"}, false},
		{"the field text only", "keep text word bridge", Subject{Title: "a bridge", Text: "none"}, false},
		{"the field author", "keep author word ada", Subject{Author: "Ada Quill"}, true},
		{"a category", "keep category word sport", Subject{Categories: []string{"News", "Water Sport"}}, true},
		{"not across categories", "keep category phrase news water", Subject{Categories: []string{"News", "Water"}}, false},
		{"any looks at authors", "keep word quill", Subject{Author: "Ada Quill"}, true},
		{"any looks at categories", "keep word sport", Subject{Categories: []string{"sport"}}, true},
		{"a pattern anywhere", "keep pattern br.dg", Subject{Text: "abridged"}, true},
		{"a pattern without case", "keep pattern ^live:", Subject{Title: "LIVE: the vote"}, true},
		{"a pattern with case", "keep pattern (?-i)^Live", Subject{Title: "LIVE: the vote"}, false},
		{"a pattern's anchors are the field's", "keep title pattern ^vote$", Subject{Title: "the vote"}, false},
		{"nothing to look at", "keep pattern .*", Subject{}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			kept, by := mustParse(t, test.rule).Judge(test.subject)
			if kept != test.want || (by != nil) != test.want {
				t.Errorf("%q on %+v: kept %t by %v, want %t", test.rule, test.subject, kept, by, test.want)
			}
		})
	}
}

func TestJudgeSaysWhichRuleDecided(t *testing.T) {
	t.Parallel()
	rules := []string{"keep word bridge", "drop word crypto", "keep word ferry", "drop title word live"}
	tests := []struct {
		name    string
		rules   []string
		subject Subject
		kept    bool
		by      string
	}{
		{"no rules", nil, Subject{Title: "anything"}, true, ""},
		{"drop rules alone keep the rest", rules[1:2], Subject{Title: "bridge"}, true, ""},
		{"a drop rule", rules[1:2], Subject{Title: "crypto"}, false, "drop word crypto"},
		{"a keep rule", rules, Subject{Title: "the ferry"}, true, "keep word ferry"},
		{"none of the keep rules", rules, Subject{Title: "vaccine"}, false, ""},
		{"drop beats keep, whatever the order", rules, Subject{Title: "bridge paid in crypto"}, false, "drop word crypto"},
		{"drop on a field", rules, Subject{Title: "live from the bridge"}, false, "drop title word live"},
		{"not on another", rules, Subject{Title: "bridge", Text: "live"}, true, "keep word bridge"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			kept, by := mustParse(t, test.rules...).Judge(test.subject)
			got := ""
			if by != nil {
				got = by.String()
			}
			if kept != test.kept || got != test.by {
				t.Errorf("Judge(%+v) = %t by %q, want %t by %q", test.subject, kept, got, test.kept, test.by)
			}
		})
	}
	var none *Set
	if kept, by := none.Judge(Subject{Title: "x"}); !kept || by != nil {
		t.Errorf("a nil Set: kept %t by %v", kept, by)
	}
}

func TestParseRule(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text      string
		want      Rule
		canonical string
	}{
		{"drop word crypto", Rule{Kind: Word, Field: Any, Text: "crypto"}, "drop word crypto"},
		{"drop crypto", Rule{Kind: Word, Field: Any, Text: "crypto"}, "drop word crypto"},
		{"-crypto", Rule{Kind: Word, Field: Any, Text: "crypto"}, "drop word crypto"},
		{"+ bridge", Rule{Keep: true, Kind: Word, Field: Any, Text: "bridge"}, "keep word bridge"},
		{"KEEP Title: Phrase climate change", Rule{Keep: true, Kind: Phrase, Field: Title, Text: "climate change"}, "keep title phrase climate change"},
		{"keep climate change", Rule{Keep: true, Kind: Phrase, Field: Any, Text: "climate change"}, "keep phrase climate change"},
		{`keep "bridge"`, Rule{Keep: true, Kind: Phrase, Field: Any, Text: "bridge"}, "keep phrase bridge"},
		{`drop word "\"so\""`, Rule{Kind: Word, Field: Any, Text: `"so"`}, `drop word "\"so\""`},
		{`drop author /^press/`, Rule{Kind: Pattern, Field: Author, Text: "^press"}, "drop author pattern ^press"},
		{`drop pattern " ad "`, Rule{Kind: Pattern, Field: Any, Text: " ad "}, `drop pattern " ad "`},
		{"drop title", Rule{Kind: Word, Field: Any, Text: "title"}, "drop word title"},
		{"drop title word", Rule{Kind: Word, Field: Title, Text: "word"}, "drop title word word"},
		{"drop any word word", Rule{Kind: Word, Field: Any, Text: "word"}, "drop word word"},
		{"drop category: sport", Rule{Kind: Word, Field: Category, Text: "sport"}, "drop category word sport"},
		{"drop any text: about", Rule{Kind: Phrase, Field: Any, Text: "text: about"}, "drop phrase text: about"},
	}
	for _, test := range tests {
		got, err := ParseRule(test.text)
		if err != nil {
			t.Errorf("ParseRule(%q): %v", test.text, err)
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("ParseRule(%q) (-want +got):\n%s", test.text, diff)
		}
		if got.String() != test.canonical {
			t.Errorf("ParseRule(%q) is written %q, want %q", test.text, got, test.canonical)
		}
	}
}

func TestBadRulesAreExplained(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"nothing", "", "neither keep nor drop"},
		{"no action", "crypto", "neither keep nor drop"},
		{"no text", "drop", "nothing to look for"},
		{"no text behind a mark", "-", "nothing to look for"},
		{"empty quotes", `keep title phrase ""`, "nothing to look for"},
		{"only invisible letters", "drop word \"\\u200b\"", "nothing to look for"},
		{"words as a word", "drop word two words", "make it a phrase"},
		{"an open quotation", `drop "so`, "quotation mark"},
		{"a broken pattern", "drop pattern (", "missing closing )"},
		{"a lookahead, which RE2 lacks", "drop pattern (?!x)", "invalid or unsupported"},
		{"an explosive repetition", "drop pattern ((x{1000}){1000}){1000}", "invalid repeat"},
		{"too long", "drop word " + strings.Repeat("x", maxText+1), "at most 500 bytes"},
		{"far too long", "drop word " + strings.Repeat("x", 5000), "longer than"},
		{"not UTF-8", "drop word \xff", "UTF-8"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseRule(test.text)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("ParseRule(%q) = %v, %v; want an error with %q", test.text, got, err, test.want)
			}
		})
	}
}

func TestCompileChecksRulesThatWereNotParsed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		rules []Rule
		want  string // "" = accepted
	}{
		{"no field means any", []Rule{{Kind: Word, Text: "x"}}, ""},
		{"an unknown field", []Rule{{Kind: Word, Field: "link", Text: "x"}}, `not at "link"`},
		{"an unknown kind", []Rule{{Kind: "glob", Text: "x"}}, `not for a "glob"`},
		{"no kind", []Rule{{Text: "x"}}, "word, phrase or pattern"},
		{"a broken pattern, by its rule", []Rule{{Kind: Word, Text: "x"}, {Kind: Pattern, Text: "[", Field: Title}}, `drop title pattern [`},
		{"too many", make([]Rule, maxRules+1), "too many"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Compile(test.rules)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("Compile: %v, want %q", err, test.want)
			}
		})
	}
}

func FuzzRuleRoundTrip(f *testing.F) {
	for _, text := range []string{"drop word crypto", `keep "x y"`, "-/^a/", "drop pattern \" a\"", "keep title word word", "+C++",
		"drop author phrase a\tb", `drop "\u00a0x"`, "drop any any any", "drop word \u200bx", `drop pattern "\\d"`} {
		f.Add(text, "A title", "Some text of C++ and 東京")
	}
	f.Fuzz(func(t *testing.T, text, title, body string) {
		r, err := ParseRule(text)
		if err != nil {
			return
		}
		again, err := ParseRule(r.String())
		if err != nil {
			t.Fatalf("ParseRule(%q) is written %q, which is refused: %v", text, r, err)
		}
		if again != r {
			t.Fatalf("ParseRule(%q) = %#v is written %q, which reads back as %#v", text, r, r, again)
		}
		set, err := Compile([]Rule{r})
		if err != nil {
			t.Fatalf("Compile refuses %q: %v", r, err)
		}
		kept, by := set.Judge(Subject{Title: title, Text: body})
		if matched := by != nil; matched && (*by != r || kept != r.Keep) || !matched && kept == r.Keep {
			t.Errorf("%q: kept %t by %v", r, kept, by)
		}
		// A word is found where it stands alone.
		if r.Kind != Pattern && r.Field == Any {
			if _, by := set.Judge(Subject{Text: fmt.Sprintf("( %s )", r.Text)}); by == nil {
				t.Errorf("%q is not found in its own text", r)
			}
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	var rules []Rule
	for i := range 20 {
		rules = append(rules, Rule{Keep: i%2 == 0, Kind: Word, Field: Any, Text: fmt.Sprintf("word%d", i)})
	}
	set, err := Compile(rules)
	if err != nil {
		b.Fatal(err)
	}
	subject := Subject{Title: "Harbour bridge closes", Text: strings.Repeat("The council voted on Monday to rebuild the bridge. ", 80)}
	for b.Loop() {
		set.Judge(subject)
	}
}
