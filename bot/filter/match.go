package filter

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// matcher finds a rule's text in a field, given as it is and folded.
type matcher struct {
	text    string // folded; for Word and Phrase
	pattern *regexp.Regexp
}

func newMatcher(r Rule) (matcher, error) {
	if r.Kind != Pattern {
		return matcher{text: fold(r.Text)}, nil
	}
	re, err := regexp.Compile("(?i)" + r.Text)
	if err != nil {
		return matcher{}, fmt.Errorf("filter rule %q: %w", r, err)
	}
	return matcher{pattern: re}, nil
}

// in reports whether the rule's text is found.
func (m matcher) in(text, folded string) bool {
	if m.pattern != nil {
		return m.pattern.MatchString(text)
	}
	first, _ := utf8.DecodeRuneInString(m.text)
	last, _ := utf8.DecodeLastRuneInString(m.text)
	for from := 0; ; {
		i := strings.Index(folded[from:], m.text)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(m.text)
		before, _ := utf8.DecodeLastRuneInString(folded[:start])
		after, _ := utf8.DecodeRuneInString(folded[end:])
		if edge(before, first) && edge(last, after) {
			return true
		}
		_, size := utf8.DecodeRuneInString(folded[start:])
		from = start + size
	}
}

// edge reports whether a word can end between two neighbouring runes: where one
// of them is no part of words, or of a script that does not part words by blanks.
func edge(a, b rune) bool {
	if unicode.Is(unicode.M, b) {
		return false // b is an accent on a
	}
	return !wordRune(a) || !wordRune(b) || unspaced(a) || unspaced(b)
}

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) || r == '_')
}

// unspaced reports whether r belongs to a script whose words are not parted by
// blanks, or, as in Korean, take endings without one.
func unspaced(r rune) bool {
	if r < 0x0E00 {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) || r == 'ー'
}

// fold makes texts comparable: compatibility forms, case and kinds of blanks,
// apostrophes and hyphens do not count, nor do soft hyphens.
func fold(s string) string {
	if ascii(s) {
		// Many texts; Unicode's tables cost three times as much.
		s = strings.ToLower(s)
	} else {
		s = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
	}
	b := make([]byte, 0, len(s))
	for _, r := range s {
		switch {
		case r > ' ' && r < utf8.RuneSelf:
			b = append(b, byte(r))
		case unicode.IsSpace(r):
			if len(b) > 0 && b[len(b)-1] != ' ' {
				b = append(b, ' ')
			}
		case r == '\u00ad' || r == '\u200b' || r == '\u2060' || r == '\ufeff':
		case r == '’' || r == 'ʼ' || r == '‘':
			b = append(b, '\'')
		case r == '‐' || r == '‑':
			b = append(b, '-')
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return strings.TrimSuffix(string(b), " ")
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
