package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"broadsheet/feeds"
	"broadsheet/feeds/article"
)

// prints are the fingerprints of texts.
func prints(texts ...string) []feeds.Fingerprint {
	var all []feeds.Fingerprint
	for _, text := range texts {
		all = append(all, article.FingerprintOf(text))
	}
	return all
}

// furnitureOf returns a site's furniture, in order.
func (w world) furnitureOf(t *testing.T, site string) []feeds.Fingerprint {
	t.Helper()
	var all []feeds.Fingerprint
	for block, is := range got[feeds.Known](t)(w.Furniture(w.ctx, site)) {
		if is {
			all = append(all, block)
		}
	}
	slices.Sort(all)
	return all
}

const slogan = "The Tern is read on every island."

func TestABlockOfThreeArticlesIsFurniture(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.followed(t, "https://tern.example/")
		ids := w.teasers(t, feed, 1, 4)
		text := func(id int64) string { return fmt.Sprintf("The whole story of article %d is here.\n\n%s", id, slogan) }
		for i, id := range ids {
			before := got[Article](t)(w.Article(w.ctx, id)).Text
			r := PageResult{Text: text(id), Done: true, Site: "tern.example", Blocks: article.Blocks(text(id))}
			r.Blocks = append(r.Blocks, r.Blocks...) // a block counts once for each article
			must(t, w.RecordPage(w.ctx, id, r))
			if known := len(w.furnitureOf(t, "tern.example")) > 0; known != (i >= 2) {
				t.Fatalf("after %d articles: known %v", i+1, known)
			}
			a := got[Article](t)(w.Article(w.ctx, id))
			if strings.Contains(a.Text, slogan) != (i < 2) || a.Text == before {
				t.Errorf("article %d of the site: %q", i+1, a.Text)
			}
		}
		for _, id := range ids {
			// What was stored before anybody knew is mended as well.
			if a := got[Article](t)(w.Article(w.ctx, id)); strings.Contains(a.Text, slogan) || !strings.HasPrefix(a.Text, "The whole story") {
				t.Errorf("at last: %q", a.Text)
			}
		}
		if hits, _, err := w.Search(w.ctx, Query{Text: "island"}); err != nil || len(hits) != 0 {
			t.Errorf("the search finds the furniture in %d articles, err %v", len(hits), err)
		}
		if hits, _, err := w.Search(w.ctx, Query{Text: "story"}); err != nil || len(hits) != 4 {
			t.Errorf("the search finds %d stories, want 4, err %v", len(hits), err)
		}
		if got := w.furnitureOf(t, "other.example"); len(got) != 0 {
			t.Errorf("another site's furniture: %v", got)
		}
	})
}

func TestTextsOfOtherFeedsStayWhenABlockBecomesKnown(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		tern, gull := w.followed(t, "https://tern.example/"), w.followed(t, "https://gull.example/")
		quoted := w.teasers(t, gull, 1, 1)[0]
		must(t, w.RecordPage(w.ctx, quoted, PageResult{Text: "What they print is this.\n\n" + slogan, Done: true, Site: "gull.example"}))
		for _, id := range w.teasers(t, tern, 1, 3) {
			must(t, w.RecordPage(w.ctx, id, PageResult{Text: "A story.\n\n" + slogan, Done: true, Site: "tern.example", Blocks: prints(slogan)}))
		}
		if a := got[Article](t)(w.Article(w.ctx, quoted)); !strings.Contains(a.Text, slogan) {
			t.Errorf("another paper's text became %q", a.Text)
		}
	})
}

func TestOneArticleCountsOnceHoweverOftenItsPageIsRead(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.followed(t, "https://tern.example/")
		id := w.teasers(t, feed, 1, 1)[0]
		for n := range 4 {
			if n > 0 {
				must(t, w.readAgain(id))
			}
			must(t, w.RecordPage(w.ctx, id, PageResult{Text: "A story.\n\n" + slogan, Done: true, ETag: "x", Site: "tern.example", Blocks: prints(slogan)}))
		}
		if got := w.furnitureOf(t, "tern.example"); len(got) != 0 {
			t.Errorf("one article made %d blocks furniture", len(got))
		}
	})
}

func TestFurnitureOfAFeedIsRememberedWithItsVisit(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.feed(t, "https://tern.example/")
		f := got[Feed](t)(w.Feed(w.ctx, feed))
		for range 2 {
			out := got[[]Recorded](t)(w.RecordVisits(w.ctx, []VisitRecord{{
				FeedID: feed, Visit: visit(f.State.URL), Items: items(1), Site: "tern.example", Furniture: prints("b", "a", "a"),
			}}))
			must(t, out[0].Err)
		}
		want := prints("a", "b")
		slices.Sort(want)
		if got := w.furnitureOf(t, "tern.example"); !slices.Equal(got, want) {
			t.Errorf("furniture %v, want %v", got, want)
		}
	})
}

func TestBlocksOfASiteAreBounded(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.followed(t, "https://tern.example/")
		f := got[Feed](t)(w.Feed(w.ctx, feed))
		known := prints("known")
		out := got[[]Recorded](t)(w.RecordVisits(w.ctx, []VisitRecord{{FeedID: feed, Visit: visit(f.State.URL), Items: items(1), Site: "tern.example", Furniture: known}}))
		must(t, out[0].Err)
		ids := w.teasers(t, feed, 2, 4)
		for i, id := range ids {
			var blocks []feeds.Fingerprint
			for n := range maxSiteBlocks {
				blocks = append(blocks, feeds.Fingerprint(1+i*maxSiteBlocks+n))
			}
			must(t, w.RecordPage(w.ctx, id, PageResult{Text: "A story.", Done: true, Site: "tern.example", Blocks: blocks}))
		}
		if n := w.count(t, `SELECT COUNT(*) FROM site_block`); n != maxSiteBlocks {
			t.Errorf("%d blocks of one site, want %d", n, maxSiteBlocks)
		}
		if got := w.furnitureOf(t, "tern.example"); !slices.Equal(got, known) {
			t.Errorf("furniture %v, want %v: what is known must outlive what is not", got, known)
		}
	})
}

func (w world) count(t *testing.T, q string) (n int) {
	t.Helper()
	must(t, w.w.QueryRowContext(w.ctx, q).Scan(&n))
	return n
}

func TestBlocksAreForgottenWhenNobodySawThemForLong(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		const day = 24 * 3600 * 1000
		for i, row := range []struct {
			articles, age int64
			kept          bool
		}{{1, 13, true}, {2, 15, false}, {3, 15, true}, {3, 179, true}, {90, 181, false}} {
			if _, err := w.w.ExecContext(w.ctx, `INSERT INTO site_block (host, block, articles, seen) VALUES ('tern.example', $1, $2, $3)`,
				int64(i), row.articles, clock()-row.age*day); err != nil {
				t.Fatal(err)
			}
		}
		if n := got[int](t)(w.PruneSites(w.ctx)); n != 2 {
			t.Errorf("%d blocks were forgotten, want 2", n)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM site_block WHERE block IN (0, 2, 3)`); n != 3 {
			t.Errorf("%d of 3 blocks were kept", n)
		}
		if n := got[int](t)(w.PruneSites(w.ctx)); n != 0 {
			t.Errorf("%d blocks were forgotten the second time", n)
		}
	})
}

// At the bound of all sites the nightly search for rare blocks must not read
// every old block's row under the lock of the writer.
func TestRareBlocksAreFoundInTheIndexAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, t.TempDir()+"/test.db")
	if plan := w.planOf(t, sqlBlocksRare, 3); !strings.Contains(plan, "b USING COVERING INDEX site_block_seen") {
		t.Errorf("the plan:\n%s", plan)
	}
}

func TestAPageOfNothingButFurnitureIsNotTaken(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		const wall = "Please switch scripts on to read what the Tern has found for you."
		feed := w.followed(t, "https://tern.example/")
		ids := w.teasers(t, feed, 1, 4)
		for _, id := range ids {
			must(t, w.RecordPage(w.ctx, id, PageResult{Text: wall, Done: true, Site: "tern.example", Blocks: article.Blocks(wall)}))
		}
		for _, id := range ids[2:] {
			p := got[Path](t)(w.Why(w.ctx, 1, id))
			if p.Page != pageFailed || !strings.Contains(p.PageReason, "all pages of its site") || !p.Article.Teaser || strings.Contains(p.Article.Text, wall) {
				t.Errorf("page %s, because %q; text %q", p.Page, p.PageReason, p.Article.Text)
			}
		}
	})
}

func TestPagesWithoutASiteTeachNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		feed := w.followed(t, "https://tern.example/")
		for _, id := range w.teasers(t, feed, 1, 3) {
			must(t, w.RecordPage(w.ctx, id, PageResult{Done: true, Reason: "no text", Blocks: prints(slogan)}))
		}
		if n := w.count(t, `SELECT COUNT(*) FROM site_block`); n != 0 {
			t.Errorf("%d blocks of no site", n)
		}
		if got := w.furnitureOf(t, ""); len(got) != 0 {
			t.Errorf("furniture of no site: %v", got)
		}
	})
}
