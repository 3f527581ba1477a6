package bot_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

// answers is a web of one handler.
type answers http.HandlerFunc

// RoundTrip implements http.RoundTripper.
func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	a(rec, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return rec.Result(), nil
}

// poll begins a round of visits to n feeds, each on a host of its own, in a
// bubble, and lets the test look at the store some time later.
func poll(t *testing.T, n int, web answers, after time.Duration, look func(*testing.T, []store.Feed)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "poll.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range n {
			if _, _, err := s.AddFeed(t.Context(), fmt.Sprintf("https://paper-%d.example/feed", i), ""); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		p := bot.NewPoller(s, feeds.NewClient(feeds.ClientOptions{Transport: web}), bot.PollerOptions{})
		p.Start(ctx)
		if err := p.Tick(ctx); err != nil {
			t.Fatal(err)
		}
		time.Sleep(after)
		synctest.Wait()
		all, err := s.Feeds(t.Context(), 0, n)
		if err != nil || len(all) != n {
			t.Fatalf("%d feeds, %v", len(all), err)
		}
		look(t, all)
		cancel()
		p.Stop()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestAHangingFeedDelaysNoOther(t *testing.T) {
	t.Parallel()
	web := answers(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host == "paper-3.example" {
			<-r.Context().Done()
			return
		}
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>%s</title><item><guid>1</guid><title>Ferry late</title></item></channel></rss>`, r.URL.Host)
	})
	poll(t, 100, web, 2*time.Second, func(t *testing.T, all []store.Feed) {
		for i, f := range all {
			if read := !f.LastOK.IsZero(); read != (i != 3) {
				t.Errorf("%s two seconds after it was due: read %v", f.State.URL, read)
			}
		}
	})
}

// The next process must know of it even if this one is killed before it has
// gathered a batch.
func TestAWishToBeLeftAloneIsWrittenAtOnce(t *testing.T) {
	t.Parallel()
	web := answers(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	poll(t, 1, web, 0, func(t *testing.T, all []store.Feed) {
		if wait := time.Until(all[0].WaitUntil); wait != time.Hour {
			t.Errorf("the feed is to be left alone for %v, want an hour", wait)
		}
	})
}

// A server may be as slow as the configuration has patience.
func TestASlowFeedIsNotVisitedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	const timeout = 5 * time.Minute
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "slow.db"), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.AddFeed(t.Context(), "https://paper.example/feed", ""); err != nil {
			t.Fatal(err)
		}
		var visits atomic.Int32
		web := answers(func(w http.ResponseWriter, _ *http.Request) {
			visits.Add(1)
			time.Sleep(timeout - time.Second)
			fmt.Fprint(w, `<rss version="2.0"><channel><title>Slow Post</title><item><guid>1</guid><title>Ferry late</title></item></channel></rss>`)
		})
		p := bot.NewPoller(s, feeds.NewClient(feeds.ClientOptions{Transport: web, Timeout: timeout}), bot.PollerOptions{Timeout: timeout})
		p.Start(t.Context())
		for begun := time.Now(); time.Since(begun) < timeout; time.Sleep(30 * time.Second) {
			if err := p.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		p.Stop()
		f, err := s.FeedByURL(t.Context(), "https://paper.example/feed")
		if n := visits.Load(); n != 1 || err != nil || f.LastOK.IsZero() {
			t.Errorf("%d visits in %s, want one: %+v, %v", n, timeout, f, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
