package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"broadsheet/summarize"
)

const subColumns = `s.id, s.guild_id, s.channel_id, s.feed_id, s.mode, s.title, s.paused, s.weight, s.cursor, s.created_by, s.created_at`

const (
	sqlFeedLock = `SELECT last_ok, newest FROM feed WHERE id = $1 {lock}`
	sqlSubAdd   = `INSERT INTO subscription (guild_id, channel_id, feed_id, mode, title, paused, weight, start, cursor, fresh,
		backlog_articles, backlog_age, created_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13) ON CONFLICT (channel_id, feed_id) DO NOTHING RETURNING id`
	sqlSubs = `SELECT ` + subColumns + `, ` + feedColumns + feedSubscribers + ` FROM subscription s JOIN feed ON feed.id = s.feed_id
		WHERE (CAST($1 AS BIGINT) = 0 OR s.id = $1) AND (CAST($2 AS BIGINT) = 0 OR s.guild_id = $2)
		AND (CAST($3 AS BIGINT) = 0 OR s.channel_id = $3) AND (CAST($4 AS BIGINT) = 0 OR s.feed_id = $4) ORDER BY s.id`
	sqlSubsOfGuild = `SELECT ` + subColumns + `, ` + feedColumns + `, 0 FROM subscription s JOIN feed ON feed.id = s.feed_id
		WHERE s.guild_id = $1 ORDER BY s.id`
	sqlSubsOfChannel = `SELECT ` + subColumns + `, ` + feedColumns + feedSubscribers + ` FROM subscription s JOIN feed ON feed.id = s.feed_id
		WHERE s.channel_id = $1 ORDER BY s.id`
	sqlSubsOfFeed = `SELECT ` + subColumns + `, ` + feedColumns + feedSubscribers + ` FROM subscription s JOIN feed ON feed.id = s.feed_id
		WHERE s.feed_id = $1 ORDER BY s.id`
	sqlSubUpdate       = `UPDATE subscription SET mode = $1, title = $2, paused = $3, weight = $4 WHERE id = $5`
	sqlSubState        = `SELECT feed_id, channel_id, start, fresh FROM subscription WHERE id = $1 {lock}`
	sqlSubBacklog      = `UPDATE subscription SET backlog_articles = $1, backlog_age = $2 WHERE id = $3`
	sqlSubDelete       = `DELETE FROM subscription WHERE id = $1`
	sqlBacklogClear    = `DELETE FROM backlog WHERE subscription_id = $1`
	sqlBacklogClearOld = `DELETE FROM backlog WHERE subscription_id = $1 AND article_id <= $2`
)

func scanSubscription(r scanner) (Subscription, error) {
	var s Subscription
	var paused, created int64
	f, err := scanFeed(joined{r, []any{&s.ID, &s.GuildID, &s.ChannelID, &s.FeedID, &s.Mode, &s.Title, &paused, &s.Weight, &s.Cursor, &s.CreatedBy, &created}})
	s.Paused, s.CreatedAt, s.Feed = paused != 0, moment(created), f
	return s, err
}

// joined is a row whose first columns go elsewhere.
type joined struct {
	scanner
	first []any
}

func (j joined) Scan(dest ...any) error { return j.scanner.Scan(append(j.first, dest...)...) }

// Subscribe lets a channel follow a feed from now on. Of what is there already
// b may still be printed; if the feed has never been read, b applies to its
// first visit. A Cursor of an earlier subscription is taken up again, so that
// a removal undone loses nothing. ErrExists if the channel follows the feed,
// ErrNotFound if there is no such feed.
func (s *Store) Subscribe(ctx context.Context, sub Subscription, b Backlog) (Subscription, error) {
	var out Subscription
	err := s.write(ctx, "subscribe", func(ctx context.Context, t *tx) error {
		var lastOK, cursor int64
		// The lock keeps RecordVisits from adding articles meanwhile.
		if err := t.row(ctx, sqlFeedLock, sub.FeedID).Scan(&lastOK, &cursor); err != nil {
			return err
		}
		if err := t.knowChannel(ctx, sub.ChannelID, sub.GuildID); err != nil {
			return err
		}
		fresh := lastOK == 0
		if sub.Cursor > 0 {
			cursor, fresh = sub.Cursor, false
		}
		if sub.Mode == "" {
			sub.Mode = ModeDigest
		}
		ids, err := collectIDs(t.query(ctx, sqlSubAdd, sub.GuildID, sub.ChannelID, sub.FeedID, string(sub.Mode), clean(sub.Title), number(sub.Paused),
			int64(sub.Weight), cursor, number(fresh), int64(b.Articles), b.MaxAge.Milliseconds(), sub.CreatedBy, clock()))
		switch {
		case err != nil:
			return err
		case len(ids) == 0:
			return ErrExists
		}
		if err := t.admit(ctx, ids[0], sub.FeedID, sub.ChannelID, cursor, b); err != nil {
			return err
		}
		if _, err := t.exec(ctx, sqlFeedWant, sub.FeedID); err != nil {
			return err
		}
		out, err = t.subscription(ctx, ids[0])
		return err
	})
	return out, err
}

// subscription reads one subscription.
func (t *tx) subscription(ctx context.Context, id int64) (Subscription, error) {
	return scanSubscription(t.row(ctx, sqlSubs, id, int64(0), int64(0), int64(0)))
}

// SetBacklog changes what a subscription may print of what was there before
// it: the answer of an admin who was asked afterwards. What the channel has
// printed already stays printed.
func (s *Store) SetBacklog(ctx context.Context, subID int64, b Backlog) error {
	return s.write(ctx, "set backlog", func(ctx context.Context, t *tx) error {
		var feed, channel, start, fresh int64
		if err := t.row(ctx, sqlSubState, subID).Scan(&feed, &channel, &start, &fresh); err != nil {
			return err
		}
		if _, err := t.exec(ctx, sqlSubBacklog, int64(b.Articles), b.MaxAge.Milliseconds(), subID); err != nil {
			return err
		}
		if fresh != 0 {
			return nil
		}
		if _, err := t.exec(ctx, sqlBacklogClearOld, subID, start); err != nil {
			return err
		}
		return t.admit(ctx, subID, feed, channel, start, b)
	})
}

// UpdateSubscription stores Mode, Title, Paused and Weight of the subscription
// with sub.ID; everything else stays.
func (s *Store) UpdateSubscription(ctx context.Context, sub Subscription) error {
	return s.write(ctx, "update subscription", func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, sqlSubUpdate, string(sub.Mode), clean(sub.Title), number(sub.Paused), int64(sub.Weight), sub.ID)
		if err == nil && n == 0 {
			return ErrNotFound
		}
		return err
	})
}

// Unsubscribe ends a subscription and returns it as it was. A feed that nobody
// follows any more is no longer polled; its articles stay searchable.
func (s *Store) Unsubscribe(ctx context.Context, id int64) (Subscription, error) {
	var out Subscription
	err := s.write(ctx, "unsubscribe", func(ctx context.Context, t *tx) error {
		var err error
		if out, err = t.subscription(ctx, id); err != nil {
			return err
		}
		// Feed first, subscription second: the order of RecordVisits.
		var lastOK, newest int64
		if err := t.row(ctx, sqlFeedLock, out.FeedID).Scan(&lastOK, &newest); err != nil {
			return err
		}
		if _, err := t.exec(ctx, sqlBacklogClear, id); err != nil {
			return err
		}
		n, err := t.exec(ctx, sqlSubDelete, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrNotFound
		}
		return t.want(ctx, sqlFeedsUnwanted, out.FeedID)
	})
	return out, err
}

// Subscriptions lists subscriptions with their feeds, in the order in which
// they were made.
func (s *Store) Subscriptions(ctx context.Context, f SubscriptionFilter) ([]Subscription, error) {
	q, args := sqlSubs, []any{int64(0), f.GuildID, f.ChannelID, f.FeedID}
	switch { // the common questions have statements that use an index
	case f.FeedID == 0 && f.ChannelID != 0:
		q, args = sqlSubsOfChannel, []any{f.ChannelID}
	case f.FeedID != 0 && f.ChannelID == 0:
		q, args = sqlSubsOfFeed, []any{f.FeedID}
	}
	rows, err := s.query(ctx, q, args...)
	all, err := collect(rows, err, scanSubscription)
	all = slices.DeleteFunc(all, func(s Subscription) bool { return f.GuildID != 0 && s.GuildID != f.GuildID })
	return all, s.wrap("list subscriptions", err)
}

// SuggestSubscriptions returns up to limit subscriptions of a guild whose name
// holds what was typed, those first where a word begins with it. It does not
// look at addresses: one may hold a secret, which a member could find out
// letter by letter.
func (s *Store) SuggestSubscriptions(ctx context.Context, guildID int64, prefix string, limit int) ([]Subscription, error) {
	rows, err := s.query(ctx, sqlSubsOfGuild, guildID)
	all, err := collect(rows, err, scanSubscription)
	if err != nil {
		return nil, s.wrap("suggest subscriptions", err)
	}
	typed := folded(prefix)
	var best, rest []Subscription
	for _, sub := range all {
		name := folded(sub.Name())
		switch {
		case strings.HasPrefix(name, typed), strings.Contains(name, " "+typed):
			best = append(best, sub)
		case strings.Contains(name, typed):
			rest = append(rest, sub)
		}
	}
	best = append(best, rest...)
	return best[:min(len(best), max(limit, 0))], nil
}

// folded makes two spellings of a name equal: case, marks, punctuation aside.
func folded(name string) string { return strings.Join(summarize.Tokens(name), " ") }

// collectIDs reads rows of one number.
func collectIDs(rows *sql.Rows, err error) ([]int64, error) { return collect(rows, err, scanID) }
