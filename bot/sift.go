package bot

import (
	"context"
	"time"

	"broadsheet/bot/store"
	"broadsheet/feeds"
)

// gapRemembered is how long a gap is told, and its feed read often enough that
// there is not another one.
const gapRemembered = 7 * 24 * time.Hour

// sift finds out what a visit of f has brought: new items, edited ones, and
// whether there may have been more. Without what is known of its items a visit
// is not recorded; the lease runs out and the feed is visited again.
func (p *Poller) sift(ctx context.Context, f store.Feed, v feeds.Visit) (store.VisitRecord, bool) {
	rec := store.VisitRecord{FeedID: f.ID, Visit: v}
	if v.Err != nil || v.Deferred {
		return rec, true
	}
	if v.Feed == nil {
		p.keepUp(f, &rec, nil)
		return rec, true
	}
	items := v.Feed.Items
	known, err := p.store.KnownKeys(ctx, f.ID, feeds.KeysOf(items))
	if err != nil {
		p.log.Error("known keys not read", "feed", f.ID, "err", err)
		return store.VisitRecord{}, false
	}
	sifted := feeds.Sift(items, known, !f.NewestAt.IsZero())
	rec.Items, rec.Seen, rec.Edits = sifted.Fresh, sifted.Seen, sifted.Edits
	if sifted.Gap {
		p.noteGap(f, &rec, items)
	}
	p.keepUp(f, &rec, items)
	if sifted.Held > 0 {
		p.log.Warn("feed gave its articles new ids; they are not posted again", "feed", f.ID, "articles", sifted.Held)
	}
	return rec, true
}

// noteGap remembers that nothing in a feed's document is known: what came since
// the last visit was perhaps more than a document holds.
func (p *Poller) noteGap(f store.Feed, rec *store.VisitRecord, items []feeds.Item) {
	missed, whole := feeds.Missed(items, f.LastOK, f.State.Pace)
	if whole {
		return
	}
	rec.Gap = &store.Gap{At: rec.Visit.At, Items: missed}
	p.log.Warn("feed scrolled past: articles may have come and gone between two visits; reading it more often",
		"feed", f.ID, "articles", missed, "since", f.LastOK)
}

// keepUp plans the next visit of a feed that has lately scrolled past us: twice
// in the time that its document lasts, though its server or its own rhythm
// would have it later. A feed that is silent is asked less and less again.
func (p *Poller) keepUp(f store.Feed, rec *store.VisitRecord, items []feeds.Item) {
	state := &rec.Visit.State
	switch lasts := feeds.Lasts(items); {
	case rec.Gap != nil:
		state.Interval = min(state.Interval, p.soonest)
	case f.GapAt.IsZero():
		return
	case rec.Visit.At.Sub(f.GapAt) >= gapRemembered:
		rec.Gap = &store.Gap{}
		return
	case lasts > 0:
		state.Interval = min(state.Interval, max(p.soonest, lasts/2))
	case len(items) > 0: // without dates the interval of the gap grows by silence alone
		state.Interval = min(state.Interval, max(p.soonest, f.State.Interval))
	}
	rec.Visit.Next = state.Within(rec.Visit.Next, rec.Visit.At, state.Interval)
}

// letGo drops what must not wait in memory for the transaction: the rest of the
// document, and the HTML of what is recorded.
func letGo(rec store.VisitRecord) {
	if rec.Visit.Feed != nil {
		rec.Visit.Feed.Items = nil
	}
	for i := range rec.Items {
		rec.Items[i].HTML = ""
	}
	for i := range rec.Edits {
		rec.Edits[i].Item.HTML = ""
	}
}
