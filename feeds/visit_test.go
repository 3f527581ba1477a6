package feeds

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

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
					good, bomb := f([]byte(feedOf("a"))), f(bytes.Repeat([]byte("0"), 8<<20))
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

// TestATransferThatBreaksOffKeepsWhatArrived has a server that hangs up within
// the last item, plainly or in the middle of what it compressed.
func TestATransferThatBreaksOffKeepsWhatArrived(t *testing.T) {
	doc := feedOf("a", "b", "c")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, doc[:len(doc)-40])
	_ = z.Flush()
	for name, tt := range map[string]struct {
		encoding, sent string
		err            error
		items          int // -1: an error
	}{
		"plainly":             {"", doc[:len(doc)-40], io.ErrUnexpectedEOF, 2},
		"with a reset":        {"", doc[:len(doc)-40], &net.OpError{Op: "read", Err: syscall.ECONNRESET}, 2},
		"in gzip":             {"gzip", packed.String(), io.ErrUnexpectedEOF, 2},
		"before any item":     {"", doc[:120], io.ErrUnexpectedEOF, -1},
		"before anything":     {"", "", io.ErrUnexpectedEOF, -1},
		"with another error":  {"", doc[:len(doc)-40], io.ErrClosedPipe, -1},
		"within a web page":   {"", "<!doctype html><html><body>", io.ErrUnexpectedEOF, -1},
		"behind the last one": {"", doc[:len(doc)-8], io.ErrUnexpectedEOF, 3},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("ETag", `"new"`)
					if tt.encoding != "" {
						w.Header().Set("Content-Encoding", tt.encoding)
					}
					w.(*recorder).body = io.MultiReader(strings.NewReader(tt.sent), failing{tt.err})
				}}}
				s := State{URL: paper, ETag: `"old"`, BodyHash: 7}
				v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), s, time.Now())
				if tt.items < 0 {
					if v.Err == nil || v.Err.Kind != Temporary || v.Feed != nil || v.State.ETag != `"old"` || v.State.BodyHash != 7 || v.State.Failures != 1 {
						t.Errorf("%+v", v)
					}
					return
				}
				if v.Err != nil || len(v.Feed.Items) != tt.items || len(v.Feed.Warnings) == 0 {
					t.Fatalf("feed %+v, err %v", v.Feed, v.Err)
				}
				if v.State.ETag != "" || v.State.BodyHash != 0 || v.State.Failures != 0 {
					t.Errorf("what has not arrived will not be asked for: %+v", v.State)
				}
			})
		})
	}
}

// failing is a reader that only fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestTheUserAgentTellsOfSubscribers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		agent       string
		subscribers int
		want        string
	}{
		{"Broadsheet/1 (+https://b.example)", 0, "Broadsheet/1 (+https://b.example)"},
		{"Broadsheet/1 (+https://b.example)", -1, "Broadsheet/1 (+https://b.example)"},
		{"Broadsheet/1 (+https://b.example)", 1, "Broadsheet/1 (+https://b.example; 1 subscriber)"},
		{"Broadsheet/1 (+https://b.example)", 1234, "Broadsheet/1 (+https://b.example; 1234 subscribers)"},
		{"Broadsheet", 2, "Broadsheet (2 subscribers)"},
	} {
		if got := userAgent(tt.agent, tt.subscribers); got != tt.want {
			t.Errorf("userAgent(%q, %d) = %q, want %q", tt.agent, tt.subscribers, got, tt.want)
		}
	}
}

func TestBodiesAreUnpackedAsTheirServerSays(t *testing.T) {
	pack := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = io.WriteString(z, s)
		_ = z.Close()
		return b.String()
	}
	doc := feedOf("a")
	for name, tt := range map[string]struct {
		encoding, body string
		kind           Kind
	}{
		"not at all":                      {"", doc, ""},
		"identity":                        {"identity", doc, ""},
		"an unknown encoding of nothing":  {"utf-8", doc, ""},
		"in capitals":                     {" GZIP ", pack(doc), ""},
		"by its old name":                 {"x-gzip", pack(doc), ""},
		"in two members":                  {"gzip", pack(doc[:50]) + pack(doc[50:]), ""},
		"a packed file as it is":          {"", pack(doc), ""},
		"a packed file, packed again":     {"gzip", pack(pack(doc)), ""},
		"nothing, called packed":          {"gzip", "", Temporary},
		"plain text, called packed":       {"gzip", doc, Temporary},
		"plain text, called zstd":         {"zstd", doc, Temporary},
		"plain text, called Brotli":       {"br", doc, Temporary},
		"a packed file that is damaged":   {"", pack(doc)[:30], Malformed},
		"an encoding that we did not ask": {"compress", "\x1f\x9d\x90", Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := &web{on: map[string]http.HandlerFunc{"paper.example": serve(tt.body, "Content-Encoding", tt.encoding)}}
				v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), State{URL: paper}, time.Now())
				kind := Kind("")
				if v.Err != nil {
					kind = v.Err.Kind
				}
				if kind != tt.kind || kind == "" && (len(v.Feed.Items) != 1 || v.Feed.Items[0].Title != "a") {
					t.Errorf("feed %+v, err %v, want kind %q", v.Feed, v.Err, tt.kind)
				}
			})
		})
	}
}
