package render

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"unicode/utf8"

	"broadsheet/bot/discord"
)

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
		title := clip(cmp.Or(clean(c.Title), clean(c.URL), "…"), maxName)
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
