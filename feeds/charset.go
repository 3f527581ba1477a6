package feeds

import (
	"bytes"
	"encoding/binary"
	"errors"
	"mime"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/transform"
)

// toUTF8 returns body as UTF-8 that an XML parser accepts: decoded by what the
// bytes show, then by what the server and the document claim, then by guess;
// without byte order mark, XML declaration, control characters and references
// to them. how names what was done when it was more than reading UTF-8.
// The result may share memory with body.
func toUTF8(body []byte, contentType string) (text []byte, how string) {
	text, how = decodeCharset(body, contentType)
	text = dropIllegal(text)
	text = bytes.TrimLeft(text, " \t\r\n")
	if bytes.HasPrefix(text, []byte("<?xml")) {
		// The declared encoding is no longer true.
		if end := bytes.Index(text, []byte("?>")); end >= 0 {
			text = text[end+2:]
		}
	}
	return dropIllegalRefs(text), how
}

// decodeCharset converts body to valid UTF-8.
func decodeCharset(body []byte, contentType string) ([]byte, string) {
	if text, how, ok := decodeWide(body); ok {
		return text, how
	}
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	claims := []string{httpCharset(contentType), declaredCharset(body)}
	if utf8.Valid(body) {
		// ISO-2022-JP is seven-bit and therefore valid UTF-8, but its escape
		// sequences are not legal in XML.
		if bytes.Contains(body, []byte("\x1b$")) {
			if text, ok := decodeLabel(body, "iso-2022-jp"); ok {
				return text, "iso-2022-jp"
			}
		}
		return body, ""
	}
	if mostlyUTF8(body) {
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), "utf-8 with bad bytes"
	}
	for _, label := range claims {
		if label == "" || strings.HasPrefix(label, "utf") || label == "us-ascii" {
			continue
		}
		if text, ok := decodeLabel(body, label); ok {
			return text, label
		}
	}
	label := guessCharset(body)
	if text, ok := decodeLabel(body, label); ok {
		return text, label + " (guessed)"
	}
	return bytes.ToValidUTF8(body, []byte("\uFFFD")), "utf-8 with bad bytes"
}

// decodeWide decodes UTF-16 and UTF-32, with a byte order mark or recognised by
// the zero bytes around the first character.
func decodeWide(b []byte) ([]byte, string, bool) {
	if len(b) < 4 {
		return nil, "", false
	}
	first := func(c byte) bool { return c == '<' || c == '{' || c == ' ' || c == '\n' || c == '\r' }
	switch {
	case b[0] == 0xFF && b[1] == 0xFE && b[2] == 0 && b[3] == 0:
		return decode32(b[4:], binary.LittleEndian), "utf-32le", true
	case b[0] == 0 && b[1] == 0 && b[2] == 0xFE && b[3] == 0xFF:
		return decode32(b[4:], binary.BigEndian), "utf-32be", true
	case b[0] == 0xFF && b[1] == 0xFE:
		return decode16(b[2:], binary.LittleEndian), "utf-16le", true
	case b[0] == 0xFE && b[1] == 0xFF:
		return decode16(b[2:], binary.BigEndian), "utf-16be", true
	case first(b[0]) && b[1] == 0 && b[2] == 0 && b[3] == 0:
		return decode32(b, binary.LittleEndian), "utf-32le", true
	case b[0] == 0 && b[1] == 0 && b[2] == 0 && first(b[3]):
		return decode32(b, binary.BigEndian), "utf-32be", true
	case first(b[0]) && b[1] == 0 && b[3] == 0:
		return decode16(b, binary.LittleEndian), "utf-16le", true
	case b[0] == 0 && first(b[1]) && b[2] == 0:
		return decode16(b, binary.BigEndian), "utf-16be", true
	}
	return nil, "", false
}

func decode16(b []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		units = append(units, order.Uint16(b))
	}
	out := make([]byte, 0, len(units)+len(units)/2)
	for i := 0; i < len(units); i++ {
		r := rune(units[i])
		if utf16.IsSurrogate(r) && i+1 < len(units) {
			if pair := utf16.DecodeRune(r, rune(units[i+1])); pair != utf8.RuneError {
				r = pair
				i++
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

func decode32(b []byte, order binary.ByteOrder) []byte {
	out := make([]byte, 0, len(b)/3)
	for ; len(b) >= 4; b = b[4:] {
		out = utf8.AppendRune(out, rune(order.Uint32(b)))
	}
	return out
}

// httpCharset is the charset parameter of a Content-Type, lower case.
func httpCharset(contentType string) string {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(params["charset"]))
}

// declaredCharset is the encoding an XML declaration claims, lower case.
func declaredCharset(b []byte) string {
	head := b[:min(len(b), 512)]
	start := bytes.Index(head, []byte("<?xml"))
	if start < 0 {
		return ""
	}
	head = head[start:]
	if end := bytes.Index(head, []byte("?>")); end >= 0 {
		head = head[:end]
	}
	_, value, ok := bytes.Cut(head, []byte("encoding"))
	if !ok {
		return ""
	}
	value = bytes.TrimLeft(value, " \t\r\n=")
	if len(value) < 2 {
		return ""
	}
	quoted, _, ok := bytes.Cut(value[1:], value[:1])
	if !ok {
		return ""
	}
	return strings.ToLower(string(bytes.TrimSpace(quoted)))
}

// decodeLabel decodes b by a charset's name as the WHATWG Encoding Standard
// knows it.
func decodeLabel(b []byte, label string) ([]byte, bool) {
	enc, _ := charset.Lookup(label)
	if enc == nil {
		return nil, false
	}
	out := make([]byte, 0, decodedSize(enc.NewDecoder(), b))
	out, _, err := transform.Append(enc.NewDecoder(), out, b)
	if err != nil || !utf8.Valid(out) {
		return nil, false
	}
	return out, true
}

// decodedSize is how much room a text takes when it is decoded: exactly for a
// large one, which growing would hold three times, else by the bytes that become
// two.
func decodedSize(d transform.Transformer, b []byte) (size int) {
	if len(b) <= smallBody {
		for _, c := range b {
			if c >= utf8.RuneSelf {
				size++
			}
		}
		return size + len(b)
	}
	scratch := make([]byte, 4096)
	for {
		written, read, err := d.Transform(scratch, b, true)
		size += written
		b = b[read:]
		if !errors.Is(err, transform.ErrShortDst) || read == 0 && written == 0 {
			return size
		}
	}
}

// mostlyUTF8 reports whether more than four in five of the high sequences in b
// are well-formed UTF-8: then single bytes are broken, not the encoding.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good > 4*bad
}

// illegal reports the control characters that XML 1.0 does not allow.
func illegal(c byte) bool { return c < 0x20 && c != '\t' && c != '\n' && c != '\r' }

// dropIllegal removes control characters and the noncharacters U+FEFF, U+FFFE
// and U+FFFF. It copies only when there is something to remove.
func dropIllegal(b []byte) []byte {
	clean := !bytes.Contains(b, []byte("\xef\xbb\xbf")) && !bytes.Contains(b, []byte("\xef\xbf\xbe")) &&
		!bytes.Contains(b, []byte("\xef\xbf\xbf"))
	if clean {
		for _, c := range b {
			if illegal(c) {
				clean = false
				break
			}
		}
	}
	if clean {
		return b
	}
	return bytes.Map(func(r rune) rune {
		if r < 0x20 && illegal(byte(r)) || r == 0xFEFF || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, b)
}

// dropIllegalRefs removes numeric references to characters that XML does not
// allow; encoding/xml gives up at the first of them.
func dropIllegalRefs(b []byte) []byte {
	var out []byte
	done := 0
	for i := 0; ; {
		at := bytes.Index(b[i:], []byte("&#"))
		if at < 0 {
			break
		}
		at += i
		end := bytes.IndexByte(b[at:min(len(b), at+12)], ';')
		i = at + 2
		if end < 0 || legalRef(string(b[at+2:at+end])) {
			continue
		}
		out = append(out, b[done:at]...)
		i = at + end + 1
		done = i
	}
	if done == 0 {
		return b
	}
	return append(out, b[done:]...)
}

// legalRef reports whether the digits of a numeric reference name a character
// XML allows. What is no number is left to the parser.
func legalRef(digits string) bool {
	base := 10
	if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil {
		return digits == "" || strings.Trim(digits, "0123456789abcdefABCDEF") != ""
	}
	switch {
	case n < 0x20:
		return n == '\t' || n == '\n' || n == '\r'
	case n >= 0xD800 && n <= 0xDFFF, n == 0xFFFE, n == 0xFFFF, n > utf8.MaxRune:
		return false
	}
	return true
}
