package demo

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"time"
)

//go:embed pages/*.html
var pageFiles embed.FS

// pages are the templates of front pages and articles; they are never changed.
var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// articlePage is what the template of an article shows.
type articlePage struct {
	Paper     *paper
	Site      string
	Feed      string
	Article   article
	Picture   string
	Published time.Time
	// Related are other pieces of the same paper: chrome, as on most sites.
	Related []related
	// Noisy surrounds the text with all that a reader of the feed must not see.
	Noisy bool
}

// related is a link to another article.
type related struct {
	Title, Link, Picture string
	Published            time.Time
}

// pageOf returns the page of the edition's i-th article.
func pageOf(e edition, i int) articlePage {
	a := e.articles[i]
	page := articlePage{
		Paper: e.paper, Site: e.site(), Feed: e.base + e.feedPath(), Article: a, Picture: e.picture(a),
		Published: e.published(a), Noisy: e.Format == formatTeaser,
	}
	for j, other := range e.articles {
		if j != i && len(page.Related) < 4 {
			page.Related = append(page.Related, e.related(other))
		}
	}
	return page
}

func (e edition) related(a article) related {
	return related{Title: a.Title, Link: e.link(a), Picture: e.picture(a), Published: e.published(a)}
}

// Front lists everything that is out, for the template of the front page.
func (e edition) Front() []related {
	var list []related
	for _, a := range e.articles {
		list = append(list, e.related(a))
	}
	return list
}

// FeedURL is the feed's address, for the template of the front page.
func (e edition) FeedURL() string { return e.base + e.feedPath() }

// FeedType is the feed's media type, for the template of the front page.
func (e edition) FeedType() string {
	switch e.Format {
	case formatAtom:
		return "application/atom+xml"
	case formatJSON:
		return "application/feed+json"
	case formatRSS1:
		return "application/rdf+xml"
	default:
		return "application/rss+xml"
	}
}

func (p *Papers) servePage(w http.ResponseWriter, r *http.Request, name string, data any, modified time.Time) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		http.Error(w, "the page could not be set: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'")
	serve(w, r, b.Bytes(), "text/html; charset=utf-8", modified)
}
