package demo

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feeds"
)

var linkForm = regexp.MustCompile(`(?:href|src)="([^"#]+)"`)

func TestEveryLinkOfThePapersLeadsSomewhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, crawl) // where no article appears meanwhile
}

func crawl(t *testing.T) {
	papers := mustPapers(t, time.Now())
	var waiting []string
	for _, p := range papers.List() {
		waiting = append(waiting, host+p.Site)
	}
	seen := map[string]bool{}
	for len(waiting) > 0 {
		at := waiting[0]
		waiting = waiting[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		path, inside := strings.CutPrefix(at, host)
		if !inside {
			t.Errorf("a page leads away, to %s", at)
			continue
		}
		if slug, picture := strings.CutSuffix(path, ".png"); picture {
			// Drawing them all takes long; where its page is, a picture is.
			waiting = append(waiting, host+slug)
			continue
		}
		w := get(t, papers, path)
		if w.Code != http.StatusOK {
			t.Errorf("GET %s: status %d", path, w.Code)
		}
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		for _, link := range linkForm.FindAllStringSubmatch(w.Body.String(), -1) {
			if target := resolve(t, at, link[1]); target != "" {
				waiting = append(waiting, target)
			}
		}
	}
	out := 0
	for _, p := range papers.papers {
		out += len(papers.edition(p, host, time.Now()).articles)
	}
	// Every front page and feed, and every article with its picture.
	if want := 2*len(papers.papers) + 2*out; len(seen) != want {
		t.Errorf("%d addresses can be reached, want %d", len(seen), want)
	}
}

// resolve makes a link absolute; "" for one that is no address.
func resolve(t *testing.T, page, link string) string {
	t.Helper()
	from, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	to, err := from.Parse(strings.ReplaceAll(link, "&amp;", "&"))
	if err != nil {
		t.Errorf("%s links to %q: %v", page, link, err)
		return ""
	}
	if to.Scheme == "data" {
		return ""
	}
	return to.String()
}

func TestPagesTellReadersWhatTheyAre(t *testing.T) {
	t.Parallel()
	papers := mustPapers(t, time.Now())
	for _, source := range papers.papers {
		a := papers.edition(source, host, time.Now()).articles[0]
		body := get(t, papers, "/"+source.Slug+"/"+a.Slug).Body.String()
		for _, want := range []string{
			`<html lang="` + source.Lang + `">`, `<meta name="author" content="` + a.Author + `">`,
			`<meta property="og:image" content="` + host + "/" + source.Slug + "/" + a.Slug + `.png">`,
			`<meta property="article:published_time"`,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("the page of %s/%s lacks %s", source.Slug, a.Slug, want)
			}
		}
		noisy := strings.Contains(body, "cookie-banner") && strings.Contains(body, "newsletter") &&
			strings.Contains(body, "You may also like") && strings.Contains(body, "Photo: ") && strings.Contains(body, "Share by")
		if noisy != (source.Format == formatTeaser) {
			t.Errorf("the page of %s/%s: full of boilerplate = %v", source.Slug, a.Slug, noisy)
		}
	}
}

func TestArticlesKeepTheirIdentityWhileNewOnesAppear(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		papers := mustPapers(t, time.Now())
		before := map[string]map[string]feeds.Item{}
		for _, p := range papers.List() {
			before[p.Name] = itemsByID(t, mustFeed(t, papers, p))
		}
		time.Sleep(time.Hour)
		grown := 0
		for _, p := range papers.List() {
			after := itemsByID(t, mustFeed(t, papers, p))
			for id, old := range before[p.Name] {
				if diff := cmp.Diff(old, after[id]); diff != "" {
					t.Errorf("%s changed %s (-before +after):\n%s", p.Name, id, diff)
				}
			}
			grown += len(after) - len(before[p.Name])
		}
		if grown < 12 {
			t.Errorf("%d articles appeared in an hour, want at least 12", grown)
		}
	})
}

// itemsByID checks that no two items of a feed can be taken for each other.
func itemsByID(t *testing.T, f *feeds.Feed) map[string]feeds.Item {
	t.Helper()
	items := map[string]feeds.Item{}
	keys := map[feeds.Key]string{}
	for _, item := range f.Items {
		if _, twice := items[item.ID]; twice {
			t.Errorf("%s: two items have the id %q", f.Title, item.ID)
		}
		items[item.ID] = item
		for _, k := range item.Keys {
			if other, taken := keys[k]; taken && other != item.ID {
				t.Errorf("%s: %q and %q share a key", f.Title, other, item.ID)
			}
			keys[k] = item.ID
		}
	}
	return items
}

func TestPathsThatArePapersButNoArticlesAreNotFound(t *testing.T) {
	t.Parallel()
	papers := mustPapers(t, time.Now())
	for _, path := range []string{
		"/", "/harbour-post", "/harbour-post/nothing", "/harbour-post/nothing.png", "/harbour-post/a/b",
		"/the-tern/feed.xml", "/harbour-post/whale-notes", "/../papers/the-tern.txt",
	} {
		if w := get(t, papers, path); w.Code == http.StatusOK {
			t.Errorf("GET %s: status 200, want none", path)
		}
	}
}
