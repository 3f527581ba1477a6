package feeds

import (
	"context"
	"maps"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"
)

// hosts keeps requests to one host apart: one at a time, with a pause between
// them. Hosts do not wait for each other.
type hosts struct {
	spacing time.Duration

	mu      sync.Mutex
	table   map[string]*host
	embargo map[string]time.Time // registrable domain → not before
}

// host is the queue of one host. The slot holds a token while nobody has it.
type host struct {
	slot    chan struct{}
	waiting int
	free    time.Time // when the next request may start
}

func newHosts(spacing time.Duration) *hosts {
	return &hosts{spacing: spacing, table: map[string]*host{}, embargo: map[string]time.Time{}}
}

// spacingOf is the pause between two requests to a host. Reddit allows about
// one request a minute to readers that are not logged in.
func (h *hosts) spacingOf(name string) time.Duration {
	if name == redditHost {
		return max(h.spacing, time.Minute)
	}
	return h.spacing
}

// redditHost stands for all hosts of Reddit.
const redditHost = "reddit.com"

// queue is how long a request to the host would wait for its turn.
func (h *hosts) queue(name string) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.table[name]
	if e == nil {
		return 0
	}
	return max(0, time.Until(e.free)) + time.Duration(e.waiting)*h.spacingOf(name)
}

// acquire waits for the host's turn. release must be called when the answer has
// been read.
func (h *hosts) acquire(ctx context.Context, name string) (release func(), err error) {
	h.mu.Lock()
	e := h.table[name]
	if e == nil {
		h.prune()
		e = &host{slot: make(chan struct{}, 1)}
		e.slot <- struct{}{}
		h.table[name] = e
	}
	e.waiting++
	h.mu.Unlock()
	leave := func() {
		h.mu.Lock()
		e.waiting--
		h.mu.Unlock()
	}
	select {
	case <-e.slot:
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
	h.mu.Lock()
	pause := time.Until(e.free)
	h.mu.Unlock()
	if err := wait(ctx, pause); err != nil {
		e.slot <- struct{}{}
		leave()
		return nil, err
	}
	return func() {
		h.mu.Lock()
		e.waiting--
		e.free = time.Now().Add(h.spacingOf(name))
		h.mu.Unlock()
		e.slot <- struct{}{}
	}, nil
}

// wait sleeps until d has passed or ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// prune forgets hosts that nobody waits for and whose pause is over, and domains
// that may be asked again. It runs with the lock held, when a host is added and
// the table has grown large.
func (h *hosts) prune() {
	if len(h.table) < 1024 || len(h.table)&(len(h.table)-1) != 0 {
		return
	}
	now := time.Now()
	for name, e := range h.table {
		if e.waiting == 0 && e.free.Before(now) {
			delete(h.table, name)
		}
	}
	maps.DeleteFunc(h.embargo, func(_ string, until time.Time) bool { return !until.After(now) })
}

// forbid keeps everybody from a registrable domain until the given time: rate
// limits count per customer of a domain, not per name below it.
func (h *hosts) forbid(name string, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	domain := registrable(name)
	if h.embargo[domain].Before(until) {
		h.embargo[domain] = until
	}
}

// forbidden is the time until which a domain wants to be left alone, zero if it
// does not.
func (h *hosts) forbidden(name string, now time.Time) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.embargo) == 0 {
		return time.Time{} // the rule; looking a name up costs as much as a whole feed's row
	}
	domain := registrable(name)
	until := h.embargo[domain]
	if until.IsZero() || !until.After(now) {
		delete(h.embargo, domain)
		return time.Time{}
	}
	return until
}

// registrable is the part of a host name that somebody registered, by the
// Public Suffix List; an address is itself.
func registrable(name string) string {
	if domain, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil && strings.ContainsAny(name, "abcdefghijklmnopqrstuvwxyz") {
		return domain
	}
	return name
}

// hostOf is the name under which a URL's host is queued. All of Reddit's names
// share one limit and therefore one queue.
func hostOf(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if strings.HasSuffix(name, "."+redditHost) {
		return redditHost
	}
	return name
}
