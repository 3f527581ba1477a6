package feeds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestVisitSendsValidatorsVerbatimAndTakesNotModified(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("If-None-Match") == `W/"x 1"` && r.Header.Get("If-Modified-Since") == "yesterday, about noon" {
				w.Header().Set("Last-Modified", "today")
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("ETag", `W/"x 1"`)
			w.Header().Set("Last-Modified", "yesterday, about noon")
			_, _ = io.WriteString(w, feedOf("a"))
		}}}
		c := NewClient(ClientOptions{Transport: w, UserAgent: "Broadsheet/1 (+https://b.example)"})
		v := c.Visit(t.Context(), State{URL: paper, Subscribers: 3}, time.Now())
		if v.Err != nil || v.Feed == nil || len(v.Feed.Items) != 1 || v.Status != 200 {
			t.Fatalf("first visit: %+v", v)
		}
		for name := range map[string]bool{"If-None-Match": true, "If-Modified-Since": true, "Cookie": true, "Referer": true} {
			if values := w.seen[0].Header.Values(name); values != nil {
				t.Errorf("first visit sent %s: %q", name, values)
			}
		}
		if got, want := w.seen[0].Header.Get("User-Agent"), "Broadsheet/1 (+https://b.example; 3 subscribers)"; got != want {
			t.Errorf("User-Agent %q, want %q", got, want)
		}
		v = c.Visit(t.Context(), v.State, time.Now())
		if !v.Unchanged || v.Err != nil || v.Feed != nil || v.Status != 304 {
			t.Fatalf("second visit: %+v", v)
		}
		if v.State.ETag != `W/"x 1"` || v.State.LastModified != "today" {
			t.Errorf("validators after 304: %q, %q", v.State.ETag, v.State.LastModified)
		}
	})
}

func TestVisitDoesNotParseABodyItKnows(t *testing.T) {
	in(t, func(t *testing.T) {
		n := 0
		w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) {
			n++
			body := strings.Replace(feedOf("a"), "<item>", fmt.Sprintf("<lastBuildDate>%d</lastBuildDate><!-- %d --><item>", n, n), 1)
			fmt.Fprintf(w, "%s<!-- served in 0.%d s -->", body, n)
		}}}
		c := NewClient(ClientOptions{Transport: w})
		v := c.Visit(t.Context(), State{URL: paper}, time.Now())
		if v.Feed == nil {
			t.Fatalf("first visit: %+v", v)
		}
		v = c.Visit(t.Context(), v.State, time.Now())
		if !v.Unchanged || v.Feed != nil {
			t.Errorf("a body that differs in its build date alone was parsed again: %+v", v)
		}
	})
}

func TestBodyHashSeesEveryChangeOfItems(t *testing.T) {
	t.Parallel()
	same := bodyHash([]byte(feedOf("a", "b")))
	for _, other := range []string{feedOf("a"), feedOf("a", "c"), feedOf("b", "a"), feedOf("a", "b", "c"), "{}", "",
		strings.Replace(feedOf("a", "b"), "Paper", "Pamphlet", 1), strings.Replace(feedOf("a", "b"), "id-b", "id-x", 1),
		strings.Replace(feedOf("a", "b"), "<guid>id-b", "<!-- --><guid>id-b", 1)} {
		if bodyHash([]byte(other)) == same {
			t.Errorf("same hash for %s", other)
		}
	}
}

func TestVisitClassifiesAnswers(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
		kind    Kind
		gone    bool
		wait    time.Duration // WaitUntil after now
		words   string
	}{
		{"gone", status(410), Gone, true, 0, "ended"},
		{"not found", status(404), NotFound, false, 0, "nothing at this address"},
		{"unauthorized", status(401), Forbidden, false, 0, "password"},
		{"payment", status(402), Forbidden, false, 0, "paid"},
		{"forbidden", status(403), Forbidden, false, 0, "refuses"},
		{"legal reasons", status(451), Forbidden, false, 0, "legal"},
		{"challenge", status(403, "Cf-Mitigated", "challenge"), Forbidden, false, 0, "human"},
		{"rate limit in seconds", status(429, "Retry-After", "7200"), RateLimited, false, 2 * time.Hour, "less often"},
		{"rate limit with a date", status(429, "Retry-After", "Mon, 02 Mar 2026 15:00:00 GMT"), RateLimited, false, 6 * time.Hour, "less often"},
		{"rate limit beyond reason", status(429, "Retry-After", "99999999999"), RateLimited, false, 0, "less often"},
		{"rate limit for a year", status(429, "Retry-After", "31536000"), RateLimited, false, 7 * 24 * time.Hour, "less often"},
		{"rate limit reset", status(429, "X-RateLimit-Reset", "300"), RateLimited, false, 5 * time.Minute, "less often"},
		{"unavailable", status(503, "Retry-After", "600"), Temporary, false, 10 * time.Minute, "503"},
		{"server error", status(500), Temporary, false, 0, "500"},
		{"teapot", status(418), Temporary, false, 0, "418"},
		{"web page", serve("<!doctype html><html><body><p>Sorry</body></html>", "Content-Type", "text/html"), NotFeed, false, 0, "web page"},
		{"other document", serve(`<?xml version="1.0"?><catalog><book/></catalog>`), Malformed, false, 0, "neither RSS"},
		{"empty body", serve(""), Temporary, false, 0, "empty document"},
		{"no encoding it claims", serve("plain", "Content-Encoding", "gzip"), Temporary, false, 0, "broke off"},
		{"endless stream", endless("x"), TooLarge, false, 0, "too large"},
		{"endless spaces", endless(" "), TooLarge, false, 0, "too large"},
		{"redirect to a file", status(302, "Location", "file:///etc/passwd"), Redirected, false, 0, "redirects"},
		{"redirect to nowhere", status(302, "Location", "http://[::1"), Redirected, false, 0, "redirects"},
		{"redirect to itself", status(301, "Location", paper), Redirected, false, 0, "redirects"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				c := NewClient(ClientOptions{Transport: &web{on: map[string]http.HandlerFunc{"paper.example": tt.handler}}})
				now := time.Now()
				v := c.Visit(t.Context(), State{URL: paper, ETag: "x"}, now)
				if v.Err == nil || v.Err.Kind != tt.kind || v.Gone != tt.gone || v.Feed != nil || v.Unchanged {
					t.Fatalf("err %v, gone %v, want kind %s", v.Err, v.Gone, tt.kind)
				}
				if !strings.Contains(v.Err.Words(), tt.words) {
					t.Errorf("words %q, want %q in them", v.Err.Words(), tt.words)
				}
				if got := v.WaitUntil; tt.wait == 0 && !got.IsZero() && tt.name != "rate limit beyond reason" || tt.wait > 0 && !got.Equal(now.Add(tt.wait)) {
					t.Errorf("wait until %v, want %v after %v", got, tt.wait, now)
				}
				if v.Next.Before(v.WaitUntil) || v.Next.Before(now.Add(time.Hour)) {
					t.Errorf("next %v, wait until %v, now %v", v.Next, v.WaitUntil, now)
				}
				if v.State.Failures != 1 {
					t.Errorf("%d failures", v.State.Failures)
				}
			})
		})
	}
}

func TestFailuresBackOffAndOneSuccessForgetsThem(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": status(500)}}
		c := NewClient(ClientOptions{Transport: w, MinInterval: time.Hour, MaxInterval: 24 * time.Hour})
		s := State{URL: paper}
		for i, want := range []time.Duration{1, 2, 4, 8, 16, 24, 24} {
			now := time.Now()
			v := c.Visit(t.Context(), s, now)
			if d := v.Next.Sub(now); d < want*time.Hour || d > want*time.Hour*11/10 {
				t.Errorf("failure %d: next in %v, want %dh", i+1, d, want)
			}
			s = v.State
			time.Sleep(2 * time.Second)
		}
		w.on["paper.example"] = serve(feedOf("a"))
		if v := c.Visit(t.Context(), s, time.Now()); v.State.Failures != 0 || v.Err != nil {
			t.Errorf("%+v", v)
		}
	})
}

func TestACancelledVisitIsNoFailure(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		s := State{URL: paper, ETag: "x", Failures: 1}
		v := NewClient(ClientOptions{Transport: w}).Visit(ctx, s, time.Now())
		if v.Err == nil || v.State != s || !errors.Is(v.Err, context.DeadlineExceeded) {
			t.Errorf("%+v", v)
		}
	})
}

func TestCredentialsInTheAddressAreSentAndMasked(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"paper.example": status(500)}}
		v := NewClient(ClientOptions{Transport: w}).Visit(t.Context(), State{URL: "https://user:pa55@paper.example/feed?token=s3cret&x=1"}, time.Now())
		if user, password, ok := w.seen[0].BasicAuth(); !ok || user != "user" || password != "pa55" {
			t.Errorf("sent %q %q %v", user, password, ok)
		}
		if text := v.Err.Error() + v.Err.Words() + v.Err.URL; strings.Contains(text, "pa55") || strings.Contains(text, "s3cret") {
			t.Errorf("a secret shows in %q", text)
		}
	})
}

func TestTheUserAgentTellsOfSubscribers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		agent       string
		subscribers int
		want        string
	}{
		{"Broadsheet/1 (+https://b.example)", 0, "Broadsheet/1 (+https://b.example)"},
		{"Broadsheet/1 (+https://b.example)", -1, "Broadsheet/1 (+https://b.example)"},
		{"Broadsheet/1 (+https://b.example)", 1, "Broadsheet/1 (+https://b.example; 1 subscriber)"},
		{"Broadsheet/1 (+https://b.example)", 1234, "Broadsheet/1 (+https://b.example; 1234 subscribers)"},
		{"Broadsheet", 2, "Broadsheet (2 subscribers)"},
	} {
		if got := userAgent(tt.agent, tt.subscribers); got != tt.want {
			t.Errorf("userAgent(%q, %d) = %q, want %q", tt.agent, tt.subscribers, got, tt.want)
		}
	}
}
