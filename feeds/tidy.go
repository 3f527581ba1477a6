package feeds

import "bytes"

// tidy rewrites a document that a parser refuses into one it accepts: every
// element closed, every attribute quoted, stray markup turned to text,
// comments and declarations dropped. Text is kept byte for byte otherwise.
func tidy(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/16)
	s := scanner{b: b}
	var stack []span
	for {
		t, ok := s.next()
		if !ok {
			break
		}
		switch t.kind {
		case textToken:
			out = appendText(out, t.of(b))
		case cdataToken:
			out = append(out, t.of(b)...)
			if !bytes.HasSuffix(t.of(b), []byte("]]>")) {
				out = append(out, "]]>"...)
			}
		case startToken:
			if name, top := t.name.of(b), len(stack)-1; !t.empty && top >= 0 && itemName(name) && bytes.Equal(stack[top].of(b), name) {
				// An item directly within an item: the one before was never ended.
				out = append(append(append(out, "</"...), name...), '>')
				stack = stack[:top]
			}
			out = appendStart(out, b, t)
			if !t.empty && len(stack) < maxDepth {
				stack = append(stack, t.name)
			} else if !t.empty {
				out = append(append(append(out, "</"...), t.name.of(b)...), '>')
			}
		case endToken:
			at := len(stack) - 1
			for at >= 0 && !bytes.Equal(stack[at].of(b), t.name.of(b)) {
				at--
			}
			for i := len(stack) - 1; at >= 0 && i >= at; i-- {
				out = append(append(append(out, "</"...), stack[i].of(b)...), '>')
			}
			if at >= 0 {
				stack = stack[:at]
			}
		}
	}
	for i := len(stack) - 1; i >= 0; i-- {
		out = append(append(append(out, "</"...), stack[i].of(b)...), '>')
	}
	return out
}

// appendText appends text with what XML forbids in it escaped.
func appendText(out, text []byte) []byte {
	for i, c := range text {
		switch {
		case c == '<':
			out = append(out, "&lt;"...)
		case c == '>' && i >= 2 && text[i-1] == ']' && text[i-2] == ']':
			out = append(out, "&gt;"...)
		default:
			out = append(out, c)
		}
	}
	return out
}

// appendStart appends a start tag with its attributes quoted; a name that is
// repeated or has no value is dropped.
func appendStart(out, b []byte, t token) []byte {
	name := t.name.of(b)
	out = append(append(out, '<'), name...)
	rest := bytes.TrimSuffix(b[t.name.end:t.end], []byte(">"))
	if t.empty {
		rest = bytes.TrimSuffix(rest, []byte("/"))
	}
	seen := map[string]bool{}
	for {
		var key, value []byte
		key, value, rest = nextAttr(rest)
		if len(key) == 0 {
			break
		}
		if seen[string(key)] {
			continue
		}
		seen[string(key)] = true
		out = append(append(append(out, ' '), key...), '=', '"')
		out = append(out, bytes.ReplaceAll(bytes.ReplaceAll(value, []byte("<"), []byte("&lt;")), []byte(`"`), []byte("&quot;"))...)
		out = append(out, '"')
	}
	if t.empty {
		out = append(out, '/')
	}
	return append(out, '>')
}

// nextAttr reads the next attribute of a tag's rest; key is empty at its end.
func nextAttr(b []byte) (key, value, rest []byte) {
	for len(b) > 0 {
		i := 0
		for i < len(b) && !nameStart(b[i]) {
			i++
		}
		b = b[i:]
		i = 0
		for i < len(b) && nameByte(b[i]) {
			i++
		}
		key, b = b[:i], b[i:]
		trimmed := bytes.TrimLeft(b, " \t\r\n")
		if len(trimmed) == 0 || trimmed[0] != '=' {
			continue // an attribute without value
		}
		b = bytes.TrimLeft(trimmed[1:], " \t\r\n")
		if len(b) > 0 && (b[0] == '"' || b[0] == '\'') {
			quoted, after, _ := bytes.Cut(b[1:], b[:1])
			return key, quoted, after
		}
		i = bytes.IndexAny(b, " \t\r\n")
		if i < 0 {
			i = len(b)
		}
		return key, b[:i], b[i:]
	}
	return nil, nil, nil
}
