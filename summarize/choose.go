package summarize

import (
	"cmp"
	"slices"
)

// Bounds of the search for the best set.
const (
	maxCandidates = 8 // sentences that sets are drawn from
	maxSetSize    = 4 // larger summaries are filled up one by one
	maxShared     = 3 // length of a word sequence that two chosen sentences must not share
)

// rank scores all sentences.
func (a *Analysis) rank(m *Model) *Ranking {
	logits := make([]float32, len(a.sentences))
	c := a.scorecard(m)
	if len(m.Sentences.Trees) == 0 {
		for i := range logits {
			logits[i] = -float32(i) + c.center[i]
		}
		return newRanking(a, c, logits)
	}
	m.compile()
	m.cascade(logits, c.features())
	return newRanking(a, c, logits)
}

// Most sentences are out of the question after the first trees; only the best go
// through all of them.
const (
	firstTrees = 8  // every so many trees are asked first: one in firstTrees
	finalists  = 12 // sentences that all trees judge
)

// cascade scores sentences by an eighth of the trees, then the best by all.
func (m *Model) cascade(logits []float32, rows [][]float32) {
	all := m.sentences.Trees()
	sums := make([]int32, len(rows))
	bins := make([]uint8, 0, len(rows)*FeatureCount)
	order := make([]int, len(rows))
	// The trees of the two halves follow each other; the early ones of each say most.
	half, part := all/2, all/2/firstTrees
	for i, row := range rows {
		bins = m.sentences.Bins(bins, row)
		b := bins[i*FeatureCount : (i+1)*FeatureCount]
		sums[i] = m.sentences.Score(b, 0, part) + m.sentences.Score(b, half, half+part)
		logits[i] = m.sentences.Value(sums[i])
		order[i] = i
	}
	if len(rows) > finalists {
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(sums[j], sums[i]) })
		// The others keep their order below the finalists.
		for _, i := range order[finalists:] {
			logits[i] -= outOfQuestion
		}
		order = order[:finalists]
	}
	for _, i := range order {
		b := bins[i*FeatureCount : (i+1)*FeatureCount]
		sums[i] += m.sentences.Score(b, part, half) + m.sentences.Score(b, half+part, all)
		logits[i] = m.sentences.Value(sums[i])
	}
}

// outOfQuestion puts a score below those of all finalists.
const outOfQuestion = 100

// choose returns the indexes of the sentences of a summary, in order.
func (a *Analysis) choose(o Options, m *Model) []int {
	if len(a.sentences) <= 1 {
		return make([]int, len(a.sentences))
	}
	r := a.rank(m)
	least, most := o.Sentences, o.Sentences
	if o.Sentences <= 0 {
		least, most = 2, maxSetSize
	}
	if most > maxSetSize || len(m.Sets.Trees) == 0 {
		return r.greedy(most, o.Words)
	}
	for _, readable := range r.a.demands(most) {
		d := demand{candidates: maxCandidates, least: least, most: most, words: o.Words, readable: readable}
		set := r.best(m, d)
		if set == nil {
			d.candidates = maxPool
			set = r.best(m, d)
		}
		if set == nil && d.words > 0 {
			d.least = 1 // rather too few sentences than some that need others
			set = r.best(m, d)
		}
		if set != nil {
			return set
		}
	}
	return r.greedy(least, o.Words)
}

// demand says which sets of sentences may be a summary.
type demand struct {
	candidates  int // of so many best sentences and what they build on
	least, most int // sentences
	words       int // at most, for more than one sentence; 0 is no bound
	readable    func(set []int) bool
}

// fewSentences is up to how many sentences a text is so short that its first one
// is its news; the articles that were learned from are longer or lack it.
const fewSentences = 8

// demands lists what a set must be, from most to least: with the news of a short
// text in it; readable without the rest; at least without a reference to the sentence
// before or a quotation cut in half.
func (a *Analysis) demands(most int) []func(set []int) bool {
	all := []func([]int) bool{
		func(set []int) bool { return slices.Contains(set, a.entry) && a.Readable(set) }, a.Readable, a.unbroken,
	}
	if most > 1 && len(a.sentences) <= fewSentences && a.entry < len(a.sentences) && a.tellsNews(a.entry) {
		return all
	}
	return all[1:]
}

// tellsNews reports whether a first sentence is what news begin with: no question, no
// quotation, no word of the writer.
func (a *Analysis) tellsNews(i int) bool {
	s := &a.sentences[i]
	return !s.question && !s.startsQuote && !s.opens && s.pronouns == 0
}

// greedy takes sentences best first, each with those before it that it needs to be
// understood, leaving out what shares a sequence of three words with a chosen one
// (trigram blocking). Only if that leaves too few does it demand less.
func (r *Ranking) greedy(want, words int) []int {
	var set []int
	for _, readable := range append(r.a.demands(want), nil) {
		for _, i := range r.Order {
			if len(set) >= want {
				break
			}
			if slices.Contains(set, i) {
				continue
			}
			more := []int{i}
			if readable != nil {
				more = r.a.withNeeded(i, set)
			}
			both := slices.Concat(set, more)
			slices.Sort(both)
			if len(both) > want || len(set) > 0 && words > 0 && r.wordCount(both) > words {
				continue
			}
			if readable != nil && (!r.a.sentences[i].usable || r.repeats(i, set) || !readable(both)) {
				continue
			}
			set = both
		}
	}
	return set
}

// withNeeded returns sentence i after those before it that it builds on and that
// are not chosen yet, at most three.
func (a *Analysis) withNeeded(i int, set []int) []int {
	more := []int{i}
	for first := i; len(more) < 4; first-- {
		s := &a.sentences[first]
		if first == 0 || slices.Contains(set, first-1) || !s.inside && a.anchored(set, first) {
			break
		}
		more = slices.Insert(more, 0, first-1)
	}
	return more
}

// repeats reports whether sentence i shares three words in a row with a chosen one.
func (r *Ranking) repeats(i int, set []int) bool {
	for _, j := range set {
		if r.share(i, j) {
			return true
		}
	}
	return false
}

// share reports whether two sentences share a sequence of maxShared terms. Only
// their beginnings are compared: a text without stops is one endless sentence.
func (r *Ranking) share(i, j int) bool {
	x, y := r.head(i), r.head(j)
	for p := 0; p+maxShared <= len(x); p++ {
		for q := 0; q+maxShared <= len(y); q++ {
			if x[p].term == y[q].term && x[p+1].term == y[q+1].term && x[p+2].term == y[q+2].term {
				return true
			}
		}
	}
	return false
}

// Sets calls yield with every readable set of least to most of the best candidates
// and what they build on, in the order of the text. The slice is reused.
func (r *Ranking) Sets(candidates, least, most int, yield func(set []int)) {
	r.sets(demand{candidates: candidates, least: least, most: most, readable: r.a.Readable}, yield)
}

// sets is Sets for any demand; it does not look at the words.
func (r *Ranking) sets(d demand, yield func(set []int)) {
	pool := r.pool(d.candidates)
	set := make([]int, 0, d.most)
	var grow func(from int)
	grow = func(from int) {
		if len(set) >= d.least && d.readable(set) {
			yield(set)
		}
		if len(set) == d.most {
			return
		}
		for k := from; k < len(pool); k++ {
			set = append(set, pool[k])
			grow(k + 1)
			set = set[:len(set)-1]
		}
	}
	if d.most > 0 {
		grow(0)
	}
}

// maxPool bounds the candidates together with what they build on.
const maxPool = 12

// pool returns the best candidates and the sentences they build on.
func (r *Ranking) pool(candidates int) []int {
	var pool []int
	for _, i := range r.Order {
		if len(pool) < candidates && r.a.sentences[i].usable {
			pool = append(pool, i)
		}
	}
	for _, i := range slices.Clone(pool) {
		more := r.a.withNeeded(i, pool)
		unusable := func(j int) bool { return !r.a.sentences[j].usable }
		if len(pool)+len(more)-1 <= maxPool && !slices.ContainsFunc(more, unusable) {
			pool = append(pool, more[:len(more)-1]...)
		}
	}
	slices.Sort(pool)
	return slices.Compact(pool)
}

// How many sets are compared: of each size those with the best sentences, then
// those that the first trees like.
const (
	contenders = 24
	rivals     = 12
)

// rival is a set on its way to be the best.
type rival struct {
	set  [maxSetSize]int32
	size int32
	sum  int32
	bins int32 // where its bins begin
	rate float32
}

// indexes appends the set's sentences to dst.
func (x *rival) indexes(dst []int) []int {
	for _, i := range x.set[:x.size] {
		dst = append(dst, int(i))
	}
	return dst
}

// row is the set's part of the bins of all.
func (x *rival) row(bins []uint8) []uint8 { return bins[x.bins : x.bins+SetFeatureCount] }

// best returns the set that meets d and that the learned comparison likes most, nil
// if there is none.
func (r *Ranking) best(m *Model, d demand) []int {
	var bySize [maxSetSize + 1][]rival
	r.sets(d, func(set []int) {
		if d.words > 0 && len(set) > 1 && r.wordCount(set) > d.words {
			return
		}
		x := rival{size: int32(len(set))}
		for k, i := range set {
			x.set[k] = int32(i)
			x.rate += r.Logits[i]
		}
		bySize[len(set)] = append(bySize[len(set)], x)
	})
	var all []rival
	for _, sized := range bySize {
		slices.SortStableFunc(sized, func(x, y rival) int { return cmp.Compare(y.rate, x.rate) })
		all = append(all, sized[:min(len(sized), contenders)]...)
	}
	if len(all) == 0 {
		return nil
	}
	best := r.contest(m, all)
	return best.indexes(nil)
}

// contest compares sets by the learned trees, the first of them, then all.
func (r *Ranking) contest(m *Model, all []rival) rival {
	var features []float32
	var bins []uint8
	var set []int
	part, trees := m.sets.Trees()/firstTrees, m.sets.Trees()
	for i := range all {
		set = all[i].indexes(set[:0])
		features = r.SetFeatures(features[:0], set)
		all[i].bins = int32(len(bins))
		bins = m.sets.Bins(bins, features)
		all[i].sum = m.sets.Score(all[i].row(bins), 0, part)
	}
	slices.SortStableFunc(all, func(x, y rival) int { return cmp.Compare(y.sum, x.sum) })
	all = all[:min(len(all), rivals)]
	for i := range all {
		all[i].sum += m.sets.Score(all[i].row(bins), part, trees)
	}
	return slices.MaxFunc(all, func(x, y rival) int { return cmp.Compare(x.sum, y.sum) })
}

// wordCount sums the words of a set.
func (r *Ranking) wordCount(set []int) int {
	n := 0
	for _, i := range set {
		n += len(r.a.sentences[i].tokens)
	}
	return n
}

// head returns the first tokens of a sentence.
func (r *Ranking) head(i int) []token {
	tokens := r.a.sentences[i].tokens
	return tokens[:min(len(tokens), 120)]
}
