package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
	"broadsheet/bot/render"
	"broadsheet/bot/schedule"
	"broadsheet/bot/store"
)

// NoticeKind says what a notice is about.
type NoticeKind int

const (
	// noticeForbidden: the bot lacks a permission in a channel.
	noticeForbidden NoticeKind = iota
)

// Notice is something about a channel that an admin can mend.
type Notice struct {
	Kind      NoticeKind
	ChannelID int64
}

// people is what the herald needs of bot/discord.
type people interface {
	Connected() bool
	DirectChannel(ctx context.Context, userID int64) (int64, error)
	MemberPermissions(ctx context.Context, guildID, userID int64) (int64, error)
	Missing(ctx context.Context, guildID, channelID int64) ([]discord.Permission, error)
}

// herald writes to admins, by direct message, of what only they can mend:
// failures are never printed where members read.
type herald struct {
	store  *store.Store
	people people
	log    *slog.Logger
	zone   string // of servers that have chosen none
	wake   func() // told after messages were queued

	// Only Tick, of which one runs at a time, uses what follows.
	suspect  bool      // most hosts fail at once
	troubled time.Time // when the network on this side was last in trouble
	looked   time.Time // when silent feeds were last looked for
}

// tell sends a notice to the admin who set the channel up. Where nobody is
// known or reachable the log has it.
func (h *herald) tell(ctx context.Context, guildID int64, n Notice) {
	keepers, err := h.keepers(ctx, n.ChannelID)
	if err != nil || len(keepers) == 0 {
		h.log.Warn("nobody to tell", "guild", guildID, "channel", n.ChannelID, "err", err)
		return
	}
	lacking, err := h.people.Missing(ctx, guildID, n.ChannelID)
	if err != nil {
		// Without View Channel even the question is refused.
		lacking = []discord.Permission{discord.ViewChannel}
	}
	user := keepers[0]
	channel, err := h.people.DirectChannel(ctx, user)
	if err != nil {
		h.log.Warn("notice not sent", "user", user, "err", err)
		return
	}
	reader, _, err := h.reader(ctx, guildID)
	if err != nil {
		h.log.Error("notice not worded", "err", err)
		return
	}
	messages, err := outgoing(kindNotice, []discord.Message{render.Permissions(reader, n.ChannelID, lacking)})
	if err != nil {
		h.log.Error("notice not encoded", "err", err)
		return
	}
	if _, err := h.store.Enqueue(ctx, 0, channel, messages[0]); err != nil {
		h.log.Error("notice not enqueued", "err", err)
		return
	}
	h.wake()
}

// keepers are the members who set something up in a channel, the last first.
func (h *herald) keepers(ctx context.Context, channelID int64) ([]int64, error) {
	subs, err := h.store.Subscriptions(ctx, store.SubscriptionFilter{ChannelID: channelID})
	if err != nil {
		return nil, fmt.Errorf("list subscriptions: %w", err)
	}
	digests, err := h.store.Digests(ctx, store.DigestFilter{ChannelID: channelID})
	if err != nil {
		return nil, fmt.Errorf("list digests: %w", err)
	}
	var users []int64
	add := func(user int64) {
		if user != 0 && !slices.Contains(users, user) {
			users = append(users, user)
		}
	}
	for _, s := range slices.Backward(subs) {
		add(s.CreatedBy)
	}
	for _, d := range slices.Backward(digests) {
		add(d.CreatedBy)
	}
	return users, nil
}

// reader is who reads a server's notices, in the server's language and zone,
// and the server's name.
func (h *herald) reader(ctx context.Context, guildID int64) (render.Reader, string, error) {
	guild, err := h.store.Guild(ctx, guildID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return render.Reader{}, "", fmt.Errorf("read server: %w", err)
	}
	reader := render.Reader{Locale: i18n.For(guild.Locale).Locale(), Zone: time.UTC, Now: time.Now()}
	name := guild.Timezone
	if name == "" {
		name = h.zone
	}
	// Times in UTC are better than no notice.
	if zone, err := schedule.LoadZone(name); err == nil {
		reader.Zone = zone
	}
	return reader, guild.Name, nil
}
