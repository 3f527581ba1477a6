package summarize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxQuotation is over how many sentences a quotation may run; a mark that is not
// answered within them is taken for a stray one.
const maxQuotation = 5

// quotations marks the sentences that begin inside a quotation or end inside one.
func (a *Analysis) quotations() {
	for i := 0; i < len(a.sentences); i++ {
		open := a.quoteAfter(i, 0)
		if open == 0 {
			continue
		}
		if i+1 < len(a.sentences) && a.reopens(i+1, open) {
			// Each paragraph of a long quotation opens it again; only the last closes it.
			continue
		}
		end := i + 1
		for end < len(a.sentences) && end < i+maxQuotation && a.sentences[end].paragraph == a.sentences[i].paragraph {
			if open = a.quoteAfter(end, open); open == 0 {
				break
			}
			end++
		}
		a.sentences[i].opens = true
		if open != 0 || end == len(a.sentences) {
			// Never answered: only this sentence is spoilt.
			continue
		}
		for k := i; k < end; k++ {
			a.sentences[k].opens = true
			a.sentences[k+1].inside = true
		}
		i = end
	}
}

// reopens reports whether sentence i begins with the mark that belongs to closing.
func (a *Analysis) reopens(i int, closing rune) bool {
	r, _ := utf8.DecodeRuneInString(a.text[a.Spans[i].Start:])
	switch closing {
	case '”':
		return r == '“'
	case '’':
		return r == '‘'
	case '»':
		return r == '«'
	}
	// A straight mark opens unless the quotation ends right there.
	second, _ := utf8.DecodeRuneInString(strings.TrimLeft(a.text[a.Spans[i].Start+1:], " "))
	return r == closing && (unicode.IsUpper(second) || closing == '\'' && unicode.IsLetter(second))
}

// quoteAfter returns the mark that would close the quotation which is open after
// sentence i, 0 for none; open is that at its start.
func (a *Analysis) quoteAfter(i int, open rune) rune {
	s := a.text[a.Spans[i].Start:a.Spans[i].End]
	if open == 0 && !strings.ContainsAny(s, "\"“„«‘'「") {
		return 0
	}
	before := ' '
	for at, r := range s {
		switch {
		case open != 0:
			if r == open && (r != '\'' && r != '’' || closes(s, at, before)) || open == '”' && r == '"' {
				open = 0
			}
		case r == '"':
			open = '"'
		case r == '“':
			open = '”'
		case r == '„':
			open = '“'
		case r == '«':
			open = '»'
		case r == '「':
			open = '」'
		case r == '‘' && !unicode.IsLetter(before):
			open = '’'
		case r == '\'' && opens(s, at, before):
			open = '\''
		}
		before = r
	}
	return open
}

// opens reports whether the straight single quote at at begins a quotation and is
// no apostrophe: white space before it, and after it a word that is no contraction,
// with another mark later on.
func opens(s string, at int, before rune) bool {
	if before != ' ' && before != '(' && before != '\u00a0' {
		return false
	}
	rest := s[at+1:]
	next, _ := utf8.DecodeRuneInString(rest)
	if next == ' ' && strings.HasSuffix(s[:at], "s ") && !strings.Contains(rest, " '") {
		// Tokenised text: the boats ' owners.
		return false
	}
	if unicode.IsUpper(next) || next == ' ' {
		return true
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
	if end <= 0 {
		return false
	}
	switch rest[:end] {
	case "s", "re", "ve", "ll", "d", "m", "t", "em", "n", "til", "cause", "tis", "twas":
		return false
	}
	return strings.Contains(rest, "'")
}

// closes reports whether the single quote at at ends a quotation: no letter after
// it, and not a plural's apostrophe.
func closes(s string, at int, before rune) bool {
	_, size := utf8.DecodeRuneInString(s[at:])
	next, _ := utf8.DecodeRuneInString(s[at+size:])
	return !unicode.IsLetter(next) && !unicode.IsDigit(next) && (before != 's' || at+size == len(s) || next != ' ')
}
