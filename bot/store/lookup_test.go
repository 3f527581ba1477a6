package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAPrintedEditionIsReadBackInItsOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, dg := press(t, w)
		ids := w.record(t, feed, items(1, 2, 3)...)
		e := takeAll(channel, feed, ids[2], ids[0])
		e.DigestID, e.Taken[0].StoryLead = dg.ID, ids[2]
		e.Taken[1].Fate = FateLine
		_, err := w.Publish(w.ctx, e)
		must(t, err)
		all := got[[]PrintedArticle](t)(w.PrintedEdition(w.ctx, dg.ID, 1))
		if len(all) != 2 || all[0].ID != ids[2] || all[1].ID != ids[0] || all[0].Fate != FateCard || all[1].Fate != FateLine {
			t.Fatalf("edition 1: %+v", all)
		}
		if all[0].Title != "Headline 3" || all[0].FeedTitle != "The Tern" || all[0].StoryLead != 0 || all[0].Published.IsZero() {
			t.Fatalf("its lead: %+v", all[0])
		}
		sub := got[[]Subscription](t)(w.Subscriptions(w.ctx, SubscriptionFilter{ChannelID: channel}))[0]
		sub.Title = "Mine"
		must(t, w.UpdateSubscription(w.ctx, sub))
		if all = got[[]PrintedArticle](t)(w.PrintedEdition(w.ctx, dg.ID, 1)); all[0].FeedTitle != "Mine" {
			t.Fatalf("the channel's own name for the feed: %q", all[0].FeedTitle)
		}
		_, err = w.PrintedEdition(w.ctx, dg.ID, 2)
		wantErr(t, err, ErrNotFound)
	})
}

func TestCountsOfAChannel(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		w.subscribe(t, channel, feed, ModeInstant, Backlog{})
		if n := got[int](t)(w.Overdue(w.ctx, channel)); n != 1 {
			t.Errorf("%d feeds are overdue, want the one never visited", n)
		}
		w.record(t, feed)
		if n := got[int](t)(w.Overdue(w.ctx, channel)); n != 0 {
			t.Errorf("%d feeds are overdue after a visit", n)
		}
		enqueue(t, w, channel, "notice")
		_, err := w.Enqueue(w.ctx, 1, channel, Outgoing{Payload: []byte("post"), Kind: "instant"})
		must(t, err)
		enqueue(t, w, channel+1, "elsewhere")
		if n := got[int](t)(w.PendingIn(w.ctx, channel)); n != 2 {
			t.Errorf("%d deliveries wait, want 2", n)
		}
		if n := got[int](t)(w.InstantSince(w.ctx, channel, time.Now().Add(-time.Hour))); n != 1 {
			t.Errorf("%d instant posts in the last hour, want 1", n)
		}
		if n := got[int](t)(w.InstantSince(w.ctx, channel, time.Now().Add(time.Hour))); n != 0 {
			t.Errorf("%d instant posts in the next hour", n)
		}
	})
}

func TestWhoMayReadAnArticle(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed, _ := press(t, w) // guild 1 follows
		ids := w.record(t, feed, items(1, 2)...)
		_, err := w.Publish(w.ctx, takeAll(channel, feed, ids[0]))
		must(t, err)
		may := func(guild, id int64) bool { return got[bool](t)(w.MayRead(w.ctx, guild, id)) }
		if !may(1, ids[0]) || !may(1, ids[1]) || may(2, ids[0]) || may(1, 999) {
			t.Error("a guild may read what it follows, and nothing else")
		}
		sub := got[[]Subscription](t)(w.Subscriptions(w.ctx, SubscriptionFilter{ChannelID: channel}))[0]
		got[Subscription](t)(w.Unsubscribe(w.ctx, sub.ID))
		if !may(1, ids[0]) || may(1, ids[1]) {
			t.Error("a guild may go on reading what it has printed, and nothing else")
		}
		must(t, w.Save(w.ctx, 7, ids[0]))
		if !got[bool](t)(w.IsSaved(w.ctx, 7, ids[0])) || got[bool](t)(w.IsSaved(w.ctx, 8, ids[0])) || got[bool](t)(w.IsSaved(w.ctx, 7, ids[1])) {
			t.Error("IsSaved")
		}
	})
}

func TestGuildsAreListed(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		must(t, w.SaveGuild(w.ctx, Guild{ID: 2, Name: "B", Locale: "de", Timezone: "UTC"}))
		must(t, w.SaveGuild(w.ctx, Guild{ID: 1, Name: "A"}))
		must(t, w.GuildGone(w.ctx, 1))
		want := []Guild{{ID: 1, Name: "A", Gone: true}, {ID: 2, Name: "B", Locale: "de", Timezone: "UTC"}}
		if diff := cmp.Diff(want, got[[]Guild](t)(w.Guilds(w.ctx))); diff != "" {
			t.Fatalf("Guilds (-want +got):\n%s", diff)
		}
	})
}
