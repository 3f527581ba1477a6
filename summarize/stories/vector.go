package stories

import (
	"math"
	"slices"

	"broadsheet/summarize"
)

// How a document is read.
const (
	titleWeight  = 3   // a word of the title counts as often
	titleTerms   = 60  // words of the title
	bodyTerms    = 120 // words of the text that are read
	nameFactor   = 3   // a capitalised word counts as often
	figureFactor = 3   // so does a number: events of one kind differ by their figures
	thinFactor   = 1.9 // headlines share fewer words than reports do: what they share counts more
)

// part is one term of a document's vector.
type part struct {
	term   int32
	weight float32
}

// vector is a document as a unit vector, parts in the order of terms.
type vector []part

// scale makes a vector longer.
func (x vector) scale(factor float32) {
	for i := range x {
		x[i].weight *= factor
	}
}

// vectorsOf weighs the words of all documents, in the given order; spread holds by
// term how many documents use it.
func vectorsOf(docs []Document, order []int) (vectors []vector, spread []float32) {
	v := vocabulary{ids: map[uint64]int32{}}
	vectors = make([]vector, len(order))
	for i, k := range order {
		vectors[i] = v.count(&docs[k])
	}
	for i := range vectors {
		v.weigh(vectors[i], len(docs))
		if thin(&docs[order[i]]) {
			vectors[i].scale(thinFactor)
		}
	}
	return vectors, v.spread
}

// vocabulary numbers the terms of a window and counts who uses them.
type vocabulary struct {
	ids    map[uint64]int32
	spread []float32 // documents that hold a term
	common []float32 // share of documents elsewhere that hold it
}

// count returns a document's terms with how often they come.
func (v *vocabulary) count(d *Document) vector {
	var out vector
	at := map[int32]int{}
	add := func(t summarize.Term, n float32) {
		if t.Stop {
			return
		}
		id, ok := v.ids[t.Hash]
		if !ok {
			id = int32(len(v.spread))
			v.ids[t.Hash] = id
			v.spread = append(v.spread, 0)
			v.common = append(v.common, commonness(t))
		}
		k, ok := at[id]
		if !ok {
			k = len(out)
			at[id] = k
			out = append(out, part{term: id})
			v.spread[id]++
		}
		out[k].weight += n
	}
	cased := !titleCase(d)
	for _, t := range summarize.Terms(d.Title, d.Lang, titleTerms) {
		n := float32(titleWeight)
		switch {
		case t.Number:
			n *= figureFactor
		case t.Capital && cased:
			n *= nameFactor
		}
		add(t, n)
	}
	for _, t := range summarize.Terms(d.Text, d.Lang, bodyTerms) {
		n := float32(1)
		switch {
		case t.Number:
			n = figureFactor
		case t.Capital:
			n = nameFactor
		}
		add(t, n)
	}
	slices.SortFunc(out, func(x, y part) int { return int(x.term) - int(y.term) })
	return out
}

// titleCase reports whether most words of a title have a capital, so that capitals
// say nothing.
func titleCase(d *Document) bool {
	capitals, words := 0, 0
	for _, t := range summarize.Terms(d.Title, d.Lang, titleTerms) {
		if t.Stop || t.Number {
			continue
		}
		words++
		if t.Capital {
			capitals++
		}
	}
	return capitals*3 > words*2
}

// Background: a window of few documents says little about which words are common,
// so it is filled up with imagined ones.
const background = 200

// commonness estimates the share of all news articles that hold a term.
func commonness(t summarize.Term) float32 {
	if t.Rarity == 0 {
		return 0.01
	}
	return float32(math.Exp(-3 * float64(t.Rarity)))
}

// weigh turns counts into weights and makes the vector's length 1.
func (v *vocabulary) weigh(x vector, docs int) {
	sum := 0.0
	for i := range x {
		id := x[i].term
		idf := math.Log(float64(docs+background) / float64(v.spread[id]+background*v.common[id]))
		w := (1 + math.Log(float64(x[i].weight))) * max(idf, 0.05)
		x[i].weight = float32(w)
		sum += w * w
	}
	if sum == 0 {
		return
	}
	for i := range x {
		x[i].weight /= float32(math.Sqrt(sum))
	}
}
