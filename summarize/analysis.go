package summarize

import (
	"math"
	"unicode"
	"unicode/utf8"
)

// Analysis is one text cut into sentences and terms, with everything the ranker
// looks at. It is exported for the program that learns the weights; others call
// Summarize.
type Analysis struct {
	// Language is the text's base language, "" if unknown.
	Language string
	// Spans holds the sentences, in order, as byte offsets in the text.
	Spans []Span

	text      string
	sentences []sentence
	terms     []term
	title     []int32 // terms of the title, as far as the text uses them
	hasTitle  bool
	titleLen  int
	words     int         // of the whole text
	cosine    [][]float32 // similarity of each pair of sentences
	lexicon   bool        // whether the learned word weights speak this language
}

// sentence is one sentence as the ranker sees it.
type sentence struct {
	paragraph   int // index of its paragraph
	inParagraph int // its index there
	start       int // words of the text before it
	tokens      []token
	norm        float32   // length of its term vector
	needs       reference // what it needs from the text before it
	inside      bool      // begins inside a quotation
	opens       bool      // ends inside a quotation

	surface
}

// token is one occurrence of a term.
type token struct {
	term int32
	kind tokenKind
}

// tokenKind is a set of marks on a token.
type tokenKind uint8

const (
	capital tokenKind = 1 << iota // begins with a capital letter
	number                        // holds a digit
	stop                          // a function word of the language's list, or too short to be content
	first                         // first of its sentence
	person                        // first or second person: I, your
	speech                        // said, told
)

// term is one distinct word stem of the text.
type term struct {
	hash      uint64
	count     int32 // occurrences
	spread    int32 // sentences that hold it
	first     int32 // first sentence that holds it
	last      int32 // last sentence that was counted for spread
	lead      int32 // how many of the first three sentences hold it
	capitals  int32 // occurrences with a capital, sentence starts left out
	mids      int32 // occurrences that do not start a sentence
	runes     int32 // length of the word it was first seen as
	kind      tokenKind
	inTitle   bool
	weight    float32 // of the term in sentence vectors
	mass      float32 // logarithm of count
	important float32 // learned probability that a summary uses it
}

// Analyze cuts a text into the sentences and terms that summaries are made of,
// with the word tables of m. Title and hint (a claimed language) may be empty. Only
// the first half megabyte and the first 600 sentences are looked at.
func Analyze(title, text, hint string, m *Model) *Analysis {
	for cut := min(len(text), maxBytes); ; cut-- {
		if cut == len(text) || utf8.RuneStart(text[cut]) {
			text = text[:cut]
			break
		}
	}
	a := &Analysis{Language: Detect(text, hint), text: text}
	body := TrimBoilerplate(text)
	a.Spans = Split(body, a.Language)
	if len(a.Spans) > maxSentences {
		a.Spans = a.Spans[:maxSentences]
	}
	if len(a.Spans) > 0 {
		a.Spans[0].Start += dateline(text[a.Spans[0].Start:a.Spans[0].End])
	}
	a.lexicon = m.speaks(a.Language)
	a.count(title)
	a.quotations()
	for i := range a.sentences {
		a.sentences[i].needs = a.judge(i)
	}
	a.weigh(m)
	a.compare()
	return a
}

// count fills sentences and terms.
func (a *Analysis) count(title string) {
	r := newReader(a.Language, a.Spans)
	paragraph, inParagraph := 0, 0
	a.sentences = make([]sentence, len(a.Spans))
	for i, span := range a.Spans {
		if i > 0 {
			if newline(a.text[a.Spans[i-1].End:span.Start]) {
				paragraph, inParagraph = paragraph+1, 0
			} else {
				inParagraph++
			}
		}
		s := &a.sentences[i]
		s.paragraph, s.inParagraph, s.start = paragraph, inParagraph, a.words
		s.tokens = r.read(a.text[span.Start:span.End], int32(i))
		s.surface = a.surfaceOf(i)
		a.words += len(s.tokens)
	}
	a.terms = r.terms
	known := len(r.terms)
	for _, t := range r.read(title, -1) {
		a.titleLen++
		if int(t.term) < known {
			a.title = append(a.title, t.term)
			a.terms[t.term].inTitle = true
		}
	}
	a.terms = r.terms[:known]
	a.hasTitle = a.titleLen > 0
}

// newline reports whether gap holds a line's end.
func newline(gap string) bool {
	for i := range len(gap) {
		if gap[i] == '\n' || gap[i] == '\r' {
			return true
		}
	}
	return false
}

// weigh gives every term its weight in sentence vectors and its importance.
func (a *Analysis) weigh(m *Model) {
	for i := range a.terms {
		t := &a.terms[i]
		rare := 1.0
		if a.lexicon {
			rare = float64(m.rarity(t.hash))
		}
		t.weight = float32(rare)
		t.mass = float32(math.Log(float64(t.count)))
		if t.kind&stop != 0 {
			t.weight *= 0.2
		}
		t.important = m.importance(a, i)
	}
	for i := range a.sentences {
		s := &a.sentences[i]
		sum := 0.0
		for _, t := range s.tokens {
			w := float64(a.terms[t.term].weight)
			sum += w * w
		}
		s.norm = float32(math.Sqrt(sum))
	}
}

// compare fills the matrix of cosines.
func (a *Analysis) compare() {
	n := len(a.sentences)
	a.cosine = make([][]float32, n)
	cells := make([]float32, n*n)
	dense := make([]float32, len(a.terms))
	for i := range a.sentences {
		a.cosine[i] = cells[i*n : (i+1)*n]
	}
	for i := range a.sentences {
		s := &a.sentences[i]
		for _, t := range s.tokens {
			dense[t.term] += a.terms[t.term].weight * a.terms[t.term].weight
		}
		for j := i + 1; j < n; j++ {
			o := &a.sentences[j]
			dot := float32(0)
			for _, t := range o.tokens {
				dot += dense[t.term]
			}
			if both := s.norm * o.norm; both > 0 {
				dot /= both
			}
			a.cosine[i][j], a.cosine[j][i] = dot, dot
		}
		for _, t := range s.tokens {
			dense[t.term] = 0
		}
	}
}

// reader turns sentences into tokens and collects their terms.
type reader struct {
	kinds map[uint64]tokenKind
	terms []term
	table []int32 // open addressing: index of a term + 1
	arena []token
}

func newReader(lang string, spans []Span) *reader {
	size := 0
	for _, s := range spans {
		size += s.End - s.Start
	}
	slots := 256
	for slots < size/3 {
		slots *= 2
	}
	return &reader{kinds: wordKinds(lang), table: make([]int32, slots), arena: make([]token, 0, size/5+16)}
}

// stemRunes is how much of a word is kept as its stem: seven characters tell words
// apart as well as a stemmer does and need no rules (facts/summaries.md §4).
const stemRunes = 7

// Parameters of 64-bit FNV-1a.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// read cuts a sentence into tokens; index is its number, -1 for the title.
func (r *reader) read(s string, index int32) []token {
	begin := len(r.arena)
	var w word
	for _, c := range s {
		switch {
		case c < 0x80 && (c|0x20 >= 'a' && c|0x20 <= 'z' || isDigit(c)), c >= 0x80 && (unicode.IsLetter(c) || unicode.IsMark(c) || unicode.IsDigit(c)):
			if unspaced(c) {
				r.end(&w, index, begin)
				r.pair(&w, c, index, begin)
				continue
			}
			w.previous = 0
			w.add(c)
		default:
			r.end(&w, index, begin)
			w.previous = 0
		}
	}
	r.end(&w, index, begin)
	return r.arena[begin:len(r.arena):len(r.arena)]
}

// word is the word being read.
type word struct {
	whole, stem uint64
	runes       int32
	kind        tokenKind
	previous    rune // last character of an unspaced script
}

func (w *word) add(c rune) {
	if w.runes == 0 {
		w.whole, w.stem = fnvOffset, fnvOffset
		if unicode.IsUpper(c) {
			w.kind |= capital
		}
	}
	if c < 0x80 {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		} else if isDigit(c) {
			w.kind |= number
		}
	} else {
		c = unicode.ToLower(c)
	}
	w.whole = (w.whole ^ uint64(c)) * fnvPrime
	if w.runes < stemRunes {
		w.stem = w.whole
	}
	w.runes++
}

// end adds the word being read, if any.
func (r *reader) end(w *word, index int32, begin int) {
	if w.runes == 0 {
		return
	}
	kind := w.kind | r.kinds[w.whole]
	if w.runes < 3 && kind&number == 0 {
		kind |= stop
	}
	r.token(w.stem, kind, w.runes, index, begin)
	*w = word{}
}

// pair adds two neighbouring characters of an unspaced script as one token.
func (r *reader) pair(w *word, c rune, index int32, begin int) {
	previous := w.previous
	w.previous = c
	if previous == 0 {
		return
	}
	h := (uint64(fnvOffset) ^ uint64(previous)) * fnvPrime
	h = (h ^ uint64(c)) * fnvPrime
	kind := tokenKind(0)
	if unicode.Is(unicode.Hiragana, previous) && unicode.Is(unicode.Hiragana, c) {
		// Two Hiragana are inflection or a particle.
		kind = stop
	}
	r.token(h, kind, 4, index, begin)
}

// token counts one occurrence.
func (r *reader) token(hash uint64, kind tokenKind, runes, index int32, begin int) {
	if len(r.arena) == begin {
		kind |= first
	}
	id := r.find(hash, runes, index)
	t := &r.terms[id]
	r.arena = append(r.arena, token{id, kind})
	if index < 0 {
		return
	}
	t.count++
	t.kind |= kind & (stop | number)
	if kind&first == 0 {
		t.mids++
		if kind&capital != 0 {
			t.capitals++
		}
	}
	if t.last != index {
		t.last = index
		t.spread++
		if index < 3 {
			t.lead++
		}
	}
}

// find returns the index of the term with this hash, adding it if it is new.
func (r *reader) find(hash uint64, runes, index int32) int32 {
	if len(r.terms)*2 >= len(r.table) {
		r.grow()
	}
	mask := uint64(len(r.table) - 1)
	for slot := (hash ^ hash>>32) & mask; ; slot = (slot + 1) & mask {
		id := r.table[slot] - 1
		if id < 0 {
			r.terms = append(r.terms, term{hash: hash, first: index, last: -2, runes: runes})
			r.table[slot] = int32(len(r.terms))
			return int32(len(r.terms) - 1)
		}
		if r.terms[id].hash == hash {
			return id
		}
	}
}

// grow doubles the table.
func (r *reader) grow() {
	table := make([]int32, len(r.table)*2)
	mask := uint64(len(table) - 1)
	for i := range r.terms {
		slot := (r.terms[i].hash ^ r.terms[i].hash>>32) & mask
		for table[slot] != 0 {
			slot = (slot + 1) & mask
		}
		table[slot] = int32(i + 1)
	}
	r.table = table
}

// Hashes returns the hashes of a sentence's terms, one for each token in order.
func (a *Analysis) Hashes(i int) []uint64 {
	tokens := a.sentences[i].tokens
	hashes := make([]uint64, len(tokens))
	for k, t := range tokens {
		hashes[k] = a.terms[t.term].hash
	}
	return hashes
}

// TermHashes returns the hash of every distinct term.
func (a *Analysis) TermHashes() []uint64 {
	hashes := make([]uint64, len(a.terms))
	for i := range a.terms {
		hashes[i] = a.terms[i].hash
	}
	return hashes
}

// HashText returns the hashes of the terms of any text, one for each token.
func HashText(text, lang string) []uint64 {
	r := newReader(lang, nil)
	tokens := r.read(text, 0)
	hashes := make([]uint64, len(tokens))
	for k, t := range tokens {
		hashes[k] = r.terms[t.term].hash
	}
	return hashes
}

// Term is one word of a text as grouping sees it.
type Term struct {
	Hash    uint64  // of the stem
	Capital bool    // begins with a capital letter
	Number  bool    // holds a digit
	Stop    bool    // a function word
	Rarity  float32 // learned inverse document frequency, 0 if the language was not learned
}

// Terms returns the terms of a text in order, at most limit of them. Lang is a
// BCP 47 base language.
func Terms(text, lang string, limit int) []Term {
	text = text[:min(len(text), limit*24)]
	m := weights()
	known := m.speaks(lang)
	r := newReader(lang, nil)
	tokens := r.read(text, 0)
	terms := make([]Term, 0, min(len(tokens), limit))
	for _, t := range tokens[:min(len(tokens), limit)] {
		h := r.terms[t.term].hash
		term := Term{Hash: h, Capital: t.kind&capital != 0, Number: t.kind&number != 0, Stop: t.kind&stop != 0}
		if known {
			term.Rarity = m.rarity(h)
		}
		terms = append(terms, term)
	}
	return terms
}
