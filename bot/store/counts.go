package store

import "context"

const (
	countsWork = `(SELECT COUNT(*) FROM feed), (SELECT COUNT(*) FROM delivery WHERE state = 'pending'),
	(SELECT COUNT(*) FROM feed WHERE failing_since > 0 AND polled = 1 AND paused = 0),
	(SELECT COALESCE(MAX(last_poll), 0) FROM feed),
	(` + sqlOldestPending + `)`
	sqlWork   = `SELECT 0, 0, ` + countsWork
	sqlCounts = `SELECT (SELECT COUNT(*) FROM article), (SELECT COUNT(*) FROM subscription), ` + countsWork
)

// Counts returns the state of the store in figures. Counting the articles reads
// a whole index, which takes the longer the larger the database is.
func (s *Store) Counts(ctx context.Context) (Counts, error) { return s.counts(ctx, sqlCounts) }

// Work is Counts without Articles and Subscriptions, which are 0. It is cheap
// enough to ask every minute.
func (s *Store) Work(ctx context.Context) (Counts, error) { return s.counts(ctx, sqlWork) }

func (s *Store) counts(ctx context.Context, q string) (Counts, error) {
	var c Counts
	var poll, pending int64
	err := s.row(ctx, q).Scan(&c.Articles, &c.Subscriptions, &c.Feeds, &c.PendingDeliveries, &c.FailingFeeds, &poll, &pending)
	c.LastPoll, c.OldestPending, c.Database = moment(poll), moment(pending), s.shown
	return c, s.wrap("count", err)
}
