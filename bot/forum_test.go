package bot

import (
	"testing"

	"broadsheet/bot/discord"
)

func TestPostsAreNamedByTheFirstLineOfTheirMessage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		components []discord.Component
		want       string
	}{
		"a digest's heading": {
			[]discord.Component{discord.Container(-1, discord.Text("## 🗞 Morning edition · Monday 12 January\n9 stories"))},
			"🗞 Morning edition · Monday 12 January",
		},
		"a card's headline is a masked link": {
			[]discord.Component{discord.Container(-1, discord.Section(discord.Thumbnail("https://a.example/p.png", ""),
				"### [Bridge closes \\[again\\]](<https://a.example/bridge>)\nThe council voted."))},
			"Bridge closes [again]",
		},
		"a picture first":   {[]discord.Component{discord.Separator(), discord.Text("Ferries")}, "Ferries"},
		"no text at all":    {[]discord.Component{discord.Separator()}, ""},
		"only white space":  {[]discord.Component{discord.Text(" \n "), discord.Text("Lamp")}, "Lamp"},
		"an escaped number": {[]discord.Component{discord.Text("1\\. Mai")}, "1. Mai"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := heading(test.components); got != test.want {
				t.Errorf("heading = %q, want %q", got, test.want)
			}
		})
	}
}
