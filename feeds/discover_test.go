package feeds

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSiteRulesKnowTheFeedsOfWellKnownSites(t *testing.T) {
	t.Parallel()
	const yt = "https://www.youtube.com/feeds/videos.xml?"
	goFeeds := []string{"https://github.com/golang/go/releases.atom", "https://github.com/golang/go/commits.atom", "https://github.com/golang/go/tags.atom"}
	for in, want := range map[string][]string{
		"https://www.youtube.com/channel/UCabc":                {yt + "channel_id=UCabc"},
		"https://www.youtube.com/channel/UCabc/videos":         {yt + "channel_id=UCabc"},
		"https://www.youtube.com/channel/UCabc/shorts":         {yt + "playlist_id=UUSHabc"},
		"https://www.youtube.com/channel/UCabc/streams":        {yt + "playlist_id=UULVabc"},
		"https://music.youtube.com/channel/UCabc":              {yt + "channel_id=UCabc"},
		"https://m.youtube.com/playlist?list=PLx":              {yt + "playlist_id=PLx"},
		"https://www.youtube.com/watch?v=1&list=PLx":           {yt + "playlist_id=PLx"},
		"https://youtu.be/1?list=PLx":                          {yt + "playlist_id=PLx"},
		"https://www.youtube.com/user/someone":                 {yt + "user=someone"},
		"https://www.youtube.com/@handle":                      nil,
		"https://www.youtube.com/watch?v=1":                    nil,
		"https://notyoutube.com/channel/UCabc":                 nil,
		yt + "channel_id=UCabc":                                nil,
		yt + "playlist_id=PLx":                                 nil,
		"https://www.reddit.com/r/golang":                      {"https://www.reddit.com/r/golang/.rss"},
		"https://reddit.com/r/golang+rust/new":                 {"https://reddit.com/r/golang+rust/new/.rss"},
		"https://old.reddit.com/r/golang/top/?t=week":          {"https://old.reddit.com/r/golang/top/.rss?t=week"},
		"https://www.reddit.com/r/golang/.rss":                 nil,
		"https://www.reddit.com/user/x":                        {"https://www.reddit.com/user/x/.rss"},
		"https://github.com/golang/go":                         goFeeds,
		"https://www.github.com/golang/go":                     goFeeds,
		"https://github.com/golang/go.git":                     goFeeds,
		"https://github.com/golang/go/issues/1":                goFeeds,
		"https://github.com/golang/go/releases":                {"https://github.com/golang/go/releases.atom"},
		"https://github.com/golang/go/releases/tag/v1":         {"https://github.com/golang/go/releases.atom"},
		"https://github.com/golang/go/tags":                    {"https://github.com/golang/go/tags.atom"},
		"https://github.com/golang/go/wiki":                    {"https://github.com/golang/go/wiki.atom"},
		"https://github.com/golang/go/commits":                 {"https://github.com/golang/go/commits.atom"},
		"https://github.com/golang/go/commits/master/":         {"https://github.com/golang/go/commits/master.atom"},
		"https://github.com/golang/go/tree/release/1.26/src":   {"https://github.com/golang/go/commits/release/1.26/src.atom"},
		"https://github.com/tree-sitter/tree-sitter/tree/main": {"https://github.com/tree-sitter/tree-sitter/commits/main.atom"},
		"https://github.com/golang":                            {"https://github.com/golang.atom"},
		"https://gist.github.com/someone/0123abcd":             {"https://gist.github.com/someone.atom"},
		"https://github.com/golang/go/releases.atom":           nil,
		"https://github.com/":                                  nil,
		"https://gitlab.com/group/sub/project":                 {"https://gitlab.com/group/sub/project/-/releases.atom", "https://gitlab.com/group/sub/project/-/tags?format=atom", "https://gitlab.com/group/sub/project/-/commits?format=atom"},
		"https://gitlab.gnome.org/GNOME/gtk/-/issues":          {"https://gitlab.gnome.org/GNOME/gtk/-/releases.atom", "https://gitlab.gnome.org/GNOME/gtk/-/tags?format=atom", "https://gitlab.gnome.org/GNOME/gtk/-/commits?format=atom"},
		"https://gitlab.com/group/project/-/tags":              {"https://gitlab.com/group/project/-/tags?format=atom"},
		"https://gitlab.com/group/project/-/releases/v1":       {"https://gitlab.com/group/project/-/releases.atom"},
		"https://gitlab.com/group/project/-/commits/main/docs": {"https://gitlab.com/group/project/-/commits/main/docs?format=atom"},
		"https://gitlab.com/someone":                           {"https://gitlab.com/someone.atom"},
		"https://gitlab.com/":                                  nil,
		"https://gitlab.com/group/project/-/tags?format=atom":  nil,
		"https://gitlab.com/group/project/-/releases.atom":     nil,
		"https://mastodon.social/@Gargron":                     {"https://mastodon.social/@Gargron.rss"},
		"https://mastodon.social/@someone@elsewhere.example":   {"https://elsewhere.example/@someone.rss"},
		"https://mastodon.social/@someone@":                    nil,
		"https://mastodon.social/@someone@a@b":                 nil,
		"https://mastodon.social/@Gargron.rss":                 nil,
		"https://mastodon.social/@Gargron/1234":                nil,
		"https://medium.com/@someone":                          {"https://medium.com/feed/@someone"},
		"https://medium.com/@someone/a-story-0123":             {"https://medium.com/feed/@someone"},
		"https://medium.com/some-publication":                  {"https://medium.com/feed/some-publication"},
		"https://medium.com/tag/go":                            {"https://medium.com/feed/tag/go"},
		"https://medium.com/feed/@someone":                     nil,
		"https://medium.com/":                                  nil,
		"https://someone.medium.com/":                          {"https://someone.medium.com/feed"},
		"https://letters.substack.com/archive":                 {"https://letters.substack.com/feed"},
		"https://open.substack.com/pub/letters/p/one":          {"https://letters.substack.com/feed"},
		"https://substack.com/@letters":                        {"https://letters.substack.com/feed"},
		"https://substack.com/@let.ters":                       nil,
		"https://substack.com/home":                            nil,
		"https://letters.substack.com/feed":                    nil,
		"https://x.tumblr.com/":                                {"https://x.tumblr.com/rss"},
		"https://www.tumblr.com/x/123/post":                    {"https://x.tumblr.com/rss"},
		"https://www.tumblr.com/blog/view/x":                   {"https://x.tumblr.com/rss"},
		"https://www.tumblr.com/":                              nil,
		"https://x.blogspot.com/2020/01/post.html":             {"https://x.blogspot.com/feeds/posts/default"},
		"https://x.blogspot.co.uk/":                            {"https://x.blogspot.co.uk/feeds/posts/default"},
		"https://x.blogspot.com/feeds/posts/default?alt=rss":   nil,
		"https://paper.example/news":                           nil,
	} {
		at, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, siteFeeds(at)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", in, diff)
		}
	}
}

func TestDiscoverFindsFeeds(t *testing.T) {
	page := func(head string) http.HandlerFunc {
		return serve("<!doctype html><html><head>"+head+"</head><body><p>x</p></body></html>", "Content-Type", "text/html")
	}
	tests := []struct {
		name, address string
		on            map[string]http.HandlerFunc
		want          []string
		kind          Kind
	}{
		{"a feed itself", "https://a.example/feed", map[string]http.HandlerFunc{"a.example/feed": serve(feedOf("x"))}, []string{"https://a.example/feed"}, ""},
		{"without scheme", "a.example/feed", map[string]http.HandlerFunc{"a.example/feed": serve(feedOf("x"))}, []string{"https://a.example/feed"}, ""},
		{"feed scheme", "feed://a.example/feed", map[string]http.HandlerFunc{"a.example/feed": serve(feedOf("x"))}, []string{"https://a.example/feed"}, ""},
		{"links of a page, comments last", "https://a.example/", map[string]http.HandlerFunc{
			"a.example/":       page(`<base href="/b/"><link rel="alternate" type="application/rss+xml" title="Comments" href="comments/feed"><link rel=alternate type="application/atom+xml; charset=utf-8" href="atom"><link rel="alternate" type="application/json" href="/wp-json/x"><link rel="alternate" hreflang="de" href="/de"><link rel=stylesheet type=application/rss+xml href=no>`),
			"a.example/b/atom": serve(feedOf("x")), "a.example/b/comments/feed": serve(feedOf("y"))},
			[]string{"https://a.example/b/atom", "https://a.example/b/comments/feed"}, ""},
		{"a link that is no feed is not offered", "https://a.example/", map[string]http.HandlerFunc{
			"a.example/":     page(`<link rel="alternate" type="application/rss+xml" href="/gone"><link rel="alternate" type="application/rss+xml" href="/html"><link rel="alternate" type="application/rss+xml" href="/rss">`),
			"a.example/html": page(""), "a.example/rss": serve(feedOf("x"))}, []string{"https://a.example/rss"}, ""},
		{"two links to one feed", "https://a.example/", map[string]http.HandlerFunc{
			"a.example/":    page(`<link rel="alternate" type="application/rss+xml" href="/one"><link rel="alternate" type="application/rss+xml" href="/two">`),
			"a.example/one": status(301, "Location", "/two"), "a.example/two": serve(feedOf("x"))}, []string{"https://a.example/two"}, ""},
		{"an ordinary link", "https://a.example/", map[string]http.HandlerFunc{
			"a.example/": serve(`<html><body><a href="/blog/rss.xml">RSS</a></body></html>`), "a.example/blog/rss.xml": serve(feedOf("x"))}, []string{"https://a.example/blog/rss.xml"}, ""},
		{"a known path", "https://a.example/news/today", map[string]http.HandlerFunc{
			"a.example/news/today": page(""), "a.example/rss.xml": serve(feedOf("x"))}, []string{"https://a.example/rss.xml"}, ""},
		{"a known path below the page", "https://a.example/blog/", map[string]http.HandlerFunc{
			"a.example/blog/": page(""), "a.example/blog/feed": serve(feedOf("x")), "a.example/feed": serve(feedOf("y"))}, []string{"https://a.example/blog/feed"}, ""},
		{"a handle by its page", "https://www.youtube.com/@handle", map[string]http.HandlerFunc{
			"www.youtube.com/@handle":          page(`<link rel="alternate" type="application/rss+xml" title="RSS" href="https://www.youtube.com/feeds/videos.xml?channel_id=UCx">`),
			"www.youtube.com/feeds/videos.xml": serve(feedOf("x"))}, []string{"https://www.youtube.com/feeds/videos.xml?channel_id=UCx"}, ""},
		{"a handle whose page links to no feed", "@handle", map[string]http.HandlerFunc{
			"www.youtube.com/@handle":          serve(`<html><script>{"channelId":"UCshort","x":{"externalId":"UC0123456789abcdefghi_-A"}}</script></html>`),
			"www.youtube.com/feeds/videos.xml": only("channel_id=UC0123456789abcdefghi_-A", feedOf("x"))}, []string{"https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghi_-A"}, ""},
		{"a film", "https://youtu.be/abc", map[string]http.HandlerFunc{
			"youtu.be/abc":                     status(303, "Location", "https://www.youtube.com/watch?v=abc"),
			"www.youtube.com/watch":            serve(`<html><meta itemprop="identifier" content="abc"><meta itemprop="channelId" content="UC0123456789abcdefghi_-B"></html>`),
			"www.youtube.com/feeds/videos.xml": only("channel_id=UC0123456789abcdefghi_-B", feedOf("x"))}, []string{"https://www.youtube.com/feeds/videos.xml?channel_id=UC0123456789abcdefghi_-B"}, ""},
		{"a page of YouTube about no channel", "https://www.youtube.com/feed/trending", map[string]http.HandlerFunc{
			"www.youtube.com/feed/trending": serve(`<html>"channelId":"UC`)}, nil, NotFeed},
		{"short films that are no playlist", "https://www.youtube.com/channel/UCx/shorts", map[string]http.HandlerFunc{
			"www.youtube.com/channel/UCx/shorts": page(`<link rel="alternate" type="application/rss+xml" href="https://www.youtube.com/feeds/videos.xml?channel_id=UCx">`),
			"www.youtube.com/feeds/videos.xml":   only("channel_id=UCx", feedOf("x"))}, []string{"https://www.youtube.com/feeds/videos.xml?channel_id=UCx"}, ""},
		{"an account of Mastodon as people write it", "@someone@social.example", map[string]http.HandlerFunc{"social.example/@someone.rss": serve(feedOf("x"))}, []string{"https://social.example/@someone.rss"}, ""},
		{"an account that is not Mastodon's", "https://social.example/@someone", map[string]http.HandlerFunc{
			"social.example/@someone": page(`<link rel="alternate" type="application/rss+xml" href="/someone/feed">`), "social.example/someone/feed": serve(feedOf("x"))}, []string{"https://social.example/someone/feed"}, ""},
		{"a person of Reddit", "u/someone", map[string]http.HandlerFunc{"www.reddit.com/u/someone/.rss": serve(feedOf("x"))}, []string{"https://www.reddit.com/u/someone/.rss"}, ""},
		{"a name in another script", "bücher.example", map[string]http.HandlerFunc{"xn--bcher-kva.example": serve(feedOf("x"))}, []string{"https://xn--bcher-kva.example"}, ""},
		{"one feed in two dialects", "https://a.example/", map[string]http.HandlerFunc{
			"a.example/":    page(`<link rel="alternate" type="application/rss+xml" href="/rss"><link rel="alternate" type="application/atom+xml" href="/atom"><link rel="alternate" type="application/rss+xml" href="/other">`),
			"a.example/rss": serve(feedOf("x", "y")), "a.example/other": serve(feedOf("x", "z")),
			"a.example/atom": serve(`<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title><entry><id>7</id><title>x</title><link href="http://www.paper.example/0"/></entry></feed>`)},
			[]string{"https://a.example/rss", "https://a.example/other"}, ""},
		{"the last known path", "https://a.example/", map[string]http.HandlerFunc{"a.example/": page(""), "a.example/index.rss": serve(feedOf("x"))}, []string{"https://a.example/index.rss"}, ""},
		{"known paths that are pages", "https://a.example/", map[string]http.HandlerFunc{"a.example/": page(""), "a.example": page("")}, nil, NotFeed},
		{"a repository", "https://github.com/u/r", map[string]http.HandlerFunc{
			"github.com/u/r/releases.atom": serve(feedOf("x")), "github.com/u/r/tags.atom": serve(feedOf("y"))},
			[]string{"https://github.com/u/r/releases.atom", "https://github.com/u/r/tags.atom"}, ""},
		{"a subreddit's short name", "r/golang", map[string]http.HandlerFunc{"www.reddit.com/r/golang/.rss": serve(feedOf("x"))}, []string{"https://www.reddit.com/r/golang/.rss"}, ""},
		{"a subreddit that refuses", "https://www.reddit.com/r/golang", map[string]http.HandlerFunc{"www.reddit.com/r/golang/.rss": status(403)}, nil, Forbidden},
		{"a site without TLS", "old.example/feed", map[string]http.HandlerFunc{"old.example/feed": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Scheme == "https" {
				w.(*recorder).err = &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
				return
			}
			_, _ = io.WriteString(w, feedOf("x"))
		}}, []string{"http://old.example/feed"}, ""},
		{"no feed anywhere", "https://a.example/", map[string]http.HandlerFunc{"a.example/": page("")}, nil, NotFeed},
		{"no page", "https://a.example/", nil, nil, NotFound},
		{"no address", "not an address", nil, nil, Invalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in(t, func(t *testing.T) {
				w := &web{on: tt.on}
				got, err := NewClient(ClientOptions{Transport: w, HostSpacing: -1}).Discover(t.Context(), tt.address)
				if kindOf(err) != tt.kind {
					t.Fatalf("error %v, want kind %q", err, tt.kind)
				}
				var urls []string
				for _, c := range got {
					urls = append(urls, c.URL)
					if c.Title != "Paper" || c.Kind != "rss2.0" {
						t.Errorf("candidate %+v", c)
					}
				}
				if diff := cmp.Diff(tt.want, urls); diff != "" {
					t.Errorf("candidates (-want +got):\n%s", diff)
				}
				if w.requests() > maxCandidates+2 {
					t.Errorf("%d requests", w.requests())
				}
			})
		})
	}
}

// only serves a document to one query and nothing to others.
func only(query, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != query {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, body)
	}
}

func TestFeedsWithoutATitleAreOfferedByTheirAddress(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"a.example/feed": serve(`<rss version="2.0"><channel><item><title>x</title></item></channel></rss>`)}}
		got, err := NewClient(ClientOptions{Transport: w}).Discover(t.Context(), "https://a.example/feed")
		if want := []Candidate{{URL: "https://a.example/feed", Title: "a.example/feed", Kind: "rss2.0"}}; err != nil || !cmp.Equal(got, want) {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	})
}

const articlePage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The bridge opens | Paper</title>
<script type="application/ld+json">{"@type":"NewsArticle","headline":"The bridge opens","isAccessibleForFree": %s}</script></head><body>
<nav><a href="/">Home</a> <a href="/x">More</a></nav><article><h1>The bridge opens</h1>
<p>The new bridge across the river opened on Monday after four years of work, and the first cars crossed it before dawn, said the council, which had paid for most of it.</p>
<p>Hundreds of people had come to see it. Many of them walked to the other side and back, although it was raining, and the school's band played until noon.</p>
<p>Read more: Why it took so long</p></article><footer>Copyright 2026</footer></body></html>`

func TestPageBringsTheMainText(t *testing.T) {
	in(t, func(t *testing.T) {
		free := strings.Replace(articlePage, "%s", "true", 1)
		w := &web{on: map[string]http.HandlerFunc{
			"a.example/old": status(302, "Location", "/new"), "a.example/new": serve(free, "Content-Type", "text/html; charset=utf-8"),
			"a.example/paid": serve(strings.Replace(articlePage, "%s", `"False"`, 1), "Content-Type", "text/html"),
			"a.example/pdf":  serve("%PDF-1.4", "Content-Type", "application/pdf"), "a.example/401": status(401), "a.example/451": status(451), "a.example/500": status(500),
		}}
		c := NewClient(ClientOptions{Transport: w})
		p, err := c.Page(t.Context(), "https://a.example/old")
		if err != nil || p.URL != "https://a.example/new" || p.Paywalled {
			t.Fatalf("page %+v, err %v", p, err)
		}
		if a := p.Article; a.Title != "The bridge opens" || a.Language != "en" || !strings.HasPrefix(a.Text, "The new bridge across") || strings.Contains(a.Text, "Read more") {
			t.Errorf("article %+v", a)
		}
		if p, err := c.Page(t.Context(), "https://a.example/paid"); err != nil || !p.Paywalled {
			t.Errorf("paywalled %v, err %v", p.Paywalled, err)
		}
		for path, kind := range map[string]Kind{"pdf": Malformed, "401": Forbidden, "451": Forbidden, "500": Temporary, "404": NotFound} {
			if _, err := c.Page(t.Context(), "https://a.example/"+path); kindOf(err) != kind {
				t.Errorf("%s: %v, want kind %s", path, err, kind)
			}
		}
	})
}

func TestFetchBringsTheDocument(t *testing.T) {
	in(t, func(t *testing.T) {
		w := &web{on: map[string]http.HandlerFunc{"a.example/a": status(301, "Location", "/b"), "a.example/b": serve("text", "Content-Type", "text/plain; charset=x"), "a.example/big": endless("x")}}
		c := NewClient(ClientOptions{Transport: w})
		body, contentType, final, err := c.Fetch(t.Context(), "https://a.example/a")
		if err != nil || string(body) != "text" || contentType != "text/plain; charset=x" || final != "https://a.example/b" {
			t.Errorf("%q %q %q %v", body, contentType, final, err)
		}
		if _, _, _, err := c.Fetch(t.Context(), "https://a.example/big"); kindOf(err) != TooLarge {
			t.Errorf("endless: %v", err)
		}
		if _, _, _, err := c.Fetch(t.Context(), "https://a.example/none"); kindOf(err) != NotFound {
			t.Errorf("none: %v", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
		defer cancel()
		time.Sleep(time.Microsecond)
		if _, _, _, err := c.Fetch(ctx, "https://a.example/b"); err == nil {
			t.Error("a cancelled fetch succeeded")
		}
	})
}

func TestTeasersAreToldFromFullTexts(t *testing.T) {
	t.Parallel()
	words := func(n int) string { return strings.TrimSpace(strings.Repeat("word ", n-1)) + " end." }
	paragraphs := func(n, each int) string { return strings.TrimSpace(strings.Repeat(words(each)+"\n\n", n)) }
	const page = "https://a.example/story"
	for name, tt := range map[string]struct {
		it   Item
		want bool
	}{
		"two sentences":              {Item{Title: "Bridge opens", Link: page, Text: words(30)}, true},
		"nothing":                    {Item{Title: "Bridge opens", Link: page}, true},
		"one long paragraph":         {Item{Title: "Bridge opens", Link: page, Text: words(150)}, true},
		"four paragraphs":            {Item{Title: "Bridge opens", Link: page, Text: paragraphs(4, 40)}, false},
		"full text":                  {Item{Title: "Bridge opens", Link: page, Text: paragraphs(8, 60)}, false},
		"ends in an ellipsis":        {Item{Title: "Bridge opens", Link: page, Text: paragraphs(4, 60) + "\n\nAnd then…"}, true},
		"ends in three dots":         {Item{Title: "Bridge opens", Link: page, Text: paragraphs(4, 60) + " and then ..."}, true},
		"ends in brackets":           {Item{Title: "Bridge opens", Link: page, Text: words(60) + " […]"}, true},
		"ends with read more":        {Item{Title: "Bridge opens", Link: page, Text: paragraphs(3, 80) + "\nRead more »"}, true},
		"ends with weiterlesen":      {Item{Title: "Brücke offen", Link: page, Text: paragraphs(3, 80) + "\nWeiterlesen"}, true},
		"ends with 続きを読む":            {Item{Title: "橋が開通", Link: page, Text: strings.Repeat("新しい橋が開通した。", 50) + "続きを読む"}, true},
		"Japanese full text":         {Item{Title: "橋が開通", Link: page, Text: strings.Repeat("新しい橋が開通した。\n\n", 60)}, false},
		"WordPress's credit":         {Item{Title: "Bridge opens", Link: page, Text: words(20) + " […]\n\nThe post Bridge opens appeared first on Paper."}, true},
		"full text with an ellipsis": {Item{Title: "Bridge opens", Link: page, Text: paragraphs(12, 60) + "…"}, false},
		"a note":                     {Item{Title: "It rains.", Link: page, Text: "It rains. And how."}, false},
		"a note cut for its title":   {Item{Title: "It rains and…", Link: page, Text: "It rains and rains."}, false},
		"no link":                    {Item{Title: "Bridge opens", Text: words(30)}, false},
		"a film":                     {Item{Title: "Bridge opens", Link: "https://www.youtube.com/watch?v=1", Text: words(30)}, false},
		"a subreddit":                {Item{Title: "Bridge opens", Link: "https://old.reddit.com/r/x/comments/1", Text: words(30)}, false},
		"a sound file":               {Item{Title: "Bridge opens", Link: "https://a.example/x.mp3?y=1", Text: words(30)}, false},
		"a document":                 {Item{Title: "Bridge opens", Link: "https://a.example/x.PDF", Text: words(30)}, false},
	} {
		if got := Teaser(tt.it); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
