package feeds

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// extraMemory is what a visit to any feed may add to the heap at once.
const extraMemory = 64 << 20

// document is a hostile document: what stands before the part that is repeated,
// and behind it.
type document struct{ head, repeated, tail string }

// reader gives the document with its part repeated up to a size, and never
// holds all of it.
func (d document) reader(size int) io.Reader {
	n := max(1, (size-len(d.head)-len(d.tail))/len(d.repeated))
	return io.MultiReader(strings.NewReader(d.head), &repeater{part: d.repeated, left: n}, strings.NewReader(d.tail))
}

// repeater gives a part some times, and for ever if left is negative.
type repeater struct {
	part string
	left int
	rest string
}

// Read implements io.Reader.
func (r *repeater) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if r.rest == "" {
			if r.left == 0 {
				if n > 0 {
					return n, nil
				}
				return 0, io.EOF
			}
			r.rest = r.part
			r.left--
		}
		m := copy(p[n:], r.rest)
		r.rest = r.rest[m:]
		n += m
	}
	return n, nil
}

// hostileSize is the length of a hostile document in bytes.
func hostileSize() int {
	if racing || testing.Short() {
		return 2_000_000
	}
	return 16_000_000
}

// hostileDocuments are made to cost a parser of feeds far more than their size.
// gofeed alone spends 671 MB on 5 MB of the first, and 362 MB on the items.
func hostileDocuments() map[string]document {
	rss := func(head, repeated, tail string) document {
		return document{`<rss version="2.0" xmlns:x="urn:x"><channel><title>T</title>` + head, repeated, tail + `</channel></rss>`}
	}
	atom := func(head, repeated, tail string) document {
		return document{`<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>` + head, repeated, tail + `</feed>`}
	}
	feed := func(head, repeated, tail string) document {
		return document{`{"version":"https://jsonfeed.org/version/1","items":[` + head, repeated, tail + `]}`}
	}
	var attrs strings.Builder
	for i := range 60_000 {
		fmt.Fprintf(&attrs, ` xmlns:n%d="u"`, i)
	}
	few := attrs.String()[:50*len(` xmlns:n00="u"`)]
	few = few[:strings.LastIndexByte(few, ' ')]
	laughs := `<!DOCTYPE x [<!ENTITY a0 "ha">`
	for i := range 30 {
		laughs += fmt.Sprintf("<!ENTITY a%d %q>", i+1, strings.Repeat(fmt.Sprintf("&a%d;", i), 10))
	}
	laughs += "]>"
	one := `<item><title>a</title>`
	return map[string]document{
		"nested elements":          rss("<item>", "<x:a>", "</item>"),
		"nested and closed":        rss("<item>", strings.Repeat("<x:a>", 60)+strings.Repeat("</x:a>", 60), "</item>"),
		"nested outside items":     rss("", "<x:a>", ""),
		"nested in Atom content":   atom(`<entry><content type="xhtml">`, "<div>", "</content></entry>"),
		"flat elements":            rss(one, "<x:a/>", "</item>"),
		"flat outside items":       rss("", "<x:a/>", ""),
		"150,000 items":            rss("", one+"<link>https://a.example/1</link><guid>1</guid></item>", ""),
		"empty items":              rss("", "<item/>", ""),
		"empty entries":            atom("", "<entry/>", ""),
		"items with modules":       rss("", "<item><x:a/><x:b/><x:c/><x:d/></item>", ""),
		"items of long texts":      rss("", "<item><description>"+strings.Repeat("text ", 20_000)+"</description></item>", ""),
		"60,000 namespaces":        {"<rss version='2.0'" + attrs.String() + "><channel>", "<item/>", "</channel></rss>"},
		"namespaces on each item":  rss("", "<item"+few+"/>", ""),
		"one attribute":            rss(`<item a="`, "x", `"/>`),
		"attributes":               rss(`<item `, `a="1" `, `/>`),
		"one name":                 rss(`<`, "x", `/>`),
		"one text":                 rss("<item><description>", "text ", "</description></item>"),
		"one text outside items":   rss("<description>", "text ", "</description><item/>"),
		"CDATA outside items":      rss("<description><![CDATA[", "text ", "]]></description><item/>"),
		"spaces outside items":     rss("", " ", "<item/>"),
		"one CDATA section":        rss("<item><description><![CDATA[", "<p>text ", "]]></description></item>"),
		"CDATA sections":           rss("<item><description>", "<![CDATA[a]]>", "</description></item>"),
		"comments in a text":       rss("<item><x:a>", "a<!-- -->", "</x:a></item>"),
		"comments":                 {"", "<!-- -->", "<rss/>"},
		"instructions":             rss("", "<?a b?>", ""),
		"stray markup":             rss("<item><title>", "< ", "</title></item>"),
		"tag soup":                 rss("<item><description>", "<p><b>x", "</description></item>"),
		"end tags":                 rss("", "</x>", ""),
		"categories":               rss("<item>", "<category>a</category>", "</item>"),
		"links":                    atom("<entry>", `<link href="/x"/>`, "</entry>"),
		"billion laughs":           {laughs + `<rss version="2.0"><channel><item><title>&a30;</title><description>`, "&a30;", "</description></item></channel></rss>"},
		"references":               rss("<item><description>", "&#8;", "</description></item>"),
		"entities":                 rss("<item><title>", "&amp;", "</title></item>"),
		"JSON objects":             feed("", "{},", "{}"),
		"JSON nesting":             feed("", "[", ""),
		"JSON tags":                feed(`{"id":"1","tags":[`, `"a",`, `"b"]}`),
		"JSON keys":                feed(`{`, `"a":1,`, `"b":2}`),
		"JSON text":                feed(`{"id":"1","content_html":"`, `\u003c`, `"}`),
		"JSON text of the feed":    {`{"version":"https://jsonfeed.org/version/1","description":"`, "text ", `","items":[{"id":"1"}]}`},
		"JSON items of long texts": feed("", `{"id":"1","content_text":"`+strings.Repeat("text ", 20_000)+`"},`, `{"id":"2"}`),
		"a page":                   {"<!doctype html><html><body>", "<p>text", ""},
		"spaces":                   {"", " ", "<rss/>"},
		"zero bytes":               {"", "\x00", ""},
		"noise":                    rss("<item><title>", "\xc3\x28\xe2\x98 ", "</title></item>"),
		"Cyrillic, undeclared":     rss("<item><description>", "\xcf\xf0\xe8\xe2\xe5\xf2 ", "</description></item>"),
		"UTF-16":                   {"\xff\xfe<\x00r\x00s\x00s\x00>\x00", "<\x00i\x00t\x00e\x00m\x00/\x00>\x00", ""},
		"UTF-32":                   {"\xff\xfe\x00\x00", "<\x00\x00\x00a\x00\x00\x00>\x00\x00\x00", ""},
	}
}

// TestHostileFeedsStaySmall visits feeds made to be expensive: documents of
// 16 MB, of which a limit like ours lets the beginning through, and whole ones
// of that size under a limit that somebody has raised. What is live at once is
// measured, the document itself included.
func TestHostileFeedsStaySmall(t *testing.T) {
	size := hostileSize()
	for limit, words := range map[int64]string{int64(size) / 3: "cut", int64(size) + 4096: "whole"} {
		for name, doc := range hostileDocuments() {
			t.Run(name+", "+words, func(t *testing.T) {
				visitHostile(t, limit, func(w http.ResponseWriter, _ *http.Request) { w.(*recorder).body = doc.reader(size) })
			})
		}
	}
}

// visitHostile visits a feed within a limit of bytes and fails when that takes more memory than any may.
func visitHostile(t *testing.T, limit int64, h http.HandlerFunc) {
	t.Helper()
	c := NewClient(ClientOptions{MaxBytes: limit, Transport: &web{on: map[string]http.HandlerFunc{"paper.example": h}}})
	var v Visit
	peak := peakDuring(func() { v = c.Visit(t.Context(), State{URL: paper}, time.Now()) })
	outcome := "no feed"
	if v.Feed != nil {
		outcome = fmt.Sprintf("%d items", len(v.Feed.Items))
		if len(v.Feed.Items) > maxItems {
			t.Errorf("%d items", len(v.Feed.Items))
		}
	}
	t.Logf("%d MB more; %s, error %v", peak>>20, outcome, v.Err)
	if peak > extraMemory {
		t.Errorf("%d MB more than before, want at most %d", peak>>20, extraMemory>>20)
	}
	runtime.KeepAlive(v)
}

// TestBombsStaySmall visits feeds that are small on the wire and endless behind
// it, in each encoding.
func TestBombsStaySmall(t *testing.T) {
	packed := func(w io.WriteCloser, b *bytes.Buffer, n int) string {
		_, _ = io.Copy(w, &repeater{part: feedOf("a") + strings.Repeat(" ", 1<<20), left: n})
		_ = w.Close()
		return b.String()
	}
	var b bytes.Buffer
	member := packed(gzip.NewWriter(&b), &b, 1)
	b.Reset()
	broken := packed(brotli.NewWriterLevel(&b, 1), &b, 64)
	// A frame of zstd, its window 8 MiB or 2 GiB, and blocks that each stand for
	// 128 KiB of spaces (RFC 8878, 3.1.1).
	frame := func(window byte) string { return "\x28\xb5\x2f\xfd\x00" + string([]byte{window}) }
	block := "\x02\x00\x10 "
	for name, bomb := range map[string]struct {
		encoding string
		body     func() io.Reader
	}{
		"gzip":                   {"gzip", func() io.Reader { return &repeater{part: member, left: -1} }},
		"gzip without saying so": {"", func() io.Reader { return &repeater{part: member, left: -1} }},
		"brotli":                 {"br", func() io.Reader { return strings.NewReader(broken) }},
		"zstd": {"zstd", func() io.Reader {
			return io.MultiReader(strings.NewReader(frame(0x68)), &repeater{part: block, left: -1})
		}},
		"zstd with a huge window": {"zstd", func() io.Reader {
			return io.MultiReader(strings.NewReader(frame(0xa8)), &repeater{part: block, left: -1})
		}},
		"zstd, frame by frame": {"zstd", func() io.Reader { return &repeater{part: frame(0x68) + "\x03\x00\x10 ", left: -1} }},
	} {
		t.Run(name, func(t *testing.T) {
			visitHostile(t, 5<<20, func(w http.ResponseWriter, _ *http.Request) {
				if bomb.encoding != "" {
					w.Header().Set("Content-Encoding", bomb.encoding)
				}
				w.(*recorder).body = bomb.body()
			})
		})
	}
}

// TestManyHostileFeedsShareTheirMemory visits all of them at once: bodies share
// a budget beyond their first 512 KiB each, and one large document is parsed at
// a time, so that together they take little more than one may.
func TestManyHostileFeedsShareTheirMemory(t *testing.T) {
	w := &web{on: map[string]http.HandlerFunc{}}
	docs := hostileDocuments()
	var urls []string
	for name, doc := range docs {
		host := fmt.Sprintf("h%d.example", len(urls))
		w.on[host] = func(w http.ResponseWriter, _ *http.Request) { w.(*recorder).body = doc.reader(hostileSize()) }
		urls = append(urls, "https://"+host+"/"+strings.ReplaceAll(name, " ", "-"))
	}
	c := NewClient(ClientOptions{Transport: w})
	peak := peakDuring(func() {
		var wg sync.WaitGroup
		for _, address := range urls {
			wg.Go(func() { c.Visit(t.Context(), State{URL: address}, time.Now()) })
		}
		wg.Wait()
	})
	t.Logf("%d MB more for %d feeds at once", peak>>20, len(urls))
	if peak > extraMemory*3/2 {
		t.Errorf("%d MB more than before, want at most %d", peak>>20, extraMemory*3/2>>20)
	}
}

// peakDuring is by how much the heap grew while f ran. The collector runs
// whenever a tenth has been added, so that garbage hardly counts.
func peakDuring(f func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	runtime.GC()
	before := heap()
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		var top uint64
		for {
			top = max(top, heap())
			select {
			case <-stop:
				done <- top
				return
			case <-tick.C:
			}
		}
	}()
	f()
	close(stop)
	return max(<-done, before) - before
}

// heap is the size of the objects on the heap, dead ones not yet swept included.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
