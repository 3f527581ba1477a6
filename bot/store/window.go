package store

import (
	"context"
	"slices"
	"time"
)

// maxWindow is how many articles an edition may be made from.
const maxWindow = 5000

const (
	sqlUntaken     = `SELECT article_id, weight FROM untaken WHERE channel_id = $1 AND mode = $2 AND paused = 0 ORDER BY article_id DESC LIMIT $3`
	sqlUntakenMany = `SELECT COUNT(*) FROM untaken WHERE channel_id = $1 AND mode = $2 AND paused = 0`
	sqlGuildOf     = `SELECT COALESCE(MAX(guild_id), 0) FROM channel WHERE id = $1`
	sqlPrinted     = `SELECT ` + articleColumns + articleVotes + articleBody + ` FROM fate f JOIN article a ON a.id = f.article_id
		JOIN feed ON feed.id = a.feed_id` + articleBodyFrom + `
		WHERE f.channel_id = $2 AND f.at >= $3 AND f.fate IN ('card', 'line') AND f.story_lead IN (0, f.article_id) ORDER BY f.at, a.id`
	// A parked channel would only pile posts up: its articles wait as articles.
	sqlPendingInstant = `SELECT DISTINCT s.channel_id FROM subscription s JOIN feed ON feed.id = s.feed_id
		LEFT JOIN channel c ON c.id = s.channel_id LEFT JOIN guild g ON g.id = s.guild_id
		WHERE s.mode = 'instant' AND s.paused = 0 AND COALESCE(c.gone, 0) = 0 AND COALESCE(c.parked, 0) = 0 AND COALESCE(g.gone, 0) = 0
		AND (feed.newest > s.cursor OR EXISTS (SELECT 1 FROM backlog b WHERE b.subscription_id = s.id))
		ORDER BY s.channel_id LIMIT $1`
)

// Window returns what the channel's subscriptions of a mode have not taken
// yet, those that are paused excepted. See Publish for how it is used up.
func (s *Store) Window(ctx context.Context, channelID int64, mode Mode) (Window, error) {
	type untaken struct{ id, weight int64 }
	var w Window
	rows, err := s.query(ctx, sqlUntaken, channelID, string(mode), int64(maxWindow))
	all, err := collect(rows, err, func(r scanner) (u untaken, err error) {
		return u, r.Scan(&u.id, &u.weight)
	})
	if err != nil || len(all) == 0 {
		return w, s.wrap("read window", err)
	}
	slices.Reverse(all)
	ids := make([]int64, len(all))
	weight := make(map[int64]int64, len(all))
	for i, u := range all {
		ids[i], weight[u.id] = u.id, u.weight
	}
	w.Oldest = ids[0]
	if len(all) == maxWindow {
		if err := s.row(ctx, sqlUntakenMany, channelID, string(mode)).Scan(&w.Truncated); err != nil {
			return Window{}, s.wrap("read window", err)
		}
		w.Truncated -= len(all)
	}
	var guild int64
	if err := s.row(ctx, sqlGuildOf, channelID).Scan(&guild); err != nil {
		return Window{}, s.wrap("read window", err)
	}
	if w.Articles, err = s.articles(ctx, s, guild, ids); err != nil {
		return Window{}, s.wrap("read window", err)
	}
	for i := range w.Articles {
		w.Articles[i].Weight = int(weight[w.Articles[i].ID])
	}
	return w, nil
}

// Printed returns the leads of the stories that the channel has printed since
// a time, oldest first, so that a follow-up can be told from news.
func (s *Store) Printed(ctx context.Context, channelID int64, since time.Time) ([]Article, error) {
	rows, err := s.query(ctx, sqlPrinted, int64(0), channelID, millis(since))
	all, err := collect(rows, err, s.scanFullArticle)
	return all, s.wrap("read what was printed", err)
}

// PendingInstant returns up to limit channels with instant subscriptions that
// have something new. Parked and vanished channels are left out.
func (s *Store) PendingInstant(ctx context.Context, limit int) ([]int64, error) {
	ids, err := collectIDs(s.query(ctx, sqlPendingInstant, int64(limit)))
	return ids, s.wrap("find channels with news", err)
}
