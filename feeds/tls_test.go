package feeds

import (
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"
)

func TestVisitsSpeakHTTP2AndResumeSessions(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var resumed []bool
	var protocols []string
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		resumed = append(resumed, r.TLS.DidResume)
		protocols = append(protocols, r.Proto)
		_, _ = io.WriteString(w, feedOf("a"))
	}))
	srv.EnableHTTP2 = true
	srv.StartTLS()
	defer srv.Close()
	transport := NewTransport([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	transport.TLSClientConfig.RootCAs = x509.NewCertPool()
	transport.TLSClientConfig.RootCAs.AddCert(srv.Certificate())
	c := NewClient(ClientOptions{Transport: transport, HostSpacing: -1})
	for range 2 {
		if v := c.Visit(t.Context(), State{URL: srv.URL}, time.Now()); v.Err != nil {
			t.Fatal(v.Err)
		}
		transport.CloseIdleConnections()
	}
	if resumed[0] || !resumed[1] {
		t.Errorf("sessions resumed: %v, want the second", resumed)
	}
	for _, p := range protocols {
		if p != "HTTP/2.0" {
			t.Errorf("protocol %s", p)
		}
	}
}
