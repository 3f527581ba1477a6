package digest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// dump writes an edition as a person reviews it.
func dump(e Edition) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d stories from %d articles in %d feeds\n", e.Stories, e.Articles, e.Feeds)
	for _, part := range []struct {
		name    string
		stories []Story
	}{{"cards", e.Cards}, {"lines", e.Lines}, {"more", e.More}} {
		fmt.Fprintf(&b, "\n%s\n", part.name)
		for _, s := range part.stories {
			fmt.Fprintf(&b, "  %.3f  %d %s · %s\n", s.Score, s.Lead.ID, s.Lead.Title, s.Lead.Source)
			for _, a := range s.Also {
				fmt.Fprintf(&b, "         + %d %s · %s\n", a.ID, a.Title, a.Source)
			}
			if s.FollowUp != 0 {
				fmt.Fprintf(&b, "         ↻ %d: %s\n", s.FollowUp, strings.ReplaceAll(s.News, "\n", " | "))
			}
		}
	}
	if len(e.Dropped) > 0 {
		b.WriteString("\ndropped\n")
	}
	for _, d := range e.Dropped {
		fmt.Fprintf(&b, "  %d %s: %s", d.ID, d.Title, d.Rule)
		if d.Into != 0 {
			fmt.Fprintf(&b, " into %d", d.Into)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestEditionsMatchTheirGoldenFiles(t *testing.T) {
	t.Parallel()
	later := press()
	for i := range later {
		later[i].ID += 100
	}
	later[0].Title, later[0].Text = "Cracks found in Merrow harbour bridge", bridgeLater
	yesterday := press()[0]
	yesterday.ID = 1
	yesterday.Published, yesterday.Seen = yesterday.Published.Add(-20*time.Hour), yesterday.Seen.Add(-20*time.Hour)

	tests := map[string]Input{
		"morning":   {Articles: press(), Now: now()},
		"small":     {Articles: press(), Now: now(), Options: Options{Cards: 2, Lines: 2}},
		"lines":     {Articles: press(), Now: now(), Options: Options{Cards: -1, Lines: 20}},
		"filtered":  {Articles: press(), Now: now(), Options: Options{Filters: rules(t, "drop word herring", "drop title word chess")}},
		"words":     {Articles: press(), Now: now(), Options: Options{Cards: 3, Words: []string{"lighthouse", "MILL LANE"}}},
		"followup":  {Articles: later, Printed: []Article{yesterday}, Now: now()},
		"quiet day": {Now: now()},
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := dump(Build(in))
			path := filepath.Join("testdata", strings.ReplaceAll(name, " ", "-")+".golden")
			if *update {
				if err := os.MkdirAll("testdata", 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
			shuffled := in
			shuffled.Articles = slices.Clone(in.Articles)
			slices.Reverse(shuffled.Articles)
			if diff := cmp.Diff(got, dump(Build(shuffled))); diff != "" {
				t.Errorf("another order of the articles (-as golden +reversed):\n%s", diff)
			}
		})
	}
}
