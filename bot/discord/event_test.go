package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

func TestEventsAreTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ kind, raw, want string }{
		"a new server":               {"GUILD_CREATE", `{"id":"1","name":"A","preferred_locale":"de","channels":[{"id":"9"}]}`, "created {1 A de}"},
		"a renamed server":           {"GUILD_UPDATE", `{"id":"1","name":"B","preferred_locale":"de"}`, "created {1 B de}"},
		"an outage of a server":      {"GUILD_DELETE", `{"id":"1","unavailable":true}`, ""},
		"a server not yet available": {"GUILD_CREATE", `{"id":"1","unavailable":true}`, ""},
		"removed from a server":      {"GUILD_DELETE", `{"id":"1"}`, "deleted 1"},
		"a deleted channel":          {"CHANNEL_DELETE", `{"id":"2","guild_id":"1"}`, "channel deleted 1 2"},
		"a deleted thread":           {"THREAD_DELETE", `{"id":"2","guild_id":"1","parent_id":"3"}`, "channel deleted 1 2"},
		"a changed channel":          {"CHANNEL_UPDATE", `{"id":"2","guild_id":"1","name":"x"}`, "channel updated 1 2"},
		"a changed role":             {"GUILD_ROLE_UPDATE", `{"guild_id":"1","role":{"id":"5"}}`, "channel updated 1 0"},
		"a deleted role":             {"GUILD_ROLE_DELETE", `{"guild_id":"1","role_id":"5"}`, "channel updated 1 0"},
		"something else":             {"TYPING_START", `nonsense`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			ev := Events{
				GuildCreated:   func(_ context.Context, g Guild) { got = fmt.Sprint("created ", g) },
				GuildDeleted:   func(_ context.Context, id int64) { got = fmt.Sprint("deleted ", id) },
				ChannelDeleted: func(_ context.Context, g, c int64) { got = fmt.Sprint("channel deleted ", g, " ", c) },
				ChannelUpdated: func(_ context.Context, g, c int64) { got = fmt.Sprint("channel updated ", g, " ", c) },
			}
			call, err := ev.call(t.Context(), tt.kind, json.RawMessage(tt.raw))
			if err != nil {
				t.Fatal(err)
			}
			if call != nil {
				call()
			}
			if got != tt.want {
				t.Errorf("told %q, want %q", got, tt.want)
			}
			if call, err := (Events{}).call(t.Context(), tt.kind, json.RawMessage(tt.raw)); call != nil || err != nil {
				t.Errorf("with no functions: %v", err)
			}
		})
	}
	if _, err := (Events{}).call(t.Context(), "GUILD_CREATE", json.RawMessage(`{"id":5}`)); err == nil {
		t.Error("an event of another form is not an error")
	}
}

func TestQueueKeepsTheOrderAndStops(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		q := newQueue()
		ctx, cancel := context.WithCancel(t.Context())
		var got []int
		done := make(chan struct{})
		q.add(func() { got = append(got, 0); q.add(func() { got = append(got, 3) }) })
		q.add(func() { got = append(got, 1) })
		go func() { q.run(ctx); close(done) }()
		q.add(func() { got = append(got, 2) })
		synctest.Wait()
		cancel()
		<-done
		if len(got) != 4 || got[0] != 0 || got[1] != 1 {
			t.Errorf("order %s", cmp.Diff([]int{0, 1, 2, 3}, got))
		}
		q.add(func() { t.Error("called after the end") })
	})
}
