package feeds

import (
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
