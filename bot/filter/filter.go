// Package filter judges whether an article is wanted: rules that keep or drop
// by word, phrase or RE2 pattern. Digests, instant posts and alerts use it. It
// is pure: no I/O, no state beyond the compiled rules.
//
// The order of rules does not matter. A drop rule that matches drops the
// article, whatever else matches. Where there are keep rules, an article that
// matches none of them is dropped too. Without rules everything is kept.
package filter

import (
	"fmt"
)

// The fields a Rule can look at.
const (
	Any      = "any" // any of the others; a match does not run from one into the next
	Title    = "title"
	Text     = "text"
	Author   = "author"
	Category = "category" // one of the article's categories
)

// The kinds of Rule.
const (
	// Word is found as a whole word, without regard to case: "tt" is not found in
	// "newsletter". Chinese, Japanese, Korean and Thai write no spaces that would
	// mark words, so there it is found anywhere.
	Word = "word"
	// Phrase is words in a row with any blanks between them, the first and last of
	// which are whole as with Word.
	Phrase = "phrase"
	// Pattern is a regular expression in RE2's syntax, found anywhere in the field,
	// without regard to case unless it says (?-i).
	Pattern = "pattern"
)

// Rule keeps or drops the articles it matches.
type Rule struct {
	Keep  bool
	Field string // Any, Title, Text, Author or Category; "" means Any
	Kind  string // Word, Phrase or Pattern
	Text  string // what to look for
}

// Set is a compiled list of rules, safe for concurrent use. A nil Set keeps
// everything.
type Set struct {
	keep, drop []compiled
}

// compiled is a rule with the means to match it.
type compiled struct {
	rule  Rule
	match matcher
}

// maxRules and maxText (bytes) bound what one article costs to judge.
const (
	maxRules = 200
	maxText  = 500
)

// Compile checks and prepares rules. The error names the rule by its text form.
func Compile(rules []Rule) (*Set, error) {
	if len(rules) > maxRules {
		return nil, fmt.Errorf("%d filter rules are too many; the most is %d", len(rules), maxRules)
	}
	s := &Set{}
	for _, r := range rules {
		r, err := r.normal()
		if err != nil {
			return nil, err
		}
		m, err := newMatcher(r)
		if err != nil {
			return nil, err
		}
		if r.Keep {
			s.keep = append(s.keep, compiled{r, m})
		} else {
			s.drop = append(s.drop, compiled{r, m})
		}
	}
	return s, nil
}

// Subject is what a Set judges: the parts of an article as plain text.
type Subject struct {
	Title, Text, Author string
	Categories          []string
}

// Judge reports whether the article is wanted and the rule that decided: the
// drop rule that matched, or the keep rule. It is nil for an article that is
// kept because there are no keep rules, and for one that is dropped because it
// matches none of them.
func (s *Set) Judge(a Subject) (kept bool, by *Rule) {
	if s == nil || len(s.keep)+len(s.drop) == 0 {
		return true, nil
	}
	f := fields{of: a}
	for _, c := range s.drop {
		if f.match(c) {
			return false, &c.rule
		}
	}
	for _, c := range s.keep {
		if f.match(c) {
			return true, &c.rule
		}
	}
	return len(s.keep) == 0, nil
}

// fields is a subject whose parts are folded when they are first needed.
type fields struct {
	of     Subject
	folded [3]*string // title, text, author
	cats   []string
}

// match reports whether a rule matches in the field it looks at.
func (f *fields) match(c compiled) bool {
	field := c.rule.Field
	for i, part := range []struct{ name, text string }{{Title, f.of.Title}, {Text, f.of.Text}, {Author, f.of.Author}} {
		if (field == Any || field == part.name) && part.text != "" && c.match.in(part.text, f.fold(i, part.text)) {
			return true
		}
	}
	if field != Any && field != Category {
		return false
	}
	if f.cats == nil {
		for _, category := range f.of.Categories {
			f.cats = append(f.cats, fold(category))
		}
	}
	for i, category := range f.of.Categories {
		if c.match.in(category, f.cats[i]) {
			return true
		}
	}
	return false
}

func (f *fields) fold(i int, text string) string {
	if f.folded[i] == nil {
		folded := fold(text)
		f.folded[i] = &folded
	}
	return *f.folded[i]
}
