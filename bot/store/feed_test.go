package store

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feeds"
)

func TestAddFeedTwiceIsOneFeed(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		a, created, err := w.AddFeed(w.ctx, "https://tern.example/feed", "given")
		must(t, err)
		b, again, err := w.AddFeed(w.ctx, "https://tern.example/feed", "other")
		must(t, err)
		if !created || again || a.ID != b.ID || b.Title != "given" {
			t.Fatalf("AddFeed = %+v, %v then %+v, %v; want one feed, created once", a, created, b, again)
		}
		if due := got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 10, time.Minute)); len(due) != 1 {
			t.Fatalf("a new feed is not due at once: %v", due)
		}
	})
}

func TestVisitIsRecordedWithItsState(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.feed(t, "https://tern.example/feed")
		at := time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)
		v := feeds.Visit{
			At: at, Next: at.Add(time.Hour), WaitUntil: at.Add(30 * time.Minute),
			State: feeds.State{URL: "https://tern.example/feed", ETag: "\"e\x00\"", LastModified: "Sun", Validated: "https://mirror.tern.example/feed", BodyHash: ^uint64(0), Redirect: "https://new.example",
				Redirects: 2, RedirectSince: at.Add(-time.Hour), Failures: 0, Interval: 90 * time.Minute,
				Pace: 20 * time.Minute, Skip: 1<<30 | 1},
			Feed: &feeds.Feed{Kind: "atom1.0", Title: "Tern\xff", Link: "https://tern.example", Language: "de"},
		}
		out, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: id, Visit: v, Items: items(1)}})
		must(t, err)
		must(t, out[0].Err)
		f := got[Feed](t)(w.Feed(w.ctx, id))
		if f.NewestAt.IsZero() {
			t.Error("nobody knows when the newest article came")
		}
		f.CreatedAt, f.NewestAt = time.Time{}, time.Time{}
		want := Feed{ID: id, State: v.State, Title: "Tern\uFFFD", SiteURL: "https://tern.example", Language: "de", Kind: "atom1.0",
			NextPoll: v.Next, LastPoll: at, LastOK: at, WaitUntil: v.WaitUntil}
		want.State.ETag = `"e"` // PostgreSQL stores no NUL
		if diff := cmp.Diff(want, f); diff != "" {
			t.Fatalf("feed after a visit (-want +got):\n%s", diff)
		}
	})
}

func TestFailuresAreRememberedUntilTheFirstSuccess(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.feed(t, "https://tern.example/feed")
		at := time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)
		fail := func(at time.Time, n int) Feed {
			v := feeds.Visit{At: at, Next: at.Add(time.Hour), Err: &feeds.Error{Kind: feeds.NotFound, Status: 404, URL: "u"},
				State: feeds.State{URL: "https://tern.example/feed", Failures: n}}
			_, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: id, Visit: v, Touch: true}})
			must(t, err)
			return got[Feed](t)(w.Feed(w.ctx, id))
		}
		fail(at, 1)
		f := fail(at.Add(time.Hour), 2)
		if !f.FailingSince.Equal(at) || f.State.Failures != 2 || f.LastErrorKind != "not-found" || f.LastError == "" || !f.LastOK.IsZero() {
			t.Fatalf("after two failures: %+v", f)
		}
		if c := got[Counts](t)(w.Counts(w.ctx)); c.FailingFeeds != 1 {
			t.Fatalf("Counts().FailingFeeds = %d, want 1", c.FailingFeeds)
		}
		w.record(t, id)
		f = got[Feed](t)(w.Feed(w.ctx, id))
		if !f.FailingSince.IsZero() || f.LastErrorKind != "" || f.LastError != "" {
			t.Fatalf("after a success: %+v", f)
		}
		// A failed visit brings no document; what the last one said stays.
		if f = fail(at.Add(2*time.Hour), 1); f.Title != "The Tern" {
			t.Fatalf("title after a failure = %q", f.Title)
		}
	})
}

func TestKnownItemsAreNotStoredTwice(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.feed(t, "https://tern.example/feed")
		if first := w.record(t, id, items(1, 2, 3)...); len(first) != 3 {
			t.Fatalf("New = %v, want 3 articles", first)
		}
		alias := item(2)
		alias.Keys = []feeds.Key{21, 999} // one key is known, one is not
		again := w.record(t, id, item(1), alias, item(4), item(4))
		if len(again) != 1 {
			t.Fatalf("New = %v, want item 4 alone", again)
		}
		keys := []feeds.Key{10, 11, 20, 21, 30, 31, 40, 41, 999}
		known := got[map[feeds.Key]feeds.KnownItem](t)(w.KnownKeys(w.ctx, id, append(keys, 77)))
		for _, k := range keys {
			if known[k].Article == 0 {
				t.Errorf("key %d is not known: %+v", k, known)
			}
		}
		if known[999].Article != known[20].Article || len(known) != len(keys) {
			t.Errorf("an item's new key is of another article than its old one: %+v", known)
		}
		if c := got[Counts](t)(w.Counts(w.ctx)); c.Articles != 4 {
			t.Fatalf("%d articles, want 4", c.Articles)
		}
		// The same keys in another feed are other articles.
		if other := w.record(t, w.feed(t, "https://other.example/"), items(1)...); len(other) != 1 {
			t.Fatalf("New in another feed = %v", other)
		}
	})
}

func TestSeenKeysAreRemembered(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.feed(t, "https://tern.example/feed")
		w.record(t, id, items(1)...)
		big := feeds.Key(1<<63 + 5) // beyond int64
		_, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: id, Visit: visit("https://tern.example/feed"), Seen: []feeds.Alias{{Key: 10}, {Key: big}, {Key: big}}}})
		must(t, err)
		again := item(9)
		again.Keys = []feeds.Key{big}
		if ids := w.record(t, id, again); len(ids) != 0 {
			t.Fatalf("an item known by a key that was only seen is new: %v", ids)
		}
	})
}

func TestTouchLooksAtNoItems(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.feed(t, "https://tern.example/feed")
		out, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: id, Visit: visit("https://tern.example/feed"), Items: items(1), Touch: true}})
		must(t, err)
		if len(out[0].New) != 0 || got[Counts](t)(w.Counts(w.ctx)).Articles != 0 {
			t.Fatalf("New = %v, want none", out[0].New)
		}
	})
}

func TestArticlesKeepTheOrderOfItemsAndOfTime(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		// Documents hold the newest first; ids must grow with time.
		ids := w.record(t, w.feed(t, "https://tern.example/feed"), items(3, 1, 2)...)
		if len(ids) != 3 || ids[1] >= ids[2] || ids[2] >= ids[0] {
			t.Fatalf("ids of items published at 3, 1, 2: %v", ids)
		}
		a, b := item(4), item(5)
		a.Published, b.Published = time.Time{}, time.Time{}
		undated := w.record(t, w.feed(t, "https://undated.example/feed"), b, a)
		if undated[1] >= undated[0] {
			t.Fatalf("ids of undated items, newest first: %v", undated)
		}
	})
}

func TestItemsWithoutKeysAreKnownByWhatTheySay(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.feed(t, "https://tern.example/feed")
		bare := item(1)
		bare.Keys = nil
		if n := len(w.record(t, id, bare)) + len(w.record(t, id, bare)); n != 1 {
			t.Fatalf("stored %d times, want once", n)
		}
	})
}

func TestArticleComesBackAsItWas(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.feed(t, "https://tern.example/feed")
		it := item(1)
		it.Title, it.Text = "Näpf\xffe\x00", "Ein Satz.\n\nZweiter \x00Satz. 東京都"
		it.Author, it.Image, it.Categories = "A, B", "https://img.example/1.png", []string{"news", "ü\x00"}
		it.Updated = it.Published.Add(time.Hour)
		a := got[Article](t)(w.Article(w.ctx, w.record(t, id, it)[0]))
		if a.Seen.IsZero() {
			t.Error("Seen is zero")
		}
		want := Article{ID: a.ID, FeedID: id, FeedTitle: "The Tern", GUID: "guid-1", Title: "Näpf\uFFFDe", Link: it.Link, Author: "A, B",
			Language: "en", Image: it.Image, Text: "Ein Satz.\n\nZweiter Satz. 東京都", Categories: []string{"news", "ü\x00"},
			Published: it.Published, Updated: it.Updated, Seen: a.Seen, Teaser: feeds.Teaser(it)}
		if diff := cmp.Diff(want, a); diff != "" {
			t.Fatalf("article (-want +got):\n%s", diff)
		}
		_, err := w.Article(w.ctx, 999)
		wantErr(t, err, ErrNotFound)
	})
}

func TestMovedFeedIsFoundUnderBothAddresses(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.feed(t, "https://old.example/")
		taken := w.feed(t, "https://taken.example/")
		move := func(to string) {
			_, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: id, Visit: visit(to)}})
			must(t, err)
		}
		move("https://new.example/")
		for _, u := range []string{"https://old.example/", "https://new.example/"} {
			if f := got[Feed](t)(w.FeedByURL(w.ctx, u)); f.ID != id || f.State.URL != "https://new.example/" {
				t.Fatalf("FeedByURL(%s) = %+v", u, f)
			}
		}
		if f, created, err := w.AddFeed(w.ctx, "https://old.example/", ""); err != nil || created || f.ID != id {
			t.Fatalf("AddFeed of the old address = %d, %v, %v; want feed %d", f.ID, created, err, id)
		}
		// Where another feed lives already, both stay.
		move("https://taken.example/")
		if f := got[Feed](t)(w.FeedByURL(w.ctx, "https://taken.example/")); f.ID != taken {
			t.Fatalf("the address of another feed was taken over")
		}
		_, err := w.FeedByURL(w.ctx, "https://nobody.example/")
		wantErr(t, err, ErrNotFound)
	})
}

func TestPausedAndGoneFeedsAreNotDue(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		paused, gone, waiting := w.feed(t, "https://a.example/"), w.feed(t, "https://b.example/"), w.feed(t, "https://c.example/")
		must(t, w.SetFeedPaused(w.ctx, paused, true))
		v := visit("https://b.example/")
		v.Gone, v.Next = true, time.Time{}
		v2 := visit("https://c.example/")
		v2.WaitUntil = time.Now().Add(time.Hour)
		_, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: gone, Visit: v}, {FeedID: waiting, Visit: v2}})
		must(t, err)
		if due := got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 10, time.Minute)); len(due) != 0 {
			t.Fatalf("due: %+v", due)
		}
		if all := got[[]Feed](t)(w.LeaseFeeds(w.ctx, 10, 0, time.Minute)); len(all) != 0 {
			t.Fatalf("poll --all would visit %+v", all)
		}
		for _, id := range []int64{paused, gone} {
			must(t, w.SetFeedPaused(w.ctx, id, false))
		}
		if due := got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 10, time.Minute)); len(due) != 2 {
			t.Fatalf("%d feeds are due after they were resumed, want 2", len(due))
		}
		wantErr(t, w.SetFeedPaused(w.ctx, 999, true), ErrNotFound)
	})
}

func TestAFeedIsLeasedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		other := w.open(t)
		for _, u := range []string{"https://a.example/", "https://b.example/", "https://c.example/"} {
			w.feed(t, u)
		}
		first := got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 2, time.Minute))
		second := got[[]Feed](t)(other.LeaseDueFeeds(w.ctx, 10, time.Minute))
		if len(first) != 2 || len(second) != 1 {
			t.Fatalf("leased %d and %d feeds, want 2 and 1", len(first), len(second))
		}
		_, err := other.LeaseFeed(w.ctx, first[0].ID, time.Minute)
		wantErr(t, err, ErrLeaseLost)
		_, err = other.LeaseFeed(w.ctx, 999, time.Minute)
		wantErr(t, err, ErrNotFound)
		// A visit ends the lease.
		w.record(t, first[0].ID)
		got[Feed](t)(other.LeaseFeed(w.ctx, first[0].ID, time.Minute))
	})
}

func TestLeaseFeedsWalksInOrderOfIDs(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		var want []int64
		for _, u := range []string{"https://a.example/", "https://b.example/", "https://c.example/"} {
			want = append(want, w.feed(t, u))
			w.record(t, want[len(want)-1]) // not due for an hour
		}
		var ids []int64
		for after := int64(0); ; {
			batch := got[[]Feed](t)(w.LeaseFeeds(w.ctx, 2, after, time.Minute))
			if len(batch) == 0 {
				break
			}
			for _, f := range batch {
				ids, after = append(ids, f.ID), f.ID
			}
		}
		sameIDs(t, "feeds", ids, want)
	})
}

func TestAVisitUnderALostLeaseRecordsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.feed(t, "https://a.example/")
		other := w.open(t)
		got[Feed](t)(other.LeaseFeed(w.ctx, id, time.Minute))
		out, err := w.RecordVisits(w.ctx, []VisitRecord{
			{FeedID: id, Visit: visit("https://a.example/"), Items: items(1)},
			{FeedID: 999, Visit: visit("https://b.example/"), Items: items(2)},
		})
		must(t, err)
		if !errors.Is(out[0].Err, ErrLeaseLost) || !errors.Is(out[1].Err, ErrNotFound) {
			t.Fatalf("errors %v and %v, want ErrLeaseLost and ErrNotFound", out[0].Err, out[1].Err)
		}
		if c := got[Counts](t)(w.Counts(w.ctx)); c.Articles != 0 {
			t.Fatalf("%d articles were stored", c.Articles)
		}
		// Validators without the items would lose them: the next answer is a 304.
		if f := got[Feed](t)(w.Feed(w.ctx, id)); f.State.ETag != "" || f.State.BodyHash != 0 || !f.LastOK.IsZero() {
			t.Fatalf("the state was stored without the items: %+v", f.State)
		}
	})
}

func TestAnExpiredLeaseIsFree(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := w.feed(t, "https://a.example/")
		other := w.open(t)
		got[Feed](t)(other.LeaseFeed(w.ctx, id, -time.Second)) // over as soon as it began
		got[Feed](t)(w.LeaseFeed(w.ctx, id, time.Minute))
	})
}

func TestFeedsAreListedPageByPage(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		var want []int64
		for _, url := range []string{"https://a.example/", "https://b.example/", "https://c.example/"} {
			want = append(want, w.feed(t, url))
		}
		var seen []int64
		for last := int64(0); ; last = seen[len(seen)-1] {
			page := got[[]Feed](t)(w.Feeds(w.ctx, last, 2))
			if len(page) == 0 {
				break
			}
			for _, f := range page {
				seen = append(seen, f.ID)
			}
		}
		if !slices.Equal(seen, want) {
			t.Errorf("pages of two hold %v, want %v", seen, want)
		}
	})
}
