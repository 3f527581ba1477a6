package article

import (
	"strings"

	"golang.org/x/net/html"
)

// block is a paragraph, heading, list item or table row of the article.
type block struct {
	tag   string // the element it stands in
	text  string
	words int
	links int // words within links
	list  bool
	// pictured reports that a picture stands right before the block.
	pictured bool
	// outer reports that it is the first or the last paragraph, or stands
	// outside of them; last that it is the last or stands behind it.
	outer, last bool
}

// density is the share of a block's words within links.
func (b block) density() float64 {
	if b.words == 0 {
		return 0
	}
	return float64(b.links) / float64(b.words)
}

// blockReader collects the blocks of a tree.
type blockReader struct {
	out  []block
	cur  strings.Builder
	tag  string
	list bool
	link int // open links
	lw   int // words in links so far
	all  int // words of the whole tree
	// pictured reports that a picture has been passed since the last block.
	pictured bool
}

// blocksOf cuts a tree into blocks, leaving out what is no text of the article
// by the element it stands in: captions, forms, buttons.
func blocksOf(n *html.Node) []block {
	r := &blockReader{tag: n.Data, all: wordsOf(n)}
	r.visit(n)
	r.flush()
	return r.out
}

func (r *blockReader) visit(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		r.cur.WriteString(n.Data)
		if r.link > 0 {
			r.lw += countWords(n.Data)
		}
		return
	case html.ElementNode:
	default:
		r.children(n)
		return
	}
	switch n.Data {
	case "figure", "figcaption", "form", "button", "iframe", "script", "style", "noscript", "svg", "video", "audio",
		"picture", "img", "input", "select", "textarea", "label", "canvas", "object":
		if n.Data == "figure" && hasParagraphs(n) {
			break // some pages put their whole text into a figure
		}
		if n.Data == "figure" || n.Data == "picture" || n.Data == "img" {
			r.pictured = true
		}
		return
	}
	if chromeName(attr(n, "class")+" "+attr(n, "id")) && wordsOf(n) < min(r.all/4, 120) {
		return
	}
	switch n.Data {
	case "br":
		r.cur.WriteByte(lineBreak)
		return
	case "a":
		r.link++
		r.children(n)
		r.link--
		return
	case "td", "th":
		r.cur.WriteByte(' ')
	}
	if !blockElement(n.Data) {
		r.children(n)
		return
	}
	r.flush()
	outer, list := r.tag, r.list
	r.tag = n.Data
	r.list = list || n.Data == "ul" || n.Data == "ol"
	r.children(n)
	r.flush()
	r.tag, r.list = outer, list
}

func (r *blockReader) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		r.visit(c)
	}
}

// lineBreak stands for <br> while a block is read; the page's own control
// characters never get here, since HTML has no vertical tab.
const lineBreak = '\v'

// flush ends the block being read. Two line breaks in a row end a block, too.
func (r *blockReader) flush() {
	raw, links := r.cur.String(), r.lw
	r.cur.Reset()
	r.lw = 0
	var kept strings.Builder
	for line := range strings.SplitSeq(raw, string(lineBreak)) {
		line = oneLine(line)
		if line == "" {
			links = r.emit(&kept, links)
			continue
		}
		if kept.Len() > 0 {
			kept.WriteByte(joint(kept.String()))
		}
		kept.WriteString(line)
	}
	r.emit(&kept, links)
}

// joint is what a line break becomes: the end of a line behind the end of a
// sentence, else the space that old pages meant.
func joint(before string) byte {
	switch before[len(before)-1] {
	case '.', '!', '?', ':', '"', ')':
		return '\n'
	}
	if strings.HasSuffix(before, "”") || strings.HasSuffix(before, "。") || strings.HasSuffix(before, "»") {
		return '\n'
	}
	return ' '
}

// emit appends the text as a block and returns the link words left over.
func (r *blockReader) emit(text *strings.Builder, links int) int {
	if text.Len() == 0 {
		return links
	}
	words := countWords(text.String())
	r.out = append(r.out, block{tag: r.tag, text: text.String(), words: words, links: min(links, words), list: r.list, pictured: r.pictured})
	r.pictured = false
	text.Reset()
	return max(0, links-words)
}

// hasParagraphs reports whether a figure holds paragraphs beside its picture.
func hasParagraphs(n *html.Node) bool {
	count := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "p" {
			count++
		}
	}
	return count > 1
}

func blockElement(name string) bool {
	switch name {
	case "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "table",
		"tr", "section", "article", "header", "footer", "aside", "main", "address", "details", "summary", "hr", "figure",
		"center", "tbody", "thead", "tfoot", "caption", "body":
		return true
	}
	return false
}

// countWords counts words; scripts without spaces count two characters as one.
func countWords(s string) int {
	n, dense := 0, 0
	for field := range strings.FieldsSeq(s) {
		n++
		for _, r := range field {
			if r >= 0x2E80 && r < 0xFE00 || r >= 0x0E00 && r < 0x0F00 {
				dense++
			}
		}
	}
	return n + dense/2
}

// wordsOf counts the words of a tree.
func wordsOf(n *html.Node) int {
	if n.Type == html.TextNode {
		return countWords(n.Data)
	}
	sum := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sum += wordsOf(c)
	}
	return sum
}

// chromeClasses are words in class names and ids of elements that hold no text
// of the article.
const chromeClasses = `|caption|captions|credit|credits|newsletter|subscribe|subscription|signup|related|recirc|share|sharing|shares|sharebar|social|byline|dateline|timestamp|pubdate|bio|advert|advertisement|ad|ads|promo|promos|promotion|sponsor|sponsored|breadcrumb|breadcrumbs|cookie|cookies|comments|comment|disqus|tags|taglist|toolbar|readmore|recommended|recommendations|trending|popular|widget|outbrain|taboola|paywall|copyright|hidden|kicker|eyebrow|pagination|pager|donate|donation|callout|teaser|teasers|cta|metadata|infobox-ad|followus|`

// chromeName reports class names and ids that mark furniture: one of their
// words is in the list.
func chromeName(names string) bool {
	if strings.TrimSpace(names) == "" {
		return false
	}
	var word strings.Builder
	lower := false
	check := func() bool {
		hit := holds(chromeClasses, strings.ToLower(word.String()))
		word.Reset()
		return hit
	}
	for _, r := range names {
		letter := r >= 'a' && r <= 'z'
		upper := r >= 'A' && r <= 'Z'
		if !letter && !upper || upper && lower {
			if check() {
				return true
			}
		}
		if letter || upper {
			word.WriteRune(r)
		}
		lower = letter
	}
	return check()
}
