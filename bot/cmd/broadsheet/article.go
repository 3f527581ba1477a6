package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"broadsheet/feeds/article"
)

// articleCmd prints the main text of pages.
type articleCmd struct {
	JSON  bool     `name:"json" xor:"json" help:"Print {\"url\",\"title\",\"byline\",\"published\",\"language\",\"image\",\"text\"}, a line a page."`
	JSONL bool     `name:"jsonl" xor:"json" help:"Read lines {\"id\",\"url\",\"html\"}, print {\"id\",\"title\",\"text\"}."`
	Base  string   `placeholder:"URL" help:"Address of the page, against which its links are resolved."`
	Files []string `arg:"" optional:"" name:"FILE" help:"Files or http(s) addresses; - or none is standard input."`
}

// Help is the command's detailed help.
func (articleCmd) Help() string {
	return `Prints what the page's author wrote, without menus, notices and lists of other pages; paragraphs are separated by blank lines.

Example:

    broadsheet article https://example.org/story.html
    broadsheet article --json --base https://example.org/story.html saved.html`
}

// page is the JSON of one page; what it does not tell is null.
type page struct {
	URL       *string `json:"url"`
	Title     *string `json:"title"`
	Byline    *string `json:"byline"`
	Published *string `json:"published"`
	Language  *string `json:"language"`
	Image     *string `json:"image"`
	Text      *string `json:"text"`
}

// errNoText is a page without an article, errNoPage what is no page at all.
var (
	errNoText = errors.New("no main text was found in the page")
	errNoPage = errors.New("is no web page but binary data")
)

// Run implements the command.
func (c articleCmd) Run(ctx context.Context, a *app) error {
	if c.JSONL {
		return a.jsonLines(ctx, c.Files, c.line)
	}
	if _, err := a.config(); err != nil {
		return err
	}
	printed := false
	return a.eachSource(ctx, c.Files, func(s source) error {
		base, err := s.base(c.Base)
		if err != nil {
			return err
		}
		if strings.ContainsRune(s.text(), 0) {
			return errNoPage
		}
		found, err := extract(ctx, s.body, s.contentType, base)
		switch {
		case err != nil:
			return err
		case c.JSON:
			if found.URL == "" {
				found.URL = base
			}
			return wrote(a.json(pageOf(found)))
		case found.Text == "":
			return errNoText
		}
		separator := ""
		if printed {
			separator = "\n"
		}
		printed = true
		_, err = fmt.Fprint(a.stdout, separator, found.Text, "\n")
		return wrote(err)
	})
}

func pageOf(p article.Article) page {
	return page{
		URL: orNull(p.URL), Title: orNull(p.Title), Byline: orNull(p.Byline), Published: orNull(stamp(p.Published)),
		Language: orNull(p.Language), Image: orNull(p.Image), Text: orNull(p.Text),
	}
}

// stamp is a time in RFC 3339 and UTC, "" for the zero time.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// line extracts the page of one JSON line.
func (c articleCmd) line(ctx context.Context, line []byte) (any, error) {
	var in struct {
		identified
		URL  string `json:"url"`
		HTML string `json:"html"`
	}
	if err := decodeLine(line, &in); err != nil {
		return nil, err
	}
	if in.URL == "" {
		in.URL = c.Base
	}
	found, err := extract(ctx, []byte(in.HTML), "text/html; charset=utf-8", in.URL)
	if err != nil {
		return nil, err
	}
	return struct {
		ID    json.RawMessage `json:"id"`
		Title string          `json:"title"`
		Text  string          `json:"text"`
	}{idOf(line), found.Title, found.Text}, nil
}
