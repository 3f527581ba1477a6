package summarize

import (
	"math"
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
	entry     int         // first sentence that is usable
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
	opening     openness  // whether it can begin a summary
	points      bool      // says "this" of something
	asks        bool      // is a question
	noun        int32     // 1 + term of the thing that it begins with as known, 0 for none
	usable      bool      // may be part of a summary
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
type tokenKind uint16

const (
	capital  tokenKind = 1 << iota // begins with a capital letter
	number                         // holds a digit
	stop                           // a function word of the language's list, or too short to be content
	first                          // first of its sentence
	person                         // first or second person: I, your
	speech                         // said, told
	other                          // third person: he, her
	several                        // they, them
	definite                       // the
	pointing                       // this, these
	adding                         // also
	dated                          // after "this" a time: week
	telling                        // after a noun says which one is meant: of, who
	unique                         // there is only one of it: the government
	role                           // somebody or something of a kind: the company
)

// term is one distinct word stem of the text.
type term struct {
	hash      uint64
	count     int32 // occurrences
	spread    int32 // sentences that hold it
	first     int32 // first sentence that holds it
	fullIn    int32 // 1 + sentence in which it ends a name of several words
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
	for i := range a.Spans[:min(len(a.Spans), datelines)] {
		// A heading or a caption may stand before the sentence that has it.
		if i == 0 || newline(text[a.Spans[i-1].End:a.Spans[i].Start]) {
			a.Spans[i].Start += dateline(text[a.Spans[i].Start:a.Spans[i].End])
		}
	}
	a.lexicon = m.speaks(a.Language)
	a.count(title)
	a.quotations()
	a.judgeUse()
	for i := range a.sentences {
		a.sentences[i].needs = a.judge(i)
		a.lean(i)
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
		sum := float32(0)
		for _, t := range s.tokens {
			sum += dense[t.term]
		}
		// Each occurrence adds its term's whole weight once more: that is the square.
		s.norm = float32(math.Sqrt(float64(sum)))
		for j := range i {
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
