package summarize

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Errors of Summarize and Card; test for them with errors.Is.
var (
	// ErrEmpty reports a text without a single letter or digit.
	ErrEmpty = errors.New("summarize: the text is empty")
	// ErrBinary reports input that is not text: NUL bytes, or to more than a tenth
	// invalid UTF-8 and control characters.
	ErrBinary = errors.New("summarize: the input is not text")
	// ErrTooShort reports that a summary would not save enough of the text to be
	// worth showing; a card then shows the headline alone.
	ErrTooShort = errors.New("summarize: the text is too short to be worth condensing")
)

// Options says how long a summary shall be and what is known of the text. The
// zero value asks for two to four sentences and detects the language.
type Options struct {
	// Sentences is the exact number of sentences, as far as the text has them;
	// 0 lets the ranker choose between two and four.
	Sentences int
	// Words bounds the words of the whole summary; 0 means no bound. The first
	// chosen sentence is given even if it alone is longer.
	Words int
	// Lang is the language the feed or page claims (BCP 47), "" if unknown.
	Lang string
}

// Summary is a choice of sentences in the order of the text.
type Summary struct {
	// Sentences holds the text of each chosen sentence, byte for byte as in the
	// input.
	Sentences []string
	// Spans holds the byte offsets of each sentence in the input text.
	Spans []Span
	// Language is the text's BCP 47 base language, "" if unknown.
	Language string
}

// Span is a half-open range [Start, End) of byte offsets.
type Span struct{ Start, End int }

// Limits on what is looked at, so that the work for one text is bounded. A news
// article has 5 kB and 40 sentences; what lies beyond a hundred times that has
// never been part of a summary.
const (
	maxBytes     = 1 << 19
	maxSentences = 600
)

// Summarize condenses text, whose paragraphs are separated by newlines, to the
// sentences that tell most of it. Title may be empty; a sentence that only
// repeats it is not chosen. The result has at least one sentence unless the error
// is ErrEmpty or ErrBinary.
func Summarize(title, text string, o Options) (Summary, error) {
	return weights().Summarize(title, text, o)
}

// Summarize condenses text with the weights of m.
func (m *Model) Summarize(title, text string, o Options) (Summary, error) {
	if err := check(text); err != nil {
		return Summary{}, err
	}
	a := Analyze(title, text, o.Lang, m)
	chosen := a.choose(o, m)
	s := Summary{Language: a.Language}
	for _, i := range chosen {
		span := a.Spans[i]
		s.Spans = append(s.Spans, span)
		s.Sentences = append(s.Sentences, text[span.Start:span.End])
	}
	return s, nil
}

// check refuses what is not text and what says nothing.
func check(text string) error {
	head := text[:min(len(text), maxBytes)]
	if strings.IndexByte(head, 0) >= 0 {
		return ErrBinary
	}
	letters, bad := 0, 0
	for i, r := range head {
		switch {
		case r == utf8.RuneError:
			// A rune cut by the limit is not the text's fault.
			if _, size := utf8.DecodeRuneInString(head[i:]); size == 1 && i+utf8.UTFMax < len(head) {
				bad++
			}
		case unicode.IsSpace(r):
		case unicode.IsControl(r):
			bad++ // of the bytes of a program every tenth is one in any 8-bit charset
		default:
			letters++
		}
	}
	switch {
	case bad > 0 && bad*10 > letters:
		return ErrBinary
	case letters == 0:
		return ErrEmpty
	}
	return nil
}

// Thresholds of Card. A summary has to save 40 % of the text (PRODUCT's rule for
// cards); a text of one or two sentences has nothing to choose from, and one of a
// line or two is a teaser.
const (
	minSaved         = 0.4
	minCardSentences = 3
	minCardRunes     = 240
)

// Card condenses text as Summarize does, but returns ErrTooShort when the summary
// would not save 40 % of the text or the text has too few sentences to choose
// from: cards then show the headline alone.
func Card(title, text string, o Options) (Summary, error) {
	s, err := Summarize(title, text, o)
	if err != nil {
		return Summary{}, err
	}
	kept := 0
	for _, sentence := range s.Sentences {
		kept += utf8.RuneCountInString(sentence)
	}
	whole := 0
	spans := Split(TrimBoilerplate(text[:min(len(text), maxBytes)]), s.Language)
	for _, span := range spans {
		whole += utf8.RuneCountInString(text[span.Start:span.End])
	}
	if len(spans) < minCardSentences || whole < minCardRunes || float64(kept) > (1-minSaved)*float64(whole) {
		return Summary{}, ErrTooShort
	}
	return s, nil
}
