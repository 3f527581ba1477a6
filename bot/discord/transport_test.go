package discord

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestRoutesAreToldApartAsDiscordDoes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		method, path string
		want         route
	}{
		"a message in a channel": {
			"POST", "channels/123/messages",
			route{method: "POST", template: "POST/channels/{id}/messages", major: "123"},
		},
		"one message": {
			"PATCH", "channels/123/messages/456",
			route{method: "PATCH", template: "PATCH/channels/{id}/messages/{id}", major: "123", idempotent: true},
		},
		"a server": {
			"GET", "guilds/9/members/8",
			route{method: "GET", template: "GET/guilds/{id}/members/{id}", major: "9", idempotent: true},
		},
		"commands": {
			"PUT", "applications/7/commands",
			route{method: "PUT", template: "PUT/applications/{id}/commands", idempotent: true},
		},
		"a first answer": {
			"POST", "interactions/5/aTokenWithDigits1/callback",
			route{method: "POST", template: "POST/interactions/{id}/{token}/callback", callback: true, exempt: true},
		},
		"an edited answer": {
			"PATCH", "webhooks/5/aToken/messages/@original",
			route{method: "PATCH", template: "PATCH/webhooks/{id}/{token}/messages/@original", major: "5/aToken", exempt: true, idempotent: true},
		},
		"a further answer": {
			"POST", "webhooks/5/aToken",
			route{method: "POST", template: "POST/webhooks/{id}/{token}", major: "5/aToken", exempt: true},
		},
		"the gateway's address": {"GET", "gateway", route{method: "GET", template: "GET/gateway", idempotent: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, base := range []string{"https://discord.com/api/v9/", "https://discord.com/"} {
				r, err := http.NewRequest(tt.method, base+tt.path+"?limit=5", nil)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.want, routeOf(r), cmp.AllowUnexported(route{})); diff != "" {
					t.Errorf("%s%s: %s", base, tt.path, diff)
				}
			}
		})
	}
}

func TestAnswersAreRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		status int
		header map[string]string
		body   string
		method string
		want   *Error
	}{
		"a success":    {200, nil, `{"code":5}`, "GET", nil},
		"no content":   {204, nil, ``, "GET", nil},
		"a refusal":    {403, nil, `{"code":50013,"message":"Missing Permissions"}`, "POST", &Error{Status: 403, Code: 50013, Message: "Missing Permissions"}},
		"what is bad":  {400, nil, `{"code":50035,"message":"Invalid Form Body","errors":{"content":{"_errors":[]}}}`, "POST", &Error{Status: 400, Code: 50035, Message: `Invalid Form Body {"content":{"_errors":[]}}`}},
		"no JSON":      {404, nil, "<html>\n 404 </html>", "GET", &Error{Status: 404, Message: "<html> 404 </html>", blanket: true}},
		"a 500 to GET": {500, nil, `{"code":0,"message":"oops"}`, "GET", &Error{Status: 500, Message: "oops"}},
		"a 500 to POST": {
			503, map[string]string{"Retry-After": "3"}, `{"code":130000,"message":"overloaded"}`, "POST",
			&Error{Status: 503, Code: 130000, Message: "overloaded", Maybe: true, RetryAfter: 3 * time.Second},
		},
		"a limit, from the body": {
			429, map[string]string{"Retry-After": "1", "X-RateLimit-Scope": "shared"}, `{"message":"m","retry_after":1163.25}`, "POST",
			&Error{Status: 429, Message: "m", RetryAfter: 1163250 * time.Millisecond, shared: true},
		},
		"a limit, from the header": {
			429, map[string]string{"Retry-After": "2", "X-RateLimit-Global": "true"}, `{"message":"m"}`, "POST",
			&Error{Status: 429, Message: "m", RetryAfter: 2 * time.Second, global: true},
		},
		"a ban":            {429, nil, "banned", "POST", &Error{Status: 429, Message: "banned", RetryAfter: blanketPause, blanket: true}},
		"an absurd limit":  {429, nil, `{"retry_after":1e300}`, "POST", &Error{Status: 429, RetryAfter: 24 * time.Hour}},
		"a negative limit": {429, nil, `{"retry_after":-5}`, "POST", &Error{Status: 429}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for k, v := range tt.header {
				h.Set(k, v)
			}
			got := answerError(&http.Response{StatusCode: tt.status, Header: h}, []byte(tt.body), route{method: tt.method})
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(Error{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestErrorsAreJudgedByTheirCode(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		e    Error
		want string // the claims that hold
	}{
		"no answer":                  {Error{Err: io.ErrUnexpectedEOF}, "temporary"},
		"a rate limit":               {Error{Status: 429, RetryAfter: time.Second}, "temporary"},
		"a bad gateway":              {Error{Status: 502}, "temporary"},
		"overload":                   {Error{Status: 400, Code: 130000}, "temporary"},
		"too many edits":             {Error{Status: 400, Code: 20028}, "temporary"},
		"perhaps accepted":           {Error{Maybe: true}, "temporary"},
		"an unknown channel":         {Error{Status: 404, Code: 10003}, "gone"},
		"an unknown server":          {Error{Status: 404, Code: 10004}, "gone"},
		"an unknown message":         {Error{Status: 404, Code: 10008}, ""},
		"no access":                  {Error{Status: 403, Code: 50001}, "forbidden"},
		"no permission":              {Error{Status: 403, Code: 50013}, "forbidden"},
		"a forbidden without a code": {Error{Status: 403}, "forbidden"},
		"a locked thread":            {Error{Status: 400, Code: 160005}, "forbidden"},
		"an archived thread":         {Error{Status: 400, Code: 50083}, "forbidden"},
		"a forum that demands tags":  {Error{Status: 400, Code: 40067}, "forbidden"},
		"a blocked User-Agent":       {Error{Status: 403, Code: 40333}, "fatal"},
		"a wrong token":              {Error{Status: 401}, "fatal"},
		"a wrong token by its code":  {Error{Status: 400, Code: 50014}, "fatal"},
		"an ended interaction":       {Error{Status: 401, Code: 50027}, ""},
		"an unknown webhook":         {Error{Status: 401, Code: 10015}, ""},
		"a form that is wrong":       {Error{Status: 400, Code: 50035}, ""},
		"wrong intents":              {Error{Code: 4014}, "fatal"},
		"a session timed out":        {Error{Code: 4009}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for claim, holds := range map[string]bool{
				"temporary": tt.e.Temporary(), "gone": tt.e.Gone(), "forbidden": tt.e.Forbidden(), "fatal": tt.e.Fatal(),
			} {
				if holds {
					got = append(got, claim)
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%v is %q, want %q", &tt.e, got, tt.want)
			}
		})
	}
}

func TestErrorsSayWhatHappened(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection reset")
	e := &Error{Status: 503, Code: 130000, Message: "busy", Err: cause, RetryAfter: time.Second}
	if got, want := e.Error(), "discord: status 503: code 130000: busy: connection reset (retry after 1s)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if !errors.Is(fmt.Errorf("send: %w", e), cause) {
		t.Error("the cause is lost")
	}
	if u := (&UserError{Text: "No.", Hint: "Try."}).Error(); u != "No. Try." {
		t.Errorf("%q", u)
	}
}

func TestBackoffGrowsAndVaries(t *testing.T) {
	t.Parallel()
	seen := map[time.Duration]bool{}
	for attempt := 1; attempt <= 6; attempt++ {
		whole := time.Second << (attempt - 1)
		for range 50 {
			d := backoff(time.Second, attempt)
			if d < whole/2 || d > whole {
				t.Fatalf("attempt %d waits %v, want %v to %v", attempt, d, whole/2, whole)
			}
			seen[d] = true
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d different waits of 300", len(seen))
	}
	if d := backoff(time.Second, 1000); d <= 0 {
		t.Errorf("a late attempt waits %v", d)
	}
}

func TestPausesBetweenConnections(t *testing.T) {
	t.Parallel()
	session := &resumption{SessionID: "s"}
	for name, tt := range map[string]struct {
		end      ending
		failures int
		min, max time.Duration
		resume   bool
	}{
		"the first loss":                  {ending{err: io.EOF}, 1, 500 * time.Millisecond, time.Second, true},
		"a demand to reconnect":           {ending{op: 7, keep: true}, 1, 0, time.Second, true},
		"demand after demand":             {ending{op: 7, keep: true}, 3, 2 * time.Second, 4 * time.Second, true},
		"an invalid session":              {ending{op: 9}, 1, time.Second, 5 * time.Second, false},
		"an invalid session to resume":    {ending{op: 9, keep: true}, 1, time.Second, 5 * time.Second, true},
		"a session that timed out":        {ending{code: 4009}, 1, 500 * time.Millisecond, time.Second, false},
		"a wrong sequence":                {ending{code: 4007}, 1, 500 * time.Millisecond, time.Second, false},
		"an unknown error":                {ending{code: 4000}, 1, 500 * time.Millisecond, time.Second, true},
		"four losses in a row":            {ending{err: io.EOF}, 4, 4 * time.Second, 8 * time.Second, false},
		"a hundred losses in a row":       {ending{err: io.EOF}, 100, maxBackoff / 2, maxBackoff, false},
		"an invalid session for the 10th": {ending{op: 9}, 10, 2 * time.Minute, maxBackoff, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 50 {
				g := &gateway{session: session}
				if d := g.pause(tt.end, tt.failures); d < tt.min || d > tt.max {
					t.Fatalf("pause of %v, want %v to %v", d, tt.min, tt.max)
				}
				if g.resumable() != tt.resume {
					t.Fatalf("resumes: %v, want %v", g.resumable(), tt.resume)
				}
			}
		})
	}
}

func TestSecureConnectionsAreChecked(t *testing.T) {
	t.Parallel()
	client, server := net.Pipe()
	go func() {
		go io.Copy(io.Discard, server)
		io.WriteString(server, "HTTP/1.1 400 Bad Request\r\n\r\n")
	}()
	c, err := New(Options{Token: "t", Dial: func(context.Context, string, string) (net.Conn, error) { return client, nil }})
	if err != nil {
		t.Fatal(err)
	}
	a := (&gateway{c: c}).attempt(t.Context())
	if conn, err := a.dialTLS(t.Context(), "tcp", "gateway.test:443"); err == nil || conn != nil {
		t.Fatalf("a server without TLS gave %v, %v", conn, err)
	}
	if _, err := client.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the connection is left open: %v", err)
	}
	if _, err := a.dialTLS(t.Context(), "tcp", "no port"); err == nil {
		t.Error("an address without a port was dialled")
	}
}

func TestConnectionsAfterTheEndAreClosed(t *testing.T) {
	t.Parallel()
	client, _ := net.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	c, err := New(Options{Token: "t", Dial: func(context.Context, string, string) (net.Conn, error) {
		cancel() // the attempt ends while it dials
		return client, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	a := (&gateway{c: c}).attempt(ctx)
	if _, err := a.dial(t.Context(), "tcp", "gateway.test:80"); !errors.Is(err, context.Canceled) {
		t.Errorf("dial gave %v", err)
	}
	if _, err := client.Write([]byte("x")); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the connection is left open: %v", err)
	}
}

func TestResumesGoWhereDiscordSaid(t *testing.T) {
	t.Parallel()
	c := newScripted(t, &script{always: &scripted{status: 200, body: `{"url":"wss://gateway.test"}`}})
	for name, tt := range map[string]struct {
		session *resumption
		want    string
	}{
		"a new session":                {nil, `{"url":"wss://gateway.test"}`},
		"a session to resume":          {&resumption{url: "wss://resume.test"}, `{"url":"wss://resume.test"}`},
		"a session without an address": {&resumption{}, `{"url":"wss://gateway.test"}`},
	} {
		a := (&gateway{c: c, session: tt.session}).attempt(t.Context())
		r, err := http.NewRequest(http.MethodGet, "https://discord.com/api/v9/gateway", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := gatewayAddress{a}.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(res.Body); err != nil || string(b) != tt.want {
			t.Errorf("%s: %s, %v, want %s", name, b, err, tt.want)
		}
	}
}

func TestShardsAreChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		shard, shards int
		ok            bool
	}{{0, 0, true}, {0, 1, true}, {2, 3, true}, {3, 3, false}, {1, 0, false}, {-1, 2, false}} {
		if _, err := New(Options{Token: "t", Shard: tt.shard, Shards: tt.shards}); (err == nil) != tt.ok {
			t.Errorf("shard %d of %d: %v", tt.shard, tt.shards, err)
		}
	}
}

func TestRewriteKeepsQueries(t *testing.T) {
	t.Parallel()
	base, err := apiBase("http://127.0.0.1:9/api/v10/")
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse("https://discord.com/api/v9/channels/1/messages?limit=100&after=5")
	if err != nil {
		t.Fatal(err)
	}
	want := &url.URL{Scheme: "http", Host: "127.0.0.1:9", Path: "/api/v10/channels/1/messages", RawQuery: "limit=100&after=5"}
	if diff := cmp.Diff(want, (&transport{base: base}).rewrite(u), cmpopts.IgnoreUnexported(url.URL{})); diff != "" {
		t.Error(diff)
	}
}
