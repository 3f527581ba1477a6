package main

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"broadsheet/bot/store"
	"broadsheet/feeds"
)

// exportCmd prints subscriptions as OPML.
type exportCmd struct {
	Channel int64 `placeholder:"ID" help:"Only the feeds of this channel."`
}

// Help is the command's detailed help.
func (exportCmd) Help() string {
	return `Prints an OPML document that any feed reader takes.

Example:

    broadsheet export > subscriptions.opml`
}

// Run implements the command.
func (c exportCmd) Run(ctx context.Context, a *app) (err error) {
	s, err := a.reading(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	outlines, err := c.outlines(ctx, s)
	if err != nil {
		return err
	}
	var doc bytes.Buffer // whole or not at all
	if err := feeds.WriteOPML(&doc, "Broadsheet", outlines); err != nil {
		return err
	}
	_, err = a.raw.Write(doc.Bytes())
	return err
}

// outlines lists the feeds by title, each once.
func (c exportCmd) outlines(ctx context.Context, s *store.Store) ([]feeds.Outline, error) {
	subscriptions, err := s.Subscriptions(ctx, store.SubscriptionFilter{ChannelID: c.Channel})
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{}
	var list []feeds.Outline
	add := func(f store.Feed, title string) {
		if !seen[f.ID] {
			list = append(list, feeds.Outline{Title: title, URL: f.State.URL, Site: f.SiteURL})
		}
		seen[f.ID] = true
	}
	for _, sub := range subscriptions {
		add(sub.Feed, sub.Name())
	}
	if c.Channel == 0 {
		all, err := everyFeed(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, f := range all {
			add(f, store.Subscription{Feed: f}.Name())
		}
	}
	slices.SortStableFunc(list, func(a, b feeds.Outline) int {
		return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	})
	return list, nil
}

// everyFeed lists the feeds, those that no channel follows among them.
func everyFeed(ctx context.Context, s *store.Store) ([]store.Feed, error) {
	var all []store.Feed
	for {
		var last int64
		if len(all) > 0 {
			last = all[len(all)-1].ID
		}
		page, err := s.Feeds(ctx, last, 1000)
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			return all, nil
		}
		all = append(all, page...)
	}
}
