package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode"

	"broadsheet/feeds"
)

const (
	// The first edit of an article is taken over at once. Another one has to
	// wait for editPause, and for a quarter of the time that the article had
	// when it was last edited: texts that say something else at every visit
	// ("Points: 12", "3 hours ago") are rewritten some twenty times on their
	// first day and then ever less, while a real correction waits for an hour
	// in four. What has to wait is seen again when the feed next changes, and where
	// the wait is of editAgain at most, at the next visit in any case: many feeds
	// change only when they have something new.
	editPause   = 10 * time.Minute
	editAgePart = 4
	editAgain   = time.Hour
	// rereadWithin is the age up to which the page of an edited teaser is read
	// again; later nobody is going to print it.
	rereadWithin = 48 * time.Hour
)

const (
	sqlEdited = `SELECT a.seen, a.edited, a.content, a.teaser, a.page_state, a.title, x.hash, x.body FROM article a
		JOIN article_text x ON x.article_id = a.id WHERE a.id = $1 AND a.feed_id = $2 {lock}`
	sqlEditNoted = `UPDATE article SET content = $1 WHERE id = $2`
	// What the feed leaves out stays, and so does the date of the first telling.
	// The page's validators are worth nothing at another address, nor for a text
	// that is a teaser again: an unchanged page would leave it one.
	sqlEdit = `UPDATE article SET title = $1, updated = CASE WHEN $2 > updated THEN $2 ELSE updated END,
		author = CASE WHEN $3 = '' THEN author ELSE $3 END, link = CASE WHEN $4 = '' THEN link ELSE $4 END,
		image = CASE WHEN $5 = '' THEN image ELSE $5 END, categories = CASE WHEN $6 = '[]' THEN categories ELSE $6 END,
		content = $7, edited = $8, teaser = $9, page_state = $10, page_reason = CASE WHEN $10 = page_state THEN page_reason ELSE '' END,
		page_etag = CASE WHEN $4 IN ('', link) AND CAST($9 AS BIGINT) = 0 THEN page_etag ELSE '' END,
		page_modified = CASE WHEN $4 IN ('', link) AND CAST($9 AS BIGINT) = 0 THEN page_modified ELSE '' END WHERE id = $11`
)

// editable is what an edit must know of the article that it changes.
type editable struct {
	seen, edited, content, teaser int64
	page, title, text             string
}

// edit takes over what a known item says now and reports whether anything that
// is shown has changed. What became of the article stays: it is not posted again.
func (in *intake) edit(ctx context.Context, e feeds.Edit) (bool, error) {
	old, err := in.t.editable(ctx, e.Article, in.feed)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil // pruned meanwhile
	}
	if err != nil || old.content == int64(e.Item.Content) {
		return false, err
	}
	if pause := old.pause(); in.seen < old.edited+pause {
		in.again = in.again || pause <= editAgain.Milliseconds()
		return false, nil
	}
	now := old
	if now.title = clean(e.Item.Title); now.title == "" {
		now.title = old.title
	}
	if text := clean(e.Item.Text); old.gives(text, e.Item) {
		now.text, now.teaser = text, number(feeds.Teaser(e.Item))
	}
	if now.page, err = in.pageAfterEdit(ctx, old, now); err != nil {
		return false, err
	}
	if now == old && old.page != pageDone {
		_, err := in.t.exec(ctx, sqlEditNoted, int64(e.Item.Content), e.Article)
		return false, err
	}
	return now.title != old.title || now.text != old.text, in.rewrite(ctx, e, old, now)
}

func (t *tx) editable(ctx context.Context, id, feed int64) (editable, error) {
	var o editable
	var hash int64
	var body []byte
	err := t.row(ctx, sqlEdited, id, feed).Scan(&o.seen, &o.edited, &o.content, &o.teaser, &o.page, &o.title, &hash, &body)
	if err != nil {
		return o, err
	}
	o.text, err = t.s.unpack(hash, body)
	return o, err
}

// pause is for how many milliseconds after an edit the next one has to wait.
func (o editable) pause() int64 {
	if o.edited == 0 {
		return 0
	}
	return max(editPause.Milliseconds(), (o.edited-o.seen)/editAgePart)
}

// gives reports whether a feed's new text shall replace the article's. A text
// from the article's page gives way only to a longer one that is whole, and none
// to its own beginning: some feeds shorten their older items and put words such
// as "Continue reading" or the paper's name behind what is left.
func (o editable) gives(text string, it feeds.Item) bool {
	if text == "" || text == o.text {
		return false
	}
	if o.page == pageDone && (feeds.Teaser(it) || len(text) < len(o.text)) {
		return false
	}
	if len(text) >= len(o.text) {
		return true
	}
	old, now := letters(o.text), letters(text)
	alike := sharedPrefix(old, now)
	shortened := o.teaser == 0 && feeds.Teaser(it) && 2*alike >= len(now)
	return alike < len(now) && !shortened
}

// sharedPrefix is with how many bytes both begin.
func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// letters are the letters and digits of a text.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, text)
}

// pageAfterEdit says how completing the article stands after an edit: what came
// from a page is read there again, a text that is whole now needs no page.
func (in *intake) pageAfterEdit(ctx context.Context, old, now editable) (string, error) {
	young := in.seen-old.seen < rereadWithin.Milliseconds()
	switch {
	case old.page == pageDone && now.text == old.text:
		if young {
			return pageWaiting, nil
		}
		return pageDone, nil
	case now.text == old.text:
		return old.page, nil
	case now.teaser == 0:
		return "", nil
	case old.page == pageWaiting || old.page == pageFailed || !young:
		return old.page, nil
	}
	wanted, err := in.wanted(ctx)
	if wanted {
		return pageWaiting, err
	}
	return old.page, err
}

// rewrite writes an article that has become now. Its kept summaries are of what
// it said before.
func (in *intake) rewrite(ctx context.Context, e feeds.Edit, old, now editable) error {
	t, it, id := in.t, e.Item, e.Article
	updated := it.Updated
	if updated.Before(it.Published) {
		updated = it.Published // some put an edit's date there
	}
	if _, err := t.exec(ctx, sqlEdit, now.title, millis(updated), clean(it.Author), clean(it.Link), clean(it.Image), list(it.Categories),
		int64(it.Content), in.seen, now.teaser, now.page, id); err != nil {
		return err
	}
	switch {
	case now.page == pageWaiting:
		if _, err := t.exec(ctx, sqlPageAdd, id, in.seen); err != nil {
			return err
		}
	case old.page == pageWaiting:
		if _, err := t.exec(ctx, sqlPageDelete, id); err != nil {
			return err
		}
	}
	if now.title == old.title && now.text == old.text {
		return nil
	}
	if now.text != old.text {
		hash, body := t.s.pack(now.text)
		if _, err := t.exec(ctx, sqlTextSet, hash, body, id); err != nil {
			return err
		}
	}
	if _, err := t.exec(ctx, sqlSummaryDrop, id); err != nil {
		return err
	}
	return t.indexLater(ctx, indexEntry{id: id, title: now.title, text: now.text})
}
