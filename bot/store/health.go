package store

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"
)

const (
	// Failing and ended feeds are few and have an index of their own. One that
	// is overdue is about to be visited: what is known of it may be as old as
	// the bot's own absence.
	// One that is polled though its admins were told that it is stopped has been
	// resumed since: its trouble begins anew, but not its end, or each try at an
	// ended feed would be told to all of its admins.
	sqlFeedsFailing = `SELECT ` + feedColumns + feedSubscribers + ` FROM feed
		WHERE failing_since > 0 AND polled = 1 AND paused = 0 AND (
		gone = 1 AND told <> 'stopped'
		OR gone = 0 AND told IN ('', 'silent', 'stopped') AND failing_since <= $1 AND failures >= $2 AND next_poll > $3
		OR gone = 0 AND told = 'failing' AND failing_since <= $4 AND failures >= $5 AND next_poll > $3)
		ORDER BY failing_since, id LIMIT $6`
	sqlFeedsSilent = `SELECT ` + feedColumns + feedSubscribers + ` FROM feed
		WHERE told = '' AND failing_since = 0 AND last_ok > 0 AND polled = 1 AND paused = 0 AND gone = 0
		AND CASE WHEN newest_at > 0 THEN newest_at ELSE created_at END <= $1
		AND CASE WHEN newest_at > 0 THEN newest_at ELSE created_at END <= $2 - 4 * pace_ms
		ORDER BY id LIMIT $3`
	sqlFollowers = `SELECT ` + subColumns + `, ` + feedColumns + `, 0 FROM subscription s JOIN feed ON feed.id = s.feed_id
		LEFT JOIN channel c ON c.id = s.channel_id LEFT JOIN guild g ON g.id = s.guild_id
		WHERE s.feed_id IN {each $1} AND s.paused = 0 AND COALESCE(c.gone, 0) = 0 AND COALESCE(g.gone, 0) = 0 ORDER BY s.id`
	sqlReach = `SELECT url, CASE WHEN failing_since > $1 THEN 1 ELSE 0 END FROM feed
		WHERE polled = 1 AND paused = 0 AND gone = 0 AND last_ok > 0`
	sqlFeedTold = `UPDATE feed SET told = $1, paused = CASE WHEN CAST($2 AS BIGINT) = 1 THEN 1 ELSE paused END
		WHERE id = $3 AND told = $4 AND failing_since = $5 AND newest_at = $6`
)

// Patience says how long trouble lasts before it is worth telling.
type Patience struct {
	// Failing is how long a feed fails before FailingFeeds lists it, and
	// Failures how many visits in a row. Ended feeds are listed at once.
	Failing  time.Duration
	Failures int
	// Hopeless and HopelessFailures are the same for feeds whose admins have
	// been told.
	Hopeless         time.Duration
	HopelessFailures int
}

// FailingFeeds lists up to n polled feeds that have failed for so long, or have
// ended, and whose admins have not been told of it: those that fail longest
// first.
func (s *Store) FailingFeeds(ctx context.Context, p Patience, n int) ([]Feed, error) {
	now := clock()
	rows, err := s.query(ctx, sqlFeedsFailing, now-p.Failing.Milliseconds(), int64(p.Failures), now,
		now-p.Hopeless.Milliseconds(), int64(p.HopelessFailures), int64(n))
	all, err := collect(rows, err, scanFeed)
	return all, s.wrap("list failing feeds", err)
}

// SilentFeeds lists up to n feeds that can be read but have brought nothing for
// so long, nor for four times as long as usually lies between their items, and
// whose admins have not been told of it. It reads every feed's row.
func (s *Store) SilentFeeds(ctx context.Context, silence time.Duration, n int) ([]Feed, error) {
	now := clock()
	rows, err := s.query(ctx, sqlFeedsSilent, now-silence.Milliseconds(), now, int64(n))
	all, err := collect(rows, err, scanFeed)
	return all, s.wrap("list silent feeds", err)
}

// Followers lists the subscriptions of feeds that are neither paused nor in a
// channel or server that is gone, in the order in which they were made.
func (s *Store) Followers(ctx context.Context, feedIDs []int64) ([]Subscription, error) {
	rows, err := s.query(ctx, sqlFollowers, array(feedIDs))
	all, err := collect(rows, err, scanSubscription)
	return all, s.wrap("list followers", err)
}

// Reach counts the hosts of all polled feeds that could ever be read, and those
// of them whose every feed began to fail after since: when most do, the trouble
// is the network's on this side. It reads every feed's row.
func (s *Store) Reach(ctx context.Context, since time.Time) (failing, hosts int, err error) {
	type polled struct {
		url     string
		failing bool
	}
	rows, err := s.query(ctx, sqlReach, millis(since))
	all, err := collect(rows, err, func(r scanner) (f polled, err error) {
		return f, r.Scan(&f.url, &f.failing)
	})
	if err != nil {
		return 0, 0, s.wrap("count hosts", err)
	}
	well := map[string]bool{}
	for _, f := range all {
		host := f.url
		if u, err := url.Parse(f.url); err == nil {
			host = u.Hostname()
		}
		well[host] = well[host] || !f.failing
	}
	for _, ok := range well {
		if !ok {
			failing++
		}
	}
	return failing, len(well), nil
}

// HealthTold says what the admins of a feed are being told of its health.
type HealthTold struct {
	// Feed is the feed as it was read; its Told is what they were told before.
	Feed Feed
	// Told is one of ToldFailing, ToldStopped and ToldSilent.
	Told string
	// Pause ends the visits until somebody resumes the feed.
	Pause bool
}

// DirectNotice is a message to one person.
type DirectNotice struct {
	// ChannelID is the channel of the bot's direct messages with that person.
	ChannelID int64
	Message   Outgoing
}

// TellHealth notes what admins are told of feeds and queues the messages that
// tell it, in one transaction: both happen, or neither. ErrLeaseLost, and
// nothing is written, if one of the feeds is no longer as it was read: it has
// recovered, or another process has told of it.
func (s *Store) TellHealth(ctx context.Context, told []HealthTold, notices []DirectNotice) error {
	// Rows are locked in the order of Subscribe: feeds, then channels. ChannelGone
	// has to lock them the other way round; a deadlock with it is run again.
	told, notices = slices.Clone(told), slices.Clone(notices)
	slices.SortFunc(told, func(a, b HealthTold) int { return cmp.Compare(a.Feed.ID, b.Feed.ID) })
	slices.SortStableFunc(notices, func(a, b DirectNotice) int { return cmp.Compare(a.ChannelID, b.ChannelID) })
	return s.write(ctx, "tell of feeds", func(ctx context.Context, t *tx) error {
		for _, h := range told {
			n, err := t.exec(ctx, sqlFeedTold, h.Told, number(h.Pause), h.Feed.ID, h.Feed.Told,
				millis(h.Feed.FailingSince), millis(h.Feed.NewestAt))
			if err != nil {
				return err
			}
			if n == 0 {
				return ErrLeaseLost
			}
		}
		return t.notify(ctx, notices)
	})
}

// notify queues messages to persons.
func (t *tx) notify(ctx context.Context, notices []DirectNotice) error {
	for _, n := range notices {
		var gone int64
		if err := t.lockChannel(ctx, 0, n.ChannelID, &gone); err != nil {
			return err
		}
		// Whoever had this channel of direct messages is no longer at Discord.
		if gone != 0 {
			continue
		}
		if _, err := t.enqueue(ctx, 0, n.ChannelID, 0, 0, n.Message); err != nil {
			return err
		}
	}
	return nil
}
