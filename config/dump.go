package config

import (
	"strconv"
	"strings"
)

// Option is a row of the table of options.
type Option struct {
	Name    string // path in the file, such as fetch.interval
	Env     string // environment variable
	Default string // as it would be written in the environment
	Help    string
	Secret  bool // its value is never shown
}

// Table lists every option in the order of help, dump and README.
func Table() []Option {
	keys := options()
	rows := make([]Option, len(keys))
	for i, k := range keys {
		rows[i] = Option{Name: k.name, Env: envName(k.name), Default: k.initial, Help: k.help, Secret: k.secret}
	}
	return rows
}

// Value is an effective option.
type Value struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"` // "default", FILE:LINE, an environment variable or "command line"
	Help  string `json:"help"`
}

// Dump lists every option with its effective value and where it came from,
// secrets masked, and the number of declared feeds and digests.
func (c *Config) Dump() []Value {
	var rows []Value
	for _, o := range options() {
		from := "default"
		if at, ok := c.from[o.name]; ok {
			from = at.String()
		}
		rows = append(rows, Value{Name: o.name, Value: o.show(c), From: from, Help: o.help})
	}
	declared := func(name, help string, n, line int) {
		row := Value{Name: name, Value: strconv.Itoa(n), From: "default", Help: help}
		if n > 0 {
			row.From = origin{c.file, line}.String()
		}
		rows = append(rows, row)
	}
	line := 0
	if len(c.Feeds) > 0 {
		line = c.Feeds[0].Line
	}
	declared("feeds", "number of feeds declared in the file", len(c.Feeds), line)
	line = 0
	if len(c.Digests) > 0 {
		line = c.Digests[0].Line
	}
	declared("digests", "number of digests declared in the file", len(c.Digests), line)
	return rows
}

// Markdown is the README's tables of options and declarations.
func Markdown() string {
	var b strings.Builder
	b.WriteString("| option | default | meaning |\n| --- | --- | --- |\n")
	for _, o := range options() {
		row(&b, o.name, o.initial, o.help)
	}
	declaration(&b, "feeds", feedKeys())
	declaration(&b, "digests", digestKeys())
	return b.String()
}

func declaration[T any](b *strings.Builder, section string, keys []key[T]) {
	b.WriteString("\n| `" + section + "`: a list of | default | meaning |\n| --- | --- | --- |\n")
	for _, k := range keys {
		help := k.help
		if k.required {
			help += " (required)"
		}
		row(b, k.name, k.initial, help)
	}
}

func row(b *strings.Builder, name, initial, help string) {
	if initial != "" {
		initial = "`" + initial + "`"
	}
	b.WriteString("| `" + name + "` | " + initial + " | " + strings.ReplaceAll(help, "|", `\|`) + " |\n")
}
