package store

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDigestComesBackAsItWas(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		dg := Digest{GuildID: 1, ChannelID: 100, Name: "Morning Edition", Schedule: "daily 08:00", Timezone: "Europe/Berlin", Locale: "de",
			Options: `{"cards":5}`, NextRun: time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC), Declared: true, CreatedBy: 9}
		made := got[Digest](t)(w.CreateDigest(w.ctx, dg))
		dg.ID, dg.CreatedAt = made.ID, made.CreatedAt
		if diff := cmp.Diff(dg, made); diff != "" || made.ID == 0 || made.CreatedAt.IsZero() {
			t.Fatalf("CreateDigest (-want +got):\n%s", diff)
		}
		dg.Name, dg.ChannelID, dg.Schedule, dg.Timezone, dg.Locale = "Evening", 101, "daily 20:00", "UTC", "fr"
		dg.Options, dg.NextRun, dg.Paused, dg.Declared = `{}`, dg.NextRun.Add(time.Hour), true, false
		must(t, w.UpdateDigest(w.ctx, dg))
		if diff := cmp.Diff(dg, got[Digest](t)(w.Digest(w.ctx, dg.ID))); diff != "" {
			t.Fatalf("UpdateDigest (-want +got):\n%s", diff)
		}
		must(t, w.DeleteDigest(w.ctx, dg.ID))
		_, err := w.Digest(w.ctx, dg.ID)
		wantErr(t, err, ErrNotFound)
		wantErr(t, w.DeleteDigest(w.ctx, dg.ID), ErrNotFound)
		wantErr(t, w.UpdateDigest(w.ctx, dg), ErrNotFound)
	})
}

func TestDigestNamesAreUniqueInAGuild(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		make := func(guild int64, name string) (Digest, error) {
			return w.CreateDigest(w.ctx, Digest{GuildID: guild, ChannelID: guild * 100, Name: name})
		}
		a := got[Digest](t)(make(1, "Früh"))
		_, err := make(1, " FRÜH ")
		wantErr(t, err, ErrExists)
		got[Digest](t)(make(2, "Früh"))
		b := got[Digest](t)(make(1, "🗞"))
		got[Digest](t)(make(1, "🌍"))
		b.Name = "früh"
		wantErr(t, w.UpdateDigest(w.ctx, b), ErrExists)
		a.Name = "FRÜH" // its own name in other letters
		must(t, w.UpdateDigest(w.ctx, a))
		for _, row := range []struct {
			f    DigestFilter
			want int
		}{
			{DigestFilter{}, 4}, {DigestFilter{GuildID: 1}, 3}, {DigestFilter{GuildID: 1, Name: "frÜh"}, 1}, {DigestFilter{Name: "FRÜH"}, 2},
			{DigestFilter{ChannelID: 200}, 1}, {DigestFilter{GuildID: 2, ChannelID: 100}, 0}, {DigestFilter{Name: "🌍"}, 1},
		} {
			if all := got[[]Digest](t)(w.Digests(w.ctx, row.f)); len(all) != row.want {
				t.Errorf("Digests(%+v) found %d, want %d", row.f, len(all), row.want)
			}
		}
	})
}

func TestDueDigestsAreLeasedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		now := time.Now()
		add := func(name string, channel int64, next time.Time, paused bool) int64 {
			return got[Digest](t)(w.CreateDigest(w.ctx, Digest{GuildID: channel / 100, ChannelID: channel, Name: name, NextRun: next, Paused: paused})).ID
		}
		late := add("late", 100, now.Add(-time.Minute), false)
		later := add("later", 100, now.Add(-time.Hour), false)
		add("future", 100, now.Add(time.Hour), false)
		add("paused", 100, now.Add(-time.Hour), true)
		add("never", 100, time.Time{}, false)
		add("parked", 101, now.Add(-time.Hour), false)
		add("deleted", 102, now.Add(-time.Hour), false)
		add("left", 200, now.Add(-time.Hour), false)
		_, err := w.ParkChannel(w.ctx, 101, "Send Messages")
		must(t, err)
		must(t, w.ChannelGone(w.ctx, 102, ""))
		must(t, w.GuildGone(w.ctx, 2))

		other := w.open(t)
		ids := []int64{}
		for _, d := range got[[]Digest](t)(w.LeaseDueDigests(w.ctx, 10, time.Minute)) {
			ids = append(ids, d.ID)
		}
		sameIDs(t, "due digests, longest due first", ids, []int64{later, late})
		if all := got[[]Digest](t)(other.LeaseDueDigests(w.ctx, 10, time.Minute)); len(all) != 0 {
			t.Fatalf("leased twice: %+v", all)
		}
		_, err = other.LeaseDigest(w.ctx, late, time.Minute)
		wantErr(t, err, ErrLeaseLost)
		_, err = w.LeaseDigest(w.ctx, late, time.Minute) // two jobs of one process
		wantErr(t, err, ErrLeaseLost)
		wantErr(t, other.ReleaseDigest(w.ctx, late), ErrLeaseLost)
		wantErr(t, other.ReleaseDigest(w.ctx, 999), ErrNotFound)
		next := now.Add(time.Hour).Truncate(time.Millisecond).UTC()
		edited := got[Digest](t)(w.Digest(w.ctx, late))
		edited.NextRun = next // by an admin, under the lease
		must(t, w.UpdateDigest(w.ctx, edited))
		must(t, w.ReleaseDigest(w.ctx, late))
		must(t, w.ReleaseDigest(w.ctx, later))
		if d := got[Digest](t)(w.Digest(w.ctx, late)); !d.NextRun.Equal(next) {
			t.Fatalf("next run %v, want the edited one, %v", d.NextRun, next)
		}
		if all := got[[]Digest](t)(other.LeaseDueDigests(w.ctx, 10, time.Minute)); len(all) != 1 || all[0].ID != later {
			t.Fatalf("due after a release: %+v", all)
		}
		_, err = w.LeaseDigest(w.ctx, 999, time.Minute)
		wantErr(t, err, ErrNotFound)
	})
}

func TestAChannelGetsItsFirstDigestOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		first := func(channel int64, name string) (bool, error) {
			d, created, err := w.CreateFirstDigest(w.ctx, Digest{GuildID: 1, ChannelID: channel, Name: name})
			if created != (d.ID != 0) || created != (d.Name != "") {
				t.Errorf("CreateFirstDigest = %+v, %v, %v", d, created, err)
			}
			return created, err
		}
		if created, err := first(100, "Morning"); !created || err != nil {
			t.Fatalf("first digest: %v, %v", created, err)
		}
		if created, err := first(100, "Evening"); created || err != nil {
			t.Fatalf("first digest of a channel that has one: %v, %v", created, err)
		}
		created, err := first(101, "morning")
		wantErr(t, err, ErrExists)
		if created {
			t.Error("created under a name that is taken")
		}
	})
}

// Two feeds that are added to a channel at the same time make one digest.
func TestFirstDigestsOfAChannelWaitForEachOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, postgresURL(t))
	other, made := w.open(t), make(chan bool, 1)
	must(t, w.write(w.ctx, "make the first digest slowly", func(ctx context.Context, tx *tx) error {
		if err := tx.knowChannel(ctx, 100, 1); err != nil {
			return err
		}
		if _, err := tx.addDigest(ctx, Digest{GuildID: 1, ChannelID: 100, Name: "Morning"}); err != nil {
			return err
		}
		go func() {
			_, created, err := other.CreateFirstDigest(w.ctx, Digest{GuildID: 1, ChannelID: 100, Name: "Evening"})
			if err != nil {
				t.Error(err)
			}
			made <- created
		}()
		return tx.untilOneWaits(ctx, func() bool { return len(made) > 0 })
	}))
	if <-made {
		t.Error("a second first digest was made")
	}
}

// The name is free when both look, and one of them is refused like anybody who
// comes later.
func TestOneOfTwoRenamesToOneNameIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, postgresURL(t))
	var pair [2]Digest
	for i, name := range []string{"Morning", "Noon"} {
		pair[i] = got[Digest](t)(w.CreateDigest(w.ctx, Digest{GuildID: 1, ChannelID: int64(100 + i), Name: name}))
		pair[i].Name = "Evening"
	}
	other, renamed := w.open(t), make(chan error, 1)
	must(t, w.write(w.ctx, "rename slowly", func(ctx context.Context, tx *tx) error {
		if err := tx.updateDigest(ctx, pair[0]); err != nil {
			return err
		}
		go func() { renamed <- other.UpdateDigest(w.ctx, pair[1]) }()
		return tx.untilOneWaits(ctx, func() bool { return len(renamed) > 0 })
	}))
	wantErr(t, <-renamed, ErrExists)
	if d := got[Digest](t)(w.Digest(w.ctx, pair[1].ID)); d.Name != "Noon" {
		t.Errorf("the digest that was refused its name is called %q", d.Name)
	}
}
