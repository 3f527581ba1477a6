package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

const (
	sqlGuildSave = `INSERT INTO guild (id, name, locale, timezone, gone) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, locale = excluded.locale, gone = 0,
		timezone = CASE WHEN excluded.timezone = '' THEN guild.timezone ELSE excluded.timezone END`
	sqlGuild     = `SELECT id, name, locale, timezone, gone FROM guild WHERE id = $1`
	sqlGuildGone = `INSERT INTO guild (id, name, locale, timezone, gone) VALUES ($1, '', '', '', 1)
		ON CONFLICT (id) DO UPDATE SET gone = 1`
	sqlGuildDrop = `UPDATE delivery SET state = 'dropped', why = $1, done_at = $2
		WHERE guild_id = $3 AND state = 'pending'`
	sqlGuildFeeds = `SELECT DISTINCT feed_id FROM subscription WHERE guild_id = $1`

	// A channel belongs to one guild for ever; Discord does not move channels.
	sqlChannelKnow = `INSERT INTO channel (id, guild_id) VALUES ($1, $2)
		ON CONFLICT (id) DO UPDATE SET guild_id = CASE WHEN excluded.guild_id = 0 THEN channel.guild_id ELSE excluded.guild_id END, gone = 0, gone_why = ''`
	sqlChannelGone = `INSERT INTO channel (id, guild_id, gone, gone_why) VALUES ($1, 0, 1, $2)
		ON CONFLICT (id) DO UPDATE SET gone = 1, gone_why = excluded.gone_why`
	sqlChannelDrop = `UPDATE delivery SET state = 'dropped', why = $1, done_at = $2
		WHERE channel_id = $3 AND state = 'pending'`
	sqlChannelFeeds = `SELECT DISTINCT feed_id FROM subscription WHERE channel_id = $1`
	sqlChannelPark  = `INSERT INTO channel (id, guild_id, parked, parked_why, parked_at) VALUES ($1, 0, 1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET parked = 1, parked_why = excluded.parked_why,
		parked_at = CASE WHEN channel.parked_at = 0 THEN excluded.parked_at ELSE channel.parked_at END
		WHERE channel.parked = 0`
	// Not when it is released: that is a hope until something is posted.
	sqlChannelServed = `UPDATE channel SET parked_at = 0, told = 0 WHERE parked_at > 0 AND parked = 0
		AND id = (SELECT d.channel_id FROM delivery d WHERE d.id = $1)`
	sqlChannelWasTold = `SELECT told FROM channel WHERE id = $1 {lock}`
	sqlChannelTold    = `UPDATE channel SET told = 1 WHERE id = $1 AND told = 0 AND parked_at > 0`
	sqlChannelsUntold = `SELECT id FROM channel WHERE guild_id = $1 AND parked = 1 AND gone = 0 AND told = 0 ORDER BY id`
	sqlChannelUnpark  = `UPDATE channel SET parked = 0, parked_why = '' WHERE id = $1 AND parked = 1`
	sqlChannelParked  = `SELECT parked_why FROM channel WHERE id = $1 AND parked = 1`

	sqlChannelWasGone = `SELECT id FROM channel WHERE id = $1 AND gone = 1`
	sqlFeedsLock      = `SELECT id FROM feed WHERE id IN {each $1} ORDER BY id {lock}`
	// A feed is polled as long as a subscription of a channel that still
	// exists wants it.
	sqlFeedsWanted = `UPDATE feed SET polled = 1 WHERE polled = 0 AND id IN {each $1} AND EXISTS (
		SELECT 1 FROM subscription s LEFT JOIN channel c ON c.id = s.channel_id LEFT JOIN guild g ON g.id = s.guild_id
		WHERE s.feed_id = feed.id AND COALESCE(c.gone, 0) = 0 AND COALESCE(g.gone, 0) = 0)`
	sqlFeedsUnwanted = `UPDATE feed SET polled = 0 WHERE polled = 1 AND id IN {each $1} AND NOT EXISTS (
		SELECT 1 FROM subscription s LEFT JOIN channel c ON c.id = s.channel_id LEFT JOIN guild g ON g.id = s.guild_id
		WHERE s.feed_id = feed.id AND COALESCE(c.gone, 0) = 0 AND COALESCE(g.gone, 0) = 0)`
)

// wantAll is want for the feeds that query finds for id.
func (t *tx) wantAll(ctx context.Context, change, query string, id int64) error {
	ids, err := collectIDs(t.query(ctx, query, id))
	if err != nil || len(ids) == 0 {
		return err
	}
	return t.want(ctx, change, ids...)
}

// want polls feeds again, or no longer. The lock keeps Subscribe from coming
// between the look for followers and the change, and is a statement of its own:
// PostgreSQL looks at what was there when a statement began, also after it has
// waited.
func (t *tx) want(ctx context.Context, change string, feeds ...int64) error {
	if _, err := collectIDs(t.query(ctx, sqlFeedsLock, array(feeds))); err != nil {
		return err
	}
	_, err := t.exec(ctx, change, array(feeds))
	return err
}

// knowChannel stores that a channel exists and whose it is. What had been
// deleted and is there after all gets its feeds polled again.
func (t *tx) knowChannel(ctx context.Context, channelID, guildID int64) error {
	gone, err := collectIDs(t.query(ctx, sqlChannelWasGone, channelID))
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, sqlChannelKnow, channelID, guildID); err != nil || len(gone) == 0 {
		return err
	}
	return t.wantAll(ctx, sqlFeedsWanted, sqlChannelFeeds, channelID)
}

// SaveGuild stores what Discord tells of a guild the bot is in. A timezone
// that was chosen stays unless g brings another.
func (s *Store) SaveGuild(ctx context.Context, g Guild) error {
	return s.write(ctx, "save guild", func(ctx context.Context, t *tx) error {
		if _, err := t.exec(ctx, sqlGuildSave, g.ID, clean(g.Name), clean(g.Locale), clean(g.Timezone)); err != nil {
			return err
		}
		return t.wantAll(ctx, sqlFeedsWanted, sqlGuildFeeds, g.ID)
	})
}

// Guild returns a guild, ErrNotFound if it was never saved.
func (s *Store) Guild(ctx context.Context, id int64) (Guild, error) {
	var g Guild
	var gone int64
	err := s.row(ctx, sqlGuild, id).Scan(&g.ID, &g.Name, &g.Locale, &g.Timezone, &gone)
	g.Gone = gone != 0
	return g, s.wrap("read guild", err)
}

// GuildGone records that the bot was removed from a guild: its pending
// deliveries are dropped, its digests and subscriptions rest until SaveGuild.
func (s *Store) GuildGone(ctx context.Context, id int64) error {
	return s.write(ctx, "record that a guild is gone", func(ctx context.Context, t *tx) error {
		if _, err := t.exec(ctx, sqlGuildGone, id); err != nil {
			return err
		}
		if _, err := t.exec(ctx, sqlGuildDrop, "the bot was removed from the server", clock(), id); err != nil {
			return err
		}
		return t.wantAll(ctx, sqlFeedsUnwanted, sqlGuildFeeds, id)
	})
}

// ChannelGone records that a channel was deleted: its pending deliveries are
// dropped, its digests and subscriptions rest.
func (s *Store) ChannelGone(ctx context.Context, channelID int64, why string) error {
	return s.write(ctx, "record that a channel is gone", func(ctx context.Context, t *tx) error {
		if _, err := t.exec(ctx, sqlChannelGone, channelID, clean(why)); err != nil {
			return err
		}
		if _, err := t.exec(ctx, sqlChannelDrop, clean(why), clock(), channelID); err != nil {
			return err
		}
		return t.wantAll(ctx, sqlFeedsUnwanted, sqlChannelFeeds, channelID)
	})
}

// ParkChannel holds a channel up because a permission is missing: its
// deliveries stay pending, its digests and instant posts wait, until
// UnparkChannel. untold says that it was parked by this call and that an admin
// is still to be told of it (TellParked): what is released on a guess and
// refused again is no news.
func (s *Store) ParkChannel(ctx context.Context, channelID int64, why string) (untold bool, err error) {
	err = s.write(ctx, "park channel", func(ctx context.Context, t *tx) error {
		var told int64
		err := t.row(ctx, sqlChannelWasTold, channelID).Scan(&told)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		n, err := t.exec(ctx, sqlChannelPark, channelID, clean(why), clock())
		untold = n > 0 && told == 0
		return err
	})
	return untold, err
}

// TellParked notes that an admin is told of a parked channel and queues the
// messages that tell it, in one transaction; none if nobody can be told. Once
// it is noted, until something has been posted in the channel again, nothing
// more is queued.
func (s *Store) TellParked(ctx context.Context, channelID int64, notices ...DirectNotice) error {
	return s.write(ctx, "tell of a parked channel", func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, sqlChannelTold, channelID)
		if err != nil || n == 0 {
			return err
		}
		return t.notify(ctx, notices)
	})
}

// UntoldChannels lists the parked channels of a guild of which no admin has
// been told.
func (s *Store) UntoldChannels(ctx context.Context, guildID int64) ([]int64, error) {
	rows, err := s.query(ctx, sqlChannelsUntold, guildID)
	ids, err := collect(rows, err, scanID)
	return ids, s.wrap("list untold channels", err)
}

// UnparkChannel lets a channel's deliveries go on.
func (s *Store) UnparkChannel(ctx context.Context, channelID int64) error {
	return s.write(ctx, "unpark channel", func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, sqlChannelUnpark, channelID)
		return err
	})
}

// Parked reports whether a channel is parked and why. A channel nobody knows is not.
func (s *Store) Parked(ctx context.Context, channelID int64) (why string, parked bool, err error) {
	err = s.row(ctx, sqlChannelParked, channelID).Scan(&why)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return why, err == nil, s.wrap("read channel", err)
}

// until is the end of a lease that begins now.
func until(ttl time.Duration) int64 { return clock() + ttl.Milliseconds() }
