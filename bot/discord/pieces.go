package discord

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// pieces cuts s into parts of at most n code points whose concatenation is s,
// parts of nothing but white space left out. It cuts at the last end of a line
// of a part's second half, else of a sentence, else of a word, else anywhere
// between two code points.
func pieces(s string, n int) []string {
	var out []string
	for s != "" {
		end := len(s)
		if runes(s) > n {
			end = cutAt(s, n)
		}
		if part := s[:end]; !blank(part) {
			out = append(out, part)
		}
		s = s[end:]
	}
	return out
}

// cutAt returns where to cut s, which is longer than n code points: between 1
// and the n-th code point.
func cutAt(s string, n int) int {
	limit := byteIndex(s, n)
	half := byteIndex(s, n/2)
	window := s[:limit]
	// The code point after the window may be the white space that ends a word.
	if r, _ := utf8.DecodeRuneInString(s[limit:]); unicode.IsSpace(r) {
		return limit
	}
	for _, find := range []func(string) int{lineEnd, sentenceEnd, wordEnd} {
		if i := find(window); i > half && !insideLink(s, i) {
			return i
		}
	}
	return wholeRune(s, limit)
}

// byteIndex returns the byte offset of the n-th code point of s.
func byteIndex(s string, n int) int {
	i := 0
	for pos := range s {
		if i == n {
			return pos
		}
		i++
	}
	return len(s)
}

func lineEnd(s string) int { return strings.LastIndexByte(s, '\n') + 1 }

func sentenceEnd(s string) int {
	best := 0
	for i, r := range s {
		switch r {
		case '。', '！', '？':
			best = i + utf8.RuneLen(r)
		case '.', '!', '?', '…':
			rest := s[i+utf8.RuneLen(r):]
			if next, size := utf8.DecodeRuneInString(rest); unicode.IsSpace(next) {
				best = i + utf8.RuneLen(r) + size
			}
		}
	}
	return best
}

func wordEnd(s string) int {
	i := strings.LastIndexFunc(s, unicode.IsSpace)
	if i < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return i + size
}

// insideLink reports whether a cut at i would tear a masked link apart.
func insideLink(s string, i int) bool {
	open := strings.LastIndex(s[:i], "[")
	if open < 0 || open > 0 && s[open-1] == '\\' {
		return false
	}
	closing := strings.Index(s[open:], ">)")
	return closing >= 0 && open+closing+2 > i && !strings.Contains(s[open:i], "\n")
}

// wholeRune moves a cut that would part a backslash from what it escapes.
func wholeRune(s string, i int) int {
	slashes := 0
	for slashes < i && s[i-1-slashes] == '\\' {
		slashes++
	}
	if slashes%2 == 1 && i > 1 {
		return i - 1
	}
	return i
}
