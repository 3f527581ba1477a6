package feeds

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// whole reads a document as Parse does, but lets gofeed see all of it.
func whole(body []byte, base string) (*Feed, error) {
	r := &reader{feed: &Feed{FeedURL: base}}
	if u, ok := webURL(base); ok {
		r.base = u
	}
	text, _ := toUTF8(body, "")
	o := outlineOf(text)
	if err := r.parseXML(text, text, o); err != nil {
		return nil, err
	}
	for i := range r.feed.Items {
		r.finish(&r.feed.Items[i])
	}
	setKeys(r.feed)
	return r.feed, nil
}

func TestSkeletonReadsWhatTheWholeDocumentReads(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word &amp; word ", 40)
	docs := map[string]string{
		"escaped description":  `<rss version="2.0"><channel><item><description>&lt;p&gt;` + long + `&lt;/p&gt;</description></item></channel></rss>`,
		"CDATA content":        `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><content:encoded> <![CDATA[<p>` + long + `</p>]]> </content:encoded><description>short</description></item></channel></rss>`,
		"both long":            `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><description>` + long + `</description><content:encoded><![CDATA[` + long + long + `]]></content:encoded></item><item><title>b</title></item></channel></rss>`,
		"undeclared content":   `<rss version="2.0"><channel><item><content:encoded><![CDATA[` + long + `]]></content:encoded></item></channel></rss>`,
		"two CDATA sections":   `<rss version="2.0"><channel><item><description><![CDATA[` + long + `]]> and <![CDATA[` + long + `]]></description></item></channel></rss>`,
		"markup inside":        `<rss version="2.0"><channel><item><description><p>` + long + `</p></description></item></channel></rss>`,
		"description twice":    `<rss version="2.0"><channel><item><description>` + long + `1</description><description>` + long + `2</description><description>` + long + `3</description></item></channel></rss>`,
		"a mark of ours":       `<rss version="2.0"><channel><item><title>` + markOpen + `0]</title><description>` + long + `</description></item></channel></rss>`,
		"Atom html":            `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><content type="html">&lt;p&gt;` + long + `&lt;/p&gt;</content></entry></feed>`,
		"Atom html in CDATA":   `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><summary type="html"><![CDATA[<p>` + long + `</p>]]></summary></entry></feed>`,
		"Atom text":            `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><content>` + long + `</content></entry></feed>`,
		"Atom base64":          `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><content type="application/octet-stream">` + strings.Repeat("aGVsbG8g", 60) + `</content></entry></feed>`,
		"Atom with a base":     `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/"><entry><id>1</id><content type="html">&lt;a href="x"&gt;` + long + `&lt;/a&gt;</content></entry></feed>`,
		"Atom 0.3 escaped":     `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>1</id><content type="text/html" mode="escaped">&lt;p&gt;` + long + `</content></entry></feed>`,
		"description of media": `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><item><media:description>` + long + `</media:description></item></channel></rss>`,
		"channel description":  `<rss version="2.0"><channel><description>` + long + `</description><item><description>` + long + `</description></item></channel></rss>`,
	}
	for name, doc := range docs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compareWhole(t, []byte(doc))
		})
	}
}

func TestSkeletonReadsRealFeedsAsTheWholeDocuments(t *testing.T) {
	t.Parallel()
	dir, entries := corpus(t)
	for _, e := range entries {
		t.Run(e.File, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join(dir, e.File))
			if err != nil {
				t.Fatal(err)
			}
			compareWhole(t, raw)
		})
	}
}

// compareWhole fails if Parse reads a document otherwise than gofeed would
// without a skeleton. Documents that need repair are none of its business.
func compareWhole(t *testing.T, body []byte) {
	t.Helper()
	want, err := whole(body, "https://a.example/feed")
	if err != nil {
		return
	}
	got, err := Parse(body, "", "https://a.example/feed")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Warnings) > 0 {
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read with a skeleton (-whole +got):\n%s", diff)
	}
}

func TestSkeletonIsSmall(t *testing.T) {
	t.Parallel()
	body := bigFeed()
	text, _ := toUTF8(body, "")
	o := outlineOf(text)
	r := &reader{feed: &Feed{}}
	if got := r.skeleton(text, o.items); len(got)*4 > len(text) || len(r.texts) != 25 {
		t.Errorf("%d bytes of %d are left, %d texts are out", len(got), len(text), len(r.texts))
	}
}
