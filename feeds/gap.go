package feeds

import (
	"slices"
	"time"
)

// Missed says what may have come and gone between a visit and this one, whose
// document holds nothing that was known then. whole reports that the document
// reaches back to the visit at since, so nothing did. Otherwise n is about how
// many items it was, by the pace of the document or else by that given, and 0 if
// nobody can say.
func Missed(items []Item, since time.Time, pace time.Duration) (n int, whole bool) {
	at := dates(items)
	if len(at) == 0 {
		return 0, false
	}
	gone := at[0].Sub(since)
	if gone <= 0 {
		return 0, true
	}
	if lasts := Lasts(items); lasts > 0 {
		pace = lasts / time.Duration(len(at))
	}
	if pace <= 0 || since.IsZero() {
		return 0, false
	}
	return int(gone / pace), false
}

// Lasts is about how long an item stays in the document at the pace of its
// newer half, 0 if that gives no dates. An old article that is kept at the end
// does not count.
func Lasts(items []Item) time.Duration {
	at := dates(items)
	if len(at) < 2 {
		return 0
	}
	older := (len(at) - 1) / 2
	newer := len(at) - 1 - older
	return at[len(at)-1].Sub(at[older]) * time.Duration(len(at)) / time.Duration(newer)
}

// dates are the items' dates, the oldest first.
func dates(items []Item) []time.Time {
	var at []time.Time
	for i := range items {
		if p := items[i].Published; !p.IsZero() {
			at = append(at, p)
		}
	}
	slices.SortFunc(at, time.Time.Compare)
	return at
}

// Within is next, or the end of d from now if that is earlier, outside the
// hours in which the feed says that it publishes nothing.
func (s State) Within(next, now time.Time, d time.Duration) time.Time {
	if at := s.Skip.after(now.Add(d)); at.Before(next) {
		return at
	}
	return next
}
