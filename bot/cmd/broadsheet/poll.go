package main

import (
	"context"
	"errors"
	"fmt"

	"broadsheet/bot"
)

// pollCmd visits feeds once.
type pollCmd struct {
	All  bool `help:"Visit every feed whose server has not asked to wait, not only those that are due."`
	Once bool `help:"Accepted for compatibility: a poll is always one round."`
	JSON bool `name:"json" help:"Print one JSON object."`
}

// Help is the command's detailed help.
func (pollCmd) Help() string {
	return `Visits the feeds that are due once, stores what is new and ends. A feed that fails is
counted and fails nothing. It needs no Discord.

Example:

    broadsheet poll
    broadsheet poll --all --json`
}

// polled is the JSON of a round of visits.
type polled struct {
	bot.PollStats
	TookMS int64 `json:"took_ms"`
}

// Run implements the command.
func (c pollCmd) Run(ctx context.Context, a *app) (err error) {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	web, err := a.web()
	if err != nil {
		return err
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	bar := a.progress(-1, "visited feeds")
	defer bar.done()
	poller := bot.NewPoller(s, web, bot.PollerOptions{
		Concurrency: cfg.Fetch.Concurrency, Soonest: cfg.Fetch.Interval, Timeout: cfg.Fetch.Timeout, Visited: bar.step, Log: a.log(cfg),
	})
	round := poller.Due
	if c.All {
		round = poller.All
	}
	stats, err := round(ctx)
	if err != nil {
		return fmt.Errorf("poll: %w", err)
	}
	bar.done()
	if c.JSON {
		return a.json(polled{stats, stats.Took.Milliseconds()})
	}
	_, err = fmt.Fprintf(a.stdout, "%d feeds visited: %d changed, %d unchanged, %d failed, %d asked to wait. %d new articles.\n",
		stats.Feeds, stats.Changed, stats.Unchanged, stats.Failed, stats.Waiting, stats.NewArticles)
	return err
}
