package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWorkIsCountedWithoutTheArticles(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		w.feed(t, "https://quay.example/")
		w.subscribe(t, 100, feed, ModeDigest, Backlog{})
		w.record(t, feed, items(1, 2, 3)...)
		enqueue(t, w, 100, "a")
		want := got[Counts](t)(w.Counts(w.ctx))
		if want.Articles != 3 || want.Subscriptions != 1 || want.Feeds != 2 || want.PendingDeliveries != 1 || want.LastPoll.IsZero() || want.OldestPending.IsZero() {
			t.Errorf("Counts = %+v", want)
		}
		want.Articles, want.Subscriptions = 0, 0
		if diff := cmp.Diff(want, got[Counts](t)(w.Work(w.ctx))); diff != "" {
			t.Errorf("Work differs from Counts (-Counts +Work):\n%s", diff)
		}
	})
}
