package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feeds"
)

// library stores articles of given titles and texts and returns their ids.
func library(t testing.TB, w world, feed int64, texts ...[2]string) []int64 {
	t.Helper()
	var its []feeds.Item
	for i, x := range texts {
		it := item(i + 1)
		it.Title, it.Text = x[0], x[1]
		its = append(its, it)
	}
	return w.record(t, feed, its...)
}

func TestSearchFindsWhatHoldsAllWords(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ids := library(t, w, w.feed(t, "https://tern.example/"),
			[2]string{"Harbour bridge closes", "The council voted 31 to 14. Café owners object."},
			[2]string{"Ferries run again", "The harbour is open. C++ programmers rejoice at a-b testing."},
			[2]string{"東京都の新しい橋", "港が開いた。京都ではない。"},
			[2]string{"Жёлтый маяк", "हिन्दी समाचार and Straße"})
		for _, row := range []struct {
			name, query string
			want        []int
		}{
			{"one word, title first", "harbour", []int{0, 1}},
			{"letter case and marks", "HARBOUR cafe", []int{0}},
			{"all words must occur", "harbour rejoice", []int{1}},
			{"a phrase", `"harbour is open"`, []int{1}},
			{"a phrase that is torn apart", `"open harbour"`, nil},
			{"an unclosed quote", `"harbour bridge`, []int{0}},
			{"a beginning", "counc*", []int{0}},
			{"a beginning without a star", "counc", nil},
			{"signs of FTS5 and tsquery", "C++ & (harbour) | ! : *", []int{1}},
			{"a word of two parts", "a-b", []int{1}},
			{"an operator is a word", "harbour AND", nil},
			{"Japanese", "東京都", []int{2}},
			{"two characters", "京都", []int{2}},
			{"one character", "東", []int{2}},
			{"Japanese that is not there", "大阪", nil},
			{"Russian with and without its dots", "желтый", []int{3}},
			{"Hindi", "हिन्दी", []int{3}},
			{"German", "straße", []int{3}},
			{"nothing", "", nil},
			{"signs only", `"*" ' \ -- ;`, nil},
			{"not there", "zebra", nil},
		} {
			hits, total, err := w.Search(w.ctx, Query{Text: row.query})
			must(t, err)
			var want, found []int64
			for _, i := range row.want {
				want = append(want, ids[i])
			}
			for _, h := range hits {
				found = append(found, h.ID)
			}
			if diff := cmp.Diff(want, found); diff != "" || total != len(want) {
				t.Errorf("%s: %q found %v of %d, want %v", row.name, row.query, found, total, want)
			}
		}
	})
}

func TestSearchPagesThroughTheNewestThousand(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		w.record(t, feed, items(upTo(1, 1100)...)...)
		seen := map[int64]bool{}
		for offset := 0; ; offset += 100 {
			hits, total, err := w.Search(w.ctx, Query{Text: "ferries", Limit: 100, Offset: offset})
			must(t, err)
			if total != maxResults {
				t.Fatalf("total %d, want %d", total, maxResults)
			}
			if len(hits) == 0 {
				break
			}
			for _, h := range hits {
				if seen[h.ID] {
					t.Fatalf("article %d is on two pages", h.ID)
				}
				seen[h.ID] = true
			}
		}
		if len(seen) != maxResults {
			t.Fatalf("%d articles on all pages, want %d", len(seen), maxResults)
		}
		if hits, _, err := w.Search(w.ctx, Query{Text: "ferries"}); err != nil || len(hits) != 10 {
			t.Fatalf("%d hits by default, %v; want 10", len(hits), err)
		}
	})
}

func TestSearchKeepsToAGuildsFeeds(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, g := w.feed(t, "https://f.example/"), w.feed(t, "https://g.example/")
		a := library(t, w, f, [2]string{"Harbour opens", "x"}, [2]string{"Harbour closes", "x"})
		b := library(t, w, g, [2]string{"Harbour sinks", "x"})
		w.subscribe(t, 100, f, ModeDigest, Backlog{})
		for _, row := range []struct {
			name string
			q    Query
			want int
		}{
			{"everywhere", Query{}, 3}, {"in a guild", Query{GuildID: 1}, 2}, {"in a guild that follows nothing", Query{GuildID: 2}, 0},
			{"in a feed", Query{FeedID: g}, 1}, {"in a feed of the guild", Query{GuildID: 1, FeedID: f}, 2}, {"in a feed of others", Query{GuildID: 1, FeedID: g}, 0},
		} {
			row.q.Text = "harbour"
			hits, total, err := w.Search(w.ctx, row.q)
			must(t, err)
			latest, n, err := w.Latest(w.ctx, row.q)
			must(t, err)
			if len(hits) != row.want || total != row.want || len(latest) != row.want || n != row.want {
				t.Errorf("%s: Search found %d of %d, Latest %d of %d; want %d", row.name, len(hits), total, len(latest), n, row.want)
			}
		}
		sameIDs(t, "titles everywhere", idsOf(got[[]Article](t)(w.SuggestTitles(w.ctx, 0, "harb", 5))), []int64{b[0], a[1], a[0]})
		sameIDs(t, "titles in a guild", idsOf(got[[]Article](t)(w.SuggestTitles(w.ctx, 1, "harb", 5))), []int64{a[1], a[0]})
		sameIDs(t, "nothing typed in a guild", idsOf(got[[]Article](t)(w.SuggestTitles(w.ctx, 1, "", 5))), []int64{a[1], a[0]})
	})
}

func TestSuggestTitles(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ids := library(t, w, w.feed(t, "https://tern.example/"),
			[2]string{"Harbour bridge closes", ""}, [2]string{"Bridge builders wanted", ""}, [2]string{"東京都の新しい橋", ""}, [2]string{"हिन्दी समाचार", ""})
		for _, row := range []struct {
			typed string
			limit int
			want  []int
		}{
			{"", 3, []int{3, 2, 1}},
			{"b", 5, []int{1, 0}},
			{"br", 5, []int{1, 0}},
			{"br", 1, []int{1}},
			{"bridge", 5, []int{1, 0}},
			{"bridge clo", 5, []int{0}},
			{"clo bridge", 5, nil}, // only the last word may be unfinished
			{"bridges", 5, nil},
			{`"br* OR`, 5, nil},
			{"東", 5, []int{2}},
			{"東京", 5, []int{2}},
			{"新しい橋", 5, []int{2}},
			{"समा", 5, []int{3}},
			{"++", 2, []int{3, 2}},
			{"br", 0, nil},
		} {
			var want []int64
			for _, i := range row.want {
				want = append(want, ids[i])
			}
			all := got[[]Article](t)(w.SuggestTitles(w.ctx, 0, row.typed, row.limit))
			sameIDs(t, fmt.Sprintf("typed %q", row.typed), idsOf(all), append([]int64{}, want...))
			for _, a := range all {
				if a.Title == "" || a.FeedTitle != "The Tern" {
					t.Errorf("typed %q: %+v lacks its title", row.typed, a)
				}
			}
		}
	})
}

func TestLatestIsNewestFirstWithTexts(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ids := w.record(t, w.feed(t, "https://tern.example/"), items(1, 2, 3)...)
		all, total, err := w.Latest(w.ctx, Query{Limit: 2, Offset: 1})
		must(t, err)
		sameIDs(t, "second and third newest", idsOf(all), []int64{ids[1], ids[0]})
		if total != 3 || all[0].Text == "" {
			t.Fatalf("total %d, text %q", total, all[0].Text)
		}
	})
}

func TestACompletedTeaserIsFoundByItsNewText(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := library(t, w, w.followed(t, "https://tern.example/"), [2]string{"Bridge", "Short old teaser"})[0]
		must(t, w.SaveSummary(w.ctx, id, SummaryShort, []string{"Short old teaser"}))
		must(t, w.RecordPage(w.ctx, id, PageResult{Text: "A long new story about gondolas.", Image: "https://i.example/1", Language: "fr", Title: "Ignored", Done: true}))
		for query, want := range map[string]int{"teaser": 0, "gondolas": 1, "bridge": 1} {
			if _, n, err := w.Search(w.ctx, Query{Text: query}); err != nil || n != want {
				t.Errorf("%q is found %d times, %v; want %d", query, n, err, want)
			}
		}
		a := got[Article](t)(w.Article(w.ctx, id))
		if a.Title != "Bridge" || a.Image != "https://i.example/1" || a.Language != "en" || a.Teaser || a.Summary != nil || a.SummaryMode != "" {
			t.Fatalf("a completed article: %+v", a)
		}
	})
}

func TestExcerptShowsThePassageThatMatters(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Filler words about nothing. ", 40)
	for _, row := range []struct {
		name, text, query string
		want, marked      string
	}{
		{"a short text is shown whole", "The harbour\n\nis open.", "harbour", "The harbour is open.", "harbour"},
		{"no match shows the beginning", "The pier is open.", "zebra", "The pier is open.", ""},
		{"marks and case", "CAFÉ and cafe, decaf.", "cafe", "CAFÉ and cafe, decaf.", "CAFÉ|cafe"},
		{"a phrase is one mark", "the harbour is open, the harbour closed", `"harbour is open"`, "the harbour is open, the harbour closed", "harbour is open"},
		{"a beginning marks the whole word", "councillors met", "counc*", "councillors met", "councillors"},
		{"Japanese", "港が東京都で開いた。", "東京都", "港が東京都で開いた。", "東京都"},
		{"Japanese once in a run", "京都と東京都", "京都", "京都と東京都", "京都|京都"},
		{"nothing at all", "", "x", "", ""},
	} {
		got, marks := excerpt(row.text, parseQuery(row.query))
		if got != row.want || marked(got, marks) != row.marked {
			t.Errorf("%s: %q marked %q, want %q marked %q", row.name, got, marked(got, marks), row.want, row.marked)
		}
	}
	got, marks := excerpt(long+"The harbour bridge closes. "+long, parseQuery("bridge harbour"))
	if !strings.HasPrefix(got, "…") || !strings.HasSuffix(got, "…") || marked(got, marks) != "harbour|bridge" || len(got) > excerptLength+10 {
		t.Errorf("in the middle of a long text: %q marked %q", got, marked(got, marks))
	}
}

func marked(text string, marks []Mark) string {
	var all []string
	for _, m := range marks {
		all = append(all, text[m.Start:m.End])
	}
	return strings.Join(all, "|")
}

// FuzzSearch holds that no text a person may type is a syntax error, that
// excerpts are valid text and marks lie in them, in order.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{"", "harbour", `"a b`, "a AND NOT (b OR", "c++ NEAR/3 ^x", "a:b {title}: -x", "*", "\"\"\"", "東京都", "é\u0301", "\x00\xff", "a' & !b:*", "İ ß ﬃ ２"} {
		f.Add(s, s+" harbour bridge 東京都 "+s)
	}
	w := newWorld(f, f.TempDir()+"/fuzz.db")
	feed := w.feed(f, "https://tern.example/")
	library(f, w, feed, [2]string{"Harbour bridge", "The harbour is open, c++ and 東京都"})
	var pg *world
	if server != nil {
		x := newWorld(f, postgresURL(f))
		library(f, x, x.feed(f, "https://tern.example/"), [2]string{"Harbour bridge", "The harbour is open, c++ and 東京都"})
		pg = &x
	}
	f.Fuzz(func(t *testing.T, query, text string) {
		hits, total, err := w.Search(t.Context(), Query{Text: query})
		if err != nil {
			t.Fatalf("Search(%q) = %v", query, err)
		}
		if _, err := w.SuggestTitles(t.Context(), 0, query, 25); err != nil {
			t.Fatalf("SuggestTitles(%q) = %v", query, err)
		}
		if pg != nil {
			same, n, err := pg.Search(t.Context(), Query{Text: query})
			if err != nil || n != total || len(same) != len(hits) {
				t.Fatalf("Search(%q) = %d hits on PostgreSQL (%v), %d on SQLite", query, n, err, total)
			}
			if _, err := pg.SuggestTitles(t.Context(), 0, query, 25); err != nil {
				t.Fatalf("SuggestTitles(%q) on PostgreSQL = %v", query, err)
			}
		}
		got, marks := excerpt(text, parseQuery(query))
		if !utf8.ValidString(got) {
			t.Fatalf("excerpt(%q) = %q, not UTF-8", text, got)
		}
		last := 0
		for _, m := range marks {
			if m.Start < last || m.End <= m.Start || m.End > len(got) || !utf8.ValidString(got[m.Start:m.End]) {
				t.Fatalf("excerpt(%q, %q) = %q with marks %v", text, query, got, marks)
			}
			last = m.End
		}
	})
}

func TestACancelledSearchLeavesTheStoreUsable(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		w.record(t, feed, items(upTo(1, 400)...)...)
		for i := range 60 {
			ctx, cancel := context.WithTimeout(w.ctx, time.Duration(i*20)*time.Microsecond)
			_, _, _ = w.Search(ctx, Query{Text: "ferries harbour", Limit: 100}) // may or may not be in time
			_, _ = w.RecordVisits(ctx, []VisitRecord{{FeedID: feed, Visit: visit("https://tern.example/"), Items: items(1000 + i)}})
			cancel()
		}
		for range 8 { // more than there are connections
			if _, n, err := w.Search(w.ctx, Query{Text: "ferries"}); err != nil || n < 400 {
				t.Fatalf("a search after cancelled ones found %d, %v", n, err)
			}
		}
		w.record(t, feed, items(5000)...)
	})
}
