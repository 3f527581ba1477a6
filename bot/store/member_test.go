package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSummariesAreKeptByMode(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.record(t, w.feed(t, "https://tern.example/"), items(1)...)[0]
		if _, ok, err := w.Summary(w.ctx, id, "long"); ok || err != nil {
			t.Fatalf("Summary of nothing = %v, %v", ok, err)
		}
		must(t, w.SaveSummary(w.ctx, id, "long", []string{"One.", "Two “quoted”."}))
		must(t, w.SaveSummary(w.ctx, id, SummaryShort, []string{"Old."}))
		must(t, w.SaveSummary(w.ctx, id, SummaryShort, []string{"One."}))
		s, ok, err := w.Summary(w.ctx, id, "long")
		if diff := cmp.Diff([]string{"One.", "Two “quoted”."}, s); diff != "" || !ok || err != nil {
			t.Fatalf("Summary = %v, %v, %v", s, ok, err)
		}
		a := got[Article](t)(w.Article(w.ctx, id))
		if diff := cmp.Diff([]string{"One."}, a.Summary); diff != "" || a.SummaryMode != SummaryShort {
			t.Fatalf("the article's summary: %v (%s)", a.Summary, a.SummaryMode)
		}
		must(t, w.SaveSummary(w.ctx, id, SummaryShort, nil)) // too short for one
		a = got[Article](t)(w.Article(w.ctx, id))
		if a.Summary != nil || a.SummaryMode != SummaryShort {
			t.Fatalf("a kept summary without sentences: %v (%s)", a.Summary, a.SummaryMode)
		}
		wantErr(t, w.SaveSummary(w.ctx, 999, "long", nil), ErrNotFound)
	})
}

func TestSavedArticlesAreListedLastSavedFirst(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ids := w.record(t, w.feed(t, "https://tern.example/"), items(1, 2, 3)...)
		for at, i := range []int{2, 0, 1} {
			must(t, w.Save(w.ctx, 7, ids[i]))
			_, err := w.w.ExecContext(w.ctx, `UPDATE saved SET at = $1 WHERE article_id = $2`, at, ids[i]) // milliseconds may be equal
			must(t, err)
		}
		must(t, w.Save(w.ctx, 7, ids[2])) // saved again: stays where it is
		all, total, err := w.Saved(w.ctx, 7, 2, 0)
		must(t, err)
		sameIDs(t, "first page", idsOf(all), []int64{ids[1], ids[0]})
		if total != 3 {
			t.Fatalf("total %d, want 3", total)
		}
		all, _, err = w.Saved(w.ctx, 7, 2, 2)
		must(t, err)
		sameIDs(t, "second page", idsOf(all), []int64{ids[2]})
		must(t, w.Unsave(w.ctx, 7, ids[0]))
		wantErr(t, w.Unsave(w.ctx, 7, ids[0]), ErrNotFound)
		wantErr(t, w.Save(w.ctx, 7, 999), ErrNotFound)
		if _, total, err := w.Saved(w.ctx, 8, 5, 0); total != 0 || err != nil {
			t.Fatalf("another member's list has %d, %v", total, err)
		}
	})
}

func TestAMemberHasOneVote(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		w.record(t, feed)
		w.subscribe(t, 100, feed, ModeDigest, Backlog{})
		w.subscribe(t, 200, feed, ModeDigest, Backlog{})
		id := w.record(t, feed, items(1)...)[0]
		vote := func(guild, user int64, v int) { t.Helper(); must(t, w.Vote(w.ctx, guild, user, id, v)) }
		vote(1, 7, 5) // any positive number is one vote
		vote(1, 8, 1)
		vote(1, 9, 1)
		vote(1, 9, -1)
		vote(2, 7, -1)
		vote(1, 8, 0)
		votes := func(channel int64) int {
			return got[Window](t)(w.Window(w.ctx, channel, ModeDigest)).Articles[0].Votes
		}
		if votes(100) != 0 || votes(200) != -1 || got[Article](t)(w.Article(w.ctx, id)).Votes != -1 {
			t.Fatalf("votes %d and %d, in all %d; want 0, -1, -1", votes(100), votes(200), got[Article](t)(w.Article(w.ctx, id)).Votes)
		}
		wantErr(t, w.Vote(w.ctx, 1, 7, 999, 1), ErrNotFound)
		must(t, w.Vote(w.ctx, 1, 7, 999, 0))
	})
}
