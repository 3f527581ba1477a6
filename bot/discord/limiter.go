package discord

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	// perSecond is Discord's global limit of requests per bot and second.
	perSecond = 50
	// second is the window of perSecond, with room for requests that the network
	// brings closer together.
	second = 1050 * time.Millisecond
	// patience is the longest a request waits here for its turn; a longer wait
	// goes back to the caller at once, as an *Error with RetryAfter.
	patience = 30 * time.Second
	// maxInvalid answers (401, 403, 429) within invalidWindow close the breaker.
	// Discord bans an address at 10,000.
	maxInvalid    = 1000
	invalidWindow = 10 * time.Minute
	// maxBuckets bounds the limits remembered; idle ones go first.
	maxBuckets = 4096
)

// limiter keeps Discord's rate limits for one bot: 50 requests a second over
// all, one bucket per route and major id as the answers describe them, a pause
// of everything after a global refusal, and a breaker before Discord bans us.
type limiter struct {
	log *slog.Logger

	mu      sync.Mutex
	sent    [perSecond]time.Time // times of the last requests, a ring
	oldest  int
	paused  time.Time          // no request that counts globally before
	blocked time.Time          // no request at all before
	buckets map[string]*bucket // by route, and by Discord's own name
	invalid []time.Time        // answers that count towards a ban
	dead    *Error
	died    chan struct{} // closed when dead is set
}

// bucket is one limit of Discord. Before its first answer it lets one request
// through at a time.
type bucket struct {
	limit, remaining int
	known            bool
	reset            time.Time
	flying           int
	changed          chan struct{}
}

// permit is the right to send one request.
type permit struct {
	rt route
	b  *bucket // nil for callbacks
}

func newLimiter(log *slog.Logger) *limiter {
	return &limiter{log: log, buckets: map[string]*bucket{}, died: make(chan struct{})}
}

// admit waits until a request on rt may be sent. It fails when the token is
// dead, when ctx ends, and at once when the wait would pass patience or ctx's
// deadline.
func (l *limiter) admit(ctx context.Context, rt route) (permit, *Error) {
	for {
		if err := ctx.Err(); err != nil {
			return permit{}, &Error{Err: context.Cause(ctx), unsent: true}
		}
		p, at, changed, dead := l.take(rt)
		switch {
		case dead != nil:
			return permit{}, dead
		case at.IsZero() && changed == nil:
			return p, nil
		}
		wait := time.Until(at)
		if deadline, ok := ctx.Deadline(); changed == nil && (wait > patience || ok && at.After(deadline)) {
			return permit{}, &Error{Status: http.StatusTooManyRequests, RetryAfter: wait, unsent: true}
		}
		var timer <-chan time.Time
		if changed == nil {
			timer = time.After(wait)
		}
		select {
		case <-timer:
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// take gives a permit, or says when (at) or after what (changed) to ask again.
func (l *limiter) take(rt route) (p permit, at time.Time, changed <-chan struct{}, dead *Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	switch {
	case l.dead != nil:
		return permit{}, time.Time{}, nil, l.dead
	case l.blocked.After(now):
		return permit{}, l.blocked, nil, nil
	case rt.callback:
		return permit{rt: rt}, time.Time{}, nil, nil
	}
	if until := l.broken(now); until.After(now) {
		return permit{}, until, nil, nil
	}
	if l.paused.After(now) && !rt.exempt {
		return permit{}, l.paused, nil, nil
	}
	b := l.bucket(rt, now)
	if at, changed := b.free(now); !at.IsZero() || changed != nil {
		return permit{}, at, changed, nil
	}
	if !rt.exempt {
		if free := l.sent[l.oldest].Add(second); free.After(now) {
			return permit{}, free, nil, nil
		}
		l.sent[l.oldest] = now
		l.oldest = (l.oldest + 1) % perSecond
	}
	b.remaining--
	b.flying++
	return permit{rt: rt, b: b}, time.Time{}, nil, nil
}

// free reports when the bucket lets a request through: now (both zero), at
// a time, or after the answer to the one that is out.
func (b *bucket) free(now time.Time) (at time.Time, changed <-chan struct{}) {
	over := !b.reset.After(now)
	room := b.limit - b.flying
	switch {
	case !b.known || over && b.limit == 0:
		if b.flying > 0 {
			return time.Time{}, b.changed
		}
	case over && room <= 0:
		return time.Time{}, b.changed
	case over:
		// A new window begins; its first answer will tell when it ends.
		b.remaining, b.reset = room, now.Add(second)
	case b.remaining <= 0:
		return b.reset, nil
	}
	return time.Time{}, nil
}

// bucket returns the limit that rt falls under.
func (l *limiter) bucket(rt route, now time.Time) *bucket {
	key := rt.template + " " + rt.major
	b := l.buckets[key]
	if b == nil {
		if len(l.buckets) >= maxBuckets {
			for k, old := range l.buckets {
				if old.flying == 0 && !old.reset.After(now) {
					delete(l.buckets, k)
				}
			}
		}
		b = &bucket{changed: make(chan struct{})}
		l.buckets[key] = b
	}
	return b
}

// release gives a permit back when no answer came.
func (l *limiter) release(p permit) {
	if p.b == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p.b.landed()
}

// landed notes that a request is no longer out and wakes those who wait.
func (b *bucket) landed() {
	b.flying--
	close(b.changed)
	b.changed = make(chan struct{})
}

// learn takes the limits from an answer; fail is its refusal, or nil.
func (l *limiter) learn(p permit, res *http.Response, fail *Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if p.b != nil {
		p.b.read(res.Header, now)
		p.b.landed()
		l.rename(p, res.Header.Get("X-RateLimit-Bucket"))
	}
	if fail == nil {
		return
	}
	if fail.Status == http.StatusTooManyRequests {
		until := now.Add(fail.RetryAfter)
		switch {
		case fail.blanket:
			l.blocked = later(l.blocked, until)
			l.log.Error("discord refuses this address", "wait", fail.RetryAfter, "answer", fail.Message)
		case fail.global:
			l.paused = later(l.paused, until)
			l.log.Warn("discord's global limit reached", "wait", fail.RetryAfter)
		case p.b != nil:
			p.b.known, p.b.remaining, p.b.reset = true, 0, later(now, until)
		}
	}
	l.count(p.rt, fail, now)
}

// rename joins the permit's route with the other routes of the same channel,
// guild or webhook for which Discord names the same limit.
func (l *limiter) rename(p permit, hash string) {
	if hash == "" {
		return
	}
	name := "#" + hash + " " + p.rt.major
	if shared := l.buckets[name]; shared != nil {
		l.buckets[p.rt.template+" "+p.rt.major] = shared
		return
	}
	l.buckets[name] = p.b
}

// read takes a bucket's state from the headers of an answer. Answers overtake
// each other, so within a window our own count is only ever lowered; requests
// that are still out are not in Discord's count yet.
func (b *bucket) read(h http.Header, now time.Time) {
	limit, err := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	remaining, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	if err != nil || err2 != nil {
		return // this route has no limit of its own
	}
	if !b.known || b.limit == 0 {
		b.remaining = remaining - (b.flying - 1)
	}
	b.known, b.limit = true, limit
	b.remaining = min(b.remaining, remaining)
	b.reset = now.Add(headerSeconds(h, "X-RateLimit-Reset-After"))
}

// count notes an answer that Discord counts towards a ban, and the end of the
// token.
func (l *limiter) count(rt route, fail *Error, now time.Time) {
	if fail.Fatal() && !rt.exempt && l.dead == nil {
		l.dead = fail
		close(l.died)
	}
	switch fail.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
	case http.StatusTooManyRequests:
		if fail.shared {
			return
		}
	default:
		return
	}
	l.invalid = append(l.invalid, now)
	if len(l.invalid) == maxInvalid {
		l.log.Error("too many refused requests, waiting", "count", maxInvalid, "within", invalidWindow)
	}
}

// cause returns why died is closed.
func (l *limiter) cause() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead == nil {
		return nil
	}
	return l.dead
}

// broken returns until when the breaker keeps requests back.
func (l *limiter) broken(now time.Time) time.Time {
	i := 0
	for i < len(l.invalid) && l.invalid[i].Add(invalidWindow).Before(now) {
		i++
	}
	l.invalid = l.invalid[i:]
	if len(l.invalid) < maxInvalid {
		return time.Time{}
	}
	return l.invalid[len(l.invalid)-maxInvalid].Add(invalidWindow)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
