package discord

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// attempt is one connection: a discordgo session that is used once.
type attempt struct {
	g      *gateway
	ctx    context.Context
	resume *resumption   // nil for a new gateway session
	ready  chan struct{} // closed at READY or RESUMED
	once   sync.Once
	ended  chan struct{} // closed when discordgo has let go of the connection
	over   sync.Once

	mu   sync.Mutex
	wire *wire
}

// settle waits until discordgo has let go of an ended connection. It closes
// behind itself, which takes it a second.
func (a *attempt) settle(opened <-chan error, open bool) {
	timer := time.NewTimer(grace)
	defer timer.Stop()
	if !open {
		select {
		case err := <-opened:
			if err != nil {
				return
			}
		case <-timer.C:
			// Nothing can hold it but a defect; the session is thrown away.
			a.g.c.log.Error("discordgo hangs while opening a connection, left behind")
			return
		}
	}
	select {
	case <-a.ended:
	case <-timer.C:
	}
}

// watch waits until the connection has ended. open reports whether discordgo's
// Open had returned without an error.
func (a *attempt) watch(opened chan error) (end ending, open bool) {
	deadline := time.NewTimer(openTime)
	defer deadline.Stop()
	silence := time.NewTimer(openTime)
	defer silence.Stop()
	ready, answer := a.ready, (<-chan error)(opened)
	var done <-chan struct{}
	for {
		if w := a.current(); w != nil {
			done = w.done
		}
		select {
		case err := <-answer:
			if err != nil {
				opened <- err // letGo takes it
				return a.failed(err), false
			}
			open, answer = true, nil
		case <-ready:
			ready = nil
			deadline.Stop()
			a.g.c.connected.Store(true)
			if w := a.current(); w != nil {
				silence.Reset(time.Until(w.silence()))
			}
		case <-silence.C:
			end, ok := a.silent(silence)
			if ok {
				return end, open
			}
		case <-deadline.C:
			return a.shut(closeResume, ending{silent: true, err: errors.New("gateway did not get ready")}), open
		case <-done:
			return a.current().ending(), open
		case <-a.ctx.Done():
			return a.shut(closeNormal, ending{err: context.Cause(a.ctx)}), open
		case <-a.g.c.transport.limits.died:
			return a.shut(closeNormal, ending{err: a.g.c.transport.limits.cause()}), open
		}
	}
}

// silent ends a connection without a sign of life for two intervals, or sets
// the timer again.
func (a *attempt) silent(timer *time.Timer) (ending, bool) {
	w := a.current()
	if w == nil {
		timer.Reset(openTime)
		return ending{}, false
	}
	if left := time.Until(w.silence()); left > 0 {
		timer.Reset(left)
		return ending{}, false
	}
	return a.shut(closeResume, ending{silent: true, err: errors.New("gateway silent for two heartbeats")}), true
}

// shut ends the attempt's connection, if it has one, and returns why it ended.
func (a *attempt) shut(code uint16, e ending) ending {
	w := a.current()
	if w == nil {
		return e
	}
	w.shut(code, e)
	return w.ending()
}

// failed returns why Open failed.
func (a *attempt) failed(err error) ending {
	if w := a.current(); w != nil {
		w.shut(closeResume, ending{err: err})
		if e := w.ending(); e.code != 0 || e.op != 0 {
			return e
		}
	}
	var e *Error
	if errors.As(err, &e) {
		return ending{err: e}
	}
	return ending{err: toError(err, http.MethodGet)}
}

func (a *attempt) current() *wire {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.wire
}

// session returns the discordgo session for this attempt.
func (a *attempt) session() (*discordgo.Session, error) {
	s, err := a.g.c.session(gatewayAddress{a})
	if err != nil {
		return nil, err
	}
	s.SyncEvents = true // events in order; ours only queue
	s.Dialer = &websocket.Dialer{
		NetDialContext:    a.dial,
		NetDialTLSContext: a.dialTLS,
		HandshakeTimeout:  30 * time.Second,
	}
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { a.event(e) })
	s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { a.over.Do(func() { close(a.ended) }) })
	return s, nil
}

// dial opens the connection and keeps it for watch.
func (a *attempt) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(a.ctx, cancel)()
	conn, err := a.g.c.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return a.adopt(conn)
}

func (a *attempt) dialTLS(ctx context.Context, network, addr string) (net.Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(a.ctx, cancel)()
	conn, err := a.g.c.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	secure := tls.Client(conn, &tls.Config{ServerName: host})
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return a.adopt(secure)
}

func (a *attempt) adopt(conn net.Conn) (net.Conn, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.ctx.Err(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	a.wire = newWire(conn, a.resume)
	return a.wire, nil
}

// gatewayAddress answers discordgo's question for the gateway's address with
// the address that Discord gave for resuming, and lets it end with the attempt.
type gatewayAddress struct{ a *attempt }

// RoundTrip implements http.RoundTripper.
func (t gatewayAddress) RoundTrip(r *http.Request) (*http.Response, error) {
	if resume := t.a.resume; resume != nil && resume.url != "" {
		b, err := json.Marshal(map[string]string{"url": resume.url})
		if err != nil {
			return nil, fmt.Errorf("encode gateway address: %w", err)
		}
		return &http.Response{
			StatusCode: http.StatusOK, Status: "200 OK", Header: http.Header{},
			Body: io.NopCloser(strings.NewReader(string(b))), Request: r,
		}, nil
	}
	return t.a.g.c.transport.RoundTrip(r.WithContext(t.a.ctx))
}
