package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/time/rate"
)

const (
	// openTime is the longest that a connection may take until READY.
	openTime = 60 * time.Second
	// settled is how long a connection must have lived for the next failure to
	// count as a new one.
	settledAfter = time.Minute
	// spread is the longest random pause before every connection.
	spread = 100 * time.Millisecond
	// maxBackoff is the longest pause between two connections.
	maxBackoff = 5 * time.Minute
)

// gateway is the state of one Run.
type gateway struct {
	c       *Client
	ev      Events
	events  *queue
	running sync.WaitGroup // requests being answered, and discordgo's ends
	// identifies keeps well below Discord's 1,000 new sessions a day, at which
	// it resets the token.
	identifies *rate.Limiter
	handling   context.Context // of handlers: outlives Run's by the grace

	mu       sync.Mutex
	current  *attempt // the only one whose events count; nil at the end
	session  *resumption
	sequence int64 // of the session's last event
}

// Run connects to the gateway and keeps the connection: it reconnects with
// pauses, resumes where Discord lets it, and ends a connection that has gone
// silent. It returns nil when ctx ends, after the requests being answered are
// done or a few seconds of grace have passed, and a *Error with Fatal() when
// Discord will not have us: a wrong token, intents, shards.
func (c *Client) Run(ctx context.Context, ev Events) error {
	handling, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	events, endEvents := context.WithCancel(handling)
	g := &gateway{
		c: c, ev: ev, events: newQueue(), handling: handling,
		identifies: rate.NewLimiter(rate.Every(100*time.Second), 20),
	}
	g.running.Go(func() { g.events.run(events) })
	err := g.loop(ctx)
	g.mu.Lock()
	g.current = nil
	g.mu.Unlock()
	endEvents()
	timer := time.AfterFunc(grace, cancel)
	defer timer.Stop()
	g.running.Wait()
	return err
}

// loop connects again and again.
func (g *gateway) loop(ctx context.Context) error {
	failures := 0
	for {
		begun := time.Now()
		end := g.connect(ctx)
		g.c.connected.Store(false)
		if ctx.Err() != nil {
			return nil
		}
		var fail *Error
		if errors.As(end.err, &fail) && fail.Fatal() {
			return fail
		}
		if fail := (&Error{Code: end.code, Err: end.err}); end.code != 0 && fail.Fatal() {
			return fail
		}
		if time.Since(begun) > settledAfter {
			failures = 0
		}
		failures++
		pause := g.pause(end, failures)
		g.c.log.Warn("gateway connection ended", "lived", time.Since(begun).Round(time.Millisecond),
			"err", end.err, "resume", g.resumable(), "pause", pause.Round(time.Millisecond))
		if sleep(ctx, pause) != nil {
			return nil
		}
	}
}

// pause decides what to do about an ended connection: whether its session can
// be resumed, and how long to wait before the next.
func (g *gateway) pause(end ending, failures int) time.Duration {
	// Source: Discord's documentation, "Gateway Close Event Codes".
	switch end.code {
	case 1000, 1001, 4003, 4007, 4009:
		g.forget()
	}
	if end.op == 9 {
		if !end.keep {
			g.forget()
		}
		// The documentation asks for one to five seconds here.
		return max(time.Second+rand.N(4*time.Second), g.backoff(failures-1))
	}
	if failures > 3 {
		g.forget() // the session may be what is wrong
	}
	if end.op == 7 && failures == 1 {
		return rand.N(time.Second)
	}
	return g.backoff(failures)
}

func (g *gateway) backoff(failures int) time.Duration {
	if failures < 1 {
		return 0
	}
	return min(backoff(time.Second, min(failures, 12)), maxBackoff-rand.N(maxBackoff/4))
}

// forget makes the next connection begin a new gateway session.
func (g *gateway) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.session = nil
}

// resumable reports whether the next connection goes on with a session.
func (g *gateway) resumable() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.session != nil
}

// attempt makes the next connection the current one. An event of an earlier
// one that is still being read no longer counts; Discord sends it again.
func (g *gateway) attempt(ctx context.Context) *attempt {
	g.mu.Lock()
	defer g.mu.Unlock()
	a := &attempt{g: g, ctx: ctx, ready: make(chan struct{}), ended: make(chan struct{})}
	if g.session != nil {
		resume := *g.session
		resume.Sequence = g.sequence
		a.resume = &resume
	}
	g.current = a
	return a
}

// connect opens a connection and returns when it has ended, and why.
func (g *gateway) connect(ctx context.Context) ending {
	if !g.resumable() {
		if err := g.identifies.Wait(ctx); err != nil {
			return ending{err: err}
		}
	}
	// Many clients started at once spread out, and heartbeats fall on no round
	// time, where scheduled work does.
	if err := sleep(ctx, rand.N(spread)); err != nil {
		return ending{err: err}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends a request or a dial under way
	a := g.attempt(ctx)
	s, err := a.session()
	if err != nil {
		return ending{err: err}
	}
	opened := make(chan error, 1)
	go func() { opened <- s.Open() }()
	end, open := a.watch(opened)
	g.running.Go(func() { a.settle(opened, open) })
	return end
}

// event takes a dispatch from discordgo's reader; it must not wait.
func (a *attempt) event(e *discordgo.Event) {
	g := a.g
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.current != a {
		return
	}
	if e.Sequence > 0 {
		g.sequence = e.Sequence
	}
	switch e.Type {
	case "READY":
		a.begin(e.RawData)
	case "RESUMED":
		g.c.log.Info("gateway session resumed")
		a.once.Do(func() { close(a.ready) })
	case "INTERACTION_CREATE":
		g.request(a.ctx, e.RawData)
	default:
		call, err := g.ev.call(g.handling, e.Type, e.RawData)
		if err != nil {
			g.c.log.Warn("event not understood", "err", err)
		} else if call != nil {
			g.events.add(g.c.guarded(e.Type, call))
		}
	}
}

// begin notes a new gateway session.
func (a *attempt) begin(raw json.RawMessage) {
	g := a.g
	var w wireReady
	if err := json.Unmarshal(raw, &w); err != nil {
		g.c.log.Warn("event not understood", "err", fmt.Errorf("decode READY: %w", err))
		return
	}
	g.c.self.Store(w.User.ID)
	g.c.application.Store(w.Application.ID)
	g.session = &resumption{Token: g.c.token, SessionID: w.SessionID, url: w.ResumeURL}
	g.c.log.Info("gateway session begun", "user", w.User.Username, "guilds", len(w.Guilds))
	if g.ev.Ready != nil {
		g.events.add(g.c.guarded("READY", func() { g.ev.Ready(g.handling, w.event()) }))
	}
	a.once.Do(func() { close(a.ready) })
}

// request starts answering an interaction.
func (g *gateway) request(ctx context.Context, raw json.RawMessage) {
	if g.ev.Router == nil || ctx.Err() != nil {
		return
	}
	q, err := decodeRequest(raw)
	if err != nil {
		g.c.log.Warn("interaction refused", "err", err)
		return
	}
	g.running.Go(g.c.guarded("INTERACTION_CREATE", func() { g.c.serve(g.handling, g.ev.Router, q) }))
}
