package feeds

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
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
	// Real feeds show the way to more of the code; large ones only slow it down.
	files, err := filepath.Glob(filepath.Join(sharedRoot(f), "data", "feeds", "feeds", "*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		if raw, err := os.ReadFile(name); err == nil && len(raw) < 8<<10 {
			f.Add(raw, "")
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		feed, err := Parse(body, contentType, "https://a.example/feed")
		if (err == nil) != (feed != nil) {
			t.Fatalf("feed %v, err %v", feed, err)
		}
		if err != nil {
			if kind := kindOf(err); kind != Malformed && kind != NotFeed {
				t.Errorf("error of kind %q: %v", kind, err)
			}
			return
		}
		if len(feed.Items) > maxItems {
			t.Errorf("%d items", len(feed.Items))
		}
		checkText(t, feed)
		keys := map[Key]string{}
		for i, it := range feed.Items {
			checkItem(t, it)
			for _, key := range it.Keys {
				if other, ok := keys[key]; ok && key != 0 && other != it.ID {
					t.Errorf("items %q and %q share a key", other, it.ID)
				}
				if key == 0 {
					t.Errorf("item %d has a key of zero", i)
				}
				keys[key] = it.ID
			}
		}
		again, err := Parse(body, contentType, "https://a.example/feed")
		if diff := cmp.Diff(feed, again); err != nil || diff != "" {
			t.Errorf("a second reading differs (%v):\n%s", err, diff)
		}
		s := Sift(feed.Items, nil, false)
		known := map[Key]KnownItem{}
		for i, it := range s.Fresh {
			for _, key := range KeysOf([]Item{it}) {
				known[key] = KnownItem{Article: int64(i + 1), Content: it.Content, Published: it.Published}
			}
		}
		if rest := Sift(feed.Items, known, true); len(rest.Fresh) != 0 {
			t.Errorf("%d items are new a second time", len(rest.Fresh))
		}
	})
}

// checkItem fails unless an item's addresses lead to the web, its date makes
// sense and its HTML holds nothing that runs.
func checkItem(t *testing.T, it Item) {
	t.Helper()
	for _, link := range []string{it.Link, it.Image} {
		if _, ok := webURL(link); link != "" && !ok {
			t.Errorf("link %q", link)
		}
	}
	if normalizeURL(it.Link) != it.Link {
		t.Errorf("link %q is not as short as it can be", it.Link)
	}
	if !it.Published.IsZero() && (it.Published.Year() < 1985 || it.Published.Year() > 2201) {
		t.Errorf("date %v", it.Published)
	}
	if it.Title != plainLine(it.Title) {
		t.Errorf("title %q is not one line", it.Title)
	}
	z := html.NewTokenizer(strings.NewReader(it.HTML))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		tag := z.Token()
		if unread(tag.Data) && tag.Data != "figcaption" || tag.Data == "form" || tag.Data == "input" || tag.Data == "meta" || tag.Data == "link" || tag.Data == "base" {
			t.Errorf("HTML %q holds <%s>", it.HTML, tag.Data)
		}
		for _, a := range tag.Attr {
			_, web := webURL(a.Val)
			if !(tag.Data == "a" && a.Key == "href" && web || tag.Data == "img" && (a.Key == "src" && web || a.Key == "alt")) {
				t.Errorf("HTML %q holds <%s %s=%q>", it.HTML, tag.Data, a.Key, a.Val)
			}
		}
	}
}

// plainLine is a text with its spaces collapsed.
func plainLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// FuzzTidy holds that a repaired document is one: every start tag ended.
func FuzzTidy(f *testing.F) {
	f.Add([]byte(`<rss><channel><item a=1 b='2' a="3"><title>x</b><![CDATA[y]]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if o := outlineOf(tidy(body)); o.cut && o.root != "" && !o.html && !o.deep {
			t.Errorf("tidy(%q) = %q is cut", body, tidy(body))
		}
	})
}

// FuzzToUTF8 holds that a parser of XML finds no byte it must refuse, and that
// UTF-8 comes back as it was.
func FuzzToUTF8(f *testing.F) {
	f.Add([]byte("\xef\xbb\xbf<?xml version='1.0' encoding='koi8-r'?><a>\xc1\xc2&#8;\ufffe</a>"), "text/xml; charset=big5")
	f.Add([]byte("\xff\xfe<\x00a\x00\x00\xd8"), "")
	f.Add([]byte("<a>\x1b$B\x24\x22\x1b(B</a>"), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		before := bytes.Clone(body)
		text, how := toUTF8(body, contentType)
		if !utf8.Valid(text) {
			t.Errorf("%q is no UTF-8", text)
		}
		for _, r := range string(text) {
			if r < 0x20 && illegal(byte(r)) || r == 0xFEFF || r == 0xFFFE || r == 0xFFFF {
				t.Errorf("%q holds %U", text, r)
			}
		}
		if !bytes.Equal(before, body) {
			t.Errorf("the body was changed from %q to %q", before, body)
		}
		if again, _ := toUTF8(text, ""); how == "" && !bytes.HasPrefix(text, []byte("<?xml")) && !bytes.Equal(again, text) {
			t.Errorf("%q becomes %q when it is read again", text, again)
		}
	})
}

// FuzzFeedLinks holds that whatever a page says, we are sent to the web only.
func FuzzFeedLinks(f *testing.F) {
	f.Add([]byte(`<base href=//b.example/x/><link rel="alternate feed" type="application/rss+xml" href=y><a href="/rss.xml">`))
	f.Add([]byte(`<link rel=feed href="file:///etc/passwd"><base href=javascript:x><a href=feed.xml>`))
	f.Fuzz(func(t *testing.T, page []byte) {
		at := &url.URL{Scheme: "https", Host: "a.example", Path: "/"}
		for _, link := range feedLinks(page, at) {
			if _, ok := webURL(link); !ok {
				t.Errorf("link %q", link)
			}
		}
	})
}
