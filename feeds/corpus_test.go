package feeds

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// shared is the folder of real data beside the module; tests that need it are
// skipped where it is absent.
func shared(tb testing.TB, path ...string) string {
	tb.Helper()
	root := os.Getenv("BROADSHEET_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			tb.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			if dir == filepath.Dir(dir) {
				tb.Fatal("no go.mod above the test")
			}
			dir = filepath.Dir(dir)
		}
		root = filepath.Join(dir, "..", "shared")
	}
	full := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(full); err != nil {
		tb.Skip("needs shared/" + filepath.Join(path...))
	}
	return full
}

// corpusEntry is one file of the corpus with what two other parsers agree on.
type corpusEntry struct {
	File   string `json:"file"`
	Kind   string `json:"kind"`
	Valid  bool   `json:"valid_utf8"`
	Expect *struct {
		Title string `json:"title"`
		Link  string `json:"link"`
		Items int    `json:"items"`
		First *struct {
			Title     string `json:"title"`
			Link      string `json:"link"`
			GUID      string `json:"guid"`
			Published *int64 `json:"published"`
		} `json:"first"`
		Agreed bool `json:"agreed_by_two_parsers"`
	} `json:"expect"`
}

func corpus(tb testing.TB) (dir string, entries []corpusEntry) {
	tb.Helper()
	dir = shared(tb, "data", "feeds")
	raw, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(raw, &entries); err != nil {
		tb.Fatal(err)
	}
	return dir, entries
}

// explained are the differences from what two other parsers say, each with its
// reason. The key is the part of the file's name before the hyphen and the field.
func explained() map[string]string {
	const (
		about  = "rdf:about or dc:identifier is the item's id in RSS 1.0; the others read only guid"
		title  = "the item has no title; ours is the beginning of its text"
		link   = "the item has no link; its guid is a permalink (RSS 2.0, isPermaLink)"
		rel    = "the link is relative; ours is resolved against the feed's site"
		hash   = "the item has no guid; the other parser's is a hash, and its date the time of reading"
		second = "the expectation is cut to whole seconds"
	)
	return map[string]string{
		"644b6b2a53 id": about, "46ca7b7840 id": about, "424c819e53 id": about, "2c63d70dbe id": about, "19eaf06932 id": about,
		"ff6c1b1927 id": about, "fe6eff1a9b id": about, "ea6e9bd412 id": about, "df26369a0c id": about, "d42bb8fdd3 id": about,
		"28ce80e4af title": title, "04119aba38 title": title, "98184f9399 title": title,
		"5e85c78810 link": link, "d814c88c80 link": link,
		"6f18112e71 link": rel, "4b0c2c4a73 link": rel, "456e2e41bc link": rel, "1b9c4f9e62 link": rel, "a980be0d7a link": rel,
		"0fa22f6c7a id": hash, "0fa22f6c7a date": hash, "aae003712f id": hash, "aae003712f date": hash, "946e343e52 id": hash, "946e343e52 date": hash,
		"91f633ac37 date": second,
	}
}

func TestRealFeedsReadAsTwoOtherParsersReadThem(t *testing.T) {
	t.Parallel()
	dir, entries := corpus(t)
	for _, e := range entries {
		t.Run(e.File, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join(dir, e.File))
			if err != nil {
				t.Fatal(err)
			}
			f, err := Parse(raw, "", "")
			if e.Expect == nil || e.Expect.First == nil {
				t.Logf("no expectation; err %v", err)
				return
			}
			if err != nil {
				t.Fatalf("Parse: %v", err)
			}
			checkText(t, f)
			want := e.Expect
			if len(f.Items) != min(want.Items, maxItems) {
				t.Errorf("%d items, want %d (warnings %q)", len(f.Items), want.Items, f.Warnings)
			}
			if got, want := f.Title, plainTitle(want.Title); got != want {
				t.Errorf("title %q, want %q", got, want)
			}
			if got, want := f.Link, want.Link; got != want {
				t.Errorf("link %q, want %q", got, want)
			}
			it := f.Items[0]
			reasons, key := explained(), strings.TrimPrefix(strings.SplitN(e.File, "-", 2)[0], "feeds/")
			differ := func(field string, same bool, got, want any) {
				t.Helper()
				reason := reasons[key+" "+field]
				if !same && reason == "" {
					t.Errorf("first %s %v, want %v", field, got, want)
				}
				if same && reason != "" {
					t.Errorf("first %s is %v as the others read it: no reason needed", field, got)
				}
			}
			first := want.First
			differ("title", it.Title == plainTitle(first.Title), it.Title, first.Title)
			differ("link", it.Link == NormalizeURL(first.Link), it.Link, first.Link)
			differ("id", it.ID == first.GUID, it.ID, first.GUID)
			if p := first.Published; p != nil {
				differ("date", it.Published.Equal(time.Unix(*p, 0)), it.Published, time.Unix(*p, 0).UTC())
			}
		})
	}
}

// checkText fails unless all text of a feed is valid UTF-8.
func checkText(t *testing.T, f *Feed) {
	t.Helper()
	for _, s := range []string{f.Title, f.Link, f.FeedURL, f.Language, f.Image, f.Hub} {
		if !utf8.ValidString(s) {
			t.Errorf("feed holds invalid UTF-8: %q", s)
		}
	}
	for _, it := range f.Items {
		for _, s := range append([]string{it.ID, it.Title, it.Link, it.Author, it.Image, it.HTML, it.Text}, it.Categories...) {
			if !utf8.ValidString(s) {
				t.Errorf("item %q holds invalid UTF-8: %q", it.ID, s)
			}
		}
		if len(it.Keys) == 0 {
			t.Errorf("item %q has no key", it.Title)
		}
	}
}

func TestWebPageIsNotAFeed(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte("<!DOCTYPE html><html><head><title>x</title></head><body><p>hello</body></html>"), "text/html", "http://a.example/")
	var e *Error
	if !errors.As(err, &e) || e.Kind != NotFeed {
		t.Fatalf("got %v, want kind %s", err, NotFeed)
	}
}
