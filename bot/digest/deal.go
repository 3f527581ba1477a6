package digest

import "math"

// deal puts the ranked stories in e: the best get cards, the next lines, the
// rest are counted. A feed whose cards are used up has its further stories
// among the lines, and there too others come first; but no place among the
// lines stays empty while a story could fill it.
func deal(e *Edition, ranked []Story, o Options) {
	feeds := map[int64]bool{}
	for _, s := range ranked {
		feeds[s.Lead.FeedID] = true
	}
	var rest []Story
	e.Cards, rest = pick(ranked, o.Cards, share(o.Cards, o.Share, len(feeds)))
	lines, over := pick(rest, o.Lines, share(o.Lines, o.Share, len(feeds)))
	chosen := make(map[int64]bool, o.Lines)
	for _, s := range lines {
		chosen[s.Lead.ID] = true
	}
	for _, s := range over[:min(len(over), o.Lines-len(lines))] {
		chosen[s.Lead.ID] = true
	}
	for _, s := range rest {
		if chosen[s.Lead.ID] {
			e.Lines = append(e.Lines, s)
		} else {
			e.More = append(e.More, s)
		}
	}
}

// share is how many of n places one feed may take: its part rounded down, but
// at least one, and enough that the feeds there are could fill the places.
func share(n int, part float64, feeds int) int {
	if feeds == 0 {
		return n
	}
	// The small addend undoes rounding such as 5 × 0.6 = 2.9999….
	return max(1, int(math.Floor(float64(n)*part+1e-9)), (n+feeds-1)/feeds)
}

// pick takes up to n stories in order, at most most of any feed.
func pick(ranked []Story, n, most int) (picked, rest []Story) {
	taken := map[int64]int{}
	for _, s := range ranked {
		if len(picked) < n && taken[s.Lead.FeedID] < most {
			taken[s.Lead.FeedID]++
			picked = append(picked, s)
			continue
		}
		rest = append(rest, s)
	}
	return picked, rest
}
