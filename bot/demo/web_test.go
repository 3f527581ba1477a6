package demo

import (
	"encoding/json"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// mustStage returns the scenery alone: no bot, nothing is listening.
func mustStage(t *testing.T, o Options) *stage {
	t.Helper()
	o.Log, o.document = errorLog(t), openAPI(t)
	s, err := newStage(o, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestThePageLoadsNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	h := mustStage(t, Options{}).handler()
	w := get(t, h, "/")
	policy := w.Header().Get("Content-Security-Policy")
	if w.Code != http.StatusOK || !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "http") {
		t.Errorf("status %d, policy %q", w.Code, policy)
	}
	if real := get(t, mustStage(t, Options{Feeds: []string{"https://example.org/feed"}}).handler(), "/"); !strings.Contains(
		real.Header().Get("Content-Security-Policy"), "img-src 'self' https: http:") {
		t.Error("pictures of real feeds are forbidden")
	}
	// Namespaces and links in comments are the only addresses the page may name.
	elsewhere := regexp.MustCompile(`(?:src|href|url\(|import|fetch\()[^\n]{0,8}["'(]https?://`)
	err := fs.WalkDir(assets(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(assets(), path)
		if m := elsewhere.Find(body); m != nil {
			t.Errorf("%s loads %q", path, m)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAssetsCarryTheTypesThatBrowsersInsistOn(t *testing.T) {
	t.Parallel()
	h := mustStage(t, Options{}).handler()
	for path, want := range map[string]string{
		"/":                   "text/html; charset=utf-8",
		"/assets/app.js":      "text/javascript; charset=utf-8",
		"/assets/layout.css":  "text/css; charset=utf-8",
		"/assets/icon.svg":    "image/svg+xml",
		"/demo.json":          "application/json",
		"/sim/state":          "application/json",
		"/the-tern/feed.json": "application/feed+json; charset=utf-8",
	} {
		if w := get(t, h, path); w.Code != http.StatusOK || w.Header().Get("Content-Type") != want {
			t.Errorf("GET %s: status %d, type %q, want %q", path, w.Code, w.Header().Get("Content-Type"), want)
		}
	}
	for _, path := range []string{"/assets/nothing.js", "/nothing", "/the-tern/nothing"} {
		if w := get(t, h, path); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: status %d, want 404", path, w.Code)
		}
	}
}

func TestThePageIsToldOfThePapers(t *testing.T) {
	t.Parallel()
	var got about
	if err := json.Unmarshal(get(t, mustStage(t, Options{}).handler(), "/demo.json").Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := aboutPaper{Name: "L'Écho du Port", Language: "fr", Site: "/echo-du-port/"}
	if len(got.Papers) != 6 || got.Papers[1] != want || got.Origin != "http://127.0.0.1:8000" {
		t.Errorf("about = %+v, want six papers of http://127.0.0.1:8000, the second %+v", got, want)
	}
	var real about
	h := mustStage(t, Options{Feeds: []string{"https://example.org/feed"}}).handler()
	if err := json.Unmarshal(get(t, h, "/demo.json").Body.Bytes(), &real); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]aboutPaper{}, real.Papers); diff != "" {
		t.Errorf("papers beside real feeds (-want +got):\n%s", diff)
	}
}

func TestOtherSitesCannotReachThePage(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(mustStage(t, Options{}).handler())
	t.Cleanup(server.Close)
	for name, tc := range map[string]struct {
		method, host string
		header       map[string]string
		want         int
	}{
		"a name of another site that leads here": {http.MethodGet, "evil.example", nil, http.StatusMisdirectedRequest},
		"an address that merely looks local":     {http.MethodGet, "localhost.evil.example", nil, http.StatusMisdirectedRequest},
		"a form on another site": {
			http.MethodPost, "", map[string]string{"Sec-Fetch-Site": "cross-site", "Content-Type": "application/json"}, http.StatusForbidden,
		},
		"localhost":         {http.MethodGet, "localhost:8000", nil, http.StatusOK},
		"a loopback number": {http.MethodGet, "[::1]:8000", nil, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := "/"
			if tc.method == http.MethodPost {
				path = "/sim/act"
			}
			r, err := http.NewRequestWithContext(t.Context(), tc.method, server.URL+path, strings.NewReader("{}"))
			if err != nil {
				t.Fatal(err)
			}
			if tc.host != "" {
				r.Host = tc.host
			}
			for k, v := range tc.header {
				r.Header.Set(k, v)
			}
			answer, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			if answer.StatusCode != tc.want {
				t.Errorf("status %d, want %d", answer.StatusCode, tc.want)
			}
		})
	}
}

func TestBaseURLIsReachableFromThisComputer(t *testing.T) {
	t.Parallel()
	for want, addr := range map[string]*net.TCPAddr{
		"http://127.0.0.1:80": {IP: net.IPv4zero, Port: 80},
		"http://127.0.0.1:81": {IP: net.IPv6unspecified, Port: 81},
		"http://[::1]:82":     {IP: net.IPv6loopback, Port: 82},
		"http://10.0.0.7:83":  {IP: net.IPv4(10, 0, 0, 7), Port: 83},
	} {
		if got := baseURL(addr); got != want {
			t.Errorf("baseURL(%v) = %q, want %q", addr, got, want)
		}
	}
}
