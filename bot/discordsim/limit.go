package discordsim

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// The limits as they have been observed (Discord documents only that clients
// read them off the headers).
const (
	globalRequests  = 50
	globalWindow    = time.Second
	channelPosts    = 5
	channelWindow   = 5 * time.Second
	crossposts      = 10
	crosspostWindow = time.Hour
)

// bucket is one fixed window: it opens with its first request.
type bucket struct {
	limit  int
	window time.Duration
	used   int
	until  time.Time
}

// take counts a request and returns how long to wait instead, 0 if it may pass.
func (b *bucket) take(now time.Time) time.Duration {
	if !now.Before(b.until) {
		b.used, b.until = 0, now.Add(b.window)
	}
	if b.used >= b.limit {
		return b.until.Sub(now)
	}
	b.used++
	return 0
}

// limits are the rate limits in force.
type limits struct {
	global  bucket
	buckets map[string]*bucket
}

// SetUnlimited switches the rate limits off or on again, as Options.Unlimited does.
func (s *Sim) SetUnlimited(off bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.Unlimited = off
}

// bucketFor is the bucket of a request, nil when its route has none here.
func (l *limits) bucketFor(c *call) (b *bucket, name string) {
	limit, window := channelPosts, channelWindow
	switch {
	case strings.HasSuffix(c.route.template, "/crosspost"):
		limit, window = crossposts, crosspostWindow
	case c.method == http.MethodGet, !strings.Contains(c.route.template, "/{channel_id}/messages"):
		return nil, ""
	}
	name = c.method + c.route.template + c.params["channel_id"]
	if l.buckets == nil {
		l.buckets = map[string]*bucket{}
	}
	if l.buckets[name] == nil {
		l.buckets[name] = &bucket{limit: limit, window: window}
	}
	return l.buckets[name], name
}

// limit answers 429 to a request over a limit.
func (s *Sim) limit(c *call) (reply, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.o.Unlimited {
		return reply{}, false
	}
	now := time.Now()
	l := &s.limits
	l.global.limit, l.global.window = globalRequests, globalWindow
	if !c.route.open {
		if wait := l.global.take(now); wait > 0 {
			return limited(LimitGlobal, wait.Seconds()), true
		}
	}
	b, _ := l.bucketFor(c)
	if b == nil {
		return reply{}, false
	}
	wait := b.take(now)
	if wait == 0 {
		return reply{}, false
	}
	kind := LimitUser
	if b.limit == crossposts {
		kind = LimitShared
	}
	r := limited(kind, wait.Seconds())
	s.addLimitHeaders(c, &r)
	return r, true
}

// addLimitHeaders tells the client about its bucket; s.mu is held.
func (s *Sim) addLimitHeaders(c *call, r *reply) {
	if s.o.Unlimited {
		return
	}
	b, name := s.limits.bucketFor(c)
	if b == nil {
		return
	}
	if r.header == nil {
		r.header = http.Header{}
	}
	wait := max(time.Until(b.until), 0)
	h := r.header
	h.Set("X-RateLimit-Limit", fmt.Sprint(b.limit))
	h.Set("X-RateLimit-Remaining", fmt.Sprint(b.limit-b.used))
	h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(b.until.UnixMilli())/1000))
	h.Set("X-RateLimit-Reset-After", fmt.Sprintf("%.3f", wait.Seconds()))
	h.Set("X-RateLimit-Bucket", fmt.Sprintf("%x", name))
}
