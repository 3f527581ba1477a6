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

func TestValidatorsStayWithTheAddressTheyCameFrom(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{
			"paper.example": func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://new.example/feed", http.StatusMovedPermanently)
			},
			"new.example": func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("If-None-Match") != "" {
					w.WriteHeader(304) // an accident: the old address's tag fits
					return
				}
				_, _ = io.WriteString(w, feedOf("a"))
			},
		}}
		v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), State{URL: paper, ETag: `"1"`}, time.Now())
		if v.Unchanged || v.Feed == nil {
			t.Errorf("a validator of another address was believed: %+v", v)
		}
	})
}

func TestValidatorsAreForgottenWhenTheBodyCannotBeRead(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": serve("<html>", "ETag", `"2"`)}}
		v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), State{URL: paper, ETag: `"1"`, LastModified: "x", BodyHash: 7}, time.Now())
		if s := v.State; s.ETag != "" || s.LastModified != "" || s.BodyHash != 0 {
			t.Errorf("state %+v", s)
		}
	})
}
