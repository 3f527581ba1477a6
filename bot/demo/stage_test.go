package demo

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/discord"
	"broadsheet/bot/discordsim"
	"broadsheet/bot/render"
)

func TestPapersOfTeasersAreAddedFirst(t *testing.T) {
	t.Parallel()
	urls := mustStage(t, Options{}).paperFeeds()
	if len(urls) != 6 || urls[0] != "http://127.0.0.1:8000/the-lantern/feed.xml" {
		t.Errorf("feeds %q, want six, The Lantern's first", urls)
	}
	slices.Sort(urls)
	if n := len(slices.Compact(urls)); n != 6 {
		t.Errorf("%d different feeds, want 6", n)
	}
}

func TestTheServerHasAMemberAndAnAdmin(t *testing.T) {
	t.Parallel()
	s := mustStage(t, Options{})
	var state struct {
		Guilds []struct {
			Channels []struct{ Name string }
			Members  []struct {
				Name  string
				Admin bool
			}
		}
	}
	if err := json.Unmarshal(get(t, s.handler(), "/sim/state").Body.Bytes(), &state); err != nil {
		t.Fatal(err)
	}
	guild := state.Guilds[0]
	if guild.Members[0].Admin || !guild.Members[1].Admin {
		t.Errorf("members %+v, want first one without and then one with the right to manage", guild.Members)
	}
	if len(guild.Channels) != 3 || guild.Channels[0].Name != "morning-paper" {
		t.Errorf("channels %+v, want three, the digest's first", guild.Channels)
	}
	if m := s.sim.Messages(s.lobby); len(m) != 1 || !strings.Contains(m[0].Content, s.base+"/the-tern/whale-notes") {
		t.Errorf("the lobby holds %+v, want a member's message with a link to an article", m)
	}
}

func TestConfigurationOfTheDemo(t *testing.T) {
	t.Parallel()
	sample, err := mustStage(t, Options{}).config("sample.db")
	if err != nil {
		t.Fatal(err)
	}
	real, err := mustStage(t, Options{Feeds: []string{"https://example.org/feed"}}).config("real.db")
	if err != nil {
		t.Fatal(err)
	}
	if sample.Database != "sample.db" || sample.Discord.Token.Reveal() != discordsim.DefaultToken || sample.Health.Listen != "" {
		t.Errorf("database %q, token %q, health at %q", sample.Database, sample.Discord.Token.Reveal(), sample.Health.Listen)
	}
	if sample.Fetch.Interval != pollInterval {
		t.Errorf("the papers are read every %v, want %v", sample.Fetch.Interval, pollInterval)
	}
	// Real servers are treated as by any other bot.
	if real.Fetch.Interval < time.Minute || real.Fetch.HostSpacing < 100*time.Millisecond {
		t.Errorf("real feeds are read every %v, %v apart on one host", real.Fetch.Interval, real.Fetch.HostSpacing)
	}
}

func TestPlaySaysThatTheBotNeverCame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := bubbleStage(t)
		if err := s.play(t.Context()); err == nil || !strings.Contains(err.Error(), "wait for the bot") {
			t.Errorf("play = %v, want an error that says the bot was waited for", err)
		}
	})
}

func TestTheFirstDigestWaitsForPagesButNotForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := bubbleStage(t)
		begun := time.Now()
		s.awaitPages(t.Context())
		if took := time.Since(begun); took != pagePatience {
			t.Errorf("waited %v for pages that nobody read, want %v", took, pagePatience)
		}
		go func() {
			time.Sleep(pageQuiet)
			get(t, s.papers, "/the-lantern/three-day-loaf")
		}()
		begun = time.Now()
		s.awaitPages(t.Context())
		if took := time.Since(begun); took < 2*pageQuiet || took >= pagePatience {
			t.Errorf("waited %v for a page read after %v, want until %v after it", took, pageQuiet, pageQuiet)
		}
	})
}

// bubbleStage is a stage whose simulated Discord lives in a time that Discord
// knows.
func bubbleStage(t *testing.T) *stage {
	t.Helper()
	time.Sleep(time.Until(discordsim.Epoch))
	return mustStage(t, Options{Once: true})
}

func TestPagesOfOtherPapersDoNotCountAsTeasersRead(t *testing.T) {
	t.Parallel()
	papers := mustPapers(t, time.Now())
	get(t, papers, "/harbour-post/chain-bridge-closes")
	get(t, papers, "/the-lantern/three-day-loaf.png")
	if papers.teasersRead(0) {
		t.Error("teasersRead after a picture and another paper's page")
	}
	get(t, papers, "/the-lantern/three-day-loaf")
	if papers.teasersRead(time.Hour) {
		t.Error("teasersRead at once after a page, want only after a while")
	}
	if !papers.teasersRead(0) {
		t.Error("teasersRead is false though a page was read")
	}
}

func TestFindLooksIntoComponentsByKindAndLastArgument(t *testing.T) {
	t.Parallel()
	none := discord.EncodeID(render.KindBacklog, "7", render.BacklogNothing)
	latest := discord.EncodeID(render.KindBacklog, "7", render.BacklogLatest)
	components := []discord.Component{
		discord.Text("hello"),
		{Components: []discord.Component{{CustomID: "not ours"}, {Components: []discord.Component{{CustomID: none}, {CustomID: latest}}}}},
	}
	for name, tc := range map[string]struct {
		kind string
		last []string
		want string
	}{
		"the first of its kind":   {render.KindBacklog, nil, none},
		"the one with the choice": {render.KindBacklog, []string{render.BacklogLatest}, latest},
		"a choice nobody offers":  {render.KindBacklog, []string{"99"}, ""},
		"another kind":            {render.KindChoose, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if c := find(components, tc.kind, tc.last...); c != nil {
				got = c.CustomID
			}
			if got != tc.want {
				t.Errorf("find(%s, %q) = %q, want %q", tc.kind, tc.last, got, tc.want)
			}
		})
	}
}

func TestPlainTextReadsTheWireForm(t *testing.T) {
	t.Parallel()
	wire := `{"id":"1","flags":32768,"components":[{"type":17,"id":1,"components":[{"type":10,"id":2,"content":"**Good** morning"}]}]}`
	got, err := plainText([]discordsim.Message{{JSON: json.RawMessage(wire)}})
	if err != nil || !strings.Contains(got, "Good morning") {
		t.Errorf("plainText = %q, %v", got, err)
	}
	if _, err := plainText([]discordsim.Message{{JSON: json.RawMessage("{")}}); err == nil {
		t.Error("plainText of a broken message gave no error")
	}
}

func TestEditionsShowWhatIsOutNewestFirst(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 22, 8, 0, 0, 999, time.UTC)
	p := &paper{Slug: "gull", articles: []article{
		{Slug: "old", Offset: -time.Hour}, {Slug: "soon", Offset: time.Minute}, {Slug: "new", Offset: -time.Second},
	}}
	papers := &Papers{start: start.Truncate(time.Second)}
	for name, tc := range map[string]struct {
		at   time.Duration
		want []string
	}{
		"before":             {0, []string{"new", "old"}},
		"just before":        {time.Minute - time.Second, []string{"new", "old"}},
		"on the very second": {time.Minute, []string{"soon", "new", "old"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := papers.edition(p, host, start.Truncate(time.Second).Add(tc.at))
			var got []string
			for _, a := range e.articles {
				got = append(got, a.Slug)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("articles (-want +got):\n%s", diff)
			}
			if want := e.published(e.articles[0]); !e.modified.Equal(want) {
				t.Errorf("modified %v, want %v", e.modified, want)
			}
			if e.modified.Nanosecond() != 0 {
				t.Errorf("modified %v, want whole seconds, as feeds tell them", e.modified)
			}
		})
	}
}

func TestUnknownFormatsAreNotPrinted(t *testing.T) {
	t.Parallel()
	e := edition{paper: &paper{Name: "Gull", Format: "stone tablet"}}
	if _, _, err := e.feed(); err == nil || !strings.Contains(err.Error(), "stone tablet") {
		t.Errorf("feed error = %v, want one that names the format", err)
	}
}
