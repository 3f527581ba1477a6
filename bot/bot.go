// Package bot is the program: it wires the rooms together and runs them. The
// borders of the program are a World; everything inside is real in every test.
package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"broadsheet/bot/command"
	"broadsheet/bot/discord"
	"broadsheet/bot/metrics"
	"broadsheet/bot/schedule"
	"broadsheet/bot/store"
	"broadsheet/config"
	"broadsheet/feeds"
)

// World is what lies outside the program.
type World struct {
	// Web carries requests to feeds and pages; nil is the guarded transport of
	// package feeds.
	Web http.RoundTripper
	// Discord carries requests to Discord's API; nil is http.DefaultTransport.
	Discord http.RoundTripper
	// Dial opens the gateway's connection; nil dials TCP.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Log receives the program's log; nil discards it.
	Log *slog.Logger
	// Connected is called each time the gateway is ready; it may be nil.
	Connected func(Connected)
	// Version is what the program calls itself on the web and to Discord.
	Version string
}

// Connected says who the bot is.
type Connected struct {
	Name   string // the bot's user name
	Invite string // address that adds the bot to a server with the permissions it needs
	Guilds int    // servers it is in
}

// program is the running parts.
type program struct {
	cfg      *config.Config
	world    World
	log      *slog.Logger
	registry *prometheus.Registry
	metrics  *metrics.Metrics
	store    *store.Store
	web      *feeds.Client
	discord  *discord.Client
	router   *discord.Router
	poller   *Poller
	reader   *Reader
	press    *Press
	sender   *Sender
	herald   *herald
	health   *health
	instant  chan struct{}
}

// Run runs the bot until ctx ends or a part of it fails for good. A refused
// token is an error for which errors.As finds a *discord.Error whose Fatal is
// true. Everything that was accepted before the end is kept: what is not sent
// goes out after the next start.
func Run(ctx context.Context, cfg *config.Config, w World) (err error) {
	p, err := assemble(ctx, cfg, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.store.Close()) }()
	release, err := p.store.LockRun(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	// What fails now, because Discord does not answer, is tried again once connected.
	p.logged(ctx, "declared feeds and digests not reconciled", p.reconcile(ctx))
	return p.run(ctx)
}

func assemble(ctx context.Context, cfg *config.Config, w World) (*program, error) {
	if w.Log == nil {
		w.Log = slog.New(slog.DiscardHandler)
	}
	p := &program{cfg: cfg, world: w, log: w.Log, registry: prometheus.NewRegistry(), instant: make(chan struct{}, 1)}
	p.metrics = metrics.New(p.registry)
	p.web = NewClient(cfg, w, p.metrics)
	p.router = discord.NewRouter(w.Log)
	p.router.Words = command.Words
	var err error
	p.discord, err = discord.New(discord.Options{
		Token: cfg.Discord.Token.Reveal(), APIURL: cfg.Discord.APIURL, Transport: w.Discord, Dial: w.Dial,
		Log: w.Log, Version: w.Version, Homepage: homepage(cfg.Fetch.Contact),
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the Discord client: %w", err)
	}
	p.store, err = store.Open(ctx, cfg.Database, store.Options{Log: w.Log})
	if err != nil {
		return nil, err
	}
	p.poller = NewPoller(p.store, p.web, PollerOptions{
		Concurrency: cfg.Fetch.Concurrency, Soonest: cfg.Fetch.Interval, Timeout: cfg.Fetch.Timeout,
		Arrived: p.arrived, Metrics: p.metrics, Log: w.Log,
	})
	p.reader = &Reader{store: p.store, web: p.web, metrics: p.metrics, log: w.Log}
	p.sender = &Sender{
		store: p.store, wire: p.discord, metrics: p.metrics, log: w.Log, grace: cfg.Run.Grace,
		wake: make(chan struct{}, 1),
	}
	p.herald = &herald{store: p.store, people: p.discord, log: w.Log, zone: cfg.Digest.Timezone, wake: p.sender.Wake}
	p.sender.tell = p.herald.tell
	p.press = NewPress(p.store, p.metrics, w.Log, cfg, p.sender.Wake)
	p.health = newHealth(p)
	command.Register(p.router, command.Deps{
		Store: p.store, Web: p.web, Discord: p.discord, Visitor: p.poller, Press: p.press, Log: w.Log,
		Arrived: p.arrived, Zone: cfg.Digest.Timezone,
	})
	return p, nil
}

// NewClient returns the web client that cfg asks for, on w's border.
func NewClient(cfg *config.Config, w World, m *metrics.Metrics) *feeds.Client {
	transport := w.Web
	if transport == nil {
		transport = feeds.NewTransport(cfg.Fetch.AllowNetworks)
	}
	spacing := cfg.Fetch.HostSpacing
	if spacing == 0 {
		spacing = -1 // for the client 0 means its default
	}
	return feeds.NewClient(feeds.ClientOptions{
		Transport: m.Transport("web", transport), UserAgent: userAgent(cfg, w.Version), Timeout: cfg.Fetch.Timeout,
		MinInterval: cfg.Fetch.Interval, MaxInterval: cfg.Fetch.MaxInterval, HostSpacing: spacing,
		Concurrency: cfg.Fetch.Concurrency, MaxBytes: cfg.Fetch.MaxBytes, Log: w.Log,
	})
}

// homepage is the operator's contact where that is an address, which Discord
// wants in the User-Agent.
func homepage(contact string) string {
	if strings.HasPrefix(contact, "http://") || strings.HasPrefix(contact, "https://") {
		return contact
	}
	return ""
}

// userAgent names the program and where its operator can be reached, as polite
// readers do.
func userAgent(cfg *config.Config, version string) string {
	contact := cfg.Fetch.Contact
	if contact == "" {
		return "Broadsheet/" + version
	}
	return fmt.Sprintf("Broadsheet/%s (+%s)", version, contact)
}

// run holds the program's parts together: the first that fails ends the rest.
func (p *program) run(ctx context.Context) error {
	ticker, err := p.jobs()
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	p.poller.Start(ctx)
	defer p.poller.Stop()
	group.Go(func() error { return p.gateway(ctx) })
	group.Go(func() error { return ticker.Run(ctx) })
	group.Go(func() error { return p.sender.Run(ctx) })
	group.Go(func() error { return p.catchUp(ctx) })
	group.Go(func() error { return p.instantLoop(ctx) })
	group.Go(func() error { return p.waitingDigests(ctx) })
	group.Go(func() error { return p.health.run(ctx) })
	return group.Wait()
}

// heartbeat tells the health check that the schedule lives.
func (p *program) heartbeat(context.Context) error {
	p.health.ticked.Store(time.Now().UnixMilli())
	return nil
}

// catchUp does at once what fell due while the program was not running, and
// not only at the next tick.
func (p *program) catchUp(ctx context.Context) error {
	p.guarded(ctx, "poll", p.poller.Tick)
	p.guarded(ctx, "pages", p.reader.Tick)
	p.guarded(ctx, "digests", p.press.Tick)
	p.guarded(ctx, "instant", p.press.Instant)
	return nil
}

// guarded runs a job outside the ticker under the ticker's rule: its failure,
// and even its panic, ends nothing but itself.
func (p *program) guarded(ctx context.Context, job string, run func(context.Context) error) {
	defer func() {
		if r := recover(); r != nil {
			p.log.Error("job panicked", "job", job, "panic", r, "stack", string(debug.Stack()))
		}
	}()
	if err := run(ctx); err != nil && ctx.Err() == nil {
		p.log.Error("job failed", "job", job, "err", err)
	}
}

// jobs are the periodic ones. Each does what is due and returns; what it could
// not do is due again at the next tick.
func (p *program) jobs() (*schedule.Ticker, error) {
	t := schedule.NewTicker(p.log)
	for _, job := range []struct {
		name, spec string
		run        func(context.Context) error
	}{
		{"poll", "@every 30s", p.poller.Tick},
		{"pages", "@every 1m", p.reader.Tick},
		// Schedules name minutes, so every minute is when a digest can be due.
		{"digests", "* * * * *", p.press.Tick},
		{"instant", "@every 1m", p.press.Instant},
		{"gauges", "@every 1m", p.gauges},
		{"heartbeat", "@every 30s", p.heartbeat},
		{"parked channels", "@every 15m", p.reviewAllParked},
		{"feed health", "@every 5m", p.herald.Tick},
		{"retention", "17 4 * * *", p.prune},
	} {
		err := t.Add(job.name, job.spec, func(ctx context.Context) {
			begun := time.Now()
			p.guarded(ctx, job.name, job.run)
			p.metrics.Job(job.name, time.Since(begun))
		})
		if err != nil {
			return nil, fmt.Errorf("add job %s: %w", job.name, err)
		}
	}
	return t, nil
}

// arrived wakes what waits for new articles.
func (p *program) arrived() {
	select {
	case p.instant <- struct{}{}:
	default:
	}
}

// waitingWait is how long digests that had to wait for seconds are left alone.
const waitingWait = 5 * time.Second

// waitingDigests prints the digests that were due and had to wait for seconds:
// the job looks only when a digest can become due.
func (p *program) waitingDigests(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-p.press.waiting:
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(waitingWait):
		}
		p.guarded(ctx, "waiting digests", p.press.Tick)
	}
}

// instantLoop posts new articles of instant subscriptions as they arrive, once
// their pages have been read, or at the latest pageWait after they came; the
// periodic job of the same work is for what a crash or a limit left behind.
func (p *program) instantLoop(ctx context.Context) error {
	read := make(chan struct{}, 1) // the pages that waited have been read
	reading, more := false, false
	var late <-chan time.Time
	begin := func() {
		reading, more = true, false
		go func() {
			p.guarded(ctx, "pages", p.reader.Tick)
			read <- struct{}{}
		}()
	}
	for {
		select {
		case <-ctx.Done():
			if reading {
				<-read
			}
			return nil
		case <-p.instant:
			more = true
		case <-read:
			reading = false
		case <-late:
		}
		if more && !reading {
			begin()
		}
		p.guarded(ctx, "instant", p.press.Instant)
		late = p.press.late()
	}
}
