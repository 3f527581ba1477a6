package store

import (
	"context"
	"slices"
	"time"

	"broadsheet/feeds"
)

const (
	// furnitureFrom is in how many articles of a site a block of text is seen
	// before it counts as the site's furniture.
	furnitureFrom = 3
	// maxSiteBlocks bounds the blocks that are remembered of one site: those of
	// its last thirty articles or so. maxBlocks bounds those of all sites.
	maxSiteBlocks = 1000
	maxBlocks     = 500_000
	// A block is forgotten when it was not seen again for so long: soon where it
	// was seen in one or two articles, late where it is furniture.
	blockRareKept = 14 * 24 * time.Hour
	blockKept     = 180 * 24 * time.Hour
	// cleanedArticles is how many earlier articles of a feed are looked at when
	// a block turns out to be furniture.
	cleanedArticles = 20
)

const (
	sqlBlocksKnown = `SELECT block FROM site_block WHERE host = $1 AND articles >= $2`
	sqlBlocksSeen  = `INSERT INTO site_block (host, block, articles, seen)
		SELECT CAST($1 AS TEXT), b.value, 1, CAST($2 AS BIGINT) FROM {each $3} b WHERE 1 = 1
		ON CONFLICT (host, block) DO UPDATE SET articles = site_block.articles + 1, seen = excluded.seen
		RETURNING block, articles`
	sqlBlocksFurniture = `INSERT INTO site_block (host, block, articles, seen)
		SELECT CAST($1 AS TEXT), b.value, CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM {each $4} b WHERE 1 = 1
		ON CONFLICT (host, block) DO UPDATE SET seen = excluded.seen,
		articles = CASE WHEN site_block.articles > excluded.articles THEN site_block.articles ELSE excluded.articles END`
	sqlBlocksOfSite = `SELECT COUNT(*) FROM site_block WHERE host = $1`
	sqlBlocksCut    = `DELETE FROM site_block WHERE host = $1 AND block IN (SELECT b.block FROM site_block b WHERE b.host = $1
		ORDER BY CASE WHEN b.articles >= $2 THEN 1 ELSE 0 END, b.seen, b.block LIMIT $3)`
	sqlBlocksAll    = `SELECT COUNT(*) FROM site_block`
	sqlBlocksRare   = `DELETE FROM site_block WHERE (host, block) IN (SELECT b.host, b.block FROM site_block b WHERE b.seen < $1 AND b.articles < $2 LIMIT $3)`
	sqlBlocksOldest = `DELETE FROM site_block WHERE (host, block) IN (SELECT b.host, b.block FROM site_block b WHERE b.seen < $1 ORDER BY b.seen LIMIT $2)`
	sqlPagesTaken   = `SELECT id FROM article WHERE feed_id = $1 AND id <> $2 AND page_state = 'done' ORDER BY id DESC LIMIT $3`
	sqlPageText     = `SELECT a.title, x.hash, x.body FROM article a JOIN article_text x ON x.article_id = a.id WHERE a.id = $1`
)

// Furniture returns the blocks that are furniture of a site (feeds.SiteOf):
// they were seen in three or more of its articles. There are 1,000 at most.
func (s *Store) Furniture(ctx context.Context, site string) (feeds.Known, error) {
	known := feeds.Known{}
	if site == "" {
		return known, nil
	}
	rows, err := s.query(ctx, sqlBlocksKnown, clean(site), int64(furnitureFrom))
	_, err = collect(rows, err, func(r scanner) (struct{}, error) {
		id, err := scanID(r)
		known[feeds.Fingerprint(id)] = true
		return struct{}{}, err
	})
	return known, s.wrap("read a site's blocks", err)
}

// PruneSites forgets blocks of sites that were not seen for long, at most 500
// of each sort, and returns how many: call it until that is 0.
func (s *Store) PruneSites(ctx context.Context) (int, error) {
	var n int64
	err := s.write(ctx, "prune the sites", func(ctx context.Context, t *tx) error {
		var err error
		if n, err = t.exec(ctx, sqlBlocksRare, clock()-blockRareKept.Milliseconds(), int64(furnitureFrom), int64(maxPruned)); err != nil {
			return err
		}
		old, err := t.exec(ctx, sqlBlocksOldest, clock()-blockKept.Milliseconds(), int64(maxPruned))
		if err != nil {
			return err
		}
		var all int64
		if err := t.row(ctx, sqlBlocksAll).Scan(&all); err != nil {
			return err
		}
		if all > maxBlocks {
			more, err := t.exec(ctx, sqlBlocksOldest, clock(), min(all-maxBlocks, maxPruned))
			if err != nil {
				return err
			}
			old += more
		}
		n += old
		return nil
	})
	return int(n), err
}

// learn counts the blocks of one article of a site and returns those that are
// furniture, and those of them that have just become it.
func (t *tx) learn(ctx context.Context, site string, blocks []feeds.Fingerprint) (known, fresh feeds.Known, err error) {
	if site = clean(site); site == "" || len(blocks) == 0 {
		return nil, nil, nil
	}
	// In one order, so that two processes do not deadlock, and each once.
	blocks = slices.Clone(blocks)
	slices.Sort(blocks)
	blocks = slices.Compact(blocks)
	known, fresh = feeds.Known{}, feeds.Known{}
	rows, err := t.query(ctx, sqlBlocksSeen, site, clock(), array(blocks))
	_, err = collect(rows, err, func(r scanner) (struct{}, error) {
		var block, articles int64
		err := r.Scan(&block, &articles)
		if articles >= furnitureFrom {
			known[feeds.Fingerprint(block)] = true
		}
		if articles == furnitureFrom {
			fresh[feeds.Fingerprint(block)] = true
		}
		return struct{}{}, err
	})
	if err != nil {
		return nil, nil, err
	}
	return known, fresh, t.boundSite(ctx, site)
}

// furnish remembers blocks of which a site's feed itself shows that they are
// furniture.
func (t *tx) furnish(ctx context.Context, site string, blocks []feeds.Fingerprint) error {
	if site = clean(site); site == "" || len(blocks) == 0 {
		return nil
	}
	blocks = slices.Clone(blocks)
	slices.Sort(blocks)
	blocks = slices.Compact(blocks)
	if _, err := t.exec(ctx, sqlBlocksFurniture, site, int64(furnitureFrom), clock(), array(blocks)); err != nil {
		return err
	}
	return t.boundSite(ctx, site)
}

// boundSite forgets what is too much of one site: what was seen rarely and
// longest ago.
func (t *tx) boundSite(ctx context.Context, site string) error {
	var n int64
	if err := t.row(ctx, sqlBlocksOfSite, site).Scan(&n); err != nil || n <= maxSiteBlocks {
		return err
	}
	_, err := t.exec(ctx, sqlBlocksCut, site, int64(furnitureFrom), n-maxSiteBlocks)
	return err
}

// cleanEarlier takes blocks that have just become furniture out of the texts
// that were taken from pages of the same feed before anybody knew. That happens
// a few times in a site's life, mostly at its third article, and the first
// digest of a new feed is what it mends.
func (t *tx) cleanEarlier(ctx context.Context, feedID, articleID int64, fresh feeds.Known) error {
	if len(fresh) == 0 {
		return nil
	}
	ids, err := collectIDs(t.query(ctx, sqlPagesTaken, feedID, articleID, int64(cleanedArticles)))
	if err != nil {
		return err
	}
	for _, id := range ids {
		var title string
		var hash int64
		var body []byte
		if err := t.row(ctx, sqlPageText, id).Scan(&title, &hash, &body); err != nil {
			return err
		}
		text, err := t.s.unpack(hash, body)
		if err != nil {
			continue // a damaged text is told of by whoever reads it
		}
		if cleaned := feeds.StripPage(text, fresh); cleaned != "" && cleaned != text {
			if err := t.replaceText(ctx, id, title, cleaned); err != nil {
				return err
			}
		}
	}
	return nil
}
