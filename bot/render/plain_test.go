package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/discord"
)

func TestPlainReadsOurMarkdown(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"text", "Bridge closes", "Bridge closes"},
		{"headings", "## Morning", "Morning"},
		{"small print", "-# 2 h", "2 h"},
		{"links", "### [Bridge closes](<https://a.example/x>)", "Bridge closes"},
		{"links without brackets", "[a](https://a.example) b", "a b"},
		{"the arrow to the source goes", "It closes. [↗](<https://a.example/#:~:text=x>)", "It closes."},
		{"bold", "**Also today**", "Also today"},
		{"commands", "`/feeds add` · add", "/feeds add · add"},
		{"escapes", `\*not bold\* \[x\] \\ \# 1\.`, `*not bold* [x] \ # 1.`},
		{"escaped code", "\\`code\\` \\`\\`\\`block", "`code` ```block"},
		{"an escaped bracket in a link", `[a \] b](<https://a.example>)`, "a ] b"},
		{"an escaped heading stays", `\# no heading`, "# no heading"},
		{"hidden characters go", "a\u200bb\u2068c\u2069", "abc"},
		{"everything at once", `• **[A \*b\*](<https://a.example>)** · C`, "• A *b* · C"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := plain(tt.in); got != tt.want {
				t.Errorf("plain(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// What is escaped for Discord reads in a terminal as it was written.
func TestPlainUndoesEscape(t *testing.T) {
	t.Parallel()
	for _, s := range hostileTexts() {
		s = clean(s)
		want := strings.Map(func(r rune) rune {
			if hidden(r) {
				return -1
			}
			return r
		}, s)
		if got := plain("• " + discord.Escape(s)); got != "• "+want {
			t.Errorf("%q reads %q", s, got)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   string
		room int
		want []string
	}{
		{"short", "a b", 10, []string{"a b"}},
		{"at spaces", "one two three", 8, []string{"one two", "three"}},
		{"exactly full", "one two three", 7, []string{"one two", "three"}},
		{"a long word is broken", "a abcdefghij b", 4, []string{"a", "abcd", "efgh", "ij b"}},
		{"wide characters anywhere", "橋は二年間閉まる", 6, []string{"橋は二", "年間閉", "まる"}},
		{"but not before a full stop", "橋は閉。まる", 6, []string{"橋は", "閉。ま", "る"}},
		{"nor after an opening bracket", "橋は「閉まる", 6, []string{"橋は", "「閉ま", "る"}},
		{"mixed", "橋 bridge 閉", 9, []string{"橋 bridge", "閉"}},
		{"nothing", "", 5, []string{""}},
		{"marks take no room", "e\u0301e\u0301e\u0301 x", 3, []string{"e\u0301e\u0301e\u0301", "x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, wrap(tt.in, tt.room)); diff != "" {
				t.Errorf("wrap(%q, %d) (-want +got):\n%s", tt.in, tt.room, diff)
			}
		})
	}
}

func FuzzWrapKeepsTextAndWidth(f *testing.F) {
	for _, s := range append(hostileTexts(), "橋は二年間「閉まる」。", "one two three", "e\u0301") {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, room int) {
		s = clean(s)
		room = 2 + (room%60+60)%60
		lines := wrap(s, room)
		for _, line := range lines {
			if cells(line) > room {
				t.Fatalf("wrap(%q, %d): %q takes %d columns", s, room, line, cells(line))
			}
		}
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if squeeze(strings.Join(lines, "")) != squeeze(s) {
			t.Fatalf("wrap(%q, %d) = %q lost text", s, room, lines)
		}
	})
}

func TestCells(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"": 0, "abc": 3, "é": 1, "e\u0301": 1, "橋": 2, "🗞": 2, "🔖 Save": 7, "ｶﾅ": 2, "Ａ": 2, "─┃": 2, "a\u200db": 2,
	} {
		if got := cells(s); got != want {
			t.Errorf("cells(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestTerminalIsNeverWiderThan80Columns(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en-US", "de", "fr", "es-ES", "pt-BR", "ja"} {
		for name, messages := range goldens(locale) {
			text := PlainText(messages)
			if !strings.HasSuffix(text, "\n") || strings.Contains(text, "\x1b") {
				t.Errorf("%s/%s: no text for a terminal: %q", locale, name, text)
			}
			for _, line := range strings.Split(text, "\n") {
				if n := cells(line); n > columns || strings.TrimRight(line, " ") != line {
					t.Errorf("%s/%s: %d columns: %q", locale, name, n, line)
				}
			}
		}
	}
}

func TestTerminalShowsEveryPart(t *testing.T) {
	t.Parallel()
	text := PlainText(Digest(paper("en-US")))
	for _, want := range []string{
		"┃ 🗞 Morning edition · Tuesday 24 November\n┃ 16 stories from 20 new articles in 6 feeds\n┃ ──",
		"│ ▒▒▒▒▒▒ │", "  https://paper.example/1\n", "┃ Also today\n", "＋ 12 more\n", "[ Read more…", "▾ ]\n",
		"[ 🔖 Save ]  [ 👍 ]  [ 👎 ]  [ Next page › ]\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestTerminalShowsOtherMessagesToo(t *testing.T) {
	t.Parallel()
	section := discord.Section(discord.Button(discord.StylePrimary, "x", "Press", ""), "Beside a button")
	text := PlainText([]discord.Message{
		{Content: "Plain content"},
		{Embeds: []discord.Embed{{Title: "Old embed", Description: "Its text"}}},
		{Components: []discord.Component{section, discord.Gallery(discord.GalleryItem{Description: "A picture"})}},
	})
	want := "Plain content\n\n┃ Old embed\n┃ Its text\n\nBeside a button\n[ Press ]\n▣ A picture\n"
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLongAddressIsLeftOut(t *testing.T) {
	t.Parallel()
	s := bridgeStory()
	s.Lead.Link = "https://paper.example/" + strings.Repeat("a", 80)
	if text := PlainText([]discord.Message{Card(reader("en-US"), s)}); strings.Contains(text, "aaaa") {
		t.Errorf("an address wider than the terminal:\n%s", text)
	}
}

func TestNoMessagesAreNoText(t *testing.T) {
	t.Parallel()
	if got := PlainText(nil); got != "" {
		t.Errorf("got %q", got)
	}
}
