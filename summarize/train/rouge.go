package main

import (
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/porter"
)

// stemmer remembers Porter stems; it is not safe for concurrent use.
type stemmer map[string]string

// tokens cuts text as the ROUGE scorer of shared/tools does: English to stems of
// [a-z0-9]+, other languages to folded words and single East Asian characters.
func (s stemmer) tokens(text, lang string) []string {
	if lang != "en" {
		return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		})
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	})
	for i, w := range words {
		if len(w) <= 3 {
			continue
		}
		stem, ok := s[w]
		if !ok {
			env := snowballstem.NewEnv(w)
			porter.Stem(env)
			stem = env.Current()
			s[strings.Clone(w)] = stem
		}
		words[i] = stem
	}
	return words
}

// reference scores choices of sentences against one human summary.
type reference struct {
	ids   map[string]int32
	count []int8 // occurrences of each of the reference's words
	pairs map[[2]int32]int8
	words int

	used     []int8
	usedPair map[[2]int32]int8
}

func newReference(tokens []string) *reference {
	r := &reference{ids: map[string]int32{}, pairs: map[[2]int32]int8{}, words: len(tokens), usedPair: map[[2]int32]int8{}}
	last := int32(-1)
	for i, t := range tokens {
		id, ok := r.ids[t]
		if !ok {
			id = int32(len(r.count))
			r.ids[t] = id
			r.count = append(r.count, 0)
		}
		r.count[id]++
		if i > 0 {
			r.pairs[[2]int32{last, id}]++
		}
		last = id
	}
	r.used = make([]int8, len(r.count))
	return r
}

// encode turns a sentence's tokens into the reference's ids, -1 for other words.
func (r *reference) encode(tokens []string) []int32 {
	ids := make([]int32, len(tokens))
	for i, t := range tokens {
		id, ok := r.ids[t]
		if !ok {
			id = -1
		}
		ids[i] = id
	}
	return ids
}

// score returns ROUGE-1 and ROUGE-2 F1 (0 to 1) of encoded sentences in order.
func (r *reference) score(sentences ...[]int32) (r1, r2 float64) {
	clear(r.used)
	clear(r.usedPair)
	hits, pairHits, words := 0, 0, 0
	last := int32(-1)
	for _, s := range sentences {
		words += len(s)
		for _, id := range s {
			if id >= 0 && r.used[id] < r.count[id] {
				r.used[id]++
				hits++
			}
			if id >= 0 && last >= 0 {
				p := [2]int32{last, id}
				if n := r.pairs[p]; n > 0 && r.usedPair[p] < n {
					r.usedPair[p]++
					pairHits++
				}
			}
			last = id
		}
	}
	return f1(hits, words, r.words), f1(pairHits, words-1, r.words-1)
}

func f1(hits, found, wanted int) float64 {
	if hits == 0 || found <= 0 || wanted <= 0 {
		return 0
	}
	return 2 * float64(hits) / float64(found+wanted)
}

// oracle returns the sentences that a greedy reader of the reference picks, at
// most three: each adds most to ROUGE-1 + ROUGE-2.
func (r *reference) oracle(sentences [][]int32) []int {
	var chosen []int
	best := 0.0
	for len(chosen) < 3 {
		pick := -1
		for i := range sentences {
			set := insert(chosen, i)
			if set == nil {
				continue
			}
			var parts [4][]int32
			for k, j := range set {
				parts[k] = sentences[j]
			}
			r1, r2 := r.score(parts[:len(set)]...)
			if r1+r2 > best {
				best, pick = r1+r2, i
			}
		}
		if pick < 0 {
			break
		}
		chosen = insert(chosen, pick)
	}
	return chosen
}

// insert returns a sorted copy of set with i, nil if i is in it already.
func insert(set []int, i int) []int {
	out := make([]int, 0, len(set)+1)
	placed := false
	for _, x := range set {
		if x == i {
			return nil
		}
		if x > i && !placed {
			out = append(out, i)
			placed = true
		}
		out = append(out, x)
	}
	if !placed {
		out = append(out, i)
	}
	return out
}
