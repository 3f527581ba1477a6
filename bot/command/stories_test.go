package command_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
	"broadsheet/feeds"
	extract "broadsheet/feeds/article"
)

// printed is a library with an edition of seven stories: five cards, then two
// lines, and the custom ids under it.
func printed(t *testing.T) (g *rig, d store.Digest, number string) {
	g = library(t)
	g.ask(slash("digest create", "schedule", "daily 08:00", "name", "Morning"))
	d = g.digests()[0]
	var cards []int64
	for _, s := range []string{"anchors", "buoys", "cables", "dredgers", "engines"} {
		cards = append(cards, g.find("News of "+s))
	}
	return g, d, fmt.Sprint(g.print(d, store.FateCard, cards...))
}

func ofDigest(kind string, d store.Digest, number string, more ...string) string {
	return discord.EncodeID(kind, append([]string{fmt.Sprint(d.ID), number}, more...)...)
}

func TestSaveUnderADigestAsksWhichStory(t *testing.T) {
	t.Parallel()
	for kind, c := range map[string]struct{ pick, asks, says string }{
		render.KindDigestSave: {render.KindPickSave, "Which one to save?", "🔖 Saved. `/news saved`"},
		render.KindDigestUp:   {render.KindPickUp, "Which one did you like?", "👍 Noted: more like this."},
		render.KindDigestDown: {render.KindPickDown, "not for you", "👎 Noted: less like this."},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			g, d, number := printed(t)
			reply := g.ask(by(member, pressed(ofDigest(kind, d, number))))
			wantText(t, told(reply.Message), c.asks, "News of anchors", "News of engines")
			if reply.Public || reply.Update {
				t.Errorf("public %t, update %t: the digest itself stays as it is", reply.Public, reply.Update)
			}
			offered := values(reply.Message, c.pick)
			if len(offered) != 5 {
				t.Fatalf("%d stories are offered", len(offered))
			}
			done := g.ask(by(member, pressed(id(reply.Message, c.pick), offered[1])))
			wantText(t, told(done.Message), c.says, "News of buoys")
			if !done.Update {
				t.Error("the question stays")
			}
		})
	}
}

func TestVotesCountOnceAMember(t *testing.T) {
	t.Parallel()
	g := library(t)
	buoys := g.find("News of buoys")
	for _, kind := range []string{render.KindUp, render.KindUp, render.KindDown} {
		g.ask(by(member, pressed(discord.EncodeID(kind, fmt.Sprint(buoys)))))
	}
	g.ask(by(admin, pressed(discord.EncodeID(render.KindDown, fmt.Sprint(buoys)))))
	window, err := g.store.Window(t.Context(), news, store.ModeDigest)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range window.Articles {
		if a.ID == buoys && a.Votes != -2 {
			t.Errorf("%d votes, want the last of each member: -2", a.Votes)
		}
	}
}

func TestReadMoreGivesTheLongerSummary(t *testing.T) {
	t.Parallel()
	g, d, number := printed(t)
	read := ofDigest(render.KindRead, d, number)
	reply := g.ask(by(member, pressed(read, fmt.Sprint(g.find("News of cables")))))
	wantText(t, told(reply.Message), "News of cables", "Seventeen speakers", "Every sentence is the author’s own")
	if reply.Public || reply.Update {
		t.Errorf("public %t, update %t", reply.Public, reply.Update)
	}
	save := by(member, pressed(id(reply.Message, render.KindSave)))
	wantText(t, g.says(save), "🔖 Saved")
	wantText(t, g.says(save), "🔖 Saved") // twice is no error
	again := g.ask(by(member, pressed(read, fmt.Sprint(g.find("News of cables"))))).Message
	wantText(t, g.says(by(member, pressed(id(again, render.KindUnsave)))), "Taken off")
	wantText(t, g.says(by(member, pressed(id(again, render.KindUnsave)))), "Taken off")
}

func TestPagesOfADigestBearItsDate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, time.January, 12, 6, 0, 0, 0, time.UTC)))
		g := library(t)
		g.ask(slash("digest create", "schedule", "daily 08:00"))
		d := g.digests()[0]
		var lines []int64
		for _, s := range []string{"anchors", "buoys", "cables", "dredgers", "engines", "ferries", "galleys"} {
			lines = append(lines, g.find("News of "+s))
		}
		first := fmt.Sprint(g.print(d, store.FateLine, lines...))
		time.Sleep(36 * time.Hour)
		for _, more := range []bool{false, true} {
			if more { // an edition since must not lend the first its date
				g.print(d, store.FateCard, g.find("News of lamps"))
			}
			reply := g.ask(by(member, pressed(ofDigest(render.KindDigestPage, d, first, "0"))))
			wantText(t, told(reply.Message), "Morning edition · Monday 12 January", "Page 1 of 2", "News of anchors")
			if reply.Update {
				t.Error("Next page changed the digest")
			}
			next := g.ask(by(member, pressed(id(reply.Message, render.KindDigestPage, "Next page ›"))))
			wantText(t, told(next.Message), "Monday 12 January", "Page 2 of 2", "News of galleys")
			if !next.Update {
				t.Error("the page was not turned but added")
			}
			back := g.ask(by(member, pressed(id(next.Message, render.KindDigestPage, "‹ Previous page"))))
			wantText(t, told(back.Message), "Page 1 of 2")
			if !back.Update {
				t.Error("turning back added a page")
			}
		}
	})
}

func TestButtonsUnderAnEditionThatIsGoneSaySo(t *testing.T) {
	t.Parallel()
	g, d, number := printed(t)
	for _, kind := range []string{render.KindDigestSave, render.KindDigestUp, render.KindDigestDown} {
		wantText(t, g.refusal(pressed(ofDigest(kind, d, "17"))), "no longer stored")
	}
	wantText(t, g.refusal(pressed(ofDigest(render.KindDigestPage, d, "17", "0"))), "no longer stored")
	if err := g.store.DeleteDigest(t.Context(), d.ID); err != nil {
		t.Fatal(err)
	}
	wantText(t, g.refusal(pressed(ofDigest(render.KindDigestSave, d, number))), "no longer stored")
}

func TestShareShowsTheChannelWhatTheMemberSaw(t *testing.T) {
	t.Parallel()
	const link = "https://tern.example/vaccine"
	for name, c := range map[string]struct {
		ask  func(g *rig) *discord.Request
		want []string
	}{
		"an article": {func(*rig) *discord.Request { return slash("news read", "article", "News of keels") }, []string{"News of keels", "Seventeen speakers"}},
		"a search":   {func(*rig) *discord.Request { return slash("news search", "query", "old town: hall") }, []string{"“old town: hall”", "News of anchors"}},
		"the latest": {func(*rig) *discord.Request { return slash("news latest") }, []string{"Latest articles", "News of anchors"}},
		"a link": {func(g *rig) *discord.Request {
			g.web.pages[link] = feeds.Page{URL: link, Article: extract.Article{Title: "Vaccine arrives", Text: article("x", "", "the vaccine").Text}}
			return slash("news summary", "url", link)
		}, []string{"Vaccine arrives", "Seventeen speakers"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := library(t)
			private := g.ask(by(member, c.ask(g))).Message
			r := by(member, pressed(id(private, render.KindShare)))
			r.UserName, r.Locale = "Mel_*", "ja"
			reply := g.ask(r)
			wantText(t, told(reply.Message), append(c.want, "Shared by Mel\\_\\*")...)
			if !reply.Public || reply.Update {
				t.Errorf("public %t, update %t", reply.Public, reply.Update)
			}
			each(reply.Message.Components, func(c discord.Component) {
				if c.CustomID != "" {
					t.Errorf("the post has a button of the member's own: %s", c.CustomID)
				}
			})
			r.Permissions = 0
			wantText(t, g.refusal(in("en-US", r)), "You may not write in <#101> yourself")
		})
	}
}

func TestShareInAThreadNeedsTheThreadsPermission(t *testing.T) {
	t.Parallel()
	g := library(t)
	const thread = 105
	g.discord.all[thread] = discord.Channel{ID: thread, GuildID: guild, ParentID: news, Name: "talk", Kind: discord.ChannelPublicThread}
	share := func(permissions discord.Permission) *discord.Request {
		r := by(member, pressed(discord.EncodeID(render.KindShare, render.ShareLatest, "0", "0")))
		r.ChannelID, r.Permissions = thread, int64(permissions)
		return r
	}
	wantText(t, g.refusal(share(discord.SendMessages)), "may not write in <#105>")
	wantText(t, g.says(share(discord.SendInThreads)), "Shared by")
}

// Everything in a custom id and in a menu's values can be made up. The answer
// is a sentence, and nothing of another server.
func TestForgedButtons(t *testing.T) {
	t.Parallel()
	g, own, number := printed(t)
	theirDigest, err := g.store.CreateDigest(t.Context(), store.Digest{
		GuildID: foreign, ChannelID: theirs, Name: "Theirs", Schedule: "daily 08:00", Timezone: "UTC", NextRun: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	secret := fmt.Sprint(g.find("Secret plans"))
	theirNumber := fmt.Sprint(g.print(theirDigest, store.FateCard, g.find("Secret plans")))
	theirSubs, err := g.store.Subscriptions(t.Context(), store.SubscriptionFilter{GuildID: foreign})
	if err != nil {
		t.Fatal(err)
	}
	mine := fmt.Sprint(g.subs()[0].ID)
	huge := "99999999999999999999999"
	for _, c := range []struct {
		kind   string
		args   []string
		values []string
	}{
		{kind: render.KindSave, args: []string{secret}}, {kind: render.KindUp, args: []string{secret}}, {kind: render.KindDown, args: []string{secret}},
		{kind: render.KindUnsave, args: []string{secret}}, {kind: render.KindSave}, {kind: render.KindSave, args: []string{""}},
		{kind: render.KindSave, args: []string{"-1"}}, {kind: render.KindSave, args: []string{huge}}, {kind: render.KindSave, args: []string{"1", "2"}},
		{kind: render.KindRead, args: []string{"0", "0"}, values: []string{secret}}, {kind: render.KindRead, args: []string{"0", "0"}},
		{kind: render.KindRead, values: []string{"x"}}, {kind: render.KindRead, values: []string{"1", "2"}}, {kind: render.KindRead, values: []string{huge}},
		{kind: render.KindPickSave, values: []string{secret}}, {kind: render.KindPickUp, values: []string{secret}},
		{kind: render.KindPickDown, values: []string{"-5"}}, {kind: render.KindPickUp},
		{kind: render.KindDigestSave, args: []string{fmt.Sprint(theirDigest.ID), theirNumber}},
		{kind: render.KindDigestUp, args: []string{fmt.Sprint(theirDigest.ID), theirNumber}},
		{kind: render.KindDigestPage, args: []string{fmt.Sprint(theirDigest.ID), theirNumber, "0"}},
		{kind: render.KindDigestPage, args: []string{fmt.Sprint(own.ID), number}}, {kind: render.KindDigestPage, args: []string{"x", "y", "z"}},
		{kind: render.KindSearch}, {kind: render.KindSearch, args: []string{"0", "0", ""}}, {kind: render.KindSearch, args: []string{"-1", "0", "council"}},
		{kind: render.KindSearch, args: []string{"0", "-4", "council"}}, {kind: render.KindSearch, args: []string{huge, "0", "council"}},
		{kind: render.KindSearch, args: []string{"9999999999", "0", "council"}},
		{kind: render.KindLatest, args: []string{"0"}}, {kind: render.KindLatest, args: []string{"-1", "0"}}, {kind: render.KindLatest, args: []string{huge, "0"}},
		{kind: render.KindSaved}, {kind: render.KindSaved, args: []string{"-3"}},
		{kind: render.KindShare}, {kind: render.KindShare, args: []string{"everything", "1"}}, {kind: render.KindShare, args: []string{render.ShareArticle, secret}},
		{kind: render.KindShare, args: []string{render.ShareArticle, "x"}}, {kind: render.KindShare, args: []string{render.ShareLatest, "0"}},
		{kind: render.KindShare, args: []string{render.ShareLatest, "0", "x"}}, {kind: render.KindShare, args: []string{render.ShareLatest, "0", "0", "0"}},
		{kind: render.KindShare, args: []string{render.ShareSearch, "0", "0"}}, {kind: render.KindShare, args: []string{render.ShareLink, "http://127.0.0.1/"}},
		{kind: render.KindBacklog, args: []string{fmt.Sprint(theirSubs[0].ID), render.BacklogFive}}, {kind: render.KindBacklog, args: []string{mine, "100000"}},
		{kind: render.KindBacklog, args: []string{mine}}, {kind: render.KindBacklog, args: []string{"x", render.BacklogFive}},
		{kind: render.KindChoose, args: []string{"101", "digest", post}}, {kind: render.KindChoose, args: []string{"201", "digest", post}, values: []string{post}},
		{kind: render.KindChoose, args: []string{"101", "hourly", post}, values: []string{post}}, {kind: render.KindChoose, args: []string{"101"}, values: []string{post}},
		{kind: render.KindChoose, args: []string{"101", "digest", post}, values: []string{"#0000000000000000"}},
		{kind: render.KindFeeds}, {kind: render.KindFeeds, args: []string{"a", "b"}}, {kind: render.KindDigests, args: []string{"0", "x"}},
		{kind: "nonsense", args: []string{"1"}}, {kind: ""},
	} {
		name := strings.Join(append([]string{c.kind}, c.args...), ":") + " " + strings.Join(c.values, ",")
		t.Run(name, func(t *testing.T) {
			r := request(discord.RequestComponent)
			r.CustomKind, r.CustomArgs, r.Values = c.kind, c.args, c.values
			text := g.refusal(r)
			lacksText(t, text, "Secret", "Something went wrong")
			if strings.TrimSpace(text) == "" {
				t.Error("an empty refusal")
			}
		})
	}
	if theirs, err := g.store.Subscriptions(t.Context(), store.SubscriptionFilter{GuildID: foreign}); err != nil || len(theirs) != 1 || len(g.subs()) != 1 {
		t.Errorf("subscriptions changed: %v (%v), %v", theirs, err, g.subs())
	}
}

// What manages a server asks for the permission again when it is pressed.
func TestMembersCannotPressWhatIsTheAdmins(t *testing.T) {
	t.Parallel()
	g := library(t)
	m := g.ask(slash("feeds remove", "feed", "Harbour Post")).Message
	for _, customID := range []string{
		id(m, render.KindUndo), discord.EncodeID(render.KindBacklog, "1", render.BacklogFive), discord.EncodeID(render.KindFeeds, "0", "0"),
		discord.EncodeID(render.KindDigests, "0", "0"), discord.EncodeID(render.KindChoose, "101", "digest", post),
	} {
		wantText(t, g.refusal(by(member, pressed(customID, post))), "Only members with “Manage Server”")
	}
	for _, path := range []string{"feeds add", "feeds list", "feeds remove", "feeds pause", "feeds resume", "digest create", "digest list", "digest run", "digest preview", "digest remove"} {
		wantText(t, g.refusal(by(member, slash(path))), "Manage Server")
	}
	if n := len(g.subs()); n != 0 {
		t.Errorf("%d subscriptions", n)
	}
}
