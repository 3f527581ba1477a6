package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// statusCmd prints the database in figures.
type statusCmd struct {
	JSON  bool   `name:"json" xor:"form" help:"Print one JSON object."`
	Field string `placeholder:"NAME" xor:"form" help:"Print this figure alone, such as articles."`
}

// Help is the command's detailed help.
func (statusCmd) Help() string {
	return `Prints what the database holds: ` + strings.Join(statusFields, ", ") + `.

Example:

    broadsheet status --field articles`
}

// status is the database in figures.
type status struct {
	Feeds             int     `json:"feeds"`
	Articles          int     `json:"articles"`
	Subscriptions     int     `json:"subscriptions"`
	PendingDeliveries int     `json:"pending_deliveries"`
	FailingFeeds      int     `json:"failing_feeds"`
	LastPoll          *string `json:"last_poll"` // null before the first
	Database          string  `json:"database"`
}

// statusFields are status's fields in its order. Never written to.
var statusFields = []string{"feeds", "articles", "subscriptions", "pending_deliveries", "failing_feeds", "last_poll", "database"}

// Validate refuses a figure that does not exist.
func (c statusCmd) Validate() error {
	for _, name := range statusFields {
		if c.Field == name {
			return nil
		}
	}
	if c.Field == "" {
		return nil
	}
	return fmt.Errorf("--field: %q is none of %s", c.Field, strings.Join(statusFields, ", "))
}

// Run implements the command.
func (c statusCmd) Run(ctx context.Context, a *app) (err error) {
	s, err := a.reading(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	counts, err := s.Counts(ctx)
	if err != nil {
		return err
	}
	now := status{
		Feeds: counts.Feeds, Articles: counts.Articles, Subscriptions: counts.Subscriptions,
		PendingDeliveries: counts.PendingDeliveries, FailingFeeds: counts.FailingFeeds,
		LastPoll: orNull(stamp(counts.LastPoll)), Database: counts.Database,
	}
	if c.JSON {
		return a.json(now)
	}
	return c.print(a, now)
}

// print writes the figures for people, or one of them alone.
func (c statusCmd) print(a *app, now status) error {
	encoded, err := json.Marshal(now)
	if err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	var values map[string]any
	d := json.NewDecoder(strings.NewReader(string(encoded)))
	d.UseNumber()
	if err := d.Decode(&values); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	var b strings.Builder
	for _, name := range statusFields {
		value := values[name]
		if value == nil {
			value = ""
		}
		switch c.Field {
		case name:
			fmt.Fprintln(&b, value)
		case "":
			fmt.Fprintf(&b, "%-19s %v\n", strings.ReplaceAll(name, "_", " "), value)
		}
	}
	_, err = fmt.Fprint(a.stdout, b.String())
	return err
}
