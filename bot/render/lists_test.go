package render

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
)

func TestExcerptMarksItsMatches(t *testing.T) {
	t.Parallel()
	const text = "The bridge, the *bridge*."
	tests := []struct {
		name  string
		text  string
		marks []Mark
		want  string
	}{
		{"no marks", text, nil, `The bridge, the \*bridge\*.`},
		{"two", text, []Mark{{4, 10}, {17, 23}}, `The **bridge**, the \***bridge**\*.`},
		{"at the ends", "bridge over bridge", []Mark{{0, 6}, {12, 18}}, "**bridge** over **bridge**"},
		{"side by side", "bridges", []Mark{{0, 3}, {3, 6}}, "**bri****dge**s"},
		{"beyond the text", text, []Mark{{4, 99}}, `The bridge, the \*bridge\*.`},
		{"empty, backwards and overlapping", text, []Mark{{4, 4}, {10, 4}, {4, 10}, {6, 12}}, `The **bridge**, the \*bridge\*.`},
		{"inside a character", "über", []Mark{{1, 3}}, "über"},
		{"Japanese", "港の橋が閉まる", []Mark{{6, 9}}, "港の**橋**が閉まる"},
		{"spaces around a match stay", "a  bridge\nb", []Mark{{3, 9}}, "a **bridge** b"},
		{"nothing", "", []Mark{{0, 1}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := excerpt(tt.text, tt.marks); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestExcerptStaysShort(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("bridge and ", 100)
	var marks []Mark
	for i := range 100 {
		marks = append(marks, Mark{11 * i, 11*i + 6})
	}
	got := excerpt(text, marks)
	if n := len(strings.ReplaceAll(got, "*", "")); n < 200 || n > 245 {
		t.Errorf("%d characters: %q", n, got)
	}
	if strings.Count(got, "**")%2 != 0 {
		t.Errorf("an open mark in %q", got)
	}
}

func TestSearchHeadingCountsInTheLanguage(t *testing.T) {
	t.Parallel()
	hit := []Hit{{Article: article(1, "A", "B", 1)}}
	tests := []struct {
		locale string
		s      Results
		want   string
	}{
		{"en-US", Results{Query: "x", Total: 1, Hits: hit}, "### 🔎 1 article mentions “x”"},
		{"en-US", Results{Query: "x", Total: 1000, Capped: true, Hits: hit}, "### 🔎 More than 1,000 articles mention “x”"},
		{"de", Results{Query: "x", Total: 2, Hits: hit}, "### 🔎 2 Artikel erwähnen „x“"},
		{"fr", Results{Query: "x", Total: 2, Hits: hit}, "### 🔎 2 articles mentionnent « x »"},
		{"ja", Results{Query: "橋", Total: 2, Hits: hit}, "### 🔎 「橋」を含む記事：2件"},
	}
	for _, tt := range tests {
		if got := contents([]discord.Message{Search(reader(tt.locale), tt.s)})[0]; got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestSearchPagesRememberTheQuery(t *testing.T) {
	t.Parallel()
	want := []string{"‹ Previous page v1:search:0:3:bridge~_*", "Next page › v1:search:2:3:bridge~_*", "Share v1:share:search:1:3:bridge~_*"}
	if diff := cmp.Diff(want, buttons(Search(reader("en-US"), results()))); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	for _, id := range want {
		_, id, _ = strings.Cut(id, "v1:")
		if _, args, ok := discord.DecodeID("v1:" + id); !ok || args[len(args)-1] != "bridge *" {
			t.Errorf("%q decodes to %q, %v", id, args, ok)
		}
	}
}

func TestQueryThatFitsNoButtonHasNone(t *testing.T) {
	t.Parallel()
	s := results()
	s.Query = strings.Repeat("x", 120)
	m := Search(reader("en-US"), s)
	if got := buttons(m); len(got) != 0 {
		t.Errorf("buttons %q would forget the query", got)
	}
	for _, v := range violations(m) {
		t.Error(v)
	}
	// Spaces take two characters of a custom id.
	s.Query = strings.TrimSpace(strings.Repeat("x ", MaxQuery/2))
	s.FeedID, s.Page, s.Total = 1<<62, 100, 1000
	if got := buttons(Search(reader("en-US"), s)); len(got) != 3 {
		t.Errorf("a query of MaxQuery characters has buttons %q, want all three", got)
	}
}

func TestLatestPages(t *testing.T) {
	t.Parallel()
	l := listing()
	want := []string{"‹ Previous page v1:latest:0:12", "Next page › v1:latest:2:12", "Share v1:share:latest:1:12"}
	if diff := cmp.Diff(want, buttons(Latest(reader("en-US"), l))); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	l.Page, l.Total, l.Feed, l.FeedID = 0, 3, "", 0
	if diff := cmp.Diff([]string{"Share v1:share:latest:0:0"}, buttons(Latest(reader("en-US"), l))); diff != "" {
		t.Errorf("a single page: buttons (-want +got):\n%s", diff)
	}
	if got := contents([]discord.Message{Latest(reader("en-US"), l)})[0]; got != "### 🗞 Latest articles" {
		t.Errorf("heading %q", got)
	}
}

func TestSavedListIsNobodyElsesMatter(t *testing.T) {
	t.Parallel()
	l := listing()
	want := []string{"‹ Previous page v1:saved:0", "Next page › v1:saved:2"}
	if diff := cmp.Diff(want, buttons(Saved(reader("en-US"), l))); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	if got := contents([]discord.Message{Saved(reader("en-US"), Listing{})})[0]; !strings.HasPrefix(got, "You have saved nothing yet.") {
		t.Errorf("an empty list says %q", got)
	}
}

func TestListsTakeTheWorstArticles(t *testing.T) {
	t.Parallel()
	var all []digest.Article
	var hits []Hit
	for i := range int64(10) {
		a := article(i+1, strings.Repeat("*", 200), strings.Repeat("_", 400), 1)
		a.Link = "https://a.example/" + strings.Repeat("a", 295)
		all = append(all, a)
		hits = append(hits, Hit{Article: a, Excerpt: strings.Repeat("~", 500)})
	}
	for name, m := range map[string]discord.Message{
		"latest": Latest(reader("de"), Listing{Articles: all[:PerPage], Total: 50}),
		"saved":  Saved(reader("de"), Listing{Articles: all[:PerPage], Total: 50}),
		"search": Search(reader("de"), Results{Query: strings.Repeat("*", 90), Hits: hits[:PerPage], Total: 50}),
	} {
		for _, v := range violations(m) {
			t.Errorf("%s: %s", name, v)
		}
	}
}

func TestChunksKeepRowsWhole(t *testing.T) {
	t.Parallel()
	var rows []string
	for i := range 50 {
		rows = append(rows, fmt.Sprintf("row %d", i))
	}
	got := chunks(rows, 40)
	if diff := cmp.Diff(strings.Join(rows, "\n"), strings.Join(got, "\n")); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
	for _, c := range got {
		if len(c) > 40 {
			t.Errorf("a chunk of %d characters: %q", len(c), c)
		}
	}
	if got := chunks([]string{strings.Repeat("x", 99)}, 40); len(got) != 1 {
		t.Errorf("a long row became %d chunks", len(got))
	}
	if got := chunks(nil, 40); got != nil {
		t.Errorf("no rows became %q", got)
	}
}
