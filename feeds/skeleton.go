package feeds

import (
	"bytes"
	"html"
	"strconv"
	"strings"
)

// Most of a feed's bytes are the long texts of its items, and encoding/xml
// reads them one byte at a time. Where such a text is plain character data, a
// CDATA section or escaped markup, there is nothing in it to parse: gofeed gets
// the document with a short mark in its place, and the text is put back
// afterwards. This halves the cost of reading a feed with full texts.

const (
	// longTextSize is the length from which a text is worth a mark.
	longTextSize = 256
	markOpen     = "[broadsheet text "
	markClose    = "]"
)

// longText reports whether an element of an item, with its start tag, can hold
// a text to be taken out. Atom's other types need gofeed's treatment.
func longText(name, tag []byte) bool {
	switch string(name) {
	case "description", "content:encoded":
		return true
	case "summary", "content":
		switch strings.ToLower(attrOf(tag, "type")) {
		case "", "html", "text", "text/html", "text/plain":
			return attrOf(tag, "mode") == "" && attrOf(tag, "xml:base") == "" && attrOf(tag, "src") == ""
		}
	}
	return false
}

// addText remembers a text if it is long and plain character data.
func (it *itemSpan) addText(b []byte, s span) {
	if s.end-s.start < longTextSize {
		return
	}
	text := bytes.TrimSpace(s.of(b))
	if inner, ok := bytes.CutPrefix(text, []byte("<![CDATA[")); ok {
		inner, ok = bytes.CutSuffix(inner, []byte("]]>"))
		if !ok || bytes.Contains(inner, []byte("]]>")) {
			return
		}
	} else if bytes.IndexByte(text, '<') >= 0 || bytes.Contains(text, []byte("]]>")) {
		return
	}
	for i := range it.texts {
		if it.texts[i].end == 0 {
			it.texts[i] = s
			return
		}
	}
}

// parseSkeleton parses a document without its long texts and reports whether
// that went as it should; if not, nothing has happened.
func (r *reader) parseSkeleton(text []byte, o outline) bool {
	if o.odd || o.cut || o.root == "feed" && bytes.Contains(text, []byte("xml:base")) {
		return false
	}
	input := r.skeleton(text, o.items)
	if input == nil {
		return false
	}
	err := r.parseXML(text, input, o)
	if err == nil && len(r.feed.Items) == len(o.items) {
		return true
	}
	*r.feed = Feed{FeedURL: r.feed.FeedURL, Warnings: r.feed.Warnings}
	r.texts = nil
	return false
}

// skeleton is the document with marks for long texts, nil if it has none.
func (r *reader) skeleton(text []byte, items []itemSpan) []byte {
	saved := 0
	for _, it := range items {
		for _, s := range it.texts {
			saved += s.end - s.start
		}
	}
	if saved == 0 {
		return nil
	}
	r.doc = text
	out := make([]byte, 0, len(text)-saved+len(items)*64)
	done := 0
	for _, it := range items {
		for _, s := range it.texts {
			if s.end == 0 {
				continue
			}
			out = append(out, text[done:s.start]...)
			out = append(out, markOpen...)
			out = strconv.AppendInt(out, int64(len(r.texts)), 10)
			out = append(out, markClose...)
			r.texts = append(r.texts, s)
			done = s.end
		}
	}
	return append(out, text[done:]...)
}

// unmark is the text a mark stands for; anything else is itself.
func (r *reader) unmark(s string) string {
	number, ok := strings.CutPrefix(s, markOpen)
	if !ok {
		return s
	}
	n, err := strconv.Atoi(strings.TrimSuffix(number, markClose))
	if err != nil || n < 0 || n >= len(r.texts) {
		return s
	}
	text := strings.TrimSpace(string(r.texts[n].of(r.doc)))
	if inner, ok := strings.CutPrefix(text, "<![CDATA["); ok {
		return strings.TrimSuffix(inner, "]]>")
	}
	if strings.IndexByte(text, '&') >= 0 {
		return html.UnescapeString(text)
	}
	return text
}
