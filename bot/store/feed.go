package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"broadsheet/feeds"
)

// feedColumns are those that scanFeed reads, a count of subscribers excepted.
const feedColumns = `feed.id, feed.url, feed.etag, feed.last_modified, feed.validated, feed.body_hash, feed.redirect, feed.redirects, feed.redirect_since,
	feed.failures, feed.interval_ms, feed.pace_ms, feed.skip, feed.title, feed.site_url, feed.language, feed.kind, feed.next_poll, feed.last_poll, feed.last_ok, feed.failing_since,
	feed.wait_until, feed.last_error, feed.last_error_kind, feed.paused, feed.gone, feed.created_at,
	feed.newest_at, feed.gap_at, feed.gap_items, feed.told`

const (
	feedSubscribers = `, (SELECT COUNT(*) FROM subscription s WHERE s.feed_id = feed.id)`

	sqlFeed      = `SELECT ` + feedColumns + feedSubscribers + ` FROM feed WHERE id = $1`
	sqlFeedByURL = `SELECT ` + feedColumns + feedSubscribers + ` FROM feed
		WHERE id = COALESCE((SELECT f.id FROM feed f WHERE f.url = $1), (SELECT a.feed_id FROM feed_alias a WHERE a.url = $1))`
	sqlFeedsPage = `SELECT ` + feedColumns + feedSubscribers + ` FROM feed WHERE id > $1 ORDER BY id LIMIT $2`
	sqlFeedAdd   = `INSERT INTO feed (url, title, polled, next_poll, created_at) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (url) DO NOTHING`
	sqlFeedWant  = `UPDATE feed SET polled = 1 WHERE id = $1 AND polled = 0`
	sqlFeedPause = `UPDATE feed SET paused = 1 WHERE id = $1`
	// A resumed feed is due at once, also one that had been gone, and what was
	// wrong with one that was stopped begins anew. Its end is not told again.
	sqlFeedResume = `UPDATE feed SET paused = 0, gone = 0, next_poll = $1,
		told = CASE WHEN paused = 1 THEN '' ELSE told END,
		failures = CASE WHEN paused = 1 OR gone = 1 THEN 0 ELSE failures END,
		failing_since = CASE WHEN paused = 1 OR gone = 1 THEN 0 ELSE failing_since END WHERE id = $2`

	// The rows are chosen in a CTE, which is evaluated once: a subquery that
	// locks could be run again for each row.
	sqlFeedsDue = `WITH due AS MATERIALIZED (
		SELECT f.id FROM feed f WHERE f.polled = 1 AND f.paused = 0 AND f.gone = 0 AND f.next_poll <= $1 AND f.wait_until <= $1 AND f.lease_until <= $1
		ORDER BY f.next_poll LIMIT $2 {skip f})
		UPDATE feed SET lease_owner = $3, lease_until = $4 WHERE id IN (SELECT due.id FROM due) RETURNING ` + feedColumns + feedSubscribers
	sqlFeedsAll = `WITH due AS MATERIALIZED (
		SELECT f.id FROM feed f WHERE f.id > $1 AND f.polled = 1 AND f.paused = 0 AND f.gone = 0 AND f.wait_until <= $2 AND f.lease_until <= $2
		ORDER BY f.id LIMIT $3 {skip f})
		UPDATE feed SET lease_owner = $4, lease_until = $5 WHERE id IN (SELECT due.id FROM due) RETURNING ` + feedColumns + feedSubscribers
	sqlFeedLease = `UPDATE feed SET lease_owner = $1, lease_until = $2
		WHERE id = $3 AND lease_until <= $4 RETURNING ` + feedColumns + feedSubscribers
	sqlFeedExists = `SELECT COUNT(*) FROM feed WHERE id = $1`
)

func scanFeed(r scanner) (Feed, error) {
	var f Feed
	var hash, interval, pace, skip, newest, gap, since, next, last, ok, failing, wait, paused, gone, created int64
	err := r.Scan(&f.ID, &f.State.URL, &f.State.ETag, &f.State.LastModified, &f.State.Validated, &hash, &f.State.Redirect, &f.State.Redirects, &since,
		&f.State.Failures, &interval, &pace, &skip, &f.Title, &f.SiteURL, &f.Language, &f.Kind, &next, &last, &ok, &failing,
		&wait, &f.LastError, &f.LastErrorKind, &paused, &gone, &created,
		&newest, &gap, &f.GapItems, &f.Told, &f.Subscribers)
	f.State.BodyHash = uint64(hash)
	f.State.RedirectSince = moment(since)
	f.State.Interval = time.Duration(interval) * time.Millisecond
	f.State.Pace, f.State.Skip = time.Duration(pace)*time.Millisecond, feeds.Skip(skip)
	f.NewestAt, f.GapAt = moment(newest), moment(gap)
	f.NextPoll, f.LastPoll, f.LastOK = moment(next), moment(last), moment(ok)
	f.FailingSince, f.WaitUntil, f.CreatedAt = moment(failing), moment(wait), moment(created)
	f.Paused, f.Gone = paused != 0, gone != 0
	return f, err
}

// Feeds lists up to n feeds whose ids are larger than afterID, in the order of
// their ids.
func (s *Store) Feeds(ctx context.Context, afterID int64, n int) ([]Feed, error) {
	rows, err := s.query(ctx, sqlFeedsPage, afterID, int64(n))
	all, err := collect(rows, err, scanFeed)
	return all, s.wrap("list feeds", err)
}

// AddFeed stores a feed's address and makes it due at once, whether or not a
// channel follows it. title serves until the feed's own is known. A feed that
// is there already, also under an address it has moved away from, is returned
// as it is; if nobody wanted it any more it is polled again. begun says that it
// is polled because of this call alone: it is new, or nobody had wanted it.
func (s *Store) AddFeed(ctx context.Context, url, title string) (f Feed, begun bool, err error) {
	err = s.write(ctx, "add feed", func(ctx context.Context, t *tx) error {
		var err error
		if f, begun, err = t.knowFeed(ctx, url, title, true); err != nil || begun {
			return err
		}
		n, err := t.exec(ctx, sqlFeedWant, f.ID)
		begun = n > 0
		return err
	}, sqlFeedByURL, sqlFeedAdd)
	return f, begun, err
}

// KnowFeed is AddFeed for a feed that a channel is about to follow. A new one
// is not polled before Subscribe, so that nothing is visited for nobody if that
// never comes; it can be visited out of turn (LeaseFeed).
func (s *Store) KnowFeed(ctx context.Context, url, title string) (f Feed, err error) {
	err = s.write(ctx, "add feed", func(ctx context.Context, t *tx) error {
		var err error
		f, _, err = t.knowFeed(ctx, url, title, false)
		return err
	}, sqlFeedByURL, sqlFeedAdd)
	return f, err
}

// knowFeed finds a feed, or stores it as one that is polled or not.
func (t *tx) knowFeed(ctx context.Context, url, title string, polled bool) (f Feed, added bool, err error) {
	f, err = scanFeed(t.row(ctx, sqlFeedByURL, clean(url)))
	if !errors.Is(err, sql.ErrNoRows) {
		return f, false, err
	}
	n, err := t.exec(ctx, sqlFeedAdd, clean(url), clean(title), number(polled), clock())
	if err != nil {
		return f, false, err
	}
	f, err = scanFeed(t.row(ctx, sqlFeedByURL, clean(url)))
	return f, n > 0, err
}

// Feed returns a feed or ErrNotFound.
func (s *Store) Feed(ctx context.Context, id int64) (Feed, error) {
	f, err := scanFeed(s.row(ctx, sqlFeed, id))
	return f, s.wrap("read feed", err)
}

// FeedByURL finds a feed by its address or by one that it has moved away from.
func (s *Store) FeedByURL(ctx context.Context, url string) (Feed, error) {
	f, err := scanFeed(s.row(ctx, sqlFeedByURL, clean(url)))
	return f, s.wrap("read feed", err)
}

// LeaseDueFeeds leases up to n feeds that are due, neither paused nor gone,
// the longest due first, to this process for ttl.
func (s *Store) LeaseDueFeeds(ctx context.Context, n int, ttl time.Duration) ([]Feed, error) {
	if err := s.reap(ctx); err != nil {
		return nil, s.wrap("lease feeds", err)
	}
	if due, err := s.due(ctx, sqlAnyFeedDue); err != nil || !due {
		return nil, s.wrap("lease feeds", err)
	}
	all, err := s.leaseFeeds(ctx, func(t *tx) (*sql.Rows, error) {
		return t.query(ctx, sqlFeedsDue, clock(), int64(n), s.owner, until(ttl))
	}, sqlFeedsDue)
	slices.SortFunc(all, func(a, b Feed) int { return a.NextPoll.Compare(b.NextPoll) })
	return all, err
}

// LeaseFeeds leases up to n feeds with ids above afterID in the order of their
// ids, due or not, save those that are paused or gone, whose server has asked
// to wait, or that another process has leased.
func (s *Store) LeaseFeeds(ctx context.Context, n int, afterID int64, ttl time.Duration) ([]Feed, error) {
	all, err := s.leaseFeeds(ctx, func(t *tx) (*sql.Rows, error) {
		return t.query(ctx, sqlFeedsAll, afterID, clock(), int64(n), s.owner, until(ttl))
	}, sqlFeedsAll)
	slices.SortFunc(all, func(a, b Feed) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

func (s *Store) leaseFeeds(ctx context.Context, lease func(*tx) (*sql.Rows, error), hot string) ([]Feed, error) {
	if err := s.reap(ctx); err != nil {
		return nil, s.wrap("lease feeds", err)
	}
	var all []Feed
	err := s.write(ctx, "lease feeds", func(_ context.Context, t *tx) error {
		rows, err := lease(t)
		all, err = collect(rows, err, scanFeed)
		return err
	}, hot)
	return all, err
}

// LeaseFeed leases one feed whatever its state; ErrLeaseLost if it is leased
// already, ErrNotFound if there is none.
func (s *Store) LeaseFeed(ctx context.Context, id int64, ttl time.Duration) (Feed, error) {
	if err := s.reap(ctx); err != nil {
		return Feed{}, s.wrap("lease feed", err)
	}
	var f Feed
	err := s.write(ctx, "lease feed", func(ctx context.Context, t *tx) error {
		var err error
		f, err = scanFeed(t.row(ctx, sqlFeedLease, s.owner, until(ttl), id, clock()))
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		return t.leased(ctx, sqlFeedExists, id)
	})
	return f, err
}

// leased tells why a lease was not given: somebody else has it, or there is
// nothing to lease. exists counts the rows of id.
func (t *tx) leased(ctx context.Context, exists string, id int64) error {
	var n int64
	if err := t.row(ctx, exists, id).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return ErrNotFound
	}
	return ErrLeaseLost
}

// SetFeedPaused pauses a feed, or resumes it: then it is due at once, also if
// its publisher had ended it.
func (s *Store) SetFeedPaused(ctx context.Context, id int64, paused bool) error {
	doing := "resume feed"
	if paused {
		doing = "pause feed"
	}
	return s.write(ctx, doing, func(ctx context.Context, t *tx) error {
		var n int64
		var err error
		if paused {
			n, err = t.exec(ctx, sqlFeedPause, id)
		} else {
			n, err = t.exec(ctx, sqlFeedResume, clock(), id)
		}
		if err == nil && n == 0 {
			return ErrNotFound
		}
		return err
	})
}
