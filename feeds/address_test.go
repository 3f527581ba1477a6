package feeds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// specialBlocks are IANA's special-purpose registries for IPv4 and IPv6
// (iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry,
// November 2026) and multicast. The few entries that IANA calls globally
// reachable are anycast services and relays, where no feed lives.
func specialBlocks() map[string]string {
	return map[string]string{
		"0.0.0.0/8": "this network", "0.0.0.0/32": "this host", "10.0.0.0/8": "private use", "100.64.0.0/10": "shared by carriers",
		"127.0.0.0/8": "loopback", "169.254.0.0/16": "link-local", "172.16.0.0/12": "private use", "192.0.0.0/24": "protocol assignments",
		"192.0.0.0/29": "IPv4 service continuity", "192.0.0.8/32": "dummy address", "192.0.0.9/32": "port control anycast",
		"192.0.0.10/32": "TURN anycast", "192.0.0.170/32": "NAT64 discovery", "192.0.0.171/32": "NAT64 discovery",
		"192.0.2.0/24": "documentation 1", "192.31.196.0/24": "AS112", "192.52.193.0/24": "multicast tunnels", "192.88.99.0/24": "6to4 relay",
		"192.168.0.0/16": "private use", "192.175.48.0/24": "AS112, direct", "198.18.0.0/15": "benchmarking", "198.51.100.0/24": "documentation 2",
		"203.0.113.0/24": "documentation 3", "224.0.0.0/4": "multicast", "240.0.0.0/4": "reserved", "255.255.255.255/32": "broadcast",
		"168.63.129.16/32": "Azure's wire server, no block of IANA's",

		"::1/128": "loopback", "::/128": "unspecified", "::/96": "IPv4-compatible", "::ffff:0:0/96": "IPv4-mapped", "64:ff9b::/96": "NAT64", "64:ff9b:1::/48": "local NAT64",
		"100::/64": "discard only", "100:0:0:1::/64": "dummy prefix", "2001::/23": "protocol assignments", "2001::/32": "Teredo",
		"2001:1::1/128": "port control anycast", "2001:1::2/128": "TURN anycast", "2001:1::3/128": "DNS-SD anycast", "2001:2::/48": "benchmarking",
		"2001:3::/32": "multicast tunnels", "2001:4:112::/48": "AS112", "2001:10::/28": "ORCHID", "2001:20::/28": "ORCHID v2", "2001:30::/28": "drone ids",
		"2001:db8::/32": "documentation", "2002::/16": "6to4", "2620:4f:8000::/48": "AS112, direct", "3fff::/20": "documentation",
		"5f00::/16": "segment routing", "fc00::/7": "unique local", "fe80::/10": "link-local", "fec0::/10": "site-local, deprecated", "ff00::/8": "multicast",
	}
}

// last is the last address of a block.
func last(p netip.Prefix) netip.Addr {
	at := p.Masked().Addr()
	n := new(big.Int).SetBytes(at.AsSlice())
	size := new(big.Int).Lsh(big.NewInt(1), uint(at.BitLen()-p.Bits()))
	raw := n.Add(n, size.Sub(size, big.NewInt(1))).FillBytes(make([]byte, at.BitLen()/8))
	end, _ := netip.AddrFromSlice(raw)
	return end
}

// TestGuardRefusesEverySpecialPurposeBlock calls what the dialer calls before it
// sends a packet, with both ends of every block. IPv4 blocks are also tried in
// all the ways in which IPv6 carries an IPv4 address.
func TestGuardRefusesEverySpecialPurposeBlock(t *testing.T) {
	t.Parallel()
	g := newGuard(nil)
	blocks := specialBlocks()
	if len(blocks) < 50 {
		t.Fatalf("%d blocks", len(blocks))
	}
	for block, name := range blocks {
		p := netip.MustParsePrefix(block)
		for _, at := range []netip.Addr{p.Addr(), last(p)} {
			network := "tcp6"
			forms := []netip.Addr{at}
			if at.Is4() {
				network = "tcp4"
				forms = append(forms, carried(at)...)
			}
			for i, form := range forms {
				if i > 0 {
					network = "tcp6"
				}
				err := g.control(network, netip.AddrPortFrom(form, 443).String(), nil)
				if !errors.Is(err, errPrivate) {
					t.Errorf("%s (%s, %s) as %s: error %v", at, block, name, form, err)
				}
			}
		}
	}
}

// carried are the IPv6 addresses that stand for an IPv4 address: mapped,
// compatible, by NAT64 (well-known and local), 6to4 and Teredo (RFC 4291, 6052,
// 8215, 3056, 4380).
func carried(at netip.Addr) []netip.Addr {
	v4 := at.As4()
	in := func(prefix string, offset int, flip byte) netip.Addr {
		raw := netip.MustParseAddr(prefix).As16()
		for i, b := range v4 {
			raw[offset+i] = b ^ flip
		}
		return netip.AddrFrom16(raw)
	}
	return []netip.Addr{
		in("::ffff:0:0", 12, 0), in("::", 12, 0), in("64:ff9b::", 12, 0), in("64:ff9b:1::", 12, 0),
		in("2002::1", 2, 0), in("2001::", 12, 0xff),
	}
}

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

const (
	publicV4 = "93.184.215.14"
	publicV6 = "2606:4700:4700::1111"
)

// tricks are addresses that lead to a special-purpose network, with the kinds
// of errors that are right. A spelling that only some resolvers understand may
// also fail to resolve; the guard sees what any of them makes of it.
func tricks() map[string][]Kind {
	private, either, invalid := []Kind{Private}, []Kind{Private, Unreachable}, []Kind{Invalid}
	return map[string][]Kind{
		"http://127.0.0.1/":                        private,
		"http://127.0.0.1:8080/":                   private,
		"http://127.1/":                            either,
		"http://127.0.1/":                          either,
		"http://2130706433/":                       either,
		"http://017700000001/":                     either,
		"http://0177.0.0.1/":                       either,
		"http://0x7f.1/":                           private,
		"http://0x7f000001/":                       private,
		"http://0x7f.0x0.0x0.0x1/":                 private,
		"http://127.0.0.1./":                       either,
		"http://0/":                                either,
		"http://0.0.0.0/":                          private,
		"http://localhost/":                        private,
		"http://LOCALHOST./":                       either,
		"http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/":                        private,
		"http://127。0。0。1/":                        private,
		"http://①②⑦.⓪.⓪.①/":                        private,
		"http://[::1]/":                            private,
		"http://[::]/":                             private,
		"http://[0:0:0:0:0:0:0:1]/":                private,
		"http://[::ffff:127.0.0.1]/":               private,
		"http://[::ffff:7f00:1]/":                  private,
		"http://[0:0:0:0:0:ffff:a9fe:a9fe]/":       private,
		"http://[::127.0.0.1]/":                    private,
		"http://[64:ff9b::7f00:1]/":                private,
		"http://[64:ff9b::10.0.0.1]/":              private,
		"http://[64:ff9b:1::7f00:1]/":              private,
		"http://[2002:7f00:1::1]/":                 private,
		"http://[2001::80ff:fffe]/":                private,
		"http://[fe80::1%25eth0]/":                 private,
		"http://[::1%25lo]/":                       private,
		"http://[fd00:ec2::254]/":                  private,
		"http://" + publicV4 + "@127.0.0.1/":       private,
		"http://" + publicV4 + ":80@127.0.0.1:80/": private,
		"http://a:b%40" + publicV4 + "@10.0.0.1/":  private,
		"http://127.0.0.1#@" + publicV4 + "/":      private,
		"http://127.0.0.1?@" + publicV4 + "/":      private,
		"http://127.0.0.1/@" + publicV4:            private,
		"http://127.0.0.1\\@" + publicV4 + "/":     invalid,
		"http://" + publicV4 + "\\@127.0.0.1/":     invalid,
		"http://127.0.0.1%00." + publicV4 + "/":    invalid,
		"http://[::1]." + publicV4 + "/":           invalid,
		"http://127.0.0.1:80:443/":                 invalid,
		"http://" + publicV4 + ":22/":              private,
		"http://" + publicV4 + ":25/":              private,
		"http://[" + publicV6 + "]:6/":             private,
		"https://169.254.169.254/latest/meta-data": private,
		"http://intranet.example/":                 private,
		"http://metadata.google.internal/":         private,
		"http://v6.intranet.example/":              private,
		"http://mapped.intranet.example/":          private,
		"http://nat64.intranet.example/":           private,
		"http://bücher.example/":                   private,
		"http://all.intranet.example/":             private,
		"gopher://127.0.0.1:6379/_x":               invalid,
		"file:///etc/passwd":                       invalid,
		"unix:///var/run/docker.sock":              invalid,
		"http+unix://%2Fvar%2Frun%2Fdocker.sock/":  invalid,
		"http:///etc/passwd":                       invalid,
		"http://:80/":                              invalid,
		"jar:http://127.0.0.1!/":                   invalid,
	}
}

// intranet are names that resolve to special-purpose addresses, spellings of
// addresses that C libraries take for such among them.
func intranet() map[string][][]string {
	on := map[string][][]string{
		"intranet.example": {{"10.1.2.3"}}, "metadata.google.internal": {{"169.254.169.254"}}, "v6.intranet.example": {{"fd00::1"}},
		"mapped.intranet.example": {{"::ffff:192.168.0.1"}}, "nat64.intranet.example": {{"64:ff9b::a00:1"}}, "xn--bcher-kva.example": {{"192.168.7.7"}},
		"all.intranet.example": {{"10.0.0.1", "172.16.0.1", "192.168.0.1", "fe80::1", "::1"}},
		"mixed.example":        {{"10.0.0.1", publicV4, "::1", publicV6}},
		"rebind.example":       {{publicV4}, {"127.0.0.1"}},
	}
	for _, spelling := range []string{"0x7f.1", "0x7f000001", "0x7f.0x0.0x0.0x1", "127.1", "127.0.1", "2130706433", "017700000001", "0177.0.0.1", "127.0.0.1", "0"} {
		on[spelling] = [][]string{{"127.0.0.1"}}
	}
	return on
}

func TestTricksLeadNowhere(t *testing.T) {
	t.Parallel()
	for address, kinds := range tricks() {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			d := newDialled(t, intranet())
			c := NewClient(ClientOptions{Transport: d, HostSpacing: -1})
			for name, err := range everyWay(t, c, address) {
				if !slices.Contains(kinds, kindOf(err)) {
					t.Errorf("%s: %v, want one of the kinds %q", name, err, kinds)
				}
			}
			if len(d.passed) > 0 {
				t.Errorf("the guard let %q through", d.passed)
			}
		})
	}
}

// everyWay tries an address as that of a feed, a page, a document of any kind
// (a picture, say) and a site whose feeds are looked for.
func everyWay(t *testing.T, c *Client, address string) map[string]error {
	errs := map[string]error{}
	if v := c.Visit(t.Context(), State{URL: address}, time.Now()); v.Err != nil {
		errs["feed"] = v.Err
	} else {
		errs["feed"] = nil
	}
	_, errs["page"] = c.Page(t.Context(), address)
	_, _, _, errs["picture"] = c.Fetch(t.Context(), address)
	if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") {
		_, errs["site"] = c.Discover(t.Context(), address)
	}
	return errs
}

// redirector sends whoever asks paper.example to an address, and everybody else
// on.
type redirector struct {
	to    string
	outer http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (r redirector) RoundTrip(q *http.Request) (*http.Response, error) {
	if q.URL.Host != "paper.example" {
		return r.outer.RoundTrip(q)
	}
	return (&web{on: map[string]http.HandlerFunc{"paper.example": status(http.StatusFound, "Location", r.to)}}).RoundTrip(q)
}

func TestRedirectsToTricksLeadNowhere(t *testing.T) {
	t.Parallel()
	for address, kinds := range tricks() {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			d := newDialled(t, intranet())
			c := NewClient(ClientOptions{Transport: redirector{address, d}, HostSpacing: -1})
			for name, err := range everyWay(t, c, paper) {
				kind := kindOf(err)
				if kind == Redirected {
					kind = Invalid // what a redirect to no web address is called
				}
				if !slices.Contains(kinds, kind) {
					t.Errorf("%s: %v, want one of the kinds %q", name, err, kinds)
				}
			}
			if len(d.passed) > 0 {
				t.Errorf("the guard let %q through", d.passed)
			}
		})
	}
}

// TestPublicAddressesPass shows that the table above refuses for the right
// reason.
func TestPublicAddressesPass(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][]string{
		"http://" + publicV4 + "/":                    {publicV4 + ":80"},
		"https://" + publicV4 + ":8443/":              {publicV4 + ":8443"},
		"http://127.0.0.1%2f@" + publicV4 + "/":       {publicV4 + ":80"},
		"http://127.0.0.1@" + publicV4 + "/":          {publicV4 + ":80"},
		"http://[" + publicV6 + "]/":                  {"[" + publicV6 + "]:80"},
		"http://[::ffff:" + publicV4 + "]/":           {publicV4 + ":80"},
		"http://mixed.example/":                       {publicV4 + ":80", "[" + publicV6 + "]:80"},
		"http://" + publicV4 + "/?to=http://10.0.0.1": {publicV4 + ":80"},
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			d := newDialled(t, intranet())
			c := NewClient(ClientOptions{Transport: d, HostSpacing: -1})
			v := c.Visit(t.Context(), State{URL: address}, time.Now())
			slices.Sort(d.passed)
			if v.Err == nil || !slices.Equal(d.passed, want) {
				t.Errorf("%v; passed %q, want %q", v.Err, d.passed, want)
			}
			for _, address := range d.refused {
				if strings.Contains(address, publicV4) || strings.Contains(address, publicV6) {
					t.Errorf("%s was refused", address)
				}
			}
		})
	}
}

// TestANameThatChangesItsMindIsRefused is of DNS rebinding: what was looked up
// for one request says nothing about the next.
func TestANameThatChangesItsMindIsRefused(t *testing.T) {
	t.Parallel()
	d := newDialled(t, intranet())
	c := NewClient(ClientOptions{Transport: d, HostSpacing: -1})
	for i, want := range []Kind{Unreachable, Private, Private} {
		if v := c.Visit(t.Context(), State{URL: "http://rebind.example/"}, time.Now()); kindOf(v.Err) != want {
			t.Errorf("visit %d: %v, want kind %s", i, v.Err, want)
		}
	}
	if want := []string{publicV4 + ":80"}; !slices.Equal(d.passed, want) {
		t.Errorf("passed %q, want %q", d.passed, want)
	}
	if text := fmt.Sprint(d.refused); !strings.Contains(text, "127.0.0.1:80") {
		t.Errorf("refused %s", text)
	}
}
