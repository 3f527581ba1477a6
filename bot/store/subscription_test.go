package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feeds"
)

const channel = 100 // of guild 1

func TestSubscriptionBeginsBehindWhatIsThere(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		old := w.record(t, feed, items(1, 2, 3, 4)...)
		w.subscribe(t, channel, feed, ModeDigest, Backlog{Articles: 2})
		sameIDs(t, "window with a backlog of two", w.window(t, channel, ModeDigest), old[2:])
		fresh := w.record(t, feed, items(5, 6)...)
		sameIDs(t, "window with two more", w.window(t, channel, ModeDigest), append(old[2:], fresh...))
		if ids := w.window(t, channel, ModeInstant); len(ids) != 0 {
			t.Fatalf("window of the other mode: %v", ids)
		}
	})
}

func TestBacklogHasAMaximumAge(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		a, b, undated := item(1), item(2), item(3)
		a.Published, b.Published, undated.Published = time.Now().Add(-8*24*time.Hour), time.Now().Add(-6*24*time.Hour), time.Time{}
		ids := w.record(t, feed, a, b, undated)
		w.subscribe(t, channel, feed, ModeDigest, Backlog{Articles: 5, MaxAge: 7 * 24 * time.Hour})
		if n := len(w.window(t, channel, ModeDigest)); n != 2 {
			t.Fatalf("%d articles of %v in the window, want those of the last seven days and the undated one", n, ids)
		}
	})
}

func TestBacklogOfAFeedThatWasNeverRead(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		w.subscribe(t, channel, feed, ModeDigest, Backlog{Articles: 2})
		w.subscribe(t, channel+1, feed, ModeInstant, Backlog{})
		// A failed first visit changes nothing.
		v := feeds.Visit{At: time.Now(), State: feeds.State{URL: "https://tern.example/"}, Err: &feeds.Error{Kind: feeds.Temporary}}
		_, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: feed, Visit: v}})
		must(t, err)
		ids := w.record(t, feed, items(1, 2, 3)...)
		sameIDs(t, "the first visit's backlog", w.window(t, channel, ModeDigest), ids[1:])
		sameIDs(t, "no backlog", w.window(t, channel+1, ModeInstant), []int64{})
		more := w.record(t, feed, items(4)...)
		sameIDs(t, "the second visit", w.window(t, channel+1, ModeInstant), more)
	})
}

func TestSetBacklogAnswersAfterTheFact(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		old := w.record(t, feed, items(1, 2, 3)...)
		sub := w.subscribe(t, channel, feed, ModeDigest, Backlog{})
		fresh := w.record(t, feed, items(4)...)
		must(t, w.SetBacklog(w.ctx, sub.ID, Backlog{Articles: 2}))
		sameIDs(t, "two", w.window(t, channel, ModeDigest), append(old[1:3:3], fresh...))
		must(t, w.SetBacklog(w.ctx, sub.ID, Backlog{Articles: 1}))
		sameIDs(t, "one", w.window(t, channel, ModeDigest), append(old[2:3:3], fresh...))
		_, err := w.Publish(w.ctx, takeAll(channel, feed, old[2], fresh[0]))
		must(t, err)
		// What was printed stays printed.
		must(t, w.SetBacklog(w.ctx, sub.ID, Backlog{Articles: 5}))
		sameIDs(t, "after printing", w.window(t, channel, ModeDigest), old[:2])
		wantErr(t, w.SetBacklog(w.ctx, 999, Backlog{}), ErrNotFound)

		never := w.feed(t, "https://never.example/")
		sub = w.subscribe(t, channel, never, ModeDigest, Backlog{})
		must(t, w.SetBacklog(w.ctx, sub.ID, Backlog{Articles: 1}))
		ids := w.record(t, never, items(1, 2)...)
		sameIDs(t, "set before the first visit", w.window(t, channel, ModeDigest), append(old[:2:2], ids[1]))
	})
}

func TestAChannelFollowsAFeedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		sub := w.subscribe(t, channel, feed, ModeDigest, Backlog{})
		_, err := w.Subscribe(w.ctx, Subscription{GuildID: 1, ChannelID: channel, FeedID: feed, Mode: ModeInstant}, Backlog{})
		wantErr(t, err, ErrExists)
		_, err = w.Subscribe(w.ctx, Subscription{GuildID: 1, ChannelID: channel, FeedID: 999}, Backlog{})
		wantErr(t, err, ErrNotFound)
		w.subscribe(t, channel+1, feed, ModeDigest, Backlog{})
		if sub.Feed.ID != feed || sub.Feed.Subscribers != 1 {
			t.Fatalf("Subscribe returned %+v", sub)
		}
	})
}

func TestRemovalUndoneLosesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		first := w.record(t, feed, items(1)...)
		sub := w.subscribe(t, channel, feed, ModeDigest, Backlog{Articles: 1})
		_, err := w.Publish(w.ctx, takeAll(channel, feed, first...))
		must(t, err)
		waiting := w.record(t, feed, items(2)...)
		removed := got[Subscription](t)(w.Unsubscribe(w.ctx, sub.ID))
		between := w.record(t, feed, items(3)...)
		sameIDs(t, "nobody follows", w.window(t, channel, ModeDigest), []int64{})
		got[Subscription](t)(w.Subscribe(w.ctx, removed, Backlog{Articles: 5}))
		sameIDs(t, "undone", w.window(t, channel, ModeDigest), append(waiting, between...))
		_, err = w.Unsubscribe(w.ctx, removed.ID)
		wantErr(t, err, ErrNotFound)
	})
}

func TestAFeedNobodyFollowsIsNotPolled(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		a := w.subscribe(t, channel, feed, ModeDigest, Backlog{})
		b := w.subscribe(t, channel+1, feed, ModeDigest, Backlog{})
		due := func(want int, when string) {
			t.Helper()
			all := got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 10, -time.Second))
			if len(all) != want {
				t.Fatalf("%s: %d feeds due, want %d", when, len(all), want)
			}
		}
		due(1, "two follow")
		got[Subscription](t)(w.Unsubscribe(w.ctx, a.ID))
		due(1, "one follows")
		must(t, w.ChannelGone(w.ctx, channel+1, "deleted"))
		due(0, "its channel is gone")
		w.subscribe(t, channel+2, feed, ModeDigest, Backlog{})
		due(1, "another follows")
		must(t, w.GuildGone(w.ctx, 1))
		due(0, "the guild is gone")
		must(t, w.SaveGuild(w.ctx, Guild{ID: 1, Name: "back"}))
		due(1, "the guild is back")
		must(t, w.ChannelGone(w.ctx, channel+2, "deleted"))
		got[Subscription](t)(w.Unsubscribe(w.ctx, b.ID))
		due(0, "nobody again")
		if _, begun, err := w.AddFeed(w.ctx, "https://tern.example/", ""); !begun || err != nil {
			t.Fatalf("AddFeed of a feed that is not polled: begun %v, %v", begun, err)
		}
		due(1, "added again")
	})
}

func TestSubscriptionsAreListedByGuildChannelAndFeed(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		f, g := w.feed(t, "https://f.example/"), w.feed(t, "https://g.example/")
		a := w.subscribe(t, 100, f, ModeDigest, Backlog{})
		b := w.subscribe(t, 101, f, ModeInstant, Backlog{})
		c := w.subscribe(t, 100, g, ModeDigest, Backlog{})
		d := w.subscribe(t, 200, g, ModeDigest, Backlog{})
		for _, row := range []struct {
			name string
			f    SubscriptionFilter
			want []int64
		}{
			{"all", SubscriptionFilter{}, []int64{a.ID, b.ID, c.ID, d.ID}},
			{"a guild", SubscriptionFilter{GuildID: 1}, []int64{a.ID, b.ID, c.ID}},
			{"a channel", SubscriptionFilter{ChannelID: 100}, []int64{a.ID, c.ID}},
			{"a feed", SubscriptionFilter{FeedID: g}, []int64{c.ID, d.ID}},
			{"a guild and a feed", SubscriptionFilter{GuildID: 2, FeedID: g}, []int64{d.ID}},
			{"a channel and a feed", SubscriptionFilter{ChannelID: 100, FeedID: g}, []int64{c.ID}},
			{"a channel of another guild", SubscriptionFilter{GuildID: 2, ChannelID: 100}, []int64{}},
		} {
			ids := []int64{}
			for _, s := range got[[]Subscription](t)(w.Subscriptions(w.ctx, row.f)) {
				ids = append(ids, s.ID)
				if s.Feed.ID != s.FeedID || s.Feed.Subscribers != 2 {
					t.Errorf("%s: feed of %+v", row.name, s)
				}
			}
			sameIDs(t, row.name, ids, row.want)
		}
	})
}

func TestSubscriptionIsUpdated(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		w.record(t, feed)
		sub := w.subscribe(t, channel, feed, ModeDigest, Backlog{})
		ids := w.record(t, feed, items(1)...)
		sub.Mode, sub.Title, sub.Weight = ModeInstant, "Mine", 3
		must(t, w.UpdateSubscription(w.ctx, sub))
		all := got[Window](t)(w.Window(w.ctx, channel, ModeInstant)).Articles
		if len(all) != 1 || all[0].ID != ids[0] || all[0].Weight != 3 {
			t.Fatalf("window after a change of mode and weight: %+v", all)
		}
		sub.Paused = true
		must(t, w.UpdateSubscription(w.ctx, sub))
		sameIDs(t, "paused", w.window(t, channel, ModeInstant), []int64{})
		sub.Feed = Feed{}
		now := got[[]Subscription](t)(w.Subscriptions(w.ctx, SubscriptionFilter{ChannelID: channel}))[0]
		now.Feed = Feed{}
		if diff := cmp.Diff(sub, now); diff != "" {
			t.Fatalf("subscription (-want +got):\n%s", diff)
		}
		wantErr(t, w.UpdateSubscription(w.ctx, Subscription{ID: 999}), ErrNotFound)
	})
}

func TestSuggestSubscriptions(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		for i, title := range []string{"Harbour Post", "Daily Quay", "L'Écho du Port", ""} {
			f, _, err := w.AddFeed(w.ctx, []string{"https://a.example/", "https://b.example/", "https://c.example/", "https://golang.org/feed"}[i], title)
			must(t, err)
			w.subscribe(t, channel, f.ID, ModeDigest, Backlog{})
		}
		for _, row := range []struct {
			typed string
			want  []string
		}{
			{"", []string{"Harbour Post", "Daily Quay", "L'Écho du Port", "https://golang.org/feed"}},
			{"po", []string{"Harbour Post", "L'Écho du Port"}},
			{"ECHO", []string{"L'Écho du Port"}},
			{"uay", []string{"Daily Quay"}},
			{"golang.org/f", []string{"https://golang.org/feed"}},
			{"nothing like it", nil},
		} {
			var names []string
			for _, s := range got[[]Subscription](t)(w.SuggestSubscriptions(w.ctx, 1, row.typed, 10)) {
				names = append(names, s.Name())
			}
			if diff := cmp.Diff(row.want, names); diff != "" {
				t.Errorf("typed %q (-want +got):\n%s", row.typed, diff)
			}
		}
		if n := len(got[[]Subscription](t)(w.SuggestSubscriptions(w.ctx, 1, "", 2))); n != 2 {
			t.Errorf("%d suggestions, want 2", n)
		}
		if n := len(got[[]Subscription](t)(w.SuggestSubscriptions(w.ctx, 2, "", 2))); n != 0 {
			t.Errorf("%d suggestions in another guild", n)
		}
	})
}

func TestAFeedIsPolledOnceSomebodyFollowsIt(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		due := func() []int64 {
			var ids []int64
			for _, f := range got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 10, -time.Minute)) {
				ids = append(ids, f.ID)
			}
			return ids
		}
		f := got[Feed](t)(w.KnowFeed(w.ctx, "https://lone.example/", "Lone Post"))
		if f.Title != "Lone Post" || len(due()) != 0 {
			t.Errorf("%+v is polled for nobody", f)
		}
		got[Feed](t)(w.LeaseFeed(w.ctx, f.ID, -time.Minute)) // a look before it is followed
		w.subscribe(t, channel, f.ID, ModeDigest, Backlog{})
		sameIDs(t, "due once it is followed", due(), []int64{f.ID})
		if again := got[Feed](t)(w.KnowFeed(w.ctx, "https://lone.example/", "")); again.ID != f.ID {
			t.Errorf("a feed that is there was added again: %+v", again)
		}
		sameIDs(t, "due after another look", due(), []int64{f.ID})
		// Whoever adds a feed for nobody in particular wants it polled.
		other := got[Feed](t)(w.KnowFeed(w.ctx, "https://other.example/", ""))
		if added, begun, err := w.AddFeed(w.ctx, "https://other.example/", ""); added.ID != other.ID || !begun || err != nil {
			t.Errorf("AddFeed of a feed that is only known = %+v, %v, %v", added, begun, err)
		}
		sameIDs(t, "due after AddFeed", due(), []int64{f.ID, other.ID})
	})
}

// On PostgreSQL a statement sees what was there when it began, also after it
// has waited for a lock: the look for followers must not begin before that.
func TestAFeedIsNotLeftAloneWhileSomebodyComesToFollowIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, postgresURL(t))
	feed, other := w.feed(t, "https://tern.example/"), w.open(t)
	left := make(chan error, 1)
	want := func(ctx context.Context, t *tx) error { return t.want(ctx, sqlFeedsUnwanted, feed) }
	must(t, w.write(w.ctx, "subscribe slowly", func(ctx context.Context, tx *tx) error {
		if _, err := collectIDs(tx.query(ctx, sqlFeedsLock, array([]int64{feed}))); err != nil {
			return err
		}
		const q = `INSERT INTO subscription (guild_id, channel_id, feed_id, mode, title, paused, weight, start, cursor, fresh,
			backlog_articles, backlog_age, created_by, created_at) VALUES (1, 2, $1, 'digest', '', 0, 0, 0, 0, 1, 0, 0, 0, 0)`
		if _, err := tx.exec(ctx, q, feed); err != nil {
			return err
		}
		go func() { left <- other.write(w.ctx, "leave feed alone", want) }()
		return tx.untilOneWaits(ctx, func() bool { return len(left) > 0 })
	}))
	must(t, <-left)
	due := got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 10, time.Minute))
	if len(due) != 1 {
		t.Error("the feed has a follower and is not polled")
	}
}

func TestAChannelThatIsThereAfterAllHasItsFeedsPolled(t *testing.T) {
	for name, back := range map[string]func(w world, another int64) error{
		"it follows another feed": func(w world, another int64) error {
			_, err := w.Subscribe(w.ctx, Subscription{GuildID: 1, ChannelID: channel, FeedID: another}, Backlog{})
			return err
		},
		"it gets a digest": func(w world, _ int64) error {
			_, err := w.CreateDigest(w.ctx, Digest{GuildID: 1, ChannelID: channel, Name: "Evening"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, w world) {
				feed := w.feed(t, "https://tern.example/")
				w.subscribe(t, channel, feed, ModeDigest, Backlog{})
				must(t, w.ChannelGone(w.ctx, channel, "Unknown Channel"))
				if due := got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 10, -time.Minute)); len(due) != 0 {
					t.Fatalf("%d feeds of a channel that is gone are due", len(due))
				}
				must(t, back(w, w.feed(t, "https://quay.example/")))
				due := got[[]Feed](t)(w.LeaseDueFeeds(w.ctx, 10, time.Minute))
				if !slices.ContainsFunc(due, func(f Feed) bool { return f.ID == feed }) {
					t.Error("the feed that it followed all along is not polled")
				}
			})
		})
	}
}
