package bot

import (
	"context"

	"broadsheet/bot/store"
	"broadsheet/feeds"
)

// trim takes what a feed puts around each of its articles off the ends of those
// that rec is to record: what the document, the whole of it, shows by repeating
// it, and what is known of the feed's site from before. rec remembers what is
// new of that. An item's Content is the hash of what the feed said, with all.
func (p *Poller) trim(ctx context.Context, rec *store.VisitRecord, f store.Feed) {
	if len(rec.Items)+len(rec.Edits) == 0 {
		return
	}
	rec.Site = feeds.SiteOf(f.State.URL)
	known, err := p.store.Furniture(ctx, rec.Site)
	if err != nil {
		p.log.Error("furniture of a site not read", "site", rec.Site, "err", err)
		known = feeds.Known{}
	}
	for block := range feeds.Repeated(rec.Visit.Feed.Items) {
		if !known[block] {
			known[block] = true
			rec.Furniture = append(rec.Furniture, block)
		}
	}
	for i := range rec.Items {
		feeds.Trim(&rec.Items[i], known)
	}
	for i := range rec.Edits {
		feeds.Trim(&rec.Edits[i].Item, known)
	}
}
