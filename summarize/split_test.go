package summarize

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

// TestSplitPassesRules counts, by language, the rules of golden.json whose
// sentences Split finds; each floor is what it has reached.
func TestSplitPassesRules(t *testing.T) {
	t.Parallel()
	body, err := os.ReadFile(shared(t, "data", "sentences", "golden.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rules []struct {
		Lang, Name, Text string
		Golden           bool
		Expected         []string
	}
	if err := json.Unmarshal(body, &rules); err != nil {
		t.Fatal(err)
	}
	passed, total := map[string]int{}, map[string]int{}
	for _, r := range rules {
		if !r.Golden {
			continue
		}
		total[r.Lang]++
		if diff := cmp.Diff(r.Expected, sentencesOf(r.Text, r.Lang)); diff == "" {
			passed[r.Lang]++
		} else if testing.Verbose() && r.Lang == os.Getenv("SPLIT_LANG") {
			t.Logf("%q\ngot  %q\nwant %q", r.Text, sentencesOf(r.Text, r.Lang), r.Expected)
		}
	}
	floor := map[string]int{"en": 43, "de": 32, "es": 29, "it": 33, "ru": 40, "hy": 24, "da": 100, "hi": 2, "ur": 2, "fa": 2}
	for lang, n := range total {
		t.Logf("%s: %d of %d", lang, passed[lang], n)
		if passed[lang] < floor[lang] {
			t.Errorf("%s: %d rules of %d hold, want at least %d", lang, passed[lang], n, floor[lang])
		}
	}
}

// TestSplitAgreesWithTreebanks measures boundaries inside paragraphs of Universal
// Dependencies treebanks.
func TestSplitAgreesWithTreebanks(t *testing.T) {
	t.Parallel()
	type count struct{ hit, found, gold int }
	counts := map[string]*count{}
	for _, p := range paragraphs(t) {
		c := counts[p.Lang]
		if c == nil {
			c = &count{}
			counts[p.Lang] = c
		}
		lang, _, _ := strings.Cut(p.Lang, "-")
		sep := " "
		if lang == "ja" {
			sep = ""
		}
		gold := map[int]bool{}
		text := ""
		for i, s := range p.Sents {
			if i > 0 {
				gold[letters(text)] = true
				text += sep
			}
			text += s
		}
		c.gold += len(gold)
		spans := Split(text, lang)
		for _, s := range spans[:max(0, len(spans)-1)] {
			c.found++
			if gold[letters(text[:s.End])] {
				c.hit++
			} else if testing.Verbose() && p.Lang == os.Getenv("SPLIT_LANG") {
				t.Logf("wrong: %q | %q", text[s.Start:s.End], text[s.End:min(len(text), s.End+60)])
			}
		}
	}
	floor := map[string]float64{"en-gum": .970, "en-ewt": .830, "de-gsd": .918, "fr-gsd": .950, "ja-gsd": .945}
	for lang, c := range counts {
		p, r := float64(c.hit)/float64(c.found), float64(c.hit)/float64(c.gold)
		f1 := 2 * p * r / (p + r)
		t.Logf("%s: F1 %.3f (P %.3f R %.3f)", lang, f1, p, r)
		if f1 < floor[lang] {
			t.Errorf("%s: F1 %.3f, want at least %.3f", lang, f1, floor[lang])
		}
	}
}

// letters counts the characters of s that are not white space.
func letters(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// sentencesOf splits text into strings.
func sentencesOf(text, lang string) []string {
	var out []string
	for _, s := range Split(text, lang) {
		out = append(out, text[s.Start:s.End])
	}
	return out
}

func TestSplitEndsSentencesWhereTheyEnd(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, lang, text string // | marks the ends that must be found
	}{
		{"plain", "en", "The port closes.|Boats must move.|Why?|Nobody knows!"},
		{"titles", "en", "Dr. Holm met Mr. Berg and Lt. Gen. Kay.|Sen. Roy came too."},
		{"initials", "en", "Karl J. Berg spoke.|J. R. Holm did not.|It was you and I.|Did he know?"},
		{"companies", "en", "Berg & Co. won.|Holm Inc. lost the case.|He sued Holm Inc.|The court agreed."},
		{"dotted letters", "en", "The U.S. Navy came.|It left the U.S. in May.|They live in the U.S.|He does not."},
		{"times", "en", "It began at 5 p.m. Monday.|It ended at 6 p.m.|The boats left."},
		{"numbers", "en", "It cost 3.5 million.|See No. 5 on p. 55.|He is no. 1 now."},
		{"a number begins", "en", "All was lost.|81 percent of boats sank."},
		{"no space", "en", "The port closes.Boats must move.|Fine."},
		{"addresses", "en", "See www.Ellmouth.com for more.|Write to Karl.Berg@port.org today."},
		{"a question inside", "en", "\"Why?\" he asked.|\"Because!\" she said."},
		{"closing marks", "en", "She said \"yes.\"|He (Berg) left.)|So did “they.”|Now."},
		{"ellipsis", "en", "He waited ... and waited.|Then he left..."},
		{"references", "en", "It is old.[1]|It is new.[2][3]|Fine."},
		{"lists", "en", "1) one thing |2) another thing |3) a third"},
		{"lines", "en", "A heading\n|A sentence.\n|Another one"},
		{"German", "de", "Am 3. Oktober kam Dr. Berg, z. B. mit Fr. Holm.|Es war der 2. Weltkrieg.|Das kostet ca. 5 Mio. Euro."},
		{"French", "fr", "M. Berg est venu.|Mme Holm, elle, n'est pas venue.|« Pourquoi ? » a-t-il dit."},
		{"Spanish", "es", "El Sr. Berg llegó a las 5 p.m. ayer.|¿Por qué?|¡Nadie sabe!"},
		{"Italian", "it", "L'avv. Berg è arrivato.|Il dott. Holm no."},
		{"Russian", "ru", "Это было в 1990 г. в Москве.|И. И. Иванов ушёл.|Он не знал."},
		{"Chinese", "zh", "港口关闭了。|船必须离开。|为什么？|没人知道！"},
		{"Japanese quotations", "ja", "「港は閉まる。船は動く。」と言った。|市民は驚いた。"},
		{"Hindi", "hi", "बंदरगाह बंद है।|नावें चली गईं।"},
		{"Arabic", "ar", "الميناء مغلق.|لماذا؟|لا أحد يعرف."},
		{"Greek questions", "el", "Γιατί;|Κανείς δεν ξέρει."},
		{"Armenian", "hy", "Նավահանգիստը փակ է:|Ոչ ոք չգիտի:"},
		{"an unknown language is read as English", "xx", "Dr. Holm left.|So did I."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var want []string
			for part := range strings.SplitSeq(test.text, "|") {
				want = append(want, strings.TrimSpace(part))
			}
			var text string
			if test.name == "no space" {
				text = "The port closes.Boats must move. Fine."
				want = []string{"The port closes.", "Boats must move.", "Fine."}
			} else {
				text = strings.ReplaceAll(test.text, "|", " ")
			}
			if test.lang == "zh" || test.lang == "ja" {
				text = strings.ReplaceAll(text, " ", "")
			}
			if diff := cmp.Diff(want, sentencesOf(text, test.lang)); diff != "" {
				t.Errorf("Split(%q) (-want +got):\n%s", text, diff)
			}
		})
	}
}

func TestSplitIsLinear(t *testing.T) {
	t.Parallel()
	// A quadratic rule would need minutes for these; go test's own timeout judges.
	for name, unit := range map[string]string{
		"digits after stops": ". 1", "stops": ".", "quotes": `"`, "brackets": "（", "no end": "word ", "one word": "a", "closers": ".)",
		"list items": "1) a ", "references": ".[1]", "capitals": "A.B", "open quotes": `. "a`,
	} {
		text := strings.Repeat(unit, (2<<20)/len(unit))
		spans := Split(text, "en")
		if len(spans) == 0 {
			t.Errorf("%s: no sentence", name)
		}
		checkSpans(t, text, spans)
	}
}

// checkSpans reports spans out of order or of range, with outer white space, or
// letters between them.
func checkSpans(t *testing.T, text string, spans []Span) {
	t.Helper()
	end := 0
	for _, s := range spans {
		if s.Start < end || s.End <= s.Start || s.End > len(text) {
			t.Fatalf("span %v after %d in %d bytes", s, end, len(text))
		}
		if gap := text[end:s.Start]; strings.TrimSpace(gap) != "" {
			t.Fatalf("%q is in no sentence", gap)
		}
		piece := text[s.Start:s.End]
		if strings.TrimSpace(piece) != piece {
			t.Fatalf("sentence %q has outer white space", piece[:min(len(piece), 80)])
		}
		end = s.End
	}
	if strings.TrimSpace(text[end:]) != "" {
		t.Fatalf("%q is in no sentence", text[end:][:min(len(text)-end, 80)])
	}
}

// FuzzSplit: sentences are verbatim, in order, trimmed, and together the whole text.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"A b. C d.", "Dr. X said \"No. Never.\" [1] (2)", "一。二「三。四」と", "1) a 2) b", "a.B", "x \n\r\n\u2028 y", "\xff. \xfe"} {
		f.Add(s, "en")
		f.Add(s, "de")
	}
	f.Fuzz(func(t *testing.T, text, lang string) {
		checkSpans(t, text, Split(text, lang))
	})
}
