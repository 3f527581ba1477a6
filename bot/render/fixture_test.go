package render

import (
	"fmt"
	"strings"
	"time"

	"broadsheet/bot/digest"
)

// morning is the moment of every layout in these tests.
func morning() time.Time { return time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC) }

// berlin is an hour east of UTC on that day; a fixed zone spares the tests a
// time zone database.
func berlin() *time.Location { return time.FixedZone("Europe/Berlin", 3600) }

func reader(locale string) Reader {
	return Reader{Locale: locale, Zone: berlin(), Now: morning()}
}

func article(id int64, source, title string, hours float64) digest.Article {
	return digest.Article{
		ID: id, FeedID: int64(len(source)), Source: source, Title: title,
		Link:      fmt.Sprintf("https://paper.example/%d", id),
		Published: morning().Add(-time.Duration(hours * float64(time.Hour))),
	}
}

func bridgeSentences() []string {
	return []string{
		"The council voted 31 to 14 on Monday to rebuild the bridge instead of patching it.",
		"Ferries will run every ten minutes from May.",
	}
}

func bridgeStory() digest.Story {
	lead := article(1, "Harbour Post", "Harbour bridge closes for two years", 2)
	lead.Image = "https://paper.example/bridge.png"
	return digest.Story{
		Lead:    lead,
		Also:    []digest.Article{article(2, "Daily Quay", "Bridge", 3), article(3, "L’Écho du Port", "Pont", 4), article(4, "Daily Quay", "Again", 5)},
		Summary: bridgeSentences(),
	}
}

// edition is the one of PRODUCT §3's picture: cards, lines, and more.
func edition() digest.Edition {
	vaccine := digest.Story{Lead: article(10, "The Tern", "Vaccine reaches the islands", 5)}
	cracks := digest.Story{
		Lead: article(11, "Island Gazette", "Cracks found in three pillars", 1), FollowUp: 1,
		Summary: []string{"Engineers found cracks in three pillars that no earlier survey had shown."},
	}
	gauges := digest.Story{Lead: article(12, "Daily Quay", "River gauges replaced", 8), Also: []digest.Article{article(13, "The Tern", "Gauges", 9)}}
	e := digest.Edition{
		Cards: []digest.Story{bridgeStory(), cracks},
		Lines: []digest.Story{vaccine, gauges},
	}
	for i := range int64(12) {
		e.More = append(e.More, digest.Story{Lead: article(100+i, "Lamp & Buoy", fmt.Sprintf("Small piece number %d", i+1), 10)})
	}
	return counted(e)
}

func counted(e digest.Edition) digest.Edition {
	feeds := map[int64]bool{}
	e.Stories = len(e.Cards) + len(e.Lines) + len(e.More)
	e.Articles = 0
	for _, s := range e.All() {
		for _, a := range s.Articles() {
			e.Articles++
			feeds[a.FeedID] = true
		}
	}
	e.Feeds = len(feeds)
	return e
}

// bigEdition has more than one message holds.
func bigEdition() digest.Edition {
	var e digest.Edition
	for i := range int64(12) {
		s := bridgeStory()
		s.Lead.ID, s.Lead.Title = 200+i, fmt.Sprintf("Story %d: %s", i+1, s.Lead.Title)
		if i%3 == 2 {
			s.Lead.Image = ""
		}
		e.Cards = append(e.Cards, s)
	}
	for i := range int64(20) {
		e.Lines = append(e.Lines, digest.Story{Lead: article(300+i, "The Tern", fmt.Sprintf("Line %d about the weather on the outer islands", i+1), 6)})
	}
	e.More = edition().More
	return counted(e)
}

func paper(locale string) Paper {
	return Paper{
		Edition: edition(), Locale: locale, Zone: berlin(), Now: morning(), Number: 41, DigestID: 7,
		Next: morning().Add(24 * time.Hour),
	}
}

// hostileTexts are what feeds have been seen to hold, or might to do harm.
func hostileTexts() []string {
	return []string{
		"@everyone and @here and <@123> and <@&456> and <#789>",
		"**bold** _under_ ~~gone~~ ||spoiler|| `code` ```block```",
		"](https://evil.example) [click](https://evil.example) [x][y]",
		"# heading\n## another\n> quote\n- list\n1. numbered\n-# small",
		"zero\u200bwidth\u200b and \u202Eoverride\u202C and \u2066isolate",
		"مرحبا بالعالم · hello",
		"line\r\nbreaks\ttabs\x00nul\x1b[31mred",
		"<t:1700000000:R> <:emoji:123> </feeds add:1>",
		"https://evil.example/a)b(c in a headline",
		strings.Repeat("long ", 200),
		strings.Repeat("x", 3000),
		strings.Repeat("*", 400),
		"\\", "", "   ", "\xff\xfe broken utf8",
		"👨‍👩‍👧 family 🇩🇪 flag",
	}
}

// hostilePaper has those texts everywhere a feed can put them.
func hostilePaper(locale string) Paper {
	p := paper(locale)
	p.Title = hostileTexts()[0]
	p.Edition = digest.Edition{}
	for i, text := range hostileTexts() {
		a := article(int64(500+i), text, text, 1)
		a.Author, a.Text, a.Image = text, text, "https://pic.example/"+text
		s := digest.Story{Lead: a, Summary: []string{text, text, text}}
		for j, other := range hostileTexts() {
			b := article(int64(600+20*i+j), other, other, 1)
			b.Link = "https://x.example/" + other
			s.Also = append(s.Also, b)
		}
		s.Lead.Link = []string{a.Link, "https://x.example/" + text, "javascript:alert(1)", "https://x.example/?q=" + strings.Repeat("a", 2000)}[i%4]
		p.Edition.Cards = append(p.Edition.Cards, s)
		p.Edition.Lines = append(p.Edition.Lines, s)
	}
	p.Edition = counted(p.Edition)
	return p
}

func bridge() Text {
	a := bridgeStory().Lead
	a.Author = "Ada Holm"
	return Text{Article: a, Sentences: append(bridgeSentences(),
		"Mayor Ilse Tarrant said, on the steps of the town hall, that patching – again and again – would have cost more than a new bridge within a decade.")}
}

// strangePage is a page that is not stored, in Japanese, under a long address.
func strangePage() Text {
	return Text{
		Article: digest.Article{
			Title: "メロー港の橋、2年間通行止め", Link: "https://shimbun.example/記事/橋?id=3#top", Lang: "ja",
			Source: "shimbun.example",
		},
		Sentences: []string{
			"港町メローの市議会は月曜日、港の橋を修理せず建て替えることを31対14で可決した。",
			"その間は渡し船が10分おきに運航する。",
		},
	}
}

func results() Results {
	s := Results{Query: "bridge *", FeedID: 3, Total: 12, Page: 1, PerPage: 5}
	for i := range int64(5) {
		const text = "The council voted to rebuild the bridge instead of *patching* the bridge again."
		h := Hit{Article: article(20+i, "Harbour Post", fmt.Sprintf("Bridge news %d", i+1), float64(i+1)), Excerpt: text}
		for at := 0; ; {
			k := strings.Index(text[at:], "bridge")
			if k < 0 {
				break
			}
			h.Marks = append(h.Marks, Mark{at + k, at + k + len("bridge")})
			at += k + len("bridge")
		}
		s.Hits = append(s.Hits, h)
	}
	return s
}

func listing() Listing {
	return Listing{
		Feed: "Harbour Post", FeedID: 12, Total: 11, Page: 1, PerPage: 3,
		Articles: []digest.Article{
			article(31, "Harbour Post", "Harbour bridge closes for two years", 1),
			article(32, "Harbour Post", "", 2),
			{ID: 33, Title: "Undated and nameless"},
		},
	}
}

func feedRows() []FeedRow {
	at := func(minutes int) time.Time { return morning().Add(time.Duration(minutes) * time.Minute) }
	return []FeedRow{
		{Title: "Harbour Post", SiteURL: "https://harbour.example", ChannelID: 70, LastPoll: at(-5), NextPoll: at(10)},
		{Title: "Daily [Quay]", ChannelID: 71, Instant: true, LastPoll: at(-70), NextPoll: at(-1)},
		{Title: "The Tern", ChannelID: 70, LastPoll: at(-30), FailingSince: at(-60 * 50), ErrorKind: "unreachable"},
		{Title: "Lamp & Buoy", ChannelID: 70, Paused: true},
		{Title: "Old Gazette", ChannelID: 70, Paused: true, ErrorKind: "forbidden"},
		{Title: "Ended", ChannelID: 70, Gone: true},
		{Title: "Unread", ChannelID: 70},
		{Title: "Odd", ChannelID: 70, LastPoll: at(-30), FailingSince: at(-90), ErrorKind: "no-such-kind"},
		{Title: "On the second page", ChannelID: 70},
	}
}

// unwell are feeds that somebody should look at: failing, ended, paused after
// a month, silent, and one that may have lost articles.
func unwell() []FeedNotice {
	at := func(hours int) time.Time { return morning().Add(time.Duration(hours) * time.Hour) }
	in := func(id int64, row FeedRow, channels ...int64) FeedNotice {
		return FeedNotice{FeedRow: row, FeedID: id, GuildID: 9, Server: "Harbour Town", Channels: channels}
	}
	return []FeedNotice{
		in(5, FeedRow{Title: "Harbour Post", SiteURL: "https://harbour.example", ErrorKind: "unreachable", FailingSince: at(-26), LastPoll: at(-1), NextPoll: at(6)}, 70),
		in(6, FeedRow{Title: "Old *Gazette*", ErrorKind: "gone", Gone: true, FailingSince: at(-1)}, 70, 71),
		in(7, FeedRow{Title: "The Tern", ErrorKind: "not-feed", Paused: true, FailingSince: at(-24 * 31)}, 70),
		in(8, FeedRow{Title: "Lamp & Buoy", LastPoll: at(-1), NextPoll: at(1), SilentSince: at(-24 * 40)}, 70, 71, 72, 73, 74, 75, 76),
		in(9, FeedRow{Title: "Daily Quay", LastPoll: at(-1), NextPoll: at(1), GapAt: at(-24), GapItems: 40}, 71),
	}
}

func details() FeedDetails {
	return FeedDetails{
		FeedNotice: unwell()[0], URL: "https://***@harbour.example/feed?key=***", Interval: 90 * time.Minute, Pace: 8 * time.Hour,
		NewestAt: morning().Add(-50 * time.Hour), Detail: "The server’s certificate is *not* valid.",
	}
}

func digestRows() []DigestRow {
	first := time.Date(2026, 11, 25, 7, 0, 0, 0, time.UTC)
	row := DigestRow{Name: "Morning *edition*", ChannelID: 70, Schedule: "daily 08:00", Zone: berlin(), LastSent: morning().Add(-24 * time.Hour)}
	for i := range 5 {
		row.Next = append(row.Next, first.AddDate(0, 0, i))
	}
	return []DigestRow{row, {Name: "Resting", ChannelID: 71, Schedule: "every 4h", Paused: true}}
}

func added() Added {
	s, d := bridgeStory(), digestRows()[0]
	return Added{SubscriptionID: 7, Title: "Harbour Post", ChannelID: 70, Newest: &s, Articles: 24, NewDigest: &d}
}

func candidates() []Candidate {
	return []Candidate{
		{URL: "https://harbour.example/feed.xml", Title: "Harbour Post", Kind: "rss"},
		{URL: "https://harbour.example/comments.xml", Title: "Harbour Post: [comments]", Kind: "rss"},
		{URL: "https://harbour.example/" + strings.Repeat("deep/", 40) + "feed", Kind: "atom"},
	}
}
