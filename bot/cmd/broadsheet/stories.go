package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"broadsheet/summarize/stories"
)

// storiesCmd groups articles.
type storiesCmd struct {
	File string `arg:"" optional:"" name:"FILE" help:"JSON lines from a file or http(s) address; - or none is standard input."`
}

// Help is the command's detailed help.
func (storiesCmd) Help() string {
	return `Reads JSON lines {"id","title","text","published"} (published in RFC 3339, optional) and prints {"id","story"} in the same order; articles of one event have the same story.

Example:

    broadsheet stories articles.jsonl`
}

// storyLine is the output for one article.
type storyLine struct {
	ID    json.RawMessage `json:"id"`
	Story string          `json:"story"`
}

// told is an input line and what is printed for it.
type told struct {
	id  json.RawMessage
	doc int   // its place among the articles
	err error // why it is none
}

// Run implements the command.
func (c storiesCmd) Run(ctx context.Context, a *app) error {
	if _, err := a.config(); err != nil {
		return err
	}
	name := c.File
	if name == "" {
		name = "-"
	}
	r, err := a.stream(ctx, name)
	if err != nil {
		a.complain(inputName(name), err)
		return errTold
	}
	var docs []stories.Document
	var lines []told
	err = eachLine(cancellable{ctx, r}, func(line []byte) error {
		doc, err := document(line)
		lines = append(lines, told{idOf(line), len(docs), err})
		if err == nil {
			docs = append(docs, doc)
		}
		return nil
	})
	if err = errors.Join(err, r.Close()); err != nil {
		return fmt.Errorf("%s: %w", inputName(name), err)
	}
	return c.print(a, lines, label(len(docs), stories.Group(docs, stories.Options{})))
}

// document reads the article of a line.
func document(line []byte) (stories.Document, error) {
	var in struct {
		identified
		Title     string  `json:"title"`
		Text      string  `json:"text"`
		Lang      string  `json:"lang"`
		Published *string `json:"published"`
	}
	if err := decodeLine(line, &in); err != nil {
		return stories.Document{}, err
	}
	doc := stories.Document{Title: in.Title, Text: in.Text, Lang: in.Lang}
	if in.Published != nil && *in.Published != "" {
		at, err := time.Parse(time.RFC3339, *in.Published)
		if err != nil {
			return stories.Document{}, fmt.Errorf("published is %q, not a time in RFC 3339", *in.Published)
		}
		doc.Published = at
	}
	return doc, nil
}

// label names each article's story: stories are numbered in the order in which
// their first article was read.
func label(n int, groups [][]int) []string {
	group := make([]int, n)
	for g, members := range groups {
		for _, i := range members {
			group[i] = g
		}
	}
	labels := make([]string, n)
	names := map[int]string{}
	for i, g := range group {
		if names[g] == "" {
			names[g] = strconv.Itoa(len(names) + 1)
		}
		labels[i] = names[g]
	}
	return labels
}

func (c storiesCmd) print(a *app, lines []told, labels []string) error {
	failed := false
	for _, line := range lines {
		var out any
		if line.err != nil {
			failed = true
			out = failure{line.id, words(line.err)}
		} else {
			out = storyLine{line.id, labels[line.doc]}
		}
		if err := a.json(out); err != nil {
			return err
		}
	}
	if failed {
		return errTold
	}
	return nil
}
