package feeds

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// web is a world of handlers by host and path, reached without a network. It
// remembers the requests it got.
type web struct {
	mu   sync.Mutex
	seen []*http.Request
	at   []time.Time
	on   map[string]http.HandlerFunc // by "host/path", or "host"
}

// RoundTrip implements http.RoundTripper. Handlers may block: a request's
// context ends them.
func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.seen = append(w.seen, r)
	w.at = append(w.at, time.Now())
	h := w.on[r.URL.Host+r.URL.Path]
	if h == nil {
		h = w.on[r.URL.Host]
	}
	w.mu.Unlock()
	if h == nil {
		h = http.NotFound
	}
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	done := make(chan struct{})
	go func() {
		defer close(done)
		h(rec, r)
	}()
	select {
	case <-done:
	case <-r.Context().Done():
		<-done
		return nil, r.Context().Err()
	}
	if rec.err != nil {
		return nil, rec.err
	}
	body := rec.body
	if body == nil {
		body = bytes.NewReader(rec.buf.Bytes())
	}
	return &http.Response{StatusCode: rec.status, Header: rec.header, Body: io.NopCloser(body), Request: r, ContentLength: -1}, nil
}

func (w *web) requests() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.seen)
}

// recorder is a ResponseWriter whose body may also be a reader of any length.
type recorder struct {
	header http.Header
	status int
	buf    bytes.Buffer
	body   io.Reader
	err    error
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.buf.Write(b) }

// feedOf is an RSS document with the given titles.
func feedOf(titles ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title><link>https://paper.example/</link>`)
	for i, title := range titles {
		fmt.Fprintf(&b, `<item><title>%s</title><link>https://paper.example/%d</link><guid>id-%s</guid></item>`, title, i, title)
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

func serve(body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		_, _ = io.WriteString(w, body)
	}
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

// in runs a test in a bubble that begins in 2026, as Discord's ids want it
// elsewhere and dates in feeds want it here.
func in(t *testing.T, f func(t *testing.T)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)))
		f(t)
	})
}

const paper = "https://paper.example/feed"
