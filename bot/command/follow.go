package command

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

// backlogAge is how old an article may be that a feed already held when it was
// added and that is still printed.
const backlogAge = 7 * 24 * time.Hour

// backlogMost is how many of them an admin may have printed at most.
const backlogMost = 500

// maxNamed is the longest name that a person gives to something, in characters.
const maxNamed = 60

const (
	// visitWait is how long a new feed waits for a visit that is under way: the
	// host's turn and a slow answer.
	visitWait = time.Minute
	visitLook = time.Second
)

// FirstBacklog is what a new subscription may still print of what its feed
// already holds, unless an admin answers how much it should be.
func FirstBacklog() store.Backlog { return store.Backlog{Articles: 5, MaxAge: backlogAge} }

// DefaultSchedule is that of the digest which a channel's first feed creates.
const DefaultSchedule = "daily 08:00"

// follow is a wish to have a feed in a channel.
type follow struct {
	channel discord.Channel
	mode    store.Mode
	title   string
}

func (c *commands) addFeed(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	w, err := c.wish(ctx, r, r.Options["channel"], r.Options["mode"], r.Options["title"])
	if err != nil {
		return discord.Reply{}, err
	}
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
	message := render.ChooseFeed(c.reader(ctx, r), r.Options["url"], w.channel.ID, string(w.mode), offered)
	args := []string{decimal(w.channel.ID), string(w.mode), r.Options["url"], w.title}
	if !fits(render.KindChoose, args...) {
		// Addresses that fit the menu's values need no site to be found at.
		args[2] = ""
	}
	readdress(message.Components, render.KindChoose, func([]string) []string { return args })
	return discord.Reply{Message: message}, nil
}

// wish reads what an admin asks for, and refuses it where the server is full.
func (c *commands) wish(ctx context.Context, r *discord.Request, channel, mode, title string) (follow, error) {
	w := follow{title: line(title, maxNamed)}
	var err error
	if w.channel, err = c.target(ctx, r, channel); err != nil {
		return w, err
	}
	if w.mode, err = readMode(r, mode); err != nil {
		return w, err
	}
	if err := c.roomForFeed(ctx, r); err != nil || w.mode != store.ModeDigest {
		return w, err
	}
	there, err := c.Store.Digests(ctx, store.DigestFilter{ChannelID: w.channel.ID})
	if err != nil || len(there) > 0 {
		return w, err
	}
	return w, c.roomForDigest(ctx, r) // the channel's first
}

// discover finds the feeds behind an address; none is an error.
func (c *commands) discover(ctx context.Context, r *discord.Request, address string) ([]feeds.Candidate, error) {
	found, err := c.Web.Discover(ctx, address)
	if err != nil {
		return nil, webError(r, address, err, "error.notfeed")
	}
	if len(found) == 0 {
		return nil, webRefusal(r, feeds.MaskURL(address), &feeds.Error{Kind: feeds.NotFeed}, "error.notfeed")
	}
	return found, nil
}

// chooseFeed answers the menu of several feeds: arguments channel, mode, the
// site they were found at, and the title asked for. A menu's value holds 100
// characters; a longer address is named by its hash and found again at the
// site. Buttons of the first version have no title.
func (c *commands) chooseFeed(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	if n := len(r.CustomArgs); n < 3 || n > 4 || len(r.Values) != 1 {
		return discord.Reply{}, outdated(r)
	}
	title := ""
	if len(r.CustomArgs) == 4 {
		title = r.CustomArgs[3]
	}
	w, err := c.wish(ctx, r, r.CustomArgs[0], r.CustomArgs[1], title)
	if err != nil {
		return discord.Reply{}, err
	}
	chosen, err := c.candidate(ctx, r, r.Values[0], r.CustomArgs[2])
	if err != nil {
		return discord.Reply{}, err
	}
	reply, err := c.follow(ctx, r, chosen, w)
	reply.Update = true
	return reply, err
}

// candidate is the feed that a menu's value names, looked at anew: the value
// may be as forged as anything typed.
func (c *commands) candidate(ctx context.Context, r *discord.Request, value, site string) (feeds.Candidate, error) {
	hashed := strings.HasPrefix(value, "#")
	switch {
	case !hashed:
		site = value
	case site == "":
		return feeds.Candidate{}, refuse(r, "error.longaddress", "command", "`"+printer(r).Command("feeds add")+"`")
	}
	found, err := c.discover(ctx, r, site)
	if err != nil {
		return feeds.Candidate{}, err
	}
	for _, f := range found {
		if render.ChoiceValue(f.URL) == value {
			return f, nil
		}
	}
	if hashed {
		return feeds.Candidate{}, refuse(r, "error.vanished")
	}
	return found[0], nil
}

func readMode(r *discord.Request, text string) (store.Mode, error) {
	switch m := store.Mode(text); m {
	case "":
		return store.ModeDigest, nil
	case store.ModeDigest, store.ModeInstant:
		return m, nil
	}
	return "", refuse(r, "error.choice", "value", discord.Escape(line(text, maxShown)))
}

// follow subscribes the channel to the feed, after a first visit where there
// was none.
func (c *commands) follow(ctx context.Context, r *discord.Request, found feeds.Candidate, w follow) (discord.Reply, error) {
	feed, err := c.Store.KnowFeed(ctx, found.URL, found.Title)
	if err != nil {
		return discord.Reply{}, err
	}
	sub, err := c.subscribe(ctx, r, feed, w)
	known := errors.Is(err, store.ErrExists)
	if known {
		sub, err = c.followed(ctx, feed, w)
	}
	if err != nil {
		return discord.Reply{}, err
	}
	// Its teasers need not wait for the next tick.
	c.Arrived()
	added := render.Added{
		SubscriptionID: sub.ID, Title: sub.Name(), ChannelID: w.channel.ID, Instant: sub.Mode == store.ModeInstant,
	}
	w.mode = sub.Mode
	if added.NewDigest, err = c.firstDigest(ctx, r, w); err != nil {
		return discord.Reply{}, err
	}
	// Where making the digest had failed, or it was removed, adding the feed
	// once more is what brings it.
	if known && added.NewDigest == nil {
		return discord.Reply{}, refuse(r, "error.exists.feed", "feed", discord.Escape(feedName(feed, w.title)), "channel", mention(w.channel.ID))
	}
	if added.Newest, added.Articles, err = c.newest(ctx, feed.ID); err != nil {
		return discord.Reply{}, err
	}
	return discord.Reply{Message: render.FeedAdded(c.reader(ctx, r), added)}, nil
}

// followed is the channel's subscription of a feed that it follows already.
func (c *commands) followed(ctx context.Context, feed store.Feed, w follow) (store.Subscription, error) {
	subs, err := c.Store.Subscriptions(ctx, store.SubscriptionFilter{ChannelID: w.channel.ID, FeedID: feed.ID})
	if err != nil {
		return store.Subscription{}, err
	}
	if len(subs) == 0 {
		return store.Subscription{}, fmt.Errorf("look up subscription: %w", store.ErrNotFound) // it was removed this very moment
	}
	return subs[0], nil
}

// subscribe makes the channel follow a feed that can be read;
// store.ErrExists if it does already.
func (c *commands) subscribe(ctx context.Context, r *discord.Request, feed store.Feed, w follow) (store.Subscription, error) {
	if err := c.freshen(ctx, r, feed); err != nil {
		return store.Subscription{}, err
	}
	return c.Store.Subscribe(ctx, store.Subscription{
		GuildID: r.GuildID, ChannelID: w.channel.ID, FeedID: feed.ID, Mode: w.mode, Title: w.title, CreatedBy: r.UserID,
	}, FirstBacklog())
}

// freshen sees to it that a feed which is about to be followed has been read
// and is read from now on. One that nobody followed has been left alone: what
// came since is no news to the channel.
func (c *commands) freshen(ctx context.Context, r *discord.Request, feed store.Feed) error {
	if feed.Paused || feed.Gone {
		// It was stopped for its errors, and it has just answered.
		if err := c.Store.SetFeedPaused(ctx, feed.ID, false); err != nil {
			return err
		}
	}
	if !feed.LastOK.IsZero() && feed.Subscribers > 0 {
		return nil
	}
	begun := time.Now()
	for {
		visit, err := c.Visitor.VisitNow(ctx, feed.ID)
		switch {
		case err == nil && visit.Err == nil:
			return nil
		case err == nil:
			return webError(r, feed.State.URL, visit.Err, "error.notfeed")
		case !errors.Is(err, store.ErrLeaseLost):
			return fmt.Errorf("visit feed: %w", err)
		case time.Since(begun) > visitWait:
			return refuse(r, "error.visiting")
		}
		// The schedule is visiting it at this moment, which serves as well.
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(visitLook):
		}
		now, err := c.Store.Feed(ctx, feed.ID)
		if err != nil {
			return err
		}
		if now.LastOK.After(begun) || feed.LastOK.IsZero() && !now.LastOK.IsZero() {
			return nil
		}
	}
}

// firstDigest gives a channel that has no digest its first; nil if it has one.
func (c *commands) firstDigest(ctx context.Context, r *discord.Request, w follow) (*render.DigestRow, error) {
	if w.mode != store.ModeDigest {
		return nil, nil
	}
	d, created, err := FirstDigest(ctx, c.Store, First{
		GuildID: r.GuildID, ChannelID: w.channel.ID, Channel: w.channel.Name, Zone: c.Zone, Locale: r.GuildLocale, CreatedBy: r.UserID,
	})
	if err != nil || !created {
		return nil, err
	}
	row := c.digestRow(d, 1)
	return &row, nil
}

// newest is the feed's newest article as a card would show it, and how many
// there are; nil if there is none.
func (c *commands) newest(ctx context.Context, feedID int64) (*digest.Story, int, error) {
	articles, total, err := c.Store.Latest(ctx, store.Query{FeedID: feedID, Limit: 1})
	if err != nil {
		return nil, 0, err
	}
	if len(articles) == 0 {
		return nil, 0, nil
	}
	article, err := c.Store.Article(ctx, articles[0].ID)
	if err != nil {
		return nil, 0, err
	}
	story := digest.Story{Lead: DigestArticle(article)}
	story.Summary, err = Condense(ctx, c.Store, story.Lead, LengthShort)
	return &story, total, err
}

// answerBacklog sets how much of what a feed already held is printed: arguments
// subscription and one of render's Backlog constants.
func (c *commands) answerBacklog(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	if len(r.CustomArgs) != 2 {
		return discord.Reply{}, outdated(r)
	}
	sub, err := c.subscription(ctx, r, r.CustomArgs[0])
	if err != nil {
		return discord.Reply{}, err
	}
	b, known := map[string]store.Backlog{
		render.BacklogNothing: {}, render.BacklogLatest: {Articles: 1}, render.BacklogFive: {Articles: 5},
		render.BacklogDigest: {Articles: backlogMost, MaxAge: backlogAge},
	}[r.CustomArgs[1]]
	if !known {
		return discord.Reply{}, outdated(r)
	}
	if err := c.Store.SetBacklog(ctx, sub.ID, b); err != nil {
		return discord.Reply{}, missing(r, err, "error.vanished")
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
