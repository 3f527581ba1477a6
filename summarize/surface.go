package summarize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// surface is how a sentence looks, whatever its words mean.
type surface struct {
	runes, letters    int
	digits, upper     int // digits and capital letters
	marks             int // characters that are no white space
	capitals, numbers int // tokens with a capital (the first left out), with a digit
	stops             int
	commas, quotes    int
	question, colon   bool
	brackets, dashes  bool
	ended             bool // ends with a stop, so it is not a heading or a caption
	startsQuote       bool
	startsSmall       bool // begins with a small letter: a piece of a sentence
	pronouns          int  // first and second person
	said              int  // words such as said, told
	capitalRun        int  // longest run of capitalised tokens
	meanLength        float32
}

// surfaceOf reads the characters of sentence i.
func (a *Analysis) surfaceOf(i int) surface {
	span := a.Spans[i]
	s := a.text[span.Start:span.End]
	var f surface
	for _, r := range s {
		f.runes++
		if r != ' ' {
			f.marks++
		}
		switch r {
		case ',', '，', '、', ';':
			f.commas++
		case '"':
			f.quotes++
		case '“', '„', '«', '「', '『':
			f.quotes++
		case '?', '？':
			f.question = true
		case ':', '：':
			f.colon = true
		case '(', '[', '（':
			f.brackets = true
		case '–', '—':
			f.dashes = true
		default:
			switch {
			case r >= 'a' && r <= 'z':
				f.letters++
			case r >= '0' && r <= '9':
				f.digits++
			case unicode.IsLetter(r):
				f.letters++
				if unicode.IsUpper(r) {
					f.upper++
				}
			case unicode.IsMark(r), unicode.IsDigit(r):
				f.digits++
			}
		}
	}
	r, _ := utf8.DecodeRuneInString(s)
	f.startsQuote = strings.ContainsRune(`"“„«「'‘`, r)
	f.startsSmall = unicode.IsLower(r)
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, closers+" "))
	f.ended = strings.ContainsRune(".!?…", last) || fullStop(last)
	a.countKinds(i, &f)
	return f
}

// countKinds adds what the sentence's tokens say.
func (a *Analysis) countKinds(i int, f *surface) {
	tokens := a.sentences[i].tokens
	run := 0
	for _, t := range tokens {
		if t.kind&capital != 0 && t.kind&first == 0 {
			f.capitals++
		}
		if t.kind&capital != 0 {
			run++
			f.capitalRun = max(f.capitalRun, run)
		} else {
			run = 0
		}
		if t.kind&number != 0 {
			f.numbers++
		}
		if t.kind&stop != 0 {
			f.stops++
		}
		if t.kind&person != 0 {
			f.pronouns++
		}
		if t.kind&speech != 0 {
			f.said++
		}
	}
	if len(tokens) > 0 {
		f.meanLength = float32(f.letters) / float32(len(tokens))
	}
}
