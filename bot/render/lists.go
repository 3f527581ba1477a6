package render

import (
	"strings"
	"unicode/utf8"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
)

// Search lays out a page of results.
func Search(r Reader, s Results) discord.Message {
	w := r.writer()
	query := name(s.Query)
	if len(s.Hits) == 0 {
		return boxed(discord.Text(w.T("search.none", "query", query) + "\n-# " + w.T("search.none.hint")))
	}
	heading := w.T("search.header", "n", s.Total, "query", query)
	if s.Capped {
		heading = w.T("search.header.many", "n", s.Total, "query", query)
	}
	cs := []discord.Component{discord.Text("### " + heading)}
	found := make([]digest.Article, len(s.Hits))
	for i, h := range s.Hits {
		found[i] = h.Article
		cs = append(cs, discord.Text(w.entry(h.Article, excerpt(h.Excerpt, h.Marks), maxText/(len(s.Hits)+1))))
	}
	cs = append(cs, menu(discord.EncodeID(KindRead, "0", "0"), w.T("menu.readmore"), w.choices(found))...)
	return boxed(append(cs, w.listEnd(s.Page, pageCount(s.Total, perPage(s.PerPage)), KindSearch, ShareSearch,
		number(s.FeedID), strings.Join(strings.Fields(s.Query), " "))...)...)
}

// Latest lays out a page of the newest articles.
func Latest(r Reader, l Listing) discord.Message {
	w := r.writer()
	if len(l.Articles) == 0 {
		return boxed(discord.Text(w.T("latest.none")))
	}
	heading := w.T("latest.header")
	if l.Feed != "" {
		heading = w.T("latest.header.feed", "feed", name(l.Feed))
	}
	cs := w.entries(heading, l.Articles)
	return boxed(append(cs, w.listEnd(l.Page, pageCount(l.Total, perPage(l.PerPage)), KindLatest, ShareLatest,
		number(l.FeedID))...)...)
}

// Saved lays out a page of a member's saved articles.
func Saved(r Reader, l Listing) discord.Message {
	w := r.writer()
	if len(l.Articles) == 0 {
		return boxed(discord.Text(w.T("saved.none")))
	}
	cs := w.entries(w.T("saved.header"), l.Articles)
	return boxed(append(cs, w.listEnd(l.Page, pageCount(l.Total, perPage(l.PerPage)), KindSaved, "")...)...)
}

func perPage(n int) int {
	if n <= 0 {
		return PerPage
	}
	return n
}

// entries are a heading, articles, and the menu to read one.
func (w writer) entries(heading string, articles []digest.Article) []discord.Component {
	cs := []discord.Component{discord.Text("### " + heading)}
	for _, a := range articles {
		cs = append(cs, discord.Text(w.entry(a, "", maxText/(len(articles)+1))))
	}
	return append(cs, menu(discord.EncodeID(KindRead, "0", "0"), w.T("menu.readmore"), w.choices(articles))...)
}

// entry is one article in a list: headline, excerpt if any, where and when. It
// leaves out first the address, then the excerpt, then the end of the headline
// to keep to room code points.
func (w writer) entry(a digest.Article, excerpt string, room int) string {
	title := clip(headline(a), 160)
	text := ""
	for _, try := range [][2]string{
		{linked(title, fitLink(a.Link)), excerpt},
		{discord.Escape(title), excerpt},
		{discord.Escape(title), ""},
		{discord.Escape(clip(title, 60)), ""},
	} {
		text = "**" + try[0] + "**"
		if try[1] != "" {
			text += "\n" + try[1]
		}
		if line := dots(name(a.Source), w.ageOf(a)); line != "" {
			text += "\n-# " + line
		}
		if utf8.RuneCountInString(text) <= room {
			break
		}
	}
	return text
}

// fitLink leaves out addresses so long that a page of them would pass the
// length of a message.
func fitLink(link string) string {
	if utf8.RuneCountInString(link) > 300 {
		return ""
	}
	return link
}

// excerpt is foreign text with its marked stretches in bold. Marks that do not
// fit the text are passed over.
func excerpt(text string, marks []Mark) string {
	const most = 240
	var b strings.Builder
	from, size := 0, 0
	add := func(s, around string) {
		s = trimTo(s, most-size)
		size += utf8.RuneCountInString(s)
		if s != "" {
			b.WriteString(around + discord.Escape(s) + around)
		}
	}
	for _, m := range marks {
		if m.Start < from || m.End <= m.Start || m.End > len(text) || !utf8.ValidString(text[from:m.Start]) || !utf8.ValidString(text[m.Start:m.End]) {
			continue
		}
		add(inner(text[from:m.Start]), "")
		add(inner(text[m.Start:m.End]), "**")
		from = m.End
	}
	add(inner(text[from:]), "")
	return strings.TrimSpace(b.String())
}

// inner is clean for a piece out of a text, whose outer spaces matter.
func inner(s string) string {
	c := clean(s)
	if c == "" && s != "" && strings.TrimSpace(s) == "" {
		return " "
	}
	if strings.TrimLeft(s, " \t\n") != s {
		c = " " + c
	}
	if strings.TrimRight(s, " \t\n") != s {
		c += " "
	}
	return c
}

// trimTo is clip without a mark at n = 0 or less.
func trimTo(s string, n int) string {
	if n <= 0 {
		return ""
	}
	return clip(s, max(n, 2))
}

// listEnd is the end of a list: page number, the buttons to other pages and
// Share. args follow the page in the custom ids; where they do not fit, the
// buttons are left out. share "" means that the list is nobody else's matter.
func (w writer) listEnd(page, pages int, kind, share string, args ...string) []discord.Component {
	of := func(n int) []string { return append([]string{number(int64(n))}, args...) }
	if _, ok := exactID(kind, of(page+1)...); !ok {
		pages, page = 1, 0
	}
	var more []discord.Component
	if share != "" {
		more = w.share(share, of(page)...)
	}
	return w.pager(page, pages, func(n int) string { return discord.EncodeID(kind, of(n)...) }, more...)
}
