package digest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/summarize"
)

// A sentence is news if at least newWords of its words were not in what was
// printed; an article brings news if it has at least newSentences of those, or
// they are half of it.
const (
	newWords     = 0.6
	newSentences = 2
)

// tell makes a cluster a story. told reports that the event was printed before
// and that no new article adds anything to it.
func tell(c cluster) (s Story, told bool) {
	s = Story{Lead: c.fresh[0], Also: c.fresh[1:]}
	if len(c.printed) == 0 {
		return s, false
	}
	known := vocabulary(c.printed)
	lead, most := -1, 0
	for i, a := range c.fresh {
		news := sentencesOfNews(a, known)
		if n := utf8.RuneCountInString(news); n > most {
			lead, most, s.News = i, n, news
		}
	}
	if lead < 0 {
		return Story{}, true
	}
	s.FollowUp = c.continues()
	s.Lead = c.fresh[lead]
	s.Also = append(append([]Article{}, c.fresh[:lead]...), c.fresh[lead+1:]...)
	return s, false
}

// vocabulary is the set of stems of the articles' titles and texts.
func vocabulary(articles []Article) map[string]bool {
	known := map[string]bool{}
	for _, a := range articles {
		for _, w := range words(a.Title+"\n"+a.Text, a.Lang) {
			known[w] = true
		}
	}
	return known
}

// words returns the stems of text that carry meaning enough to compare:
// numbers, words of four letters and more, pairs of Chinese or Japanese
// characters.
func words(text, lang string) []string {
	var out []string
	for _, t := range summarize.Tokens(text) {
		r, _ := utf8.DecodeRuneInString(t)
		n := utf8.RuneCountInString(t)
		if n >= 4 || unicode.IsDigit(r) || n == 2 && (unicode.Is(unicode.Han, r) || unicode.Is(unicode.Katakana, r)) {
			out = append(out, summarize.Stem(t, lang))
		}
	}
	return out
}

// sentencesOfNews returns a's sentences that say something not in known, one
// per line, or "" if they are too few to print the event again.
func sentencesOfNews(a Article, known map[string]bool) string {
	text := summarize.TrimBoilerplate(a.Text)
	spans := summarize.Split(text, a.Lang)
	var news []string
	for _, sp := range spans {
		sentence := text[sp.Start:sp.End]
		if w := words(sentence, a.Lang); len(w) >= 3 && unknown(w, known) >= newWords {
			news = append(news, sentence)
		}
	}
	if len(news) < newSentences && 2*len(news) < len(spans) || len(news) == 0 {
		return ""
	}
	return strings.Join(news, "\n")
}

// unknown returns the part of w that is not in known.
func unknown(w []string, known map[string]bool) float64 {
	n := 0
	for _, x := range w {
		if !known[x] {
			n++
		}
	}
	return float64(n) / float64(len(w))
}
