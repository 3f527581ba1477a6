package feeds

import (
	"io"
	"net/http"
	"testing"
	"time"
)

func TestNextVisitTakesTheLongestWish(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c := NewClient(ClientOptions{Transport: &web{}, MinInterval: time.Hour, MaxInterval: 24 * time.Hour})
	tests := []struct {
		name     string
		interval time.Duration
		header   map[string]string
		want     time.Duration
	}{
		{"our own interval", 3 * time.Hour, nil, 3 * time.Hour},
		{"never below the least", time.Minute, nil, time.Hour},
		{"max-age", time.Hour, map[string]string{"Cache-Control": "public, max-age=7200"}, 2 * time.Hour},
		{"max-age less age", time.Hour, map[string]string{"Cache-Control": "max-age=14400", "Age": "7200"}, 2 * time.Hour},
		{"max-age cannot shorten", 3 * time.Hour, map[string]string{"Cache-Control": "max-age=60"}, 3 * time.Hour},
		{"max-age beyond all use", time.Hour, map[string]string{"Cache-Control": "max-age=31536000"}, 24 * time.Hour},
		{"max-age of nonsense", time.Hour, map[string]string{"Cache-Control": "max-age=soon"}, time.Hour},
		{"max-age in quotes", time.Hour, map[string]string{"Cache-Control": `max-age="7200"`}, 2 * time.Hour},
		{"max-age beats Expires", time.Hour, map[string]string{"Cache-Control": "max-age=60", "Expires": "Mon, 02 Mar 2026 20:00:00 GMT"}, time.Hour},
		{"Expires", time.Hour, map[string]string{"Expires": "Mon, 02 Mar 2026 14:00:00 GMT"}, 5 * time.Hour},
		{"Expires by a wrong clock", time.Hour, map[string]string{"Expires": "Tue, 02 Mar 2027 14:00:00 GMT", "Date": "Tue, 02 Mar 2027 12:00:00 GMT"}, 2 * time.Hour},
		{"Expires in the past", time.Hour, map[string]string{"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, time.Hour},
		{"Expires 0", time.Hour, map[string]string{"Expires": "0"}, time.Hour},
		{"no-cache", 2 * time.Hour, map[string]string{"Cache-Control": "no-cache, no-store"}, 2 * time.Hour},
	}
	for _, tt := range tests {
		h := http.Header{}
		for k, v := range tt.header {
			h.Set(k, v)
		}
		for range 20 { // the spread is random
			got := c.next(now, State{Interval: tt.interval}, h).Sub(now)
			if got < tt.want || got > tt.want+tt.want/10 {
				t.Errorf("%s: in %v, want %v and at most a tenth more", tt.name, got, tt.want)
			}
		}
	}
}

func TestSkipHoursAndDaysAreKept(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 6, 22, 30, 0, 0, time.UTC) // a Friday
	everyHour := make([]int, 24)
	for i := range everyHour {
		everyHour[i] = i
	}
	for _, tt := range []struct {
		name  string
		hours []int
		days  []time.Weekday
		want  time.Time
	}{
		{"nothing skipped", nil, nil, at},
		{"another hour", []int{3}, nil, at},
		{"this hour and the next", []int{22, 23}, nil, time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC)},
		{"the weekend, not reached", nil, []time.Weekday{time.Saturday, time.Sunday}, at},
		{"late hours into the weekend", []int{22, 23}, []time.Weekday{time.Saturday, time.Sunday}, time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)},
		{"every hour", everyHour, nil, at},
		{"every hour, and the weekend", everyHour, []time.Weekday{time.Friday}, time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC)},
		{"hours that are none", []int{-1, 24, 99}, nil, at},
	} {
		if got := newSkip(tt.hours, tt.days).after(at); !got.Equal(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	f := parse(t, `<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>T</title><ttl>90</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
<skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>x</hour></skipHours><skipDays><day>Sunday</day><day>someday</day></skipDays><item><title>x</title></item></channel></rss>`, "", "")
	if want := newSkip([]int{0, 7}, []time.Weekday{time.Sunday}); f.TTL != 6*time.Hour || f.Skip != want {
		t.Errorf("ttl %v, skips %b, want %b", f.TTL, f.Skip, want)
	}
}

// A feed that is unchanged has no document to say when nothing is published.
func TestSkippedHoursHoldForVisitsThatFindNothing(t *testing.T) {
	t.Parallel()
	body := `<rss version="2.0"><channel><title>T</title><skipHours><hour>12</hour><hour>13</hour></skipHours>` +
		`<item><guid>1</guid><title>Ferry late again</title><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item>` +
		`<item><guid>2</guid><title>Bridge closed</title><pubDate>Mon, 02 Mar 2026 02:00:00 GMT</pubDate></item></channel></rss>`
	c := NewClient(ClientOptions{MinInterval: 3 * time.Hour, HostSpacing: -1, Transport: &web{on: map[string]http.HandlerFunc{
		"paper.example": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("ETag", `"1"`)
			_, _ = io.WriteString(w, body)
		},
	}}})
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC) // three hours later is 12:30
	first := c.Visit(t.Context(), State{URL: "https://paper.example/feed"}, now)
	again := c.Visit(t.Context(), first.State, now)
	if first.Err != nil || !again.Unchanged {
		t.Fatalf("visits: %v, %+v", first.Err, again)
	}
	if first.State.Pace != 6*time.Hour {
		t.Errorf("pace %v, want the six hours between its two items", first.State.Pace)
	}
	for name, v := range map[string]Visit{"first": first, "unchanged": again} {
		if want := time.Date(2026, 3, 2, 14, 0, 0, 0, time.UTC); !v.Next.Equal(want) {
			t.Errorf("%s visit: next at %v, want %v", name, v.Next, want)
		}
	}
}

func TestIntervalFollowsThePublisher(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c := NewClient(ClientOptions{Transport: &web{}, MinInterval: time.Hour, MaxInterval: 24 * time.Hour})
	every := func(gap, silence time.Duration, n int) *Feed {
		f := &Feed{}
		for i := range n {
			f.Items = append(f.Items, Item{Published: now.Add(-silence - time.Duration(i)*gap)})
		}
		return f
	}
	for _, tt := range []struct {
		name string
		feed *Feed
		want time.Duration
	}{
		{"many a day", every(10*time.Minute, 0, 25), time.Hour},
		{"every eight hours", every(8*time.Hour, time.Hour, 10), 4 * time.Hour},
		{"every three days", every(72*time.Hour, time.Hour, 5), 24 * time.Hour},
		{"silent for a week", every(time.Hour, 8*24*time.Hour, 10), 6 * time.Hour},
		{"silent for a fortnight", every(time.Hour, 15*24*time.Hour, 10), 12 * time.Hour},
		{"silent for months", every(time.Hour, 90*24*time.Hour, 10), 24 * time.Hour},
		{"one article", every(time.Hour, time.Hour, 1), time.Hour},
		{"undated", &Feed{Items: make([]Item, 5)}, time.Hour},
		{"empty", &Feed{}, time.Hour},
		{"all in the future", every(time.Hour, -72*time.Hour, 3), time.Hour},
		{"its own wish", &Feed{TTL: 5 * time.Hour}, 5 * time.Hour},
		{"a wish beyond all use", &Feed{TTL: 9000 * time.Hour}, 24 * time.Hour},
	} {
		if got := c.rhythm(tt.feed, now); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestAFeedThatSaysNothingIsAskedLessAndLess(t *testing.T) {
	t.Parallel()
	c := NewClient(ClientOptions{Transport: &web{}, MinInterval: time.Hour, MaxInterval: 24 * time.Hour})
	for name, tt := range map[string]struct {
		cheap  bool
		visits int // until it is asked once a day
	}{
		"answers 304":            {true, 35},
		"sends all of it always": {false, 9},
	} {
		interval, visits := time.Duration(0), 0
		for interval < 24*time.Hour && visits < 100 {
			next := c.quieter(interval, tt.cheap)
			if next < interval || next < time.Hour || next > 24*time.Hour {
				t.Fatalf("%s: after %v: %v", name, interval, next)
			}
			interval = next
			visits++
		}
		if visits != tt.visits {
			t.Errorf("%s: it is asked once a day after %d visits, want %d", name, visits, tt.visits)
		}
	}
}
