package main

import (
	"math"

	"broadsheet/summarize"
)

// adagrad is a table of weights learned by stochastic gradient descent with a rate
// of its own for each.
type adagrad struct {
	w, sum []float32
	rate   float32
}

func newAdagrad(n int, rate float32) *adagrad {
	return &adagrad{w: make([]float32, n), sum: make([]float32, n), rate: rate}
}

// step moves weight i against gradient g.
func (a *adagrad) step(i int, g float32) {
	g += ridge * a.w[i]
	a.sum[i] += g * g
	a.w[i] -= a.rate * g / float32(math.Sqrt(float64(a.sum[i])+1e-3))
}

const (
	ridge  = 2e-5 // pull of every weight towards 0
	epochs = 3    // passes over the words
)

// quantize rounds weights to steps.
func quantize(w []float32, step float64) []int8 {
	out := make([]int8, len(w))
	for i, x := range w {
		out[i] = int8(max(-127, min(127, math.Round(float64(x)/step))))
	}
	return out
}

// learnWords fills the word tables of a model from documents; rarity comes from
// all of them since it needs no labels.
func learnWords(languages string, docs []*document, rarity []uint8) *summarize.Model {
	m := summarize.NewModel()
	m.Languages = languages
	m.Rarity = rarity
	learnImportance(m, docs)
	learnLexical(m, docs)
	return m
}

// rarityOf counts in how many documents each word stands.
func rarityOf(docs []*document) []uint8 {
	counts := make([]float64, 1<<summarize.HashBits)
	for _, d := range docs {
		for _, h := range d.terms {
			counts[summarize.Slot(h)]++
		}
	}
	rarity := make([]uint8, len(counts))
	for i, c := range counts {
		idf := math.Log(float64(len(docs)+1) / (c + 1))
		rarity[i] = uint8(min(255, math.Round(max(0.2, idf)/3/summarize.RarityStep)))
	}
	return rarity
}

// learnImportance learns which of a text's terms its summary uses.
func learnImportance(m *summarize.Model, docs []*document) {
	traits := newAdagrad(summarize.TraitCount, 0.1)
	words := newAdagrad(1<<summarize.HashBits, 0.05)
	for range epochs {
		for _, d := range docs {
			for i, h := range d.terms {
				slot := summarize.Slot(h)
				sum := float32(0)
				if !d.mute {
					sum = words.w[slot]
				}
				for _, k := range d.traits[i] {
					sum += traits.w[k]
				}
				g := logistic(sum)
				if d.used[h] {
					g--
				}
				for _, k := range d.traits[i] {
					traits.step(k, g)
				}
				if !d.mute {
					words.step(slot, g)
				}
			}
		}
	}
	m.Traits = quantize(traits.w, summarize.ImportantStep)
	m.Important = quantize(words.w, summarize.ImportantStep)
}

// learnLexical learns which words mark sentences that summaries lean on; place and
// length of the sentence are learned beside them, so that words need not stand in
// for these.
func learnLexical(m *summarize.Model, docs []*document) {
	words := newAdagrad(2<<summarize.HashBits, 0.05)
	place := newAdagrad(64, 0.1)
	for range epochs {
		for _, d := range docs {
			if d.mute {
				continue
			}
			for i, hashes := range d.hashes {
				if len(hashes) == 0 {
					continue
				}
				at, long := min(i, 40), 41+min(len(hashes)/4, 20)
				scale := float32(1 / math.Sqrt(float64(len(hashes))))
				sum := float32(0)
				for k, h := range hashes {
					sum += words.w[summarize.Slot(h)]
					if k > 0 {
						sum += words.w[summarize.PairSlot(hashes[k-1], h)]
					}
				}
				g := logistic(sum*scale + place.w[at] + place.w[long] + place.w[63])
				if d.oracle[i] {
					g--
				}
				place.step(at, g)
				place.step(long, g)
				place.step(63, g)
				for k, h := range hashes {
					words.step(summarize.Slot(h), g*scale)
					if k > 0 {
						words.step(summarize.PairSlot(hashes[k-1], h), g*scale)
					}
				}
			}
		}
	}
	m.Lexical = quantize(words.w, summarize.LexicalStep)
}

func logistic(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }
