package store

import "context"

const sqlCounts = `SELECT (SELECT COUNT(*) FROM feed), (SELECT COUNT(*) FROM article), (SELECT COUNT(*) FROM subscription),
	(SELECT COUNT(*) FROM delivery WHERE state = 'pending'),
	(SELECT COUNT(*) FROM feed WHERE failing_since > 0 AND polled = 1 AND paused = 0),
	(SELECT COALESCE(MAX(last_poll), 0) FROM feed),
	(` + sqlOldestPending + `)`

// Counts returns the state of the store in figures.
func (s *Store) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	var poll, pending int64
	err := s.row(ctx, sqlCounts).Scan(&c.Feeds, &c.Articles, &c.Subscriptions, &c.PendingDeliveries, &c.FailingFeeds, &poll, &pending)
	c.LastPoll, c.OldestPending, c.Database = moment(poll), moment(pending), s.shown
	return c, s.wrap("count", err)
}
