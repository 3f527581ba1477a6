package command_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/bot/command"
	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

// fail records a visit that failed an hour ago, of a feed whose server may have
// asked to be left alone for a while.
func (g *rig) fail(feedID int64, kind feeds.Kind, wait time.Duration) {
	g.t.Helper()
	g.failAt(feedID, kind, wait, time.Now().Add(-time.Hour))
}

func (g *rig) failAt(feedID int64, kind feeds.Kind, wait time.Duration, now time.Time) {
	g.t.Helper()
	f, err := g.store.Feed(g.t.Context(), feedID)
	if err != nil {
		g.t.Fatal(err)
	}
	v := feeds.Visit{At: now, State: f.State, Next: now.Add(3 * time.Hour), Err: &feeds.Error{Kind: kind}, Gone: kind == feeds.Gone}
	if wait > 0 {
		v.WaitUntil = now.Add(wait)
	}
	v.State.Failures++
	if _, err := g.store.RecordVisits(g.t.Context(), []store.VisitRecord{{FeedID: feedID, Visit: v}}); err != nil {
		g.t.Fatal(err)
	}
}

// decimal writes an id as options and custom ids have it.
func decimal(n int64) string { return strconv.FormatInt(n, 10) }

func TestHealthListsTheFeedsThatNeedALook(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	wantText(t, g.says(slash("feeds health")), "No feeds here yet.")
	g.paper("https://well.example/", "The Well", news, article("a", "A", "a"))
	wantText(t, g.says(slash("feeds health")), "✓ The feed is well.")
	bad := g.paper("https://bad.example/", "The Bad", news, article("b", "B", "b"))
	if _, err := g.store.Subscribe(t.Context(), store.Subscription{GuildID: guild, ChannelID: island, FeedID: bad.FeedID}, store.Backlog{}); err != nil {
		t.Fatal(err)
	}
	paused := g.paper("https://paused.example/", "The Paused", news, article("c", "C", "c"))
	paused.Paused = true
	if err := g.store.UpdateSubscription(t.Context(), paused); err != nil {
		t.Fatal(err)
	}
	other := g.paper("https://other.example/", "The Other", theirs, article("d", "D", "d"))
	for _, s := range []store.Subscription{bad, paused, other} {
		g.fail(s.FeedID, feeds.NotFound, 0)
	}
	reply := g.ask(slash("feeds health"))
	wantText(t, told(reply.Message), "1 feed needs a look", "**The Bad** · <#101> <#102>", "There is nothing at its address any more.", "next visit in 1 h")
	lacksText(t, told(reply.Message), "The Well", "The Paused", "The Other")
	if id(reply.Message, render.KindRetry) == "" {
		t.Error("no button to try again")
	}
	wantText(t, g.says(pressed("v1:fhealth:7")), "The Bad")
	wantText(t, g.refusal(pressed("v1:fhealth:x")), "older version")
	wantText(t, g.refusal(by(member, pressed("v1:fhealth:0"))), "Manage Server")
}

func TestInfoTellsEverythingButSecrets(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sub := g.paper("https://ada:hunter2@paper.example/f?token=s3cret", "The Paper", news, article("a", "A", "a"))
	g.fail(sub.FeedID, feeds.NotFeed, 0)
	text := g.says(slash("feeds info", "feed", decimal(sub.ID)))
	wantText(t, text, "The Paper", "<#101> · in the digest", "⚠ failing since", "There is a web page where a feed should be.", "next visit in 1 h",
		`Address: https://\*\*\*@paper.example/f?token=\*\*\*`, "Last brought something", "The last error in full: There is a web page at this address, not a feed.")
	lacksText(t, text, "hunter2", "s3cret")
	wantText(t, g.refusal(slash("feeds info", "feed", "nothing like it")), "No feed here is called")
}

func TestForgedButtonsOfNoticesAreRefused(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	ours := g.paper("https://ours.example/", "Ours", news, article("a", "A", "a"))
	foreigners := g.paper("https://theirs.example/", "Theirs", theirs, article("b", "B", "b"))
	g.discord.members = map[[2]int64]int64{{guild, admin}: discord.ManageServer, {foreign, member}: discord.ManageServer}
	direct := func(user int64, customID string) *discord.Request {
		r := by(user, pressed(customID))
		r.GuildID, r.ChannelID, r.Permissions = 0, 555, 0
		return r
	}
	of := func(kind string, feed, server int64) string {
		return discord.EncodeID(kind, decimal(feed), decimal(server))
	}
	for _, kind := range []string{render.KindRetry, render.KindPause, render.KindRemove} {
		for name, c := range map[string]struct {
			r    *discord.Request
			want string
		}{
			"a member in the server":                 {by(member, pressed(of(kind, ours.FeedID, guild))), "Manage Server"},
			"another server's id in ours":            {pressed(of(kind, foreigners.FeedID, foreign)), "older version"},
			"another server's feed in ours":          {pressed(of(kind, foreigners.FeedID, guild)), "not there any more"},
			"a stranger in a direct message":         {direct(999, of(kind, ours.FeedID, guild)), "Manage Server"},
			"an admin of another server":             {direct(member, of(kind, ours.FeedID, guild)), "Manage Server"},
			"our feed in a server of theirs":         {direct(member, of(kind, ours.FeedID, foreign)), "not there any more"},
			"an admin, for a server without a name":  {direct(admin, of(kind, ours.FeedID, 0)), "older version"},
			"every feed at once":                     {direct(admin, of(kind, 0, guild)), "older version"},
			"a button of the first version":          {direct(admin, discord.EncodeID(kind, decimal(ours.FeedID))), "older version"},
			"letters":                                {direct(admin, discord.EncodeID(kind, "x", "y")), "older version"},
			"a negative server":                      {direct(admin, of(kind, ours.FeedID, -guild)), "older version"},
			"an admin, for a feed that nobody reads": {direct(admin, of(kind, 12345, guild)), "not there any more"},
		} {
			t.Run(kind+" by "+name, func(t *testing.T) { wantText(t, g.refusal(c.r), c.want) })
		}
	}
	for _, s := range []store.Subscription{ours, foreigners} {
		all, err := g.store.Subscriptions(t.Context(), store.SubscriptionFilter{FeedID: s.FeedID})
		if err != nil || len(all) != 1 || all[0].Paused {
			t.Errorf("%s: %+v, %v", s.Name(), all, err)
		}
	}
	if g.visitor.asked != 2 {
		t.Errorf("%d visits, want none but the first two", g.visitor.asked)
	}
	wantText(t, g.says(direct(admin, of(render.KindPause, ours.FeedID, guild))), "“Ours” is paused for <#101>")
	// The Undo of a removal made in a direct message.
	undo := id(g.ask(direct(admin, of(render.KindRemove, ours.FeedID, guild))).Message, render.KindUndo)
	wantText(t, g.refusal(direct(member, undo)), "Manage Server")
	wantText(t, g.refusal(by(member, pressed(undo))), "Manage Server")
	wantText(t, g.says(direct(admin, undo)), "is read for <#101> again")
}

func TestRetryRespectsWhatTheServerAskedFor(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sub := g.paper("https://busy.example/", "The Busy", news, article("a", "A", "a"))
	g.fail(sub.FeedID, feeds.RateLimited, 5*time.Hour)
	asked := g.visitor.asked
	retry := discord.EncodeID(render.KindRetry, decimal(sub.FeedID), decimal(guild))
	wantText(t, g.says(pressed(retry)), "asked me not to come before")
	if g.visitor.asked != asked {
		t.Error("it was visited all the same")
	}
	gone := g.paper("https://gone.example/", "The Gone", news, article("b", "B", "b"))
	g.fail(gone.FeedID, feeds.Gone, 0)
	wantText(t, g.says(pressed(discord.EncodeID(render.KindRetry, decimal(gone.FeedID), decimal(guild)))), "“The Gone” can be read.")
	if f, err := g.store.Feed(t.Context(), gone.FeedID); err != nil || f.Gone || !f.FailingSince.IsZero() {
		t.Errorf("after a successful try: %+v, %v", f, err)
	}
	g.visitor.bad = &feeds.Error{Kind: feeds.Forbidden}
	wantText(t, g.says(pressed(discord.EncodeID(render.KindRetry, decimal(gone.FeedID), decimal(guild)))), "cannot be read: Its server does not let me in.")
	g.visitor.fails = []error{store.ErrLeaseLost}
	wantText(t, g.refusal(pressed(discord.EncodeID(render.KindRetry, decimal(gone.FeedID), decimal(guild)))), "being read at this moment")
}

func TestRetryOfAFeedThatFailedAMomentAgoAsksNobody(t *testing.T) {
	t.Parallel()
	for kind, want := range map[feeds.Kind]string{
		feeds.NotFound: "There is nothing at its address any more.", feeds.Gone: "Its publisher has ended it.",
	} {
		g := newRig(t)
		sub := g.paper("https://bad.example/", "The Bad", news, article("a", "A", "a"))
		g.failAt(sub.FeedID, kind, 0, time.Now())
		asked, retry := g.visitor.asked, discord.EncodeID(render.KindRetry, decimal(sub.FeedID), decimal(guild))
		wantText(t, g.says(pressed(retry)), "“The Bad” cannot be read: "+want)
		if g.visitor.asked != asked {
			t.Errorf("%s: its server was asked again at once", kind)
		}
		g.fail(sub.FeedID, kind, 0)
		wantText(t, g.says(pressed(retry)), "“The Bad” can be read.")
	}
}

func TestResumingAStoppedFeedSaysWhetherItCanBeRead(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sub := g.paper("https://gone.example/", "The Gone", news, article("a", "A", "a"))
	for _, row := range []struct {
		name, want string
		wait       time.Duration
		bad        *feeds.Error
		visits     int
	}{
		{"its server asks to wait", "asked me not to come before", 5 * time.Hour, nil, 0},
		{"it is still ended", "cannot be read: Its publisher has ended it.", 0, &feeds.Error{Kind: feeds.Gone}, 1},
		{"it is back", "“The Gone” can be read.", 0, nil, 1},
	} {
		g.fail(sub.FeedID, feeds.Gone, row.wait)
		g.visitor.bad = row.bad
		before := g.visitor.asked
		wantText(t, g.says(slash("feeds resume", "feed", "The Gone")), row.want)
		if n := g.visitor.asked - before; n != row.visits {
			t.Errorf("%s: %d visits, want %d", row.name, n, row.visits)
		}
		if f, err := g.store.Feed(t.Context(), sub.FeedID); err != nil || f.Gone {
			t.Errorf("%s: it was not resumed: %+v, %v", row.name, f, err)
		}
	}
}

func TestFeedRowShowsGapsForAWeekAndSilenceOnceTold(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	const day = 24 * time.Hour
	for name, tt := range map[string]struct {
		f            store.Feed
		gap, silent  bool
		next, unwell bool
	}{
		"well":                    {f: store.Feed{}},
		"a gap":                   {f: store.Feed{GapAt: ago(6 * day), GapItems: 4}, gap: true, unwell: true},
		"an old gap":              {f: store.Feed{GapAt: ago(8 * day), GapItems: 4}},
		"silent":                  {f: store.Feed{Told: store.ToldSilent, NewestAt: ago(50 * day)}, silent: true, unwell: true},
		"silent from the first":   {f: store.Feed{Told: store.ToldSilent, CreatedAt: ago(50 * day)}, silent: true, unwell: true},
		"quiet, but not told":     {f: store.Feed{NewestAt: ago(50 * day)}},
		"silent and now failing":  {f: store.Feed{Told: store.ToldSilent, NewestAt: ago(50 * day), FailingSince: ago(day)}, unwell: true},
		"its server asks to wait": {f: store.Feed{NextPoll: now, WaitUntil: now.Add(day)}, next: true},
	} {
		row := command.FeedRow(tt.f, now)
		if row.GapAt.IsZero() == tt.gap || row.SilentSince.IsZero() == tt.silent || row.Unwell() != tt.unwell || row.NextPoll.Equal(now.Add(day)) != tt.next {
			t.Errorf("%s: %+v", name, row)
		}
	}
	if row := command.FeedRow(store.Feed{State: feeds.State{URL: "https://a:b@c.example"}}, now); strings.Contains(row.Title, "a:b") {
		t.Errorf("it is called %q", row.Title)
	}
}
