package feeds

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOPMLReadsWhatReadersWrite(t *testing.T) {
	t.Parallel()
	const doc = `<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.1"><head><title>x</title></head><body>
<outline text="News &amp; more"><outline text="A" title="Paper A" type="rss" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
  <outline text="Deep"><outline text="B" XMLURL="http://b.example/rss?x=1&y=2"/></outline></outline>
<outline type="rss" text="C" xmlurl="feed://c.example/feed"/>
<outline text="A again" xmlUrl="https://a.example/feed"/>
<outline text="no address"/><outline text="bad" xmlUrl="javascript:x"/>
<outline text="K` + "\xf6" + `ln" xmlUrl="https://k.example/feed"/>
<outline text="D" xmlUrl="https://d.example/feed"><outline text="inner" xmlUrl="https://e.example/feed"/></outline>
</body></opml>`
	got, err := ReadOPML(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	want := []Outline{
		{Title: "Paper A", URL: "https://a.example/feed", Site: "https://a.example/", Folder: []string{"News & more"}},
		{Title: "B", URL: "http://b.example/rss?x=1&y=2", Folder: []string{"News & more", "Deep"}},
		{Title: "C", URL: "http://c.example/feed"},
		{Title: "Köln", URL: "https://k.example/feed"},
		{Title: "D", URL: "https://d.example/feed"},
		{Title: "inner", URL: "https://e.example/feed"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outlines (-want +got):\n%s", diff)
	}
}

// The largest bots follow tens of thousands of feeds.
func TestOPMLMayHoldAsManyFeedsAsFit(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`<opml version="2.0"><body>`)
	for i := range 30_000 {
		fmt.Fprintf(&b, `<outline type="rss" text="Feed %d" xmlUrl="http://paper-%d.example/feed"/>`, i, i)
	}
	b.WriteString(`</body></opml>`)
	got, err := ReadOPML(strings.NewReader(b.String()))
	if err != nil || len(got) != 30_000 {
		t.Errorf("%d feeds of 30000, %v", len(got), err)
	}
}

func TestOPMLThatWouldExhaustTheParserIsRefused(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"nested":     strings.Repeat("<outline>", 100_000),
		"attributes": "<outline " + strings.Repeat(`a="" `, 1000) + "/>",
		"a tag":      `<outline text="` + strings.Repeat("x", 100_000) + `"/>`,
	} {
		_, err := ReadOPML(strings.NewReader(`<opml version="2.0"><body>` + body))
		if !errors.Is(err, errOddOPML) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOPMLRefusesOtherDocuments(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{
		"empty": "", "text": "x", "feed": feedOf("a"), "page": "<html></html>", "JSON": "{}",
		"too large": "<opml>" + strings.Repeat(" ", maxOPML), "too deep": "<opml><body>" + strings.Repeat("<outline>", 1000),
	} {
		if got, err := ReadOPML(strings.NewReader(doc)); err == nil {
			t.Errorf("%s: read as %v", name, got)
		}
	}
}

func TestOPMLSurvivesTheRoundTrip(t *testing.T) {
	t.Parallel()
	want := []Outline{
		{Title: `A "quoted" & <odd> one`, URL: "https://a.example/feed?a=1&b=2", Site: "https://a.example/"},
		{Title: "B", URL: "https://b.example/feed", Folder: []string{"One", "Two"}},
		{Title: "C", URL: "https://c.example/feed", Folder: []string{"One"}},
		{Title: "日本語", URL: "https://d.example/feed", Folder: []string{"Three"}},
	}
	var b bytes.Buffer
	if err := WriteOPML(&b, "My feeds", want); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "<title>My feeds</title>") || strings.Count(b.String(), `text="One"`) != 1 {
		t.Errorf("document:\n%s", b.String())
	}
	got, err := ReadOPML(&b)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outlines (-want +got):\n%s", diff)
	}
}

func FuzzReadOPML(f *testing.F) {
	f.Add(`<opml><body><outline text="a" xmlUrl="https://a.example/"><outline/></outline></body></opml>`)
	f.Fuzz(func(t *testing.T, doc string) {
		got, err := ReadOPML(strings.NewReader(doc))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteOPML(&b, "x", got); err != nil {
			t.Fatal(err)
		}
		again, err := ReadOPML(&b)
		if err != nil {
			t.Fatalf("what we wrote cannot be read: %v\n%s", err, b.String())
		}
		if len(again) != len(got) {
			t.Errorf("%d feeds became %d", len(got), len(again))
		}
	})
}
