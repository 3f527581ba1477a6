package summarize

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// reference says what a sentence needs from the text before it.
type reference uint8

const (
	// selfContained: the sentence can stand alone.
	selfContained reference = iota
	// toNoun: it names somebody or something only as the one spoken of (the couple).
	toNoun
	// toPerson: it begins with, or is about, a person it does not name (he, she, they).
	toPerson
	// toSentence: it answers or continues the sentence before it (but, this, it).
	toSentence
)

// opening is how many bytes of a sentence are read for its first words.
const opening = 160

// judge tells what a sentence needs from the text before it. Names of the text are
// recognised by their capitals elsewhere.
func (a *Analysis) judge(i int) reference {
	back := backOf(a.Language)
	if back == nil || i <= a.entry {
		// What begins a text points at the headline at most.
		return selfContained
	}
	s := a.text[a.Spans[i].Start:a.Spans[i].End]
	if len(s) > opening {
		cut := opening
		for !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	words := leadingWords(strings.ToLower(s), 12)
	if len(words) == 0 {
		return selfContained
	}
	head, second, third := words[0], wordAt(words, 1), wordAt(words, 2)
	switch {
	case back.person[head]:
		return toPerson
	case back.sentence[head]:
		if back.timed[second] || a.Language == "en" && head == "it" && (expletives[second] || expletives[third] || expletives[wordAt(words, 3)]) {
			return selfContained
		}
		return toSentence
	}
	if a.Language != "en" {
		return selfContained
	}
	start := strings.Join(words, " ") + " "
	for _, p := range phrases {
		if strings.HasPrefix(start, p) && start[len(p)] == ' ' {
			return toSentence
		}
	}
	for k := 1; k < min(len(words), 6); k++ {
		if continuing(words[k], wordAt(words, k+1), k) {
			return toSentence
		}
	}
	if relative(words) || len(words) < 10 && a.answers(i) {
		return toSentence
	}
	if (head == "there" || head == "here") && strings.HasPrefix(s[len(head):], ",") {
		return toSentence
	}
	if head == "the" && (nouns[second] && !specifies(third) || aged(words) || demonym(second) && (nouns[third] || auxiliary(third) || strings.HasSuffix(third, "ed"))) {
		return toNoun
	}
	return a.pronoun(i)
}

// relative reports whether an English sentence begins with one of several ("One had",
// "The second, …") or with a time that is counted from another ("Two days later").
func relative(words []string) bool {
	head, second, third := words[0], wordAt(words, 1), wordAt(words, 2)
	for _, w := range []string{second, third, wordAt(words, 3), wordAt(words, 4)} {
		if w == "later" || w == "afterwards" || w == "beforehand" {
			return true
		}
	}
	switch head {
	case "first":
		return ordinalOnly(second)
	case "second", "third", "secondly", "thirdly", "fourth":
		return !auxiliary(second) && ordinalOnly(second)
	case "one", "two", "three", "four", "some", "many", "most", "all", "several", "none":
		return auxiliary(second) || second == "recently" || second == "also"
	case "the":
		switch second {
		case "first", "second", "third", "fourth", "last", "other", "others", "next", "final":
			return auxiliary(third) || third == "" || second == "others"
		}
	}
	return false
}

// aged reports whether a sentence begins with "The 52-year-old", in one word or as
// tokenised text has it, and no noun follows at once that says who that is.
func aged(words []string) bool {
	return strings.HasSuffix(wordAt(words, 1), "-year-old") || wordAt(words, 3) == "year" && wordAt(words, 5) == "old"
}

// continuing reports whether a word near a sentence's start, though not its first,
// joins it to the one before; next is the word after it, at its index.
func continuing(word, next string, at int) bool {
	switch word {
	case "however", "therefore", "nevertheless", "nonetheless", "moreover", "furthermore", "consequently", "meanwhile", "neither", "likewise":
		return true
	case "then", "too", "thus", "though":
		return at < 3
	case "that":
		switch next {
		case "kind", "sort", "same", "day", "night", "time", "year", "moment", "point", "case", "decision", "period", "mood", "number", "figure", "amount":
			return true
		}
	}
	return false
}

// demonym reports whether a word may name a person by the country: the Croatian.
func demonym(word string) bool {
	for _, end := range [...]string{"ian", "ean", "can", "man", "ish", "ese", "utch", "ench", "eek", "wiss", "welsh", "iraqi", "israeli", "pakistani"} {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

// ordinalOnly reports whether the word after an ordinal shows that it counts
// arguments ("Second, the cuts …") rather than things ("Second place went …").
func ordinalOnly(word string) bool {
	switch word {
	case "the", "a", "an", "he", "she", "it", "they", "we", "there", "this", "that", "his", "her", "its", "their", "in", "and", "if":
		return true
	}
	return false
}

// auxiliary reports whether a verb follows where a noun would say what is counted.
func auxiliary(word string) bool {
	switch word {
	case "is", "was", "are", "were", "has", "had", "have", "will", "would", "can", "could", "said", "did", "does", "and", "came", "went", "took", "shows", "showed":
		return true
	}
	return false
}

// answers reports whether the sentence before i asks a question.
func (a *Analysis) answers(i int) bool {
	return strings.HasSuffix(strings.TrimRight(a.text[:a.Spans[i-1].End], closers), "?")
}

// specifies reports whether a word after a noun tells which one is meant: the man
// who …, the city of …
func specifies(word string) bool {
	switch word {
	case "who", "whose", "which", "that", "of", "in", "behind", "at", "from", "for", "on", "between", "accused", "charged", "by":
		return true
	}
	return false
}

// wordAt returns the word at index i, "" if there is none.
func wordAt(words []string, i int) string {
	if i < len(words) {
		return words[i]
	}
	return ""
}

// leadingWords returns the first words of s, without what surrounds them.
func leadingWords(s string, most int) []string {
	words := make([]string, 0, most)
	start := -1
	for i, r := range s {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-'
		switch {
		case inside && start < 0:
			start = i
		case !inside && start >= 0:
			if words = append(words, s[start:i]); len(words) == most {
				return words
			}
			start = -1
		}
	}
	if start >= 0 {
		words = append(words, s[start:])
	}
	return words
}

// third holds the English pronouns for one person.
var third = wordSet(`he she him her his hers`)

// pronoun reports toPerson for an English sentence in which "he" or "she" comes
// before any name, and no name follows that it could stand for, or "them" before
// anything that there could be several of.
func (a *Analysis) pronoun(i int) reference {
	if a.before(i, many) {
		return toPerson
	}
	if !slices.ContainsFunc(a.sentences[i].tokens, func(t token) bool { return t.kind&other != 0 }) {
		return selfContained
	}
	s := a.text[a.Spans[i].Start:a.Spans[i].End]
	met, from := false, 0
	for k, w := range leadingWords(s, 40) {
		at := from + strings.Index(s[from:], w)
		from = at + len(w)
		if third[strings.ToLower(w)] {
			met = true
			continue
		}
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(r) || len(w) < 2 || k == 0 && !a.isName(i) {
			continue
		}
		if !met {
			return selfContained
		}
		if strings.HasSuffix(strings.TrimRight(s[:at], " \"“‘'"), ",") {
			// After his arrest, Smith …
			return selfContained
		}
	}
	if met {
		return toPerson
	}
	return selfContained
}

// before reports whether English sentence i says one of these pronouns for several
// before any word that could be a plural, or two names joined.
func (a *Analysis) before(i int, pronouns map[string]bool) bool {
	if !slices.ContainsFunc(a.sentences[i].tokens, func(t token) bool { return t.kind&several != 0 }) {
		return false
	}
	for k, w := range leadingWords(a.text[a.Spans[i].Start:a.Spans[i].End], 40) {
		low := strings.ToLower(w)
		first, _ := utf8.DecodeRuneInString(w)
		switch {
		case pronouns[low]:
			return true
		case low == "and" && k > 1, groups[low], strings.HasSuffix(low, "men"), strings.HasSuffix(w, "s") && len(w) > 3 && (k == 0 || unicode.IsLower(first)):
			return false
		}
	}
	return false
}

// isName reports whether the first word of sentence i has a capital elsewhere too.
func (a *Analysis) isName(i int) bool {
	tokens := a.sentences[i].tokens
	if len(tokens) == 0 {
		return false
	}
	t := &a.terms[tokens[0].term]
	return t.mids > 0 && t.capitals*2 > t.mids
}

// Readable reports whether a set of sentences, in the order of the text, can be
// read without the rest: nothing in it points at a sentence that is left out or takes
// as known what only such a sentence tells, and no quotation is cut in half.
func (a *Analysis) Readable(set []int) bool {
	for k := range set {
		if !a.introduced(set, k) {
			return false
		}
	}
	return a.unbroken(set)
}

// unbroken reports whether no reference to the sentence before and no quotation is
// cut in half.
func (a *Analysis) unbroken(set []int) bool {
	for k, i := range set {
		follows := k > 0 && set[k-1] == i-1
		if !follows && a.sentences[i].inside {
			return false
		}
		if a.sentences[i].opens && (k+1 == len(set) || set[k+1] != i+1) {
			return false
		}
		if !follows && !a.anchored(set[:k], i) {
			return false
		}
	}
	return true
}

// anchored reports whether what sentence i points at is among the sentences chosen
// before it, though the one right before it is not.
func (a *Analysis) anchored(before []int, i int) bool {
	needs := a.sentences[i].needs
	switch needs {
	case selfContained:
		return true
	case toSentence:
		return false
	}
	// Sentences that go on about the same person lead back to the one that names
	// it; a noun may stand one sentence further off.
	j := i - 1
	for j > 0 && i-j < 4 && a.sentences[j].needs == toPerson && needs == toPerson {
		j--
	}
	if needs == toNoun {
		j = i - 2
	}
	for _, b := range before {
		if b == j {
			return true
		}
	}
	return false
}
