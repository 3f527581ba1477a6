package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"broadsheet/feeds"
)

// The states of completing an article from its page. An article that nobody
// asked for has none.
const (
	pageWaiting = "waiting"
	pageDone    = "done"
	pageFailed  = "failed"
)

const (
	// pageBudget is how many pages of one feed are read in pageHour: a burst of
	// teasers must not hammer a site. What is over it is due later.
	pageBudget = 50
	pageHour   = time.Hour
)

const (
	// Of a feed's pages that have waited equally long, the newest come first.
	sqlPagesDue = `SELECT p.article_id, a.feed_id, a.page_etag, a.page_modified, f.pages_from, f.pages_used
		FROM page p JOIN article a ON a.id = p.article_id JOIN feed f ON f.id = a.feed_id
		WHERE p.due <= $1 AND p.lease_until <= $1 ORDER BY p.due, p.article_id DESC LIMIT $2 {skip p}`
	sqlPagesLease = `UPDATE page SET lease_owner = $1, lease_until = $2 WHERE article_id IN {each $3}`
	sqlPagesPut   = `UPDATE page SET due = $1 WHERE due < $1 AND lease_until <= $2
		AND article_id IN (SELECT p.article_id FROM page p JOIN article a ON a.id = p.article_id WHERE a.feed_id = $3)`
	sqlPagesUsed  = `UPDATE feed SET pages_from = $1, pages_used = $2 WHERE id = $3`
	sqlPageDelete = `DELETE FROM page WHERE article_id = $1`
	sqlPageLater  = `UPDATE page SET due = $1, lease_until = 0 WHERE article_id = $2`
	sqlPageReason = `UPDATE article SET page_reason = $1 WHERE id = $2`
	sqlPageState  = `UPDATE article SET page_state = $1, page_reason = $2, teaser = $3 WHERE id = $4`
	sqlPageFill   = `UPDATE article SET title = CASE WHEN title = '' THEN $1 ELSE title END,
		language = CASE WHEN language = '' THEN $2 ELSE language END, image = CASE WHEN image = '' THEN $3 ELSE image END,
		page_etag = $4, page_modified = $5 WHERE id = $6`
	sqlTextSet     = `UPDATE article_text SET hash = $1, body = $2 WHERE article_id = $3`
	sqlPageBefore  = `SELECT title, feed_id, teaser, page_state FROM article WHERE id = $1 {lock}`
	sqlSummaryDrop = `DELETE FROM summary WHERE article_id = $1`
	sqlPagesWanted = `SELECT COUNT(*) FROM page p JOIN untaken u ON u.article_id = p.article_id
		WHERE u.channel_id = $1 AND u.paused = 0 AND p.due < $2`
)

// Teaser is an article that is to be completed from its page.
type Teaser struct {
	Article
	// PageETag and PageModified are the validators of the page from which the
	// text was taken the last time; "" if it never was, or it has none.
	PageETag, PageModified string
}

// Again reports that the text was taken from the page once before, and that an
// edit has asked for it to be read again.
func (t Teaser) Again() bool { return !t.Teaser }

// LeaseTeasers leases up to n articles that are to be completed from their
// pages: those of feeds somebody follows, the longest waiting first. When it has
// leased 50 of one feed within an hour, the others are due an hour later.
func (s *Store) LeaseTeasers(ctx context.Context, n int, ttl time.Duration) ([]Teaser, error) {
	if err := s.reap(ctx); err != nil {
		return nil, s.wrap("lease teasers", err)
	}
	if due, err := s.due(ctx, sqlAnyPageDue); err != nil || !due {
		return nil, s.wrap("lease teasers", err)
	}
	var all []Teaser
	err := s.write(ctx, "lease teasers", func(ctx context.Context, t *tx) error {
		leased, err := t.leasePages(ctx, n, until(ttl))
		if err != nil {
			return err
		}
		ids := make([]int64, 0, len(leased))
		for id := range leased {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		articles, err := s.articles(ctx, t, 0, ids)
		all = make([]Teaser, len(articles))
		for i, a := range articles {
			all[i] = Teaser{Article: a, PageETag: leased[a.ID].etag, PageModified: leased[a.ID].modified}
		}
		return err
	})
	return all, err
}

// waitingPage is a page that is due, with its feed's budget.
type waitingPage struct {
	id, feed       int64
	etag, modified string
	from, used     int64
}

// budget is what a feed has used of its pages since a time; once it is spent,
// the time is when.
type budget struct{ from, used int64 }

// leasePages leases pages within their feeds' budgets and puts off those of
// the feeds that have spent theirs.
func (t *tx) leasePages(ctx context.Context, n int, leaseUntil int64) (map[int64]waitingPage, error) {
	leased, budgets, now := map[int64]waitingPage{}, map[int64]budget{}, clock()
	for len(leased) < n {
		rows, err := t.query(ctx, sqlPagesDue, now, int64(n-len(leased)))
		ready, err := collect(rows, err, func(r scanner) (p waitingPage, err error) {
			return p, r.Scan(&p.id, &p.feed, &p.etag, &p.modified, &p.from, &p.used)
		})
		if err != nil {
			return nil, err
		}
		if len(ready) == 0 {
			break
		}
		var taken []int64
		spent := map[int64]budget{}
		for _, p := range ready {
			b, counted := budgets[p.feed]
			if !counted {
				if b = (budget{p.from, p.used}); now-b.from >= pageHour.Milliseconds() || b.from > now {
					b = budget{from: now}
				}
			}
			if b.used >= pageBudget {
				spent[p.feed] = b
				continue
			}
			if b.used++; b.used == pageBudget {
				b.from = now // the hour of rest begins when the budget is spent
			}
			budgets[p.feed], leased[p.id] = b, p
			taken = append(taken, p.id)
		}
		if _, err := t.exec(ctx, sqlPagesLease, t.s.owner, leaseUntil, array(taken)); err != nil {
			return nil, err
		}
		for feed, b := range spent {
			if _, err := t.exec(ctx, sqlPagesPut, b.from+pageHour.Milliseconds(), now, feed); err != nil {
				return nil, err
			}
		}
	}
	// In the order in which visits lock them.
	for _, feed := range slices.Sorted(maps.Keys(budgets)) {
		if _, err := t.exec(ctx, sqlPagesUsed, budgets[feed].from, budgets[feed].used, feed); err != nil {
			return nil, err
		}
	}
	return leased, nil
}

// RecordPage records what became of completing a teaser. A text replaces the
// feed's, is indexed again and drops the summaries made from the old one. An
// article that waits for no page any more stays as it is: while the page was
// read an edit has brought the whole text, or another process has read it.
//
// The blocks of the page are counted for its site, once for each article; those
// that its other articles have are left out of the text, and of the texts of
// earlier articles if they have just become known.
func (s *Store) RecordPage(ctx context.Context, articleID int64, r PageResult) error {
	return s.write(ctx, "record page", func(ctx context.Context, t *tx) error {
		r := r // fn may run several times
		var title, state string
		var feed, teaser int64
		if err := t.row(ctx, sqlPageBefore, articleID).Scan(&title, &feed, &teaser, &state); err != nil || state != pageWaiting {
			return err
		}
		again := teaser == 0
		if !again {
			known, fresh, err := t.learn(ctx, r.Site, r.Blocks)
			if err != nil {
				return err
			}
			if cleaned := feeds.StripPage(r.Text, known); cleaned == "" && r.Text != "" {
				r = PageResult{Done: true, Reason: "The page holds nothing but what all pages of its site hold."}
			} else {
				r.Text = cleaned
			}
			if err := t.cleanEarlier(ctx, feed, articleID, fresh); err != nil {
				return err
			}
		}
		if title == "" {
			title = clean(r.Title)
		}
		switch {
		case r.Text != "":
			return t.completePage(ctx, articleID, title, r)
		case r.Done && again:
			return t.endPage(ctx, articleID, pageDone, r.Reason)
		case r.Done:
			return t.endPage(ctx, articleID, pageFailed, r.Reason)
		}
		if _, err := t.exec(ctx, sqlPageReason, clean(r.Reason), articleID); err != nil {
			return err
		}
		_, err := t.exec(ctx, sqlPageLater, millis(r.RetryAt), articleID)
		return err
	})
}

// endPage ends the completing of an article: pageDone where the text of its
// page is there already.
func (t *tx) endPage(ctx context.Context, id int64, state, reason string) error {
	if _, err := t.exec(ctx, sqlPageState, state, clean(reason), number(state == pageFailed), id); err != nil {
		return err
	}
	_, err := t.exec(ctx, sqlPageDelete, id)
	return err
}

func (t *tx) completePage(ctx context.Context, id int64, title string, r PageResult) error {
	if _, err := t.exec(ctx, sqlPageFill, clean(r.Title), clean(r.Language), clean(r.Image), clean(r.ETag), clean(r.LastModified), id); err != nil {
		return err
	}
	if err := t.endPage(ctx, id, pageDone, ""); err != nil {
		return err
	}
	return t.replaceText(ctx, id, title, clean(r.Text))
}

// replaceText replaces an article's text, indexes it again and drops the
// summaries made from the old one.
func (t *tx) replaceText(ctx context.Context, id int64, title, text string) error {
	hash, body := t.s.pack(text)
	if _, err := t.exec(ctx, sqlTextSet, hash, body, id); err != nil {
		return err
	}
	if _, err := t.exec(ctx, sqlSummaryDrop, id); err != nil {
		return err
	}
	return t.s.d.index.put(ctx, t, id, indexed(title), indexed(text), false)
}

// PendingTeasers counts the teasers in a channel's window that still wait for
// their pages and may have them before a time, so that a digest can wait a
// little for them. Those whose feed's budget is spent are due later.
func (s *Store) PendingTeasers(ctx context.Context, channelID int64, before time.Time) (int, error) {
	var n int
	err := s.row(ctx, sqlPagesWanted, channelID, millis(before)).Scan(&n)
	return n, s.wrap("count teasers", err)
}
