package render

import (
	"fmt"
	"unicode/utf8"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
)

// Digest lays out an edition: as many messages as Discord's limits need, in
// order, the buttons under the last. An edition without stories gives none.
func Digest(p Paper) []discord.Message {
	if p.Edition.Empty() {
		return nil
	}
	w := p.reader().writer()
	l := layout{color: p.color(), again: "-# " + w.T("digest.continued", "title", p.title(w.Printer))}
	l.add(discord.Text(p.head(w)))
	for _, s := range p.Edition.Cards {
		l.add(discord.Separator(), w.card(s))
	}
	for i, chunk := range w.lines(p.Edition) {
		if i == 0 {
			l.add(discord.Separator(), discord.Text(chunk))
		} else {
			l.add(discord.Text(chunk))
		}
	}
	l.last(p.controls(w)...)
	messages := l.messages()
	if p.Role != 0 {
		messages[0].Roles = []int64{p.Role}
		mention := discord.Text(fmt.Sprintf("<@&%d>", p.Role))
		messages[0].Components = append([]discord.Component{mention}, messages[0].Components...)
	}
	return messages
}

// Empty says that an edition has no stories, for digests that say so.
func Empty(p Paper) discord.Message {
	w := p.reader().writer()
	text := w.T("digest.empty.last")
	if !p.Next.IsZero() {
		text = w.T("digest.empty", "when", w.Moment(p.Next.In(w.zone)))
	}
	head := "## " + p.heading(w)
	return discord.Message{Components: []discord.Component{discord.Container(p.color(), discord.Text(head+"\n"+text))}}
}

// Page lists the stories of an edition that have no card, page by page, for
// the member who pressed Next page.
func Page(p Paper, page int) discord.Message {
	w := p.reader().writer()
	stories := append(append([]digest.Story{}, p.Edition.Lines...), p.Edition.More...)
	pages := pageCount(len(stories), PerPage)
	page = max(0, min(page, pages-1))
	shown := stories[min(page*PerPage, len(stories)):min((page+1)*PerPage, len(stories))]

	cs := []discord.Component{discord.Text(p.head(w))}
	for _, s := range shown {
		cs = append(cs, discord.Separator(), w.card(s))
	}
	cs = append(cs, menu(p.id(KindRead), w.T("menu.readmore"), w.choices(leads(shown)))...)
	cs = append(cs, w.pager(page, pages, func(n int) string { return p.id(KindDigestPage, fmt.Sprint(n)) })...)
	return discord.Message{Components: []discord.Component{discord.Container(p.color(), cs...)}}
}

// PickArticle asks which story of an edition a button under the digest is
// about. kind is KindPickSave, KindPickUp or KindPickDown.
func PickArticle(r Reader, kind string, e digest.Edition) discord.Message {
	w := r.writer()
	question := map[string]string{
		KindPickSave: w.T("menu.save"), KindPickUp: w.T("menu.up"), KindPickDown: w.T("menu.down"),
	}[kind]
	options := w.choices(leads(e.All()))
	if len(options) == 0 {
		return Notice(w.T("error.expired"))
	}
	return discord.Message{Components: menu(discord.EncodeID(kind), question, options)}
}

// head is the digest's head: its name and date, and what is in it.
func (p Paper) head(w writer) string {
	e := p.Edition
	return "## " + p.heading(w) + "\n" + w.T("digest.counts",
		"stories", w.T("digest.counts.stories", "n", e.Stories),
		"articles", w.T("digest.counts.articles", "n", e.Articles),
		"feeds", w.T("digest.counts.feeds", "n", e.Feeds))
}

func (p Paper) heading(w writer) string {
	return w.T("digest.header", "title", p.title(w.Printer), "date", w.Date(p.Now.In(w.zone)))
}

// title is the digest's own name, or one by the hour.
func (p Paper) title(t *i18n.Printer) string {
	if s := name(p.Title); s != "" {
		return s
	}
	zone := p.reader().writer().zone
	switch h := p.Now.In(zone).Hour(); {
	case h >= 5 && h < 11:
		return t.T("edition.morning")
	case h >= 11 && h < 14:
		return t.T("edition.midday")
	case h >= 14 && h < 17:
		return t.T("edition.afternoon")
	case h >= 17 && h < 22:
		return t.T("edition.evening")
	default:
		return t.T("edition.night")
	}
}

func (p Paper) color() int {
	if p.Color > 0 && p.Color <= 0xFFFFFF {
		return p.Color
	}
	return Accent
}

// id is a custom id that knows which edition it stands under.
func (p Paper) id(kind string, more ...string) string {
	return discord.EncodeID(kind, append([]string{number(p.DigestID), number(p.Number)}, more...)...)
}

// controls are the menu and the buttons under a digest.
func (p Paper) controls(w writer) []discord.Component {
	cs := menu(p.id(KindRead), w.T("menu.readmore"), w.choices(leads(p.Edition.All())))
	row := []discord.Component{
		discord.Button(discord.StyleSecondary, p.id(KindDigestSave), w.T("button.save"), "🔖"),
		discord.Button(discord.StyleSecondary, p.id(KindDigestUp), "", "👍"),
		discord.Button(discord.StyleSecondary, p.id(KindDigestDown), "", "👎"),
	}
	if len(p.Edition.Lines)+len(p.Edition.More) > 0 {
		row = append(row, discord.Button(discord.StyleSecondary, p.id(KindDigestPage, "0"), w.T("button.next"), ""))
	}
	return append(cs, discord.Row(row...))
}

// lines are the stories without a card as texts of moderate length: a heading
// and lines first, how many more there are last.
func (w writer) lines(e digest.Edition) []string {
	var rows []string
	if len(e.Lines) > 0 && len(e.Cards) > 0 {
		rows = append(rows, "**"+w.T("digest.alsotoday")+"**")
	}
	for _, s := range e.Lines {
		rows = append(rows, w.line(s))
	}
	if n := len(e.More) + e.Beyond; n > 0 {
		rows = append(rows, "-# "+w.T("digest.more", "n", n))
	}
	return chunks(rows, 1500)
}

// chunks joins rows into texts of up to n code points.
func chunks(rows []string, n int) []string {
	var out []string
	size := 0
	for _, row := range rows {
		k := utf8.RuneCountInString(row) + 1
		if len(out) == 0 || size+k > n {
			out, size = append(out, row), k
			continue
		}
		out[len(out)-1] += "\n" + row
		size += k
	}
	return out
}

// pageCount is how many pages n things take; no things take one.
func pageCount(n, per int) int { return max(1, (n+per-1)/per) }

// pager is a row with the buttons to the pages around page, and which page it
// is; a single page has none. id makes the custom id of a page.
func (w writer) pager(page, pages int, id func(page int) string, more ...discord.Component) []discord.Component {
	var row, cs []discord.Component
	if pages > 1 {
		cs = append(cs, discord.Text("-# "+w.T("page.number", "page", page+1, "pages", pages)))
	}
	if page > 0 {
		row = append(row, discord.Button(discord.StyleSecondary, id(page-1), w.T("button.previous"), ""))
	}
	if page+1 < pages {
		row = append(row, discord.Button(discord.StyleSecondary, id(page+1), w.T("button.next"), ""))
	}
	if row = append(row, more...); len(row) > 0 {
		cs = append(cs, discord.Row(row...))
	}
	return cs
}

// Folded lays out the instant posts that an hour's limit left over as lines of
// "＋14 more" messages.
func Folded(r Reader, stories []digest.Story) []discord.Message {
	if len(stories) == 0 {
		return nil
	}
	w := r.writer()
	rows := make([]string, len(stories))
	for i, s := range stories {
		rows[i] = w.line(s)
	}
	heading := w.T("folded.header", "n", len(stories))
	l := layout{color: Accent, again: "-# " + w.T("digest.continued", "title", heading)}
	l.add(discord.Text("### " + heading + "\n-# " + w.T("folded.why")))
	for _, chunk := range chunks(rows, 1500) {
		l.add(discord.Text(chunk))
	}
	l.last(menu(discord.EncodeID(KindRead, "0", "0"), w.T("menu.readmore"), w.choices(leads(stories)))...)
	return l.messages()
}
