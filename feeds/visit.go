package feeds

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"time"

	"github.com/cespare/xxhash/v2"
)

const (
	// A permanent redirect is adopted after this many visits that agree on it,
	// over at least this time: sites break their redirects more often than
	// they move.
	adoptVisits = 3
	adoptAfter  = 24 * time.Hour
)

// Visit visits the feed that s remembers and says what it found, what to
// remember and when to come again, all as of now. It never fails: what goes
// wrong is in Visit.Err. Visit.State must be saved together with the items.
//
// Many visits may run at once; those to one host follow each other with a
// pause, and a visit whose turn is far away is put off (Visit.Deferred).
func (c *Client) Visit(ctx context.Context, s State, now time.Time) Visit {
	started := time.Now()
	v := c.visit(ctx, s, now)
	v.At, v.Took = now, time.Since(started)
	if v.Err != nil {
		c.o.Log.Debug("feed visit failed", "url", v.Err.URL, "kind", v.Err.Kind, "status", v.Status, "error", v.Err.Err)
	}
	return v
}

func (c *Client) visit(ctx context.Context, s State, now time.Time) Visit {
	if at, ok := webURL(s.URL); ok {
		host := hostOf(at)
		if until := c.hosts.forbidden(host, now); !until.IsZero() {
			return Visit{State: s, Unchanged: true, Deferred: true, Next: until.Add(spread(time.Minute)), WaitUntil: until}
		}
		if queue := c.hosts.queue(host); queue > c.o.Patience {
			return Visit{State: s, Unchanged: true, Deferred: true, Next: now.Add(queue + spread(queue))}
		}
	}
	res, err := c.fetch(ctx, request{url: s.URL, accept: feedAccept, max: c.o.MaxBytes, state: &s, validated: s.Validated, subscribers: s.Subscribers, partial: true})
	if err != nil && errors.Is(err, errEmbargo) {
		until := time.Now().Add(err.RetryAfter)
		return Visit{State: s, Unchanged: true, Deferred: true, Next: until.Add(spread(time.Minute)), WaitUntil: until}
	}
	if err != nil {
		if ctx.Err() != nil {
			// We were told to stop; that is no failure of the feed's.
			return Visit{State: s, Err: err, Next: now}
		}
		return c.failed(s, now, err)
	}
	defer res.release()
	switch {
	case res.status == http.StatusNotModified && (s.ETag != "" || s.LastModified != ""):
		return c.unchanged(s, now, res)
	case res.status == http.StatusOK:
		return c.read(ctx, s, now, res)
	}
	return c.refused(s, now, res)
}

// read takes an answer with a body: unchanged if it hashes as the last one
// did, else parsed.
func (c *Client) read(ctx context.Context, s State, now time.Time, res *response) Visit {
	body, err := inflate(res.body, c.o.MaxBytes)
	if err != nil {
		kind := Malformed
		if errors.Is(err, errTooLarge) {
			kind = TooLarge
		}
		s.Forget()
		return c.failed(s, now, &Error{Kind: kind, Status: res.status, URL: MaskURL(s.URL), Err: err})
	}
	sum := bodyHash(body)
	if sum == s.BodyHash && s.BodyHash != 0 {
		return c.unchanged(s, now, res)
	}
	feed, perr := c.parse(ctx, body, res.header.Get("Content-Type"), res.final.String())
	if res.broken != nil && (perr != nil || len(feed.Items) == 0) {
		return c.failed(s, now, classify(ctx, res.broken, res.final.String()))
	}
	if perr != nil {
		perr.Status = res.status
		if res.cut {
			perr = &Error{Kind: TooLarge, Status: res.status, URL: perr.URL, Err: errTooLarge}
		} else if errors.Is(perr, errEmpty) {
			perr.Kind = Temporary
		}
		// What came with a body that cannot be read must not vouch for it.
		s.Forget()
		v := c.failed(s, now, perr)
		v.Status = res.status
		return v
	}
	if res.cut {
		feed.Warnings = append(feed.Warnings, "The document is larger than the limit; its beginning was read.")
	}
	v := Visit{State: s, Status: res.status, Feed: feed}
	v.State.BodyHash = sum
	v.State.ETag, v.State.LastModified = res.header.Get("ETag"), res.header.Get("Last-Modified")
	if res.broken != nil {
		// What has not arrived must be asked for again.
		feed.Warnings = append(feed.Warnings, "The connection broke off; what had arrived was read.")
		v.State.ETag, v.State.LastModified, v.State.BodyHash = "", "", 0
	}
	v.State.Interval, v.State.Pace, v.State.Skip = c.rhythm(feed, now), pace(feed.Items), feed.Skip
	c.succeeded(&v, now, res)
	v.Next = c.next(now, v.State, res.header)
	return v
}

// parse parses a document, large ones one at a time.
func (c *Client) parse(ctx context.Context, body []byte, contentType, base string) (*Feed, *Error) {
	if len(body) > smallBody {
		select {
		case c.large <- struct{}{}:
			defer func() { <-c.large }()
		case <-ctx.Done():
			return nil, &Error{Kind: Temporary, URL: MaskURL(base), Err: ctx.Err()}
		}
	}
	// Parsing takes the processor and a megabyte of scraps: more at once than
	// there are processors only costs memory.
	select {
	case c.parsers <- struct{}{}:
		defer func() { <-c.parsers }()
	case <-ctx.Done():
		return nil, &Error{Kind: Temporary, URL: MaskURL(base), Err: ctx.Err()}
	}
	feed, err := Parse(body, contentType, base)
	if err != nil {
		var e *Error
		errors.As(err, &e)
		return nil, e
	}
	return feed, nil
}

// unchanged is a visit that found what was there before.
func (c *Client) unchanged(s State, now time.Time, res *response) Visit {
	v := Visit{State: s, Status: res.status, Unchanged: true}
	// A 304 may renew the validators (RFC 9111, 3.2); without them they stay.
	// Those of a 200 replace them.
	etag, modified := res.header.Get("ETag"), res.header.Get("Last-Modified")
	if etag != "" || res.status == http.StatusOK {
		v.State.ETag = etag
	}
	if modified != "" || res.status == http.StatusOK {
		v.State.LastModified = modified
	}
	v.State.Interval = c.quieter(s.Interval, res.status == http.StatusNotModified)
	c.succeeded(&v, now, res)
	v.Next = c.next(now, v.State, res.header)
	return v
}

// succeeded forgets failures, keeps count of permanent redirects and remembers
// whose validators the state holds.
func (c *Client) succeeded(v *Visit, now time.Time, res *response) {
	s := &v.State
	s.Failures = 0
	switch {
	case res.permanent == "" || res.permanent == s.URL:
		s.Redirect, s.Redirects, s.RedirectSince = "", 0, time.Time{}
	case res.permanent != s.Redirect:
		s.Redirect, s.Redirects, s.RedirectSince = res.permanent, 1, now
	default:
		s.Redirects++
		if s.Redirects >= adoptVisits && now.Sub(s.RedirectSince) >= adoptAfter {
			s.URL, v.Moved = s.Redirect, true
			s.Redirect, s.Redirects, s.RedirectSince = "", 0, time.Time{}
		}
	}
	s.Validated = ""
	if final := res.final.String(); final != s.URL && (s.ETag != "" || s.LastModified != "") {
		s.Validated = final
	}
}

// refused is a visit that got an answer other than a document.
func (c *Client) refused(s State, now time.Time, res *response) Visit {
	e := statusError(res, now)
	v := c.failed(s, now, e)
	v.Status = res.status
	if e.Kind == RateLimited {
		wait := e.RetryAfter
		if wait == 0 {
			wait = v.Next.Sub(now)
		}
		c.hosts.forbid(hostOf(res.final), now.Add(min(wait, maxWait)))
	}
	return v
}

// statusError classifies an answer by its status.
func statusError(res *response, now time.Time) *Error {
	e := &Error{Kind: Temporary, Status: res.status, URL: MaskURL(res.final.String()), RetryAfter: retryAfter(res.header, now)}
	if res.header.Get("Cf-Mitigated") == "challenge" {
		e.Kind, e.Err = Forbidden, errChallenge
		return e
	}
	switch res.status {
	case http.StatusGone:
		e.Kind = Gone
	case http.StatusNotFound:
		e.Kind = NotFound
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		e.Kind = Forbidden
	case http.StatusTooManyRequests:
		e.Kind = RateLimited
	case http.StatusServiceUnavailable:
	default:
		// Elsewhere the headers count requests that were served.
		if res.status < 500 {
			e.RetryAfter = 0
		}
	}
	return e
}

// failed is a visit that brought nothing. It comes again after a growing time,
// or when the server said, whichever is later.
func (c *Client) failed(s State, now time.Time, e *Error) Visit {
	v := Visit{State: s, Status: e.Status, Err: e, Gone: e.Kind == Gone}
	v.State.Failures++
	wait := c.backoff(v.State.Failures)
	if e.RetryAfter > 0 {
		asked := min(e.RetryAfter, maxWait)
		v.WaitUntil = now.Add(asked)
		wait = max(wait, asked+spread(min(asked, time.Hour)))
	}
	v.Next = now.Add(wait)
	return v
}

// inflate unpacks a document that was stored compressed and served as such,
// without a Content-Encoding.
func inflate(body []byte, limit int64) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b, 8}) {
		return body, nil
	}
	return gunzip(body, limit)
}

// bodyHash is the hash by which a body is recognised. It leaves out what
// changes although the feed does not: comments and build dates outside the
// items ("generated at", "page served in 0.3 seconds").
func bodyHash(body []byte) uint64 {
	if start := bytes.TrimLeft(body, "\xef\xbb\xbf \t\r\n"); len(start) < 2 || start[0] != '<' || start[1] == 0 {
		return max(xxhash.Sum64(body), 1)
	}
	d := xxhash.New()
	s := scanner{b: body}
	volatile := -1 // where the element being left out began
	for {
		from := s.pos
		t, ok := s.next()
		if !ok {
			break
		}
		name := t.name.of(body)
		if t.kind == startToken && itemName(name) {
			s.pos = from
			break
		}
		switch {
		case volatile >= 0:
			if t.kind == endToken && volatileName(name) {
				volatile = -1
			}
		case t.kind == startToken && !t.empty && volatileName(name):
			volatile = t.start
		case t.kind == otherToken:
		default:
			writeHash(d, t.of(body))
		}
	}
	rest := body[s.pos:]
	rest = rest[:lastItemEnd(rest)]
	if volatile >= 0 {
		rest = body[volatile:]
	}
	writeHash(d, rest)
	return max(d.Sum64(), 1)
}

// lastItemEnd is where the last item of b ends, len(b) if it has none. It looks
// from the end, where the item's end tag is among the first tags met.
func lastItemEnd(b []byte) int {
	for end := len(b); ; {
		end = bytes.LastIndexByte(b[:end], '<')
		if end < 0 {
			return len(b)
		}
		if tag := b[end:]; bytes.HasPrefix(tag, []byte("</item>")) || bytes.HasPrefix(tag, []byte("</entry>")) {
			return end
		}
	}
}

// writeHash adds to a hash, which never fails.
func writeHash(d *xxhash.Digest, b []byte) { _, _ = d.Write(b) }

// volatileName reports the elements of a feed's head that say when the document
// was made.
func volatileName(name []byte) bool {
	switch string(name) {
	case "lastBuildDate", "pubDate", "updated", "modified", "dc:date", "generator", "atom:updated":
		return true
	}
	return false
}

// tlsError reports failures of the handshake.
func tlsError(err error) bool {
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	var unknown x509.UnknownAuthorityError
	return errors.As(err, &cert) || errors.As(err, &record) || errors.As(err, &alert) || errors.As(err, &unknown)
}
