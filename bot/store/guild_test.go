package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGuildKeepsTheTimezoneAnAdminChose(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		_, err := w.Guild(w.ctx, 1)
		wantErr(t, err, ErrNotFound)
		for _, row := range []struct {
			save Guild
			want Guild
		}{
			{Guild{ID: 1, Name: "Harbour", Locale: "en-US"}, Guild{ID: 1, Name: "Harbour", Locale: "en-US"}},
			{Guild{ID: 1, Name: "Hafen", Locale: "de", Timezone: "Europe/Berlin"}, Guild{ID: 1, Name: "Hafen", Locale: "de", Timezone: "Europe/Berlin"}},
			{Guild{ID: 1, Name: "Port", Locale: "fr"}, Guild{ID: 1, Name: "Port", Locale: "fr", Timezone: "Europe/Berlin"}},
		} {
			must(t, w.SaveGuild(w.ctx, row.save))
			if diff := cmp.Diff(row.want, got[Guild](t)(w.Guild(w.ctx, 1))); diff != "" {
				t.Errorf("after SaveGuild(%+v) (-want +got):\n%s", row.save, diff)
			}
		}
		must(t, w.GuildGone(w.ctx, 1))
		must(t, w.GuildGone(w.ctx, 2)) // one that was never saved
		if g := got[Guild](t)(w.Guild(w.ctx, 1)); !g.Gone || g.Name != "Port" {
			t.Fatalf("after GuildGone: %+v", g)
		}
		must(t, w.SaveGuild(w.ctx, Guild{ID: 1, Name: "Port"}))
		if g := got[Guild](t)(w.Guild(w.ctx, 1)); g.Gone {
			t.Fatal("still gone after it came back")
		}
	})
}
