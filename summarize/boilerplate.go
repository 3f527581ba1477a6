package summarize

import (
	"regexp"
	"strings"
)

// TrimBoilerplate takes off what a publisher appends to a text: "Read more",
// "Sources: …", photo credits, newsletter prompts. It only removes short trailing
// lines, so the result is a prefix of the text.
func TrimBoilerplate(text string) string {
	for {
		trimmed := strings.TrimRight(text, " \t\r\n")
		start := strings.LastIndexByte(trimmed, '\n') + 1
		line := strings.TrimSpace(trimmed[start:])
		if start == 0 || len(line) > 300 || !boilerplate.MatchString(line) {
			return trimmed
		}
		text = trimmed[:start]
	}
}

// boilerplate matches a line that is never part of an article's telling.
var boilerplate = regexp.MustCompile(`(?i)^\W*(read more|see also|related( articles| stories)?|sources?:|photo( credit)?s?:|credit:|image:|subscribe|sign up|follow us|share (this|on)|newsletter|©|copyright|all rights reserved|popular video)`)
