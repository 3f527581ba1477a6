package article

import (
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// TestHostilePagesEnd feeds pages made to be expensive. What they yield does not
// matter; that they end, with an error or an article, does.
func TestHostilePagesEnd(t *testing.T) {
	t.Parallel()
	const size = maxPage + 1000
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	pages := map[string]string{
		"paragraphs":             fill("<p>Some text, with a comma."),
		"nested divisions":       strings.Repeat("<div>", 400) + fill("<p>Some text, with a comma.</p>"),
		"deep divisions":         fill("<div>"),
		"deep divisions, texts":  fill("<div>some text, here. "),
		"formatting never ended": fill("<b><i><u>x"),
		"links":                  fill("<a href=/x>link</a> "),
		"unended links":          fill("<a href=x>"),
		"line breaks":            fill("text<br><br>"),
		"tables":                 fill("<table><tr><td>x"),
		"lists":                  fill("<ul><li>x"),
		"one attribute":          "<p " + fill("a") + ">",
		"many attributes":        "<p" + fillAttrs(size) + ">text",
		"one word":               "<p>" + fill("a") + "</p>",
		"commas":                 "<p>" + fill(",") + "</p>",
		"entities":               "<p>" + fill("&amp;&lt;") + "</p>",
		"structured data":        "<script type=application/ld+json>" + fill("[") + "</script>",
		"structured objects":     "<script type=application/ld+json>" + strings.Repeat(`{"@graph":`, 9000) + "1" + strings.Repeat("}", 9000) + "</script>",
		"comments":               fill("<!-- x --><p>a"),
		"images":                 fill("<p><img src=x>"),
		"headings":               fill("<h1>x</h1>"),
		"zero bytes":             fill("\x00"),
		"noise":                  fill("\xff\xfe<\x80p>\xc3"),
		"figures":                "<article>" + fill("<figure><div class=caption>x") + "</article>",
	}
	for name, page := range pages {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			a, err := Extract(t.Context(), []byte(page), "", "https://site.example/", nil)
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			t.Logf("%v, %d MB in all, error %v", time.Since(start).Round(time.Millisecond), m.Sys>>20, err)
			if !utf8.ValidString(a.Text) {
				t.Error("the text is not UTF-8")
			}
		})
	}
}

func fillAttrs(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(" a")
		for n := i; n > 0; n /= 10 {
			b.WriteByte(byte('0' + n%10))
		}
		b.WriteString("=1")
	}
	return b.String()
}
