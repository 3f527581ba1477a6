package summarize

import (
	"strings"

	"github.com/abadojack/whatlanggo"
)

// Detect names the BCP 47 base language of text, "" if it cannot tell. The hint
// (a feed's or page's own claim, such as "de-AT") decides where the text is too
// short to judge; a longer text that clearly speaks another language overrules it.
func Detect(text, hint string) string {
	claim := baseLanguage(hint)
	head := text[:min(len(text), detectBytes)]
	info := whatlanggo.DetectWithOptions(head, whatlanggo.Options{Whitelist: whitelist()})
	found := info.Lang.Iso6391()
	if found == "" || claim != "" && (len(head) < 120 || !info.IsReliable()) {
		if claim != "" {
			return claim
		}
	}
	return found
}

// detectBytes is how much of a text is looked at: languages differ in their first
// sentences already (0.997 right at 120 characters, facts/feeds.md §6).
const detectBytes = 800

// whitelist holds the languages that are told apart; each further one costs
// precision on short texts.
func whitelist() map[whatlanggo.Lang]bool {
	return map[whatlanggo.Lang]bool{
		whatlanggo.Eng: true, whatlanggo.Deu: true, whatlanggo.Fra: true, whatlanggo.Spa: true,
		whatlanggo.Ita: true, whatlanggo.Por: true, whatlanggo.Nld: true, whatlanggo.Rus: true,
		whatlanggo.Jpn: true, whatlanggo.Cmn: true, whatlanggo.Kor: true, whatlanggo.Arb: true,
		whatlanggo.Hin: true, whatlanggo.Vie: true, whatlanggo.Pol: true, whatlanggo.Tur: true,
		whatlanggo.Swe: true, whatlanggo.Ukr: true,
	}
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
