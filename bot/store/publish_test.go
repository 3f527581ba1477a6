package store

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"
)

// press is a world with one feed that a channel follows and a leased digest.
func press(t *testing.T, w world) (feed int64, dg Digest) {
	feed = w.feed(t, "https://tern.example/")
	w.record(t, feed)
	w.subscribe(t, channel, feed, ModeDigest, Backlog{})
	dg = got[Digest](t)(w.CreateDigest(w.ctx, Digest{GuildID: 1, ChannelID: channel, Name: "Morning", NextRun: time.Now().Add(-time.Minute)}))
	return feed, got[Digest](t)(w.LeaseDigest(w.ctx, dg.ID, time.Minute))
}

func TestPublishUsesTheWindowUp(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, dg := press(t, w)
		ids := w.record(t, feed, items(1, 2)...)
		e := takeAll(channel, feed, ids...)
		e.DigestID, e.NextRun = dg.ID, time.Now().Add(time.Hour).Truncate(time.Millisecond).UTC()
		out := got[[]int64](t)(w.Publish(w.ctx, e))
		if len(out) != 2 || out[0] >= out[1] {
			t.Fatalf("deliveries %v, want two in order", out)
		}
		sameIDs(t, "window", w.window(t, channel, ModeDigest), []int64{})
		d := got[Digest](t)(w.Digest(w.ctx, dg.ID))
		if d.Edition != 1 || !d.NextRun.Equal(e.NextRun) || time.Since(d.LastSent) > time.Minute {
			t.Fatalf("digest after an edition: %+v", d)
		}
		// The lease has ended.
		got[Digest](t)(w.LeaseDigest(w.ctx, dg.ID, time.Minute))
	})
}

func TestArticlesLeftOutStayInTheWindow(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, _ := press(t, w)
		ids := w.record(t, feed, items(1, 2, 3, 4)...)
		_, err := w.Publish(w.ctx, takeAll(channel, feed, ids[1], ids[3]))
		must(t, err)
		sameIDs(t, "window", w.window(t, channel, ModeDigest), []int64{ids[0], ids[2]})
		_, err = w.Publish(w.ctx, takeAll(channel, feed, ids[0]))
		must(t, err)
		sameIDs(t, "window", w.window(t, channel, ModeDigest), []int64{ids[2]})
	})
}

func TestAnArticleIsTakenOnceInAChannel(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, dg := press(t, w)
		ids := w.record(t, feed, items(1, 2)...)
		_, err := w.Publish(w.ctx, takeAll(channel, feed, ids[0]))
		must(t, err)
		e := takeAll(channel, feed, ids...)
		e.DigestID = dg.ID
		_, err = w.Publish(w.ctx, e)
		wantErr(t, err, ErrLeaseLost)
		// Nothing of it was written.
		sameIDs(t, "window", w.window(t, channel, ModeDigest), ids[1:])
		if c := got[Counts](t)(w.Counts(w.ctx)); c.PendingDeliveries != 1 {
			t.Fatalf("%d deliveries wait, want 1", c.PendingDeliveries)
		}
		if d := got[Digest](t)(w.Digest(w.ctx, dg.ID)); d.Edition != 0 {
			t.Fatalf("edition %d, want 0", d.Edition)
		}
		w.subscribe(t, channel+1, feed, ModeDigest, Backlog{Articles: 5})
		_, err = w.Publish(w.ctx, takeAll(channel+1, feed, ids...))
		must(t, err)
	})
}

func TestOnlyTheHolderOfTheLeasePrints(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		_, dg := press(t, w)
		other := w.open(t)
		quiet := Edition{DigestID: dg.ID, GuildID: 1, ChannelID: channel, Mode: ModeDigest, Messages: []Outgoing{{Payload: []byte("quiet day")}}}
		_, err := other.Publish(w.ctx, quiet)
		wantErr(t, err, ErrLeaseLost)
		quiet.Ordinal = 7 // the next is 1
		_, err = w.Publish(w.ctx, quiet)
		wantErr(t, err, ErrLeaseLost)
		quiet.Ordinal = 1
		_, err = w.Publish(w.ctx, quiet)
		must(t, err)
		quiet.DigestID = 999
		_, err = w.Publish(w.ctx, quiet)
		wantErr(t, err, ErrNotFound)
	})
}

func TestAnEditionWithoutMessagesIsNotPrinted(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, dg := press(t, w)
		ids := w.record(t, feed, items(1)...)
		next := time.Now().Add(time.Hour)
		_, err := w.Publish(w.ctx, Edition{DigestID: dg.ID, GuildID: 1, ChannelID: channel, Mode: ModeDigest, NextRun: next,
			Taken: []Taken{{ArticleID: ids[0], Fate: FateFiltered, Detail: "word: pier"}}})
		must(t, err)
		d := got[Digest](t)(w.Digest(w.ctx, dg.ID))
		if d.Edition != 0 || !d.LastSent.IsZero() || d.NextRun.UnixMilli() != next.UnixMilli() {
			t.Fatalf("digest after an edition without messages: %+v", d)
		}
		sameIDs(t, "window", w.window(t, channel, ModeDigest), []int64{})
	})
}

// The next run is that of the schedule which was read before printing began.
func TestAScheduleThatIsEditedDuringPrintingStays(t *testing.T) {
	for name, messages := range map[string][]Outgoing{"an edition": {{Payload: []byte("paper")}}, "a quiet day": nil} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, w world) {
				_, dg := press(t, w)
				dg.Schedule, dg.NextRun = "daily 20:00", time.Now().Add(12*time.Hour)
				must(t, w.UpdateDigest(w.ctx, dg))
				_, err := w.Publish(w.ctx, Edition{DigestID: dg.ID, GuildID: 1, ChannelID: channel, NextRun: time.Now().Add(24 * time.Hour), Messages: messages})
				must(t, err)
				if d := got[Digest](t)(w.Digest(w.ctx, dg.ID)); d.NextRun.UnixMilli() != dg.NextRun.UnixMilli() {
					t.Errorf("next run %v, want the edited %v", d.NextRun, dg.NextRun)
				}
			})
		})
	}
}

func TestATruncatedWindowLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("stores thousands of articles")
	}
	onBoth(t, func(t *testing.T, w world) {
		feed, _ := press(t, w)
		var all []int64
		for n := 0; n < maxWindow+30; n += 1006 {
			all = append(all, w.record(t, feed, items(upTo(n+1, n+1006)...)...)...)
		}
		win := got[Window](t)(w.Window(w.ctx, channel, ModeDigest))
		rest := len(all) - maxWindow
		if win.Truncated != rest || len(win.Articles) != maxWindow || win.Oldest != all[rest] || win.Articles[0].ID != all[rest] {
			t.Fatalf("window of %d articles: %d, truncated %d, oldest %d", len(all), len(win.Articles), win.Truncated, win.Oldest)
		}
		_, err := w.Publish(w.ctx, takeAll(channel, feed, all[len(all)-1]))
		must(t, err)
		sameIDs(t, "after one was printed", w.window(t, channel, ModeDigest), all[rest-1:len(all)-1])
		e := takeAll(channel, feed, all[rest])
		e.CountBelow = all[rest]
		_, err = w.Publish(w.ctx, e)
		must(t, err)
		sameIDs(t, "after the rest was counted", w.window(t, channel, ModeDigest), all[rest+1:len(all)-1])
		p := got[Path](t)(w.Why(w.ctx, 1, all[0]))
		if len(p.Channels) != 1 || p.Channels[0].Fate != FateCounted {
			t.Fatalf("the way of a counted article: %+v", p.Channels)
		}
	})
}

func TestPublishToAVanishedChannelIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, _ := press(t, w)
		ids := w.record(t, feed, items(1)...)
		must(t, w.ChannelGone(w.ctx, channel, "deleted"))
		_, err := w.Publish(w.ctx, takeAll(channel, feed, ids...))
		wantErr(t, err, ErrNotFound)
	})
}

// Two processes print and poll at the same time: every article is taken once
// by exactly one edition, whatever the interleaving.
func TestRacingProcessesPrintEachArticleOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, _ := press(t, w)
		const n = 60
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range n {
				w.record(t, feed, items(i+1)...)
			}
		})
		for range 2 {
			s := w.open(t)
			wg.Go(func() {
				for range n {
					win, err := s.Window(w.ctx, channel, ModeDigest)
					if err != nil {
						t.Error(err)
						return
					}
					if _, err := s.Publish(w.ctx, takeAll(channel, feed, idsOf(win.Articles)...)); err != nil && !errors.Is(err, ErrLeaseLost) {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		_, err := w.Publish(w.ctx, takeAll(channel, feed, w.window(t, channel, ModeDigest)...))
		must(t, err)
		sent := map[string]int{}
		for {
			all := got[[]Delivery](t)(w.LeaseDeliveries(w.ctx, 10, time.Minute))
			if len(all) == 0 {
				break
			}
			for _, d := range all {
				sent[string(d.Payload)]++
				must(t, w.MarkSent(w.ctx, d.ID, d.ID))
			}
		}
		if len(sent) != n {
			t.Fatalf("%d articles were printed, want %d", len(sent), n)
		}
		for p, k := range sent {
			if k != 1 {
				t.Errorf("%s was printed %d times", p, k)
			}
		}
	})
}

// Two processes record the same visit, two add different articles to the same
// feed while a third subscribes: nothing is stored twice and no deadlock.
func TestRacingProcessesStoreEachItemOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		var ids []int64
		for i := range 5 {
			ids = append(ids, w.feed(t, fmt.Sprintf("https://f%d.example/", i)))
		}
		var wg sync.WaitGroup
		for p := range 3 {
			s := w.open(t)
			wg.Go(func() {
				for round := range 10 {
					var batch []VisitRecord
					for i := range ids {
						id := ids[(i*(p+1)+p)%len(ids)] // each process in its own order
						batch = append(batch, VisitRecord{FeedID: id, Visit: visit(fmt.Sprintf("https://f%d.example/", id-ids[0])), Items: items(upTo(round, round+3)...)})
					}
					if _, err := s.RecordVisits(w.ctx, batch); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Go(func() {
			for i := range 20 {
				sub, err := w.Subscribe(w.ctx, Subscription{GuildID: 1, ChannelID: channel, FeedID: ids[i%5]}, Backlog{Articles: 3})
				if err == nil {
					_, err = w.Unsubscribe(w.ctx, sub.ID)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
		wg.Wait()
		if c := got[Counts](t)(w.Counts(w.ctx)); c.Articles != 5*13 {
			t.Fatalf("%d articles, want %d", c.Articles, 5*13)
		}
	})
}

func TestPendingInstantNamesChannelsWithNews(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		w.record(t, feed)
		pending := func(want ...int64) {
			t.Helper()
			sameIDs(t, "channels", append([]int64{}, got[[]int64](t)(w.PendingInstant(w.ctx, 10))...), append([]int64{}, want...))
		}
		w.subscribe(t, 100, feed, ModeInstant, Backlog{})
		w.subscribe(t, 101, feed, ModeInstant, Backlog{})
		w.subscribe(t, 102, feed, ModeDigest, Backlog{})
		w.subscribe(t, 200, feed, ModeInstant, Backlog{})
		pending()
		ids := w.record(t, feed, items(1)...)
		pending(100, 101, 200)
		_, err := w.ParkChannel(w.ctx, 101, "Send Messages")
		must(t, err)
		must(t, w.GuildGone(w.ctx, 2))
		pending(100)
		must(t, w.UnparkChannel(w.ctx, 101))
		e := takeAll(100, feed, ids...)
		e.Mode = ModeInstant
		_, err = w.Publish(w.ctx, e)
		must(t, err)
		pending(101)
		if n := len(got[[]int64](t)(w.PendingInstant(w.ctx, 0))); n != 0 {
			t.Fatalf("limit 0 gave %d", n)
		}
	})
}

func TestPrintedReturnsTheLeadsOfStories(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, _ := press(t, w)
		ids := w.record(t, feed, items(1, 2, 3, 4, 5)...)
		_, err := w.Publish(w.ctx, Edition{GuildID: 1, ChannelID: channel, Mode: ModeDigest, Taken: []Taken{
			{ArticleID: ids[0], FeedID: feed, Fate: FateCard, StoryLead: ids[0]},
			{ArticleID: ids[1], FeedID: feed, Fate: FateJoined, StoryLead: ids[0]},
			{ArticleID: ids[2], FeedID: feed, Fate: FateLine},
			{ArticleID: ids[3], FeedID: feed, Fate: FateCounted},
			{ArticleID: ids[4], FeedID: feed, Fate: FateFiltered},
		}})
		must(t, err)
		all := got[[]Article](t)(w.Printed(w.ctx, channel, time.Now().Add(-time.Hour)))
		sameIDs(t, "printed", idsOf(all), []int64{ids[0], ids[2]})
		if all[0].Text == "" {
			t.Error("a printed article comes without its text")
		}
		sameIDs(t, "printed since now", idsOf(got[[]Article](t)(w.Printed(w.ctx, channel, time.Now().Add(time.Hour)))), []int64{})
	})
}
