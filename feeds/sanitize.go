package feeds

import (
	"html"
	"net/url"
	"strconv"
	"strings"
)

// sanitize returns an HTML fragment with only the elements that carry text,
// links and pictures, and of their attributes only addresses (made absolute
// against base), alternative texts and titles.
func sanitize(fragment string, base *url.URL) string {
	if !strings.Contains(fragment, "<") {
		return fragment
	}
	r := htmlReader{s: fragment}
	var b strings.Builder
	b.Grow(len(fragment))
	for {
		text, tag, ok := r.next()
		b.WriteString(strings.ReplaceAll(text, "<", "&lt;"))
		if !ok {
			return b.String()
		}
		switch {
		case tag.name == "figcaption":
		case unread(tag.name):
			if !tag.close && !strings.HasSuffix(tag.attrs, "/") {
				r.skipTo(tag.name)
			}
			continue
		}
		writeTag(&b, tag, base)
	}
}

// writeTag writes an allowed tag with its allowed attributes.
func writeTag(b *strings.Builder, t piece, base *url.URL) {
	switch t.name {
	case "p", "br", "a", "img", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "em", "strong",
		"b", "i", "u", "s", "sub", "sup", "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr",
		"td", "th", "figure", "figcaption", "hr", "div", "span", "q", "cite", "small", "mark", "time":
	default:
		return
	}
	b.WriteByte('<')
	if t.close {
		b.WriteByte('/')
	}
	b.WriteString(t.name)
	if !t.close {
		switch t.name {
		case "a":
			writeAttr(b, "href", resolve(base, t.attr("href")))
		case "img":
			writeAttr(b, "src", resolve(base, t.attr("src")))
			writeAttr(b, "alt", t.attr("alt"))
		}
	}
	b.WriteByte('>')
}

func writeAttr(b *strings.Builder, name, value string) {
	if value != "" {
		b.WriteString(" " + name + `="` + html.EscapeString(value) + `"`)
	}
}

// firstImage is the address of the first picture in an HTML fragment that is
// more than a tracking pixel, an emoji or a button.
func firstImage(fragment string, base *url.URL) string {
	r := htmlReader{s: fragment}
	for {
		i := strings.Index(r.s, "<img")
		if i < 0 {
			if i = strings.Index(r.s, "<IMG"); i < 0 {
				return ""
			}
		}
		var tag piece
		tag, r.s = cutTag(r.s[i:])
		if smallSize(tag.attr("width")) || smallSize(tag.attr("height")) {
			continue
		}
		for _, name := range [...]string{"src", "data-src", "data-lazy-src", "data-original"} {
			if src := resolve(base, tag.attr(name)); src != "" && !decoration(src) {
				return src
			}
		}
	}
}

// smallSize reports a picture's side too short for a card.
func smallSize(side string) bool {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(side), "px"))
	return err == nil && n < 40
}

// decoration reports pictures that belong to no article: counters, emoji,
// avatars, share buttons.
func decoration(src string) bool {
	lower := strings.ToLower(src)
	for _, part := range [...]string{"feedburner.com/~", "feedsportal.com", "doubleclick.net", "/pixel", "pixel.", "emoji",
		"gravatar.com", "stats.wordpress.com", "feeds.wordpress.com", "/wp-includes/images/smilies", "counter.",
		"blank.gif", "spacer.gif", "1x1.", "/icons/", "feedads", "googlesyndication", "scorecardresearch",
		"sharethis", "addtoany", "/buttons/", "count.gif"} {
		if strings.Contains(lower, part) {
			return true
		}
	}
	return false
}
