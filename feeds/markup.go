package feeds

import (
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// piece is a tag of an HTML fragment.
type piece struct {
	name  string // lower case
	close bool
	attrs string // as written
}

// htmlReader cuts HTML into text and tags, by the few rules that feeds need:
// it never fails and promises no tree.
type htmlReader struct{ s string }

// next returns the text before the next tag and the tag. At the end ok is false
// and text is what is left.
func (r *htmlReader) next() (text string, tag piece, ok bool) {
	from := 0
	for {
		i := strings.IndexByte(r.s[from:], '<')
		if i < 0 || from+i+1 >= len(r.s) {
			text, r.s = r.s, ""
			return text, piece{}, false
		}
		i += from
		c := r.s[i+1]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if c == '!' || c == '?' {
			text = r.s[:i]
			r.s = r.s[i:]
			r.skipDeclaration()
			return text, piece{}, true
		}
		if letter || c == '/' {
			text = r.s[:i]
			tag, r.s = cutTag(r.s[i:])
			return text, tag, true
		}
		from = i + 1
	}
}

// skipDeclaration moves behind a comment, CDATA section or declaration.
func (r *htmlReader) skipDeclaration() {
	end, from := ">", 2
	switch {
	case strings.HasPrefix(r.s, "<!--"):
		end, from = "-->", 4
	case strings.HasPrefix(r.s, "<![CDATA["):
		// CDATA has no meaning in HTML, but feeds nest it; its content is text.
		r.s = r.s[len("<![CDATA["):]
		if i := strings.Index(r.s, "]]>"); i >= 0 {
			r.s = r.s[:i] + r.s[i+3:]
		}
		return
	}
	if i := strings.Index(r.s[from:], end); i >= 0 {
		r.s = r.s[from+i+len(end):]
		return
	}
	r.s = ""
}

// cutTag reads the tag that s begins with.
func cutTag(s string) (piece, string) {
	i, t := 1, piece{}
	if s[1] == '/' {
		t.close = true
		i++
	}
	start := i
	for i < len(s) && s[i] != '>' && s[i] != '/' && s[i] > ' ' {
		i++
	}
	t.name = strings.ToLower(s[start:i])
	start = i
	for i < len(s) {
		switch c := s[i]; {
		case c == '>':
			t.attrs = s[start:i]
			return t, s[i+1:]
		case (c == '"' || c == '\'') && strings.HasSuffix(strings.TrimRight(s[start:i], " "), "="):
			end := strings.IndexByte(s[i+1:], c)
			if end < 0 {
				return t, ""
			}
			i += end + 1
		}
		i++
	}
	return t, ""
}

// skipTo drops everything up to the closing tag of name.
func (r *htmlReader) skipTo(name string) {
	for from := 0; ; {
		i := strings.Index(r.s[from:], "</")
		if i < 0 {
			r.s = ""
			return
		}
		i += from
		if len(r.s) >= i+2+len(name) && strings.EqualFold(r.s[i+2:i+2+len(name)], name) {
			_, r.s = cutTag(r.s[i:])
			return
		}
		from = i + 2
	}
}

// attr is the value of an attribute, entities decoded, "" if absent.
func (t piece) attr(name string) string {
	s := t.attrs
	for {
		s = strings.TrimLeft(s, " \t\r\n/\"'")
		if s == "" {
			return ""
		}
		end := strings.IndexAny(s, "= \t\r\n")
		if end < 0 {
			return ""
		}
		key := s[:end]
		s = strings.TrimLeft(s[end:], " \t\r\n")
		if s == "" || s[0] != '=' {
			continue
		}
		s = strings.TrimLeft(s[1:], " \t\r\n")
		var value string
		if s != "" && (s[0] == '"' || s[0] == '\'') {
			value, s, _ = strings.Cut(s[1:], s[:1])
		} else if i := strings.IndexAny(s, " \t\r\n"); i >= 0 {
			value, s = s[:i], s[i:]
		} else {
			value, s = s, ""
		}
		if strings.EqualFold(key, name) {
			return strings.TrimSpace(html.UnescapeString(value))
		}
	}
}

// blocks are elements that begin and end a paragraph.
func block(name string) bool {
	switch name {
	case "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "pre", "table",
		"section", "article", "header", "footer", "aside", "main", "nav", "form", "fieldset", "address",
		"figure", "hr", "center", "details", "summary", "body", "html":
		return true
	}
	return false
}

// unread are elements whose content is never text for a reader.
func unread(name string) bool {
	switch name {
	case "script", "style", "noscript", "iframe", "object", "svg", "math", "template", "head", "title",
		"textarea", "select", "audio", "video", "canvas", "figcaption", "button":
		return true
	}
	return false
}

// PlainText returns the text of an HTML fragment: entities decoded, spaces
// collapsed, paragraphs separated by blank lines, lines by newlines. Text
// without any tag keeps its own blank lines. The result is valid UTF-8 and
// holds no tag that was one in the input.
func PlainText(fragment string) string {
	if !strings.Contains(fragment, "<") {
		return plainLines(fragment)
	}
	r := htmlReader{s: fragment}
	var w textWriter
	w.Grow(len(fragment) / 2)
	tags := 0
	for {
		text, tag, ok := r.next()
		w.text(text)
		if !ok {
			break
		}
		if tag.name == "" {
			continue
		}
		tags++
		switch {
		case unread(tag.name):
			if !tag.close && !strings.HasSuffix(tag.attrs, "/") {
				r.skipTo(tag.name)
			}
		case tag.name == "br":
			w.brk(1)
		case tag.name == "li", tag.name == "dt", tag.name == "dd", tag.name == "tr", tag.name == "option":
			w.brk(1)
		case tag.name == "td", tag.name == "th":
			w.space = true
		case block(tag.name):
			w.brk(2)
		}
	}
	if tags == 0 {
		return plainLines(w.raw(fragment))
	}
	return w.String()
}

// textWriter builds plain text: runs of spaces become one, breaks are never
// more than two newlines, and none stands at either end.
type textWriter struct {
	strings.Builder
	space  bool
	breaks int
}

// raw is a fragment without declarations and comments.
func (w *textWriter) raw(fragment string) string {
	if !strings.Contains(fragment, "<!") {
		return fragment
	}
	r := htmlReader{s: fragment}
	var b strings.Builder
	for {
		text, _, ok := r.next()
		b.WriteString(text)
		if !ok {
			return b.String()
		}
	}
}

func (w *textWriter) brk(n int) { w.breaks = max(w.breaks, n) }

func (w *textWriter) text(s string) {
	if s == "" {
		return
	}
	s = cleanText(s)
	for i := 0; i < len(s); {
		n := spaceAt(s[i:])
		if n > 0 {
			w.space = true
			i += n
			continue
		}
		// A run of words with single spaces between them is copied in one piece.
		j := i + 1
		for j < len(s) {
			if c := s[j]; c < utf8.RuneSelf && c > ' ' && c != 0x7f {
				j++
			} else if c == ' ' && j+1 < len(s) && s[j+1] > ' ' && s[j+1] < 0x7f {
				j += 2
			} else if c >= utf8.RuneSelf && spaceAt(s[j:]) == 0 {
				j++
			} else {
				break
			}
		}
		w.gap()
		w.WriteString(s[i:j])
		i = j
	}
}

// spaceAt is the length of the space character s begins with, 0 if it begins
// with none. Soft hyphens and zero-width spaces count as nothing to be seen.
func spaceAt(s string) int {
	switch c := s[0]; {
	case c <= ' ' || c == 0x7f:
		return 1
	case c == 0xC2 && len(s) > 1 && s[1] == 0xA0: // no-break space
		return 2
	case c == 0xE2 && len(s) > 2 && s[1] == 0x80 && (s[2] >= 0x80 && s[2] <= 0x8A || s[2] == 0xA8 || s[2] == 0xA9 || s[2] == 0xAF):
		return 3
	case c == 0xE3 && len(s) > 2 && s[1] == 0x80 && s[2] == 0x80: // ideographic space
		return 3
	}
	return 0
}

// cleanText decodes entities and repairs what encodings leave behind: C1
// controls, which are windows-1252 in disguise, soft hyphens, zero-width spaces, bad UTF-8.
func cleanText(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.IndexByte(s, 0xC2) >= 0 || strings.Contains(s, "\u200b") {
		s = strings.Map(c1, s)
	}
	return s
}

// c1 maps the C1 controls to the characters windows-1252 has there, and drops
// soft hyphens.
func c1(r rune) rune {
	switch {
	case r == 0xAD, r == 0x200B:
		return -1
	case r < 0x80 || r > 0x9F:
		return r
	}
	const table = "€\u0000‚ƒ„…†‡ˆ‰Š‹Œ\u0000Ž\u0000\u0000‘’“”•–—˜™š›œ\u0000žŸ"
	i := rune(0x80)
	for _, mapped := range table {
		if i == r {
			if mapped == 0 {
				return -1
			}
			return mapped
		}
		i++
	}
	return -1
}

// plainLines cleans text without tags and keeps its lines and blank lines.
func plainLines(s string) string {
	var w textWriter
	w.Grow(len(s))
	s = strings.ReplaceAll(cleanText(s), "\r\n", "\n")
	for line := range strings.SplitSeq(s, "\n") {
		before := w.Len()
		for field := range strings.FieldsSeq(line) {
			w.field(field)
		}
		if w.Len() == before {
			w.brk(2)
		}
		w.brk(1)
	}
	return w.String()
}

// field writes a word whose entities have been decoded already.
func (w *textWriter) field(word string) {
	w.gap()
	w.WriteString(word)
	w.space = true
}

// gap writes the space or the newlines due before the next word.
func (w *textWriter) gap() {
	if w.Len() > 0 {
		switch {
		case w.breaks > 1:
			w.WriteString("\n\n")
		case w.breaks == 1:
			w.WriteByte('\n')
		case w.space:
			w.WriteByte(' ')
		}
	}
	w.space, w.breaks = false, 0
}

// plainTitle returns a title as one line of plain text.
func plainTitle(s string) string {
	if strings.ContainsAny(s, "<&") {
		s = PlainText(s)
		if strings.IndexByte(s, '&') >= 0 && strings.IndexByte(s, ';') >= 0 {
			// Titles are escaped twice so often that reading them once more is right.
			s = html.UnescapeString(s)
		}
	}
	s = cleanText(s)
	return strings.Join(strings.Fields(s), " ")
}

// Sanitize returns an HTML fragment with only the elements that carry text,
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
