package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"broadsheet/summarize"
)

// trial is a data set and the length of the summaries it is judged by.
type trial struct {
	set       string
	sentences int // 0 = two to four
	lead      int // sentences of the baseline
}

// trials are the measures of the project's goals.
var trials = []trial{
	{"cnndm.dev", 3, 3}, {"cnndm.dev", 0, 3}, {"cnndm_cased.dev", 3, 3}, {"cnndm_cased.dev", 0, 3},
	{"xsum.dev", 1, 1}, {"orangesum_fr.dev", 1, 1}, {"vietnews.dev", 1, 1},
}

// outcome is a trial's result in ROUGE points.
type outcome struct {
	lead, r1, delta, low, delta2 float64
	words                        float64
	n                            int
}

func (o outcome) String() string {
	return fmt.Sprintf("n=%d LEAD %.2f R1 %.2f (%+.2f, lo %+.2f) dR2 %+.2f words %.1f", o.n, o.lead, o.r1, o.delta, o.low, o.delta2, o.words)
}

// judge compares summaries by m with the first sentences. With several models,
// each document is summarized by that of its fold.
func (t trial) judge(docs []*document, workers int, model func(*document) *summarize.Model) outcome {
	type score struct{ r1, r2, lead1, lead2, words float64 }
	scores := make([]score, len(docs))
	stems := make([]stemmer, workers)
	for w := range stems {
		stems[w] = stemmer{}
	}
	parallel(docs, workers, func(w, i int, d *document) {
		var words []string
		for _, s := range d.Summary {
			words = append(words, stems[w].tokens(s, d.Lang)...)
		}
		ref := newReference(words)
		encode := func(text string, spans []summarize.Span) (out [][]int32, n int) {
			for _, s := range spans {
				out = append(out, ref.encode(stems[w].tokens(text[s.Start:s.End], d.Lang)))
				n += len(out[len(out)-1])
			}
			return out, n
		}
		s, err := model(d).Summarize(d.Title, d.Text, summarize.Options{Sentences: t.sentences, Lang: d.Lang})
		if err != nil {
			return
		}
		lead := summarize.Split(d.Text, d.Lang)
		ours, n := encode(d.Text, s.Spans)
		theirs, _ := encode(d.Text, lead[:min(len(lead), t.lead)])
		scores[i].r1, scores[i].r2 = ref.score(ours...)
		scores[i].lead1, scores[i].lead2 = ref.score(theirs...)
		scores[i].words = float64(n)
	})
	o := outcome{n: len(docs)}
	deltas := make([]float64, len(scores))
	for i, s := range scores {
		deltas[i] = 100 * (s.r1 - s.lead1)
		o.r1 += 100 * s.r1 / float64(len(docs))
		o.lead += 100 * s.lead1 / float64(len(docs))
		o.delta += deltas[i] / float64(len(docs))
		o.delta2 += 100 * (s.r2 - s.lead2) / float64(len(docs))
		o.words += s.words / float64(len(docs))
	}
	o.low = lowerBound(deltas)
	return o
}

// hypothesis is a summary as the scorer of shared/tools/rouge reads it.
type hypothesis struct {
	ID      string   `json:"id"`
	Summary []string `json:"summary"`
}

// write writes the summaries of a trial to dir, for other scorers, as JSON lines.
func (t trial) write(dir string, docs []*document, model func(*document) *summarize.Model) error {
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf("%s.%d.jsonl", t.set, t.sentences)))
	if err != nil {
		return fmt.Errorf("write summaries: %w", err)
	}
	lines := json.NewEncoder(f)
	for _, d := range docs {
		s, err := model(d).Summarize(d.Title, d.Text, summarize.Options{Sentences: t.sentences, Lang: d.Lang})
		if err == nil {
			err = lines.Encode(hypothesis{d.ID, s.Sentences})
		}
		if err != nil {
			return errors.Join(fmt.Errorf("write summary of %s: %w", d.ID, err), f.Close())
		}
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write summaries: %w", err)
	}
	return nil
}

// lowerBound is the 2.5 % quantile of the mean under resampling.
func lowerBound(values []float64) float64 {
	rng := rand.New(rand.NewPCG(1, 1))
	means := make([]float64, 500)
	for k := range means {
		for range values {
			means[k] += values[rng.IntN(len(values))] / float64(len(values))
		}
	}
	slices.Sort(means)
	return means[len(means)/40]
}
