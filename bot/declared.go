package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
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
// come to rely on it. What cannot be done, because Discord does not answer or a
// channel is gone, is told and keeps nothing else from being done.
func (p *program) reconcile(ctx context.Context) error {
	var failed []error
	for _, f := range p.cfg.Feeds {
		if err := p.declareFeed(ctx, f); err != nil {
			failed = append(failed, fmt.Errorf("feed %s (line %d): %w", feeds.MaskURL(f.URL), f.Line, err))
		}
	}
	for _, d := range p.cfg.Digests {
		if err := p.declareDigest(ctx, d); err != nil {
			failed = append(failed, fmt.Errorf("digest %q (line %d): %w", d.Name, d.Line, err))
		}
	}
	failed = append(failed, p.press.Declare(ctx, p.cfg), p.dropUndeclared(ctx))
	for _, f := range p.cfg.Feeds {
		failed = append(failed, p.firstDigest(ctx, f))
	}
	return errors.Join(failed...)
}

// firstDigest gives a declared feed's channel its digest where it has none, as
// /feeds add does.
func (p *program) firstDigest(ctx context.Context, f config.DeclaredFeed) error {
	if f.Channel == 0 || store.Mode(f.Mode) == store.ModeInstant {
		return nil
	}
	subs, err := p.store.Subscriptions(ctx, store.SubscriptionFilter{ChannelID: f.Channel})
	if err != nil || len(subs) == 0 {
		return err
	}
	d, created, err := command.FirstDigest(ctx, p.store, command.First{
		GuildID: subs[0].GuildID, ChannelID: f.Channel, Channel: strconv.FormatInt(f.Channel, 10),
		Zone: p.cfg.Digest.Timezone, Locale: p.cfg.Digest.Locale,
	})
	if created {
		p.log.Info("digest created: its channel had none", "channel", f.Channel, "schedule", d.Schedule, "zone", d.Timezone)
	}
	return err
}

// serverOf is the server of a declared channel; where neither the file nor the
// store knows it, Discord is asked.
func (p *program) serverOf(ctx context.Context, guildID, channelID int64) (int64, error) {
	if guildID != 0 {
		return guildID, nil
	}
	digests, err := p.store.Digests(ctx, store.DigestFilter{ChannelID: channelID})
	if err != nil || len(digests) > 0 && digests[0].GuildID != 0 {
		if err != nil {
			return 0, err
		}
		return digests[0].GuildID, nil
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
	mode := store.Mode(f.Mode)
	if mode == "" {
		mode = store.ModeDigest
	}
	there, err := p.store.Subscriptions(ctx, store.SubscriptionFilter{ChannelID: f.Channel, FeedID: feed.ID})
	if err != nil {
		return err
	}
	if len(there) > 0 {
		sub := there[0]
		if sub.Mode == mode && sub.Title == f.Title {
			return nil
		}
		sub.Mode, sub.Title = mode, f.Title
		return p.store.UpdateSubscription(ctx, sub)
	}
	guild, err := p.serverOf(ctx, f.Guild, f.Channel)
	if err != nil {
		return err
	}
	_, err = p.store.Subscribe(ctx, store.Subscription{
		GuildID: guild, ChannelID: f.Channel, FeedID: feed.ID, Mode: mode, Title: f.Title,
	}, command.FirstBacklog())
	return err
}

// declareDigest creates or updates d.
func (p *program) declareDigest(ctx context.Context, d config.DeclaredDigest) error {
	guild, err := p.serverOf(ctx, d.Guild, d.Channel)
	if err != nil {
		return err
	}
	want, err := p.declared(ctx, guild, d)
	if err != nil {
		return err
	}
	there, err := p.store.Digests(ctx, store.DigestFilter{GuildID: guild, Name: d.Name})
	if err != nil {
		return err
	}
	if len(there) == 0 {
		_, err := p.store.CreateDigest(ctx, want)
		return err
	}
	old := there[0]
	if !old.Declared {
		return errors.New("an admin has made a digest of this name, which stays as it is; choose another name")
	}
	// An unchanged plan keeps its next run: one missed during downtime is due.
	if old.Schedule == want.Schedule && strings.EqualFold(old.Timezone, want.Timezone) {
		want.NextRun = old.NextRun
	}
	want.ID, want.LastSent, want.Edition, want.Paused = old.ID, old.LastSent, old.Edition, old.Paused
	want.CreatedBy, want.CreatedAt = old.CreatedBy, old.CreatedAt
	return p.store.UpdateDigest(ctx, want)
}

// declared is d as the store keeps it, its zone, language and next run filled in.
func (p *program) declared(ctx context.Context, guildID int64, d config.DeclaredDigest) (store.Digest, error) {
	want := store.Digest{
		GuildID: guildID, ChannelID: d.Channel, Name: d.Name, Timezone: d.Timezone, Locale: d.Locale, Declared: true,
		Options: command.Settings{Title: d.Name, Filters: d.Filters, Words: d.Words, Cards: d.Cards, Lines: d.Lines}.String(),
	}
	if want.Timezone == "" {
		want.Timezone = p.cfg.Digest.Timezone
	}
	if want.Locale == "" {
		want.Locale = p.cfg.Digest.Locale
		if g, err := p.store.Guild(ctx, guildID); err == nil && g.Locale != "" {
			want.Locale = g.Locale
		}
	}
	plan, err := schedule.Parse(d.Schedule)
	if err != nil {
		return want, err
	}
	zone, err := schedule.LoadZone(want.Timezone)
	if err != nil {
		return want, err
	}
	want.Schedule, want.NextRun = plan.String(), plan.Next(time.Now(), zone)
	return want, nil
}

// dropUndeclared removes digests that came from the file and are no longer in it.
func (p *program) dropUndeclared(ctx context.Context) error {
	all, err := p.store.Digests(ctx, store.DigestFilter{})
	if err != nil {
		return err
	}
	for _, d := range all {
		named := slices.ContainsFunc(p.cfg.Digests, func(c config.DeclaredDigest) bool {
			return strings.EqualFold(c.Name, d.Name) && (c.Guild == 0 || c.Guild == d.GuildID)
		})
		if !d.Declared || named {
			continue
		}
		if err := p.store.DeleteDigest(ctx, d.ID); err != nil {
			return fmt.Errorf("remove digest %q: %w", d.Name, err)
		}
		p.log.Info("digest removed: it is declared no longer", "digest", d.ID, "name", d.Name)
	}
	return nil
}
