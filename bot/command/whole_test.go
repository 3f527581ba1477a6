package command_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet/bot/discordsim"
)

func TestAFeedIsAddedListedRemovedAndRestored(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		w.papers.feed("post.example", "Harbour Post", 6)
		added := w.slash(w.admin, "feeds add", "url", "post.example/feed.xml")
		wantText(t, added.text, "“Harbour Post” is now read", "daily 08:00", "News of", "Last five")
		answered := w.press(w.admin, added, "backlog")
		wantText(t, answered.text, "only what is new")
		wantText(t, w.slash(w.admin, "feeds list").text, "1 feed", "Harbour Post", "✓ read")
		choices, err := w.sim.Autocomplete(w.t.Context(), w.admin, w.channel, "feeds remove", options("feed", "har"), "feed")
		if err != nil || len(choices) != 1 || choices[0].Name != "Harbour Post · #news" {
			t.Fatalf("choices %+v, %v", choices, err)
		}
		removed := w.slash(w.admin, "feeds remove", "feed", choices[0].Value)
		wantText(t, removed.text, "no longer read")
		wantText(t, w.press(w.admin, removed, "undo").text, "is read for", "again")
		wantText(t, w.slash(w.admin, "feeds pause", "feed", "Harbour Post").text, "paused", "/feeds resume")
		wantText(t, w.slash(w.admin, "feeds resume", "feed", "Harbour Post").text, "again")
		w.pass(time.Until(dawn.Add(3 * time.Hour)))
		if posts := w.posts(); len(posts) != 0 {
			t.Errorf("posted what the admin did not want:\n%s", posts[0].text)
		}
	})
}

func TestASiteWithSeveralFeedsAsksWhich(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		w.papers.feed("post.example", "Harbour Post", 2)
		w.papers.feed("comments.example", "Comments", 2)
		w.papers.serve("site.example", func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(rw, `<!doctype html><html><head><title>Site</title>`+
				`<link rel=alternate type="application/rss+xml" title="Harbour Post" href="https://post.example/feed.xml">`+
				`<link rel=alternate type="application/rss+xml" title="Comments" href="https://comments.example/feed.xml"></head><body><p>Hello.</p></body></html>`)
		})
		asked := w.slash(w.admin, "feeds add", "url", "https://site.example", "title", "My paper")
		wantText(t, asked.text, "Harbour Post", "Comments", "Choose a feed")
		wantText(t, w.choose(w.admin, asked, "choose", 0).text, "“My paper” is now read")
		wantText(t, w.slash(w.admin, "feeds list").text, "1 feed", "My paper")
	})
}

func TestAddressesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		w.papers.serve("page.example", func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" && r.URL.Path != "/pdf" {
				http.NotFound(rw, r)
				return
			}
			if r.URL.Path == "/pdf" {
				rw.Header().Set("Content-Type", "application/pdf")
				_, _ = io.WriteString(rw, "%PDF-1.7\x00\x01")
				return
			}
			rw.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(rw, "<!doctype html><html><head></head><body></body></html>")
		})
		for _, c := range []struct{ command, url, want string }{
			{"feeds add", "https://page.example/", "I found no feed at"},
			{"feeds add", "https://nowhere.example/", "cannot be reached"},
			{"feeds add", "javascript:alert(1)", "is not a web address"},
			{"news summary", "https://page.example/", "no article text"},
			{"news summary", "https://page.example/pdf", "no article text"},
			{"news summary", "https://page.example/gone", "nothing at its address"},
			{"news summary", "nonsense", "is not a web address"},
		} {
			text := w.slash(w.admin, c.command, "url", c.url).text
			wantText(t, text, c.want)
			lacksText(t, text, "Something went wrong")
		}
	})
}

func TestEverythingUnderADigestCanBePressed(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		w.cfg.Digest.Cards, w.cfg.Digest.Lines = 2, 1
		w.restart()
		digest := w.digest(5)
		before := digest.text
		read := w.choose(w.member, digest, "read", 0)
		wantText(t, read.text, "News of", "Every sentence is the author’s own")
		wantText(t, w.press(w.member, read, "save").text, "🔖 Saved")
		wantText(t, w.press(w.member, read, "up").text, "👍 Noted")
		wantText(t, w.press(w.member, read, "down").text, "👎 Noted")
		for kind, pick := range map[string]string{"dsave": "psave", "dup": "pup", "ddown": "pdown"} {
			question := w.press(w.member, digest, kind)
			wantText(t, w.choose(w.member, question, pick, 1).text, "News of")
		}
		page := w.press(w.member, digest, "dpage")
		wantText(t, page.text, "Morning edition · Monday 12 January", "News of")
		wantText(t, w.choose(w.member, page, "read", 0).text, "author’s own")
		posts := w.posts()
		if len(posts) != 1 || posts[0].text != before {
			t.Errorf("pressing changed the channel: %d messages:\n%s", len(posts), posts[0].text)
		}
	})
}

func TestButtonsOfOldMessagesWorkAfterARestart(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		digest := w.digest(12)
		found := w.slash(w.member, "news search", "query", "harbourmasters watch")
		wantText(t, found.text, "Page 1 of 3")
		list := w.slash(w.member, "news latest")
		read := w.choose(w.member, digest, "read", 1)
		removed := w.slash(w.admin, "feeds remove", "feed", "Harbour Post")
		w.restart()
		wantText(t, w.press(w.admin, removed, "undo").text, "again")
		wantText(t, w.press(w.member, found, "search").text, "Page 2 of 3", "harbourmasters watch")
		wantText(t, w.press(w.member, list, "latest").text, "Page 2 of 3")
		wantText(t, w.press(w.member, read, "save").text, "Saved")
		wantText(t, w.choose(w.member, w.press(w.member, digest, "dsave"), "psave", 0).text, "Saved")
		wantText(t, w.slash(w.member, "news saved").text, "News of")
	})
}

func TestShareIsPostedForEveryoneOnce(t *testing.T) {
	t.Parallel()
	inTown(t, "de", func(w *town) {
		w.digest(3)
		mine := w.slash(w.member, "news read", "article", "News of buoys")
		r, err := w.sim.Press(w.t.Context(), w.member, mine.id, w.id(mine, "share"))
		if err != nil || r.Ephemeral {
			t.Fatalf("share: %+v, %v", r, err)
		}
		posts := w.posts()
		if len(posts) != 2 {
			t.Fatalf("%d messages, want the digest and what was shared", len(posts))
		}
		wantText(t, posts[1].text, "News of buoys", "Mel")
		if len(posts[1].ids) != 0 {
			t.Errorf("what was shared has buttons: %q", posts[1].ids)
		}
	})
}

func TestADigestIsCreatedPreviewedRunAndRemoved(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		w.papers.feed("post.example", "Harbour Post", 4)
		created := w.slash(w.admin, "digest create", "schedule", "weekdays 07:30", "timezone", "Europe/Berlin", "name", "The Anchor", "length", "line", "cards", 2)
		wantText(t, created.text, "“The Anchor” will appear", "weekdays 07:30 (Europe/Berlin)", "13 January")
		lacksText(t, w.slash(w.admin, "feeds add", "url", "https://post.example/feed.xml").text, "daily 08:00")
		for i := range 2 { // a preview changes nothing, so that a second shows the same
			preview := w.slash(w.admin, "digest preview", "digest", "the anchor")
			wantText(t, preview.text, "A preview", "The Anchor", "News of")
			if len(preview.ids) != 0 || len(w.posts()) != 0 {
				t.Fatalf("preview %d has %q to press and posted %d messages", i+1, preview.ids, len(w.posts()))
			}
		}
		wantText(t, w.slash(w.admin, "digest run", "digest", "The Anchor").text, "is being printed")
		w.pass(10 * time.Second)
		posts := w.posts()
		if len(posts) != 1 {
			t.Fatalf("%d messages", len(posts))
		}
		wantText(t, posts[0].text, "The Anchor", "4 stories")
		wantText(t, w.slash(w.admin, "digest run", "digest", "The Anchor").text, "Nothing new")
		wantText(t, w.slash(w.member, "news why", "article", "News of buoys").text, "Printed in", "discord.com/channels/")
		wantText(t, w.slash(w.admin, "digest list").text, "1 digest", "Last sent")
		wantText(t, w.slash(w.admin, "digest remove", "digest", "The Anchor").text, "removed")
		wantText(t, w.slash(w.admin, "digest list").text, "No digest here yet")
	})
}

func TestASummaryOfALinkAndItsPlace(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		w.papers.feed("post.example", "Harbour Post", 1)
		text := w.slash(w.member, "news summary", "url", "https://post.example/cables").text
		wantText(t, text, "News of cables", "The cables", "post.example")
		lacksText(t, text, "Imprint", "Home")
	})
}

func TestASummaryHasTheLengthAskedFor(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		w.digest(3)
		for _, tt := range []struct {
			length      any
			least, most int // sentences
		}{{"line", 1, 1}, {"short", 2, 4}, {"long", 5, 5}, {nil, 5, 5}} {
			read, link := options("article", "News of cables"), options("url", "https://post.example/cables")
			if tt.length != nil {
				read["length"], link["length"] = tt.length, tt.length
			}
			for command, o := range map[string]map[string]any{"news read": read, "news summary": link} {
				r, err := w.sim.Slash(w.t.Context(), w.member, w.channel, command, o)
				if err != nil {
					t.Fatal(err)
				}
				text := w.read(r.MessageID, r.Message).text
				if n := strings.Count(text, "The cables "); n < tt.least || n > tt.most {
					t.Errorf("/%s of length %v: %d sentences, want %d to %d:\n%s", command, tt.length, n, tt.least, tt.most, text)
				}
			}
		}
	})
}

func TestASlowPageIsWaitedForInPrivate(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		w.papers.serve("slow.example", func(rw http.ResponseWriter, _ *http.Request) {
			time.Sleep(6 * time.Second)
			w.papers.page(rw, "lamps")
		})
		r, err := w.sim.Slash(w.t.Context(), w.member, w.channel, "news summary", options("url", "https://slow.example/lamps"))
		if err != nil || !r.Deferred || !r.Ephemeral {
			t.Fatalf("response %+v, %v", r, err)
		}
		wantText(t, w.read(r.MessageID, r.Message).text, "News of lamps")
	})
}

func TestWhatIsSharedIsPublicHoweverSlowItsPage(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		w.papers.serve("slow.example", func(rw http.ResponseWriter, _ *http.Request) {
			time.Sleep(6 * time.Second)
			w.papers.page(rw, "lamps")
		})
		mine := w.slash(w.member, "news summary", "url", "https://slow.example/lamps")
		if _, err := w.sim.Press(w.t.Context(), w.member, mine.id, w.id(mine, "share")); err != nil {
			w.t.Fatal(err)
		}
		w.pass(time.Second)
		posts := w.posts()
		if len(posts) != 1 {
			w.t.Fatalf("%d messages that everybody sees, want one", len(posts))
		}
		wantText(t, posts[0].text, "News of lamps", "Shared by Mel")
	})
}

func TestMembersAreRefusedInTheirLanguage(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string][]string{
		"de": {"Server verwalten", "Feed"}, "ja": {"サーバー", "フィード"},
	} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			inTown(t, locale, func(w *town) {
				r, err := w.sim.SlashUnchecked(w.t.Context(), w.member, w.channel, "feeds list", nil)
				wantText(t, w.answered(r, err).text, want[0])
				w.papers.feed("post.example", "Harbour Post", 3)
				text := w.slash(w.admin, "feeds add", "url", "https://post.example/feed.xml").text
				lacksText(t, text, "is now read", "newest article")
				wantText(t, w.slash(w.admin, "feeds remove", "feed", "nothing").text, want[1])
				wantText(t, w.slash(w.member, "help").text, "/")
				lacksText(t, w.slash(w.member, "news latest").text, "Latest articles")
			})
		})
	}
}

func TestAMissingPermissionIsToldBeforeAnythingIsDone(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		w.papers.feed("post.example", "Harbour Post", 1)
		w.sim.SetPermissions(w.channel, discordsim.InvitePermissions&^discordsim.SendMessages)
		text := w.slash(w.admin, "feeds add", "url", "https://post.example/feed.xml").text
		wantText(t, text, "I lack the permission “Send Messages”", "Channel settings")
		wantText(t, w.slash(w.admin, "feeds list").text, "No feeds here yet")
	})
}

func TestSuggestionsArriveAtOnce(t *testing.T) {
	t.Parallel()
	inTown(t, "en-US", func(w *town) {
		w.digest(12)
		for _, c := range []struct{ command, option, typed string }{
			{"news read", "article", "News"}, {"news why", "article", ""}, {"news latest", "feed", "h"}, {"news search", "feed", ""},
			{"feeds pause", "feed", ""}, {"digest run", "digest", "ne"}, {"digest create", "schedule", "da"}, {"digest create", "timezone", "tok"},
		} {
			pairs := options(c.option, c.typed)
			if c.command == "news search" {
				pairs["query"] = "x"
			}
			begun := time.Now()
			choices, err := w.sim.Autocomplete(w.t.Context(), w.member, w.channel, c.command, pairs, c.option)
			if strings.HasPrefix(c.command, "feeds") || strings.HasPrefix(c.command, "digest") {
				choices, err = w.sim.Autocomplete(w.t.Context(), w.admin, w.channel, c.command, pairs, c.option)
			}
			if err != nil || len(choices) == 0 || len(choices) > 25 || time.Since(begun) > 100*time.Millisecond {
				t.Errorf("/%s %s %q: %d choices after %s, %v", c.command, c.option, c.typed, len(choices), time.Since(begun), err)
			}
		}
	})
}
