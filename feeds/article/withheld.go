package article

import "strings"

// Agent is the name by which robots.txt, robots metadata and X-Robots-Tag
// address this program, in lower case.
const Agent = "broadsheet"

// Withholds returns the word of a page's robots metadata, or of its
// X-Robots-Tag, by which its text is to be shown nowhere else; "" if there is
// none. The words are those that search engines have agreed on
// (developers.google.com/search/docs/crawling-indexing/robots-meta-tag):
// nosnippet and max-snippet:0 refuse excerpts, noarchive refuses copies, none
// refuses everything. A value that begins with the name of another program
// ("googlebot: nosnippet") does not concern us.
func Withholds(value string) string {
	for i, word := range strings.Split(strings.ToLower(value), ",") {
		name, rest, named := strings.Cut(word, ":")
		if name = strings.TrimSpace(name); named && i == 0 && !rule(name) {
			if name != Agent && name != "robots" {
				return ""
			}
			word = rest
		}
		switch word = strings.Join(strings.Fields(word), ""); word {
		case "nosnippet", "noarchive", "none", "max-snippet:0":
			return word
		}
	}
	return ""
}

// rule reports the names that stand before a colon and are no program's.
func rule(name string) bool {
	switch name {
	case "max-snippet", "max-image-preview", "max-video-preview", "unavailable_after":
		return true
	}
	return false
}
