package discord

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot/discordsim"
)

func TestSendPostsOnceForOneNonce(t *testing.T) {
	withRig(t, func(r *rig) {
		m := words("the digest")
		first, err := r.client.Send(r.Context(), r.channel, m, "nonce-1")
		if err != nil {
			r.Fatal(err)
		}
		time.Sleep(time.Minute)
		again, err := r.client.Send(r.Context(), r.channel, m, "nonce-1")
		if err != nil || again != first {
			r.Errorf("the same nonce gave %d, %v, want %d", again, err, first)
		}
		other, err := r.client.Send(r.Context(), r.channel, m, "nonce-2")
		if err != nil || other == first || len(r.sim.Messages(r.channel)) != 2 {
			r.Errorf("another nonce gave %d, %v", other, err)
		}
	})
}

func TestSendSaysThatItMayHaveBeenAccepted(t *testing.T) {
	for name, fault := range map[string]func(s *discordsim.Sim){
		"after a lost answer": func(s *discordsim.Sim) { s.DropAnswer("POST /channels/*/messages", 1) },
		"after a 502":         func(s *discordsim.Sim) { s.Fail("POST /channels/*/messages", 502, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			withRig(t, func(r *rig) {
				fault(r.sim)
				_, err := r.client.Send(r.Context(), r.channel, words("x"), "n")
				var e *Error
				if !errors.As(err, &e) || !e.Maybe || !e.Temporary() {
					r.Fatalf("error %v, want a temporary one with Maybe", err)
				}
				if n := r.count("POST /channels/"); n != 1 {
					r.Errorf("%d requests, want 1: the outbox repeats", n)
				}
				if _, err := r.client.Send(r.Context(), r.channel, words("x"), "n"); err != nil {
					r.Fatal(err)
				}
				if n := len(r.sim.Messages(r.channel)); n != 1 {
					r.Errorf("%d messages in the channel", n)
				}
			})
		})
	}
}

func TestSendCountsADeletedMessageAsSent(t *testing.T) {
	withRig(t, func(r *rig) {
		id, err := r.client.Send(r.Context(), r.channel, words("x"), "n")
		if err != nil {
			r.Fatal(err)
		}
		r.sim.DeleteMessage(id)
		if again, err := r.client.Send(r.Context(), r.channel, words("x"), "n"); err != nil || again != 0 {
			r.Errorf("sent again: %d, %v, want 0 and no error", again, err)
		}
		if n := len(r.sim.Messages(r.channel)); n != 0 {
			r.Errorf("%d messages in the channel", n)
		}
	})
}

func TestFindReadsBackWhatTheNonceForgot(t *testing.T) {
	withRig(t, func(r *rig) {
		since := time.Now()
		for i := range 130 {
			r.sim.PostAs(r.member, r.channel, fmt.Sprint("chatter ", i))
		}
		r.sim.DropAnswer("POST /channels/*/messages", 1)
		if _, err := r.client.Send(r.Context(), r.channel, words("the digest"), "n1"); err == nil {
			r.Fatal("the answer was not lost")
		}
		for i := range 130 {
			r.sim.PostAs(r.member, r.channel, fmt.Sprint("more chatter ", i))
		}
		time.Sleep(10 * time.Minute)
		id, found, err := r.client.Find(r.Context(), r.channel, since, Mark("n1"))
		if err != nil || !found {
			r.Fatalf("found %v, %v", found, err)
		}
		if m, _ := r.sim.Message(id); !contains(m.JSON, "the digest") {
			r.Errorf("found another message: %s", m.JSON)
		}
		if _, found, err := r.client.Find(r.Context(), r.channel, since, Mark("n2")); err != nil || found {
			r.Errorf("a message never sent: found %v, %v", found, err)
		}
		if _, found, err := r.client.Find(r.Context(), r.channel, time.Now(), Mark("n1")); err != nil || found {
			r.Errorf("since now: found %v, %v", found, err)
		}
	})
}

func TestFindLooksIntoForums(t *testing.T) {
	withRig(t, func(r *rig) {
		forum := r.sim.AddChannel(r.guild, "papers", discordsim.KindForum)
		tag := r.sim.AddTag(forum, "digest", true)
		since := time.Now()
		m := words("the digest")
		m.SetMark(Mark("n1"))
		thread, message, err := r.client.StartPost(r.Context(), forum, strings.Repeat("Morning ", 20), []int64{tag}, m)
		if err != nil || thread == 0 || message == 0 {
			r.Fatalf("%d, %d, %v", thread, message, err)
		}
		id, found, err := r.client.Find(r.Context(), forum, since, Mark("n1"))
		if err != nil || !found || id != thread {
			r.Errorf("found %d %v %v, want %d", id, found, err, thread)
		}
		if _, found, err := r.client.Find(r.Context(), forum, since, Mark("n2")); err != nil || found {
			r.Errorf("a post never made: found %v, %v", found, err)
		}
		if _, err := r.client.Send(r.Context(), thread, words("part two"), "n2"); err != nil {
			r.Errorf("continue the post: %v", err)
		}
	})
}

func TestNobodyIsPinged(t *testing.T) {
	withRig(t, func(r *rig) {
		role := r.sim.AddRole(r.guild, "readers", true)
		other := r.sim.AddRole(r.guild, "others", true)
		text := fmt.Sprintf("@everyone @here <@%d> <@&%d> <@&%d>", r.member, role, other)
		if _, err := r.client.Send(r.Context(), r.channel, Message{Content: text}, ""); err != nil {
			r.Fatal(err)
		}
		if _, err := r.client.Send(r.Context(), r.channel, Message{Content: text, Roles: []int64{role}}, ""); err != nil {
			r.Fatal(err)
		}
		ms := r.sim.Messages(r.channel)
		if len(ms[0].Pings) != 0 || !slices.Equal(ms[1].Pings, []string{fmt.Sprint(role)}) {
			r.Errorf("pings %v and %v, want none and the role", ms[0].Pings, ms[1].Pings)
		}
	})
}

func TestFilesAreUploaded(t *testing.T) {
	withRig(t, func(r *rig) {
		m := Message{
			Components: []Component{Container(1, Section(Thumbnail("attachment://a.png", "a"), "x"))},
			Files:      []File{{Name: "a.png", ContentType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n")}},
		}
		if _, err := r.client.Send(r.Context(), r.channel, m, "n"); err != nil {
			r.Fatal(err)
		}
		files := r.sim.Messages(r.channel)[0].Files
		if len(files) != 1 || files[0].Name != "a.png" || string(files[0].Data) != string(m.Files[0].Data) {
			r.Errorf("files %+v", files)
		}
	})
}

func TestEditReplacesAndDeleteForgives(t *testing.T) {
	withRig(t, func(r *rig) {
		classic := Message{Content: "old", Embeds: []Embed{{Title: "old"}}, Components: []Component{Row(buttons(1)...)}}
		id, err := r.client.Send(r.Context(), r.channel, classic, "")
		if err != nil {
			r.Fatal(err)
		}
		if err := r.client.Edit(r.Context(), r.channel, id, Message{Content: "new"}); err != nil {
			r.Fatal(err)
		}
		if m, _ := r.sim.Message(id); m.Content != "new" || contains(m.JSON, "old") || contains(m.JSON, "custom_id") {
			r.Errorf("after the edit: %s", m.JSON)
		}
		v2, err := r.client.Send(r.Context(), r.channel, words("old"), "")
		if err != nil {
			r.Fatal(err)
		}
		if err := r.client.Edit(r.Context(), r.channel, v2, words("new")); err != nil {
			r.Fatal(err)
		}
		if m, _ := r.sim.Message(v2); contains(m.JSON, "old") || !contains(m.JSON, "new") {
			r.Errorf("after the edit: %s", m.JSON)
		}
		for range 2 {
			if err := r.client.Delete(r.Context(), r.channel, id); err != nil {
				r.Errorf("delete: %v", err)
			}
		}
		if err := r.client.Edit(r.Context(), r.channel, id, Message{Content: "x"}); !isCode(err, codeUnknownMessage) {
			r.Errorf("edit of a deleted message: %v", err)
		}
	})
}

func TestCrosspostLimitsGoToAQueue(t *testing.T) {
	withRig(t, func(r *rig) {
		news := r.sim.AddChannel(r.guild, "announcements", discordsim.KindAnnouncement)
		var last error
		start := time.Now()
		for range 12 {
			id, err := r.client.Send(r.Context(), news, words("x"), "")
			if err != nil {
				r.Fatal(err)
			}
			last = r.client.Crosspost(r.Context(), news, id)
		}
		var e *Error
		if !errors.As(last, &e) || e.RetryAfter < 10*time.Minute || !e.Temporary() {
			r.Errorf("the twelfth within an hour: %v, want a long RetryAfter", last)
		}
		if took := time.Since(start); took > time.Minute {
			r.Errorf("the calls waited %v", took)
		}
	})
}

func TestErrorsSayWhatToDo(t *testing.T) {
	for name, tt := range map[string]struct {
		breakIt                           func(r *rig)
		gone, forbidden, temporary, fatal bool
	}{
		"a deleted channel": {func(r *rig) { r.sim.DeleteChannel(r.channel) }, true, false, false, false},
		"no permission":     {func(r *rig) { r.sim.SetPermissions(r.channel, discordsim.ViewChannel) }, false, true, false, false},
		"no access":         {func(r *rig) { r.sim.SetPermissions(r.channel, 0) }, false, true, false, false},
		"an outage":         {func(r *rig) { r.sim.Outage(true) }, false, false, true, false},
		"a 500":             {func(r *rig) { r.sim.Fail("POST /channels/**", 500, 9) }, false, false, true, false},
		"a dead token":      {func(r *rig) { r.sim.FailCode("POST /channels/**", 401, 0, 1) }, false, false, false, true},
		"our own mistake":   {func(r *rig) { r.sim.FailCode("POST /channels/**", 400, 50035, 1) }, false, false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			withRig(t, func(r *rig) {
				tt.breakIt(r)
				_, err := r.client.Send(r.Context(), r.channel, Message{Content: "x"}, "n")
				var e *Error
				if !errors.As(err, &e) {
					r.Fatalf("error %v (%T)", err, err)
				}
				if e.Gone() != tt.gone || e.Forbidden() != tt.forbidden || e.Temporary() != tt.temporary || e.Fatal() != tt.fatal {
					r.Errorf("%v: gone %v, forbidden %v, temporary %v, fatal %v", e, e.Gone(), e.Forbidden(), e.Temporary(), e.Fatal())
				}
			})
		})
	}
}

func TestSendIntoAServerThatRemovedUsIsNotTemporary(t *testing.T) {
	withRig(t, func(r *rig) {
		r.sim.RemoveGuild(r.guild)
		_, err := r.client.Send(r.Context(), r.channel, Message{Content: "x"}, "n")
		var e *Error
		if !errors.As(err, &e) || e.Temporary() || !e.Gone() && !e.Forbidden() {
			r.Errorf("error %v, want one that is gone or forbidden", err)
		}
	})
}

func TestManySendersKeepTheRules(t *testing.T) {
	withRig(t, func(r *rig) {
		var wg sync.WaitGroup
		for i := range 6 {
			ch := r.sim.AddChannel(r.guild, fmt.Sprint("news-", i), discordsim.KindText)
			for j := range 12 {
				wg.Go(func() {
					if _, err := r.client.Send(r.Context(), ch, words("x"), fmt.Sprintf("n-%d-%d", i, j)); err != nil {
						r.Error(err)
					}
				})
			}
		}
		wg.Wait()
		refused := 0
		for _, q := range r.sim.Requests() {
			if q.Status == 429 {
				refused++
			}
		}
		if refused > 0 {
			r.Errorf("%d of %d requests were refused", refused, len(r.sim.Requests()))
		}
	})
}

func TestSendEndsWithItsContext(t *testing.T) {
	withRig(t, func(r *rig) {
		r.sim.Delay("POST /channels/*/messages", time.Hour, 1)
		ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err := r.client.Send(ctx, r.channel, words("x"), "n")
		var e *Error
		if took := time.Since(start); took != 3*time.Second || !errors.As(err, &e) || !e.Maybe {
			r.Errorf("after %v: %v", took, err)
		}
	})
}

func TestSilentAnswerTimesOut(t *testing.T) {
	withRig(t, func(r *rig) {
		r.sim.Delay("POST /channels/*/messages", time.Hour, 1)
		_, err := r.client.Send(r.Context(), r.channel, words("x"), "n")
		var e *Error
		if !errors.As(err, &e) || !e.Maybe {
			r.Errorf("error %v, want Maybe", err)
		}
		synctest.Wait()
	})
}

func TestCrosspostingTwiceIsNoError(t *testing.T) {
	withRig(t, func(r *rig) {
		news := r.sim.AddChannel(r.guild, "announcements", discordsim.KindAnnouncement)
		id, err := r.client.Send(r.Context(), news, words("x"), "n")
		if err != nil {
			r.Fatal(err)
		}
		for range 2 {
			if err := r.client.Crosspost(r.Context(), news, id); err != nil {
				r.Errorf("crosspost: %v", err)
			}
		}
		if m, _ := r.sim.Message(id); !m.Crossposted {
			r.Error("not published")
		}
		plain, err := r.client.Send(r.Context(), r.channel, words("x"), "n2")
		if err != nil {
			r.Fatal(err)
		}
		if err := r.client.Crosspost(r.Context(), r.channel, plain); err == nil {
			r.Error("a message of an ordinary channel was published")
		}
	})
}

func TestForumsRefuseMessagesAndTakePosts(t *testing.T) {
	withRig(t, func(r *rig) {
		forum := r.sim.AddChannel(r.guild, "papers", discordsim.KindForum)
		_, err := r.client.Send(r.Context(), forum, words("x"), "n")
		var e *Error
		if !errors.As(err, &e) || e.Temporary() {
			r.Errorf("a message in a forum: %v", err)
		}
		if _, _, err := r.client.StartPost(r.Context(), forum, "Morning", nil, words("x")); err != nil {
			r.Errorf("a post: %v", err)
		}
		r.sim.DropAnswer("POST /channels/*/threads", 1)
		if _, _, err = r.client.StartPost(r.Context(), forum, "Evening", nil, words("x")); !errors.As(err, &e) || !e.Maybe {
			r.Errorf("a post whose answer was lost: %v, want Maybe", err)
		}
	})
}

// What one Find cannot read another goes on with, and neither forgets a message
// nor goes back further each time.
func TestFindGoesOnWhereItBrokeOff(t *testing.T) {
	withRig(t, func(r *rig) {
		begun := time.Now()
		someone := r.sim.AddMember(r.guild, "Mel", discordsim.ViewChannel)
		chat := func() {
			for range maxPages*100 + 50 {
				r.sim.PostAs(someone, r.channel, "chatter")
				time.Sleep(100 * time.Millisecond)
			}
		}
		chat()
		id, err := r.client.Send(r.Context(), r.channel, words("x"), "n")
		if err != nil {
			r.Fatal(err)
		}
		chat()
		_, found, err := r.client.Find(r.Context(), r.channel, begun, Mark("n"))
		var partly *Partly
		var e *Error
		if found || !errors.As(err, &partly) || !errors.As(err, &e) || !e.Temporary() {
			r.Fatalf("more messages than one call reads: %v, %v", found, err)
		}
		if got, found, err := r.client.Find(r.Context(), r.channel, partly.To, Mark("n")); got != id || !found || err != nil {
			r.Errorf("the second call found %d, %v, %v, want %d", got, found, err, id)
		}
		to := partly.To
		r.sim.Fail("GET /channels/*/messages", 503, discordsim.Forever)
		for range 3 {
			if _, _, err = r.client.Find(r.Context(), r.channel, partly.To, Mark("n")); !errors.As(err, &partly) {
				r.Fatalf("broken off before the first page: %v", err)
			}
		}
		if back := to.Sub(partly.To); back > time.Second {
			r.Errorf("calls that read nothing went back by %s", back)
		}
	})
}

func TestFindSaysWhenItCannotLook(t *testing.T) {
	withRig(t, func(r *rig) {
		r.sim.SetPermissions(r.channel, discordsim.ViewChannel|discordsim.SendMessages)
		// Without the history's permission Discord shows an empty one: the
		// message may well be there, and sending it again would double it.
		var e *Error
		if _, found, err := r.client.Find(r.Context(), r.channel, time.Now(), 5); found || !errors.As(err, &e) || !e.Forbidden() {
			r.Errorf("without the permission to look: %v, %v, want a forbidden error", found, err)
		}
		r.sim.DeleteChannel(r.channel)
		if _, _, err := r.client.Find(r.Context(), r.channel, time.Now(), 5); !errors.As(err, &e) || !e.Gone() {
			r.Errorf("in a deleted channel: %v", err)
		}
	})
}
