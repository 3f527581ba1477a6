package feeds

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
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

func TestVisitSendsValidatorsVerbatimAndTakesNotModified(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == `W/"x 1"` && r.Header.Get("If-Modified-Since") == "yesterday, about noon" {
				w.Header().Set("Last-Modified", "today")
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("ETag", `W/"x 1"`)
			w.Header().Set("Last-Modified", "yesterday, about noon")
			_, _ = io.WriteString(w, feedOf("a"))
		}}}
		c := NewClient(ClientOptions{Transport: w, UserAgent: "Broadsheet/1 (+https://b.example)"})
		v := c.Visit(t.Context(), State{URL: paper, Subscribers: 3}, time.Now())
		if v.Err != nil || v.Feed == nil || len(v.Feed.Items) != 1 || v.Status != 200 {
			t.Fatalf("first visit: %+v", v)
		}
		for name := range map[string]bool{"If-None-Match": true, "If-Modified-Since": true, "Cookie": true, "Referer": true} {
			if values := w.seen[0].Header.Values(name); values != nil {
				t.Errorf("first visit sent %s: %q", name, values)
			}
		}
		if got, want := w.seen[0].Header.Get("User-Agent"), "Broadsheet/1 (+https://b.example; 3 subscribers)"; got != want {
			t.Errorf("User-Agent %q, want %q", got, want)
		}
		v = c.Visit(t.Context(), v.State, time.Now())
		if !v.Unchanged || v.Err != nil || v.Feed != nil || v.Status != 304 {
			t.Fatalf("second visit: %+v", v)
		}
		if v.State.ETag != `W/"x 1"` || v.State.LastModified != "today" {
			t.Errorf("validators after 304: %q, %q", v.State.ETag, v.State.LastModified)
		}
	})
}

func TestVisitDoesNotParseABodyItKnows(t *testing.T) {
	in(t, func(t *testing.T) {
		n := 0
		w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) {
			n++
			body := strings.Replace(feedOf("a"), "<item>", fmt.Sprintf("<lastBuildDate>%d</lastBuildDate><!-- %d --><item>", n, n), 1)
			fmt.Fprintf(w, "%s<!-- served in 0.%d s -->", body, n)
		}}}
		c := NewClient(ClientOptions{Transport: w})
		v := c.Visit(t.Context(), State{URL: paper}, time.Now())
		if v.Feed == nil {
			t.Fatalf("first visit: %+v", v)
		}
		v = c.Visit(t.Context(), v.State, time.Now())
		if !v.Unchanged || v.Feed != nil {
			t.Errorf("a body that differs in its build date alone was parsed again: %+v", v)
		}
	})
}

func TestBodyHashSeesEveryChangeOfItems(t *testing.T) {
	t.Parallel()
	same := bodyHash([]byte(feedOf("a", "b")))
	for _, other := range []string{feedOf("a"), feedOf("a", "c"), feedOf("b", "a"), feedOf("a", "b", "c"), "{}", "",
		strings.Replace(feedOf("a", "b"), "Paper", "Pamphlet", 1), strings.Replace(feedOf("a", "b"), "id-b", "id-x", 1),
		strings.Replace(feedOf("a", "b"), "<guid>id-b", "<!-- --><guid>id-b", 1)} {
		if bodyHash([]byte(other)) == same {
			t.Errorf("same hash for %s", other)
		}
	}
}

func TestVisitClassifiesAnswers(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
		kind    Kind
		gone    bool
		wait    time.Duration // WaitUntil after now
		words   string
	}{
		{"gone", status(410), Gone, true, 0, "ended"},
		{"not found", status(404), NotFound, false, 0, "nothing at this address"},
		{"unauthorized", status(401), Forbidden, false, 0, "password"},
		{"payment", status(402), Forbidden, false, 0, "paid"},
		{"forbidden", status(403), Forbidden, false, 0, "refuses"},
		{"legal reasons", status(451), Forbidden, false, 0, "legal"},
		{"challenge", status(403, "Cf-Mitigated", "challenge"), Forbidden, false, 0, "human"},
		{"rate limit in seconds", status(429, "Retry-After", "7200"), RateLimited, false, 2 * time.Hour, "less often"},
		{"rate limit with a date", status(429, "Retry-After", "Mon, 02 Mar 2026 15:00:00 GMT"), RateLimited, false, 6 * time.Hour, "less often"},
		{"rate limit beyond reason", status(429, "Retry-After", "99999999999"), RateLimited, false, 0, "less often"},
		{"rate limit for a year", status(429, "Retry-After", "31536000"), RateLimited, false, 7 * 24 * time.Hour, "less often"},
		{"rate limit reset", status(429, "X-RateLimit-Reset", "300"), RateLimited, false, 5 * time.Minute, "less often"},
		{"unavailable", status(503, "Retry-After", "600"), Temporary, false, 10 * time.Minute, "503"},
		{"server error", status(500), Temporary, false, 0, "500"},
		{"teapot", status(418), Temporary, false, 0, "418"},
		{"web page", serve("<!doctype html><html><body><p>Sorry</body></html>", "Content-Type", "text/html"), NotFeed, false, 0, "web page"},
		{"other document", serve(`<?xml version="1.0"?><catalog><book/></catalog>`), Malformed, false, 0, "neither RSS"},
		{"empty body", serve(""), Temporary, false, 0, "empty document"},
		{"no encoding it claims", serve("plain", "Content-Encoding", "gzip"), Temporary, false, 0, "broke off"},
		{"endless stream", endless("x"), TooLarge, false, 0, "too large"},
		{"endless spaces", endless(" "), TooLarge, false, 0, "too large"},
		{"redirect to a file", status(302, "Location", "file:///etc/passwd"), Redirected, false, 0, "redirects"},
		{"redirect to nowhere", status(302, "Location", "http://[::1"), Redirected, false, 0, "redirects"},
		{"redirect to itself", status(301, "Location", paper), Redirected, false, 0, "redirects"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				c := NewClient(ClientOptions{Transport: &web{on: map[string]http.HandlerFunc{"paper.example": tt.handler}}})
				now := time.Now()
				v := c.Visit(t.Context(), State{URL: paper, ETag: "x"}, now)
				if v.Err == nil || v.Err.Kind != tt.kind || v.Gone != tt.gone || v.Feed != nil || v.Unchanged {
					t.Fatalf("err %v, gone %v, want kind %s", v.Err, v.Gone, tt.kind)
				}
				if !strings.Contains(v.Err.Words(), tt.words) {
					t.Errorf("words %q, want %q in them", v.Err.Words(), tt.words)
				}
				if got := v.WaitUntil; tt.wait == 0 && !got.IsZero() && tt.name != "rate limit beyond reason" || tt.wait > 0 && !got.Equal(now.Add(tt.wait)) {
					t.Errorf("wait until %v, want %v after %v", got, tt.wait, now)
				}
				if v.Next.Before(v.WaitUntil) || v.Next.Before(now.Add(time.Hour)) {
					t.Errorf("next %v, wait until %v, now %v", v.Next, v.WaitUntil, now)
				}
				if v.State.Failures != 1 {
					t.Errorf("%d failures", v.State.Failures)
				}
			})
		})
	}
}

// endless is a body that never ends.
func endless(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.(*recorder).body = repeat(s)
	}
}

type repeat string

func (r repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = r[0]
	}
	return len(p), nil
}

func TestVisitUnpacksEveryEncodingAndNoBomb(t *testing.T) {
	pack := map[string]func([]byte) []byte{
		"gzip": func(b []byte) []byte {
			var out bytes.Buffer
			z := gzip.NewWriter(&out)
			_, _ = z.Write(b)
			_ = z.Close()
			return out.Bytes()
		},
		"br": func(b []byte) []byte {
			var out bytes.Buffer
			z := brotli.NewWriterLevel(&out, 4)
			_, _ = z.Write(b)
			_ = z.Close()
			return out.Bytes()
		},
		"zstd": func(b []byte) []byte {
			z, _ := zstd.NewWriter(nil)
			return z.EncodeAll(b, nil)
		},
		"": func(b []byte) []byte { return b },
	}
	for name, f := range pack {
		for _, encoding := range []string{name, ""} {
			if encoding == "" && name != "gzip" && name != "" {
				continue // only gzip files are recognised without a header
			}
			t.Run(name+" as "+encoding, func(t *testing.T) {
				in(t, func(t *testing.T) {
					good, bomb := f([]byte(feedOf("a"))), f(bytes.Repeat([]byte("0"), 40<<20))
					w := &web{on: map[string]http.HandlerFunc{
						"paper.example/feed": serve(string(good), "Content-Encoding", encoding),
						"paper.example/bomb": serve(string(bomb), "Content-Encoding", encoding),
					}}
					c := NewClient(ClientOptions{Transport: w})
					if v := c.Visit(t.Context(), State{URL: paper}, time.Now()); v.Err != nil || len(v.Feed.Items) != 1 {
						t.Errorf("good: %v", v.Err)
					}
					v := c.Visit(t.Context(), State{URL: "https://paper.example/bomb"}, time.Now())
					if v.Err == nil || v.Err.Kind != TooLarge {
						t.Errorf("bomb: %v", v.Err)
					}
				})
			})
		}
	}
}

func TestVisitEndsWhenTheServerDripsOrHangs(t *testing.T) {
	drip := func(w http.ResponseWriter, r *http.Request) { w.(*recorder).body = &dripping{ctx: r.Context()} }
	hang := func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for name, h := range map[string]http.HandlerFunc{"drips": drip, "hangs": hang} {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				c := NewClient(ClientOptions{Transport: &web{on: map[string]http.HandlerFunc{"paper.example": h}}, Timeout: 20 * time.Second})
				v := c.Visit(t.Context(), State{URL: paper}, time.Now())
				if v.Err == nil || v.Err.Kind != Temporary || v.Took != 20*time.Second {
					t.Fatalf("took %v, err %v", v.Took, v.Err)
				}
				if !strings.Contains(v.Err.Words(), "in time") {
					t.Errorf("words %q", v.Err.Words())
				}
			})
		})
	}
}

// dripping gives a byte a second, as long as the request lives.
type dripping struct{ ctx context.Context }

func (d *dripping) Read(p []byte) (int, error) {
	if err := wait(d.ctx, time.Second); err != nil {
		return 0, err
	}
	p[0] = ' '
	return 1, nil
}

func TestPermanentRedirectIsAdoptedOnlyWhenItLasts(t *testing.T) {
	in(t, func(t *testing.T) {
		target := "https://new.example/feed"
		w := &web{on: map[string]http.HandlerFunc{
			"paper.example": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusMovedPermanently) },
			"new.example":   serve(feedOf("a")), "other.example": serve(feedOf("b")),
		}}
		c := NewClient(ClientOptions{Transport: w})
		s := State{URL: paper}
		visit := func(after time.Duration, wantURL string) {
			t.Helper()
			time.Sleep(after)
			v := c.Visit(t.Context(), s, time.Now())
			if v.Err != nil || v.State.URL != wantURL || v.Moved != (wantURL != s.URL) {
				t.Fatalf("err %v, url %s, moved %v, want url %s", v.Err, v.State.URL, v.Moved, wantURL)
			}
			s = v.State
		}
		visit(0, paper)
		visit(time.Hour, paper)
		visit(time.Hour, paper)
		visit(time.Hour, paper) // four agree, but only for three hours
		target = "https://other.example/feed"
		visit(24*time.Hour, paper) // another address: the count begins again
		visit(time.Hour, paper)
		visit(30*time.Hour, target)
		if s.Redirect != "" || s.Redirects != 0 {
			t.Errorf("state after the move: %+v", s)
		}
	})
}

func TestTemporaryAndDowngradingRedirectsAreNeverAdopted(t *testing.T) {
	chains := map[string][]string{
		"temporary":            {"302 https://new.example/feed"},
		"temporary, then 301":  {"307 https://new.example/x", "301 https://new.example/feed"},
		"permanent to http":    {"301 http://new.example/feed"},
		"see other":            {"303 https://new.example/feed"},
		"permanent then maybe": {"302 https://new.example/feed"},
	}
	for name, chain := range chains {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := &web{on: map[string]http.HandlerFunc{"new.example/feed": serve(feedOf("a"))}}
				for i, hop := range chain {
					code, to, _ := strings.Cut(hop, " ")
					at := []string{"paper.example/feed", "new.example/x"}[i]
					w.on[at] = func(w http.ResponseWriter, r *http.Request) {
						n := 0
						_, _ = fmt.Sscan(code, &n)
						http.Redirect(w, r, to, n)
					}
				}
				c := NewClient(ClientOptions{Transport: w})
				s := State{URL: paper}
				for range 5 {
					v := c.Visit(t.Context(), s, time.Now())
					if v.Err != nil || v.State.URL != paper || v.State.Redirects != 0 {
						t.Fatalf("%+v", v)
					}
					s = v.State
					time.Sleep(24 * time.Hour)
				}
			})
		})
	}
}

func TestRedirectsAreFollowedFiveTimes(t *testing.T) {
	for _, n := range []int{5, 6} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) {
					at := 0
					_, _ = fmt.Sscanf(r.URL.Path, "/%d", &at)
					if at == n {
						_, _ = io.WriteString(w, feedOf("a"))
						return
					}
					http.Redirect(w, r, fmt.Sprintf("/%d", at+1), http.StatusFound)
				}}}
				v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), State{URL: "https://paper.example/0"}, time.Now())
				if (v.Err == nil) != (n == 5) {
					t.Errorf("%d redirects: %v", n, v.Err)
				}
			})
		})
	}
}

func TestValidatorsStayWithTheAddressTheyCameFrom(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{
			"paper.example": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "https://new.example/feed", http.StatusMovedPermanently) },
			"new.example": func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("If-None-Match") != "" {
					w.WriteHeader(304) // an accident: the old address's tag fits
					return
				}
				_, _ = io.WriteString(w, feedOf("a"))
			},
		}}
		v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), State{URL: paper, ETag: `"1"`}, time.Now())
		if v.Unchanged || v.Feed == nil {
			t.Errorf("a validator of another address was believed: %+v", v)
		}
	})
}

func TestValidatorsAreForgottenWhenTheBodyCannotBeRead(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": serve("<html>", "ETag", `"2"`)}}
		v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), State{URL: paper, ETag: `"1"`, LastModified: "x", BodyHash: 7}, time.Now())
		if s := v.State; s.ETag != "" || s.LastModified != "" || s.BodyHash != 0 {
			t.Errorf("state %+v", s)
		}
	})
}

func TestOneHostIsAskedOneAtATimeWithPauses(t *testing.T) {
	in(t, func(t *testing.T) {
		var mu sync.Mutex
		open := 0
		w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			open++
			if open > 1 {
				t.Error("two requests to one host at once")
			}
			mu.Unlock()
			time.Sleep(100 * time.Millisecond)
			mu.Lock()
			open--
			mu.Unlock()
			_, _ = io.WriteString(w, feedOf("a"))
		}}}
		c := NewClient(ClientOptions{Transport: w, HostSpacing: 2 * time.Second})
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { c.Visit(t.Context(), State{URL: paper}, time.Now()) })
		}
		wg.Wait()
		for i := 1; i < len(w.at); i++ {
			if gap := w.at[i].Sub(w.at[i-1]); gap < 2*time.Second {
				t.Errorf("requests %d and %d are %v apart", i-1, i, gap)
			}
		}
		if len(w.at) != 4 {
			t.Errorf("%d requests", len(w.at))
		}
	})
}

func TestManyHostsDoNotWaitForEachOther(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"slow.example": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}}
		const n = 300
		for i := range n {
			w.on[fmt.Sprintf("h%d.example", i)] = serve(feedOf("a"))
		}
		c := NewClient(ClientOptions{Transport: w, HostSpacing: 5 * time.Second, Concurrency: 8})
		start := time.Now()
		var wg, slow sync.WaitGroup
		slow.Go(func() { c.Visit(t.Context(), State{URL: "https://slow.example/"}, time.Now()) })
		for i := range n {
			wg.Go(func() {
				if v := c.Visit(t.Context(), State{URL: fmt.Sprintf("https://h%d.example/", i)}, time.Now()); v.Err != nil {
					t.Error(v.Err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(start); took > time.Second {
			t.Errorf("%d hosts took %v", n, took)
		}
		slow.Wait()
	})
}

func TestALongQueueIsPutOff(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": serve(feedOf("a"))}}
		c := NewClient(ClientOptions{Transport: w, HostSpacing: 10 * time.Second, Patience: 25 * time.Second})
		var mu sync.Mutex
		var wg sync.WaitGroup
		put := 0
		for range 10 {
			wg.Go(func() {
				v := c.Visit(t.Context(), State{URL: paper, Failures: 2}, time.Now())
				mu.Lock()
				defer mu.Unlock()
				if v.Deferred {
					put++
					if v.Err != nil || !v.Unchanged || v.State.Failures != 2 || !v.Next.After(v.At) {
						t.Errorf("put off as %+v", v)
					}
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		if put == 0 || put+w.requests() != 10 {
			t.Errorf("%d put off, %d asked", put, w.requests())
		}
	})
}

func TestARateLimitHoldsForTheWholeDomain(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"a.paper.example": status(429, "Retry-After", "3600"), "b.paper.example": serve(feedOf("b")), "paper2.example": serve(feedOf("c"))}}
		c := NewClient(ClientOptions{Transport: w})
		if v := c.Visit(t.Context(), State{URL: "https://a.paper.example/"}, time.Now()); v.Err == nil {
			t.Fatal("no error")
		}
		v := c.Visit(t.Context(), State{URL: "https://b.paper.example/"}, time.Now())
		if !v.Deferred || v.Err != nil || v.WaitUntil.Before(time.Now().Add(59*time.Minute)) || v.Next.Before(v.WaitUntil) {
			t.Errorf("a sister host was visited: %+v", v)
		}
		if _, err := c.Page(t.Context(), "https://b.paper.example/page"); err == nil {
			t.Error("a page of the domain was fetched")
		}
		if v := c.Visit(t.Context(), State{URL: "https://paper2.example/"}, time.Now()); v.Err != nil || v.Deferred {
			t.Errorf("another domain: %+v", v)
		}
		time.Sleep(61 * time.Minute)
		if v := c.Visit(t.Context(), State{URL: "https://b.paper.example/"}, time.Now()); v.Deferred || v.Err != nil {
			t.Errorf("after the hour: %+v", v)
		}
	})
}

func TestFailuresBackOffAndOneSuccessForgetsThem(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": status(500)}}
		c := NewClient(ClientOptions{Transport: w, MinInterval: time.Hour, MaxInterval: 24 * time.Hour})
		s := State{URL: paper}
		for i, want := range []time.Duration{1, 2, 4, 8, 16, 24, 24} {
			now := time.Now()
			v := c.Visit(t.Context(), s, now)
			if d := v.Next.Sub(now); d < want*time.Hour || d > want*time.Hour*11/10 {
				t.Errorf("failure %d: next in %v, want %dh", i+1, d, want)
			}
			s = v.State
			time.Sleep(2 * time.Second)
		}
		w.on["paper.example"] = serve(feedOf("a"))
		if v := c.Visit(t.Context(), s, time.Now()); v.State.Failures != 0 || v.Err != nil {
			t.Errorf("%+v", v)
		}
	})
}

func TestACancelledVisitIsNoFailure(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		s := State{URL: paper, ETag: "x", Failures: 1}
		v := NewClient(ClientOptions{Transport: w}).Visit(ctx, s, time.Now())
		if v.Err == nil || v.State != s || !errors.Is(v.Err, context.DeadlineExceeded) {
			t.Errorf("%+v", v)
		}
	})
}

func TestCredentialsInTheAddressAreSentAndMasked(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": status(500)}}
		v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), State{URL: "https://user:pa55@paper.example/feed?token=s3cret&x=1"}, time.Now())
		if user, password, ok := w.seen[0].BasicAuth(); !ok || user != "user" || password != "pa55" {
			t.Errorf("sent %q %q %v", user, password, ok)
		}
		if text := v.Err.Error() + v.Err.Words() + v.Err.URL; strings.Contains(text, "pa55") || strings.Contains(text, "s3cret") {
			t.Errorf("a secret shows in %q", text)
		}
	})
}

func TestAFeedOverTheLimitIsReadAsFarAsItGoes(t *testing.T) {
	in(t, func(t *testing.T) {
		titles := make([]string, 300)
		for i := range titles {
			titles[i] = fmt.Sprintf("t%d", i)
		}
		w := &web{on: map[string]http.HandlerFunc{"paper.example": serve(feedOf(titles...))}}
		v := NewClient(ClientOptions{Transport: w, MaxBytes: 8 << 10}).Visit(t.Context(), State{URL: paper}, time.Now())
		if v.Err != nil || len(v.Feed.Items) < 20 || len(v.Feed.Items) == 300 || len(v.Feed.Warnings) == 0 {
			t.Fatalf("err %v, feed %+v", v.Err, v.Feed)
		}
	})
}
