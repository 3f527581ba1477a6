package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"broadsheet/bot"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
)

// digestCmd prints a digest now.
type digestCmd struct {
	Channel int64  `required:"" placeholder:"ID" help:"The channel's id."`
	Digest  string `placeholder:"NAME" help:"The digest's name, where the channel has several."`
	DryRun  bool   `help:"Print it here and change nothing."`
}

// Help is the command's detailed help.
func (digestCmd) Help() string {
	return `Makes a channel's digest of what is new since the last one. It is queued, and sent by
the running bot; with --dry-run it is printed here and nothing changes.

Example:

    broadsheet digest --channel 1234567890 --dry-run`
}

// Run implements the command.
func (c digestCmd) Run(ctx context.Context, a *app) (err error) {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	open := a.store
	if c.DryRun {
		open = a.reading
	}
	s, err := open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	d, err := c.find(ctx, s)
	if err != nil {
		return err
	}
	press := bot.NewPress(s, nil, a.log(cfg), cfg, func() {})
	if err := press.Declare(ctx, cfg); err != nil {
		return err
	}
	if c.DryRun {
		messages, _, err := press.Preview(ctx, d)
		if err != nil {
			return fmt.Errorf("make digest: %w", err)
		}
		if len(messages) == 0 {
			fmt.Fprintln(a.stderr, "Nothing is new since the last digest.")
			return nil
		}
		_, err = fmt.Fprintln(a.stdout, strings.TrimRight(render.PlainText(messages), "\n"))
		return err
	}
	e, err := press.Run(ctx, d)
	if err != nil {
		return fmt.Errorf("print digest: %w", err)
	}
	if e.Empty() {
		_, err = fmt.Fprintln(a.stdout, "Nothing is new since the last digest: nothing was queued.")
		return err
	}
	_, err = fmt.Fprintf(a.stdout, "Queued %d stories from %d articles; the running bot sends them.\n", e.Stories, e.Articles)
	return err
}

// find is the digest that the flags mean.
func (c digestCmd) find(ctx context.Context, s *store.Store) (store.Digest, error) {
	all, err := s.Digests(ctx, store.DigestFilter{ChannelID: c.Channel, Name: c.Digest})
	if err != nil {
		return store.Digest{}, err
	}
	switch len(all) {
	case 0:
		return store.Digest{}, fmt.Errorf("channel %d has no such digest; /digest create makes one", c.Channel)
	case 1:
		return all[0], nil
	}
	names := make([]string, len(all))
	for i, d := range all {
		names[i] = d.Name
	}
	return store.Digest{}, usageError{fmt.Errorf("channel %d has several digests: choose one of %s with --digest", c.Channel, strings.Join(names, ", "))}
}
