package summarize

import (
	"strings"
	"unicode"
)

// openness says whether a sentence can begin a summary.
type openness uint8

const (
	// introduces: it speaks of nothing as known.
	introduces openness = iota
	// hints: it speaks of something as known that no earlier sentence calls by that
	// word ("issued the warning"); a summary of one line puts up with that.
	hints
	// leans: what it speaks of as known, an earlier sentence told of.
	leans
)

// How much of a sentence is looked at, in words: for an "also" that adds it to the
// sentence before, and for things it speaks of as known.
const (
	addingWords   = 8
	definiteWords = 12
)

// lean finds what sentence i takes as known from the text before it: names that are
// told in full only there, and things that it calls the one spoken of. It must be
// called for the sentences in order.
func (a *Analysis) lean(i int) {
	s := &a.sentences[i]
	a.bareNames(i)
	a.fullNames(i)
	if i <= a.entry {
		return
	}
	if a.answers(i) || a.bareIt(i) || a.countsOn(i) || a.before(i, whose) {
		s.opening = leans
	}
	s.asks = strings.HasSuffix(strings.TrimRight(a.text[a.Spans[i].Start:a.Spans[i].End], closers), "?")
	for k, t := range s.tokens {
		switch {
		case t.kind&adding != 0 && k < addingWords:
			s.opening = leans
		case t.kind&pointing != 0 && (k+1 == len(s.tokens) || s.tokens[k+1].kind&dated == 0):
			s.points = true
			s.opening = leans
		case t.kind&definite != 0:
			a.definiteAt(i, k)
		}
	}
}

// countsOn reports whether English sentence i begins with one of a row of things: the
// first recording.
func (a *Analysis) countsOn(i int) bool {
	if a.Language != "en" {
		return false
	}
	words := leadingWords(a.text[a.Spans[i].Start:a.Spans[i].End], 2)
	if len(words) < 2 || words[0] != "The" {
		return false
	}
	switch words[1] {
	case "first", "second", "third", "fourth", "last", "final", "next", "other", "same":
		return true
	}
	return false
}

// bareIt reports whether sentence i comes to its subject after a clause, and that is
// an "it" for which the clause has no name: "In the end, it sank."
func (a *Analysis) bareIt(i int) bool {
	s := a.text[a.Spans[i].Start:a.Spans[i].End]
	at := strings.Index(s[:min(len(s), opening/2)], ", it ")
	return at > 0 && a.Language == "en" && strings.IndexFunc(s[1:at], unicode.IsUpper) < 0
}

// definiteAt looks at the noun after the article at token k of sentence i. What was
// spoken of before and is not told apart here ("the claims", but not "the claims of
// the owner") is what the text before told of.
func (a *Analysis) definiteAt(i, k int) {
	s := &a.sentences[i]
	end := k + 1
	for end < len(s.tokens) && end <= k+3 && s.tokens[end].kind&(stop|capital) == 0 {
		end++
	}
	if end == k+1 || end < len(s.tokens) && s.tokens[end].kind&(telling|capital) != 0 {
		return
	}
	noun := s.tokens[k+1] // its verb is among them: the hackers threatened attacks
	for j := end - 1; j > k && end < k+4; j-- {
		if noun = s.tokens[j]; int(a.terms[noun.term].first) < i {
			break // it was spoken of, its verb was not: the bills add up
		}
	}
	term := &a.terms[noun.term]
	if s.tokens[k+1].kind&unique != 0 || noun.kind&unique != 0 || term.inTitle {
		return
	}
	told := int(term.first) < i
	if told && (k == 0 || noun.kind&role != 0 && s.noun == 0) {
		s.noun = noun.term + 1
	}
	switch {
	case told || k == 0:
		s.opening = leans
	case k < definiteWords:
		s.opening = max(s.opening, hints)
	}
}

// bareNames finds out whether sentence i has a name that an earlier one tells in full:
// Lindqvist after Marta Lindqvist.
func (a *Analysis) bareNames(i int) {
	s := &a.sentences[i]
	for k, t := range s.tokens {
		term := &a.terms[t.term]
		inFull := k > 0 && s.tokens[k-1].kind&capital != 0 || goesOn(s.tokens, k)
		if i > a.entry && term.fullIn > 0 && !term.inTitle && term.capitals == term.mids && named(t) && !inFull {
			s.opening = leans
		}
	}
}

// fullNames notes the names of several words in sentence i, by their last word.
func (a *Analysis) fullNames(i int) {
	tokens := a.sentences[i].tokens
	for k := 1; k < len(tokens); k++ {
		term := &a.terms[tokens[k].term]
		if int(term.first) == i && named(tokens[k]) && named(tokens[k-1]) && !goesOn(tokens, k) {
			term.fullIn = int32(i + 1)
		}
	}
}

// named reports whether a token looks like a part of a name.
func named(t token) bool { return t.kind&capital != 0 && t.kind&stop == 0 }

// goesOn reports whether the word after token k has a capital too.
func goesOn(tokens []token, k int) bool {
	return k+1 < len(tokens) && tokens[k+1].kind&capital != 0
}

// introduced reports whether what sentence set[k] takes as known is told by the
// sentences of the set before it; a first sentence must tell everything itself.
func (a *Analysis) introduced(set []int, k int) bool {
	s := &a.sentences[set[k]]
	if s.asks && (k+1 == len(set) || set[k+1] != set[k]+1) {
		return false // a question whose answer is left out
	}
	if k == 0 {
		return s.opening == introduces || s.opening == hints && len(set) == 1
	}
	if set[k-1] == set[k]-1 {
		return true
	}
	return !s.points && (s.noun == 0 || set[k-1] == set[k]-2 || a.mentioned(set[:k], s.noun-1))
}

// mentioned reports whether one of the sentences holds term.
func (a *Analysis) mentioned(set []int, term int32) bool {
	for _, i := range set {
		for _, t := range a.sentences[i].tokens {
			if t.term == term {
				return true
			}
		}
	}
	return false
}
