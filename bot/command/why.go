package command

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
)

// why answers /news why: the whole way of an article through the server.
func (c *commands) why(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	a, err := c.namedArticle(ctx, r)
	if err != nil {
		return discord.Reply{}, err
	}
	path, err := c.Store.Why(ctx, r.GuildID, a.ID)
	if err != nil {
		return discord.Reply{}, fmt.Errorf("read an article's way: %w", missing(r, err, "error.expired"))
	}
	admin := isAdmin(r)
	if !admin {
		// Which other channels there are, and what they print, is not for
		// everyone's eyes; Discord has let the member see this one.
		path.Channels = slices.DeleteFunc(path.Channels, func(ch store.ChannelPath) bool { return ch.ChannelID != r.ChannelID })
	}
	w := whyWriter{printer(r), c.reader(ctx, r).Zone, r.GuildID, admin}
	return discord.Reply{Message: render.Notice(strings.Join(w.path(path), "\n"))}, nil
}

// whyWriter puts an article's way into words.
type whyWriter struct {
	*i18n.Printer
	zone  *time.Location
	guild int64
	admin bool
}

// whyChannels bounds how many channels are told of; a message holds no more.
const whyChannels = 10

func (w whyWriter) path(p store.Path) []string {
	title := p.Article.Title
	if title == "" {
		title = p.Article.Link
	}
	lines := []string{
		"### " + discord.Link(cutRunes(title, maxShown), p.Article.Link),
		"**" + w.T("why.header") + "**",
		"• " + w.T("why.seen", "when", w.Moment(p.Article.Seen.In(w.zone)), "feed", discord.Escape(cutRunes(feedName(p.Feed, ""), maxShown))),
	}
	switch p.Page {
	case "waiting":
		lines = append(lines, "• "+w.T("why.page.waiting"))
	case "failed":
		lines = append(lines, "• "+w.T("why.page.failed"))
	}
	if len(p.Channels) == 0 {
		lines = append(lines, "• "+w.T("why.nowhere"))
	}
	for i, ch := range p.Channels {
		if i == whyChannels {
			lines = append(lines, "• "+w.T("digest.more", "n", len(p.Channels)-i))
			break
		}
		lines = append(lines, w.channel(ch)...)
	}
	return lines
}

// channel tells of one channel, and below it of the messages that brought the
// article there or are to.
func (w whyWriter) channel(ch store.ChannelPath) []string {
	lines := []string{"• " + w.fate(ch)}
	for _, d := range ch.Deliveries {
		lines = append(lines, "  ◦ "+w.delivery(ch.ChannelID, d))
	}
	if ch.Parked != "" {
		lines = append(lines, "  ◦ "+w.T("why.held", "reason", w.T("why.parked")))
	}
	return lines
}

func (w whyWriter) fate(ch store.ChannelPath) string {
	channel := mention(ch.ChannelID)
	switch ch.Fate {
	case store.FateCard:
		return w.T("why.card", "channel", channel)
	case store.FateLine:
		return w.T("why.line", "channel", channel)
	case store.FateCounted:
		return w.T("why.counted", "channel", channel)
	case store.FateJoined:
		return channel + ": " + w.T("why.joined", "title", discord.Escape(cutRunes(ch.LeadTitle, maxShown)))
	case store.FateFiltered:
		return channel + ": " + w.T("why.filtered", "rule", discord.Escape(cutRunes(ch.Detail, maxShown)))
	case store.FateSkipped:
		return w.T("why.skipped", "channel", channel)
	}
	if ch.Waiting {
		return w.T("why.waiting", "channel", channel)
	}
	return w.T("why.skipped", "channel", channel)
}

func (w whyWriter) delivery(channelID int64, d store.DeliveryState) string {
	switch d.State {
	case "sent":
		link := fmt.Sprintf("https://discord.com/channels/%d/%d/%d", w.guild, channelID, d.MessageID)
		return w.T("why.sent", "when", w.Moment(d.At.In(w.zone)), "link", link)
	case "pending":
		return w.T("why.pending", "channel", mention(channelID))
	case "dropped":
		return w.T("why.dropped")
	}
	reason := "…"
	if w.admin {
		reason = discord.Escape(cutRunes(d.Why, maxShown))
	}
	return w.T("why.failed", "reason", reason)
}
