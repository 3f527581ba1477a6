package summarize

import (
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"golang.org/x/text/unicode/norm"
)

// Tokens cuts text into folded words for search and similarity: lower case, full
// width made half, marks taken off Latin, Greek and Cyrillic letters (café → cafe).
// Scripts written without spaces yield overlapping pairs of characters (東京都 →
// 東京, 京都); a lone character is its own token.
func Tokens(text string) []string {
	var tokens []string
	var word strings.Builder
	var last rune // the pending character of an unspaced script
	pair := false // whether last is already part of a token
	flush := func() {
		if word.Len() > 0 {
			tokens = append(tokens, word.String())
			word.Reset()
		}
		if last != 0 && !pair {
			tokens = append(tokens, string(last))
		}
		last, pair = 0, false
	}
	for _, r := range fold(text) {
		switch {
		case unspaced(r):
			if word.Len() > 0 {
				flush()
			}
			if last != 0 {
				tokens = append(tokens, string([]rune{last, r}))
				pair = true
			}
			last = r
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if last != 0 {
				flush()
			}
			word.WriteRune(r)
		default:
			flush()
		}
	}
	flush()
	return tokens
}

// fold lowers case, unifies widths and takes marks off Latin, Greek and Cyrillic
// letters. Marks of other scripts carry vowels and stay.
func fold(text string) string {
	ascii := true
	for i := 0; i < len(text) && ascii; i++ {
		ascii = text[i] < 0x80
	}
	if ascii {
		return strings.ToLower(text)
	}
	var b strings.Builder
	b.Grow(len(text))
	var base rune
	for _, r := range norm.NFKD.String(text) {
		if unicode.Is(unicode.Mn, r) && unicode.In(base, unicode.Latin, unicode.Greek, unicode.Cyrillic) {
			continue
		}
		if !unicode.Is(unicode.Mn, r) {
			base = r
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return norm.NFC.String(b.String())
}

// unspaced reports whether r belongs to a script written without spaces.
func unspaced(r rune) bool {
	if r < 0x0e00 {
		return false
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) ||
		r == 'ー' || r == '々'
}

// Stem cuts the inflection off a token by the Snowball rules of lang (a BCP 47
// base language); a token of a language without rules comes back unchanged.
func Stem(token, lang string) string {
	rules := stemmer(lang)
	if rules == nil || len(token) < 3 {
		return token
	}
	env := snowballstem.NewEnv(token)
	rules(env)
	return env.Current()
}

// stemmer chooses the Snowball rules of a language, nil if there are none.
func stemmer(lang string) func(*snowballstem.Env) bool {
	switch lang {
	case "en":
		return english.Stem
	case "de":
		return german.Stem
	case "fr":
		return french.Stem
	case "es":
		return spanish.Stem
	case "it":
		return italian.Stem
	case "pt":
		return portuguese.Stem
	case "nl":
		return dutch.Stem
	case "ru":
		return russian.Stem
	}
	return nil
}
