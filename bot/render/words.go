package render

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
)

// Lengths in code points that keep one card far below Discord's 4,000
// characters a message, whatever a feed puts into it.
const (
	maxTitle   = 256
	maxName    = 80
	maxSummary = 1200
	maxLink    = 1000
	maxOption  = 100
)

// writer says things to one reader.
type writer struct {
	*i18n.Printer
	now  time.Time
	zone *time.Location
}

func (r Reader) writer() writer {
	w := writer{Printer: i18n.For(r.Locale), now: r.Now, zone: r.Zone}
	if w.zone == nil {
		w.zone = time.UTC
	}
	return w
}

// reader returns who the paper is for.
func (p Paper) reader() Reader { return Reader{Locale: p.Locale, Zone: p.Zone, Now: p.Now} }

// clean takes out of foreign text what nobody sees but what changes how the
// text around it is shown: control characters, invisible fillers, and
// directional overrides. White space becomes single spaces.
func clean(s string) string {
	var b strings.Builder
	space, rtl := false, false
	runes := []rune(strings.ToValidUTF8(s, "\uFFFD"))
	for i, r := range runes {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case hidden(r) || (r == '\u200c' || r == '\u200d') && !joins(runes, i):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		rtl = rtl || unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko)
		b.WriteRune(r)
	}
	if rtl {
		// An isolate keeps a right-to-left headline from turning round the
		// separators and names that follow it (Unicode, UAX #9).
		return "\u2068" + b.String() + "\u2069"
	}
	return b.String()
}

// hidden reports whether r is invisible and does harm in foreign text.
func hidden(r rune) bool {
	switch r {
	case '\u00ad', '\u034f', '\u061c', '\u115f', '\u1160', '\u180e', '\u3164', '\uffa0', '\ufeff':
		return true
	}
	return unicode.IsControl(r) ||
		r == '\u200b' || r == '\u200e' || r == '\u200f' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2060' && r <= '\u206f' ||
		r >= 0xE0000 && r <= 0xE007F
}

// joins reports whether the joiner at i stands between two visible characters,
// as in emoji of several people and in Persian.
func joins(runes []rune, i int) bool {
	visible := func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.M, unicode.So, unicode.Sk)
	}
	return i > 0 && i+1 < len(runes) && visible(runes[i-1]) && visible(runes[i+1])
}

// clip shortens s to n code points at most, at a word where one is near, and
// marks the cut.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	runes := []rune(s)[:n-1]
	for i := len(runes) - 1; i > len(runes)-20 && i > 0; i-- {
		if runes[i] == ' ' {
			runes = runes[:i]
			break
		}
	}
	end := "…"
	if slices.Contains(runes, '\u2068') {
		end = "…\u2069"
		runes = runes[:min(len(runes), n-2)]
	}
	return strings.TrimRight(string(runes), " ") + end
}

// name is a foreign name, harmless and short enough for a line.
func name(s string) string { return discord.Escape(clip(clean(s), maxName)) }

// headline is the article's title as plain text; an article without one is
// known by its text's beginning, its page's host or its paper.
func headline(a digest.Article) string {
	for _, s := range []string{a.Title, clip(clean(a.Text), 80), host(a.Link), a.Source} {
		if s = clean(s); s != "" {
			return clip(s, maxTitle)
		}
	}
	return "…"
}

// host is the host of an address without "www.", or "".
func host(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// linked is text as a masked link, or by itself where address is unfit.
func linked(text, address string) string {
	if utf8.RuneCountInString(address) > maxLink {
		return discord.Escape(text)
	}
	return discord.Link(text, address)
}

// picture returns address if Discord surely takes it as a thumbnail: an
// absolute http or https address of at most 2,048 code points in plain ASCII
// (its document: format uri). A bad one would have the whole message refused.
func picture(address string) (string, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return "", false
	}
	s := u.String()
	odd := func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>\"{}|\\^`", r) }
	// url would write a host of other letters with percent signs, which is no host.
	if len(s) > 2048 || strings.ContainsFunc(s, odd) || strings.ContainsFunc(u.Host, odd) {
		return "", false
	}
	return s, true
}

// ageOf is how long ago the article appeared, or "" if nobody knows.
func (w writer) ageOf(a digest.Article) string {
	t := a.Time()
	if t.IsZero() || w.now.IsZero() {
		return ""
	}
	return w.Age(w.now.Sub(t))
}

// ago is how long ago t was, for a sentence.
func (w writer) ago(t time.Time) string { return w.Ago(w.now.Sub(t)) }

// dots joins what is not empty with the mark between two pieces of a line.
func dots(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// channel mentions a channel, which pings nobody.
func channel(id int64) string { return "<#" + number(id) + ">" }

// command writes a command for the reader to type.
func (w writer) command(path string) string { return "`" + w.Command(path) + "`" }
