package summarize

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// oddTexts are texts on which ratios could divide by nothing.
var oddTexts = map[string]string{
	"an article":      harbour,
	"one word":        "Storm",
	"punctuation":     "... !!! ???\n— —",
	"only stop words": "It is the. And of to.",
	"emoji":           "🎉 🎉\n🎉",
	"numbers":         "1 2 3. 4 5 6. 7 8 9.",
	"Japanese":        "港は閉まる。船は動く。誰も知らない。",
	"a long sentence": strings.Repeat("harbour wall ", 3000),
}

func TestFeaturesAreCompleteAndFinite(t *testing.T) {
	t.Parallel()
	for name, text := range oddTexts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := NewModel()
			a := Analyze("Harbour closes", text, "en", m)
			rows := a.Features(m)
			if len(rows) != len(a.Spans) {
				t.Fatalf("%d rows for %d sentences", len(rows), len(a.Spans))
			}
			logits := make([]float32, len(rows))
			for i, row := range rows {
				checkFinite(t, fmt.Sprint("sentence ", i), row, FeatureCount)
				logits[i] = float32(i % 3)
			}
			r := NewRanking(a, m, logits)
			r.Sets(8, 1, 4, func(set []int) {
				checkFinite(t, fmt.Sprint("set ", set), r.SetFeatures(nil, set), SetFeatureCount)
			})
		})
	}
}

// checkFinite reports a row of the wrong length or with a value that is no number.
func checkFinite(t *testing.T, what string, row []float32, want int) {
	t.Helper()
	if len(row) != want {
		t.Fatalf("%s: %d features, want %d", what, len(row), want)
	}
	for k, v := range row {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			t.Errorf("%s: feature %d is %v", what, k, v)
		}
	}
}

func TestFeaturesSayWhereASentenceStands(t *testing.T) {
	t.Parallel()
	m := NewModel()
	a := Analyze("", harbour, "en", m)
	rows := a.Features(m)
	words := 0
	for i, row := range rows {
		if row[0] != float32(i) {
			t.Errorf("sentence %d says it is at %v", i, row[0])
		}
		if row[4] != float32(words) {
			t.Errorf("sentence %d says %v words stand before it, want %d", i, row[4], words)
		}
		words += int(row[10])
	}
	if rows[0][9] != 1 || rows[1][9] != 0 {
		t.Error("the first sentence is not marked, or the second is")
	}
	starts := 0
	for _, row := range rows {
		starts += int(row[8])
	}
	if starts != 5 {
		t.Errorf("%d sentences begin a paragraph, want 5", starts)
	}
}

func TestSimilarityIsSymmetricAndBounded(t *testing.T) {
	t.Parallel()
	a := Analyze("", harbour+"\n"+harbour, "en", NewModel())
	n := len(a.Spans)
	for i := range n {
		for j := range n {
			x := a.cosine[i][j]
			if x != a.cosine[j][i] || x < 0 || x > 1.0001 {
				t.Fatalf("cosine(%d, %d) = %v, cosine(%d, %d) = %v", i, j, x, j, i, a.cosine[j][i])
			}
		}
		if i < n/2 {
			if x := a.cosine[i][i+n/2]; x < 0.999 && len(a.sentences[i].tokens) > 0 {
				t.Errorf("a sentence and its repetition are similar by %v", x)
			}
		}
	}
}

func TestTermsAreCounted(t *testing.T) {
	t.Parallel()
	a := Analyze("Harbour walls", "The harbour closes. Harbours in Ellmouth have walls; the harbour is old.\nWalls broke in Ellmouth in 1911.", "en", NewModel())
	find := func(word string) *term {
		h := HashText(word, "en")
		for i := range a.terms {
			if a.terms[i].hash == h[0] {
				return &a.terms[i]
			}
		}
		t.Fatalf("no term for %q", word)
		return nil
	}
	tests := []struct {
		word                 string
		count, spread, first int32
		inTitle, stop        bool
	}{
		{"harbour", 3, 2, 0, true, false}, // Harbours has the same seven letters
		{"Ellmouth", 2, 2, 1, false, false},
		{"walls", 2, 2, 1, true, false},
		{"the", 2, 2, 0, false, true},
		{"1911", 1, 1, 2, false, false},
	}
	for _, test := range tests {
		x := find(test.word)
		if x.count != test.count || x.spread != test.spread || x.first != test.first || x.inTitle != test.inTitle || x.kind&stop != 0 != test.stop {
			t.Errorf("%s: %d times in %d sentences from %d, title %v, stop %v; want %+v", test.word, x.count, x.spread, x.first, x.inTitle, x.kind&stop != 0, test)
		}
	}
	if x := find("Ellmouth"); x.capitals != 2 || x.mids != 2 {
		t.Errorf("Ellmouth: %d capitals in %d places inside sentences, want 2 and 2", x.capitals, x.mids)
	}
}

func TestHashesIgnoreCaseAndInflection(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		same bool
	}{
		{"Harbour", "harbour", true},
		{"harbours", "harbour", true},
		{"ÉTÉ", "été", true},
		{"harbour", "harvest", false},
		{"port", "ports", false}, // shorter than a stem
		{"東京", "東京", true},
		{"東京", "京都", false},
	}
	for _, test := range tests {
		if got := cmp.Equal(HashText(test.a, "en"), HashText(test.b, "en")); got != test.same {
			t.Errorf("%q and %q: same = %v, want %v", test.a, test.b, got, test.same)
		}
	}
	if got := len(HashText("one two, three-four 5", "en")); got != 5 {
		t.Errorf("%d hashes, want 5", got)
	}
}

func TestSetsAreReadableSortedAndComplete(t *testing.T) {
	t.Parallel()
	m := NewModel()
	a := Analyze("", strings.Repeat("One harbour closes in May. Boats move to the south. Walls are broken there. Karl Berg pays for repairs. ", 3), "en", m)
	logits := make([]float32, len(a.Spans))
	for i := range logits {
		logits[i] = -float32(i)
	}
	r := NewRanking(a, m, logits)
	sizes := map[int]int{}
	seen := map[string]bool{}
	r.Sets(6, 2, 4, func(set []int) {
		if !slices.IsSorted(set) || !a.Readable(set) {
			t.Errorf("set %v is out of order or unreadable", set)
		}
		if key := fmt.Sprint(set); seen[key] {
			t.Errorf("set %v comes twice", set)
		} else {
			seen[key] = true
		}
		sizes[len(set)]++
	})
	if diff := cmp.Diff(map[int]int{2: 15, 3: 20, 4: 15}, sizes); diff != "" {
		t.Errorf("sets by size (-want +got):\n%s", diff)
	}
	r.Sets(6, 1, 0, func([]int) { t.Error("a set of no sentences") })
}

func TestRankingOrdersByScore(t *testing.T) {
	t.Parallel()
	m := NewModel()
	a := Analyze("", harbour, "en", m)
	logits := make([]float32, len(a.Spans))
	logits[3], logits[7], logits[1] = 3, 2, 2
	r := NewRanking(a, m, logits)
	if diff := cmp.Diff([]int{3, 1, 7, 0}, r.Order[:4]); diff != "" {
		t.Errorf("order, equal scores in the order of the text (-want +got):\n%s", diff)
	}
}

func TestGreedyAvoidsRepetition(t *testing.T) {
	t.Parallel()
	m := NewModel()
	a := Analyze("", "The northern harbour of Ellmouth closes in May. The northern harbour of Ellmouth shuts down soon. Karl Berg has sold forty boats abroad.", "en", m)
	r := NewRanking(a, m, []float32{3, 2, 1})
	if diff := cmp.Diff([]int{0, 2}, r.greedy(2, 0)); diff != "" {
		t.Errorf("two sentences (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{0, 1, 2}, r.greedy(3, 0)); diff != "" {
		t.Errorf("three, so that one must repeat (-want +got):\n%s", diff)
	}
}

func TestGreedyTakesWhatASentenceNeeds(t *testing.T) {
	t.Parallel()
	m := NewModel()
	a := Analyze("", "We sold forty boats abroad in spring. Marta Lindqvist leads a port authority. She closed the northern harbour on Monday.", "en", m)
	r := NewRanking(a, m, []float32{1, 0, 5})
	if diff := cmp.Diff([]int{1, 2}, r.greedy(2, 0)); diff != "" {
		t.Errorf("she and who she is (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{0}, r.greedy(1, 0)); diff != "" {
		t.Errorf("one sentence: she cannot stand alone (-want +got):\n%s", diff)
	}
}

func TestUnusableSentences(t *testing.T) {
	t.Parallel()
	lines := []struct {
		text string
		want bool
	}{
		{"The harbour of Ellmouth closes.", false}, // the headline
		{"Click here to see all our pictures of it.", false},
		{"No way.", false},
		{"By Karl Berg, Ellmouth", false},
		{"Fishermen in Ellmouth protest against the plan.", true},
		{"Why fishermen in Ellmouth have to leave .", false},
		{"The old harbour wall of Ellmouth (file photo) broke.", false},
		{"Photograph by Anna Holm for the Ellmouth Courier", false},
		{"A heading that is as long as many a sentence", false},
		{"Five things to know about fishermen in Ellmouth:", false},
		{"2. Do not buy boats that were built before 1964.", false},
		{"• Boats were cheaper than ever in the spring of 1964.", false},
		{"14:22 EST, 6 June 2013.", false},
		{"Last updated at 3:31 PM on Monday in June.", false},
		{"14:22 EST, 6 June 2013 was the day of its opening.", true},
		{"3.5 million crowns were paid to fishermen in Ellmouth.", true},
		{"Buy a boat now at https://boats.example/ellmouth today.", false},
		{"if (n == 0) { return f(x[1], y[2]) || g(); } // no boats left.", false},
		{"BUY YOUR BOATS HERE AND NOW OR LEAVE ELLMOUTH FOR EVER!", false},
		{"NATO and the EU protect harbours such as Ellmouth's.", true},
		{"Engineers will mend walls in April, May and June.", true},
		{"Repairs will cost 48 million crowns in all.", true},
	}
	var text []string
	for _, line := range lines {
		text = append(text, line.text)
	}
	a := Analyze("Harbour of Ellmouth closes", strings.Join(text, "\n"), "en", NewModel())
	if len(a.Spans) != len(lines) {
		t.Fatalf("%d sentences, want %d", len(a.Spans), len(lines))
	}
	for i, line := range lines {
		if got := a.sentences[i].usable; got != line.want {
			t.Errorf("usable(%q) = %v, want %v", line.text, got, line.want)
		}
	}
	if a.entry != 4 {
		t.Errorf("the article begins with sentence %d, want 4", a.entry)
	}
}

func TestLinesWithoutStopsAreUsableInTextsThatHaveNone(t *testing.T) {
	t.Parallel()
	text := "Fishermen in Ellmouth protest against all plans\nRepairs will cost 48 million crowns in spring\nWalls were weakened by storms for many decades"
	a := Analyze("", text, "en", NewModel())
	for i := range a.sentences {
		if !a.sentences[i].usable {
			t.Errorf("sentence %d of %q is not usable", i, text)
		}
	}
}
