// Package command defines Broadsheet's slash commands and answers them, with
// the menus and buttons under its messages. Handlers are thin: they read what
// was typed, ask the store, the web and the press, and hand the answer to
// package render. Nothing a member types or presses is trusted: every id is
// looked up again within the server the request came from.
package command

import (
	"context"
	"log/slog"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

// Web is what the commands need of package feeds.
type Web interface {
	// Discover finds the feeds behind an address.
	Discover(ctx context.Context, address string) ([]feeds.Candidate, error)
	// Page reads the main text of a page.
	Page(ctx context.Context, url string) (feeds.Page, error)
}

// Visitor visits a feed at once, outside of its schedule.
type Visitor interface {
	VisitNow(ctx context.Context, feedID int64) (feeds.Visit, error)
}

// Press prints and previews digests.
type Press interface {
	Preview(ctx context.Context, d store.Digest) ([]discord.Message, digest.Edition, error)
	Run(ctx context.Context, d store.Digest) (digest.Edition, error)
}

// Channels is what the commands need of Discord besides the request itself.
type Channels interface {
	Channel(ctx context.Context, id int64) (discord.Channel, error)
	Missing(ctx context.Context, guildID, channelID int64) ([]discord.Permission, error)
}

// Deps are the rooms the handlers work with. All are required.
type Deps struct {
	Store   *store.Store
	Web     Web
	Discord Channels
	Visitor Visitor
	Press   Press
	Log     *slog.Logger
	// Zone is the IANA name of the time zone of servers that have not chosen.
	Zone string
}

type commands struct{ Deps }

// Register puts every handler on r.
func Register(r *discord.Router, d Deps) {
	c := &commands{d}
	c.registerFeeds(r)
	c.registerDigest(r)
	c.registerNews(r)
	c.registerStories(r)
	r.Command("help", c.help)
}

// printer returns the words for the person who made the request.
func printer(r *discord.Request) *i18n.Printer { return i18n.For(r.Locale) }

// refuse is an error whose text and hint are messages of the catalogue; args
// go to both. The hint is left out where the catalogue has none.
func refuse(r *discord.Request, id string, args ...any) error {
	p := printer(r)
	e := &discord.UserError{Text: p.T(id, args...)}
	if i18n.Has(id + ".hint") {
		e.Hint = p.T(id+".hint", args...)
	}
	return e
}

// say is a private reply of one text.
func say(text string, rows ...discord.Component) discord.Reply {
	return discord.Reply{Message: discord.Message{Components: append([]discord.Component{discord.Text(text)}, rows...)}}
}

// Words puts what the router itself answers into the language of the person
// who asked.
func Words(r *discord.Request, problem discord.Problem, ref string) *discord.UserError {
	var key string
	switch problem {
	case discord.ProblemForbidden:
		key = "error.admin"
	case discord.ProblemUnknown:
		key = "error.button"
	case discord.ProblemSlow:
		key = "error.busy"
	default:
		key = "error.internal"
	}
	p := printer(r)
	e := &discord.UserError{Text: p.T(key, "ref", ref)}
	if i18n.Has(key + ".hint") {
		e.Hint = p.T(key+".hint", "ref", ref)
	}
	return e
}
