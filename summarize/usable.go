package summarize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// judgeUse marks the sentences that may be part of a summary at all and finds the
// first of them.
func (a *Analysis) judgeUse() {
	ended := 0
	for i := range a.sentences {
		if a.sentences[i].ended {
			ended++
		}
	}
	a.entry = len(a.sentences)
	for i := range a.sentences {
		s := &a.sentences[i]
		s.usable = a.tells(i, ended >= minEnded) && !a.repeatsTitle(i)
		if s.usable && a.entry > i {
			a.entry = i
		}
	}
}

// minEnded is how many sentences with a stop show that a text uses stops, so that a
// line without one is a heading, a caption or an item of a list.
const minEnded = 4

// tells reports whether sentence i has a few words and is no line of boilerplate,
// code, a list or an address; stops says whether the text's sentences have stops.
func (a *Analysis) tells(i int, stops bool) bool {
	s := &a.sentences[i]
	text := a.text[a.Spans[i].Start:a.Spans[i].End]
	switch {
	case len(s.tokens) < 4, !s.ended && (stops || len(s.tokens) < 7):
		return false
	case (s.letters+s.digits)*5 < s.marks*4:
		return false // code, a table
	case s.upper*5 > s.letters*3 && s.letters > 20:
		return false // shouting
	case s.numbers*2 >= len(s.tokens):
		return false // when it was published
	case listItem(text), strings.Contains(text, "://"):
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	return last != ':' && last != '：' && !chrome(text)
}

// listItem reports whether a sentence is an item of a list: it begins with a bullet
// or a number in brackets or with a stop.
func listItem(s string) bool {
	first, size := utf8.DecodeRuneInString(s)
	switch first {
	case '•', '⁃', '●', '▪', '►', '▶', '✓', '✔', '→', '※', '*', '#':
		return true
	case '-', '–', '—', '+':
		return strings.HasPrefix(s[size:], " ")
	}
	digits := 0
	for digits < len(s) && isDigit(rune(s[digits])) {
		digits++
	}
	if digits == 0 || digits > 2 || digits == len(s) || s[digits] != '.' && s[digits] != ')' {
		return false
	}
	next, _ := utf8.DecodeRuneInString(s[digits+1:])
	return !unicode.IsDigit(next)
}

// repeatsTitle reports whether sentence i says the headline again and hardly
// anything else: four fifths of its content words are the title's.
func (a *Analysis) repeatsTitle(i int) bool {
	if !a.hasTitle {
		return false
	}
	content, shared := 0, 0
	for _, t := range a.sentences[i].tokens {
		term := &a.terms[t.term]
		if term.kind&stop != 0 {
			continue
		}
		content++
		if term.inTitle {
			shared++
		}
	}
	return content > 0 && shared*5 >= content*4
}
