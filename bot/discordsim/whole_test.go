package discordsim

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
)

func TestUnmodifiedClientLivesThroughAVirtualDay(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		s := newSim(t)
		guild := s.AddGuild("Harbour", "de")
		news := s.AddChannel(guild, "news", KindText)
		member := s.AddMember(guild, "Ada", 0)
		d := client(t, s)
		guilds := make(chan string, 10)
		d.AddHandler(func(_ *discordgo.Session, g *discordgo.GuildCreate) {
			guilds <- g.Name + " " + g.PreferredLocale + " " + g.Channels[0].Name
		})
		d.AddHandler(func(d *discordgo.Session, i *discordgo.InteractionCreate) {
			err := d.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
				Type: discordgo.InteractionResponseChannelMessageWithSource,
				Data: &discordgo.InteractionResponseData{Content: "pong", AllowedMentions: quiet(), Flags: discordgo.MessageFlagsEphemeral},
			})
			if err != nil {
				t.Errorf("respond: %v", err)
			}
		})
		if err := d.Open(); err != nil {
			t.Fatal(err)
		}
		defer hangUp(d)
		if got, want := <-guilds, "Harbour de news"; got != want {
			t.Errorf("GUILD_CREATE says %q, want %q", got, want)
		}
		if _, err := d.ApplicationCommandBulkOverwrite(wireID(s.ApplicationID()), "", []*discordgo.ApplicationCommand{
			{Name: "ping", Description: "Answers pong"},
		}); err != nil {
			t.Fatal(err)
		}
		for range 24 {
			time.Sleep(time.Hour)
			if _, err := send(d, news, "Morning edition"); err != nil {
				t.Fatal(err)
			}
		}
		r, err := s.Slash(t.Context(), member, news, "ping", nil)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Ephemeral || r.Deferred || r.MessageID == 0 {
			t.Errorf("got response %+v, want an ephemeral message at once", r)
		}
		synctest.Wait()
		var content []string
		for _, m := range s.Messages(news) {
			content = append(content, m.Content)
		}
		if len(content) != 24 || content[23] != "Morning edition" {
			t.Errorf("channel holds %d messages %q, want 24 editions", len(content), content)
		}
		replies := s.Replies(r.InteractionID)
		if len(replies) != 1 || !cmp.Equal([]any{replies[0].Content, replies[0].EphemeralTo}, []any{"pong", member}) {
			t.Errorf("replies are %+v, want one pong for %d", replies, member)
		}
		if !s.Connected() {
			t.Error("the gateway connection did not survive the day")
		}
	})
}
