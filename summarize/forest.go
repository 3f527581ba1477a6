package summarize

import (
	"errors"
	"math"
)

// Forest is a sum of decision trees over features that were cut into at most 255
// bins each.
type Forest struct {
	// Edges holds, by feature, the upper bounds of all bins but the last.
	Edges [][]float32
	// Bias is the sum's start.
	Bias float32
	// Trees holds each tree's nodes in preorder.
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
type ladder [64]int32

// ladders converts the edges of a forest, nil if a feature has too many.
func (f *Forest) ladders() []ladder {
	out := make([]ladder, len(f.Edges))
	for i, edges := range f.Edges {
		if len(edges) >= len(out[i]) {
			return nil
		}
		for k := range out[i] {
			out[i][k] = math.MaxInt32
			if k < len(edges) {
				out[i][k] = ordered(edges[k])
			}
		}
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
		for step := uint32(32); step > 0; step >>= 1 {
			// The sign bit is 1 where the edge is below x: then skip it and all before.
			below := uint32(uint64(int64(l[(at+step-1)&63])-x) >> 63)
			at += step & -below
		}
		dst = append(dst, uint8(at))
	}
	return dst
}

// Scorer evaluates a forest quickly: nodes lie side by side, both children of a
// node are neighbours, and every path is walked to the same depth, so that no
// branch of the processor depends on the data.
type Scorer struct {
	bias   float32
	depth  int
	roots  []int32
	nodes  []step
	values []int32 // of the leaf at the same index

	forest  *Forest
	ladders []ladder
}

// step is a node whose children are at child and child+1; a leaf is its own child.
type step struct {
	feature, bin uint8
	child        uint16 // counted from the tree's root
}

// Scorer compiles the forest.
func (f *Forest) Scorer() *Scorer {
	s := &Scorer{bias: f.Bias, forest: f, ladders: f.ladders()}
	for _, tree := range f.Trees {
		root := len(s.nodes)
		s.roots = append(s.roots, int32(root))
		s.nodes = append(s.nodes, step{})
		s.values = append(s.values, 0)
		s.compile(tree, 0, root, root, 0)
	}
	return s
}

// compile places the node at index from of a tree at index at.
func (s *Scorer) compile(tree []Node, from, root, at, depth int) {
	n := tree[from]
	s.depth = max(s.depth, depth)
	if n.Feature == Leaf {
		s.nodes[at] = step{0, math.MaxUint8, uint16(at - root)}
		s.values[at] = int32(n.Right)
		return
	}
	child := len(s.nodes)
	s.nodes = append(s.nodes, step{}, step{})
	s.values = append(s.values, 0, 0)
	s.nodes[at] = step{n.Feature, n.Bin, uint16(child - root)}
	s.compile(tree, from+1, root, child, depth+1)
	s.compile(tree, int(n.Right), root, child+1, depth+1)
}

// Trees is the number of trees.
func (s *Scorer) Trees() int { return len(s.roots) }

// Score sums the values that trees from to (exclusive) give to binned features.
func (s *Scorer) Score(bins []uint8, from, to int) int32 {
	sum := int32(0)
	// Four trees at a time: the steps of one path wait for each other, those of four
	// do not.
	for ; from+4 <= to; from += 4 {
		r := s.roots[from : from+4 : from+4]
		a, b, c, d := r[0], r[1], r[2], r[3]
		for range s.depth {
			a = s.next(r[0], a, bins)
			b = s.next(r[1], b, bins)
			c = s.next(r[2], c, bins)
			d = s.next(r[3], d, bins)
		}
		sum += s.values[a] + s.values[b] + s.values[c] + s.values[d]
	}
	for ; from < to; from++ {
		at := s.roots[from]
		for range s.depth {
			at = s.next(s.roots[from], at, bins)
		}
		sum += s.values[at]
	}
	return sum
}

// next goes one step down. The sign bit of the difference is 1 where the bin is
// larger: a jump would be mispredicted half of the time.
func (s *Scorer) next(root, at int32, bins []uint8) int32 {
	n := s.nodes[at]
	return root + int32(n.child) + int32((uint32(n.bin)-uint32(bins[n.feature]))>>31)
}

// Value turns a sum of scores into the forest's result.
func (s *Scorer) Value(sum int32) float32 { return s.bias + float32(sum)*LeafStep }

// errModel reports weights that cannot be read.
var errModel = errors.New("summarize: the model file is damaged")

// valid reports whether no tree can leave its nodes or the features.
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
		if len(tree) == 0 || tree[len(tree)-1].Feature != Leaf {
			return false
		}
	}
	return true
}

// sigmoid turns a logit into a probability.
func sigmoid(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }
