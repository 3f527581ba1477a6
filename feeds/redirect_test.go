package feeds

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestPermanentRedirectIsAdoptedOnlyWhenItLasts(t *testing.T) {
	in(t, func(t *testing.T) {
		target := "https://new.example/feed"
		w := &web{on: map[string]http.HandlerFunc{
			"paper.example": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusMovedPermanently) },
			"new.example":   serve(feedOf("a")), "other.example": serve(feedOf("b")),
		}}
		c := NewClient(ClientOptions{Transport: w})
		s := State{URL: paper}
		visit := func(after time.Duration, wantURL string) {
			t.Helper()
			time.Sleep(after)
			v := c.Visit(t.Context(), s, time.Now())
			if v.Err != nil || v.State.URL != wantURL || v.Moved != (wantURL != s.URL) {
				t.Fatalf("err %v, url %s, moved %v, want url %s", v.Err, v.State.URL, v.Moved, wantURL)
			}
			s = v.State
		}
		visit(0, paper)
		visit(time.Hour, paper)
		visit(time.Hour, paper)
		visit(time.Hour, paper) // four agree, but only for three hours
		target = "https://other.example/feed"
		visit(24*time.Hour, paper) // another address: the count begins again
		visit(time.Hour, paper)
		visit(30*time.Hour, target)
		if s.Redirect != "" || s.Redirects != 0 {
			t.Errorf("state after the move: %+v", s)
		}
	})
}

// TestWhichRedirectsAreAdopted visits every twelve hours, four times.
func TestWhichRedirectsAreAdopted(t *testing.T) {
	const target = "https://new.example/feed"
	moved := status(http.StatusMovedPermanently, "Location", target)
	for name, tt := range map[string]struct {
		from   string
		visits []http.HandlerFunc // what the old address says
		ends   string             // the address at last
	}{
		"301, always":                     {paper, []http.HandlerFunc{moved, moved, moved, moved}, target},
		"308, always":                     {paper, []http.HandlerFunc{status(308, "Location", target), status(308, "Location", target), status(308, "Location", target), status(308, "Location", target)}, target},
		"301 and 308":                     {paper, []http.HandlerFunc{moved, status(308, "Location", target), moved, moved}, target},
		"to TLS":                          {"http://paper.example/feed", []http.HandlerFunc{moved, moved, moved, moved}, target},
		"a relative one":                  {paper, []http.HandlerFunc{status(301, "Location", "/new"), status(301, "Location", "/new"), status(301, "Location", "/new"), status(301, "Location", "/new")}, "https://paper.example/new"},
		"302 once between":                {paper, []http.HandlerFunc{moved, moved, status(302, "Location", target), moved}, paper},
		"the feed itself once between":    {paper, []http.HandlerFunc{moved, moved, serve(feedOf("a")), moved}, paper},
		"an error once between":           {paper, []http.HandlerFunc{moved, moved, status(503), moved}, target},
		"301 and then 302":                {paper, []http.HandlerFunc{status(301, "Location", "/hop"), status(301, "Location", "/hop"), status(301, "Location", "/hop"), status(301, "Location", "/hop")}, "https://paper.example/hop"},
		"through plain HTTP":              {paper, []http.HandlerFunc{status(301, "Location", "http://paper.example/plain"), status(301, "Location", "http://paper.example/plain"), status(301, "Location", "http://paper.example/plain"), status(301, "Location", "http://paper.example/plain")}, paper},
		"to a page":                       {paper, []http.HandlerFunc{status(301, "Location", "/page"), status(301, "Location", "/page"), status(301, "Location", "/page"), status(301, "Location", "/page")}, paper},
		"300 and 304 are none":            {paper, []http.HandlerFunc{status(300, "Location", target), status(304, "Location", target), status(300, "Location", target), status(300, "Location", target)}, paper},
		"a redirect without an address":   {paper, []http.HandlerFunc{status(301), status(301), status(301), status(301)}, paper},
		"with a fragment for its address": {paper, []http.HandlerFunc{status(301, "Location", target+"#top"), moved, moved, moved}, target},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				n := 0
				w := &web{on: map[string]http.HandlerFunc{
					"paper.example/feed": func(w http.ResponseWriter, r *http.Request) { tt.visits[n](w, r) },
					"paper.example/new":  serve(feedOf("a")), "new.example/feed": serve(feedOf("a")), "paper.example/page": serve("<html><body>x</html>"),
					"paper.example/hop": status(302, "Location", target), "paper.example/plain": status(301, "Location", target),
				}}
				c := NewClient(ClientOptions{Transport: w})
				s := State{URL: tt.from}
				for n = range tt.visits {
					v := c.Visit(t.Context(), s, time.Now())
					if v.Moved != (v.State.URL != s.URL) || v.Moved && n < 2 {
						t.Errorf("visit %d: moved %v, address %s, was %s", n, v.Moved, v.State.URL, s.URL)
					}
					s = v.State
					time.Sleep(12 * time.Hour)
				}
				if s.URL != tt.ends {
					t.Errorf("the address is %s, want %s (state %+v)", s.URL, tt.ends, s)
				}
			})
		})
	}
}

func TestTemporaryAndDowngradingRedirectsAreNeverAdopted(t *testing.T) {
	chains := map[string][]string{
		"temporary":            {"302 https://new.example/feed"},
		"temporary, then 301":  {"307 https://new.example/x", "301 https://new.example/feed"},
		"permanent to http":    {"301 http://new.example/feed"},
		"see other":            {"303 https://new.example/feed"},
		"permanent then maybe": {"302 https://new.example/feed"},
	}
	for name, chain := range chains {
		t.Run(name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := &web{on: map[string]http.HandlerFunc{"new.example/feed": serve(feedOf("a"))}}
				for i, hop := range chain {
					code, to, _ := strings.Cut(hop, " ")
					at := []string{"paper.example/feed", "new.example/x"}[i]
					w.on[at] = func(w http.ResponseWriter, r *http.Request) {
						n := 0
						_, _ = fmt.Sscan(code, &n)
						http.Redirect(w, r, to, n)
					}
				}
				c := NewClient(ClientOptions{Transport: w})
				s := State{URL: paper}
				for range 5 {
					v := c.Visit(t.Context(), s, time.Now())
					if v.Err != nil || v.State.URL != paper || v.State.Redirects != 0 {
						t.Fatalf("%+v", v)
					}
					s = v.State
					time.Sleep(24 * time.Hour)
				}
			})
		})
	}
}

func TestRedirectsAreFollowedFiveTimes(t *testing.T) {
	for _, n := range []int{5, 6} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) {
					at := 0
					_, _ = fmt.Sscanf(r.URL.Path, "/%d", &at)
					if at == n {
						_, _ = io.WriteString(w, feedOf("a"))
						return
					}
					http.Redirect(w, r, fmt.Sprintf("/%d", at+1), http.StatusFound)
				}}}
				v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), State{URL: "https://paper.example/0"}, time.Now())
				if (v.Err == nil) != (n == 5) {
					t.Errorf("%d redirects: %v", n, v.Err)
				}
			})
		})
	}
}

// TestValidatorsGoOnlyToTheAddressTheyCameFrom has every address of a chain use
// the same tag for documents of its own, as two servers may by accident.
func TestValidatorsGoOnlyToTheAddressTheyCameFrom(t *testing.T) {
	in(t, func(t *testing.T) {
		target, code := "", http.StatusFound
		own := func(name string) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("If-None-Match") == `"1"` {
					w.WriteHeader(http.StatusNotModified)
					return
				}
				w.Header().Set("ETag", `"1"`)
				_, _ = io.WriteString(w, feedOf(name))
			}
		}
		w := &web{on: map[string]http.HandlerFunc{
			"paper.example": func(w http.ResponseWriter, r *http.Request) {
				if target == "" {
					own("paper")(w, r)
					return
				}
				if r.Header.Get("If-None-Match") != "" && code == http.StatusFound {
					t.Error("a validator was sent to what only redirects")
				}
				http.Redirect(w, r, target, code)
			},
			"a.example": own("a"), "b.example": own("b"),
		}}
		c := NewClient(ClientOptions{Transport: w})
		s := State{URL: paper}
		for _, step := range []struct {
			name, target string
			code         int
			items, from  string // "" for unchanged
		}{
			{"first to a", "https://a.example/feed", 302, "a", "https://a.example/feed"},
			{"again to a", "https://a.example/feed", 302, "", "https://a.example/feed"},
			{"a for good", "https://a.example/feed", 301, "", "https://a.example/feed"},
			{"now to b", "https://b.example/feed", 307, "b", "https://b.example/feed"},
			{"again to b", "https://b.example/feed", 302, "", "https://b.example/feed"},
			{"no redirect any more", "", 0, "paper", ""},
			{"again", "", 0, "", ""},
			{"permanently to a", "https://a.example/feed", 301, "a", "https://a.example/feed"},
		} {
			target, code = step.target, step.code
			v := c.Visit(t.Context(), s, time.Now())
			if v.Err != nil || v.Unchanged != (step.items == "") || v.Feed != nil && v.Feed.Items[0].Title != step.items {
				t.Fatalf("%s: unchanged %v, feed %+v, err %v", step.name, v.Unchanged, v.Feed, v.Err)
			}
			if s = v.State; s.Validated != step.from || s.ETag != `"1"` {
				t.Fatalf("%s: the tag %s is said to come from %q, want %q", step.name, s.ETag, s.Validated, step.from)
			}
			time.Sleep(time.Hour)
		}
	})
}

func TestRedirectsCarryNeitherCookiesNorReferrer(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{
			"paper.example": status(302, "Location", "https://a.example/feed", "Set-Cookie", "id=7"),
			"a.example":     serve(feedOf("a"), "Set-Cookie", "id=8"),
		}}
		c := NewClient(ClientOptions{Transport: w, UserAgent: "Broadsheet/1 (+https://b.example)"})
		for range 2 {
			if v := c.Visit(t.Context(), State{URL: "https://user:pw@paper.example/feed", Subscribers: 1}, time.Now()); v.Err != nil {
				t.Fatal(v.Err)
			}
		}
		for i, r := range w.seen {
			for _, name := range []string{"Cookie", "Referer", "If-None-Match", "If-Modified-Since", "Cache-Control"} {
				if got := r.Header.Values(name); got != nil {
					t.Errorf("request %d to %s carries %s: %q", i, r.URL.Host, name, got)
				}
			}
			if got, want := r.Header.Get("User-Agent"), "Broadsheet/1 (+https://b.example; 1 subscriber)"; got != want {
				t.Errorf("request %d: User-Agent %q, want %q", i, got, want)
			}
			if r.URL.RawQuery != "" || r.Header.Get("Accept") != feedAccept || r.Header.Get("Accept-Encoding") != "gzip, br, zstd" {
				t.Errorf("request %d: %s, headers %v", i, r.URL, r.Header)
			}
			if _, _, ok := r.BasicAuth(); ok != (r.URL.Host == "paper.example") {
				t.Errorf("request %d to %s: credentials %v", i, r.URL.Host, ok)
			}
		}
	})
}

func TestNotModifiedIsBelievedOnlyWhenItWasAskedFor(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": status(304)}}
		v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), State{URL: paper}, time.Now())
		if v.Unchanged || v.Err == nil || v.Err.Kind != Temporary || v.State.Failures != 1 {
			t.Errorf("%+v", v)
		}
	})
}

func TestAnAnswerWithoutValidatorsTakesTheOldOnesAway(t *testing.T) {
	in(t, func(t *testing.T) {
		header := []string{"ETag", `"1"`, "Last-Modified", "noon"}
		w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) { serve(feedOf("a"), header...)(w, r) }}}
		c := NewClient(ClientOptions{Transport: w})
		v := c.Visit(t.Context(), State{URL: paper}, time.Now())
		header = []string{"ETag", ""}
		v = c.Visit(t.Context(), v.State, time.Now())
		if !v.Unchanged || v.State.ETag != "" || v.State.LastModified != "" {
			t.Fatalf("after the same body without validators: %+v", v)
		}
		c.Visit(t.Context(), v.State, time.Now())
		if got := w.seen[2].Header; got.Values("If-None-Match") != nil || got.Values("If-Modified-Since") != nil {
			t.Errorf("empty validators were sent: %v", got)
		}
	})
}

func TestValidatorsAreForgottenWhenTheBodyCannotBeRead(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": serve("<html>", "ETag", `"2"`)}}
		v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), State{URL: paper, ETag: `"1"`, LastModified: "x", Validated: "https://a.example/", BodyHash: 7}, time.Now())
		if s := v.State; s.ETag != "" || s.LastModified != "" || s.Validated != "" || s.BodyHash != 0 {
			t.Errorf("state %+v", s)
		}
	})
}
