package summarize

import (
	"errors"
	"math"
	"math/bits"
)

// Forest is a sum of decision trees over features that were cut into at most 255
// bins each.
type Forest struct {
	// Edges holds, by feature, the upper bounds of all bins but the last.
	Edges [][]float32
	// Bias is the sum's start.
	Bias float32
	// Trees holds each tree's nodes in preorder, MaxDepth splits above each other at
	// most.
	Trees [][]Node
}

// Node is one node of a tree. At an inner node rows whose bin is at most Bin go to
// the next node, the others to the node at Right. A leaf has Feature Leaf, and
// Right is its value in steps of LeafStep.
type Node struct {
	Feature, Bin uint8
	Right        int16
}

const (
	// Leaf marks a node that holds a value.
	Leaf = 255
	// LeafStep is the unit of leaf values.
	LeafStep = 1.0 / 8192
)

// Bins cuts a row of features into bins, appended to dst.
func (f *Forest) Bins(dst []uint8, row []float32) []uint8 {
	for i, edges := range f.Edges {
		x := row[i]
		low, high := 0, len(edges)
		for low < high {
			if mid := int(uint(low+high) >> 1); x <= edges[mid] {
				high = mid
			} else {
				low = mid + 1
			}
		}
		dst = append(dst, uint8(low))
	}
	return dst
}

// ladder holds a feature's edges as integers in the same order, filled up to a
// power of two with the largest, so that a search takes the same steps for any value.
type ladder struct {
	edges [64]int32
	half  uint32 // of the smallest power of two that exceeds the number of edges
}

// ladders converts the edges of a forest, nil if a feature has too many.
func (f *Forest) ladders() []ladder {
	out := make([]ladder, len(f.Edges))
	for i, edges := range f.Edges {
		l := &out[i]
		if len(edges) >= len(l.edges) {
			return nil
		}
		for k := range l.edges {
			l.edges[k] = math.MaxInt32
			if k < len(edges) {
				l.edges[k] = ordered(edges[k])
			}
		}
		l.half = 1 << bits.Len(uint(len(edges))) >> 1
	}
	return out
}

// ordered maps numbers to integers that compare as they do.
func ordered(x float32) int32 {
	if x == 0 {
		return 0 // both zeros
	}
	b := int32(math.Float32bits(x))
	return b ^ (b>>31)&math.MaxInt32
}

// Bins cuts a row of features into bins, appended to dst, as Forest.Bins does but
// without a jump that depends on the data.
func (s *Scorer) Bins(dst []uint8, row []float32) []uint8 {
	if s.ladders == nil {
		return s.forest.Bins(dst, row)
	}
	for i := range s.ladders {
		l := &s.ladders[i]
		x := int64(ordered(row[i]))
		at := uint32(0)
		for step := l.half; step > 0; step >>= 1 {
			// The sign bit is 1 where the edge is below x: then skip it and all before.
			below := uint32(uint64(int64(l.edges[(at+step-1)&63])-x) >> 63)
			at += step & -below
		}
		dst = append(dst, uint8(at))
	}
	return dst
}

// MaxDepth is the largest number of splits from a tree's root to a leaf.
const MaxDepth = 6

// Scorer evaluates a forest quickly: every tree is filled up to MaxDepth levels, so
// that no branch of the processor depends on the data.
type Scorer struct {
	bias  float32
	trees []fullTree

	forest  *Forest
	ladders []ladder
}

// fullTree is a tree all of whose leaves lie equally deep. Its splits are numbered
// from 1, and the children of split k are 2k and 2k+1; a path ends, after MaxDepth
// splits, at the leaf k less the number of leaves.
type fullTree struct {
	splits [1 << MaxDepth]uint16 // the feature in the high byte, the bin in the low
	values [1 << MaxDepth]int16
}

// Scorer compiles the forest. It panics if a tree is deeper than MaxDepth.
func (f *Forest) Scorer() *Scorer {
	s := &Scorer{bias: f.Bias, trees: make([]fullTree, len(f.Trees)), forest: f, ladders: f.ladders()}
	for i, tree := range f.Trees {
		s.trees[i].fill(tree, 0, 1, MaxDepth)
	}
	return s
}

// fill places the node at index from of a tree as split k; levels are left below it.
func (t *fullTree) fill(tree []Node, from, k, levels int) {
	n := tree[from]
	if n.Feature != Leaf {
		t.splits[k] = uint16(n.Feature)<<8 | uint16(n.Bin)
		t.fill(tree, from+1, 2*k, levels-1)
		t.fill(tree, int(n.Right), 2*k+1, levels-1)
		return
	}
	for ; levels > 0; levels-- {
		t.splits[k] = math.MaxUint8 // no bin is larger: always to the left
		k *= 2
	}
	t.values[k-len(t.values)] = n.Right
}

// next goes one step down. The sign bit of the difference is 1 where the bin is
// larger: a jump would be mispredicted half of the time.
func (t *fullTree) next(k uint32, bins *[256]uint8) uint32 {
	split := t.splits[k&(1<<MaxDepth-1)]
	return 2*k + (uint32(uint8(split))-uint32(bins[split>>8]))>>31
}

// value of the leaf that k came to.
func (t *fullTree) value(k uint32) int32 { return int32(t.values[k&(1<<MaxDepth-1)]) }

// Trees is the number of trees.
func (s *Scorer) Trees() int { return len(s.trees) }

// Score sums the values that trees from to (exclusive) give to binned features.
func (s *Scorer) Score(bins []uint8, from, to int) int32 {
	var row [256]uint8 // whatever byte names a feature is in range, unchecked
	copy(row[:], bins)
	sum := int32(0)
	trees := s.trees[from:to]
	// Four trees at a time: the steps of one path wait for each other, those of four
	// do not.
	for ; len(trees) >= 4; trees = trees[4:] {
		a, b, c, d := &trees[0], &trees[1], &trees[2], &trees[3]
		i, j, k, l := uint32(1), uint32(1), uint32(1), uint32(1)
		for range MaxDepth {
			i, j, k, l = a.next(i, &row), b.next(j, &row), c.next(k, &row), d.next(l, &row)
		}
		sum += a.value(i) + b.value(j) + c.value(k) + d.value(l)
	}
	for i := range trees {
		k := uint32(1)
		for range MaxDepth {
			k = trees[i].next(k, &row)
		}
		sum += trees[i].value(k)
	}
	return sum
}

// Value turns a sum of scores into the forest's result.
func (s *Scorer) Value(sum int32) float32 { return s.bias + float32(sum)*LeafStep }

// errModel reports weights that cannot be read.
var errModel = errors.New("summarize: the model file is damaged")

// valid reports whether no tree can leave its nodes or the features or is too deep.
func (f *Forest) valid(features int) bool {
	if len(f.Edges) != features && len(f.Trees) > 0 {
		return false
	}
	for _, tree := range f.Trees {
		for i, n := range tree {
			if n.Feature == Leaf {
				continue
			}
			if int(n.Feature) >= len(f.Edges) || int(n.Right) <= i+1 || int(n.Right) >= len(tree) {
				return false
			}
		}
		if len(tree) == 0 || deeper(tree, 0, MaxDepth) {
			return false
		}
	}
	return true
}

// deeper reports whether a leaf below the node at index i is more than levels away.
// All children must be nodes of the tree.
func deeper(tree []Node, i, levels int) bool {
	n := tree[i]
	return n.Feature != Leaf && (levels == 0 || deeper(tree, i+1, levels-1) || deeper(tree, int(n.Right), levels-1))
}

// sigmoid turns a logit into a probability.
func sigmoid(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }
