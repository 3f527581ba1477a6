package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// attemptTime bounds one request with its answer; uploads of 25 MiB included.
	attemptTime = 60 * time.Second
	// maxAnswer bounds the bytes of an answer that we read.
	maxAnswer = 16 << 20
	// maxAttempts bounds how often one request is sent.
	maxAttempts = 3
	// shortWait is the longest rate limit that is waited for on the spot after
	// an answer; longer ones go back to the caller.
	shortWait = 10 * time.Second
	// blanketPause is how long everything rests after a refusal that is not
	// Discord's JSON (Cloudflare's), when it does not say.
	blanketPause = 60 * time.Second
)

// transport is the one http.RoundTripper between discordgo and the network. It
// keeps Discord's rate limits, which discordgo keeps badly and deaf to contexts,
// and turns refusals into *Error. It rewrites requests to the configured API.
type transport struct {
	next      http.RoundTripper
	base      *url.URL
	userAgent string
	log       *slog.Logger
	limits    *limiter
}

// RoundTrip implements http.RoundTripper. Its errors are *Error: for a missing
// answer, for status 429, and for 5xx.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	rt := routeOf(r)
	for attempt := 1; ; attempt++ {
		res, fail := t.attempt(r, rt)
		if fail == nil {
			return res, nil
		}
		wait, again := retry(rt, fail, attempt)
		if !again {
			return nil, fail
		}
		t.log.Debug("discord request repeated", "route", rt.template, "attempt", attempt, "wait", wait, "err", fail)
		if err := sleep(r.Context(), wait); err != nil {
			return nil, fail
		}
	}
}

// retry decides whether the failed request is sent again here, and when. A POST
// that may have been accepted never is: the outbox repeats it with its nonce.
func retry(rt route, fail *Error, attempt int) (time.Duration, bool) {
	if attempt >= maxAttempts || ended(fail) || fail.unsent {
		return 0, false
	}
	if fail.Status == http.StatusTooManyRequests {
		return fail.RetryAfter, fail.RetryAfter <= shortWait
	}
	if fail.Temporary() && rt.idempotent && fail.RetryAfter <= shortWait {
		return max(backoff(500*time.Millisecond, attempt), fail.RetryAfter), true
	}
	return 0, false
}

// backoff returns base, doubled for every attempt after the first, less a
// random part of up to a half, so that clients do not return all at once.
func backoff(base time.Duration, attempt int) time.Duration {
	d := base << min(attempt-1, 20)
	return d - rand.N(d/2+1)
}

// sleep waits for d or until ctx ends.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// attempt sends r once, when the limits allow it.
func (t *transport) attempt(r *http.Request, rt route) (*http.Response, *Error) {
	p, fail := t.limits.admit(r.Context(), rt)
	if fail != nil {
		return nil, fail
	}
	res, body, fail := t.exchange(r)
	if fail != nil {
		t.limits.release(p)
		return nil, fail
	}
	fail = answerError(res, body, rt)
	t.limits.learn(p, res, fail)
	if fail != nil && (fail.Status == http.StatusTooManyRequests || fail.Status >= 500) {
		return nil, fail
	}
	// discordgo would sleep on these, whatever the context says.
	for _, h := range []string{"X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Reset-After", "X-RateLimit-Global", "Retry-After"} {
		res.Header.Del(h)
	}
	return res, nil
}

// exchange sends r to the configured API and reads the whole answer.
func (t *transport) exchange(r *http.Request) (*http.Response, []byte, *Error) {
	ctx, cancel := context.WithTimeout(r.Context(), attemptTime)
	defer cancel()
	out := r.Clone(ctx)
	out.URL = t.rewrite(r.URL)
	out.Host = out.URL.Host
	out.Header.Set("User-Agent", t.userAgent)
	if r.GetBody != nil {
		body, err := r.GetBody()
		if err != nil {
			return nil, nil, &Error{Err: fmt.Errorf("repeat body: %w", err)}
		}
		out.Body = body
	}
	res, err := t.next.RoundTrip(out)
	if err != nil {
		return nil, nil, &Error{Maybe: r.Method != http.MethodGet && !beforeSending(err), Err: plain(err)}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return nil, nil, &Error{Status: res.StatusCode, Maybe: r.Method != http.MethodGet, Err: fmt.Errorf("read answer: %w", err)}
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, body, nil
}

// rewrite turns discordgo's address of an endpoint into that of our API.
func (t *transport) rewrite(u *url.URL) *url.URL {
	out := *t.base
	out.Path = strings.TrimSuffix(t.base.Path, "/") + "/" + endpoint(u)
	out.RawPath = ""
	out.RawQuery = u.RawQuery
	return &out
}

// endpoint returns the part of an API address after its version.
func endpoint(u *url.URL) string {
	path := strings.TrimPrefix(u.Path, "/")
	if rest, ok := strings.CutPrefix(path, "api/"); ok {
		_, path, _ = strings.Cut(rest, "/")
	}
	return path
}

// beforeSending reports whether err happened before a byte of the request could
// leave: only then is a POST surely not accepted.
func beforeSending(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// plain unwraps a *url.Error, whose text holds the address and with it the
// token of an interaction.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// apiError is the JSON of a refusal.
type apiError struct {
	Code       int             `json:"code"`
	Message    string          `json:"message"`
	Errors     json.RawMessage `json:"errors"`
	RetryAfter float64         `json:"retry_after"`
	Global     bool            `json:"global"`
}

// answerError returns the refusal in an answer, or nil for a success.
func answerError(res *http.Response, body []byte, rt route) *Error {
	if res.StatusCode < 400 {
		return nil
	}
	e := &Error{Status: res.StatusCode}
	var a apiError
	if err := json.Unmarshal(body, &a); err != nil {
		e.blanket = true
		e.Message = cut(strings.Join(strings.Fields(string(body)), " "), 120)
	} else {
		e.Code, e.Message = a.Code, a.Message
		if len(a.Errors) > 0 {
			e.Message += " " + cut(string(a.Errors), 500)
		}
	}
	switch {
	case res.StatusCode == http.StatusTooManyRequests:
		e.global = a.Global || res.Header.Get("X-RateLimit-Global") != ""
		e.shared = res.Header.Get("X-RateLimit-Scope") == "shared"
		// The body is right where header and body differ.
		if e.RetryAfter = seconds(a.RetryAfter); e.RetryAfter == 0 {
			e.RetryAfter = headerSeconds(res.Header, "Retry-After")
		}
		if e.RetryAfter == 0 && e.blanket {
			e.RetryAfter = blanketPause
		}
	case res.StatusCode >= 500:
		e.RetryAfter = headerSeconds(res.Header, "Retry-After")
		e.Maybe = rt.method == http.MethodPost
	}
	return e
}

func seconds(s float64) time.Duration {
	// An absurd wait must not overflow; a day is longer than we ever wait.
	return time.Duration(max(0, min(s, 86400)) * float64(time.Second))
}

func headerSeconds(h http.Header, name string) time.Duration {
	f, err := strconv.ParseFloat(h.Get(name), 64)
	if err != nil {
		return 0 // absent, or the date form, which Discord does not send
	}
	return seconds(f)
}
