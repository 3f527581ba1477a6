package summarize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// datelines is how many sentences at the start of a text can have one.
const datelines = 4

// maxDateline is the length in bytes of the longest dateline.
const maxDateline = 60

// dateline returns how many bytes at the start of an article name where and by whom
// it was written: "LONDON (Reuters) - ", "(CNN)", "BERLIN, May 5 — ". They are no
// part of the first sentence.
func dateline(s string) int {
	head := s[:min(len(s), maxDateline)]
	if n := agency(head, s); n > 0 {
		return n
	}
	at, size := -1, 0
	for _, dash := range []string{" - ", " -- ", " — ", " – ", " —", "— ", ": "} {
		if i := strings.Index(head, dash); i > 0 && (at < 0 || i < at) {
			at, size = i, len(dash)
		}
	}
	if at < 0 || !place(s[:at], true) && (s[at] == ':' || !cityAndState(s[:at])) {
		return 0
	}
	return rest(s, at+size)
}

// agency handles datelines that name the agency in brackets.
func agency(head, s string) int {
	open := strings.IndexByte(head, '(')
	if open < 0 {
		return 0
	}
	end := strings.IndexByte(head[open:], ')')
	if end < 2 || end > 28 {
		return 0
	}
	end += open
	name := head[open+1 : end]
	first, _ := utf8.DecodeRuneInString(name)
	if !unicode.IsUpper(first) && !strings.HasPrefix(name, "dpa") || open > 0 && !place(head[:open], false) {
		return 0
	}
	after := strings.TrimLeft(s[end+1:], " ")
	dashed := strings.HasPrefix(after, "-") || strings.HasPrefix(after, "–") || strings.HasPrefix(after, "—")
	if !dashed && open > 0 && !known(name) || !dashed && strings.Contains(name, ",") {
		return 0
	}
	return rest(s, end+1)
}

// known reports whether name is an agency that is written without a dash after it.
func known(name string) bool {
	switch name {
	case "CNN", "AP", "AFP", "Reuters", "dpa", "BBC", "UPI", "CNS", "KNA", "EFE", "ANSA", "ANP", "Lusa", "Bloomberg":
		return true
	}
	return false
}

// place reports whether s can be the place and day of a dateline: capitalised words
// and numbers only; strict wants the first word in capitals throughout.
func place(s string, strict bool) bool {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '/' })
	if len(words) == 0 || len(words) > 6 {
		return false
	}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	if strict && len(words) > 1 && (words[0] == "ST" || words[0] == "ST.") {
		words = words[1:]
	}
	return !strict || utf8.RuneCountInString(words[0]) > 2 && strings.ToUpper(words[0]) == words[0] && !unicode.IsDigit(rune(words[0][0]))
}

// cityAndState reports whether s is a place such as "New York, NY" or "Austin, Texas".
func cityAndState(s string) bool {
	city, state, ok := strings.Cut(s, ", ")
	return ok && place(city, false) && place(state, false) && !strings.ContainsAny(s, "0123456789") && len(strings.Fields(s)) <= 4
}

// rest returns where the sentence after a dateline that ends at from begins, 0 if
// what follows does not look like the beginning of one.
func rest(s string, from int) int {
	n := len(s) - len(strings.TrimLeft(s[from:], " -–—:"))
	if n >= len(s) {
		return 0
	}
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s[n:], openers))
	if unicode.IsUpper(r) || unicode.IsDigit(r) || caseless(r) {
		return n
	}
	return 0
}
