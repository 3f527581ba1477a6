package feeds

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"net/http"
	"strings"
	"time"

	"broadsheet/feeds/article"
)

// Page is a web page with its main text.
type Page struct {
	// URL is the address after redirects.
	URL string
	// Article is the page's main text.
	Article article.Article
	// Paywalled reports that the page says its text is not free to read.
	Paywalled bool
	// Withheld says by which word the page or its server asks that the text be
	// shown nowhere else, such as "nosnippet" (article.Withholds); "" if neither does.
	Withheld string
	// ETag and LastModified are the validators of the page, verbatim.
	ETag, LastModified string
	// Unchanged reports that the page is the one of which the request had the
	// validators: there is no Article.
	Unchanged bool
}

// PageRequest says which page to read.
type PageRequest struct {
	URL string
	// ETag and LastModified are what the page came with the last time, "" if
	// it is read for the first time.
	ETag, LastModified string
	// Known tells the furniture of a site (SiteOf the address after redirects);
	// it may be nil. It is asked once.
	Known func(ctx context.Context, site string) Known
}

const (
	maxPage = 2 << 20
	// extractTime bounds the extraction of one page.
	extractTime = 5 * time.Second
)

var errNoPage = errors.New("the document is no web page")

// SiteOf is the name under which the furniture of an address's site is known:
// its host without "www.", "" if it is no web address. Not the registrable
// domain: what is below one may belong to many (blogs, universities), and a
// host can teach us nothing about the texts of another.
func SiteOf(address string) string {
	u, ok := webURL(address)
	if !ok {
		return ""
	}
	return strings.TrimPrefix(hostOf(u), "www.")
}

// Page fetches a page that a person asked for, through the same queue as
// feeds, and extracts its main text. Of a page over 2 MiB only the beginning
// is read. Its errors are *Error; 401, 402, 403 and 451 are of kind Forbidden
// and final. A page without text is no error: its Article.Text is empty.
func (c *Client) Page(ctx context.Context, url string) (Page, error) {
	return c.page(ctx, request{url: url, accept: pageAccept, max: maxPage}, nil)
}

// PageOf reads a page as Page does, but of the program's own accord: only where
// robots.txt allows it, conditionally where validators are given, and without
// the furniture that is known of its site. A page that robots.txt forbids is an
// error of kind Forbidden.
func (c *Client) PageOf(ctx context.Context, q PageRequest) (Page, error) {
	r := request{url: q.URL, accept: pageAccept, max: maxPage, robots: true}
	if q.ETag != "" || q.LastModified != "" {
		r.state = &State{ETag: q.ETag, LastModified: q.LastModified}
	}
	return c.page(ctx, r, q.Known)
}

// page fetches a page and reads it.
func (c *Client) page(ctx context.Context, q request, ofSite func(context.Context, string) Known) (Page, error) {
	res, e := c.document(ctx, q)
	if e != nil {
		return Page{}, e
	}
	defer res.release()
	p := Page{URL: res.final.String(), ETag: res.header.Get("ETag"), LastModified: res.header.Get("Last-Modified")}
	if res.status == http.StatusNotModified {
		p.Unchanged = true
		return p, nil
	}
	full := res.header.Get("Content-Type")
	if mediaType, _, _ := mime.ParseMediaType(full); !textual(mediaType, res.body) {
		return p, &Error{Kind: Malformed, Status: res.status, URL: MaskURL(q.url), Err: errNoPage}
	}
	select {
	case c.workers <- struct{}{}:
		defer func() { <-c.workers }()
	case <-ctx.Done():
		return p, &Error{Kind: Temporary, URL: MaskURL(q.url), Err: ctx.Err()}
	}
	var known Known
	if ofSite != nil {
		known = ofSite(ctx, SiteOf(p.URL))
	}
	ctx, cancel := context.WithTimeout(ctx, extractTime)
	defer cancel()
	a, err := article.Extract(ctx, res.body, full, p.URL, known)
	if err != nil {
		return p, &Error{Kind: Malformed, Status: res.status, URL: MaskURL(q.url), Err: err}
	}
	p.Article, p.Withheld = a, a.Withheld
	for _, value := range res.header.Values("X-Robots-Tag") {
		if word := article.Withholds(value); word != "" && p.Withheld == "" {
			p.Withheld = word
		}
	}
	p.Paywalled = paywalled(res.body)
	return p, nil
}

// textual reports whether a document can be a page. A missing type is judged
// by the bytes, and so is XML: an article's link may lead to the feed itself,
// whose items together are the text of none of them.
func textual(mediaType string, body []byte) bool {
	head := body[:min(len(body), 1024)]
	switch {
	case mediaType == "" || mediaType == "application/octet-stream":
		return bytes.IndexByte(head, 0) < 0 && !bytes.Contains(head, []byte("<rss")) && !bytes.Contains(head, []byte("<feed"))
	case strings.Contains(mediaType, "html"):
		return true
	case strings.Contains(mediaType, "xml"):
		return bytes.Contains(bytes.ToLower(head), []byte("<html"))
	}
	return strings.HasPrefix(mediaType, "text/")
}

// paywalled reports whether a page's structured data says that its text is not
// free (schema.org, isAccessibleForFree).
func paywalled(body []byte) bool {
	_, rest, ok := bytes.Cut(body, []byte(`"isAccessibleForFree"`))
	if !ok {
		return false
	}
	rest = bytes.TrimLeft(rest[:min(len(rest), 40)], " \t\r\n:\"")
	return len(rest) >= 5 && strings.EqualFold(string(rest[:5]), "false")
}
