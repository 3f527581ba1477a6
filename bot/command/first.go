package command

import (
	"context"
	"errors"
	"fmt"
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
	there, err := s.Digests(ctx, store.DigestFilter{ChannelID: f.ChannelID})
	if err != nil {
		return d, false, fmt.Errorf("list digests: %w", err)
	}
	if len(there) > 0 {
		return d, false, nil
	}
	guild, err := s.Guild(ctx, f.GuildID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return d, false, fmt.Errorf("read server: %w", err)
	}
	if guild.Timezone != "" {
		f.Zone = guild.Timezone
	}
	if guild.Locale != "" {
		f.Locale = guild.Locale
	}
	zone, err := schedule.LoadZone(f.Zone)
	if err != nil {
		return d, false, fmt.Errorf("load time zone: %w", err)
	}
	plan, err := schedule.Parse(DefaultSchedule)
	if err != nil {
		return d, false, fmt.Errorf("read the default schedule: %w", err)
	}
	d, err = createNumbered(ctx, s, store.Digest{
		GuildID: f.GuildID, ChannelID: f.ChannelID, Name: f.Channel, Schedule: plan.String(), Timezone: zone.String(),
		Locale: f.Locale, Options: Settings{}.String(), NextRun: plan.Next(time.Now(), zone), CreatedBy: f.CreatedBy,
	})
	return d, err == nil, err
}

// namesTried bounds how many numbers createNumbered tries.
const namesTried = 100

// createNumbered creates d, with a number behind its name where that is taken.
func createNumbered(ctx context.Context, s *store.Store, d store.Digest) (store.Digest, error) {
	name := d.Name
	for n := 1; ; n++ {
		if n > 1 {
			d.Name = fmt.Sprintf("%s %d", name, n)
		}
		created, err := s.CreateDigest(ctx, d)
		if !errors.Is(err, store.ErrExists) || n == namesTried {
			if err != nil {
				return d, fmt.Errorf("create digest: %w", err)
			}
			return created, nil
		}
	}
}
