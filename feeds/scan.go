package feeds

import "bytes"

// span is a range of bytes of a document.
type span struct{ start, end int }

func (s span) of(b []byte) []byte { return b[s.start:s.end] }

// tokenKind is the kind of a markup token.
type tokenKind int

const (
	textToken tokenKind = iota
	startToken
	endToken
	cdataToken
	otherToken // comment, processing instruction, DOCTYPE
)

// token is a piece of XML as written. It promises no well-formedness.
type token struct {
	kind  tokenKind
	span       // the whole piece
	name  span // of start and end tags, with prefix
	empty bool // <a/>
	attrs int  // equals signs in a start tag: a bound on its attributes
}

// scanner cuts a document into tokens without allocating. What it cannot make
// sense of it takes as text, so that every byte belongs to a token.
type scanner struct {
	b   []byte
	pos int
	// cut reports that the document ended inside a token.
	cut bool
}

// next returns the next token; ok is false at the end.
func (s *scanner) next() (t token, ok bool) {
	if s.pos >= len(s.b) {
		return token{}, false
	}
	b, start := s.b, s.pos
	if b[start] != '<' || !markup(b[start:]) {
		s.pos = s.textEnd(start + 1)
		return token{kind: textToken, span: span{start, s.pos}}, true
	}
	switch rest := b[start:]; {
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		t.kind = cdataToken
		s.pos = s.after(start+9, "]]>")
	case bytes.HasPrefix(rest, []byte("<!--")):
		t.kind = otherToken
		s.pos = s.after(start+4, "-->")
	case rest[1] == '?':
		t.kind = otherToken
		s.pos = s.after(start+2, "?>")
	case rest[1] == '!':
		t.kind = otherToken
		s.pos = s.doctypeEnd(start)
	default:
		s.tag(start, &t)
	}
	t.span = span{start, s.pos}
	return t, true
}

// markup reports whether b, which begins with '<', begins a token other than text.
func markup(b []byte) bool {
	if len(b) < 2 {
		return false
	}
	c := b[1]
	if c == '/' {
		return len(b) > 2 && nameStart(b[2])
	}
	return c == '!' || c == '?' || nameStart(c)
}

func nameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || c >= 0x80
}

func nameByte(c byte) bool {
	return nameStart(c) || c >= '0' && c <= '9' || c == '-' || c == '.'
}

// textEnd is where text that goes on at from ends.
func (s *scanner) textEnd(from int) int {
	for from < len(s.b) {
		i := bytes.IndexByte(s.b[from:], '<')
		if i < 0 {
			return len(s.b)
		}
		if markup(s.b[from+i:]) {
			return from + i
		}
		from += i + 1
	}
	return from
}

// after is the position behind the next end, or the document's.
func (s *scanner) after(from int, end string) int {
	if i := bytes.Index(s.b[min(from, len(s.b)):], []byte(end)); i >= 0 {
		return from + i + len(end)
	}
	s.cut = true
	return len(s.b)
}

// doctypeEnd is the position behind a declaration with or without a subset in
// brackets.
func (s *scanner) doctypeEnd(start int) int {
	inside := false
	for i := start; i < len(s.b); i++ {
		switch c := s.b[i]; {
		case c == '[':
			inside = true
		case c == ']':
			inside = false
		case c == '>' && !inside:
			return i + 1
		}
	}
	s.cut = true
	return len(s.b)
}

// tag reads a start or end tag at start into t and moves behind it.
func (s *scanner) tag(start int, t *token) {
	b, i := s.b, start+1
	t.kind = startToken
	if b[i] == '/' {
		t.kind = endToken
		i++
	}
	t.name.start = i
	for i < len(b) && nameByte(b[i]) {
		i++
	}
	t.name.end = i
	for i < len(b) {
		switch c := b[i]; c {
		case '>':
			t.empty = b[i-1] == '/' && t.kind == startToken
			s.pos = i + 1
			return
		case '"', '\'':
			// A quote opens a value only behind an equals sign; elsewhere it is a typo.
			if b[i-1] == '=' || b[i-1] == ' ' {
				end := bytes.IndexByte(b[i+1:], c)
				if end < 0 {
					i = len(b)
					continue
				}
				i += end + 1
			}
		case '=':
			t.attrs++
		}
		i++
	}
	s.cut = true
	s.pos = len(b)
}

// local is a name without its prefix.
func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}
