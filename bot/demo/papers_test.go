package demo

import (
	"bytes"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feeds"
	extract "broadsheet/feeds/article"
	"broadsheet/summarize"
	"broadsheet/summarize/stories"
)

const host = "http://papers.test"

// get asks a handler for a path and returns the answer.
func get(t *testing.T, h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, host+path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func mustPapers(t *testing.T, start time.Time) *Papers {
	t.Helper()
	p, err := NewPapers(start)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// mustFeed reads one paper's feed as the bot does.
func mustFeed(t *testing.T, h http.Handler, p Paper) *feeds.Feed {
	t.Helper()
	w := get(t, h, p.Feed)
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: status %d", p.Feed, w.Code)
	}
	f, err := feeds.Parse(w.Body.Bytes(), w.Header().Get("Content-Type"), host+p.Feed)
	if err != nil {
		t.Fatalf("parse %s: %v", p.Feed, err)
	}
	return f
}

func TestFeedsParseAsTheyWereMeant(t *testing.T) {
	t.Parallel()
	kinds := map[string]string{
		formatRSS2: "rss2.0", formatTeaser: "rss2.0", formatRSS1: "rss1.0", formatAtom: "atom1.0", formatJSON: "json1",
	}
	start := time.Now()
	papers := mustPapers(t, start)
	for i, p := range papers.List() {
		source := papers.papers[i]
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			f := mustFeed(t, papers, p)
			if len(f.Warnings) > 0 {
				t.Errorf("warnings: %q", f.Warnings)
			}
			want := []string{kinds[source.Format], source.Name, host + p.Site, source.Lang}
			if diff := cmp.Diff(want, []string{f.Kind, f.Title, f.Link, f.Language}); diff != "" {
				t.Errorf("kind, title, link, language (-want +got):\n%s", diff)
			}
			// A slow computer may be some articles further by now.
			f.Items = slices.DeleteFunc(f.Items, func(i feeds.Item) bool { return i.Published.After(start) })
			e := papers.edition(source, host, start)
			if len(f.Items) != len(e.articles) {
				t.Fatalf("%d items, want %d", len(f.Items), len(e.articles))
			}
			for j, item := range f.Items {
				checkItem(t, e, e.articles[j], item)
			}
		})
	}
}

func checkItem(t *testing.T, e edition, a article, item feeds.Item) {
	t.Helper()
	text := a.text()
	if e.Format == formatTeaser {
		text = a.Teaser
	}
	type view struct {
		Title, Link, Author, Image, Text string
		Categories                       []string
		Published                        time.Time
	}
	want := view{a.Title, e.link(a), a.Author, e.picture(a), words(text), a.Tags, e.published(a).UTC()}
	got := view{item.Title, item.Link, item.Author, item.Image, words(item.Text), item.Categories, item.Published.UTC()}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("item (-want +got):\n%s", diff)
	}
	if item.ID == "" {
		t.Errorf("%s has no id", a.Slug)
	}
}

// words is a text without regard to its line breaks.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

func TestFeedsAnswerNotModifiedUntilAnArticleAppears(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		papers := mustPapers(t, time.Now())
		for _, p := range papers.List() {
			before := get(t, papers, p.Feed)
			etag, modified := before.Header().Get("ETag"), before.Header().Get("Last-Modified")
			if etag == "" || modified == "" {
				t.Fatalf("%s: ETag %q, Last-Modified %q", p.Feed, etag, modified)
			}
			if w := get(t, papers, p.Feed, "If-None-Match", etag); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
				t.Errorf("%s with its ETag: status %d, %d bytes", p.Feed, w.Code, w.Body.Len())
			}
			if w := get(t, papers, p.Feed, "If-Modified-Since", modified); w.Code != http.StatusNotModified {
				t.Errorf("%s with its Last-Modified: status %d", p.Feed, w.Code)
			}
		}
		first := map[string]string{}
		for _, p := range papers.List() {
			first[p.Feed] = get(t, papers, p.Feed).Header().Get("ETag")
		}
		time.Sleep(15 * time.Minute)
		for _, p := range papers.List() {
			if w := get(t, papers, p.Feed, "If-None-Match", first[p.Feed]); w.Code != http.StatusOK {
				t.Errorf("%s after 15 minutes: status %d, want 200 for the new articles", p.Feed, w.Code)
			}
		}
	})
}

func TestArticlesAreAbsentUntilTheirTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		papers := mustPapers(t, time.Now())
		const page = "/daily-quay/ferry-coffee"
		for _, path := range []string{page, page + ".png"} {
			if w := get(t, papers, path); w.Code != http.StatusNotFound {
				t.Errorf("GET %s before its time: status %d, want 404", path, w.Code)
			}
		}
		if strings.Contains(get(t, papers, "/daily-quay/feed.xml").Body.String(), "ferry-coffee") {
			t.Error("the feed names an article before its time")
		}
		time.Sleep(41 * time.Second)
		for _, path := range []string{page, page + ".png"} {
			if w := get(t, papers, path); w.Code != http.StatusOK {
				t.Errorf("GET %s in its time: status %d, want 200", path, w.Code)
			}
		}
		if f := mustFeed(t, papers, Paper{Feed: "/daily-quay/feed.xml"}); f.Items[0].Link != host+page {
			t.Errorf("newest item is %q, want %q", f.Items[0].Link, host+page)
		}
	})
}

func TestFrontPagesLeadToTheFeeds(t *testing.T) {
	t.Parallel()
	papers := mustPapers(t, time.Now())
	for _, p := range papers.List() {
		w := get(t, papers, p.Site)
		if want := `href="` + host + p.Feed + `"`; w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("GET %s: status %d, or no link with %s", p.Site, w.Code, want)
		}
	}
}

func TestPagesOfTeasersYieldTheTrueTextAlone(t *testing.T) {
	t.Parallel()
	papers := mustPapers(t, time.Now())
	for _, source := range papers.papers {
		e := papers.edition(source, host, time.Now())
		for _, a := range e.articles {
			if source.Format != formatTeaser {
				continue
			}
			w := get(t, papers, "/"+source.Slug+"/"+a.Slug)
			got, err := extract.Extract(t.Context(), w.Body.Bytes(), w.Header().Get("Content-Type"), e.link(a), nil)
			if err != nil {
				t.Errorf("extract %s: %v", a.Slug, err)
				continue
			}
			if diff := cmp.Diff(strings.Split(a.text(), "\n\n"), strings.Split(got.Text, "\n\n")); diff != "" {
				t.Errorf("text of %s (-want +got):\n%s", a.Slug, diff)
			}
			if got.Image != e.picture(a) {
				t.Errorf("picture of %s = %q, want %q", a.Slug, got.Image, e.picture(a))
			}
		}
	}
}

func TestTeasersAreToldFromWholeArticles(t *testing.T) {
	t.Parallel()
	papers := mustPapers(t, time.Now())
	for _, p := range papers.List() {
		for _, item := range mustFeed(t, papers, p).Items {
			if got := feeds.Teaser(item); got != p.Teaser {
				t.Errorf("Teaser(%s %q) = %v, want %v", p.Name, item.Title, got, p.Teaser)
			}
		}
	}
}

func TestStoriesFindTheSharedEvents(t *testing.T) {
	t.Parallel()
	var docs []stories.Document
	var pieces []article
	for _, p := range mustLoad(t) {
		for _, a := range p.articles {
			if a.Offset > 0 {
				continue // later pieces follow earlier events up
			}
			docs = append(docs, stories.Document{Title: a.Title, Text: a.text(), Lang: p.Lang, Published: time.Now().Add(a.Offset)})
			pieces = append(pieces, a)
		}
	}
	together := map[string]int{} // event → size of the group that holds its first piece
	for _, group := range stories.Group(docs, stories.Options{}) {
		events := map[string]int{}
		for _, i := range group {
			events[pieces[i].Event]++
		}
		for event, n := range events {
			if event != "" && n > 1 {
				together[event] += n
			}
			if event != "" && len(events) > 1 {
				t.Errorf("a story mixes %v: %q", events, titles(pieces, group))
			}
		}
	}
	found := 0
	for _, n := range together {
		if n >= 2 {
			found++
		}
	}
	if found < 6 {
		t.Errorf("%d events were recognised in two papers or more, want at least 6: %v", found, together)
	}
}

func titles(pieces []article, group []int) []string {
	var list []string
	for _, i := range group {
		list = append(list, pieces[i].Title)
	}
	return list
}

func TestEveryArticleIsWorthACardOfTwoSentences(t *testing.T) {
	t.Parallel()
	for _, p := range mustLoad(t) {
		for _, a := range p.articles {
			got, err := summarize.Card(a.Title, a.text(), summarize.Options{Sentences: 2, Lang: p.Lang})
			if err != nil {
				t.Errorf("Card(%q): %v", a.Title, err)
				continue
			}
			for _, sentence := range got.Sentences {
				if !strings.Contains(words(a.text()), words(sentence)) {
					t.Errorf("Card(%q) says %q, which the article does not", a.Title, sentence)
				}
			}
			if got.Language != p.Lang {
				t.Errorf("Card(%q).Language = %q, want %q", a.Title, got.Language, p.Lang)
			}
		}
	}
}

func TestPicturesAreServedWithTheirArticles(t *testing.T) {
	t.Parallel()
	papers := mustPapers(t, time.Now())
	w := get(t, papers, "/harbour-post/chain-bridge-closes.png")
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "image/png" {
		t.Fatalf("status %d, type %q", w.Code, w.Header().Get("Content-Type"))
	}
	again := get(t, papers, "/harbour-post/chain-bridge-closes.png", "If-None-Match", w.Header().Get("ETag"))
	if again.Code != http.StatusNotModified {
		t.Errorf("second visit: status %d, want 304", again.Code)
	}
	img, err := png.Decode(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if size := img.Bounds().Size(); size.X != pictureWidth || size.Y != pictureHeight {
		t.Errorf("size %v, want %d × %d", size, pictureWidth, pictureHeight)
	}
}

func TestScenesAreDrawnAlikeForOneSeed(t *testing.T) {
	t.Parallel()
	for scene := range scenes() {
		t.Run(scene, func(t *testing.T) {
			t.Parallel()
			first, err := drawPNG(scene, 1)
			if err != nil {
				t.Fatal(err)
			}
			again, err := drawPNG(scene, 1)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(first, again) {
				t.Error("the same seed gave two pictures")
			}
			if n := colours(t, first); n < 20 {
				t.Errorf("the picture has %d colours, want at least 20", n)
			}
		})
	}
}

func colours(t *testing.T, body []byte) int {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[any]bool{}
	for y := range pictureHeight {
		for x := range pictureWidth {
			seen[img.At(x, y)] = true
		}
	}
	return len(seen)
}

func TestAnUnknownSceneIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := drawPNG("volcano", 1); err == nil || !strings.Contains(err.Error(), "volcano") {
		t.Errorf("drawPNG(volcano) error = %v, want one that names it", err)
	}
}
