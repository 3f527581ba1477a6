// Package article extracts the main text of a web page: what its author wrote,
// without menus, captions, share buttons, cookie notices and links to more.
//
// Readability finds the part of the page that holds the article; a cleaner of
// our own goes through it block by block, with word lists in nine languages
// and with what is known of the site (Known).
package article

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// Article is what is worth reading on a page.
type Article struct {
	// URL is the page's canonical address.
	URL string
	// Title is the headline, Byline the author as printed; "" if unknown.
	Title, Byline string
	// Published is zero if unknown, else UTC.
	Published time.Time
	// Language is the BCP 47 tag the page claims, "" if none.
	Language string
	// Image is the absolute address of the lead picture, "" if none.
	Image string
	// Text is the main text, paragraphs separated by blank lines; "" if the
	// page has none. It is valid UTF-8.
	Text string
	// Blocks are what may turn out to be furniture of the site if other pages
	// repeat it, as it was before known blocks were taken out: 48 at most.
	Blocks []Fingerprint
	// Withheld says by which word of its robots metadata the page asks that its
	// text be shown nowhere else (see Withholds); "" if it does not.
	Withheld string
}

const (
	// maxPage bounds the bytes of a page that are looked at.
	maxPage = 2 << 20
	// maxElements and maxNesting bound the tree given to Readability, whose
	// work grows with their product.
	maxElements = 20_000
	maxNesting  = 120
)

// ErrTooDeep is the error for a page whose markup is nested beyond all use.
var ErrTooDeep = errors.New("the page is nested too deeply")

var errPanic = errors.New("the extraction failed")

// Extract returns the main text of a page and what the page says of itself.
//
// Only the first 2 MiB are read. contentType is the server's, for its charset;
// pageURL the page's address, against which links are resolved; known may be
// nil. A page without an article gives an Article without Text. The error is
// ErrTooDeep or the context's. Extraction cannot be interrupted in the middle
// of a step; its steps are bounded by the size of the tree.
func Extract(ctx context.Context, page []byte, contentType, pageURL string, known Known) (a Article, err error) {
	// Whatever a page makes the libraries below do, it must not end the program.
	defer func() {
		if r := recover(); r != nil {
			a, err = Article{}, fmt.Errorf("extract %s: %w: %v", pageURL, errPanic, r)
		}
	}()
	if err := ctx.Err(); err != nil {
		return Article{}, fmt.Errorf("extract %s: %w", pageURL, err)
	}
	base, err := url.Parse(pageURL)
	if err != nil || base.Host == "" {
		base = nil
	}
	doc, err := html.Parse(bytes.NewReader(decode(page, contentType)))
	if err != nil {
		return Article{}, fmt.Errorf("extract %s: %w: %w", pageURL, ErrTooDeep, err)
	}
	meta := readMeta(doc, base)
	prune(doc)
	if err := ctx.Err(); err != nil {
		return Article{}, fmt.Errorf("extract %s: %w", pageURL, err)
	}
	p := readability.NewParser()
	p.KeepClasses = true // the cleaner reads them
	found, err := p.ParseAndMutate(doc, base)
	if err != nil {
		return Article{}, fmt.Errorf("extract %s: %w", pageURL, err)
	}
	a = meta.article(found, pageURL)
	if found.Node != nil {
		c := cleaner{title: a.Title, byline: a.Byline, url: a.URL,
			deck: first(meta.props["description"], meta.props["og:description"])}
		a.Text = c.clean(blocksOf(found.Node))
	}
	// Pages drawn by scripts keep their text in the structured data.
	if body := paragraphs(meta.body); len(a.Text) < 300 && len(body) > 2*len(a.Text) {
		a.Text = body
	}
	a.Blocks = Blocks(a.Text)
	a.Text = Strip(a.Text, known)
	return a, nil
}

// paragraphs is a text of the structured data with its lines as paragraphs.
func paragraphs(s string) string {
	var kept []string
	for line := range strings.SplitSeq(s, "\n") {
		if line = plain(line); line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n\n")
}

// decode cuts a page to size and converts it to UTF-8 by its byte order mark,
// the server's charset, its own <meta>, else by guess.
func decode(page []byte, contentType string) []byte {
	page = page[:min(len(page), maxPage)]
	if utf8.Valid(page) {
		return page
	}
	enc, name, certain := charset.DetermineEncoding(page, contentType)
	// A page that is UTF-8 but for a cut or a bad byte is guessed to be
	// windows-1252 when it claims nothing.
	if name == "utf-8" || !certain && mostlyUTF8(page) {
		return bytes.ToValidUTF8(page, []byte("\uFFFD"))
	}
	out, err := enc.NewDecoder().Bytes(page)
	if err != nil {
		return bytes.ToValidUTF8(page, []byte("\uFFFD"))
	}
	return out
}

// mostlyUTF8 reports whether more than four in five high sequences are UTF-8.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		i += n
	}
	return good > 4*bad
}

// prune takes out of the tree what never holds an article and what would make
// Readability's work explode: elements nested too deeply lose their children's
// nesting, elements over the limit are dropped.
func prune(doc *html.Node) {
	elements := 0
	var visit func(n *html.Node, depth int)
	visit = func(n *html.Node, depth int) {
		for c := n.FirstChild; c != nil; {
			next := c.NextSibling
			if c.Type == html.ElementNode {
				elements++
				if elements > maxElements || depth > maxNesting || furniture(c) {
					n.RemoveChild(c)
					c = next
					continue
				}
				visit(c, depth+1)
			}
			c = next
		}
	}
	visit(doc, 0)
}

// furniture reports elements that by their name alone hold nothing to read.
func furniture(n *html.Node) bool {
	switch n.Data {
	case "nav", "dialog", "iframe", "object", "embed", "button", "select", "textarea", "template":
		return true
	}
	if role := attr(n, "role"); role == "navigation" || role == "dialog" || role == "alertdialog" || role == "search" {
		return true
	}
	return false
}

// attr is the value of an attribute, "" if absent.
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// oneLine collapses the spaces of s.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
