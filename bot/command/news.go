package command

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

func (c *commands) registerNews(r *discord.Router) {
	r.Command("news latest", c.latest)
	r.Command("news search", c.search)
	r.Command("news read", c.read)
	r.Command("news summary", c.summary)
	r.Command("news saved", c.saved)
	r.Autocomplete("news latest", "feed", c.suggestFeeds)
	r.Autocomplete("news search", "feed", c.suggestFeeds)
	r.Autocomplete("news read", "article", c.suggestArticles)
	r.Component(render.KindSearch, c.searchPage)
	r.Component(render.KindLatest, c.latestPage)
	r.Component(render.KindSaved, c.savedPage)
	for _, kind := range []string{render.KindSearch, render.KindLatest, render.KindSaved} {
		r.Updates(kind)
	}
}

// chosenFeed is the feed named by the option "feed": 0 and "" if there is none.
func (c *commands) chosenFeed(ctx context.Context, r *discord.Request) (int64, error) {
	if r.Options["feed"] == "" {
		return 0, nil
	}
	sub, err := c.namedSubscription(ctx, r, r.Options["feed"])
	return sub.FeedID, err
}

func (c *commands) latest(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	feed, err := c.chosenFeed(ctx, r)
	if err != nil {
		return discord.Reply{}, err
	}
	return c.latestList(ctx, r, feed, 0)
}

// latestPage turns the pages: arguments page, feed (0 = all).
func (c *commands) latestPage(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	args, err := numbers(r, 2)
	if err != nil {
		return discord.Reply{}, err
	}
	reply, err := c.latestList(ctx, r, args[1], int(args[0]))
	reply.Update = true
	return reply, err
}

func (c *commands) latestList(ctx context.Context, r *discord.Request, feed int64, page int) (discord.Reply, error) {
	list := render.Listing{FeedID: feed, Page: page}
	articles, total, err := c.Store.Latest(ctx, store.Query{
		GuildID: r.GuildID, FeedID: feed, Limit: render.PerPage, Offset: page * render.PerPage,
	})
	if err != nil {
		return discord.Reply{}, fmt.Errorf("read latest articles: %w", err)
	}
	list.Articles, list.Total = DigestArticles(articles), total
	if feed != 0 && len(articles) > 0 {
		list.Feed = articles[0].FeedTitle
	}
	return discord.Reply{Message: render.Latest(c.reader(ctx, r), list)}, nil
}

func (c *commands) search(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	feed, err := c.chosenFeed(ctx, r)
	if err != nil {
		return discord.Reply{}, err
	}
	return c.results(ctx, r, r.Options["words"], feed, 0)
}

// searchPage turns the pages: arguments page, feed (0 = all), query.
func (c *commands) searchPage(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	page, feed, query, err := searchArgs(r, r.CustomArgs)
	if err != nil {
		return discord.Reply{}, err
	}
	reply, err := c.results(ctx, r, query, feed, page)
	reply.Update = true
	return reply, err
}

func searchArgs(r *discord.Request, args []string) (page int, feed int64, query string, err error) {
	if len(args) != 3 {
		return 0, 0, "", refuse(r, "error.button")
	}
	page, badPage := strconv.Atoi(args[0])
	feed, badFeed := strconv.ParseInt(args[1], 10, 64)
	if badPage != nil || badFeed != nil || page < 0 {
		return 0, 0, "", refuse(r, "error.button")
	}
	return page, feed, args[2], nil
}

func (c *commands) results(ctx context.Context, r *discord.Request, query string, feed int64, page int) (discord.Reply, error) {
	query = cutRunes(strings.TrimSpace(query), render.MaxQuery)
	if query == "" {
		return discord.Reply{}, refuse(r, "error.query")
	}
	hits, total, err := c.Store.Search(ctx, store.Query{
		Text: query, GuildID: r.GuildID, FeedID: feed, Limit: render.PerPage, Offset: page * render.PerPage,
	})
	if err != nil {
		return discord.Reply{}, fmt.Errorf("search: %w", err)
	}
	// The store ranks the newest thousand matches and counts no further.
	out := render.Results{Query: query, FeedID: feed, Total: total, Capped: total >= 1000, Page: page}
	for _, h := range hits {
		marks := make([]render.Mark, len(h.Marks))
		for i, m := range h.Marks {
			marks[i] = render.Mark{Start: m.Start, End: m.End}
		}
		out.Hits = append(out.Hits, render.Hit{Article: DigestArticle(h.Article), Excerpt: h.Excerpt, Marks: marks})
	}
	return discord.Reply{Message: render.Search(c.reader(ctx, r), out)}, nil
}

// cutRunes is the beginning of s, n code points at most.
func cutRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

func (c *commands) read(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	typed := strings.TrimSpace(r.Options["article"])
	id, err := strconv.ParseInt(typed, 10, 64)
	if err == nil {
		if reply, err := c.article(ctx, r, id); err == nil {
			return reply, nil
		}
	}
	// What was typed instead of chosen is looked up like a search.
	hits, _, err := c.Store.Search(ctx, store.Query{Text: typed, GuildID: r.GuildID, Limit: 1})
	if err != nil {
		return discord.Reply{}, fmt.Errorf("search: %w", err)
	}
	if len(hits) == 0 {
		return discord.Reply{}, refuse(r, "error.article.unknown", "name", discord.Escape(typed))
	}
	return c.article(ctx, r, hits[0].ID)
}

// article is the longer summary of a stored article that the server may see.
func (c *commands) article(ctx context.Context, r *discord.Request, id int64) (discord.Reply, error) {
	a, err := c.visible(ctx, r, id)
	if err != nil {
		return discord.Reply{}, err
	}
	text := render.Text{Article: DigestArticle(a)}
	if text.Sentences, err = Condense(ctx, c.Store, text.Article, LengthLong); err != nil {
		return discord.Reply{}, err
	}
	if text.Saved, err = c.Store.IsSaved(ctx, r.UserID, id); err != nil {
		return discord.Reply{}, fmt.Errorf("read saved articles: %w", err)
	}
	return discord.Reply{Message: render.ArticleReply(c.reader(ctx, r), text)}, nil
}

// visible is an article of a feed that the request's server follows. Other
// servers' feeds are none of its business, whatever id a button claims.
func (c *commands) visible(ctx context.Context, r *discord.Request, id int64) (store.Article, error) {
	a, err := c.Store.Article(ctx, id)
	if err != nil {
		return a, missing(r, err, "error.expired")
	}
	may, err := c.Store.MayRead(ctx, r.GuildID, a.ID)
	if err != nil {
		return a, fmt.Errorf("check who may read: %w", err)
	}
	if !may {
		return a, refuse(r, "error.expired")
	}
	return a, nil
}

func (c *commands) summary(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	return c.page(ctx, r, strings.TrimSpace(r.Options["url"]))
}

// page is the longer summary of any page.
func (c *commands) page(ctx context.Context, r *discord.Request, address string) (discord.Reply, error) {
	page, err := c.Web.Page(ctx, address)
	if err != nil {
		return discord.Reply{}, c.webError(r, address, err, "error.page.notext")
	}
	a := page.Article
	text := render.Text{Article: digest.Article{
		Title: a.Title, Link: page.URL, Text: a.Text, Lang: a.Language, Author: a.Byline, Image: a.Image,
		Source: host(page.URL), Published: a.Published,
	}}
	text.Sentences = CondenseText(a.Title, a.Text, a.Language, LengthLong)
	if len(text.Sentences) == 0 && a.Title == "" {
		return discord.Reply{}, refuse(r, "error.page.notext", "url", discord.Escape(feeds.MaskURL(address)))
	}
	return discord.Reply{Message: render.ArticleReply(c.reader(ctx, r), text)}, nil
}

func (c *commands) saved(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	return c.savedList(ctx, r, 0)
}

// savedPage turns the pages: argument page.
func (c *commands) savedPage(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	args, err := numbers(r, 1)
	if err != nil {
		return discord.Reply{}, err
	}
	reply, err := c.savedList(ctx, r, int(args[0]))
	reply.Update = true
	return reply, err
}

func (c *commands) savedList(ctx context.Context, r *discord.Request, page int) (discord.Reply, error) {
	articles, total, err := c.Store.Saved(ctx, r.UserID, render.PerPage, page*render.PerPage)
	if err != nil {
		return discord.Reply{}, fmt.Errorf("read saved articles: %w", err)
	}
	list := render.Listing{Articles: DigestArticles(articles), Total: total, Page: page}
	return discord.Reply{Message: render.Saved(c.reader(ctx, r), list)}, nil
}

func (c *commands) suggestArticles(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	articles, err := c.Store.SuggestTitles(ctx, r.GuildID, r.Options[r.Focused], 25)
	if err != nil {
		return discord.Reply{}, fmt.Errorf("suggest titles: %w", err)
	}
	choices := make([]discord.Choice, len(articles))
	for i, a := range articles {
		choices[i] = discord.Choice{Name: a.Title + " · " + a.FeedTitle, Value: decimal(a.ID)}
	}
	return discord.Reply{Choices: choices}, nil
}

func (c *commands) help(_ context.Context, r *discord.Request) (discord.Reply, error) {
	admin := r.Permissions&(discord.ManageServer|discord.Administrator) != 0
	return discord.Reply{Message: render.Help(render.Reader{Locale: r.Locale}, admin)}, nil
}
