package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"broadsheet/bot/command"
	"broadsheet/bot/schedule"
	"broadsheet/bot/store"
	"broadsheet/config"
	"broadsheet/feeds"
)

// lookupTimeout bounds one question to Discord before the bot is connected.
const lookupTimeout = 30 * time.Second

// reconcile makes the feeds and digests of the configuration file exist as
// they stand there. A digest that was declared once and is declared no longer
// is removed; a feed stays until an admin removes it, since members may have
// come to rely on it. Where the file does not name a channel's server, Discord
// is asked for it.
func (p *program) reconcile(ctx context.Context) error {
	for _, f := range p.cfg.Feeds {
		if err := p.declareFeed(ctx, f); err != nil {
			return fmt.Errorf("feed %s (line %d): %w", feeds.MaskURL(f.URL), f.Line, err)
		}
	}
	keep := map[int64]bool{}
	for _, d := range p.cfg.Digests {
		id, err := p.declareDigest(ctx, d)
		if err != nil {
			return fmt.Errorf("digest %q (line %d): %w", d.Name, d.Line, err)
		}
		keep[id] = true
	}
	return p.dropUndeclared(ctx, keep)
}

// serverOf is the server of a declared channel.
func (p *program) serverOf(ctx context.Context, guildID, channelID int64) (int64, error) {
	if guildID != 0 {
		return guildID, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	channel, err := p.discord.Channel(ctx, channelID)
	if err != nil {
		return 0, fmt.Errorf("look up the server of channel %d (naming it as guild spares the question): %w", channelID, err)
	}
	return channel.GuildID, nil
}

func (p *program) declareFeed(ctx context.Context, f config.DeclaredFeed) error {
	feed, _, err := p.store.AddFeed(ctx, f.URL, f.Title)
	if err != nil || f.Channel == 0 {
		return err
	}
	if len(f.Filters) > 0 {
		set, err := command.Settings{Filters: f.Filters}.Set()
		if err != nil {
			return err
		}
		p.press.Filter(f.Channel, feed.ID, set)
	}
	there, err := p.store.Subscriptions(ctx, store.SubscriptionFilter{ChannelID: f.Channel, FeedID: feed.ID})
	if err != nil || len(there) > 0 {
		return err
	}
	guild, err := p.serverOf(ctx, f.Guild, f.Channel)
	if err != nil {
		return err
	}
	mode := store.Mode(f.Mode)
	if mode == "" {
		mode = store.ModeDigest
	}
	_, err = p.store.Subscribe(ctx, store.Subscription{
		GuildID: guild, ChannelID: f.Channel, FeedID: feed.ID, Mode: mode, Title: f.Title,
	}, command.FirstBacklog())
	return err
}

// declareDigest creates or updates d and returns its id.
func (p *program) declareDigest(ctx context.Context, d config.DeclaredDigest) (int64, error) {
	guild, err := p.serverOf(ctx, d.Guild, d.Channel)
	if err != nil {
		return 0, err
	}
	want := store.Digest{
		GuildID: guild, ChannelID: d.Channel, Name: d.Name, Schedule: d.Schedule, Timezone: d.Timezone,
		Locale: d.Locale, Declared: true,
		Options: command.Settings{Title: d.Name, Filters: d.Filters, Words: d.Words, Cards: d.Cards, Lines: d.Lines}.String(),
	}
	if want.Timezone == "" {
		want.Timezone = p.cfg.Digest.Timezone
	}
	if want.Locale == "" {
		want.Locale = p.cfg.Digest.Locale
	}
	plan, err := schedule.Parse(want.Schedule)
	if err != nil {
		return 0, err
	}
	zone, err := schedule.LoadZone(want.Timezone)
	if err != nil {
		return 0, err
	}
	want.Schedule, want.NextRun = plan.String(), plan.Next(time.Now(), zone)
	there, err := p.store.Digests(ctx, store.DigestFilter{GuildID: guild, Name: d.Name})
	if err != nil {
		return 0, err
	}
	if len(there) == 0 {
		created, err := p.store.CreateDigest(ctx, want)
		return created.ID, err
	}
	old := there[0]
	// An unchanged plan keeps its next run: one missed during downtime is due.
	if old.Schedule == want.Schedule && strings.EqualFold(old.Timezone, want.Timezone) {
		want.NextRun = old.NextRun
	}
	want.ID, want.LastSent, want.Edition, want.Paused = old.ID, old.LastSent, old.Edition, old.Paused
	want.CreatedBy, want.CreatedAt = old.CreatedBy, old.CreatedAt
	return old.ID, p.store.UpdateDigest(ctx, want)
}

// dropUndeclared removes digests that came from the file and are no longer in it.
func (p *program) dropUndeclared(ctx context.Context, keep map[int64]bool) error {
	all, err := p.store.Digests(ctx, store.DigestFilter{})
	if err != nil {
		return fmt.Errorf("list digests: %w", err)
	}
	for _, d := range all {
		if d.Declared && !keep[d.ID] {
			if err := p.store.DeleteDigest(ctx, d.ID); err != nil {
				return fmt.Errorf("remove digest %q: %w", d.Name, err)
			}
			p.log.Info("digest removed: it is declared no longer", "digest", d.ID, "name", d.Name)
		}
	}
	return nil
}
