package bot_test

import (
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// Four pages of one site that hang are given up one after the other, which
// takes longer than an instant post may wait.
func TestAnInstantPostWaitsHalfAMinuteForItsPage(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		tern := w.paperWithPages("tern.example", "The Tern")
		tern.tell("first", "the first")
		w.slash("feeds add", map[string]any{"url": tern.feed.url(), "mode": "instant"})
		w.pass(10 * time.Minute)
		before := len(w.posts())
		for i := range 4 {
			id := fmt.Sprint("slow", i)
			tern.begin(id, "the slow page "+id)
			tern.on("/"+id, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		}
		var polled atomic.Int64
		tern.feed.instead(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			tern.feed.mu.Lock()
			body := tern.feed.document()
			tern.feed.mu.Unlock()
			polled.CompareAndSwap(0, time.Now().UnixMilli())
			_, _ = io.WriteString(rw, body)
		}))
		for polled.Load() == 0 {
			w.pass(time.Second)
		}
		came := time.UnixMilli(polled.Load())
		w.until(came.Add(25 * time.Second))
		if n := len(w.posts()) - before; n != 0 {
			w.t.Errorf("%d of 4 articles were posted without waiting for their pages", n)
		}
		w.until(came.Add(35 * time.Second))
		if n := len(w.posts()) - before; n != 4 {
			w.t.Errorf("%d of 4 articles were posted within half a minute, want all", n)
		}
	})
}
