package store

import (
	"fmt"
	"testing"
	"time"

	"broadsheet/feeds"
)

// BenchmarkChangedVisit is what a changed visit of one feed costs between the
// parser and the commit: a document of 25 items of which two are new, in a feed
// that has had many before, each with four keys.
func BenchmarkChangedVisit(b *testing.B) {
	for _, row := range []struct {
		name string
		past int
	}{{"young", 100}, {"old", 5000}} {
		b.Run(row.name, func(b *testing.B) {
			onEngines(b, 0, func(b *testing.B, w world, c *corpus) { benchChanged(b, w, c, row.past) })
		})
	}
}

func benchChanged(b *testing.B, w world, c *corpus, past int) {
	url := fmt.Sprintf("https://tern.example/%d", b.N)
	id := w.feed(b, url)
	n := 0
	publish := func() feeds.Item {
		n++
		it := c.item(n)
		it.Keys, it.Weak = []feeds.Key{feeds.Key(n * 8), feeds.Key(n*8 + 1), feeds.Key(n*8 + 2)}, feeds.Key(n*8+3)
		return it
	}
	var doc []feeds.Item
	for n < past {
		var its []feeds.Item
		for range 50 {
			its = append(its, publish())
		}
		w.record(b, id, its...)
		doc = its[:25]
	}
	percentiles(b, func(int) {
		doc = append([]feeds.Item{publish(), publish()}, doc[:23]...)
		known, err := w.KnownKeys(w.ctx, id, feeds.KeysOf(doc))
		must(b, err)
		sifted := feeds.Sift(doc, known, true)
		v := visit(url)
		v.At = time.Now()
		_, err = w.RecordVisits(w.ctx, []VisitRecord{{FeedID: id, Visit: v, Items: sifted.Fresh, Seen: sifted.Seen}})
		must(b, err)
		if len(sifted.Fresh) != 2 {
			b.Fatalf("%d fresh", len(sifted.Fresh))
		}
	})
}
