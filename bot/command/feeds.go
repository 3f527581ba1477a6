package command

import (
	"context"
	"slices"
	"strings"

	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
)

func (c *commands) registerFeeds(r desk) {
	r.Require("feeds", discord.ManageServer)
	r.Command("feeds add", c.addFeed)
	r.Command("feeds list", c.listFeeds)
	r.Command("feeds health", c.feedHealth)
	r.Command("feeds info", c.feedInfo)
	r.Command("feeds remove", c.removeFeed)
	r.Command("feeds pause", c.pauseFeed(true))
	r.Command("feeds resume", c.pauseFeed(false))
	for _, verb := range []string{"info", "remove", "pause", "resume"} {
		r.Autocomplete("feeds "+verb, "feed", c.suggestFeeds)
	}
	for kind, h := range map[string]discord.Handler{
		render.KindChoose: c.chooseFeed, render.KindBacklog: c.answerBacklog,
		render.KindFeeds: c.feedsPage, render.KindHealth: c.healthPage,
	} {
		r.RequireKind(kind, discord.ManageServer)
		r.Component(kind, h)
		r.Updates(kind)
	}
	// These stand under direct messages as well, where Discord tells nobody's
	// permissions: they check them themselves.
	r.Component(render.KindUndo, c.undoRemove)
	r.Updates(render.KindUndo)
	r.Component(render.KindRetry, c.onFeed(c.retryFeed))
	r.Component(render.KindPause, c.onFeed(c.pauseHere))
	r.Component(render.KindRemove, c.onFeed(c.removeHere))
}

func (c *commands) listFeeds(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	var channel int64
	if typed := r.Options["channel"]; typed != "" {
		ch, err := c.known(ctx, r, typed)
		if err != nil {
			return discord.Reply{}, err
		}
		channel = ch.ID
	}
	return c.feedList(ctx, r, channel, 0)
}

// feedsPage turns the pages of the list: arguments page, channel (0 = all).
func (c *commands) feedsPage(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	args, err := numbers(r, 2)
	if err != nil {
		return discord.Reply{}, err
	}
	reply, err := c.feedList(ctx, r, args[1], int(min(args[0], maxPage)))
	reply.Update = true
	return reply, err
}

func (c *commands) feedList(ctx context.Context, r *discord.Request, channel int64, page int) (discord.Reply, error) {
	subs, err := c.Store.Subscriptions(ctx, store.SubscriptionFilter{GuildID: r.GuildID, ChannelID: channel})
	if err != nil {
		return discord.Reply{}, err
	}
	rows := make([]render.FeedRow, len(subs))
	for i, s := range subs {
		rows[i] = row(s)
	}
	return discord.Reply{Message: render.FeedList(c.reader(ctx, r), rows, channel, page)}, nil
}

// pauseFeed answers /feeds pause and /feeds resume.
func (c *commands) pauseFeed(paused bool) discord.Handler {
	return func(ctx context.Context, r *discord.Request) (discord.Reply, error) {
		sub, err := c.namedSubscription(ctx, r, r.Options["feed"], "feeds list")
		if err != nil {
			return discord.Reply{}, err
		}
		sub.Paused = paused
		if err := c.Store.UpdateSubscription(ctx, sub); err != nil {
			return discord.Reply{}, missing(r, err, "error.feed.unknown", "name", discord.Escape(sub.Name()))
		}
		p, name, channel := printer(r), discord.Escape(sub.Name()), mention(sub.ChannelID)
		if paused {
			resume := "`" + p.Command("feeds resume") + "`"
			return say(p.T("feeds.held", "feed", name, "channel", channel, "command", resume)), nil
		}
		if sub.Feed.Paused || sub.Feed.Gone {
			// It was stopped for its errors: whether it can be read again is more
			// than a promise.
			return c.retryFeed(ctx, r, []store.Subscription{sub})
		}
		if err := c.Store.SetFeedPaused(ctx, sub.FeedID, false); err != nil {
			return discord.Reply{}, err
		}
		return say(p.T("feeds.resumed", "feed", name, "channel", channel)), nil
	}
}

// suggestFeeds offers an admin the server's subscriptions, each with its
// channel and how it is doing.
func (c *commands) suggestFeeds(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	subs, err := c.Store.SuggestSubscriptions(ctx, r.GuildID, r.Options[r.Focused], 25)
	if err != nil {
		return discord.Reply{}, err
	}
	ids := make([]int64, len(subs))
	for i, s := range subs {
		ids[i] = s.ChannelID
	}
	names := c.channelNames(ctx, ids)
	choices := make([]discord.Choice, len(subs))
	for i, s := range subs {
		// The end tells equal names apart, so a long name gives way.
		end := healthMark(s)
		if name := names[s.ChannelID]; name != "" {
			end = " · #" + cutRunes(name, 40) + end
		}
		choices[i] = discord.Choice{Name: cutRunes(s.Name(), 100-len([]rune(end))) + end, Value: decimal(s.ID)}
	}
	return discord.Reply{Choices: choices}, nil
}

// suggestSources offers everyone the feeds that the server reads, each once and
// without the channels, of which a member may not see all.
func (c *commands) suggestSources(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	subs, err := c.Store.SuggestSubscriptions(ctx, r.GuildID, r.Options[r.Focused], 100)
	if err != nil {
		return discord.Reply{}, err
	}
	var choices []discord.Choice
	seen := map[int64]bool{}
	for _, s := range subs {
		if !seen[s.FeedID] && len(choices) < 25 {
			seen[s.FeedID] = true
			choices = append(choices, discord.Choice{Name: s.Name(), Value: decimal(s.ID)})
		}
	}
	return discord.Reply{Choices: choices}, nil
}

// healthMark is a sign that says how a subscription's feed is doing; a healthy
// one needs none.
func healthMark(s store.Subscription) string {
	switch {
	case s.Feed.Gone:
		return " ✖"
	case s.Paused || s.Feed.Paused:
		return " ⏸"
	case !s.Feed.FailingSince.IsZero():
		return " ⚠"
	}
	return ""
}

// namedSubscription finds what somebody chose from the suggestions, or typed.
// list is the command that shows all there are, "" for members.
func (c *commands) namedSubscription(ctx context.Context, r *discord.Request, typed, list string) (store.Subscription, error) {
	subs, err := c.Store.Subscriptions(ctx, store.SubscriptionFilter{GuildID: r.GuildID})
	if err != nil {
		return store.Subscription{}, err
	}
	names := make([]string, len(subs))
	for i, s := range subs {
		if decimal(s.ID) == typed {
			return s, nil
		}
		names[i] = s.Name()
	}
	same := slices.DeleteFunc(slices.Clone(subs), func(s store.Subscription) bool {
		return !strings.EqualFold(s.Name(), strings.TrimSpace(typed)) && s.Feed.State.URL != typed
	})
	if len(same) > 1 {
		return c.oneOf(r, same, typed)
	}
	if len(same) == 1 {
		return same[0], nil
	}
	i, near := pick(names, typed)
	if i < 0 {
		return store.Subscription{}, unknown(r, "error.feed.unknown", typed, near, list)
	}
	return subs[i], nil
}

// oneOf chooses among subscriptions of the same name: that of the channel the
// request was made in, or any if all are of one feed and nothing is changed.
func (c *commands) oneOf(r *discord.Request, same []store.Subscription, typed string) (store.Subscription, error) {
	here := slices.IndexFunc(same, func(s store.Subscription) bool { return s.ChannelID == r.ChannelID })
	if here >= 0 {
		return same[here], nil
	}
	oneFeed := !slices.ContainsFunc(same, func(s store.Subscription) bool { return s.FeedID != same[0].FeedID })
	if oneFeed && !strings.HasPrefix(r.Command, "feeds ") {
		return same[0], nil
	}
	return store.Subscription{}, refuse(r, "error.ambiguous", "name", discord.Escape(line(typed, maxShown)))
}

// subscription finds a subscription of the request's own server by id.
func (c *commands) subscription(ctx context.Context, r *discord.Request, text string) (store.Subscription, error) {
	subs, err := c.Store.Subscriptions(ctx, store.SubscriptionFilter{GuildID: r.GuildID})
	if err != nil {
		return store.Subscription{}, err
	}
	i := slices.IndexFunc(subs, func(s store.Subscription) bool { return decimal(s.ID) == text })
	if i < 0 {
		return store.Subscription{}, outdated(r)
	}
	return subs[i], nil
}

// feedName is what people call a feed that a channel may have its own name for.
func feedName(f store.Feed, title string) string {
	return store.Subscription{Title: title, Feed: f}.Name()
}
