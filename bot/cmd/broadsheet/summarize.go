package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"broadsheet/feeds/article"
	"broadsheet/summarize"
)

// summarizeCmd condenses texts.
type summarizeCmd struct {
	Sentences int      `placeholder:"N" help:"Exact number of sentences (2 to 4, as the text needs)."`
	Words     int      `placeholder:"N" help:"Most words of the whole summary."`
	Title     string   `placeholder:"T" help:"Headline of the text."`
	Lang      string   `placeholder:"L" help:"Language of the text, such as en or pt-BR (detected)."`
	Format    string   `enum:"auto,text,html" default:"auto" help:"Kind of input: auto, text or html."`
	JSON      bool     `name:"json" xor:"json" help:"Print {\"summary\":[…],\"language\"}, a line a file."`
	JSONL     bool     `name:"jsonl" xor:"json" help:"Read lines {\"id\",\"title\",\"text\",\"lang\"}, print {\"id\",\"summary\":[…],\"language\"}."`
	Files     []string `arg:"" optional:"" name:"FILE" help:"Files or http(s) addresses; - or none is standard input."`
}

// Help is the command's detailed help.
func (summarizeCmd) Help() string {
	return `Prints sentences of the text, unchanged and in their order, a sentence a line. Several files are separated by a blank line.

Example:

    broadsheet summarize --sentences 3 https://example.org/story.html
    broadsheet summarize --json story.txt other.txt`
}

// Validate refuses numbers that mean nothing.
func (c summarizeCmd) Validate() error {
	if c.Sentences < 0 || c.Words < 0 {
		return errors.New("--sentences and --words count from 0")
	}
	return nil
}

// summary is the JSON of one text.
type summary struct {
	Summary  []string `json:"summary"`
	Language *string  `json:"language"`
}

// Run implements the command.
func (c summarizeCmd) Run(ctx context.Context, a *app) error {
	if c.JSONL {
		return a.jsonLines(ctx, c.Files, c.line)
	}
	if _, err := a.config(); err != nil {
		return err
	}
	printed := false
	return a.eachSource(ctx, c.Files, func(s source) error {
		sum, err := c.condense(ctx, s, c.Title, c.Lang)
		if err != nil {
			return err
		}
		if c.JSON {
			return wrote(a.json(summary{sum.Sentences, orNull(sum.Language)}))
		}
		out := ""
		if printed {
			out = "\n"
		}
		printed = true
		for _, sentence := range sum.Sentences {
			out += strings.Join(strings.Fields(sentence), " ") + "\n"
		}
		_, err = fmt.Fprint(a.stdout, out)
		return wrote(err)
	})
}

// wrote marks an error of writing the result, after which no other file helps.
func wrote(err error) error {
	if err != nil {
		return writeError{err}
	}
	return nil
}

// condense summarizes one document.
func (c summarizeCmd) condense(ctx context.Context, s source, title, lang string) (summarize.Summary, error) {
	text := ""
	if c.Format == "html" || c.Format == "auto" && s.isHTML() {
		page, err := extract(ctx, s.body, s.contentType, s.url)
		if err != nil {
			return summarize.Summary{}, err
		}
		text = page.Text
		if title == "" {
			title = page.Title
		}
		if lang == "" {
			lang = page.Language
		}
	} else {
		text = s.text()
	}
	return summarize.Summarize(title, text, summarize.Options{Sentences: c.Sentences, Words: c.Words, Lang: lang})
}

// line summarizes one JSON line.
func (c summarizeCmd) line(ctx context.Context, line []byte) (any, error) {
	var in struct {
		identified
		Title string `json:"title"`
		Text  string `json:"text"`
		Lang  string `json:"lang"`
	}
	if err := decodeLine(line, &in); err != nil {
		return nil, err
	}
	title, lang := in.Title, in.Lang
	if title == "" {
		title = c.Title
	}
	if lang == "" {
		lang = c.Lang
	}
	sum, err := c.condense(ctx, source{body: []byte(in.Text)}, title, lang)
	if err != nil {
		return nil, err
	}
	return struct {
		ID json.RawMessage `json:"id"`
		summary
	}{idOf(line), summary{sum.Sentences, orNull(sum.Language)}}, nil
}

// extractTime bounds the extraction of one page.
const extractTime = 10 * time.Second

// extract reads a page's main text.
func extract(ctx context.Context, body []byte, contentType, url string) (article.Article, error) {
	ctx, cancel := context.WithTimeout(ctx, extractTime)
	defer cancel()
	page, err := article.Extract(ctx, body, contentType, url, nil)
	if err != nil {
		return article.Article{}, fmt.Errorf("read the page: %w", err)
	}
	if page.Language == "" {
		page.Language = summarize.Detect(page.Text, "")
	}
	return page, nil
}
