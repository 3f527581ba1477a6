package discord

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// runes returns the length of s as Discord counts it.
func runes(s string) int { return utf8.RuneCountInString(s) }

// cut shortens s to at most n code points, the last of them an ellipsis where
// something was left out.
func cut(s string, n int) string {
	if runes(s) <= n {
		return s
	}
	i := 0
	for pos := range s {
		if i == n-1 {
			return strings.TrimRightFunc(s[:pos], unicode.IsSpace) + "…"
		}
		i++
	}
	return s
}

// zeroWidthSpace keeps "@everyone" from being read as a mention without changing
// how it looks.
const zeroWidthSpace = "\u200b"

// Escape makes foreign text harmless: it is shown exactly as it is written, with
// no markdown, mention, custom emoji or timestamp taking effect. Addresses that
// start with http:// or https:// stay clickable.
func Escape(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	lineStart := true
	for i := 0; i < len(s); {
		if n := addressLen(s[i:]); n > 0 {
			b.WriteString(s[i : i+n])
			i, lineStart = i+n, false
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		next := s[i+size:]
		switch {
		case strings.ContainsRune("\\*_~`|[]<", r):
			b.WriteByte('\\')
		case lineStart && blockMark(r, next):
			b.WriteByte('\\')
		case lineStart && unicode.IsDigit(r):
			// "1. " would become a list, which renumbers what it shows.
			digits := len(s[i:]) - len(strings.TrimLeft(s[i:], "0123456789"))
			if digits > 0 && strings.HasPrefix(s[i+digits:], ". ") {
				b.WriteString(s[i:i+digits] + "\\")
				i, lineStart = i+digits, false
				continue
			}
		}
		b.WriteRune(r)
		if r == '@' && (strings.HasPrefix(next, "everyone") || strings.HasPrefix(next, "here")) {
			b.WriteString(zeroWidthSpace)
		}
		lineStart = r == '\n' || lineStart && (r == ' ' || r == '\t')
		i += size
	}
	return b.String()
}

// blockMark reports whether r, at the start of a line and followed by next,
// would start a heading, a quotation, a list or a subtext.
func blockMark(r rune, next string) bool {
	switch r {
	case '#', '>':
		return true
	case '-', '+':
		return strings.HasPrefix(next, " ") || strings.HasPrefix(next, "#")
	}
	return false
}

// addressLen returns the length of the web address that s starts with, or 0.
func addressLen(s string) int {
	if !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return 0
	}
	end := strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("<>\"|`[]()*\\", r)
	})
	if end < 0 {
		end = len(s)
	}
	if end <= len("https://") {
		return 0
	}
	return end
}

// Link returns a masked link whose text is shown as written and that gives no
// preview. Where address is not an http or https address, it is the text alone.
func Link(text, address string) string {
	text = strings.Join(strings.Fields(text), " ")
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return Escape(text)
	}
	if text == "" {
		text = u.Host
	}
	// A text that itself looks like an address makes Discord show the raw
	// markdown instead of the link.
	text = strings.ReplaceAll(text, "://", ":"+zeroWidthSpace+"//")
	return "[" + Escape(text) + "](<" + linkTarget.Replace(u.String()) + ">)"
}

// linkTarget escapes what would end a masked link's target early.
var linkTarget = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", "\\", "%5C")
