package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"broadsheet/bot/command"
	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/filter"
	"broadsheet/bot/metrics"
	"broadsheet/bot/render"
	"broadsheet/bot/schedule"
	"broadsheet/bot/store"
	"broadsheet/config"
)

// Kinds of deliveries.
const (
	kindDigest  = "digest"
	kindInstant = "instant"
	kindNotice  = "notice"
)

const (
	digestLease = 2 * time.Minute
	// digestsAtOnce bounds how many due digests one tick takes.
	digestsAtOnce = 20
	// A story may be followed up for this long after it was printed.
	memory = 7 * 24 * time.Hour
)

// Press prints digests: it takes a channel's window, lets package digest make
// an edition of it, condenses the cards and puts the messages into the outbox.
type Press struct {
	store    *store.Store
	metrics  *metrics.Metrics
	log      *slog.Logger
	defaults config.Digest
	perHour  int
	printed  func() // told after messages were enqueued
	begun    time.Time
	waiting  chan struct{} // a digest was due and has to wait for seconds

	mu      sync.Mutex
	filters map[feedIn]*filter.Set // of declared feeds
	next    time.Time              // when an instant post has waited long enough for its page
}

// feedIn is a feed as one channel follows it.
type feedIn struct{ channel, feed int64 }

// Declare gives p the filters of the feeds that cfg declares. A declared feed
// that is not stored yet has nothing to filter.
func (p *Press) Declare(ctx context.Context, cfg *config.Config) error {
	for _, f := range cfg.Feeds {
		if len(f.Filters) == 0 || f.Channel == 0 {
			continue
		}
		feed, err := p.store.FeedByURL(ctx, f.URL)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("look up declared feed: %w", err)
		}
		set, err := command.Settings{Filters: f.Filters}.Set()
		if err != nil {
			return err
		}
		p.mu.Lock()
		if p.filters == nil {
			p.filters = map[feedIn]*filter.Set{}
		}
		p.filters[feedIn{f.Channel, feed.ID}] = set
		p.mu.Unlock()
	}
	return nil
}

// sift takes the articles that their feed's own filter drops out of a window.
func (p *Press) sift(channelID int64, all []store.Article) (kept []store.Article, dropped []digest.Dropped) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range all {
		if set := p.filters[feedIn{channelID, a.FeedID}]; set != nil {
			keep, by := set.Judge(filter.Subject{Title: a.Title, Text: a.Text, Author: a.Author, Categories: a.Categories})
			if !keep {
				d := digest.Dropped{Article: command.DigestArticle(a), Rule: digest.RuleNoKeep}
				if by != nil {
					d.Rule = by.String()
				}
				dropped = append(dropped, d)
				continue
			}
		}
		kept = append(kept, a)
	}
	return kept, dropped
}

// NewPress returns a press on s; printed is called after messages were
// enqueued. m may be nil.
func NewPress(s *store.Store, m *metrics.Metrics, log *slog.Logger, cfg *config.Config, printed func()) *Press {
	return &Press{store: s, metrics: m, log: log, defaults: cfg.Digest, perHour: cfg.Instant.PerHour, printed: printed,
		begun: time.Now(), waiting: make(chan struct{}, 1)}
}

// Tick prints the digests that are due. Those that fail or have to wait stay
// due; their leases are given up only when all others had their turn, so that
// they hold up none of them.
func (p *Press) Tick(ctx context.Context) (err error) {
	var failed []error
	var later []store.Digest
	defer func() {
		for _, d := range later {
			failed = append(failed, p.store.ReleaseDigest(context.WithoutCancel(ctx), d.ID))
		}
		err = errors.Join(append(failed, err)...)
	}()
	for {
		due, err := p.store.LeaseDueDigests(ctx, digestsAtOnce, digestLease)
		if err != nil {
			return err
		}
		for _, d := range due {
			wait, soon, err := p.mustWait(ctx, d)
			if err == nil && !wait {
				_, err = p.print(ctx, d, true)
			}
			if err != nil {
				p.metrics.Digest(metrics.Failed)
				failed = append(failed, fmt.Errorf("digest %d: %w", d.ID, err))
			}
			if wait || err != nil {
				later = append(later, d)
			}
			if soon {
				select {
				case p.waiting <- struct{}{}:
				default: // known already
				}
			}
		}
		if len(due) < digestsAtOnce {
			return nil
		}
	}
}

// mustWait reports whether d's run is better made later, and whether that may
// be in a few seconds. While its last edition is still unsent it always is:
// after an outage of Discord one digest is printed and not one for each run
// that was missed. For feeds that should have been read by now and for teasers
// that are still being completed it waits seconds, for a bounded time.
func (p *Press) mustWait(ctx context.Context, d store.Digest) (wait, soon bool, err error) {
	pending, err := p.store.PendingIn(ctx, d.ChannelID)
	if err != nil {
		return false, false, err
	}
	if pending > 0 {
		return true, false, nil
	}
	since := d.NextRun
	if p.begun.After(since) {
		since = p.begun
	}
	if time.Since(since) > p.defaults.TeaserWait {
		return false, false, nil
	}
	overdue, err := p.store.Overdue(ctx, d.ChannelID)
	if err != nil {
		return false, false, err
	}
	teasers, err := p.store.PendingTeasers(ctx, d.ChannelID, since.Add(p.defaults.TeaserWait))
	if err != nil {
		return false, false, err
	}
	wait = overdue+teasers > 0
	return wait, wait, nil
}

// Run prints d now, whatever its schedule says, and reports the edition. The
// next scheduled run stays as it was.
func (p *Press) Run(ctx context.Context, d store.Digest) (digest.Edition, error) {
	d, err := p.store.LeaseDigest(ctx, d.ID, digestLease)
	if err != nil {
		return digest.Edition{}, fmt.Errorf("take digest %d: %w", d.ID, err)
	}
	e, err := p.print(ctx, d, false)
	if err == nil {
		return e, nil
	}
	// Given up at once, or /digest run would be refused until the lease ran out.
	release := p.store.ReleaseDigest(context.WithoutCancel(ctx), d.ID)
	return e, errors.Join(err, release)
}

// Preview lays d out as it would be printed now. It changes nothing but kept
// summaries.
func (p *Press) Preview(ctx context.Context, d store.Digest) ([]discord.Message, digest.Edition, error) {
	e, _, err := p.edit(ctx, d)
	if err != nil {
		return nil, digest.Edition{}, err
	}
	paper, err := command.Paper(d, e, time.Now())
	if err != nil {
		return nil, e, err
	}
	return render.Digest(paper), e, nil
}

// print makes d's edition and enqueues it in one transaction with the cursors
// and d's next run: a crash leaves either nothing done or all of it.
func (p *Press) print(ctx context.Context, d store.Digest, scheduled bool) (digest.Edition, error) {
	e, window, err := p.edit(ctx, d)
	if err != nil {
		return e, err
	}
	edition := store.Edition{
		DigestID: d.ID, GuildID: d.GuildID, ChannelID: d.ChannelID, Mode: store.ModeDigest,
		Ordinal: d.Edition + 1, Taken: taken(e),
	}
	if window.Truncated > 0 {
		edition.CountBelow = window.Oldest
	}
	if scheduled {
		if edition.NextRun, err = NextRun(d, time.Now()); err != nil {
			return e, err
		}
	}
	if edition.Messages, err = p.messages(d, e); err != nil {
		return e, err
	}
	if _, err := p.store.Publish(ctx, edition); err != nil {
		return e, err
	}
	if len(edition.Messages) == 0 {
		p.metrics.Digest(metrics.Empty)
		return e, nil
	}
	p.metrics.Digest(metrics.Printed)
	p.log.Info("digest printed", "digest", d.ID, "channel", d.ChannelID, "stories", e.Stories, "articles", e.Articles)
	p.printed()
	return e, nil
}

// messages are what d's edition e puts into the outbox: nothing for an empty
// one, unless its admin wants to be told.
func (p *Press) messages(d store.Digest, e digest.Edition) ([]store.Outgoing, error) {
	paper, err := command.Paper(d, e, time.Now())
	if err != nil {
		return nil, err
	}
	if !e.Empty() {
		return outgoing(kindDigest, render.Digest(paper))
	}
	settings, err := command.ReadSettings(d.Options)
	if err != nil || !settings.SayEmpty {
		return nil, err
	}
	if paper.Next, err = NextRun(d, time.Now()); err != nil {
		return nil, err
	}
	return outgoing(kindDigest, []discord.Message{render.Empty(paper)})
}

// edit makes the edition that d would print now, with the text of its cards.
func (p *Press) edit(ctx context.Context, d store.Digest) (digest.Edition, store.Window, error) {
	window, err := p.store.Window(ctx, d.ChannelID, store.ModeDigest)
	if err != nil {
		return digest.Edition{}, window, err
	}
	printed, err := p.store.Printed(ctx, d.ChannelID, time.Now().Add(-memory))
	if err != nil {
		return digest.Edition{}, window, err
	}
	settings, err := command.ReadSettings(d.Options)
	if err != nil {
		return digest.Edition{}, window, err
	}
	options, err := settings.Options(p.defaults.Cards, p.defaults.Lines)
	if err != nil {
		return digest.Edition{}, window, err
	}
	kept, dropped := p.sift(d.ChannelID, window.Articles)
	e := digest.Build(digest.Input{
		Articles: command.DigestArticles(kept), Printed: command.DigestArticles(printed),
		Now: time.Now(), Options: options,
	})
	e.Dropped, e.Beyond = append(e.Dropped, dropped...), window.Truncated
	for i := range e.Cards {
		if err := p.condense(ctx, &e.Cards[i], settings.Length); err != nil {
			return e, window, err
		}
	}
	return e, window, nil
}

// condense gives a card its sentences. What is new of a story that was printed
// before differs from channel to channel and is not kept.
func (p *Press) condense(ctx context.Context, s *digest.Story, length string) (err error) {
	if s.News != "" {
		s.Summary = command.CondenseText(s.Lead.Title, s.News, s.Lead.Lang, length)
		return nil
	}
	s.Summary, err = command.Condense(ctx, p.store, s.Lead, length)
	return err
}

// NextRun is d's next run after the given time, by its own schedule and zone.
func NextRun(d store.Digest, after time.Time) (time.Time, error) {
	s, err := schedule.Parse(d.Schedule)
	if err != nil {
		return time.Time{}, fmt.Errorf("read schedule of digest %d: %w", d.ID, err)
	}
	zone, err := schedule.LoadZone(d.Timezone)
	if err != nil {
		return time.Time{}, fmt.Errorf("load zone of digest %d: %w", d.ID, err)
	}
	return s.Next(after, zone), nil
}

// outgoing encodes messages for the outbox.
func outgoing(kind string, messages []discord.Message) ([]store.Outgoing, error) {
	out := make([]store.Outgoing, len(messages))
	for i, m := range messages {
		payload, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("encode message: %w", err)
		}
		out[i] = store.Outgoing{Kind: kind, Payload: payload}
	}
	return out, nil
}

// taken says for every article of an edition's window what became of it.
func taken(e digest.Edition) []store.Taken {
	var all []store.Taken
	add := func(stories []digest.Story, fate store.Fate) {
		for _, s := range stories {
			all = append(all, store.Taken{ArticleID: s.Lead.ID, FeedID: s.Lead.FeedID, Fate: fate, StoryLead: s.Lead.ID})
			for _, a := range s.Also {
				all = append(all, store.Taken{ArticleID: a.ID, FeedID: a.FeedID, Fate: store.FateJoined, StoryLead: s.Lead.ID})
			}
		}
	}
	add(e.Cards, store.FateCard)
	add(e.Lines, store.FateLine)
	add(e.More, store.FateCounted)
	for _, d := range e.Dropped {
		fate := store.FateFiltered
		if d.Rule == digest.RuleJoined || d.Rule == digest.RuleTwice {
			fate = store.FateJoined
		}
		all = append(all, store.Taken{ArticleID: d.ID, FeedID: d.FeedID, Fate: fate, StoryLead: d.Into, Detail: d.Rule})
	}
	return all
}
