package discord

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// allText returns what a reader sees of messages, in order, without white space:
// Discord trims it, and cuts fall on it.
func allText(ms ...Message) string {
	var b strings.Builder
	var walk func(cs []Component)
	walk = func(cs []Component) {
		for _, c := range cs {
			b.WriteString(c.Content + c.Label)
			walk(c.Components)
		}
	}
	for _, m := range ms {
		b.WriteString(m.Content)
		for _, e := range m.Embeds {
			b.WriteString(e.Title + e.Description)
			for _, f := range e.Fields {
				b.WriteString(f.Value)
			}
		}
		walk(m.Components)
	}
	return strings.Join(strings.Fields(b.String()), "")
}

// tooLarge returns which of Discord's limits a message breaks, or "".
func tooLarge(m Message) string {
	if m.V2() {
		n, text := 0, 0
		for _, c := range m.Components {
			n, text = n+c.count(), text+c.text()
			if s := badComponent(c); s != "" {
				return s
			}
		}
		switch {
		case m.Content != "" || len(m.Embeds) > 0:
			return "content or embeds beside Components V2"
		case n > 40:
			return fmt.Sprint(n, " components")
		case text > 4000:
			return fmt.Sprint(text, " code points")
		case n == 0:
			return "empty"
		}
		return ""
	}
	size := 0
	for _, e := range m.Embeds {
		size += e.size()
		if runes(e.Title) > 256 || runes(e.Description) > 4096 || len(e.Fields) > 25 {
			return "an embed too large"
		}
		for _, f := range e.Fields {
			if runes(f.Value) > 1024 || runes(f.Name) > 256 || f.Name == "" || blank(f.Value) {
				return "a field too large or empty"
			}
		}
	}
	switch {
	case runes(m.Content) > 2000:
		return "content too long"
	case len(m.Embeds) > 10 || size > 6000:
		return fmt.Sprint(len(m.Embeds), " embeds of ", size)
	case len(m.Components) > 5:
		return "more than five rows"
	case m.Empty():
		return "empty"
	}
	return ""
}

func badComponent(c Component) string {
	switch {
	case c.Type == TypeText && blank(c.Content):
		return "an empty text"
	case c.Type == TypeSection && (len(c.Components) == 0 || len(c.Components) > 3):
		return fmt.Sprint("a section of ", len(c.Components))
	case c.Type == TypeRow && (len(c.Components) == 0 || len(c.Components) > 5):
		return fmt.Sprint("a row of ", len(c.Components))
	case c.Type == TypeContainer && len(c.Components) == 0:
		return "an empty container"
	case c.Type == TypeGallery && len(c.Items) > 10:
		return "a gallery too large"
	}
	for _, d := range c.Components {
		if s := badComponent(d); s != "" {
			return s
		}
	}
	return ""
}

func card(i int, words int) Component {
	return Section(Thumbnail("https://a.test/p.png", "picture"),
		fmt.Sprintf("**Story %d**", i), strings.Repeat("word ", words), "⌂ Harbour Post")
}

func TestSplitKeepsWithinLimitsAndLosesNothing(t *testing.T) {
	t.Parallel()
	many := []Component{Text("Morning edition")}
	for i := range 30 {
		many = append(many, Separator(), card(i, 40))
	}
	long := strings.Repeat("A sentence of some words. ", 500)
	for name, tt := range map[string]struct {
		m    Message
		want int
	}{
		"a short one stays one":       {Message{Components: []Component{Container(1, Text("a")), Row(Button(1, "v1:a", "A", ""))}}, 1},
		"many cards in one container": {Message{Components: []Component{Container(1, many...), Row(Button(1, "v1:a", "Next", ""))}}, 5},
		"one text too long":           {Message{Components: []Component{Text(long)}}, 4},
		"a section too long":          {Message{Components: []Component{Section(Thumbnail("https://a.test", ""), long, "b", "c", "d")}}, 4},
		"seven buttons in a row":      {Message{Components: []Component{Text("x"), Row(buttons(7)...)}}, 1},
		"content beside a container":  {Message{Content: "hello", Components: []Component{Container(1, Text("a"))}}, 1},
		"content alone":               {Message{Content: long}, 7},
		"embeds":                      {Message{Content: "x", Embeds: []Embed{{Title: strings.Repeat("t", 300), Description: long}, {Description: long}}}, 6},
		"fields":                      {Message{Embeds: []Embed{{Fields: fields(60), Footer: &EmbedFooter{Text: "end"}}}}, 12},
		"eight rows of buttons":       {Message{Content: "x", Components: []Component{Row(buttons(40)...)}}, 2},
		"nothing":                     {Message{}, 0},
		"only white space":            {Message{Components: []Component{Text("  \n"), Container(1, Text(" "))}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parts := Split(tt.m)
			if len(parts) != tt.want {
				t.Errorf("%d messages, want %d", len(parts), tt.want)
			}
			for i, p := range parts {
				if s := tooLarge(p); s != "" {
					t.Errorf("message %d: %s", i, s)
				}
			}
			if got, want := allText(parts...), allText(tt.m); got != want {
				t.Errorf("text changed:\n%s", cmp.Diff(want, got))
			}
		})
	}
}

func buttons(n int) []Component {
	var out []Component
	for i := range n {
		out = append(out, Button(StyleSecondary, EncodeID("b", fmt.Sprint(i)), fmt.Sprint(i), ""))
	}
	return out
}

func fields(n int) []EmbedField {
	var out []EmbedField
	for i := range n {
		out = append(out, EmbedField{Name: fmt.Sprint(i), Value: strings.Repeat("v", 1000)})
	}
	return out
}

func TestSplitContinuesContainers(t *testing.T) {
	t.Parallel()
	var cs []Component
	for i := range 12 {
		cs = append(cs, card(i, 20), Separator())
	}
	parts := Split(Message{Components: []Component{Container(0xABCDEF, cs...)}, Flags: FlagSuppressNotifications, Roles: []int64{5}})
	if len(parts) != 2 {
		t.Fatalf("%d messages, want 2", len(parts))
	}
	for i, p := range parts {
		if len(p.Components) != 1 || p.Components[0].AccentColor == nil || *p.Components[0].AccentColor != 0xABCDEF {
			t.Errorf("message %d is not one container of the colour: %+v", i, p.Components)
		}
		if p.Flags != FlagSuppressNotifications || len(p.Roles) != 1 {
			t.Errorf("message %d lost flags or roles", i)
		}
	}
	last := parts[0].Components[0].Components
	if last[len(last)-1].Type == TypeSeparator || parts[1].Components[0].Components[0].Type == TypeSeparator {
		t.Error("a separator is left where the message ends or goes on")
	}
}

func TestSplitSendsFilesWhereTheyAreShown(t *testing.T) {
	t.Parallel()
	var cs []Component
	for i := range 12 {
		cs = append(cs, Section(Thumbnail(fmt.Sprintf("attachment://%d.png", i), ""), "a", "b", "c"))
	}
	m := Message{Components: cs, Files: []File{{Name: "0.png"}, {Name: "11.png"}, {Name: "other.txt"}}}
	parts := Split(m)
	names := func(m Message) (out []string) {
		for _, f := range m.Files {
			out = append(out, f.Name)
		}
		return out
	}
	if len(parts) != 2 {
		t.Fatalf("%d messages, want 2", len(parts))
	}
	if diff := cmp.Diff([][]string{{"0.png", "other.txt"}, {"11.png"}}, [][]string{names(parts[0]), names(parts[1])}); diff != "" {
		t.Error(diff)
	}
}

func TestPiecesCutWhereAReaderWould(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		s    string
		n    int
		want []string
	}{
		"at the end of a line":         {"first line\nsecond line", 15, []string{"first line\n", "second line"}},
		"at the end of a sentence":     {"One two. Three four", 12, []string{"One two. ", "Three four"}},
		"at the end of a word, early":  {"One. Two three four", 8, []string{"One. ", "Two ", "three ", "four"}},
		"at the end of a word":         {"alpha beta gamma", 11, []string{"alpha beta ", "gamma"}},
		"between code points":          {"日本語日本語", 4, []string{"日本語日", "本語"}},
		"never in a link":              {"see some [a b c](<https://x>) end", 16, []string{"see some ", "[a b c](<https:/", "/x>) end"}},
		"never after a lone backslash": {`aaaaaaa\*b`, 8, []string{`aaaaaaa`, `\*b`}},
		"not at all":                   {"short", 8, []string{"short"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, pieces(tt.s, tt.n)); diff != "" {
				t.Errorf("pieces(%q, %d): %s", tt.s, tt.n, diff)
			}
		})
	}
}

// FuzzSplit: every part is within Discord's limits, and together the parts hold
// the text of the whole, in order.
func FuzzSplit(f *testing.F) {
	f.Add("Title", strings.Repeat("A sentence. ", 400), uint8(9), uint16(30), true)
	f.Add("日本", strings.Repeat("日本語。", 900), uint8(40), uint16(3), true)
	f.Add("", strings.Repeat("x", 9000), uint8(1), uint16(9000), false)
	f.Add("a\\", "\n\n\n \t", uint8(80), uint16(1), true)
	f.Fuzz(func(t *testing.T, title, body string, n uint8, step uint16, v2 bool) {
		if !utf8.ValidString(title) || !utf8.ValidString(body) {
			t.Skip("Go marshals these with replacements")
		}
		m := Message{Content: title}
		var inside []Component
		for i := range int(n) {
			at := min(len(body), i*int(step))
			for at > 0 && at < len(body) && !utf8.RuneStart(body[at]) {
				at++
			}
			part := body[:at]
			switch i % 5 {
			case 0:
				inside = append(inside, Text(part))
			case 1:
				inside = append(inside, Section(Thumbnail("https://a.test", ""), title, part, title, title))
			case 2:
				inside = append(inside, Separator())
			case 3:
				inside = append(inside, Row(buttons(i%9)...))
			case 4:
				if v2 {
					m.Components = append(m.Components, Container(i, inside...), Text(title))
				} else {
					m.Embeds = append(m.Embeds, Embed{Title: title, Description: part, Fields: []EmbedField{{Name: "n", Value: part}}})
				}
				inside = nil
			}
		}
		parts := Split(m)
		for i, p := range parts {
			if s := tooLarge(p); s != "" {
				t.Fatalf("message %d of %d: %s", i, len(parts), s)
			}
		}
		strip := func(s string) string {
			return strings.Map(func(r rune) rune {
				if unicode.IsSpace(r) {
					return -1
				}
				return r
			}, s)
		}
		if got, want := strip(allText(parts...)), strip(allText(m)); got != want {
			t.Fatalf("text changed:\n%s", cmp.Diff(want, got))
		}
	})
}

func TestMessageSurvivesTheOutbox(t *testing.T) {
	t.Parallel()
	zero := 0
	for name, m := range map[string]Message{
		"Components V2": {
			Components: []Component{
				Container(0, Text("a"), card(1, 3), Separator(), Gallery(GalleryItem{Media: Media{URL: "https://a.test"}})),
				Row(Select("v1:more", "Read more…", SelectOption{Label: "l", Value: "v", Emoji: &Emoji{Name: "🗞"}})),
				Row(Button(1, "v1:x", "Save", "🔖"), LinkButton("https://a.test", "Open"), Component{Type: TypeSelect, CustomID: "v1:y", MinValues: &zero, MaxValues: 3}),
			},
			Flags: FlagComponentsV2, Roles: []int64{1 << 60, 2},
			Files: []File{{Name: "a.png", ContentType: "image/png", Data: []byte{0, 1, 255}}},
		},
		"content and embeds": {Content: "x @everyone", Embeds: []Embed{{Title: "t", Color: 5, Fields: fields(2)}}, Flags: FlagSuppressEmbeds},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			var back Message
			if err := json.Unmarshal(b, &back); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(m, back); diff != "" {
				t.Errorf("after the outbox: %s", diff)
			}
			again, err := json.Marshal(back)
			if err != nil || string(again) != string(b) {
				t.Errorf("a second trip differs: %v\n%s\n%s", err, b, again)
			}
			if !strings.Contains(string(b), `"allowed_mentions":{"parse":[]`) {
				t.Errorf("mentions are not closed: %s", b)
			}
		})
	}
}

func TestSplitKeepsAnAccessoryWhoseTextIsEmpty(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in   Component
		want []ComponentType
	}{
		"a picture becomes a gallery": {Section(Thumbnail("https://a.test/p.png", "alt"), " "), []ComponentType{TypeGallery}},
		"a button becomes a row":      {Section(Button(1, "v1:a", "Go", "")), []ComponentType{TypeRow}},
		"nothing becomes nothing":     {Component{Type: TypeSection, Components: []Component{Text("")}}, nil},
		"a fourth text goes below":    {Section(Thumbnail("u", ""), "a", "b", "c", "d"), []ComponentType{TypeSection, TypeText}},
		"twelve pictures":             {Gallery(make([]GalleryItem, 12)...), []ComponentType{TypeGallery, TypeGallery}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []ComponentType
			for _, c := range divide(tt.in) {
				got = append(got, c.Type)
				if s := badComponent(c); s != "" {
					t.Error(s)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSplitKeepsIDsUnique(t *testing.T) {
	t.Parallel()
	text := Text(strings.Repeat("A sentence. ", 700))
	text.ID = 5
	box := Container(1, text)
	box.ID = 6
	row := Row(buttons(12)...)
	row.ID = 7
	seen := map[int]int{}
	for _, m := range Split(Message{Components: []Component{box, row}}) {
		for _, c := range m.Components {
			seen[c.ID]++
			for _, d := range c.Components {
				seen[d.ID]++
			}
		}
	}
	for _, id := range []int{5, 6, 7} {
		if seen[id] != 1 {
			t.Errorf("id %d is there %d times", id, seen[id])
		}
	}
}

func TestFilesAreFoundWhereverTheyAreShown(t *testing.T) {
	t.Parallel()
	const name = "attachment://a.png"
	for place, m := range map[string]Message{
		"an embed's picture":   {Embeds: []Embed{{Image: &Media{URL: name}}}},
		"an embed's thumbnail": {Embeds: []Embed{{Thumbnail: &Media{URL: name}}}},
		"a section":            {Components: []Component{Container(1, Section(Thumbnail(name, ""), "x"))}},
		"a gallery":            {Components: []Component{Gallery(GalleryItem{Media: Media{URL: "other"}}, GalleryItem{Media: Media{URL: name}})}},
		"a file":               {Components: []Component{{Type: TypeFile, File: &Media{URL: name}}}},
	} {
		if !refers(m, name) || refers(m, "attachment://b.png") {
			t.Errorf("%s is not seen, or another is", place)
		}
	}
	if out := Split(Message{Files: []File{{Name: "alone.txt"}}}); len(out) != 1 || len(out[0].Files) != 1 {
		t.Errorf("a file alone gives %+v", out)
	}
}
