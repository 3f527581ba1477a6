package summarize

import "math"

// SetFeatureCount is the number of values that describe a set of sentences.
const SetFeatureCount = 52

// Ranking is a text whose sentences have been scored, ready to describe and
// compare sets of them.
type Ranking struct {
	a      *Analysis
	card   *scorecard
	Logits []float32 // score of each sentence
	Order  []int     // sentences by descending score
	place  []int     // rank of each sentence

	pairIDs   map[uint64]int32
	pairsIn   [][]int32 // pairs of neighbouring terms, by sentence; nil until asked for
	pairValue []float32 // both terms' importance
	pairMarks []int32   // when each pair was last met
	mark      int32
}

// NewRanking prepares sets of an analysed text whose sentences have these scores;
// m is the model that the text was analysed with.
func NewRanking(a *Analysis, m *Model, logits []float32) *Ranking {
	return newRanking(a, a.scorecard(m), logits)
}

func newRanking(a *Analysis, c *scorecard, logits []float32) *Ranking {
	r := &Ranking{a: a, card: c, Logits: logits, Order: make([]int, len(logits)), place: make([]int, len(logits)),
		pairIDs: map[uint64]int32{}, pairsIn: make([][]int32, len(logits))}
	for i := range r.Order {
		r.Order[i] = i
	}
	// Insertion keeps equal scores in the order of the text; texts are short.
	sortByScore(r.Order, logits)
	for k, i := range r.Order {
		r.place[i] = k
	}
	return r
}

// union is what the sentences of a set say together.
type union struct {
	words, types, content, stops float64
	cover, mass, hits            float64
	pairs, pairHits, repeats     float64
	capitals, numbers, title     float64
}

// union counts the terms and neighbouring pairs of a set, each once.
func (r *Ranking) union(set []int) union {
	var u union
	c := r.card
	c.mark++
	r.mark++
	for _, i := range set {
		tokens := r.a.sentences[i].tokens
		u.words += float64(len(tokens))
		for _, id := range r.pairsOf(i) {
			if r.pairMarks[id] == r.mark {
				u.repeats++
				continue
			}
			r.pairMarks[id] = r.mark
			u.pairs++
			u.pairHits += float64(r.pairValue[id])
		}
		for _, t := range tokens {
			term := &r.a.terms[t.term]
			if t.kind&(capital|first) == capital {
				u.capitals++
			}
			if !c.fresh(t.term) {
				continue
			}
			u.types++
			u.hits += float64(term.important)
			if term.inTitle && term.kind&stop == 0 {
				u.title++
			}
			if term.kind&number != 0 {
				u.numbers++
			}
			if term.kind&stop != 0 {
				u.stops++
				continue
			}
			u.content += float64(term.important)
			u.mass += float64(term.mass)
			if c.top[t.term] {
				u.cover += float64(term.count)
			}
		}
	}
	return u
}

// pairsOf numbers the pairs of neighbouring terms of a sentence.
func (r *Ranking) pairsOf(i int) []int32 {
	tokens := r.a.sentences[i].tokens
	if r.pairsIn[i] != nil || len(tokens) < 2 {
		return r.pairsIn[i]
	}
	ids := make([]int32, len(tokens)-1)
	for k := range ids {
		x, y := tokens[k].term, tokens[k+1].term
		key := uint64(uint32(x))<<32 | uint64(uint32(y))
		id, ok := r.pairIDs[key]
		if !ok {
			id = int32(len(r.pairMarks))
			r.pairIDs[key] = id
			r.pairMarks = append(r.pairMarks, 0)
			r.pairValue = append(r.pairValue, r.a.terms[x].important*r.a.terms[y].important)
		}
		ids[k] = id
	}
	r.pairsIn[i] = ids
	return ids
}

// SetFeatures describes a set of sentences, given in the order of the text, by
// SetFeatureCount numbers appended to dst.
func (r *Ranking) SetFeatures(dst []float32, set []int) []float32 {
	f := row(dst)
	r.scores(&f, set)
	u := r.union(set)
	expect := r.card.expect
	f.add(u.words, u.words-expect, ratio(u.types, u.words), ratio(u.cover, r.card.topMass), u.mass, ratio(u.mass, u.words),
		u.hits, 2*ratio(u.hits, u.words+expect), ratio(u.hits, expect), ratio(u.hits, u.words), u.content,
		u.pairHits, 2*ratio(u.pairHits, u.words+expect), u.repeats, ratio(u.capitals, u.words), u.numbers, u.title)
	r.shape(&f, set)
	r.members(&f, set, u.hits)
	return f
}

// scores: 9 features of the sentences' own scores.
func (r *Ranking) scores(f *row, set []int) {
	var sum, probability, ranks float64
	least, most := math.Inf(1), math.Inf(-1)
	for _, i := range set {
		x := float64(r.Logits[i])
		sum += x
		probability += float64(sigmoid(r.Logits[i]))
		least, most = min(least, x), max(most, x)
		ranks += float64(r.place[i])
	}
	n := float64(len(set))
	f.add(n, sum, sum/n, least, most, probability, ranks, float64(r.Logits[r.Order[0]])-most, probability/n)
}

// shape: 12 features of where the sentences stand and how they relate.
func (r *Ranking) shape(f *row, set []int) {
	var largest, sum, positions, adjacent, leads, loose, quotes, starts float64
	for k, i := range set {
		positions += float64(i)
		if k > 0 && set[k-1] == i-1 {
			adjacent++
		} else if r.a.sentences[i].needs != selfContained {
			loose++
		}
		if i < 3 {
			leads++
		}
		if r.a.sentences[i].inParagraph == 0 {
			starts++
		}
		if r.a.sentences[i].opens {
			quotes++
		}
		for _, j := range set[:k] {
			x := float64(r.a.cosine[i][j])
			sum += x
			largest = max(largest, x)
		}
	}
	n := float64(len(set))
	f.add(largest, ratio(2*sum, n*(n-1)), float64(set[0]), float64(set[len(set)-1]), positions/n, adjacent, leads, loose,
		quotes+starts/16, float64(len(r.a.sentences)), float64(r.a.words), flag(r.a.lexicon))
}

// members: 14 features that gather those of the sentences.
func (r *Ranking) members(f *row, set []int, hits float64) {
	shortest, longest := math.Inf(1), 0.0
	var alone, center, expected, lexical, persons, said, numbers, quotes, questions, places, densest, weakest float64
	weakest = math.Inf(1)
	for _, i := range set {
		s := &r.a.sentences[i]
		words := float64(len(s.tokens))
		shortest, longest = min(shortest, words), max(longest, words)
		alone += float64(r.card.all[i])
		center += float64(r.card.center[i])
		e := float64(r.card.expected(i))
		expected += e
		weakest = min(weakest, e)
		densest = max(densest, float64(r.card.density(i)))
		lexical += float64(r.card.lexical[i])
		persons += float64(s.pronouns)
		said += float64(s.said)
		numbers += float64(s.surface.numbers)
		quotes += float64(s.surface.quotes)
		questions += flag(s.question)
		places += float64(r.card.orders[3][i])
	}
	n := float64(len(set))
	f.add(shortest, longest, alone-hits, center/n, expected, weakest, densest, lexical, persons, said, numbers, quotes, questions, places)
}

// sortByScore orders indexes by descending score, equal ones as they were.
func sortByScore(order []int, scores []float32) {
	for i := 1; i < len(order); i++ {
		for k := i; k > 0 && scores[order[k]] > scores[order[k-1]]; k-- {
			order[k], order[k-1] = order[k-1], order[k]
		}
	}
}
