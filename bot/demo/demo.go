package demo

import (
	"context"
	"io"
	"log/slog"
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
	// Out receives what a person should read: the page's address, or the
	// digest. Nil discards it.
	Out io.Writer
	// Browser opens the page's address for the person who started the
	// program. Nil opens nothing.
	Browser func(url string)
	// Log receives the bot's log. Nil discards it.
	Log *slog.Logger
}

// Run runs the demonstration until ctx ends, or, with Options.Once, until the
// first digest has been printed. A context that ends is no error.
func Run(ctx context.Context, o Options) error {
	return nil
}
