package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"broadsheet/bot/schedule"
	"broadsheet/bot/store"
)

// First says for which channel FirstDigest makes a digest. Zone and Locale
// serve where the server has none of its own.
type First struct {
	GuildID, ChannelID int64
	Channel            string // its name, after which the digest is named
	Zone, Locale       string
	CreatedBy          int64
}

// FirstDigest gives a channel that has no digest its first, DefaultSchedule in
// the server's time zone. created is false, and the digest zero, where the
// channel had one.
func FirstDigest(ctx context.Context, s *store.Store, f First) (d store.Digest, created bool, err error) {
	guild, err := s.Guild(ctx, f.GuildID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return d, false, err
	}
	zone, err := schedule.LoadZone(cmp.Or(guild.Timezone, f.Zone))
	if err != nil {
		return d, false, fmt.Errorf("load time zone: %w", err)
	}
	plan, err := schedule.Parse(DefaultSchedule)
	if err != nil {
		return d, false, fmt.Errorf("read the default schedule: %w", err)
	}
	first := store.Digest{
		GuildID: f.GuildID, ChannelID: f.ChannelID, Schedule: plan.String(), Timezone: zone.String(),
		Locale: cmp.Or(guild.Locale, f.Locale), Options: Settings{}.String(), NextRun: plan.Next(time.Now(), zone), CreatedBy: f.CreatedBy,
	}
	for first.Name = range numbered(f.Channel) {
		if d, created, err = s.CreateFirstDigest(ctx, first); !errors.Is(err, store.ErrExists) {
			break
		}
	}
	return d, created, err
}

// namesTried bounds how many numbers are put behind a name that is taken.
const namesTried = 100

// numbered yields a name, then "name 2", "name 3" and so on.
func numbered(name string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(name) {
			return
		}
		for n := 2; n <= namesTried; n++ {
			if !yield(fmt.Sprintf("%s %d", name, n)) {
				return
			}
		}
	}
}
