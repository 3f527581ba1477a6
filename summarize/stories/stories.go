// Package stories groups articles that tell the same event.
//
// Articles are compared by the cosine of their weighted words: title, beginning of
// the text, names and numbers counted threefold. Groups whose articles are similar on average are
// joined, most similar first, until none are (average link). The package does no
// I/O and keeps no state.
package stories

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Document is one article as far as grouping needs it.
type Document struct {
	Title, Text string
	Lang        string    // BCP 47 base language, "" if unknown
	Published   time.Time // zero if unknown
}

// Options tunes Group; the zero value means the measured defaults.
type Options struct {
	// Cut is the least average similarity (0 to 1) at which two groups are one story.
	Cut float64
	// Window is the longest time between two articles of one story; articles of
	// unknown time fit anywhere.
	Window time.Duration
}

// Defaults, measured on shared/data/stories.
const (
	defaultCut    = 0.20
	defaultWindow = 5 * 24 * time.Hour
)

// Group sorts documents into stories: every index of docs appears exactly once.
// In a story the lead comes first, its fullest and earliest piece; the others
// follow by time. Stories follow each other by the time of their earliest article.
// The order of docs does not matter, except between documents that are equal.
func Group(docs []Document, o Options) [][]int {
	if o.Cut == 0 {
		o.Cut = defaultCut
	}
	if o.Window == 0 {
		o.Window = defaultWindow
	}
	order := canonical(docs)
	times := make([]time.Time, len(docs))
	for i, k := range order {
		times[i] = docs[k].Published
	}
	vectors, spread := vectorsOf(docs, order)
	var groups [][]int
	for _, set := range bounded(vectors, spread, float32(o.Cut), maxComponent) {
		l := newLinkage(set, vectors, times, o)
		l.join()
		for _, members := range l.members {
			if members == nil {
				continue
			}
			slices.Sort(members)
			story := make([]int, len(members))
			for i, m := range members {
				story[i] = int(m)
			}
			groups = append(groups, story)
		}
	}
	slices.SortFunc(groups, func(x, y []int) int { return x[0] - y[0] })
	for _, story := range groups {
		for i, m := range story {
			story[i] = order[m]
		}
		leadFirst(docs, story)
	}
	return groups
}

// thinText is the length in bytes below which a text hardly adds to its headline.
const thinText = 60

// thin reports whether there is hardly more than a headline to compare.
func thin(d *Document) bool { return len(d.Text) < thinText }

// canonical orders the documents by time and text, whatever order they came in.
func canonical(docs []Document) []int {
	order := make([]int, len(docs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		x, y := &docs[i], &docs[j]
		return cmp.Or(x.Published.Compare(y.Published), strings.Compare(x.Title, y.Title), strings.Compare(x.Text, y.Text),
			strings.Compare(x.Lang, y.Lang))
	})
	return order
}

// fullText is the length in bytes from which a text counts as a full report: beyond
// it, being earlier matters more than being longer.
const fullText = 1500

// leadFirst moves the lead to the front of a story that is in the order of time.
func leadFirst(docs []Document, story []int) {
	lead := 0
	for i, k := range story {
		if min(len(docs[k].Text), fullText) > min(len(docs[story[lead]].Text), fullText) {
			lead = i
		}
	}
	k := story[lead]
	copy(story[1:lead+1], story[:lead])
	story[0] = k
}
