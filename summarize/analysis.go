package summarize

import (
	"math"
	"sort"
)

// Analysis is what is known of one text before sentences are chosen.
type Analysis struct {
	// Language is the text's base language, "" if unknown.
	Language string
	// Spans holds the sentences that may be chosen, in order.
	Spans []Span

	words []int            // words of each sentence
	terms []map[string]int // stems of each sentence
	score []float64        // the ranker's score of each sentence
}

// Analyze splits text and scores its sentences.
func Analyze(title, text, hint string) *Analysis {
	text = text[:min(len(text), maxBytes)]
	a := &Analysis{Language: Detect(text, hint)}
	a.Spans = Split(TrimBoilerplate(text), a.Language)
	if len(a.Spans) > maxSentences {
		a.Spans = a.Spans[:maxSentences]
	}
	total := map[string]int{}
	for _, s := range a.Spans {
		terms := map[string]int{}
		tokens := Tokens(text[s.Start:s.End])
		for _, t := range tokens {
			t = Stem(t, a.Language)
			terms[t]++
			total[t]++
		}
		a.terms = append(a.terms, terms)
		a.words = append(a.words, len(tokens))
	}
	for i, terms := range a.terms {
		mass := 0.0
		for t := range terms {
			if len(t) > 3 {
				mass += math.Log1p(float64(total[t] - 1))
			}
		}
		a.score = append(a.score, 2/float64(i+1)+mass/math.Sqrt(float64(a.words[i]+5)))
	}
	return a
}

// choose picks sentences best first, leaving out what repeats a chosen one.
func (a *Analysis) choose(o Options) []int {
	want := o.Sentences
	if want <= 0 {
		want = 3
	}
	order := make([]int, len(a.Spans))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(x, y int) bool { return a.score[order[x]] > a.score[order[y]] })
	var chosen []int
	words := 0
	for _, i := range order {
		if len(chosen) == want || len(chosen) > 0 && o.Words > 0 && words+a.words[i] > o.Words {
			continue
		}
		chosen = append(chosen, i)
		words += a.words[i]
	}
	sort.Ints(chosen)
	return chosen
}
