package command

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/schedule"
	"broadsheet/bot/store"
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// mention shows a channel's name as a link.
func mention(channelID int64) string { return "<#" + decimal(channelID) + ">" }

// maxPage is the last page that a button may ask for; there are never so many.
const maxPage = 1 << 20

// pageNumber reads the number of a page from a button.
func pageNumber(r *discord.Request, text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxPage {
		return 0, outdated(r)
	}
	return n, nil
}

// lastPage is the last page of a list of total things.
func lastPage(total int) int { return max(0, (total-1)/render.PerPage) }

// numbers reads the request's custom arguments, which must be n numbers.
func numbers(r *discord.Request, n int) ([]int64, error) {
	if len(r.CustomArgs) != n {
		return nil, outdated(r)
	}
	out := make([]int64, n)
	for i, a := range r.CustomArgs {
		v, err := strconv.ParseInt(a, 10, 64)
		if err != nil || v < 0 {
			return nil, outdated(r)
		}
		out[i] = v
	}
	return out, nil
}

// pick finds typed among names: exactly, else the only one that starts with
// it, letter case aside. It returns -1 and the nearest name if there is none.
func pick(names []string, typed string) (int, string) {
	typed = strings.ToLower(line(typed, maxShown))
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

// fits reports that a custom id can hold kind and args without losing any.
func fits(kind string, args ...string) bool {
	_, back, ok := discord.DecodeID(discord.EncodeID(kind, args...))
	return ok && slices.Equal(back, args)
}

// readdress changes the arguments of the custom ids of a kind among cs.
func readdress(cs []discord.Component, kind string, change func(args []string) []string) {
	for i := range cs {
		if k, args, ok := discord.DecodeID(cs[i].CustomID); ok && k == kind {
			cs[i].CustomID = discord.EncodeID(kind, change(args)...)
		}
		readdress(cs[i].Components, kind, change)
	}
}

// cutRunes is the beginning of s, n code points at most.
func cutRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

// line is typed text as one line of n characters at most: what a client would
// not send can still be sent.
func line(s string, n int) string {
	return strings.TrimSpace(cutRunes(strings.Join(strings.Fields(s), " "), n))
}

// contains reports whether name holds what was typed, letter case aside.
func contains(name, typed string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(strings.TrimSpace(typed)))
}

// host is an address's site as people read it.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// zone is the time zone of a server, or the configured one.
func (c *commands) zone(ctx context.Context, guildID int64) (string, error) {
	g, err := c.Store.Guild(ctx, guildID)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && g.Timezone == "":
		return c.Zone, nil
	case err != nil:
		return "", err
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
