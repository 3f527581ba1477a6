package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"broadsheet/bot/command"
	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
)

const (
	// instantAtOnce bounds the channels served in one round; those over their
	// hourly limit count, so it is more than a bot will ever have.
	instantAtOnce = 100_000
	// pageWait is how long an instant post waits for its article's page.
	pageWait = 30 * time.Second
)

// Instant posts what is new for instant subscriptions: each article as its own
// card, at most the configured number an hour and channel. What is over the
// limit is folded into one message, never dropped.
func (p *Press) Instant(ctx context.Context) error {
	channels, err := p.store.PendingInstant(ctx, instantAtOnce)
	if err != nil {
		return err
	}
	var failed []error
	for _, id := range channels {
		if err := p.postInstant(ctx, id); err != nil && !errors.Is(err, store.ErrLeaseLost) {
			failed = append(failed, fmt.Errorf("channel %d: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

func (p *Press) postInstant(ctx context.Context, channelID int64) error {
	posted, err := p.store.InstantSince(ctx, channelID, time.Now().Add(-time.Hour))
	if err != nil {
		return err
	}
	free := p.perHour - posted
	if free <= 0 {
		// The articles stay behind the cursor and are folded when the hour is over.
		return nil
	}
	window, err := p.store.Window(ctx, channelID, store.ModeInstant)
	if err != nil {
		return err
	}
	complete, next := readyArticles(window.Articles, time.Now())
	p.remember(next)
	ready, dropped := p.sift(channelID, complete)
	if len(ready)+len(dropped) == 0 {
		return nil
	}
	guildID, reader, err := p.instantReader(ctx, channelID)
	if err != nil {
		return err
	}
	edition := store.Edition{GuildID: guildID, ChannelID: channelID, Mode: store.ModeInstant}
	for _, d := range dropped {
		edition.Taken = append(edition.Taken, store.Taken{ArticleID: d.ID, FeedID: d.FeedID, Fate: store.FateFiltered, Detail: d.Rule})
	}
	var messages []discord.Message
	cards := len(ready)
	if cards > free {
		cards = free - 1
	}
	for _, a := range ready[:cards] {
		story := digest.Story{Lead: command.DigestArticle(a)}
		if err := p.condense(ctx, &story, command.LengthShort); err != nil {
			return err
		}
		messages = append(messages, render.Card(reader, story))
		edition.Taken = append(edition.Taken, store.Taken{ArticleID: a.ID, FeedID: a.FeedID, Fate: store.FateCard})
	}
	var folded []digest.Story
	for _, a := range ready[cards:] {
		folded = append(folded, digest.Story{Lead: command.DigestArticle(a)})
		edition.Taken = append(edition.Taken, store.Taken{ArticleID: a.ID, FeedID: a.FeedID, Fate: store.FateCounted})
	}
	if len(folded) > 0 {
		messages = append(messages, render.Folded(reader, folded)...)
	}
	if edition.Messages, err = outgoing(kindInstant, messages); err != nil {
		return err
	}
	if _, err := p.store.Publish(ctx, edition); err != nil {
		return err
	}
	p.printed()
	return nil
}

// readyArticles are those that do not wait for their page any more, and when
// the next of the others has waited long enough, zero if there is none. What
// follows a waiting article in its feed waits with it: a paper's posts stand in
// the order in which it published them. A slow page holds up no other paper.
func readyArticles(all []store.Article, now time.Time) (ready []store.Article, next time.Time) {
	waiting := map[int64]bool{} // feeds
	for _, a := range all {
		until := a.Seen.Add(pageWait)
		switch {
		case a.PageWaiting && until.After(now):
			waiting[a.FeedID] = true
			if next.IsZero() || until.Before(next) {
				next = until
			}
		case !waiting[a.FeedID]:
			ready = append(ready, a)
		}
	}
	return ready, next
}

// remember keeps when an article is to be posted without its page, where that
// is earlier than what is known.
func (p *Press) remember(next time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !next.IsZero() && (p.next.IsZero() || next.Before(p.next)) {
		p.next = next
	}
}

// late tells once when the next article is to be posted without its page; nil
// if Instant has seen none since the last call.
func (p *Press) late() <-chan time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := p.next
	p.next = time.Time{}
	if next.IsZero() {
		return nil
	}
	return time.After(time.Until(next))
}

// instantReader says in which guild, language and zone a channel's posts are.
func (p *Press) instantReader(ctx context.Context, channelID int64) (int64, render.Reader, error) {
	reader := render.Reader{Locale: p.defaults.Locale, Zone: time.UTC, Now: time.Now()}
	subs, err := p.store.Subscriptions(ctx, store.SubscriptionFilter{ChannelID: channelID})
	if err != nil || len(subs) == 0 {
		return 0, reader, err
	}
	guild, err := p.store.Guild(ctx, subs[0].GuildID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return 0, reader, err
	}
	if guild.Locale != "" {
		reader.Locale = guild.Locale
	}
	return subs[0].GuildID, reader, nil
}
