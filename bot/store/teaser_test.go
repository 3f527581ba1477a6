package store

import (
	"strings"
	"testing"
	"time"

	"broadsheet/feeds"
)

// teaserItem is an item that feeds.Teaser takes for one.
func teaserItem(t *testing.T, n int) feeds.Item {
	t.Helper()
	it := item(n)
	it.Text, it.HTML = "Read on…", "<p>Read on…</p>"
	if !feeds.Teaser(it) {
		t.Skip("feeds.Teaser does not take a few words and an ellipsis for a teaser")
	}
	return it
}

func TestTeasersOfFollowedFeedsAreCompleted(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		w.record(t, feed, teaserItem(t, 1), teaserItem(t, 2)) // nobody follows yet
		if all := got[[]Article](t)(w.LeaseTeasers(w.ctx, 10, time.Minute)); len(all) != 0 {
			t.Fatalf("pages nobody will read are fetched: %+v", all)
		}
		w.subscribe(t, channel, feed, ModeDigest, Backlog{Articles: 1})
		whole := item(4)
		whole.Text = strings.Repeat("The council met and decided on the bridge after a long debate. ", 60)
		ids := w.record(t, feed, teaserItem(t, 3), whole)
		if n := got[int](t)(w.PendingTeasers(w.ctx, channel)); n != 2 {
			t.Fatalf("%d teasers wait, want the one of the backlog and the new one", n)
		}
		all := got[[]Article](t)(w.LeaseTeasers(w.ctx, 10, time.Minute))
		if len(all) != 2 || all[0].Link == "" || all[0].Text == "" || !all[0].Teaser {
			t.Fatalf("leased %+v", all)
		}
		if again := got[[]Article](t)(w.LeaseTeasers(w.ctx, 10, time.Minute)); len(again) != 0 {
			t.Fatalf("leased twice: %+v", again)
		}
		must(t, w.RecordPage(w.ctx, ids[0], PageResult{Text: "The whole story.", Done: true}))
		must(t, w.RecordPage(w.ctx, all[0].ID, PageResult{RetryAt: time.Now().Add(time.Hour), Reason: "503"}))
		if n := got[int](t)(w.PendingTeasers(w.ctx, channel)); n != 1 {
			t.Fatalf("%d teasers wait, want 1", n)
		}
		must(t, w.RecordPage(w.ctx, all[0].ID, PageResult{RetryAt: time.Now().Add(-time.Second), Reason: "503"}))
		if all = got[[]Article](t)(w.LeaseTeasers(w.ctx, 10, time.Minute)); len(all) != 1 {
			t.Fatalf("%d leased at the retry, want 1", len(all))
		}
		must(t, w.RecordPage(w.ctx, all[0].ID, PageResult{Done: true, Reason: "paywall"}))
		if n := got[int](t)(w.PendingTeasers(w.ctx, channel)); n != 0 {
			t.Fatalf("%d teasers wait, want none", n)
		}
		p := got[Path](t)(w.Why(w.ctx, 1, all[0].ID))
		if p.Page != "failed" || p.PageReason != "paywall" || !p.Article.Teaser {
			t.Fatalf("the way of a teaser that failed: %+v", p)
		}
		wantErr(t, w.RecordPage(w.ctx, 999, PageResult{Done: true}), ErrNotFound)
	})
}

func TestFirstVisitFetchesOnlyPagesOfTheBacklog(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		w.subscribe(t, channel, feed, ModeDigest, Backlog{Articles: 1})
		ids := w.record(t, feed, teaserItem(t, 1), teaserItem(t, 2), teaserItem(t, 3))
		all := got[[]Article](t)(w.LeaseTeasers(w.ctx, 10, time.Minute))
		sameIDs(t, "teasers", idsOf(all), ids[2:])
	})
}
