package summarize

import "unicode"

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
