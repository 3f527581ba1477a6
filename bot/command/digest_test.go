package command_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"broadsheet/bot/command"
	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
)

func TestCreateADigestFillsInWhatIsLeftOpen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options                            []string
		wantName, wantSchedule, wantZone   string
		wantChannel                        int64
		wantTitle, wantLength, wantContain string
		wantCards                          int
	}{
		"the schedule alone": {[]string{"schedule", "daily 08:00"}, "news", "daily 08:00", "UTC", news, "", "", "The next editions", 0},
		"everything": {
			[]string{"schedule", " Mondays   09:00 ", "channel", "102", "timezone", "berlin", "name", "  Week's  end ", "length", "long", "cards", "7"},
			"Week's end", "Mondays 09:00", "Europe/Berlin", island, "Week's end", "long", "Europe/Berlin", 7,
		},
		"a cron line": {[]string{"schedule", "30 7 * * 1-5"}, "news", "30 7 * * 1-5", "UTC", news, "", "", "next editions", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t)
			text := g.says(slash("digest create", c.options...))
			all := g.digests()
			if len(all) != 1 {
				t.Fatalf("%d digests", len(all))
			}
			d := all[0]
			s, err := command.ReadSettings(d.Options)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.EqualFold(d.Schedule, c.wantSchedule) || d.Name != c.wantName || d.Timezone != c.wantZone || d.ChannelID != c.wantChannel ||
				d.Locale != "en-US" || d.CreatedBy != admin || !d.NextRun.After(time.Now()) {
				t.Errorf("digest %+v", d)
			}
			if s.Title != c.wantTitle || s.Length != c.wantLength || s.Cards != c.wantCards {
				t.Errorf("settings %+v", s)
			}
			wantText(t, text, c.wantContain, c.wantName)
			if n := strings.Count(text, "• "); n != 5 {
				t.Errorf("%d next runs are shown, want 5:\n%s", n, text)
			}
		})
	}
}

func TestCreateRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.ask(slash("digest create", "schedule", "daily 08:00", "name", "Taken"))
	for name, c := range map[string]struct {
		options []string
		want    []string
	}{
		"no schedule":           {nil, []string{"as a schedule", "daily 08:00"}},
		"an odd schedule":       {[]string{"schedule", "whenever *you* like"}, []string{"whenever \\*you\\* like", "every 4h"}},
		"a schedule for ever":   {[]string{"schedule", strings.Repeat("daily ", 900)}, []string{"as a schedule"}},
		"a zone of no place":    {[]string{"schedule", "daily 08:00", "timezone", "Mars/Olympus"}, []string{"no time zone “Mars/Olympus”", "Europe/Berlin"}},
		"no cards":              {[]string{"schedule", "daily 08:00", "cards", "0"}, []string{"1 to 15"}},
		"too many cards":        {[]string{"schedule", "daily 08:00", "cards", "16"}, []string{"1 to 15"}},
		"cards that are no sum": {[]string{"schedule", "daily 08:00", "cards", "many"}, []string{"1 to 15"}},
		"a length unheard of":   {[]string{"schedule", "daily 08:00", "length", "endless"}, []string{"“endless” is not among"}},
		"a name that is taken":  {[]string{"schedule", "daily 08:00", "name", "TAKEN"}, []string{"already a digest called “TAKEN”", "another name"}},
		"a foreign channel":     {[]string{"schedule", "daily 08:00", "channel", "201"}, []string{"cannot post in <#201>"}},
	} {
		text := g.refusal(slash("digest create", c.options...))
		for _, w := range c.want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: lacks %q:\n%s", name, w, text)
			}
		}
	}
	if n := len(g.digests()); n != 1 {
		t.Errorf("%d digests, want the first alone", n)
	}
}

func TestUnnamedDigestsOfAChannelAreNumbered(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for range 3 {
		g.ask(slash("digest create", "schedule", "daily 08:00"))
	}
	var got []string
	for _, d := range g.digests() {
		got = append(got, d.Name)
	}
	if fmt.Sprint(got) != "[news news 2 news 3]" {
		t.Errorf("names %q", got)
	}
}

func TestTheFirstZoneChosenBecomesTheServers(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.ask(slash("digest create", "schedule", "daily 08:00", "timezone", "Europe/Berlin"))
	g.ask(slash("digest create", "schedule", "daily 09:00"))
	g.ask(slash("digest create", "schedule", "daily 10:00", "timezone", "Asia/Tokyo"))
	g.ask(slash("digest create", "schedule", "daily 11:00"))
	var got []string
	for _, d := range g.digests() {
		got = append(got, d.Timezone)
	}
	if want := "[Europe/Berlin Europe/Berlin Asia/Tokyo Europe/Berlin]"; fmt.Sprint(got) != want {
		t.Errorf("zones %q, want %s", got, want)
	}
}

func TestDigestListShowsNextRunsEvenBesideABrokenDigest(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	wantText(t, g.says(slash("digest list")), "No digest here yet", "/digest create")
	g.ask(slash("digest create", "schedule", "daily 08:00", "name", "Morning"))
	broken := store.Digest{GuildID: guild, ChannelID: news, Name: "Broken", Schedule: "at noonish", Timezone: "Nowhere", NextRun: time.Now()}
	if _, err := g.store.CreateDigest(t.Context(), broken); err != nil {
		t.Fatal(err)
	}
	text := g.says(slash("digest list"))
	wantText(t, text, "2 digests", "Morning", "Next: ", "Broken", "at noonish")
	wantText(t, g.log.String(), "digest cannot be read")
}

func TestDigestListTurnsPages(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for i := range 10 {
		g.ask(slash("digest create", "schedule", "daily 08:00", "name", fmt.Sprint("Paper ", i)))
	}
	first := g.ask(slash("digest list")).Message
	second := g.ask(pressed(id(first, render.KindDigests)))
	wantText(t, told(second.Message), "Paper 9", "Page 2 of 2")
	if !second.Update {
		t.Error("the list stays as it was")
	}
	wantText(t, g.says(pressed(discord.EncodeID(render.KindDigests, "77", "0"))), "Page 2 of 2")
}

func TestRunPrintsAndSaysWhatCameOfIt(t *testing.T) {
	t.Parallel()
	full := digest.Edition{Stories: 3}
	for name, c := range map[string]struct {
		press   press
		lacking []discord.Permission
		want    string
		refused bool
	}{
		"an edition":           {press: press{edition: full}, want: "“Morning” is being printed in <#101>"},
		"nothing new":          {want: "Nothing new for <#101>"},
		"printed at this time": {press: press{err: fmt.Errorf("take: %w", store.ErrLeaseLost)}, refused: true, want: "“Morning” is being printed at this moment"},
		"removed meanwhile":    {press: press{err: fmt.Errorf("take: %w", store.ErrNotFound)}, refused: true, want: "No digest here is called “Morning”"},
		"a full disk":          {press: press{err: fmt.Errorf("publish: %w", store.ErrFull)}, refused: true, want: "Tell the operator"},
		"a missing permission": {press: press{edition: full}, lacking: []discord.Permission{discord.EmbedLinks, discord.AttachFiles}, refused: true, want: "“Embed Links, Attach Files” in <#101>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t)
			g.ask(slash("digest create", "schedule", "daily 08:00", "name", "Morning"))
			*g.press = c.press
			g.discord.lacking = c.lacking
			if c.refused {
				wantText(t, g.refusal(slash("digest run", "digest", "morning")), c.want)
			} else {
				wantText(t, g.says(slash("digest run", "digest", "morning")), c.want)
			}
			if printed := len(g.press.ran) > 0; printed != (c.lacking == nil) {
				t.Errorf("the press ran: %q", g.press.ran)
			}
		})
	}
}

func TestRunOfADigestThatSaysSoWhenEmpty(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	d := store.Digest{
		GuildID: guild, ChannelID: news, Name: "Evening", Schedule: "daily 18:00", Timezone: "UTC", NextRun: time.Now(),
		Options: command.Settings{SayEmpty: true}.String(),
	}
	if _, err := g.store.CreateDigest(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	wantText(t, g.says(slash("digest run", "digest", "Evening")), "is being printed")
}

func TestPreviewShowsThePaperAndNothingToPress(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.ask(slash("digest create", "schedule", "daily 08:00", "name", "Morning"))
	wantText(t, g.says(slash("digest preview", "digest", "Morning")), "Nothing new for <#101>")

	e := digest.Edition{Stories: 1, Articles: 1, Feeds: 1, Cards: []digest.Story{{
		Lead: digest.Article{ID: 1, Title: "Bridge closes", Source: "Harbour Post", Link: "https://post.example/bridge"},
	}}}
	g.press.edition = e
	g.press.messages = render.Digest(render.Paper{Edition: e, Now: time.Now(), DigestID: 1, Number: 1})
	reply := g.ask(slash("digest preview", "digest", "Morning"))
	text := told(reply.Message)
	wantText(t, text, "A preview: nothing is sent", "Bridge closes")
	lacksText(t, text, "Read more", "Save", "first of")
	each(reply.Message.Components, func(c discord.Component) {
		if c.CustomID != "" {
			t.Errorf("the preview can be pressed: %s", c.CustomID)
		}
	})
	if reply.Public {
		t.Error("the preview is public")
	}
	if d := g.digests()[0]; d.Edition != 0 || !d.LastSent.IsZero() {
		t.Errorf("the preview changed the digest: %+v", d)
	}
	g.press.messages = append(g.press.messages, g.press.messages[0])
	wantText(t, g.says(slash("digest preview", "digest", "Morning")), "the first of 2 messages")
	g.press.err = errors.New("a fault of our own")
	wantText(t, g.refusal(slash("digest preview", "digest", "Morning")), "Something went wrong (ref ")
}

func TestRemoveADigest(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.ask(slash("digest create", "schedule", "daily 08:00", "name", "Morning"))
	declared := store.Digest{GuildID: guild, ChannelID: news, Name: "Declared", Schedule: "daily 08:00", Timezone: "UTC", NextRun: time.Now(), Declared: true}
	if _, err := g.store.CreateDigest(t.Context(), declared); err != nil {
		t.Fatal(err)
	}
	wantText(t, g.refusal(slash("digest remove", "digest", "Declared")), "configuration file")
	wantText(t, g.says(slash("digest remove", "digest", "morn")), "“Morning” is removed")
	wantText(t, g.refusal(slash("digest remove", "digest", "Morning")), "No digest here is called “Morning”", "`/digest list`")
	if all := g.digests(); len(all) != 1 || all[0].Name != "Declared" {
		t.Errorf("digests %+v", all)
	}
}

func TestAnotherServersDigestIsUnknown(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	d, err := g.store.CreateDigest(t.Context(), store.Digest{
		GuildID: foreign, ChannelID: theirs, Name: "Theirs", Schedule: "daily 08:00", Timezone: "UTC", NextRun: time.Now(),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"run", "preview", "remove"} {
		for _, typed := range []string{"Theirs", fmt.Sprint(d.ID)} {
			wantText(t, g.refusal(slash("digest "+verb, "digest", typed)), "No digest here")
		}
		if got := g.ask(typing("digest "+verb, "digest", "")).Choices; len(got) != 0 {
			t.Errorf("%s offers %q", verb, names(got))
		}
	}
	if len(g.press.ran) != 0 {
		t.Errorf("printed %q", g.press.ran)
	}
}

func TestSuggestionsForADigest(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for i := range 30 {
		g.ask(slash("digest create", "schedule", "daily 08:00", "name", fmt.Sprintf("Paper %02d", i)))
	}
	if n := len(g.ask(typing("digest run", "digest", "")).Choices); n != 25 {
		t.Errorf("%d digests are offered, Discord takes 25", n)
	}
	if got := names(g.ask(typing("digest run", "digest", "PAPER 07")).Choices); len(got) != 1 || got[0] != "Paper 07 · daily 08:00 UTC" {
		t.Errorf("choices %q", got)
	}
	for option, typed := range map[string]string{"schedule": "weekd", "timezone": "berl"} {
		got := names(g.ask(typing("digest create", option, typed)).Choices)
		if len(got) == 0 || len(got) > 25 || !strings.Contains(strings.ToLower(got[0]), typed) {
			t.Errorf("%s %q: %q", option, typed, got)
		}
	}
}
