package feeds

import (
	"html"
	"strings"
	"unicode/utf8"
)

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
