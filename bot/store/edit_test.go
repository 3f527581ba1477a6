package store

import (
	"strings"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"
	"github.com/google/go-cmp/cmp"

	"broadsheet/feeds"
)

// says is item n with another title, text and content.
func says(n int, title, text string) feeds.Item {
	it := item(n)
	it.Title, it.Text = title, text
	it.Content = xxhash.Sum64String(title+"\n"+text) | 1<<63 // beyond int64
	return it
}

// whole is a text of two hundred and forty words about a subject.
func whole(subject string) string {
	return strings.TrimSpace(strings.Repeat("The harbour office spoke about "+subject+".\n\n", 40))
}

// edit records a visit that found an article edited, and returns what was
// rewritten.
func (w world) edit(t *testing.T, feedID, article int64, it feeds.Item) []int64 {
	t.Helper()
	f := got[Feed](t)(w.Feed(w.ctx, feedID))
	out, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: feedID, Visit: visit(f.State.URL), Edits: []feeds.Edit{{Article: article, Item: it}}}})
	must(t, err)
	must(t, out[0].Err)
	return out[0].Edited
}

// ago shifts the times by which an article's edits are bounded into the past.
func (w world) ago(t *testing.T, article int64, seen, edited time.Duration) {
	t.Helper()
	_, err := w.w.ExecContext(w.ctx, `UPDATE article SET seen = $1, edited = CASE WHEN edited = 0 THEN 0 ELSE CAST($2 AS BIGINT) END WHERE id = $3`,
		clock()-seen.Milliseconds(), clock()-edited.Milliseconds(), article)
	must(t, err)
}

func TestAnEditedArticleIsRewritten(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/feed")
		w.subscribe(t, 100, feed, ModeInstant, Backlog{})
		first := says(1, "Bridge closes", whole("the bridge"))
		first.Author, first.Image, first.Categories = "Ada", "https://img.example/1.png", []string{"town"}
		id := w.record(t, feed, first)[0]
		must(t, w.SaveSummary(w.ctx, id, SummaryShort, []string{"Old."}))
		got[[]int64](t)(w.Publish(w.ctx, Edition{GuildID: 1, ChannelID: 100, Mode: ModeInstant,
			Taken: []Taken{{ArticleID: id, FeedID: feed, Fate: FateCard}}}))

		second := says(1, "Tunnel closes", whole("the tunnel"))
		second.Author, second.Image, second.Categories = "", "", nil
		second.Link, second.Published = "https://example.org/tunnel", first.Published.Add(time.Hour)
		sameIDs(t, "edited", w.edit(t, feed, id, second), []int64{id})

		a := got[Article](t)(w.Article(w.ctx, id))
		want := Article{ID: id, FeedID: feed, FeedTitle: "The Tern", GUID: "guid-1", Title: "Tunnel closes", Link: second.Link, Author: "Ada",
			Language: "en", Image: first.Image, Text: whole("the tunnel"), Categories: []string{"town"},
			Published: first.Published, Updated: second.Published, Seen: a.Seen}
		if diff := cmp.Diff(want, a); diff != "" {
			t.Errorf("article after an edit (-want +got):\n%s", diff)
		}
		for _, q := range []struct {
			text string
			n    int
		}{{"tunnel", 1}, {"bridge", 0}} {
			if _, n, err := w.Search(w.ctx, Query{Text: q.text}); err != nil || n != q.n {
				t.Errorf("search %q finds %d (%v), want %d", q.text, n, err, q.n)
			}
			if titles, err := w.SuggestTitles(w.ctx, 0, q.text, 5); err != nil || len(titles) != q.n {
				t.Errorf("titles of %q: %v (%v), want %d", q.text, titles, err, q.n)
			}
		}
		sameIDs(t, "the window after an edit", w.window(t, 100, ModeInstant), []int64{})
		if c := got[Counts](t)(w.Counts(w.ctx)); c.Articles != 1 {
			t.Errorf("%d articles, want 1", c.Articles)
		}
		known := got[map[feeds.Key]feeds.KnownItem](t)(w.KnownKeys(w.ctx, feed, second.Keys))
		if k := known[second.Keys[0]]; k.Article != id || k.Content != second.Content || !k.Published.Equal(first.Published) {
			t.Errorf("known as %+v, want article %d with content %d", k, id, second.Content)
		}
	})
}

func TestEditsOfAnArticleAreBounded(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/feed")
		id := w.record(t, feed, says(1, "Points: 1", "Points"))[0]
		rows := []struct {
			name         string
			seen, edited time.Duration // how long ago
			title        string
			want         bool
		}{
			{"the first, at once", time.Second, 0, "Points: 12", true},
			{"the next, at once", time.Second, time.Second, "Points: 123", false},
			{"after ten minutes", 11 * time.Minute, 10*time.Minute + time.Second, "Points: 123", true},
			{"an hour after an edit on the second day", 31 * time.Hour, time.Hour, "Points: 1234", false},
			{"eight hours after it", 38 * time.Hour, 8 * time.Hour, "Points: 1234", true},
			{"what is there already", 90 * time.Hour, 50 * time.Hour, "Points: 1234", false},
		}
		for _, row := range rows {
			w.ago(t, id, row.seen, row.edited)
			if edited := w.edit(t, feed, id, says(1, row.title, "Points")); (len(edited) > 0) != row.want {
				t.Errorf("%s: edited %v, want %v", row.name, edited, row.want)
			}
		}
		if a := got[Article](t)(w.Article(w.ctx, id)); a.Title != "Points: 1234" {
			t.Errorf("title %q", a.Title)
		}
	})
}

// A feed that says nothing new has no reason to change again, and a correction of
// a correction would wait for ever.
func TestADocumentWithAnEditThatWaitsIsReadAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/feed")
		id := w.record(t, feed, says(1, "Bridge closes", "In May."))[0]
		known := visit("https://tern.example/feed").State
		known.ETag, known.LastModified, known.Validated, known.BodyHash = `"7"`, "Mon, 12 Jan 2026 08:00:00 GMT", "https://tern.example/moved", 7
		forgotten := known
		forgotten.Forget()
		rows := []struct {
			name         string
			seen, edited time.Duration // how long ago
			title        string
			want         feeds.State
		}{
			{"the first edit, taken over", time.Minute, 0, "Bridge opens", known},
			{"the next, within ten minutes", time.Minute, time.Second, "Bridge stays open", forgotten},
			{"the next, when it may be taken over", 12 * time.Minute, 11 * time.Minute, "Bridge stays open", known},
			{"one that would have to wait for hours", 31 * time.Hour, time.Hour, "Bridge burns", known},
		}
		for _, row := range rows {
			w.ago(t, id, row.seen, row.edited)
			out, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: feed, Visit: feeds.Visit{State: known},
				Edits: []feeds.Edit{{Article: id, Item: says(1, row.title, "In May.")}}}})
			must(t, err)
			must(t, out[0].Err)
			if diff := cmp.Diff(row.want, got[Feed](t)(w.Feed(w.ctx, feed)).State); diff != "" {
				t.Errorf("%s (-want +got):\n%s", row.name, diff)
			}
		}
	})
}

func TestEditsThatWouldLoseTextDoNot(t *testing.T) {
	long := whole("the bridge")
	tests := []struct {
		name, text, want string
	}{
		{"its beginning alone", long[:600], long},
		{"its beginning with a mark that it goes on", long[:600] + "… […]", long},
		{"its beginning with a link to go on", long[:300] + "…\n\nContinue reading Bridge closes at the Harbour Post", long},
		{"its beginning in other paragraphs", strings.ReplaceAll(long[:600], "\n\n", " "), long},
		{"nothing", "", long},
		{"a shorter text of its own", "The bridge stays open after all. This is a correction.", "The bridge stays open after all. This is a correction."},
		{"a longer text with the same beginning", long + " And more.", long + " And more."},
	}
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/feed")
		for i, tt := range tests {
			i++ // the items of 0 have a key that is none
			id := w.record(t, feed, says(i, "Bridge closes", long))[0]
			edited := w.edit(t, feed, id, says(i, "Bridge closes", tt.text))
			a := got[Article](t)(w.Article(w.ctx, id))
			if a.Text != tt.want || (len(edited) > 0) != (tt.want != long) {
				t.Errorf("%s: edited %v, text %q, want %q", tt.name, edited, a.Text, tt.want)
			}
			if tt.want == long && a.Teaser {
				t.Errorf("%s: the whole text is called a teaser", tt.name)
			}
			known := got[map[feeds.Key]feeds.KnownItem](t)(w.KnownKeys(w.ctx, feed, item(i).Keys))
			if k := known[item(i).Keys[0]]; k.Content != says(i, "Bridge closes", tt.text).Content {
				t.Errorf("%s: the next visit would find the same edit again", tt.name)
			}
		}
	})
}

func TestTheTextOfAPageOutlivesTheTeasersEdits(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/feed")
		w.record(t, feed)
		w.subscribe(t, 100, feed, ModeDigest, Backlog{})
		completed := func(n int) int64 {
			id := w.record(t, feed, says(n, "Bridge closes", "A word about the bridge… Read more"))[0]
			must(t, w.RecordPage(w.ctx, id, PageResult{Text: whole("the bridge"), Done: true}))
			return id
		}
		pageOf := func(id int64) (state string, jobs int) {
			must(t, w.row(w.ctx, `SELECT page_state, (SELECT COUNT(*) FROM page p WHERE p.article_id = a.id) FROM article a WHERE id = $1`, id).Scan(&state, &jobs))
			return state, jobs
		}
		rows := []struct {
			name, text  string
			age         time.Duration
			state, want string
			jobs        int
		}{
			{"a new teaser of a young article", "Another word… Read more", 0, pageWaiting, whole("the bridge"), 1},
			{"a new teaser of an old one", "Another word… Read more", 50 * time.Hour, pageDone, whole("the bridge"), 0},
			{"a text that is whole", whole("the tunnel under it"), 0, "", whole("the tunnel under it"), 0},
		}
		for i, row := range rows {
			id := completed(i)
			w.ago(t, id, row.age, 0)
			sameIDs(t, row.name, w.edit(t, feed, id, says(i, "Bridge opens", row.text)), []int64{id})
			a := got[Article](t)(w.Article(w.ctx, id))
			state, jobs := pageOf(id)
			if a.Title != "Bridge opens" || a.Text != row.want || a.Teaser || state != row.state || jobs != row.jobs {
				t.Errorf("%s: title %q, teaser %v, page %q with %d jobs, text %.60q; want page %q with %d jobs, text %.60q",
					row.name, a.Title, a.Teaser, state, jobs, a.Text, row.state, row.jobs, row.want)
			}
		}
	})
}

func TestATextThatIsWholeNowNeedsNoPage(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/feed")
		w.record(t, feed)
		w.subscribe(t, 100, feed, ModeDigest, Backlog{})
		id := w.record(t, feed, says(1, "Bridge closes", "A word about the bridge… Read more"))[0]
		w.edit(t, feed, id, says(1, "Bridge closes", whole("the bridge")))
		var jobs int
		if must(t, w.row(w.ctx, `SELECT COUNT(*) FROM page`).Scan(&jobs)); jobs != 0 {
			t.Fatal("a page is read for a text that is whole")
		}
		if a := got[Article](t)(w.Article(w.ctx, id)); a.Teaser || a.PageWaiting || a.Text != whole("the bridge") {
			t.Fatalf("article %+v", a)
		}
	})
}

func TestAPageThatComesTooLateReplacesNoText(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.followed(t, "https://tern.example/feed")
		teaser := says(1, "Bridge closes", "A word about the bridge… Read more")
		page := PageResult{Text: "More words about the bridge than the teaser has.", Done: true, ETag: "x"}
		edited, read := w.record(t, feed, teaser)[0], w.record(t, feed, says(2, "Tunnel closes", teaser.Text))[0]
		if leased := got[[]Teaser](t)(w.LeaseTeasers(w.ctx, 8, time.Minute)); len(leased) != 2 {
			t.Fatalf("leased %v, want 2", teaserIDs(leased))
		}
		w.edit(t, feed, edited, says(1, "Bridge closes", whole("the bridge")))
		must(t, w.RecordPage(w.ctx, read, PageResult{Text: whole("the tunnel"), Done: true}))
		for id, want := range map[int64]string{edited: whole("the bridge"), read: whole("the tunnel")} {
			must(t, w.RecordPage(w.ctx, id, page))
			var state string
			must(t, w.row(w.ctx, `SELECT page_state FROM article WHERE id = $1`, id).Scan(&state))
			if a := got[Article](t)(w.Article(w.ctx, id)); a.Text != want || state == pageWaiting || state == pageFailed {
				t.Errorf("article %d: text %.60q, page %q, want %.60q", id, a.Text, state, want)
			}
		}
	})
}

func TestATextThatIsATeaserAgainGetsItsPageWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.followed(t, "https://tern.example/feed")
		id := w.record(t, feed, says(1, "Bridge closes", "A word about the bridge… Read more"))[0]
		must(t, w.RecordPage(w.ctx, id, PageResult{Text: "The page about the bridge.", Done: true, ETag: "x", LastModified: "y"}))
		for _, text := range []string{whole("the tunnel"), "The ferry sails instead… Read more"} {
			sameIDs(t, "edited", w.edit(t, feed, id, says(1, "Bridge closes", text)), []int64{id})
			w.ago(t, id, time.Hour, 30*time.Minute)
		}
		leased := got[[]Teaser](t)(w.LeaseTeasers(w.ctx, 8, time.Minute))
		if len(leased) != 1 || leased[0].Again() || leased[0].PageETag != "" || leased[0].PageModified != "" {
			t.Errorf("leased %+v, want a teaser without validators", leased)
		}
	})
}

func TestEditsOfPrunedAndForeignArticlesAreNone(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, other := w.feed(t, "https://tern.example/feed"), w.feed(t, "https://other.example/feed")
		id := w.record(t, feed, says(1, "Bridge closes", "Text."))[0]
		for _, article := range []int64{id, 999} {
			if edited := w.edit(t, other, article, says(1, "Elsewhere", "Text.")); len(edited) != 0 {
				t.Errorf("article %d was edited by another feed", article)
			}
		}
		if a := got[Article](t)(w.Article(w.ctx, id)); a.Title != "Bridge closes" {
			t.Errorf("title %q", a.Title)
		}
	})
}

func TestAGapIsRememberedUntilItIsTakenBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/feed")
		at := time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC)
		for _, row := range []struct {
			gap   *Gap
			at    time.Time
			items int
		}{{nil, time.Time{}, 0}, {&Gap{At: at, Items: 14}, at, 14}, {nil, at, 14}, {&Gap{}, time.Time{}, 0}} {
			_, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: feed, Visit: visit("https://tern.example/feed"), Gap: row.gap}})
			must(t, err)
			if f := got[Feed](t)(w.Feed(w.ctx, feed)); !f.GapAt.Equal(row.at) || f.GapItems != row.items {
				t.Errorf("after %+v: gap at %v of %d items, want %v of %d", row.gap, f.GapAt, f.GapItems, row.at, row.items)
			}
		}
	})
}
