package render

import (
	"strings"
	"time"

	"broadsheet/bot/discord"
)

const (
	// foldedFeeds is how many feeds one notice names.
	foldedFeeds = 10
	// unwellPerPage is how many feeds with their buttons a page shows: five
	// components each, of Discord's forty.
	unwellPerPage = 5
	// maxDetail is how much of an error's own words is shown.
	maxDetail = 300
)

// Feed tells an admin, in a direct message, what has become of a feed and
// offers what can be done.
func Feed(r Reader, n FeedNotice) discord.Message {
	w := r.writer()
	return boxed(discord.Text(w.notice(n)+"\n-# "+w.where(n)), w.actions(n))
}

// Feeds tells an admin of several feeds of one server in one direct message.
func Feeds(r Reader, server string, ns []FeedNotice) discord.Message {
	w := r.writer()
	server = name(server)
	cs := []discord.Component{discord.Text("### " + w.T("notice.several", "n", len(ns), "server", server))}
	for _, n := range ns[:min(len(ns), foldedFeeds)] {
		cs = append(cs, discord.Text(w.patient(n)))
	}
	end := w.T("notice.hint", "command", w.command("feeds health"), "server", server)
	if more := len(ns) - foldedFeeds; more > 0 {
		end = w.T("notice.rest", "n", more) + " · " + end
	}
	return boxed(append(cs, discord.Text("-# "+end))...)
}

// FeedHealth lists a page of the feeds that somebody should look at, with what
// can be done; of counts all feeds of the server.
func FeedHealth(r Reader, ns []FeedNotice, of, page int) discord.Message {
	w := r.writer()
	switch {
	case of == 0:
		return boxed(discord.Text(w.T("feeds.none", "command", w.command("feeds add"))))
	case len(ns) == 0:
		return boxed(discord.Text(w.T("health.well", "n", of)))
	}
	pages := pageCount(len(ns), unwellPerPage)
	page = max(0, min(page, pages-1))
	cs := []discord.Component{discord.Text("### " + w.T("health.header", "n", len(ns)))}
	for _, n := range ns[page*unwellPerPage : min(len(ns), (page+1)*unwellPerPage)] {
		cs = append(cs, discord.Text(w.patient(n)), w.actions(n))
	}
	return boxed(append(cs, w.pager(page, pages, func(n int) string { return discord.EncodeID(KindHealth, number(int64(n))) })...)...)
}

// FeedInfo shows everything about a feed.
func FeedInfo(r Reader, d FeedDetails) discord.Message {
	w := r.writer()
	rhythm, newest, detail := "", "", ""
	if d.Interval > 0 {
		rhythm = w.T("feeds.info.rhythm", "interval", w.Duration(d.Interval))
	}
	if d.Pace > 0 {
		rhythm = dots(rhythm, w.T("feeds.info.pace", "pace", w.Duration(d.Pace)))
	}
	if !d.NewestAt.IsZero() {
		newest = w.T("feeds.info.newest", "ago", w.ago(d.NewestAt))
	}
	if d.Detail != "" && d.ErrorKind != "" {
		detail = "-# " + w.T("feeds.info.detail", "detail", discord.Escape(clip(clean(d.Detail), maxDetail)))
	}
	lines := []string{
		"### " + title(d.FeedRow), dots(w.places(d.Channels), w.mode(d.FeedRow)), w.health(d.FeedRow),
		w.T("feeds.info.address", "url", discord.Escape(clip(clean(d.URL), maxTitle))), rhythm, newest, detail,
	}
	cs := []discord.Component{discord.Text(paragraphs(lines))}
	if d.Unwell() {
		cs = append(cs, w.actions(d.FeedNotice))
	}
	return boxed(cs...)
}

// Unwell reports whether somebody should look at the feed.
func (f FeedRow) Unwell() bool {
	return f.Gone || f.Paused && f.ErrorKind != "" || !f.FailingSince.IsZero() || !f.SilentSince.IsZero() || !f.GapAt.IsZero()
}

// paragraphs joins the lines that are not empty.
func paragraphs(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		if l == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(l)
	}
	return b.String()
}

// notice says in a sentence or two what a person is written to for.
func (w writer) notice(n FeedNotice) string {
	feed, reason := name(n.Title), FeedError(w.Locale(), n.ErrorKind)
	resume := w.command("feeds resume")
	switch {
	case n.Gone:
		return w.T("notice.ended", "feed", feed, "command", resume)
	case n.Paused:
		return w.T("notice.paused", "feed", feed, "date", w.moment(n.FailingSince), "reason", reason, "command", resume)
	case !n.FailingSince.IsZero():
		return w.T("notice.failing", "feed", feed, "date", w.moment(n.FailingSince), "reason", reason, "next", w.moment(n.NextPoll))
	default:
		return w.T("notice.silent", "feed", feed, "date", w.ShortDate(n.SilentSince.In(w.zone)))
	}
}

// patient is a feed among others: its name, its channels, how it is doing.
func (w writer) patient(n FeedNotice) string {
	return dots("**"+name(n.Title)+"**", w.places(n.Channels)) + "\n-# " + w.health(n.FeedRow)
}

// where names the server and the channels.
func (w writer) where(n FeedNotice) string { return dots(name(n.Server), w.places(n.Channels)) }

// places mentions channels, the first few of many.
func (w writer) places(channels []int64) string {
	const most = 3
	all := make([]string, 0, most+1)
	for _, id := range channels[:min(len(channels), most)] {
		all = append(all, channel(id))
	}
	if more := len(channels) - most; more > 0 {
		all = append(all, w.T("notice.rest", "n", more))
	}
	return strings.Join(all, " ")
}

// actions are the buttons for a feed. One that can be read needs no other try,
// one that is not visited has no visits to pause.
func (w writer) actions(n FeedNotice) discord.Component {
	button := func(style int, kind, label string) discord.Component {
		return discord.Button(style, discord.EncodeID(kind, number(n.FeedID), number(n.GuildID)), label, "")
	}
	var row []discord.Component
	if n.Gone || n.Paused || !n.FailingSince.IsZero() {
		row = append(row, button(discord.StylePrimary, KindRetry, w.T("button.retry")))
	}
	if !n.Gone && !n.Paused {
		row = append(row, button(discord.StyleSecondary, KindPause, w.T("button.pause")))
	}
	return discord.Row(append(row, button(discord.StyleDanger, KindRemove, w.T("button.remove")))...)
}

// health says in words how a feed is doing.
func (w writer) health(f FeedRow) string {
	gap := ""
	if !f.GapAt.IsZero() {
		date := w.ShortDate(f.GapAt.In(w.zone))
		gap = w.T("feeds.gap.some", "date", date)
		if f.GapItems > 0 {
			gap = w.T("feeds.gap", "n", f.GapItems, "date", date)
		}
	}
	return dots(w.state(f), gap)
}

func (w writer) state(f FeedRow) string {
	next := ""
	if f.NextPoll.After(w.now) {
		next = w.Duration(f.NextPoll.Sub(w.now))
	}
	switch {
	case f.Gone:
		return w.T("feeds.gone")
	case f.Paused && f.ErrorKind != "":
		return w.T("feeds.paused") + " · " + FeedError(w.Locale(), f.ErrorKind)
	case f.Paused:
		return w.T("feeds.paused")
	case !f.FailingSince.IsZero():
		failing := w.T("feeds.failing", "since", w.moment(f.FailingSince), "reason", FeedError(w.Locale(), f.ErrorKind))
		if next == "" {
			return failing
		}
		return dots(failing, w.T("feeds.next", "next", next))
	case f.LastPoll.IsZero():
		return w.T("feeds.unread")
	case !f.SilentSince.IsZero():
		return w.T("feeds.silent", "since", w.ShortDate(f.SilentSince.In(w.zone)))
	case next == "":
		return w.T("feeds.ok.due", "ago", w.ago(f.LastPoll))
	default:
		return w.T("feeds.ok", "ago", w.ago(f.LastPoll), "next", next)
	}
}

// moment is a day with its time, as short as it goes.
func (w writer) moment(t time.Time) string {
	t = t.In(w.zone)
	return w.ShortDate(t) + " " + w.Clock(t)
}
