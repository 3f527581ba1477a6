package command

import (
	"context"
	"errors"
	"fmt"

	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

// refuse is an error whose text and hint are messages of the catalogue; args
// go to both. The hint is left out where the catalogue has none.
func refuse(r *discord.Request, id string, args ...any) error { return sentence(r, id, args...) }

func sentence(r *discord.Request, id string, args ...any) *discord.UserError {
	p := printer(r)
	e := &discord.UserError{Text: p.T(id, args...)}
	if i18n.Has(id + ".hint") {
		e.Hint = p.T(id+".hint", args...)
	}
	return e
}

// outdated refuses a press whose custom id or value is not one of ours: from
// another version, or forged.
func outdated(r *discord.Request) error { return refuse(r, "error.button") }

// missing turns ErrNotFound into a refusal and passes other errors on.
func missing(r *discord.Request, err error, id string, args ...any) error {
	if errors.Is(err, store.ErrNotFound) {
		return refuse(r, id, args...)
	}
	return err
}

// Words puts what the router itself answers into the language of the person
// who asked.
func Words(r *discord.Request, problem discord.Problem, ref string) *discord.UserError {
	switch problem {
	case discord.ProblemForbidden:
		return sentence(r, "error.admin")
	case discord.ProblemUnknown:
		return sentence(r, "error.button")
	case discord.ProblemSlow:
		return sentence(r, "error.busy")
	}
	return sentence(r, "error.internal", "ref", ref)
}

// worded gives a sentence to the failures of h that are nobody's mistake but
// can be understood: of the disk, of Discord, of the web, of an ending
// program. The log keeps the cause; what is left is an internal error.
func (c *commands) worded(h discord.Handler) discord.Handler {
	return func(ctx context.Context, r *discord.Request) (discord.Reply, error) {
		reply, err := h(ctx, r)
		if err == nil {
			return reply, nil
		}
		var user *discord.UserError
		if errors.As(err, &user) {
			return discord.Reply{}, user
		}
		known := c.explain(ctx, r, err)
		if known == nil {
			return discord.Reply{}, err
		}
		c.Log.Warn("request failed", "command", r.Command, "custom", r.CustomKind, "guild", r.GuildID, "err", err)
		return discord.Reply{}, known
	}
}

// explain is the sentence for err, nil if there is none.
func (c *commands) explain(ctx context.Context, r *discord.Request, err error) error {
	var refused *discord.Error
	var web *feeds.Error
	switch {
	case ctx.Err() != nil:
		return refuse(r, "error.restart")
	case errors.Is(err, store.ErrFull), errors.Is(err, store.ErrReadOnly):
		return refuse(r, "error.disk")
	case errors.Is(err, store.ErrNotFound):
		return refuse(r, "error.vanished")
	case errors.Is(err, store.ErrLeaseLost):
		return refuse(r, "error.busy")
	case errors.As(err, &refused):
		return refuse(r, "error.discord")
	case errors.As(err, &web):
		return webRefusal(r, web.URL, web, "error.notfeed")
	}
	return nil
}

// webError says in the person's language why an address could not be read.
// fallback is the message for an address that leads to the wrong thing.
func webError(r *discord.Request, address string, err error, fallback string) error {
	var f *feeds.Error
	if !errors.As(err, &f) {
		return fmt.Errorf("read %s: %w", feeds.MaskURL(address), err)
	}
	return webRefusal(r, feeds.MaskURL(address), f, fallback)
}

// webRefusal is webError for an address without secrets.
func webRefusal(r *discord.Request, address string, f *feeds.Error, fallback string) error {
	shown := discord.Escape(cutRunes(address, maxShown))
	switch f.Kind {
	case feeds.Private:
		return refuse(r, "error.private", "url", shown)
	case feeds.Invalid:
		return refuse(r, "error.address", "url", shown)
	case feeds.NotFeed, feeds.Malformed:
		return refuse(r, fallback, "url", shown)
	}
	reason := "feed.error." + string(f.Kind)
	if !i18n.Has(reason) {
		reason = "feed.error.unknown"
	}
	return refuse(r, "error.page", "url", shown, "reason", printer(r).T(reason))
}

// maxShown is how much of what somebody typed an error repeats, in characters.
const maxShown = 200

// unknown says that nothing is called typed, what is near, and how to see what
// there is: list is the English path of a command, "" for people who may use
// none and have the suggestions alone.
func unknown(r *discord.Request, id, typed, near, list string) error {
	p := printer(r)
	e := &discord.UserError{Text: p.T(id, "name", discord.Escape(cutRunes(typed, maxShown)))}
	near = discord.Escape(near)
	switch {
	case list == "" && near != "":
		e.Hint = p.T("error.didyoumean.plain", "name", near)
	case list == "":
		e.Hint = p.T("error.choose")
	case near != "":
		e.Hint = p.T("error.didyoumean", "name", near, "command", "`"+p.Command(list)+"`")
	default:
		e.Hint = p.T("error.seeall", "command", "`"+p.Command(list)+"`")
	}
	return e
}
