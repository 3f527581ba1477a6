package store

import (
	"context"
	"time"
)

// maxPruned is how many articles one transaction deletes: a larger one would
// hold the writer too long.
const maxPruned = 500

const (
	// What a member keeps stays, and what somebody is still going to print. A
	// window that no digest will ever empty keeps nothing.
	sqlPrunable = `SELECT a.id FROM article a WHERE a.seen < $1
		AND NOT EXISTS (SELECT 1 FROM saved v WHERE v.article_id = a.id)
		AND NOT EXISTS (SELECT 1 FROM subscription s LEFT JOIN channel c ON c.id = s.channel_id LEFT JOIN guild g ON g.id = s.guild_id
			WHERE s.feed_id = a.feed_id AND s.paused = 0 AND COALESCE(c.gone, 0) = 0 AND COALESCE(g.gone, 0) = 0
			AND (a.id > s.cursor OR EXISTS (SELECT 1 FROM backlog b WHERE b.subscription_id = s.id AND b.article_id = a.id))
			AND (s.mode = 'instant' OR EXISTS (SELECT 1 FROM digest d WHERE d.channel_id = s.channel_id AND d.paused = 0)))
		ORDER BY a.seen LIMIT $2`
	sqlPruneDeliveries = `DELETE FROM delivery WHERE id IN (SELECT d.id FROM delivery d WHERE d.state <> 'pending' AND d.done_at < $1 LIMIT $2)`
	sqlPruneEditions   = `DELETE FROM edition WHERE id IN (SELECT e.id FROM edition e WHERE e.created_at < $1
		AND NOT EXISTS (SELECT 1 FROM fate f WHERE f.edition_id = e.id) LIMIT $2)`
)

// pruning are the statements that delete articles and what hangs on them; not
// their keys, which must outlive them.
var pruning = [...]string{
	`DELETE FROM article_text WHERE article_id IN {each $1}`,
	`DELETE FROM fate WHERE article_id IN {each $1}`,
	`DELETE FROM summary WHERE article_id IN {each $1}`,
	`DELETE FROM vote WHERE article_id IN {each $1}`,
	`DELETE FROM page WHERE article_id IN {each $1}`,
	`DELETE FROM backlog WHERE article_id IN {each $1}`,
	`DELETE FROM article WHERE id IN {each $1}`,
}

// Prune deletes up to limit articles (500 at most) that were stored before a
// time and returns how many: call it until that is 0. What members saved and what waits to be
// printed stays. A deleted article that is still in its feed does not come back.
func (s *Store) Prune(ctx context.Context, before time.Time, limit int) (int, error) {
	var n int
	limit = min(limit, maxPruned)
	err := s.write(ctx, "prune", func(ctx context.Context, t *tx) error {
		ids, err := collectIDs(t.query(ctx, sqlPrunable, millis(before), int64(limit)))
		if err != nil {
			return err
		}
		n = len(ids)
		if n > 0 {
			if err := s.d.index.remove(ctx, t, array(ids)); err != nil {
				return err
			}
		}
		for _, q := range pruning {
			if n == 0 {
				break
			}
			if _, err := t.exec(ctx, q, array(ids)); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// PruneOutbox deletes up to limit (500 at most) deliveries that were finished
// before a time, and as many editions of which nothing else is kept. It
// returns how many rows it deleted: call it until that is 0.
func (s *Store) PruneOutbox(ctx context.Context, before time.Time, limit int) (int, error) {
	var n int64
	err := s.write(ctx, "prune the outbox", func(ctx context.Context, t *tx) error {
		n = 0
		for _, q := range []string{sqlPruneDeliveries, sqlPruneEditions} {
			deleted, err := t.exec(ctx, q, millis(before), int64(min(limit, maxPruned)))
			if err != nil {
				return err
			}
			n += deleted
		}
		return nil
	})
	return int(n), err
}

const (
	// A negative number of pages merges segments of any level, so that the
	// marks of deleted articles are cleared away too.
	sqlMergeIndex   = `INSERT INTO article_fts (article_fts, rank) VALUES ('merge', -500)`
	sqlMergeTitles  = `INSERT INTO title_fts (title_fts, rank) VALUES ('merge', -500)`
	sqlFreePages    = `PRAGMA incremental_vacuum(2000)`
	sqlCheckFile    = `PRAGMA quick_check(1)`
	sqlCheckTexts   = `SELECT article_id, hash, body FROM article_text WHERE article_id > $1 ORDER BY article_id LIMIT 500`
	sqlTotalChanges = `SELECT total_changes()`
)

// Maintain does a bounded piece of housekeeping for a quiet hour and reports
// whether more is to do: on SQLite it merges the search index and gives free
// pages back to the disk. PostgreSQL looks after itself.
func (s *Store) Maintain(ctx context.Context) (more bool, err error) {
	if s.d.name == postgres {
		return false, nil
	}
	err = s.write(ctx, "merge the search index", func(ctx context.Context, t *tx) error {
		var before, after int64
		if err := t.row(ctx, sqlTotalChanges).Scan(&before); err != nil {
			return err
		}
		for _, q := range []string{sqlMergeIndex, sqlMergeTitles} {
			if _, err := t.exec(ctx, q); err != nil {
				return err
			}
		}
		if err := t.row(ctx, sqlTotalChanges).Scan(&after); err != nil {
			return err
		}
		more = after-before > 2 // each merge statement counts itself
		return nil
	})
	if err != nil {
		return false, err
	}
	rows, err := s.w.QueryContext(ctx, sqlFreePages)
	_, err = collect(rows, err, func(scanner) (struct{}, error) { return struct{}{}, nil })
	return more, s.wrap("free pages", err)
}
