package store

import (
	"context"
)

// articleColumns are those that scanArticle reads, of article a and its feed.
const articleColumns = `a.id, a.feed_id, feed.title, a.guid, a.title, a.link, a.author, a.language, a.image, a.categories,
	a.published, a.updated, a.seen, a.teaser, a.page_state`

// articleVotes is the sum of the votes of guild $1, of all guilds if it is 0.
const (
	articleVotes = `, (SELECT COALESCE(SUM(v.value), 0) FROM vote v WHERE v.article_id = a.id AND (CAST($1 AS BIGINT) = 0 OR v.guild_id = $1))`
	// articleBody adds the text and the kept summary.
	articleBody     = `, x.hash, x.body, COALESCE(m.sentences, '')`
	articleBodyFrom = ` JOIN article_text x ON x.article_id = a.id LEFT JOIN summary m ON m.article_id = a.id AND m.mode = 'short'`
)

const (
	sqlArticles = `SELECT ` + articleColumns + articleVotes + articleBody + ` FROM article a JOIN feed ON feed.id = a.feed_id` +
		articleBodyFrom + ` WHERE a.id IN {each $2}`
	sqlTitles = `SELECT a.id, a.feed_id, a.title, feed.title FROM article a JOIN feed ON feed.id = a.feed_id WHERE a.id IN {each $1}`

	sqlLatest      = `SELECT a.id FROM article a ORDER BY a.id DESC LIMIT $1`
	sqlLatestFeed  = `SELECT a.id FROM article a WHERE a.feed_id = $1 ORDER BY a.id DESC LIMIT $2`
	sqlLatestGuild = `SELECT a.id FROM article a WHERE EXISTS (SELECT 1 FROM subscription s WHERE s.feed_id = a.feed_id AND s.guild_id = $1)
		ORDER BY a.id DESC LIMIT $2`
	sqlLatestBoth = `SELECT a.id FROM article a WHERE a.feed_id = $1 AND EXISTS (SELECT 1 FROM subscription s WHERE s.feed_id = a.feed_id AND s.guild_id = $2)
		ORDER BY a.id DESC LIMIT $3`
)

// scanArticle reads articleColumns and articleVotes; more are further columns.
func scanArticle(r scanner, more ...any) (Article, error) {
	var a Article
	var categories, page string
	var published, updated, seen, teaser int64
	dest := []any{&a.ID, &a.FeedID, &a.FeedTitle, &a.GUID, &a.Title, &a.Link, &a.Author, &a.Language, &a.Image, &categories,
		&published, &updated, &seen, &teaser, &page, &a.Votes}
	if err := r.Scan(append(dest, more...)...); err != nil {
		return a, err
	}
	a.Published, a.Updated, a.Seen = moment(published), moment(updated), moment(seen)
	a.Teaser, a.PageWaiting = teaser != 0, page == pageWaiting
	var err error
	a.Categories, err = unlist(categories)
	return a, err
}

// scanFullArticle reads an article with its text and kept summary.
func (s *Store) scanFullArticle(r scanner) (Article, error) {
	var hash int64
	var body []byte
	var sentences string
	a, err := scanArticle(r, &hash, &body, &sentences)
	if err != nil {
		return a, err
	}
	if a.Text, err = s.unpack(hash, body); err != nil {
		return a, err
	}
	if sentences != "" {
		a.SummaryMode = SummaryShort
	}
	a.Summary, err = unlist(sentences)
	return a, err
}

// articles reads articles with their texts in the order of ids, with the votes
// of a guild (0: of all). Those that are gone are left out.
func (s *Store) articles(ctx context.Context, from querier, guildID int64, ids []int64) ([]Article, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := from.query(ctx, sqlArticles, guildID, array(ids))
	found, err := collect(rows, err, s.scanFullArticle)
	return inOrder(found, ids), err
}

// inOrder sorts articles as ids are sorted.
func inOrder(found []Article, ids []int64) []Article {
	byID := make(map[int64]Article, len(found))
	for _, a := range found {
		byID[a.ID] = a
	}
	sorted := make([]Article, 0, len(found))
	for _, id := range ids {
		if a, ok := byID[id]; ok {
			sorted = append(sorted, a)
		}
	}
	return sorted
}

// Article returns an article with its text, or ErrNotFound. ErrCorrupt says
// that its text is not what was stored.
func (s *Store) Article(ctx context.Context, id int64) (Article, error) {
	all, err := s.articles(ctx, s, 0, []int64{id})
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Article{}, s.wrap("read article", err)
	}
	return all[0], nil
}

// maxResults bounds the total of a search and the depth of a list.
const maxResults = 1000

// bounds applies the defaults of a query.
func (q Query) bounds() (limit, offset int) {
	limit, offset = q.Limit, max(q.Offset, 0)
	if limit <= 0 {
		limit = 10
	}
	return min(limit, 100), min(offset, maxResults)
}

// Latest returns the newest articles, newest first, and how many there are, up
// to 1,000. Query.Text is not looked at.
func (s *Store) Latest(ctx context.Context, q Query) ([]Article, int, error) {
	limit, offset := q.bounds()
	text, args := sqlLatest, []any{int64(maxResults)}
	switch {
	case q.FeedID != 0 && q.GuildID != 0:
		text, args = sqlLatestBoth, []any{q.FeedID, q.GuildID, int64(maxResults)}
	case q.FeedID != 0:
		text, args = sqlLatestFeed, []any{q.FeedID, int64(maxResults)}
	case q.GuildID != 0:
		text, args = sqlLatestGuild, []any{q.GuildID, int64(maxResults)}
	}
	ids, err := collectIDs(s.query(ctx, text, args...))
	if err != nil {
		return nil, 0, s.wrap("list latest articles", err)
	}
	all, err := s.articles(ctx, s, q.GuildID, page(ids, limit, offset))
	return all, len(ids), s.wrap("list latest articles", err)
}

// page cuts one page out of a list.
func page[T any](all []T, limit, offset int) []T {
	offset = min(offset, len(all))
	return all[offset:min(offset+limit, len(all))]
}
