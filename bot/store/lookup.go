package store

import (
	"context"
	"time"
)

// PrintedArticle is an article of a printed edition and what became of it.
type PrintedArticle struct {
	Article
	Fate      Fate
	StoryLead int64
}

// PrintedEdition returns the articles that a digest's edition of the given
// ordinal used up, in reading order; ErrNotFound if there was no such edition.
// Articles that have been pruned since are left out. Texts are not read.
func (s *Store) PrintedEdition(ctx context.Context, digestID, ordinal int64) ([]PrintedArticle, error) {
	const doing = "read printed edition"
	rows, err := s.query(ctx, `SELECT f.article_id, f.fate, f.story_lead, a.feed_id, a.title, a.link, a.image, a.language,
  a.published, a.seen, COALESCE(NULLIF(s.title, ''), d.title)
  FROM edition e
  JOIN fate f ON f.edition_id = e.id
  JOIN article a ON a.id = f.article_id
  JOIN feed d ON d.id = a.feed_id
  LEFT JOIN subscription s ON s.channel_id = f.channel_id AND s.feed_id = a.feed_id
 WHERE e.digest_id = $1 AND e.ordinal = $2
 ORDER BY f.seq, f.article_id`, digestID, ordinal)
	printed, err := collect(rows, err, func(r scanner) (PrintedArticle, error) {
		var p PrintedArticle
		var published, seen int64
		err := r.Scan(&p.ID, &p.Fate, &p.StoryLead, &p.FeedID, &p.Title, &p.Link, &p.Image, &p.Language, &published, &seen, &p.FeedTitle)
		p.Published, p.Seen = moment(published), moment(seen)
		return p, err
	})
	if err != nil {
		return nil, s.wrap(doing, err)
	}
	if len(printed) == 0 {
		return nil, s.wrap(doing, ErrNotFound)
	}
	return printed, nil
}

// PendingIn counts the deliveries that wait to be sent to a channel.
func (s *Store) PendingIn(ctx context.Context, channelID int64) (int, error) {
	var n int
	err := s.row(ctx, `SELECT COUNT(*) FROM delivery WHERE channel_id = $1 AND state = 'pending'`, channelID).Scan(&n)
	return n, s.wrap("count pending deliveries", err)
}

// InstantSince counts the instant posts that were made for a channel since a
// time, sent or not.
func (s *Store) InstantSince(ctx context.Context, channelID int64, since time.Time) (int, error) {
	var n int
	err := s.row(ctx, `SELECT COUNT(*) FROM delivery WHERE channel_id = $1 AND kind = 'instant' AND created_at >= $2`,
		channelID, millis(since)).Scan(&n)
	return n, s.wrap("count instant posts", err)
}

// IsSaved reports whether a member keeps an article.
func (s *Store) IsSaved(ctx context.Context, userID, articleID int64) (bool, error) {
	var n int
	err := s.row(ctx, `SELECT COUNT(*) FROM saved WHERE user_id = $1 AND article_id = $2`, userID, articleID).Scan(&n)
	return n > 0, s.wrap("read saved article", err)
}

// MayRead reports whether a guild may see an article: it follows the article's
// feed, or the article was printed in one of its channels.
func (s *Store) MayRead(ctx context.Context, guildID, articleID int64) (bool, error) {
	var n int
	err := s.row(ctx, `SELECT (SELECT COUNT(*) FROM article a JOIN subscription s ON s.feed_id = a.feed_id WHERE s.guild_id = $1 AND a.id = $2)
  + (SELECT COUNT(*) FROM fate f JOIN channel c ON c.id = f.channel_id WHERE c.guild_id = $1 AND f.article_id = $2)`,
		guildID, articleID).Scan(&n)
	return n > 0, s.wrap("check who may read article", err)
}

// Guilds lists every server the bot is or was in.
func (s *Store) Guilds(ctx context.Context) ([]Guild, error) {
	rows, err := s.query(ctx, `SELECT id, name, locale, timezone, gone FROM guild ORDER BY id`)
	guilds, err := collect(rows, err, func(r scanner) (Guild, error) {
		var g Guild
		var gone int64
		err := r.Scan(&g.ID, &g.Name, &g.Locale, &g.Timezone, &gone)
		g.Gone = gone != 0
		return g, err
	})
	return guilds, s.wrap("list servers", err)
}

// Overdue counts the feeds of a channel that should have been visited by now
// and were not: because the program was not running, or the visit is under way.
func (s *Store) Overdue(ctx context.Context, channelID int64) (int, error) {
	var n int
	err := s.row(ctx, `SELECT COUNT(*) FROM subscription s JOIN feed f ON f.id = s.feed_id
 WHERE s.channel_id = $1 AND s.paused = 0 AND f.paused = 0 AND f.gone = 0 AND f.next_poll <= $2 AND f.wait_until <= $2`,
		channelID, clock()).Scan(&n)
	return n, s.wrap("count overdue feeds", err)
}

// ParkedChannels lists the channels of a guild that wait for a permission.
func (s *Store) ParkedChannels(ctx context.Context, guildID int64) ([]int64, error) {
	rows, err := s.query(ctx, `SELECT id FROM channel WHERE guild_id = $1 AND parked = 1 AND gone = 0 ORDER BY id`, guildID)
	ids, err := collect(rows, err, scanID)
	return ids, s.wrap("list parked channels", err)
}

// SentMessage is Discord's id of an edition's message at position seq;
// ErrNotFound if that was not sent.
func (s *Store) SentMessage(ctx context.Context, editionID int64, seq int) (int64, error) {
	var id int64
	err := s.row(ctx, `SELECT message_id FROM delivery WHERE edition_id = $1 AND seq = $2 AND state = 'sent' AND message_id <> 0`,
		editionID, seq).Scan(&id)
	return id, s.wrap("read sent message", err)
}
