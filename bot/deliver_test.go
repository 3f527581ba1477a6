package bot_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet/bot/discordsim"
)

// Whoever deletes a post of a forum wants that post away and not the paper.
func TestPostThatIsDeletedHalfWayDoesNotCloseItsForum(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		forum := w.sim.AddChannel(w.guild, "papers", discordsim.KindForum)
		post := w.paper("harbour.example", "Harbour Post")
		post.publish("first", "News of the first", "the first")
		w.slash("digest create", map[string]any{"schedule": "daily 08:00", "channel": forum, "cards": 15, "name": "The Long"})
		w.slash("feeds add", map[string]any{"url": post.url(), "channel": forum})
		for _, name := range []string{"anchor", "buoy", "cable", "dredger", "engine", "ferry", "galley", "hawser", "ketch", "lugger", "mast", "oar", "pump", "quay"} {
			post.publish(name, "News of the "+name, "the "+name)
		}
		w.sim.Fail(sends, http.StatusServiceUnavailable, discordsim.Forever) // the second message has to wait
		w.until(eight.Add(time.Minute))
		posts := w.sim.Threads(forum)
		if len(posts) != 1 {
			w.t.Fatalf("%d posts in the forum, want one", len(posts))
		}
		w.pending(1)
		w.sim.DeleteChannel(posts[0])
		w.sim.ClearFaults()
		w.pass(10 * time.Minute)
		w.pending(0)
		post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
		w.until(eight.Add(24*time.Hour + 10*time.Minute))
		if posts = w.sim.Threads(forum); len(posts) != 1 {
			w.t.Fatalf("%d posts in the forum on the next day, want one", len(posts))
		}
	})
}

// A forum may take posts with tags alone, which the bot does not give.
func TestForumThatDemandsTagsHoldsItsPosts(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		forum := w.sim.AddChannel(w.guild, "papers", discordsim.KindForum)
		post := w.paper("harbour.example", "Harbour Post")
		post.publish("bridge", "Bridge closes for two years", "the harbour bridge")
		w.slash("feeds add", map[string]any{"url": post.url(), "channel": forum})
		w.sim.FailCode("POST /channels/*/threads", http.StatusBadRequest, 40067, discordsim.Forever)
		w.until(eight.Add(2 * time.Hour))
		w.pending(1)
		if told := w.direct(); len(told) != 1 || !strings.Contains(told[0], "tags") {
			w.t.Errorf("the admin was told %d times, want once, of the tags:\n%s", len(told), strings.Join(told, "\n---\n"))
		}
		w.sim.ClearFaults()
		w.pass(20 * time.Minute)
		w.pending(0)
		if n := len(w.sim.Threads(forum)); n != 1 {
			w.t.Errorf("%d posts in the forum, want one", n)
		}
	})
}

// Discord may refuse for a reason that no permission shows: the bot is timed
// out, a thread is locked. The channel is tried again every now and then, and
// the admin has heard of it.
func TestRefusalThatNoPermissionExplainsIsToldOnce(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		refuse := func() {
			w.sim.FailCode(fmt.Sprintf("POST /channels/%d/messages", w.channel), http.StatusForbidden, 50013, discordsim.Forever)
		}
		refuse()
		w.until(eight.Add(6 * time.Hour))
		w.wantPosts(0)
		if told := w.direct(); len(told) != 1 || !strings.Contains(told[0], "timed out") {
			w.t.Errorf("the admin was told %d times in six hours, want once, of what it may be:\n%s", len(told), strings.Join(told, "\n---\n"))
		}
		w.sim.ClearFaults()
		w.pass(20 * time.Minute)
		w.wantPosts(1)
		// What comes after a post that was accepted is another matter.
		refuse()
		post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
		w.until(eight.Add(30 * time.Hour))
		if told := w.direct(); len(told) != 2 {
			w.t.Errorf("the admin was told %d times, want once more for the second refusal", len(told))
		}
	})
}

// Reading the channel back, page by page, must come to an end where members
// have written thousands of messages since the first attempt.
func TestBusyChannelIsReadBackToItsEnd(t *testing.T) {
	t.Parallel()
	for name, accepted := range map[string]bool{"the first attempt was accepted": true, "it was not": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTown(t, func(w *town) {
				w.harbourPost()
				if accepted {
					w.until(eight.Add(-time.Second))
					w.sim.DropAnswer(sends, 1)
				} else {
					w.sim.Fail(sends, http.StatusServiceUnavailable, 1)
				}
				w.until(eight.Add(500 * time.Millisecond))
				w.stop()
				for range 5000 {
					w.sim.PostAs(w.member, w.channel, "chatter")
					time.Sleep(time.Second)
				}
				w.start()
				w.pass(20 * time.Minute)
				w.pending(0)
				if n := w.messages("Bridge closes for two years"); n != 1 {
					w.t.Errorf("the digest stands in %d messages, want one", n)
				}
			})
		})
	}
}
