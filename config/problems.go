package config

import (
	"fmt"
	"strings"
)

// Problem is one fault of the configuration.
type Problem struct {
	File string // file, or the environment variable or flag
	Line int    // 1-based; 0 outside the file
	Text string // what is wrong and what would be right
}

// String is file:line: text.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

// Problems is every fault of a configuration, in the order of the sources.
type Problems []Problem

// Error is one line a problem.
func (p *Problems) Error() string {
	lines := make([]string, len(*p))
	for i, one := range *p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}
