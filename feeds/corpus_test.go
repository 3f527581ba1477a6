package feeds

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf8"
)

// shared is a place in the folder of real data beside the module; a test that
// needs it is skipped where it is absent.
func shared(tb testing.TB, path ...string) string {
	tb.Helper()
	full := filepath.Join(append([]string{sharedRoot(tb)}, path...)...)
	if _, err := os.Stat(full); err != nil {
		tb.Skip("needs shared/" + filepath.Join(path...))
	}
	return full
}

func sharedRoot(tb testing.TB) string {
	tb.Helper()
	if root := os.Getenv("BROADSHEET_SHARED"); root != "" {
		return root
	}
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "..", "shared")
		}
		if dir == filepath.Dir(dir) {
			tb.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
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

// difference is a field of a file that we read otherwise than the others do.
type difference struct{ file, field, reason string }

// differences are all of them, each with its reason.
func differences() []difference {
	const (
		about     = "rdf:about or dc:identifier is the item's id in RSS 1.0; the others read guid alone"
		untitled  = "the item has no title; ours is the beginning of its text"
		permalink = "the item has no link; its guid is a permalink (RSS 2.0, isPermaLink)"
		relative  = "the link is relative; ours is resolved against the feed's site"
		hash      = "the item has no guid; theirs is a hash of the item, ours its rdf:about"
		reading   = "the item has no date; theirs is the time of reading"
		seconds   = "the expectation is cut to whole seconds"
		words     = "the date has a week day and month in Portuguese, which the others do not read"
		spaces    = "ours is one line: runs of spaces, no-break spaces among them, are one"
		controls  = "the file was encoded twice; what is left of it are control characters, which ours does not show"
		entities  = "ours is plain text: the title's entities are decoded"
		tags      = "ours is plain text: the title's tags are gone"
		tracking  = "ours has no tracking fragment (#xtor=RSS-…)"
		bound     = "of more than 500 items the newest 500 are read"
	)
	return []difference{
		{"644b6b2a53-xml2js-options.rss", "id", about},
		{"46ca7b7840-slashdot.xml", "id", about},
		{"424c819e53-rss1.0-w3cgeo.xml", "id", about},
		{"2c63d70dbe-rss_1.0_debian.xml", "id", about},
		{"19eaf06932-sample-rdf.xml", "id", about},
		{"ff6c1b1927-Rss10Minutos20Catalans.xml", "id", about},
		{"fe6eff1a9b-Rss10OrfAt.xml", "id", about},
		{"ea6e9bd412-Rss10Minutos20.xml", "id", about},
		{"df26369a0c-rss_1.0_DC_Sy.xml", "id", about},
		{"d42bb8fdd3-HREFConsideredHarmful.xml", "id", about},
		{"28ce80e4af-markdown2.rss", "title", untitled},
		{"04119aba38-manton.rss", "title", untitled},
		{"98184f9399-scriptingNews.rss", "title", untitled},
		{"5e85c78810-leshow.xml", "link", permalink},
		{"d814c88c80-leshow.xml", "link", permalink},
		{"6f18112e71-tpm-with-fragment-base.atom", "link", relative},
		{"4b0c2c4a73-tpm-with-empty-base.atom", "link", relative},
		{"456e2e41bc-gulp-atom.atom", "link", relative},
		{"1b9c4f9e62-tpm.atom", "link", relative},
		{"a980be0d7a-yakubin.atom", "link", relative},
		{"0fa22f6c7a-RomeV0.3TutorialDefiningACustomModuleBeanParserAndGenerator.apt", "id", hash},
		{"946e343e52-RomeV0.4TutorialDefiningACustomModuleBeanParserAndGenerator.apt", "id", hash},
		{"aae003712f-RssAndAtOMUtilitiEsROMEV0.5TutorialDefiningACustomModuleBeanParserAndGenerator.apt", "id", hash},
		{"0fa22f6c7a-RomeV0.3TutorialDefiningACustomModuleBeanParserAndGenerator.apt", "date", reading},
		{"946e343e52-RomeV0.4TutorialDefiningACustomModuleBeanParserAndGenerator.apt", "date", reading},
		{"aae003712f-RssAndAtOMUtilitiEsROMEV0.5TutorialDefiningACustomModuleBeanParserAndGenerator.apt", "date", reading},
		{"91f633ac37-usgs-gov-earthquakes-all-hour-atom.xml", "date", seconds},
		{"d80508729a-uolNoticias.rss", "date", words},
		{"510d85bea4-Rss20LeParisien.xml", "feed title", spaces},
		{"724c18489c-AtomTheVerge.xml", "feed title", spaces},
		{"728e17c14f-Ampersand.xml", "feed title", spaces},
		{"7bcadff288-urdu_UTF8.xml", "feed title", spaces},
		{"ca669d2067-AtomVergeAllPosts.xml", "feed title", spaces},
		{"510d85bea4-Rss20LeParisien.xml", "title", spaces},
		{"8529b26eb4-Rss20ThomasMaurer.xml", "title", spaces},
		{"b31c8910aa-Rss20YandexRussia.xml", "feed title", controls},
		{"b31c8910aa-Rss20YandexRussia.xml", "title", controls},
		{"24ac656321-jsonfeed_elastic_1.1.json", "feed title", entities},
		{"5b0e69ff47-lr.xml.output", "feed title", entities},
		{"a3b5010cb5-lr.xml", "feed title", entities},
		{"ab9cb008c5-google_alerts_atom.xml", "title", tags},
		{"b2346a9ba5-pet_atom.xml", "title", tags},
		{"510d85bea4-Rss20LeParisien.xml", "link", tracking},
		{"c3ea9fc939-giantbomb-podcast.rss", "items", bound},
	}
}

// unexpected are the files that no two parsers could read, with what we make of
// them.
func unexpected() map[string]struct {
	kind   string // "" for an error
	items  int
	reason string
} {
	return map[string]struct {
		kind   string
		items  int
		reason string
	}{
		"46f472124e-rss_2.0_invalid_1.xml":        {"", 0, "it ends within its channel, before any item"},
		"7bd9007479-invalid.json":                 {"json1", 8, "title, attachments and others are of wrong types; ours reads the rest"},
		"89442cea51-DuplicateContentAtomFeed.xml": {"atom1.0", 10, "an Atom feed behind the tags of a page; ours begins where the feed does"},
		"f6f2ce5094-rose.json":                    {"json1", 84, "its tags are one string instead of a list; ours splits it at the commas"},
	}
}

// kinds are the manifest's names for the dialects that occur, and ours.
func kinds() map[string]string {
	return map[string]string{"rss2.0": "rss2.0", "atom": "atom1.0", "rdf": "rss1.0", "json": "json1", "rss0.91": "rss0.91", "rss0.92": "rss0.92", "rss?": "rss2.0"}
}

// fields are what the manifest says of a file, and what we read, by field.
func fields(e corpusEntry, f *Feed) (want, got map[string]string) {
	x, it := e.Expect, f.Items[0]
	date := func(t time.Time) string {
		if t.IsZero() {
			return "none"
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	var published time.Time
	if p := x.First.Published; p != nil {
		published = time.Unix(*p, 0)
	}
	want = map[string]string{
		"kind": kinds()[e.Kind], "items": fmt.Sprint(x.Items), "feed title": x.Title, "feed link": x.Link,
		"title": x.First.Title, "link": x.First.Link, "id": x.First.GUID, "date": date(published),
	}
	got = map[string]string{
		"kind": f.Kind, "items": fmt.Sprint(len(f.Items)), "feed title": f.Title, "feed link": f.Link,
		"title": it.Title, "link": it.Link, "id": it.ID, "date": date(it.Published),
	}
	return want, got
}

// TestRealFeedsReadAsTwoOtherParsersReadThem compares every field of the
// manifest as it is written there. A difference without a reason fails, and so
// does a reason without a difference.
func TestRealFeedsReadAsTwoOtherParsersReadThem(t *testing.T) {
	t.Parallel()
	dir, entries := corpus(t)
	reasons := map[string]map[string]string{}
	for _, d := range differences() {
		if reasons[d.file] == nil {
			reasons[d.file] = map[string]string{}
		}
		reasons[d.file][d.field] = d.reason
	}
	seen := map[string]bool{}
	for _, e := range entries {
		name := filepath.Base(e.File)
		seen[name] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join(dir, e.File))
			if err != nil {
				t.Fatal(err)
			}
			f, err := Parse(raw, "", "")
			if e.Expect == nil || e.Expect.First == nil {
				checkUnexpected(t, name, f, err)
				return
			}
			if err != nil {
				t.Fatalf("Parse: %v", err)
			}
			checkText(t, f)
			if !e.Valid && len(f.Warnings) == 0 {
				t.Error("the file is no UTF-8, and nobody is told")
			}
			want, got := fields(e, f)
			for field := range want {
				reason := reasons[name][field]
				if want[field] != got[field] && reason == "" {
					t.Errorf("%s %q, want %q (agreed by two: %v)", field, got[field], want[field], e.Expect.Agreed)
				}
				if want[field] == got[field] && reason != "" {
					t.Errorf("%s is %q as the others read it, but there is a reason why not: %s", field, got[field], reason)
				}
			}
		})
	}
	for file := range reasons {
		if !seen[file] {
			t.Errorf("%s is explained, but is no file of the corpus", file)
		}
	}
}

// checkUnexpected checks a file that the others could not read.
func checkUnexpected(t *testing.T, name string, f *Feed, err error) {
	t.Helper()
	want, ok := unexpected()[name]
	switch {
	case !ok:
		t.Fatalf("no expectation and no reason: feed %v, err %v", f, err)
	case want.kind == "":
		if err == nil {
			t.Fatalf("it is read as %s, but should not be: %s", f.Kind, want.reason)
		}
		return
	case err != nil:
		t.Fatalf("Parse: %v, but %s", err, want.reason)
	}
	checkText(t, f)
	if f.Kind != want.kind || len(f.Items) != want.items || len(f.Warnings) == 0 {
		t.Errorf("%s with %d items, warnings %q; want %s with %d: %s", f.Kind, len(f.Items), f.Warnings, want.kind, want.items, want.reason)
	}
}

// checkText fails unless all text of a feed is valid UTF-8.
func checkText(t *testing.T, f *Feed) {
	t.Helper()
	for _, s := range []string{f.Title, f.Link, f.FeedURL, f.Language} {
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
