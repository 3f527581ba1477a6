package summarize

import (
	"errors"
	"math"
	"sort"
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
		dst = append(dst, uint8(sort.Search(len(edges), func(k int) bool { return x <= edges[k] })))
	}
	return dst
}

// Score sums the trees' values for binned features.
func (f *Forest) Score(bins []uint8) float32 {
	sum := int32(0)
	for _, tree := range f.Trees {
		i := int16(0)
		node := tree[0]
		for node.Feature != Leaf {
			if bins[node.Feature] <= node.Bin {
				i++
			} else {
				i = node.Right
			}
			node = tree[i]
		}
		sum += int32(node.Right)
	}
	return f.Bias + float32(sum)*LeafStep
}

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
