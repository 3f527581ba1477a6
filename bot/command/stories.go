package command

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
)

// registerStories puts the menus and buttons under digests and articles on r.
// They answer the one who pressed; the digest itself stays as it is.
func (c *commands) registerStories(r desk) {
	r.Component(render.KindRead, c.readChosen)
	r.Component(render.KindDigestPage, c.digestPage)
	for kind, next := range map[string]string{
		render.KindDigestSave: render.KindPickSave, render.KindDigestUp: render.KindPickUp, render.KindDigestDown: render.KindPickDown,
	} {
		r.Component(kind, c.pickStory(next))
	}
	for kind, act := range map[string]act{
		render.KindPickSave: c.save, render.KindPickUp: c.vote(1), render.KindPickDown: c.vote(-1),
	} {
		r.Component(kind, c.onChosen(act))
		r.Updates(kind)
	}
	for kind, act := range map[string]act{
		render.KindSave: c.save, render.KindUnsave: c.unsave, render.KindUp: c.vote(1), render.KindDown: c.vote(-1),
	} {
		r.Component(kind, c.onArticle(act))
	}
	r.Component(render.KindShare, c.share)
	// A page that is slow to read must not make the post a private one: Discord
	// fixes who sees an answer when the wait begins, but not who sees a further
	// message.
	r.Updates(render.KindShare)
}

// act does something to an article that the member may see and says so.
type act func(ctx context.Context, r *discord.Request, a store.Article) (string, error)

// onArticle runs do on the article in the button's argument.
func (c *commands) onArticle(do act) discord.Handler {
	return func(ctx context.Context, r *discord.Request) (discord.Reply, error) {
		args, err := numbers(r, 1)
		if err != nil {
			return discord.Reply{}, err
		}
		return c.act(ctx, r, args[0], do)
	}
}

// onChosen runs do on the article chosen in a menu, which it then replaces.
func (c *commands) onChosen(do act) discord.Handler {
	return func(ctx context.Context, r *discord.Request) (discord.Reply, error) {
		id, err := chosen(r)
		if err != nil {
			return discord.Reply{}, err
		}
		reply, err := c.act(ctx, r, id, do)
		reply.Update = true
		return reply, err
	}
}

func (c *commands) act(ctx context.Context, r *discord.Request, id int64, do act) (discord.Reply, error) {
	a, err := c.visible(ctx, r, id)
	if err != nil {
		return discord.Reply{}, err
	}
	text, err := do(ctx, r, a)
	if err != nil {
		return discord.Reply{}, err
	}
	if title := line(a.Title, maxShown); title != "" {
		text += "\n-# " + discord.Escape(title)
	}
	return say(text), nil
}

// chosen is the article id that was chosen in a menu.
func chosen(r *discord.Request) (int64, error) {
	if len(r.Values) != 1 {
		return 0, outdated(r)
	}
	id, err := strconv.ParseInt(r.Values[0], 10, 64)
	if err != nil {
		return 0, outdated(r)
	}
	return id, nil
}

func (c *commands) save(ctx context.Context, r *discord.Request, a store.Article) (string, error) {
	if err := c.Store.Save(ctx, r.UserID, a.ID); err != nil && !errors.Is(err, store.ErrExists) {
		return "", err
	}
	return printer(r).T("reply.saved", "command", "`"+printer(r).Command("news saved")+"`"), nil
}

func (c *commands) unsave(ctx context.Context, r *discord.Request, a store.Article) (string, error) {
	if err := c.Store.Unsave(ctx, r.UserID, a.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	return printer(r).T("reply.unsaved"), nil
}

func (c *commands) vote(v int) act {
	return func(ctx context.Context, r *discord.Request, a store.Article) (string, error) {
		if err := c.Store.Vote(ctx, r.GuildID, r.UserID, a.ID, v); err != nil {
			return "", err
		}
		if v < 0 {
			return printer(r).T("reply.down"), nil
		}
		return printer(r).T("reply.up"), nil
	}
}

// readChosen answers Read more…: the longer summary of the chosen article.
func (c *commands) readChosen(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	id, err := chosen(r)
	if err != nil {
		return discord.Reply{}, err
	}
	return c.article(ctx, r, id)
}

// pickStory answers Save, 👍 and 👎 under a digest: arguments digest, edition.
func (c *commands) pickStory(kind string) discord.Handler {
	return func(ctx context.Context, r *discord.Request) (discord.Reply, error) {
		args, err := numbers(r, 2)
		if err != nil {
			return discord.Reply{}, err
		}
		_, e, err := c.edition(ctx, r, args[0], args[1])
		if err != nil {
			return discord.Reply{}, err
		}
		return discord.Reply{Message: render.PickArticle(c.reader(ctx, r), kind, e)}, nil
	}
}

// digestPage answers Next page: arguments digest, edition, page, and turned on
// the pages themselves. Pressed on the digest it answers beside it; pressed on
// that answer it turns its page.
func (c *commands) digestPage(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	const turned = "turned"
	turning := len(r.CustomArgs) == 4 && r.CustomArgs[3] == turned
	if turning {
		r.CustomArgs = r.CustomArgs[:3]
	}
	args, err := numbers(r, 3)
	if err != nil {
		return discord.Reply{}, err
	}
	d, e, err := c.edition(ctx, r, args[0], args[1])
	if err != nil {
		return discord.Reply{}, err
	}
	paper, err := Paper(d, e, time.Now())
	if err != nil {
		return discord.Reply{}, err
	}
	if paper.Now, err = c.printedAt(ctx, d, args[1], e); err != nil {
		return discord.Reply{}, err
	}
	paper.Locale, paper.Number = r.Locale, args[1]
	m := render.Page(paper, int(min(args[2], maxPage)))
	readdress(m.Components, render.KindDigestPage, func(args []string) []string { return append(args, turned) })
	return discord.Reply{Message: m, Update: turning || args[2] > 0}, nil
}

// printedAt is when an edition of d was printed: its pages bear that date and
// not that of the day when somebody turns them.
func (c *commands) printedAt(ctx context.Context, d store.Digest, number int64, e digest.Edition) (time.Time, error) {
	all := e.All()
	if number == d.Edition && !d.LastSent.IsZero() || len(all) == 0 {
		return d.LastSent, nil
	}
	path, err := c.Store.Why(ctx, d.GuildID, all[0].Lead.ID)
	if err != nil {
		return time.Time{}, fmt.Errorf("read when it was printed: %w", err)
	}
	for _, ch := range path.Channels {
		if ch.ChannelID == d.ChannelID && !ch.At.IsZero() {
			return ch.At, nil
		}
	}
	return d.LastSent, nil
}

// edition is a printed edition of a digest of the request's own server.
func (c *commands) edition(ctx context.Context, r *discord.Request, digestID, number int64) (store.Digest, digest.Edition, error) {
	d, err := c.Store.Digest(ctx, digestID)
	if err != nil {
		return d, digest.Edition{}, missing(r, err, "error.expired")
	}
	if d.GuildID != r.GuildID {
		return d, digest.Edition{}, refuse(r, "error.expired")
	}
	printed, err := c.Store.PrintedEdition(ctx, digestID, number)
	if err != nil {
		return d, digest.Edition{}, missing(r, err, "error.expired")
	}
	return d, rebuilt(printed), nil
}

// rebuilt puts an edition together again from what became of its articles.
func rebuilt(printed []store.PrintedArticle) digest.Edition {
	var e digest.Edition
	also := map[int64][]digest.Article{}
	sources := map[int64]bool{}
	for _, p := range printed {
		if p.Fate == store.FateJoined && p.StoryLead != 0 {
			also[p.StoryLead] = append(also[p.StoryLead], DigestArticle(p.Article))
		}
	}
	for _, p := range printed {
		story := digest.Story{Lead: DigestArticle(p.Article), Also: also[p.ID], Summary: p.Summary}
		switch p.Fate {
		case store.FateCard:
			e.Cards = append(e.Cards, story)
		case store.FateLine:
			e.Lines = append(e.Lines, story)
		case store.FateCounted:
			e.More = append(e.More, story)
		default:
			continue
		}
		e.Stories++
		for _, a := range story.Articles() {
			e.Articles++
			sources[a.FeedID] = true
		}
	}
	e.Feeds = len(sources)
	return e
}

// share posts for everyone what only the member has seen: what, and the
// arguments it was made of.
func (c *commands) share(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	// Posts speak the server's language, whoever shares them.
	if err := c.mayPost(ctx, r); err != nil {
		return discord.Reply{}, err
	}
	post := *r
	post.Locale = r.GuildLocale
	reply, err := c.shared(ctx, &post)
	if err != nil {
		return reply, err
	}
	line := printer(&post).T("reply.sharedby", "member", discord.Escape(r.UserName))
	reply.Message = inert(reply.Message, line)
	reply.Public, reply.Update = true, false
	return reply, nil
}

func (c *commands) shared(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	if len(r.CustomArgs) < 2 {
		return discord.Reply{}, outdated(r)
	}
	what, args := r.CustomArgs[0], r.CustomArgs[1:]
	switch what {
	case render.ShareArticle:
		id, err := strconv.ParseInt(args[0], 10, 64)
		if err != nil {
			return discord.Reply{}, outdated(r)
		}
		return c.article(ctx, r, id)
	case render.ShareLink:
		return c.page(ctx, r, args[0])
	case render.ShareSearch:
		page, feed, query, err := searchArgs(r, args)
		if err != nil {
			return discord.Reply{}, err
		}
		return c.results(ctx, r, query, feed, page)
	case render.ShareLatest:
		if len(args) != 2 {
			return discord.Reply{}, outdated(r)
		}
		page, feed, _, err := searchArgs(r, append(args, ""))
		if err != nil {
			return discord.Reply{}, err
		}
		return c.latestList(ctx, r, feed, page)
	}
	return discord.Reply{}, outdated(r)
}
