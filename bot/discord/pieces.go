package discord

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// pieces cuts s into parts of at most n code points whose concatenation is s,
// parts of nothing but white space left out. It cuts at the last end of a line
// in a part's second half, else of a sentence there, else of a word, else
// anywhere between two code points.
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
	// The code point after the limit may be the white space that ends a word.
	_, next := utf8.DecodeRuneInString(s[limit:])
	for _, cut := range []struct {
		find  func(string) int
		after int
	}{{lineEnd, half}, {sentenceEnd, half}, {wordEnd, 0}} {
		window := s[:limit+next]
		for {
			i := min(cut.find(window), limit)
			if i <= cut.after {
				break
			}
			open := linkAround(s, i)
			if open < 0 {
				return i
			}
			window = s[:open]
		}
	}
	if open := linkAround(s, limit); open > 0 {
		return open
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

// linkAround returns where the masked link begins that a cut at i would tear
// apart, or -1.
func linkAround(s string, i int) int {
	open := strings.LastIndexByte(s[:i], '[')
	if open < 0 || open > 0 && s[open-1] == '\\' || strings.Contains(s[open:i], "\n") {
		return -1
	}
	if end := strings.Index(s[open:], ">)"); end < 0 || open+end+2 <= i {
		return -1
	}
	return open
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
