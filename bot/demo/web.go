package demo

import (
	"embed"
	"encoding/json"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

//go:embed web
var webFiles embed.FS

// The page loads nothing from elsewhere; pictures of real feeds are the
// exception that --feed makes.
const (
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	realFeedsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http:; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// about is what the page wants to know of the demonstration, as JSON.
type about struct {
	// Origin is the address that links and pictures of the papers begin with.
	Origin string       `json:"origin"`
	Papers []aboutPaper `json:"papers"`
	// Ideas are commands worth trying, by the kind of viewer.
	Ideas map[string][]string `json:"ideas"`
}

type aboutPaper struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	Site     string `json:"site"`
}

func (s *stage) about() about {
	a := about{
		Origin: s.base,
		Papers: []aboutPaper{},
		Ideas: map[string][]string{
			"member": {"news latest", "news search", "news read", "news summary", "news why", "help"},
			"admin":  {"digest run", "digest preview", "feeds list", "feeds add", "digest create", "filters test"},
		},
	}
	if len(s.o.Feeds) > 0 {
		return a
	}
	for _, p := range s.papers.List() {
		a.Papers = append(a.Papers, aboutPaper{Name: p.Name, Language: p.Language, Site: p.Site})
	}
	return a
}

// handler is the whole web of the demonstration.
func (s *stage) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /demo.json", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(s.about()); err != nil {
			s.o.Log.Debug("demo page went away", "err", err)
		}
	})
	mux.Handle("/sim/", http.StripPrefix("/sim", s.sim.Control()))
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", fresh(http.FileServerFS(assets()))))
	mux.Handle("/", s.papers)
	return guard(mux)
}

// assets are the files beside the page.
func assets() fs.FS {
	files, err := fs.Sub(webFiles, "web")
	if err != nil {
		panic(err) // the name is a constant and well formed
	}
	return files
}

// fresh lets a browser ask again after an upgrade of the program.
func fresh(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

func (s *stage) page(w http.ResponseWriter, r *http.Request) {
	policy := pagePolicy
	if len(s.o.Feeds) > 0 {
		policy = realFeedsPolicy
	}
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Referrer-Policy", "no-referrer")
	fresh(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, assets(), "page.html")
	})).ServeHTTP(w, r)
}

// guard keeps other web sites out: a page that a person visits elsewhere must
// not be able to act in this one, nor read it under a name of its own that
// leads to this computer.
func guard(next http.Handler) http.Handler {
	fromHere := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok && local.IP.IsLoopback() && !loopbackName(r.Host) {
			http.Error(w, "this server answers to localhost only", http.StatusMisdirectedRequest)
			return
		}
		fromHere.ServeHTTP(w, r)
	})
}

// loopbackName reports whether a Host header names this computer to itself.
func loopbackName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}
