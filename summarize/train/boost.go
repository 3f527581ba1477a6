package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"broadsheet/summarize"
)

// table is training data: rows of binned features with a target each.
type table struct {
	width  int
	edges  [][]float32
	bins   []uint8 // row after row
	target []float32
	weight []float32
	groups []int // where each group of competing rows ends, if rows compete
}

func (t *table) rows() int { return len(t.target) }

// maxBins is the number of bins of a feature; more gained nothing.
const maxBins = 64

// edgesOf cuts every feature into bins of about equal size, from a sample of rows.
func edgesOf(rows [][]float32, width int) [][]float32 {
	edges := make([][]float32, width)
	for f := range width {
		values := make([]float32, 0, len(rows))
		for _, r := range rows {
			values = append(values, r[f])
		}
		slices.Sort(values)
		for b := 1; b < maxBins; b++ {
			v := values[b*(len(values)-1)/maxBins]
			if n := len(edges[f]); n == 0 || edges[f][n-1] < v {
				edges[f] = append(edges[f], v)
			}
		}
	}
	return edges
}

// add appends a row.
func (t *table) add(row []float32, target, weight float32) {
	f := summarize.Forest{Edges: t.edges}
	t.bins = f.Bins(t.bins, row)
	t.target = append(t.target, target)
	t.weight = append(t.weight, weight)
}

// boosting is how a forest is grown.
type boosting struct {
	rounds, depth int
	rate          float64 // of learning
	rowShare      float64
	columnShare   float64
	minWeight     float64 // hessian of a leaf
	lambda        float64 // ridge on leaf values
	logistic      bool    // else squared error
	contest       int     // round from which the rows of a group compete, 0 = never
	seed          uint64
	progress      func(done int)
}

// grow fits a forest to the table by gradient boosting on histograms.
func (b boosting) grow(t *table) summarize.Forest {
	forest := summarize.Forest{Edges: t.edges, Bias: b.bias(t)}
	rng := rand.New(rand.NewPCG(b.seed, 1))
	n := t.rows()
	g := &grower{boosting: b, t: t, grad: make([]float32, n), hess: make([]float32, n)}
	score := make([]float32, n)
	for i := range score {
		score[i] = forest.Bias
	}
	for round := range b.rounds {
		switch {
		case b.logistic:
			g.logistic(score)
		case b.contest > 0 && round >= b.contest:
			g.compete(score)
		default:
			g.square(score)
		}
		g.sample(rng)
		tree := g.tree()
		forest.Trees = append(forest.Trees, tree)
		one := (&summarize.Forest{Trees: [][]summarize.Node{tree}}).Scorer()
		for i := range n {
			score[i] += one.Value(one.Score(t.bins[i*t.width:(i+1)*t.width], 0, 1))
		}
		if b.progress != nil {
			b.progress(round + 1)
		}
	}
	return forest
}

// bias is the best constant.
func (b boosting) bias(t *table) float32 {
	sum, weight := 0.0, 0.0
	for i, y := range t.target {
		sum += float64(y * t.weight[i])
		weight += float64(t.weight[i])
	}
	mean := sum / weight
	if b.logistic {
		mean = math.Log(mean / (1 - mean))
	}
	return float32(mean)
}

// grower builds one tree after another.
type grower struct {
	boosting
	t          *table
	grad, hess []float32
	order      []int32 // rows of the sample, those of a node side by side
	columns    []int
	spare      []int32
}

// logistic sets the gradients of the logistic loss.
func (g *grower) logistic(score []float32) {
	for i, w := range g.t.weight {
		p := float32(1 / (1 + math.Exp(-float64(score[i]))))
		g.grad[i], g.hess[i] = w*(p-g.t.target[i]), w*max(p*(1-p), 1e-6)
	}
}

// square sets the gradients of the squared error.
func (g *grower) square(score []float32) {
	for i, w := range g.t.weight {
		g.grad[i], g.hess[i] = w*(score[i]-g.t.target[i]), w
	}
}

// temperature of the choice among the rows of a group, in units of the target.
const temperature = 0.02

// compete sets the gradients of what a group's choice is expected to earn, when rows
// are chosen with a probability that grows with their score: only rows that stand a
// chance matter then, and only against each other.
func (g *grower) compete(score []float32) {
	begin := 0
	for _, end := range g.t.groups {
		top := float32(math.Inf(-1))
		for _, s := range score[begin:end] {
			top = max(top, s)
		}
		sum, earned := 0.0, 0.0
		for i := begin; i < end; i++ {
			p := math.Exp(float64(score[i]-top) / temperature)
			g.hess[i] = float32(p)
			sum += p
			earned += p * float64(g.t.target[i])
		}
		mean := float32(earned / sum)
		for i := begin; i < end; i++ {
			p := g.hess[i] / float32(sum) * g.t.weight[i] * float32(end-begin)
			g.grad[i], g.hess[i] = -p*(g.t.target[i]-mean), p+1e-4
		}
		begin = end
	}
}

// sample draws rows and columns for the next tree.
func (g *grower) sample(rng *rand.Rand) {
	g.order = g.order[:0]
	for i := range g.t.rows() {
		if rng.Float64() < g.rowShare {
			g.order = append(g.order, int32(i))
		}
	}
	if len(g.spare) < len(g.order) {
		g.spare = make([]int32, g.t.rows())
	}
	all := rng.Perm(g.t.width)
	g.columns = all[:max(1, int(g.columnShare*float64(g.t.width)))]
	slices.Sort(g.columns)
}

// cell is one bin of a histogram.
type cell struct{ grad, hess float64 }

// histogram sums gradients by column and bin.
func (g *grower) histogram(rows []int32) []cell {
	h := make([]cell, len(g.columns)*maxBins)
	for _, i := range rows {
		bins := g.t.bins[int(i)*g.t.width : (int(i)+1)*g.t.width]
		gr, he := float64(g.grad[i]), float64(g.hess[i])
		for c, column := range g.columns {
			x := &h[c*maxBins+int(bins[column])]
			x.grad += gr
			x.hess += he
		}
	}
	return h
}

// tree grows one tree on the sample.
func (g *grower) tree() []summarize.Node {
	return g.node(nil, g.order, g.histogram(g.order), g.depth)
}

// node appends the subtree for rows in preorder.
func (g *grower) node(nodes []summarize.Node, rows []int32, h []cell, depth int) []summarize.Node {
	var total cell
	for b := range maxBins {
		total.grad += h[b].grad
		total.hess += h[b].hess
	}
	column, bin, ok := g.split(h, total)
	if depth == 0 || !ok {
		value := -total.grad / (total.hess + g.lambda) * g.rate
		step := math.Round(value / summarize.LeafStep)
		return append(nodes, summarize.Node{Feature: summarize.Leaf, Right: int16(max(-32000, min(32000, step)))})
	}
	left, right := g.partition(rows, g.columns[column], bin)
	// The smaller side is counted, the larger is what remains.
	small, large := left, right
	if len(left) > len(right) {
		small, large = right, left
	}
	hs := g.histogram(small)
	for i := range h {
		h[i].grad -= hs[i].grad
		h[i].hess -= hs[i].hess
	}
	hl, hr := hs, h
	if len(left) > len(right) {
		hl, hr = h, hs
	}
	_ = large
	at := len(nodes)
	nodes = append(nodes, summarize.Node{Feature: uint8(g.columns[column]), Bin: bin})
	nodes = g.node(nodes, left, hl, depth-1)
	nodes[at].Right = int16(len(nodes))
	return g.node(nodes, right, hr, depth-1)
}

// split finds the column and bin that lower the loss most.
func (g *grower) split(h []cell, total cell) (column int, bin uint8, ok bool) {
	best := 1e-6
	parent := total.grad * total.grad / (total.hess + g.lambda)
	for c := range g.columns {
		var left cell
		for b := range maxBins - 1 {
			x := h[c*maxBins+b]
			left.grad += x.grad
			left.hess += x.hess
			right := cell{total.grad - left.grad, total.hess - left.hess}
			if left.hess < g.minWeight {
				continue
			}
			if right.hess < g.minWeight {
				break
			}
			gain := left.grad*left.grad/(left.hess+g.lambda) + right.grad*right.grad/(right.hess+g.lambda) - parent
			if gain > best {
				best, column, bin, ok = gain, c, uint8(b), true
			}
		}
	}
	return column, bin, ok
}

// partition moves the rows that go left to the front, each side in order.
func (g *grower) partition(rows []int32, feature int, bin uint8) (left, right []int32) {
	n, spare := 0, g.spare[:0]
	for _, i := range rows {
		if g.t.bins[int(i)*g.t.width+feature] <= bin {
			rows[n] = i
			n++
		} else {
			spare = append(spare, i)
		}
	}
	copy(rows[n:], spare)
	return rows[:n], rows[n:]
}
