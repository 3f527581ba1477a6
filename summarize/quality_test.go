package summarize

import (
	"math"
	"strings"
	"testing"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/porter"
)

// rougeTokens cuts English text as the ROUGE scorer does.
func rougeTokens(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !(r >= 'a' && r <= 'z' || isDigit(r)) })
	for i, w := range words {
		if len(w) > 3 {
			env := snowballstem.NewEnv(w)
			porter.Stem(env)
			words[i] = env.Current()
		}
	}
	return words
}

// rouge1 is the F1 of words that a summary has in common with the reference, 0 to 100.
func rouge1(reference, summary []string) float64 {
	count := map[string]int{}
	for _, w := range reference {
		count[w]++
	}
	hits := 0
	for _, w := range summary {
		if count[w] > 0 {
			count[w]--
			hits++
		}
	}
	if hits == 0 {
		return 0
	}
	return 200 * float64(hits) / float64(len(reference)+len(summary))
}

// TestSummariesBeatTheFirstSentences measures a sample drawn evenly from each
// English set; `go run ./summarize/train -eval` judges all articles. (The other
// languages' sets were trained on; -cv judges those.)
func TestSummariesBeatTheFirstSentences(t *testing.T) {
	t.Parallel()
	for _, set := range []struct {
		name      string
		sentences int
		want      float64 // ROUGE-1 over the first three sentences
	}{{"cnndm.dev", 3, 2}, {"cnndm.dev", 0, 2.3}, {"cnndm_cased.dev", 3, 3}} {
		all := articles(t, set.name)
		var deltas []float64
		sum := 0.0
		for i := 0; i < len(all); i += max(1, len(all)/250) {
			d := all[i]
			reference := rougeTokens(strings.Join(d.Summary, " "))
			s, err := Summarize(d.Title, d.Text, Options{Sentences: set.sentences, Lang: d.Lang})
			if err != nil {
				t.Fatalf("%s: %v", d.ID, err)
			}
			checkSummary(t, d.Text, s)
			lead := sentencesOf(d.Text, d.Lang)
			delta := rouge1(reference, rougeTokens(strings.Join(s.Sentences, " "))) -
				rouge1(reference, rougeTokens(strings.Join(lead[:min(3, len(lead))], " ")))
			deltas = append(deltas, delta)
			sum += delta
		}
		mean := sum / float64(len(deltas))
		square := 0.0
		for _, x := range deltas {
			square += (x - mean) * (x - mean)
		}
		spread := 1.96 * math.Sqrt(square) / float64(len(deltas))
		t.Logf("%s, %d sentences: ROUGE-1 %+.2f ± %.2f over LEAD-3 on %d articles", set.name, set.sentences, mean, spread, len(deltas))
		if mean < set.want || mean < spread {
			t.Errorf("%s, %d sentences: ROUGE-1 %+.2f ± %.2f over LEAD-3, want at least %+.2f and clearly above 0", set.name, set.sentences, mean, spread, set.want)
		}
	}
}
