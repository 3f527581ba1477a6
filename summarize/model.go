package summarize

import (
	"bytes"
	_ "embed" // holds the weights
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"sync"
)

// Model is everything learned: weights of words and two forests. Summarize uses
// the one embedded in the program; summarize/train makes it.
type Model struct {
	// Languages names the base languages whose words were seen in training, each
	// followed by a space. In others the word tables are not asked.
	Languages string
	// Rarity holds by word hash the inverse document frequency in steps of 1/16.
	Rarity []uint8
	// Lexical holds by hash the weight of a word in a sentence, then of a pair of
	// neighbours, in steps of LexicalStep.
	Lexical []int8
	// Important holds by word hash how much a word tends to be in summaries, in
	// steps of ImportantStep.
	Important []int8
	// Traits holds the weights of a term's traits (see TermTraits), same steps.
	Traits []int8
	// Sentences ranks sentences, Sets ranks sets of them.
	Sentences, Sets Forest

	compiled        sync.Once
	sentences, sets *Scorer
}

// Sizes and steps of the word tables.
const (
	// HashBits is the binary logarithm of the word tables' sizes.
	HashBits = 16
	// LexicalStep is the unit of Model.Lexical.
	LexicalStep = 1.0 / 32
	// ImportantStep is the unit of Model.Important and Model.Traits.
	ImportantStep = 1.0 / 24
	// RarityStep is the unit of Model.Rarity.
	RarityStep = 1.0 / 16
)

//go:embed model.bin
var modelFile []byte

// weights decodes the embedded model once. A damaged file is a mistake of the
// build which every test would show; it leaves an empty model, with which the
// ranking goes by position.
var weights = sync.OnceValue(func() *Model {
	m := new(Model)
	if err := m.UnmarshalBinary(modelFile); err != nil {
		return NewModel()
	}
	return m
})

// NewModel returns a model that has learned nothing.
func NewModel() *Model {
	return &Model{
		Rarity:    make([]uint8, 1<<HashBits),
		Lexical:   make([]int8, 2<<HashBits),
		Important: make([]int8, 1<<HashBits),
		Traits:    make([]int8, TraitCount),
	}
}

// speaks reports whether the model has seen words of lang.
func (m *Model) speaks(lang string) bool {
	return lang != "" && strings.Contains(m.Languages, lang+" ")
}

// Slot is the place of a word in the tables.
func Slot(hash uint64) int { return int((hash ^ hash>>29) & (1<<HashBits - 1)) }

// PairSlot is the place of two neighbouring words in Lexical.
func PairSlot(a, b uint64) int {
	return 1<<HashBits + Slot(a*0x9e3779b97f4a7c15^b)
}

func (m *Model) rarity(hash uint64) float32 {
	return float32(m.Rarity[Slot(hash)]) * RarityStep
}

// lexical scores a sentence by its words, 0 in a language that was not learned.
func (m *Model) lexical(a *Analysis, tokens []token) float32 {
	if !a.lexicon || len(tokens) == 0 {
		return 0
	}
	sum := 0
	for k, t := range tokens {
		h := a.terms[t.term].hash
		sum += int(m.Lexical[Slot(h)])
		if k > 0 {
			sum += int(m.Lexical[PairSlot(a.terms[tokens[k-1].term].hash, h)])
		}
	}
	return float32(float64(sum) * LexicalStep / math.Sqrt(float64(len(tokens))))
}

// TraitCount is the number of weights in Model.Traits.
const TraitCount = 64 + 8 + 12 + 16 + 3 + 8

// TermTraits lists which traits a term has, as indexes into Model.Traits: how
// often and how early it comes, how it looks, in how many sentences it stands,
// how long the text is, whether the title has it.
func (a *Analysis) TermTraits(dst []int, i int) []int {
	t := &a.terms[i]
	at := 0
	add := func(bin, bins int) {
		dst = append(dst, at+bin)
		at += bins
	}
	add(bucket(t.count, 1, 2, 3, 4, 6, 9, 14)*8+bucket(t.first, 0, 1, 2, 4, 8, 15, 25), 64)
	add(bucket(t.spread, 1, 2, 3, 4, 5, 7, 10), 8)
	look := 0
	switch {
	case t.kind&stop != 0:
	case t.kind&number != 0:
		look = 1
	case t.mids > 0 && t.capitals*2 > t.mids:
		look = 2
	default:
		look = 3
	}
	add(look*3+bucket(t.runes, 4, 6), 12)
	size := bucket(int32(a.words), 120, 200, 300, 450, 650, 900, 1300) * 2
	if a.lexicon {
		size++
	}
	add(size, 16)
	switch {
	case t.inTitle:
		add(2, 3)
	case a.hasTitle:
		add(1, 3)
	default:
		add(0, 3)
	}
	if t.kind&stop != 0 {
		add(int(t.lead)+4, 8)
	} else {
		add(int(t.lead), 8)
	}
	return dst
}

// bucket returns how many bounds x exceeds.
func bucket(x int32, bounds ...int32) int {
	for i, b := range bounds {
		if x <= b {
			return i
		}
	}
	return len(bounds)
}

// importance is the probability that a summary of the text uses term i.
func (m *Model) importance(a *Analysis, i int) float32 {
	var traits [8]int
	sum := 0
	for _, k := range a.TermTraits(traits[:0], i) {
		sum += int(m.Traits[k])
	}
	if a.lexicon {
		sum += int(m.Important[Slot(a.terms[i].hash)])
	}
	return sigmoid(float32(sum) * ImportantStep)
}

const modelMagic = "BSM1"

// MarshalBinary encodes the model; a node takes four bytes.
func (m *Model) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(modelMagic)
	parts := []any{uint8(len(m.Languages)), []byte(m.Languages), m.Rarity, m.Lexical, m.Important, m.Traits}
	for _, f := range []*Forest{&m.Sentences, &m.Sets} {
		parts = append(parts, uint16(len(f.Edges)), uint16(len(f.Trees)), f.Bias)
		for _, e := range f.Edges {
			parts = append(parts, uint8(len(e)), e)
		}
		for _, t := range f.Trees {
			parts = append(parts, uint16(len(t)), t)
		}
	}
	for _, p := range parts {
		if err := binary.Write(&b, binary.LittleEndian, p); err != nil {
			return nil, fmt.Errorf("encode model: %w", err)
		}
	}
	return b.Bytes(), nil
}

// UnmarshalBinary decodes what MarshalBinary wrote.
func (m *Model) UnmarshalBinary(data []byte) error {
	r := bytes.NewReader(data)
	magic := make([]byte, len(modelMagic))
	var size uint8
	if err := read(r, magic, &size); err != nil || string(magic) != modelMagic {
		return errModel
	}
	languages := make([]byte, size)
	n := NewModel()
	if err := read(r, languages, n.Rarity, n.Lexical, n.Important, n.Traits); err != nil {
		return err
	}
	n.Languages = string(languages)
	if err := n.Sentences.read(r, FeatureCount); err != nil {
		return err
	}
	if err := n.Sets.read(r, SetFeatureCount); err != nil {
		return err
	}
	m.Languages, m.Rarity, m.Lexical, m.Important, m.Traits = n.Languages, n.Rarity, n.Lexical, n.Important, n.Traits
	m.Sentences, m.Sets = n.Sentences, n.Sets
	return nil
}

// compile prepares the forests for scoring; they must not change afterwards.
func (m *Model) compile() {
	m.compiled.Do(func() { m.sentences, m.sets = m.Sentences.Scorer(), m.Sets.Scorer() })
}

// WithoutWords returns the model as it looks at languages that it has not learned:
// without its word tables. It has no forests.
func (m *Model) WithoutWords() *Model {
	return &Model{Rarity: m.Rarity, Lexical: m.Lexical, Important: m.Important, Traits: m.Traits}
}

// read decodes one forest.
func (f *Forest) read(r *bytes.Reader, features int) error {
	var edges, trees uint16
	if err := read(r, &edges, &trees, &f.Bias); err != nil {
		return err
	}
	f.Edges = make([][]float32, edges)
	for i := range f.Edges {
		var n uint8
		if err := read(r, &n); err != nil {
			return err
		}
		f.Edges[i] = make([]float32, n)
		if err := read(r, f.Edges[i]); err != nil {
			return err
		}
	}
	f.Trees = make([][]Node, trees)
	for i := range f.Trees {
		var n uint16
		if err := read(r, &n); err != nil {
			return err
		}
		f.Trees[i] = make([]Node, n)
		if err := read(r, f.Trees[i]); err != nil {
			return err
		}
	}
	if !f.valid(features) {
		return errModel
	}
	return nil
}

// read decodes values one after another.
func read(r *bytes.Reader, values ...any) error {
	for _, v := range values {
		if err := binary.Read(r, binary.LittleEndian, v); err != nil {
			return fmt.Errorf("%w: %w", errModel, err)
		}
	}
	return nil
}

// Embedded decodes the weights that are built into the program.
func Embedded() (*Model, error) {
	m := new(Model)
	return m, m.UnmarshalBinary(modelFile)
}
