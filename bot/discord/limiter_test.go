package discord

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// script is a Discord that answers requests from a list, then with successes.
type script struct {
	mu      sync.Mutex
	answers []scripted
	always  *scripted
	got     []string
	at      []time.Time
	nonces  []string
	flying  int
	most    int           // requests under way at once
	takes   time.Duration // for each answer
}

// scripted is one answer; err breaks the connection instead.
type scripted struct {
	status int
	header map[string]string
	body   string
	err    error
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	s.mu.Lock()
	s.flying++
	s.most = max(s.most, s.flying)
	s.got = append(s.got, r.Method+" "+r.URL.Path)
	s.at = append(s.at, time.Now())
	s.nonces = append(s.nonces, string(body))
	a := scripted{status: 200}
	if s.always != nil {
		a = *s.always
	}
	if len(s.answers) > 0 {
		a, s.answers = s.answers[0], s.answers[1:]
	}
	s.mu.Unlock()
	err := sleep(r.Context(), s.takes)
	s.mu.Lock()
	s.flying--
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if a.err != nil {
		return nil, a.err
	}
	if a.body == "" {
		a.body = `{"id":"7","author":{"id":"9"}}`
	}
	h := http.Header{}
	for k, v := range a.header {
		h.Set(k, v)
	}
	return &http.Response{
		StatusCode: a.status, Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)),
		Header: h, Body: io.NopCloser(strings.NewReader(a.body)), Request: r,
	}, nil
}

func (s *script) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.got)
}

func newScripted(t *testing.T, s *script) *Client {
	t.Helper()
	c, err := New(Options{Token: "t", Transport: s, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// inBubble runs f in a bubble, as a parallel test.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want a *Error", err, err)
	}
	return e
}

func limited(body string, header map[string]string) scripted {
	return scripted{status: 429, body: body, header: header}
}

func TestNoSecondSeesMoreThanFiftyRequests(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := &script{takes: 100 * time.Millisecond}
		c := newScripted(t, s)
		var wg sync.WaitGroup
		for i := range 200 {
			wg.Go(func() {
				if _, err := c.Send(t.Context(), int64(i+1), Message{Content: "x"}, ""); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(s.at) != 200 {
			t.Fatalf("%d requests", len(s.at))
		}
		for i := 50; i < len(s.at); i++ {
			if d := s.at[i].Sub(s.at[i-50]); d <= time.Second {
				t.Fatalf("requests %d and %d are only %v apart", i-50, i, d)
			}
		}
		if took := s.at[199].Sub(s.at[0]); took > 4*time.Second {
			t.Errorf("200 requests took %v", took)
		}
	})
}

func TestAnswersToInteractionsDoNotCount(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := &script{}
		c := newScripted(t, s)
		start := time.Now()
		for i := range 200 {
			q := &Request{ID: int64(i + 1), ApplicationID: 3, token: fmt.Sprint("tok", i)}
			if err := c.callback(t.Context(), q, callback{Type: callbackDeferred}, nil); err != nil {
				t.Fatal(err)
			}
			if err := c.do(t.Context(), http.MethodPatch, c.original(q), nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("400 answers took %v", took)
		}
		if n := len(c.transport.limits.buckets); n > 200 {
			t.Errorf("%d buckets remembered for 200 interactions", n)
		}
	})
}

func TestBucketsDoNotGrowForEver(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := &script{}
		c := newScripted(t, s)
		for i := range 3 * maxBuckets {
			q := &Request{ID: 1, ApplicationID: 3, token: fmt.Sprint("tok", i)}
			if err := c.do(t.Context(), http.MethodPatch, c.original(q), nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(c.transport.limits.buckets); n > maxBuckets {
			t.Errorf("%d buckets remembered, want at most %d", n, maxBuckets)
		}
	})
}

func TestBucketIsNeverOverdrawn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		// A real bucket of 5 in 5 seconds behind a network of 200 ms.
		var mu sync.Mutex
		var window time.Time
		used, refused := 0, 0
		s := roundTrip(func(r *http.Request) (*http.Response, error) {
			time.Sleep(100 * time.Millisecond)
			mu.Lock()
			now := time.Now()
			if now.Sub(window) >= 5*time.Second {
				window, used = now, 0
			}
			used++
			status, body := 200, `{"id":"7"}`
			if used > 5 {
				refused++
				status, body = 429, `{"message":"slow","retry_after":1.5,"global":false}`
			}
			h := http.Header{}
			h.Set("X-RateLimit-Bucket", "abcd")
			h.Set("X-RateLimit-Limit", "5")
			h.Set("X-RateLimit-Remaining", fmt.Sprint(max(0, 5-used)))
			h.Set("X-RateLimit-Reset-After", fmt.Sprint((5*time.Second - now.Sub(window)).Seconds()))
			mu.Unlock()
			time.Sleep(100 * time.Millisecond)
			return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})
		c, err := New(Options{Token: "t", Transport: s})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		var wg sync.WaitGroup
		for range 23 {
			wg.Go(func() {
				if _, err := c.Send(t.Context(), 1, Message{Content: "x"}, ""); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if refused != 0 {
			t.Errorf("%d requests were refused", refused)
		}
		if took := time.Since(start); took < 20*time.Second || took > 27*time.Second {
			t.Errorf("23 messages at 5 in 5 s took %v", took)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRoutesOfOneLimitShareIt(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		h := map[string]string{
			"X-RateLimit-Bucket": "same", "X-RateLimit-Limit": "3", "X-RateLimit-Remaining": "2", "X-RateLimit-Reset-After": "20",
		}
		last := map[string]string{
			"X-RateLimit-Bucket": "same", "X-RateLimit-Limit": "3", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "20",
		}
		c := newScripted(t, &script{answers: []scripted{{status: 200, header: h}, {status: 200, header: h}, {status: 200, header: last}}})
		start := time.Now()
		patch := func() error { return c.Edit(t.Context(), 1, 2, Message{Content: "x"}) }
		del := func() error { return c.Delete(t.Context(), 1, 2) }
		for _, call := range []func() error{patch, del, patch} {
			if err := call(); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("three of three waited %v", took)
		}
		if err := del(); err != nil || time.Since(start) != 20*time.Second {
			t.Errorf("the other route waited %v (%v), want 20s", time.Since(start), err)
		}
	})
}

func TestChannelsDoNotWaitForEachOther(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		empty := map[string]string{
			"X-RateLimit-Bucket": "b", "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "20",
		}
		s := &script{answers: []scripted{{status: 200, header: empty}}}
		c := newScripted(t, s)
		start := time.Now()
		for ch := range int64(5) {
			if _, err := c.Send(t.Context(), ch+1, Message{Content: "x"}, ""); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("other channels waited %v", took)
		}
		if _, err := c.Send(t.Context(), 1, Message{Content: "x"}, ""); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took != 20*time.Second {
			t.Errorf("the full channel waited %v, want 20s", took)
		}
	})
}

func TestRefusalsPause(t *testing.T) {
	for name, tt := range map[string]struct {
		answer scripted
		// others is how long another channel waits.
		others time.Duration
		// callbacks is how long an answer to an interaction waits.
		callbacks time.Duration
	}{
		"one route, of this bot": {
			limited(`{"message":"m","retry_after":4.5,"global":false}`, map[string]string{"X-RateLimit-Scope": "user"}), 0, 0,
		},
		"everything that counts, on a global limit": {
			limited(`{"message":"m","retry_after":4.5,"global":true}`, map[string]string{"X-RateLimit-Global": "true", "Retry-After": "5"}),
			4500 * time.Millisecond, 0,
		},
		"everything, on Cloudflare's HTML": {
			limited("<html>1015</html>", map[string]string{"Retry-After": "7"}), 7 * time.Second, 7 * time.Second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := &script{answers: []scripted{tt.answer}}
				c := newScripted(t, s)
				done := make(chan error, 1)
				go func() { _, err := c.Send(t.Context(), 1, Message{Content: "x"}, ""); done <- err }()
				synctest.Wait()
				start := time.Now()
				if _, err := c.Send(t.Context(), 2, Message{Content: "x"}, ""); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(start); took != tt.others {
					t.Errorf("another channel waited %v, want %v", took, tt.others)
				}
				if err := <-done; err != nil {
					t.Errorf("the refused request, waited for on the spot: %v", err)
				}
			})
		})
		t.Run(name+", and callbacks", func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := &script{answers: []scripted{tt.answer}}
				c := newScripted(t, s)
				go c.Send(t.Context(), 1, Message{Content: "x"}, "")
				synctest.Wait()
				start := time.Now()
				err := c.callback(t.Context(), &Request{ID: 1, token: "tok"}, callback{Type: 5}, nil)
				if took := time.Since(start); err != nil || took != tt.callbacks {
					t.Errorf("a callback waited %v (%v), want %v", took, err, tt.callbacks)
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

func TestLongLimitsGoBackToTheCaller(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		// Discord's documentation shows a header of 1 s with a body of 1163 s.
		s := &script{answers: []scripted{limited(`{"message":"m","retry_after":1163,"global":false}`, map[string]string{"Retry-After": "1"})}}
		c := newScripted(t, s)
		start := time.Now()
		for range 3 {
			_, err := c.Send(t.Context(), 1, Message{Content: "x"}, "n")
			e := asError(t, err)
			if e.Status != 429 || e.RetryAfter != 1163*time.Second || !e.Temporary() || e.Maybe {
				t.Errorf("error %+v, want a temporary 429 with 1163 s", e)
			}
		}
		if took := time.Since(start); took != 0 || s.requests() != 1 {
			t.Errorf("took %v and %d requests, want none and 1", took, s.requests())
		}
	})
}

func TestWaitsEndWithTheContext(t *testing.T) {
	busy := map[string]string{"X-RateLimit-Limit": "1", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "20"}
	for name, first := range map[string]scripted{
		"in a bucket":           {status: 200, header: busy},
		"after a short refusal": limited(`{"retry_after":8,"global":true}`, nil),
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				c := newScripted(t, &script{answers: []scripted{first}})
				go c.Send(t.Context(), 1, Message{Content: "x"}, "")
				synctest.Wait()
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(3*time.Second, cancel)
				start := time.Now()
				_, err := c.Send(ctx, 1, Message{Content: "x"}, "n")
				if took := time.Since(start); err == nil || took != 3*time.Second {
					t.Errorf("waited %v with %v, want 3s and an error", took, err)
				}
				if e := asError(t, err); e.Maybe {
					t.Error("says that it may have been accepted; nothing was sent")
				}
				// A deadline that cannot be met is told at once.
				ctx, cancel = context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				start = time.Now()
				_, err = c.Send(ctx, 1, Message{Content: "x"}, "n")
				if took := time.Since(start); took != 0 || asError(t, err).RetryAfter == 0 {
					t.Errorf("waited %v for %v, want an answer at once with RetryAfter", took, err)
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

func TestBreakerKeepsFarFromTheBan(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := &script{always: &scripted{status: 403, body: `{"code":50013,"message":"Missing Permissions"}`}}
		c := newScripted(t, s)
		for range 30 * 60 { // one a second, each in another channel
			c.Send(t.Context(), int64(s.requests()+1), Message{Content: "x"}, "")
			time.Sleep(100 * time.Millisecond)
		}
		// Three minutes: at 10 a second Discord would have seen 1,800.
		if n := s.requests(); n != maxInvalid {
			t.Errorf("%d refused requests went out, want %d", n, maxInvalid)
		}
		_, err := c.Send(t.Context(), 1, Message{Content: "x"}, "")
		if e := asError(t, err); !e.Temporary() || e.RetryAfter <= 0 {
			t.Errorf("error %+v, want a temporary one with RetryAfter", e)
		}
		if err := c.callback(t.Context(), &Request{ID: 1, token: "tok"}, callback{Type: 5}, nil); asError(t, err).Status != 403 {
			t.Error("a callback was kept back")
		}
		s.always = nil
		time.Sleep(10 * time.Minute)
		if _, err := c.Send(t.Context(), 1, Message{Content: "x"}, ""); err != nil {
			t.Errorf("after ten quiet minutes: %v", err)
		}
	})
}

func TestSharedLimitsDoNotCountTowardsTheBan(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		answer := limited(`{"retry_after":3600,"global":false}`, map[string]string{"X-RateLimit-Scope": "shared"})
		s := &script{always: &answer}
		c := newScripted(t, s)
		for ch := range int64(50) {
			c.Crosspost(t.Context(), ch+1, 5)
		}
		if n := len(c.transport.limits.invalid); n != 0 || s.requests() != 50 {
			t.Errorf("%d counted after %d requests", n, s.requests())
		}
	})
}

func TestDeadTokenStopsEverything(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := &script{answers: []scripted{{status: 401, body: `{"message":"401: Unauthorized","code":0}`}}}
		c := newScripted(t, s)
		for range 20 {
			_, err := c.Send(t.Context(), 1, Message{Content: "x"}, "")
			if e := asError(t, err); !e.Fatal() || e.Temporary() {
				t.Fatalf("error %+v, want a fatal one", e)
			}
		}
		if s.requests() != 1 {
			t.Errorf("%d requests with a dead token, want 1", s.requests())
		}
	})
}

func TestDeadInteractionTokenStopsOnlyItself(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := &script{answers: []scripted{{status: 401, body: `{"message":"Invalid Webhook Token","code":50027}`}}}
		c := newScripted(t, s)
		err := c.do(t.Context(), http.MethodPatch, "webhooks/1/tok/messages/@original", nil, nil)
		if e := asError(t, err); e.Fatal() {
			t.Errorf("error %+v is fatal", e)
		}
		if _, err := c.Send(t.Context(), 1, Message{Content: "x"}, ""); err != nil {
			t.Error(err)
		}
	})
}

func TestRetries(t *testing.T) {
	reset := errors.New("connection reset")
	refused := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	for name, tt := range map[string]struct {
		answers []scripted
		method  string
		// sent is how many requests go out.
		sent  int
		ok    bool
		maybe bool
	}{
		"a GET is repeated after a 502":                     {[]scripted{{status: 502}}, http.MethodGet, 2, true, false},
		"a PUT is repeated after a lost answer":             {[]scripted{{err: reset}, {err: reset}}, http.MethodPut, 3, true, false},
		"a PATCH is given up after three attempts":          {[]scripted{{status: 500}, {status: 503}, {status: 504}, {status: 500}}, http.MethodPatch, 3, false, false},
		"a POST is not repeated after a 502":                {[]scripted{{status: 502}}, http.MethodPost, 1, false, true},
		"a POST is not repeated after a lost answer":        {[]scripted{{err: reset}}, http.MethodPost, 1, false, true},
		"a POST that was never sent is surely not accepted": {[]scripted{{err: refused}}, http.MethodPost, 1, false, false},
		"a POST is repeated after a short 429":              {[]scripted{limited(`{"retry_after":0.5}`, nil)}, http.MethodPost, 2, true, false},
		"a POST is not repeated for ever after 429s": {[]scripted{
			limited(`{"retry_after":0.5}`, nil), limited(`{"retry_after":0.5}`, nil), limited(`{"retry_after":0.5}`, nil), limited(`{"retry_after":0.5}`, nil),
		}, http.MethodPost, 3, false, false},
		"a refusal is not repeated": {[]scripted{{status: 400, body: `{"code":50035,"message":"Invalid Form Body"}`}}, http.MethodGet, 1, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := &script{answers: tt.answers}
				c := newScripted(t, s)
				err := c.do(t.Context(), tt.method, "channels/1/messages", map[string]int{"a": 1}, nil)
				if (err == nil) != tt.ok || s.requests() != tt.sent {
					t.Fatalf("error %v after %d requests, want ok %v after %d", err, s.requests(), tt.ok, tt.sent)
				}
				if err != nil && asError(t, err).Maybe != tt.maybe {
					t.Errorf("error %+v, want Maybe %v", asError(t, err), tt.maybe)
				}
				for _, body := range s.nonces {
					if body != `{"a":1}` {
						t.Errorf("a request went out with the body %q", body)
					}
				}
			})
		})
	}
}

func TestRequestsGoToTheConfiguredAPI(t *testing.T) {
	t.Parallel()
	for api, want := range map[string]string{
		"":                             "https://discord.com/api/v10/users/@me",
		"http://127.0.0.1:8080":        "http://127.0.0.1:8080/api/v10/users/@me",
		"https://proxy.test/api/":      "https://proxy.test/api/v10/users/@me",
		"https://proxy.test/d/api/v9":  "https://proxy.test/d/api/v9/users/@me",
		"https://proxy.test/d/api/v11": "https://proxy.test/d/api/v11/users/@me",
	} {
		var got, agent, token string
		c, err := New(Options{Token: "secret", APIURL: api, Version: "1.2", Homepage: "https://paper.test", Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			got, agent, token = r.URL.String(), r.Header.Get("User-Agent"), r.Header.Get("Authorization")
			return nil, errors.New("enough")
		})})
		if err != nil {
			t.Fatal(err)
		}
		c.do(t.Context(), http.MethodPost, "users/@me", nil, nil)
		if got != want || agent != "DiscordBot (https://paper.test, 1.2)" || token != "Bot secret" {
			t.Errorf("with %q: %s as %q with %q, want %s", api, got, agent, token, want)
		}
	}
	for _, bad := range []string{"discord.com", "ftp://discord.com/api", "://"} {
		if _, err := New(Options{Token: "t", APIURL: bad}); err == nil {
			t.Errorf("address %q accepted", bad)
		}
	}
	if _, err := New(Options{Token: " "}); err == nil {
		t.Error("empty token accepted")
	}
}
