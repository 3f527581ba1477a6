package demo

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Papers are the sample newspapers: an http.Handler that serves their front
// pages, feeds, article pages and pictures. An article whose time has not come
// yet is absent everywhere. Papers are safe for concurrent use.
type Papers struct {
	start  time.Time
	papers []*paper
	mux    *http.ServeMux

	mu       sync.Mutex
	pictures map[string][]byte // PNG by article, drawn when first asked for
	lastPage time.Time         // when a page of a teaser paper was last asked for
}

// Paper describes one sample newspaper.
type Paper struct {
	// Name and Language (BCP 47) are as the paper itself states them.
	Name, Language string
	// Feed and Site are the paths of its feed and front page below the root of
	// the handler.
	Feed, Site string
	// Teaser says that the feed holds only the beginnings of its articles.
	Teaser bool
}

// NewPapers returns the newspapers as they stand at start: the articles of the
// three days before it are out, the others appear in the minutes after it.
func NewPapers(start time.Time) (*Papers, error) {
	loaded, err := loadPapers()
	if err != nil {
		return nil, err
	}
	p := &Papers{
		// Feeds tell whole seconds; a publication date with a fraction would
		// differ from what a reader of the feed sees.
		start:    start.Truncate(time.Second),
		papers:   loaded,
		mux:      http.NewServeMux(),
		pictures: make(map[string][]byte),
	}
	for _, paper := range loaded {
		p.mux.HandleFunc("GET /"+paper.Slug+"/{$}", p.serveFront(paper))
		p.mux.HandleFunc("GET "+paper.feedPath(), p.serveFeed(paper))
		p.mux.HandleFunc("GET /"+paper.Slug+"/{file}", p.serveArticle(paper))
	}
	return p, nil
}

// List returns the newspapers in a fixed order.
func (p *Papers) List() []Paper {
	var list []Paper
	for _, paper := range p.papers {
		list = append(list, Paper{
			Name: paper.Name, Language: paper.Lang, Teaser: paper.Format == formatTeaser,
			Feed: paper.feedPath(), Site: "/" + paper.Slug + "/",
		})
	}
	return list
}

// ServeHTTP serves /SLUG/ (front page), /SLUG/feed.xml or /SLUG/feed.json,
// /SLUG/ARTICLE and /SLUG/ARTICLE.png. Links inside them use the host of the
// request. Feeds carry an ETag and a Last-Modified and answer 304.
func (p *Papers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mux.ServeHTTP(w, r)
}

func (p *paper) feedPath() string {
	if p.Format == formatJSON {
		return "/" + p.Slug + "/feed.json"
	}
	return "/" + p.Slug + "/feed.xml"
}

// edition is what a paper shows at one moment.
type edition struct {
	*paper
	base     string // scheme and host
	start    time.Time
	modified time.Time // publication of the newest article
	articles []article // published, newest first
}

// edition returns the state of a paper at now, for links that start with base.
func (p *Papers) edition(paper *paper, base string, now time.Time) edition {
	e := edition{paper: paper, base: base, start: p.start}
	for _, a := range paper.articles {
		if !p.start.Add(a.Offset).After(now) {
			e.articles = append(e.articles, a)
		}
	}
	slices.SortFunc(e.articles, func(a, b article) int { return int(b.Offset - a.Offset) })
	if len(e.articles) > 0 {
		e.modified = e.published(e.articles[0])
	}
	return e
}

func (e edition) published(a article) time.Time { return e.start.Add(a.Offset) }
func (e edition) site() string                  { return e.base + "/" + e.Slug + "/" }
func (e edition) link(a article) string         { return e.site() + a.Slug }
func (e edition) picture(a article) string      { return e.site() + a.Slug + ".png" }

func base(r *http.Request) string { return "http://" + r.Host }

func (p *Papers) serveFeed(paper *paper) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e := p.edition(paper, base(r), time.Now())
		body, contentType, err := e.feed()
		if err != nil {
			http.Error(w, "the press has stopped: "+err.Error(), http.StatusInternalServerError)
			return
		}
		serve(w, r, body, contentType, e.modified)
	}
}

func (p *Papers) serveFront(paper *paper) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e := p.edition(paper, base(r), time.Now())
		p.servePage(w, r, "front.html", e, e.modified)
	}
}

func (p *Papers) serveArticle(paper *paper) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		e := p.edition(paper, base(r), time.Now())
		slug, isPicture := strings.CutSuffix(r.PathValue("file"), ".png")
		i := slices.IndexFunc(e.articles, func(a article) bool { return a.Slug == slug })
		if i < 0 {
			http.NotFound(w, r)
			return
		}
		a := e.articles[i]
		if isPicture {
			body, err := p.drawing(a)
			if err != nil {
				http.Error(w, "the draughtsman is ill: "+err.Error(), http.StatusInternalServerError)
				return
			}
			serve(w, r, body, "image/png", e.published(a))
			return
		}
		if paper.Format == formatTeaser {
			p.mu.Lock()
			p.lastPage = time.Now()
			p.mu.Unlock()
		}
		p.servePage(w, r, "article.html", pageOf(e, i), e.published(a))
	}
}

// teasersRead reports whether pages of the teaser paper have been asked for,
// and none since a while.
func (p *Papers) teasersRead(since time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.lastPage.IsZero() && time.Since(p.lastPage) > since
}

// drawing returns the picture of a as PNG.
func (p *Papers) drawing(a article) ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if body := p.pictures[a.Slug]; body != nil {
		return body, nil
	}
	body, err := drawPNG(a.Picture, a.seed())
	if err == nil {
		p.pictures[a.Slug] = body
	}
	return body, err
}

// serve answers with body, or 304 where the client has it already.
func serve(w http.ResponseWriter, r *http.Request, body []byte, contentType string, modified time.Time) {
	h := fnv.New64a()
	h.Write(body) // a hash never fails to write
	w.Header().Set("ETag", fmt.Sprintf(`"%016x"`, h.Sum64()))
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-cache") // ask again each time: the ETag decides
	http.ServeContent(w, r, "", modified, bytes.NewReader(body))
}
