package discordsim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/gorilla/websocket"
)

// pipeGateway is the gateway's address for clients that dial in memory.
const pipeGateway = "ws://gateway.discord.invalid"

// pipeListener is a net.Listener whose connections are in-memory pipes.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

// Accept waits for the next Dial.
func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close ends Accept; it may be called twice.
func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// Addr is a name, not an address: nobody can dial it.
func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

// Network is "pipe".
func (pipeAddr) Network() string { return "pipe" }

// String is "pipe".
func (pipeAddr) String() string { return "pipe" }

// Dial connects to the gateway in memory, whatever the address. It fits
// websocket.Dialer's NetDialContext.
func (s *Sim) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	s.mu.Lock()
	if s.closed || s.faults.outage {
		s.mu.Unlock()
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
	}
	if s.pipeServer == nil {
		s.pipeServer = s.serve(s.pipes, func(w http.ResponseWriter, r *http.Request) {
			s.serveGateway(w, r, pipeGateway)
		})
	}
	s.mu.Unlock()
	client, server := net.Pipe()
	select {
	case s.pipes.conns <- server:
		return client, nil
	case <-s.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// serve runs an HTTP server until Close; s.mu is held.
func (s *Sim) serve(l net.Listener, h http.HandlerFunc) *http.Server {
	srv := &http.Server{Handler: h, ErrorLog: slog.NewLogLogger(s.o.Log.Handler(), slog.LevelDebug)}
	s.wg.Go(func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			s.o.Log.Error("server ended", "error", err)
		}
	})
	return srv
}

// Transport is the REST API in memory: a RoundTripper that answers every
// request itself, whatever its host. Only the path counts.
func (s *Sim) Transport() http.RoundTripper { return memory{s} }

type memory struct{ s *Sim }

// RoundTrip answers r in the caller's goroutine. It fails as a connection
// would: when a scripted fault breaks it, or r's context ends.
func (m memory) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.Body != nil {
		defer r.Body.Close()
	}
	answer, err := m.s.receive(r, pipeGateway)
	if err != nil {
		return nil, err
	}
	body := answer.encoded()
	return &http.Response{
		Status: fmt.Sprintf("%d %s", answer.status, http.StatusText(answer.status)), StatusCode: answer.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: answer.header,
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r,
	}, nil
}

// receive answers any HTTP request: a download or a REST call.
func (s *Sim) receive(r *http.Request, gateway string) (reply, error) {
	if strings.HasPrefix(r.URL.Path, "/attachments/") {
		return s.download(r)
	}
	c, err := newCall(r, gateway)
	if err != nil {
		return reply{}, err
	}
	return s.answer(c)
}

// download serves an uploaded file, as Discord's CDN does: without a token,
// which must not be sent there.
func (s *Sim) download(r *http.Request) (reply, error) {
	parts := strings.Split(r.URL.Path, "/")
	f, err := s.meet(&call{ctx: r.Context(), method: r.Method, path: r.URL.Path})
	if err != nil {
		return reply{}, err
	}
	if f != nil && f.reply != nil {
		return *f.reply, nil
	}
	if r.Header.Get("Authorization") != "" {
		s.violation(fmt.Sprintf("GET %s: the bot token was sent to the CDN", r.URL.Path))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var file File
	found := false
	if len(parts) == 5 {
		file, found = s.files[parseID(parts[3])]
	}
	if !found || file.Name != parts[4] {
		return reply{status: http.StatusNotFound, raw: []byte("This content is no longer available.")}, nil
	}
	kind := file.ContentType
	if kind == "" {
		kind = "application/octet-stream"
	}
	return reply{status: http.StatusOK, raw: file.Data, header: http.Header{"Content-Type": {kind}}}, nil
}

// Listen serves REST and gateway on a TCP address ("127.0.0.1:0" for any free
// port) until Close, and returns the API's base address without the version:
// "http://127.0.0.1:4321/api". Attachments are then served there too. A Sim
// listens once.
func (s *Sim) Listen(addr string) (apiURL string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.portServer != nil {
		return "", fmt.Errorf("listen on %s: closed or listening already", addr)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return "", fmt.Errorf("listen on %s: %w", addr, err)
	}
	s.base = "http://" + l.Addr().String()
	gateway := "ws://" + l.Addr().String()
	s.portServer = s.serve(l, func(w http.ResponseWriter, r *http.Request) {
		if websocket.IsWebSocketUpgrade(r) {
			s.serveGateway(w, r, gateway)
			return
		}
		s.serveREST(w, r, gateway)
	})
	return s.base + "/api", nil
}

func (s *Sim) serveREST(w http.ResponseWriter, r *http.Request, gateway string) {
	answer, err := s.receive(r, gateway)
	if err != nil {
		// The connection breaks without a byte of an answer.
		panic(http.ErrAbortHandler)
	}
	body := answer.encoded()
	for key, values := range answer.header {
		w.Header()[key] = values
	}
	w.WriteHeader(answer.status)
	if _, err := w.Write(body); err != nil {
		s.o.Log.Debug("client went away", "error", err)
	}
}
