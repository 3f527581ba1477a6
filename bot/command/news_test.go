package command_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
	"broadsheet/feeds"
	extract "broadsheet/feeds/article"
)

// library is a rig with a paper of twelve articles and another server's.
func library(t *testing.T) *rig {
	g := newRig(t)
	var items []feeds.Item
	for i, subject := range []string{"anchors", "buoys", "cables", "dredgers", "engines", "ferries", "galleys", "harbours", "islands", "jetties", "keels", "lamps"} {
		items = append(items, newsOf(i, subject))
	}
	g.paper(post, "Harbour Post", news, items...)
	secret := newsOf(99, "secret plans")
	secret.Title = "Secret plans"
	g.paper("https://secret.example/feed", "Secret", theirs, secret)
	return g
}

// newsOf is an article whose headline is "News of" a subject.
func newsOf(i int, subject string) feeds.Item {
	it := article(fmt.Sprint("n", i), "News of "+subject, subject)
	it.Published = time.Now().Add(-time.Duration(i) * time.Minute)
	return it
}

func TestLatestTurnsPagesAndForgetsNoFeed(t *testing.T) {
	t.Parallel()
	g := library(t)
	g.paper("https://quay.example/feed", "Daily Quay", news, article("q", "Quay news", "the quay"))
	m := g.ask(by(member, slash("news latest", "feed", "Harbour Post"))).Message
	wantText(t, told(m), "Latest from Harbour Post", "Page 1 of 3", "Read more…")
	lacksText(t, told(m), "Quay news")
	next := g.ask(by(member, pressed(id(m, render.KindLatest, "Next page ›"))))
	wantText(t, told(next.Message), "Page 2 of 3", "Harbour Post")
	if !next.Update || next.Public {
		t.Errorf("update %t, public %t", next.Update, next.Public)
	}
	wantText(t, g.says(by(member, slash("news latest"))), "Latest articles", "Page 1 of 3")
	for _, far := range []string{"50", "9000000000000000000"} {
		wantText(t, g.says(pressed(discord.EncodeID(render.KindLatest, far, "0"))), "Page 3 of 3")
	}
}

func TestLatestOfNothing(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	wantText(t, g.says(by(member, slash("news latest"))), "No article has come in yet")
	text := g.refusal(by(member, slash("news latest", "feed", "Harbour")))
	wantText(t, text, "No feed here is called “Harbour”", "Choose one from the list")
	lacksText(t, text, "/feeds")
	g.paper(post, "Harbour Post", news)
	wantText(t, g.refusal(by(member, slash("news latest", "feed", "Harber Post"))), "Did you mean “Harbour Post”?")
}

func TestSearchFindsWithExcerptsAndPages(t *testing.T) {
	t.Parallel()
	g := library(t)
	m := g.ask(by(member, slash("news search", "query", "council evening"))).Message
	wantText(t, told(m), "12 articles mention “council evening”", "**council**", "Page 1 of 3")
	next := pressed(id(m, render.KindSearch, "Next page ›"))
	wantText(t, g.says(by(member, next)), "Page 2 of 3", "“council evening”")
	wantText(t, g.says(by(member, slash("news search", "query", "dredgers", "feed", "harbour"))), "1 article mentions")
	for query, want := range map[string]string{
		"zeppelin":                  "No article here mentions “zeppelin”",
		"secret":                    "No article here",
		"*":                         "No article here",
		strings.Repeat("long ", 60): "No article here",
	} {
		wantText(t, g.says(by(member, slash("news search", "query", query))), want)
	}
	wantText(t, g.refusal(by(member, slash("news search", "query", "  "))), "at least one word")
	wantText(t, g.says(pressed(discord.EncodeID(render.KindSearch, "70", "0", "council"))), "Page 3 of 3")
}

func TestReadFindsWhatWasChosenOrTyped(t *testing.T) {
	t.Parallel()
	g := library(t)
	number := article("year", "2048", "the year 2048")
	g.paper("https://quay.example/feed", "Daily Quay", news, number)
	for typed, want := range map[string]string{
		fmt.Sprint(g.find("News of buoys")): "News of buoys",
		"News of buoys":                     "News of buoys",
		"news OF keels":                     "News of keels",
		"News of lam":                       "News of lamps",
		"decision about engines":            "News of engines",
		"2048":                              "2048",
	} {
		text := g.says(by(member, slash("news read", "article", typed)))
		wantText(t, text, "### ["+want+"]", "Every sentence is the author’s own")
	}
	for _, typed := range []string{"zeppelins over the bay", fmt.Sprint(g.find("Secret plans")), "Secret plans", "-1", "???", "99999999999999999999", strings.Repeat("x", 6000)} {
		text := g.refusal(by(member, slash("news read", "article", typed)))
		wantText(t, text, "I know no article called", "Choose one from the list")
	}
	wantText(t, g.refusal(by(member, slash("news read", "article", " "))), "at least one word")
}

func TestSuggestedArticles(t *testing.T) {
	t.Parallel()
	g := library(t)
	g.paper("https://long.example/feed", strings.Repeat("A paper with a long name ", 8), news, article("l", strings.Repeat("A long headline ", 20), "long things"))
	if got := names(g.ask(by(member, typing("news read", "article", "buo"))).Choices); len(got) != 1 || got[0] != "News of buoys · Harbour Post" {
		t.Errorf("choices %q", got)
	}
	for _, typed := range []string{"", "news", "secret", strings.Repeat("long ", 2000)} {
		got := g.ask(by(member, typing("news why", "article", typed))).Choices
		for _, c := range got {
			if n := len([]rune(c.Name)); n > 100 || strings.Contains(c.Name, "Secret") {
				t.Errorf("%.20q: choice %q of %d characters", typed, c.Name, n)
			}
		}
	}
}

func TestSummaryOfAnyLink(t *testing.T) {
	t.Parallel()
	const link = "https://tern.example/vaccine"
	text := article("x", "", "the vaccine").Text
	page := func(a extract.Article) *feeds.Page { return &feeds.Page{URL: link, Article: a} }
	for name, c := range map[string]struct {
		typed string
		page  *feeds.Page
		err   error
		want  []string
		fails bool
	}{
		"an article":                {link, page(extract.Article{Title: "Vaccine arrives", Text: text}), nil, []string{"Vaccine arrives", "seventeen", "tern.example", "Share"}, false},
		"in brackets":               {"<" + link + ">", page(extract.Article{Title: "Vaccine arrives", Text: text}), nil, []string{"Vaccine arrives"}, false},
		"without its scheme":        {"tern.example/vaccine", page(extract.Article{Title: "Vaccine arrives", Text: text}), nil, []string{"Vaccine arrives"}, false},
		"a headline alone":          {link, page(extract.Article{Title: "Vaccine arrives"}), nil, []string{"Vaccine arrives", "no text worth condensing"}, false},
		"nothing at all":            {link, page(extract.Article{}), nil, []string{"There is no article text at https://tern.example/vaccine", "PDFs"}, true},
		"a private address":         {link, nil, &feeds.Error{Kind: feeds.Private}, []string{"private network"}, true},
		"a PDF":                     {link, nil, &feeds.Error{Kind: feeds.Malformed}, []string{"There is no article text", "PDFs"}, true},
		"a paywall":                 {link, &feeds.Page{URL: link, Paywalled: true, Article: extract.Article{Title: "Vaccine arrives"}}, nil, []string{"to subscribers alone"}, true},
		"a page behind a login":     {link, nil, &feeds.Error{Kind: feeds.Forbidden, Status: 401}, []string{"does not let me in"}, true},
		"a page that is gone":       {link, nil, &feeds.Error{Kind: feeds.NotFound, Status: 404}, []string{"nothing at its address"}, true},
		"a server that is slow":     {link, nil, &feeds.Error{Kind: feeds.Temporary}, []string{"in trouble"}, true},
		"no address":                {"hello", nil, &feeds.Error{Kind: feeds.Invalid}, []string{"“hello” is not a web address", "https://example.org"}, true},
		"an address that goes on":   {"https://a.example/" + strings.Repeat("x", 5000), nil, &feeds.Error{Kind: feeds.NotFound}, []string{"I could not read"}, true},
		"nothing typed":             {" ", nil, &feeds.Error{Kind: feeds.Invalid}, []string{"is not a web address"}, true},
		"what pings in the address": {"https://a.example/@everyone", nil, &feeds.Error{Kind: feeds.NotFound}, []string{"could not read"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t)
			if c.page != nil {
				g.web.pages[link] = *c.page
			}
			if c.err != nil {
				g.web.errs[strings.Trim(strings.TrimSpace(c.typed), "<>")] = c.err
			}
			ask := by(member, slash("news summary", "url", c.typed))
			if c.fails {
				words := g.refusal(ask)
				wantText(t, words, c.want...)
				if n := len([]rune(words)); n > 600 {
					t.Errorf("a refusal of %d characters", n)
				}
				return
			}
			answer := strings.ToLower(g.says(ask))
			for _, w := range c.want {
				wantText(t, answer, strings.ToLower(w))
			}
		})
	}
}

func TestSavedIsTheMembersOwnListAnywhere(t *testing.T) {
	t.Parallel()
	g := library(t)
	wantText(t, g.says(by(member, slash("news saved"))), "You have saved nothing yet")
	for _, title := range []string{"News of buoys", "News of keels"} {
		button := discord.EncodeID(render.KindSave, fmt.Sprint(g.find(title)))
		wantText(t, g.says(by(member, pressed(button))), "🔖 Saved", "`/news saved`", title)
	}
	list := by(member, slash("news saved"))
	m := g.ask(list).Message
	wantText(t, told(m), "News of buoys", "News of keels")
	if id(m, render.KindShare) != "" {
		t.Error("a member's own list can be shared")
	}
	wantText(t, g.says(by(admin, slash("news saved"))), "You have saved nothing yet")
	// In a server that does not follow the feed, and in direct messages.
	for _, server := range []int64{foreign, 0} {
		read := by(member, pressed(id(m, render.KindRead), fmt.Sprint(g.find("News of keels"))))
		read.GuildID = server
		reply := g.ask(read).Message
		wantText(t, told(reply), "News of keels", "Remove from list")
		off := by(member, pressed(id(reply, render.KindUnsave)))
		off.GuildID = server
		if server == 0 {
			wantText(t, g.says(off), "Taken off your list")
		}
	}
	wantText(t, g.says(by(member, pressed(discord.EncodeID(render.KindSaved, "40")))), "News of buoys")
}

func TestOutsideOfAServerThereIsNothingToSee(t *testing.T) {
	t.Parallel()
	g := library(t)
	direct := func(r *discord.Request) *discord.Request {
		r.GuildID, r.Permissions = 0, discord.ManageServer|discord.Administrator
		return r
	}
	for _, r := range []*discord.Request{
		slash("news latest"), slash("news search", "query", "council"), slash("news read", "article", "News of keels"), slash("news why", "article", "News of keels"),
		pressed(discord.EncodeID(render.KindLatest, "0", "0")), pressed(discord.EncodeID(render.KindSearch, "0", "0", "council")),
		pressed(discord.EncodeID(render.KindUp, "1")), pressed(discord.EncodeID(render.KindSave, "1")),
		pressed(discord.EncodeID(render.KindShare, render.ShareLatest, "0", "0")), pressed(discord.EncodeID(render.KindDigestPage, "1", "1", "0")),
	} {
		wantText(t, g.refusal(direct(r)), "only in a server")
	}
	for _, r := range []*discord.Request{slash("feeds list"), slash("digest list")} {
		wantText(t, g.refusal(direct(r)), "Manage Server")
	}
	wantText(t, g.refusal(direct(pressed(discord.EncodeID(render.KindRead, "0", "0"), fmt.Sprint(g.find("News of keels"))))), "no longer stored")
	if got := g.ask(direct(typing("news read", "article", "news"))).Choices; len(got) != 0 {
		t.Errorf("offered %q", names(got))
	}
	wantText(t, g.says(direct(slash("help"))), "/news summary")
}

func TestHelpShowsAdminsMore(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	wantText(t, g.says(slash("help")), "/news search", "/feeds add")
	text := g.says(by(member, slash("help")))
	wantText(t, text, "/news search")
	lacksText(t, text, "/feeds add")
	m := g.ask(by(member, slash("help"))).Message
	wantText(t, g.says(by(member, pressed(id(m, render.KindLatest)))), "No article")
	wantText(t, g.says(by(member, pressed(id(m, render.KindSaved)))), "saved nothing")
}

func TestRepliesSpeakTheLanguageOfWhoAsked(t *testing.T) {
	t.Parallel()
	g := library(t)
	for locale, want := range map[string]string{
		"de": "Neueste Artikel", "ja": "最新", "en-GB": "Latest articles", "xx": "Latest articles",
	} {
		wantText(t, g.says(in(locale, by(member, slash("news latest")))), want)
	}
	wantText(t, g.refusal(in("de", by(member, slash("feeds list")))), "Server verwalten")
	wantText(t, g.refusal(in("de", slash("feeds pause", "feed", "x"))), "Kein Feed hier heißt „x“", "/feeds liste")
	wantText(t, g.refusal(in("ja", slash("digest create", "schedule", "?"))), "daily 08:00")
	wantText(t, g.refusal(in("fr", pressed(discord.EncodeID(render.KindUndo, "x")))), "bouton")
}

func TestWhyTellsTheWholeWay(t *testing.T) {
	t.Parallel()
	g := library(t)
	g.ask(slash("digest create", "schedule", "daily 08:00", "name", "Morning"))
	ask := func(title string) string {
		t.Helper()
		return g.says(by(member, slash("news why", "article", title)))
	}
	wantText(t, ask("News of keels"), "The way of this article", "seen in “Harbour Post”", "Waiting for the next edition of <#101>")
	g.print(g.digests()[0], store.FateCard, g.find("News of keels"))
	wantText(t, ask("News of keels"), "Printed in <#101> with a card", "On its way to <#101>")
	all, err := g.store.LeaseDeliveries(t.Context(), 10, time.Minute)
	if err != nil || len(all) != 1 {
		t.Fatalf("deliveries %v, %v", all, err)
	}
	if err := g.store.MarkSent(t.Context(), all[0].ID, 777); err != nil {
		t.Fatal(err)
	}
	wantText(t, ask("News of keels"), "https://discord.com/channels/100/101/777")
	for fate, want := range map[store.Fate]string{
		store.FateLine: "as a line", store.FateCounted: "Counted under “more”", store.FateFiltered: "Kept out by the rule",
		store.FateSkipped: "not printed",
	} {
		title := map[store.Fate]string{store.FateLine: "News of lamps", store.FateCounted: "News of buoys", store.FateFiltered: "News of cables", store.FateSkipped: "News of jetties"}[fate]
		g.print(g.digests()[0], fate, g.find(title))
		wantText(t, ask(title), want)
	}
	wantText(t, g.refusal(by(member, slash("news why", "article", fmt.Sprint(g.find("Secret plans"))))), "no article")
	wantText(t, g.says(in("de", by(member, slash("news why", "article", "News of keels")))), "Der Weg dieses Artikels")
}

func TestWhyTellsOfWhatWentWrong(t *testing.T) {
	t.Parallel()
	g := library(t)
	g.ask(slash("digest create", "schedule", "daily 08:00", "name", "Morning"))
	g.print(g.digests()[0], store.FateCard, g.find("News of keels"))
	if _, err := g.store.ParkChannel(t.Context(), news, "POST channels: 50013"); err != nil {
		t.Fatal(err)
	}
	text := g.says(slash("news why", "article", "News of keels"))
	wantText(t, text, "Held back: I lack a permission there")
	lacksText(t, text, "50013")
	if err := g.store.UnparkChannel(t.Context(), news); err != nil {
		t.Fatal(err)
	}
	all, err := g.store.LeaseDeliveries(t.Context(), 10, time.Minute)
	if err != nil || len(all) != 1 {
		t.Fatalf("deliveries %v, %v", all, err)
	}
	if err := g.store.MarkFailed(t.Context(), all[0].ID, "Invalid Form Body"); err != nil {
		t.Fatal(err)
	}
	wantText(t, g.says(slash("news why", "article", "News of keels")), "Discord refused it: Invalid Form Body")
	g.print(g.digests()[0], store.FateCard, g.find("News of lamps"))
	if err := g.store.ChannelGone(t.Context(), news, "the channel was deleted"); err != nil {
		t.Fatal(err)
	}
	wantText(t, g.says(slash("news why", "article", "News of lamps")), "the channel or server was gone")
}

func TestWhyTellsMembersOnlyOfTheChannelTheyAskIn(t *testing.T) {
	t.Parallel()
	g := library(t)
	g.ask(slash("digest create", "schedule", "daily 08:00", "name", "Morning"))
	g.print(g.digests()[0], store.FateCard, g.find("News of keels"))
	elsewhere := func(r *discord.Request) *discord.Request {
		r.ChannelID = news + 1000
		return r
	}
	asked := func() *discord.Request { return slash("news why", "article", "News of keels") }
	lacksText(t, g.says(elsewhere(by(member, asked()))), "<#101>")
	wantText(t, g.says(elsewhere(asked())), "Printed in <#101> with a card")
}
