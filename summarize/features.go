package summarize

import (
	"cmp"
	"math"
	"slices"
)

// FeatureCount is the number of values that describe a sentence.
const FeatureCount = 90

// scorecard holds what features of every sentence are computed from.
type scorecard struct {
	a       *Analysis
	top     []bool       // whether a term is one of the most repeated
	topMass float64      // their occurrences
	center  []float32    // cosine of each sentence with the whole text
	lexical []float32    // learned score of a sentence's words
	mass    []float32    // importance of its terms that no earlier sentence has
	all     []float32    // importance of its terms, each once
	expect  float64      // importance of all terms: how long a summary is expected to be
	lead    float64      // words of the first three sentences
	orders  [8][]float32 // place of each sentence by one measure or another, 0 to 1
	marks   []int32      // when each term was last met
	mark    int32
}

// Features describes every sentence by FeatureCount numbers, with the word tables
// of m. All but the lexical ones mean the same in any language.
func (a *Analysis) Features(m *Model) [][]float32 {
	return a.scorecard(m).features()
}

func (c *scorecard) features() [][]float32 {
	rows := make([][]float32, len(c.a.sentences))
	cells := make([]float32, 0, len(rows)*FeatureCount)
	for i := range rows {
		begin := len(cells)
		f := row(cells)
		c.position(&f, i)
		c.length(&f, i)
		c.topic(&f, i)
		c.centrality(&f, i)
		c.surface(&f, i)
		c.neighbours(&f, i)
		c.document(&f, i)
		c.title(&f, i)
		c.words(&f, i)
		c.ranks(&f, i)
		cells = f
		rows[i] = cells[begin:len(cells):len(cells)]
	}
	return rows
}

// row collects the features of one sentence after another.
type row []float32

func (r *row) add(values ...float64) {
	for _, v := range values {
		*r = append(*r, float32(v))
	}
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// ratio is x/y, 0 if there is no y.
func ratio(x, y float64) float64 {
	if y == 0 {
		return 0
	}
	return x / y
}

func (a *Analysis) scorecard(m *Model) *scorecard {
	n := len(a.sentences)
	c := &scorecard{a: a, top: make([]bool, len(a.terms)), center: make([]float32, n), lexical: make([]float32, n),
		mass: make([]float32, n), all: make([]float32, n), marks: make([]int32, len(a.terms))}
	c.repeated()
	sum := make([]float32, len(a.terms))
	norm := 0.0
	for i := range a.terms {
		t := &a.terms[i]
		sum[i] = float32(t.count) * t.weight
		norm += float64(sum[i]) * float64(sum[i])
		c.expect += float64(t.important)
	}
	for i := range a.sentences {
		s := &a.sentences[i]
		dot := float32(0)
		c.mark++
		for _, t := range s.tokens {
			dot += sum[t.term] * a.terms[t.term].weight
			if met := c.marks[t.term] != 0; c.fresh(t.term) {
				c.all[i] += a.terms[t.term].important
				if !met {
					c.mass[i] += a.terms[t.term].important
				}
			}
		}
		c.center[i] = float32(ratio(float64(dot), float64(s.norm)*math.Sqrt(norm)))
		c.lexical[i] = m.lexical(a, s.tokens)
		if i < 3 {
			c.lead += float64(len(s.tokens))
		}
	}
	c.order()
	return c
}

// topTerms is how many repeated terms stand for the topic.
const topTerms = 30

// repeated marks the content terms that occur most often, at least twice.
func (c *scorecard) repeated() {
	var ids []int
	for i := range c.a.terms {
		if t := &c.a.terms[i]; t.count > 1 && t.kind&stop == 0 {
			ids = append(ids, i)
		}
	}
	slices.SortStableFunc(ids, func(x, y int) int { return cmp.Compare(c.a.terms[y].count, c.a.terms[x].count) })
	for _, i := range ids[:min(topTerms, len(ids))] {
		c.top[i] = true
		c.topMass += float64(c.a.terms[i].count)
	}
}

// position: 10 features.
func (c *scorecard) position(f *row, i int) {
	s, n := &c.a.sentences[i], float64(len(c.a.sentences))
	f.add(float64(i), 1/float64(i+1), float64(i)/n, n-float64(i), float64(s.start), ratio(float64(s.start), float64(c.a.words)),
		float64(s.paragraph), float64(s.inParagraph), flag(s.inParagraph == 0), flag(i == 0))
}

// length: 7 features.
func (c *scorecard) length(f *row, i int) {
	s := &c.a.sentences[i]
	words := float64(len(s.tokens))
	f.add(words, math.Log1p(words), float64(s.runes), float64(s.meanLength), ratio(words*float64(len(c.a.sentences)), float64(c.a.words)),
		ratio(float64(s.stops), words), float64(s.start)+words)
}

// topic: 10 features.
func (c *scorecard) topic(f *row, i int) {
	s := &c.a.sentences[i]
	var cover, mass, count, fresh, spread, weight float64
	c.mark++
	for _, t := range s.tokens {
		term := &c.a.terms[t.term]
		weight += float64(term.weight)
		if term.kind&stop != 0 || !c.fresh(t.term) {
			continue
		}
		count++
		mass += float64(term.mass)
		spread += float64(term.spread)
		if c.top[t.term] {
			cover += float64(term.count)
		}
		if int(term.first) == i {
			fresh++
		}
	}
	words := float64(len(s.tokens))
	f.add(ratio(cover, c.topMass), mass, ratio(mass, count), count, ratio(count, words), ratio(fresh, count),
		ratio(spread, count*float64(len(c.a.sentences))), weight, ratio(weight, words), ratio(cover, words))
}

// fresh reports whether term is met for the first time under the current mark.
func (c *scorecard) fresh(term int32) bool {
	if c.marks[term] == c.mark {
		return false
	}
	c.marks[term] = c.mark
	return true
}

// centrality: 10 features.
func (c *scorecard) centrality(f *row, i int) {
	cos := c.a.cosine[i]
	var sum, before, after, maxBefore, maxAfter, lead float64
	near := 0.0
	for j, v := range cos {
		x := float64(v)
		sum += x
		if x > 0.2 {
			near++
		}
		if j < i {
			before += x
			maxBefore = max(maxBefore, x)
			if j < 3 {
				lead = max(lead, x)
			}
		} else {
			after += x
			maxAfter = max(maxAfter, x)
		}
	}
	n := float64(len(cos))
	first := 0.0
	if i > 0 {
		first = float64(cos[0])
	}
	f.add(float64(c.center[i]), ratio(sum, n-1), ratio(before, float64(i)), ratio(after, n-1-float64(i)), after-before,
		maxBefore, maxAfter, lead, first, ratio(near, n))
}

// surface: 18 features.
func (c *scorecard) surface(f *row, i int) {
	s := &c.a.sentences[i]
	words := float64(len(s.tokens))
	f.add(ratio(float64(s.capitals), words), float64(s.capitals), float64(s.numbers), ratio(float64(s.numbers), words),
		float64(s.commas), float64(s.surface.quotes), flag(s.opens)+2*flag(s.inside), flag(s.startsQuote), flag(s.question), flag(s.colon),
		flag(s.brackets), flag(s.dashes), flag(s.ended), flag(s.startsSmall), float64(s.pronouns), float64(s.said),
		float64(s.needs), float64(s.capitalRun))
}

// neighbours: 7 features.
func (c *scorecard) neighbours(f *row, i int) {
	previous, next := -1.0, -1.0
	var cosPrevious, cosNext, lexPrevious, lexNext, needed float64
	if i > 0 {
		s := &c.a.sentences[i-1]
		previous, cosPrevious, lexPrevious = float64(len(s.tokens)), float64(c.a.cosine[i][i-1]), float64(c.all[i-1])
	}
	if i+1 < len(c.a.sentences) {
		s := &c.a.sentences[i+1]
		next, cosNext, lexNext = float64(len(s.tokens)), float64(c.a.cosine[i][i+1]), float64(c.all[i+1])
		needed = float64(s.needs)
	}
	f.add(previous, next, cosPrevious, cosNext, lexPrevious, lexNext, needed)
}

// document: 5 features.
func (c *scorecard) document(f *row, i int) {
	n := float64(len(c.a.sentences))
	last := &c.a.sentences[len(c.a.sentences)-1]
	f.add(n, float64(c.a.words), float64(c.a.words)/n, float64(last.paragraph+1)/n, c.lead)
}

// title: 4 features.
func (c *scorecard) title(f *row, i int) {
	shared, content := 0.0, 0.0
	c.mark++
	for _, t := range c.a.sentences[i].tokens {
		c.fresh(t.term)
	}
	for _, id := range c.a.title {
		if c.a.terms[id].kind&stop != 0 {
			continue
		}
		content++
		if !c.fresh(id) {
			shared++
		}
	}
	f.add(flag(c.a.hasTitle), shared, ratio(shared, content), ratio(shared, float64(len(c.a.sentences[i].tokens))))
}

// words: 11 features from learned weights of words.
func (c *scorecard) words(f *row, i int) {
	s := &c.a.sentences[i]
	words := float64(len(s.tokens))
	var content, largest, tokens float64
	c.mark++
	for _, t := range s.tokens {
		term := &c.a.terms[t.term]
		p := float64(term.important)
		tokens += p
		if term.kind&stop == 0 && c.fresh(t.term) {
			content += p
			largest = max(largest, p)
		}
	}
	lexical := float64(c.lexical[i])
	rank := 0.0
	for _, v := range c.lexical {
		if v > c.lexical[i] {
			rank++
		}
	}
	all := float64(c.all[i])
	f.add(flag(c.a.lexicon), lexical, ratio(lexical, words), rank, all, ratio(tokens, words), float64(c.mass[i]),
		content, largest, ratio(2*all, words+c.expect), c.expect)
}

// order ranks the sentences by what they say in comparison with the others.
func (c *scorecard) order() {
	n := len(c.a.sentences)
	cells := make([]float32, (len(c.orders)+1)*n)
	values := cells[len(c.orders)*n:]
	index := make([]int, n)
	measures := [len(c.orders)]func(i int) float32{
		func(i int) float32 { return c.center[i] },
		func(i int) float32 { return c.all[i] },
		func(i int) float32 { return c.mass[i] },
		func(i int) float32 { return c.expected(i) },
		func(i int) float32 { return float32(len(c.a.sentences[i].tokens)) },
		func(i int) float32 { return c.density(i) },
		func(i int) float32 { return float32(c.a.sentences[i].capitals) },
		func(i int) float32 { return c.topical(i) },
	}
	for k, measure := range measures {
		c.orders[k] = cells[k*n : (k+1)*n]
		for i := range n {
			values[i], index[i] = measure(i), i
		}
		slices.SortFunc(index, func(x, y int) int { return cmp.Compare(values[y], values[x]) })
		for place, i := range index {
			c.orders[k][i] = float32(place)
			if place > 0 && values[index[place-1]] == values[i] {
				c.orders[k][i] = c.orders[k][index[place-1]]
			}
		}
	}
}

// expected is the ROUGE-1 that a sentence alone is expected to reach.
func (c *scorecard) expected(i int) float32 {
	return float32(ratio(2*float64(c.all[i]), float64(len(c.a.sentences[i].tokens))+c.expect))
}

// density is the mean importance of a sentence's terms.
func (c *scorecard) density(i int) float32 {
	return c.all[i] / float32(len(c.a.sentences[i].tokens)+6)
}

// topical sums how often a sentence's repeated terms come in the text.
func (c *scorecard) topical(i int) float32 {
	c.mark++
	sum := float32(0)
	for _, t := range c.a.sentences[i].tokens {
		if c.top[t.term] && c.fresh(t.term) {
			sum += float32(c.a.terms[t.term].count)
		}
	}
	return sum
}

// ranks: 8 features.
func (c *scorecard) ranks(f *row, i int) {
	for _, places := range c.orders {
		f.add(float64(places[i]))
	}
}
