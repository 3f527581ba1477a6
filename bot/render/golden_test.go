package render

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/discord"
)

var update = flag.Bool("update", false, "write the golden files anew")

// goldens are everything this package lays out, by file name, for a reader of
// one language.
func goldens(locale string) map[string][]discord.Message {
	r, p := reader(locale), paper(locale)
	big := p
	big.Edition = bigEdition()
	named := p
	named.Title, named.Role, named.Color = "The *Port* Letter", 99, 0xAA3355
	one := func(m discord.Message) []discord.Message { return []discord.Message{m} }
	return map[string][]discord.Message{
		"digest":         Digest(p),
		"digest-big":     Digest(big),
		"digest-named":   Digest(named),
		"digest-hostile": Digest(hostilePaper(locale)),
		"empty":          one(Empty(p)),
		"page":           one(Page(big, 1)),
		"pick":           one(PickArticle(r, KindPickSave, p.Edition)),
		"card":           one(Card(r, p.Edition.Cards[0])),
		"folded":         Folded(r, big.Edition.All()),
		"article":        one(ArticleReply(r, bridge())),
		"article-thin":   one(ArticleReply(r, Text{Article: p.Edition.Cards[1].Lead, Saved: true})),
		"article-page":   one(ArticleReply(r, strangePage())),
		"search":         one(Search(r, results())),
		"search-none":    one(Search(r, Results{Query: "<@1> *x*"})),
		"latest":         one(Latest(r, listing())),
		"latest-none":    one(Latest(r, Listing{})),
		"saved":          one(Saved(r, Listing{Articles: listing().Articles, Total: 3})),
		"feeds":          one(FeedList(r, feedRows(), 0, 0)),
		"feeds-none":     one(FeedList(r, nil, 0, 0)),
		"digests":        one(DigestList(r, digestRows(), 0, 0)),
		"digest-created": one(DigestCreated(r, digestRows()[0])),
		"added":          one(FeedAdded(r, added())),
		"added-empty":    one(FeedAdded(r, Added{SubscriptionID: 7, Title: "Quiet", ChannelID: 70})),
		"choose":         one(ChooseFeed(r, "https://harbour.example", 70, "digest", candidates())),
		"removed":        one(Removed(r, "Harbour Post", 70, "7", "70")),
		"notice-failing": one(Feed(r, unwell()[0])),
		"notice-ended":   one(Feed(r, unwell()[1])),
		"notice-paused":  one(Feed(r, unwell()[2])),
		"notice-silent":  one(Feed(r, unwell()[3])),
		"notice-several": one(Feeds(r, "Harbour Town", slices.Repeat(unwell(), 3))),
		"health":         one(FeedHealth(r, slices.Repeat(unwell(), 2), 12, 0)),
		"health-well":    one(FeedHealth(r, nil, 12, 0)),
		"info":           one(FeedInfo(r, details())),
		"permissions":    one(Permissions(r, 70, []discord.Permission{discord.SendMessages, discord.EmbedLinks})),
		"refused":        one(Permissions(r, 70, nil)),
		"help":           one(Help(r, true)),
	}
}

// TestGoldenFiles compares each layout with a file that shows it twice: as a
// terminal shows it and as Discord is sent it.
func TestGoldenFiles(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en-US", "de", "ja"} {
		for name, messages := range goldens(locale) {
			t.Run(locale+"/"+name, func(t *testing.T) {
				t.Parallel()
				var b strings.Builder
				b.WriteString(PlainText(messages))
				for _, m := range messages {
					wire, err := json.MarshalIndent(m, "", " ")
					if err != nil {
						t.Fatal(err)
					}
					readable := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(wire))
					b.WriteString("\n" + readable + "\n")
				}
				compare(t, filepath.Join("testdata", locale, name+".golden"), b.String())
			})
		}
	}
}

// compare holds got against a file, or writes it with -update.
func compare(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
