package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"broadsheet/summarize"

	"github.com/google/go-cmp/cmp"
)

func TestRougeCountsClippedOverlap(t *testing.T) {
	t.Parallel()
	// The expected values are worked out by hand.
	tests := []struct {
		name, lang, want, got string
		r1, r2                float64
	}{
		{"the same", "en", "the cat sat", "the cat sat", 1, 1},
		{"nothing", "en", "the cat sat", "dogs bark", 0, 0},
		{"half", "en", "the cat sat down", "the cat ran away", 0.5, 1.0 / 3},
		{"a repeated word counts once", "en", "the cat", "the the the", 0.4, 0},
		{"inflections are the same", "en", "boats closing", "boat closed", 1, 1},
		{"case and punctuation do not matter", "en", "The Cat!", "the cat", 1, 1},
		{"no stems in other languages", "fr", "les bateaux", "le bateau", 0, 0},
		{"letters with marks", "fr", "été à Paris", "été à Paris", 1, 1},
		{"an empty choice", "en", "the cat", "", 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := stemmer{}
			ref := newReference(s.tokens(test.want, test.lang))
			r1, r2 := ref.score(ref.encode(s.tokens(test.got, test.lang)))
			if math.Abs(r1-test.r1) > 1e-9 || math.Abs(r2-test.r2) > 1e-9 {
				t.Errorf("score(%q, %q) = %v, %v, want %v, %v", test.got, test.want, r1, r2, test.r1, test.r2)
			}
		})
	}
}

func TestOraclePicksWhatTheReferenceUses(t *testing.T) {
	t.Parallel()
	s := stemmer{}
	ref := newReference(s.tokens("the harbour closes in may and boats move south", "en"))
	var encoded [][]int32
	for _, x := range []string{"nobody knows why", "boats move south", "the weather is fine", "the harbour closes in may", "boats move"} {
		encoded = append(encoded, ref.encode(s.tokens(x, "en")))
	}
	if diff := cmp.Diff([]int{1, 3}, ref.oracle(encoded)); diff != "" {
		t.Errorf("oracle (-want +got):\n%s", diff)
	}
}

// problem is a table whose target no single feature tells.
func problem(rows int) *table {
	rng := rand.New(rand.NewPCG(4, 2))
	var all [][]float32
	var targets []float32
	for range rows {
		x := []float32{rng.Float32(), rng.Float32(), rng.Float32()}
		y := float32(0)
		if (x[0] > 0.5) != (x[1] > 0.3) {
			y = 1
		}
		all, targets = append(all, x), append(targets, y)
	}
	t := &table{width: 3, edges: edgesOf(all, 3)}
	for i, x := range all {
		t.add(x, targets[i], 1)
	}
	return t
}

// wrong counts rows on the wrong side of one half.
func wrong(f *summarize.Forest, t *table, threshold float32) int {
	s := f.Scorer()
	n := 0
	for i, y := range t.target {
		score := s.Value(s.Score(t.bins[i*t.width:(i+1)*t.width], 0, s.Trees()))
		if (score > threshold) != (y > 0.5) {
			n++
		}
	}
	return n
}

func TestBoostingLearnsAnInteraction(t *testing.T) {
	t.Parallel()
	data := problem(4000)
	for i := range data.rows() / 20 {
		data.groups = append(data.groups, (i+1)*20)
	}
	tests := []struct {
		name      string
		b         boosting
		threshold float32
	}{
		{"logistic loss", boosting{logistic: true}, 0},
		{"squared error", boosting{}, 0.5},
		{"squared error, then competing", boosting{contest: 30}, 0.5},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := test.b
			b.rounds, b.depth, b.rate, b.rowShare, b.columnShare, b.minWeight, b.lambda = 40, 4, 0.3, 0.8, 1, 1, 1
			rounds := 0
			b.progress = func(done int) { rounds = done }
			forest := b.grow(data)
			if n := wrong(&forest, data, test.threshold); n > 80 {
				t.Errorf("%d of %d rows are wrong, want at most 80", n, data.rows())
			}
			if rounds != 40 {
				t.Errorf("progress ended at %d of 40", rounds)
			}
		})
	}
}

func TestEdgesCutIntoDistinctBins(t *testing.T) {
	t.Parallel()
	rows := [][]float32{{1, 5}, {1, 6}, {2, 7}, {2, 8}, {3, 9}}
	edges := edgesOf(rows, 2)
	for f, e := range edges {
		for i := 1; i < len(e); i++ {
			if e[i] <= e[i-1] {
				t.Errorf("feature %d: edges %v do not rise", f, e)
			}
		}
		if len(e) >= maxBins {
			t.Errorf("feature %d: %d edges for at most %d bins", f, len(e), maxBins)
		}
	}
}

func TestAverageIsTheMeanOfTwoForests(t *testing.T) {
	t.Parallel()
	data := problem(500)
	b := boosting{rounds: 5, depth: 3, rate: 0.3, rowShare: 0.7, columnShare: 1, minWeight: 1, lambda: 1, seed: 1}
	x := b.grow(data)
	b.seed = 2
	y := b.grow(data)
	mean := average([2]summarize.Forest{x, y})
	sx, sy, sm := x.Scorer(), y.Scorer(), mean.Scorer()
	for i := range 100 {
		row := data.bins[i*3 : i*3+3]
		want := (sx.Value(sx.Score(row, 0, 5)) + sy.Value(sy.Score(row, 0, 5))) / 2
		if got := sm.Value(sm.Score(row, 0, 10)); math.Abs(float64(got-want)) > 0.002 {
			t.Fatalf("row %d: %v, want %v", i, got, want)
		}
	}
}

// corpus writes data sets of invented articles: the summary always is the sentence
// that names the harbour, wherever it stands.
func corpus(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	rng := rand.New(rand.NewPCG(8, 8))
	filler := strings.Fields("the a market rain street council music train teacher garden letter window paper summer road school light")
	for _, set := range []string{"cnndm.train", "cnndm.dev", "cnndm_cased.dev", "xsum.dev", "orangesum_fr.dev", "vietnews.dev"} {
		var b bytes.Buffer
		zw := gzip.NewWriter(&b)
		for i := range 60 {
			var text []string
			for range 9 {
				var words []string
				for range 9 {
					words = append(words, filler[rng.IntN(len(filler))])
				}
				text = append(text, "Today "+strings.Join(words, " ")+".")
			}
			news := fmt.Sprintf("The harbour of town%d closes because walls broke in the storm.", rng.IntN(1000))
			text[rng.IntN(9)] = news
			line := map[string]any{"id": fmt.Sprint(set, i), "title": "", "text": strings.Join(text, " "), "lang": "en", "summary": []string{news}}
			if err := json.NewEncoder(zw).Encode(line); err != nil {
				t.Fatal(err)
			}
		}
		if err := zw.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, set+".jsonl.gz"), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTrainingLearnsAndIsReproducible(t *testing.T) {
	t.Parallel()
	data := corpus(t)
	var models [2][]byte
	for i := range models {
		out := filepath.Join(t.TempDir(), "model.bin")
		args := []string{"-data", data, "-out", out, "-rounds", "12", "-set-rounds", "12", "-depth", "3", "-set-depth", "3"}
		if err := run(args); err != nil {
			t.Fatal(err)
		}
		var err error
		if models[i], err = os.ReadFile(out); err != nil {
			t.Fatal(err)
		}
		note, err := os.ReadFile(strings.TrimSuffix(out, ".bin") + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(note), ".jsonl.gz (60 articles used)"); n != 4 {
			t.Errorf("the note names %d inputs, want 4:\n%s", n, note)
		}
	}
	if !bytes.Equal(models[0], models[1]) {
		t.Error("the same data and seed gave two different models")
	}
	checkHypotheses(t, data)
	m := new(summarize.Model)
	if err := m.UnmarshalBinary(models[0]); err != nil {
		t.Fatal(err)
	}
	docs, _, err := source{"cnndm.dev", 0}.read(data, 1)
	if err != nil {
		t.Fatal(err)
	}
	o := trial{"cnndm.dev", 1, 1}.judge(docs, 2, func(*document) *summarize.Model { return m })
	if o.delta < 20 || o.low > o.delta || o.n != 60 {
		t.Errorf("one sentence: %v, want at least 20 points over the first", o)
	}
}

// checkHypotheses judges the embedded weights and reads the summaries it wrote.
func checkHypotheses(t *testing.T, data string) {
	t.Helper()
	dir := t.TempDir()
	if err := run([]string{"-eval", "-data", data, "-hyps", dir}); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(filepath.Join(dir, "cnndm.dev.3.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for d := json.NewDecoder(bytes.NewReader(body)); d.More(); lines++ {
		var h hypothesis
		if err := d.Decode(&h); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(h.ID, "cnndm.dev") || len(h.Summary) != 3 {
			t.Errorf("%s: %d sentences, want 3", h.ID, len(h.Summary))
		}
	}
	if lines != 60 {
		t.Errorf("%d summaries, want 60", lines)
	}
}

func TestTrainSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	if err := run([]string{"-data", t.TempDir(), "-out", filepath.Join(t.TempDir(), "m.bin")}); err == nil || !strings.Contains(err.Error(), "cnndm.train") {
		t.Errorf("no data: %v, want an error that names the file", err)
	}
	if err := run([]string{"-nonsense"}); err == nil {
		t.Error("an unknown flag is taken")
	}
	for _, depth := range []string{"-depth", "-set-depth"} {
		err := run([]string{depth, strconv.Itoa(summarize.MaxDepth + 1)})
		if want := fmt.Sprintf("%d at most", summarize.MaxDepth); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s above MaxDepth: %v, want an error that says %q", depth, err, want)
		}
	}
}

func TestProgressFitsItsOutput(t *testing.T) {
	t.Parallel()
	for _, terminal := range []bool{true, false} {
		f, err := os.Create(filepath.Join(t.TempDir(), "out"))
		if err != nil {
			t.Fatal(err)
		}
		report := progressOn(f, terminal)
		for i := 1; i <= 4; i++ {
			report("trees", i, 4)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		out, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if terminal != strings.Contains(string(out), "\r") || strings.Count(string(out), "\n") != 1 {
			t.Errorf("terminal %v: %q", terminal, out)
		}
	}
}

func TestLowerBoundIsBelowTheMean(t *testing.T) {
	t.Parallel()
	var values []float64
	rng := rand.New(rand.NewPCG(3, 3))
	for range 400 {
		values = append(values, 1+rng.NormFloat64())
	}
	if low := lowerBound(values); low > 1 || low < 0.8 {
		t.Errorf("lower bound %v of a mean of about 1 with error .05", low)
	}
}

func TestDocumentsAreDrawnEvenlyAndTheSame(t *testing.T) {
	t.Parallel()
	dir := corpus(t)
	read := func(limit int, seed uint64) (ids []string, sum string) {
		docs, sum, err := source{"xsum.dev", limit}.read(dir, seed)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range docs {
			ids = append(ids, d.ID)
		}
		return ids, sum
	}
	some, sum := read(20, 1)
	again, _ := read(20, 1)
	if len(some) != 20 || !cmp.Equal(some, again) {
		t.Errorf("%d articles, the same twice: %v", len(some), cmp.Equal(some, again))
	}
	if other, _ := read(20, 2); cmp.Equal(some, other) {
		t.Error("another seed draws the same articles")
	}
	late := 0
	for _, id := range some {
		if n := 0; len(id) > 8 {
			if _, err := fmt.Sscanf(id, "xsum.dev%d", &n); err == nil && n >= 30 {
				late++
			}
		}
	}
	if late < 4 || late > 16 {
		t.Errorf("%d of 20 articles are from the file's second half", late)
	}
	body, err := os.ReadFile(filepath.Join(dir, "xsum.dev.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%x", sha256.Sum256(body)); sum != want {
		t.Errorf("hash %s, want %s", sum, want)
	}
}

// worded are documents whose summaries use certain words, wherever they stand.
func worded(t *testing.T) []*document {
	t.Helper()
	blank := summarize.NewModel()
	blank.Languages = languages
	rng := rand.New(rand.NewPCG(6, 6))
	filler := strings.Fields("market rain street council music train teacher garden letter window paper summer")
	var docs []*document
	for i := range 200 {
		var text []string
		for range 6 {
			var words []string
			for range 6 {
				words = append(words, filler[rng.IntN(len(filler))])
			}
			text = append(text, "Today "+strings.Join(words, " ")+".")
		}
		text[rng.IntN(6)] = "Nobody expected a landslide near the quarry."
		d := &document{Text: strings.Join(text, " "), Lang: "en", Summary: []string{"A landslide near the quarry."}, half: i % 2, weight: 1}
		d.prepare(blank, stemmer{})
		docs = append(docs, d)
	}
	return docs
}

func TestWordsThatSummariesUseWeighMore(t *testing.T) {
	t.Parallel()
	docs := worded(t)
	m := learnWords(languages, docs, rarityOf(docs))
	at := func(word string) int { return summarize.Slot(summarize.HashText(word, "en")[0]) }
	if x, y := m.Important[at("landslide")], m.Important[at("market")]; x <= y {
		t.Errorf("importance of landslide %d, of market %d, want it larger", x, y)
	}
	if x, y := m.Lexical[at("landslide")], m.Lexical[at("market")]; x <= y {
		t.Errorf("weight of landslide %d, of market %d, want it larger", x, y)
	}
	if x, y := m.Rarity[at("unheard")], m.Rarity[at("today")]; x <= y {
		t.Errorf("rarity of a word never seen %d, of one in every text %d, want it larger", x, y)
	}
}

func TestLabelsMarkTheOracle(t *testing.T) {
	t.Parallel()
	for _, d := range worded(t)[:20] {
		for i, chosen := range d.oracle {
			has := false
			for _, h := range d.hashes[i] {
				has = has || h == summarize.HashText("landslide", "en")[0]
			}
			if chosen && !has || has && !chosen {
				t.Fatalf("sentence %d of %q: chosen %v, tells of the landslide %v", i, d.Text, chosen, has)
			}
		}
	}
}

func TestQuantizeRoundsAndClips(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]int8{0, 1, -2, 127, -127}, quantize([]float32{0.2, 0.6, -1.1, 1000, -1000}, 0.5)); diff != "" {
		t.Errorf("quantize (-want +got):\n%s", diff)
	}
}

func TestCrossValidationJudgesUnseenFolds(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("trains four models")
	}
	err := run([]string{"-cv", "-data", corpus(t), "-docs", "20", "-rounds", "4", "-set-rounds", "4", "-depth", "2", "-set-depth", "2"})
	if err != nil {
		t.Fatal(err)
	}
}
