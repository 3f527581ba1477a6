package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"broadsheet/bot/store"
)

// searchCmd searches the stored articles.
type searchCmd struct {
	Limit int      `default:"10" placeholder:"N" help:"Most articles (10, at most 100)."`
	JSON  bool     `name:"json" help:"Print a list of {\"id\",\"title\",\"link\",\"feed\",\"published\",\"excerpt\"}."`
	Query []string `arg:"" name:"QUERY" help:"Words that must all occur, \"phrases\", a beginning as begin*."`
}

// Help is the command's detailed help.
func (searchCmd) Help() string {
	return `Prints the stored articles that match, the best first.

Example:

    broadsheet search harbour bridge
    broadsheet search --json --limit 3 '"climate change"'`
}

// Validate refuses a limit that the search does not keep.
func (c searchCmd) Validate() error {
	if c.Limit < 1 || c.Limit > 100 {
		return errors.New("--limit is a number from 1 to 100")
	}
	return nil
}

// hit is the JSON of a found article.
type hit struct {
	ID        int64   `json:"id"`
	Title     string  `json:"title"`
	Link      *string `json:"link"`
	Feed      string  `json:"feed"`
	Published *string `json:"published"`
	Excerpt   string  `json:"excerpt"`
}

// Run implements the command.
func (c searchCmd) Run(ctx context.Context, a *app) (err error) {
	s, err := a.reading(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	found, _, err := s.Search(ctx, store.Query{Text: strings.Join(c.Query, " "), Limit: c.Limit})
	if err != nil {
		return err
	}
	if c.JSON {
		hits := make([]hit, len(found))
		for i, h := range found {
			hits[i] = hit{h.ID, h.Title, orNull(h.Link), h.FeedTitle, orNull(stamp(h.Published)), h.Excerpt}
		}
		return a.json(hits)
	}
	if len(found) == 0 {
		fmt.Fprintln(a.stderr, "Nothing was found.")
		return nil
	}
	var b strings.Builder
	for i, h := range found {
		if i > 0 {
			b.WriteByte('\n')
		}
		about := h.FeedTitle
		if !h.Published.IsZero() {
			about = strings.TrimPrefix(about+", ", ", ") + h.Published.UTC().Format(time.DateOnly)
		}
		fmt.Fprintf(&b, "%s (%s)\n", h.Title, about)
		for _, line := range []string{h.Link, strings.Join(strings.Fields(h.Excerpt), " ")} {
			if line != "" {
				fmt.Fprintf(&b, "  %s\n", line)
			}
		}
	}
	_, err = fmt.Fprint(a.stdout, b.String())
	return err
}
