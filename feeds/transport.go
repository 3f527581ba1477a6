package feeds

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// errPrivate is the cause of an Error of kind Private.
var errPrivate = errors.New("the address lies in a network that may not be visited")

// guard decides where connections may go. It sees addresses after name
// resolution, so names, redirects and odd spellings of an address cannot get
// around it.
type guard struct {
	allow  []netip.Prefix
	public *ssrf.Guardian
}

// newGuard returns a guard that lets through public addresses on the ports 80,
// 443 and from 1024 up, and everything in allow on any port.
func newGuard(allow []netip.Prefix) *guard {
	g := &guard{public: ssrf.New(ssrf.WithAnyPort(),
		// Azure's wire server answers every virtual machine on a public address.
		ssrf.WithDeniedV4Prefixes(netip.MustParsePrefix("168.63.129.16/32")))}
	for _, prefix := range allow {
		g.allow = append(g.allow, unmapPrefix(prefix))
	}
	return g
}

// unmapPrefix turns ::ffff:a.b.c.d/96+n into a.b.c.d/n.
func unmapPrefix(p netip.Prefix) netip.Prefix {
	if p.Addr().Is4In6() && p.Bits() >= 96 {
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked()
}

// control is a net.Dialer's Control: it refuses an address before a packet is sent.
func (g *guard) control(network, address string, conn syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", errPrivate, address)
	}
	plain := at.Addr().Unmap().WithZone("")
	for _, prefix := range g.allow {
		if prefix.Contains(plain) {
			return nil
		}
	}
	if port := at.Port(); port != 80 && port != 443 && port < 1024 {
		return fmt.Errorf("%w: port %d", errPrivate, port)
	}
	if err := g.public.Safe(network, address, conn); err != nil {
		return fmt.Errorf("%w: %w", errPrivate, err)
	}
	return nil
}

// sessions is how many TLS sessions are kept to be resumed. A cycle through more
// hosts than that would resume none.
const sessions = 4096

// NewTransport returns a transport that refuses private and special networks
// when it dials, on every hop, except those in allow. It takes no proxy from
// the environment, which would hide the addresses from it, speaks HTTP/2,
// resumes TLS sessions and leaves decompression to the Client, which bounds it.
func NewTransport(allow []netip.Prefix) *http.Transport {
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            newDialer(allow).DialContext,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(sessions)},
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  15 * time.Second,
		ExpectContinueTimeout:  time.Second,
		IdleConnTimeout:        15 * time.Second,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    1,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true,
	}
}

// newDialer returns the dialer of NewTransport. Connections live for seconds:
// probes of TCP would only cost system calls.
func newDialer(allow []netip.Prefix) *net.Dialer {
	return &net.Dialer{Timeout: 10 * time.Second, KeepAlive: -1, Control: newGuard(allow).control}
}
