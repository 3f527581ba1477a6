package store

import (
	"cmp"
	"context"
	"slices"
)

const (
	sqlPageOf  = `SELECT page_state, page_reason FROM article WHERE id = $1`
	sqlWhySubs = `SELECT s.channel_id, s.mode, s.cursor,
		(SELECT COUNT(*) FROM backlog b WHERE b.subscription_id = s.id AND b.article_id = $1)
		FROM subscription s WHERE s.feed_id = $2 AND s.guild_id = $3`
	sqlWhyFates = `SELECT f.channel_id, f.fate, f.detail, f.story_lead, COALESCE(l.title, ''), f.at, f.edition_id
		FROM fate f LEFT JOIN article l ON l.id = f.story_lead
		WHERE f.article_id = $1 AND (f.channel_id IN (SELECT c.id FROM channel c WHERE c.guild_id = $2)
		OR f.channel_id IN (SELECT s.channel_id FROM subscription s WHERE s.guild_id = $2))`
	sqlWhyDeliveries = `SELECT id, state, why, attempt, message_id, CASE WHEN state = 'pending' THEN due ELSE done_at END
		FROM delivery WHERE edition_id = $1 ORDER BY seq`
)

// Why tells the whole way of an article through a guild's channels: those that
// follow its feed, and those that have taken it. ErrNotFound if the article is
// not there (any more).
func (s *Store) Why(ctx context.Context, guildID, articleID int64) (Path, error) {
	var p Path
	var err error
	if p.Article, err = s.Article(ctx, articleID); err != nil {
		return Path{}, err
	}
	if p.Feed, err = s.Feed(ctx, p.Article.FeedID); err != nil {
		return Path{}, err
	}
	if err := s.row(ctx, sqlPageOf, articleID).Scan(&p.Page, &p.PageReason); err != nil {
		return Path{}, s.wrap("tell an article's way", err)
	}
	channels, err := s.whyChannels(ctx, guildID, p.Article)
	if err != nil {
		return Path{}, s.wrap("tell an article's way", err)
	}
	for _, c := range channels {
		if c.Parked, _, err = s.Parked(ctx, c.ChannelID); err != nil {
			return Path{}, err
		}
		if c.EditionID != 0 {
			rows, err := s.query(ctx, sqlWhyDeliveries, c.EditionID)
			if c.Deliveries, err = collect(rows, err, scanDeliveryState); err != nil {
				return Path{}, s.wrap("tell an article's way", err)
			}
		}
		p.Channels = append(p.Channels, *c)
	}
	return p, nil
}

// whyChannels joins a guild's subscriptions with what was taken.
func (s *Store) whyChannels(ctx context.Context, guildID int64, a Article) ([]*ChannelPath, error) {
	rows, err := s.query(ctx, sqlWhySubs, a.ID, a.FeedID, guildID)
	all, err := collect(rows, err, func(r scanner) (*ChannelPath, error) {
		var cursor, backlog int64
		c := &ChannelPath{Subscribed: true}
		err := r.Scan(&c.ChannelID, &c.Mode, &cursor, &backlog)
		c.Waiting = a.ID > cursor || backlog > 0
		c.Behind = !c.Waiting
		return c, err
	})
	if err != nil {
		return nil, err
	}
	rows, err = s.query(ctx, sqlWhyFates, a.ID, guildID)
	_, err = collect(rows, err, func(r scanner) (struct{}, error) {
		var c ChannelPath
		var at int64
		err := r.Scan(&c.ChannelID, &c.Fate, &c.Detail, &c.StoryLead, &c.LeadTitle, &at, &c.EditionID)
		c.At = moment(at)
		i := slices.IndexFunc(all, func(o *ChannelPath) bool { return o.ChannelID == c.ChannelID })
		if i < 0 {
			all = append(all, &c)
			return struct{}{}, err
		}
		c.Subscribed, c.Mode = true, all[i].Mode
		*all[i] = c
		return struct{}{}, err
	})
	slices.SortFunc(all, func(a, b *ChannelPath) int { return cmp.Compare(a.ChannelID, b.ChannelID) })
	return all, err
}

func scanDeliveryState(r scanner) (DeliveryState, error) {
	var d DeliveryState
	var at int64
	err := r.Scan(&d.ID, &d.State, &d.Why, &d.Attempt, &d.MessageID, &at)
	d.At = moment(at)
	return d, err
}
