package stories

import (
	"container/heap"
	"slices"
	"time"
)

// linkage joins documents into ever larger groups. A group is known by its lowest
// document.
type linkage struct {
	o       Options
	parent  []int32
	size    []float64
	links   []map[int32]float32 // sum of similarities with other groups
	from    []time.Time         // earliest known time of a group
	to      []time.Time
	queue   queue
	version []int32
}

// leastSimilar is the similarity below which two documents count as strangers.
const leastSimilar = 0.02

// newLinkage compares all vectors by their common terms.
func newLinkage(vectors []vector, o Options) *linkage {
	n := len(vectors)
	l := &linkage{o: o, parent: make([]int32, n), size: make([]float64, n), links: make([]map[int32]float32, n),
		from: make([]time.Time, n), to: make([]time.Time, n), version: make([]int32, n)}
	var holders [][]part // by term: earlier documents with their weight
	sums := make([]float32, n)
	var touched []int32
	for i, v := range vectors {
		l.parent[i], l.size[i] = int32(i), 1
		l.links[i] = map[int32]float32{}
		for _, p := range v {
			for int(p.term) >= len(holders) {
				holders = append(holders, nil)
			}
			for _, h := range holders[p.term] {
				if sums[h.term] == 0 {
					touched = append(touched, h.term)
				}
				sums[h.term] += h.weight * p.weight
			}
			holders[p.term] = append(holders[p.term], part{int32(i), p.weight})
		}
		for _, j := range touched {
			if sums[j] >= leastSimilar {
				l.links[i][j] = sums[j]
				l.links[j][int32(i)] = sums[j]
			}
			sums[j] = 0
		}
		touched = touched[:0]
	}
	return l
}

// place tells when document i was published.
func (l *linkage) place(i int, published time.Time) {
	l.from[i], l.to[i] = published, published
}

// candidate is a pair of groups that may be joined.
type candidate struct {
	similar            float64
	a, b               int32
	versionA, versionB int32
}

// queue is a heap of candidates, most similar first; ties go to the earlier ones.
type queue []candidate

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].similar != q[j].similar {
		return q[i].similar > q[j].similar
	}
	if q[i].a != q[j].a {
		return q[i].a < q[j].a
	}
	return q[i].b < q[j].b
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push adds a candidate; it is heap.Interface's.
func (q *queue) Push(x any) { *q = append(*q, x.(candidate)) }

// Pop removes the last candidate; it is heap.Interface's.
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// offer queues two groups if they are similar enough and near in time.
func (l *linkage) offer(a, b int32) {
	similar := float64(l.links[a][b]) / (l.size[a] * l.size[b])
	if similar < l.o.Cut || !l.near(a, b) {
		return
	}
	l.queue = append(l.queue, candidate{similar, min(a, b), max(a, b), l.version[min(a, b)], l.version[max(a, b)]})
}

// near reports whether two groups fit into one window.
func (l *linkage) near(a, b int32) bool {
	from, to := span(l, a, b)
	return from.IsZero() || to.Sub(from) <= l.o.Window
}

// span returns the earliest and latest known time of two groups.
func span(l *linkage, a, b int32) (from, to time.Time) {
	from, to = l.from[a], l.to[a]
	if from.IsZero() || !l.from[b].IsZero() && l.from[b].Before(from) {
		from = l.from[b]
	}
	if to.IsZero() || l.to[b].After(to) {
		to = l.to[b]
	}
	return from, to
}

// join joins groups until no two are similar enough.
func (l *linkage) join() {
	for a := range l.links {
		for b := range l.links[a] {
			if int32(a) < b {
				l.offer(int32(a), b)
			}
		}
	}
	heap.Init(&l.queue)
	for len(l.queue) > 0 {
		c := heap.Pop(&l.queue).(candidate)
		if l.version[c.a] == c.versionA && l.version[c.b] == c.versionB {
			l.merge(c.a, c.b)
		}
	}
}

// merge puts group b into group a.
func (l *linkage) merge(a, b int32) {
	l.from[a], l.to[a] = span(l, a, b)
	l.size[a] += l.size[b]
	l.parent[b] = a
	l.version[a]++
	l.version[b] = -1
	for c, sum := range l.links[b] {
		delete(l.links[c], b)
		if c != a {
			l.links[a][c] += sum
			l.links[c][a] = l.links[a][c]
		}
	}
	delete(l.links[a], b)
	l.links[b] = nil
	for c := range l.links[a] {
		before := len(l.queue)
		l.offer(a, c)
		if len(l.queue) > before {
			heap.Fix(&l.queue, len(l.queue)-1)
		}
	}
}

// groups returns the members of every group in order, groups by their first.
func (l *linkage) groups() [][]int {
	root := func(i int32) int32 {
		for l.parent[i] != i {
			i = l.parent[i]
		}
		return i
	}
	at := map[int32]int{}
	var groups [][]int
	for i := range l.parent {
		r := root(int32(i))
		k, ok := at[r]
		if !ok {
			k = len(groups)
			at[r] = k
			groups = append(groups, nil)
		}
		groups[k] = append(groups[k], i)
	}
	return slices.Clip(groups)
}
