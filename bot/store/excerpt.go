package store

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/summarize"
)

// excerptLength is about how long an excerpt is, in bytes.
const excerptLength = 240

// span is a word of a text, bytes [start, end), and what the index calls it.
type span struct {
	start, end int
	word       string
}

// excerpt returns the passage of a text that holds most of a query's phrases,
// with the matched words marked. A text that holds none (only its title does)
// yields its beginning.
func excerpt(text string, phrases []phrase) (string, []Mark) {
	text = strings.ToValidUTF8(text, "\uFFFD")
	found := matches(words(text), phrases)
	from := bestStart(found)
	start, end := passage(text, from)
	var marks []Mark
	cut := text[start:end]
	for _, m := range found {
		if m.start >= start && m.end <= end {
			marks = append(marks, Mark{Start: m.start - start, End: m.end - start})
		}
	}
	return lay(cut, marks, start > 0, end < len(text))
}

// words cuts a text into the words of the index, with their places. In scripts
// without spaces a word is a pair of characters, and pairs overlap.
func words(text string) []span {
	var all []span
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !wordRune(r) {
			i += size
			continue
		}
		start := i
		for i < len(text) {
			if r, size = utf8.DecodeRuneInString(text[i:]); !wordRune(r) {
				break
			}
			i += size
		}
		all = append(all, cutRun(text, start, i)...)
	}
	return all
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// cutRun cuts a run of word characters as summarize.Tokens does.
func cutRun(text string, start, end int) []span {
	if ascii(text[start:end]) { // by far the most; Tokens costs ten times as much
		return []span{{start, end, strings.ToLower(text[start:end])}}
	}
	tokens := summarize.Tokens(text[start:end])
	if len(tokens) == 1 {
		return []span{{start, end, tokens[0]}}
	}
	// Several tokens: characters without spaces between them. The token that
	// begins at a character is found by cutting the two characters alone.
	var all []span
	for i := start; i < end; {
		_, size := utf8.DecodeRuneInString(text[i:end])
		next := i + size
		if next >= end {
			break
		}
		_, second := utf8.DecodeRuneInString(text[next:end])
		if pair := summarize.Tokens(text[i : next+second]); len(pair) == 1 {
			all = append(all, span{i, next + second, pair[0]})
		}
		i = next
	}
	return all
}

func ascii(word string) bool {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// found is a place where a phrase of the query occurs.
type found struct{ start, end, phrase int }

// matches returns where the phrases occur, in order, merged where they overlap.
func matches(text []span, phrases []phrase) []found {
	var all []found
	for i := range text {
		for n, p := range phrases {
			if occurs(text[i:], p) {
				all = append(all, found{text[i].start, text[i+len(p.words)-1].end, n})
			}
		}
	}
	slices.SortFunc(all, func(a, b found) int { return a.start - b.start })
	merged := all[:0]
	for _, f := range all {
		if last := len(merged) - 1; last >= 0 && f.start < merged[last].end {
			merged[last].end = max(merged[last].end, f.end)
			continue
		}
		merged = append(merged, f)
	}
	return merged
}

// occurs reports whether a text begins with a phrase.
func occurs(text []span, p phrase) bool {
	if len(text) < len(p.words) {
		return false
	}
	for i, w := range p.words {
		last := i == len(p.words)-1
		if text[i].word != w && !(last && p.prefix && strings.HasPrefix(text[i].word, w)) {
			return false
		}
	}
	return true
}

// bestStart returns where the passage with most different phrases, then most
// matches, begins.
func bestStart(all []found) int {
	best, bestScore := 0, 0
	for i := range all {
		kinds := map[int]bool{}
		score := 0
		for _, f := range all[i:] {
			if f.end > all[i].start+excerptLength*3/4 {
				break
			}
			score++
			if !kinds[f.phrase] {
				kinds[f.phrase] = true
				score += 1000
			}
		}
		if score > bestScore {
			best, bestScore = all[i].start, score
		}
	}
	return best
}

// passage returns about excerptLength bytes around from, cut between words.
func passage(text string, from int) (start, end int) {
	start = max(0, from-excerptLength/4)
	end = min(len(text), start+excerptLength)
	start = max(0, end-excerptLength)
	return snap(text, start, from, 1), snap(text, end, from, -1)
}

// snap moves a cut to the next space in a direction, but not past from; where
// there is no space near, to the next character.
func snap(text string, at, from, direction int) int {
	if at == 0 || at == len(text) {
		return at
	}
	for i, n := at, 0; n < 40 && i > 0 && i < len(text) && (direction < 0 || i <= from); i, n = i+direction, n+1 {
		if text[i] == ' ' || text[i] == '\n' {
			if direction > 0 {
				i++
			}
			return i
		}
	}
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

// lay joins the lines of a passage, trims it and shows by … where it was cut;
// the marks move with their words.
func lay(cut string, marks []Mark, before, after bool) (string, []Mark) {
	var b strings.Builder
	if before {
		b.WriteString("…")
	}
	moved := make([]int, len(cut)+1)
	space := true // swallow leading space
	for i, r := range cut {
		size := utf8.RuneLen(r)
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			for k := range size {
				moved[i+k] = b.Len()
			}
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		}
		space = false
		for k := range size {
			moved[i+k] = b.Len() + k
		}
		b.WriteRune(r)
	}
	moved[len(cut)] = b.Len()
	out := strings.TrimRight(b.String(), " ")
	for i := range marks {
		last := marks[i].End - 1
		marks[i] = Mark{Start: moved[marks[i].Start], End: moved[last] + 1}
	}
	if after {
		out += "…"
	}
	return out, marks
}
