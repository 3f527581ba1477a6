package feeds

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"broadsheet/feeds/article"
)

func TestPageIsReadConditionally(t *testing.T) {
	in(t, func(t *testing.T) {
		const etag, modified = `W/"x 'odd' one"`, "sometime, yesterday"
		sent := 0
		page := serve(strings.Replace(articlePage, "%s", "true", 1), "Content-Type", "text/html", "ETag", etag, "Last-Modified", modified)
		w := &web{on: map[string]http.HandlerFunc{"a.example/page": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == etag && r.Header.Get("If-Modified-Since") == modified {
				sent++
				w.WriteHeader(http.StatusNotModified)
				return
			}
			page(w, r)
		}}}
		c := NewClient(ClientOptions{Transport: w})
		p, err := c.PageOf(t.Context(), PageRequest{URL: "https://a.example/page"})
		if err != nil || p.Unchanged || p.ETag != etag || p.LastModified != modified || p.Article.Text == "" {
			t.Fatalf("first reading: err %v, page %+v", err, p)
		}
		p, err = c.PageOf(t.Context(), PageRequest{URL: "https://a.example/page", ETag: p.ETag, LastModified: p.LastModified})
		if err != nil || !p.Unchanged || p.Article.Text != "" || sent != 1 {
			t.Errorf("second reading: err %v, unchanged %v, text %q, %d conditional requests", err, p.Unchanged, p.Article.Text, sent)
		}
	})
}

func TestAPageThatBreaksOffIsNoPage(t *testing.T) {
	in(t, func(t *testing.T) {
		page := strings.Replace(articlePage, "%s", "true", 1)
		w := &web{on: map[string]http.HandlerFunc{"a.example/page": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("ETag", `"new"`)
			w.(*recorder).body = io.MultiReader(strings.NewReader(page[:len(page)/2]), failing{io.ErrUnexpectedEOF})
		}}}
		// With validators and without: what vouches for half a page keeps the rest away for ever.
		for _, etag := range []string{"", `"old"`} {
			p, err := NewClient(ClientOptions{Transport: w}).PageOf(t.Context(), PageRequest{URL: "https://a.example/page", ETag: etag})
			if kindOf(err) != Temporary || p.ETag != "" {
				t.Errorf("asked with the validator %q: err %v, page %+v", etag, err, p)
			}
		}
	})
}

func TestNotModifiedWithoutAValidatorIsAnError(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"a.example/page": status(304)}}
		if p, err := NewClient(ClientOptions{Transport: w}).PageOf(t.Context(), PageRequest{URL: "https://a.example/page"}); err == nil {
			t.Errorf("a page out of nothing: %+v", p)
		}
	})
}

func TestPageOfLeavesOutWhatIsKnownOfItsSite(t *testing.T) {
	in(t, func(t *testing.T) {
		const slogan = "Paper is read by nine people out of ten between the lake and the hills."
		w := &web{on: map[string]http.HandlerFunc{
			"old.example/page":   status(302, "Location", "https://www.a.example/page"),
			"www.a.example/page": serve(strings.Replace(strings.Replace(articlePage, "%s", "true", 1), "</article>", "<p>"+slogan+"</p></article>", 1), "Content-Type", "text/html"),
		}}
		c := NewClient(ClientOptions{Transport: w})
		for _, furniture := range []bool{false, true} {
			site := ""
			p, err := c.PageOf(t.Context(), PageRequest{URL: "https://old.example/page", Known: func(_ context.Context, s string) Known {
				site = s
				return Known{article.FingerprintOf(slogan): furniture}
			}})
			if err != nil || strings.Contains(p.Article.Text, slogan) == furniture {
				t.Errorf("furniture %v: err %v, text %q", furniture, err, p.Article.Text)
			}
			if site != "a.example" {
				t.Errorf("asked about the site %q, want that of the address after redirects", site)
			}
		}
	})
}

func TestPagesThatWithholdTheirText(t *testing.T) {
	in(t, func(t *testing.T) {
		page := strings.Replace(articlePage, "%s", "true", 1)
		w := &web{on: map[string]http.HandlerFunc{
			"a.example/header": serve(page, "Content-Type", "text/html", "X-Robots-Tag", "noindex, nosnippet"),
			"a.example/meta":   serve(strings.Replace(page, "<title>", `<meta name="robots" content="noarchive"><title>`, 1), "Content-Type", "text/html"),
			"a.example/other":  serve(page, "Content-Type", "text/html", "X-Robots-Tag", "googlebot: nosnippet"),
		}}
		c := NewClient(ClientOptions{Transport: w})
		for path, want := range map[string]string{"header": "nosnippet", "meta": "noarchive", "other": ""} {
			if p, err := c.PageOf(t.Context(), PageRequest{URL: "https://a.example/" + path}); err != nil || p.Withheld != want {
				t.Errorf("%s: withheld by %q, want %q (err %v)", path, p.Withheld, want, err)
			}
		}
	})
}

func TestSitesAreNamedByTheirHosts(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://www.Paper.example:8443/a?b": "paper.example", "http://blog.paper.example/": "blog.paper.example", "https://paper.example./": "paper.example",
		"mailto:x@paper.example": "", "": "",
	} {
		if got := SiteOf(address); got != want {
			t.Errorf("SiteOf(%q) = %q, want %q", address, got, want)
		}
	}
}
