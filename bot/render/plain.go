package render

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"broadsheet/bot/discord"
)

// columns is the width of the terminal PlainText writes for.
const columns = 80

// PlainText writes messages for a terminal of 80 columns: no escape codes, no
// markdown, a bar for the container's edge, a frame where a picture stands. A
// headline's address follows on a line of its own where it fits one.
func PlainText(messages []discord.Message) string {
	var t terminal
	for i, m := range messages {
		if i > 0 {
			t.out.WriteString("\n")
		}
		t.bar = ""
		if m.Content != "" {
			t.text(m.Content, false)
		}
		for _, e := range m.Embeds {
			t.bar = "┃ "
			t.text(strings.TrimSpace("### "+e.Title+"\n"+e.Description), false)
			t.bar = ""
		}
		t.components(m.Components)
	}
	return t.out.String()
}

// terminal collects lines.
type terminal struct {
	out strings.Builder
	bar string // what every line starts with
}

func (t *terminal) line(s string) {
	t.out.WriteString(strings.TrimRight(t.bar+s, " ") + "\n")
}

func (t *terminal) room() int { return columns - cells(t.bar) }

func (t *terminal) components(cs []discord.Component) {
	for _, c := range cs {
		switch c.Type {
		case discord.TypeContainer:
			t.bar = "┃ "
			t.components(c.Components)
			t.bar = ""
		case discord.TypeText:
			t.text(c.Content, false)
		case discord.TypeSection:
			t.section(c)
		case discord.TypeSeparator:
			t.line(strings.Repeat("─", t.room()))
		case discord.TypeRow:
			t.row(c.Components)
		case discord.TypeGallery:
			for _, item := range c.Items {
				t.text("▣ "+item.Description, false)
			}
		}
	}
}

func (t *terminal) section(c discord.Component) {
	picture := c.Accessory != nil && c.Accessory.Type == discord.TypeThumbnail
	for i, s := range c.Components {
		t.text(s.Content, picture && i == 0)
	}
	if c.Accessory != nil && !picture {
		t.row([]discord.Component{*c.Accessory})
	}
}

// frame stands for a picture, as wide as it is high on a screen.
func frame() []string {
	return []string{"┌────────┐", "│ ▒▒▒▒▒▒ │", "│ ▒▒▒▒▒▒ │", "└────────┘"}
}

// text writes a text display, with a frame at its right edge if there is a
// picture.
func (t *terminal) text(markdown string, picture bool) {
	box, room := []string(nil), t.room()
	if picture {
		box = frame()
		room -= cells(box[0]) + 2
	}
	var lines, after []string
	for _, row := range strings.Split(markdown, "\n") {
		lines = append(lines, wrap(plain(row), room)...)
		if address := headlineAddress(row); address != "" && cells(address)+2 <= t.room() {
			after = append(after, "  "+address)
		}
	}
	for i := 0; i < max(len(lines), len(box)); i++ {
		s := ""
		if i < len(lines) {
			s = lines[i]
		}
		if i < len(box) {
			s += strings.Repeat(" ", room-cells(s)+2) + box[i]
		}
		t.line(s)
	}
	for _, s := range after {
		t.line(s)
	}
}

// row writes buttons or a menu.
func (t *terminal) row(cs []discord.Component) {
	var parts []string
	for _, c := range cs {
		label := c.Label
		if c.Emoji != nil {
			label = strings.TrimSpace(c.Emoji.Name + " " + label)
		}
		if c.Type == discord.TypeSelect {
			pad := max(1, 40-cells(c.Placeholder))
			label = c.Placeholder + strings.Repeat(" ", pad) + "▾"
		}
		parts = append(parts, "[ "+label+" ]")
	}
	for _, s := range pack(parts, t.room()) {
		t.line(s)
	}
}

// pack joins parts into lines without breaking any.
func pack(parts []string, room int) []string {
	var lines []string
	for _, p := range parts {
		if n := len(lines); n > 0 && cells(lines[n-1])+2+cells(p) <= room {
			lines[n-1] += "  " + p
			continue
		}
		lines = append(lines, p)
	}
	return lines
}

// Discord markdown as this package writes it; foreign text is escaped in it.
var (
	escaped    = regexp.MustCompile(`\\([!-/:-@\[-` + "`" + `{-~])`)
	maskedLink = regexp.MustCompile(`\[([^\]]*)\]\(<?([^>)\s]*)>?\)`)
	sourceLink = regexp.MustCompile(`\s*\[↗\]\(<?[^>)\s]*>?\)`)
	blockMark  = regexp.MustCompile(`^(?:#{1,3} |-# )`)
	bold       = regexp.MustCompile(`\*\*([^*]+)\*\*`)
	code       = regexp.MustCompile("`([^`]*)`")
)

// aside is where escaped characters wait, out of Unicode's private use, while
// the markdown around them is read.
const aside = 0xF0000

// plain is one line of markdown as text.
func plain(row string) string {
	row = escaped.ReplaceAllStringFunc(row, func(s string) string { return string(aside + rune(s[1])) })
	row = blockMark.ReplaceAllString(row, "")
	row = sourceLink.ReplaceAllString(row, "")
	row = maskedLink.ReplaceAllString(row, "$1")
	row = bold.ReplaceAllString(row, "$1")
	row = code.ReplaceAllString(row, "$1")
	return strings.Map(func(r rune) rune {
		switch {
		case r > aside && r < aside+0x80:
			return r - aside
		case hidden(r):
			return -1
		}
		return r
	}, row)
}

// headlineAddress is where the linked heading of a row leads, or "".
func headlineAddress(row string) string {
	if !strings.HasPrefix(row, "### [") {
		return ""
	}
	row = escaped.ReplaceAllString(row, "")
	if m := maskedLink.FindStringSubmatch(row); m != nil {
		return m[2]
	}
	return ""
}

// cells is how many columns s takes: two for wide characters, none for marks
// (Unicode, UAX #11).
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += runeCells(r)
	}
	return n
}

func runeCells(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1F300 && r <= 0x1FAFF:
		return 2
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// wrap breaks s into lines of at most room columns, at spaces, beside wide
// characters, and inside a word only if it alone is too long. There is always
// at least one line.
func wrap(s string, room int) []string {
	var lines []string
	line, used := "", 0
	for _, piece := range pieces(s) {
		if used+cells(strings.TrimRight(piece, " ")) > room && used > 0 {
			lines = append(lines, strings.TrimRight(line, " "))
			line, used = "", 0
		}
		for cells(strings.TrimRight(piece, " ")) > room {
			head, tail := cutCells(piece, room)
			lines = append(lines, head)
			piece = tail
		}
		line, used = line+piece, used+cells(piece)
	}
	return append(lines, strings.TrimRight(line, " "))
}

// pieces cuts s where a line may break: after spaces and around wide
// characters, but not before a mark that closes what stands before it.
func pieces(s string) []string {
	const closing = "、。，．・：；？！）」』】〉》ー…"
	var out []string
	var b strings.Builder
	wide := false
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	prev := ' '
	for _, r := range s {
		w := runeCells(r) == 2 && unicode.IsLetter(r)
		switch {
		case strings.ContainsRune(closing, r):
		case prev == ' ' && r != ' ', wide, w && !strings.ContainsRune("「『（", prev):
			flush()
		}
		b.WriteRune(r)
		prev, wide = r, w || wide && strings.ContainsRune(closing, r)
	}
	flush()
	return out
}

// cutCells parts s after at most room columns, and at least one character.
func cutCells(s string, room int) (head, tail string) {
	used := 0
	for i, r := range s {
		used += runeCells(r)
		if used > room && i > 0 {
			return s[:i], s[i:]
		}
	}
	return s, ""
}
