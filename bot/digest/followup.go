package digest

import (
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"broadsheet/summarize"
)

// newness is how much of an article must be unknown to readers before the
// event is printed again.
type newness struct {
	words     float64 // part of a sentence's words that makes it news
	sentences int     // news sentences wanted, or
	part      float64 // part of the sentences, if the article is short
}

// Papers tell one event in very different words, so unknown words alone do not
// make a development: of the 511 other tellings of an event that was printed
// once (ECB+ dev), 13 % pass retelling and 75 % pass development. The time
// between them decides which is asked: what comes out within hours of the
// printed piece is the same news told by a slower paper.
const developsAfter = 8 * time.Hour

func wanted(a Article, printed []Article) newness {
	var last time.Time
	for _, p := range printed {
		if t := p.Time(); t.After(last) {
			last = t
		}
	}
	if a.Time().Sub(last) < developsAfter {
		return newness{words: 0.8, sentences: math.MaxInt, part: 0.5}
	}
	return newness{words: 0.6, sentences: 2, part: 0.5}
}

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
		news := sentencesOfNews(a, known, wanted(a, c.printed))
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
func sentencesOfNews(a Article, known map[string]bool, want newness) string {
	text := summarize.TrimBoilerplate(a.Text)
	spans := summarize.Split(text, a.Lang)
	var news []string
	for _, sp := range spans {
		sentence := text[sp.Start:sp.End]
		if w := words(sentence, a.Lang); len(w) >= 3 && unknown(w, known) >= want.words {
			news = append(news, sentence)
		}
	}
	if len(news) == 0 || len(news) < want.sentences && float64(len(news)) < want.part*float64(len(spans)) {
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
