package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"broadsheet/bot/command"
	"broadsheet/bot/discord"
	"broadsheet/bot/schedule"
	"broadsheet/bot/store"
	"broadsheet/config"
	"broadsheet/feeds"
)

// importCmd subscribes to the feeds of OPML files.
type importCmd struct {
	Channel int64    `placeholder:"ID" help:"Channel that the feeds are delivered to (nowhere: polled and searchable only)."`
	Guild   int64    `placeholder:"ID" help:"Server of the channel (looked up)."`
	Mode    string   `enum:"digest,instant" default:"digest" help:"How they are delivered: digest or instant."`
	Files   []string `arg:"" optional:"" name:"FILE" help:"OPML files or http(s) addresses; - or none is standard input."`
}

// Help is the command's detailed help.
func (importCmd) Help() string {
	return `Feeds that are known already are told and left as they are. A channel without a digest gets one, "` + command.DefaultSchedule + `".

Example:

    broadsheet import subscriptions.opml
    broadsheet import --channel 123456789012345678 subscriptions.opml`
}

// Validate refuses what cannot be meant.
func (c importCmd) Validate() error {
	switch {
	case c.Channel < 0 || c.Guild < 0:
		return errors.New("ids are positive numbers; choose Copy ID in Discord's Developer Mode")
	case c.Channel == 0 && c.Guild != 0:
		return errors.New("--guild wants --channel beside it")
	}
	return nil
}

// importing is one run of the command.
type importing struct {
	a       *app
	cfg     *config.Config
	store   *store.Store
	to      discord.Channel // GuildID and ID are 0 without --channel
	mode    store.Mode
	added   int
	known   int
	refused int
}

// Run implements the command.
func (c importCmd) Run(ctx context.Context, a *app) (err error) {
	cfg, err := a.config()
	if err != nil {
		return err
	}
	s, err := a.store(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	i := &importing{a: a, cfg: cfg, store: s, mode: store.Mode(c.Mode)}
	if c.Channel != 0 {
		if i.to, err = i.channel(ctx, c.Channel, c.Guild); err != nil {
			return err
		}
	}
	failure := a.eachSource(ctx, c.Files, func(src source) error {
		outlines, err := feeds.ReadOPML(bytes.NewReader(src.body))
		if err != nil {
			return err
		}
		return i.take(ctx, outlines)
	})
	if i.added > 0 && i.to.ID != 0 && i.mode == store.ModeDigest {
		failure = errors.Join(failure, i.firstDigest(ctx))
	}
	_, err = fmt.Fprintf(a.stdout, "%d added, %d known already, %d refused\n", i.added, i.known, i.refused)
	if failure == nil && i.refused > 0 {
		failure = errTold
	}
	return errors.Join(failure, err)
}

// shownURL is how many bytes are shown of an address that is too long.
const shownURL = 120

// errLongURL reports an address that PostgreSQL's index has no room for.
var errLongURL = errors.New("the database cannot hold so long an address; the feed may have a shorter one")

// take subscribes to the feeds of one file.
func (i *importing) take(ctx context.Context, outlines []feeds.Outline) error {
	bar := i.a.progress(len(outlines), "importing")
	defer bar.done()
	for _, o := range outlines {
		fresh, err := i.one(ctx, o)
		bar.step()
		var refused *feeds.Error
		switch {
		case errors.As(err, &refused):
			i.refused++
			i.a.complain(feeds.MaskURL(o.URL), err)
		case errors.Is(err, store.ErrUnfit):
			i.refused++
			shown := feeds.MaskURL(o.URL)
			i.a.complain(strings.ToValidUTF8(shown[:min(len(shown), shownURL)], "")+"…", errLongURL)
		case err != nil:
			return writeError{fmt.Errorf("import %s: %w", feeds.MaskURL(o.URL), err)} // the database's fault: no other feed would fare better
		case fresh:
			i.added++
		default:
			i.known++
			if _, err := fmt.Fprintf(i.a.stdout, "known already: %s\n", feeds.MaskURL(o.URL)); err != nil {
				return writeError{err}
			}
		}
	}
	return nil
}

// one subscribes to a feed and reports whether that was new.
func (i *importing) one(ctx context.Context, o feeds.Outline) (fresh bool, err error) {
	if !isURL(o.URL) {
		return false, &feeds.Error{Kind: feeds.Invalid, URL: feeds.MaskURL(o.URL)}
	}
	if i.to.ID == 0 {
		_, fresh, err = i.store.AddFeed(ctx, o.URL, o.Title)
		return fresh, err
	}
	feed, err := i.store.KnowFeed(ctx, o.URL, o.Title)
	if err != nil {
		return false, err
	}
	_, err = i.store.Subscribe(ctx, store.Subscription{
		GuildID: i.to.GuildID, ChannelID: i.to.ID, FeedID: feed.ID, Mode: i.mode, Title: o.Title,
	}, command.FirstBacklog())
	if errors.Is(err, store.ErrExists) {
		return false, nil
	}
	return err == nil, err
}

// channel finds out to which server a channel belongs: as the user says, as the
// database knows, or as Discord answers.
func (i *importing) channel(ctx context.Context, id, guild int64) (discord.Channel, error) {
	to := discord.Channel{ID: id, GuildID: guild, Name: "digest"}
	if guild != 0 {
		return to, nil
	}
	subscriptions, err := i.store.Subscriptions(ctx, store.SubscriptionFilter{ChannelID: id})
	if err != nil {
		return to, fmt.Errorf("look up channel %d: %w", id, err)
	}
	digests, err := i.store.Digests(ctx, store.DigestFilter{ChannelID: id})
	if err != nil {
		return to, fmt.Errorf("look up channel %d: %w", id, err)
	}
	switch {
	case len(subscriptions) > 0:
		to.GuildID = subscriptions[0].GuildID
	case len(digests) > 0:
		to.GuildID = digests[0].GuildID
	case i.cfg.Discord.Token == "":
		return to, usageError{fmt.Errorf("the server of channel %d is not known; add --guild ID, or set DISCORD_TOKEN so that Discord can be asked", id)}
	default:
		return i.askDiscord(ctx, id)
	}
	return to, nil
}

func (i *importing) askDiscord(ctx context.Context, id int64) (discord.Channel, error) {
	client, err := discord.New(discord.Options{
		Token: i.cfg.Discord.Token.Reveal(), APIURL: i.cfg.Discord.APIURL, Log: i.a.log(i.cfg), Version: version().Version,
	})
	if err != nil {
		return discord.Channel{}, usageError{err}
	}
	to, err := client.Channel(ctx, id)
	var refused *discord.Error
	switch {
	case errors.As(err, &refused) && refused.Fatal():
		return to, refusal(err)
	case errors.As(err, &refused) && (refused.Gone() || refused.Forbidden()):
		return to, fmt.Errorf("channel %d is not shown to the bot: is the id right, and the bot on that server? (%w)", id, err)
	case err != nil:
		return to, fmt.Errorf("ask Discord about channel %d: %w", id, err)
	}
	if to.GuildID == 0 {
		return to, usageError{fmt.Errorf("channel %d belongs to no server", id)}
	}
	return to, nil
}

// firstDigest gives a channel that has no digest the usual one and says so.
func (i *importing) firstDigest(ctx context.Context) error {
	d, created, err := command.FirstDigest(ctx, i.store, command.First{
		GuildID: i.to.GuildID, ChannelID: i.to.ID, Channel: i.to.Name, Zone: i.cfg.Digest.Timezone, Locale: i.cfg.Digest.Locale,
	})
	if err != nil || !created {
		return err
	}
	zone, err := schedule.LoadZone(d.Timezone)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(i.a.stdout, "the channel had no digest; created %q, %s (%s), first on %s\n",
		d.Name, d.Schedule, d.Timezone, d.NextRun.In(zone).Format("Monday 2 January 2006 at 15:04"))
	return err
}
