package discord

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestEscape(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ in, want string }{
		"plain text stays":                {"Harbour bridge closes, 31–14.", "Harbour bridge closes, 31–14."},
		"emphasis":                        {"*a* _b_ ~~c~~ `d` ||e||", `\*a\* \_b\_ \~\~c\~\~ \` + "`d\\`" + ` \|\|e\|\|`},
		"a backslash":                     {`C:\new`, `C:\\new`},
		"a user, a role, an emoji, a day": {"<@1> <@&2> <:x:3> <t:4>", `\<@1> \<@&2> \<:x:3> \<t:4>`},
		"everyone":                        {"@everyone @here @else", "@\u200beveryone @\u200bhere @else"},
		"a link":                          {"[a](https://b.test)", `\[a\](https://b.test)`},
		"a heading":                       {"# one\n ## two\nthree # four", "\\# one\n \\## two\nthree # four"},
		"a quotation":                     {"> a\nb > c", "\\> a\nb > c"},
		"a list":                          {"- a\n+ b\nc - d\n-e", "\\- a\n\\+ b\nc - d\n-e"},
		"a subtext":                       {"-# small", `\-# small`},
		"a numbered list":                 {"12. March\n3.5 percent", "12\\. March\n3.5 percent"},
		"an address":                      {"see https://a.test/x_y_z?q=a_b, *now*", `see https://a.test/x_y_z?q=a_b, \*now\*`},
		"an address in markup":            {"**https://a.test/**", `\*\*https://a.test/\*\*`},
		"no address":                      {"https:// _x_", `https:// \_x\_`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Escape(tt.in); got != tt.want {
				t.Errorf("Escape(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

// unescape undoes Escape as Discord's reader does.
func unescape(s string) string {
	s = strings.ReplaceAll(s, "@"+zeroWidthSpace, "@")
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// FuzzEscape: what is shown is what was written, and no markup is left.
func FuzzEscape(f *testing.F) {
	f.Add("# *a* <@1> @everyone\n1. x https://a.test/_b_ \\")
	f.Add("> `x` ||y|| ~~z~~ [t](u)")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.Contains(s, zeroWidthSpace) {
			t.Skip()
		}
		got := Escape(s)
		if back := unescape(got); back != s {
			t.Fatalf("Escape(%q) = %q shows %q", s, got, back)
		}
		for _, mark := range []string{"<@", "<#", "<:", "@everyone", "@here"} {
			for i := strings.Index(got, mark); i >= 0; i = -1 {
				if mark[0] == '@' || i == 0 || got[i-1] != '\\' {
					t.Fatalf("Escape(%q) = %q leaves %s", s, got, mark)
				}
			}
		}
	})
}

func TestLink(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, url, want string }{
		"an ordinary one":         {"Bridge [closed]", "https://a.test/b?c=d", `[Bridge \[closed\]](<https://a.test/b?c=d>)`},
		"a target with brackets":  {"x", "https://a.test/(b)>", "[x](<https://a.test/%28b%29%3E>)"},
		"a text like an address":  {"https://evil.test", "https://a.test", "[https:\u200b//evil.test](<https://a.test>)"},
		"several lines":           {"a\n b", "https://a.test", "[a b](<https://a.test>)"},
		"no text":                 {" ", "https://a.test/x", "[a.test](<https://a.test/x>)"},
		"a target that is no web": {"*x*", "javascript:alert(1)", `\*x\*`},
		"no target":               {"x", "", "x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Link(tt.text, tt.url); got != tt.want {
				t.Errorf("Link(%q, %q) = %q, want %q", tt.text, tt.url, got, tt.want)
			}
		})
	}
}

func TestCutCountsCodePoints(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   string
		n    int
		want string
	}{{"日本語", 3, "日本語"}, {"日本語", 2, "日…"}, {"one two", 5, "one…"}, {"", 1, ""}} {
		if got := cut(tt.in, tt.n); got != tt.want {
			t.Errorf("cut(%q, %d) = %q, want %q", tt.in, tt.n, got, tt.want)
		}
	}
}

func TestCustomIDs(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kind string
		args []string
	}{
		"a kind alone":             {"help", nil},
		"arguments":                {"page", []string{"2", "", "a:b~c", "日本 語\n"}},
		"an argument that is long": {"more", []string{"1", strings.Repeat("x", 80)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id := EncodeID(tt.kind, tt.args...)
			kind, args, ok := DecodeID(id)
			if !ok || kind != tt.kind {
				t.Fatalf("DecodeID(%q) = %q, %v", id, kind, ok)
			}
			if diff := cmp.Diff(append([]string{}, tt.args...), append([]string{}, args...)); diff != "" {
				t.Errorf("%q: %s", id, diff)
			}
		})
	}
	for _, id := range []string{"", "v2:a", "v1", "page:1", "v1:a~", "v1:a~x"} {
		if _, _, ok := DecodeID(id); ok {
			t.Errorf("DecodeID(%q) accepts what EncodeID did not make", id)
		}
	}
}

// FuzzCustomID: an id comes back as it went in, except that the end of what is
// too long for Discord is missing.
func FuzzCustomID(f *testing.F) {
	f.Add("page", "2", "a:b~")
	f.Add("", "", "")
	f.Add("search", strings.Repeat("日", 99), "x")
	f.Fuzz(func(t *testing.T, kind, a, b string) {
		if !utf8.ValidString(kind) || !utf8.ValidString(a) || !utf8.ValidString(b) {
			t.Skip("not text")
		}
		id := EncodeID(kind, a, b)
		if runes(id) > 100 || strings.TrimSpace(id) != id && strings.TrimSpace(kind+a+b) == kind+a+b {
			t.Fatalf("EncodeID gave %q of %d code points", id, runes(id))
		}
		gotKind, args, ok := DecodeID(id)
		if !ok {
			t.Fatalf("DecodeID refuses %q", id)
		}
		got := append([]string{gotKind}, args...)
		for i, want := range []string{kind, a, b} {
			switch {
			case i >= len(got):
				return // cut off
			case got[i] == want:
			case i == len(got)-1 && strings.HasPrefix(want, got[i]) && runes(id) >= 98:
			default:
				t.Fatalf("part %d of %q is %q, want %q", i, id, got[i], want)
			}
		}
	})
}

func TestMarksAreFoundAgain(t *testing.T) {
	t.Parallel()
	m := Message{Components: []Component{Container(1, Text("a")), Row(buttons(2)...)}}
	before := m.Components[0].ID
	copied := m
	if !copied.SetMark(Mark("n1")) || m.Components[0].ID != before {
		t.Error("SetMark failed or changed the message it was copied from")
	}
	if !marked(copied.Components, Mark("n1")) || marked(copied.Components, Mark("n2")) {
		t.Error("the mark is not found, or another is")
	}
	nested := []Component{Container(1, Section(Component{Type: TypeButton, ID: 77}, "x"))}
	if !marked(nested, 77) {
		t.Error("a mark on an accessory is not found")
	}
	if (&Message{Content: "x"}).SetMark(5) {
		t.Error("a message without components cannot carry a mark")
	}
	seen := map[int]string{}
	for i := range 2000 {
		n := strings.Repeat("n", i%25) + string(rune('a'+i%26))
		mark := Mark(n)
		if mark <= 1000 || mark > 1<<31-1 {
			t.Fatalf("Mark(%q) = %d is not a component id of ours", n, mark)
		}
		if other, ok := seen[mark]; ok && other != n {
			t.Fatalf("Mark(%q) = Mark(%q)", n, other)
		}
		seen[mark] = n
	}
}
