package discordsim

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Forever is a count of times that does not run out.
const Forever = 1 << 30

// fault is one scripted misfortune of REST requests.
type fault struct {
	match string
	left  int
	reply *reply
	delay time.Duration
	drop  bool
	// accepted: the request is served before reply is sent instead of its answer.
	accepted bool
}

type faults struct {
	list   []*fault
	outage bool
}

// Fail answers the next n matching requests with the status instead of serving
// them: 500, 502, 503 and so on, with the body Discord gives it.
//
// A match is "METHOD /path" below the API's version, where * stands for one
// part of a path ("POST /channels/*/messages") and a path that ends in /** for
// any rest; an empty match, or an empty method ("/gateway"), matches any.
// Faults are met in the order they were scripted, each by its own count; a
// Delay also passes on to the next one that matches.
func (s *Sim) Fail(match string, status, n int) {
	r := failure(status)
	s.script(&fault{match: match, left: n, reply: &r})
}

// FailAccepted serves the next n matching requests and then answers with the
// status all the same: the 502 of a proxy that lost the answer.
func (s *Sim) FailAccepted(match string, status, n int) {
	r := failure(status)
	s.script(&fault{match: match, left: n, reply: &r, accepted: true})
}

// failure is a status as Discord, or the proxy before it, words it.
func failure(status int) reply {
	text := fmt.Sprintf("%d: %s", status, http.StatusText(status))
	if status == http.StatusBadGateway || status == http.StatusGatewayTimeout {
		// These come from Discord's proxy, which does not speak JSON.
		return reply{status: status, raw: []byte("<html><title>" + text + "</title></html>\n"),
			header: http.Header{"Content-Type": {"text/html"}}}
	}
	return refusal(status, 0, text)
}

// FailCode answers the next n matching requests with one of Discord's JSON
// error codes: 403 and 50013, 404 and 10003.
func (s *Sim) FailCode(match string, status, code, n int) {
	r := refusal(status, code, fmt.Sprintf("Scripted error %d", code))
	s.script(&fault{match: match, left: n, reply: &r})
}

// Delay serves the next n matching requests only after d, or breaks them off
// when the client gives up first.
func (s *Sim) Delay(match string, d time.Duration, n int) {
	s.script(&fault{match: match, left: n, delay: d})
}

// DropAnswer serves the next n matching requests and then breaks the
// connection: the client cannot know that they were accepted.
func (s *Sim) DropAnswer(match string, n int) {
	s.script(&fault{match: match, left: n, drop: true})
}

// RateLimit answers the next n matching requests with a 429 of the kind.
func (s *Sim) RateLimit(match string, kind Limit, retryAfter time.Duration, n int) {
	r := limited(kind, retryAfter.Seconds())
	if kind == LimitUser || kind == LimitShared {
		r.header.Set("X-RateLimit-Limit", "5")
		r.header.Set("X-RateLimit-Remaining", "0")
		r.header.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", retryAfter.Seconds()))
		r.header.Set("X-RateLimit-Bucket", "scripted")
	}
	s.script(&fault{match: match, left: n, reply: &r})
}

// Outage makes Discord unreachable, or reachable again: REST connections are
// refused, gateway connections cut and refused.
func (s *Sim) Outage(on bool) {
	s.mu.Lock()
	s.faults.outage = on
	s.mu.Unlock()
	if on {
		s.CutGateway()
	}
}

// ClearFaults forgets every scripted REST fault.
func (s *Sim) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.list = nil
}

func (s *Sim) script(f *fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.list = append(s.faults.list, f)
}

// meet finds the fault for a request and sits out its delays. nil: none.
func (s *Sim) meet(c *call) (*fault, error) {
	s.mu.Lock()
	if s.closed || s.faults.outage {
		s.mu.Unlock()
		return nil, fmt.Errorf("discordsim: connection refused")
	}
	var delay time.Duration
	var found *fault
	for _, f := range s.faults.list {
		if f.left == 0 || !matches(f.match, c.method, c.path) {
			continue
		}
		f.left--
		if f.delay == 0 {
			found = &fault{reply: copyReply(f.reply), drop: f.drop, accepted: f.accepted}
			break
		}
		delay += f.delay
	}
	s.mu.Unlock()
	if delay == 0 {
		return found, nil
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return found, nil
	case <-c.ctx.Done():
		return nil, c.ctx.Err()
	case <-s.done:
		return nil, errDropped
	}
}

// copyReply copies what serving would change.
func copyReply(r *reply) *reply {
	if r == nil {
		return nil
	}
	c := *r
	c.header = r.header.Clone()
	return &c
}

func matches(pattern, method, path string) bool {
	want, wantPath, found := strings.Cut(pattern, " ")
	if !found {
		want, wantPath = "", pattern
		if !strings.HasPrefix(pattern, "/") {
			want, wantPath = pattern, ""
		}
	}
	if want != "" && want != method {
		return false
	}
	if wantPath == "" {
		return true
	}
	parts, got := strings.Split(wantPath, "/"), strings.Split(path, "/")
	for i, p := range parts {
		if p == "**" {
			return true
		}
		if i >= len(got) || p != "*" && p != got[i] {
			return false
		}
	}
	return len(parts) == len(got)
}
