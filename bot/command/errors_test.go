package command_test

import (
	"strings"
	"testing"

	"broadsheet/bot/discord"
	"broadsheet/bot/render"
)

// "list subscriptions: list subscriptions: …" tells whoever reads the log that
// nobody has read it before.
func TestErrorsOfCommandsSayEachThingOnce(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	g.offers(post, "Harbour Post")
	if err := g.store.Close(); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*discord.Request{
		"add":                 slash("feeds add", "url", post),
		"list":                slash("feeds list"),
		"health":              slash("feeds health"),
		"info":                slash("feeds info", "feed", "1"),
		"remove":              slash("feeds remove", "feed", "1"),
		"pause":               slash("feeds pause", "feed", "1"),
		"resume":              slash("feeds resume", "feed", "1"),
		"suggested feeds":     typing("feeds info", "feed", "ha"),
		"suggested sources":   typing("news latest", "feed", "ha"),
		"backlog":             pressed(discord.EncodeID(render.KindBacklog, "1", render.BacklogFive)),
		"digests":             slash("digest list"),
		"run":                 slash("digest run", "digest", "1"),
		"latest":              slash("news latest"),
		"search":              slash("news search", "query", "harbour"),
		"read":                slash("news read", "article", "harbour"),
		"an article":          slash("news read", "article", "1"),
		"saved":               slash("news saved"),
		"why":                 slash("news why", "article", "1"),
		"suggested articles":  typing("news read", "article", "harbour"),
		"a saved article":     pressed(discord.EncodeID(render.KindSave, "1")),
		"a thumb":             pressed(discord.EncodeID(render.KindUp, "1")),
		"a channel set right": slash("digest create", "schedule", "daily 08:00"),
	} {
		g.log.Reset()
		if _, err := g.router.Serve(t.Context(), r); err == nil {
			t.Errorf("%s: no error of a closed database", name)
			continue
		}
		_, logged, found := strings.Cut(g.log.String(), "err=")
		if !found {
			t.Errorf("%s: nothing logged: %s", name, g.log)
		}
		logged, _, _ = strings.Cut(strings.Trim(logged, `"\n`), `"`)
		last := ""
		for part := range strings.SplitSeq(logged, ": ") {
			if part == last {
				t.Errorf("%s: %q twice in %q", name, part, logged)
			}
			last = part
		}
	}
}
