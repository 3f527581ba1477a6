package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"sync"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales/*.json
var files embed.FS

// locale ties a catalogue to the codes under which Discord knows its language.
type locale struct {
	code  string   // the code we answer to and post in
	also  []string // further Discord codes that share the catalogue
	file  string   // catalogue under locales/
	tag   language.Tag
	clock string // layout of a time of day, as time.Format takes it
}

// locales is the table of languages, English first: it is the fallback.
//
// Discord knows English as en-US and en-GB and Spanish as es-ES and es-419
// and knows no bare "en" or "es" (Discord documentation, "Locales").
func locales() []locale {
	return []locale{
		{code: "en-US", also: []string{"en-GB"}, file: "en", tag: language.English, clock: "15:04"},
		{code: "de", file: "de", tag: language.German, clock: "15:04"},
		{code: "fr", file: "fr", tag: language.French, clock: "15:04"},
		{code: "es-ES", also: []string{"es-419"}, file: "es", tag: language.Spanish, clock: "15:04"},
		{code: "pt-BR", file: "pt-BR", tag: language.BrazilianPortuguese, clock: "15:04"},
		{code: "ja", file: "ja", tag: language.Japanese, clock: "15:04"},
	}
}

// catalogues is what load made of the embedded files.
type catalogues struct {
	bundle *goi18n.Bundle
	ids    map[string]map[string]bool // file → ids it has
}

// loaded reads the embedded catalogues once per process. They are part of the
// program, so an error in them is a defect that the tests find.
var loaded = sync.OnceValues(load)

func load() (*catalogues, error) {
	c := &catalogues{bundle: goi18n.NewBundle(language.English), ids: map[string]map[string]bool{}}
	for _, l := range locales() {
		entries, err := read(l.file)
		if err != nil {
			return nil, err
		}
		c.ids[l.file] = make(map[string]bool, len(entries))
		for id, forms := range entries {
			c.ids[l.file][id] = true
			m := &goi18n.Message{
				ID: id, Zero: forms["zero"], One: forms["one"], Two: forms["two"],
				Few: forms["few"], Many: forms["many"], Other: forms["other"],
			}
			if err := c.bundle.AddMessages(l.tag, m); err != nil {
				return nil, fmt.Errorf("add message %q of %s: %w", id, l.file, err)
			}
		}
	}
	return c, nil
}

// read returns one catalogue as id → plural form → text; a message without
// plural forms has the form "other" alone.
func read(file string) (map[string]map[string]string, error) {
	body, err := files.ReadFile("locales/" + file + ".json")
	if err != nil {
		return nil, fmt.Errorf("read catalogue %s: %w", file, err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, fmt.Errorf("parse catalogue %s: %w", file, err)
	}
	entries := make(map[string]map[string]string, len(raw))
	for id, value := range raw {
		var text string
		if json.Unmarshal(value, &text) == nil {
			entries[id] = map[string]string{"other": text}
			continue
		}
		var forms map[string]string
		if err := json.Unmarshal(value, &forms); err != nil {
			return nil, fmt.Errorf("parse message %q of catalogue %s: %w", id, file, err)
		}
		entries[id] = forms
	}
	return entries, nil
}
