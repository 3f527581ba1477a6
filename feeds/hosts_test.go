package feeds

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestOneHostIsAskedOneAtATimeWithPauses(t *testing.T) {
	in(t, func(t *testing.T) {
		var mu sync.Mutex
		open := 0
		w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			open++
			if open > 1 {
				t.Error("two requests to one host at once")
			}
			mu.Unlock()
			time.Sleep(100 * time.Millisecond)
			mu.Lock()
			open--
			mu.Unlock()
			_, _ = io.WriteString(w, feedOf("a"))
		}}}
		c := NewClient(ClientOptions{Transport: w, HostSpacing: 2 * time.Second})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { c.Visit(t.Context(), State{URL: paper}, time.Now()) })
		}
		wg.Wait()
		for i := 1; i < len(w.at); i++ {
			if gap := w.at[i].Sub(w.at[i-1]); gap < 2*time.Second {
				t.Errorf("requests %d and %d are %v apart", i-1, i, gap)
			}
		}
		if len(w.at) != 4 {
			t.Errorf("%d requests", len(w.at))
		}
	})
}

func TestManyHostsDoNotWaitForEachOther(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"slow.example": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}}
		const n = 300
		for i := range n {
			w.on[fmt.Sprintf("h%d.example", i)] = serve(feedOf("a"))
		}
		c := NewClient(ClientOptions{Transport: w, HostSpacing: 5 * time.Second, Concurrency: 8})
		start := time.Now()
		var wg, slow sync.WaitGroup
		slow.Go(func() { c.Visit(t.Context(), State{URL: "https://slow.example/"}, time.Now()) })
		for i := range n {
			wg.Go(func() {
				if v := c.Visit(t.Context(), State{URL: fmt.Sprintf("https://h%d.example/", i)}, time.Now()); v.Err != nil {
					t.Error(v.Err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(start); took > time.Second {
			t.Errorf("%d hosts took %v", n, took)
		}
		slow.Wait()
	})
}

func TestALongQueueIsPutOff(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": serve(feedOf("a"))}}
		c := NewClient(ClientOptions{Transport: w, HostSpacing: 10 * time.Second, Patience: 25 * time.Second})
		var mu sync.Mutex
		var wg sync.WaitGroup
		put := 0
		for range 10 {
			wg.Go(func() {
				v := c.Visit(t.Context(), State{URL: paper, Failures: 2}, time.Now())
				mu.Lock()
				defer mu.Unlock()
				if v.Deferred {
					put++
					if v.Err != nil || !v.Unchanged || v.State.Failures != 2 || !v.Next.After(v.At) {
						t.Errorf("put off as %+v", v)
					}
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		if put == 0 || put+w.requests() != 10 {
			t.Errorf("%d put off, %d asked", put, w.requests())
		}
	})
}

func TestARateLimitHoldsForTheWholeDomain(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"a.paper.example": status(429, "Retry-After", "3600"), "b.paper.example": serve(feedOf("b")), "paper2.example": serve(feedOf("c"))}}
		c := NewClient(ClientOptions{Transport: w})
		if v := c.Visit(t.Context(), State{URL: "https://a.paper.example/"}, time.Now()); v.Err == nil {
			t.Fatal("no error")
		}
		v := c.Visit(t.Context(), State{URL: "https://b.paper.example/"}, time.Now())
		if !v.Deferred || v.Err != nil || v.WaitUntil.Before(time.Now().Add(59*time.Minute)) || v.Next.Before(v.WaitUntil) {
			t.Errorf("a sister host was visited: %+v", v)
		}
		if _, err := c.Page(t.Context(), "https://b.paper.example/page"); err == nil {
			t.Error("a page of the domain was fetched")
		}
		if v := c.Visit(t.Context(), State{URL: "https://paper2.example/"}, time.Now()); v.Err != nil || v.Deferred {
			t.Errorf("another domain: %+v", v)
		}
		time.Sleep(61 * time.Minute)
		if v := c.Visit(t.Context(), State{URL: "https://b.paper.example/"}, time.Now()); v.Deferred || v.Err != nil {
			t.Errorf("after the hour: %+v", v)
		}
	})
}

// TestNobodyIsAskedThatHasAskedToBeLeftAlone covers the two ways to a forbidden
// domain that a look before the visit misses: behind somebody in the queue who
// is told to go away, and through a redirect from elsewhere.
func TestNobodyIsAskedThatHasAskedToBeLeftAlone(t *testing.T) {
	in(t, func(t *testing.T) {
		slow := func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Second)
			status(429, "Retry-After", "1800")(w, r)
		}
		w := &web{on: map[string]http.HandlerFunc{
			"a.paper.example": slow, "b.paper.example": serve(feedOf("b")),
			"short.example": status(302, "Location", "https://b.paper.example/feed"),
		}}
		c := NewClient(ClientOptions{Transport: w})
		until := time.Now().Add(30 * time.Minute)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				v := c.Visit(t.Context(), State{URL: "https://a.paper.example/"}, time.Now())
				if v.Deferred == (v.Err != nil) || v.Next.Before(until) {
					t.Errorf("in the queue: deferred %v, err %v, next %v", v.Deferred, v.Err, v.Next)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		if n := w.requests(); n != 1 {
			t.Errorf("%d requests were sent to a host that refused the first", n)
		}
		s := State{URL: "https://short.example/", Failures: 1, ETag: "x"}
		v := c.Visit(t.Context(), s, time.Now())
		if !v.Deferred || v.Err != nil || v.State != s || v.WaitUntil.Before(until) || v.Next.Before(v.WaitUntil) {
			t.Errorf("through a redirect: %+v", v)
		}
		if n := w.requests(); n != 2 {
			t.Errorf("%d requests after a redirect to a forbidden domain, want 2", n)
		}
		if _, err := c.Page(t.Context(), "https://short.example/"); kindOf(err) != RateLimited {
			t.Errorf("page through a redirect: %v", err)
		}
		time.Sleep(time.Until(until) + 2*time.Minute)
		if v := c.Visit(t.Context(), s, time.Now()); v.Err != nil || v.Feed == nil {
			t.Errorf("after the half hour: %+v", v)
		}
	})
}

func TestAServerErrorHoldsForItsFeedAlone(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example/a": status(503, "Retry-After", "7200"), "paper.example/b": serve(feedOf("b"))}}
		c := NewClient(ClientOptions{Transport: w})
		now := time.Now()
		v := c.Visit(t.Context(), State{URL: "https://paper.example/a"}, now)
		if v.Err == nil || !v.WaitUntil.Equal(now.Add(2*time.Hour)) || v.Next.Before(v.WaitUntil) {
			t.Fatalf("%+v", v)
		}
		if v := c.Visit(t.Context(), State{URL: "https://paper.example/b"}, time.Now()); v.Err != nil || v.Deferred {
			t.Errorf("another feed of the host: %+v", v)
		}
	})
}

// TestALimitUsedUpIsKept is of servers that say with their last answer that
// there will be no other for a while, as Reddit's does.
func TestALimitUsedUpIsKept(t *testing.T) {
	for name, tt := range map[string]struct {
		header []string
		pause  time.Duration // 0: none
	}{
		"Reddit's":               {[]string{"X-Ratelimit-Remaining", "0.0", "X-Ratelimit-Reset", "240"}, 4 * time.Minute},
		"some are left":          {[]string{"X-Ratelimit-Remaining", "1", "X-Ratelimit-Reset", "240"}, 0},
		"since 1970":             {[]string{"RateLimit-Remaining", "0", "RateLimit-Reset", fmt.Sprint(time.Date(2026, 3, 2, 9, 10, 0, 0, time.UTC).Unix())}, 10 * time.Minute},
		"the draft's":            {[]string{"RateLimit", `"default";r=0;t=60`}, time.Minute},
		"the draft's, two rules": {[]string{"RateLimit", `"hour";r=40;t=60, "day";r=0;t=600`}, 10 * time.Minute},
		"the earlier draft's":    {[]string{"RateLimit", "limit=100, remaining=0, reset=60"}, time.Minute},
		"for a day":              {[]string{"X-Ratelimit-Remaining", "0", "X-Ratelimit-Reset", "86400"}, time.Hour},
		"until nobody knows":     {[]string{"X-Ratelimit-Remaining", "0"}, 0},
		"nonsense":               {[]string{"X-Ratelimit-Remaining", "none", "X-Ratelimit-Reset", "NaN", "RateLimit", `r;t="x"`}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := &web{on: map[string]http.HandlerFunc{"paper.example/a": serve(feedOf("a"), tt.header...), "www.paper.example": serve(feedOf("b"))}}
				c := NewClient(ClientOptions{Transport: w})
				now := time.Now()
				if v := c.Visit(t.Context(), State{URL: "https://paper.example/a"}, now); v.Err != nil || v.Feed == nil || v.Next.Before(now.Add(time.Hour)) {
					t.Fatalf("%+v", v)
				}
				v := c.Visit(t.Context(), State{URL: "https://www.paper.example/b"}, time.Now())
				if v.Deferred != (tt.pause > 0) || v.Err != nil || tt.pause > 0 && !v.WaitUntil.Equal(now.Add(tt.pause)) {
					t.Fatalf("another feed of the domain: %+v, want a pause of %v", v, tt.pause)
				}
				time.Sleep(tt.pause)
				if v := c.Visit(t.Context(), State{URL: "https://www.paper.example/b"}, time.Now()); v.Deferred || v.Err != nil {
					t.Errorf("after the pause: %+v", v)
				}
			})
		})
	}
}

func TestAllOfRedditIsOneHostAskedOnceAMinute(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{}}
		names := []string{"www.reddit.com", "old.reddit.com", "reddit.com", "WWW.Reddit.com.", "notreddit.com"}
		for _, name := range names {
			w.on[name] = serve(feedOf("a"))
		}
		c := NewClient(ClientOptions{Transport: w, Patience: time.Hour})
		var wg sync.WaitGroup
		for _, name := range names {
			wg.Go(func() {
				if v := c.Visit(t.Context(), State{URL: "https://" + name + "/r/golang/.rss"}, time.Now()); v.Err != nil || v.Deferred {
					t.Errorf("%s: %+v", name, v)
				}
			})
		}
		wg.Wait()
		var last time.Time
		for i, r := range w.seen {
			if r.URL.Host == "notreddit.com" {
				continue
			}
			if !last.IsZero() && w.at[i].Sub(last) < time.Minute {
				t.Errorf("%s is asked %v after its sister", r.URL.Host, w.at[i].Sub(last))
			}
			last = w.at[i]
		}
		if took := last.Sub(w.at[0]); took > 4*time.Minute {
			t.Errorf("four requests took %v", took)
		}
	})
}

// TestGivingUpInAQueueHoldsNobodyUp has visitors give up while somebody else is
// answered, and while the pause runs.
func TestGivingUpInAQueueHoldsNobodyUp(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(3 * time.Second)
			_, _ = io.WriteString(w, feedOf("a"))
		}}}
		c := NewClient(ClientOptions{Transport: w, HostSpacing: 10 * time.Second, Patience: time.Hour})
		start := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() { c.Visit(t.Context(), State{URL: paper}, start) })
		synctest.Wait()
		for _, patience := range []time.Duration{time.Second, 5 * time.Second} { // the answer takes 3 s, the pause ends at 13 s
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				s := State{URL: paper, Failures: 1}
				if v := c.Visit(ctx, s, start); v.Err == nil || v.State != s || v.Took != patience {
					t.Errorf("took %v: %+v", v.Took, v)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		if queue := c.hosts.queue("paper.example"); queue > 10*time.Second {
			t.Errorf("those who gave up are still waited for: %v", queue)
		}
		v := c.Visit(t.Context(), State{URL: paper}, time.Now())
		if took := time.Since(start); v.Err != nil || took != 16*time.Second || w.requests() != 2 {
			t.Errorf("%d requests, the last answered after %v: %v", w.requests(), took, v.Err)
		}
	})
}

func TestHostsThatNobodyAsksAreForgotten(t *testing.T) {
	in(t, func(t *testing.T) {
		h := newHosts(time.Second)
		busy, err := h.acquire(t.Context(), "busy.example")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5000 {
			release, err := h.acquire(t.Context(), fmt.Sprintf("h%d.example", i))
			if err != nil {
				t.Fatal(err)
			}
			release()
			h.forbid(fmt.Sprintf("h%d.example", i), time.Now().Add(time.Second))
			time.Sleep(10 * time.Millisecond)
		}
		if n := len(h.table); n > 2100 {
			t.Errorf("%d hosts are remembered", n)
		}
		if n := len(h.embargo); n > 2100 {
			t.Errorf("%d domains are left alone", n)
		}
		if h.table["busy.example"] == nil {
			t.Error("a host that is being asked was forgotten")
		}
		busy()
	})
}

func TestLimitsCountPerRegistrableDomain(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.b.example.com": "example.com", "example.com": "example.com", "news.bbc.co.uk": "bbc.co.uk", "co.uk": "co.uk",
		"someone.github.io": "someone.github.io", "x.tumblr.com": "tumblr.com", "x.blogspot.com": "x.blogspot.com", "localhost": "localhost",
		"192.0.2.7": "192.0.2.7", "2001:db8::1": "2001:db8::1", "xn--bcher-kva.example": "xn--bcher-kva.example", "": "",
	} {
		if got := registrable(name); got != want {
			t.Errorf("registrable(%q) = %q, want %q", name, got, want)
		}
	}
}
