package feeds

import (
	"html"
	"strings"
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
