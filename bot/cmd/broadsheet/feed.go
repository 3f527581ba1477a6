package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"broadsheet/feeds"
)

// feedCmd prints a feed.
type feedCmd struct {
	JSON        bool   `name:"json" help:"Print the feed as one JSON object."`
	Base        string `placeholder:"URL" help:"Address of the feed, against which its links are resolved."`
	ContentType string `placeholder:"T" help:"The Content-Type to read the document as."`
	File        string `arg:"" optional:"" name:"FILE" help:"A file or the http(s) address of a feed or site; - or none is standard input."`
}

// Help is the command's detailed help.
func (feedCmd) Help() string {
	return `Prints what the bot reads in the feed. Behind a site's address its feed is looked for; if there are several, the first is read and all are listed.

Example:

    broadsheet feed https://example.org/
    broadsheet feed --json --base https://example.org/feed.xml saved.xml`
}

// feedJSON is the JSON of a feed.
type feedJSON struct {
	Kind       string      `json:"kind"`
	Title      string      `json:"title"`
	Link       *string     `json:"link"`
	FeedURL    *string     `json:"feed_url"`
	Language   *string     `json:"language"`
	Candidates []candidate `json:"candidates"`
	Items      []itemJSON  `json:"items"`
	Warnings   []string    `json:"warnings"`
}

// candidate is a feed found behind a site's address.
type candidate struct {
	URL   string `json:"url"`
	Title string `json:"title"`
	Kind  string `json:"kind"`
}

// itemJSON is the JSON of a feed's item.
type itemJSON struct {
	ID         *string  `json:"id"`
	Title      string   `json:"title"`
	Link       *string  `json:"link"`
	Published  *string  `json:"published"`
	Updated    *string  `json:"updated"`
	Author     *string  `json:"author"`
	Categories []string `json:"categories"`
	Image      *string  `json:"image"`
	Text       string   `json:"text"`
}

// Run implements the command.
func (c feedCmd) Run(ctx context.Context, a *app) error {
	if _, err := a.config(); err != nil {
		return err
	}
	files := []string{}
	if c.File != "" {
		files = append(files, c.File)
	}
	return a.eachSource(ctx, files, func(s source) error {
		feed, candidates, err := c.find(ctx, a, s)
		if err != nil {
			return err
		}
		if c.JSON {
			return wrote(a.json(jsonOf(feed, candidates)))
		}
		for _, warning := range feed.Warnings {
			fmt.Fprintln(a.stderr, warning)
		}
		_, err = fmt.Fprint(a.stdout, shown(feed, candidates))
		return wrote(err)
	})
}

// find reads the document as a feed, else as a page that leads to feeds.
func (c feedCmd) find(ctx context.Context, a *app, s source) (*feeds.Feed, []candidate, error) {
	feed, err := c.parse(s)
	var visit *feeds.Error
	if err == nil || s.url == "" || !errors.As(err, &visit) || visit.Kind != feeds.NotFeed {
		return feed, nil, err
	}
	web, err := a.web()
	if err != nil {
		return nil, nil, err
	}
	found, err := web.Discover(ctx, s.name)
	if err != nil {
		return nil, nil, err
	}
	var candidates []candidate
	for _, f := range found {
		candidates = append(candidates, candidate(f))
	}
	if len(found) == 0 {
		return nil, nil, visit
	}
	first, err := a.read(ctx, found[0].URL)
	if err != nil {
		return nil, nil, err
	}
	feed, err = c.parse(first)
	return feed, candidates, err
}

func (c feedCmd) parse(s source) (*feeds.Feed, error) {
	base, err := s.base(c.Base)
	if err != nil {
		return nil, err
	}
	contentType := s.contentType
	if c.ContentType != "" {
		contentType = c.ContentType
	}
	return feeds.Parse(s.body, contentType, base)
}

func jsonOf(f *feeds.Feed, candidates []candidate) feedJSON {
	out := feedJSON{
		Kind: f.Kind, Title: f.Title, Link: orNull(f.Link), FeedURL: orNull(f.FeedURL), Language: orNull(f.Language),
		Candidates: orEmpty(candidates), Items: make([]itemJSON, len(f.Items)), Warnings: orEmpty(f.Warnings),
	}
	for i, item := range f.Items {
		out.Items[i] = itemJSON{
			ID: orNull(item.ID), Title: item.Title, Link: orNull(item.Link), Published: orNull(stamp(item.Published)),
			Updated: orNull(stamp(item.Updated)), Author: orNull(item.Author), Categories: orEmpty(item.Categories),
			Image: orNull(item.Image), Text: item.Text,
		}
	}
	return out
}

// orEmpty is the list, never nil, which JSON would write as null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// shown is the feed for people.
func shown(f *feeds.Feed, candidates []candidate) string {
	var b strings.Builder
	if len(candidates) > 1 {
		b.WriteString("The site has several feeds; the first is shown:\n")
		for _, c := range candidates {
			fmt.Fprintf(&b, "  %s  %s\n", c.URL, c.Title)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "%s (%s, %d items)\n", f.Title, f.Kind, len(f.Items))
	if f.Link != "" {
		fmt.Fprintln(&b, f.Link)
	}
	for _, item := range f.Items {
		date := "                "
		if at := item.Published; !at.IsZero() {
			date = at.UTC().Format(time.DateTime)[:len(date)]
		}
		fmt.Fprintf(&b, "\n%s  %s\n", date, item.Title)
		if item.Link != "" {
			fmt.Fprintf(&b, "%*s  %s\n", len(date), "", item.Link)
		}
	}
	return b.String()
}
