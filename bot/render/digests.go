package render

import (
	"strings"
	"time"

	"broadsheet/bot/discord"
)

// DigestList lays out a page of digests with their next runs.
func DigestList(r Reader, rows []DigestRow, channelID int64, page int) discord.Message {
	w := r.writer()
	if len(rows) == 0 {
		return boxed(discord.Text(w.T("digests.none", "command", w.command("digest create"))))
	}
	page, pages, first, last := window(len(rows), page)
	cs := []discord.Component{discord.Text("### " + w.T("digests.header", "n", len(rows)))}
	for _, d := range rows[first:last] {
		cs = append(cs, discord.Text(w.digestRow(d)))
	}
	return boxed(append(cs, w.pager(page, pages, func(n int) string {
		return discord.EncodeID(KindDigests, number(int64(n)), number(channelID))
	})...)...)
}

// digestRow is one digest in the list.
func (w writer) digestRow(d DigestRow) string {
	text := dots("**"+name(d.Name)+"**", channel(d.ChannelID)) + "\n" + schedule(d)
	status := ""
	switch {
	case d.Paused:
		status = w.T("digests.paused")
	case len(d.Next) > 0:
		status = w.T("digests.next", "times", strings.Join(w.times(d, 2), "; "))
	}
	last := ""
	if !d.LastSent.IsZero() {
		last = w.T("digests.last", "ago", w.ago(d.LastSent))
	}
	if line := dots(status, last); line != "" {
		text += "\n-# " + line
	}
	return text
}

// schedule is when a digest appears, with the zone it is counted in.
func schedule(d DigestRow) string {
	return name(d.Schedule) + " (" + name(zoneOf(d).String()) + ")"
}

func zoneOf(d DigestRow) *time.Location {
	if d.Zone == nil {
		return time.UTC
	}
	return d.Zone
}

// times writes the digest's next runs, at most most, in its own zone.
func (w writer) times(d DigestRow, most int) []string {
	var out []string
	for _, t := range d.Next[:min(len(d.Next), most)] {
		out = append(out, w.Moment(t.In(zoneOf(d))))
	}
	return out
}

// DigestCreated confirms a new digest with its next runs.
func DigestCreated(r Reader, d DigestRow) discord.Message {
	w := r.writer()
	text := w.T("digests.created", "name", name(d.Name), "channel", channel(d.ChannelID),
		"schedule", name(d.Schedule), "zone", name(zoneOf(d).String()))
	if times := w.times(d, 5); len(times) > 0 {
		text += "\n\n**" + w.T("digests.nextruns") + "**\n• " + strings.Join(times, "\n• ")
	}
	return boxed(discord.Text(text))
}
