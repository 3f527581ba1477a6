package summarize

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/sentences"
)

// Split cuts text into sentences: Unicode's rules (UAX 29), then rules of our own
// for abbreviations, initials, quotations, numbers and lists. A newline always
// ends a sentence. Spans are in order, do not overlap, hold no outer white space
// and cover every other character of the text. Lang, a BCP 47 base language or "",
// picks the abbreviations; unknown languages are read as English.
func Split(text, lang string) []Span {
	s := newSplitter(text, lang)
	for start := 0; start < len(text); {
		end := start + strings.IndexAny(text[start:], "\n\r\u2028\u2029")
		if end < start {
			end = len(text)
		}
		for start < end {
			// Unicode's rules look ahead without bound; pieces keep that linear.
			piece := end
			if piece-start > maxPiece {
				piece = pieceEnd(text, start)
			}
			s.line(start, piece)
			start = piece
		}
		_, size := utf8.DecodeRuneInString(text[end:])
		start = end + size
	}
	return s.spans
}

// maxPiece bounds the bytes of one line that are split at once.
const maxPiece = 1 << 14

// pieceEnd finds where to cut a line that is longer than maxPiece: after the last
// space that fits, else at a rune's edge.
func pieceEnd(text string, start int) int {
	end := start + maxPiece
	if space := strings.LastIndexByte(text[start:end], ' '); space > maxPiece/2 {
		return start + space + 1
	}
	for end > start+1 && !utf8.RuneStart(text[end]) {
		end--
	}
	return end
}

// splitter collects the sentences of one text.
type splitter struct {
	text     string
	lang     string
	common   map[string]abbreviation
	abbr     map[string]abbreviation
	starters map[string]bool
	spans    []Span

	scanned int  // up to where single quotes have been read
	open    bool // whether one is open there
}

func newSplitter(text, lang string) *splitter {
	s := &splitter{text: text, lang: lang, common: abbreviations[""], abbr: abbreviations[lang], starters: starters[lang]}
	if s.abbr == nil {
		s.abbr = abbreviations["en"]
	}
	if s.starters == nil {
		s.starters = starters["en"]
	}
	return s
}

// line splits text[start:end], which holds no newline.
func (s *splitter) line(start, end int) {
	it := sentences.FromString(s.text[start:end])
	from := start
	for it.Next() {
		to := start + it.End()
		from = s.inner(from, max(from, start+it.Start()), to, end)
		to = s.tail(from, to, end)
		if to < end && s.joins(from, to, end) {
			continue
		}
		s.add(from, to)
		from = to
	}
}

// tail moves a boundary that cuts between a stop and what closes its sentence: a
// reference ("[1]"), a closing quotation mark after a space ("?  »"), or an opening
// bracket that belongs to the next sentence ("。「").
func (s *splitter) tail(from, to, end int) int {
	left := s.text[from:to]
	if r, size := utf8.DecodeLastRuneInString(left); strings.ContainsRune("「『（“", r) && s.lang != "de" {
		if before, _ := utf8.DecodeLastRuneInString(left[:len(left)-size]); fullStop(before) {
			return to - size
		}
	}
	if to < end && strings.HasSuffix(left, ".[") && isDigit(rune(s.text[to])) {
		to--
	}
	for to < end {
		rest := s.text[to:end]
		r, size := utf8.DecodeRuneInString(rest)
		next := rest[size:]
		switch {
		case r == '[' && next != "" && isDigit(rune(next[0])) && strings.IndexByte(next, ']') > 0 && strings.IndexByte(next, ']') < 12:
			to += size + strings.IndexByte(next, ']') + 1
		case r == '»' && s.lang != "de", r == '”', r == '’' && (next == "" || next[0] == ' '), r == '"' && (next == "" || next[0] == ' ') && strings.Count(s.text[from:to], `"`)%2 == 1:
			to += size
		case r == '\'' && (next == "" || next[0] == ' ') && s.quoting(to):
			to += size
		default:
			return to
		}
		for to < end && s.text[to] == ' ' {
			to++
		}
	}
	return to
}

// quoting reports whether a single quote that stands alone, as in tokenised text
// (" said: ' No. ' "), is open before at.
func (s *splitter) quoting(at int) bool {
	for ; s.scanned < at; s.scanned++ {
		i := s.scanned
		switch {
		case s.text[i] == '\n':
			s.open = false
		case s.text[i] == '\'' && (i == 0 || s.text[i-1] <= ' ') && (i+1 == len(s.text) || s.text[i+1] <= ' '):
			if plural := i > 1 && s.text[i-2] == 's' && i+2 < len(s.text) && isASCIIAlnum(s.text[i+2]); !plural || s.open {
				s.open = !s.open
			}
		}
	}
	return s.open
}

// add keeps text[from:to] without outer white space, unless nothing is left.
func (s *splitter) add(from, to int) {
	piece := s.text[from:to]
	left := strings.TrimLeftFunc(piece, unicode.IsSpace)
	from += len(piece) - len(left)
	if left = strings.TrimRightFunc(left, unicode.IsSpace); left != "" {
		s.spans = append(s.spans, Span{from, from + len(left)})
	}
}

// inner ends sentences that Unicode's rules do not see, because no space follows
// the stop ("a world.Today is") or because a list runs on ("1) one 2) two"); it
// looks at [segment, to) and returns where the last, still open one begins.
func (s *splitter) inner(from, segment, to, end int) int {
	for i := segment; i < to; i++ {
		switch c := s.text[i]; {
		case c == '.' || c == '!' || c == '?':
			cut := s.glued(i, to)
			if cut == 0 && c == '.' {
				cut = s.beforeFigure(i, to)
			}
			if cut > 0 {
				s.add(from, cut)
				from = cut
			}
		case c == ';' && i+1 < to && s.text[i+1] == ' ' && s.lang == "el":
			// The Greek question mark.
			s.add(from, i+1)
			from = i + 1
		case c == ':' && i+1 < to && s.text[i+1] == ' ':
			// Armenian writes its full stop (U+0589) as a colon as well.
			if r, _ := utf8.DecodeLastRuneInString(s.text[from:i]); unicode.Is(unicode.Armenian, r) {
				s.add(from, i+1)
				from = i + 1
			}
		case c == ')' && i > from+1:
			if cut := s.listItem(from, i, end); cut > 0 {
				s.add(from, cut)
				from = cut
			}
		}
	}
	return from
}

// glued returns the end of a sentence whose stop at i is followed by the next
// sentence without a space, 0 if there is none: letters on both sides, a capital
// with a small letter after it, and nothing of an address in the word.
func (s *splitter) glued(i, to int) int {
	cut := i + 1
	for cut < to && strings.IndexByte(`"')`, s.text[cut]) >= 0 {
		cut++
	}
	next, size := utf8.DecodeRuneInString(s.text[cut:to])
	if !unicode.IsUpper(next) {
		return 0
	}
	after, _ := utf8.DecodeRuneInString(s.text[cut+size : to])
	if !unicode.IsLower(after) && after != ' ' {
		return 0
	}
	word := s.wordBefore(i)
	last, _ := utf8.DecodeLastRuneInString(word)
	long := utf8.RuneCountInString(word) >= 3 || isDigit(last) && after == ' '
	if !long || word == "www" || strings.ContainsAny(word, ".@/:#_") || !unicode.IsLower(last) && !isDigit(last) {
		return 0
	}
	if s.kind(strings.ToLower(word)) == always || s.address(cut, to) {
		return 0
	}
	return cut
}

// beforeFigure returns the end of a sentence whose stop at i is followed by a
// number that begins the next one ("was lost. 81 percent of"), which Unicode's
// rules join; 0 if the word before the stop may be an abbreviation.
func (s *splitter) beforeFigure(i, to int) int {
	if i+2 >= to || s.text[i+1] != ' ' || !isDigit(rune(s.text[i+2])) {
		return 0
	}
	word := s.wordBefore(i)
	if utf8.RuneCountInString(word) < 4 || strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLower(r) }) >= 0 ||
		s.kind(word) != noAbbreviation {
		return 0
	}
	return i + 1
}

// address reports whether the word that starts at cut looks like a part of a name
// on the web: Yahoo.Com, Node.Js, Jane.Doe@example.com.
func (s *splitter) address(cut, to int) bool {
	rest := s.text[cut:to]
	if space := strings.IndexByte(rest, ' '); space >= 0 {
		rest = rest[:space]
	}
	return strings.ContainsAny(rest, "@/_") || len(rest) <= 3 && len(rest) > 1 && strings.EqualFold(rest, "com") ||
		strings.EqualFold(rest, "net") || strings.EqualFold(rest, "org") || strings.EqualFold(rest, "js")
}

// listItem returns where the item that the bracket at i numbers begins, 0 if it
// numbers none: "… item 2) The second", "… item b) another". The open sentence
// must begin with a number of the same shape.
func (s *splitter) listItem(from, i, end int) int {
	start := i
	if start > from && s.text[start-1] == '.' {
		start--
	}
	digits := start
	for start > from && isASCIIAlnum(s.text[start-1]) {
		start--
	}
	mark := s.text[start:digits]
	if mark == "" || len(mark) > 2 || start <= from || s.text[start-1] != ' ' || i+1 >= end || s.text[i+1] != ' ' {
		return 0
	}
	first := strings.TrimLeft(s.text[from:start], " ")
	shape := strings.IndexAny(first, ").")
	if shape < 1 || shape > 2 || isDigit(rune(first[0])) != isDigit(rune(mark[0])) {
		return 0
	}
	if !isDigit(rune(mark[0])) && (len(mark) != 1 || len(first[:shape]) != 1) {
		return 0
	}
	return start
}
