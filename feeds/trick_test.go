package feeds

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

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
