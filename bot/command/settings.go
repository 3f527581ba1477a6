package command

import (
	"encoding/json"
	"fmt"

	"broadsheet/bot/digest"
	"broadsheet/bot/filter"
)

// Lengths of a card's summary.
const (
	LengthLine  = "line"  // one sentence
	LengthShort = "short" // two or three sentences
	LengthLong  = "long"  // five sentences
)

// validLength reports whether length is one of the above, or "" for the usual.
func validLength(length string) bool {
	switch length {
	case "", LengthLine, LengthShort, LengthLong:
		return true
	}
	return false
}

// Settings are a digest's own choices, kept as JSON in store.Digest.Options.
// The zero value uses the defaults of the configuration.
type Settings struct {
	// Title heads the paper; "" names each edition by its hour.
	Title    string   `json:"title,omitempty"`
	Cards    int      `json:"cards,omitempty"`
	Lines    int      `json:"lines,omitempty"`
	Length   string   `json:"length,omitempty"`
	Filters  []string `json:"filters,omitempty"` // in package filter's text form
	Words    []string `json:"words,omitempty"`
	SayEmpty bool     `json:"say_empty,omitempty"` // print that there was nothing, instead of nothing
}

// ReadSettings reads what Settings.String wrote; "" is the zero value.
func ReadSettings(text string) (Settings, error) {
	var s Settings
	if text == "" {
		return s, nil
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("read digest settings: %w", err)
	}
	return s, nil
}

// String is the form that the store keeps.
func (s Settings) String() string {
	b, err := json.Marshal(s)
	if err != nil {
		// Strings, numbers and a bool always have a JSON form.
		return ""
	}
	return string(b)
}

// Options turns s into what package digest wants; cards and lines serve where
// s says nothing.
func (s Settings) Options(cards, lines int) (digest.Options, error) {
	o := digest.Options{Cards: cards, Lines: lines, Words: s.Words}
	if s.Cards != 0 {
		o.Cards = s.Cards
	}
	if s.Lines != 0 {
		o.Lines = s.Lines
	}
	var err error
	o.Filters, err = s.Set()
	return o, err
}

// Set compiles s's filters.
func (s Settings) Set() (*filter.Set, error) {
	rules := make([]filter.Rule, len(s.Filters))
	for i, text := range s.Filters {
		rule, err := filter.ParseRule(text)
		if err != nil {
			return nil, fmt.Errorf("read filter %q: %w", text, err)
		}
		rules[i] = rule
	}
	set, err := filter.Compile(rules)
	if err != nil {
		return nil, fmt.Errorf("compile filters: %w", err)
	}
	return set, nil
}
