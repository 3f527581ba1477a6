package store

import (
	"slices"
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
		if all := got[[]Teaser](t)(w.LeaseTeasers(w.ctx, 10, time.Minute)); len(all) != 0 {
			t.Fatalf("pages nobody will read are fetched: %+v", all)
		}
		w.subscribe(t, channel, feed, ModeDigest, Backlog{Articles: 1})
		whole := item(4)
		whole.Text = strings.Repeat("The council met and decided on the bridge after a long debate. ", 60)
		ids := w.record(t, feed, teaserItem(t, 3), whole)
		if n := got[int](t)(w.PendingTeasers(w.ctx, channel, time.Now().Add(2*time.Hour))); n != 2 {
			t.Fatalf("%d teasers wait, want the one of the backlog and the new one", n)
		}
		all := got[[]Teaser](t)(w.LeaseTeasers(w.ctx, 10, time.Minute))
		if len(all) != 2 || all[0].Link == "" || all[0].Text == "" || !all[0].Teaser {
			t.Fatalf("leased %+v", all)
		}
		if again := got[[]Teaser](t)(w.LeaseTeasers(w.ctx, 10, time.Minute)); len(again) != 0 {
			t.Fatalf("leased twice: %+v", again)
		}
		must(t, w.RecordPage(w.ctx, ids[0], PageResult{Text: "The whole story.", Done: true}))
		must(t, w.RecordPage(w.ctx, all[0].ID, PageResult{RetryAt: time.Now().Add(time.Hour), Reason: "503"}))
		if n := got[int](t)(w.PendingTeasers(w.ctx, channel, time.Now().Add(2*time.Hour))); n != 1 {
			t.Fatalf("%d teasers wait, want 1", n)
		}
		must(t, w.RecordPage(w.ctx, all[0].ID, PageResult{RetryAt: time.Now().Add(-time.Second), Reason: "503"}))
		if all = got[[]Teaser](t)(w.LeaseTeasers(w.ctx, 10, time.Minute)); len(all) != 1 {
			t.Fatalf("%d leased at the retry, want 1", len(all))
		}
		must(t, w.RecordPage(w.ctx, all[0].ID, PageResult{Done: true, Reason: "paywall"}))
		if n := got[int](t)(w.PendingTeasers(w.ctx, channel, time.Now().Add(2*time.Hour))); n != 0 {
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
		all := got[[]Teaser](t)(w.LeaseTeasers(w.ctx, 10, time.Minute))
		sameIDs(t, "teasers", teaserIDs(all), ids[2:])
	})
}

func teaserIDs(all []Teaser) []int64 {
	ids := []int64{}
	for _, a := range all {
		ids = append(ids, a.ID)
	}
	return ids
}

// teasers records n new teasers of a feed that the channel follows.
func (w world) teasers(t *testing.T, feed int64, from, to int) []int64 {
	t.Helper()
	var its []feeds.Item
	for _, n := range upTo(from, to) {
		its = append(its, teaserItem(t, n))
	}
	return w.record(t, feed, its...)
}

// followed is a feed that has been read and that the channel follows.
func (w world) followed(t *testing.T, url string) int64 {
	t.Helper()
	feed := w.feed(t, url)
	w.record(t, feed, item(9_000))
	w.subscribe(t, channel, feed, ModeDigest, Backlog{})
	return feed
}

func TestPagesOfAFeedKeepToItsBudget(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		busy, quiet := w.followed(t, "https://busy.example/"), w.followed(t, "https://quiet.example/")
		const n = 2*pageBudget + 20
		ids := w.teasers(t, busy, 1, n)
		w.teasers(t, quiet, 1, 3)
		lease := func() (ofBusy, ofQuiet []int64) {
			for {
				all := got[[]Teaser](t)(w.LeaseTeasers(w.ctx, 8, time.Minute))
				for _, a := range all {
					if a.FeedID == busy {
						ofBusy = append(ofBusy, a.ID)
					} else {
						ofQuiet = append(ofQuiet, a.ID)
					}
					must(t, w.RecordPage(w.ctx, a.ID, PageResult{Text: "The whole story.", Done: true}))
				}
				if len(all) == 0 {
					return ofBusy, ofQuiet
				}
			}
		}
		ofBusy, ofQuiet := lease()
		if len(ofBusy) != pageBudget || len(ofQuiet) != 3 {
			t.Fatalf("%d and %d pages, want %d and 3: another feed must not wait", len(ofBusy), len(ofQuiet), pageBudget)
		}
		if first := slices.Max(ids); !slices.Contains(ofBusy, first) {
			t.Error("the newest article is not among the first")
		}
		if n := got[int](t)(w.PendingTeasers(w.ctx, channel, time.Now().Add(time.Minute))); n != 0 {
			t.Errorf("a digest would wait a minute for %d pages that are due in an hour", n)
		}
		if left := got[int](t)(w.PendingTeasers(w.ctx, channel, time.Now().Add(2*time.Hour))); left != n-pageBudget {
			t.Errorf("%d pages are left, want %d", left, n-pageBudget)
		}
		for _, want := range []int{pageBudget, n - 2*pageBudget, 0} {
			w.hourPasses(t)
			if ofBusy, _ = lease(); len(ofBusy) != want {
				t.Fatalf("%d pages an hour later, want %d", len(ofBusy), want)
			}
		}
	})
}

// hourPasses moves what waits for pages an hour into the past.
func (w world) hourPasses(t *testing.T) {
	t.Helper()
	for _, q := range []string{`UPDATE page SET due = due - 3600000`, `UPDATE feed SET pages_from = pages_from - 3600000`} {
		if _, err := w.w.ExecContext(w.ctx, q); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPagesAreReadAgainWithTheirValidators(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		const etag, modified = `W/"a 'b'"`, "Sun, 22 Nov 2026 12:00:00 GMT"
		feed := w.followed(t, "https://tern.example/")
		id := w.teasers(t, feed, 1, 1)[0]
		lease := func() Teaser {
			t.Helper()
			all := got[[]Teaser](t)(w.LeaseTeasers(w.ctx, 8, time.Minute))
			if len(all) != 1 || all[0].ID != id {
				t.Fatalf("leased %v, want article %d", teaserIDs(all), id)
			}
			return all[0]
		}
		if first := lease(); first.Again() || first.PageETag != "" {
			t.Errorf("a page that was never read: %+v", first)
		}
		must(t, w.RecordPage(w.ctx, id, PageResult{Text: "The whole story.", Done: true, ETag: etag, LastModified: modified}))
		for _, r := range []PageResult{{Done: true}, {Done: true, Reason: "404"}} {
			must(t, w.readAgain(id))
			if again := lease(); !again.Again() || again.PageETag != etag || again.PageModified != modified || again.Text != "The whole story." {
				t.Errorf("a page that is read again: %+v", again)
			}
			must(t, w.RecordPage(w.ctx, id, r))
			a := got[Article](t)(w.Article(w.ctx, id))
			if a.Text != "The whole story." || a.Teaser || a.PageWaiting {
				t.Errorf("after %+v: text %q, teaser %v, waiting %v", r, a.Text, a.Teaser, a.PageWaiting)
			}
		}
		must(t, w.readAgain(id))
		lease()
		must(t, w.RecordPage(w.ctx, id, PageResult{Text: "The story, mended.", Done: true}))
		if a := got[Article](t)(w.Article(w.ctx, id)); a.Text != "The story, mended." {
			t.Errorf("text %q", a.Text)
		}
	})
}

// readAgain puts an article's page into the queue as an edit does.
func (w world) readAgain(id int64) error {
	for _, q := range []string{`UPDATE article SET page_state = 'waiting' WHERE id = $1`, `INSERT INTO page (article_id, due) VALUES ($1, 0)`} {
		if _, err := w.w.ExecContext(w.ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}
