package store

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// tsvectors is PostgreSQL's full-text search. The vectors are written here
// from the same words that SQLite gets, so no text search configuration and no
// locale of the server takes part.
type tsvectors struct{}

const (
	sqlVectorPut = `INSERT INTO article_search (article_id, words, title) VALUES ($1, $2::text::tsvector, $3::text::tsvector)
		ON CONFLICT (article_id) DO UPDATE SET words = excluded.words, title = excluded.title`
	sqlVectorDrop = `DELETE FROM article_search WHERE article_id IN {each $1}`

	// Matching while walking the articles backwards would unpack every vector
	// for a word that does not occur; a GIN query for a word that occurs
	// everywhere collects every article. So a bounded walk comes first and
	// the GIN query only for words that it has shown to be rare.
	sqlWalk = `WITH recent AS MATERIALIZED (SELECT a.id FROM article a
			WHERE ($1::bigint = 0 OR a.feed_id IN (SELECT s.feed_id FROM subscription s WHERE s.guild_id = $1)) AND ($2::bigint = 0 OR a.feed_id = $2)
			ORDER BY a.id DESC LIMIT $3)
		SELECT x.article_id FROM recent r JOIN article_search x ON x.article_id = r.id WHERE x.words @@ $4::text::tsquery
		ORDER BY ts_rank('{0.1,0.2,0.4,1.0}', x.words, $4::text::tsquery, 1) DESC, x.article_id DESC LIMIT $5`
	sqlRare = `WITH found AS MATERIALIZED (SELECT x.article_id AS id FROM article_search x WHERE x.words @@ $1::text::tsquery),
		newest AS MATERIALIZED (SELECT a.id FROM found f JOIN article a ON a.id = f.id
			WHERE ($2::bigint = 0 OR a.feed_id IN (SELECT s.feed_id FROM subscription s WHERE s.guild_id = $2)) AND ($3::bigint = 0 OR a.feed_id = $3)
			ORDER BY a.id DESC LIMIT $4)
		SELECT x.article_id FROM newest n JOIN article_search x ON x.article_id = n.id
		ORDER BY ts_rank('{0.1,0.2,0.4,1.0}', x.words, $1::text::tsquery, 1) DESC, x.article_id DESC`
	sqlTitleWalk = `WITH recent AS MATERIALIZED (SELECT a.id FROM article a
			WHERE ($1::bigint = 0 OR a.feed_id IN (SELECT s.feed_id FROM subscription s WHERE s.guild_id = $1)) ORDER BY a.id DESC LIMIT $2)
		SELECT x.article_id FROM recent r JOIN article_search x ON x.article_id = r.id WHERE x.title @@ $3::text::tsquery
		ORDER BY x.article_id DESC LIMIT $4`
	sqlTitleRare = `WITH found AS MATERIALIZED (SELECT x.article_id AS id FROM article_search x WHERE x.title @@ $1::text::tsquery)
		SELECT f.id FROM found f JOIN article a ON a.id = f.id
		WHERE ($2::bigint = 0 OR a.feed_id IN (SELECT s.feed_id FROM subscription s WHERE s.guild_id = $2)) ORDER BY f.id DESC LIMIT $3`

	// walked is how many of the newest articles the walk looks at; a word
	// found rareBelow times among them is no longer rare.
	walked    = 5000
	rareBelow = 100
	// searchTimeout guards against what the bounds above do not foresee.
	searchTimeout = `SET LOCAL statement_timeout = 800`
)

func (tsvectors) put(ctx context.Context, t *tx, id int64, title, body []string, _ bool) error {
	words := append(title[:len(title):len(title)], body...)
	_, err := t.exec(ctx, sqlVectorPut, id, vector(words, len(title)), vector(title, 0))
	return err
}

func (tsvectors) remove(ctx context.Context, t *tx, ids string) error {
	_, err := t.exec(ctx, sqlVectorDrop, ids)
	return err
}

// vector writes words as a tsvector with positions, the first ones with
// weight A. Words hold letters, digits and marks only, so nothing needs escaping.
func vector(words []string, heavy int) string {
	const lastPosition = 16383 // PostgreSQL's limit; further words share it
	var b strings.Builder
	for i, w := range words {
		if b.Len() > 900_000 { // a tsvector is 1 MB at most
			break
		}
		b.WriteString(" '")
		b.WriteString(w)
		b.WriteString("':")
		b.WriteString(strconv.Itoa(min(i+1, lastPosition)))
		if i < heavy {
			b.WriteByte('A')
		}
	}
	return b.String()
}

// tsquery writes phrases as a tsquery.
func tsquery(phrases []phrase) string {
	terms := make([]string, len(phrases))
	for i, p := range phrases {
		words := make([]string, len(p.words))
		for j, w := range p.words {
			words[j] = "'" + w + "'"
		}
		if p.prefix {
			words[len(words)-1] += ":*"
		}
		terms[i] = "(" + strings.Join(words, " <-> ") + ")"
	}
	return strings.Join(terms, " & ")
}

func (tsvectors) search(ctx context.Context, s *Store, q parsedQuery, limit, offset int) ([]int64, int, error) {
	expr := tsquery(q.phrases)
	ids, err := collectIDs(s.query(ctx, sqlWalk, q.guild, q.feed, int64(walked), expr, int64(maxResults)))
	if err != nil {
		return nil, 0, err
	}
	if len(ids) < rareBelow {
		if ids, err = s.timed(ctx, ids, sqlRare, expr, q.guild, q.feed, int64(maxResults)); err != nil {
			return nil, 0, err
		}
	}
	return page(ids, limit, offset), len(ids), nil
}

func (tsvectors) titles(ctx context.Context, s *Store, guildID int64, words []string, limit int) ([]int64, error) {
	phrases := make([]phrase, len(words))
	for i, w := range words {
		phrases[i] = phrase{words: []string{w}, prefix: i == len(words)-1}
	}
	expr := tsquery(phrases)
	ids, err := collectIDs(s.query(ctx, sqlTitleWalk, guildID, int64(walked), expr, int64(limit)))
	if err != nil || len(ids) == limit {
		return ids, err
	}
	return s.timed(ctx, ids, sqlTitleRare, expr, guildID, int64(limit))
}

// timed runs a query under searchTimeout and answers with fallback where the
// time is not enough.
func (s *Store) timed(ctx context.Context, fallback []int64, q string, args ...any) ([]int64, error) {
	t, err := s.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer func() { _ = t.Rollback() }() // nothing was written
	if _, err := t.ExecContext(ctx, searchTimeout); err != nil {
		return nil, err
	}
	rows, err := t.QueryContext(ctx, q, args...)
	ids, err := collect(rows, err, scanID)
	var e *pgconn.PgError
	if errors.As(err, &e) && e.Code == "57014" && ctx.Err() == nil { // query_canceled
		s.log.Warn("search cut short", "found", len(fallback))
		return fallback, nil
	}
	return ids, err
}
