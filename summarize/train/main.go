// Command train learns the weights that summarize ranks sentences with, from
// articles with human summaries:
//
//	go run ./summarize/train -data ../shared/data/summaries -out summarize/model.bin
//
// The result depends on the data, the flags and the seed alone; beside it, model.txt records
// the sha256 of every input. With -cv it reports instead, by cross-validation, the
// data sets that have no training file. With -eval it judges the embedded weights.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/mattn/go-isatty"

	"broadsheet/summarize"
)

// folds of the cross-validation.
const folds = 4

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

// settings are the command's flags.
type settings struct {
	data, out string
	hyps      string
	docs      int
	cv, eval  bool
	recipe    recipe
}

func run(args []string) error {
	var s settings
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	flags.StringVar(&s.data, "data", "../shared/data/summaries", "folder of the summary data")
	flags.StringVar(&s.out, "out", "summarize/model.bin", "file to write the weights to")
	flags.IntVar(&s.docs, "docs", 0, "articles of cnndm.train to use, 0 = all")
	flags.BoolVar(&s.cv, "cv", false, "cross-validate the sets without a training file; write nothing")
	flags.BoolVar(&s.eval, "eval", false, "judge the embedded weights; write nothing")
	flags.StringVar(&s.hyps, "hyps", "", "folder to write the judged summaries to, for shared/tools/rouge")
	flags.Uint64Var(&s.recipe.seed, "seed", 1, "seed of all random draws")
	flags.IntVar(&s.recipe.rounds, "rounds", 220, "trees for sentences, on each half")
	flags.IntVar(&s.recipe.depth, "depth", 6, "depth of these")
	flags.IntVar(&s.recipe.setRounds, "set-rounds", 500, "trees for sets")
	flags.IntVar(&s.recipe.setDepth, "set-depth", 6, "depth of these")
	flags.IntVar(&s.recipe.candidates, "candidates", 8, "sentences that sets are drawn from")
	flags.IntVar(&s.recipe.setsPerDocument, "sets", 60, "sets of an article to learn from")
	flags.IntVar(&s.recipe.contest, "contest", 100, "tree for sets from which the sets of an article compete, 0 = never")
	flags.Float64Var(&s.recipe.second, "second", 0.5, "weight of ROUGE-2 beside ROUGE-1 when sets are compared")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if deepest := max(s.recipe.depth, s.recipe.setDepth); deepest > summarize.MaxDepth {
		return fmt.Errorf("-depth and -set-depth may be %d at most, not %d", summarize.MaxDepth, deepest)
	}
	s.recipe.maxSentences = 50
	s.recipe.workers = runtime.GOMAXPROCS(0)
	s.recipe.progress = progressOn(os.Stderr, isatty.IsTerminal(os.Stderr.Fd()))
	switch {
	case s.eval:
		m, err := summarize.Embedded()
		if err != nil {
			return err
		}
		return s.report(func(*document) *summarize.Model { return m }, trials)
	case s.cv:
		return s.crossValidate()
	}
	return s.train()
}

// progressOn returns a reporter: one rewritten line on a terminal, else one line
// for each stage.
func progressOn(w *os.File, terminal bool) func(stage string, done, total int) {
	return func(stage string, done, total int) {
		switch {
		case terminal:
			const width = 30
			fmt.Fprintf(w, "\r%-14s [%-*s] %d/%d ", stage, width, strings.Repeat("=", done*width/total), done, total)
			if done == total {
				fmt.Fprintln(w)
			}
		case done == total:
			fmt.Fprintf(w, "%s: done\n", stage)
		}
	}
}

// load reads and prepares the training documents; inputs lists their hashes.
func (s settings) load() (docs []*document, inputs string, err error) {
	sources := []source{{"cnndm.train", s.docs}, {"xsum.dev", 0}, {"orangesum_fr.dev", 0}, {"vietnews.dev", 0}}
	for _, src := range sources {
		part, sum, err := src.read(s.data, s.recipe.seed)
		if err != nil {
			return nil, "", err
		}
		for _, d := range part {
			if src.set != "cnndm.train" {
				d.weight = 3
			}
		}
		docs = append(docs, part...)
		inputs += fmt.Sprintf("%s  %s.jsonl.gz (%d articles used)\n", sum, src.set, len(part))
	}
	blank := summarize.NewModel()
	blank.Languages = languages
	stems := make([]stemmer, s.recipe.workers)
	for w := range stems {
		stems[w] = stemmer{}
	}
	parallel(docs, s.recipe.workers, func(w, _ int, d *document) { d.prepare(blank, stems[w]) })
	s.recipe.progress("documents", 1, 1)
	return docs, inputs, nil
}

func (s settings) train() error {
	docs, inputs, err := s.load()
	if err != nil {
		return err
	}
	m := s.recipe.learn(docs)
	data, err := m.MarshalBinary()
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.out, data, 0o644); err != nil {
		return fmt.Errorf("write weights: %w", err)
	}
	r := s.recipe
	note := fmt.Sprintf("Made by summarize/train -docs %d -seed %d -rounds %d -depth %d -set-rounds %d -set-depth %d"+
		" -candidates %d -sets %d -contest %d -second %g from (sha256):\n%s", s.docs, r.seed, r.rounds, r.depth, r.setRounds, r.setDepth,
		r.candidates, r.setsPerDocument, r.contest, r.second, inputs)
	if err := os.WriteFile(strings.TrimSuffix(s.out, ".bin")+".txt", []byte(note), 0o644); err != nil {
		return fmt.Errorf("write note: %w", err)
	}
	fmt.Printf("%s: %d bytes\n", s.out, len(data))
	// The other sets were trained on: only these two say something.
	return s.report(func(*document) *summarize.Model { return m }, trials[:4])
}

// report judges models on trials.
func (s settings) report(model func(*document) *summarize.Model, trials []trial) error {
	for _, t := range trials {
		docs, _, err := source{t.set, 0}.read(s.data, s.recipe.seed)
		if err != nil {
			return err
		}
		if s.hyps != "" {
			if err := t.write(s.hyps, docs, model); err != nil {
				return err
			}
		}
		fmt.Printf("%s %d: %v\n", t.set, t.sentences, t.judge(docs, s.recipe.workers, model))
	}
	return nil
}

// crossValidate trains as often as there are folds, each time without one fold of
// the sets that have no training file, and judges each fold by the model that has
// not seen it.
func (s settings) crossValidate() error {
	docs, _, err := s.load()
	if err != nil {
		return err
	}
	var models [folds]*summarize.Model
	for fold := range folds {
		var rest []*document
		for _, d := range docs {
			if d.set == "cnndm.train" || d.fold != fold {
				rest = append(rest, d)
			}
		}
		models[fold] = s.recipe.learn(rest)
	}
	return s.report(func(d *document) *summarize.Model { return models[d.fold] }, trials[4:])
}
