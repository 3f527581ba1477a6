package feeds

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// entry is an item as a publisher writes it.
type entry struct{ id, link, title, day string }

// publish is a feed of entries, newest first.
func publish(entries ...entry) string {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>Paper</title><link>https://p.example/</link>`)
	for _, e := range entries {
		b.WriteString("<item>")
		if e.id != "" {
			fmt.Fprintf(&b, `<guid isPermaLink="false">%s</guid>`, e.id)
		}
		if e.link != "" {
			fmt.Fprintf(&b, "<link>%s</link>", strings.ReplaceAll(e.link, "&", "&amp;"))
		}
		fmt.Fprintf(&b, "<title>%s</title>", e.title)
		if e.day != "" {
			day, hour, _ := strings.Cut(e.day+"T00", "T")
			at, _ := time.Parse("2006-01-02 15", day+" "+hour[:2])
			fmt.Fprintf(&b, "<pubDate>%s</pubDate>", at.Format(time.RFC1123Z))
		}
		b.WriteString("<description>text</description></item>")
	}
	return b.String() + "</channel></rss>"
}

// subscriber remembers items as the store does, and lists what it would post.
type subscriber struct {
	t     *testing.T
	known map[Key]KnownItem
	last  Sifted
	posts int64
}

func newSubscriber(t *testing.T) *subscriber { return &subscriber{t: t, known: map[Key]KnownItem{}} }

// reads reads a document and gives the titles that are new.
func (s *subscriber) reads(entries ...entry) []string {
	s.t.Helper()
	f := parse(s.t, publish(entries...), "", "https://p.example/feed")
	known := map[Key]KnownItem{}
	for _, key := range KeysOf(f.Items) {
		if k, ok := s.known[key]; ok {
			known[key] = k
		}
	}
	s.last = Sift(f.Items, known, s.posts > 0)
	var titles []string
	for _, it := range s.last.Fresh {
		titles = append(titles, it.Title)
		s.posts++
		for _, key := range it.Keys {
			if _, ok := s.known[key]; ok {
				s.t.Errorf("fresh item %q has a known key", it.Title)
			}
		}
		for _, key := range KeysOf([]Item{it}) {
			if _, ok := s.known[key]; !ok {
				s.known[key] = KnownItem{Article: s.posts, Content: it.Content, Published: it.Published}
			}
		}
	}
	for _, seen := range s.last.Seen {
		if _, ok := s.known[seen.Key]; ok {
			s.t.Errorf("key %x was to be remembered twice", seen.Key)
		}
		k := KnownItem{Article: seen.Article}
		for _, other := range s.known {
			if other.Article == seen.Article {
				k = other
			}
		}
		s.known[seen.Key] = k
	}
	for _, e := range s.last.Edits {
		for key, k := range s.known {
			if k.Article == e.Article {
				k.Content = e.Item.Content
				s.known[key] = k
			}
		}
	}
	return titles
}

// edits are the titles of the items that were edited at the last visit.
func (s *subscriber) edits() []string {
	var titles []string
	for _, e := range s.last.Edits {
		titles = append(titles, e.Item.Title)
	}
	return titles
}

func ex(id, link, title, day string) entry { return entry{id, link, title, day} }

// TestScriptedPublishersBringExactlyTheRightPosts plays the failures of real
// publishers: each row is a sequence of documents and the titles that a reader
// must post after each.
func TestScriptedPublishersBringExactlyTheRightPosts(t *testing.T) {
	t.Parallel()
	const (
		a = "Council agrees on the new bridge"
		b = "Energy prices fall in the north"
		c = "School opens after long repairs"
		d = "Rain stops play at the final"
	)
	u := func(slug string) string { return "https://p.example/" + slug }
	type visit struct {
		doc  []entry
		want []string
	}
	tests := []struct {
		name   string
		visits []visit
	}{
		{"guid regenerated at every build", []visit{
			{[]entry{ex("g1", u("a"), a, "2026-03-01"), ex("g2", u("b"), b, "2026-03-01")}, []string{a, b}},
			{[]entry{ex("g3", u("c"), c, "2026-03-02"), ex("g4", u("a"), a, "2026-03-01"), ex("g5", u("b"), b, "2026-03-01")}, []string{c}},
		}},
		{"guid changes from http to https", []visit{
			{[]entry{ex("http://www.p.example/?p=1", "", a, ""), ex("http://www.p.example/?p=2", "", b, "")}, []string{a, b}},
			{[]entry{ex("https://p.example/?p=1", "", a, ""), ex("https://p.example/?p=2", "", b, "")}, nil},
		}},
		{"guid moves to another host", []visit{
			{[]entry{ex("http://old.example/?p=1", "http://old.example/a", a, "")}, []string{a}},
			{[]entry{ex("https://new.example/?p=2", "https://new.example/b", b, ""), ex("https://new.example/?p=1", "https://new.example/a", a, "")}, []string{b}},
		}},
		{"edited slug is a new guid, old link stays in the title", []visit{
			{[]entry{ex(u("a-one"), u("a-one"), a, "2026-03-01"), ex(u("b"), u("b"), b, "2026-03-01"), ex(u("c"), u("c"), c, "2026-03-01")}, []string{a, b, c}},
			{[]entry{ex("keep-1", u("a-one"), a, "2026-03-01"), ex(u("b"), u("b-two"), b, "2026-03-01"), ex(u("c"), u("c"), c, "2026-03-01")}, nil},
		}},
		{"edited slug is a new guid and a new link", []visit{
			{[]entry{ex(u("a-one"), u("a-one"), a, "2026-03-01"), ex(u("b"), u("b"), b, "2026-03-01"), ex(u("c"), u("c"), c, "2026-03-01")}, []string{a, b, c}},
			{[]entry{ex(u("a-two"), u("a-two"), a, "2026-03-01"), ex(u("b"), u("b"), b, "2026-03-01"), ex(u("c"), u("c"), c, "2026-03-01")}, nil},
			{[]entry{ex(u("d"), u("d"), d, "2026-03-02"), ex(u("a-two"), u("a-two"), a+" at last", "2026-03-01"), ex(u("b"), u("b"), b, "2026-03-01")}, []string{d}},
		}},
		{"one title in two hours of a day, in a feed of one item", []visit{
			{[]entry{ex(u("t/10"), u("t/10"), "Traffic report for the city", "2026-03-01T10")}, []string{"Traffic report for the city"}},
			{[]entry{ex(u("t/11"), u("t/11"), "Traffic report for the city", "2026-03-01T11")}, []string{"Traffic report for the city"}},
		}},
		{"a title that another article had before it was edited", []visit{
			{[]entry{ex(u("t/1"), u("t/1"), "Traffic report for the city", "2026-03-01"), ex("2", u("b"), b, "2026-03-01")}, []string{"Traffic report for the city", b}},
			{[]entry{ex(u("t/3"), u("t/3"), "Traffic report for the city", "2026-03-01"), ex(u("t/1"), u("t/1"), "Roads are free again in town", "2026-03-01"), ex("2", u("b"), b, "2026-03-01")}, []string{"Traffic report for the city"}},
		}},
		{"ids and links of a search that are made anew for each visit", []visit{
			{[]entry{ex("CBMi1", u("rss/CBMi1"), a, "2026-03-01"), ex("CBMi2", u("rss/CBMi2"), b, "2026-03-01"), ex("CBMi3", u("rss/CBMi3"), c, "2026-03-01")}, []string{a, b, c}},
			{[]entry{ex("CBMi9", u("rss/CBMi9"), d, "2026-03-02"), ex("CBMi8", u("rss/CBMi8"), c, "2026-03-01"), ex("CBMi2", u("rss/CBMi2"), b, "2026-03-01")}, []string{d}},
		}},
		{"volatile token in the link, no guid", []visit{
			{[]entry{ex("", u("v?s=111"), a, "2026-03-01"), ex("", u("v?s=222"), b, "2026-03-01")}, []string{a, b}},
			{[]entry{ex("", u("v?s=333"), c, "2026-03-02"), ex("", u("v?s=444"), a, "2026-03-01"), ex("", u("v?s=555"), b, "2026-03-01")}, []string{c}},
		}},
		{"date bumped by an edit", []visit{
			{[]entry{ex("1", u("a"), a, "2026-03-01")}, []string{a}},
			{[]entry{ex("1", u("a"), a+" – update", "2026-03-05")}, nil},
		}},
		{"the same guid on all items", []visit{
			{[]entry{ex("N/A", u("a"), a, "2026-03-01")}, []string{a}},
			{[]entry{ex("N/A", u("b"), b, "2026-03-02"), ex("N/A", u("a"), a, "2026-03-01")}, []string{b}},
			{[]entry{ex("N/A", u("c"), c, "2026-03-03")}, []string{c}},
		}},
		{"the same odd guid on all items", []visit{
			{[]entry{ex("feed-7", u("a"), a, "2026-03-01"), ex("feed-7", u("b"), b, "2026-03-01")}, []string{a, b}},
			{[]entry{ex("feed-7", u("c"), c, "2026-03-03"), ex("feed-7", u("a"), a, "2026-03-01"), ex("feed-7", u("b"), b, "2026-03-01")}, []string{c}},
		}},
		{"the same link on all items", []visit{
			{[]entry{ex("1", u("status"), a, ""), ex("2", u("status"), b, "")}, []string{a, b}},
			{[]entry{ex("3", u("status"), c, ""), ex("1", u("status"), a, ""), ex("2", u("status"), b, "")}, []string{c}},
		}},
		{"all items link to the front page, one at a time", []visit{
			{[]entry{ex("1", "https://p.example", a, "")}, []string{a}},
			{[]entry{ex("2", "https://www.p.example/", b, "")}, []string{b}},
		}},
		{"sorted by popularity", []visit{
			{[]entry{ex("1", u("a"), a, ""), ex("2", u("b"), b, ""), ex("3", u("c"), c, "")}, []string{a, b, c}},
			{[]entry{ex("3", u("c"), c, ""), ex("4", u("d"), d, ""), ex("1", u("a"), a, "")}, []string{d}},
			{[]entry{ex("2", u("b"), b, ""), ex("4", u("d"), d, ""), ex("1", u("a"), a, "")}, nil},
		}},
		{"tracking parameters change", []visit{
			{[]entry{ex("", u("a?utm_source=rss&utm_campaign=1"), a, "")}, []string{a}},
			{[]entry{ex("", u("a?utm_source=feed&utm_campaign=2&fbclid=x#xtor=RSS-1"), a, "")}, nil},
		}},
		{"comment counts in the title", []visit{
			{[]entry{ex("1", u("a"), a+" (3)", "2026-03-01")}, []string{a + " (3)"}},
			{[]entry{ex("1", u("a"), a+" (14)", "2026-03-01")}, nil},
		}},
		{"new software gives everything new ids and links", []visit{
			{[]entry{ex("1", u("?p=1"), a, "2026-03-01"), ex("2", u("?p=2"), b, "2026-03-01"), ex("3", u("?p=3"), c, "2026-03-01")}, []string{a, b, c}},
			{[]entry{ex("x4", u("new/d"), d, "2026-03-02"), ex("x1", u("new/a"), a, "2026-03-01"), ex("x2", u("new/b"), b, "2026-03-01"), ex("x3", u("new/c"), c, "2026-03-01")}, []string{d}},
			{[]entry{ex("x1", u("new/a"), a, "2026-03-01")}, nil},
		}},
		{"a burst larger than half the feed is kept", []visit{
			{[]entry{ex("1", u("a"), a, "2026-03-01")}, []string{a}},
			{[]entry{ex("4", u("d"), d, "2026-03-02"), ex("3", u("c"), c, "2026-03-02"), ex("2", u("b"), b, "2026-03-02"), ex("1", u("a"), a, "2026-03-01")}, []string{d, c, b}},
		}},
		{"a fast feed, with a title that another article of the day had", []visit{
			{[]entry{ex("1", u("a"), a, "2026-03-01T01"), ex("2", u("t/1"), "Traffic report for the city", "2026-03-01T01")}, []string{a, "Traffic report for the city"}},
			{[]entry{ex("5", u("t/5"), "Traffic report for the city", "2026-03-01T05"), ex("4", u("c"), c, "2026-03-01T05"), ex("3", u("b"), b, "2026-03-01T04")}, []string{"Traffic report for the city", c, b}},
		}},
		{"two articles with one title on one day", []visit{
			{[]entry{ex("1", u("x/1"), "Traffic report for the city", "2026-03-01")}, []string{"Traffic report for the city"}},
			{[]entry{ex("2", u("x/2"), "Traffic report for the city", "2026-03-01"), ex("1", u("x/1"), "Traffic report for the city", "2026-03-01")}, []string{"Traffic report for the city"}},
		}},
		{"an item twice in one document", []visit{
			{[]entry{ex("1", u("a"), a, ""), ex("1", u("a"), a, "")}, []string{a}},
			{[]entry{ex("1", u("a"), a, "")}, nil},
		}},
		{"nothing but a title", []visit{
			{[]entry{ex("", "", "Hi", ""), ex("", "", "Ho", "")}, []string{"Hi", "Ho"}},
			{[]entry{ex("", "", "Hu", ""), ex("", "", "Hi", ""), ex("", "", "Ho", "")}, []string{"Hu"}},
		}},
		{"a planet's items with the same path on two hosts", []visit{
			{[]entry{ex("https://x.example/?p=1", "https://x.example/?p=1", a, ""), ex("https://y.example/?p=2", "https://y.example/?p=2", b, "")}, []string{a, b}},
			{[]entry{ex("https://y.example/?p=1", "https://y.example/?p=1", c, ""), ex("https://x.example/?p=1", "https://x.example/?p=1", a, "")}, []string{c}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSubscriber(t)
			for i, v := range tt.visits {
				if diff := cmp.Diff(v.want, s.reads(v.doc...)); diff != "" {
					t.Errorf("visit %d posts (-want +got):\n%s", i+1, diff)
				}
			}
		})
	}
}

func TestSiftFindsEdits(t *testing.T) {
	t.Parallel()
	const a, b = "Council agrees on the new bridge", "Energy prices fall in the north"
	u := func(slug string) string { return "https://p.example/" + slug }
	first := []entry{ex("1", u("a"), a, "2026-03-01"), ex("2", u("b"), b, "2026-03-01")}
	tests := []struct {
		name   string
		second []entry
		want   []string
	}{
		{"nothing has changed", first, nil},
		{"a title", []entry{ex("1", u("a"), "Council rejects the new bridge", "2026-03-01"), first[1]}, []string{"Council rejects the new bridge"}},
		{"date, link and order alone", []entry{ex("2", u("b?v=2"), b, "2026-03-02"), ex("1", u("a-2"), a, "2026-03-02")}, nil},
		{"a count of comments", []entry{ex("1", u("a"), a+" (14)", "2026-03-01"), ex("2", u("b"), b+" [3 comments]", "2026-03-01")}, nil},
		{"a bracket with words", []entry{ex("1", u("a"), a+" (after 14 years)", "2026-03-01"), first[1]}, []string{a + " (after 14 years)"}},
		{"a title under a new id, by the link", []entry{ex("7", u("a"), "Council rejects the new bridge", "2026-03-01"), first[1]}, []string{"Council rejects the new bridge"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSubscriber(t)
			s.reads(first...)
			if titles := s.reads(tt.second...); titles != nil || s.last.Gap {
				t.Errorf("an edit is fresh: %q, gap %v", titles, s.last.Gap)
			}
			if diff := cmp.Diff(tt.want, s.edits()); diff != "" {
				t.Errorf("edits (-want +got):\n%s", diff)
			}
			if s.reads(tt.second...); len(s.last.Edits) != 0 {
				t.Errorf("the same document again is an edit: %q", s.edits())
			}
		})
	}
}

func TestSeenKeysBelongToTheirArticles(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	s.reads(ex("1", "https://p.example/a", "Council agrees on the new bridge", "2026-03-01"))
	s.reads(ex("9", "https://p.example/a", "Council agrees on the new bridge", "2026-03-01"))
	if diff := cmp.Diff([]Alias{{Key: hashKey("id", "9"), Article: 1}}, s.last.Seen); diff != "" {
		t.Errorf("seen keys (-want +got):\n%s", diff)
	}
	// By its new id alone an edit of it is found.
	s.reads(ex("9", "https://p.example/moved", "Council rejects the new bridge", "2026-03-04"))
	if len(s.last.Edits) != 1 || s.last.Edits[0].Article != 1 {
		t.Errorf("edits %+v, want one of article 1", s.last.Edits)
	}
}

func TestSiftSeesGaps(t *testing.T) {
	t.Parallel()
	s := newSubscriber(t)
	s.reads(ex("1", "", "a", ""), ex("2", "", "b", ""))
	if s.last.Gap {
		t.Error("the first visit has no gap")
	}
	s.reads(ex("3", "", "c", ""), ex("2", "", "b", ""))
	if s.last.Gap {
		t.Error("a known item is still there: no gap")
	}
	s.reads(ex("7", "", "g", ""), ex("6", "", "f", ""))
	if !s.last.Gap {
		t.Error("nothing known is left: there may be a gap")
	}
}

func TestSiftLeavesOutItemsThatSayNothing(t *testing.T) {
	t.Parallel()
	f := parse(t, `<rss version="2.0"><channel><item/><item><guid isPermaLink="false">1</guid></item><item><title>a</title></item></channel></rss>`, "", "")
	if s := Sift(f.Items, nil, false); len(f.Items) != 3 || len(s.Fresh) != 1 || s.Fresh[0].Title != "a" {
		t.Errorf("%d items, fresh %+v", len(f.Items), s.Fresh)
	}
}

func TestKeysDoNotChange(t *testing.T) {
	t.Parallel()
	// Stored keys outlive the program's versions: a change here brings every
	// article again.
	f := parse(t, publish(ex("https://www.p.example/?p=1", "https://p.example/a?utm_source=x", "Council agrees on the new bridge", "2026-03-01")), "", "")
	want := []Key{hashKey("id", "https://www.p.example/?p=1"), hashKey("tail", "?p=1"), hashKey("link", "p.example/a")}
	if diff := cmp.Diff(want, f.Items[0].Keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if got, want := f.Items[0].Weak, hashKey("title", "council agrees on the new bridge\x002026-03-01"); got != want {
		t.Errorf("weak key %x, want %x", got, want)
	}
	if got, want := hashKey("id", "x"), Key(0x46a5419f73804cc4); got != want {
		t.Errorf("hash of a key %#x, want %#x", uint64(got), uint64(want))
	}
}
