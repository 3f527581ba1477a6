package bot_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/bot/store"
)

// printed is an item as a publisher prints it: at is its date, in hours from
// the beginning of the story; 0 is none.
type printed struct {
	id, link, title string
	at              int
	says            string // its text's subject, the title if empty
}

// press is a publisher whose document a test writes.
type press struct {
	mu  sync.Mutex
	doc string
}

func (p *press) print(items ...printed) {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>Scripted Post</title><link>https://script.example/</link>`)
	for _, it := range items {
		b.WriteString("<item>")
		if it.id != "" {
			fmt.Fprintf(&b, `<guid isPermaLink="false">%s</guid>`, it.id)
		}
		if it.link != "" {
			fmt.Fprintf(&b, "<link>https://script.example/%s</link>", it.link)
		}
		if it.at != 0 {
			fmt.Fprintf(&b, "<pubDate>%s</pubDate>", monday.Add(time.Duration(it.at)*time.Hour).Format(time.RFC1123Z))
		}
		subject := it.says
		if subject == "" {
			subject = it.title
		}
		fmt.Fprintf(&b, "<title>%s</title><description>%s</description></item>", it.title, story(subject))
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.doc = b.String() + "</channel></rss>"
}

// ServeHTTP implements http.Handler.
func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/feed.xml" {
		http.NotFound(w, r)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Content-Type", "application/rss+xml")
	_, _ = io.WriteString(w, p.doc)
}

// followScript makes the town's channel follow a scripted publisher, in a mode.
func (w *town) followScript(mode string, items ...printed) *press {
	w.t.Helper()
	p := &press{}
	w.web.serve("script.example", p)
	p.print(items...)
	answer := w.slash("feeds add", map[string]any{"url": "https://script.example/feed.xml", "mode": mode})
	if !strings.Contains(answer, "Scripted Post") {
		w.t.Fatalf("/feeds add answered:\n%s", answer)
	}
	w.pass(10 * time.Minute)
	return p
}

// wantTitles fails unless each title is in one message of its own, and nothing
// else was posted.
func (w *town) wantTitles(when string, titles ...string) {
	w.t.Helper()
	for _, title := range titles {
		if n := w.messages(title); n != 1 {
			w.t.Errorf("%s: %q stands in %d messages, want one", when, title, n)
		}
	}
	if posts := w.posts(); len(posts) != len(titles) {
		w.t.Errorf("%s: %d messages, want %d:\n%s", when, len(posts), len(titles), strings.Join(posts, "\n---\n"))
	}
}

// The articles of the scripts.
const (
	bridge = "Council agrees on the new bridge"
	prices = "Energy prices fall in the north"
	school = "School opens after long repairs"
	rain   = "Rain stops play at the final"
	ferry  = "Ferries run again after the storm"
)

// TestScriptedPublisherBringsExactlyTheRightPosts plays the failures of real
// publishers through the whole bot.
func TestScriptedPublisherBringsExactlyTheRightPosts(t *testing.T) {
	t.Parallel()
	type step struct {
		doc  []printed
		want []string // posted by then, beside what was there at first
	}
	tests := []struct {
		name  string
		first []printed
		steps []step
	}{
		{"the guid is made anew at every build",
			[]printed{{"b1-1", "a", bridge, -30, ""}, {"b1-2", "b", prices, -31, ""}},
			[]step{
				{[]printed{{"b2-0", "c", school, 1, ""}, {"b2-1", "a", bridge, -30, ""}, {"b2-2", "b", prices, -31, ""}}, []string{school}},
				{[]printed{{"b3-0", "c", school, 1, ""}, {"b3-1", "a", bridge, -30, ""}, {"b3-2", "b", prices, -31, ""}}, []string{school}},
			}},
		{"the guid goes from http to https and back",
			[]printed{{"http://www.script.example/?p=1", "", bridge, 0, ""}, {"http://www.script.example/?p=2", "", prices, 0, ""}},
			[]step{
				{[]printed{{"https://script.example/?p=3", "", school, 0, ""}, {"https://script.example/?p=1", "", bridge, 0, ""}, {"https://script.example/?p=2", "", prices, 0, ""}}, []string{school}},
				{[]printed{{"http://script.example/?p=3", "", school, 0, ""}, {"http://www.script.example/?p=1", "", bridge, 0, ""}}, []string{school}},
			}},
		{"an edited slug is a new guid",
			[]printed{{"https://script.example/a", "a", bridge, -30, ""}, {"https://script.example/b", "b", prices, -31, ""}, {"https://script.example/c", "c", school, -32, ""}},
			[]step{
				{[]printed{{"https://script.example/a-2", "a-2", bridge, -30, ""}, {"https://script.example/b", "b", prices, -31, ""}, {"https://script.example/c", "c", school, -32, ""}}, nil},
				{[]printed{{"https://script.example/d", "d", rain, 30, ""}, {"https://script.example/a-2", "a-2", bridge + " at last", -30, ""}, {"https://script.example/b", "b", prices, -31, ""}}, []string{rain}},
			}},
		{"no guid, and a token in the link",
			[]printed{{"", "v?s=111", bridge, -30, ""}, {"", "v?s=222", prices, -31, ""}},
			[]step{
				{[]printed{{"", "v?s=333", school, 1, ""}, {"", "v?s=444", bridge, -30, ""}, {"", "v?s=555", prices, -31, ""}}, []string{school}},
				{[]printed{{"", "v?s=666", school, 1, ""}, {"", "v?s=777", bridge, -30, ""}}, []string{school}},
			}},
		{"the date is bumped by an edit",
			[]printed{{"1", "a", bridge, -30, ""}, {"2", "b", prices, -31, ""}},
			[]step{
				{[]printed{{"1", "a", bridge + ", update", 20, "the bridge again"}, {"2", "b", prices, -31, ""}}, nil},
				{[]printed{{"2", "b", prices, 40, ""}, {"3", "c", school, 39, ""}, {"1", "a", bridge + ", update", 38, "the bridge"}}, []string{school}},
			}},
		{"the same guid on all items",
			[]printed{{"N/A", "a", bridge, -30, ""}},
			[]step{
				{[]printed{{"N/A", "b", prices, 1, ""}, {"N/A", "a", bridge, -30, ""}}, []string{prices}},
				{[]printed{{"N/A", "c", school, 30, ""}}, []string{prices, school}},
			}},
		{"sorted by what is hot",
			[]printed{{"1", "a", bridge, 0, ""}, {"2", "b", prices, 0, ""}, {"3", "c", school, 0, ""}},
			[]step{
				{[]printed{{"3", "c", school, 0, ""}, {"4", "d", rain, 0, ""}, {"1", "a", bridge, 0, ""}}, []string{rain}},
				{[]printed{{"2", "b", prices, 0, ""}, {"4", "d", rain, 0, ""}, {"1", "a", bridge, 0, ""}}, []string{rain}},
				{[]printed{{"5", "e", ferry, 0, ""}, {"2", "b", prices, 0, ""}, {"3", "c", school, 0, ""}}, []string{rain, ferry}},
			}},
		{"a search whose ids and links are made anew",
			[]printed{{"CBMiQ1", "rss/articles/CBMiQ1", bridge, -30, ""}, {"CBMiQ2", "rss/articles/CBMiQ2", prices, -31, ""}, {"CBMiQ3", "rss/articles/CBMiQ3", school, -32, ""}},
			[]step{
				{[]printed{{"CBMiR1", "rss/articles/CBMiR1", rain, 1, ""}, {"CBMiR2", "rss/articles/CBMiR2", bridge, -30, ""}, {"CBMiQ2", "rss/articles/CBMiQ2", prices, -31, ""}}, []string{rain}},
				{[]printed{{"CBMiS1", "rss/articles/CBMiS1", rain, 1, ""}, {"CBMiS2", "rss/articles/CBMiS2", bridge, -30, ""}, {"CBMiS3", "rss/articles/CBMiS3", prices, -31, ""}}, []string{rain}},
			}},
		{"titles with a count of comments",
			[]printed{{"1", "a", bridge + " (3)", -30, ""}, {"2", "b", prices + " (0 comments)", -31, ""}},
			[]step{
				{[]printed{{"1", "a", bridge + " (14)", -30, ""}, {"2", "b", prices + " (1 comment)", -31, ""}}, nil},
				{[]printed{{"3", "c", school + " (0)", 30, ""}, {"1", "a", bridge + " (15)", -30, ""}, {"2", "b", prices + " (2 comments)", -31, ""}}, []string{school}},
			}},
		{"new software: everything has a new guid and link",
			[]printed{{"1", "?p=1", bridge, -30, ""}, {"2", "?p=2", prices, -31, ""}, {"3", "?p=3", school, -32, ""}},
			[]step{
				{[]printed{{"x4", "new/d", rain, 1, ""}, {"x1", "new/a", bridge, -30, ""}, {"x2", "new/b", prices, -31, ""}, {"x3", "new/c", school, -32, ""}}, []string{rain}},
				{[]printed{{"x1", "new/a", bridge, -30, ""}, {"x2", "new/b", prices, -31, ""}}, []string{rain}},
			}},
		{"items that share a link",
			[]printed{{"1", "status", bridge, 0, ""}, {"2", "status", prices, 0, ""}},
			[]step{
				{[]printed{{"3", "status", school, 0, ""}, {"1", "status", bridge, 0, ""}, {"2", "status", prices, 0, ""}}, []string{school}},
				{[]printed{{"4", "status", rain, 0, ""}, {"5", "status", ferry, 0, ""}}, []string{school, rain, ferry}},
			}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inTown(t, func(w *town) {
				p := w.followScript("instant", tt.first...)
				var begun []string // the backlog of a week
				for _, it := range tt.first {
					begun = append(begun, it.title)
				}
				w.wantTitles("at first", begun...)
				for i, s := range tt.steps {
					p.print(s.doc...)
					w.pass(27 * time.Hour) // longer than any interval
					w.wantTitles(fmt.Sprintf("after document %d", i+2), append(begun[:len(begun):len(begun)], s.want...)...)
				}
			})
		})
	}
}

func TestADigestPrintsTheCorrectedArticleOnce(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		p := w.followScript("digest", printed{"1", "a", bridge, -30, ""})
		w.until(monday.Add(3 * time.Hour)) // the first digest is out
		p.print(printed{"2", "b", prices, 3, "the price of coal"}, printed{"1", "a", bridge, -30, ""})
		w.until(monday.Add(20 * time.Hour))
		p.print(printed{"2", "b", "Energy prices rise in the north", 19, "the price of gas"}, printed{"1", "a", bridge, -30, ""})
		w.until(monday.Add(27 * time.Hour))
		p.print(printed{"2", "b", "Energy prices soar in the north", 26, "the price of oil"}, printed{"1", "a", bridge, -30, ""})
		w.skips(3, day)
		w.wantTitles("at the end", bridge, "Energy prices rise in the north")
		if w.messages("the price of gas") != 1 {
			w.t.Errorf("the text is not the corrected one:\n%s", strings.Join(w.posts(), "\n---\n"))
		}
	})
}

// many are articles of their own, the newest first.
func many(from, to int) []printed {
	var all []printed
	for n := to; n >= from; n-- {
		name := fmt.Sprintf("ship %c%c", 'a'+n%26, 'a'+n/26)
		all = append(all, printed{fmt.Sprint("ship-", n), fmt.Sprint("ships/", n), "Captain tells the story of " + name + ".", n - 1000, name})
	}
	return all
}

func TestNothingFloodsWhenAFeedIsAddedOrResumed(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		p := w.followScript("instant", many(1, 40)...)
		w.wantTitles("at first")
		w.slash("feeds pause", map[string]any{"feed": "Scripted Post"})
		p.print(many(30, 65)...) // and so some that are known
		w.skip(30 * day)
		w.wantTitles("while it was paused")
		w.slash("feeds resume", map[string]any{"feed": "Scripted Post"})
		w.pass(2 * time.Hour)
		if n := w.sends(); n == 0 || n > 11 {
			w.t.Errorf("%d messages after a month's pause, want what fits into an hour and its fold", n)
		}
		for _, it := range many(41, 65) {
			if n := w.messages(it.title); n != 1 {
				w.t.Errorf("%q stands in %d messages, want one", it.title, n)
			}
		}
		for _, it := range many(1, 40) {
			if n := w.messages(it.title); n != 0 {
				w.t.Errorf("%q, which was there before, was posted", it.title)
			}
		}
	})
}

// feedRow is the feed as the database has it.
func (w *town) feedRow() store.Feed {
	w.t.Helper()
	s, err := store.Open(w.t.Context(), w.cfg.Database, store.Options{ReadOnly: true})
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = s.Close() }() // it was only read
	f, err := s.FeedByURL(w.t.Context(), "https://script.example/feed.xml")
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

// TestABurstIsKeptWhole publishes more than a feed's half, a message, an hour's
// posts or a digest's cards hold. Only the parser has a bound, of 500 items.
func TestABurstIsKeptWhole(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		p := w.followScript("instant", many(1, 10)...)
		p.print(many(1, 480)...)
		// The next visit comes within a day and a tenth; a message an hour that
		// gathers the rest has room for twenty.
		var lost []string
		for range 60 {
			w.pass(time.Hour)
			lost = lost[:0]
			posts := strings.Join(w.posts(), "\n")
			for _, it := range many(11, 480) {
				if strings.Count(posts, "["+it.title+"](") != 1 { // apart from menus
					lost = append(lost, it.title)
				}
			}
			if len(lost) == 0 {
				break
			}
		}
		if len(lost) > 0 {
			w.t.Errorf("%d of 470 were not printed exactly once: %q …", len(lost), lost[:min(3, len(lost))])
		}
		if f := w.feedRow(); !f.GapAt.IsZero() {
			w.t.Errorf("a burst in which known items are left is no gap: %+v", f)
		}
	})
}

// TestAGapIsToldAndClosed is a feed that holds ten items, one for each two
// minutes, whose server says that an hour is often enough.
func TestAGapIsToldAndClosed(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		var ended time.Time
		w.web.serve("script.example", http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			now := time.Now()
			if !ended.IsZero() {
				now = ended
			}
			newest := int(now.Sub(monday.Add(-time.Hour)) / (2 * time.Minute))
			var doc press
			var items []printed
			for n := newest; n > newest-10; n-- {
				items = append(items, printed{id: fmt.Sprint(n), title: fmt.Sprintf("Ship %d", n)})
			}
			doc.print(items...)
			for n := newest; n > newest-10; n-- {
				at := monday.Add(time.Duration(2*n-60) * time.Minute)
				doc.doc = strings.Replace(doc.doc, fmt.Sprintf("<title>Ship %d<", n), "<pubDate>"+at.Format(time.RFC1123Z)+fmt.Sprintf("</pubDate><title>Ship %d<", n), 1)
			}
			rw.Header().Set("Cache-Control", "max-age=3600")
			doc.ServeHTTP(rw, r)
		}))
		w.slash("feeds add", map[string]any{"url": "https://script.example/feed.xml"})
		w.pass(90 * time.Minute)
		f := w.feedRow()
		if f.GapAt.IsZero() || f.GapItems < 15 || f.GapItems > 30 {
			w.t.Errorf("after an hour and 30 items, of which 10 were seen: gap at %v of %d items", f.GapAt, f.GapItems)
		}
		w.pass(24 * time.Hour)
		const said = "feed scrolled past"
		if n := strings.Count(w.logged.String(), said); n != 1 {
			w.t.Errorf("%d gaps in a day, want the first alone", n)
		}
		if visits := w.web.requests("https://script.example/feed.xml"); visits < 80 || visits > 110 {
			w.t.Errorf("%d visits in a day, want one for each quarter of an hour", visits)
		}
		ended = time.Now()
		before := w.web.requests("https://script.example/feed.xml")
		w.pass(24 * time.Hour)
		if visits := w.web.requests("https://script.example/feed.xml") - before; visits > 40 {
			w.t.Errorf("%d visits on a silent day", visits)
		}
		w.skip(9 * day)
		if f := w.feedRow(); !f.GapAt.IsZero() || f.GapItems != 0 {
			w.t.Errorf("after ten days the gap is still told: %v", f.GapAt)
		}
	})
}
