package summarize

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// randomTree appends a tree of random splits in preorder.
func randomTree(rng *rand.Rand, nodes []Node, features, depth int) []Node {
	if depth == 0 || rng.IntN(5) == 0 {
		return append(nodes, Node{Feature: Leaf, Right: int16(rng.IntN(4000) - 2000)})
	}
	at := len(nodes)
	nodes = append(nodes, Node{Feature: uint8(rng.IntN(features)), Bin: uint8(rng.IntN(60))})
	nodes = randomTree(rng, nodes, features, depth-1)
	nodes[at].Right = int16(len(nodes))
	return randomTree(rng, nodes, features, depth-1)
}

// randomForest has edges 0, 1, … 62 for every feature.
func randomForest(rng *rand.Rand, features, trees int) Forest {
	f := Forest{Bias: 0.25}
	for range features {
		var e []float32
		for b := range 63 {
			e = append(e, float32(b))
		}
		f.Edges = append(f.Edges, e)
	}
	for range trees {
		f.Trees = append(f.Trees, randomTree(rng, nil, features, 6))
	}
	return f
}

// walk evaluates a forest the plain way.
func walk(f *Forest, bins []uint8) int32 {
	sum := int32(0)
	for _, tree := range f.Trees {
		i := 0
		for tree[i].Feature != Leaf {
			if bins[tree[i].Feature] <= tree[i].Bin {
				i++
			} else {
				i = int(tree[i].Right)
			}
		}
		sum += int32(tree[i].Right)
	}
	return sum
}

func TestScorerAgreesWithAPlainWalk(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 2))
	f := randomForest(rng, 9, 50)
	s := f.Scorer()
	if s.Trees() != 50 {
		t.Fatalf("%d trees, want 50", s.Trees())
	}
	for range 500 {
		row := make([]float32, 9)
		for i := range row {
			row[i] = float32(rng.IntN(140)-10) / 2
		}
		bins := f.Bins(nil, row)
		for i, b := range bins {
			if b > 0 && row[i] <= f.Edges[i][b-1] || int(b) < len(f.Edges[i]) && row[i] > f.Edges[i][b] {
				t.Fatalf("%v is put into bin %d", row[i], b)
			}
		}
		if diff := cmp.Diff(bins, s.Bins(nil, row)); diff != "" {
			t.Fatalf("bins of %v (-plain search +ladder):\n%s", row, diff)
		}
		want := walk(&f, bins)
		if got := s.Score(bins, 0, 50); got != want {
			t.Fatalf("Score(%v) = %d, want %d", bins, got, want)
		}
		if got := s.Score(bins, 0, 20) + s.Score(bins, 20, 50); got != want {
			t.Fatalf("in two parts %d, want %d", got, want)
		}
		if got, want := s.Value(want), 0.25+float32(want)*LeafStep; got != want {
			t.Fatalf("Value = %v, want %v", got, want)
		}
	}
}

func TestLaddersAgreeAtTheEdges(t *testing.T) {
	t.Parallel()
	edges := []float32{float32(math.Inf(-1)), -7.5, -1, -1e-30, 0, 1e-30, 0.1, 1, 2, 1e30, float32(math.Inf(1))}
	f := Forest{Edges: [][]float32{edges, {3}, {}}}
	s := f.Scorer()
	for _, x := range append(edges, -100, -0.5, float32(math.Copysign(0, -1)), 0.05, 5, 1e31) {
		row := []float32{x, x, x}
		if diff := cmp.Diff(f.Bins(nil, row), s.Bins(nil, row)); diff != "" {
			t.Errorf("bins of %v (-plain search +ladder):\n%s", x, diff)
		}
	}
	many := Forest{Edges: [][]float32{make([]float32, 200)}}
	for i := range many.Edges[0] {
		many.Edges[0][i] = float32(i)
	}
	if got := many.Scorer().Bins(nil, []float32{150.5}); got[0] != 151 {
		t.Errorf("bin %d of a feature with 200 edges, want 151", got[0])
	}
}

func TestModelSurvivesEncoding(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	m := NewModel()
	m.Languages = "en xx "
	for i := range m.Lexical {
		m.Lexical[i] = int8(rng.IntN(256) - 128)
	}
	m.Rarity[77], m.Important[78], m.Traits[5] = 200, -7, 9
	m.Sentences, m.Sets = randomForest(rng, FeatureCount, 5), randomForest(rng, SetFeatureCount, 4)
	data, err := m.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	got := new(Model)
	if err := got.UnmarshalBinary(data); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, got, cmpopts.IgnoreUnexported(Model{})); diff != "" {
		t.Errorf("decoded model (-want +got):\n%s", diff)
	}
	for _, n := range []int{0, 3, 5, 100, len(data) / 2, len(data) - 1} {
		if err := new(Model).UnmarshalBinary(data[:n]); !errors.Is(err, errModel) {
			t.Errorf("cut to %d bytes: %v, want %v", n, err, errModel)
		}
	}
}

func TestDamagedTreesAreRefused(t *testing.T) {
	t.Parallel()
	leaf := Node{Feature: Leaf}
	tests := map[string][]Node{
		"no node":                  {},
		"a branch out of range":    {{Feature: 0, Bin: 1, Right: 9}, leaf, leaf},
		"a branch to itself":       {{Feature: 0, Bin: 1, Right: 0}, leaf, leaf},
		"an unknown feature":       {{Feature: 200, Bin: 1, Right: 2}, leaf, leaf},
		"a branch at the very end": {{Feature: 0, Bin: 1, Right: 2}, leaf, {Feature: 0, Bin: 1, Right: 2}},
	}
	chain := func(levels int) (tree []Node) {
		for range levels {
			tree = append(tree, Node{Feature: 0, Bin: 1, Right: int16(len(tree) + 2)}, leaf)
		}
		return append(tree, leaf)
	}
	tests["more levels than MaxDepth"] = chain(MaxDepth + 1)
	for name, tree := range tests {
		f := randomForest(rand.New(rand.NewPCG(5, 6)), 3, 1)
		f.Trees = append(f.Trees, tree)
		if f.valid(3) {
			t.Errorf("%s is taken for valid", name)
		}
	}
	good := randomForest(rand.New(rand.NewPCG(5, 6)), 3, 3)
	if !good.valid(3) || good.valid(4) {
		t.Error("a sound forest is refused, or one with too few features is taken")
	}
	if f := (&Forest{Edges: make([][]float32, 3), Trees: [][]Node{chain(MaxDepth)}}); !f.valid(3) {
		t.Error("a tree of MaxDepth levels is refused")
	}
}

func TestTheEmbeddedModelIsSound(t *testing.T) {
	t.Parallel()
	m, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Sentences.Trees) == 0 || len(m.Sets.Trees) == 0 || !m.speaks("en") || m.speaks("xx") {
		t.Errorf("%d and %d trees, languages %q", len(m.Sentences.Trees), len(m.Sets.Trees), m.Languages)
	}
}

func TestAnUntrainedModelStillSummarizes(t *testing.T) {
	t.Parallel()
	for n := range 6 {
		s, err := NewModel().Summarize("", harbour, Options{Sentences: n})
		if err != nil {
			t.Fatal(err)
		}
		checkSummary(t, harbour, s)
		if len(s.Sentences) == 0 {
			t.Errorf("%d sentences asked, none given", n)
		}
	}
}
