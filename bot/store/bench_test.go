package store

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"broadsheet/feeds"
)

// The benchmarks use an invented corpus: 60,000 words with Zipf's frequencies,
// articles of 60 to 560 words. BROADSHEET_BENCH_ARTICLES sets their number
// (DESIGN's figures are for 200,000), BROADSHEET_BENCH_ENGINE chooses one engine.
const (
	benchArticles = "BROADSHEET_BENCH_ARTICLES"
	benchEngine   = "BROADSHEET_BENCH_ENGINE"
	vocabulary    = 60_000
)

type corpus struct {
	r     *rand.Rand
	zipf  *rand.Zipf
	words []string
}

func newCorpus() *corpus {
	r := rand.New(rand.NewPCG(1, 2))
	c := &corpus{r: r, zipf: rand.NewZipf(r, 1.1, 8, vocabulary-1)}
	syllables := []string{"ba", "cor", "du", "fen", "gi", "hal", "jo", "kra", "lim", "mu", "né", "o", "pré", "qua", "ri", "sto", "tu", "vé", "wa", "zen"}
	for i := range vocabulary {
		w := syllables[i%20] + syllables[i/20%20] + syllables[i/400%20]
		if i >= 8000 {
			w += syllables[i/8000]
		}
		c.words = append(c.words, w)
	}
	return c
}

func (c *corpus) text(n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(c.words[c.zipf.Uint64()])
		if i%15 == 14 {
			b.WriteByte('.')
		}
	}
	return b.String()
}

func (c *corpus) item(n int) feeds.Item {
	it := item(n)
	it.Title, it.Text = c.text(8+c.r.IntN(7)), c.text(60+c.r.IntN(500))
	return it
}

// word is one of the ranks 50 to 30,000, evenly on a logarithmic scale.
func (c *corpus) word() string {
	return c.words[int(50*math.Pow(600, c.r.Float64()))]
}

// onEngines runs a benchmark on a store with many articles, built once for
// each engine.
func onEngines(b *testing.B, articles int, bench func(b *testing.B, w world, c *corpus)) {
	b.Helper()
	if n, err := strconv.Atoi(os.Getenv(benchArticles)); err == nil && articles > 0 {
		articles = n
	}
	for _, engine := range []string{sqliteName, postgres} {
		if only := os.Getenv(benchEngine); engine == postgres && server == nil || only != "" && only != engine {
			continue
		}
		url := filepath.Join(b.TempDir(), "bench.db")
		if engine == postgres {
			url = server.Database(b)
		}
		w, c := newWorld(b, url), newCorpus()
		start := time.Now()
		if articles > 0 {
			fill(b, w, c, articles)
			b.Logf("%s: %d articles in %v", engine, articles, time.Since(start).Round(time.Second))
		}
		b.Run(engine, func(b *testing.B) { bench(b, w, c) })
	}
}

func fill(b *testing.B, w world, c *corpus, articles int) {
	b.Helper()
	var ids []int64
	for i := range 200 {
		ids = append(ids, w.feed(b, fmt.Sprintf("https://f%d.example/", i)))
		if i < 40 {
			w.subscribe(b, 100, ids[i], ModeDigest, Backlog{})
		}
	}
	for n := 0; n < articles; n += 2000 {
		var batch []VisitRecord
		for i := range 80 {
			feed := ids[(n/25+i)%len(ids)]
			var its []feeds.Item
			for k := range 25 {
				its = append(its, c.item(n+i*25+k))
			}
			batch = append(batch, VisitRecord{FeedID: feed, Visit: visit(fmt.Sprintf("https://f%d.example/", feed-ids[0])), Items: its})
		}
		_, err := w.RecordVisits(w.ctx, batch)
		must(b, err)
	}
	if w.d.name == postgres {
		_, err := w.w.ExecContext(w.ctx, `VACUUM ANALYZE`)
		must(b, err)
	}
}

// percentiles runs fn b.N times and reports the median and the 99th percentile.
func percentiles(b *testing.B, fn func(i int)) {
	b.Helper()
	took := make([]time.Duration, 0, b.N)
	cpu := processorTime()
	b.ResetTimer()
	for i := range b.N {
		start := time.Now()
		fn(i)
		took = append(took, time.Since(start))
	}
	b.StopTimer()
	b.ReportMetric(float64((processorTime()-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// processorTime is what this process has used; a server's is not in it.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLookups measures what members wait for, search and autocomplete.
func BenchmarkLookups(b *testing.B) {
	onEngines(b, 20_000, func(b *testing.B, w world, c *corpus) {
		b.Run("search", func(b *testing.B) { benchSearch(b, w, c) })
		b.Run("titles", func(b *testing.B) { benchTitles(b, w, c) })
	})
}

func benchSearch(b *testing.B, w world, c *corpus) {
	for _, row := range []struct {
		name string
		q    func() Query
	}{
		{"1word", func() Query { return Query{Text: c.word()} }},
		{"2words", func() Query { return Query{Text: c.word() + " " + c.word()} }},
		{"commonest", func() Query { return Query{Text: c.words[0]} }},
		{"absent", func() Query { return Query{Text: "xylophonist"} }},
		{"guild", func() Query { return Query{Text: c.word(), GuildID: 1} }},
	} {
		b.Run(row.name, func(b *testing.B) {
			percentiles(b, func(int) {
				_, _, err := w.Search(w.ctx, row.q())
				must(b, err)
			})
		})
	}
}

func benchTitles(b *testing.B, w world, c *corpus) {
	beginning := func(n int) string { r := []rune(c.word()); return string(r[:min(n, len(r))]) }
	for _, row := range []struct {
		name  string
		guild int64
		typed func() string
	}{
		{"2letters", 0, func() string { return beginning(2) }},
		{"4letters", 0, func() string { return beginning(4) }},
		{"word+2", 0, func() string { return c.words[c.r.IntN(50)] + " " + beginning(2) }},
		{"nothing", 0, func() string { return "" }},
		{"guild", 1, func() string { return beginning(3) }},
	} {
		b.Run(row.name, func(b *testing.B) {
			percentiles(b, func(int) {
				_, err := w.SuggestTitles(w.ctx, row.guild, row.typed(), 25)
				must(b, err)
			})
		})
	}
}

// BenchmarkRecordVisits records batches of 200 visits; an op is a batch.
func BenchmarkRecordVisits(b *testing.B) {
	const batch = 200
	onEngines(b, 0, func(b *testing.B, w world, c *corpus) {
		var ids []int64
		for i := range batch {
			ids = append(ids, w.feed(b, fmt.Sprintf("https://f%d.example/", i)))
		}
		record := func(b *testing.B, its func() []feeds.Item) {
			records := make([]VisitRecord, batch)
			for i, id := range ids {
				v := visit(fmt.Sprintf("https://f%d.example/", i))
				records[i] = VisitRecord{FeedID: id, Visit: v, Items: its()}
				if len(records[i].Items) == 0 {
					records[i].Visit.Feed, records[i].Visit.Unchanged = nil, true
				}
			}
			b.StartTimer()
			cpu := processorTime()
			_, err := w.RecordVisits(w.ctx, records)
			must(b, err)
			b.ReportMetric(float64((processorTime()-cpu).Microseconds())/batch, "cpu-µs/feed")
			b.StopTimer()
		}
		b.Run("unchanged", func(b *testing.B) {
			b.StopTimer()
			for range b.N {
				record(b, func() []feeds.Item { return nil })
			}
		})
		n := 0
		b.Run("25new", func(b *testing.B) {
			b.StopTimer()
			for range b.N {
				record(b, func() (its []feeds.Item) {
					for range 25 {
						n++
						its = append(its, c.item(n))
					}
					return its
				})
			}
		})
		b.Run("lease", func(b *testing.B) {
			percentiles(b, func(int) {
				all, err := w.LeaseFeeds(w.ctx, batch, 0, -time.Second)
				must(b, err)
				if len(all) != batch {
					b.Fatalf("leased %d", len(all))
				}
			})
		})
	})
}
