package store

import (
	"context"
	"time"
)

// The states of completing an article from its page. An article that nobody
// asked for has none.
const (
	pageWaiting = "waiting"
	pageDone    = "done"
	pageFailed  = "failed"
)

const (
	sqlPagesDue = `WITH ready AS MATERIALIZED (
		SELECT p.article_id FROM page p WHERE p.due <= $1 AND p.lease_until <= $1 ORDER BY p.due, p.article_id LIMIT $2 {skip p})
		UPDATE page SET lease_owner = $3, lease_until = $4 WHERE article_id IN (SELECT ready.article_id FROM ready) RETURNING article_id`
	sqlPageDelete = `DELETE FROM page WHERE article_id = $1`
	sqlPageLater  = `UPDATE page SET due = $1, lease_until = 0 WHERE article_id = $2`
	sqlPageReason = `UPDATE article SET page_reason = $1 WHERE id = $2`
	sqlPageState  = `UPDATE article SET page_state = $1, page_reason = $2, teaser = $3 WHERE id = $4`
	sqlPageFill   = `UPDATE article SET title = CASE WHEN title = '' THEN $1 ELSE title END,
		language = CASE WHEN language = '' THEN $2 ELSE language END, image = CASE WHEN image = '' THEN $3 ELSE image END WHERE id = $4`
	sqlTextSet     = `UPDATE article_text SET hash = $1, body = $2 WHERE article_id = $3`
	sqlTitleOf     = `SELECT title FROM article WHERE id = $1 {lock}`
	sqlSummaryDrop = `DELETE FROM summary WHERE article_id = $1`
	sqlPagesWanted = `SELECT COUNT(*) FROM page p JOIN untaken u ON u.article_id = p.article_id WHERE u.channel_id = $1 AND u.paused = 0`
)

// LeaseTeasers leases up to n articles that are to be completed from their
// pages: those of feeds somebody follows, the longest waiting first.
func (s *Store) LeaseTeasers(ctx context.Context, n int, ttl time.Duration) ([]Article, error) {
	if err := s.reap(ctx); err != nil {
		return nil, s.wrap("lease teasers", err)
	}
	if due, err := s.due(ctx, sqlAnyPageDue); err != nil || !due {
		return nil, s.wrap("lease teasers", err)
	}
	var all []Article
	err := s.write(ctx, "lease teasers", func(ctx context.Context, t *tx) error {
		ids, err := collectIDs(t.query(ctx, sqlPagesDue, clock(), int64(n), s.owner, until(ttl)))
		if err != nil {
			return err
		}
		all, err = s.articles(ctx, t, 0, ids)
		return err
	})
	return all, err
}

// RecordPage records what became of completing a teaser. A text replaces the
// feed's, is indexed again and drops the summaries made from the old one.
func (s *Store) RecordPage(ctx context.Context, articleID int64, r PageResult) error {
	return s.write(ctx, "record page", func(ctx context.Context, t *tx) error {
		var title string
		if err := t.row(ctx, sqlTitleOf, articleID).Scan(&title); err != nil {
			return err
		}
		switch {
		case r.Text != "":
			if title == "" {
				title = clean(r.Title)
			}
			return t.completePage(ctx, articleID, title, r)
		case r.Done:
			if _, err := t.exec(ctx, sqlPageState, pageFailed, clean(r.Reason), int64(1), articleID); err != nil {
				return err
			}
			_, err := t.exec(ctx, sqlPageDelete, articleID)
			return err
		}
		if _, err := t.exec(ctx, sqlPageReason, clean(r.Reason), articleID); err != nil {
			return err
		}
		_, err := t.exec(ctx, sqlPageLater, millis(r.RetryAt), articleID)
		return err
	})
}

func (t *tx) completePage(ctx context.Context, id int64, title string, r PageResult) error {
	text := clean(r.Text)
	hash, body := t.s.pack(text)
	if _, err := t.exec(ctx, sqlTextSet, hash, body, id); err != nil {
		return err
	}
	if _, err := t.exec(ctx, sqlPageFill, clean(r.Title), clean(r.Language), clean(r.Image), id); err != nil {
		return err
	}
	if _, err := t.exec(ctx, sqlPageState, pageDone, "", int64(0), id); err != nil {
		return err
	}
	for _, q := range []string{sqlPageDelete, sqlSummaryDrop} {
		if _, err := t.exec(ctx, q, id); err != nil {
			return err
		}
	}
	return t.s.d.index.put(ctx, t, id, indexed(title), indexed(text), false)
}

// PendingTeasers counts the teasers in a channel's window that still wait for
// their pages, so that a digest can wait a little for them.
func (s *Store) PendingTeasers(ctx context.Context, channelID int64) (int, error) {
	var n int
	err := s.row(ctx, sqlPagesWanted, channelID).Scan(&n)
	return n, s.wrap("count teasers", err)
}
