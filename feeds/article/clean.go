package article

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// cleaner decides block by block what belongs to the article.
type cleaner struct {
	title, byline string
	deck          string // the page's own description of itself
	url           string
}

const (
	// shortBlock is the length in words up to which a block is looked at
	// closely: longer ones are the article's own.
	shortBlock = 40
	// sentenceBlock is the length from which a block that ends like a sentence
	// is taken for a paragraph.
	sentenceBlock = 12
	// longCall is the length up to which the first and the last paragraph may
	// be a call to subscribe.
	longCall = 100
)

// clean joins the blocks that belong to the article, as paragraphs.
func (c *cleaner) clean(blocks []block) string {
	begin, end := body(blocks)
	var kept []string
	over := false // an ending heading has been passed
	for i, b := range blocks {
		where := inside
		b.outer = i <= begin || i >= end
		b.last = i >= end
		switch {
		case i < begin:
			where = before
		case i > end:
			where = behind
		}
		text := fold(b.text)
		if where != before && i > begin+(end-begin)/2 && b.words <= 8 && holds(ending, text) {
			over = true
		}
		if over && b.words < 25 || c.junk(b, text, where) {
			continue
		}
		kept = append(kept, b.text)
	}
	return strings.Join(dropLooseHeadings(kept, blocks), "\n\n")
}

// place is where a block stands: before the first paragraph, among paragraphs,
// or behind the last one.
type place int

const (
	before place = iota
	inside
	behind
)

// body finds the first and the last block that are paragraphs beyond doubt.
func body(blocks []block) (begin, end int) {
	begin, end = -1, len(blocks)-1
	for i, b := range blocks {
		if b.words >= sentenceBlock && !b.heading() && sentence(b.text) && b.density() < .5 {
			if begin < 0 {
				begin = i
			}
			end = i
		}
	}
	return max(begin, 0), end
}

// heading reports whether a block is a heading.
func (b block) heading() bool { return len(b.tag) == 2 && b.tag[0] == 'h' && b.tag[1] != 'r' }

// sentence reports whether text ends as sentences do.
func sentence(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text, " \"'”’»)]›"))
	return strings.ContainsRune(".!?…。！？:;।؟", r)
}

// junk reports whether a block is something else than the article's text.
// text is the block's folded text.
func (c *cleaner) junk(b block, text string, where place) bool {
	if credit(text) && !b.heading() && (b.words <= shortBlock || where != inside) {
		return true
	}
	if b.outer && b.words <= longCall && begins(callIndex(), text) {
		return true
	}
	if b.last && biography(text, c.byline) {
		return true
	}
	if b.words > shortBlock {
		return false
	}
	switch {
	case text == "":
		return true
	case b.density() > .75 && b.words < 25 && (b.list || b.words < 8 || !sentence(b.text)):
		return true
	case c.isTitle(text) || b.words > 3 && c.deck != "" && b.heading() && strings.Contains(fold(c.deck), text):
		return true
	case c.url != "" && strings.Contains(b.text, c.url) && b.words < 3:
		return true
	case dated(b.text, where), counter(text), named(text, c.byline, where):
		return true
	case where == behind && contact(text), filed(text):
		return true
	case where == before && b.words < sentenceBlock && !b.list && !sentence(b.text):
		return true
	}
	if b.pictured && !b.list && !b.heading() && b.words < sentenceBlock && !sentence(b.text) {
		return true // a caption without the markup of one
	}
	return chrome(text, b.words)
}

// isTitle reports whether folded text is the page's title or a cut of it.
func (c *cleaner) isTitle(text string) bool {
	title := fold(c.title)
	return title != "" && (text == title || len(text) > 15 && strings.HasPrefix(title, text) || len(title) > 15 && len(text) < len(title)+25 && strings.HasPrefix(text, title))
}

// chrome reports folded text that is part of a page's furniture by its words.
func chrome(text string, words int) bool {
	if words <= 6 && holds(whole, strings.Trim(text, " .:!?…|-–—»›>+()0123456789")) {
		return true
	}
	if begins(index(), text) {
		return true
	}
	for _, p := range anywheres() {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// begins reports whether text begins with a phrase of an index.
func begins(index map[rune][]string, text string) bool {
	for _, p := range index[firstRune(text)] {
		if strings.HasPrefix(text, p) && bounded(text, p) {
			return true
		}
	}
	return false
}

// bounded reports whether the phrase that text begins with ends at a word's end.
func bounded(text, phrase string) bool {
	if len(text) == len(phrase) {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(phrase)
	next, _ := utf8.DecodeRuneInString(text[len(phrase):])
	if !unicode.IsLetter(last) || last >= 0x2E80 {
		return true
	}
	// Russian and German endings: the phrase is a stem.
	return !unicode.IsLetter(next) || last >= 0x400 && last < 0x530
}

// The phrase lists, cut up once.
var (
	index     = sync.OnceValue(func() map[rune][]string { return byFirstRune(opening) })
	callIndex = sync.OnceValue(func() map[rune][]string { return byFirstRune(calls) })
	anywheres = sync.OnceValue(func() []string { return phrases(anywhere) })
	filings   = sync.OnceValue(func() []string { return phrases(filing) })
)

func byFirstRune(list string) map[rune][]string {
	m := map[rune][]string{}
	for _, p := range phrases(list) {
		m[firstRune(p)] = append(m[firstRune(p)], p)
	}
	return m
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// credit reports a caption by the source in brackets at its end: "(AP
// Photo/…)", "(Image: GETTY)", "(Foto: dpa)".
func credit(text string) bool {
	text = strings.TrimRight(text, " .")
	if !strings.HasSuffix(text, ")") {
		return strings.HasSuffix(text, "getty images") || strings.HasSuffix(text, "| getty") || strings.HasSuffix(text, "/ap") || strings.HasSuffix(text, "via ap")
	}
	open := strings.LastIndexByte(text, '(')
	if open < 0 {
		return false
	}
	inside := text[open+1:]
	for _, mark := range [...]string{"credit:", "crédit", "写真", "画像", "getty", "shutterstock", "courtesy", "©"} {
		if strings.Contains(inside, mark) {
			return true
		}
	}
	// Whole words: photosynthesis and Bildung are no pictures.
	for word := range strings.FieldsFuncSeq(inside, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if holds(pictureWords, word) || strings.HasSuffix(word, "foto") || strings.HasSuffix(word, "bild") {
			return true
		}
	}
	return false
}

// counter reports "1 of 6", "Image 1 of / 9", "3.409 letture" and bare numbers.
func counter(text string) bool {
	fields := strings.Fields(text)
	if len(fields) > 6 {
		return false
	}
	digits, of := 0, false
	for _, f := range fields {
		switch {
		case strings.Trim(f, "0123456789.,/|:%+-") == "":
			digits++
		case f == "of" || f == "de" || f == "von" || f == "di" || f == "van" || f == "из" || f == "sur":
			of = true
		case holds("|image|photo|slide|picture|bild|foto|views|view|shares|letture|lecturas|vues|comments|likes|просмотров|", f):
			of = true
		default:
			return false
		}
	}
	return digits > 0 && (of || len(fields) == digits)
}

// dated reports a line that says when, and perhaps by whom, something was
// published: most of its words are numbers and words of the calendar.
func dated(text string, where place) bool {
	fields := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",|/()–—·•", r)
	})
	if len(fields) == 0 || len(fields) > 24 {
		return false
	}
	hits, digits, days, stamped := 0, 0, 0, false
	for _, f := range fields {
		f = strings.Trim(f, ".:;-")
		switch {
		case f == "":
			hits++
		case digit(f):
			hits++
			digits++
			if year(f) {
				days++
			}
		case holds(calendar, f):
			hits++
			days++
		}
		switch strings.Trim(f, "0123456789") {
		case "updated", "published", "posted", "aktualisiert", "veröffentlicht", "publié", "publicado", "pubblicato", "gepubliceerd", "опубликовано":
			stamped = true
			hits++
		}
	}
	if digits == 0 || days == 0 {
		return false
	}
	share := float64(hits) / float64(len(fields))
	// By, and a name of two words; not "By March 2, 2026, …".
	signed := len(fields)-hits >= 3 && holds("|by|автор|", fields[0]) && !digit(fields[1]) && !holds(calendar, fields[1])
	switch {
	case stamped, signed:
		return share >= .5
	case where == inside:
		// A chronicle's days are headings of its own.
		return false
	}
	return share >= .6
}

// digit reports whether a word that is not empty begins with a digit.
func digit(s string) bool { return s[0] >= '0' && s[0] <= '9' }

// year reports a number that holds a year of the web's age: "2019", "05/10/2018".
func year(s string) bool {
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(part) == 4 && (part[:2] == "19" || part[:2] == "20") {
			return true
		}
	}
	return false
}

// named reports a line that holds the author's name and little else.
func named(text, byline string, where place) bool {
	if where == inside || byline == "" {
		return false
	}
	name := fold(byline)
	short := len(text) <= len(name)+40 && !sentence(text)
	return short && (strings.Contains(text, name) || len(text) > 4 && strings.Contains(name, text))
}

// biography reports a block behind the article that tells who wrote it.
func biography(text, byline string) bool {
	name, _, _ := strings.Cut(fold(byline), ",")
	given, _, _ := strings.Cut(name, " ")
	rest, whole := strings.CutPrefix(text, name)
	whole = whole && name != ""
	if !whole && len(given) > 2 {
		rest = strings.TrimPrefix(text, given)
	}
	for _, p := range [...]string{" is ", " covers ", " joined ", " writes ", " reports ", " has been ", "'s ",
		" ist ", " est ", " es ", " è ", " é ", " является ", " — "} {
		// A given name alone may be somebody else's, or a word: "Will it hold?"
		if whole && strings.Contains(rest, p) || len(rest) < len(text) && strings.HasPrefix(rest, p) {
			return true
		}
	}
	return strings.Contains(text, "@") && (strings.Contains(text, "contact") || strings.Contains(text, "email") || strings.Contains(text, ".com)"))
}

// contact reports a block that is nothing but an address of the author's: of
// mail, or at a network.
func contact(text string) bool {
	if text == "" || strings.Contains(text, " ") {
		return false
	}
	if at := strings.IndexByte(text, '@'); at >= 0 {
		return at == 0 || strings.Contains(text[at:], ".")
	}
	for _, host := range [...]string{"twitter.com/", "facebook.com/", "instagram.com/", "linkedin.com/", "t.me/", "vk.com/"} {
		if strings.Contains(text, host) {
			return true
		}
	}
	return false
}

// filed reports a line of the page's system: a year, and two of the words that
// name an article's author, section and tags.
func filed(text string) bool {
	if sentence(text) || !year(text) {
		return false
	}
	n := 0
	for _, p := range filings() {
		if strings.Contains(text, p) {
			n++
		}
	}
	return n >= 2
}

// fold brings text to the form in which the lists hold it.
func fold(s string) string {
	s = strings.ToLower(s)
	s = straight().Replace(s)
	return strings.Trim(oneLine(s), " -–—•*►▶»›>→|_#")
}

// straight makes quotes straight, and brackets and colons narrow.
var straight = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer("’", "'", "‘", "'", "`", "'", "“", "\"", "”", "\"", "\u00a0", " ", "（", "(", "）", ")", "：", ":")
})

// dropLooseHeadings drops headings that nothing follows any more.
func dropLooseHeadings(kept []string, blocks []block) []string {
	headings := map[string]bool{}
	for _, b := range blocks {
		if b.heading() {
			headings[b.text] = true
		}
	}
	for len(kept) > 1 && headings[kept[len(kept)-1]] {
		kept = kept[:len(kept)-1]
	}
	return kept
}
