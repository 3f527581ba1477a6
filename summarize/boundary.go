package summarize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// joins reports whether the boundary at position at, found by Unicode's rules, is
// inside a sentence that began at from.
func (s *splitter) joins(from, at, end int) bool {
	left := strings.TrimRightFunc(s.text[from:at], unicode.IsSpace)
	right := s.text[at:min(end, at+80)]
	gap := strings.TrimLeftFunc(right, unicode.IsSpace)
	if left == "" || gap == "" {
		return left == ""
	}
	closed := strings.TrimRight(left, closers)
	mark, size := utf8.DecodeLastRuneInString(closed)
	body := closed[:len(closed)-size]
	opened := strings.TrimLeft(gap, openers)
	next, _ := utf8.DecodeRuneInString(opened)
	glued := len(gap) == len(right) && at-from == len(left)
	switch {
	case fullStop(mark):
		// "。」と言った": a quotation inside the sentence.
		return len(closed) < len(left) && strings.HasPrefix(gap, "と") || len(left) < maxBracket && s.bracketed(left)
	case unicode.IsLower(next) && len(gap) == len(opened) && !s.letterItem(gap):
		return true
	case mark == '.' && strings.HasSuffix(body, ".") || mark == '…':
		return !unicode.IsUpper(next) && !unicode.IsLetter(next) || unicode.IsLower(next)
	case mark == '!' || mark == '?':
		return s.exclamation(body, next, glued)
	case mark == '.':
		return s.stopJoins(body, opened, next)
	}
	return false
}

// Characters that may stand between a stop and the space after it, or between
// the space and the first letter.
const (
	closers = "\"'”’»)]}›“」』）"
	openers = "\"'“‘«([{‹„¿¡-–— "
)

// fullStop reports whether r ends a sentence and nothing else.
func fullStop(r rune) bool {
	switch r {
	case '。', '！', '？', '．', '।', '۔', '؟', '։', '።', '፧', '။', '၊':
		return true
	}
	return false
}

// maxBracket bounds the bytes of a sentence in which an open bracket is believed:
// one that is never closed must not swallow the text.
const maxBracket = 600

// bracketed reports whether a bracket of East Asian writing is still open in left.
func (s *splitter) bracketed(left string) bool {
	for _, pair := range [...][2]string{{"（", "）"}, {"「", "」"}, {"『", "』"}} {
		if strings.Count(left, pair[0]) > strings.Count(left, pair[1]) {
			return true
		}
	}
	return false
}

// letterItem reports whether rest begins with a list's letter: "b. another".
func (s *splitter) letterItem(rest string) bool {
	return len(rest) > 3 && rest[0] >= 'a' && rest[0] <= 'z' && (rest[1] == '.' || rest[1] == ')') && rest[2] == ' ' && rest[3] != ' '
}

// exclamation reports whether "!" or "?" belongs to a name: Yahoo! reported, Jeopardy! host.
func (s *splitter) exclamation(body string, next rune, glued bool) bool {
	return glued && unicode.IsLetter(next) || next == ',' || strings.HasSuffix(body, "Yahoo") && !unicode.IsUpper(next)
}

// stopJoins reports whether the sentence goes on after body + "."; opened is what
// follows without quotes and brackets, next its first character.
func (s *splitter) stopJoins(body, opened string, next rune) bool {
	if strings.ContainsRune(",;:", next) {
		return true
	}
	word := body[strings.LastIndexFunc(body, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("(\"“‘[«„/", r) })+1:]
	word = strings.TrimLeftFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '№' })
	if word == "" {
		return strings.TrimSpace(body) == ""
	}
	if _, elided, ok := strings.Cut(word, "'"); ok && (s.lang == "it" || s.lang == "fr") {
		word = elided // l'Ing. Rossi
	}
	before := strings.TrimRight(body[:len(body)-len(word)], " ")
	low := strings.ToLower(word)
	first, size := utf8.DecodeRuneInString(word)
	if digits(word) {
		return s.numberJoins(word, before, opened, next)
	}
	if size == len(word) && unicode.IsLetter(first) && s.kind(low) == noAbbreviation {
		return s.initialJoins(first, before, opened, next)
	}
	switch s.kind(low) {
	case always:
		return true
	case beforeNumber:
		return isDigit(next) || size == len(word) && unicode.IsUpper(next) && before == ""
	case usually:
		if strings.HasSuffix(low, ".m") && s.titled(opened) {
			return false
		}
		return !unicode.IsUpper(next) && !isDigit(next) || !s.starts(opened) && !caseless(next)
	}
	if dotted(low) {
		return !s.starts(opened)
	}
	return false
}

// numberJoins: "1. First" at the start of a line, and where ordinals carry a stop
// (German, Danish, Polish …) "am 3. Oktober", "der 2. Weltkrieg".
func (s *splitter) numberJoins(word, before, opened string, next rune) bool {
	if before == "" || strings.Trim(before, "•⁃*-–— ") == "" {
		return len(word) <= 3
	}
	switch s.lang {
	case "de", "da", "no", "nb", "pl", "cs", "fi", "hu", "tr", "hr", "sl":
		return len(word) <= 2 && unicode.IsUpper(next) && !s.starts(opened)
	}
	return false
}

// initialJoins: "Jonas E. Smith" is one name, "you and I. Did" two sentences.
func (s *splitter) initialJoins(initial rune, before, opened string, next rune) bool {
	if !unicode.IsUpper(initial) {
		// A list's letter at the start of a line ("a. The first item"), or an
		// abbreviation of two words ("z. B.", "u. Ä.").
		_, size := utf8.DecodeRuneInString(opened)
		return before == "" || len(opened) > size && unicode.IsLetter(next) && opened[size] == '.'
	}
	if !unicode.IsUpper(next) && !isDigit(next) || before == "" {
		return true
	}
	previous := before[strings.LastIndexByte(before, ' ')+1:]
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(previous, openers))
	if unicode.IsLower(r) && (initial == 'I' || s.starts(opened)) {
		return false
	}
	return !s.starts(opened) || unicode.IsUpper(r) && initial != 'I'
}

// starts reports whether rest begins with a word that begins sentences.
func (s *splitter) starts(rest string) bool {
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(rest)
	}
	first, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsUpper(first) && s.starters[strings.ToLower(rest[:end])]
}

// titled reports whether rest begins with a person's title, as in "at 6 p.m. Mr. Smith".
func (s *splitter) titled(rest string) bool {
	word, _, _ := strings.Cut(rest, " ")
	switch word {
	case "Mr.", "Mrs.", "Ms.", "Dr.", "Hr.", "Fr.", "Prof.":
		return true
	}
	return false
}

// kind looks an abbreviation up, without its last stop and in lower case.
func (s *splitter) kind(low string) abbreviation {
	if k := s.abbr[low]; k != noAbbreviation {
		return k
	}
	return s.common[low]
}

// wordBefore returns the characters before i back to white space or a bracket.
func (s *splitter) wordBefore(i int) string {
	start := i
	for start > 0 && i-start < 64 && strings.IndexByte(" \t\n([\"", s.text[start-1]) < 0 {
		start--
	}
	return strings.TrimLeft(s.text[start:i], "'’‘“”")
}

// dotted reports whether low is letters with stops between: u.n, z.b, м.в.
func dotted(low string) bool {
	letters := 0
	for part := range strings.SplitSeq(low, ".") {
		if utf8.RuneCountInString(part) != 1 {
			return false
		}
		letters++
	}
	return letters > 1
}

// digits reports whether word is an Arabic number.
func digits(word string) bool {
	return strings.IndexFunc(word, func(r rune) bool { return !isDigit(r) }) < 0
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isASCIIAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// caseless reports whether r is a letter of a script without capitals.
func caseless(r rune) bool {
	return unicode.IsLetter(r) && !unicode.IsUpper(r) && !unicode.IsLower(r)
}
