package feeds

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// piped is the program's own transport with pipes for a network.
func piped(t *testing.T, serve func(net.Conn)) *http.Transport {
	transport := NewTransport(nil)
	var servers sync.WaitGroup
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		servers.Wait()
	})
	transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		servers.Go(func() {
			defer theirs.Close()
			serve(theirs)
		})
		return ours, nil
	}
	return transport
}

// flood answers a request with head and then a part as often as it is taken; it
// counts the bytes that were.
func flood(head, part string, taken *atomic.Int64) func(net.Conn) {
	return func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096)) // the request
		n, err := io.WriteString(conn, head)
		for err == nil {
			taken.Add(int64(n))
			n, err = io.WriteString(conn, part)
		}
	}
}

// drip answers a request with head, and then with a byte a second.
func drip(head, text string) func(net.Conn) {
	return func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096))
		_, _ = io.WriteString(conn, head)
		for i := range text {
			if _, err := io.WriteString(conn, text[i:i+1]); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}
}

func silent(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

// TestServersThatNeverComeToAnEndAreLeft is of servers that keep a connection
// busy without answering. Each has its time, and none its way with our memory.
func TestServersThatNeverComeToAnEndAreLeft(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	var taken atomic.Int64
	for name, tt := range map[string]struct {
		address string
		serve   func(net.Conn)
		want    time.Duration // how long the visit takes
		late    bool          // it is for want of time that it fails
	}{
		"says nothing":           {"http://paper.example/", silent, 15 * time.Second, true},
		"shakes no hands":        {"https://paper.example/", silent, 10 * time.Second, true},
		"drips its headers":      {"http://paper.example/", drip("", ok+"X-A: "+strings.Repeat("b", 60)), 15 * time.Second, true},
		"drips its body":         {"http://paper.example/", drip(ok+"\r\n", strings.Repeat("b", 60)), 20 * time.Second, true},
		"headers without end":    {"http://paper.example/", flood(ok, "X-A: "+strings.Repeat("b", 1000)+"\r\n", &taken), 0, false},
		"one header without end": {"http://paper.example/", flood(ok+"X-A: ", strings.Repeat("b", 1000), &taken), 0, false},
		"a status without end":   {"http://paper.example/", flood("HTTP/1.1 200 ", strings.Repeat("b", 1000), &taken), 0, false},
		"interim answers":        {"http://paper.example/", flood("", "HTTP/1.1 103 Early Hints\r\nLink: </"+strings.Repeat("b", 1000)+">\r\n\r\n", &taken), 0, false},
		"a chunk's size":         {"http://paper.example/", flood(ok+"Transfer-Encoding: chunked\r\n\r\n", "1", &taken), 0, false},
		"a chunk's extension":    {"http://paper.example/", flood(ok+"Transfer-Encoding: chunked\r\n\r\n1;", strings.Repeat("b", 1000), &taken), 0, false},
		"trailers":               {"http://paper.example/", flood(ok+"Transfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n1\r\nb\r\n0\r\n", "X-A: "+strings.Repeat("b", 1000)+"\r\n", &taken), 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				v := NewClient(ClientOptions{Transport: piped(t, tt.serve)}).Visit(t.Context(), State{URL: tt.address}, time.Now())
				if v.Err == nil || v.Took < tt.want || v.Took > tt.want+time.Second {
					t.Fatalf("took %v, want %v; err %v", v.Took, tt.want, v.Err)
				}
				if got := strings.Contains(v.Err.Words(), "in time"); got != tt.late || !v.Err.Temporary() && tt.late {
					t.Errorf("err %v, words %q", v.Err, v.Err.Words())
				}
			})
		})
	}
	t.Cleanup(func() {
		// Pipes do not buffer: what was taken was read by somebody of ours.
		if n := taken.Load(); n > 4<<20 {
			t.Errorf("%d bytes of endless headers were read", n)
		}
	})
}

func TestAConnectionThatIsNeverMadeIsGivenUp(t *testing.T) {
	in(t, func(t *testing.T) {
		transport := NewTransport(nil)
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) {
			time.Sleep(time.Minute)
			return nil, io.EOF
		}
		v := NewClient(ClientOptions{Transport: transport}).Visit(t.Context(), State{URL: paper}, time.Now())
		if v.Err == nil || v.Took != 20*time.Second || !v.Err.Temporary() {
			t.Errorf("took %v, err %v", v.Took, v.Err)
		}
		time.Sleep(time.Minute) // the dial ends, too
		// The dialer itself gives up earlier; that needs a network to be seen.
		if got := newDialer(nil).Timeout; got != 10*time.Second {
			t.Errorf("the dialer waits for %v", got)
		}
	})
}

// TestRedirectsShareOneTime is of a chain whose every hop is just in time.
func TestRedirectsShareOneTime(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(6 * time.Second)
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		}}}
		v := NewClient(ClientOptions{Transport: w, HostSpacing: -1}).Visit(t.Context(), State{URL: paper}, time.Now())
		if v.Err == nil || v.Took > 25*time.Second || w.requests() > 4 {
			t.Errorf("%d requests took %v: %v", w.requests(), v.Took, v.Err)
		}
	})
}
