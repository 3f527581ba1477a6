package feeds

import (
	"bytes"
	"context"
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
