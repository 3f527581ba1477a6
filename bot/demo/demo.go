package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet/bot"
	"broadsheet/bot/discordsim"
)

// Options says how the demonstration is run. The zero value is usable.
type Options struct {
	// Listen is the address of the page and of the newspapers,
	// "127.0.0.1:0" when empty.
	Listen string
	// Once prints the first digest as text to Out and returns.
	Once bool
	// Feeds are addresses of real feeds, read in place of the sample
	// newspapers. Reaching them needs a network.
	Feeds []string
	// Out receives what a person should read: the page's address and the
	// digest, or with Once the digest alone. Nil discards it.
	Out io.Writer
	// Browser opens the page's address for the person who started the
	// program. Nil opens nothing.
	Browser func(url string)
	// Log receives the bot's log. Nil discards it.
	Log *slog.Logger
	// Version is what the bot calls itself.
	Version string

	document *discordsim.Document // Discord's own document, for tests to judge requests by
}

// errPrinted ends a demonstration that was asked for one digest.
var errPrinted = errors.New("the digest is printed")

// Run runs the demonstration until ctx ends, or, with Options.Once, until the
// first digest has been printed. A context that ends is no error. The bot is
// the one that bot.Run is everywhere; its database is a temporary file.
func Run(ctx context.Context, o Options) (err error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("listen for the demo: %w", err)
	}
	s, err := newStage(o, listener.Addr())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	dir, err := os.MkdirTemp("", "broadsheet-demo-")
	if err != nil {
		return errors.Join(fmt.Errorf("make room for the demo's database: %w", err), listener.Close())
	}
	defer func() { err = errors.Join(err, s.sim.Close(), os.RemoveAll(dir)) }()
	cfg, err := s.config(filepath.Join(dir, "demo.db"))
	if err != nil {
		return errors.Join(err, listener.Close())
	}

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.serve(ctx, listener) })
	group.Go(func() error { return bot.Run(ctx, cfg, s.world()) })
	group.Go(func() error { return s.play(ctx) })
	if err := group.Wait(); err != nil && !errors.Is(err, errPrinted) && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// serve answers the page, the newspapers and the simulated Discord's control
// endpoint until ctx ends.
func (s *stage) serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 10 * time.Second,
		// The page's stream of events would otherwise outlive the program.
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() {
		// Nobody is owed an answer when the demonstration ends.
		if err := server.Close(); err != nil {
			s.o.Log.Debug("demo page not closed cleanly", "err", err)
		}
	})
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the demo page: %w", err)
	}
	return nil
}

// world is the bot's world: the simulated Discord and the real web, of which
// the newspapers on loopback are a part.
func (s *stage) world() bot.World {
	return bot.World{
		Discord: s.sim.Transport(), Dial: s.sim.Dial, Log: s.o.Log, Version: s.o.Version,
		Connected: func(bot.Connected) { s.ready.Do(func() { close(s.connected) }) },
	}
}

// newSim makes the simulated Discord. What the bot sends wrongly is logged as
// an error: the demonstration is a check of the bot, too.
func newSim(log *slog.Logger, document *discordsim.Document) *discordsim.Sim {
	return discordsim.New(discordsim.Options{
		Document:  document,
		Violation: func(rule string) { log.Error("request against Discord's rules", "rule", rule) },
		Log:       log,
	})
}
