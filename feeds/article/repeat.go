package article

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
)

// Fingerprint is the hash of a block of text, by which a site's repeated blocks
// are known again: a line of a text (a paragraph is a line, too), or a sentence
// at one of its ends. Case, spacing and punctuation do not count.
type Fingerprint uint64

// Known tells which blocks have been seen on several other pages of the same
// host and are therefore part of the site's furniture. It is asked once for
// each page.
type Known func(blocks []Fingerprint) map[Fingerprint]bool

const (
	// repeatWords and repeatSentence are the least words of a line and of a
	// sentence that can be furniture by repetition alone: shorter ones ("He
	// laughed.") are repeated by authors, too.
	repeatWords    = 3
	repeatSentence = 4
	// headLines and tailLines are how many lines at either end of a text are
	// looked at as its ends: feeds put up to three lines below an item.
	headLines, tailLines = 2, 5
	// tailSentences is how many sentences at the end of such a line are.
	tailSentences = 2
	// maxBlocks bounds the fingerprints taken of one page: what is kept of
	// hostile pages must not fill a disk.
	maxBlocks = 48
)

// FingerprintOf returns the fingerprint of a block of text.
func FingerprintOf(text string) Fingerprint {
	var buf [256]byte
	b := buf[:0]
	var d xxhash.Digest
	d.Reset()
	for i := 0; i < len(text); {
		if len(b) > len(buf)-utf8.UTFMax {
			_, _ = d.Write(b) // a hash takes everything
			b = buf[:0]
		}
		c := text[i]
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b = append(b, c)
		case c >= 'A' && c <= 'Z':
			b = append(b, c+('a'-'A'))
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRuneInString(text[i:])
			if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
				b = utf8.AppendRune(b, unicode.ToLower(r))
			}
			i += n
			continue
		}
		i++
	}
	_, _ = d.Write(b)
	return Fingerprint(d.Sum64())
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
			if n := countWords(lines[at]); n >= repeatWords && n <= shortBlock {
				set = add(set, FingerprintOf(lines[at]))
			}
		}
	}
	return set[:min(len(set), maxBlocks)]
}

// Ends returns the fingerprints of the lines and sentences at both ends of a
// text, each once.
func Ends(text string) []Fingerprint {
	lines := linesOf(text)
	set := make([]Fingerprint, 0, headLines+tailLines+8)
	for i, line := range lines {
		head, tail := i < headLines, i >= len(lines)-tailLines
		if !head && !tail {
			continue
		}
		if countWords(line) >= repeatWords {
			set = add(set, FingerprintOf(line))
		}
		if first := firstSentence(line); head && countWords(first) >= repeatSentence {
			set = add(set, FingerprintOf(first))
		}
		for rest, n := line, 0; tail && n < tailSentences; n++ {
			last := lastSentence(rest)
			if countWords(last) < repeatSentence {
				break
			}
			set = add(set, FingerprintOf(last))
			rest = strings.TrimRight(rest[:len(rest)-len(last)], " ")
		}
	}
	return set
}

// Strip takes the furniture out of a page's text: every line that is known,
// and known sentences at the ends.
func Strip(text string, known map[Fingerprint]bool) string {
	if len(known) == 0 {
		return text
	}
	return Trim(keep(text, func(_ int, line string) bool { return !repeated(line, known) }), known)
}

// Trim takes known lines and sentences off both ends of a text and leaves what
// stands between them alone. It may leave nothing.
func Trim(text string, known map[Fingerprint]bool) string {
	if len(known) == 0 {
		return text
	}
	lines := linesOf(text)
	begin, end := 0, len(lines)
	for end > begin && len(lines)-end < tailLines && repeated(lines[end-1], known) {
		end--
	}
	for begin < end && begin < headLines && repeated(lines[begin], known) {
		begin++
	}
	text = keep(text, func(i int, _ string) bool { return i >= begin && i < end })
	if begin == end {
		return ""
	}
	if first := firstSentence(lines[begin]); countWords(first) >= repeatSentence && known[FingerprintOf(first)] {
		text = strings.TrimLeft(text[len(first):], " \n")
	}
	for range tailSentences {
		last := lastSentence(text[strings.LastIndexByte(text, '\n')+1:])
		if countWords(last) < repeatSentence || !known[FingerprintOf(last)] {
			break
		}
		text = strings.TrimRight(text[:len(text)-len(last)], " \n")
	}
	return text
}

func repeated(line string, known map[Fingerprint]bool) bool {
	return countWords(line) >= repeatWords && known[FingerprintOf(line)]
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

// keep is a text with those of its lines for which wanted is true; i counts
// the lines that are not blank.
func keep(text string, wanted func(i int, line string) bool) string {
	var b strings.Builder
	i, gap := 0, ""
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case line == "":
			gap = "\n\n"
			continue
		case wanted(i, line):
			if b.Len() > 0 {
				b.WriteString(gap)
			}
			b.WriteString(line)
			gap = "\n"
		}
		i++
	}
	return b.String()
}

// sentenceEnds are the marks that end a sentence; those of the Latin kind only
// before a space.
const sentenceEnds = ".!?…。！？।؟"

// firstSentence is the beginning of a line up to the end of a sentence with
// which the line does not end; "" if the line is one sentence.
func firstSentence(line string) string {
	for i := 0; i < len(line); {
		n := endAt(line, i)
		if n > 0 && strings.TrimSpace(line[i+n:]) != "" {
			return line[:i+n]
		}
		_, size := utf8.DecodeRuneInString(line[i:])
		i += size
	}
	return ""
}

// lastSentence is the end of a line behind the last end of a sentence before
// it; "" if the line is one sentence.
func lastSentence(line string) string {
	for i := len(line); i > 0; {
		_, size := utf8.DecodeLastRuneInString(line[:i])
		i -= size
		if n := endAt(line, i); n > 0 {
			if last := strings.TrimLeft(line[i+n:], " "); last != "" {
				return last
			}
		}
	}
	return ""
}

// endAt is the length of the end of a sentence at i, closing quotes included;
// 0 if there is none.
func endAt(line string, i int) int {
	r, n := utf8.DecodeRuneInString(line[i:])
	if !strings.ContainsRune(sentenceEnds, r) {
		return 0
	}
	for i+n < len(line) {
		next, size := utf8.DecodeRuneInString(line[i+n:])
		if !strings.ContainsRune("\"'”’»)]", next) {
			break
		}
		n += size
	}
	if r >= 0x2E80 || i+n == len(line) || line[i+n] == ' ' {
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
