package summarize

import (
	"compress/gzip"
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
	f, err := os.Open(shared(t, "data", "sentences", "ud.json.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var paragraphs []struct {
		Lang  string
		Sents []string
	}
	if err := json.NewDecoder(zr).Decode(&paragraphs); err != nil {
		t.Fatal(err)
	}
	type count struct{ hit, found, gold int }
	counts := map[string]*count{}
	for _, p := range paragraphs {
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
