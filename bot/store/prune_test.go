package store

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"broadsheet/feeds"
)

func TestPruneKeepsWhatIsStillWanted(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, _ := press(t, w) // a channel with a digest
		w.subscribe(t, channel+1, feed, ModeDigest, Backlog{})
		ids := w.record(t, feed, items(1, 2, 3, 4)...)
		must(t, w.Save(w.ctx, 7, ids[1]))
		must(t, w.SaveSummary(w.ctx, ids[0], SummaryShort, []string{"x"}))
		must(t, w.Vote(w.ctx, 1, 7, ids[0], 1))
		soon := time.Now().Add(time.Hour)
		if n := got[int](t)(w.Prune(w.ctx, soon, 100)); n != 0 {
			t.Fatalf("pruned %d articles that a digest still has to print", n)
		}
		_, err := w.Publish(w.ctx, takeAll(channel, feed, ids[0], ids[1], ids[2]))
		must(t, err)
		if n := got[int](t)(w.Prune(w.ctx, time.Now().Add(-time.Hour), 100)); n != 0 {
			t.Fatalf("pruned %d articles that are too young", n)
		}
		// The second channel has no digest: what nobody will print is not kept for it.
		if n := got[int](t)(w.Prune(w.ctx, soon, 1)); n != 1 {
			t.Fatalf("pruned %d, want the limit of 1", n)
		}
		if n := got[int](t)(w.Prune(w.ctx, soon, 100)); n != 1 {
			t.Fatalf("pruned %d, want the one printed and not saved", n)
		}
		for i, want := range []error{ErrNotFound, nil, ErrNotFound, nil} {
			if _, err := w.Article(w.ctx, ids[i]); !errors.Is(err, want) {
				t.Errorf("article %d: %v, want %v", i+1, err, want)
			}
		}
		if _, n, err := w.Search(w.ctx, Query{Text: "harbour"}); n != 2 || err != nil {
			t.Fatalf("%d articles are found, %v; want 2", n, err)
		}
		if all := got[[]Article](t)(w.SuggestTitles(w.ctx, 0, "headl", 9)); len(all) != 2 {
			t.Fatalf("%d titles are suggested, want 2", len(all))
		}
		// An old item that is still in the feed does not come back.
		if again := w.record(t, feed, items(1, 2, 3, 4)...); len(again) != 0 {
			t.Fatalf("pruned articles came back: %v", again)
		}
	})
}

func TestPruneForgetsFinishedDeliveries(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		done := enqueue(t, w, 100, "a")
		enqueue(t, w, 100, "b")
		must(t, w.MarkSent(w.ctx, done, 1))
		if n := got[int](t)(w.PruneOutbox(w.ctx, time.Now().Add(time.Hour), 100)); n != 1 {
			t.Errorf("%d rows deleted, want the finished delivery", n)
		}
		wantErr(t, w.MarkSent(w.ctx, done, 1), ErrNotFound)
		wantLeased(t, w, "b")
	})
}

func TestMaintainMergesTheIndexAndChangesNoAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		for n := 0; n < 300; n += 10 {
			w.record(t, feed, items(upTo(n, n+9)...)...)
		}
		got[int](t)(w.Prune(w.ctx, time.Now().Add(time.Hour), 100))
		for i := 0; ; i++ {
			if !got[bool](t)(w.Maintain(w.ctx)) {
				break
			}
			if i > 1000 {
				t.Fatal("Maintain never ends")
			}
		}
		if _, n, err := w.Search(w.ctx, Query{Text: "ferries"}); n != 200 || err != nil {
			t.Fatalf("%d articles are found, %v; want 200", n, err)
		}
		must(t, w.Check(w.ctx))
	})
}

func TestBackupIsAWholeDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ids := w.record(t, w.feed(t, "https://tern.example/"), items(1, 2)...)
		path := filepath.Join(t.TempDir(), "copy.db")
		err := w.Backup(w.ctx, path)
		if w.d.name == postgres {
			wantErr(t, err, errors.ErrUnsupported)
			return
		}
		must(t, err)
		wantErr(t, w.Backup(w.ctx, path), ErrExists)
		if err := w.Backup(w.ctx, filepath.Join(t.TempDir(), "no", "folder")); err == nil {
			t.Fatal("a backup into a folder that does not exist succeeded")
		}
		copied := newWorld(t, path)
		must(t, copied.Check(w.ctx))
		if copied.InstallID() != w.InstallID() || got[Article](t)(copied.Article(w.ctx, ids[0])).Title != "Headline 1" {
			t.Fatal("the copy is not the database")
		}
		if _, n, err := copied.Search(w.ctx, Query{Text: "ferries"}); n != 2 || err != nil {
			t.Fatalf("the copy finds %d, %v", n, err)
		}
	})
}

func TestDamageIsFound(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		ids := w.record(t, w.feed(t, "https://tern.example/"), items(1, 2)...)
		must(t, w.Check(w.ctx))
		_, err := w.w.ExecContext(w.ctx, `UPDATE article_text SET hash = hash + 1 WHERE article_id = $1`, ids[1])
		must(t, err)
		wantErr(t, w.Check(w.ctx), ErrCorrupt)
		_, err = w.Article(w.ctx, ids[1])
		wantErr(t, err, ErrCorrupt)
		_, err = w.w.ExecContext(w.ctx, `UPDATE article_text SET body = $1 WHERE article_id = $2`, []byte("not zstd"), ids[0])
		must(t, err)
		_, err = w.Article(w.ctx, ids[0])
		wantErr(t, err, ErrCorrupt)
	})
}

func TestWhyTellsTheWholeWay(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, dg := press(t, w)
		ids := w.record(t, feed, items(1, 2)...)
		w.subscribe(t, channel+1, feed, ModeInstant, Backlog{})
		w.subscribe(t, channel+2, feed, ModeDigest, Backlog{Articles: 1})
		w.subscribe(t, 200, feed, ModeDigest, Backlog{}) // of another guild
		e := takeAll(channel, feed, ids[0])
		e.DigestID = dg.ID
		e.Taken = append(e.Taken, Taken{ArticleID: ids[1], FeedID: feed, Fate: FateJoined, StoryLead: ids[0], Detail: "same event"})
		out := got[[]int64](t)(w.Publish(w.ctx, e))
		got[[]Delivery](t)(w.LeaseDeliveries(w.ctx, 1, time.Minute))
		must(t, w.MarkSent(w.ctx, out[0], 4242))
		_, err := w.ParkChannel(w.ctx, channel+2, "Embed Links")
		must(t, err)

		p := got[Path](t)(w.Why(w.ctx, 1, ids[1]))
		if len(p.Channels) != 3 || p.Article.ID != ids[1] || p.Feed.ID != feed {
			t.Fatalf("way: %+v", p)
		}
		c := p.Channels[0]
		if c.ChannelID != channel || !c.Subscribed || c.Waiting || c.Behind || c.Fate != FateJoined || c.StoryLead != ids[0] || c.LeadTitle != "Headline 1" || c.Detail != "same event" {
			t.Errorf("printed in the first channel: %+v", c)
		}
		if len(c.Deliveries) != 1 || c.Deliveries[0].State != "sent" || c.Deliveries[0].MessageID != 4242 || c.Deliveries[0].Attempt != 1 {
			t.Errorf("deliveries of the first channel: %+v", c.Deliveries)
		}
		if c = p.Channels[1]; !c.Behind || c.Waiting || c.Fate != "" || c.Mode != ModeInstant {
			t.Errorf("the second channel subscribed later: %+v", c)
		}
		if c = p.Channels[2]; c.Behind || !c.Waiting || c.Parked != "Embed Links" {
			t.Errorf("the third channel has it in its backlog: %+v", c)
		}
		sub := got[[]Subscription](t)(w.Subscriptions(w.ctx, SubscriptionFilter{ChannelID: channel}))[0]
		got[Subscription](t)(w.Unsubscribe(w.ctx, sub.ID))
		if c = got[Path](t)(w.Why(w.ctx, 1, ids[1])).Channels[0]; c.Subscribed || c.Fate != FateJoined {
			t.Errorf("after the feed was removed: %+v", c)
		}
		_, err = w.Why(w.ctx, 1, 999)
		wantErr(t, err, ErrNotFound)
	})
}

func TestCounts(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		c := got[Counts](t)(w.Counts(w.ctx))
		if c.Feeds+c.Articles+c.Subscriptions+c.PendingDeliveries+c.FailingFeeds != 0 || !c.LastPoll.IsZero() || !c.OldestPending.IsZero() || c.Database == "" {
			t.Fatalf("an empty store counts %+v", c)
		}
		feed := w.feed(t, "https://tern.example/")
		w.record(t, feed, items(1, 2)...)
		w.subscribe(t, channel, feed, ModeDigest, Backlog{})
		enqueue(t, w, channel, "a")
		c = got[Counts](t)(w.Counts(w.ctx))
		if c.Feeds != 1 || c.Articles != 2 || c.Subscriptions != 1 || c.PendingDeliveries != 1 || time.Since(c.LastPoll) > time.Minute || time.Since(c.OldestPending) > time.Minute {
			t.Fatalf("counts %+v", c)
		}
	})
}

func TestDamageOfTheIndexIsFound(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	w := newWorld(t, path)
	w.record(t, w.feed(t, "https://tern.example/"), items(upTo(1, 50)...)...)
	must(t, w.Check(w.ctx))
	execFile(t, path, `UPDATE article_fts_data SET block = zeroblob(length(block)) WHERE id > 100`)
	wantErr(t, w.Check(w.ctx), ErrCorrupt)
}

// A connection that has looked at the index before must not take the merging
// of its segments for damage (SQLite's quick_check does).
func TestMergedIndexIsNotDamage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, filepath.Join(t.TempDir(), "test.db"))
	feed := w.feed(t, "https://tern.example/")
	for n := range 40 {
		w.record(t, feed, items(n)...)
		must(t, w.Check(w.ctx))
		if _, found, err := w.Search(w.ctx, Query{Text: "ferries"}); err != nil || found != n+1 {
			t.Fatalf("%d of %d articles are found, %v", found, n+1, err)
		}
	}
}

// A disk that is full keeps what was acknowledged and works again once there
// is room.
func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, filepath.Join(t.TempDir(), "test.db"))
	feed := w.feed(t, "https://tern.example/")
	_, err := w.w.ExecContext(w.ctx, `PRAGMA max_page_count = 120`)
	must(t, err)
	stored := 0
	for n := 1; ; n++ {
		it := item(n)
		it.Text = incompressible(n, 4000)
		v := visit("https://tern.example/")
		v.State.BodyHash = uint64(n)
		out, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: feed, Visit: v, Items: []feeds.Item{it}}})
		if err != nil {
			wantErr(t, err, ErrFull)
			break
		}
		stored += len(out[0].New)
	}
	// The document whose item was not stored must be read again.
	if f := got[Feed](t)(w.Feed(w.ctx, feed)); f.State.BodyHash != uint64(stored) {
		t.Errorf("%d items were stored, and the state of visit %d", stored, f.State.BodyHash)
	}
	if c := got[Counts](t)(w.Counts(w.ctx)); c.Articles != stored || stored == 0 {
		t.Fatalf("%d articles, %d were acknowledged", c.Articles, stored)
	}
	_, err = w.Publish(w.ctx, Edition{GuildID: 1, ChannelID: 100, Messages: []Outgoing{{Payload: []byte(incompressible(0, 1<<20))}}})
	wantErr(t, err, ErrFull)
	wantErr(t, got[Pulse](t)(w.Pulse(w.ctx)).Trouble, ErrFull)
	_, err = w.w.ExecContext(w.ctx, `PRAGMA max_page_count = 100000`)
	must(t, err)
	w.record(t, feed, items(9999)...)
	if p := got[Pulse](t)(w.Pulse(w.ctx)); p.Trouble != nil {
		t.Errorf("trouble after a write that succeeded: %v", p.Trouble)
	}
	must(t, w.Check(w.ctx))
}

// incompressible is text of about n bytes that zstd cannot shrink much.
func incompressible(seed, n int) string {
	b := make([]byte, 0, n)
	x := uint64(seed)*2654435761 + 1
	for len(b) < n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		b = append(b, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ."[x%64])
	}
	return string(b)
}

// smallDisk is a folder on a file system of 4 MB.
func smallDisk(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root, to mount a small tmpfs")
	}
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("needs a small tmpfs: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	return dir
}

func TestAFullFileSystemLosesNothing(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t)
	path := filepath.Join(dir, "full.db")
	w := newWorld(t, path)
	feed := w.feed(t, "https://tern.example/")
	ballast := filepath.Join(dir, "ballast")
	must(t, os.WriteFile(ballast, []byte(incompressible(1, 500_000)), 0o600))
	stored := 0
	for n := 1; ; n++ {
		it := item(n)
		it.Text = incompressible(n, 4000)
		out, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: feed, Visit: visit("https://tern.example/"), Items: []feeds.Item{it}}})
		if err != nil {
			wantErr(t, err, ErrFull)
			break
		}
		stored += len(out[0].New)
	}
	if c := got[Counts](t)(w.Counts(w.ctx)); c.Articles != stored {
		t.Fatalf("%d articles, %d were acknowledged", c.Articles, stored)
	}
	must(t, os.Remove(ballast))
	w.record(t, feed, items(9999)...)
	must(t, w.Check(w.ctx))
	t.Logf("%d articles until the disk was full", stored)
}
