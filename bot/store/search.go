package store

import (
	"context"
	"strings"
	"unicode/utf8"

	"broadsheet/summarize"
)

const (
	// maxScanned is how many of the newest matches are looked through for
	// those of one guild, so that a common word costs the same at any size.
	maxScanned = 20_000
	// maxTerms bounds a query: what nobody types costs nobody anything.
	maxTerms = 16
)

// parsedQuery is a query cut into what the index holds.
type parsedQuery struct {
	// phrases must all occur, each with its words side by side.
	phrases []phrase
	guild   int64 // 0: any
	feed    int64 // 0: any
}

// phrase is a row of words; prefix says that the last is only a beginning.
type phrase struct {
	words  []string
	prefix bool
}

// parseQuery reads what a person typed. Nothing is an error: signs separate
// words, "quotes" hold a phrase together, a trailing * asks for a beginning.
// A word of several parts (a-b, 東京都) is a phrase of its parts.
func parseQuery(text string) []phrase {
	var all []phrase
	for i, part := range strings.Split(clean(text), `"`) {
		fields := []string{part}
		if i%2 == 0 { // outside quotes
			fields = strings.Fields(part)
		}
		for _, f := range fields {
			p := phrase{words: cut(f), prefix: strings.HasSuffix(f, "*")}
			if len(p.words) == 0 || len(all) == maxTerms {
				continue
			}
			p.words = p.words[:min(len(p.words), maxTerms)]
			// The index holds pairs of characters; one alone begins a pair.
			if len(p.words) == 1 && lone(p.words[0]) {
				p.prefix = true
			}
			all = append(all, p)
		}
	}
	return all
}

// cut returns the words of a text that the index may hold.
func cut(text string) []string {
	words := indexed(text)
	return words[:len(words):len(words)]
}

// lone reports whether a word is one character of a script without spaces.
func lone(word string) bool {
	r, size := utf8.DecodeRuneInString(word)
	if size != len(word) || r < utf8.RuneSelf {
		return false
	}
	return len(summarize.Tokens(word+word+word)) > 1 // pairs, not one word
}

// Search finds articles that hold all of q.Text, the best of the newest first,
// and how many were found: of the newest 1,000 matches at most, so that the
// cost does not grow with the store. A text without words finds nothing.
func (s *Store) Search(ctx context.Context, q Query) (hits []Hit, total int, err error) {
	parsed := parsedQuery{phrases: parseQuery(q.Text), guild: q.GuildID, feed: q.FeedID}
	if len(parsed.phrases) == 0 {
		return nil, 0, nil
	}
	limit, offset := q.bounds()
	ids, total, err := s.d.index.search(ctx, s, parsed, limit, offset)
	if err != nil {
		return nil, 0, s.wrap("search", err)
	}
	all, err := s.articles(ctx, s, q.GuildID, ids)
	if err != nil {
		return nil, 0, s.wrap("search", err)
	}
	hits = make([]Hit, len(all))
	for i, a := range all {
		hits[i].Article = a
		hits[i].Excerpt, hits[i].Marks = excerpt(a.Text, parsed.phrases)
	}
	return hits, total, nil
}

const (
	sqlRecentTitles      = `SELECT a.id, a.feed_id, a.title, feed.title FROM article a JOIN feed ON feed.id = a.feed_id ORDER BY a.id DESC LIMIT $1`
	sqlRecentTitlesGuild = `SELECT a.id, a.feed_id, a.title, feed.title FROM article a JOIN feed ON feed.id = a.feed_id
		WHERE EXISTS (SELECT 1 FROM subscription s WHERE s.feed_id = a.feed_id AND s.guild_id = $1) ORDER BY a.id DESC LIMIT $2`
	// recentTitles is among how many a single letter is looked for.
	recentTitles = 500
)

// SuggestTitles returns the newest articles whose titles hold what was typed,
// the last word perhaps unfinished: ID, FeedID, Title and FeedTitle only. With
// nothing typed, the newest. guildID 0 looks at all feeds.
func (s *Store) SuggestTitles(ctx context.Context, guildID int64, prefix string, limit int) ([]Article, error) {
	words := cut(clean(prefix))
	words = words[:min(len(words), maxTerms)]
	if limit <= 0 {
		return nil, nil
	}
	if len(words) == 0 || len(words) == 1 && utf8.RuneCountInString(words[0]) == 1 && !lone(words[0]) {
		return s.recentTitles(ctx, guildID, words, limit)
	}
	ids, err := s.d.index.titles(ctx, s, guildID, words, limit)
	if err != nil || len(ids) == 0 {
		return nil, s.wrap("suggest titles", err)
	}
	rows, err := s.query(ctx, sqlTitles, array(ids))
	all, err := collect(rows, err, scanTitle)
	return inOrder(all, ids), s.wrap("suggest titles", err)
}

// recentTitles answers where an index does not help: nothing typed, or a
// single letter, with which half of all titles have a word.
func (s *Store) recentTitles(ctx context.Context, guildID int64, words []string, limit int) ([]Article, error) {
	among := limit
	if len(words) > 0 {
		among = recentTitles
	}
	q, args := sqlRecentTitles, []any{int64(among)}
	if guildID != 0 {
		q, args = sqlRecentTitlesGuild, []any{guildID, int64(among)}
	}
	rows, err := s.query(ctx, q, args...)
	all, err := collect(rows, err, scanTitle)
	if err != nil {
		return nil, s.wrap("suggest titles", err)
	}
	var found []Article
	for _, a := range all {
		if len(found) < limit && (len(words) == 0 || strings.Contains(" "+folded(a.Title), " "+words[0])) {
			found = append(found, a)
		}
	}
	return found, nil
}

func scanTitle(r scanner) (a Article, err error) {
	return a, r.Scan(&a.ID, &a.FeedID, &a.Title, &a.FeedTitle)
}
