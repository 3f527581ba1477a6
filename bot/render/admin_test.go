package render

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
	"broadsheet/feeds"
)

func TestEveryKindOfFeedErrorHasItsWords(t *testing.T) {
	t.Parallel()
	kinds := []feeds.Kind{
		feeds.Temporary, feeds.Unreachable, feeds.RateLimited, feeds.Gone, feeds.NotFound, feeds.Forbidden,
		feeds.Malformed, feeds.NotFeed, feeds.TooLarge, feeds.Private, feeds.Invalid, feeds.Redirected,
	}
	for _, locale := range i18n.Locales() {
		seen := map[string]feeds.Kind{}
		for _, k := range kinds {
			words := FeedError(locale, string(k))
			if other, taken := seen[words]; taken || words == FeedError(locale, "no-such-kind") {
				t.Errorf("%s: %s reads like %q: %q", locale, k, other, words)
			}
			seen[words] = k
		}
	}
}

func TestEveryPermissionHasItsName(t *testing.T) {
	t.Parallel()
	all := append(discord.Permissions(), discord.Permission(discord.ManageServer))
	for _, p := range all {
		if got := PermissionName("de", p); got == p.Name() || got == "" {
			t.Errorf("%s is called %q in German", p.Name(), got)
		}
	}
	if got := PermissionName("en-US", discord.SendInThreads); got != "Send Messages in Threads" {
		t.Errorf("got %q", got)
	}
	unknown := discord.Permission(1 << 50)
	if got := PermissionName("ja", unknown); got != unknown.Name() {
		t.Errorf("a permission we do not know is called %q", got)
	}
}

func TestMissingPermissionsAreNamed(t *testing.T) {
	t.Parallel()
	m := Permissions(reader("en-US"), 70, []discord.Permission{discord.SendMessages, discord.EmbedLinks})
	want := "⚠ I cannot post in <#70>: I lack **Send Messages**, **Embed Links**. What is due there waits until I may.\n" +
		"-# Grant it under Channel settings › Permissions; the rest happens by itself."
	if diff := cmp.Diff([]string{want}, contents([]discord.Message{m})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFeedListTurnsItsPages(t *testing.T) {
	t.Parallel()
	var rows []FeedRow
	for i := range 20 {
		rows = append(rows, FeedRow{Title: fmt.Sprintf("Feed-%d-end", i), ChannelID: 70})
	}
	tests := []struct {
		page    int
		buttons []string
		shown   [2]int
	}{
		{0, []string{"Next page › v1:feeds:1:70"}, [2]int{0, 8}},
		{1, []string{"‹ Previous page v1:feeds:0:70", "Next page › v1:feeds:2:70"}, [2]int{8, 16}},
		{2, []string{"‹ Previous page v1:feeds:1:70"}, [2]int{16, 20}},
		{9, []string{"‹ Previous page v1:feeds:1:70"}, [2]int{16, 20}},
		{-1, []string{"Next page › v1:feeds:1:70"}, [2]int{0, 8}},
	}
	for _, tt := range tests {
		m := FeedList(reader("en-US"), rows, 70, tt.page)
		if diff := cmp.Diff(tt.buttons, buttons(m)); diff != "" {
			t.Errorf("page %d: buttons (-want +got):\n%s", tt.page, diff)
		}
		all := strings.Join(contents([]discord.Message{m}), "\n")
		for i, row := range rows {
			if shown := strings.Contains(all, row.Title); shown != (i >= tt.shown[0] && i < tt.shown[1]) {
				t.Errorf("page %d: feed %d shown: %v", tt.page, i, shown)
			}
		}
	}
}

func TestListsOfAdminsTakeTheLongestNames(t *testing.T) {
	t.Parallel()
	var feedRows []FeedRow
	var digestRows []DigestRow
	for range 30 {
		feedRows = append(feedRows, FeedRow{
			Title: strings.Repeat("*", 300), SiteURL: "https://a.example/" + strings.Repeat("a", 290), ChannelID: 1 << 62,
			Paused: true, ErrorKind: "private",
		})
		digestRows = append(digestRows, DigestRow{
			Name: strings.Repeat("_", 300), Schedule: strings.Repeat("*", 300), ChannelID: 1 << 62, Next: []time.Time{morning(), morning()}, LastSent: morning(),
		})
	}
	for _, locale := range i18n.Locales() {
		for name, m := range map[string]discord.Message{
			"feeds": FeedList(reader(locale), feedRows, 1<<62, 1), "digests": DigestList(reader(locale), digestRows, 1<<62, 1),
		} {
			for _, v := range violations(m) {
				t.Errorf("%s, %s: %s", locale, name, v)
			}
		}
	}
}

func TestDigestCreatedShowsFiveRunsInItsZone(t *testing.T) {
	t.Parallel()
	d := digestRows()[0]
	d.Next = append(d.Next, d.Next[4].AddDate(0, 0, 1))
	got := contents([]discord.Message{DigestCreated(reader("de"), d)})[0]
	if n := strings.Count(got, "\n• "); n != 5 {
		t.Errorf("%d runs, want 5:\n%s", n, got)
	}
	if !strings.Contains(got, "\n• Mittwoch, 25. November, 08:00 Uhr\n") || !strings.Contains(got, "(Europe/Berlin)") {
		t.Errorf("not in the digest's zone:\n%s", got)
	}
}

func TestDigestRowSaysWhatComesNext(t *testing.T) {
	t.Parallel()
	rows := digestRows()
	w := reader("en-US").writer()
	if got, want := w.digestRow(rows[0]), "**Morning \\*edition\\*** · <#70>\ndaily 08:00 (Europe/Berlin)\n"+
		"-# Next: Wednesday 25 November, 08:00; Thursday 26 November, 08:00 · Last sent 24 h ago"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := w.digestRow(rows[1]), "**Resting** · <#71>\nevery 4h (UTC)\n-# paused"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestBacklogIsAskedForAsTheFeedNeeds(t *testing.T) {
	t.Parallel()
	story := bridgeStory()
	tests := []struct {
		name string
		a    Added
		want []string
	}{
		{
			"for a digest", Added{SubscriptionID: 7, Newest: &story, Articles: 24},
			[]string{"Nothing v1:backlog:7:0", "Latest one v1:backlog:7:1", "Last five v1:backlog:7:5", "Next digest v1:backlog:7:digest"},
		},
		{
			"for posts at once", Added{SubscriptionID: 7, Newest: &story, Articles: 24, Instant: true},
			[]string{"Nothing v1:backlog:7:0", "Latest one v1:backlog:7:1", "Last five v1:backlog:7:5"},
		},
		{
			"with one article", Added{SubscriptionID: 7, Newest: &story, Articles: 1},
			[]string{"Nothing v1:backlog:7:0", "Latest one v1:backlog:7:1", "Next digest v1:backlog:7:digest"},
		},
		{"with a preview but nothing kept", Added{SubscriptionID: 7, Newest: &story}, nil},
		{"an empty feed", Added{SubscriptionID: 7, Articles: 3}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, buttons(FeedAdded(reader("en-US"), tt.a))); diff != "" {
				t.Errorf("buttons (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewDigestIsTold(t *testing.T) {
	t.Parallel()
	a := added()
	got := contents([]discord.Message{FeedAdded(reader("en-US"), a)})[0]
	want := "This channel had no digest yet, so I made “Morning \\*edition\\*”: daily 08:00 (Europe/Berlin). It appears next Wednesday 25 November, 08:00."
	if !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant in it\n%s", got, want)
	}
	a.NewDigest = nil
	if got := contents([]discord.Message{FeedAdded(reader("en-US"), a)})[0]; strings.Contains(got, "digest") {
		t.Errorf("tells of a digest where none was made: %s", got)
	}
}

func TestChooseOffersEachFeedOnce(t *testing.T) {
	t.Parallel()
	found := append(candidates(), candidates()[0])
	m := ChooseFeed(reader("en-US"), "https://harbour.example", 70, "instant", found)
	menu := selects(m)
	if len(menu) != 1 || len(menu[0].Options) != 3 || menu[0].CustomID != "v1:choose:70:instant:https~.//harbour.example" {
		t.Fatalf("menu %+v", menu)
	}
	for i, o := range menu[0].Options {
		if o.Value != ChoiceValue(found[i].URL) {
			t.Errorf("option %d has value %q", i, o.Value)
		}
	}
	for _, v := range violations(m) {
		t.Error(v)
	}
}

func TestChooseTakesManyLongAddresses(t *testing.T) {
	t.Parallel()
	var found []Candidate
	for i := range 60 {
		found = append(found, Candidate{URL: fmt.Sprintf("https://a.example/%s%d", strings.Repeat("a", 250), i), Title: strings.Repeat("*", 300)})
	}
	m := ChooseFeed(reader("en-US"), "https://a.example/"+strings.Repeat("b", 500), 70, "", found)
	for _, v := range violations(m) {
		t.Error(v)
	}
	if n := len(selects(m)[0].Options); n != 25 {
		t.Errorf("%d options, want 25", n)
	}
}

func TestChoiceValueTellsAddressesApart(t *testing.T) {
	t.Parallel()
	long := "https://a.example/" + strings.Repeat("a", 200)
	for address, want := range map[string]string{
		"https://a.example/feed": "https://a.example/feed", long: ChoiceValue(long),
	} {
		if got := ChoiceValue(address); got != want {
			t.Errorf("ChoiceValue(%.40q) = %q, want %q", address, got, want)
		}
	}
	if a, b := ChoiceValue(long+"1"), ChoiceValue(long+"2"); a == b || len(a) != 17 || a[0] != '#' {
		t.Errorf("long addresses become %q and %q", a, b)
	}
	if ChoiceValue("") == "" {
		t.Error("no address has an empty value, which Discord refuses")
	}
}

func TestUndoCarriesItsArguments(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"↩ Undo v1:undo:7:70:digest"}, buttons(Removed(reader("en-US"), "A", 70, "7", "70", "digest"))); diff != "" {
		t.Errorf("buttons (-want +got):\n%s", diff)
	}
	if got := buttons(Removed(reader("en-US"), "A", 70, strings.Repeat("x", 200))); got != nil {
		t.Errorf("an undo that would forget: %q", got)
	}
}

func TestHelpShowsAdminsMore(t *testing.T) {
	t.Parallel()
	for _, locale := range i18n.Locales() {
		p := i18n.For(locale)
		member := strings.Join(contents([]discord.Message{Help(reader(locale), false)}), "\n")
		admin := strings.Join(contents([]discord.Message{Help(reader(locale), true)}), "\n")
		if add := p.Command("feeds add"); strings.Contains(member, add) || !strings.Contains(admin, add) {
			t.Errorf("%s: %s for members: %v, for admins: %v", locale, add, strings.Contains(member, add), strings.Contains(admin, add))
		}
		if read := p.Command("news read"); !strings.Contains(member, read) {
			t.Errorf("%s: members are not told of %s", locale, read)
		}
	}
}

// No language may leave a placeholder unfilled, whatever is laid out.
func TestNoPlaceholderIsLeftOver(t *testing.T) {
	t.Parallel()
	for _, locale := range i18n.Locales() {
		for name, messages := range goldens(locale) {
			if name == "digest-hostile" {
				continue
			}
			for _, text := range contents(messages) {
				if strings.ContainsAny(text, "{}") {
					t.Errorf("%s/%s: %q", locale, name, text)
				}
			}
		}
	}
}

func TestLayoutsNeverPanicOnEmptyInput(t *testing.T) {
	t.Parallel()
	var r Reader
	for name, m := range map[string]discord.Message{
		"empty": Empty(Paper{}), "page": Page(Paper{}, 0), "card": Card(r, digest.Story{}), "article": ArticleReply(r, Text{}),
		"search": Search(r, Results{}), "latest": Latest(r, Listing{}), "saved": Saved(r, Listing{}),
		"feeds": FeedList(r, make([]FeedRow, 1), 0, 0), "digests": DigestList(r, make([]DigestRow, 1), 0, 0),
		"created": DigestCreated(r, DigestRow{}), "added": FeedAdded(r, Added{NewDigest: &DigestRow{}}),
		"choose": ChooseFeed(r, "", 0, "", make([]Candidate, 1)), "removed": Removed(r, "", 0), "feed": Feed(r, FeedNotice{}),
		"several": Feeds(r, "", nil), "health": FeedHealth(r, make([]FeedNotice, 1), 1, 0), "info": FeedInfo(r, FeedDetails{}),
		"permissions": Permissions(r, 0, nil), "help": Help(r, false), "notice": Notice("x"),
	} {
		for _, v := range violations(m) {
			t.Errorf("%s: %s", name, v)
		}
	}
}
