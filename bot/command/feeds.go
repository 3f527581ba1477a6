package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

// backlogAge is how old an article may be that a feed already held when it was
// added and that is still printed.
const backlogAge = 7 * 24 * time.Hour

// FirstBacklog is what a new subscription may still print of what its feed
// already holds, unless an admin answers how much it should be.
func FirstBacklog() store.Backlog { return store.Backlog{Articles: 5, MaxAge: backlogAge} }

// DefaultSchedule is that of the digest which a channel's first feed creates.
const DefaultSchedule = "daily 08:00"

func (c *commands) registerFeeds(r *discord.Router) {
	r.Require("feeds", discord.ManageServer)
	r.Command("feeds add", c.addFeed)
	r.Command("feeds list", c.listFeeds)
	r.Command("feeds remove", c.removeFeed)
	r.Command("feeds pause", c.pauseFeed(true))
	r.Command("feeds resume", c.pauseFeed(false))
	for _, verb := range []string{"remove", "pause", "resume"} {
		r.Autocomplete("feeds "+verb, "feed", c.suggestFeeds)
	}
	for kind, h := range map[string]discord.Handler{
		render.KindChoose: c.chooseFeed, render.KindBacklog: c.answerBacklog,
		render.KindFeeds: c.feedsPage, render.KindUndo: c.undoRemove,
	} {
		r.RequireKind(kind, discord.ManageServer)
		r.Component(kind, h)
		r.Updates(kind)
	}
}

// follow is a wish to have a feed in a channel.
type follow struct {
	channel discord.Channel
	mode    store.Mode
	title   string
}

func (c *commands) addFeed(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	channel, err := c.target(ctx, r, r.Options["channel"])
	if err != nil {
		return discord.Reply{}, err
	}
	mode, err := readMode(r, r.Options["mode"])
	if err != nil {
		return discord.Reply{}, err
	}
	w := follow{channel: channel, mode: mode, title: r.Options["title"]}
	found, err := c.discover(ctx, r, r.Options["url"])
	if err != nil {
		return discord.Reply{}, err
	}
	if len(found) == 1 {
		return c.follow(ctx, r, found[0], w)
	}
	offered := make([]render.Candidate, 0, len(found))
	for _, f := range found[:min(len(found), 25)] {
		offered = append(offered, render.Candidate{URL: f.URL, Title: f.Title, Kind: f.Kind})
	}
	message := render.ChooseFeed(c.reader(ctx, r), r.Options["url"], channel.ID, string(mode), offered)
	return discord.Reply{Message: message}, nil
}

// discover finds the feeds behind an address; none is an error.
func (c *commands) discover(ctx context.Context, r *discord.Request, address string) ([]feeds.Candidate, error) {
	found, err := c.Web.Discover(ctx, address)
	if err != nil {
		return nil, c.webError(r, address, err, "error.notfeed")
	}
	if len(found) == 0 {
		return nil, refuse(r, "error.notfeed", "url", discord.Escape(feeds.MaskURL(address)))
	}
	return found, nil
}

// chooseFeed answers the menu of several feeds: arguments channel, mode and
// the site they were found at. A menu's value holds 100 characters; a longer
// address is named by its hash and found again at the site.
func (c *commands) chooseFeed(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	if len(r.CustomArgs) != 3 || len(r.Values) != 1 {
		return discord.Reply{}, refuse(r, "error.button")
	}
	channel, err := c.target(ctx, r, r.CustomArgs[0])
	if err != nil {
		return discord.Reply{}, err
	}
	mode, err := readMode(r, r.CustomArgs[1])
	if err != nil {
		return discord.Reply{}, err
	}
	found, err := c.discover(ctx, r, r.CustomArgs[2])
	if err != nil {
		return discord.Reply{}, err
	}
	for _, f := range found {
		if render.ChoiceValue(f.URL) == r.Values[0] {
			reply, err := c.follow(ctx, r, f, follow{channel: channel, mode: mode})
			reply.Update = true
			return reply, err
		}
	}
	return discord.Reply{}, refuse(r, "error.button")
}

func readMode(r *discord.Request, text string) (store.Mode, error) {
	switch m := store.Mode(text); m {
	case "":
		return store.ModeDigest, nil
	case store.ModeDigest, store.ModeInstant:
		return m, nil
	}
	return "", refuse(r, "error.button")
}

// follow subscribes the channel to the feed, after a first visit where there
// was none.
func (c *commands) follow(ctx context.Context, r *discord.Request, found feeds.Candidate, w follow) (discord.Reply, error) {
	feed, _, err := c.Store.AddFeed(ctx, found.URL, found.Title)
	if err != nil {
		return discord.Reply{}, fmt.Errorf("add feed: %w", err)
	}
	if feed.LastOK.IsZero() {
		visit, err := c.Visitor.VisitNow(ctx, feed.ID)
		if err != nil {
			return discord.Reply{}, fmt.Errorf("visit feed: %w", err)
		}
		if visit.Err != nil {
			return discord.Reply{}, c.webError(r, found.URL, visit.Err, "error.notfeed")
		}
	}
	sub, err := c.Store.Subscribe(ctx, store.Subscription{
		GuildID: r.GuildID, ChannelID: w.channel.ID, FeedID: feed.ID, Mode: w.mode, Title: w.title, CreatedBy: r.UserID,
	}, FirstBacklog())
	if errors.Is(err, store.ErrExists) {
		return discord.Reply{}, refuse(r, "error.exists.feed", "feed", discord.Escape(feedName(feed, w.title)), "channel", mention(w.channel.ID))
	}
	if err != nil {
		return discord.Reply{}, fmt.Errorf("subscribe: %w", err)
	}
	if sub.Feed, err = c.Store.Feed(ctx, feed.ID); err != nil {
		return discord.Reply{}, fmt.Errorf("read feed: %w", err)
	}
	added := render.Added{
		SubscriptionID: sub.ID, Title: sub.Name(), ChannelID: w.channel.ID, Instant: w.mode == store.ModeInstant,
	}
	if added.NewDigest, err = c.firstDigest(ctx, r, w); err != nil {
		return discord.Reply{}, err
	}
	if added.Newest, added.Articles, err = c.newest(ctx, feed.ID); err != nil {
		return discord.Reply{}, err
	}
	return discord.Reply{Message: render.FeedAdded(c.reader(ctx, r), added)}, nil
}

// firstDigest gives a channel that has no digest its first; nil if it has one.
func (c *commands) firstDigest(ctx context.Context, r *discord.Request, w follow) (*render.DigestRow, error) {
	if w.mode != store.ModeDigest {
		return nil, nil
	}
	there, err := c.Store.Digests(ctx, store.DigestFilter{ChannelID: w.channel.ID})
	if err != nil {
		return nil, fmt.Errorf("list digests: %w", err)
	}
	if len(there) > 0 {
		return nil, nil
	}
	d, err := c.createDigest(ctx, r, w.channel, store.Digest{Schedule: DefaultSchedule}, Settings{})
	if err != nil {
		return nil, err
	}
	row, err := digestRow(printer(r), d, 1)
	return &row, err
}

// newest is the feed's newest article as a card would show it, and how many
// there are; nil if there is none.
func (c *commands) newest(ctx context.Context, feedID int64) (*digest.Story, int, error) {
	articles, total, err := c.Store.Latest(ctx, store.Query{FeedID: feedID, Limit: 1})
	if err != nil {
		return nil, 0, fmt.Errorf("read newest article: %w", err)
	}
	if len(articles) == 0 {
		return nil, 0, nil
	}
	article, err := c.Store.Article(ctx, articles[0].ID)
	if err != nil {
		return nil, 0, fmt.Errorf("read newest article: %w", err)
	}
	story := digest.Story{Lead: DigestArticle(article)}
	story.Summary, err = Condense(ctx, c.Store, story.Lead, LengthShort)
	return &story, total, err
}

// answerBacklog sets how much of what a feed already held is printed: arguments
// subscription and one of render's Backlog constants.
func (c *commands) answerBacklog(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	if len(r.CustomArgs) != 2 {
		return discord.Reply{}, refuse(r, "error.button")
	}
	sub, err := c.subscription(ctx, r, r.CustomArgs[0])
	if err != nil {
		return discord.Reply{}, err
	}
	b, known := map[string]store.Backlog{
		render.BacklogNothing: {}, render.BacklogLatest: {Articles: 1}, render.BacklogFive: {Articles: 5},
		render.BacklogDigest: {Articles: 500, MaxAge: backlogAge},
	}[r.CustomArgs[1]]
	if !known {
		return discord.Reply{}, refuse(r, "error.button")
	}
	if err := c.Store.SetBacklog(ctx, sub.ID, b); err != nil {
		return discord.Reply{}, fmt.Errorf("set backlog: %w", err)
	}
	p := printer(r)
	text := p.T("backlog.done", "n", b.Articles)
	switch {
	case b.Articles == 0:
		text = p.T("backlog.done.nothing")
	case sub.Mode == store.ModeInstant:
		text = p.T("backlog.done.now")
	case r.CustomArgs[1] == render.BacklogDigest:
		text = p.T("backlog.done.all")
	}
	reply := say(text)
	reply.Update = true
	return reply, nil
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
	reply, err := c.feedList(ctx, r, args[1], int(args[0]))
	reply.Update = true
	return reply, err
}

func (c *commands) feedList(ctx context.Context, r *discord.Request, channel int64, page int) (discord.Reply, error) {
	subs, err := c.Store.Subscriptions(ctx, store.SubscriptionFilter{GuildID: r.GuildID, ChannelID: channel})
	if err != nil {
		return discord.Reply{}, fmt.Errorf("list subscriptions: %w", err)
	}
	rows := make([]render.FeedRow, len(subs))
	for i, s := range subs {
		rows[i] = render.FeedRow{
			Title: s.Name(), SiteURL: s.Feed.SiteURL, ChannelID: s.ChannelID, Instant: s.Mode == store.ModeInstant,
			LastPoll: s.Feed.LastPoll, NextPoll: s.Feed.NextPoll, FailingSince: s.Feed.FailingSince,
			ErrorKind: s.Feed.LastErrorKind, Paused: s.Paused || s.Feed.Paused, Gone: s.Feed.Gone,
		}
	}
	return discord.Reply{Message: render.FeedList(c.reader(ctx, r), rows, channel, page)}, nil
}

func (c *commands) removeFeed(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	sub, err := c.namedSubscription(ctx, r, r.Options["feed"])
	if err != nil {
		return discord.Reply{}, err
	}
	removed, err := c.Store.Unsubscribe(ctx, sub.ID)
	if err != nil {
		return discord.Reply{}, missing(r, err, "error.feed.unknown", "name", discord.Escape(sub.Name()))
	}
	message := render.Removed(c.reader(ctx, r), sub.Name(), removed.ChannelID,
		decimal(removed.FeedID), decimal(removed.ChannelID), string(removed.Mode), decimal(removed.Cursor), removed.Title)
	return discord.Reply{Message: message}, nil
}

// undoRemove follows a removed feed again from where it was left: arguments
// feed, channel, mode, cursor, title.
func (c *commands) undoRemove(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	if len(r.CustomArgs) < 4 {
		return discord.Reply{}, refuse(r, "error.button")
	}
	channel, err := c.target(ctx, r, r.CustomArgs[1])
	if err != nil {
		return discord.Reply{}, err
	}
	mode, err := readMode(r, r.CustomArgs[2])
	if err != nil {
		return discord.Reply{}, err
	}
	feedID, badFeed := strconv.ParseInt(r.CustomArgs[0], 10, 64)
	cursor, badCursor := strconv.ParseInt(r.CustomArgs[3], 10, 64)
	if badFeed != nil || badCursor != nil {
		return discord.Reply{}, refuse(r, "error.button")
	}
	sub := store.Subscription{
		GuildID: r.GuildID, ChannelID: channel.ID, FeedID: feedID, Mode: mode, Cursor: cursor, CreatedBy: r.UserID,
	}
	if len(r.CustomArgs) > 4 {
		sub.Title = r.CustomArgs[4]
	}
	if _, err := c.Store.Subscribe(ctx, sub, store.Backlog{}); err != nil && !errors.Is(err, store.ErrExists) {
		return discord.Reply{}, missing(r, err, "error.button")
	}
	feed, err := c.Store.Feed(ctx, feedID)
	if err != nil {
		return discord.Reply{}, missing(r, err, "error.button")
	}
	reply := say(printer(r).T("feeds.restored", "feed", discord.Escape(feedName(feed, sub.Title)), "channel", mention(channel.ID)))
	reply.Update = true
	return reply, nil
}

// pauseFeed answers /feeds pause and /feeds resume.
func (c *commands) pauseFeed(paused bool) discord.Handler {
	return func(ctx context.Context, r *discord.Request) (discord.Reply, error) {
		sub, err := c.namedSubscription(ctx, r, r.Options["feed"])
		if err != nil {
			return discord.Reply{}, err
		}
		sub.Paused = paused
		if err := c.Store.UpdateSubscription(ctx, sub); err != nil {
			return discord.Reply{}, missing(r, err, "error.feed.unknown", "name", discord.Escape(sub.Name()))
		}
		key := "feeds.resumed"
		if paused {
			key = "feeds.held"
		} else if err := c.Store.SetFeedPaused(ctx, sub.FeedID, false); err != nil {
			// A feed that was stopped for its errors starts again for everyone.
			return discord.Reply{}, fmt.Errorf("resume feed: %w", err)
		}
		return say(printer(r).T(key, "feed", discord.Escape(sub.Name()), "channel", mention(sub.ChannelID))), nil
	}
}

func (c *commands) suggestFeeds(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	subs, err := c.Store.SuggestSubscriptions(ctx, r.GuildID, r.Options[r.Focused], 25)
	if err != nil {
		return discord.Reply{}, fmt.Errorf("suggest subscriptions: %w", err)
	}
	choices := make([]discord.Choice, len(subs))
	for i, s := range subs {
		label := s.Name()
		if ch, err := c.Discord.Channel(ctx, s.ChannelID); err == nil {
			label += " · #" + ch.Name
		}
		choices[i] = discord.Choice{Name: label + healthMark(s), Value: decimal(s.ID)}
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

// namedSubscription finds what an admin chose from the suggestions, or typed.
func (c *commands) namedSubscription(ctx context.Context, r *discord.Request, typed string) (store.Subscription, error) {
	subs, err := c.Store.Subscriptions(ctx, store.SubscriptionFilter{GuildID: r.GuildID})
	if err != nil {
		return store.Subscription{}, fmt.Errorf("list subscriptions: %w", err)
	}
	names := make([]string, len(subs))
	for i, s := range subs {
		if decimal(s.ID) == typed || s.Feed.State.URL == typed {
			return s, nil
		}
		names[i] = s.Name()
	}
	i, near := pick(names, typed)
	if i < 0 {
		return store.Subscription{}, unknown(r, "error.feed.unknown", typed, near, "/feeds list")
	}
	return subs[i], nil
}

// subscription finds a subscription of the request's own server by id.
func (c *commands) subscription(ctx context.Context, r *discord.Request, text string) (store.Subscription, error) {
	subs, err := c.Store.Subscriptions(ctx, store.SubscriptionFilter{GuildID: r.GuildID})
	if err != nil {
		return store.Subscription{}, fmt.Errorf("list subscriptions: %w", err)
	}
	i := slices.IndexFunc(subs, func(s store.Subscription) bool { return decimal(s.ID) == text })
	if i < 0 {
		return store.Subscription{}, refuse(r, "error.button")
	}
	return subs[i], nil
}

// feedName is what people call a feed that a channel may have its own name for.
func feedName(f store.Feed, title string) string {
	return store.Subscription{Title: title, Feed: f}.Name()
}

// webError says in the person's language why an address could not be read.
// fallback is the message for what is no fault of the address.
func (c *commands) webError(r *discord.Request, address string, err error, fallback string) error {
	var f *feeds.Error
	if !errors.As(err, &f) {
		return fmt.Errorf("read %s: %w", feeds.MaskURL(address), err)
	}
	shown := discord.Escape(feeds.MaskURL(address))
	switch f.Kind {
	case feeds.Private:
		return refuse(r, "error.private", "url", shown)
	case feeds.Invalid:
		return refuse(r, "error.address", "url", shown)
	case feeds.NotFeed, feeds.Malformed:
		return refuse(r, fallback, "url", shown)
	}
	reason := "feed.error." + string(f.Kind)
	if !i18n.Has(reason) {
		reason = "feed.error.unknown"
	}
	return refuse(r, "error.page", "url", shown, "reason", printer(r).T(reason))
}
