package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"broadsheet/feeds"
	"broadsheet/summarize"
)

const (
	// Rows are locked in the order of their ids, so that two processes with
	// overlapping batches wait for each other instead of deadlocking.
	sqlVisited = `SELECT id, url, title, last_ok, lease_owner, lease_until FROM feed WHERE id IN {each $1} ORDER BY id {lock}`

	sqlVisitState = `UPDATE feed SET etag = $1, last_modified = $2, body_hash = $3, redirect = $4, redirects = $5, redirect_since = $6,
		failures = $7, interval_ms = $8, next_poll = $9, last_poll = $10, wait_until = $11, gone = $12,
		last_ok = CASE WHEN $13 = '' THEN $10 ELSE last_ok END,
		failing_since = CASE WHEN $13 = '' THEN 0 WHEN failing_since = 0 THEN $10 ELSE failing_since END,
		last_error_kind = $13, last_error = $14, pace_ms = $15, skip = $16, validated = $17, lease_until = 0,
		told = CASE WHEN $13 = '' AND told <> 'silent' THEN '' ELSE told END,
		paused = CASE WHEN $13 = '' AND told = 'stopped' THEN 0 ELSE paused END WHERE id = $18`
	// A visit that was put off is none: the feed is due later, and that is all.
	sqlVisitPutOff = `UPDATE feed SET next_poll = $1, wait_until = $2, lease_until = 0 WHERE id = $3`
	sqlVisitFeed   = `UPDATE feed SET title = CASE WHEN $1 = '' THEN title ELSE $1 END, site_url = $2, language = $3, kind = $4 WHERE id = $5`
	sqlVisitMove   = `UPDATE feed SET url = $1 WHERE id = $2 AND NOT EXISTS (SELECT 1 FROM feed f WHERE f.url = $1)`
	sqlAliasAdd    = `INSERT INTO feed_alias (url, feed_id) VALUES ($1, $2) ON CONFLICT (url) DO UPDATE SET feed_id = excluded.feed_id`

	sqlKeysKnown  = `SELECT key, article_id FROM item_key WHERE feed_id = $1 AND key IN {each $2}`
	sqlKeyAdd     = `INSERT INTO item_key (feed_id, key, article_id) VALUES ($1, $2, $3) ON CONFLICT (feed_id, key) DO NOTHING`
	sqlArticleAdd = `INSERT INTO article (feed_id, published, updated, seen, teaser, page_state, guid, title, link, author, language, image, categories, content)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id`
	sqlTextAdd    = `INSERT INTO article_text (article_id, hash, body) VALUES ($1, $2, $3)`
	sqlPageAdd    = `INSERT INTO page (article_id, due) VALUES ($1, $2) ON CONFLICT (article_id) DO NOTHING`
	sqlFeedNewest = `UPDATE feed SET newest = $1, newest_at = $2, told = CASE WHEN told = 'silent' THEN '' ELSE told END WHERE id = $3`
	sqlFeedGap    = `UPDATE feed SET gap_at = $1, gap_items = $2 WHERE id = $3`
	sqlFollowed   = `SELECT COUNT(*) FROM subscription WHERE feed_id = $1`
)

// maxFeedURL bounds the addresses that a redirect can give a feed, in bytes:
// PostgreSQL's index over them holds 2,704.
const maxFeedURL = 2000

// visited is what RecordVisits must know of a feed before it writes.
type visited struct {
	id                  int64
	url, title          string
	lastOK              int64
	leaseOwner, leaseTo int64
}

// recordVisits is RecordVisits in one transaction. The rows of the feeds are
// locked, so the ids of one feed's articles are in the order of their commits,
// which is what cursors rely on.
func (s *Store) recordVisits(ctx context.Context, records []VisitRecord) ([]Recorded, error) {
	order := make([]int, len(records))
	ids := make([]int64, len(records))
	for i, r := range records {
		order[i], ids[i] = i, r.FeedID
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ids[a], ids[b]) })
	var out []Recorded
	err := s.write(ctx, "record visits", func(ctx context.Context, t *tx) error {
		out = make([]Recorded, len(records))
		known, err := t.visited(ctx, ids)
		if err != nil {
			return err
		}
		for _, i := range order {
			out[i].FeedID = ids[i]
			v, ok := known[ids[i]]
			switch {
			case !ok:
				out[i].Err = ErrNotFound
			case v.leaseOwner != s.owner && v.leaseTo > clock():
				out[i].Err = ErrLeaseLost
			default:
				if out[i], err = t.record(ctx, v, records[i]); err != nil {
					return fmt.Errorf("feed %d: %w", ids[i], err)
				}
			}
		}
		return t.indexDeferred(ctx)
	}, hotVisit...)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// hotVisit are the statements that RecordVisits repeats for each feed or item.
var hotVisit = []string{sqlVisitState, sqlVisitFeed, sqlKeysKnown, sqlKeyAdd, sqlArticleAdd, sqlTextAdd,
	sqlFeedNewest, sqlFollowed, sqlIndexPut, sqlTitlePut}

func (t *tx) visited(ctx context.Context, ids []int64) (map[int64]visited, error) {
	rows, err := t.query(ctx, sqlVisited, array(ids))
	all, err := collect(rows, err, func(r scanner) (v visited, err error) {
		return v, r.Scan(&v.id, &v.url, &v.title, &v.lastOK, &v.leaseOwner, &v.leaseTo)
	})
	known := make(map[int64]visited, len(all))
	for _, v := range all {
		known[v.id] = v
	}
	return known, err
}

// record writes one visit.
func (t *tx) record(ctx context.Context, v visited, r VisitRecord) (Recorded, error) {
	out, again := Recorded{FeedID: v.id}, false
	if r.Visit.Deferred {
		_, err := t.exec(ctx, sqlVisitPutOff, millis(r.Visit.Next), millis(r.Visit.WaitUntil), v.id)
		return out, err
	}
	if !r.Touch && len(r.Items)+len(r.Seen)+len(r.Edits) > 0 {
		var err error
		if out, again, err = t.recordItems(ctx, v, r); err != nil {
			return out, err
		}
		if err := t.furnish(ctx, r.Site, r.Furniture); err != nil {
			return out, err
		}
	}
	if v.lastOK == 0 && r.Visit.Err == nil {
		if err := t.settle(ctx, v.id, slices.Max(append(out.New, 0))); err != nil {
			return out, err
		}
	}
	if r.Gap != nil {
		if _, err := t.exec(ctx, sqlFeedGap, millis(r.Gap.At), int64(r.Gap.Items), v.id); err != nil {
			return out, err
		}
	}
	visit := r.Visit
	if again {
		visit.State.Forget()
	}
	return out, t.recordState(ctx, v, visit)
}

// recordState writes what the next visit needs to know.
func (t *tx) recordState(ctx context.Context, v visited, visit feeds.Visit) error {
	st := visit.State
	var kind, words string
	if visit.Err != nil {
		kind, words = string(visit.Err.Kind), clean(visit.Err.Words())
		if kind == "" {
			kind = string(feeds.Temporary)
		}
	}
	at := visit.At
	if at.IsZero() {
		at = time.Now()
	}
	if _, err := t.exec(ctx, sqlVisitState, clean(st.ETag), clean(st.LastModified), int64(st.BodyHash), clean(st.Redirect),
		int64(st.Redirects), millis(st.RedirectSince), int64(st.Failures), st.Interval.Milliseconds(), millis(visit.Next),
		millis(at), millis(visit.WaitUntil), number(visit.Gone), kind, words,
		st.Pace.Milliseconds(), int64(st.Skip), clean(st.Validated), v.id); err != nil {
		return err
	}
	if f := visit.Feed; f != nil {
		if _, err := t.exec(ctx, sqlVisitFeed, clean(f.Title), clean(f.Link), clean(f.Language), clean(f.Kind), v.id); err != nil {
			return err
		}
	}
	if st.URL == "" || clean(st.URL) == v.url || len(st.URL) > maxFeedURL {
		return nil
	}
	// The feed has moved. Where another feed lives at the new address already,
	// both stay: their articles join each other's stories.
	n, err := t.exec(ctx, sqlVisitMove, clean(st.URL), v.id)
	if err != nil || n == 0 {
		return err
	}
	_, err = t.exec(ctx, sqlAliasAdd, v.url, v.id)
	return err
}

// recordItems inserts what is really new, oldest first, and takes edits over.
// The ids of new articles are in the order of r.Items. The document is to be read
// again although it may not change if an edit has to wait for a short time.
func (t *tx) recordItems(ctx context.Context, v visited, r VisitRecord) (out Recorded, again bool, err error) {
	out = Recorded{FeedID: v.id}
	known, err := t.known(ctx, v.id, r)
	if err != nil {
		return out, false, err
	}
	// Of a feed that is read for the first time, settle says whose pages matter.
	in := &intake{t: t, feed: v.id, seen: clock(), known: known, asked: v.lastOK == 0}
	if r.Visit.Feed != nil {
		in.language = clean(r.Visit.Feed.Language)
	}
	for _, a := range r.Seen {
		if err := in.remember(ctx, a.Key, a.Article); err != nil {
			return out, false, err
		}
	}
	ids := make([]int64, len(r.Items))
	for _, i := range oldestFirst(r.Items) {
		if ids[i], err = in.add(ctx, r.Items[i]); err != nil {
			return out, false, err
		}
	}
	out.New = slices.DeleteFunc(ids, func(id int64) bool { return id == 0 })
	if len(out.New) > 0 {
		if _, err := t.exec(ctx, sqlFeedNewest, slices.Max(out.New), in.seen, v.id); err != nil {
			return out, false, err
		}
	}
	for _, e := range r.Edits {
		changed, err := in.edit(ctx, e)
		if err != nil {
			return out, false, fmt.Errorf("article %d: %w", e.Article, err)
		}
		if changed {
			out.Edited = append(out.Edited, e.Article)
		}
	}
	return out, in.again, nil
}

// known returns those keys of the record that the feed has already, with their
// articles.
func (t *tx) known(ctx context.Context, feedID int64, r VisitRecord) (map[feeds.Key]int64, error) {
	keys := make([]feeds.Key, 0, len(r.Seen)+4*len(r.Items))
	for _, a := range r.Seen {
		keys = append(keys, a.Key)
	}
	for _, it := range r.Items {
		keys = append(append(keys, keysOf(it)...), it.Weak)
	}
	known := make(map[feeds.Key]int64, len(keys))
	if len(keys) == 0 {
		return known, nil
	}
	rows, err := t.query(ctx, sqlKeysKnown, feedID, array(keys))
	_, err = collect(rows, err, func(r scanner) (struct{}, error) {
		var key, article int64
		err := r.Scan(&key, &article)
		known[feeds.Key(key)] = article
		return struct{}{}, err
	})
	return known, err
}

// keysOf returns an item's keys. One that has none is known by what it says.
func keysOf(it feeds.Item) []feeds.Key {
	if len(it.Keys) > 0 {
		return it.Keys
	}
	return []feeds.Key{feeds.Key(xxhash.Sum64String(it.ID + "\n" + it.Link + "\n" + it.Title + "\n" + it.Text))}
}

// oldestFirst orders items so that larger ids are newer articles: by date
// where both have one, else the last of the document first.
func oldestFirst(items []feeds.Item) []int {
	order := make([]int, len(items))
	dated := true
	for i, it := range items {
		order[i] = len(items) - 1 - i
		dated = dated && !it.Published.IsZero()
	}
	if dated {
		slices.SortStableFunc(order, func(a, b int) int { return items[a].Published.Compare(items[b].Published) })
	}
	return order
}

// intake inserts the items of one feed.
type intake struct {
	t        *tx
	feed     int64
	seen     int64
	language string
	known    map[feeds.Key]int64 // with their articles
	followed int64               // subscriptions, once asked
	asked    bool
	again    bool // an edit waits for a short time
}

// add inserts an item, unless it is known: then only its other keys are
// remembered, and the id is 0.
func (in *intake) add(ctx context.Context, it feeds.Item) (id int64, err error) {
	keys := keysOf(it)
	article, isNew := int64(0), true
	for _, k := range keys {
		if id, ok := in.known[k]; ok {
			article, isNew = id, false
			break
		}
	}
	if isNew {
		if id, err = in.insert(ctx, it); err != nil {
			return 0, err
		}
		article = id
	}
	for _, k := range keys {
		if err := in.remember(ctx, k, article); err != nil {
			return 0, err
		}
	}
	return id, in.remember(ctx, it.Weak, article)
}

// remember adds a key of an article, unless it is 0 or known.
func (in *intake) remember(ctx context.Context, k feeds.Key, article int64) error {
	if _, ok := in.known[k]; ok || k == 0 {
		return nil
	}
	in.known[k] = article
	_, err := in.t.exec(ctx, sqlKeyAdd, in.feed, int64(k), article)
	return err
}

func (in *intake) insert(ctx context.Context, it feeds.Item) (int64, error) {
	teaser := feeds.Teaser(it)
	state := ""
	if teaser && it.Link != "" {
		wanted, err := in.wanted(ctx)
		if err != nil {
			return 0, err
		}
		if wanted {
			state = pageWaiting
		}
	}
	title, text := clean(it.Title), clean(it.Text)
	var id int64
	err := in.t.row(ctx, sqlArticleAdd, in.feed, millis(it.Published), millis(it.Updated), in.seen, number(teaser), state, clean(it.ID),
		title, clean(it.Link), clean(it.Author), in.language, clean(it.Image), list(it.Categories), int64(it.Content)).Scan(&id)
	if err != nil {
		return 0, err
	}
	hash, body := in.t.s.pack(text)
	if _, err := in.t.exec(ctx, sqlTextAdd, id, hash, body); err != nil {
		return 0, err
	}
	if state == pageWaiting {
		if _, err := in.t.exec(ctx, sqlPageAdd, id, in.seen); err != nil {
			return 0, err
		}
	}
	return id, in.t.indexLater(ctx, indexEntry{id: id, title: title, text: text, fresh: true})
}

// wanted reports whether anybody follows the feed: pages are fetched only for
// those who will read them.
func (in *intake) wanted(ctx context.Context) (bool, error) {
	if !in.asked {
		if err := in.t.row(ctx, sqlFollowed, in.feed).Scan(&in.followed); err != nil {
			return false, err
		}
		in.asked = true
	}
	return in.followed > 0, nil
}

// maxIndexed is how much of a text is indexed, in bytes: enough for any
// article, not for a book.
const maxIndexed = 200_000

// maxWord is the longest word that is indexed, in bytes.
const maxWord = 80

// indexed cuts a text into the words of the search index.
func indexed(text string) []string {
	if len(text) > maxIndexed {
		text = text[:maxIndexed]
	}
	words := summarize.Tokens(text)
	return slices.DeleteFunc(words, func(w string) bool { return len(w) > maxWord })
}
