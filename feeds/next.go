package feeds

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxWait bounds how long a server's Retry-After keeps us away.
const maxWait = 7 * 24 * time.Hour

// next is when to visit again after a success: our own interval, or the
// server's wish if that is longer, never beyond MaxInterval; spread by up to a
// tenth; moved out of the hours and days in which nothing is published.
func (c *Client) next(now time.Time, s State, h http.Header) time.Time {
	d := max(s.Interval, c.o.MinInterval, freshness(h, now))
	d = min(d, c.o.MaxInterval)
	return s.Skip.after(now.Add(d + spread(d)))
}

// spread is a random part, up to a tenth, that keeps visits from bunching.
func spread(d time.Duration) time.Duration {
	if d < 10 {
		return 0
	}
	return rand.N(d / 10)
}

// freshness is how long the answer says that it stays as it is: Cache-Control's
// max-age less Age, else Expires (RFC 9111). no-cache and no-store say nothing
// about how often to ask.
func freshness(h http.Header, now time.Time) time.Duration {
	for part := range strings.SplitSeq(h.Get("Cache-Control"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if !strings.EqualFold(name, "max-age") {
			continue
		}
		n, err := strconv.Atoi(strings.Trim(value, `" `))
		if err != nil || n < 0 {
			return 0
		}
		age, err := strconv.Atoi(strings.TrimSpace(h.Get("Age")))
		if err != nil || age < 0 {
			age = 0
		}
		return time.Duration(max(0, min(n, 365*24*3600)-age)) * time.Second
	}
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil {
		return 0
	}
	// The server's clock may be wrong: only the distance counts.
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return max(0, expires.Sub(now))
}

// Skip is a set of hours of the day and days of the week (RSS 2.0, skipHours
// and skipDays; both in UTC): bits 0 to 23 are the hours, 24 to 30 the days from
// Sunday.
type Skip uint32

const (
	allHours Skip = 1<<24 - 1
	allDays  Skip = 1<<31 - 1 - allHours
)

// newSkip is the set of these hours and days. A feed that skips every hour or
// every day skips nothing.
func newSkip(hours []int, days []time.Weekday) Skip {
	var s Skip
	for _, h := range hours {
		if h >= 0 && h < 24 {
			s |= 1 << h
		}
	}
	for _, d := range days {
		s |= 1 << (24 + d)
	}
	if s&allHours == allHours {
		s &^= allHours
	}
	if s&allDays == allDays {
		s &^= allDays
	}
	return s
}

// has reports whether nothing is published at t.
func (s Skip) has(t time.Time) bool {
	t = t.UTC()
	return s&(1<<t.Hour()) != 0 || s&(1<<(24+int(t.Weekday()))) != 0
}

// after is at, or the beginning of the first hour after it that is not skipped.
func (s Skip) after(at time.Time) time.Time {
	if s == 0 || !s.has(at) {
		return at
	}
	t := at.UTC()
	for range 8 * 24 {
		if t = t.Truncate(time.Hour).Add(time.Hour); !s.has(t) {
			return t.In(at.Location())
		}
	}
	return at
}

// pace is the mean time between a document's dated items, 0 if fewer than two
// have dates that differ.
func pace(items []Item) time.Duration {
	at := dates(items)
	if len(at) < 2 {
		return 0
	}
	return at[len(at)-1].Sub(at[0]) / time.Duration(len(at)-1)
}

// rhythm is the interval that suits how often a feed publishes: half the mean
// time between its recent items; the longer the silence, the closer to the
// maximum (CommaFeed's steps). The feed's own ttl can only lengthen it.
func (c *Client) rhythm(f *Feed, now time.Time) time.Duration {
	lo, hi := c.o.MinInterval, c.o.MaxInterval
	var recent []time.Time
	for _, at := range dates(f.Items) {
		if at.After(now) {
			at = now
		}
		if now.Sub(at) <= 30*24*time.Hour {
			recent = append(recent, at)
		}
	}
	d, n := lo, len(recent)
	switch {
	case n == 0 && len(f.Items) > 0 && !f.Items[0].Published.IsZero():
		d = hi
	case n == 0: // undated: its rhythm shows in how many visits find nothing
	case now.Sub(recent[n-1]) > 14*24*time.Hour:
		d = hi / 2
	case now.Sub(recent[n-1]) > 7*24*time.Hour:
		d = hi / 4
	case n > 1:
		d = recent[n-1].Sub(recent[0]) / time.Duration(n-1) / 2
	}
	return max(lo, min(max(d, f.TTL), hi))
}

// quieter is the interval after a visit that found nothing new: a little
// longer, so that a feed falling silent is asked less and less. Where a server
// cannot say so by itself (304) every visit costs it the whole document: there
// the interval grows five times as fast.
func (c *Client) quieter(interval time.Duration, cheap bool) time.Duration {
	if interval == 0 {
		return c.o.MinInterval
	}
	longer := interval / 10
	if !cheap {
		longer *= 5
	}
	return max(c.o.MinInterval, min(interval+longer, c.o.MaxInterval))
}

// backoff is the time to wait after the given number of failures in a row.
func (c *Client) backoff(failures int) time.Duration {
	d := c.o.MinInterval
	for range min(failures-1, 16) {
		if d >= c.o.MaxInterval {
			break
		}
		d *= 2
	}
	d = min(d, c.o.MaxInterval)
	return d + spread(d)
}
