package feeds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestEveryErrorSpeaksToAPerson(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err       Error
		words     string
		temporary bool
	}{
		{Error{Kind: Temporary, Status: 502}, "502 Bad Gateway", true},
		{Error{Kind: Temporary, Err: context.DeadlineExceeded}, "did not answer in time", true},
		{Error{Kind: Temporary, Err: os.ErrDeadlineExceeded}, "did not answer in time", true},
		{Error{Kind: Temporary, Err: io.ErrUnexpectedEOF}, "broke off", true},
		{Error{Kind: Temporary, Status: 200, Err: errEmpty}, "empty document", true},
		{Error{Kind: Temporary, Status: 200, Err: io.ErrUnexpectedEOF}, "broke off", true},
		{Error{Kind: Unreachable, Err: &net.DNSError{IsNotFound: true}}, "name does not exist", true},
		{Error{Kind: Unreachable, Err: &net.DNSError{}}, "name could not be looked up", true},
		{Error{Kind: Unreachable, Err: fmt.Errorf("dial: %w", syscall.ECONNREFUSED)}, "refuses connections", true},
		{Error{Kind: Unreachable}, "cannot be reached", true},
		{Error{Kind: RateLimited, Status: 429}, "less often", true},
		{Error{Kind: Gone, Status: 410}, "ended it", false},
		{Error{Kind: NotFound, Status: 404}, "nothing at this address", false},
		{Error{Kind: Forbidden, Status: 401}, "user name and password", false},
		{Error{Kind: Forbidden, Status: 402}, "paid", false},
		{Error{Kind: Forbidden, Status: 403}, "refuses to show it", false},
		{Error{Kind: Forbidden, Status: 451}, "legal reasons", false},
		{Error{Kind: Forbidden, Status: 403, Err: errChallenge}, "human", false},
		{Error{Kind: Malformed, Err: errDeep}, "nested too deeply", false},
		{Error{Kind: Malformed}, "unknown cause", false},
		{Error{Kind: NotFeed}, "web page", false},
		{Error{Kind: TooLarge}, "too large", false},
		{Error{Kind: Private}, "private network", false},
		{Error{Kind: Invalid}, "http://", false},
		{Error{Kind: Redirected}, "circle", false},
	}
	seen := map[string]bool{}
	for _, tt := range tests {
		e := tt.err
		e.URL = "https://a.example/secret"
		words := e.Words()
		if !strings.Contains(words, tt.words) || strings.Contains(words, "a.example") || !strings.HasSuffix(words, ".") {
			t.Errorf("%s %d: words %q, want %q in a sentence without the address", e.Kind, e.Status, words, tt.words)
		}
		if e.Temporary() != tt.temporary {
			t.Errorf("%s: temporary %v", e.Kind, e.Temporary())
		}
		if text := e.Error(); !strings.Contains(text, string(e.Kind)) || !strings.Contains(text, e.URL) {
			t.Errorf("%s: error %q", e.Kind, text)
		}
		if e.Err != nil && !errors.Is(&e, e.Err) {
			t.Errorf("%s does not unwrap", e.Kind)
		}
		seen[words] = true
	}
	if len(seen) < 20 {
		t.Errorf("%d different sentences", len(seen))
	}
}

func TestRetryAfterIsReadInEveryForm(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		header, value string
		want          time.Duration
	}{
		"seconds":           {"Retry-After", "120", 2 * time.Minute},
		"spaces":            {"Retry-After", " 120 ", 2 * time.Minute},
		"date":              {"Retry-After", "Mon, 02 Mar 2026 09:30:00 GMT", 30 * time.Minute},
		"date in the past":  {"Retry-After", "Mon, 02 Mar 2026 08:30:00 GMT", 0},
		"zero":              {"Retry-After", "0", 0},
		"negative":          {"Retry-After", "-5", 0},
		"words":             {"Retry-After", "later", 0},
		"draft header":      {"RateLimit-Reset", "60", time.Minute},
		"reddit's":          {"X-RateLimit-Reset", "41.5", 41*time.Second + 500*time.Millisecond},
		"since 1970":        {"X-RateLimit-Reset", fmt.Sprint(now.Add(time.Hour).Unix()), time.Hour},
		"1970, in the past": {"X-RateLimit-Reset", fmt.Sprint(now.Add(-time.Hour).Unix()), 0},
		"the draft's":       {"RateLimit", `"default";r=0;t=30`, 30 * time.Second},
		"beyond all dates":  {"X-RateLimit-Reset", "1e300", 0},
		"no number":         {"X-RateLimit-Reset", "NaN", 0},
		"none":              {"X-Other", "5", 0},
	} {
		h := http.Header{}
		h.Set(tt.header, tt.value)
		if got := retryAfter(h, now); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func TestRetryAfterAsADateGoesByTheServersClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	h := http.Header{}
	h.Set("Date", "Mon, 02 Mar 2026 06:00:00 GMT") // three hours slow
	h.Set("Retry-After", "Mon, 02 Mar 2026 06:20:00 GMT")
	if got := retryAfter(h, now); got != 20*time.Minute {
		t.Errorf("%v, want 20m", got)
	}
}

func TestTransportErrorsAreToldApart(t *testing.T) {
	t.Parallel()
	dial := func(cause error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: cause} }
	for name, tt := range map[string]struct {
		err  error
		kind Kind
	}{
		"private address":    {dial(fmt.Errorf("%w: 10.0.0.1", errPrivate)), Private},
		"refused":            {dial(syscall.ECONNREFUSED), Unreachable},
		"no route":           {dial(syscall.EHOSTUNREACH), Unreachable},
		"no such name":       {dial(&net.DNSError{IsNotFound: true}), Unreachable},
		"reset":              {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, Temporary},
		"cut":                {io.ErrUnexpectedEOF, Temporary},
		"time is up":         {context.DeadlineExceeded, Temporary},
		"within a url error": {&url.Error{Op: "Get", URL: "https://u:p@a.example/", Err: dial(syscall.ECONNREFUSED)}, Unreachable},
	} {
		e := classify(t.Context(), tt.err, "https://u:p@a.example/?token=s")
		if e.Kind != tt.kind {
			t.Errorf("%s: kind %s, want %s", name, e.Kind, tt.kind)
		}
		if text := e.Error(); strings.Contains(text, "u:p") || strings.Contains(text, "token=s") {
			t.Errorf("%s: a secret shows in %q", name, text)
		}
	}
}
