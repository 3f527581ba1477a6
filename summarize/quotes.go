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
// no apostrophe: white space before it, a letter or a space after it.
func opens(s string, at int, before rune) bool {
	next, _ := utf8.DecodeRuneInString(s[at+1:])
	return (before == ' ' || before == '(') && (unicode.IsUpper(next) || next == ' ' || unicode.IsLower(next) && strings.Contains(s[at+1:], "'")) &&
		len(s) > at+1
}

// closes reports whether the single quote at at ends a quotation: no letter after
// it, and not a plural's apostrophe.
func closes(s string, at int, before rune) bool {
	_, size := utf8.DecodeRuneInString(s[at:])
	next, _ := utf8.DecodeRuneInString(s[at+size:])
	return !unicode.IsLetter(next) && !unicode.IsDigit(next) && (before != 's' || at+size == len(s) || next != ' ')
}
