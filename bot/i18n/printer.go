package i18n

import (
	"fmt"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// Printer says things in one language. It is safe for concurrent use.
type Printer struct {
	locale    locale
	localizer *goi18n.Localizer
	numbers   *message.Printer
}

// For returns the printer of the catalogue that serves code, a Discord locale
// or any BCP 47 tag. A region without a catalogue falls back to its language
// (en-GB → English, es-419 → Spanish, pt-PT → Brazilian Portuguese), anything
// unknown to English.
func For(code string) *Printer {
	l := match(code)
	p := &Printer{locale: l, numbers: message.NewPrinter(l.tag)}
	if c, err := loaded(); err == nil {
		p.localizer = goi18n.NewLocalizer(c.bundle, l.tag.String())
	}
	return p
}

// match finds the row of the locale table that serves code.
func match(code string) locale {
	all := locales()
	code = strings.ReplaceAll(code, "_", "-")
	for _, l := range all {
		if strings.EqualFold(l.code, code) {
			return l
		}
	}
	tag, err := language.Parse(code)
	if err != nil {
		return all[0]
	}
	base, _ := tag.Base()
	for _, l := range all {
		if b, _ := l.tag.Base(); b == base {
			return l
		}
	}
	return all[0]
}

// Locale returns the Discord code of p's language, for example "es-ES".
func (p *Printer) Locale() string { return p.locale.code }

// T returns the message id in p's language. args are pairs of a placeholder's
// name and its value; whole numbers are written with the language's separators
// and the argument "n" selects the plural form. An id that no catalogue has is
// returned as it is.
func (p *Printer) T(id string, args ...any) string {
	if p.localizer == nil {
		return id
	}
	config := &goi18n.LocalizeConfig{MessageID: id, TemplateParser: template.IdentityParser{}}
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "n" {
			config.PluralCount = args[i+1]
		}
	}
	// An error beside a text means that a fallback form or language was used,
	// which the catalogue tests forbid for our own ids.
	text, err := p.localizer.Localize(config)
	if err != nil && text == "" {
		return id
	}
	return p.expand(text, args)
}

// expand puts the arguments into text's placeholders in one pass, so that a
// value which looks like a placeholder stays as it is.
func (p *Printer) expand(text string, args []any) string {
	if len(args) < 2 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), p.value(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// value writes one argument.
func (p *Printer) value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int, int64, int32, uint, uint64:
		return p.numbers.Sprint(v)
	default:
		return fmt.Sprint(v)
	}
}

// Number writes n with the language's separators: 1,234 or 1.234.
func (p *Printer) Number(n int) string { return p.numbers.Sprint(n) }

// Locales returns the codes of the languages that have a catalogue, English
// first.
func Locales() []string {
	all := locales()
	codes := make([]string, len(all))
	for i, l := range all {
		codes[i] = l.code
	}
	return codes
}

// All returns the message id in every language, keyed by every Discord code
// that a catalogue serves (en-US and en-GB, es-ES and es-419), for the
// localisations of a command. It is nil if English has no such message.
func All(id string) map[string]string {
	if !Has(id) {
		return nil
	}
	texts := map[string]string{}
	for _, l := range locales() {
		text := For(l.code).T(id)
		texts[l.code] = text
		for _, code := range l.also {
			texts[code] = text
		}
	}
	return texts
}

// Has reports whether the English catalogue has the message id.
func Has(id string) bool {
	c, err := loaded()
	return err == nil && c.ids["en"][id]
}

// Command writes a command as a member of p's language types it: path is its
// English form, "feeds add", and the result "/feeds hinzufügen".
func (p *Printer) Command(path string) string {
	id := "cmd"
	var b strings.Builder
	for i, word := range strings.Fields(path) {
		id += "." + word
		b.WriteString([]string{"/", " "}[min(i, 1)])
		if name := id + ".name"; Has(name) {
			word = p.T(name)
		}
		b.WriteString(word)
	}
	return b.String()
}
