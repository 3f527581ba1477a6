package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

const (
	// gapShown is how long admins see that articles may have been missed.
	gapShown = 7 * 24 * time.Hour
	// retryPause is how soon after a failure another try is worth a request.
	retryPause = time.Minute
	// removedShown is how many removals one reply can offer to undo: four
	// components each, of Discord's forty.
	removedShown = 9
)

// FeedRow is how f is doing as of now, under its own name.
func FeedRow(f store.Feed, now time.Time) render.FeedRow {
	row := render.FeedRow{
		Title: feedName(f, ""), SiteURL: f.SiteURL, LastPoll: f.LastPoll, NextPoll: f.NextPoll, FailingSince: f.FailingSince,
		ErrorKind: f.LastErrorKind, Paused: f.Paused, Gone: f.Gone,
	}
	if f.WaitUntil.After(row.NextPoll) {
		row.NextPoll = f.WaitUntil
	}
	if f.Told == store.ToldSilent && f.FailingSince.IsZero() {
		if row.SilentSince = f.NewestAt; row.SilentSince.IsZero() {
			row.SilentSince = f.CreatedAt
		}
	}
	if !f.GapAt.IsZero() && now.Sub(f.GapAt) < gapShown {
		row.GapAt, row.GapItems = f.GapAt, f.GapItems
	}
	return row
}

// row is how the feed of a subscription is doing.
func row(s store.Subscription) render.FeedRow {
	row := FeedRow(s.Feed, time.Now())
	row.Title, row.ChannelID, row.Instant = s.Name(), s.ChannelID, s.Mode == store.ModeInstant
	row.Paused = row.Paused || s.Paused
	return row
}

// feedHealth answers /feeds health: the feeds that fail, have ended or fallen
// silent, or may have lost articles.
func (c *commands) feedHealth(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	return c.unwell(ctx, r, 0)
}

// healthPage turns its pages: argument page.
func (c *commands) healthPage(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	args, err := numbers(r, 1)
	if err != nil {
		return discord.Reply{}, err
	}
	reply, err := c.unwell(ctx, r, int(min(args[0], maxPage)))
	reply.Update = true
	return reply, err
}

func (c *commands) unwell(ctx context.Context, r *discord.Request, page int) (discord.Reply, error) {
	subs, err := c.Store.Subscriptions(ctx, store.SubscriptionFilter{GuildID: r.GuildID})
	if err != nil {
		return discord.Reply{}, err
	}
	var all []render.FeedNotice
	at, feedsHere := map[int64]int{}, map[int64]bool{}
	for _, s := range subs {
		feedsHere[s.FeedID] = true
		// What somebody has paused is not missed.
		if s.Paused || !row(s).Unwell() {
			continue
		}
		i, seen := at[s.FeedID]
		if !seen {
			i = len(all)
			at[s.FeedID] = i
			all = append(all, render.FeedNotice{FeedRow: row(s), FeedID: s.FeedID, GuildID: r.GuildID})
		}
		all[i].Channels = append(all[i].Channels, s.ChannelID)
	}
	return discord.Reply{Message: render.FeedHealth(c.reader(ctx, r), all, len(feedsHere), page)}, nil
}

// feedInfo answers /feeds info.
func (c *commands) feedInfo(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	sub, err := c.namedSubscription(ctx, r, r.Options["feed"], "feeds list")
	if err != nil {
		return discord.Reply{}, err
	}
	f := sub.Feed
	d := render.FeedDetails{
		FeedNotice: render.FeedNotice{FeedRow: row(sub), FeedID: f.ID, GuildID: r.GuildID, Channels: []int64{sub.ChannelID}},
		URL:        feeds.MaskURL(f.State.URL), Interval: f.State.Interval, Pace: f.State.Pace, NewestAt: f.NewestAt, Detail: f.LastError,
	}
	return discord.Reply{Message: render.FeedInfo(c.reader(ctx, r), d)}, nil
}

// office is r as if made in a server by somebody who manages it: where it was
// made there, or in a direct message by such a person. Everybody else is refused.
func (c *commands) office(ctx context.Context, r *discord.Request, guildID int64) (*discord.Request, error) {
	at := *r
	switch {
	case guildID <= 0 || r.GuildID != 0 && r.GuildID != guildID:
		return nil, outdated(r)
	case r.GuildID == 0:
		has, err := c.Discord.MemberPermissions(ctx, guildID, r.UserID)
		if err != nil {
			return nil, fmt.Errorf("ask for permissions: %w", err)
		}
		at.GuildID, at.Permissions = guildID, has
	}
	if !isAdmin(&at) {
		return nil, refuse(r, "error.admin")
	}
	return &at, nil
}

// officeOf is office for the server of a channel.
func (c *commands) officeOf(ctx context.Context, r *discord.Request, channel string) (*discord.Request, error) {
	if r.GuildID != 0 {
		return c.office(ctx, r, r.GuildID)
	}
	id, err := strconv.ParseInt(channel, 10, 64)
	if err != nil || id <= 0 {
		return nil, outdated(r)
	}
	ch, err := c.Discord.Channel(ctx, id)
	var refused *discord.Error
	switch {
	case errors.As(err, &refused) && (refused.Gone() || refused.Forbidden()):
		return nil, refuse(r, "error.vanished")
	case err != nil:
		return nil, fmt.Errorf("look up channel: %w", err)
	}
	return c.office(ctx, r, ch.GuildID)
}

// onFeed answers a button under the news of a feed: arguments feed, server. do
// is given the server's subscriptions of the feed, one at least.
func (c *commands) onFeed(do func(context.Context, *discord.Request, []store.Subscription) (discord.Reply, error)) discord.Handler {
	return func(ctx context.Context, r *discord.Request) (discord.Reply, error) {
		args, err := numbers(r, 2)
		if err != nil {
			return discord.Reply{}, err
		}
		if r, err = c.office(ctx, r, args[1]); err != nil {
			return discord.Reply{}, err
		}
		if args[0] == 0 {
			return discord.Reply{}, outdated(r)
		}
		subs, err := c.Store.Subscriptions(ctx, store.SubscriptionFilter{FeedID: args[0], GuildID: r.GuildID})
		if err != nil {
			return discord.Reply{}, err
		}
		if len(subs) == 0 {
			return discord.Reply{}, refuse(r, "error.vanished")
		}
		return do(ctx, r, subs)
	}
}

// retryFeed visits a feed now, unless its server has asked not to. One that was
// stopped for its errors starts again for everyone.
func (c *commands) retryFeed(ctx context.Context, r *discord.Request, subs []store.Subscription) (discord.Reply, error) {
	f, p, name := subs[0].Feed, printer(r), discord.Escape(subs[0].Name())
	reader := c.reader(ctx, r)
	asked := func(until time.Time) discord.Reply {
		return say(p.T("feeds.asked", "feed", name, "date", p.Moment(until.In(reader.Zone))))
	}
	fails := func(kind string) discord.Reply {
		return say(p.T("feeds.stillfails", "feed", name, "reason", render.FeedError(r.Locale, kind)))
	}
	asks := f.WaitUntil.After(time.Now())
	if !asks && !f.FailingSince.IsZero() && time.Since(f.LastPoll) < retryPause {
		return fails(f.LastErrorKind), nil
	}
	if f.Paused || f.Gone {
		if err := c.Store.SetFeedPaused(ctx, f.ID, false); err != nil {
			return discord.Reply{}, err
		}
	}
	if asks {
		return asked(f.WaitUntil), nil
	}
	visit, err := c.Visitor.VisitNow(ctx, f.ID)
	switch {
	case errors.Is(err, store.ErrLeaseLost):
		return discord.Reply{}, refuse(r, "error.visiting")
	case err != nil:
		return discord.Reply{}, fmt.Errorf("visit feed: %w", err)
	case visit.Deferred:
		return asked(visit.Next), nil
	case visit.Err != nil:
		return fails(string(visit.Err.Kind)), nil
	}
	c.Arrived()
	return say(p.T("feeds.works", "feed", name)), nil
}

// pauseHere pauses a feed in every channel of the server.
func (c *commands) pauseHere(ctx context.Context, r *discord.Request, subs []store.Subscription) (discord.Reply, error) {
	p, lines := printer(r), make([]string, 0, len(subs))
	for _, sub := range subs[:min(len(subs), removedShown)] {
		lines = append(lines, p.T("feeds.held", "feed", discord.Escape(sub.Name()), "channel", mention(sub.ChannelID),
			"command", "`"+p.Command("feeds resume")+"`"))
	}
	for _, sub := range subs {
		sub.Paused = true
		if err := c.Store.UpdateSubscription(ctx, sub); err != nil {
			return discord.Reply{}, missing(r, err, "error.vanished")
		}
	}
	return say(strings.Join(lines, "\n")), nil
}

// removeHere removes a feed from every channel of the server.
func (c *commands) removeHere(ctx context.Context, r *discord.Request, subs []store.Subscription) (discord.Reply, error) {
	var all discord.Message
	for _, sub := range slices.Backward(subs) {
		message, err := c.remove(ctx, r, sub)
		if err != nil {
			return discord.Reply{}, err
		}
		if len(all.Components) < removedShown {
			all.Components = append(all.Components, message.Components...)
		}
	}
	return discord.Reply{Message: all}, nil
}
