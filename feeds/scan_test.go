package feeds

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScannerCutsEveryByteIntoAToken(t *testing.T) {
	t.Parallel()
	names := map[tokenKind]string{textToken: "text", startToken: "start", endToken: "end", cdataToken: "cdata", otherToken: "other"}
	for doc, want := range map[string][]string{
		"":                                nil,
		"a":                               {"text a"},
		"<a>b</a>":                        {"start <a>", "text b", "end </a>"},
		"<a/>":                            {"start <a/> empty"},
		"<a b='>'>":                       {"start <a b='>'>"},
		`<a b="/>" c=d>e`:                 {`start <a b="/>" c=d>`, "text e"},
		"a < b":                           {"text a < b"},
		"1 <2":                            {"text 1 <2"},
		"<":                               {"text <"},
		"</":                              {"text </"},
		"</ a>":                           {"text </ a>"},
		"<!-- <a> -->b":                   {"other <!-- <a> -->", "text b"},
		"<!-- never":                      {"other <!-- never"},
		"<![CDATA[<a>]]>b":                {"cdata <![CDATA[<a>]]>", "text b"},
		"<![CDATA[<a>":                    {"cdata <![CDATA[<a>"},
		"<?xml version='1.0'?>a":          {"other <?xml version='1.0'?>", "text a"},
		"<!DOCTYPE a [<!ENTITY b 'c>']>d": {"other <!DOCTYPE a [<!ENTITY b 'c>']>", "text d"},
		"<a":                              {"start <a"},
		"<a b='":                          {"start <a b='"},
		`<a it's>b`:                       {`start <a it's>`, "text b"},
		"<ns:a-b.c>":                      {"start <ns:a-b.c>"},
		"<a\nb\n=\n'c'\n/>":               {"start <a\nb\n=\n'c'\n/> empty"},
	} {
		var got []string
		s := scanner{b: []byte(doc)}
		at := 0
		for {
			tok, ok := s.next()
			if !ok {
				break
			}
			if tok.start != at {
				t.Errorf("%q: a token begins at %d, the last one ended at %d", doc, tok.start, at)
			}
			at = tok.end
			line := names[tok.kind] + " " + string(tok.of(s.b))
			if tok.empty {
				line += " empty"
			}
			got = append(got, line)
		}
		if at != len(doc) {
			t.Errorf("%q: the tokens end at %d", doc, at)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", doc, diff)
		}
	}
}

func TestTidyMakesDocumentsWellFormed(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<a>b</a>":                  "<a>b</a>",
		"<a><b>c</a>":               "<a><b>c</b></a>",
		"<a>b</c></a>":              "<a>b</a>",
		"<a>b":                      "<a>b</a>",
		"<a b=c d='e' f>g</a>":      `<a b="c" d="e">g</a>`,
		`<a b='say "x"' b=2/>`:      `<a b="say &quot;x&quot;"/>`,
		"<a b='<'/>":                `<a b="&lt;"/>`,
		"<a>1 < 2 ]]> 3</a>":        "<a>1 &lt; 2 ]]&gt; 3</a>",
		"<a><![CDATA[b</a>":         "<a><![CDATA[b</a>]]></a>",
		"<?xml version='1.0'?><a/>": "<a/>",
		"<a><!-- b --></a>":         "<a></a>",
		"<item>1<item>2</item>":     "<item>1</item><item>2</item>",
		"<item>1<item/>2</item>":    "<item>1<item/>2</item>",
		"</x></y>":                  "",
		"":                          "",
	} {
		got := string(tidy([]byte(in)))
		if got != want {
			t.Errorf("tidy(%q) = %q, want %q", in, got, want)
		}
		d := xml.NewDecoder(strings.NewReader(got))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Errorf("tidy(%q) = %q is refused: %v", in, got, err)
				break
			}
		}
	}
}

func TestOutlineFindsItemsAndTheirIDs(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		doc, root string
		items     []string // id of each
		odd, cut  bool
	}{
		"RSS":                    {"<rss><channel><title/><item><guid>1</guid></item><item><title/></item></channel></rss>", "rss", []string{"1", ""}, false, false},
		"RSS without a channel":  {"<rss><item><guid>1</guid></item></rss>", "rss", []string{"1"}, false, false},
		"RDF":                    {"<rdf:RDF><channel><items><rdf:Seq><rdf:li/></rdf:Seq></items></channel><item><id>x</id></item></rdf:RDF>", "rdf", []string{"x"}, false, false},
		"Atom with prefix":       {"<atom:feed><atom:entry><atom:id>1</atom:id></atom:entry></atom:feed>", "feed", []string{"1"}, false, false},
		"ids of others":          {"<feed><id>f</id><entry><source><id>s</id></source><x:id>x</x:id><id>e</id><id>late</id></entry></feed>", "feed", []string{"e"}, false, false},
		"items of modules":       {"<rss><channel><media:item/><item><guid>1</guid><item>no</item></item></channel></rss>", "rss", []string{"1", ""}, true, false},
		"upper case":             {"<RSS><CHANNEL><ITEM><GUID>1</GUID></ITEM></CHANNEL></RSS>", "rss", []string{"1"}, false, false},
		"items in CDATA":         {"<rss><channel><item><description><![CDATA[<item>]]></description></item></channel></rss>", "rss", []string{""}, false, false},
		"items in comments":      {"<rss><channel><!-- <item> --><item/></channel></rss>", "rss", []string{""}, false, false},
		"cut":                    {"<rss><channel><item><guid>1</guid></item><item><guid>2", "rss", []string{"1"}, false, true},
		"wrong end tags":         {"<rss><channel><item><guid>1</guid></b></item></channel></rss>", "rss", []string{"1"}, true, false},
		"no end tag of the item": {"<rss><channel><item><guid>1</guid></channel></rss>", "rss", []string{"1"}, true, false},
		"nothing":                {"text", "", nil, false, false},
	} {
		o := outlineOf([]byte(tt.doc))
		var ids []string
		for _, it := range o.items {
			ids = append(ids, string(it.id.of([]byte(tt.doc))))
		}
		if diff := cmp.Diff(tt.items, ids); diff != "" || o.root != tt.root || o.odd != tt.odd || o.cut != tt.cut {
			t.Errorf("%s: root %q, odd %v, cut %v, ids (-want +got):\n%s", name, o.root, o.odd, o.cut, diff)
		}
	}
}

func TestOffSpecJSONIsReadAsWellAsPossible(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		item, author, tags string
	}{
		"tags as a string":      {`"tags":"a, b"`, "", "a|b"},
		"tags of other types":   {`"tags":["a",1,null,{"x":1}]`, "", "a|1"},
		"author as a string":    {`"author":"Jo","tags":7`, "Jo", ""},
		"author as a list":      {`"author":[{"name":"Jo"}]`, "Jo", ""},
		"authors as an object":  {`"authors":{"name":"Jo"}`, "Jo", ""},
		"authors as strings":    {`"authors":["Jo"]`, "Jo", ""},
		"attachments an object": {`"attachments":{"url":"x","size_in_bytes":"9"}`, "", ""},
		"title as a number":     {`"title":7,"url":["x"]`, "", ""},
		"dates as numbers":      {`"date_published":1700000000`, "", ""},
	} {
		f := parse(t, `{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"1",`+tt.item+`},7,null]}`, "", "")
		if len(f.Items) != 1 || f.Items[0].ID != "1" {
			t.Errorf("%s: %+v", name, f.Items)
			continue
		}
		if it := f.Items[0]; it.Author != tt.author || strings.Join(it.Categories, "|") != tt.tags {
			t.Errorf("%s: author %q, tags %q", name, it.Author, it.Categories)
		}
	}
}

func TestJSONFeedsInFull(t *testing.T) {
	t.Parallel()
	f := parse(t, `{"version":"https://jsonfeed.org/version/1.1","title":"T &amp; U","home_page_url":"/","feed_url":"/f.json","language":"de_AT","icon":"/i.png","authors":[{"name":"All"}],
"items":[{"id":"https://a.example/1","content_text":"1 < 2\n\nSecond.","image":"/p.jpg"},{"id":"2","external_url":"https://b.example/x","summary":"S","authors":[{"name":"A"},{"name":"B"}],"attachments":[{"url":"/q.png","mime_type":"image/png"}]}]}`, "", "https://a.example/x")
	if f.Link != "https://a.example/" || f.FeedURL != "https://a.example/f.json" || f.Language != "de-AT" || f.Title != "T & U" {
		t.Errorf("feed %+v", f)
	}
	a, b := f.Items[0], f.Items[1]
	if a.Link != "https://a.example/1" || a.Text != "1 < 2\n\nSecond." || a.Author != "All" || a.Image != "https://a.example/p.jpg" {
		t.Errorf("first %+v", a)
	}
	if b.Link != "https://b.example/x" || b.Text != "S" || b.Author != "A, B" || b.Image != "https://a.example/q.png" {
		t.Errorf("second %+v", b)
	}
}

func TestJSONItemsBeyondTheBoundsAreLeftOut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", maxItemSize)
	item := func(id, text string) string { return `{"id":"` + id + `","content_text":"` + text + `"}` }
	doc := func(items ...string) string {
		return `{"version":"https://jsonfeed.org/version/1","items":[` + strings.Join(items, ",") + `],"title":"T","x":{"items":[{"id":"no"}]}}`
	}
	many := make([]string, 600)
	for i := range many {
		many[i] = item(fmt.Sprint(i), "short")
	}
	for name, tt := range map[string]struct {
		doc         string
		items       int
		first       string
		title, warn string
	}{
		"a large one among small": {doc(item("1", long), item("2", "short"), item("3", long)), 1, "2", "T", "2 items were skipped"},
		"nothing but large ones":  {doc(item("1", long)), 0, "", "T", "1 items were skipped"},
		"too many":                {doc(many...), 500, "0", "T", "first 500"},
		"too many, cut":           {doc(many...)[:len(doc(many...))-60], 500, "0", "", "cut off"},
		"the last one cut":        {`{"items":[` + item("1", "short") + `,{"id":"2`, 1, "1", "", "cut off"},
		"none":                    {doc(), 0, "", "T", ""},
	} {
		f := parse(t, tt.doc, "", "")
		first := ""
		if len(f.Items) > 0 {
			first = f.Items[0].ID
		}
		warnings := strings.Join(f.Warnings, " ")
		if len(f.Items) != tt.items || first != tt.first || f.Title != tt.title || !strings.Contains(warnings, tt.warn) || tt.warn == "" && warnings != "" {
			t.Errorf("%s: %d items from %q on, title %q, warnings %q", name, len(f.Items), first, f.Title, warnings)
		}
	}
	for name, doc := range map[string]string{
		"a text of the feed": `{"version":"https://jsonfeed.org/version/1","description":"` + long + `","items":[]}`,
		"no items at all":    `{"items":[{"id":"1`,
	} {
		if f, err := Parse([]byte(doc), "", ""); kindOf(err) != Malformed {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

func TestTextsAndTagsBeyondTheBoundsAreNotRead(t *testing.T) {
	t.Parallel()
	long, tag := strings.Repeat("x ", maxItemSize), strings.Repeat("x", maxTag)
	in := func(channel string) string {
		return "<rss version='2.0'><channel><title>T</title>" + channel + "</channel></rss>"
	}
	for name, tt := range map[string]struct {
		doc   string
		items int // -1: refused
	}{
		"a text of the feed":           {in("<description>" + long + "</description><item><guid>1</guid></item>"), -1},
		"a CDATA section of the feed":  {in("<description><![CDATA[" + long + "]]></description><item><guid>1</guid></item>"), -1},
		"a tag of the feed":            {in("<" + tag + "/><item><guid>1</guid></item>"), -1},
		"a tag of an item":             {in("<item><" + tag + "/></item><item><guid>2</guid></item>"), 1},
		"an attribute of an item":      {in("<item a='" + tag + "'/><item><guid>2</guid></item>"), 1},
		"an item":                      {in("<item><description>" + long + "</description></item><item><guid>2</guid></item>"), 1},
		"a text just within the bound": {in("<description>" + long[:maxItemSize-10] + "</description><item><guid>1</guid></item>"), 1},
	} {
		f, err := Parse([]byte(tt.doc), "", "")
		if (err != nil) != (tt.items < 0) || err == nil && len(f.Items) != tt.items {
			t.Errorf("%s: feed %v, error %v, want %d items", name, f != nil, err, tt.items)
		}
	}
}
