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

// tell sends a notice to the admin who set the channel up, once until something
// is posted there again. What fails now is told when parked channels are
// reviewed.
func (h *herald) tell(ctx context.Context, guildID int64, n Notice) {
	if err := h.notify(ctx, guildID, n); err != nil {
		h.log.Warn("notice not sent yet", "guild", guildID, "channel", n.ChannelID, "err", err)
	}
}

// notify queues the notice, or nothing where nobody is known or reachable: then
// the log has it.
func (h *herald) notify(ctx context.Context, guildID int64, n Notice) error {
	keepers, err := h.keepers(ctx, n.ChannelID)
	if err != nil {
		return err
	}
	if len(keepers) == 0 {
		h.log.Warn("nobody to tell", "guild", guildID, "channel", n.ChannelID)
		return h.store.TellParked(ctx, n.ChannelID)
	}
	notice, err := h.permissions(ctx, guildID, n.ChannelID, keepers[0])
	if final(err) {
		h.log.Warn("notice not sent", "user", keepers[0], "err", err)
		return h.store.TellParked(ctx, n.ChannelID)
	}
	if err != nil {
		return err
	}
	if err := h.store.TellParked(ctx, n.ChannelID, notice); err != nil {
		return err
	}
	h.wake()
	return nil
}

// permissions tells a person what the bot lacks in a channel.
func (h *herald) permissions(ctx context.Context, guildID, channelID, userID int64) (store.DirectNotice, error) {
	lacking, err := h.people.Missing(ctx, guildID, channelID)
	if final(err) {
		// Without View Channel even the question is refused.
		lacking, err = []discord.Permission{discord.ViewChannel}, nil
	}
	if err != nil {
		return store.DirectNotice{}, fmt.Errorf("ask for permissions: %w", err)
	}
	reader, _, err := h.reader(ctx, guildID)
	if err != nil {
		return store.DirectNotice{}, err
	}
	messages, err := outgoing(kindNotice, []discord.Message{render.Permissions(reader, channelID, lacking)})
	if err != nil {
		return store.DirectNotice{}, err
	}
	direct, err := h.people.DirectChannel(ctx, userID)
	if err != nil {
		return store.DirectNotice{}, fmt.Errorf("open direct message: %w", err)
	}
	return store.DirectNotice{ChannelID: direct, Message: messages[0]}, nil
}

// final reports whether Discord has refused for good.
func final(err error) bool {
	var refused *discord.Error
	return errors.As(err, &refused) && !refused.Temporary() && !refused.Fatal()
}

// keepers are the members who set something up in a channel, the last first.
func (h *herald) keepers(ctx context.Context, channelID int64) ([]int64, error) {
	subs, err := h.store.Subscriptions(ctx, store.SubscriptionFilter{ChannelID: channelID})
	if err != nil {
		return nil, err
	}
	digests, err := h.store.Digests(ctx, store.DigestFilter{ChannelID: channelID})
	if err != nil {
		return nil, err
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
		return render.Reader{}, "", err
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
