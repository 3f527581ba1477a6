package render

import (
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
		cs = append(cs, discord.Text(dots("**"+title(f)+"**", channel(f.ChannelID), w.mode(f))+"\n-# "+w.health(f)))
	}
	return boxed(append(cs, w.pager(page, pages, func(n int) string {
		return discord.EncodeID(KindFeeds, number(int64(n)), number(channelID))
	})...)...)
}

// title is a feed's name, linked to its site.
func title(f FeedRow) string { return linked(clip(clean(f.Title), maxName), fitLink(f.SiteURL)) }

// mode says how a subscription delivers.
func (w writer) mode(f FeedRow) string {
	if f.Instant {
		return w.T("feeds.mode.instant")
	}
	return w.T("feeds.mode.digest")
}

// window returns the page nearest to the wished one and which of n rows it
// shows.
func window(n, wished int) (page, pages, first, last int) {
	pages = pageCount(n, rowsPerPage)
	page = max(0, min(wished, pages-1))
	return page, pages, page * rowsPerPage, min(n, (page+1)*rowsPerPage)
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
