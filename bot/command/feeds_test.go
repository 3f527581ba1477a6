package command_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

const post = "https://post.example/feed.xml"

// offers makes an address lead to one feed with articles.
func (g *rig) offers(address, title string, items ...feeds.Item) {
	g.web.candidates[address] = append(g.web.candidates[address], feeds.Candidate{URL: address, Title: title})
	g.visitor.items[address] = items
}

func TestAddFollowsAFeedAndMakesTheChannelsFirstDigest(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.offers(post, "Harbour Post", article("bridge", "Bridge closes", "the bridge"))
	reply := g.ask(slash("feeds add", "url", post, "channel", "102"))
	wantText(t, told(reply.Message), "Harbour Post", "<#102>", "daily 08:00", "UTC", "Bridge closes", "Next digest")
	if reply.Public {
		t.Error("an admin's reply is public")
	}
	subs, digests := g.subs(), g.digests()
	if len(subs) != 1 || subs[0].ChannelID != island || subs[0].CreatedBy != admin || subs[0].Mode != store.ModeDigest {
		t.Errorf("subscriptions: %+v", subs)
	}
	if len(digests) != 1 || digests[0].Name != "island" || digests[0].Schedule != "daily 08:00" || digests[0].NextRun.Before(time.Now()) {
		t.Errorf("digests: %+v", digests)
	}
	g.offers("https://quay.example/feed", "Daily Quay")
	lacksText(t, g.says(slash("feeds add", "url", "https://quay.example/feed", "channel", "102")), "daily 08:00")
	if n := len(g.digests()); n != 1 {
		t.Errorf("the second feed made another digest: %d", n)
	}
}

func TestAddAtOnceMakesNoDigest(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.offers(post, "Harbour Post", article("bridge", "Bridge closes", "the bridge"))
	text := g.says(slash("feeds add", "url", post, "mode", "instant", "title", "  The \n Post  "))
	wantText(t, text, "The Post", "Latest one")
	lacksText(t, text, "Next digest", "daily")
	if subs := g.subs(); subs[0].Mode != store.ModeInstant || subs[0].Title != "The Post" || len(g.digests()) != 0 {
		t.Errorf("subscription %+v, digests %v", subs[0], g.digests())
	}
}

func TestAddRefusesWithASentence(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options []string
		set     func(g *rig)
		want    string
	}{
		"a site without feed":           {[]string{"url", "https://none.example"}, nil, "I found no feed at https://none.example"},
		"a channel of another server":   {[]string{"url", post, "channel", "201"}, nil, "I cannot post in <#201>"},
		"a channel nobody knows":        {[]string{"url", post, "channel", "999"}, nil, "I cannot post in <#999>"},
		"a channel that is no number":   {[]string{"url", post, "channel", "@everyone"}, nil, "I cannot post in"},
		"a channel below zero":          {[]string{"url", post, "channel", "-101"}, nil, "I cannot post in"},
		"a voice channel":               {[]string{"url", post, "channel", "103"}, nil, "text, announcement or forum"},
		"a mode that is not offered":    {[]string{"url", post, "mode", "hourly"}, nil, "“hourly” is not among the choices"},
		"a private address":             {[]string{"url", post}, func(g *rig) { g.web.errs[post] = &feeds.Error{Kind: feeds.Private} }, "private network"},
		"no address":                    {[]string{"url", "::"}, func(g *rig) { g.web.errs["::"] = &feeds.Error{Kind: feeds.Invalid} }, "is not a web address"},
		"a server in trouble":           {[]string{"url", post}, func(g *rig) { g.web.errs[post] = &feeds.Error{Kind: feeds.Temporary} }, "Its server is in trouble"},
		"an error of a kind unheard of": {[]string{"url", post}, func(g *rig) { g.web.errs[post] = &feeds.Error{Kind: "odd"} }, "It cannot be read"},
		"a first visit that fails":      {[]string{"url", post}, func(g *rig) { g.visitor.bad = &feeds.Error{Kind: feeds.Forbidden} }, "does not let me in"},
		"a missing permission":          {[]string{"url", post}, func(g *rig) { g.discord.lacking = []discord.Permission{discord.SendMessages} }, "I lack the permission “Send Messages” in <#101>"},
		"Discord in trouble":            {[]string{"url", post}, func(g *rig) { g.discord.err = &discord.Error{Status: 502, Err: errors.New("bad gateway")} }, "Discord did not answer"},
		"a full disk":                   {[]string{"url", post}, func(g *rig) { g.visitor.fails = []error{fmt.Errorf("record: %w", store.ErrFull)} }, "cannot write"},
		"a feed that has just vanished": {[]string{"url", post}, func(g *rig) { g.visitor.fails = []error{fmt.Errorf("take: %w", store.ErrNotFound)} }, "not there any more"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t)
			g.offers(post, "Harbour Post")
			if c.set != nil {
				c.set(g)
			}
			wantText(t, g.refusal(slash("feeds add", c.options...)), c.want)
			if n := len(g.subs()); n != 0 {
				t.Errorf("%d subscriptions were made all the same", n)
			}
		})
	}
}

func TestAddTwiceSaysSo(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.offers(post, "Harbour Post")
	g.ask(slash("feeds add", "url", post))
	wantText(t, g.refusal(slash("feeds add", "url", post)), "“Harbour Post” is already read for <#101>")
}

// As after a crash, or an error, between following the feed and making the
// digest.
func TestAddAgainMakesTheDigestThatIsMissing(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.offers(post, "Harbour Post")
	g.paper(post, "Harbour Post", news)
	wantText(t, g.says(slash("feeds add", "url", post)), "Harbour Post", "08:00")
	if all := g.digests(); len(all) != 1 || all[0].ChannelID != news {
		t.Errorf("the channel has the digests %+v, want its first", all)
	}
	if all := g.subs(); len(all) != 1 {
		t.Errorf("%d subscriptions, want the one that was there", len(all))
	}
	wantText(t, g.refusal(slash("feeds add", "url", post)), "is already read for <#101>")
}

// A channel whose feeds are all posted at once needs no digest.
func TestAddAgainMakesNoDigestForAFeedThatIsPostedAtOnce(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.offers(post, "Harbour Post")
	g.ask(slash("feeds add", "url", post, "mode", "instant"))
	wantText(t, g.refusal(slash("feeds add", "url", post)), "is already read for <#101>")
	if all := g.digests(); len(all) != 0 {
		t.Errorf("the channel has the digests %+v, want none", all)
	}
}

func TestAddMasksTheSecretsOfAnAddress(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	address := "https://user:hunter2@post.example/feed?token=sesame"
	g.web.errs[address] = &feeds.Error{Kind: feeds.Forbidden}
	lacksText(t, g.refusal(slash("feeds add", "url", address)), "hunter2", "sesame")
}

func TestAddWaitsForAVisitThatIsUnderWay(t *testing.T) {
	t.Parallel()
	dir := newRig // the store of a bubble must be opened inside it
	synctest.Test(t, func(t *testing.T) {
		g := dir(t)
		g.offers(post, "Harbour Post")
		lost := fmt.Errorf("take feed: %w", store.ErrLeaseLost)
		g.visitor.fails = []error{lost, lost, lost}
		wantText(t, g.says(slash("feeds add", "url", post)), "is now read")
		if g.visitor.asked != 4 {
			t.Errorf("visited %d times, want three attempts and a success", g.visitor.asked)
		}
		other := "https://quay.example/feed"
		g.offers(other, "Daily Quay")
		for range 100 {
			g.visitor.fails = append(g.visitor.fails, lost)
		}
		begun := time.Now()
		wantText(t, g.refusal(slash("feeds add", "url", other)), "being read at this moment", "try again")
		if took := time.Since(begun); took > 2*time.Minute {
			t.Errorf("an admin waited %s", took)
		}
	})
}

func TestAddReadsAFeedAgainThatNobodyFollowed(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sub := g.paper(post, "Harbour Post", news, article("old", "An old matter", "the old well"))
	if _, err := g.store.Unsubscribe(t.Context(), sub.ID); err != nil {
		t.Fatal(err)
	}
	g.offers(post, "Harbour Post", article("old", "An old matter", "the old well"), article("since", "What came since", "the new well"))
	g.visitor.asked = 0
	g.ask(slash("feeds add", "url", post))
	if g.visitor.asked != 1 {
		t.Errorf("visited %d times, want once: what came while nobody followed is no news", g.visitor.asked)
	}
	if since := g.find("What came since"); g.subs()[0].Cursor < since {
		t.Errorf("cursor %d lies before article %d", g.subs()[0].Cursor, since)
	}
}

// A feed that nobody follows is visited for nobody.
func TestAFeedThatCouldNotBeAddedIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]func(g *rig){
		"a new one": func(*rig) {},
		"one that was removed before": func(g *rig) {
			if _, err := g.store.Unsubscribe(g.t.Context(), g.paper(post, "Harbour Post", news).ID); err != nil {
				g.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t)
			g.offers(post, "Harbour Post")
			known(g)
			g.visitor.bad = &feeds.Error{Kind: feeds.Forbidden}
			// The program may end while the feed is read for the first time.
			g.visitor.during = func() {
				if polled, err := g.store.LeaseFeeds(t.Context(), 10, 0, -time.Minute); err != nil || len(polled) != 0 {
					t.Errorf("%d feeds would be visited by the next process (%v), want none", len(polled), err)
				}
			}
			wantText(t, g.refusal(slash("feeds add", "url", post)), "does not let me in")
			polled, err := g.store.LeaseFeeds(t.Context(), 10, 0, time.Minute)
			if err != nil || len(polled) != 0 {
				t.Errorf("%d feeds are visited (%v), want none", len(polled), err)
			}
		})
	}
}

func TestAddStartsAFeedAgainThatWasStopped(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sub := g.paper(post, "Harbour Post", theirs)
	if err := g.store.SetFeedPaused(t.Context(), sub.FeedID, true); err != nil {
		t.Fatal(err)
	}
	g.offers(post, "Harbour Post")
	g.ask(slash("feeds add", "url", post))
	if g.subs()[0].Feed.Paused {
		t.Error("the feed that was just added stays paused")
	}
}

func TestSeveralFeedsAreOfferedInAMenu(t *testing.T) {
	t.Parallel()
	const site = "https://post.example"
	long := post + "?" + strings.Repeat("q", 120)
	endless := site + "/" + strings.Repeat("deep/", 30)
	for name, c := range map[string]struct {
		site, choose, title string
		again               map[string][]feeds.Candidate // what a second look finds
		want                string
	}{
		"a short address is looked at by itself": {site, post, "", map[string][]feeds.Candidate{post: {{URL: post, Title: "Harbour Post"}}}, post},
		"with the title that was asked for":      {site, post, "My paper", map[string][]feeds.Candidate{post: {{URL: post, Title: "Harbour Post"}}}, post},
		"a long one is found again at its site":  {site, long, "", nil, long},
		"a short one of a site with a long name": {endless, post, "", map[string][]feeds.Candidate{post: {{URL: post, Title: "Harbour Post"}}}, post},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t)
			g.web.candidates[c.site] = []feeds.Candidate{{URL: post, Title: "Harbour Post"}, {URL: long, Title: "Everything"}}
			for address, found := range c.again {
				g.web.candidates[address] = found
			}
			m := g.ask(slash("feeds add", "url", c.site, "mode", "instant", "title", c.title, "channel", "102")).Message
			offered := values(m, render.KindChoose)
			if len(offered) != 2 || len(g.subs()) != 0 {
				t.Fatalf("offered %q, subscriptions %v", offered, g.subs())
			}
			reply := g.ask(pressed(id(m, render.KindChoose), render.ChoiceValue(c.choose)))
			if !reply.Update {
				t.Error("the menu stays")
			}
			subs := g.subs()
			if len(subs) != 1 || subs[0].Feed.State.URL != c.want || subs[0].Mode != store.ModeInstant || subs[0].ChannelID != island {
				t.Fatalf("subscriptions: %+v", subs)
			}
			if c.title != "" && subs[0].Title != c.title {
				t.Errorf("title %q, want %q", subs[0].Title, c.title)
			}
		})
	}
}

func TestALongFeedOfALongSiteIsRefusedWithAWayOut(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	site := "https://post.example/" + strings.Repeat("deep/", 30)
	long := post + "?" + strings.Repeat("q", 120)
	g.web.candidates[site] = []feeds.Candidate{{URL: post, Title: "Harbour Post"}, {URL: long, Title: "Everything"}}
	m := g.ask(slash("feeds add", "url", site)).Message
	wantText(t, g.refusal(pressed(id(m, render.KindChoose), render.ChoiceValue(long))), "too long for a menu", "/feeds add")
}

func TestMoreThan25FeedsAreNoProblem(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for i := range 40 {
		g.web.candidates["https://many.example"] = append(g.web.candidates["https://many.example"],
			feeds.Candidate{URL: fmt.Sprintf("https://many.example/%d", i), Title: fmt.Sprintf("Feed %d", i)})
	}
	m := g.ask(slash("feeds add", "url", "https://many.example")).Message
	if n := len(values(m, render.KindChoose)); n != 25 {
		t.Errorf("%d offered, Discord takes 25", n)
	}
}

func TestBacklogAnswers(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]struct {
		waiting int
		says    string
	}{
		render.BacklogNothing: {0, "only what is new"},
		render.BacklogLatest:  {1, "the newest article"},
		render.BacklogFive:    {5, "the newest 5 articles"},
		render.BacklogDigest:  {8, "what is already there"},
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			g := newRig(t)
			var items []feeds.Item
			for i := range 8 {
				items = append(items, article(fmt.Sprint("a", i), fmt.Sprint("Article ", i), fmt.Sprint("matter ", i)))
			}
			g.offers(post, "Harbour Post", items...)
			g.ask(slash("feeds add", "url", post))
			reply := g.ask(pressed(discord.EncodeID(render.KindBacklog, fmt.Sprint(g.subs()[0].ID), answer)))
			wantText(t, told(reply.Message), want.says)
			window, err := g.store.Window(t.Context(), news, store.ModeDigest)
			if err != nil || len(window.Articles) != want.waiting || !reply.Update {
				t.Errorf("%d articles wait (%v), want %d; update %t", len(window.Articles), err, want.waiting, reply.Update)
			}
		})
	}
}

func TestRemoveOffersUndoThatLosesNothing(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.offers(post, "Harbour Post", article("a", "First", "the first"), article("b", "Second", "the second"))
	g.ask(slash("feeds add", "url", post, "title", "My paper"))
	before, err := g.store.Window(t.Context(), news, store.ModeDigest)
	if err != nil || len(before.Articles) != 2 {
		t.Fatalf("window: %v, %v", before.Articles, err)
	}
	m := g.ask(slash("feeds remove", "feed", "my paper")).Message
	wantText(t, told(m), "“My paper” is no longer read for <#101>", "Undo")
	if len(g.subs()) != 0 {
		t.Fatal("still subscribed")
	}
	undo := id(m, render.KindUndo)
	wantText(t, g.says(pressed(undo)), "My paper", "is read for <#101> again")
	after, err := g.store.Window(t.Context(), news, store.ModeDigest)
	if err != nil || len(after.Articles) != 2 {
		t.Errorf("%d articles wait after the undo (%v), want the 2 of before", len(after.Articles), err)
	}
	if subs := g.subs(); len(subs) != 1 || subs[0].Title != "My paper" {
		t.Errorf("subscriptions: %+v", subs)
	}
	wantText(t, g.says(pressed(undo)), "again") // pressed twice: no harm
	if n := len(g.subs()); n != 1 {
		t.Errorf("%d subscriptions after a second press", n)
	}
}

func TestUndoOfAFeedThatWasEmptyPrintsWhatCameMeanwhile(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sub := g.paper(post, "Harbour Post", news)
	m := g.ask(slash("feeds remove", "feed", fmt.Sprint(sub.ID))).Message
	g.visitor.items[post] = []feeds.Item{article("a", "First", "the first")}
	if _, err := g.visitor.VisitNow(t.Context(), sub.FeedID); err != nil {
		t.Fatal(err)
	}
	g.ask(pressed(id(m, render.KindUndo)))
	window, err := g.store.Window(t.Context(), news, store.ModeDigest)
	if err != nil || len(window.Articles) != 1 {
		t.Errorf("%d articles wait (%v), want the one that came while it was removed", len(window.Articles), err)
	}
}

func TestUndoCannotBeForged(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	secret := g.paper("https://secret.example/feed", "Secret", theirs, article("s", "Secret plans", "the secret"))
	g.paper(post, "Harbour Post", news)
	_, args, _ := discord.DecodeID(id(g.ask(slash("feeds remove", "feed", "Harbour Post")).Message, render.KindUndo))
	for name, forge := range map[string]func(a []string) []string{
		"another feed":         func(a []string) []string { a[0] = fmt.Sprint(secret.FeedID); return a },
		"another channel":      func(a []string) []string { a[1] = "102"; return a },
		"another cursor":       func(a []string) []string { a[3] = "99"; return a },
		"another title":        func(a []string) []string { a[6] = "Other"; return a },
		"no signature":         func(a []string) []string { a[5] = ""; return a },
		"too few arguments":    func(a []string) []string { return a[:4] },
		"too many":             func(a []string) []string { return append(a, "x") },
		"of the first version": func([]string) []string { return []string{"1", "101", "digest", "0"} },
	} {
		forged := forge(append([]string{}, args...))
		wantText(t, g.refusal(pressed(discord.EncodeID(render.KindUndo, forged...))), "older version")
		if n := len(g.subs()); n != 0 {
			t.Fatalf("%s: %d subscriptions", name, n)
		}
	}
	elsewhere := pressed(discord.EncodeID(render.KindUndo, args...))
	elsewhere.GuildID = foreign
	wantText(t, g.refusal(elsewhere), "older version")
}

func TestATitleTooLongForItsButtonDoesNotCostTheUndo(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.offers(post, "Harbour Post")
	g.ask(slash("feeds add", "url", post, "title", strings.Repeat("~ ", 29)+"~"))
	m := g.ask(slash("feeds remove", "feed", fmt.Sprint(g.subs()[0].ID))).Message
	undo := id(m, render.KindUndo)
	if undo == "" {
		t.Fatal("no Undo")
	}
	wantText(t, g.says(pressed(undo)), "Harbour Post")
}

func TestTypedNamesOfFeeds(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.paper(post, "Harbour Post", news)
	g.paper("https://quay.example/feed", "Daily Quay", news)
	g.paper("https://quay.example/second", "Daily Quay", island)
	g.paper("https://secret.example/feed", "Secret", theirs)
	wantText(t, g.refusal(slash("feeds pause", "feed", "Harbor Post")), "No feed here is called “Harbor Post”", "Did you mean “Harbour Post”?", "/feeds list")
	wantText(t, g.refusal(slash("feeds pause", "feed", "nothing like it")), "`/feeds list` shows them all")
	wantText(t, g.refusal(slash("feeds pause", "feed", "Secret")), "No feed here")
	wantText(t, g.refusal(slash("feeds pause", "feed", strings.Repeat("x", 6000))), "No feed here")
	wantText(t, g.says(slash("feeds pause", "feed", "harbour")), "Harbour Post")
	wantText(t, g.says(slash("feeds pause", "feed", post)), "Harbour Post")
	// The same name in two channels: that of this channel, else a question.
	wantText(t, g.says(slash("feeds pause", "feed", "daily quay")), "<#101>")
	elsewhere := slash("feeds pause", "feed", "Daily Quay")
	elsewhere.ChannelID = voice
	wantText(t, g.refusal(elsewhere), "Several channels have a feed called “Daily Quay”", "names the channels")
}

func TestPauseAndResume(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sub := g.paper(post, "Harbour Post", news)
	wantText(t, g.says(slash("feeds pause", "feed", fmt.Sprint(sub.ID))), "Harbour Post", "<#101>")
	if !g.subs()[0].Paused {
		t.Error("not paused")
	}
	wantText(t, g.says(slash("feeds list")), "⏸ paused")
	if err := g.store.SetFeedPaused(t.Context(), sub.FeedID, true); err != nil {
		t.Fatal(err)
	}
	g.ask(slash("feeds resume", "feed", "Harbour Post"))
	if s := g.subs()[0]; s.Paused || s.Feed.Paused {
		t.Errorf("still paused: %t, its feed %t", s.Paused, s.Feed.Paused)
	}
}

func TestFeedListTellsHealthAndTurnsPages(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	wantText(t, g.says(slash("feeds list")), "No feeds here yet", "/feeds add")
	for i := range 11 {
		g.paper(fmt.Sprintf("https://p%d.example/feed", i), fmt.Sprintf("Paper %d", i), news)
	}
	g.paper("https://island.example/feed", "Island Paper", island)
	g.paper("https://secret.example/feed", "Secret", theirs)
	first := g.ask(slash("feeds list")).Message
	wantText(t, told(first), "12 feeds", "Page 1 of 2", "✓ read just now")
	second := g.ask(pressed(id(first, render.KindFeeds)))
	wantText(t, told(second.Message), "Paper 10", "Island Paper", "Page 2 of 2")
	lacksText(t, told(second.Message), "Secret")
	if !second.Update {
		t.Error("the list stays as it was")
	}
	narrow := g.says(slash("feeds list", "channel", "102"))
	wantText(t, narrow, "Island Paper")
	lacksText(t, narrow, "Paper 1")
	for _, forged := range []string{"9000000000000000000", "99"} {
		wantText(t, g.says(pressed(discord.EncodeID(render.KindFeeds, forged, "0"))), "Page 2 of 2")
	}
	lacksText(t, g.says(pressed(discord.EncodeID(render.KindFeeds, "0", "201"))), "Secret")
}

func TestSuggestedFeedsNameTheirChannelsWithoutAskingAtEveryLetter(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for i := range 40 {
		g.paper(fmt.Sprintf("https://p%d.example/feed", i), fmt.Sprintf("Paper %d %s", i, strings.Repeat("long ", 30)), news)
	}
	g.paper("https://island.example/feed", "Island Paper", island)
	g.paper("https://secret.example/feed", "Secret", theirs)
	for _, typed := range []string{"", "p", "pa", "paper", "island"} {
		choices := g.ask(typing("feeds remove", "feed", typed)).Choices
		if len(choices) == 0 || len(choices) > 25 {
			t.Errorf("%q: %d choices", typed, len(choices))
		}
		for _, c := range choices {
			if n := len([]rune(c.Name)); n > 100 || !strings.Contains(c.Name, " · #") {
				t.Errorf("%q: choice %q of %d characters, want its channel within 100", typed, c.Name, n)
			}
		}
	}
	if g.discord.asked > 2 {
		t.Errorf("Discord was asked %d times about two channels", g.discord.asked)
	}
	if got := g.ask(typing("feeds remove", "feed", "secret")).Choices; len(got) != 0 {
		t.Errorf("another server's feed is offered: %q", names(got))
	}
}

func TestSuggestedFeedsDoWithoutChannelsWhenDiscordIsDown(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.paper(post, "Harbour Post", news)
	g.discord.err = errors.New("down")
	if got := names(g.ask(typing("feeds remove", "feed", "h")).Choices); len(got) != 1 || got[0] != "Harbour Post" {
		t.Errorf("choices %q", got)
	}
}

func TestMembersAreOfferedFeedsOnceAndWithoutChannels(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.paper(post, "Harbour Post", news)
	g.paper(post, "Harbour Post", island)
	got := names(g.ask(by(member, typing("news latest", "feed", ""))).Choices)
	if len(got) != 1 || got[0] != "Harbour Post" {
		t.Errorf("choices %q, want the paper once", got)
	}
}

func TestMarksOfFeedsInTrouble(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sub := g.paper(post, "Harbour Post", news)
	now := time.Now()
	f, err := g.store.LeaseFeed(t.Context(), sub.FeedID, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	failed := feeds.Visit{At: now, State: f.State, Next: now.Add(time.Hour), Err: &feeds.Error{Kind: feeds.NotFound}}
	if _, err := g.store.RecordVisits(t.Context(), []store.VisitRecord{{FeedID: sub.FeedID, Visit: failed}}); err != nil {
		t.Fatal(err)
	}
	if got := names(g.ask(typing("feeds pause", "feed", "")).Choices); !strings.HasSuffix(got[0], "⚠") {
		t.Errorf("choices %q", got)
	}
	wantText(t, g.says(in("de", slash("feeds list"))), "⚠")
	g.ask(slash("feeds pause", "feed", "Harbour Post"))
	if got := names(g.ask(typing("feeds resume", "feed", "")).Choices); !strings.HasSuffix(got[0], "⏸") {
		t.Errorf("choices %q", got)
	}
}
