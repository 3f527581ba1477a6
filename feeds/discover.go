package feeds

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Candidate is a feed found behind an address.
type Candidate struct {
	// URL is where the feed is, Title what it calls itself, Kind its dialect.
	URL, Title, Kind string
}

// maxCandidates bounds the requests of one discovery.
const maxCandidates = 12

var errNoFeedFound = errors.New("no feed was found at this address or on the site")

// Discover finds the feeds behind an address: a feed itself, a site that links
// to feeds or keeps one where sites keep them, a channel, handle or playlist of
// YouTube, a subreddit, a repository, a Mastodon account and the like. An
// address without scheme is taken as https. Every candidate has been fetched
// and parsed; the likeliest comes first. The error is an *Error: of kind
// NotFeed if there is a page but no feed.
func (c *Client) Discover(ctx context.Context, address string) ([]Candidate, error) {
	at, err := parseWebURL(withScheme(address))
	if err != nil {
		return nil, &Error{Kind: Invalid, URL: MaskURL(address), Err: err}
	}
	d := discovery{c: c, seen: map[string]bool{}}
	for _, guess := range siteFeeds(at) {
		d.try(ctx, guess)
	}
	if len(d.found) > 0 {
		return d.found, nil
	}
	// Reddit lets one request a minute through: its page would only cost one.
	if d.last != nil && (d.last.Kind == RateLimited || hostOf(at) == redditHost) {
		return nil, d.last
	}
	res, e := c.document(ctx, request{url: at.String(), accept: feedAccept, max: c.o.MaxBytes})
	if e != nil && e.Kind == Unreachable && !strings.Contains(address, "://") {
		// Nobody said https; some sites do not speak it.
		at.Scheme = "http"
		res, e = c.document(ctx, request{url: at.String(), accept: feedAccept, max: c.o.MaxBytes})
	}
	if e != nil {
		return nil, e
	}
	defer res.release()
	if d.accept(ctx, res) {
		return d.found, nil
	}
	for _, link := range feedLinks(res.body, res.final) {
		d.try(ctx, link)
	}
	if len(d.found) == 0 && youtubeHost(strings.TrimPrefix(hostOf(res.final), "www.")) {
		if feed := youtubeChannel(res.body); feed != "" {
			d.try(ctx, feed)
		}
	}
	if len(d.found) == 0 {
		for _, guess := range commonPaths(res.final) {
			if d.try(ctx, guess); len(d.found) > 0 || ctx.Err() != nil {
				break
			}
		}
	}
	switch {
	case len(d.found) > 0:
		return d.found, nil
	case res.cut:
		return nil, &Error{Kind: TooLarge, Status: http.StatusOK, URL: MaskURL(address), Err: errTooLarge}
	}
	return nil, &Error{Kind: NotFeed, Status: http.StatusOK, URL: MaskURL(address), Err: errNoFeedFound}
}

// withScheme completes an address as people type it: without scheme, a
// subreddit's short name, a handle of YouTube, an account of Mastodon.
func withScheme(address string) string {
	address = strings.TrimSpace(address)
	if rest, ok := strings.CutPrefix(address, "feed:"); ok {
		address = strings.TrimPrefix(rest, "//")
	}
	short := strings.TrimPrefix(address, "/")
	if strings.HasPrefix(short, "r/") || strings.HasPrefix(short, "u/") {
		return "https://www.reddit.com/" + short
	}
	if handle, ok := strings.CutPrefix(address, "@"); ok && !strings.Contains(handle, "/") {
		if user, home, ok := strings.Cut(handle, "@"); ok {
			return "https://" + home + "/@" + user
		}
		return "https://www.youtube.com/" + address
	}
	if !strings.Contains(address, "://") {
		return "https://" + strings.TrimPrefix(address, "//")
	}
	return address
}

// discovery collects the feeds of one address.
type discovery struct {
	c     *Client
	seen  map[string]bool // addresses tried
	found []Candidate
	feeds []*Feed // of found
	last  *Error  // why the last try failed
}

// try fetches an address and keeps it if it is a feed.
func (d *discovery) try(ctx context.Context, address string) {
	if d.seen[address] || len(d.seen) >= maxCandidates || ctx.Err() != nil {
		return
	}
	d.seen[address] = true
	res, e := d.c.document(ctx, request{url: address, accept: feedAccept, max: d.c.o.MaxBytes})
	if e != nil {
		d.last = e
		return
	}
	defer res.release()
	d.accept(ctx, res)
}

// accept keeps an answer that is a feed.
func (d *discovery) accept(ctx context.Context, res *response) bool {
	body, err := inflate(res.body, d.c.o.MaxBytes)
	if err != nil {
		return false
	}
	address := res.final.String()
	feed, perr := d.c.parse(ctx, body, res.header.Get("Content-Type"), address)
	if perr != nil {
		return false
	}
	for i, f := range d.found {
		if f.URL == address || sameFeed(d.feeds[i], feed) {
			return true
		}
	}
	d.found = append(d.found, Candidate{URL: address, Title: first(feed.Title, bareURL(MaskURL(address))), Kind: feed.Kind})
	d.feeds = append(d.feeds, feed)
	return true
}

// sameFeed reports whether two documents are one feed in two dialects, of which
// nobody wants to be asked to choose: they have the same title and the same
// newest items.
func sameFeed(a, b *Feed) bool {
	n := min(len(a.Items), len(b.Items), 5)
	if a.Title != b.Title || n == 0 {
		return false
	}
	for i := range n {
		if x, y := &a.Items[i], &b.Items[i]; x.Title != y.Title || bareURL(x.Link) != bareURL(y.Link) {
			return false
		}
	}
	return true
}

// feedLinks are the feeds that a page names: <link rel=alternate> of a feed's
// type, in the page's order, comments' feeds last; then links that look like
// feeds.
func feedLinks(page []byte, at *url.URL) []string {
	text, _ := toUTF8(page[:min(len(page), maxPage)], "")
	z := html.NewTokenizer(bytes.NewReader(text))
	base := at
	var main, comments, anchors []string
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return append(append(main, comments...), anchors...)
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		name, more := z.TagName()
		tag := string(name)
		if !more || tag != "link" && tag != "a" && tag != "base" {
			continue
		}
		attrs := map[string]string{}
		for more {
			var key, value []byte
			key, value, more = z.TagAttr()
			attrs[string(key)] = string(value)
		}
		href := resolve(base, attrs["href"])
		switch {
		case href == "":
		case tag == "base":
			if u, ok := webURL(href); ok {
				base = u
			}
		case tag == "link" && feedLink(attrs, href):
			if strings.Contains(strings.ToLower(attrs["title"]+href), "comment") {
				comments = append(comments, href)
			} else {
				main = append(main, href)
			}
		case tag == "a" && len(anchors) < 3 && feedAnchor(href):
			anchors = append(anchors, href)
		}
	}
}

// feedLink reports whether a <link> names a feed. WordPress marks its
// interface as JSON, too.
func feedLink(attrs map[string]string, href string) bool {
	rel := " " + strings.ToLower(attrs["rel"]) + " "
	if !strings.Contains(rel, " alternate ") && !strings.Contains(rel, " feed ") || strings.Contains(href, "/wp-json/") {
		return false
	}
	kind, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(attrs["type"])), ";")
	switch strings.TrimSpace(kind) {
	case "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json", "application/xml", "text/xml":
		return true
	}
	return kind == "" && strings.Contains(rel, " feed ")
}

// feedAnchor reports whether an ordinary link looks like one to a feed.
func feedAnchor(href string) bool {
	u, err := url.Parse(strings.ToLower(href))
	if err != nil {
		return false
	}
	path := strings.TrimSuffix(u.Path, "/")
	for _, end := range [...]string{"/rss", "/feed", "/atom", ".rss", ".atom", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.json"} {
		if strings.HasSuffix(path, end) {
			return true
		}
	}
	return false
}

// commonPaths are where sites keep a feed that they do not link to: below the
// page and at the root.
func commonPaths(at *url.URL) []string {
	names := []string{"feed", "feed.xml", "rss.xml", "atom.xml", "index.xml", "rss", "feed.json", "feed.atom", "index.rss"}
	roots := []string{"/"}
	if dir := at.Path[:strings.LastIndexByte("/"+at.Path, '/')]; strings.Trim(dir, "/") != "" {
		roots = append([]string{strings.TrimSuffix(dir, "/") + "/"}, roots...)
		names = names[:5]
	}
	var out []string
	for _, root := range roots {
		for _, name := range names {
			u := *at
			u.Path, u.RawPath, u.RawQuery = root+name, "", ""
			out = append(out, u.String())
		}
	}
	return out
}
