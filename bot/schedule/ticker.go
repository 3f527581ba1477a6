package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Ticker starts the program's own periodic jobs (polling, due digests, the quiet
// hour's cleaning) on cron. A job that still runs when its time comes again is
// skipped; one that panics is logged and runs again at its next time. Add the
// jobs, then call Run once.
type Ticker struct {
	// Grace is how long running jobs may go on after Run's context has ended;
	// then their own context ends too. 0 ends it at once.
	Grace time.Duration

	log  *slog.Logger
	jobs []tick
}

// tick is a job with its times.
type tick struct {
	name string
	when cron.Schedule
	run  func(context.Context)
}

// NewTicker returns a Ticker without jobs that logs to log.
func NewTicker(log *slog.Logger) *Ticker { return &Ticker{log: log} }

// Add registers a job under a name of its own. spec is a cron line in UTC or
// "@every 15s"; it is written by programmers, so words and the MinInterval of
// Parse do not apply.
func (t *Ticker) Add(name, spec string, job func(context.Context)) error {
	for _, other := range t.jobs {
		if other.name == name {
			return fmt.Errorf("add job %s: the name is taken", name)
		}
	}
	if strings.Contains(spec, "TZ=") {
		return fmt.Errorf("add job %s: spec %q names a time zone; jobs run on UTC", name, spec)
	}
	when, err := cron.ParseStandard(spec)
	if err != nil {
		return fmt.Errorf("add job %s: %w", name, err)
	}
	if when.Next(time.Now()).IsZero() {
		return fmt.Errorf("add job %s: spec %q never runs", name, spec)
	}
	t.jobs = append(t.jobs, tick{name, when, job})
	return nil
}

// Run starts the jobs at their times until ctx ends, then starts no more, waits
// for those that run and returns nil. Their context has ctx's values and ends
// Grace after it.
func (t *Ticker) Run(ctx context.Context) error {
	jobs, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	c := cron.New(cron.WithLocation(time.UTC), cron.WithLogger(logger{t.log}))
	for _, j := range t.jobs {
		log := logger{t.log.With("job", j.name)}
		// Skip must be the outer one: it hands its token back after the call
		// without a defer, so a panic that passes it stops the job for ever.
		chain := cron.NewChain(cron.SkipIfStillRunning(log), cron.Recover(log))
		c.Schedule(j.when, chain.Then(cron.FuncJob(func() { j.run(jobs) })))
	}
	c.Start()
	<-ctx.Done()
	idle := c.Stop()
	grace := time.NewTimer(t.Grace)
	defer grace.Stop()
	select {
	case <-idle.Done():
	case <-grace.C:
		cancel()
		<-idle.Done()
	}
	return nil
}

// logger hands cron's messages to slog. What cron calls information is noise
// (every wake-up, every skip), so it is debug here.
type logger struct{ log *slog.Logger }

// Info implements cron.Logger. Of what cron tells, all but a skipped run happens
// at every tick of every job and says nothing.
func (l logger) Info(msg string, keysAndValues ...any) {
	if msg == "skip" {
		l.log.Debug("job skipped: it is still running", keysAndValues...)
	}
}

// Error implements cron.Logger; a recovered panic arrives here with its stack.
func (l logger) Error(err error, msg string, keysAndValues ...any) {
	l.log.Error("job failed", append([]any{"kind", msg, "error", err}, keysAndValues...)...)
}
