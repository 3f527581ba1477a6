package main

import (
	"strings"
	"testing"
)

func TestPrintableDropsWhatCommandsATerminal(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain\n\ttext, größer, 港":         "plain\n\ttext, größer, 港",
		"\x1b[31mred\x1b[0m":               "[31mred[0m",
		"\x1b]0;title\x07 \u009b2Jcleared": "]0;title 2Jcleared",
		"over\rwritten \x7f\b\u0085":       "overwritten ",
		"":                                 "",
	} {
		var out strings.Builder
		if n, err := (printable{&out}).Write([]byte(in)); err != nil || n != len(in) || out.String() != want {
			t.Errorf("Write(%q) = %d, %v and %q, want %q", in, n, err, out.String(), want)
		}
	}
}

func TestHostileDocumentsDoNotCommandTheTerminal(t *testing.T) {
	t.Parallel()
	const feed = `{"version":"https://jsonfeed.org/version/1.1","title":"x\u001b[31m","items":[{"id":"1","title":"A\u001b[31m title"}]}`
	const page = "<html><body><article><p>The council \x1b[31mclosed the bridge on Monday night, said the mayor of the town.</p></article></body></html>"
	for _, test := range []struct{ command, document string }{
		{"feed", feed}, {"article", page}, {"summarize", page}, {"summarize", "The council \x1b[31mclosed the bridge. It is old."},
	} {
		got := call(t.Context(), nil, test.document, test.command, "-")
		if got.status != exitDone || strings.Contains(got.stdout, "\x1b") || !strings.Contains(got.stdout, "[31m") {
			t.Errorf("%s: %+v, want the text without its escape", test.command, got)
		}
	}
}
