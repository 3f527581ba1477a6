package store

import (
	"context"
	"slices"
	"strings"
)

// fts5 is SQLite's full-text search: two contentless tables, one of titles and
// texts for searching, one of titles with an index of beginnings for
// autocomplete.
type fts5 struct{}

const (
	sqlIndexPut  = `INSERT INTO article_fts (rowid, title, body) VALUES ($1, $2, $3)`
	sqlTitlePut  = `INSERT INTO title_fts (rowid, title) VALUES ($1, $2)`
	sqlIndexDrop = `DELETE FROM article_fts WHERE rowid IN {each $1}`
	sqlTitleDrop = `DELETE FROM title_fts WHERE rowid IN {each $1}`

	sqlMatches = `SELECT COUNT(*), COALESCE(MIN(m.id), 0) FROM
		(SELECT rowid AS id FROM article_fts WHERE article_fts MATCH $1 ORDER BY rowid DESC LIMIT $2) m`
	// FTS5 yields the newest first by itself; a second ORDER BY would sort all.
	sqlMatchesScoped = `SELECT m.id FROM (SELECT rowid AS id FROM article_fts WHERE article_fts MATCH $1 ORDER BY rowid DESC LIMIT $2) m
		CROSS JOIN article a ON a.id = m.id
		WHERE ($3 = 0 OR a.feed_id IN (SELECT s.feed_id FROM subscription s WHERE s.guild_id = $3)) AND ($4 = 0 OR a.feed_id = $4)`
	// bm25 weighs a word in the title four times.
	sqlRanked = `SELECT rowid FROM article_fts WHERE article_fts MATCH $1 AND rowid >= $2
		ORDER BY bm25(article_fts, 4.0, 1.0), rowid DESC LIMIT $3 OFFSET $4`
	// The plus keeps SQLite from running the query once for each id.
	sqlRankedScoped = `SELECT rowid FROM article_fts WHERE article_fts MATCH $1 AND rowid >= $2 AND +rowid IN {each $3}
		ORDER BY bm25(article_fts, 4.0, 1.0), rowid DESC LIMIT $4 OFFSET $5`
	sqlTitleMatches       = `SELECT rowid FROM title_fts WHERE title_fts MATCH $1 ORDER BY rowid DESC LIMIT $2`
	sqlTitleMatchesScoped = `SELECT m.id FROM (SELECT rowid AS id FROM title_fts WHERE title_fts MATCH $1 ORDER BY rowid DESC LIMIT $2) m
		CROSS JOIN article a ON a.id = m.id WHERE a.feed_id IN (SELECT s.feed_id FROM subscription s WHERE s.guild_id = $3)`
)

func (fts5) put(ctx context.Context, t *tx, id int64, title, body []string, fresh bool) error {
	if !fresh {
		if err := (fts5{}).remove(ctx, t, array([]int64{id})); err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, sqlIndexPut, id, strings.Join(title, " "), strings.Join(body, " ")); err != nil {
		return err
	}
	_, err := t.exec(ctx, sqlTitlePut, id, strings.Join(title, " "))
	return err
}

func (fts5) remove(ctx context.Context, t *tx, ids string) error {
	if _, err := t.exec(ctx, sqlIndexDrop, ids); err != nil {
		return err
	}
	_, err := t.exec(ctx, sqlTitleDrop, ids)
	return err
}

// match writes phrases as an FTS5 expression. Every term is quoted, so no word
// is an operator; words hold letters, digits and marks only.
func match(phrases []phrase) string {
	terms := make([]string, len(phrases))
	for i, p := range phrases {
		terms[i] = `"` + strings.Join(p.words, " ") + `"`
		if p.prefix {
			terms[i] += "*"
		}
	}
	return strings.Join(terms, " AND ")
}

func (fts5) search(ctx context.Context, s *Store, q parsedQuery, limit, offset int) ([]int64, int, error) {
	expr := match(q.phrases)
	if q.guild != 0 || q.feed != 0 {
		return searchScoped(ctx, s, expr, q, limit, offset)
	}
	var total int
	var oldest int64
	if err := s.row(ctx, sqlMatches, expr, int64(maxResults)).Scan(&total, &oldest); err != nil || total == 0 {
		return nil, 0, err
	}
	ids, err := collectIDs(s.query(ctx, sqlRanked, expr, oldest, int64(limit), int64(offset)))
	return ids, total, err
}

func searchScoped(ctx context.Context, s *Store, expr string, q parsedQuery, limit, offset int) ([]int64, int, error) {
	newest, err := s.first(ctx, maxResults, sqlMatchesScoped, expr, int64(maxScanned), q.guild, q.feed)
	if err != nil || len(newest) == 0 {
		return nil, 0, err
	}
	ids, err := collectIDs(s.query(ctx, sqlRankedScoped, expr, slices.Min(newest), array(newest), int64(limit), int64(offset)))
	return ids, len(newest), err
}

func (fts5) titles(ctx context.Context, s *Store, guildID int64, words []string, limit int) ([]int64, error) {
	// Titles are indexed without positions, so there are no phrases.
	phrases := make([]phrase, len(words))
	for i, w := range words {
		phrases[i] = phrase{words: []string{w}, prefix: i == len(words)-1}
	}
	expr := match(phrases)
	if guildID == 0 {
		return collectIDs(s.query(ctx, sqlTitleMatches, expr, int64(limit)))
	}
	return s.first(ctx, limit, sqlTitleMatchesScoped, expr, int64(maxScanned), guildID)
}

// first reads at most n ids and then stops the statement.
func (s *Store) first(ctx context.Context, n int, q string, args ...any) ([]int64, error) {
	rows, err := s.query(ctx, q, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // ends the statement; rows.Err tells what matters
	var ids []int64
	for len(ids) < n && rows.Next() {
		id, err := scanID(rows)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
