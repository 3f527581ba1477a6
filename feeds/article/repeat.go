package article

import (
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
)

// Fingerprint is the hash of a block of text, by which a site's repeated blocks
// are known again: a line of a text (a paragraph is a line, too), or a sentence
// at one of its ends. Case, spacing and punctuation do not count.
type Fingerprint uint64

// Known are the blocks that several pages of one host had, and that are
// therefore furniture of the site.
type Known map[Fingerprint]bool

const (
	// repeatWords and repeatSentence are the least words of a line and of a
	// sentence at the ends that can be furniture by repetition alone: shorter
	// ones ("He laughed.") are repeated by authors, too. In the middle of a text
	// so are longer ones ("No injuries were reported.", "Salt and pepper to
	// taste", the questions of an interview): a line needs middleWords there.
	repeatWords    = 3
	repeatSentence = 4
	middleWords    = 6
	// headLines and tailLines are how many lines at either end of a text are
	// looked at as its ends: feeds put up to three lines below an item.
	headLines, tailLines = 2, 5
	// maxLine is the length of the longest line, in bytes, that is taken for a
	// block of its own.
	maxLine = 1000
	// maxSentence is the length of the longest sentence that is, in bytes.
	maxSentence = 300
	// tailSentences is how many sentences at the end of such a line are.
	tailSentences = 2
	// maxBlocks bounds the fingerprints taken of one page: what is kept of
	// hostile pages must not fill a disk.
	maxBlocks = 48
)

// FingerprintOf returns the fingerprint of a block of text: the hash of its
// letters and digits, of a long one those at its ends, with its length.
func FingerprintOf(text string) Fingerprint {
	var buf [4 * partOfBlock]byte
	b := buf[:0]
	if len(text) <= 2*partOfBlock {
		b = appendFolded(b, text)
	} else {
		b = appendFolded(b, text[:partOfBlock])
		b = appendFolded(b, text[len(text)-partOfBlock:])
		b = binary.AppendUvarint(b, uint64(len(text)))
	}
	return Fingerprint(xxhash.Sum64(b))
}

// partOfBlock is how much of either end of a block is hashed, in bytes: feeds
// are compared item by item at every visit.
const partOfBlock = 64

// appendFolded appends the letters, marks and digits of s in lower case.
func appendFolded(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b = append(b, c)
		case c >= 'A' && c <= 'Z':
			b = append(b, c+('a'-'A'))
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(s[i:])
			if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
				b = utf8.AppendRune(b, unicode.ToLower(r))
			}
			i += n
			continue
		}
		i++
	}
	return b
}

// Blocks returns the fingerprints by which a site's furniture may be known in
// the text of one of its pages, 48 at most, each once: the lines as long as
// furniture is, anywhere; those at the ends of the text, of any length; and the
// sentences at the ends.
func Blocks(text string) []Fingerprint {
	lines := linesOf(text)
	set := Ends(text)
	for i := 0; len(set) < maxBlocks && i < (len(lines)+1)/2; i++ {
		// From both ends inwards: if the page has too many, the middle is missing.
		for _, at := range [...]int{len(lines) - 1 - i, i} {
			if n := countWords(lines[at]); n >= middleWords && n <= shortBlock {
				set = add(set, FingerprintOf(lines[at]))
			}
		}
	}
	return set[:min(len(set), maxBlocks)]
}

// Ends returns the fingerprints of the lines and sentences at both ends of a
// text, each once.
func Ends(text string) []Fingerprint {
	set := make([]Fingerprint, 0, headLines+tailLines+8)
	line, rest := "", text
	for range headLines {
		if line, rest = cutLine(rest); line == "" {
			break
		}
		set = addLine(set, line)
		if first := firstSentence(line); enough(first, repeatSentence) {
			set = add(set, FingerprintOf(first))
		}
	}
	rest = text
	for range tailLines {
		if rest, line = cutLastLine(rest); line == "" {
			break
		}
		set = addLine(set, line)
		for range tailSentences {
			last := lastSentence(line)
			if !enough(last, repeatSentence) {
				break
			}
			set = add(set, FingerprintOf(last))
			line = strings.TrimRight(line[:len(line)-len(last)], " ")
		}
	}
	return set
}

// addLine adds a line that may be furniture as a whole.
func addLine(set []Fingerprint, line string) []Fingerprint {
	if len(line) > maxLine || !enough(line, repeatWords) {
		return set
	}
	return add(set, FingerprintOf(line))
}

// cutLine splits a text behind its first line that is not blank.
func cutLine(text string) (line, rest string) {
	text = strings.TrimLeft(text, "\n")
	line, rest, _ = strings.Cut(text, "\n")
	return line, rest
}

// cutLastLine splits a text before its last line that is not blank.
func cutLastLine(text string) (rest, line string) {
	text = strings.TrimRight(text, "\n")
	i := strings.LastIndexByte(text, '\n') + 1
	return text[:i], text[i:]
}

// enough reports whether s has at least n words, as countWords counts them.
func enough(s string, n int) bool {
	// Words of the Latin kind are told by their spaces alone.
	spaces := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ' ':
			if spaces++; spaces >= n {
				return true
			}
		case s[i] >= utf8.RuneSelf:
			return countWords(s[:min(len(s), maxLine)]) >= n
		}
	}
	return len(s) > 0 && spaces+1 >= n
}

// Strip takes the furniture out of a page's text: every known line of some
// length, and known lines and sentences at the ends.
func Strip(text string, known Known) string {
	if len(known) == 0 {
		return text
	}
	var b strings.Builder
	gap := ""
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case line == "":
			gap = "\n\n"
		case !repeated(line, known, middleWords):
			if b.Len() > 0 {
				b.WriteString(gap)
			}
			b.WriteString(line)
			gap = "\n"
		}
	}
	return Trim(b.String(), known)
}

// Trim takes known lines and sentences off both ends of a text and leaves what
// stands between them alone. It may leave nothing.
func Trim(text string, known Known) string {
	if len(known) == 0 {
		return text
	}
	for range tailLines {
		rest, line := cutLastLine(text)
		if !repeated(line, known, repeatWords) {
			break
		}
		text = strings.TrimRight(rest, "\n")
	}
	for range headLines {
		line, rest := cutLine(text)
		if !repeated(line, known, repeatWords) {
			break
		}
		text = strings.TrimLeft(rest, "\n")
	}
	line, _ := cutLine(text)
	if first := firstSentence(line); enough(first, repeatSentence) && known[FingerprintOf(first)] {
		text = strings.TrimLeft(text[len(first):], " \n")
	}
	for range tailSentences {
		_, line := cutLastLine(text)
		last := lastSentence(line)
		if !enough(last, repeatSentence) || !known[FingerprintOf(last)] {
			break
		}
		text = strings.TrimRight(text[:len(text)-len(last)], " \n")
	}
	return text
}

// repeated reports whether a line of at least that many words is known.
func repeated(line string, known Known, words int) bool {
	return len(line) <= maxLine && enough(line, words) && known[FingerprintOf(line)]
}

// linesOf are the lines of a text that are not blank.
func linesOf(text string) []string {
	lines := make([]string, 0, 1+strings.Count(text, "\n"))
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// firstSentence is the beginning of a line up to the end of a sentence with
// which the line does not end; "" if the line is one sentence, or the sentence
// longer than any that is looked at.
func firstSentence(line string) string {
	for i := 0; i < len(line) && i < maxSentence; i++ {
		n := endAt(line, i)
		if n > 0 && strings.TrimSpace(line[i+n:]) != "" {
			return line[:i+n]
		}
	}
	return ""
}

// lastSentence is the end of a line behind the last end of a sentence before
// it; "" if the line is one sentence, or the sentence longer than any that is
// looked at.
func lastSentence(line string) string {
	for i := len(line) - 1; i >= 0 && i >= len(line)-maxSentence; i-- {
		if n := endAt(line, i); n > 0 {
			if last := strings.TrimLeft(line[i+n:], " "); last != "" {
				return last
			}
		}
	}
	return ""
}

// endAt is the length of the end of a sentence that begins at byte i, closing
// quotes included; 0 if none does. Marks of the Latin kind end a sentence only
// before a space.
func endAt(line string, i int) int {
	n := 1
	wide := false
	switch c := line[i]; {
	case c == '.', c == '!', c == '?':
	case c < utf8.RuneSelf || !utf8.RuneStart(c):
		return 0
	default:
		var r rune
		if r, n = utf8.DecodeRuneInString(line[i:]); !strings.ContainsRune("…。！？।؟", r) {
			return 0
		}
		wide = r >= 0x2E80
	}
	for i+n < len(line) {
		next, size := utf8.DecodeRuneInString(line[i+n:])
		if !strings.ContainsRune("\"'”’»)]", next) {
			break
		}
		n += size
	}
	if wide || i+n == len(line) || line[i+n] == ' ' {
		return n
	}
	return 0
}

// add appends what a set does not hold yet. Sets are small.
func add(set []Fingerprint, f Fingerprint) []Fingerprint {
	for _, have := range set {
		if have == f {
			return set
		}
	}
	return append(set, f)
}
