package feeds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"golang.org/x/net/http/httpguts"
)

const (
	feedAccept = "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, application/json;q=0.9, application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.5, */*;q=0.1"
	pageAccept = "text/html, application/xhtml+xml, text/plain;q=0.5, */*;q=0.1"

	maxRedirects = 5
	// smallBody is what a body may hold before it counts against the budget
	// that all large bodies share.
	smallBody = 512 << 10
)

var (
	errScheme   = errors.New("the address is no http or https URL")
	errLoop     = errors.New("the redirects run in a circle")
	errTooMany  = fmt.Errorf("more than %d redirects", maxRedirects)
	errTooLarge = errors.New("the body is larger than the limit")
	errEmbargo  = errors.New("the domain has asked to be left alone")
)

// request is one fetch.
type request struct {
	url    string
	accept string
	max    int64
	// state holds the validators to send, nil for an unconditional request;
	// validated is the only address they are sent to, "" for url.
	state     *State
	validated string
	// subscribers is told to the server, 0 to say nothing.
	subscribers int
	// partial takes the beginning of a body whose transfer breaks off for a body
	// (response.broken): of a feed the items that have arrived are better than none.
	partial bool
	// robots asks every site's robots.txt, also those that redirects lead to.
	robots bool
}

// response is the end of a fetch: the answer after redirects.
type response struct {
	status int
	header http.Header
	body   []byte
	cut    bool  // the body was larger than the limit; body holds its beginning
	broken error // why body holds only the beginning, nil if all of it
	final  *url.URL
	// permanent is where permanent redirects alone have led, "" if nowhere.
	permanent string
	release   func() // gives the body's share of memory back
}

// fetch performs a request: through the host's queue, following redirects,
// decompressing within bounds. A response with any status is no error.
func (c *Client) fetch(ctx context.Context, q request) (*response, *Error) {
	at, err := parseWebURL(q.url)
	if err != nil {
		return nil, &Error{Kind: Invalid, URL: MaskURL(q.url), Err: err}
	}
	if q.state != nil && q.validated == "" {
		q.validated = at.String()
	}
	budget := c.o.Timeout
	seen := map[string]bool{}
	permanent, allPermanent := "", true
	for range maxRedirects + 1 {
		if seen[at.String()] {
			return nil, &Error{Kind: Redirected, URL: MaskURL(q.url), Err: errLoop}
		}
		seen[at.String()] = true
		if q.robots {
			if e := c.permit(ctx, at); e != nil {
				return nil, e
			}
		}
		started := time.Now()
		res, waited, err := c.hop(ctx, at, q, budget)
		if err != nil {
			return nil, classify(ctx, err, at.String())
		}
		res.permanent = permanent
		next, isRedirect, fail := redirect(res, at)
		if fail != nil {
			res.release()
			return nil, fail
		}
		if !isRedirect {
			return res, nil
		}
		res.release()
		budget -= time.Since(started) - waited
		lasting := res.status == http.StatusMovedPermanently || res.status == http.StatusPermanentRedirect
		allPermanent = allPermanent && lasting && !(at.Scheme == "https" && next.Scheme == "http")
		if allPermanent {
			permanent = next.String()
		}
		at = next
	}
	return nil, &Error{Kind: Redirected, URL: MaskURL(q.url), Err: errTooMany}
}

// parseWebURL parses an absolute http or https address.
func parseWebURL(s string) (*url.URL, error) {
	u, ok := webURL(s)
	if !ok || u.Hostname() == "" || !asciiHost(u) || !httpguts.ValidHostHeader(u.Host) {
		return nil, errScheme
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// redirect is where a response sends us, if anywhere.
func redirect(res *response, at *url.URL) (next *url.URL, ok bool, fail *Error) {
	switch res.status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, false, nil
	}
	location := res.header.Get("Location")
	if location == "" {
		return nil, false, nil
	}
	ref, err := url.Parse(location)
	if err != nil {
		return nil, false, &Error{Kind: Redirected, Status: res.status, URL: MaskURL(at.String()), Err: fmt.Errorf("read the redirect: %w", err)}
	}
	next, err = parseWebURL(at.ResolveReference(ref).String())
	if err != nil {
		return nil, false, &Error{Kind: Redirected, Status: res.status, URL: MaskURL(at.String()), Err: err}
	}
	return next, true, nil
}

// hop performs one request and reads its body. waited is the time spent in
// queues, which is not the server's fault.
func (c *Client) hop(ctx context.Context, at *url.URL, q request, budget time.Duration) (res *response, waited time.Duration, err error) {
	started := time.Now()
	leave, err := c.hosts.acquire(ctx, hostOf(at))
	if err != nil {
		return nil, 0, err
	}
	defer leave()
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	defer func() { <-c.slots }()
	waited = time.Since(started)
	// Asked only now: whoever was first in the queue may have been told to stay away.
	if until := c.hosts.forbidden(hostOf(at), time.Now()); !until.IsZero() {
		return nil, waited, &Error{Kind: RateLimited, URL: MaskURL(at.String()), RetryAfter: time.Until(until), Err: errEmbargo}
	}

	ctx, cancel := context.WithTimeout(ctx, max(budget, time.Second))
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, waited, err
	}
	c.setHeader(r, q)
	answer, err := c.o.Transport.RoundTrip(r)
	if err != nil {
		return nil, waited, err
	}
	defer answer.Body.Close()
	c.spent(hostOf(at), answer.Header)
	res = &response{status: answer.StatusCode, header: answer.Header, final: at, release: func() {}}
	limit := q.max
	if answer.StatusCode != http.StatusOK {
		limit = min(limit, 64<<10) // only a courtesy to the connection
	}
	err = c.readBody(ctx, answer, res, limit)
	if q.partial && brokenOff(err) && len(res.body) > 0 {
		res.broken, err = err, nil
	}
	if err != nil && answer.StatusCode == http.StatusOK {
		res.release()
		return nil, waited, err
	}
	return res, waited, nil
}

// setHeader sets what we say of ourselves and what we know of the document.
func (c *Client) setHeader(r *http.Request, q request) {
	r.Header.Set("User-Agent", userAgent(c.o.UserAgent, q.subscribers))
	r.Header.Set("Accept", q.accept)
	r.Header.Set("Accept-Encoding", "gzip, br, zstd")
	if u := r.URL.User; u != nil {
		password, _ := u.Password()
		r.SetBasicAuth(u.Username(), password)
	}
	// Validators belong to the document they came with: not to what redirects
	// to it, nor to where they lead now.
	if q.state == nil || r.URL.String() != q.validated {
		return
	}
	if q.state.ETag != "" {
		r.Header.Set("If-None-Match", q.state.ETag)
	}
	if q.state.LastModified != "" {
		r.Header.Set("If-Modified-Since", q.state.LastModified)
	}
}

// userAgent adds the number of subscribers in the way that publishers' tools
// count them.
func userAgent(agent string, subscribers int) string {
	if subscribers <= 0 {
		return agent
	}
	count := fmt.Sprintf("%d subscribers", subscribers)
	if subscribers == 1 {
		count = "1 subscriber"
	}
	if head, ok := strings.CutSuffix(agent, ")"); ok {
		return head + "; " + count + ")"
	}
	return agent + " (" + count + ")"
}

// readBody reads and decompresses a body into res, at most limit bytes of it.
// A large one waits for its share of the memory that all have together.
func (c *Client) readBody(ctx context.Context, answer *http.Response, res *response, limit int64) error {
	if answer.ContentLength == 0 || answer.StatusCode == http.StatusNotModified {
		return nil // the commonest answer of all: no buffer for it
	}
	body, done, err := decompress(answer)
	if err != nil {
		return fmt.Errorf("decompress: %w", err)
	}
	defer done()
	size := int64(32 << 10)
	if answer.ContentLength > 0 && answer.Header.Get("Content-Encoding") == "" {
		size = min(answer.ContentLength+1, smallBody, limit+1)
	}
	buf := make([]byte, 0, size)
	for {
		if len(buf) == cap(buf) {
			if int64(len(buf)) > limit {
				break
			}
			if len(buf) >= smallBody && cap(buf) < int(limit)+1 {
				if err := c.memory.Acquire(ctx, limit); err != nil {
					return err
				}
				held := limit
				res.release = func() { c.memory.Release(held) }
				buf = append(make([]byte, 0, limit+1), buf...)
			} else {
				buf = append(make([]byte, 0, min(int64(2*cap(buf)), max(smallBody, limit+1))), buf...)
			}
		}
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			res.body = buf
			return fmt.Errorf("read the body: %w", err)
		}
	}
	if int64(len(buf)) > limit {
		buf, res.cut = buf[:limit], true
	}
	res.body = buf
	return nil
}

// brokenOff reports that a connection ended before its body did.
func brokenOff(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
}

// decompress unwraps a body by its Content-Encoding. done must be called after
// reading.
func decompress(answer *http.Response) (body io.Reader, done func(), err error) {
	done = func() {}
	switch strings.ToLower(strings.TrimSpace(answer.Header.Get("Content-Encoding"))) {
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(answer.Body)
		if errors.Is(err, io.EOF) {
			return strings.NewReader(""), done, nil // no body at all
		}
		return z, done, err
	case "br":
		return brotli.NewReader(answer.Body), done, nil
	case "zstd":
		z, err := zstd.NewReader(answer.Body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(8<<20))
		if err != nil {
			return nil, done, err
		}
		return z, z.Close, nil
	}
	return answer.Body, done, nil
}

// classify turns an error of the transport into ours.
func classify(ctx context.Context, err error, address string) *Error {
	if own := (*Error)(nil); errors.As(err, &own) {
		return own
	}
	e := &Error{Kind: Temporary, URL: MaskURL(address), Err: stripURL(err)}
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.Is(err, errPrivate):
		e.Kind = Private
	case ctx.Err() != nil: // the caller gave up
	case errors.Is(err, context.DeadlineExceeded):
	case errors.As(err, &dns):
		e.Kind = Unreachable
	case errors.As(err, &op) && op.Op == "dial":
		e.Kind = Unreachable
	case tlsError(err):
		e.Kind = Unreachable
	}
	return e
}

// stripURL takes off the *url.Error, whose text repeats the address unmasked.
func stripURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
