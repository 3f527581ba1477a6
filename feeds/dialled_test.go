package feeds

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// names answers questions about names without a network. Of several lists of
// addresses each question takes the next one, the last remains.
type names struct {
	t  *testing.T
	mu sync.Mutex
	on map[string][][]string
	wg sync.WaitGroup
}

// resolver is a net.Resolver that asks n.
func (n *names) resolver() *net.Resolver {
	n.t.Cleanup(n.wg.Wait)
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		n.wg.Go(func() {
			defer theirs.Close()
			n.answer(theirs)
		})
		return ours, nil
	}}
}

// answer serves one connection in DNS's framing for streams (RFC 1035, 4.2.2).
func (n *names) answer(conn net.Conn) {
	for {
		var size [2]byte
		if _, err := io.ReadFull(conn, size[:]); err != nil {
			return // the resolver has what it wanted
		}
		raw := make([]byte, int(size[0])<<8|int(size[1]))
		if _, err := io.ReadFull(conn, raw); err != nil {
			return
		}
		var m dnsmessage.Message
		if err := m.Unpack(raw); err != nil {
			n.t.Errorf("question: %v", err)
			return
		}
		m.Response, m.Authoritative, m.Additionals = true, true, nil
		m.Answers, m.RCode = n.records(m.Questions[0])
		packed, err := m.Pack()
		if err != nil {
			n.t.Errorf("answer: %v", err)
			return
		}
		if _, err := conn.Write(append([]byte{byte(len(packed) >> 8), byte(len(packed))}, packed...)); err != nil {
			return
		}
	}
}

func (n *names) records(q dnsmessage.Question) (out []dnsmessage.Resource, code dnsmessage.RCode) {
	n.mu.Lock()
	defer n.mu.Unlock()
	name := strings.TrimSuffix(strings.ToLower(q.Name.String()), ".")
	lists, ok := n.on[name]
	if !ok {
		return nil, dnsmessage.RCodeNameError
	}
	for _, s := range lists[0] {
		at := netip.MustParseAddr(s)
		h := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 1}
		switch {
		case at.Is4() && q.Type == dnsmessage.TypeA:
			out = append(out, dnsmessage.Resource{Header: h, Body: &dnsmessage.AResource{A: at.As4()}})
		case at.Is6() && q.Type == dnsmessage.TypeAAAA:
			out = append(out, dnsmessage.Resource{Header: h, Body: &dnsmessage.AAAAResource{AAAA: at.As16()}})
		}
	}
	if q.Type == dnsmessage.TypeA && len(lists) > 1 {
		n.on[name] = lists[1:]
	}
	return out, dnsmessage.RCodeSuccess
}

var errStopped = errors.New("no test connects anywhere")

// dialled is NewTransport's dialer with other eyes and no hands: names are
// looked up in the test, and what the guard lets through is noted and stopped.
type dialled struct {
	http.RoundTripper
	mu              sync.Mutex
	passed, refused []string
}

func newDialled(t *testing.T, on map[string][][]string) *dialled {
	d := &dialled{}
	dialer := newDialer(nil)
	control := dialer.Control
	dialer.Control = func(network, address string, conn syscall.RawConn) error {
		err := control(network, address, conn)
		d.mu.Lock()
		defer d.mu.Unlock()
		if err != nil {
			d.refused = append(d.refused, address)
			return err
		}
		d.passed = append(d.passed, address)
		return errStopped
	}
	dialer.Resolver = (&names{t: t, on: on}).resolver()
	transport := NewTransport(nil)
	transport.DialContext = dialer.DialContext
	d.RoundTripper = transport
	return d
}
