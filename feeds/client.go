package feeds

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/semaphore"
)

// ClientOptions configure a Client. Zero values mean the defaults in brackets.
type ClientOptions struct {
	// Transport carries the requests (NewTransport(nil)).
	Transport http.RoundTripper
	// UserAgent is sent with every request ("Broadsheet"). It should hold an
	// address in brackets, to which a feed's number of subscribers is added.
	UserAgent string
	// Timeout bounds a visit, queues not counted (20 s).
	Timeout time.Duration
	// MaxBytes bounds a body after decompression (5 MiB).
	MaxBytes int64
	// MinInterval and MaxInterval bound the time between visits (1 h, 24 h).
	MinInterval, MaxInterval time.Duration
	// HostSpacing is the least time between two requests to a host (1 s);
	// negative for none.
	HostSpacing time.Duration
	// Patience is how long a visit queues for its host before it is put off (30 s).
	Patience time.Duration
	// Concurrency bounds the requests in flight (64).
	Concurrency int
	// Log receives debug lines (discarded).
	Log *slog.Logger
}

// Client visits feeds and pages. It is safe for concurrent use, and should be
// the only one in a process: it keeps requests to one host apart.
type Client struct {
	o     ClientOptions
	hosts *hosts
	// slots bound the requests in flight, parsers the documents being parsed,
	// large the big ones among them, workers the pages being extracted.
	slots, parsers, large, workers chan struct{}
	// memory is the budget that bodies over smallBody share.
	memory *semaphore.Weighted
	robots robots
}

// NewClient returns a Client.
func NewClient(o ClientOptions) *Client {
	if o.Transport == nil {
		o.Transport = NewTransport(nil)
	}
	if o.UserAgent == "" {
		o.UserAgent = "Broadsheet"
	}
	if o.Timeout <= 0 {
		o.Timeout = 20 * time.Second
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 5 << 20
	}
	if o.MinInterval <= 0 {
		o.MinInterval = time.Hour
	}
	if o.MaxInterval <= 0 {
		o.MaxInterval = 24 * time.Hour
	}
	o.MaxInterval = max(o.MaxInterval, o.MinInterval)
	switch {
	case o.HostSpacing == 0:
		o.HostSpacing = time.Second
	case o.HostSpacing < 0:
		o.HostSpacing = 0
	}
	if o.Patience <= 0 {
		o.Patience = 30 * time.Second
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 64
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Client{
		o:       o,
		hosts:   newHosts(o.HostSpacing),
		slots:   make(chan struct{}, o.Concurrency),
		parsers: make(chan struct{}, runtime.GOMAXPROCS(0)),
		large:   make(chan struct{}, 1),
		workers: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)-1)),
		memory:  semaphore.NewWeighted(max(4*o.MaxBytes, 16<<20)),
	}
}

// Fetch fetches a document of any kind and returns its body, decompressed, its
// Content-Type and its address after redirects. A body over MaxBytes is an
// error of kind TooLarge. Its errors are *Error.
func (c *Client) Fetch(ctx context.Context, url string) (body []byte, contentType, finalURL string, err error) {
	res, e := c.document(ctx, request{url: url, accept: feedAccept, max: c.o.MaxBytes})
	if e != nil {
		return nil, "", "", e
	}
	defer res.release()
	if res.cut {
		return nil, "", "", &Error{Kind: TooLarge, Status: res.status, URL: MaskURL(url), Err: errTooLarge}
	}
	return res.body, res.header.Get("Content-Type"), res.final.String(), nil
}

// document fetches a document; a status other than 200, and 304 where a
// validator was sent, is an error.
func (c *Client) document(ctx context.Context, q request) (*response, *Error) {
	now := time.Now()
	if at, ok := webURL(q.url); ok {
		if until := c.hosts.forbidden(hostOf(at), now); !until.IsZero() {
			return nil, &Error{Kind: RateLimited, URL: MaskURL(q.url), RetryAfter: until.Sub(now)}
		}
	}
	res, err := c.fetch(ctx, q)
	if err != nil {
		return nil, err
	}
	if res.status == http.StatusOK || res.status == http.StatusNotModified && q.state != nil {
		return res, nil
	}
	res.release()
	e := statusError(res, now)
	if e.Kind == RateLimited && e.RetryAfter > 0 {
		c.hosts.forbid(hostOf(res.final), now.Add(min(e.RetryAfter, maxWait)))
	}
	return nil, e
}

// gunzip unpacks at most limit bytes.
func gunzip(body []byte, limit int64) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	out, err := io.ReadAll(io.LimitReader(z, limit+1))
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	if int64(len(out)) > limit {
		return nil, errTooLarge
	}
	return out, nil
}
