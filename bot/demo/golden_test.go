package demo

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// gullText is a paper with everything that needs care in XML, JSON and HTML.
const gullText = `name: Gull & Sons
slug: gull
lang: en
about: <All> the "news"

= fog
title: Fog & fish < 5 > "chips"
by: A. O'Gull
tags: Sea & Sky, Food
age: 2h
picture: harbour
teaser: Fog. Read more…

One & two <b>three</b>.

"Four", said L'Écho.

= sun
title: Sun
by: B. Tern
tags: Sky
age: 1h
picture: sails
teaser: Sun. Read more…

Warm.
`

func TestEveryFormatIsPrintedAsItsGoldenFileSays(t *testing.T) {
	t.Parallel()
	for format, suffix := range map[string]string{
		formatRSS2: "xml", formatTeaser: "xml", formatRSS1: "xml", formatAtom: "xml", formatJSON: "json",
	} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			p, err := parsePaper(gullText)
			if err != nil {
				t.Fatal(err)
			}
			p.Format = format
			start := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
			got, _, err := (&Papers{start: start}).edition(p, host, start).feed()
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", format+"."+suffix)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("feed (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzParsePaper(f *testing.F) {
	f.Add(gullText)
	f.Add("name: X\n\n= a\n\nText\n")
	f.Add("\n= \n= \n\n")
	f.Add("name: X\n\n= a\nage: -1h\n\n\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePaper(text)
		if err != nil {
			return
		}
		// What was read holds nothing that the file does not say.
		for _, a := range p.articles {
			for _, part := range append([]string{a.Slug, a.Title, a.Author, a.Teaser}, a.Paragraphs...) {
				if !strings.Contains(text, part) {
					t.Errorf("parsePaper(%q) made up %q", text, part)
				}
			}
			if len(a.Paragraphs) == 0 {
				t.Errorf("parsePaper(%q) took an article without text", text)
			}
		}
	})
}
