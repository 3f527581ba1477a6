// Package filter judges whether an article is wanted: rules that keep or drop
// by word, phrase or RE2 pattern. Digests, instant posts and alerts use it. It
// is pure: no I/O, no state beyond the compiled rules.
package filter

// The fields a Rule can look at.
const (
	Any      = "any"
	Title    = "title"
	Text     = "text"
	Author   = "author"
	Category = "category"
)

// The kinds of Rule.
const (
	Word    = "word"
	Phrase  = "phrase"
	Pattern = "pattern"
)

// Rule keeps or drops the articles it matches.
type Rule struct {
	Keep  bool
	Field string // Any, Title, Text, Author or Category; "" means Any
	Kind  string // Word, Phrase or Pattern
	Text  string // what to look for
}

// ParseRule reads a rule's text form.
func ParseRule(s string) (Rule, error) { return Rule{}, nil }

// String is the text form.
func (r Rule) String() string { return "" }

// Set is a compiled list of rules. A nil Set keeps everything.
type Set struct{}

// Compile checks and prepares rules.
func Compile(rules []Rule) (*Set, error) { return &Set{}, nil }

// Subject is what a Set judges: the parts of an article as plain text.
type Subject struct {
	Title, Text, Author string
	Categories          []string
}

// Judge reports whether the article is wanted and the rule that decided.
func (s *Set) Judge(a Subject) (kept bool, by *Rule) { return true, nil }
