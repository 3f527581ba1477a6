package render

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
)

// rowsPerPage is how many feeds or digests a page of their lists shows.
const rowsPerPage = 8

// FeedList lays out a page of rows with each feed's health. channelID is the
// channel the list is narrowed to, 0 = none.
func FeedList(r Reader, rows []FeedRow, channelID int64, page int) discord.Message {
	w := r.writer()
	if len(rows) == 0 {
		return boxed(discord.Text(w.T("feeds.none", "command", w.command("feeds add"))))
	}
	page, pages, first, last := window(len(rows), page)
	cs := []discord.Component{discord.Text("### " + w.T("feeds.header", "n", len(rows)))}
	for _, f := range rows[first:last] {
		mode := w.T("feeds.mode.digest")
		if f.Instant {
			mode = w.T("feeds.mode.instant")
		}
		title := linked(clip(clean(f.Title), maxName), fitLink(f.SiteURL))
		cs = append(cs, discord.Text(dots("**"+title+"**", channel(f.ChannelID), mode)+"\n-# "+w.health(f)))
	}
	return boxed(append(cs, w.pager(page, pages, func(n int) string {
		return discord.EncodeID(KindFeeds, number(int64(n)), number(channelID))
	})...)...)
}

// window returns the page nearest to the wished one and which of n rows it
// shows.
func window(n, wished int) (page, pages, first, last int) {
	pages = pageCount(n, rowsPerPage)
	page = max(0, min(wished, pages-1))
	return page, pages, page * rowsPerPage, min(n, (page+1)*rowsPerPage)
}

// health says in words how a feed is doing.
func (w writer) health(f FeedRow) string {
	switch {
	case f.Gone:
		return w.T("feeds.gone")
	case f.Paused && f.ErrorKind != "":
		return w.T("feeds.paused") + " · " + FeedError(w.Locale(), f.ErrorKind)
	case f.Paused:
		return w.T("feeds.paused")
	case !f.FailingSince.IsZero():
		since := f.FailingSince.In(w.zone)
		return w.T("feeds.failing", "since", w.ShortDate(since)+" "+w.Clock(since),
			"reason", FeedError(w.Locale(), f.ErrorKind))
	case f.LastPoll.IsZero():
		return w.T("feeds.unread")
	case !f.NextPoll.After(w.now):
		return w.T("feeds.ok.due", "ago", w.ago(f.LastPoll))
	default:
		return w.T("feeds.ok", "ago", w.ago(f.LastPoll), "next", w.Duration(f.NextPoll.Sub(w.now)))
	}
}

// FeedError says in one sentence of locale's language what is wrong with a
// feed; kind is a feeds.Kind.
func FeedError(locale, kind string) string {
	p := i18n.For(locale)
	if id := "feed.error." + kind; i18n.Has(id) {
		return p.T(id)
	}
	return p.T("feed.error.unknown")
}

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

// FeedAdded shows a new feed's newest article and asks what shall become of
// those it already has.
func FeedAdded(r Reader, a Added) discord.Message {
	w := r.writer()
	text := w.T("preview.added", "feed", name(a.Title), "channel", channel(a.ChannelID))
	if d := a.NewDigest; d != nil {
		when := ""
		if times := w.times(*d, 1); len(times) > 0 {
			when = times[0]
		}
		text += "\n" + w.T("preview.newdigest", "name", name(d.Name),
			"schedule", name(d.Schedule), "zone", name(zoneOf(*d).String()), "when", when)
	}
	if a.Newest == nil {
		return boxed(discord.Text(text + "\n" + w.T("preview.empty")))
	}
	cs := []discord.Component{discord.Text(text + "\n" + w.T("preview.newest")), discord.Separator(), w.card(*a.Newest)}
	if a.Articles > 0 {
		cs = append(cs, discord.Separator(), discord.Text(w.T("preview.ask", "n", a.Articles)), w.backlog(a))
	}
	return boxed(cs...)
}

// backlog are the four answers; "next digest" makes no sense for a feed that
// is posted at once, and "last five" none where there are fewer.
func (w writer) backlog(a Added) discord.Component {
	button := func(style int, answer, label string) discord.Component {
		return discord.Button(style, discord.EncodeID(KindBacklog, number(a.SubscriptionID), answer), label, "")
	}
	row := []discord.Component{
		button(discord.StyleSecondary, BacklogNothing, w.T("backlog.nothing")),
		button(discord.StyleSecondary, BacklogLatest, w.T("backlog.latest")),
	}
	if a.Articles > 1 {
		row = append(row, button(discord.StyleSecondary, BacklogFive, w.T("backlog.five")))
	}
	if !a.Instant {
		row = append(row, button(discord.StylePrimary, BacklogDigest, w.T("backlog.digest")))
	}
	return discord.Row(row...)
}

// ChooseFeed offers the feeds found at site. mode is the mode the admin asked
// for, "" if none.
func ChooseFeed(r Reader, site string, channelID int64, mode string, found []Candidate) discord.Message {
	w := r.writer()
	found = found[:min(len(found), 25)]
	place := host(site)
	if place == "" {
		place = site
	}
	rows := []string{"### " + w.T("choose.header", "site", name(place), "n", len(found))}
	var options []discord.SelectOption
	seen := map[string]bool{}
	for _, c := range found {
		title := clip(clean(c.Title), maxName)
		if title == "" {
			title = clip(clean(c.URL), maxName)
		}
		rows = append(rows, "• "+linked(title, fitLink(c.URL)))
		if value := ChoiceValue(c.URL); !seen[value] {
			seen[value] = true
			options = append(options, discord.SelectOption{
				Label: title, Value: value, Description: clip(clean(c.URL), maxOption),
			})
		}
	}
	var cs []discord.Component
	size := 0
	for _, chunk := range chunks(rows, 1500) {
		// The menu names them all; the list is for reading and may end early.
		if size += utf8.RuneCountInString(chunk); size > maxText {
			break
		}
		cs = append(cs, discord.Text(chunk))
	}
	cs = append(cs, menu(discord.EncodeID(KindChoose, number(channelID), mode, site), w.T("menu.choose"), options)...)
	return boxed(cs...)
}

// ChoiceValue is the value by which ChooseFeed's menu names a feed: its address
// if that fits a menu, else "#" and a hash of it.
func ChoiceValue(address string) string {
	if address != "" && utf8.RuneCountInString(address) <= maxOption {
		return address
	}
	h := fnv.New64a()
	h.Write([]byte(address))
	return fmt.Sprintf("#%016x", h.Sum64())
}

// Removed confirms that a feed was removed and offers Undo, which carries args.
func Removed(r Reader, title string, channelID int64, args ...string) discord.Message {
	w := r.writer()
	cs := []discord.Component{discord.Text(w.T("feeds.removed", "feed", name(title), "channel", channel(channelID)))}
	if id, ok := exactID(KindUndo, args...); ok {
		cs = append(cs, discord.Row(discord.Button(discord.StyleSecondary, id, w.T("button.undo"), "↩")))
	}
	return boxed(cs...)
}

// Feed lays out a notice about a feed for an admin, with what can be done.
func Feed(r Reader, n FeedNotice) discord.Message {
	w := r.writer()
	reason := FeedError(w.Locale(), n.ErrorKind)
	button := func(style int, kind, label string) discord.Component {
		return discord.Button(style, discord.EncodeID(kind, number(n.FeedID)), label, "")
	}
	retry := button(discord.StylePrimary, KindRetry, w.T("button.retry"))
	remove := button(discord.StyleDanger, KindRemove, w.T("button.remove"))
	switch n.Event {
	case FeedFailing:
		since := n.Since.In(w.zone)
		return boxed(
			discord.Text(w.T("notice.failing", "feed", name(n.Title), "date", w.ShortDate(since)+" "+w.Clock(since), "reason", reason)),
			discord.Row(retry, button(discord.StyleSecondary, KindPause, w.T("button.pause")), remove))
	case FeedStopped:
		return boxed(
			discord.Text(w.T("notice.stopped", "feed", name(n.Title), "reason", reason, "command", w.command("feeds resume"))),
			discord.Row(retry, remove))
	case FeedMoved:
		return boxed(discord.Text(w.T("notice.moved", "feed", name(n.Title), "url", discord.Escape(clip(clean(n.URL), maxTitle)))))
	default:
		return boxed(discord.Text(w.T("notice.recovered", "feed", name(n.Title))))
	}
}

// PermissionName is a permission as Discord's settings call it in locale's
// language.
func PermissionName(locale string, p discord.Permission) string {
	id := map[discord.Permission]string{
		discord.ViewChannel:                      "permission.view_channel",
		discord.SendMessages:                     "permission.send_messages",
		discord.EmbedLinks:                       "permission.embed_links",
		discord.AttachFiles:                      "permission.attach_files",
		discord.ReadMessageHistory:               "permission.read_message_history",
		discord.SendInThreads:                    "permission.send_messages_in_threads",
		discord.CreatePublicThreads:              "permission.create_public_threads",
		discord.Permission(discord.ManageServer): "permission.manage_guild",
	}[p]
	if id == "" {
		return p.Name()
	}
	return i18n.For(locale).T(id)
}

// Permissions tells an admin which permissions are missing in a channel.
func Permissions(r Reader, channelID int64, missing []discord.Permission) discord.Message {
	w := r.writer()
	names := make([]string, len(missing))
	for i, p := range missing {
		names[i] = "**" + PermissionName(w.Locale(), p) + "**"
	}
	return boxed(discord.Text(w.T("notice.permission", "channel", channel(channelID),
		"permissions", strings.Join(names, w.T("story.papers.separator"))) +
		"\n-# " + w.T("error.permission.hint")))
}

// Notice is a plain message: text already in the reader's language and already
// escaped.
func Notice(text string) discord.Message { return boxed(discord.Text(text)) }

// Help lays out the short help; admin adds what only admins can use.
func Help(r Reader, admin bool) discord.Message {
	w := r.writer()
	row := func(path, text string) string { return w.command(path) + " · " + text }
	cs := []discord.Component{
		discord.Text("## " + w.T("help.title") + "\n" + w.T("help.intro")),
		discord.Text(strings.Join([]string{
			"**" + w.T("help.members") + "**",
			row("news latest", w.T("help.latest")),
			row("news search", w.T("help.search")),
			row("news read", w.T("help.read")),
			row("news summary", w.T("help.summary")),
		}, "\n")),
	}
	if admin {
		cs = append(cs, discord.Text(strings.Join([]string{
			"**" + w.T("help.admins") + "**",
			row("feeds add", w.T("help.feedsadd")),
			row("feeds list", w.T("help.feedslist")),
			row("digest create", w.T("help.digestcreate")),
			row("digest run", w.T("help.digestrun")),
		}, "\n")))
	}
	return boxed(append(cs, discord.Row(
		discord.Button(discord.StylePrimary, discord.EncodeID(KindLatest, "0", "0"), w.T("latest.header"), ""),
		discord.Button(discord.StyleSecondary, discord.EncodeID(KindSaved, "0"), w.T("saved.header"), ""),
	))...)
}
