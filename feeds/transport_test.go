package feeds

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// TestGuardRefusesSpecialAddresses calls what the dialer calls before it sends a
// packet; nothing is dialled. The blocks are those of IANA's special-purpose
// registries for IPv4 and IPv6, and addresses that clouds answer on.
func TestGuardRefusesSpecialAddresses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, address string
		refused       bool
	}{
		{"this network", "0.0.0.0:80", true},
		{"this network, other", "0.1.2.3:80", true},
		{"private 10", "10.0.0.1:80", true},
		{"private 10, end", "10.255.255.255:443", true},
		{"shared, carrier NAT", "100.64.0.1:80", true},
		{"shared, end", "100.127.255.255:80", true},
		{"Alibaba metadata", "100.100.100.200:80", true},
		{"below shared", "100.63.255.255:80", false},
		{"above shared", "100.128.0.0:80", false},
		{"loopback", "127.0.0.1:80", true},
		{"loopback, other", "127.8.8.8:443", true},
		{"link-local", "169.254.0.1:80", true},
		{"metadata of AWS, Azure, Google", "169.254.169.254:80", true},
		{"ECS metadata", "169.254.170.2:80", true},
		{"private 172", "172.16.0.1:80", true},
		{"private 172, end", "172.31.255.255:80", true},
		{"below private 172", "172.15.255.255:80", false},
		{"above private 172", "172.32.0.0:80", false},
		{"protocol assignments", "192.0.0.1:80", true},
		{"Oracle metadata", "192.0.0.192:80", true},
		{"documentation 1", "192.0.2.1:80", true},
		{"6to4 relay", "192.88.99.1:80", true},
		{"private 192.168", "192.168.1.1:80", true},
		{"benchmarking", "198.18.0.1:80", true},
		{"benchmarking, end", "198.19.255.255:80", true},
		{"documentation 2", "198.51.100.1:80", true},
		{"documentation 3", "203.0.113.1:80", true},
		{"multicast", "224.0.0.1:80", true},
		{"multicast, end", "239.255.255.255:80", true},
		{"reserved", "240.0.0.1:80", true},
		{"broadcast", "255.255.255.255:80", true},
		{"Azure wire server", "168.63.129.16:80", true},
		{"Azure wire server, TLS", "168.63.129.16:443", true},
		{"its neighbour", "168.63.129.17:80", false},
		{"public", "93.184.215.14:80", false},
		{"public, TLS", "1.1.1.1:443", false},
		{"public, first unprivileged port", "93.184.215.14:1024", false},
		{"public, high port", "93.184.215.14:8443", false},
		{"public, SSH", "93.184.215.14:22", true},
		{"public, mail", "93.184.215.14:25", true},
		{"public, last privileged port", "93.184.215.14:1023", true},
		{"public, port 0", "93.184.215.14:0", true},
		{"unspecified v6", "[::]:80", true},
		{"loopback v6", "[::1]:80", true},
		{"mapped loopback", "[::ffff:127.0.0.1]:80", true},
		{"mapped loopback in hex", "[::ffff:7f00:1]:80", true},
		{"mapped private", "[::ffff:10.0.0.1]:80", true},
		{"mapped metadata", "[::ffff:169.254.169.254]:80", true},
		{"mapped public", "[::ffff:93.184.215.14]:80", true},
		{"compatible loopback", "[::127.0.0.1]:80", true},
		{"NAT64 of loopback", "[64:ff9b::127.0.0.1]:80", true},
		{"NAT64 of metadata", "[64:ff9b::a9fe:a9fe]:80", true},
		{"local NAT64", "[64:ff9b:1::1]:80", true},
		{"discard only", "[100::1]:80", true},
		{"Teredo", "[2001::1]:80", true},
		{"benchmarking v6", "[2001:2::1]:80", true},
		{"ORCHID v2", "[2001:20::1]:80", true},
		{"documentation v6", "[2001:db8::1]:80", true},
		{"documentation v6, new", "[3fff::1]:80", true},
		{"6to4", "[2002:7f00:1::1]:80", true},
		{"segment routing", "[5f00::1]:80", true},
		{"unique local", "[fc00::1]:80", true},
		{"unique local, end", "[fdff::1]:80", true},
		{"AWS metadata v6", "[fd00:ec2::254]:80", true},
		{"link-local v6", "[fe80::1]:80", true},
		{"link-local with zone", "[fe80::1%lo]:80", true},
		{"site-local, deprecated", "[fec0::1]:80", true},
		{"multicast v6", "[ff02::1]:80", true},
		{"outside global unicast", "[4000::1]:80", true},
		{"public v6", "[2606:4700:4700::1111]:443", false},
		{"public v6, telnet", "[2606:4700:4700::1111]:23", true},
		{"no address", "example.org:80", true},
		{"nonsense", "x", true},
		{"empty", "", true},
	}
	g := newGuard(nil)
	for _, tt := range tests {
		network := "tcp4"
		if strings.HasPrefix(tt.address, "[") {
			network = "tcp6"
		}
		err := g.control(network, tt.address, nil)
		if (err != nil) != tt.refused {
			t.Errorf("%s (%s): error %v, want refused %v", tt.name, tt.address, err, tt.refused)
		}
		if err != nil && !errors.Is(err, errPrivate) {
			t.Errorf("%s (%s): %v is not of the kind that a person is told about", tt.name, tt.address, err)
		}
	}
	if err := g.control("udp4", "1.1.1.1:443", nil); err == nil {
		t.Error("UDP is let through")
	}
}

func TestGuardAllowsConfiguredNetworksOnAnyPort(t *testing.T) {
	t.Parallel()
	g := newGuard([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("::ffff:10.1.0.0/112"), netip.MustParsePrefix("fe80::/10")})
	for address, allowed := range map[string]bool{
		"127.0.0.1:80": true, "127.0.0.1:22": true, "127.9.9.9:9": true, "[::1]:25": true, "[::ffff:127.0.0.1]:1": true, "10.1.2.3:80": true,
		"10.2.2.3:80": false, "[fe80::1%eth0]:80": true, "192.168.0.1:80": false, "93.184.215.14:80": true, "93.184.215.14:22": false,
	} {
		network := "tcp4"
		if strings.HasPrefix(address, "[") {
			network = "tcp6"
		}
		if err := g.control(network, address, nil); (err == nil) != allowed {
			t.Errorf("%s: %v, want allowed %v", address, err, allowed)
		}
	}
}

// TestPrivateAddressesAreRefusedHoweverTheyAreWritten goes through the real
// transport; nothing listens where it may not go, and it must not find out.
func TestPrivateAddressesAreRefusedHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	reached := false
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer inner.Close()
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(inner.URL, "http://"))
	c := NewClient(ClientOptions{HostSpacing: -1})
	for _, address := range []string{
		inner.URL, "http://localhost:" + port, "http://127.1:" + port, "http://2130706433:" + port,
		"http://017700000001:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://[::1]:" + port, "http://0:" + port, "http://[fe80::1%25lo]:" + port,
	} {
		v := c.Visit(t.Context(), State{URL: address}, time.Now())
		if v.Err == nil || v.Err.Kind != Private && v.Err.Kind != Unreachable {
			t.Errorf("%s: %v", address, v.Err)
		}
	}
	if v := c.Visit(t.Context(), State{URL: inner.URL}, time.Now()); v.Err.Kind != Private || !strings.Contains(v.Err.Words(), "private network") {
		t.Errorf("kind %s, words %q", v.Err.Kind, v.Err.Words())
	}
	if _, err := c.Page(t.Context(), inner.URL); kindOf(err) != Private {
		t.Errorf("page: %v", err)
	}
	if _, err := c.Discover(t.Context(), inner.URL); kindOf(err) != Private {
		t.Errorf("discover: %v", err)
	}
	if reached {
		t.Error("a private server was reached")
	}
}

// TestRedirectsToPrivateAddressesAreRefused allows one loopback address and is
// sent to another.
func TestRedirectsToPrivateAddressesAreRefused(t *testing.T) {
	t.Parallel()
	reached := false
	inner := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp4", "127.0.0.2:0")
	if err != nil {
		t.Skip("needs 127.0.0.2: ", err)
	}
	inner.Listener = listener
	inner.Start()
	defer inner.Close()
	outer := httptest.NewServer(http.RedirectHandler("http://"+listener.Addr().String()+"/feed", http.StatusFound))
	defer outer.Close()
	c := NewClient(ClientOptions{HostSpacing: -1, Transport: NewTransport([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")})})
	v := c.Visit(t.Context(), State{URL: outer.URL}, time.Now())
	if v.Err == nil || v.Err.Kind != Private || reached {
		t.Errorf("err %v, reached %v", v.Err, reached)
	}
}

func TestTransportTakesNoProxyFromTheEnvironment(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:9")
	t.Setenv("HTTPS_PROXY", "http://127.0.0.1:9")
	tr := NewTransport(nil)
	if tr.Proxy != nil {
		t.Error("a proxy would hide addresses from the guard")
	}
	if tr.TLSClientConfig.ClientSessionCache == nil || !tr.ForceAttemptHTTP2 || !tr.DisableCompression {
		t.Error("the transport does not resume sessions, speak HTTP/2 or leave decompression to us")
	}
}

func TestUnreachableHostsAreToldApart(t *testing.T) {
	t.Parallel()
	allow := NewTransport([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	closed := httptest.NewServer(http.NotFoundHandler())
	address := closed.URL
	closed.Close()
	insecure := httptest.NewUnstartedServer(http.NotFoundHandler())
	insecure.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of us
	insecure.StartTLS()
	defer insecure.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	c := NewClient(ClientOptions{Transport: allow, HostSpacing: -1})
	for name, tt := range map[string]struct{ address, words string }{
		"nobody listens":    {address, "refuses connections"},
		"unknown authority": {insecure.URL, "certificate"},
		"TLS to plain":      {strings.Replace(plain.URL, "http:", "https:", 1), "cannot be reached"},
		"no such name":      {"http://no-such-host.invalid/", "name"},
	} {
		v := c.Visit(t.Context(), State{URL: tt.address}, time.Now())
		if v.Err == nil || v.Err.Kind != Unreachable || !v.Err.Temporary() || !strings.Contains(v.Err.Words(), tt.words) {
			t.Errorf("%s: %v, words %q", name, v.Err, v.Err.Words())
		}
	}
}

// kindOf is the kind of an error, "" if it is none of ours.
func kindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

func TestAddressesThatAreNoneAreRefusedBeforeTheNetwork(t *testing.T) {
	t.Parallel()
	w := &web{}
	c := NewClient(ClientOptions{Transport: w})
	for _, address := range []string{"", "x", "ftp://a.example/feed", "file:///etc/passwd", "http://", "http://a b/", "javascript:alert(1)", "//a.example", "http://[::1"} {
		if v := c.Visit(t.Context(), State{URL: address}, time.Now()); v.Err == nil || v.Err.Kind != Invalid {
			t.Errorf("%q: %v", address, v.Err)
		}
	}
	if w.requests() != 0 {
		t.Errorf("%d requests", w.requests())
	}
}
