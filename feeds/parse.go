package feeds

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"
)

// reader turns one document into a Feed.
type reader struct {
	base *url.URL // what links are resolved against, nil if unknown
	feed *Feed
	// texts are the long texts that gofeed has not seen, by their mark's number.
	texts []span
	doc   []byte
}

func (r *reader) warn(format string, args ...any) {
	r.feed.Warnings = append(r.feed.Warnings, fmt.Sprintf(format, args...))
}

// Parse reads a feed document: RSS 0.9 to 2.0, RDF, Atom or JSON Feed, in any
// encoding, repaired where it is broken (Feed.Warnings says how).
//
// contentType is the server's Content-Type, "" if unknown; baseURL the address
// the document came from, against which links are resolved, "" if unknown. The
// error is an *Error of kind NotFeed for a web page and Malformed otherwise.
// Time and memory are bounded by the size of body, which the caller bounds.
func Parse(body []byte, contentType, baseURL string) (*Feed, error) {
	r := &reader{feed: &Feed{FeedURL: baseURL}}
	if base, ok := webURL(baseURL); ok {
		r.base = openBase(base)
	}
	text, how := toUTF8(body, contentType)
	if how != "" && !strings.HasPrefix(how, "utf-16") && !strings.HasPrefix(how, "utf-32") {
		r.warn("The text was read as %s.", how)
	}
	kind, err := r.read(text)
	if err != nil {
		return nil, &Error{Kind: kind, URL: MaskURL(baseURL), Err: err}
	}
	for i := range r.feed.Items {
		r.finish(&r.feed.Items[i])
	}
	setKeys(r.feed)
	return r.feed, nil
}

var (
	errEmpty   = errors.New("the document is empty")
	errNoFeed  = errors.New("the document is neither RSS nor Atom nor JSON Feed")
	errWebPage = errors.New("the document is a web page")
	errDeep    = errors.New("the document is nested too deeply or has too many elements")
	errNoItems = errors.New("the document ends before its first item does")
)

// read reads the text into r.feed; the kind belongs to the error.
func (r *reader) read(text []byte) (Kind, error) {
	if len(text) == 0 {
		return Malformed, errEmpty
	}
	if text[0] == '{' || text[0] == '[' {
		return Malformed, r.readJSON(text)
	}
	o := outlineOf(text)
	if !feedRoot(o.root) {
		// Some servers print warnings or blank pages in front of the feed.
		at := feedStart(text)
		if at < 0 && (o.html || o.root != "opml" && looksLikePage(text)) {
			return NotFeed, errWebPage
		}
		if at < 0 {
			return Malformed, errNoFeed
		}
		r.warn("Text before the feed was skipped.")
		text = text[at:]
		o = outlineOf(text)
	}
	if o.deep {
		return Malformed, errDeep
	}
	return Malformed, r.readXML(text, o)
}

// feedRoot reports the root elements of feeds.
func feedRoot(name string) bool { return name == "rss" || name == "rdf" || name == "feed" }

// feedStart is where a feed's root begins behind other text, -1 if nowhere near.
func feedStart(b []byte) int {
	head := bytes.ToLower(b[:min(len(b), 4096)])
	for _, root := range []string{"<rss", "<rdf:rdf", "<feed"} {
		if i := bytes.Index(head, []byte(root)); i >= 0 {
			if end := i + len(root); end < len(head) && !nameByte(head[end]) {
				return i
			}
		}
	}
	return -1
}

// looksLikePage reports whether a document begins as web pages do.
func looksLikePage(b []byte) bool {
	head := bytes.ToLower(b[:min(len(b), 2048)])
	for _, mark := range []string{"<!doctype html", "<html", "<head", "<body", "<title"} {
		if bytes.Contains(head, []byte(mark)) {
			return true
		}
	}
	return false
}

// readXML parses an XML feed with gofeed, repairing it first where it must be.
func (r *reader) readXML(text []byte, o outline) error {
	if o.cut && o.total == 0 {
		return errNoItems
	}
	if o.skipped > 0 {
		r.warn("%d of %d items were skipped: too large or too deeply nested.", o.skipped, o.total)
	}
	if len(o.items) > maxItems {
		r.warn("Only the newest %d of %d items were read.", maxItems, o.total)
		text = o.bounded(text, oldestFirst(text, o.items))
	} else {
		text = o.bounded(text, false)
	}
	if o.cut {
		r.warn("The document is cut off; %d whole items were saved.", len(o.items))
		text = o.rebuild(text, false)
	}
	if r.parseSkeleton(text, o) {
		return nil
	}
	err := r.parseXML(text, text, o)
	if err == nil && len(r.feed.Items) == len(o.items) {
		return nil
	}
	// gofeed refuses what a browser would still read, or has swallowed items.
	fixed := tidy(text)
	o = outlineOf(fixed)
	if again := r.parseXML(fixed, fixed, o); again != nil {
		if err == nil {
			return nil
		}
		return fmt.Errorf("read the feed: %w", err)
	}
	r.warn("The document is not well-formed; it was repaired.")
	return nil
}

// parseXML hands a document to gofeed's parser for its root. input is what
// gofeed reads: text itself or its skeleton.
func (r *reader) parseXML(text, input []byte, o outline) error {
	if o.root == "feed" {
		f, err := new(atom.Parser).Parse(bytes.NewReader(input))
		if err != nil {
			return err
		}
		r.atomFeed(f, text, o.items)
		return nil
	}
	f, err := new(rss.Parser).Parse(bytes.NewReader(input))
	if err != nil {
		return err
	}
	r.rssFeed(f, text, o)
	return nil
}

// oldestFirst reports whether the first item is older than the last.
func oldestFirst(b []byte, items []itemSpan) bool {
	first, last := itemDate(items[0].of(b)), itemDate(items[len(items)-1].of(b))
	return !first.IsZero() && !last.IsZero() && first.Before(last)
}

// itemDate finds a date in an item as written.
func itemDate(item []byte) time.Time {
	for _, name := range []string{"pubDate>", "published>", "dc:date>", "updated>", "issued>"} {
		if _, rest, ok := bytes.Cut(item, []byte("<"+name)); ok {
			text, _, _ := bytes.Cut(rest, []byte("<"))
			if t := readDate(string(text)); !t.IsZero() {
				return t
			}
		}
	}
	return time.Time{}
}

// elementText decodes the content of an element as written: trimmed, CDATA
// opened, entities decoded. Nothing else is changed, so ids stay what they are.
func elementText(b []byte) string {
	s := strings.TrimSpace(string(b))
	if strings.HasPrefix(s, "<![CDATA[") && strings.HasSuffix(s, "]]>") {
		return strings.TrimSpace(s[len("<![CDATA[") : len(s)-len("]]>")])
	}
	if strings.Contains(s, "&") {
		s = cleanText(s)
	}
	return s
}

// attrOf is the value of an attribute in a start tag as written.
func attrOf(tag []byte, name string) string {
	i := 1
	for i < len(tag) && nameByte(tag[i]) {
		i++
	}
	rest := bytes.TrimRight(tag[min(i, len(tag)):], "/>")
	for {
		key, value, after := nextAttr(rest)
		if len(key) == 0 {
			return ""
		}
		if string(key) == name {
			return cleanText(strings.TrimSpace(string(value)))
		}
		rest = after
	}
}

// rawElement is the content of the first element of that name within b.
func rawElement(b []byte, name string) string {
	_, rest, ok := bytes.Cut(b, []byte("<"+name))
	if !ok || len(rest) == 0 || nameByte(rest[0]) {
		return ""
	}
	_, rest, _ = bytes.Cut(rest, []byte(">"))
	inner, _, ok := bytes.Cut(rest, []byte("</"+name))
	if !ok {
		return ""
	}
	return string(inner)
}

// finish applies the fallbacks that are the same for every dialect. HTML comes
// in as the publisher wrote it.
func (r *reader) finish(it *Item) {
	source := it.HTML
	it.Title = cut(plainTitle(it.Title), 500)
	it.Text = PlainText(source)
	if it.Title == "" {
		it.Title = titleFrom(it.Text)
	}
	it.Link = normalizeURL(r.link(it.Link))
	if it.Title == "" && it.Link != "" {
		it.Title = cut(bareURL(it.Link), 100)
	}
	base := r.base
	if u, ok := webURL(it.Link); ok {
		base = u
	}
	it.Image = r.link(it.Image)
	if it.Image == "" && strings.Contains(source, "<") {
		it.Image = firstImage(source, base)
	}
	it.HTML = sanitize(source, base)
	it.ID = strings.ToValidUTF8(strings.TrimSpace(it.ID), "\uFFFD")
	it.Author = cut(plainTitle(it.Author), 200)
	it.Categories = uniqueTags(it.Categories)
	if it.Published.IsZero() {
		it.Published = it.Updated
	}
}

// link resolves a link of the document.
func (r *reader) link(ref string) string {
	if strings.IndexByte(ref, '&') >= 0 {
		// A link escaped twice reads "?a=1&amp;b=2" here.
		ref = strings.ReplaceAll(ref, "&amp;", "&")
	}
	ref = strings.TrimSpace(strings.ToValidUTF8(ref, ""))
	if r.base == nil && !strings.Contains(ref, ":") {
		return ref // nothing to resolve it against: better half an address than none
	}
	return resolve(r.base, ref)
}

// setSite takes the feed's own link, which is also the base of relative links
// where the document's address is not known.
func (r *reader) setSite(link string) {
	r.feed.Link = r.link(link)
	if r.base == nil {
		if u, ok := webURL(r.feed.Link); ok {
			r.base = u
		}
	}
}

// titleFrom makes a title from the beginning of a text.
func titleFrom(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	if line == "" {
		return ""
	}
	if end := strings.IndexAny(line, ".!?。！？"); end > 20 {
		_, size := utf8.DecodeRuneInString(line[end:])
		line = line[:end+size]
	}
	return cut(line, 100)
}

// cut shortens s to at most n characters at a space, with an ellipsis.
func cut(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	end := 0
	for range n - 1 {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	if space := strings.LastIndexByte(s[:end], ' '); space > end/2 {
		end = space
	}
	return strings.TrimRight(s[:end], " ,;:-–") + "…"
}

// uniqueTags cleans tags and drops repetitions; at most 20 are kept.
func uniqueTags(tags []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, tag := range tags {
		tag = cut(plainTitle(tag), 100)
		if key := strings.ToLower(tag); tag != "" && !seen[key] && len(out) < 20 {
			seen[key] = true
			out = append(out, tag)
		}
	}
	return out
}

// imageURL reports whether an address looks like a picture's.
func imageURL(u string) bool {
	path, _, _ := strings.Cut(strings.ToLower(u), "?")
	for _, end := range []string{".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return false
}
