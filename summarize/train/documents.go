package main

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"

	"broadsheet/summarize"
)

// document is one article with its human summary, and what training needs of it.
type document struct {
	ID, Title, Text, Lang string
	Summary               []string

	set    string  // which data set it is from
	half   int     // 0 or 1: what is learned on one half is applied to the other
	fold   int     // of the cross-validation
	weight float32 // of its rows
	mute   bool    // trained as if its language were unknown

	ref       *reference
	encoded   [][]int32 // its sentences in the reference's ids
	oracle    []bool    // sentences the human summary leans on most
	used      map[uint64]bool
	hashes    [][]uint64
	terms     []uint64
	traits    [][]int
	sentences int
}

// source is a file of documents.
type source struct {
	set   string
	limit int
}

// read returns up to limit documents of a file, drawn evenly by seed, and the
// file's sha256.
func (s source) read(dir string, seed uint64) ([]*document, string, error) {
	f, err := os.Open(filepath.Join(dir, s.set+".jsonl.gz"))
	if err != nil {
		return nil, "", fmt.Errorf("read training data: %w", err)
	}
	defer f.Close()
	sum := sha256.New()
	raw := bufio.NewReaderSize(io.TeeReader(f, sum), 1<<20)
	zr, err := gzip.NewReader(raw)
	if err != nil {
		return nil, "", fmt.Errorf("read %s: %w", s.set, err)
	}
	var all []*document
	for d := json.NewDecoder(bufio.NewReaderSize(zr, 1<<20)); d.More(); {
		doc := &document{set: s.set, weight: 1}
		if err := d.Decode(doc); err != nil {
			return nil, "", fmt.Errorf("read %s: %w", s.set, err)
		}
		h := fnv.New64a()
		io.WriteString(h, doc.ID) // a hash cannot fail
		doc.half = int(h.Sum64() >> 20 & 1)
		doc.fold = int(h.Sum64() >> 24 % folds)
		doc.mute = h.Sum64()>>32%5 == 0
		all = append(all, doc)
	}
	if _, err := io.Copy(io.Discard, raw); err != nil {
		return nil, "", fmt.Errorf("read %s: %w", s.set, err)
	}
	// The file holds all of one newspaper first.
	rand.New(rand.NewPCG(seed, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	if s.limit > 0 && len(all) > s.limit {
		all = all[:s.limit]
	}
	return all, hex.EncodeToString(sum.Sum(nil)), nil
}

// prepare computes labels, hashes and traits; m must know the languages, its
// tables may be empty.
func (d *document) prepare(m *summarize.Model, stems stemmer) {
	a := d.analyze(m)
	d.sentences = len(a.Spans)
	var words []string
	d.used = map[uint64]bool{}
	for _, s := range d.Summary {
		words = append(words, stems.tokens(s, d.Lang)...)
		for _, h := range summarize.HashText(s, d.Lang) {
			d.used[h] = true
		}
	}
	d.ref = newReference(words)
	for i, s := range a.Spans {
		d.encoded = append(d.encoded, d.ref.encode(stems.tokens(d.Text[s.Start:s.End], d.Lang)))
		d.hashes = append(d.hashes, a.Hashes(i))
	}
	d.oracle = make([]bool, d.sentences)
	for _, i := range d.ref.oracle(d.encoded) {
		d.oracle[i] = true
	}
	d.terms = a.TermHashes()
	for i := range d.terms {
		d.traits = append(d.traits, a.TermTraits(nil, i))
	}
}

// analyze cuts the document up with the word tables of m.
func (d *document) analyze(m *summarize.Model) *summarize.Analysis {
	if d.mute {
		m = m.WithoutWords()
	}
	return summarize.Analyze(d.Title, d.Text, d.Lang, m)
}

// parallel calls do for every document, on as many goroutines as workers, each
// with its own number.
func parallel(docs []*document, workers int, do func(worker int, i int, d *document)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for w := range workers {
		wg.Go(func() {
			for i := range next {
				do(w, i, docs[i])
			}
		})
	}
	for i := range docs {
		next <- i
	}
	close(next)
	wg.Wait()
}
