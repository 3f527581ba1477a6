package store

import (
	"context"
	"fmt"
)

const (
	sqlChannelLock = `SELECT c.gone + (SELECT COUNT(*) FROM guild g WHERE g.id = $1 AND g.gone = 1) FROM channel c WHERE c.id = $2 {lock}`
	sqlDigestLock  = `SELECT edition, lease_owner FROM digest WHERE id = $1 {lock}`
	sqlEditionAdd  = `INSERT INTO edition (digest_id, channel_id, ordinal, created_at) VALUES ($1, $2, $3, $4) RETURNING id`
	sqlFateAdd     = `INSERT INTO fate (channel_id, article_id, feed_id, edition_id, seq, fate, story_lead, detail, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (channel_id, article_id) DO NOTHING`
	sqlFateFeed    = `SELECT feed_id FROM article WHERE id = $1`
	sqlFateCount   = `INSERT INTO fate (channel_id, article_id, feed_id, edition_id, seq, fate, story_lead, detail, at)
		SELECT u.channel_id, u.article_id, u.feed_id, CAST($1 AS BIGINT), 1000000, 'counted', 0, '', CAST($2 AS BIGINT) FROM untaken u
		WHERE u.channel_id = $3 AND u.mode = $4 AND u.paused = 0 AND u.article_id < $5 ON CONFLICT (channel_id, article_id) DO NOTHING`
	sqlTakenSubs = `SELECT s.id, s.feed_id, s.cursor, MAX(f.article_id) FROM fate f JOIN subscription s ON s.feed_id = f.feed_id AND s.channel_id = f.channel_id
		WHERE f.edition_id = $1 GROUP BY s.id, s.feed_id, s.cursor`
	// Whatever lies below the new cursor and was not taken stays untaken.
	sqlLeftBehind = `INSERT INTO backlog (subscription_id, article_id) SELECT CAST($1 AS BIGINT), a.id FROM article a
		WHERE a.feed_id = $2 AND a.id > $3 AND a.id < $4
		AND NOT EXISTS (SELECT 1 FROM fate f WHERE f.channel_id = $5 AND f.article_id = a.id)`
	sqlCursor       = `UPDATE subscription SET cursor = $1 WHERE id = $2 AND cursor < $1`
	sqlBacklogTaken = `DELETE FROM backlog WHERE subscription_id = $1
		AND EXISTS (SELECT 1 FROM fate f WHERE f.channel_id = $2 AND f.article_id = backlog.article_id)`
	// A run that lies in the future was set under the lease, by an admin who
	// changed the schedule: ours is of the old one.
	sqlDigestPrinted = `UPDATE digest SET edition = edition + 1, last_sent = $1, lease_until = 0,
		next_run = CASE WHEN next_run > $1 OR CAST($2 AS BIGINT) = 0 THEN next_run ELSE $2 END WHERE id = $3`
	sqlDigestQuiet = `UPDATE digest SET lease_until = 0,
		next_run = CASE WHEN next_run > $1 OR CAST($2 AS BIGINT) = 0 THEN next_run ELSE $2 END WHERE id = $3`
)

// Publish prints an edition in one transaction: its messages are queued in
// order, the fate of every article it used is kept, the channel's cursors
// move on, and the digest's lease ends with its next run set.
//
// An article is taken once in a channel. If one of e.Taken has been taken since
// Window was read, or the digest is leased to somebody else, Publish writes
// nothing and returns ErrLeaseLost. Articles of the window that are not in
// e.Taken stay in the window. ErrNotFound says that the channel or the digest
// is gone. The result is the ids of the deliveries.
func (s *Store) Publish(ctx context.Context, e Edition) (deliveries []int64, err error) {
	err = s.write(ctx, "publish", func(ctx context.Context, t *tx) error {
		ordinal, err := t.mayPublish(ctx, e)
		if err != nil {
			return err
		}
		var edition int64
		if len(e.Messages) == 0 {
			ordinal = 0
		}
		if err := t.row(ctx, sqlEditionAdd, e.DigestID, e.ChannelID, ordinal, clock()).Scan(&edition); err != nil {
			return err
		}
		if err := t.take(ctx, edition, e); err != nil {
			return err
		}
		if err := t.advance(ctx, edition, e.ChannelID); err != nil {
			return err
		}
		deliveries = deliveries[:0]
		for i, m := range e.Messages {
			id, err := t.enqueue(ctx, e.GuildID, e.ChannelID, edition, i, m)
			if err != nil {
				return err
			}
			deliveries = append(deliveries, id)
		}
		return t.finishDigest(ctx, e)
	}, sqlFateAdd)
	if err != nil {
		return nil, err
	}
	return deliveries, nil
}

// mayPublish locks channel and digest and returns the number of the edition.
func (t *tx) mayPublish(ctx context.Context, e Edition) (ordinal int64, err error) {
	// The lock makes the ids of a channel's deliveries follow their commits.
	var gone int64
	if err := t.lockChannel(ctx, e.GuildID, e.ChannelID, &gone); err != nil {
		return 0, err
	}
	if gone != 0 {
		return 0, fmt.Errorf("channel %d is gone: %w", e.ChannelID, ErrNotFound)
	}
	if e.DigestID == 0 {
		return 0, nil
	}
	var printed, owner int64
	if err := t.row(ctx, sqlDigestLock, e.DigestID).Scan(&printed, &owner); err != nil {
		return 0, err
	}
	if owner != t.s.owner || e.Ordinal != 0 && e.Ordinal != printed+1 {
		return 0, ErrLeaseLost
	}
	return printed + 1, nil
}

// take records the fates of the articles used up.
func (t *tx) take(ctx context.Context, edition int64, e Edition) error {
	now := clock()
	for i, a := range e.Taken {
		if a.FeedID == 0 {
			if err := t.row(ctx, sqlFateFeed, a.ArticleID).Scan(&a.FeedID); err != nil {
				return fmt.Errorf("article %d: %w", a.ArticleID, err)
			}
		}
		if a.StoryLead == a.ArticleID {
			a.StoryLead = 0
		}
		n, err := t.exec(ctx, sqlFateAdd, e.ChannelID, a.ArticleID, a.FeedID, edition, int64(i), string(a.Fate), a.StoryLead, clean(a.Detail), now)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("article %d was taken already: %w", a.ArticleID, ErrLeaseLost)
		}
	}
	if e.CountBelow == 0 {
		return nil
	}
	_, err := t.exec(ctx, sqlFateCount, edition, now, e.ChannelID, string(e.Mode), e.CountBelow)
	return err
}

// advance moves the cursors of the subscriptions whose articles were taken.
func (t *tx) advance(ctx context.Context, edition, channelID int64) error {
	type moved struct{ sub, feed, cursor, to int64 }
	rows, err := t.query(ctx, sqlTakenSubs, edition)
	all, err := collect(rows, err, func(r scanner) (m moved, err error) {
		return m, r.Scan(&m.sub, &m.feed, &m.cursor, &m.to)
	})
	if err != nil {
		return err
	}
	for _, m := range all {
		if _, err := t.exec(ctx, sqlLeftBehind, m.sub, m.feed, m.cursor, m.to, channelID); err != nil {
			return err
		}
		if _, err := t.exec(ctx, sqlCursor, m.to, m.sub); err != nil {
			return err
		}
		if _, err := t.exec(ctx, sqlBacklogTaken, m.sub, channelID); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) finishDigest(ctx context.Context, e Edition) error {
	switch {
	case e.DigestID == 0:
		return nil
	case len(e.Messages) == 0:
		_, err := t.exec(ctx, sqlDigestQuiet, clock(), millis(e.NextRun), e.DigestID)
		return err
	}
	_, err := t.exec(ctx, sqlDigestPrinted, clock(), millis(e.NextRun), e.DigestID)
	return err
}

// lockChannel makes sure that a channel is known and locks its row.
func (t *tx) lockChannel(ctx context.Context, guildID, channelID int64, gone *int64) error {
	if _, err := t.exec(ctx, sqlChannelMeet, channelID, guildID); err != nil {
		return err
	}
	return t.row(ctx, sqlChannelLock, guildID, channelID).Scan(gone)
}

// sqlChannelMeet stores a channel that is not known yet and changes no other.
const sqlChannelMeet = `INSERT INTO channel (id, guild_id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`
