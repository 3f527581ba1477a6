package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"broadsheet/bot/metrics"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

const (
	pagesAtOnce = 8
	pageLease   = 2 * time.Minute
	// A page that fails for a passing reason is asked again after this wait,
	// as long as its article is younger than pageUseful.
	pageRetry  = 10 * time.Minute
	pageUseful = time.Hour
)

// Reader completes teasers: articles of which the feed gives only the
// beginning get the main text of their page.
type Reader struct {
	store   *store.Store
	web     *feeds.Client
	metrics *metrics.Metrics
	log     *slog.Logger
}

// Tick reads the pages that wait to be read. A page that fails leaves its
// article as the feed gave it.
func (r *Reader) Tick(ctx context.Context) error {
	for {
		batch, err := r.store.LeaseTeasers(ctx, pagesAtOnce, pageLease)
		if err != nil {
			return fmt.Errorf("lease teasers: %w", err)
		}
		group, inner := errgroup.WithContext(ctx)
		for _, a := range batch {
			group.Go(func() error { return r.read(inner, a) })
		}
		if err := group.Wait(); err != nil {
			return err
		}
		if len(batch) < pagesAtOnce {
			return nil
		}
	}
}

func (r *Reader) read(ctx context.Context, t store.Article) error {
	page, err := r.page(ctx, t)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	result := store.PageResult{Done: true}
	switch {
	case err != nil:
		result = failedPage(t, err)
	case page.Paywalled || len(page.Article.Text) <= len(t.Text):
		result.Reason = "the page has no more text than the feed"
	default:
		result.Text, result.Image, result.Language = page.Article.Text, page.Article.Image, page.Article.Language
	}
	r.metrics.Page(pageLabel(result, err))
	if err := r.store.RecordPage(ctx, t.ID, result); err != nil {
		return fmt.Errorf("record page of article %d: %w", t.ID, err)
	}
	return nil
}

// page visits t's page. Pages are as hostile as they like: one that panics
// the extraction is a page without text.
func (r *Reader) page(ctx context.Context, t store.Article) (page feeds.Page, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("page panicked", "article", t.ID, "url", feeds.MaskURL(t.Link), "panic", p)
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return r.web.Page(ctx, t.Link)
}

// failedPage says whether t's page is worth another visit. Answers such as
// 401, 402, 403, 404 and 451 are the publisher's last word.
func failedPage(t store.Article, err error) store.PageResult {
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
