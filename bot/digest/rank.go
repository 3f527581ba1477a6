package digest

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"broadsheet/bot/filter"
	"broadsheet/summarize"
)

// What a story's score is made of. One more paper beside the first is worth
// 1.2; a word the admin cares about in a headline is worth more than that, a
// story fresh off the press against a day-old one about as much, and votes
// less: they break ties between like stories.
const (
	perDoubling = 2.0 // coverage: each doubling of the papers that ran it
	inTitle     = 1.5 // a wanted word in a headline
	inText      = 0.8 // a wanted word in a text only
	mostWords   = 3.0 // all wanted words together
	fresh       = 1.5 // a story just published
	halfLife    = 12 * time.Hour
	votes       = 1.0 // the most that votes can add or take
)

// rank scores stories and sorts them, best first.
func rank(all []Story, now time.Time, o Options) {
	terms := make([][]string, 0, len(o.Words))
	for _, w := range o.Words {
		if t := summarize.Tokens(w); len(t) > 0 {
			terms = append(terms, t)
		}
	}
	for i := range all {
		all[i].Score = score(all[i], now, terms)
	}
	slices.SortFunc(all, func(a, b Story) int {
		return cmp.Or(
			cmp.Compare(b.Score, a.Score),
			b.Lead.Time().Compare(a.Lead.Time()),
			byID(a.Lead, b.Lead),
		)
	})
}

// score is the story's rank: the sum of coverage, wanted words, freshness and
// votes.
func score(s Story, now time.Time, terms [][]string) float64 {
	feeds, weight := map[int64]bool{}, math.MinInt
	var newest time.Time
	up := 0
	for _, a := range s.Articles() {
		feeds[a.FeedID] = true
		weight = max(weight, a.Weight)
		up += a.Votes
		if t := a.Time(); t.After(newest) {
			newest = t
		}
	}
	papers := max(0.25, float64(len(feeds)+weight))
	sum := perDoubling * math.Log2(1+papers)
	sum += wish(s, terms)
	age := max(0, now.Sub(newest))
	sum += fresh * math.Exp2(-age.Hours()/halfLife.Hours())
	sum += votes * float64(up) / (2 + math.Abs(float64(up)))
	// Rounding keeps the order the same on machines that fuse multiplications.
	return math.Round(sum*1e6) / 1e6
}

// wish is what the wanted words add, each counted once, where it counts most.
func wish(s Story, terms [][]string) float64 {
	if len(terms) == 0 {
		return 0
	}
	var title, text [][]string
	for _, a := range s.Articles() {
		title = append(title, summarize.Tokens(a.Title))
		text = append(text, summarize.Tokens(a.Text))
	}
	sum := 0.0
	for _, w := range terms {
		switch {
		case slices.ContainsFunc(title, func(t []string) bool { return contains(t, w) }):
			sum += inTitle
		case slices.ContainsFunc(text, func(t []string) bool { return contains(t, w) }):
			sum += inText
		}
	}
	return min(sum, mostWords)
}

// contains reports whether phrase stands in tokens.
func contains(tokens, phrase []string) bool {
	for i := 0; i+len(phrase) <= len(tokens); i++ {
		if slices.Equal(tokens[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

// subject is the article as filters see it.
func (a Article) subject() filter.Subject {
	return filter.Subject{
		Title: strings.TrimSpace(a.Title), Text: a.Text, Author: a.Author, Categories: a.Categories,
	}
}
