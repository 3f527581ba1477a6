package main

import "io"

// printable is standard output for people, without the control characters by
// which a feed or a page could command their terminal (colours, the title, the
// clipboard). Line ends and tabs stay. A character must not be split over two
// writes.
type printable struct{ w io.Writer }

// Write implements io.Writer.
func (p printable) Write(text []byte) (int, error) {
	kept := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c < ' ' && c != '\n' && c != '\t', c == 0x7F:
		case c == 0xC2 && i+1 < len(text) && text[i+1] >= 0x80 && text[i+1] < 0xA0:
			i++ // U+0080 to U+009F, of which U+009B begins a command as ESC [ does
		default:
			kept = append(kept, c)
		}
	}
	if _, err := p.w.Write(kept); err != nil {
		return 0, err
	}
	return len(text), nil
}
