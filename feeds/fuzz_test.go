package feeds

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

// FuzzParse holds what every document must keep to: no panic, no more items
// than the limit, text in UTF-8, links that lead to the web, and the same
// result every time.
func FuzzParse(f *testing.F) {
	for _, doc := range []string{
		feedOf("a", "b"), `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title type="html">&lt;b></title><content type="xhtml"><div><p>x</p></div></content></entry></feed>`,
		`{"version":"https://jsonfeed.org/version/1","items":[{"id":1,"tags":"a"}]}`, `<rdf:RDF><item rdf:about="x"><dc:date>2026</dc:date></item></rdf:RDF>`,
		"<rss><channel><item><item/><title>a]]>b &#8; < c", "\xff\xfe<\x00r\x00s\x00s\x00", `<rss version="2.0"><channel><item><description><![CDATA[` + string(make([]byte, 300)) + `]]></description></item></channel></rss>`,
	} {
		f.Add([]byte(doc), "text/xml; charset=utf-8")
	}
	if entries, err := os.ReadDir("testdata/feeds"); err == nil {
		for _, e := range entries {
			if raw, err := os.ReadFile(filepath.Join("testdata/feeds", e.Name())); err == nil {
				f.Add(raw, "")
			}
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		feed, err := Parse(body, contentType, "https://a.example/feed")
		if (err == nil) != (feed != nil) {
			t.Fatalf("feed %v, err %v", feed, err)
		}
		if err != nil {
			return
		}
		if len(feed.Items) > maxItems {
			t.Errorf("%d items", len(feed.Items))
		}
		checkText(t, feed)
		for _, it := range feed.Items {
			for _, link := range []string{it.Link, it.Image} {
				if _, ok := webURL(link); link != "" && !ok {
					t.Errorf("link %q", link)
				}
			}
			if !it.Published.IsZero() && (it.Published.Year() < 1985 || it.Published.Year() > 2201) {
				t.Errorf("date %v", it.Published)
			}
			if !utf8.ValidString(it.HTML) {
				t.Errorf("HTML %q", it.HTML)
			}
		}
		again, err := Parse(body, contentType, "https://a.example/feed")
		if err != nil || len(again.Items) != len(feed.Items) {
			t.Errorf("a second reading differs: %v", err)
		}
		s := Sift(feed.Items, map[Key]bool{})
		known := map[Key]bool{}
		for _, it := range s.Fresh {
			for _, key := range it.Keys {
				known[key] = true
			}
		}
		if rest := Sift(feed.Items, known); len(rest.Fresh) != 0 {
			t.Errorf("%d items are new a second time", len(rest.Fresh))
		}
	})
}

// FuzzTidy holds that a repaired document is one: every start tag ended.
func FuzzTidy(f *testing.F) {
	f.Add([]byte(`<rss><channel><item a=1 b='2' a="3"><title>x</b><![CDATA[y]]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if o := outlineOf(tidy(body)); o.cut && o.root != "" && !o.html && !o.deep {
			t.Errorf("tidy(%q) = %q is cut", body, tidy(body))
		}
	})
}
