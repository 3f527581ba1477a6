package summarize

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// reference says whether a sentence's beginning needs the sentence before it.
type reference uint8

const (
	// selfContained: the sentence can stand alone.
	selfContained reference = iota
	// dangling: its beginning points at what was said before (He, But, This).
	dangling
)

// backward holds, by language, words that point back at the previous sentence when
// they begin one.
var backward = map[string]map[string]bool{
	"en": wordSet(`he she it they him her his hers its their theirs them this these those such but however and or so yet
		nevertheless nonetheless moreover furthermore therefore thus hence instead otherwise meanwhile then also besides
		additionally consequently similarly likewise still both neither either afterwards afterward later earlier elsewhere
		conversely accordingly here there that another others which`),
	"de": wordSet(`er sie es ihn ihm ihr ihre ihren ihrem ihrer sein seine seinen seinem seiner dies diese dieser dieses diesen
		diesem das aber doch jedoch dennoch trotzdem außerdem zudem daher deshalb deswegen darum somit damit dabei dafür
		dagegen daran darauf daraufhin danach davor dort dann da denn und oder sondern auch ebenso stattdessen
		allerdings indes zugleich beide später solche`),
	"fr": wordSet(`il elle ils elles son sa ses leur leurs ce cet cette ces cela ça celui celle ceux celles mais et ou donc or car
		cependant toutefois pourtant néanmoins ainsi alors puis ensuite aussi enfin également là lui y en c`),
	"es": wordSet(`él ella ellos ellas su sus este esta estos estas esto ese esa esos esas eso aquel aquella pero sin y o
		además también entonces luego así ahí allí ambos tampoco asimismo`),
	"it": wordSet(`egli lui lei essi loro suo sua suoi sue questo questa questi queste quello quella quelli ma però tuttavia
		e o quindi dunque inoltre anche poi così allora infatti entrambi lì`),
	"pt": wordSet(`ele ela eles elas seu sua seus suas este esta estes estas isto esse essa esses essas isso aquele aquela mas
		porém contudo e ou então também além assim depois ambos ali lá`),
	"nl": wordSet(`hij zij ze het hem haar hun zijn dit dat deze die maar echter toch en of dus daarom daardoor daarna daarbij
		daarnaast bovendien ook toen dan daar er beide`),
	"ru": wordSet(`он она оно они его её ее их ему ей им этот эта это эти такой такая такое такие но однако а и или также
		поэтому тем при затем потом там тогда кроме`),
}

// danglingStart judges how a sentence begins.
func danglingStart(s, lang string) reference {
	words := backward[lang]
	if words == nil {
		return selfContained
	}
	s = strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		end = len(s)
	}
	r, _ := utf8.DecodeRuneInString(s)
	_ = r
	if words[strings.ToLower(s[:end])] {
		return dangling
	}
	return selfContained
}
