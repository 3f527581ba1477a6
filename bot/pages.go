package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"broadsheet/bot/metrics"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

const (
	pagesAtOnce = 8
	// A lease must outlive the slowest page: as many of one host may stand
	// before it in the queue as are read at once, each for 20 s.
	pageLease = 5 * time.Minute
	// A page that fails for a passing reason is asked again after this wait,
	// as long as its article is younger than pageUseful.
	pageRetry  = 10 * time.Minute
	pageUseful = time.Hour
)

// Reader completes teasers: articles of which the feed gives only the
// beginning get the main text of their page, as far as the site allows it.
type Reader struct {
	store   *store.Store
	web     *feeds.Client
	metrics *metrics.Metrics
	log     *slog.Logger
}

// Tick reads the pages that wait to be read. A page that fails leaves its
// article as the feed gave it; one that is slow does not hold up the rest.
func (r *Reader) Tick(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	slots := semaphore.NewWeighted(pagesAtOnce)
	for {
		// Half of the slots at once: each lease is a transaction.
		free := int64(pagesAtOnce / 2)
		if slots.Acquire(ctx, free) != nil {
			return group.Wait() // a page could not be recorded, or ctx has ended
		}
		for slots.TryAcquire(1) {
			free++
		}
		batch, err := r.store.LeaseTeasers(ctx, int(free), pageLease)
		slots.Release(free - int64(len(batch)))
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		for _, t := range batch {
			group.Go(func() error {
				defer slots.Release(1)
				return r.read(ctx, t)
			})
		}
		if len(batch) == 0 {
			return group.Wait()
		}
	}
}

func (r *Reader) read(ctx context.Context, t store.Teaser) error {
	page, err := r.page(ctx, t)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	result := pageResult(t, page, err)
	r.metrics.Page(pageLabel(result, err))
	// An article that was pruned meanwhile needs no page.
	if err := r.store.RecordPage(ctx, t.ID, result); err != nil && !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("record page of article %d: %w", t.ID, err)
	}
	return nil
}

// page visits t's page. Pages are as hostile as they like: one that panics
// the extraction is a page without text.
func (r *Reader) page(ctx context.Context, t store.Teaser) (page feeds.Page, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("page panicked", "article", t.ID, "url", feeds.MaskURL(t.Link), "panic", p)
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return r.web.PageOf(ctx, feeds.PageRequest{
		URL: t.Link, ETag: t.PageETag, LastModified: t.PageModified,
		Known: func(ctx context.Context, site string) feeds.Known {
			known, err := r.store.Furniture(ctx, site)
			if err != nil {
				r.log.Error("furniture of a site not read", "site", site, "err", err)
			}
			return known
		},
	})
}

// pageResult says what becomes of t after its page was visited.
func pageResult(t store.Teaser, page feeds.Page, err error) store.PageResult {
	a := page.Article
	result := store.PageResult{Done: true, Site: feeds.SiteOf(page.URL), Blocks: a.Blocks}
	switch {
	case err != nil:
		return failedPage(t, err)
	case page.Unchanged:
		return store.PageResult{Done: true}
	case page.Withheld != "":
		return store.PageResult{Done: true, Reason: "The page asks that its text be shown nowhere else (" + page.Withheld + ")."}
	case page.Paywalled:
		result.Reason = "The text of the page is not free to read."
	case !fuller(t, a.Text):
		result.Reason = "The page has no more text than the feed."
	default:
		result.Text, result.Title, result.Image, result.Language = a.Text, a.Title, a.Image, a.Language
		result.ETag, result.LastModified = page.ETag, page.LastModified
	}
	return result
}

// fuller reports whether a page's text is worth taking in place of t's. Where
// t's is the page's own of an earlier reading, an edit may have shortened it;
// less than half of it is taken for a page that went wrong.
func fuller(t store.Teaser, text string) bool {
	if t.Again() {
		return 2*len(text) > len(t.Text)
	}
	return len(text) > len(t.Text)
}

// failedPage says whether t's page is worth another visit. Answers such as
// 401, 402, 403, 404 and 451, and the robots.txt, are the publisher's last word.
func failedPage(t store.Teaser, err error) store.PageResult {
	result := store.PageResult{Done: true, Reason: err.Error()}
	var refused *feeds.Error
	if errors.As(err, &refused) {
		result.Reason = refused.Words()
		if wait := max(pageRetry, refused.RetryAfter); refused.Temporary() && time.Since(t.Seen)+wait < pageUseful {
			result.Done, result.RetryAt = false, time.Now().Add(wait)
		}
	}
	return result
}

func pageLabel(r store.PageResult, err error) string {
	switch {
	case !r.Done:
		return metrics.Retried
	case err != nil:
		return metrics.Failed
	}
	return metrics.Done
}
