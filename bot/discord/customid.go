package discord

import "strings"

// idVersion starts every custom id, so that a later form can be told apart
// while buttons of old messages go on working.
const idVersion = "v1"

// maxCustomID is Discord's limit for a custom id, in code points.
const maxCustomID = 100

// EncodeID returns a custom id that carries a kind of action and its arguments,
// "v1:kind:arg:arg", and so all the state of a button. It never passes
// Discord's 100 code points: what is too long loses the end of its last
// arguments, at a whole code point.
func EncodeID(kind string, args ...string) string {
	var b strings.Builder
	b.WriteString(idVersion)
	left := maxCustomID - len(idVersion)
	for _, part := range append([]string{kind}, args...) {
		if left--; left < 0 {
			break
		}
		b.WriteByte(':')
		for _, r := range part {
			s := escapeIDRune(r)
			if n := runes(s); n > left {
				return b.String()
			} else {
				left -= n
			}
			b.WriteString(s)
		}
	}
	return b.String()
}

func escapeIDRune(r rune) string {
	switch r {
	case ':':
		return "~."
	case '~':
		return "~~"
	// Discord trims what it is sent: white space would be lost at the end.
	case ' ':
		return "~_"
	case '\n':
		return "~n"
	case '\t':
		return "~t"
	}
	return string(r)
}

// DecodeID takes a custom id apart. ok is false for ids that EncodeID did not
// make, such as those of a future version.
func DecodeID(id string) (kind string, args []string, ok bool) {
	rest, found := strings.CutPrefix(id, idVersion+":")
	if !found {
		return "", nil, false
	}
	parts := strings.Split(rest, ":")
	for i, p := range parts {
		if parts[i], ok = unescapeID(p); !ok {
			return "", nil, false
		}
	}
	return parts[0], parts[1:], true
}

func unescapeID(s string) (string, bool) {
	if !strings.Contains(s, "~") {
		return s, true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '~' {
			b.WriteByte(s[i])
			continue
		}
		i++
		if i == len(s) {
			return "", false
		}
		c := strings.IndexByte(".~_nt", s[i])
		if c < 0 {
			return "", false
		}
		b.WriteByte(":~ \n\t"[c])
	}
	return b.String(), true
}
