package summarize

import (
	"math/bits"
	"slices"
	"strings"
	"sync"

	"github.com/abadojack/whatlanggo"
)

// Detect names the BCP 47 base language of text, "" if it cannot tell. The hint
// (a feed's or page's own claim, such as "de-AT") decides where the text is too
// short to judge; a longer text that clearly speaks another language overrules it.
func Detect(text, hint string) string {
	claim := baseLanguage(hint)
	head := text[:min(len(text), detectBytes)]
	if found, sure := vote(head); sure {
		return found
	}
	info := whatlanggo.DetectWithOptions(head, whatlanggo.Options{Whitelist: whitelist(claim)})
	found := info.Lang.Iso6391()
	if claim == "" || found == claim {
		return found
	}
	if found == "" || len(head) < shortText && !ownScript(found) || !info.IsReliable() {
		return claim
	}
	return found
}

// shortText is the length in bytes below which a claim is believed more than the
// text.
const shortText = 120

// ownScript reports whether a language is known by its letters alone, so that even
// a short text cannot be mistaken.
func ownScript(lang string) bool {
	switch lang {
	case "ja", "ko", "zh", "hi", "el", "he", "th":
		return true
	}
	return false
}

// Conditions for a vote of function words to be final.
const (
	voteWords  = 40  // words that must have been read
	voteShare  = 0.3 // of them that must be the language's own
	voteMargin = 1.6 // times as many as of the next language
)

// vote counts which language's function words a text uses. It is thirty times
// faster than comparing trigrams and settles most articles.
func vote(head string) (lang string, sure bool) {
	r := newReader("", nil)
	ballots := ballots()
	var counts [32]int
	words := 0
	for _, t := range r.read(head, 0) {
		words++
		for mask := ballots.masks[r.terms[t.term].hash]; mask != 0; mask &= mask - 1 {
			counts[bits.TrailingZeros32(mask)]++
		}
	}
	best, next := 0, -1
	for i := 1; i < len(ballots.languages); i++ {
		if counts[i] > counts[best] {
			best, next = i, best
		} else if next < 0 || counts[i] > counts[next] {
			next = i
		}
	}
	if words < voteWords || float64(counts[best]) < voteShare*float64(words) || float64(counts[best]) < voteMargin*float64(counts[next]) {
		return "", false
	}
	return ballots.languages[best], true
}

// ballot maps stems of function words to the languages that use them, as bits.
type ballot struct {
	languages []string
	masks     map[uint64]uint32
}

// ballots collects the function words of all languages once.
var ballots = sync.OnceValue(func() ballot {
	b := ballot{masks: map[uint64]uint32{}}
	for lang := range wordLists {
		b.languages = append(b.languages, lang)
	}
	slices.Sort(b.languages)
	for i, lang := range b.languages {
		for w := range strings.FieldsSeq(wordLists[lang].stops + " " + wordLists[lang].person) {
			for _, h := range HashText(w, "") {
				b.masks[h] |= 1 << i
			}
		}
	}
	return b
})

// detectBytes is how much of a text is looked at: languages differ in their first
// sentences already (0.997 right at 120 characters, facts/feeds.md §6).
const detectBytes = 800

// whitelist holds the languages that are told apart, and the claimed one; each
// further one costs precision on short texts.
func whitelist(claim string) map[whatlanggo.Lang]bool {
	list := map[whatlanggo.Lang]bool{
		whatlanggo.Eng: true, whatlanggo.Deu: true, whatlanggo.Fra: true, whatlanggo.Spa: true,
		whatlanggo.Ita: true, whatlanggo.Por: true, whatlanggo.Nld: true, whatlanggo.Rus: true,
		whatlanggo.Jpn: true, whatlanggo.Cmn: true, whatlanggo.Kor: true, whatlanggo.Arb: true,
		whatlanggo.Hin: true, whatlanggo.Vie: true, whatlanggo.Pol: true, whatlanggo.Tur: true,
		whatlanggo.Swe: true, whatlanggo.Ukr: true, whatlanggo.Dan: true, whatlanggo.Ell: true,
		whatlanggo.Heb: true, whatlanggo.Tha: true, whatlanggo.Pes: true, whatlanggo.Ces: true,
	}
	for lang := range whatlanggo.Langs {
		if lang.Iso6391() == claim {
			list[lang] = true
		}
	}
	return list
}

// baseLanguage cuts a BCP 47 tag to its lower-case language subtag; anything that
// does not look like one is "".
func baseLanguage(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	base, _, _ = strings.Cut(base, "_")
	if len(base) < 2 || len(base) > 3 {
		return ""
	}
	for i := range len(base) {
		if base[i] < 'a' || base[i] > 'z' {
			return ""
		}
	}
	return base
}
