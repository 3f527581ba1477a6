package store

import (
	"fmt"
	"regexp"
	"sync"
	"testing"
	"time"
)

func enqueue(t *testing.T, w world, channel int64, payload string) int64 {
	t.Helper()
	return got[int64](t)(w.Enqueue(w.ctx, channel/100, channel, Outgoing{Payload: []byte(payload), Kind: "notice"}))
}

// lease leases deliveries and returns their payloads.
func lease(t *testing.T, w world, s *Store, n int) (payloads []string, all []Delivery) {
	t.Helper()
	all = got[[]Delivery](t)(s.LeaseDeliveries(w.ctx, n, time.Minute))
	for _, d := range all {
		payloads = append(payloads, string(d.Payload))
	}
	return payloads, all
}

func wantLeased(t *testing.T, w world, want ...string) []Delivery {
	t.Helper()
	payloads, all := lease(t, w, w.Store, 10)
	if fmt.Sprint(payloads) != fmt.Sprint(want) {
		t.Fatalf("leased %v, want %v", payloads, want)
	}
	return all
}

func TestDeliveriesOfAChannelGoOneAfterTheOther(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		for _, p := range []string{"a1", "a2"} {
			enqueue(t, w, 100, p)
		}
		enqueue(t, w, 200, "b1")
		first := wantLeased(t, w, "a1", "b1")
		wantLeased(t, w) // all are leased
		must(t, w.RetryDelivery(w.ctx, first[0].ID, time.Now().Add(time.Hour), "502"))
		must(t, w.MarkSent(w.ctx, first[1].ID, 77))
		wantLeased(t, w) // a2 waits for a1
		if at, ok, err := w.NextDelivery(w.ctx); err != nil || !ok || time.Until(at) < 50*time.Minute {
			t.Fatalf("NextDelivery() = %v, %v, %v; want a1's retry in an hour", at, ok, err)
		}
	})
}

func TestAnAttemptIsCountedAndKeepsItsNonce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		enqueue(t, w, 100, "a")
		first := wantLeased(t, w, "a")[0]
		if first.Attempt != 1 || time.Since(first.FirstAttempt) > time.Minute || !regexp.MustCompile(`^[a-z2-7]{25}$`).MatchString(first.Nonce) {
			t.Fatalf("first attempt: %+v", first)
		}
		must(t, w.RetryDelivery(w.ctx, first.ID, time.Now().Add(-time.Second), "502"))
		second := wantLeased(t, w, "a")[0]
		if second.Attempt != 2 || second.Nonce != first.Nonce || !second.FirstAttempt.Equal(first.FirstAttempt) || second.Kind != "notice" || second.GuildID != 1 {
			t.Fatalf("second attempt: %+v, first: %+v", second, first)
		}
		must(t, w.MarkSent(w.ctx, first.ID, 5))
		enqueue(t, w, 100, "b")
		if other := wantLeased(t, w, "b")[0]; other.Nonce == first.Nonce {
			t.Fatal("two deliveries share a nonce")
		}
	})
}

func TestAFailedDeliveryLetsTheNextGo(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		enqueue(t, w, 100, "a1")
		enqueue(t, w, 100, "a2")
		d := wantLeased(t, w, "a1")[0]
		must(t, w.MarkFailed(w.ctx, d.ID, "too long"))
		wantLeased(t, w, "a2")
		wantErr(t, w.MarkFailed(w.ctx, d.ID, "again"), ErrLeaseLost)
		wantErr(t, w.MarkFailed(w.ctx, 999, ""), ErrNotFound)
		wantErr(t, w.RetryDelivery(w.ctx, 999, time.Now(), ""), ErrNotFound)
		wantErr(t, w.MarkSent(w.ctx, 999, 1), ErrNotFound)
	})
}

func TestTheHolderOfALostLeaseMayOnlySayThatItSent(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		id := enqueue(t, w, 100, "a")
		other := w.open(t)
		got[[]Delivery](t)(w.LeaseDeliveries(w.ctx, 1, -time.Second))
		if p, _ := lease(t, w, other, 1); len(p) != 1 {
			t.Fatal("an expired lease was not taken over")
		}
		wantErr(t, w.RetryDelivery(w.ctx, id, time.Now(), ""), ErrLeaseLost)
		wantErr(t, w.MarkFailed(w.ctx, id, ""), ErrLeaseLost)
		must(t, w.MarkSent(w.ctx, id, 7))
		must(t, other.MarkSent(w.ctx, id, 7))
		wantErr(t, other.RetryDelivery(w.ctx, id, time.Now(), ""), ErrLeaseLost)
		wantLeased(t, w)
	})
}

func TestAParkedChannelWaits(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		enqueue(t, w, 100, "a")
		park := func(when string, channel int64, want bool) {
			t.Helper()
			if untold, err := w.ParkChannel(w.ctx, channel, "Send Messages"); err != nil || untold != want {
				t.Fatalf("ParkChannel %s = %v, %v; want %v", when, untold, err, want)
			}
		}
		park("for the first time", 100, true)
		park("again", 100, false)
		if why, parked, err := w.Parked(w.ctx, 100); err != nil || !parked || why != "Send Messages" {
			t.Fatalf("Parked() = %q, %v, %v", why, parked, err)
		}
		wantLeased(t, w)
		if _, ok, err := w.NextDelivery(w.ctx); ok || err != nil {
			t.Fatalf("NextDelivery() of a parked channel = %v, %v", ok, err)
		}
		must(t, w.UnparkChannel(w.ctx, 100))
		wantLeased(t, w, "a")
		if _, parked, err := w.Parked(w.ctx, 100); parked || err != nil {
			t.Fatalf("still parked: %v", err)
		}
		park("before anybody was told", 100, true)
		sameIDs(t, "untold", got[[]int64](t)(w.UntoldChannels(w.ctx, 1)), []int64{100})
		for range 2 { // two processes, say
			must(t, w.TellParked(w.ctx, 100, DirectNotice{ChannelID: 900, Message: Outgoing{Kind: "notice", Payload: []byte("told")}}))
		}
		sameIDs(t, "untold once told", got[[]int64](t)(w.UntoldChannels(w.ctx, 1)), nil)
		wantLeased(t, w, "told")
		// Released on a guess and refused again: no news until something was posted.
		must(t, w.UnparkChannel(w.ctx, 100))
		park("before anything was posted", 100, false)
		must(t, w.UnparkChannel(w.ctx, 100))
		must(t, w.MarkSent(w.ctx, got[int64](t)(w.Enqueue(w.ctx, 1, 100, Outgoing{Kind: "notice"})), 7))
		must(t, w.TellParked(w.ctx, 100, DirectNotice{ChannelID: 901, Message: Outgoing{Kind: "notice", Payload: []byte("late")}}))
		wantLeased(t, w)
		park("after a post", 100, true)
		// One that was never heard of can be parked too.
		park("though it is unknown", 555, true)
	})
}

func TestWhatIsGoneGetsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		enqueue(t, w, 100, "deleted channel")
		enqueue(t, w, 200, "left guild")
		enqueue(t, w, 300, "here")
		must(t, w.ChannelGone(w.ctx, 100, "Unknown Channel"))
		must(t, w.GuildGone(w.ctx, 2))
		enqueue(t, w, 100, "too late")
		enqueue(t, w, 200, "too late")
		wantLeased(t, w, "here")
		if c := got[Counts](t)(w.Counts(w.ctx)); c.PendingDeliveries != 1 {
			t.Fatalf("%d deliveries wait, want 1", c.PendingDeliveries)
		}
		// The guild comes back; what was dropped does not.
		must(t, w.SaveGuild(w.ctx, Guild{ID: 2, Name: "back"}))
		enqueue(t, w, 200, "new")
		wantLeased(t, w, "new")
	})
}

func TestNextDeliveryKnowsDueTimesAndLeases(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		if _, ok, err := w.NextDelivery(w.ctx); ok || err != nil {
			t.Fatalf("NextDelivery() of an empty outbox = %v, %v", ok, err)
		}
		enqueue(t, w, 100, "a")
		if at, ok, err := w.NextDelivery(w.ctx); !ok || err != nil || time.Until(at) > 0 {
			t.Fatalf("NextDelivery() = %v, %v, %v; want now", at, ok, err)
		}
		wantLeased(t, w, "a")
		if at, ok, err := w.NextDelivery(w.ctx); !ok || err != nil || time.Until(at) < 30*time.Second {
			t.Fatalf("NextDelivery() = %v, %v, %v; want the end of the lease", at, ok, err)
		}
	})
}

func TestRacingSendersKeepTheOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		const channels, each = 4, 15
		for i := range each {
			for c := range channels {
				enqueue(t, w, int64(100+c), fmt.Sprintf("%d", i))
			}
		}
		var mu sync.Mutex
		sent := map[int64][]string{}
		var wg sync.WaitGroup
		for range 3 {
			s := w.open(t)
			wg.Go(func() {
				for {
					all, err := s.LeaseDeliveries(w.ctx, 3, time.Minute)
					if err != nil {
						t.Error(err)
						return
					}
					if len(all) == 0 {
						if c, err := s.Counts(w.ctx); err != nil || c.PendingDeliveries == 0 {
							return
						}
					}
					for _, d := range all {
						mu.Lock()
						sent[d.ChannelID] = append(sent[d.ChannelID], string(d.Payload))
						mu.Unlock()
						if err := s.MarkSent(w.ctx, d.ID, d.ID); err != nil {
							t.Error(err)
							return
						}
					}
				}
			})
		}
		wg.Wait()
		for c, all := range sent {
			for i, p := range all {
				if p != fmt.Sprint(i) || len(all) != each {
					t.Fatalf("channel %d got %v, want 0 to %d in order", c, all, each-1)
				}
			}
		}
		if len(sent) != channels {
			t.Fatalf("%d channels got something, want %d", len(sent), channels)
		}
	})
}
