package feeds

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/gogs/chardet"
)

// guessCharset guesses the encoding of bytes that are not UTF-8 from the words
// that are not plain ASCII: by the letters of the language that the document
// claims, else by their frequencies. In scripts other than Latin such words are
// high bytes throughout; where they are sprinkled with a few, only great
// certainty beats windows-1252, the commonest mistake on the web.
func guessCharset(b []byte) string {
	words, high := foreignWords(b)
	if label := charsetOfLetters(words, alphabets()[claimedLanguage(b)]); label != "" {
		return label
	}
	results, err := chardet.NewTextDetector().DetectAll(words)
	certainty := 60
	if 2*high > len(words) {
		certainty = 10
	}
	if err != nil || len(results) == 0 {
		return "windows-1252"
	}
	// The detector's recognisers race each other: of equal guesses another one
	// comes first every time.
	result := slices.MinFunc(results, func(a, b chardet.Result) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(a.Charset, b.Charset))
	})
	if result.Confidence < certainty {
		return "windows-1252"
	}
	label := strings.ToLower(result.Charset)
	switch {
	case label == "iso-8859-1" || strings.HasPrefix(label, "utf"):
		return "windows-1252"
	case label == "koi8-r":
		return "koi8-u" // has Ukrainian letters where the other draws boxes
	}
	return label
}

// foreignWords are the words of b with bytes above 127, up to 64 KiB of them,
// and the number of such bytes.
func foreignWords(b []byte) (words []byte, high int) {
	for word := range bytes.FieldsFuncSeq(b, func(r rune) bool { return r <= ' ' || r == '<' || r == '>' || r == '/' }) {
		n := 0
		for _, c := range word {
			if c >= 0x80 {
				n++
			}
		}
		if n == 0 {
			continue
		}
		high += n
		words = append(append(words, word...), ' ')
		if len(words) > 64<<10 {
			break
		}
	}
	return words, high
}

// alphabets are the letters beyond ASCII of languages whose charsets are easily
// taken for windows-1252 or, Thai, for Chinese.
func alphabets() map[string]string {
	const ibm = "áčďéěíňóřšťúůýžäĺľŕôöüőű" // Czech, Slovak, Hungarian
	const south = "čćđšž"
	const thai = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮฯะัาำิีึืฺุู฿เแโใไๅๆ็่้๊๋์ํ๎๏๐๑๒๓๔๕๖๗๘๙"
	return map[string]string{
		"pl": "ąćęłńóśźż", "cs": ibm, "sk": ibm, "hu": ibm, "hr": south, "sl": south, "bs": south, "ro": "ăâîşţșț",
		"tr": "çğıöşüâîû", "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "et": "äõöüšž", "th": thai,
	}
}

// charsetOfLetters is the charset in which nearly all of the letters are of an
// alphabet, "" if there is none. The first of equals is the commonest.
func charsetOfLetters(words []byte, alphabet string) string {
	if alphabet == "" {
		return ""
	}
	alphabet += strings.ToUpper(alphabet) + "İ„”“–—’…"
	best, label := 0, ""
	for _, candidate := range [...]string{"windows-1250", "iso-8859-2", "windows-1254", "windows-1257", "windows-874"} {
		text, ok := decodeLabel(words, candidate)
		if !ok {
			continue
		}
		ours, foreign := 0, 0
		for _, r := range string(text) {
			switch {
			case r < 0x80:
			case strings.ContainsRune(alphabet, r):
				ours++
			default:
				foreign++
			}
		}
		if ours > best && ours > 9*foreign {
			best, label = ours, candidate
		}
	}
	return label
}

// claimedLanguage is the language that the head of a document in an unknown
// charset claims, two letters in lower case, "" if it claims none.
func claimedLanguage(b []byte) string {
	head := bytes.ToLower(b[:min(len(b), 8<<10)])
	for _, mark := range [...]string{"<language>", "<dc:language>", `xml:lang="`, `xml:lang='`, `"language":"`, `"language": "`} {
		if _, rest, ok := bytes.Cut(head, []byte(mark)); ok {
			if tag := language(string(rest[:min(len(rest), 2)])); tag != "" && (len(rest) < 3 || !nameStart(rest[2])) {
				return tag
			}
		}
	}
	return ""
}
