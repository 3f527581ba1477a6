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
			at, _ := time.Parse("2006-01-02", e.day)
			fmt.Fprintf(&b, "<pubDate>%s</pubDate>", at.Format(time.RFC1123Z))
		}
		b.WriteString("<description>text</description></item>")
	}
	return b.String() + "</channel></rss>"
}

// reader remembers keys as the store does, and lists what it would post.
type subscriber struct {
	t     *testing.T
	known map[Key]bool
	last  Sifted
}

// reads reads a document and gives the titles that are new.
func (s *subscriber) reads(entries ...entry) []string {
	s.t.Helper()
	f := parse(s.t, publish(entries...), "", "https://p.example/feed")
	s.last = Sift(f.Items, s.known)
	var titles []string
	for _, it := range s.last.Fresh {
		titles = append(titles, it.Title)
		for _, key := range it.Keys {
			if s.known[key] {
				s.t.Errorf("fresh item %q has a known key", it.Title)
			}
			s.known[key] = true
		}
	}
	for _, key := range s.last.Seen {
		if s.known[key] && key != 0 {
			s.t.Errorf("key %x was to be remembered twice", key)
		}
		s.known[key] = true
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
			s := &subscriber{t: t, known: map[Key]bool{}}
			for i, v := range tt.visits {
				if diff := cmp.Diff(v.want, s.reads(v.doc...)); diff != "" {
					t.Errorf("visit %d posts (-want +got):\n%s", i+1, diff)
				}
			}
		})
	}
}

func TestSiftSeesGaps(t *testing.T) {
	t.Parallel()
	s := &subscriber{t: t, known: map[Key]bool{}}
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
	if s := Sift(f.Items, nil); len(f.Items) != 3 || len(s.Fresh) != 1 || s.Fresh[0].Title != "a" {
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
