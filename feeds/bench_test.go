package feeds

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// bigFeed is an RSS document of 25 full-text items of 200 words, as large as
// those of the polling benchmark.
func bigFeed() []byte {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("the of a market energy council plan river bridge minister report week new city after said costs rise school team match")
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Bench</title><link>https://bench.example/</link>`)
	for i := range 25 {
		fmt.Fprintf(&b, "<item><title>Item %d of the bench</title><link>https://bench.example/%d?utm_source=rss</link><guid isPermaLink=\"false\">urn:bench:%d</guid><pubDate>Mon, 02 Mar 2026 %02d:00:00 +0000</pubDate><dc:creator>A. Writer</dc:creator><category>news</category><content:encoded><![CDATA[", i, i, i, i%24)
		for range 4 {
			b.WriteString("<p>")
			for range 50 {
				b.WriteString(words[r.IntN(len(words))] + fmt.Sprint(r.IntN(1000)) + " ")
			}
			b.WriteString("</p>\n")
		}
		b.WriteString("]]></content:encoded></item>")
	}
	b.WriteString("</channel></rss>")
	return []byte(b.String())
}

func BenchmarkParse(b *testing.B) {
	body := bigFeed()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(body, "application/rss+xml", "https://bench.example/feed"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOutline(b *testing.B) {
	body := bigFeed()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if o := outlineOf(body); len(o.items) != 25 {
			b.Fatal(o)
		}
	}
}

func BenchmarkBodyHash(b *testing.B) {
	body := bigFeed()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		bodyHash(body)
	}
}
