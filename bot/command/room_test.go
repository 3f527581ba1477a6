package command_test

import (
	"fmt"
	"testing"

	"broadsheet/bot/store"
)

func TestAServerHasRoomForSoMuch(t *testing.T) {
	t.Parallel()
	const feeds, digests = 500, 50
	fill := map[string]func(g *rig){
		"feeds": func(g *rig) {
			for i := range feeds {
				f, _, err := g.store.AddFeed(t.Context(), fmt.Sprintf("https://f%d.example/feed", i), "")
				if err == nil {
					_, err = g.store.Subscribe(t.Context(), store.Subscription{GuildID: guild, ChannelID: island, FeedID: f.ID}, store.Backlog{})
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		},
		"digests": func(g *rig) {
			for i := range digests {
				if _, err := g.store.CreateDigest(t.Context(), store.Digest{GuildID: guild, ChannelID: island, Name: fmt.Sprint("Paper ", i)}); err != nil {
					t.Fatal(err)
				}
			}
		},
	}
	for name, row := range map[string]struct {
		full    string
		ask     string
		options []string
		want    string // "" is taken
	}{
		"a feed too many":                        {"feeds", "feeds add", []string{"url", post}, "500 feeds"},
		"a digest too many":                      {"digests", "digest create", []string{"schedule", "daily 08:00"}, "50 digests"},
		"a feed whose channel would need one":    {"digests", "feeds add", []string{"url", post}, "50 digests"},
		"a feed whose channel has one":           {"digests", "feeds add", []string{"url", post, "channel", "102"}, ""},
		"a feed that needs none":                 {"digests", "feeds add", []string{"url", post, "mode", "instant"}, ""},
		"a digest where only feeds are too many": {"feeds", "digest create", []string{"schedule", "daily 08:00"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t)
			g.offers(post, "Harbour Post")
			fill[row.full](g)
			if row.want == "" {
				g.ask(slash(row.ask, row.options...))
				return
			}
			wantText(t, g.refusal(slash(row.ask, row.options...)), row.want, "list")
			if n := len(g.web.asked); n != 0 {
				t.Errorf("the web was asked %d times in vain", n)
			}
		})
	}
}
