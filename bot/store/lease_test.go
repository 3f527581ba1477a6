package store

import (
	"testing"
	"time"
)

func TestARoleHasOneHolder(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		other := w.open(t)
		hold := func(s *Store, name string, ttl time.Duration) bool {
			return got[bool](t)(s.HoldLease(w.ctx, name, ttl))
		}
		for _, what := range []string{"a free role", "the renewal of a role"} {
			if !hold(w.Store, "sender", time.Minute) {
				t.Fatalf("%s was refused", what)
			}
		}
		if hold(other, "sender", time.Minute) {
			t.Fatal("two hold one role")
		}
		if !hold(other, "shard/0", time.Minute) {
			t.Fatal("another role was refused")
		}
		must(t, other.DropLease(w.ctx, "sender")) // not its own: nothing happens
		if hold(other, "sender", time.Minute) {
			t.Fatal("a role was dropped by somebody else")
		}
		must(t, w.DropLease(w.ctx, "sender"))
		if !hold(other, "sender", -time.Second) || !hold(w.Store, "sender", time.Minute) {
			t.Fatal("a role that was dropped or has expired was refused")
		}
	})
}

func TestADeadProcessLeavesNothingLeased(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, dg := press(t, w)
		must(t, w.SetFeedPaused(w.ctx, feed, false))
		must(t, w.ReleaseDigest(w.ctx, dg.ID))
		enqueue(t, w, channel, "a")
		dead, err := Open(w.ctx, w.url, Options{})
		must(t, err)
		if n := len(got[[]Feed](t)(dead.LeaseDueFeeds(w.ctx, 9, time.Hour))) + len(got[[]Digest](t)(dead.LeaseDueDigests(w.ctx, 9, time.Hour))) +
			len(got[[]Delivery](t)(dead.LeaseDeliveries(w.ctx, 9, time.Hour))); n != 3 || !got[bool](t)(dead.HoldLease(w.ctx, "sender", time.Hour)) {
			t.Fatalf("leased %d things, want 3 and a role", n)
		}
		must(t, dead.Close()) // without releasing anything, as kill -9 does

		if w.d.name == postgres {
			for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
				if len(got[[]int64](t)(collectIDs(w.query(w.ctx, sqlOwnerDead)))) > 0 {
					break // the server has noticed
				}
			}
			w.alive.checked = time.Time{} // livenessEvery is over
		} else {
			release, err := w.LockRun(w.ctx)
			must(t, err)
			defer func() { must(t, release()) }()
		}
		if n := len(got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 9, time.Hour))) + len(got[[]Digest](t)(w.LeaseDueDigests(w.ctx, 9, time.Hour))) +
			len(got[[]Delivery](t)(w.LeaseDeliveries(w.ctx, 9, time.Hour))); n != 3 || !got[bool](t)(w.HoldLease(w.ctx, "sender", time.Hour)) {
			t.Fatalf("took over %d things, want 3 and the role", n)
		}
	})
}

func TestALivingProcessKeepsItsLeases(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		if w.d.name != postgres {
			t.Skip("needs processes that share a database")
		}
		id := w.feed(t, "https://tern.example/")
		got[Feed](t)(w.LeaseFeed(w.ctx, id, time.Hour))
		other := w.open(t)
		other.alive.checked = time.Time{}
		if all := got[[]Feed](t)(other.LeaseDueFeeds(w.ctx, 9, time.Hour)); len(all) != 0 {
			t.Fatalf("a living process lost its lease: %+v", all)
		}
		// Its connection breaks: the lock is gone until it leases again.
		_, err := other.w.ExecContext(w.ctx, `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
			AND ((classid::bigint << 32) | objid::bigint) = $1`, w.owner)
		must(t, err)
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
			if _, err := other.w.ExecContext(w.ctx, `SELECT 1 / COUNT(*) FROM pg_locks WHERE locktype = 'advisory'
				AND ((classid::bigint << 32) | objid::bigint) = $1`, w.owner); err != nil {
				break // the server has noticed
			}
		}
		other.alive.checked = time.Time{}
		if all := got[[]Feed](t)(other.LeaseDueFeeds(w.ctx, 9, time.Hour)); len(all) != 1 {
			t.Fatalf("%d feeds taken over, want 1", len(all))
		}
		w.alive.checked = time.Time{}
		got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 9, time.Hour))
		dead := got[[]int64](t)(collectIDs(other.query(w.ctx, sqlOwnerDead)))
		if len(dead) != 0 {
			t.Fatal("the process did not announce itself again")
		}
	})
}

func TestOneBotRunsOnASQLiteFile(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		release, err := w.LockRun(w.ctx)
		must(t, err)
		other := w.open(t)
		second, err := other.LockRun(w.ctx)
		if w.d.name == postgres {
			must(t, err)
			must(t, second())
			must(t, release())
			return
		}
		wantErr(t, err, ErrInUse)
		must(t, release())
		again, err := other.LockRun(w.ctx)
		must(t, err)
		must(t, again())
	})
}
