package store

import (
	"context"

	"broadsheet/feeds"
)

// sqlKeysOfDocument reads what is known by a document's own keys: a feed that
// has been read for a year has a thousand times as many. Subqueries, because
// PostgreSQL likes to join such a list with all articles.
const sqlKeysOfDocument = `SELECT k.key, k.article_id, COALESCE((SELECT a.content FROM article a WHERE a.id = k.article_id), 0),
	COALESCE((SELECT a.published FROM article a WHERE a.id = k.article_id), 0) FROM item_key k WHERE k.feed_id = $1 AND k.key IN {each $2}`

// KnownKeys returns what is known by those of keys that a feed has had before.
func (s *Store) KnownKeys(ctx context.Context, feedID int64, keys []feeds.Key) (map[feeds.Key]feeds.KnownItem, error) {
	rows, err := s.query(ctx, sqlKeysOfDocument, feedID, array(keys))
	known := make(map[feeds.Key]feeds.KnownItem, len(keys))
	_, err = collect(rows, err, func(r scanner) (struct{}, error) {
		var key, content, published int64
		var k feeds.KnownItem
		err := r.Scan(&key, &k.Article, &content, &published)
		k.Content, k.Published = uint64(content), moment(published)
		known[feeds.Key(key)] = k
		return struct{}{}, err
	})
	return known, s.wrap("read known items", err)
}
