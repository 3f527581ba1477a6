package filter

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const accepted = `write for example "drop word crypto", "keep title phrase climate change" or "drop author pattern ^press"`

// ParseRule reads a rule's text form:
//
//	keep|drop [any|title|text|author|category] [word|phrase|pattern] TEXT
//
// TEXT runs to the end. In double quotes it is read as Go reads a string, and is
// a phrase unless the kind is named; between slashes it is a pattern. Without a
// kind and marks one word is a Word and several are a Phrase. "-" and "+" before
// the rest mean drop and keep. Rules come back normalised and checked: a Set can
// be compiled of them.
func ParseRule(s string) (Rule, error) {
	if len(s) > 2*maxText {
		return Rule{}, fmt.Errorf("the filter rule is longer than %d bytes", 2*maxText)
	}
	if !utf8.ValidString(s) {
		return Rule{}, errors.New("the filter rule is not valid UTF-8")
	}
	var r Rule
	rest := strings.TrimSpace(s)
	switch {
	case strings.HasPrefix(rest, "-"):
		rest = rest[1:]
	case strings.HasPrefix(rest, "+"):
		r.Keep, rest = true, rest[1:]
	default:
		action, tail := word(rest)
		if action != "keep" && action != "drop" {
			return Rule{}, fmt.Errorf("the filter rule %q begins with neither keep nor drop; %s", s, accepted)
		}
		r.Keep, rest = action == "keep", tail
	}
	r.Field = Any
	if name, tail := word(rest); isField(name) && tail != "" {
		r.Field, rest = name, tail
	}
	if name, tail := word(rest); isKind(name) && tail != "" {
		r.Kind, rest = name, tail
	}
	if err := r.read(strings.TrimSpace(rest)); err != nil {
		return Rule{}, fmt.Errorf("the filter rule %q: %w", s, err)
	}
	r, err := r.normal()
	if err != nil {
		return Rule{}, err
	}
	if _, err := newMatcher(r); err != nil {
		return Rule{}, err
	}
	return r, nil
}

// word cuts the first word, in lower case, from the rest. A colon behind it is
// allowed: "title: …".
func word(s string) (first, rest string) {
	s = strings.TrimSpace(s)
	i := strings.IndexFunc(s, unicode.IsSpace)
	if i < 0 {
		return strings.ToLower(s), ""
	}
	return strings.ToLower(strings.TrimSuffix(s[:i], ":")), strings.TrimSpace(s[i:])
}

func isField(name string) bool {
	switch name {
	case Any, Title, Text, Author, Category:
		return true
	}
	return false
}

func isKind(name string) bool { return name == Word || name == Phrase || name == Pattern }

// read sets the rule's text, and its kind where that is still open.
func (r *Rule) read(text string) error {
	r.Text = text
	switch {
	case strings.HasPrefix(text, `"`):
		unquoted, err := strconv.Unquote(text)
		if err != nil {
			return fmt.Errorf("the quoted text %s does not end in one quotation mark: %w", text, err)
		}
		r.Text = unquoted
		if r.Kind == "" {
			r.Kind = Phrase
		}
	case r.Kind == "" && len(text) > 2 && strings.HasPrefix(text, "/") && strings.HasSuffix(text, "/"):
		r.Kind, r.Text = Pattern, text[1:len(text)-1]
	case r.Kind == "" && strings.ContainsFunc(text, unicode.IsSpace):
		r.Kind = Phrase
	case r.Kind == "":
		r.Kind = Word
	}
	return nil
}

// normal checks a rule and fills in what was left open.
func (r Rule) normal() (Rule, error) {
	if r.Field == "" {
		r.Field = Any
	}
	if !isField(r.Field) {
		return r, fmt.Errorf("a filter rule looks at any, title, text, author or category, not at %q", r.Field)
	}
	switch {
	case !isKind(r.Kind):
		return r, fmt.Errorf("a filter rule looks for a word, phrase or pattern, not for a %q", r.Kind)
	case len(r.Text) > maxText:
		return r, fmt.Errorf("the text of a filter rule has at most %d bytes, this has %d", maxText, len(r.Text))
	case !utf8.ValidString(r.Text):
		return r, errors.New("the text of the filter rule is not valid UTF-8")
	case r.Kind == Pattern && r.Text == "" || r.Kind != Pattern && fold(r.Text) == "":
		return r, errors.New("the filter rule has nothing to look for; " + accepted)
	case r.Kind == Word && strings.Contains(fold(r.Text), " "):
		return r, fmt.Errorf("%q is more than a word; make it a phrase", r.Text)
	}
	return r, nil
}

// String is the canonical text form, which ParseRule reads back as the same
// rule.
func (r Rule) String() string {
	parts := []string{"drop"}
	if r.Keep {
		parts[0] = "keep"
	}
	if r.Field != Any && r.Field != "" {
		parts = append(parts, r.Field)
	}
	text := r.Text
	if strings.HasPrefix(text, `"`) || text != strings.TrimSpace(text) || strings.ContainsFunc(text, unicode.IsControl) {
		text = strconv.Quote(text)
	}
	return strings.Join(append(parts, r.Kind, text), " ")
}
