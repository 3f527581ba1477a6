package store

import (
	"context"
	"time"
)

const (
	sqlFreshSubs = `SELECT id, channel_id, backlog_articles, backlog_age FROM subscription WHERE feed_id = $1 AND fresh = 1`
	sqlSettle    = `UPDATE subscription SET fresh = 0, start = $1, cursor = $1 WHERE id = $2`
	// An article that the channel has taken already is no backlog.
	sqlAdmit = `INSERT INTO backlog (subscription_id, article_id)
		SELECT CAST($1 AS BIGINT), a.id FROM article a WHERE a.feed_id = $2 AND a.id <= $3
		AND CASE WHEN a.published > 0 THEN a.published ELSE a.seen END >= $4
		AND NOT EXISTS (SELECT 1 FROM fate f WHERE f.channel_id = $5 AND f.article_id = a.id)
		ORDER BY CASE WHEN a.published > 0 THEN a.published ELSE a.seen END DESC, a.id DESC LIMIT $6`
	sqlAdmitPages = `INSERT INTO page (article_id, due) SELECT a.id, CAST($1 AS BIGINT) FROM backlog b JOIN article a ON a.id = b.article_id
		WHERE b.subscription_id = $2 AND a.teaser = 1 AND a.page_state = '' ON CONFLICT (article_id) DO NOTHING`
	sqlAdmitWaiting = `UPDATE article SET page_state = 'waiting' WHERE teaser = 1 AND page_state = ''
		AND id IN (SELECT b.article_id FROM backlog b WHERE b.subscription_id = $1)`
)

// settle gives subscriptions that were made before the feed was ever read
// their cursor: the articles of the first visit are what was there before,
// of which the subscription's backlog may be printed.
func (t *tx) settle(ctx context.Context, feedID, newest int64) error {
	type fresh struct{ id, channel, articles, age int64 }
	rows, err := t.query(ctx, sqlFreshSubs, feedID)
	all, err := collect(rows, err, func(r scanner) (f fresh, err error) {
		return f, r.Scan(&f.id, &f.channel, &f.articles, &f.age)
	})
	if err != nil {
		return err
	}
	for _, f := range all {
		if _, err := t.exec(ctx, sqlSettle, newest, f.id); err != nil {
			return err
		}
		b := Backlog{Articles: int(f.articles), MaxAge: time.Duration(f.age) * time.Millisecond}
		if err := t.admit(ctx, f.id, feedID, f.channel, newest, b); err != nil {
			return err
		}
	}
	return nil
}

// admit puts the newest articles up to an id into a subscription's backlog.
func (t *tx) admit(ctx context.Context, subID, feedID, channelID, upTo int64, b Backlog) error {
	if b.Articles <= 0 || upTo == 0 {
		return nil
	}
	var oldest int64
	if b.MaxAge > 0 {
		oldest = clock() - b.MaxAge.Milliseconds()
	}
	if _, err := t.exec(ctx, sqlAdmit, subID, feedID, upTo, oldest, channelID, int64(b.Articles)); err != nil {
		return err
	}
	if _, err := t.exec(ctx, sqlAdmitPages, clock(), subID); err != nil {
		return err
	}
	_, err := t.exec(ctx, sqlAdmitWaiting, subID)
	return err
}
