package stories

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// maxComponent bounds the documents that are compared each with each: 3,500 take
// 50 MB. A larger component is split at a higher similarity, which no window of
// full articles has ever needed, only thousands of bare headlines.
const maxComponent = 3500

// bounded is components with none larger than most.
func bounded(vectors []vector, spread []float32, cut float32, most int) [][]int32 {
	var out [][]int32
	for _, set := range components(vectors, spread, cut) {
		if len(set) <= most {
			out = append(out, set)
			continue
		}
		if cut > 4 {
			// Nothing but equal documents: any division will do.
			out = append(out, set[:most])
			for rest := set[most:]; len(rest) > 0; rest = rest[min(most, len(rest)):] {
				out = append(out, rest[:min(most, len(rest))])
			}
			continue
		}
		part := make([]vector, len(set))
		for i, doc := range set {
			part[i] = vectors[doc]
		}
		for _, sub := range bounded(part, spread, cut*1.25, most) {
			for i := range sub {
				sub[i] = set[sub[i]]
			}
			out = append(out, sub)
		}
	}
	return out
}

// components sorts documents into sets that cannot have a story in common: joining
// two groups takes at least one pair of documents as similar as the cut, so groups
// never reach beyond what such pairs connect.
func components(vectors []vector, spread []float32, cut float32) [][]int32 {
	parent := make([]int32, len(vectors))
	for i := range parent {
		parent[i] = int32(i)
	}
	root := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	similarPairs(vectors, spread, cut, func(i, j int32) {
		if x, y := root(i), root(j); x != y {
			parent[max(x, y)] = min(x, y)
		}
	})
	sets := map[int32][]int32{}
	var roots []int32
	for i := range parent {
		r := root(int32(i))
		if sets[r] == nil {
			roots = append(roots, r)
		}
		sets[r] = append(sets[r], int32(i))
	}
	out := make([][]int32, len(roots))
	for k, r := range roots {
		out[k] = sets[r]
	}
	return out
}

// unindexed is the share of the cut that a vector's commonest terms may bring to a
// product without being looked up.
const unindexed = 0.4

// similarPairs calls yield with every pair of vectors whose product is at least cut.
//
// The commonest terms of each vector, whose lists are the longest, are left out of
// the index as far as they bring little; only pairs that could reach the cut with
// them are multiplied out.
func similarPairs(vectors []vector, spread []float32, cut float32, yield func(i, j int32)) {
	index := make([][]part, len(spread))
	sums := make([]float32, len(vectors))
	missing := make([]float32, len(vectors)) // length of what is not indexed
	var met []int32
	var byRarity vector
	for i, v := range vectors {
		met = met[:0]
		for _, p := range v {
			for _, h := range index[p.term] {
				if sums[h.term] == 0 {
					met = append(met, h.term)
				}
				sums[h.term] += h.weight * p.weight
			}
		}
		length := float32(math.Sqrt(float64(v.square())))
		for _, j := range met {
			if sums[j]+missing[j]*length >= cut && dot(v, vectors[j]) >= cut {
				yield(j, int32(i))
			}
			sums[j] = 0
		}
		byRarity = append(byRarity[:0], v...)
		slices.SortFunc(byRarity, func(x, y part) int {
			return cmp.Or(cmp.Compare(spread[y.term], spread[x.term]), cmp.Compare(x.term, y.term))
		})
		left, longest := float32(0), max(length, 1)
		for _, p := range byRarity {
			left += p.weight * p.weight
			if bound := unindexed * cut / longest; left <= bound*bound {
				missing[i] = float32(math.Sqrt(float64(left)))
				continue
			}
			index[p.term] = append(index[p.term], part{int32(i), p.weight})
		}
	}
}

// square is the square of a vector's length.
func (x vector) square() float32 {
	sum := float32(0)
	for _, p := range x {
		sum += p.weight * p.weight
	}
	return sum
}

// dot is the product of two vectors.
func dot(x, y vector) float32 {
	sum := float32(0)
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i].term == y[j].term:
			sum += x[i].weight * y[j].weight
			i++
			j++
		case x[i].term < y[j].term:
			i++
		default:
			j++
		}
	}
	return sum
}

// linkage joins the documents of one component into ever larger groups. A group is
// known by its first document.
type linkage struct {
	o       Options
	n       int
	sums    []float32 // n×n: sum of the similarities between two groups
	members [][]int32
	from    []time.Time // earliest known time of a group
	to      []time.Time
	nearest []int32 // most similar other group that it may be joined with, -1 if none
	degree  []float32
}

// newLinkage compares all documents of a component.
func newLinkage(set []int32, vectors []vector, times []time.Time, o Options) *linkage {
	n := len(set)
	l := &linkage{o: o, n: n, sums: make([]float32, n*n), members: make([][]int32, n), from: make([]time.Time, n),
		to: make([]time.Time, n), nearest: make([]int32, n), degree: make([]float32, n)}
	holders := map[int32][]part{} // by term: earlier documents with their weight
	for i, doc := range set {
		l.members[i] = []int32{doc}
		l.from[i], l.to[i] = times[doc], times[doc]
		for _, p := range vectors[doc] {
			for _, h := range holders[p.term] {
				l.sums[i*n+int(h.term)] += h.weight * p.weight
			}
			holders[p.term] = append(holders[p.term], part{int32(i), p.weight})
		}
		for j := range i {
			l.sums[j*n+i] = l.sums[i*n+j]
		}
	}
	for i := range l.nearest {
		l.find(i)
	}
	return l
}

// similar is the mean similarity of the members of two groups, 0 if their times do
// not fit into one window.
func (l *linkage) similar(i, j int) float32 {
	mean := l.sums[i*l.n+j] / float32(len(l.members[i])*len(l.members[j]))
	if mean < float32(l.o.Cut) || !l.near(i, j) {
		return 0
	}
	return mean
}

// near reports whether two groups fit into one window.
func (l *linkage) near(i, j int) bool {
	from, to := l.span(i, j)
	return from.IsZero() || to.Sub(from) <= l.o.Window
}

// span returns the earliest and latest known time of two groups.
func (l *linkage) span(i, j int) (from, to time.Time) {
	from, to = l.from[i], l.to[i]
	if from.IsZero() || !l.from[j].IsZero() && l.from[j].Before(from) {
		from = l.from[j]
	}
	if l.to[j].After(to) {
		to = l.to[j]
	}
	return from, to
}

// find looks for the group most similar to group i, the earliest of equals.
func (l *linkage) find(i int) {
	l.nearest[i], l.degree[i] = -1, 0
	for j := range l.n {
		if j == i || l.members[j] == nil {
			continue
		}
		if x := l.similar(i, j); x > l.degree[i] {
			l.nearest[i], l.degree[i] = int32(j), x
		}
	}
}

// join joins the two most similar groups until no two are similar enough.
func (l *linkage) join() {
	for {
		best := -1
		for i := range l.n {
			if l.members[i] != nil && l.nearest[i] >= 0 && (best < 0 || l.degree[i] > l.degree[best]) {
				best = i
			}
		}
		if best < 0 {
			return
		}
		l.merge(min(best, int(l.nearest[best])), max(best, int(l.nearest[best])))
	}
}

// merge puts group j into group i.
func (l *linkage) merge(i, j int) {
	l.from[i], l.to[i] = l.span(i, j)
	l.members[i] = append(l.members[i], l.members[j]...)
	l.members[j] = nil
	for k := range l.n {
		if l.members[k] == nil || k == i {
			continue
		}
		l.sums[i*l.n+k] += l.sums[j*l.n+k]
		l.sums[k*l.n+i] = l.sums[i*l.n+k]
	}
	l.find(i)
	for k := range l.n {
		if l.members[k] == nil || k == i {
			continue
		}
		switch x := l.similar(k, i); {
		case l.nearest[k] == int32(i) || l.nearest[k] == int32(j):
			l.find(k)
		case x > l.degree[k] || x == l.degree[k] && x > 0 && int32(i) < l.nearest[k]:
			l.nearest[k], l.degree[k] = int32(i), x
		}
	}
}
