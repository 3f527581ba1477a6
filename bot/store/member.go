package store

import (
	"context"
	"database/sql"
	"errors"
)

const (
	sqlSummarySave = `INSERT INTO summary (article_id, mode, sentences) SELECT a.id, CAST($1 AS TEXT), CAST($2 AS TEXT) FROM article a WHERE a.id = $3
		ON CONFLICT (article_id, mode) DO UPDATE SET sentences = excluded.sentences`
	sqlSummary = `SELECT sentences FROM summary WHERE article_id = $1 AND mode = $2`

	sqlSave = `INSERT INTO saved (user_id, article_id, at) SELECT CAST($1 AS BIGINT), a.id, CAST($2 AS BIGINT) FROM article a WHERE a.id = $3
		ON CONFLICT (user_id, article_id) DO UPDATE SET at = saved.at`
	sqlUnsave     = `DELETE FROM saved WHERE user_id = $1 AND article_id = $2`
	sqlSaved      = `SELECT article_id FROM saved WHERE user_id = $1 ORDER BY at DESC, article_id DESC LIMIT $2 OFFSET $3`
	sqlSavedCount = `SELECT COUNT(*) FROM saved WHERE user_id = $1`

	sqlVote = `INSERT INTO vote (article_id, guild_id, user_id, value) SELECT a.id, CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM article a WHERE a.id = $4
		ON CONFLICT (article_id, guild_id, user_id) DO UPDATE SET value = excluded.value`
	sqlUnvote = `DELETE FROM vote WHERE article_id = $1 AND guild_id = $2 AND user_id = $3`
)

// SaveSummary keeps a summary that was made. ErrNotFound if the article is gone.
func (s *Store) SaveSummary(ctx context.Context, articleID int64, mode string, sentences []string) error {
	return s.write(ctx, "save summary", func(ctx context.Context, t *tx) error {
		return t.changed(t.exec(ctx, sqlSummarySave, clean(mode), list(sentences), articleID))
	})
}

// changed turns a statement that found nothing into ErrNotFound.
func (t *tx) changed(n int64, err error) error {
	if err == nil && n == 0 {
		return ErrNotFound
	}
	return err
}

// Summary returns the summary kept for an article in a mode; false if none is.
// A kept summary of no sentences says that the text is too short for one.
func (s *Store) Summary(ctx context.Context, articleID int64, mode string) ([]string, bool, error) {
	var text string
	err := s.row(ctx, sqlSummary, articleID, mode).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, s.wrap("read summary", err)
	}
	sentences, err := unlist(text)
	return sentences, err == nil, s.wrap("read summary", err)
}

// Save puts an article on a member's list, where it stays however old it gets.
func (s *Store) Save(ctx context.Context, userID, articleID int64) error {
	return s.write(ctx, "save article", func(ctx context.Context, t *tx) error {
		return t.changed(t.exec(ctx, sqlSave, userID, clock(), articleID))
	})
}

// Unsave takes an article off a member's list; ErrNotFound if it is not on it.
func (s *Store) Unsave(ctx context.Context, userID, articleID int64) error {
	return s.write(ctx, "unsave article", func(ctx context.Context, t *tx) error {
		return t.changed(t.exec(ctx, sqlUnsave, userID, articleID))
	})
}

// Saved returns a page of a member's list, last saved first, and its length.
func (s *Store) Saved(ctx context.Context, userID int64, limit, offset int) ([]Article, int, error) {
	var total int
	if err := s.row(ctx, sqlSavedCount, userID).Scan(&total); err != nil {
		return nil, 0, s.wrap("list saved articles", err)
	}
	ids, err := collectIDs(s.query(ctx, sqlSaved, userID, int64(max(limit, 0)), int64(max(offset, 0))))
	if err != nil {
		return nil, 0, s.wrap("list saved articles", err)
	}
	all, err := s.articles(ctx, s, 0, ids)
	return all, total, s.wrap("list saved articles", err)
}

// Vote records a member's vote on an article in a guild: positive, negative,
// or 0 to take it back. A member has one vote for an article.
func (s *Store) Vote(ctx context.Context, guildID, userID, articleID int64, v int) error {
	return s.write(ctx, "vote", func(ctx context.Context, t *tx) error {
		if v == 0 {
			_, err := t.exec(ctx, sqlUnvote, articleID, guildID, userID)
			return err
		}
		return t.changed(t.exec(ctx, sqlVote, guildID, userID, int64(max(-1, min(1, v))), articleID))
	})
}
