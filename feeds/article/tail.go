package article

import "strings"

// maxTailLine is the length of the longest line, in bytes, that TrimTail takes
// off a text for its words alone.
const maxTailLine = 160

// TrimTail takes lines off the end of a plain text that are furniture by their
// words, in the lists' nine languages: "Photo: Jane Roe", "Sources: police",
// "Read more", "Share this story", and the line that WordPress puts below every
// item of a feed ("The post … appeared first on …"). The first line stays, and so
// does a word that ends the line above it, as in verse.
func TrimTail(text string) string {
	for range tailLines {
		rest, line := cutLastLine(text)
		if rest == "" || !trailing(line) || runsOn(rest, line) {
			break
		}
		text = strings.TrimRight(rest, "\n")
	}
	return text
}

// trailing reports whether a line at the end of a text is furniture by its words.
func trailing(line string) bool {
	if strings.HasPrefix(line, "The post ") && strings.Contains(line, " appeared first on ") && len(line) < 400 {
		return true
	}
	if len(line) > maxTailLine {
		return false
	}
	text := fold(line)
	return credit(text) || chrome(text, countWords(text))
}

// runsOn reports whether a line is the last word of what the line right above it
// says: "… and I walked\nhome".
func runsOn(above, line string) bool {
	if strings.HasSuffix(above, "\n\n") || enough(line, 2) {
		return false
	}
	_, last := cutLastLine(above)
	return enough(last, 2) && !sentence(last) && !trailing(last)
}
