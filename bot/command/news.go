package command

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
	"broadsheet/bot/render"
	"broadsheet/bot/store"
	"broadsheet/feeds"
	"broadsheet/summarize"
)

func (c *commands) registerNews(r desk) {
	r.Command("news latest", c.latest)
	r.Command("news search", c.search)
	r.Command("news read", c.read)
	r.Command("news summary", c.summary)
	r.Command("news saved", c.saved)
	r.Autocomplete("news latest", "feed", c.suggestSources)
	r.Autocomplete("news search", "feed", c.suggestSources)
	r.Command("news why", c.why)
	r.Autocomplete("news read", "article", c.suggestArticles)
	r.Autocomplete("news why", "article", c.suggestArticles)
	r.Component(render.KindSearch, c.searchPage)
	r.Component(render.KindLatest, c.latestPage)
	r.Component(render.KindSaved, c.savedPage)
	for _, kind := range []string{render.KindSearch, render.KindLatest, render.KindSaved} {
		r.Updates(kind)
	}
}

// chosenFeed is the feed named by the option "feed", 0 if there is none.
func (c *commands) chosenFeed(ctx context.Context, r *discord.Request) (int64, error) {
	if r.Options["feed"] == "" {
		return 0, nil
	}
	sub, err := c.namedSubscription(ctx, r, r.Options["feed"], "")
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
	reply, err := c.latestList(ctx, r, args[1], int(min(args[0], maxPage)))
	reply.Update = true
	return reply, err
}

func (c *commands) latestList(ctx context.Context, r *discord.Request, feed int64, page int) (discord.Reply, error) {
	list := render.Listing{FeedID: feed, Page: page}
	articles, total, err := c.Store.Latest(ctx, store.Query{
		GuildID: r.GuildID, FeedID: feed, Limit: render.PerPage, Offset: page * render.PerPage,
	})
	if err != nil {
		return discord.Reply{}, err
	}
	if last := lastPage(total); page > last {
		// The list has become shorter since the button was made.
		return c.latestList(ctx, r, feed, last)
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
	return c.results(ctx, r, r.Options["query"], feed, 0)
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
		return 0, 0, "", outdated(r)
	}
	if page, err = pageNumber(r, args[0]); err != nil {
		return 0, 0, "", err
	}
	if feed, err = strconv.ParseInt(args[1], 10, 64); err != nil || feed < 0 {
		return 0, 0, "", outdated(r)
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
		return discord.Reply{}, err
	}
	if last := lastPage(total); page > last {
		return c.results(ctx, r, query, feed, last)
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

func (c *commands) read(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	a, err := c.namedArticle(ctx, r)
	if err != nil {
		return discord.Reply{}, err
	}
	return c.longer(ctx, r, a)
}

// namedArticle is the article that somebody chose from the suggestions, or
// whose headline or words they typed instead.
func (c *commands) namedArticle(ctx context.Context, r *discord.Request) (store.Article, error) {
	typed := line(r.Options["article"], maxShown)
	if id, err := strconv.ParseInt(typed, 10, 64); err == nil {
		a, err := c.visible(ctx, r, id)
		var refused *discord.UserError
		if !errors.As(err, &refused) {
			return a, err
		}
		// It may be a headline that is a number.
	}
	if typed == "" {
		return store.Article{}, refuse(r, "error.query")
	}
	if !slices.ContainsFunc(summarize.Tokens(typed), func(word string) bool { return len(word) <= maxWord }) {
		// For the suggestions signs alone are nothing typed yet.
		return store.Article{}, unknown(r, "error.article.unknown", typed, "", "")
	}
	titles, err := c.Store.SuggestTitles(ctx, r.GuildID, typed, 25)
	if err != nil {
		return store.Article{}, err
	}
	for _, a := range titles {
		if strings.EqualFold(strings.TrimSpace(a.Title), typed) {
			return c.visible(ctx, r, a.ID)
		}
	}
	if len(titles) > 0 {
		return c.visible(ctx, r, titles[0].ID)
	}
	hits, _, err := c.Store.Search(ctx, store.Query{Text: typed, GuildID: r.GuildID, Limit: 1})
	if err != nil {
		return store.Article{}, err
	}
	if len(hits) == 0 {
		return store.Article{}, unknown(r, "error.article.unknown", typed, "", "")
	}
	return c.visible(ctx, r, hits[0].ID)
}

// maxWord is the longest word that headlines are looked up by, in bytes.
const maxWord = 80

// article is the longer summary of a stored article that the member may see.
func (c *commands) article(ctx context.Context, r *discord.Request, id int64) (discord.Reply, error) {
	a, err := c.visible(ctx, r, id)
	if err != nil {
		return discord.Reply{}, err
	}
	return c.longer(ctx, r, a)
}

// longer is the article's summary in the length asked for, else the longer one.
func (c *commands) longer(ctx context.Context, r *discord.Request, a store.Article) (discord.Reply, error) {
	length, err := askedLength(r, LengthLong)
	if err != nil {
		return discord.Reply{}, err
	}
	text := render.Text{Article: DigestArticle(a)}
	if length != LengthLong {
		text.Sentences = askedFor(a.Title, a.Text, a.Language, length)
	} else if text.Sentences, err = Condense(ctx, c.Store, text.Article, length); err != nil {
		return discord.Reply{}, err
	}
	if text.Saved, err = c.Store.IsSaved(ctx, r.UserID, a.ID); err != nil {
		return discord.Reply{}, err
	}
	return discord.Reply{Message: render.ArticleReply(c.reader(ctx, r), text)}, nil
}

// visible is an article of a feed that the request's server follows, or one
// that the member has saved, wherever that was. Other servers' feeds are none
// of its business, whatever id a button claims.
func (c *commands) visible(ctx context.Context, r *discord.Request, id int64) (store.Article, error) {
	a, err := c.Store.Article(ctx, id)
	if err != nil {
		return a, missing(r, err, "error.expired")
	}
	may := false
	if r.GuildID != 0 {
		if may, err = c.Store.MayRead(ctx, r.GuildID, a.ID); err != nil {
			return a, err
		}
	}
	if !may {
		if may, err = c.Store.IsSaved(ctx, r.UserID, a.ID); err != nil {
			return a, err
		}
	}
	if !may {
		return a, refuse(r, "error.expired")
	}
	return a, nil
}

func (c *commands) summary(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	return c.page(ctx, r, pasted(r.Options["url"]))
}

// pasted is an address as people paste it: in Discord's <brackets>, or without
// its scheme.
func pasted(typed string) string {
	address := strings.Trim(strings.TrimSpace(typed), "<>")
	if address == "" || strings.Contains(address, "://") || strings.ContainsAny(address, " \t\n") || !strings.Contains(address, ".") {
		return address
	}
	return "https://" + address
}

// page is the summary of any page in the length asked for, else the longer one.
func (c *commands) page(ctx context.Context, r *discord.Request, address string) (discord.Reply, error) {
	length, err := askedLength(r, LengthLong)
	if err != nil {
		return discord.Reply{}, err
	}
	page, err := c.Web.Page(ctx, address)
	if err != nil {
		return discord.Reply{}, webError(r, address, err, "error.page.notext")
	}
	a := page.Article
	text := render.Text{Article: digest.Article{
		Title: a.Title, Link: page.URL, Text: a.Text, Lang: a.Language, Author: a.Byline, Image: a.Image,
		Source: host(page.URL), Published: a.Published,
	}}
	text.Sentences = askedFor(a.Title, a.Text, a.Language, length)
	shown := discord.Escape(cutRunes(feeds.MaskURL(address), maxShown))
	switch {
	case len(text.Sentences) == 0 && page.Paywalled:
		return discord.Reply{}, refuse(r, "error.paywall", "url", shown)
	case len(text.Sentences) == 0 && a.Title == "":
		return discord.Reply{}, refuse(r, "error.page.notext", "url", shown)
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
	reply, err := c.savedList(ctx, r, int(min(args[0], maxPage)))
	reply.Update = true
	return reply, err
}

func (c *commands) savedList(ctx context.Context, r *discord.Request, page int) (discord.Reply, error) {
	articles, total, err := c.Store.Saved(ctx, r.UserID, render.PerPage, page*render.PerPage)
	if err != nil {
		return discord.Reply{}, err
	}
	if last := lastPage(total); page > last {
		return c.savedList(ctx, r, last)
	}
	list := render.Listing{Articles: DigestArticles(articles), Total: total, Page: page}
	return discord.Reply{Message: render.Saved(c.reader(ctx, r), list)}, nil
}

func (c *commands) suggestArticles(ctx context.Context, r *discord.Request) (discord.Reply, error) {
	articles, err := c.Store.SuggestTitles(ctx, r.GuildID, line(r.Options[r.Focused], maxShown), 25)
	if err != nil {
		return discord.Reply{}, err
	}
	choices := make([]discord.Choice, len(articles))
	for i, a := range articles {
		name := line(a.Title, 100)
		if name == "" {
			name = "…"
		}
		// The paper is named where there is room; the headline is what people type.
		if with := name + " · " + line(a.FeedTitle, 40); len([]rune(with)) <= 100 {
			name = with
		}
		choices[i] = discord.Choice{Name: name, Value: decimal(a.ID)}
	}
	return discord.Reply{Choices: choices}, nil
}

func (c *commands) help(_ context.Context, r *discord.Request) (discord.Reply, error) {
	admin := isAdmin(r)
	return discord.Reply{Message: render.Help(render.Reader{Locale: r.Locale}, admin)}, nil
}
