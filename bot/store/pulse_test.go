package store

import (
	"testing"
	"time"

	"broadsheet/feeds"
)

func TestPulseTellsWhatWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		if p := got[Pulse](t)(w.Pulse(w.ctx)); p != (Pulse{}) {
			t.Fatalf("pulse of an empty store: %+v", p)
		}
		feed := w.feed(t, "https://tern.example/")
		if p := got[Pulse](t)(w.Pulse(w.ctx)); time.Since(p.OldestDue) > time.Minute {
			t.Errorf("a new feed is due since %v", p.OldestDue)
		}
		got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 1, time.Minute))
		if p := got[Pulse](t)(w.Pulse(w.ctx)); !p.OldestDue.IsZero() {
			t.Errorf("a feed that is being visited is due since %v", p.OldestDue)
		}
		w.record(t, feed, items(1)...)
		if p := got[Pulse](t)(w.Pulse(w.ctx)); !p.OldestDue.IsZero() || time.Since(p.LastPoll) > time.Minute {
			t.Errorf("after a visit: %+v", p)
		}
		v := visit("https://tern.example/")
		v.Next, v.WaitUntil, v.Err = time.Now().Add(-time.Minute), time.Now().Add(time.Hour), &feeds.Error{Kind: feeds.RateLimited}
		got[[]Recorded](t)(w.RecordVisits(w.ctx, []VisitRecord{{FeedID: feed, Visit: v}}))
		if p := got[Pulse](t)(w.Pulse(w.ctx)); !p.OldestDue.IsZero() {
			t.Errorf("a feed whose server asked to wait is due since %v", p.OldestDue)
		}
		enqueue(t, w, 100, "a")
		if p := got[Pulse](t)(w.Pulse(w.ctx)); time.Since(p.OldestPending) > time.Minute {
			t.Errorf("a new delivery waits since %v", p.OldestPending)
		}
		_, err := w.ParkChannel(w.ctx, 100, "Send Messages")
		must(t, err)
		if p := got[Pulse](t)(w.Pulse(w.ctx)); !p.OldestPending.IsZero() {
			t.Errorf("what waits for a permission counts as waiting since %v", p.OldestPending)
		}
		// A refusal says nothing about the database.
		wantErr(t, w.MarkSent(w.ctx, 999, 1), ErrNotFound)
		if p := got[Pulse](t)(w.Pulse(w.ctx)); p.Trouble != nil {
			t.Errorf("trouble after a refusal: %v", p.Trouble)
		}
	})
}
