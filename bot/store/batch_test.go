package store

import (
	"fmt"
	"testing"

	"broadsheet/feeds"
)

func TestOneVisitThatCannotBeHeldKeepsNoOtherOut(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		const unfit = 3
		var batch []VisitRecord
		for n := range 7 {
			url := fmt.Sprintf("https://%d.example/feed", n)
			batch = append(batch, VisitRecord{FeedID: w.feed(t, url), Visit: visit(url), Items: items(1)})
		}
		// PostgreSQL cannot index such a name, SQLite can.
		batch[unfit].Site, batch[unfit].Furniture = incompressible(1, 9000), []feeds.Fingerprint{1}
		out, err := w.RecordVisits(w.ctx, batch)
		must(t, err)
		refused := w.d.name == postgres
		for n, r := range out {
			if r.FeedID != batch[n].FeedID {
				t.Errorf("result %d is of feed %d, want %d", n, r.FeedID, batch[n].FeedID)
			}
			if n == unfit && refused {
				wantErr(t, r.Err, ErrUnfit)
			} else if r.Err != nil || len(r.New) != 1 {
				t.Errorf("feed %d: %d new articles, %v", r.FeedID, len(r.New), r.Err)
			}
		}
	})
}

func TestAFeedDoesNotMoveToAnAddressTooLongToKeep(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		const home = "https://tern.example/feed"
		feed := w.feed(t, home)
		for _, to := range []string{home + incompressible(2, 4000), home + incompressible(3, 1900)} {
			v := visit(to)
			v.Moved = true
			out, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: feed, Visit: v}})
			must(t, err)
			must(t, out[0].Err)
			want := to
			if len(to) > maxFeedURL {
				want = home
			}
			if f := got[Feed](t)(w.Feed(w.ctx, feed)); f.State.URL != want || f.LastOK.IsZero() {
				t.Errorf("moved to %d bytes: it lives at %d bytes, last read %v", len(to), len(f.State.URL), f.LastOK)
			}
		}
	})
}
