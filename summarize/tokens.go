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
	text = fold(text)
	var tokens []string // most are parts of text
	word := -1          // where the word being read begins
	var last rune       // the pending character of an unspaced script
	pair := false       // whether last is already part of a token
	flush := func(end int) {
		if word >= 0 {
			tokens = append(tokens, text[word:end])
			word = -1
		}
		if last != 0 && !pair {
			tokens = append(tokens, string(last))
		}
		last, pair = 0, false
	}
	for i, r := range text {
		switch {
		case unspaced(r):
			if word >= 0 {
				flush(i)
			}
			if last != 0 {
				tokens = append(tokens, string([]rune{last, r}))
				pair = true
			}
			last = r
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if last != 0 {
				flush(i)
			}
			if word < 0 {
				word = i
			}
		default:
			flush(i)
		}
	}
	flush(len(text))
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
