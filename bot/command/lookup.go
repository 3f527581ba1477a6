package command

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
	"broadsheet/bot/render"
	"broadsheet/bot/schedule"
	"broadsheet/bot/store"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// mention shows a channel's name as a link.
func mention(channelID int64) string { return "<#" + decimal(channelID) + ">" }

// numbers reads the request's custom arguments, which must be n numbers.
func numbers(r *discord.Request, n int) ([]int64, error) {
	if len(r.CustomArgs) != n {
		return nil, refuse(r, "error.button")
	}
	out := make([]int64, n)
	for i, a := range r.CustomArgs {
		v, err := strconv.ParseInt(a, 10, 64)
		if err != nil || v < 0 {
			return nil, refuse(r, "error.button")
		}
		out[i] = v
	}
	return out, nil
}

// missing turns ErrNotFound into a refusal and passes other errors on.
func missing(r *discord.Request, err error, id string, args ...any) error {
	if errors.Is(err, store.ErrNotFound) {
		return refuse(r, id, args...)
	}
	return err
}

// known is a channel of the request's own server; "" is where the request was
// made. Ids come from options and buttons and are not to be trusted.
func (c *commands) known(ctx context.Context, r *discord.Request, text string) (discord.Channel, error) {
	channelID := r.ChannelID
	if text != "" {
		var err error
		if channelID, err = strconv.ParseInt(text, 10, 64); err != nil {
			return discord.Channel{}, refuse(r, "error.channel", "channel", discord.Escape(text))
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
	return ch, nil
}

// target is a known channel that the bot can post in.
func (c *commands) target(ctx context.Context, r *discord.Request, text string) (discord.Channel, error) {
	ch, err := c.known(ctx, r, text)
	if err != nil {
		return ch, err
	}
	postable := false
	for _, kind := range postableKinds() {
		postable = postable || kind == ch.Kind
	}
	if !postable {
		return ch, refuse(r, "error.channel", "channel", mention(ch.ID))
	}
	lacking, err := c.Discord.Missing(ctx, r.GuildID, ch.ID)
	if err != nil {
		return ch, fmt.Errorf("check permissions: %w", err)
	}
	if len(lacking) > 0 {
		names := make([]string, len(lacking))
		for i, permission := range lacking {
			names[i] = permissionName(printer(r), permission)
		}
		return ch, refuse(r, "error.permission", "permission", strings.Join(names, ", "), "channel", mention(ch.ID))
	}
	if err := c.Store.UnparkChannel(ctx, ch.ID); err != nil {
		return ch, fmt.Errorf("release channel: %w", err)
	}
	return ch, nil
}

// permissionName is a permission as Discord's settings call it in p's language.
func permissionName(p *i18n.Printer, permission discord.Permission) string {
	key := "permission." + strings.ReplaceAll(strings.ToLower(permission.Name()), " ", "_")
	if i18n.Has(key) {
		return p.T(key)
	}
	return permission.Name()
}

// pick finds typed among names: exactly, else the only one that starts with
// it, letter case aside. It returns -1 and the nearest name if there is none.
func pick(names []string, typed string) (int, string) {
	typed = strings.ToLower(strings.TrimSpace(typed))
	begins, found := -1, 0
	for i, n := range names {
		low := strings.ToLower(n)
		if low == typed {
			return i, ""
		}
		if typed != "" && strings.HasPrefix(low, typed) {
			begins = i
			found++
		}
	}
	if found == 1 {
		return begins, ""
	}
	near, least := "", max(2, len([]rune(typed))/3)+1
	for _, n := range names {
		if d := distance(typed, strings.ToLower(n)); d < least {
			near, least = n, d
		}
	}
	return -1, near
}

// distance is the number of letters to change, insert or drop to make b of a
// (Levenshtein).
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range to {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(to)]
}

// unknown says that nothing is called typed, and what is near.
func unknown(r *discord.Request, key, typed, near, list string) error {
	p := printer(r)
	e := &discord.UserError{Text: p.T(key, "name", discord.Escape(typed)), Hint: p.T("error.seeall", "command", list)}
	if near != "" {
		e.Hint = p.T("error.didyoumean", "name", discord.Escape(near), "command", list)
	}
	return e
}

// zone is the time zone of a server, or the configured one.
func (c *commands) zone(ctx context.Context, guildID int64) (string, error) {
	g, err := c.Store.Guild(ctx, guildID)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && g.Timezone == "":
		return c.Zone, nil
	case err != nil:
		return "", fmt.Errorf("read server: %w", err)
	}
	return g.Timezone, nil
}

// reader says for whom a reply is written. A zone that cannot be loaded shows
// times in UTC rather than no reply.
func (c *commands) reader(ctx context.Context, r *discord.Request) render.Reader {
	reader := render.Reader{Locale: r.Locale, Now: time.Now(), Zone: time.UTC}
	name, err := c.zone(ctx, r.GuildID)
	if err != nil {
		c.Log.Warn("time zone not read", "guild", r.GuildID, "err", err)
		return reader
	}
	if zone, err := schedule.LoadZone(name); err == nil {
		reader.Zone = zone
	}
	return reader
}
