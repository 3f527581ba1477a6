package bot_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
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

// The page of the first article is slow and that of the second is not, nor has
// the article of another paper any.
func TestInstantPostsOfAPaperKeepItsOrder(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		tern, gull := w.paperWithPages("tern.example", "The Tern"), w.paper("gull.example", "The Gull")
		tern.tell("zero", "the zeroth")
		gull.publish("zero", "Zeroth of the gull", "the zeroth gull")
		for _, url := range []string{tern.feed.url(), gull.url()} {
			w.slash("feeds add", map[string]any{"url": url, "mode": "instant"})
		}
		w.pass(10 * time.Minute)
		before := len(w.posts())
		tern.begin("one", "the first page")
		tern.on("/one", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		w.pass(time.Second)
		tern.begin("two", "the second page")
		gull.publish("three", "Third of the gull", "the third gull")
		for range 24 * 60 {
			w.pass(time.Minute)
			if len(w.posts()) == before+3 {
				break
			}
		}
		first, second := w.place("the first page"), w.place("the second page")
		if first < 0 || second < first {
			w.t.Errorf("the first stands at %d, the second at %d of\n%s", first, second, strings.Join(w.posts(), "\n"))
		}
	})
}

// place is the index of the message that names something, -1 if none does.
func (w *town) place(text string) int {
	return slices.IndexFunc(w.posts(), func(post string) bool { return strings.Contains(post, text) })
}
