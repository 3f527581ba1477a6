package bot_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet/bot/discordsim"
	"broadsheet/config"
)

const sends = "POST /channels/*/messages"

// london is eight o'clock on the story's Monday, when the first digest is due.
var eight = monday.Add(2 * time.Hour)

func TestFirstDigestComesAtEightWithWhatIsNew(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.paper("harbour.example", "Harbour Post")
		post.publish("bridge", "Bridge closes for two years", "the harbour bridge")
		post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
		answer := w.slash("feeds add", map[string]any{"url": post.url()})
		if !strings.Contains(answer, "daily 08:00") {
			w.t.Errorf("the first feed of a channel says nothing of the digest it created:\n%s", answer)
		}
		w.until(eight.Add(-time.Minute))
		w.wantPosts(0)
		w.until(eight.Add(time.Minute))
		digest := w.wantPosts(1)[0]
		for _, want := range []string{"Bridge closes for two years", "Lighthouse gets a new lamp", "Harbour Post"} {
			if !strings.Contains(digest, want) {
				w.t.Errorf("digest lacks %q:\n%s", want, digest)
			}
		}
	})
}

func TestFirstDigestHoldsAtMostFiveOldArticlesOfTheLastWeek(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.paper("harbour.example", "Harbour Post")
		old := item{id: "ancient", title: "An ancient matter", text: story("the old well"), at: monday.Add(-30 * 24 * time.Hour)}
		post.items = append(post.items, old)
		for _, name := range []string{"anchor", "buoy", "cable", "dredger", "engine", "ferry", "galley"} {
			post.publish(name, "News of the "+name, "the "+name)
			w.pass(time.Minute)
		}
		w.follow(post)
		w.until(eight.Add(time.Minute))
		w.wantPosts(1)
		if n := w.count("News of the"); n < 5 {
			w.t.Errorf("%d of the newest articles named, want the five newest", n)
		}
		for _, gone := range []string{"An ancient matter", "News of the anchor", "News of the buoy"} {
			if w.count(gone) > 0 {
				w.t.Errorf("the first digest holds %q", gone)
			}
		}
	})
}

func TestQuietDayPrintsNothing(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		w.until(eight.Add(time.Minute))
		w.wantPosts(1)
		w.until(eight.Add(25 * time.Hour))
		w.wantPosts(1)
		w.skip(22 * time.Hour)
		w.until(eight.Add(49 * time.Hour))
		w.wantPosts(1)
		post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
		w.skip(22 * time.Hour)
		w.until(eight.Add(73 * time.Hour))
		w.wantPosts(2)
		if n := w.count("Bridge closes for two years"); n == 0 || strings.Contains(w.posts()[1], "Bridge closes") {
			w.t.Errorf("the bridge was printed again")
		}
	})
}

func TestCrashBetweenEnqueueAndSendLosesNothing(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		w.harbourPost()
		w.sim.Fail(sends, http.StatusServiceUnavailable, discordsim.Forever)
		w.until(eight.Add(10 * time.Second))
		w.wantPosts(0)
		w.stop()
		w.sim.ClearFaults()
		w.start()
		w.pass(3 * time.Minute)
		w.wantPosts(1)
	})
}

func TestSendAcceptedBeforeItsAnswerWasLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*discordsim.Sim){
		"a 502 in place of the answer": func(s *discordsim.Sim) { s.FailAccepted(sends, http.StatusBadGateway, 1) },
		"a connection that broke":      func(s *discordsim.Sim) { s.DropAnswer(sends, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTown(t, func(w *town) {
				w.harbourPost()
				lose(w.sim)
				w.until(eight.Add(5 * time.Minute))
				w.wantPosts(1)
				if n := w.sends(); n != 2 {
					w.t.Errorf("%d sends, want a second with the same nonce", n)
				}
				w.pending(0)
			})
		})
	}
}

func TestSendRepeatedAfterTheNonceIsForgottenReadsTheChannelBack(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		w.harbourPost()
		w.sim.DropAnswer(sends, 1)
		w.until(eight.Add(500 * time.Millisecond))
		w.stop()
		w.wantPosts(1)
		w.pass(10 * time.Minute)
		w.start()
		w.pass(5 * time.Minute)
		w.wantPosts(1)
		if n := w.sends(); n != 1 {
			w.t.Errorf("%d sends, want the first alone: the channel's history answers the rest", n)
		}
		w.pending(0)
	})
}

func TestGlobalRateLimitDelaysButLosesNothing(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		w.harbourPost()
		w.sim.RateLimit(sends, discordsim.LimitGlobal, 90*time.Second, 1)
		w.until(eight.Add(80 * time.Second))
		w.wantPosts(0)
		w.until(eight.Add(6 * time.Minute))
		w.wantPosts(1)
	})
}

func TestSixHoursOfOutageEndInOneDigestOfEachPending(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.paper("harbour.example", "Harbour Post")
		post.publish("bridge", "Bridge closes for two years", "the harbour bridge")
		w.slash("digest create", map[string]any{"schedule": "every 1h"})
		w.follow(post)
		w.until(monday.Add(30 * time.Minute))
		w.sim.Outage(true)
		for i, name := range []string{"anchor", "buoy", "cable", "dredger", "engine", "ferry"} {
			w.until(monday.Add(time.Duration(i)*time.Hour + 45*time.Minute))
			post.publish(name, "News of the "+name, "the "+name)
		}
		w.until(monday.Add(6*time.Hour + 30*time.Minute))
		w.wantPosts(0)
		w.sim.Outage(false)
		w.until(monday.Add(9 * time.Hour))
		w.wantPosts(2)
		for _, name := range []string{"anchor", "buoy", "cable", "dredger", "engine", "ferry"} {
			if n := w.count("News of the " + name); n == 0 {
				w.t.Errorf("%s was lost", name)
			}
		}
	})
}

func TestNonAdminIsRefused(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.paper("harbour.example", "Harbour Post")
		_, err := w.sim.Slash(w.t.Context(), w.member, w.channel, "feeds add", map[string]any{"url": post.url()})
		if !errors.Is(err, discordsim.ErrForbidden) {
			w.t.Errorf("Discord offers /feeds add to members: %v", err)
		}
		r, err := w.sim.SlashUnchecked(w.t.Context(), w.member, w.channel, "feeds add", map[string]any{"url": post.url()})
		if err != nil {
			w.t.Fatal(err)
		}
		if answer := texts(w.t, r.Message); !strings.Contains(answer, "Manage Server") {
			w.t.Errorf("a member who slipped through got:\n%s", answer)
		}
		if n := w.web.requests(post.url()); n != 0 {
			w.t.Errorf("the feed was visited %d times for somebody who may not add it", n)
		}
	})
}

func TestDeletedChannelStopsItsDeliveries(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		w.harbourPost()
		w.sim.DeleteChannel(w.channel)
		w.until(eight.Add(5 * time.Minute))
		if n := w.sends(); n != 0 {
			w.t.Errorf("%d sends to a channel that was deleted", n)
		}
		w.pending(0)
	})
}

func TestRemovedServerStopsItsDeliveries(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		w.harbourPost()
		w.stop()
		w.sim.RemoveGuild(w.guild)
		w.start()
		w.until(eight.Add(5 * time.Minute))
		if n := w.sends(); n != 0 {
			w.t.Errorf("%d sends to a server that removed the bot", n)
		}
		w.pending(0)
	})
}

func TestShutdownInMidDeliveryNeitherLosesNorRepeats(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		w.harbourPost()
		w.sim.Delay(sends, 3*time.Second, 1)
		w.until(eight.Add(time.Second))
		w.stop()
		w.start()
		w.pass(5 * time.Minute)
		w.wantPosts(1)
		w.pending(0)
	})
}

func TestGatewayThatDropsIsResumed(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.paper("harbour.example", "Harbour Post")
		post.publish("bridge", "Bridge closes for two years", "the harbour bridge")
		w.sim.CutGateway()
		w.pass(time.Minute)
		w.follow(post)
		w.until(eight.Add(time.Minute))
		w.wantPosts(1)
	})
}

func TestFeedsThatMoveEndOrTurnIntoPages(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		for host, answer := range map[string]http.Handler{
			"moved.example": http.RedirectHandler("https://new.example/feed.xml", http.StatusMovedPermanently),
			"ended.example": http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusGone) }),
			"page.example": http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
				rw.Header().Set("Content-Type", "text/html")
				_, _ = rw.Write([]byte("<!doctype html><html><head><title>Parked</title></head><body><p>For sale.</p></body></html>"))
			}),
		} {
			f := w.paper(host, "Paper at "+host)
			f.publish("one", "First of "+host, "the first at "+host)
			w.follow(f)
			f.instead(answer)
		}
		moved := w.paper("new.example", "Paper at moved.example")
		moved.publish("one", "First of moved.example", "the first at moved.example")
		moved.publish("two", "Second of moved.example", "the second at the new address")
		w.until(eight.Add(time.Hour))
		w.skip(22 * time.Hour)
		w.until(eight.Add(26 * time.Hour))
		if w.count("Second of moved.example") == 0 {
			w.t.Errorf("the moved feed was not followed:\n%s", strings.Join(w.posts(), "\n"))
		}
		visits := w.web.requests("https://ended.example/feed.xml")
		w.skips(2, day)
		if n := w.web.requests("https://ended.example/feed.xml"); n != visits {
			w.t.Errorf("a feed that has ended was visited %d more times", n-visits)
		}
		list := w.slash("feeds list", nil)
		for _, want := range []string{"ended by its publisher", "web page where a feed should be"} {
			if !strings.Contains(list, want) {
				w.t.Errorf("/feeds list does not say %q:\n%s", want, list)
			}
		}
		if n := len(w.posts()); n > 2 {
			w.t.Errorf("%d messages, failures do not belong in the channel", n)
		}
	})
}

func TestHostThatHangsDelaysNobody(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		slow := w.paper("slow.example", "The Slow")
		slow.publish("one", "First of the slow", "the slow boat")
		w.follow(slow)
		post := w.harbourPost()
		slow.instead(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		w.until(eight.Add(-time.Minute))
		post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
		w.until(eight.Add(24*time.Hour + time.Minute))
		if w.count("Lighthouse gets a new lamp") == 0 {
			w.t.Errorf("the healthy paper was not read:\n%s", strings.Join(w.posts(), "\n"))
		}
	})
}

func TestPanicInAVisitEndsNothing(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		bad := w.paper("bad.example", "The Bad")
		bad.publish("one", "First of the bad", "the bad boat")
		w.follow(bad)
		post := w.harbourPost()
		w.web.panics("bad.example")
		w.until(eight.Add(time.Minute))
		post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
		w.until(eight.Add(24*time.Hour + time.Minute))
		if w.count("Lighthouse gets a new lamp") == 0 {
			w.t.Errorf("the program stopped reading:\n%s", strings.Join(w.posts(), "\n"))
		}
		if n := w.web.requests(bad.url()); n < 2 {
			w.t.Errorf("the panicking feed was visited %d times after its first", n)
		}
	})
}

func TestNightsOfClockChangePrintOneDigest(t *testing.T) {
	t.Parallel()
	for name, night := range map[string]struct {
		begin, want time.Time
	}{
		"spring, when half past two does not exist": {
			begin: time.Date(2026, time.March, 28, 12, 0, 0, 0, time.UTC), want: time.Date(2026, time.March, 29, 1, 0, 0, 0, time.UTC),
		},
		"autumn, when half past two comes twice": {
			begin: time.Date(2026, time.October, 24, 12, 0, 0, 0, time.UTC), want: time.Date(2026, time.October, 25, 0, 30, 0, 0, time.UTC),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTownAt(t, night.begin, func(w *town) {
				post := w.paper("harbour.example", "Harbour Post")
				post.publish("bridge", "Bridge closes for two years", "the harbour bridge")
				w.slash("digest create", map[string]any{"schedule": "daily 02:30", "timezone": "Europe/Berlin"})
				w.follow(post)
				w.until(night.want.Add(-time.Second))
				w.wantPosts(0)
				w.until(night.want.Add(time.Minute))
				w.wantPosts(1)
				post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
				w.until(night.want.Add(12 * time.Hour))
				w.wantPosts(1)
				w.until(night.want.Add(26 * time.Hour))
				w.wantPosts(2)
			})
		})
	}
}

func TestDowntimeMakesOneLongerDigestAndNotSeveral(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.harbourPost()
		w.until(eight.Add(time.Minute))
		w.wantPosts(1)
		w.stop()
		for _, name := range []string{"anchor", "buoy", "cable"} {
			w.pass(24 * time.Hour)
			post.publish(name, "News of the "+name, "the "+name)
		}
		w.start()
		w.pass(10 * time.Minute)
		w.wantPosts(2)
		for _, name := range []string{"anchor", "buoy", "cable"} {
			if w.count("News of the "+name) == 0 {
				w.t.Errorf("%s was lost", name)
			}
		}
	})
}

func TestTeasersAreCompletedFromTheirPages(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		tern := w.paper("tern.example", "The Tern")
		tern.teaser("vaccine", "Vaccine reaches the islands", "the island vaccine")
		w.follow(tern)
		w.until(eight.Add(time.Minute))
		w.wantPosts(1)
		if n := w.web.requests("https://tern.example/vaccine"); n != 1 {
			w.t.Errorf("the article's page was read %d times, want once", n)
		}
		told := 0
		for _, sentence := range sentences("the island vaccine") {
			told += w.count(sentence)
		}
		if told < 2 {
			w.t.Errorf("the card has %d sentences of the page's text:\n%s", told, w.posts()[0])
		}
		for _, junk := range []string{"cookies", "newsletter"} {
			if w.count(junk) > 0 {
				w.t.Errorf("the card holds the page's %s", junk)
			}
		}
	})
}

func TestInstantPostsFoldWhatIsOverTheHoursLimit(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.paper("harbour.example", "Harbour Post")
		post.publish("bridge", "Bridge closes for two years", "the harbour bridge")
		w.slash("feeds add", map[string]any{"url": post.url(), "mode": "instant"})
		w.pass(10 * time.Minute)
		for i := range 40 {
			name := string(rune('a'+i%26)) + string(rune('a'+i/26))
			post.publish("n-"+name, "News of ship "+name+".", "ship "+name)
		}
		w.pass(2 * time.Hour)
		for i := range 40 {
			name := string(rune('a'+i%26)) + string(rune('a'+i/26))
			if n := w.messages("News of ship " + name + "."); n != 1 {
				w.t.Errorf("ship %s stands in %d messages of the channel, want one", name, n)
			}
		}
		if w.count("more") == 0 {
			w.t.Errorf("nothing was folded")
		}
	})
}

func TestDeclaredFeedsAndDigestsAreReconciledAtStart(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		post := w.paper("harbour.example", "Harbour Post")
		post.publish("bridge", "Bridge closes for two years", "the harbour bridge")
		post.publish("advert", "Advert for a bridge", "the advert")
		w.stop()
		w.cfg.Feeds = []config.DeclaredFeed{{URL: post.url(), Channel: w.channel, Mode: "digest", Filters: []string{"drop title word advert"}}}
		w.cfg.Digests = []config.DeclaredDigest{{Name: "The Declared", Channel: w.channel, Schedule: "daily 07:00"}}
		w.start()
		w.until(monday.Add(time.Hour + time.Minute))
		digest := w.wantPosts(1)[0]
		if !strings.Contains(digest, "The Declared") || !strings.Contains(digest, "Bridge closes") {
			w.t.Errorf("the declared digest reads:\n%s", digest)
		}
		if strings.Contains(digest, "Advert") {
			w.t.Errorf("what the feed's filter drops was printed:\n%s", digest)
		}
		w.stop()
		w.cfg.Digests = nil
		w.start()
		post.publish("lamp", "Lighthouse gets a new lamp", "the lighthouse lamp")
		w.until(monday.Add(26 * time.Hour))
		// The declared digest is gone; its channel, which follows a declared
		// feed, has the usual one instead.
		usual := w.wantPosts(2)[1]
		if strings.Contains(usual, "The Declared") || !strings.Contains(usual, "Lighthouse gets a new lamp") {
			w.t.Errorf("after the digest was taken out of the file:\n%s", usual)
		}
	})
}

func TestForumGetsAPostForEachDigest(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		w.channel = w.sim.AddChannel(w.guild, "papers", discordsim.KindForum)
		lobby := w.sim.AddChannel(w.guild, "lobby", discordsim.KindText)
		post := w.paper("harbour.example", "Harbour Post")
		for _, name := range []string{"anchor", "buoy", "cable", "dredger", "engine"} {
			post.publish(name, "News of the "+name, "the "+name)
		}
		r, err := w.sim.Slash(w.t.Context(), w.admin, lobby, "feeds add", map[string]any{"url": post.url(), "channel": w.channel})
		if err != nil {
			w.t.Fatal(err)
		}
		if answer := texts(w.t, r.Message); !strings.Contains(answer, "daily 08:00") {
			w.t.Fatalf("/feeds add answered:\n%s", answer)
		}
		w.sim.DropAnswer("POST /channels/*/threads", 1)
		w.until(eight.Add(5 * time.Minute))
		posts := w.sim.Threads(w.channel)
		if len(posts) != 1 {
			w.t.Fatalf("%d posts in the forum, want one, also when the first answer was lost", len(posts))
		}
		w.channel = posts[0]
		if n := len(w.posts()); n == 0 {
			w.t.Fatal("the post is empty")
		}
		for _, name := range []string{"anchor", "buoy", "cable", "dredger", "engine"} {
			if w.count("News of the "+name) == 0 {
				w.t.Errorf("the post lacks %s:\n%s", name, strings.Join(w.posts(), "\n"))
			}
		}
		w.pending(0)
	})
}

func TestLongDigestContinuesInItsForumPost(t *testing.T) {
	t.Parallel()
	inTown(t, func(w *town) {
		forum := w.sim.AddChannel(w.guild, "papers", discordsim.KindForum)
		post := w.paper("harbour.example", "Harbour Post")
		post.publish("first", "News of the first", "the first")
		w.slash("digest create", map[string]any{"schedule": "daily 08:00", "channel": forum, "cards": 15, "name": "The Long"})
		w.slash("feeds add", map[string]any{"url": post.url(), "channel": forum})
		names := []string{"anchor", "buoy", "cable", "dredger", "engine", "ferry", "galley", "hawser", "ketch", "lugger", "mast", "oar", "pump", "quay"}
		for _, name := range names {
			post.publish(name, "News of the "+name, "the "+name)
		}
		w.until(eight.Add(5 * time.Minute))
		posts := w.sim.Threads(forum)
		if len(posts) != 1 {
			w.t.Fatalf("%d posts in the forum, want one", len(posts))
		}
		w.channel = posts[0]
		if n := len(w.posts()); n < 2 {
			w.t.Fatalf("%d messages in the post, want the digest to continue", n)
		}
		for _, name := range names {
			if w.count("News of the "+name) == 0 {
				w.t.Errorf("%s is missing", name)
			}
		}
		w.pending(0)
	})
}
