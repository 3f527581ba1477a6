package feeds

import (
	"bytes"
	"context"
	"errors"
	"mime"
	"strings"
	"time"

	"broadsheet/feeds/article"
)

// Page is a web page with its main text.
type Page struct {
	// URL is the address after redirects, Status the HTTP status.
	URL    string
	Status int
	// Article is the page's main text.
	Article article.Article
	// Paywalled reports that the page says its text is not free to read.
	Paywalled bool
	// ContentType is the page's media type, without parameters.
	ContentType string
}

const (
	maxPage = 2 << 20
	// extractTime bounds the extraction of one page.
	extractTime = 5 * time.Second
)

var errNoPage = errors.New("the document is no web page")

// Page fetches a page through the same queue as feeds and extracts its main
// text. Of a page over 2 MiB only the beginning is read. Its errors are *Error;
// 401, 402, 403 and 451 are of kind Forbidden and final. A page without text is
// no error: its Article.Text is empty.
func (c *Client) Page(ctx context.Context, url string) (Page, error) {
	return c.PageOf(ctx, url, nil)
}

// PageOf is Page with what is known of the host's repeated blocks.
func (c *Client) PageOf(ctx context.Context, url string, known article.Known) (Page, error) {
	res, e := c.document(ctx, request{url: url, accept: pageAccept, max: maxPage})
	if e != nil {
		return Page{}, e
	}
	defer res.release()
	p := Page{URL: res.final.String(), Status: res.status}
	full := res.header.Get("Content-Type")
	p.ContentType, _, _ = mime.ParseMediaType(full)
	if !textual(p.ContentType, res.body) {
		return p, &Error{Kind: Malformed, Status: res.status, URL: MaskURL(url), Err: errNoPage}
	}
	select {
	case c.workers <- struct{}{}:
		defer func() { <-c.workers }()
	case <-ctx.Done():
		return p, &Error{Kind: Temporary, URL: MaskURL(url), Err: ctx.Err()}
	}
	ctx, cancel := context.WithTimeout(ctx, extractTime)
	defer cancel()
	a, err := article.Extract(ctx, res.body, full, p.URL, known)
	if err != nil {
		return p, &Error{Kind: Malformed, Status: res.status, URL: MaskURL(url), Err: err}
	}
	p.Article = a
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
