package feeds

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// parse reads a document that must be a feed.
func parse(t *testing.T, body, contentType, base string) *Feed {
	t.Helper()
	f, err := Parse([]byte(body), contentType, base)
	if err != nil {
		t.Fatalf("Parse: %v\n%.300s", err, body)
	}
	checkText(t, f)
	return f
}

func TestParseReadsEveryDialect(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 3, 2, 8, 30, 0, 0, time.UTC)
	item := Item{ID: "1", Title: "One & two", Link: "https://a.example/1", Published: day, Text: "Hello world."}
	tests := []struct{ kind, doc string }{
		{"rss0.91", `<rss version="0.91"><channel><title>T</title><link>https://a.example/</link><item><title>One &amp; two</title><link>https://a.example/1</link><guid>1</guid><pubDate>Mon, 02 Mar 2026 08:30:00 GMT</pubDate><description>Hello &lt;b&gt;world&lt;/b&gt;.</description></item></channel></rss>`},
		{"rss0.92", `<rss version="0.92"><channel><title>T</title><link>https://a.example/</link><item><title>One &amp; two</title><link>https://a.example/1</link><guid>1</guid><pubDate>2 Mar 2026 08:30 GMT</pubDate><description><![CDATA[Hello <i>world</i>.]]></description></item></channel></rss>`},
		{"rss2.0", `<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel><title>T</title><link>https://a.example/</link><item><title><![CDATA[One & two]]></title><link>https://a.example/1?utm_source=x</link><guid isPermaLink="false">1</guid><pubDate>Mon, 02 Mar 2026 09:30:00 +0100</pubDate><description>He</description><c:encoded><![CDATA[<p>Hello world.</p><script>no()</script>]]></c:encoded></item></channel></rss>`},
		{"rss1.0", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://a.example/"><title>T</title><link>https://a.example/</link></channel><item rdf:about="1"><title>One &amp; two</title><link>https://a.example/1</link><description>Hello world.</description><dc:date>2026-03-02T08:30Z</dc:date></item></rdf:RDF>`},
		{"rss0.9", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/" xmlns:d="http://purl.org/dc/terms/"><channel><title>T</title><link>https://a.example/</link></channel><item rdf:about="1"><title>One &amp; two</title><link>https://a.example/1</link><description>Hello world.</description><d:issued>2026-03-02T08:30:00Z</d:issued></item></rdf:RDF>`},
		{"atom1.0", `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><link href="https://a.example/"/><entry><id>1</id><title type="html">One &amp;amp; two</title><link rel="self" href="https://a.example/1.atom"/><link href="/1"/><published>2026-03-02T09:30:00+01:00</published><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hello <em>world</em>.</p></div></content></entry></feed>`},
		{"atom0.3", `<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title><link rel="alternate" href="https://a.example/"/><entry><id>1</id><title>One &amp; two</title><link rel="alternate" type="text/html" href="https://a.example/1"/><issued>2026-03-02T08:30:00Z</issued><summary>Hello world.</summary></entry></feed>`},
		{"json1", `{"version":"https://jsonfeed.org/version/1.1","title":"T","home_page_url":"https://a.example/","items":[{"id":1,"title":"One & two","url":"https://a.example/1","date_published":"2026-03-02T08:30:00Z","content_html":"<p>Hello world.</p>"}]}`},
	}
	for _, tt := range tests {
		t.Run(tt.kind, func(t *testing.T) {
			t.Parallel()
			f := parse(t, tt.doc, "", "https://a.example/feed")
			if f.Kind != tt.kind || f.Title != "T" || f.Link != "https://a.example/" || len(f.Items) != 1 || len(f.Warnings) != 0 {
				t.Fatalf("feed %+v", f)
			}
			got := f.Items[0]
			got.HTML, got.Keys, got.Weak, got.Content = "", nil, 0, 0
			if diff := cmp.Diff(item, got); diff != "" {
				t.Errorf("item (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseFallsBackWherePublishersLeaveThingsOut(t *testing.T) {
	t.Parallel()
	const head = `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:xhtml="http://www.w3.org/1999/xhtml"><channel><title>T</title><link>/site</link><item>`
	tests := []struct {
		name, item string
		check      func(Item) string
		want       string
	}{
		{"link from a permalink guid", `<guid>https://a.example/p</guid>`, link, "https://a.example/p"},
		{"no link from another guid", `<guid isPermaLink="false">https://a.example/p</guid>`, link, ""},
		{"link from atom:link", `<atom:link rel="alternate" href="https://a.example/x"/>`, link, "https://a.example/x"},
		{"relative link", `<link>../n?id=2&amp;utm_medium=x</link>`, link, "https://a.example/n?id=2"},
		{"link escaped twice", `<link>https://a.example/?a=1&amp;amp;b=2</link>`, link, "https://a.example/?a=1&b=2"},
		{"link with spaces", "<link>\n https://a.example/a b \n</link>", link, "https://a.example/a%20b"},
		{"no script as a link", `<link>javascript:alert(1)</link>`, link, ""},
		{"title from the text", `<description>&lt;p&gt;A first sentence of some length. And more.&lt;/p&gt;</description>`, title, "A first sentence of some length."},
		{"title from the link", `<link>https://www.a.example/2026/bridge-opens/</link>`, title, "a.example/2026/bridge-opens"},
		{"title from media", `<media:title>Clip</media:title>`, title, "Clip"},
		{"title with markup", `<title>A &lt;b&gt;bold&lt;/b&gt; &amp;amp; brave  move</title>`, title, "A bold & brave move"},
		{"title with entities twice", `<title>Q&amp;amp;amp;A</title>`, title, "Q&A"},
		{"title with HTML entity", `<title>caf&eacute; &#8211; bar &#150; x</title>`, title, "café – bar – x"},
		{"title with illegal reference", `<title>a&#8;b&#x0;c&#xD800;d</title>`, title, "abcd"},
		{"long title", `<title>` + strings.Repeat("word ", 200) + `</title>`, func(it Item) string { return fmt.Sprint(len(it.Title) < 505) }, "true"},
		{"author with mail", `<author>jo@a.example (Jo Doe)</author>`, author, "Jo Doe"},
		{"author before mail", `<author>Jo Doe &lt;jo@a.example&gt;</author>`, author, "Jo Doe"},
		{"authors of Dublin Core", `<dc:creator>A</dc:creator><dc:creator>B</dc:creator>`, author, "A, B"},
		{"date with words", `<pubDate>Lundi 2 mars 2026 08:30</pubDate>`, published, "2026-03-02T08:30:00Z"},
		{"date without seconds", `<pubDate>2026-03-02T08:30</pubDate>`, published, "2026-03-02T08:30:00Z"},
		{"date with slashes", `<pubDate>2026/3/2 08:30:00</pubDate>`, published, "2026-03-02T08:30:00Z"},
		{"date with one-digit seconds", `<pubDate>2026-03-02T08:30:3+01:00</pubDate>`, published, "2026-03-02T07:30:03Z"},
		{"date of nonsense", `<pubDate>soon</pubDate>`, published, ""},
		{"date before the web", `<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>`, published, ""},
		{"date from updated", `<atom:updated>2026-03-02T08:30:00Z</atom:updated>`, published, "2026-03-02T08:30:00Z"},
		{"picture from media", `<media:content url="/s.jpg" medium="image" width="100"/><media:content url="/l.jpg" medium="image" width="900"/><media:thumbnail url="/t.jpg"/>`, image, "https://a.example/l.jpg"},
		{"picture from an enclosure", `<enclosure url="https://a.example/e.png" type="image/png"/>`, image, "https://a.example/e.png"},
		{"no picture from a podcast", `<enclosure url="https://a.example/e.mp3" type="audio/mpeg"/>`, image, ""},
		{"picture from the text", `<description>&lt;img src="https://x.example/pixel.gif" width="1"&gt;&lt;img src="/p.jpg"&gt;</description>`, image, "https://a.example/p.jpg"},
		{"text from xhtml", `<xhtml:body><xhtml:p>Some <xhtml:b>text</xhtml:b>.</xhtml:p></xhtml:body>`, text, "Some text."},
		{"text from media", `<media:group><media:description>Clip text</media:description></media:group>`, text, "Clip text"},
		{"text from podcasts", `<itunes:summary>Episode text</itunes:summary>`, text, "Episode text"},
		{"markup not escaped", `<description><p>One<br>two</p><p>three</description>`, text, "One\ntwo\n\nthree"},
		{"ampersand not escaped", `<title>A & B <3 C</title>`, title, "A & B <3 C"},
		{"CDATA end in text", `<title>a ]]> b</title>`, title, "a ]]> b"},
		{"attribute without quotes", `<guid isPermaLink=false>https://a.example/q</guid>`, link, ""},
		{"tags once", `<category>News</category><category>news</category><dc:subject>World</dc:subject>`, func(it Item) string { return strings.Join(it.Categories, "|") }, "News|World"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, head+tt.item+`</item></channel></rss>`, "", "https://a.example/feeds/rss.xml")
			if len(f.Items) != 1 {
				t.Fatalf("%d items, warnings %q", len(f.Items), f.Warnings)
			}
			if got := tt.check(f.Items[0]); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func link(it Item) string   { return it.Link }
func title(it Item) string  { return it.Title }
func author(it Item) string { return it.Author }
func image(it Item) string  { return it.Image }
func text(it Item) string   { return it.Text }
func published(it Item) string {
	if it.Published.IsZero() {
		return ""
	}
	return it.Published.Format(time.RFC3339)
}

func TestAtomIDsAreTakenAsWritten(t *testing.T) {
	t.Parallel()
	f := parse(t, `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/x/"><title>T</title>
<entry><id> Correct Value </id><title>a</title></entry><entry><title>b</title><id>HTTP://Example.ORG/%7Ex</id></entry>
<entry><id><![CDATA[tag:a&b]]></id></entry><entry><id>a&amp;b</id></entry><entry><source><id>wrong</id></source><id>right</id></entry></feed>`, "", "")
	var ids []string
	for _, it := range f.Items {
		ids = append(ids, it.ID)
	}
	if diff := cmp.Diff([]string{"Correct Value", "HTTP://Example.ORG/%7Ex", "tag:a&b", "a&b", "right"}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func TestParseReadsEncodings(t *testing.T) {
	t.Parallel()
	doc := func(declaration, s string) string {
		return declaration + `<rss version="2.0"><channel><title>` + s + `</title><item><title>` + s + `</title></item></channel></rss>`
	}
	const (
		western   = "Größe – “naïve” café"
		russian   = "Совет министров обсудил новый план строительства моста через реку и другие вопросы"
		japanese1 = "日本語の新聞記事は、毎日たくさん発行されています。これはその一つです。"
		korean1   = "한국어 신문 기사는 매일 많이 발행됩니다. 이것은 그 중 하나입니다."
		chinese   = "中文报纸每天都会发表很多文章。这是其中之一，内容是关于天气的。"
		taiwan    = "中文報紙每天都會發表很多文章。這是其中之一，內容是關於天氣的。"
	)
	wide := func(s string, big, bom bool) string {
		var b strings.Builder
		units := utf16.Encode([]rune(s))
		if bom {
			units = append([]uint16{0xFEFF}, units...)
		}
		for _, u := range units {
			if big {
				b.WriteByte(byte(u >> 8))
				b.WriteByte(byte(u))
			} else {
				b.WriteByte(byte(u))
				b.WriteByte(byte(u >> 8))
			}
		}
		return b.String()
	}
	encode := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	cp1252, koi8, cp1251 := charmap.Windows1252.NewEncoder(), charmap.KOI8R.NewEncoder(), charmap.Windows1251.NewEncoder()
	tests := []struct{ name, body, contentType, want string }{
		{"utf-8", doc("", western), "", western},
		{"utf-8 with mark", "\xef\xbb\xbf" + doc("", western), "", western},
		{"utf-8 declared otherwise", doc(`<?xml version="1.0" encoding="iso-8859-1"?>`, western), "text/xml; charset=windows-1251", western},
		{"utf-8 with one bad byte", doc("", russian+"\xff"), "", russian + "\uFFFD"},
		{"windows-1252 by header", doc("", encode(cp1252.String(western))), "text/xml; charset=windows-1252", western},
		{"windows-1252 by declaration", doc(`<?xml version='1.0' encoding='Windows-1252'?>`, encode(cp1252.String(western))), "", western},
		{"windows-1252 claiming utf-8", doc(`<?xml version="1.0" encoding="utf-8"?>`, encode(cp1252.String(western))), "text/xml; charset=utf-8", western},
		{"iso-8859-1 means windows-1252", doc(`<?xml version="1.0" encoding="iso-8859-1"?>`, encode(cp1252.String(western))), "", western},
		{"koi8-r by declaration", doc(`<?xml version="1.0" encoding="koi8-r"?>`, encode(koi8.String(russian))), "", russian},
		{"windows-1251 undeclared", doc("", encode(cp1251.String(russian))), "", russian},
		{"shift_jis undeclared", doc("", encode(japanese.ShiftJIS.NewEncoder().String(japanese1))), "", japanese1},
		{"euc-jp declared", doc(`<?xml version="1.0" encoding="EUC-JP"?>`, encode(japanese.EUCJP.NewEncoder().String(japanese1))), "", japanese1},
		{"iso-2022-jp", doc("", encode(japanese.ISO2022JP.NewEncoder().String(japanese1))), "", japanese1},
		{"euc-kr declared", doc(`<?xml version="1.0" encoding="euc-kr"?>`, encode(korean.EUCKR.NewEncoder().String(korean1))), "", korean1},
		{"gb2312 by header", doc("", encode(simplifiedchinese.GBK.NewEncoder().String(chinese))), "text/xml; charset=gb2312", chinese},
		{"big5 declared", doc(`<?xml version="1.0" encoding="big5"?>`, encode(traditionalchinese.Big5.NewEncoder().String(taiwan))), "", taiwan},
		{"utf-16 with mark, little", wide(doc(`<?xml version="1.0" encoding="utf-16"?>`, western), false, true), "", western},
		{"utf-16 with mark, big", wide(doc("", western+"😀"), true, true), "", western + "😀"},
		{"utf-16 bare, little", wide(doc("", western), false, false), "", western},
		{"utf-16 bare, big", wide(doc(`<?xml version="1.0"?>`, western), true, false), "text/xml; charset=utf-8", western},
		{"control characters", doc("", "a\x00b\x08c\x1bd\ufeff\ufffe"), "", "abcd"},
		{"spaces before the declaration", "\r\n  " + doc(`<?xml version="1.0"?>`, western), "", western},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, tt.body, tt.contentType, "")
			if f.Title != tt.want || len(f.Items) != 1 || f.Items[0].Title != tt.want {
				t.Errorf("title %q, want %q (warnings %q)", f.Title, tt.want, f.Warnings)
			}
		})
	}
}

func TestParseSavesWhatABrokenDocumentStillHolds(t *testing.T) {
	t.Parallel()
	whole := feedOf("a", "b", "c")
	atom := `<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>1</id></entry><entry><id>2</id></entry><entry><id>3`
	json := `{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"1"},{"id":"2","tags":"x, y"},{"id":"3","ti`
	tests := []struct {
		name, doc string
		items     int
	}{
		{"cut in the third item", whole[:strings.Index(whole, "id-c")], 2},
		{"cut behind the third item", whole[:strings.LastIndex(whole, "</channel>")], 3},
		{"cut in a tag", whole[:strings.LastIndex(whole, "</item>")+4], 2},
		{"Atom cut in an id", atom, 2},
		{"JSON cut in an item", json, 2},
		{"an item never ended", strings.Replace(whole, "</item>", "", 1), 3},
		{"an end tag too many", strings.Replace(whole, "</item>", "</b></item>", 1), 3},
		{"warnings before the feed", "<br />\n<b>Warning</b>: something on line 3<br />" + whole, 3},
		{"blank page before the feed", "Deprecated: thing in x.php\n\n" + whole, 3},
		{"junk behind the feed", whole + "<script>track()</script>", 3},
		{"unknown entity", strings.Replace(whole, "<title>a", "<title>&nosuch;a", 1), 3},
		{"tag soup in a title", strings.Replace(whole, "<title>a", "<title><b><i>a", 1), 3},
		{"upper case", strings.NewReplacer("item>", "ITEM>").Replace(whole), 3},
		{"undeclared prefix", strings.Replace(whole, "<title>a", "<x:y>z</x:y><title>a", 1), 3},
		{"repeated attribute", strings.Replace(whole, "<item>", `<item a="1" a="2">`, 1), 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, tt.doc, "", "")
			if len(f.Items) != tt.items {
				t.Errorf("%d items, want %d; warnings %q", len(f.Items), tt.items, f.Warnings)
			}
			seen := map[Key]bool{}
			for _, it := range f.Items {
				for _, key := range it.Keys {
					if seen[key] {
						t.Errorf("key of %q is another item's", it.ID)
					}
					seen[key] = true
				}
			}
		})
	}
}

// TestEveryBeginningOfAFeedIsSavedToItsLastWholeItem cuts documents at every
// byte. An item whose end tag is cut is whole.
func TestEveryBeginningOfAFeedIsSavedToItsLastWholeItem(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ doc, end string }{
		"RSS":       {feedOf("ä", "b & c", "<![CDATA[<item>]]>"), "</item"},
		"RDF":       {`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel><item rdf:about="1"><title>a</title></item ><item rdf:about="2"><title>b</title></item ></rdf:RDF>`, "</item"},
		"Atom":      {`<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><id>1</id><content type="xhtml"><div><p>x</p></div></content></entry><!-- <entry> --><entry><id>2</id></entry></feed>`, "</entry"},
		"JSON Feed": {`{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"1","title":"]}\"","tags":["x"]},{"id":"2","authors":[{"name":"A"}]}  ]}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for n := range len(tt.doc) + 1 {
				head := tt.doc[:n]
				want := strings.Count(head, tt.end)
				if tt.end == "" { // JSON's items end where these do
					want = strings.Count(head, `"]}`) - strings.Count(head, `:"]}`) + strings.Count(head, `"}]}`)
				}
				f, err := Parse([]byte(head), "", "https://a.example/feed")
				switch {
				case err != nil && want > 0:
					t.Errorf("%d items lost of %q: %v", want, head, err)
				case err == nil && len(f.Items) != want:
					t.Errorf("%d items of %q, want %d", len(f.Items), head, want)
				case err == nil && n < len(tt.doc) && want > 0 && len(f.Warnings) == 0:
					t.Errorf("%q is read without a warning", head)
				}
			}
		})
	}
}

func TestParseSaysWhatIsNoFeed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		doc  string
		kind Kind
	}{
		"empty":             {"", Malformed},
		"spaces":            {" \n\t ", Malformed},
		"page":              {"<!DOCTYPE html>\n<html lang=en><head><title>x</title><body><item>no</item>", NotFeed},
		"page without root": {"<head><title>Sorry</title></head><body>x", NotFeed},
		"XHTML page":        {`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>`, NotFeed},
		"OPML":              {`<opml version="2.0"><body/></opml>`, Malformed},
		"SVG":               {`<svg xmlns="http://www.w3.org/2000/svg"/>`, Malformed},
		"text":              {"Too many connections", Malformed},
		"binary":            {"\x89PNG\r\n\x1a\n\x00\x00", Malformed},
		"JSON":              {`{"error":"x"}`, Malformed},
		"JSON list":         {`[1,2]`, Malformed},
		"JSON, bad":         {`{"version":"https://jsonfeed.org/version/1","items":7x}`, Malformed},
		"head of a feed":    {`<rss version="2.0"><channel><title>T</title><item><title>a`, Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse([]byte(tt.doc), "", "https://u:p@a.example/?token=s")
			var e *Error
			if !errors.As(err, &e) || e.Kind != tt.kind {
				t.Fatalf("got %v, want kind %s", err, tt.kind)
			}
			if e.Temporary() || e.Words() == "" || strings.Contains(e.Error(), "token=s") {
				t.Errorf("temporary %v, words %q, error %q", e.Temporary(), e.Words(), e)
			}
		})
	}
}

func TestParseKeepsTheNewestOfTooManyItems(t *testing.T) {
	t.Parallel()
	build := func(n int, newestFirst bool) string {
		var b strings.Builder
		b.WriteString(`<rss version="2.0"><channel><title>T</title>`)
		for i := range n {
			at := i
			if newestFirst {
				at = n - i
			}
			fmt.Fprintf(&b, "<item><guid>%d</guid><pubDate>%s</pubDate></item>", i, time.Date(2026, 1, 1, at, 0, 0, 0, time.UTC).Format(time.RFC1123Z))
		}
		return b.String() + "</channel></rss>"
	}
	for newestFirst, want := range map[bool]string{true: "0", false: "200"} {
		f := parse(t, build(700, newestFirst), "", "")
		if len(f.Items) != maxItems || f.Items[0].ID != want || len(f.Warnings) != 1 {
			t.Errorf("newest first %v: %d items from %q on, warnings %q", newestFirst, len(f.Items), f.Items[0].ID, f.Warnings)
		}
	}
	if f := parse(t, build(500, true), "", ""); len(f.Items) != 500 || len(f.Warnings) != 0 {
		t.Errorf("500: %d items, warnings %q", len(f.Items), f.Warnings)
	}
}
