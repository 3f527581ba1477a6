package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feeds"
	"broadsheet/feeds/article"
)

func TestFeedForPeople(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 8, 15, 0, 0, time.FixedZone("CET", 3600))
	feed := &feeds.Feed{Kind: "rss2.0", Title: "Harbour Post", Link: "https://post.example/", Items: []feeds.Item{
		{Title: "Bridge closes", Link: "https://post.example/1", Published: at},
		{Title: "No link and no date"},
	}}
	const alone = `Harbour Post (rss2.0, 2 items)
https://post.example/

2026-11-20 07:15  Bridge closes
                  https://post.example/1

                  No link and no date
`
	one := []candidate{{URL: "https://post.example/feed", Title: "Harbour Post", Kind: "rss2.0"}}
	tests := []struct {
		name       string
		candidates []candidate
		want       string
	}{
		{"a feed", nil, alone},
		{"the only feed of a site", one, alone},
		{"the first of two", append(one, candidate{URL: "https://post.example/sport", Title: "Sport"}),
			"The site has several feeds; the first is shown:\n  https://post.example/feed  Harbour Post\n  https://post.example/sport  Sport\n\n" + alone},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, shown(feed, test.candidates)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// CLI.md promises these names in this order, and null or an empty list where
// there is nothing.
func TestFeedForPrograms(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 8, 15, 0, 0, time.FixedZone("CET", 3600))
	tests := []struct {
		name string
		feed feeds.Feed
		want string
	}{
		{"nothing known", feeds.Feed{Kind: "atom1.0", Items: []feeds.Item{{}}},
			`{"kind":"atom1.0","title":"","link":null,"feed_url":null,"language":null,"candidates":[],` +
				`"items":[{"id":null,"title":"","link":null,"published":null,"updated":null,"author":null,"categories":[],"image":null,"text":""}],"warnings":[]}`},
		{"no items", feeds.Feed{Kind: "json1"},
			`{"kind":"json1","title":"","link":null,"feed_url":null,"language":null,"candidates":[],"items":[],"warnings":[]}`},
		{"everything known", feeds.Feed{Kind: "rss2.0", Title: "A & B", Link: "https://a.example/", FeedURL: "https://a.example/f", Language: "de",
			Warnings: []string{"Repaired."}, Items: []feeds.Item{{ID: " raw id ", Title: "<T>", Link: "https://a.example/1", Published: at, Updated: at.Add(time.Hour),
				Author: "Ada", Categories: []string{"x", "y"}, Image: "https://a.example/i.png", Text: "One.\n\nTwo."}}},
			`{"kind":"rss2.0","title":"A & B","link":"https://a.example/","feed_url":"https://a.example/f","language":"de","candidates":[],` +
				`"items":[{"id":" raw id ","title":"<T>","link":"https://a.example/1","published":"2026-11-20T07:15:00Z","updated":"2026-11-20T08:15:00Z",` +
				`"author":"Ada","categories":["x","y"],"image":"https://a.example/i.png","text":"One.\n\nTwo."}],"warnings":["Repaired."]}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if err := writeJSON(&out, jsonOf(&test.feed, nil)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want+"\n", out.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestArticleForPrograms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		page article.Article
		want string
	}{
		{"nothing known", article.Article{}, `{"url":null,"title":null,"byline":null,"published":null,"language":null,"image":null,"text":null}`},
		{"everything known", article.Article{URL: "https://a.example/", Title: "T", Byline: "B", Published: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC),
			Language: "en", Image: "https://a.example/i", Text: "x"},
			`{"url":"https://a.example/","title":"T","byline":"B","published":"2026-01-02T03:04:05Z","language":"en","image":"https://a.example/i","text":"x"}`},
	}
	for _, test := range tests {
		got, err := json.Marshal(pageOf(test.page))
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %s, %v; want %s", test.name, got, err, test.want)
		}
	}
}

func TestStoriesAreNumberedAsTheyAppear(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		n      int
		groups [][]int
		want   []string
	}{
		{"none", 0, nil, []string{}},
		{"each its own", 3, [][]int{{2}, {0}, {1}}, []string{"1", "2", "3"}},
		{"the largest group first", 4, [][]int{{3, 1}, {0}, {2}}, []string{"1", "2", "3", "2"}},
		{"all one", 3, [][]int{{1, 0, 2}}, []string{"1", "1", "1"}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, label(test.n, test.groups)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestFiguresForPeople(t *testing.T) {
	t.Parallel()
	now := status{Feeds: 2, Articles: 1_234_567, Database: "b.db"}
	tests := []struct{ field, want string }{
		{"", "feeds               2\narticles            1234567\nsubscriptions       0\npending deliveries  0\n" +
			"failing feeds       0\nlast poll           \ndatabase            b.db\n"},
		{"articles", "1234567\n"},
		{"last_poll", "\n"},
		{"database", "b.db\n"},
	}
	for _, test := range tests {
		var out bytes.Buffer
		if err := (statusCmd{Field: test.field}).print(&app{stdout: &out}, now); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, out.String()); diff != "" {
			t.Errorf("--field %q (-want +got):\n%s", test.field, diff)
		}
	}
}

// Every figure that --field names is in the JSON, and the other way round.
func TestFieldsAreThoseOfTheJSON(t *testing.T) {
	t.Parallel()
	encoded, err := json.Marshal(status{})
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for _, name := range statusFields {
		i := strings.Index(string(encoded), `"`+name+`":`)
		if i <= at {
			t.Errorf("%s is missing or in another order: %s", name, encoded)
		}
		at = i
	}
	if got := strings.Count(string(encoded), `":`); got != len(statusFields) {
		t.Errorf("%d fields in %s, want %d", got, encoded, len(statusFields))
	}
}

func TestNoBarWhereThereIsNoTerminal(t *testing.T) {
	t.Parallel()
	var stderr bytes.Buffer
	bar := (&app{stderr: &stderr}).progress(3, "importing")
	bar.step()
	bar.step()
	bar.done()
	if stderr.Len() > 0 {
		t.Errorf("drawn on what is no terminal: %q", &stderr)
	}
}

func TestTheVersionNamesItsParts(t *testing.T) {
	t.Parallel()
	b := version()
	if b.Version == "" || b.Commit == "" || !strings.HasPrefix(b.Go, "go1") || b.SQLite == "" {
		t.Errorf("version %+v", b)
	}
}
