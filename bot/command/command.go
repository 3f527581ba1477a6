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
	"broadsheet/bot/render"
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
	MemberPermissions(ctx context.Context, guildID, userID int64) (int64, error)
}

// Deps are the rooms the handlers work with. All are required.
type Deps struct {
	Store   *store.Store
	Web     Web
	Discord Channels
	Visitor Visitor
	Press   Press
	Log     *slog.Logger
	// Arrived is called after a channel began to follow a feed: there may be
	// pages to read and articles to post.
	Arrived func()
	// Zone is the IANA name of the time zone of servers that have not chosen.
	Zone string
}

type commands struct {
	Deps
	names *channelNames
}

// Register puts every handler on r.
func Register(r *discord.Router, d Deps) {
	c := &commands{Deps: d, names: newChannelNames()}
	at := desk{r, c}
	c.registerFeeds(at)
	c.registerDigest(at)
	c.registerNews(at)
	c.registerStories(at)
	at.Command("help", c.help)
}

// desk puts handlers on a router with what holds for all of them: only help,
// links and a member's own list work outside of a server, where there are no
// feeds to look at, and failures that a person can understand get a sentence.
type desk struct {
	*discord.Router
	c *commands
}

// Command shadows that of the router.
func (d desk) Command(path string, h discord.Handler) {
	d.Router.Command(path, d.c.worded(d.c.placed(path, h)))
}

// Component shadows that of the router.
func (d desk) Component(kind string, h discord.Handler) {
	d.Router.Component(kind, d.c.worded(d.c.placed(kind, h)))
}

// Autocomplete shadows that of the router.
func (d desk) Autocomplete(path, option string, h discord.Handler) {
	d.Router.Autocomplete(path, option, func(ctx context.Context, r *discord.Request) (discord.Reply, error) {
		if r.GuildID == 0 {
			return discord.Reply{}, nil
		}
		return h(ctx, r)
	})
}

// placed refuses requests from outside a server to what belongs to one. The
// buttons of notices say to which server they belong (see office).
func (c *commands) placed(what string, h discord.Handler) discord.Handler {
	switch what {
	case "help", "news summary", "news saved", render.KindSaved, render.KindRead, render.KindUnsave,
		render.KindRetry, render.KindPause, render.KindRemove, render.KindUndo:
		return h
	}
	return func(ctx context.Context, r *discord.Request) (discord.Reply, error) {
		if r.GuildID == 0 {
			return discord.Reply{}, refuse(r, "error.server")
		}
		return h(ctx, r)
	}
}

// printer returns the words for the person who made the request.
func printer(r *discord.Request) *i18n.Printer { return i18n.For(r.Locale) }

// say is a private reply of one text.
func say(text string, rows ...discord.Component) discord.Reply {
	return discord.Reply{Message: discord.Message{Components: append([]discord.Component{discord.Text(text)}, rows...)}}
}

// isAdmin reports whether the person may use the admin commands.
func isAdmin(r *discord.Request) bool {
	return r.Permissions&(discord.ManageServer|discord.Administrator) != 0
}
