package render

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
)

func TestHealthIsSaidInWords(t *testing.T) {
	t.Parallel()
	now := morning()
	tests := []struct {
		name   string
		f      FeedRow
		en, de string
	}{
		{
			"well", FeedRow{LastPoll: now.Add(-5 * time.Minute), NextPoll: now.Add(10 * time.Minute)},
			"✓ read 5 min ago; next visit in 10 min", "✓ gelesen vor 5 Min.; nächster Besuch in 10 Min.",
		},
		{"due", FeedRow{LastPoll: now.Add(-time.Hour), NextPoll: now}, "✓ read 1 h ago; next visit due now", "✓ gelesen vor 1 Std.; nächster Besuch gleich"},
		{"read just now", FeedRow{LastPoll: now, NextPoll: now.Add(time.Hour)}, "✓ read just now; next visit in 1 h", "✓ gelesen gerade eben; nächster Besuch in 1 Std."},
		{"never read", FeedRow{}, "… not read yet", "… noch nicht gelesen"},
		{
			"failing", FeedRow{LastPoll: now, FailingSince: now.Add(-26 * time.Hour), ErrorKind: "temporary"},
			"⚠ failing since 23 Nov 06:00: Its server is in trouble.", "⚠ gestört seit 23. Nov. 06:00: Der Server hat Schwierigkeiten.",
		},
		{
			"failing, with its next visit", FeedRow{LastPoll: now, NextPoll: now.Add(6 * time.Hour), FailingSince: now.Add(-26 * time.Hour), ErrorKind: "not-feed"},
			"⚠ failing since 23 Nov 06:00: There is a web page where a feed should be. · next visit in 6 h",
			"⚠ gestört seit 23. Nov. 06:00: Statt eines Feeds liegt dort eine Webseite. · nächster Besuch in 6 Std.",
		},
		{
			"silent", FeedRow{LastPoll: now, NextPoll: now.Add(time.Hour), SilentSince: now.AddDate(0, 0, -40)},
			"💤 nothing new since 15 Oct", "💤 nichts Neues seit 15. Okt.",
		},
		{
			"with a gap", FeedRow{LastPoll: now, NextPoll: now.Add(time.Hour), GapAt: now.AddDate(0, 0, -1), GapItems: 40},
			"✓ read just now; next visit in 1 h · about 40 articles of 23 Nov may be missing; I have read it more often since",
			"✓ gelesen gerade eben; nächster Besuch in 1 Std. · etwa 40 Artikel vom 23. Nov. fehlen vielleicht; seitdem lese ich öfter",
		},
		{
			"with a gap of unknown size", FeedRow{LastPoll: now, NextPoll: now, GapAt: now.AddDate(0, 0, -1)},
			"✓ read just now; next visit due now · articles of 23 Nov may be missing; I have read it more often since",
			"✓ gelesen gerade eben; nächster Besuch gleich · Artikel vom 23. Nov. fehlen vielleicht; seitdem lese ich öfter",
		},
		{"paused", FeedRow{Paused: true, LastPoll: now}, "⏸ paused", "⏸ angehalten"},
		{"paused for a reason", FeedRow{Paused: true, ErrorKind: "gone"}, "⏸ paused · Its publisher has ended it.", "⏸ angehalten · Der Herausgeber hat ihn eingestellt."},
		{"ended", FeedRow{Gone: true, Paused: true}, "✖ ended by its publisher", "✖ vom Herausgeber eingestellt"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := [2]string{reader("en-US").writer().health(tt.f), reader("de").writer().health(tt.f)}
			if diff := cmp.Diff([2]string{tt.en, tt.de}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNoticesOfferWhatCanBeDone(t *testing.T) {
	t.Parallel()
	for i, want := range [][]string{
		{"Retry v1:fretry:5:9", "Pause v1:fpause:5:9", "Remove v1:fremove:5:9"},
		{"Retry v1:fretry:6:9", "Remove v1:fremove:6:9"},
		{"Retry v1:fretry:7:9", "Remove v1:fremove:7:9"},
		{"Pause v1:fpause:8:9", "Remove v1:fremove:8:9"},
		{"Pause v1:fpause:9:9", "Remove v1:fremove:9:9"},
	} {
		n := unwell()[i]
		if diff := cmp.Diff(want, buttons(Feed(reader("en-US"), n))); diff != "" {
			t.Errorf("%s: buttons (-want +got):\n%s", n.Title, diff)
		}
	}
}

func TestNoticesSayWhatBecameOfAFeed(t *testing.T) {
	t.Parallel()
	for i, want := range []string{
		"⚠ “Harbour Post” has been failing since 23 Nov 06:00: Its server cannot be reached. I keep trying, next on 24 Nov 14:00. " +
			"If it goes on for 30 days, I pause it.\n-# Harbour Town · <#70>",
		"✖ “Old \\*Gazette\\*” was ended by its publisher, so I no longer visit it. `/feeds resume` tries again.\n-# Harbour Town · <#70> <#71>",
		"⏸ “The Tern” has been failing since 24 Oct 08:00, so I no longer visit it: There is a web page where a feed should be. " +
			"`/feeds resume` starts it again.\n-# Harbour Town · <#70>",
		"💤 “Lamp & Buoy” has brought nothing new since 15 Oct, though I can read it. Its publisher may have moved or stopped." +
			"\n-# Harbour Town · <#70> <#71> <#72> and 4 more",
	} {
		if diff := cmp.Diff([]string{want}, contents([]discord.Message{Feed(reader("en-US"), unwell()[i])})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestSeveralFeedsAreToldInOneMessage(t *testing.T) {
	t.Parallel()
	var ns []FeedNotice
	for i := range 24 {
		n := unwell()[0]
		n.Title = fmt.Sprintf("Paper-%02d", i)
		ns = append(ns, n)
	}
	m := Feeds(reader("en-US"), "Harbour *Town*", ns)
	all := strings.Join(contents([]discord.Message{m}), "\n")
	for _, want := range []string{"### 24 feeds of Harbour \\*Town\\* need a look", "Paper-00", "Paper-09", "and 14 more · `/feeds health` in Harbour \\*Town\\*"} {
		if !strings.Contains(all, want) {
			t.Errorf("lacks %q:\n%s", want, all)
		}
	}
	if strings.Contains(all, "Paper-10") {
		t.Errorf("names more than ten:\n%s", all)
	}
	if few := strings.Join(contents([]discord.Message{Feeds(reader("en-US"), "A", ns[:10])}), "\n"); strings.Contains(few, "more ·") || !strings.Contains(few, "Paper-09") {
		t.Errorf("ten feeds:\n%s", few)
	}
}

func TestHealthTurnsItsPages(t *testing.T) {
	t.Parallel()
	ns := slices.Repeat(unwell(), 3)[:12]
	for page, want := range map[int][]string{
		-1: {"Next page › v1:fhealth:1"},
		0:  {"Next page › v1:fhealth:1"},
		1:  {"‹ Previous page v1:fhealth:0", "Next page › v1:fhealth:2"},
		7:  {"‹ Previous page v1:fhealth:1"},
	} {
		got := buttons(FeedHealth(reader("en-US"), ns, 40, page))
		got = slices.DeleteFunc(got, func(b string) bool { return !strings.Contains(b, "fhealth") })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("page %d (-want +got):\n%s", page, diff)
		}
	}
}

func TestHealthOfAServerThatIsWell(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		of   int
		want string
	}{
		{0, "No feeds here yet. `/feeds add` takes a site, a feed, a YouTube channel or a subreddit."},
		{1, "✓ The feed is well."}, {12, "✓ All 12 feeds are well."},
	} {
		if diff := cmp.Diff([]string{tt.want}, contents([]discord.Message{FeedHealth(reader("en-US"), nil, tt.of, 0)})); diff != "" {
			t.Errorf("%d feeds (-want +got):\n%s", tt.of, diff)
		}
	}
}

func TestNoticesFitDiscordWhateverAFeedIsCalled(t *testing.T) {
	t.Parallel()
	var long []FeedNotice
	for i, n := range slices.Repeat(unwell(), 6) {
		n.Title, n.SiteURL, n.Server = strings.Repeat("*", 300), "https://a.example/"+strings.Repeat("a", 290), strings.Repeat("_", 300)
		n.FeedID, n.GuildID, n.Channels = 1<<62+int64(i), 1<<62, slices.Repeat([]int64{1 << 62}, 40)
		long = append(long, n)
	}
	for _, locale := range i18n.Locales() {
		r := reader(locale)
		messages := []discord.Message{
			Feeds(r, strings.Repeat("_", 300), long), FeedHealth(r, long, 1<<30, 1),
			FeedInfo(r, FeedDetails{FeedNotice: long[0], URL: strings.Repeat("*", 3000), Detail: strings.Repeat("_", 3000), Interval: time.Hour, Pace: time.Hour, NewestAt: morning()}),
		}
		for _, n := range long[:5] {
			messages = append(messages, Feed(r, n))
		}
		for i, m := range messages {
			for _, v := range violations(m) {
				t.Errorf("%s, message %d: %s", locale, i, v)
			}
		}
	}
}

func TestInfoLeavesOutWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	d := FeedDetails{FeedNotice: FeedNotice{FeedRow: FeedRow{Title: "A"}, Channels: []int64{70}}, URL: "https://a.example", Detail: "An old error."}
	want := "### A\n<#70> · in the digest\n… not read yet\nAddress: https://a.example"
	m := FeedInfo(reader("en-US"), d)
	if diff := cmp.Diff([]string{want}, contents([]discord.Message{m})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if b := buttons(m); len(b) != 0 {
		t.Errorf("a feed that is well offers %q", b)
	}
}
