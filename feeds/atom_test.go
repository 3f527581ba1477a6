package feeds

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// ourHashes are the fields that say the same as the others once more.
func ourHashes() cmp.Option { return cmpopts.IgnoreFields(Item{}, "Keys", "Weak", "Content") }

func TestAtomFeedsInFull(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 8, 30, 5, 0, time.UTC)
	f := parse(t, `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xml:lang="de_CH">
<title type="html">A &amp;amp; B</title><link rel="self" href="/s.atom"/><link href="/"/><logo>/l.png</logo><sy:updatePeriod>daily</sy:updatePeriod>
<author><name>The staff</name></author>
<entry><id>HTTP://A.example/Correct Value</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">x <b>y</b></div></title>
 <link rel="enclosure" type="image/png" href="/e.png"/><link rel="alternate" type="application/json" href="/j"/><link rel="alternate" type="text/html" href="/h"/>
 <published>2026-03-02T09:30:05+01:00</published><updated>2026-03-02T08:30:06Z</updated><author><name>A</name></author><author><email>b@a.example</email></author>
 <category term="t" label="L"/><category term="u"/><content type="application/octet-stream">SGVsbG8gd29ybGQ=</content></entry>
<entry><id>tag:a.example,2026:2</id><title/><link/><link rel="related" href="/r"/><content src="/x" type="text/html"/><summary>Sum.</summary></entry>
<entry><id>3</id><title>Taken over</title><updated>2026-03-02T08:30:05Z</updated><content type="text">1 &lt; 2</content><source><title>S</title><id>no</id></source></entry>
<entry><title type="text">&lt;b&gt; in words</title><link rel="self" href="/self"/><link rel="replies" href="/replies"/><content type="image/png">aGk=</content></entry>
</feed>`, "", "https://a.example/feed")
	want := &Feed{
		Kind: "atom1.0", Title: "A & B", Link: "https://a.example/", FeedURL: "https://a.example/s.atom",
		Language: "de-CH", TTL: 24 * time.Hour,
		Items: []Item{
			{ID: "HTTP://A.example/Correct Value", Title: "x y", Link: "https://a.example/h", Author: "A, b@a.example", Published: at, Updated: at.Add(time.Second),
				Categories: []string{"L", "u"}, Image: "https://a.example/e.png", HTML: "Hello world", Text: "Hello world"},
			{ID: "tag:a.example,2026:2", Title: "Sum.", Link: "https://a.example/r", Author: "The staff", HTML: "Sum.", Text: "Sum."},
			{ID: "3", Title: "Taken over", Author: "The staff", Published: at, Updated: at, HTML: "1 &lt; 2", Text: "1 < 2"},
			{Title: "in words", Author: "The staff"},
		},
	}
	if diff := cmp.Diff(want, f, ourHashes()); diff != "" {
		t.Errorf("feed (-want +got):\n%s", diff)
	}
}

// TestIDsStayAsTheyWereWritten is of ids that gofeed would resolve or tidy up:
// another spelling after an update of it would make every article new.
func TestIDsStayAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"HTTP://A.Example/Correct Value", "urn:uuid:1225C695-cfb8-4ebb-aaaa-80da344efa6a", "relative/id", "/rooted", "?p=7", "#7", "../up",
		"https://a.example:443/x?b=2&amp;a=1", "https://a.example/%7euser", "https://a.example/x?utm_source=rss", "0", "ümlaut", "a b",
	} {
		want := strings.ReplaceAll(id, "&amp;", "&")
		for name, doc := range map[string]string{
			"Atom":               `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id> ` + id + "\n" + ` </id><title>t</title></entry></feed>`,
			"Atom with a base":   `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://b.example/"><entry><id>` + id + `</id><title>t</title></entry></feed>`,
			"Atom with a prefix": `<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>` + id + `</a:id><a:title>t</a:title></a:entry></a:feed>`,
			"Atom in CDATA":      `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id><![CDATA[` + want + `]]></id><title>t</title></entry></feed>`,
			"RSS":                `<rss version="2.0"><channel><item><guid isPermaLink="false">` + id + `</guid><title>t</title></item></channel></rss>`,
			"RSS in CDATA":       `<rss version="2.0"><channel><item><guid isPermaLink="false"><![CDATA[` + want + `]]></guid><title>t</title></item></channel></rss>`,
			"RDF":                `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item rdf:about="` + id + `"><title>t</title></item></rdf:RDF>`,
			"JSON Feed":          `{"version":"https://jsonfeed.org/version/1","items":[{"id":"` + want + `","title":"t"}]}`,
		} {
			if f := parse(t, doc, "", "https://a.example/feed"); len(f.Items) != 1 || f.Items[0].ID != want {
				t.Errorf("%s: id %q, want %q", name, f.Items[0].ID, want)
			}
		}
	}
}

func TestModulesOfRSSAreRead(t *testing.T) {
	t.Parallel()
	const head = `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" ` +
		`xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"><channel><title>T</title>`
	at := time.Date(2026, 3, 2, 8, 30, 5, 0, time.UTC)
	const stamp = "2026-03-02T08:30:05Z"
	for name, tt := range map[string]struct {
		item string
		want Item
	}{
		"a full item":                {"<fullitem>&lt;p&gt;Full.&lt;/p&gt;</fullitem>", Item{Title: "Full.", HTML: "<p>Full.</p>", Text: "Full."}},
		"content without a prefix":   {"<title>t</title><encoded>Enc.</encoded>", Item{Title: "t", HTML: "Enc.", Text: "Enc."}},
		"Dublin Core":                {"<dc:title>t</dc:title><dc:identifier>i</dc:identifier><dc:date>" + stamp + "</dc:date><dc:creator>A</dc:creator><dc:subject>s</dc:subject><dc:description>D.</dc:description>", Item{ID: "i", Title: "t", Author: "A", Published: at, Categories: []string{"s"}, HTML: "D.", Text: "D."}},
		"Dublin Core's terms":        {"<title>t</title><dcterms:issued>" + stamp + "</dcterms:issued><dcterms:modified>2026-03-03T08:30:05Z</dcterms:modified>", Item{Title: "t", Published: at, Updated: at.Add(24 * time.Hour)}},
		"modified alone":             {"<title>t</title><dcterms:modified>" + stamp + "</dcterms:modified>", Item{Title: "t", Published: at, Updated: at}},
		"PRISM's date":               {"<title>t</title><prism:publicationDate>" + stamp + "</prism:publicationDate>", Item{Title: "t", Published: at}},
		"Atom's elements":            {`<title>t</title><atom:id>i</atom:id><atom:link rel="alternate" href="/x"/><atom:published>` + stamp + "</atom:published><atom:author><atom:name>A</atom:name></atom:author><atom:summary>S.</atom:summary>", Item{ID: "i", Title: "t", Link: "https://a.example/x", Author: "A", Published: at, HTML: "S.", Text: "S."}},
		"a link through FeedBurner":  {"<title>t</title><feedburner:origLink>https://a.example/x?utm_source=y</feedburner:origLink>", Item{Title: "t", Link: "https://a.example/x"}},
		"a film's thumbnail":         {`<title>t</title><media:content url="/v.mp4" type="video/mp4"><media:thumbnail url="/t.jpg"/></media:content>`, Item{Title: "t", Image: "https://a.example/t.jpg"}},
		"a group of media":           {`<media:group><media:title>no</media:title><media:content url="/s.jpg" width="10"/><media:content url="/l.jpg" width="20"/><media:description>D.</media:description></media:group>`, Item{Title: "D.", Image: "https://a.example/l.jpg", HTML: "D.", Text: "D."}},
		"media that is no picture":   {`<title>t</title><media:content url="/x.mp3" type="audio/mpeg" medium="audio"/>`, Item{Title: "t"}},
		"a podcast":                  {`<title>t</title><itunes:author>A</itunes:author><itunes:image href="/i.jpg"/><itunes:summary>S.</itunes:summary><enclosure url="/x.mp3" type="audio/mpeg" length="1"/>`, Item{Title: "t", Author: "A", Image: "https://a.example/i.jpg", HTML: "S.", Text: "S."}},
		"comments are no link":       {"<title>t</title><comments>https://a.example/c</comments>", Item{Title: "t"}},
		"a source is no link":        {`<title>t</title><source url="https://s.example/">S</source>`, Item{Title: "t"}},
		"the longer of two texts":    {"<title>t</title><description>A long description of it all.</description><encoded>Short.</encoded>", Item{Title: "t", HTML: "A long description of it all.", Text: "A long description of it all."}},
		"a robot's address":          {"<title>t</title><author>noreply@blogger.com</author>", Item{Title: "t"}},
		"an author without a name":   {"<title>t</title><author>jo@a.example</author>", Item{Title: "t", Author: "jo@a.example"}},
		"the robot with a name":      {"<title>t</title><author>noreply@blogger.com (Jo)</author>", Item{Title: "t", Author: "Jo"}},
		"an image of its own":        {"<title>t</title><image>https://a.example/own.png</image>", Item{Title: "t", Image: "https://a.example/own.png"}},
		"an image that is something": {"<title>t</title><image>own</image>", Item{Title: "t"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := parse(t, head+"<item>"+tt.item+"</item></channel></rss>", "", "https://a.example/feed")
			if diff := cmp.Diff([]Item{tt.want}, f.Items, ourHashes()); diff != "" {
				t.Errorf("items (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTheWishesOfADocumentAreRead is of what a document says about when to come
// again.
func TestTheWishesOfADocumentAreRead(t *testing.T) {
	t.Parallel()
	const head = `<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>T</title>`
	for channel, want := range map[string]time.Duration{
		"": 0, "<ttl>60</ttl>": time.Hour, "<ttl> 15 </ttl>": 15 * time.Minute, "<ttl>0</ttl>": 0, "<ttl>-5</ttl>": 0, "<ttl>soon</ttl>": 0, "<ttl>99999999</ttl>": 0,
		"<sy:updatePeriod>hourly</sy:updatePeriod>":                                           time.Hour,
		"<sy:updatePeriod> Daily </sy:updatePeriod>":                                          24 * time.Hour,
		"<sy:updatePeriod>weekly</sy:updatePeriod>":                                           7 * 24 * time.Hour,
		"<sy:updatePeriod>monthly</sy:updatePeriod>":                                          30 * 24 * time.Hour,
		"<sy:updatePeriod>yearly</sy:updatePeriod>":                                           365 * 24 * time.Hour,
		"<sy:updatePeriod>never</sy:updatePeriod>":                                            0,
		"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>":  6 * time.Hour,
		"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>": time.Hour,
		"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>x</sy:updateFrequency>": time.Hour,
		"<ttl>30</ttl><sy:updatePeriod>hourly</sy:updatePeriod>":                              time.Hour,
		"<ttl>180</ttl><sy:updatePeriod>hourly</sy:updatePeriod>":                             3 * time.Hour,
		"<sy:updateFrequency>4</sy:updateFrequency>":                                          0,
	} {
		if f := parse(t, head+channel+"<item><title>x</title></item></channel></rss>", "", ""); f.TTL != want {
			t.Errorf("%s: %v, want %v", channel, f.TTL, want)
		}
	}
}
