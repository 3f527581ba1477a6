package main

import (
	"math/rand/v2"
	"sync"

	"broadsheet/summarize"
)

// recipe holds what can be varied from one training to another.
type recipe struct {
	seed              uint64
	workers           int
	rounds, setRounds int
	depth, setDepth   int
	maxSentences      int // of a document that become rows
	setsPerDocument   int
	candidates        int
	contest           int     // tree for sets from which they compete
	second            float64 // share of ROUGE-2 in a set's target
	progress          func(stage string, done, total int)
}

// languages of the training data, as Model.Languages wants them.
const languages = "en fr vi "

// learn makes a model from documents that were prepared.
//
// What is learned on one half of the documents describes the other half for the
// next stage (cross-fitting); otherwise the next stage would trust scores that were
// fitted to the very documents it sees.
func (r recipe) learn(docs []*document) *summarize.Model {
	rarity := rarityOf(docs)
	halves := [2][]*document{}
	for _, d := range docs {
		halves[d.half] = append(halves[d.half], d)
	}
	var words [3]*summarize.Model
	var wg sync.WaitGroup
	for i, part := range [][]*document{halves[0], halves[1], docs} {
		wg.Go(func() { words[i] = learnWords(languages, part, rarity) })
	}
	wg.Wait()
	r.progress("words", 1, 1)

	forests := r.sentences(docs, words)
	m := words[2]
	m.Sentences = average(forests)
	m.Sets = r.sets(docs, words, forests)
	return m
}

// sentences grows, on each half, a forest that tells which sentences the human
// summary leans on.
func (r recipe) sentences(docs []*document, words [3]*summarize.Model) [2]summarize.Forest {
	features := make([][][]float32, len(docs))
	parallel(docs, r.workers, func(_, i int, d *document) {
		m := words[1-d.half]
		features[i] = d.analyze(m).Features(m)
	})
	r.progress("features", 1, 1)
	var sample [][]float32
	for i := range features {
		if i%max(1, len(features)/2000) == 0 {
			sample = append(sample, features[i]...)
		}
	}
	edges := edgesOf(sample, summarize.FeatureCount)
	var tables [2]*table
	for half := range tables {
		tables[half] = &table{width: summarize.FeatureCount, edges: edges}
	}
	for i, d := range docs {
		for k, row := range features[i][:min(len(features[i]), r.maxSentences)] {
			target := float32(0)
			if d.oracle[k] {
				target = 1
			}
			tables[d.half].add(row, target, d.weight)
		}
		features[i] = nil
	}
	return r.growHalves("sentences", tables, boosting{rounds: r.rounds, depth: r.depth, rate: 0.1, rowShare: 0.6, columnShare: 0.6,
		minWeight: 15, lambda: 1, logistic: true, seed: r.seed})
}

// growHalves grows a forest on each of two tables at once.
func (r recipe) growHalves(stage string, tables [2]*table, b boosting) [2]summarize.Forest {
	var forests [2]summarize.Forest
	var wg sync.WaitGroup
	for half := range forests {
		b := b
		b.seed += uint64(half)
		if half == 0 {
			b.progress = func(done int) { r.progress(stage, done, b.rounds) }
		}
		wg.Go(func() { forests[half] = b.grow(tables[half]) })
	}
	wg.Wait()
	return forests
}

// average joins two forests over the same bins into one that gives their mean.
func average(f [2]summarize.Forest) summarize.Forest {
	out := summarize.Forest{Edges: f[0].Edges, Bias: (f[0].Bias + f[1].Bias) / 2}
	for _, forest := range f {
		for _, tree := range forest.Trees {
			half := append([]summarize.Node(nil), tree...)
			for i := range half {
				if half[i].Feature == summarize.Leaf {
					half[i].Right /= 2
				}
			}
			out.Trees = append(out.Trees, half)
		}
	}
	return out
}

// setRow is a set of sentences as the reranker learns from it.
type setRow struct {
	features []float32
	target   float32
}

// sets grows the forest that compares sets: how much better a set scores than the
// other sets of its document.
func (r recipe) sets(docs []*document, words [3]*summarize.Model, forests [2]summarize.Forest) summarize.Forest {
	rows := make([][]setRow, len(docs))
	scorers := [2]*summarize.Scorer{forests[0].Scorer(), forests[1].Scorer()}
	parallel(docs, r.workers, func(_, i int, d *document) {
		rows[i] = r.setRows(d, words[1-d.half], &forests[1-d.half], scorers[1-d.half])
	})
	r.progress("set features", 1, 1)
	var sample [][]float32
	for i := range rows {
		if i%max(1, len(rows)/3000) == 0 {
			for _, row := range rows[i] {
				sample = append(sample, row.features)
			}
		}
	}
	t := &table{width: summarize.SetFeatureCount, edges: edgesOf(sample, summarize.SetFeatureCount)}
	for i, d := range docs {
		for _, one := range []bool{true, false} {
			for _, row := range rows[i] {
				if (row.features[0] == 1) == one {
					t.add(row.features, row.target, d.weight)
				}
			}
			t.groups = append(t.groups, t.rows())
		}
		rows[i] = nil
	}
	b := boosting{rounds: r.setRounds, depth: r.setDepth, rate: 0.1, rowShare: 0.5, columnShare: 0.7, minWeight: 200, lambda: 1,
		seed: r.seed + 7, contest: r.contest, progress: func(done int) { r.progress("sets", done, r.setRounds) }}
	return b.grow(t)
}

// setRows draws sets of one document and scores them against its summary.
func (r recipe) setRows(d *document, m *summarize.Model, forest *summarize.Forest, scorer *summarize.Scorer) []setRow {
	a := d.analyze(m)
	var logits []float32
	var bins []uint8
	for _, row := range a.Features(m) {
		bins = forest.Bins(bins[:0], row)
		logits = append(logits, scorer.Value(scorer.Score(bins, 0, scorer.Trees())))
	}
	rank := summarize.NewRanking(a, m, logits)
	var sets [][]int
	rank.Sets(r.candidates, 1, 4, func(set []int) { sets = append(sets, append([]int(nil), set...)) })
	rng := rand.New(rand.NewPCG(r.seed, uint64(len(d.Text))))
	rng.Shuffle(len(sets), func(i, j int) { sets[i], sets[j] = sets[j], sets[i] })
	quota := [5]int{0, 6, r.setsPerDocument / 4, r.setsPerDocument / 2, r.setsPerDocument / 4}
	var out []setRow
	var sums, counts [2]float64
	for _, set := range sets {
		if quota[len(set)]--; quota[len(set)] < 0 {
			continue
		}
		var parts [4][]int32
		for k, i := range set {
			parts[k] = d.encoded[i]
		}
		r1, r2 := d.ref.score(parts[:len(set)]...)
		out = append(out, setRow{features: rank.SetFeatures(nil, set), target: float32(r1 + r.second*r2)})
		sums[single(set)] += r1 + r.second*r2
		counts[single(set)]++
	}
	for i := range out {
		one := 1
		if out[i].features[0] > 1 {
			one = 0
		}
		out[i].target -= float32(sums[one] / counts[one])
	}
	return out
}

// single is 1 for a set of one sentence: those compete among themselves only.
func single(set []int) int {
	if len(set) == 1 {
		return 1
	}
	return 0
}
