package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/render"
)

// known is a channel of the request's own server; "" is where the request was
// made. Ids come from options and buttons and are not to be trusted.
func (c *commands) known(ctx context.Context, r *discord.Request, text string) (discord.Channel, error) {
	channelID := r.ChannelID
	if text != "" {
		var err error
		if channelID, err = strconv.ParseInt(text, 10, 64); err != nil || channelID <= 0 {
			return discord.Channel{}, refuse(r, "error.channel", "channel", discord.Escape(line(text, maxShown)))
		}
	}
	ch, err := c.Discord.Channel(ctx, channelID)
	var refused *discord.Error
	switch {
	case errors.As(err, &refused) && (refused.Gone() || refused.Forbidden()):
		return ch, refuse(r, "error.channel", "channel", mention(channelID))
	case err != nil:
		return ch, fmt.Errorf("look up channel: %w", err)
	case ch.GuildID != r.GuildID:
		return ch, refuse(r, "error.channel", "channel", mention(channelID))
	}
	c.names.keep(ch)
	return ch, nil
}

// target is a known channel that the bot can post in.
func (c *commands) target(ctx context.Context, r *discord.Request, text string) (discord.Channel, error) {
	ch, err := c.known(ctx, r, text)
	if err != nil {
		return ch, err
	}
	if !slices.Contains(postableKinds(), ch.Kind) {
		return ch, refuse(r, "error.channel", "channel", mention(ch.ID))
	}
	lacking, err := c.Discord.Missing(ctx, r.GuildID, ch.ID)
	if err != nil {
		return ch, fmt.Errorf("check permissions: %w", err)
	}
	if len(lacking) > 0 {
		names := make([]string, len(lacking))
		for i, permission := range lacking {
			names[i] = render.PermissionName(r.Locale, permission)
		}
		return ch, refuse(r, "error.permission", "permission", strings.Join(names, ", "), "channel", mention(ch.ID))
	}
	if err := c.Store.UnparkChannel(ctx, ch.ID); err != nil {
		return ch, err
	}
	return ch, nil
}

// mayPost refuses members who could not write in the channel themselves: the
// bot is no way around a channel's permissions.
func (c *commands) mayPost(ctx context.Context, r *discord.Request) error {
	ch, err := c.known(ctx, r, "")
	if err != nil {
		return err
	}
	need := int64(discord.SendMessages)
	if ch.Kind.Thread() {
		need = int64(discord.SendInThreads)
	}
	if r.Permissions&(need|discord.Administrator) == 0 {
		return refuse(r, "error.share", "channel", mention(ch.ID))
	}
	return nil
}

const (
	// nameLife is how long a channel's name is believed to be the same.
	nameLife = 10 * time.Minute
	// nameWait bounds what looking for names adds to an autocompletion.
	nameWait = 60 * time.Millisecond
)

// channelNames remembers what channels are called, so that a list of
// suggestions does not ask Discord at every letter.
type channelNames struct {
	mu    sync.Mutex
	known map[int64]channelName
}

type channelName struct {
	name string
	at   time.Time
}

func newChannelNames() *channelNames { return &channelNames{known: map[int64]channelName{}} }

func (n *channelNames) keep(ch discord.Channel) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.known[ch.ID] = channelName{ch.Name, time.Now()}
}

func (n *channelNames) of(channelID int64) (string, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	known, ok := n.known[channelID]
	return known.name, ok && time.Since(known.at) < nameLife
}

// channelNames returns the names of channels as far as they are known, or
// learned in the time that a person who types does not notice.
func (c *commands) channelNames(ctx context.Context, ids []int64) map[int64]string {
	ctx, cancel := context.WithTimeout(ctx, nameWait)
	defer cancel()
	names := map[int64]string{}
	for _, id := range ids {
		if _, seen := names[id]; seen {
			continue
		}
		name, ok := c.names.of(id)
		if !ok && ctx.Err() == nil {
			if ch, err := c.Discord.Channel(ctx, id); err == nil {
				c.names.keep(ch)
				name = ch.Name
			}
		}
		names[id] = name
	}
	return names
}
