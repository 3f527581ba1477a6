package feeds

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"broadsheet/feeds/article"
)

// ClientOptions configure a Client. Zero values mean the defaults in brackets.
type ClientOptions struct {
	// Transport carries the requests (NewTransport(nil)).
	Transport http.RoundTripper
	// UserAgent is sent with every request ("Broadsheet").
	UserAgent string
	// Timeout bounds a visit from the first byte sent to the last one read (20 s).
	Timeout time.Duration
	// MaxBytes bounds a body after decompression (5 MiB).
	MaxBytes int64
	// MinInterval and MaxInterval bound the time between visits (1 h, 24 h).
	MinInterval, MaxInterval time.Duration
	// HostSpacing is the least time between two requests to a host (1 s).
	HostSpacing time.Duration
	// Concurrency bounds the requests in flight (64).
	Concurrency int
	// Log receives debug lines (discarded).
	Log *slog.Logger
}

// Client visits feeds and pages. It is safe for concurrent use.
type Client struct{ o ClientOptions }

// NewClient returns a Client.
func NewClient(o ClientOptions) *Client { return &Client{o: o} }

// NewTransport returns the guarded transport.
func NewTransport(allow []netip.Prefix) *http.Transport { return &http.Transport{} }

// Visit visits the feed that s remembers, as of now.
func (c *Client) Visit(ctx context.Context, s State, now time.Time) Visit {
	return Visit{At: now, State: s}
}

// Candidate is a feed found behind an address.
type Candidate struct{ URL, Title, Kind string }

// Discover finds the feeds behind an address.
func (c *Client) Discover(ctx context.Context, address string) ([]Candidate, error) {
	return nil, errors.ErrUnsupported
}

// Page is a web page with its main text.
type Page struct {
	// URL is the address after redirects, Status the HTTP status.
	URL    string
	Status int
	// Article is the page's main text.
	Article article.Article
	// Paywalled reports that the page says its text is not free to read.
	Paywalled bool
	// ContentType is the page's media type.
	ContentType string
}

// Page fetches a page and extracts its main text. Its errors are *Error.
func (c *Client) Page(ctx context.Context, url string) (Page, error) {
	return Page{}, errors.ErrUnsupported
}

// Fetch fetches a document of any kind. Its errors are *Error.
func (c *Client) Fetch(ctx context.Context, url string) (body []byte, contentType, finalURL string, err error) {
	return nil, "", "", errors.ErrUnsupported
}
