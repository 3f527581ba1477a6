package bot

import (
	"context"
	"fmt"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
)

const (
	// pruneBatch bounds one deleting transaction (DESIGN §3, SQLite).
	pruneBatch = 500
	// outboxKept is how long finished deliveries answer /news why.
	outboxKept = 30 * 24 * time.Hour
)

// gauges refreshes the figures that are states and not events.
func (p *program) gauges(ctx context.Context) error {
	counts, err := p.store.Counts(ctx)
	if err != nil {
		return fmt.Errorf("count: %w", err)
	}
	var age time.Duration
	if !counts.OldestPending.IsZero() {
		age = time.Since(counts.OldestPending)
	}
	p.metrics.Outbox(counts.PendingDeliveries, age)
	p.metrics.Feeds(counts.Feeds, counts.FailingFeeds)
	return nil
}

// prune deletes the articles that are older than the configuration keeps them
// and does the database's housekeeping.
func (p *program) prune(ctx context.Context) error {
	for {
		n, err := p.store.PruneOutbox(ctx, time.Now().Add(-outboxKept), pruneBatch)
		if err != nil {
			return fmt.Errorf("prune the outbox: %w", err)
		}
		if n == 0 {
			break
		}
	}
	keep := p.cfg.Retention.Articles
	if keep > 0 {
		before := time.Now().Add(-keep)
		for {
			n, err := p.store.Prune(ctx, before, pruneBatch)
			if err != nil {
				return fmt.Errorf("prune articles: %w", err)
			}
			if n < pruneBatch {
				break
			}
		}
	}
	for {
		more, err := p.store.Maintain(ctx)
		if err != nil {
			return fmt.Errorf("maintain the database: %w", err)
		}
		if !more || ctx.Err() != nil {
			return nil
		}
	}
}

// NoticeKind says what a notice is about.
type NoticeKind int

const (
	// noticeForbidden: the bot lacks a permission in a channel.
	noticeForbidden NoticeKind = iota
)

// Notice is something that an admin can mend.
type Notice struct {
	Kind      NoticeKind
	ChannelID int64
}

// tell sends a notice to the admin who set the channel up, as a direct
// message: failures are never printed where members read. Where nobody is
// known or reachable the log has it.
func (p *program) tell(ctx context.Context, guildID int64, n Notice) {
	user, locale, err := p.keeper(ctx, guildID, n.ChannelID)
	if err != nil || user == 0 {
		p.log.Warn("nobody to tell", "guild", guildID, "channel", n.ChannelID, "err", err)
		return
	}
	lacking, err := p.discord.Missing(ctx, guildID, n.ChannelID)
	if err != nil {
		// Without View Channel even the question is refused.
		lacking = []discord.Permission{discord.ViewChannel}
	}
	channel, err := p.discord.DirectChannel(ctx, user)
	if err != nil {
		p.log.Warn("notice not sent", "user", user, "err", err)
		return
	}
	message := render.Permissions(render.Reader{Locale: i18n.For(locale).Locale(), Now: time.Now()}, n.ChannelID, lacking)
	messages, err := outgoing(kindNotice, []discord.Message{message})
	if err != nil {
		p.log.Error("notice not encoded", "err", err)
		return
	}
	if _, err := p.store.Enqueue(ctx, 0, channel, messages[0]); err != nil {
		p.log.Error("notice not enqueued", "err", err)
		return
	}
	p.sender.Wake()
}

// keeper is the member who last set up something in a channel, 0 if unknown,
// and the language of the server.
func (p *program) keeper(ctx context.Context, guildID, channelID int64) (user int64, locale string, err error) {
	guild, err := p.store.Guild(ctx, guildID)
	if err != nil {
		return 0, "", fmt.Errorf("read server: %w", err)
	}
	digests, err := p.store.Digests(ctx, store.DigestFilter{ChannelID: channelID})
	if err != nil {
		return 0, "", fmt.Errorf("list digests: %w", err)
	}
	for _, d := range digests {
		if d.CreatedBy != 0 {
			user = d.CreatedBy
		}
	}
	subs, err := p.store.Subscriptions(ctx, store.SubscriptionFilter{ChannelID: channelID})
	if err != nil {
		return 0, "", fmt.Errorf("list subscriptions: %w", err)
	}
	for _, s := range subs {
		if s.CreatedBy != 0 {
			user = s.CreatedBy
		}
	}
	return user, guild.Locale, nil
}
