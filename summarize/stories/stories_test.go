package stories

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// papers tell three events: a harbour closes (0, 1, 5), a bank is robbed (2, 4), a
// comet is seen (3).
func papers() []Document {
	return []Document{
		{Title: "Ellmouth closes northern harbour for two years", Lang: "en", Published: noon,
			Text: "The port of Ellmouth will close its northern harbour for two years to repair walls that the January storm broke, the port authority said."},
		{Title: "Northern harbour of Ellmouth to be closed", Lang: "en", Published: noon.Add(2 * time.Hour),
			Text: "Fishermen in Ellmouth have to move their boats because the northern harbour closes for two years. The port authority wants to repair the harbour walls after the storm."},
		{Title: "Masked men rob savings bank in Tolbrook", Lang: "en", Published: noon.Add(time.Hour),
			Text: "Three masked men robbed the savings bank in Tolbrook on Monday and fled with gold bars in a stolen van, police said."},
		{Title: "Comet visible over the southern sky this week", Lang: "en", Published: noon.Add(3 * time.Hour),
			Text: "Astronomers expect a bright comet over the southern sky this week. It can be seen without a telescope before dawn."},
		{Title: "Gold stolen from Tolbrook savings bank", Lang: "en", Published: noon.Add(4 * time.Hour),
			Text: "Police hunt three masked men who robbed the savings bank in Tolbrook. The robbers took gold bars and fled in a van that had been stolen."},
		{Title: "Ellmouth fishermen protest as harbour closes", Lang: "en", Published: noon.Add(5 * time.Hour),
			Text: "Ellmouth fishermen protested on Tuesday against the closing of the northern harbour. The port authority wants to repair the storm-damaged walls."},
	}
}

// sets returns groups as sets, in a comparable order.
func sets(groups [][]int) [][]int {
	out := make([][]int, len(groups))
	for i, g := range groups {
		out[i] = slices.Sorted(slices.Values(g))
	}
	slices.SortFunc(out, slices.Compare)
	return out
}

func TestGroupJoinsArticlesOfOneEvent(t *testing.T) {
	t.Parallel()
	want := [][]int{{0, 1, 5}, {2, 4}, {3}}
	if diff := cmp.Diff(want, sets(Group(papers(), Options{}))); diff != "" {
		t.Errorf("stories (-want +got):\n%s", diff)
	}
}

func TestGroupDoesNotDependOnTheOrderOfDocuments(t *testing.T) {
	t.Parallel()
	docs := papers()
	titles := func(docs []Document) (out [][]string) {
		for _, g := range Group(docs, Options{}) {
			var story []string
			for _, i := range g {
				story = append(story, docs[i].Title)
			}
			out = append(out, story)
		}
		return out
	}
	want := titles(docs)
	rng := rand.New(rand.NewPCG(1, 1))
	for range 30 {
		rng.Shuffle(len(docs), func(i, j int) { docs[i], docs[j] = docs[j], docs[i] })
		if diff := cmp.Diff(want, titles(docs)); diff != "" {
			t.Fatalf("another order gives other stories (-first +now):\n%s", diff)
		}
	}
}

func TestGroupKeepsTheWindow(t *testing.T) {
	t.Parallel()
	docs := papers()
	docs[5].Published = noon.Add(40 * 24 * time.Hour)
	if diff := cmp.Diff([][]int{{0, 1}, {2, 4}, {3}, {5}}, sets(Group(docs, Options{}))); diff != "" {
		t.Errorf("an article of another month (-want +got):\n%s", diff)
	}
	docs[5].Published = time.Time{}
	if diff := cmp.Diff([][]int{{0, 1, 5}, {2, 4}, {3}}, sets(Group(docs, Options{}))); diff != "" {
		t.Errorf("an article of unknown time (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]int{{0, 1}, {2}, {3}, {4}, {5}}, sets(Group(papers(), Options{Window: 3*time.Hour - 1}))); diff != "" {
		t.Errorf("a window shorter than three hours (-want +got):\n%s", diff)
	}
}

func TestGroupObeysTheCut(t *testing.T) {
	t.Parallel()
	docs := papers()
	for i := range docs {
		docs[i].Text += fmt.Sprintf(" Our reporter number%d was there and wrote line%d of page%d in volume%d.", i, i, i, i)
	}
	if got := len(Group(docs, Options{Cut: 0.99})); got != 6 {
		t.Errorf("cut .99: %d stories, want 6", got)
	}
	if got := len(Group(papers(), Options{Cut: 1e-6})); got > 3 {
		t.Errorf("cut 0: %d stories, want at most 3", got)
	}
}

func TestTheLeadIsTheFullestThenTheEarliest(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("The port of Ellmouth closes its northern harbour for two years to repair the walls. ", 30)
	tests := []struct {
		name  string
		texts []string
		want  int
	}{
		{"a full report leads short ones", []string{long[:200], long[:2000], long[:300]}, 1},
		{"among full reports the earliest", []string{long[:200], long[:1600], long[:2400]}, 1},
		{"among equals the earliest", []string{long[:200], long[:200], long[:200]}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var docs []Document
			for i, text := range test.texts {
				docs = append(docs, Document{Title: "Ellmouth harbour closes", Text: text, Lang: "en", Published: noon.Add(time.Duration(i) * time.Hour)})
			}
			groups := Group(docs, Options{})
			if len(groups) != 1 {
				t.Fatalf("%d stories, want 1", len(groups))
			}
			var rest []int
			for i := range docs {
				if i != test.want {
					rest = append(rest, i)
				}
			}
			if diff := cmp.Diff(append([]int{test.want}, rest...), groups[0]); diff != "" {
				t.Errorf("lead first, the others by time (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGroupHoldsEveryDocumentOnce(t *testing.T) {
	t.Parallel()
	tests := map[string][]Document{
		"none":                  nil,
		"one":                   {{Title: "x"}},
		"empty ones":            {{}, {}, {}},
		"equal ones":            {papers()[0], papers()[0], papers()[0]},
		"headlines only":        {{Title: "Harbour closes in Ellmouth"}, {Title: "Ellmouth harbour closes"}, {Title: "Comet seen"}},
		"only function words":   {{Title: "the of and", Lang: "en"}, {Title: "the of and", Lang: "en"}},
		"Japanese":              {{Title: "北の港が閉鎖", Lang: "ja"}, {Title: "北の港が二年間閉鎖へ", Lang: "ja"}, {Title: "彗星を観測", Lang: "ja"}},
		"different languages":   {{Title: "Der Hafen schließt", Lang: "de"}, {Title: "Le port ferme", Lang: "fr"}},
		"a text without an end": {{Title: "x", Text: strings.Repeat("a", 1<<20)}, {Title: "y", Text: strings.Repeat("b ", 1<<19)}},
	}
	for name, docs := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := make([]int, len(docs))
			for _, g := range Group(docs, Options{}) {
				if len(g) == 0 {
					t.Error("an empty story")
				}
				for _, i := range g {
					seen[i]++
				}
			}
			for i, n := range seen {
				if n != 1 {
					t.Errorf("document %d is in %d stories", i, n)
				}
			}
		})
	}
}

func TestHeadlinesAloneAreGrouped(t *testing.T) {
	t.Parallel()
	docs := []Document{
		{Title: "Ellmouth Harbour Closes For Two Years", Lang: "en"},
		{Title: "Two-Year Closure For Ellmouth Harbour", Lang: "en"},
		{Title: "Bright Comet Seen Over Southern Sky", Lang: "en"},
	}
	if diff := cmp.Diff([][]int{{0, 1}, {2}}, sets(Group(docs, Options{}))); diff != "" {
		t.Errorf("stories (-want +got):\n%s", diff)
	}
}

// plain is average link as a textbook has it: all pairs, again and again.
func plain(vectors []vector, cut float32) [][]int {
	groups := make([][]int, len(vectors))
	for i := range vectors {
		groups[i] = []int{i}
	}
	for {
		best, x, y := cut, -1, -1
		for i := range groups {
			for j := range groups[:i] {
				sum := float32(0)
				for _, a := range groups[i] {
					for _, b := range groups[j] {
						sum += dot(vectors[a], vectors[b])
					}
				}
				if mean := sum / float32(len(groups[i])*len(groups[j])); mean > best {
					best, x, y = mean, j, i
				}
			}
		}
		if x < 0 {
			return sets(groups)
		}
		groups[x] = append(groups[x], groups[y]...)
		groups = slices.Delete(groups, y, y+1)
	}
}

// TestLinkageEqualsTheTextbook: leaving out hopeless pairs and working by components
// changes nothing.
func TestLinkageEqualsTheTextbook(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 9))
		var docs []Document
		for i := range 60 {
			topic := rng.IntN(12)
			var words []string
			for range 14 {
				if rng.IntN(3) > 0 {
					words = append(words, fmt.Sprintf("topic%dword%d", topic, rng.IntN(12)))
				} else {
					words = append(words, fmt.Sprintf("common%d", rng.IntN(40)))
				}
			}
			docs = append(docs, Document{Title: fmt.Sprint("item", i), Text: strings.Join(words, " ")})
		}
		const cut = 0.2
		order := canonical(docs)
		vectors, _ := vectorsOf(docs, order)
		got := Group(docs, Options{Cut: cut})
		var want [][]int
		for _, g := range plain(vectors, cut) {
			var story []int
			for _, i := range g {
				story = append(story, order[i])
			}
			want = append(want, story)
		}
		if diff := cmp.Diff(sets(want), sets(got)); diff != "" {
			t.Fatalf("seed %d: groups (-textbook +got):\n%s", seed, diff)
		}
	}
}

func TestLargeComponentsAreDivided(t *testing.T) {
	t.Parallel()
	var docs []Document
	for i := range 60 {
		// Neighbours are alike, so that all hang together; twins are equal.
		docs = append(docs, Document{Title: fmt.Sprintf("word%d word%d word%d", i/2, i/2+1, i/2+2)})
	}
	for range 30 {
		docs = append(docs, Document{Title: "the very same headline"})
	}
	order := canonical(docs)
	vectors, spread := vectorsOf(docs, order)
	whole := components(vectors, spread, 0.1)
	largest := 0
	for _, set := range whole {
		largest = max(largest, len(set))
	}
	if largest < 30 {
		t.Fatalf("the largest component has %d documents, too few for this test", largest)
	}
	seen := map[int32]bool{}
	for _, set := range bounded(vectors, spread, 0.1, 12) {
		if len(set) > 12 {
			t.Errorf("a component of %d documents, want at most 12", len(set))
		}
		for _, i := range set {
			if seen[i] {
				t.Errorf("document %d is in two components", i)
			}
			seen[i] = true
		}
	}
	if len(seen) != len(docs) {
		t.Errorf("%d of %d documents are left", len(seen), len(docs))
	}
}

// FuzzGroup: every document is in exactly one story.
func FuzzGroup(f *testing.F) {
	f.Add("a b\nc d\na b e", 0.2)
	f.Fuzz(func(t *testing.T, titles string, cut float64) {
		var docs []Document
		for i, title := range strings.Split(titles, "\n") {
			docs = append(docs, Document{Title: title, Published: noon.Add(time.Duration(i) * time.Minute)})
		}
		seen := map[int]bool{}
		n := 0
		for _, g := range Group(docs, Options{Cut: cut}) {
			for _, i := range g {
				seen[i] = true
				n++
			}
		}
		if n != len(docs) || len(seen) != len(docs) {
			t.Errorf("%d documents, %d in stories, %d different ones", len(docs), n, len(seen))
		}
	})
}
