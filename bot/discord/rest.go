package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/bwmarrin/discordgo"
)

// do sends body as JSON to a path below the API's version and decodes the
// answer into out, which may be nil. Its errors are *Error.
func (c *Client) do(ctx context.Context, method, path string, body, out any) error {
	var b []byte
	if body != nil {
		var err error
		if b, err = json.Marshal(body); err != nil {
			return &Error{Err: fmt.Errorf("encode request: %w", err)}
		}
	}
	return c.raw(ctx, method, path, "application/json", b, out)
}

// upload sends body with files beside it, or as do when there are none.
func (c *Client) upload(ctx context.Context, method, path string, body any, files []File, out any) error {
	if len(files) == 0 {
		return c.do(ctx, method, path, body, out)
	}
	list := make([]*discordgo.File, len(files))
	for i, f := range files {
		list[i] = &discordgo.File{Name: f.Name, ContentType: f.ContentType, Reader: bytes.NewReader(f.Data)}
	}
	contentType, b, err := discordgo.MultipartBodyWithJSON(body, list)
	if err != nil {
		return &Error{Err: fmt.Errorf("encode upload: %w", err)}
	}
	return c.raw(ctx, method, path, contentType, b, out)
}

// raw sends one request through discordgo. Each gets a bucket of its own:
// discordgo keeps buckets for ever, holds their lock during the request and
// sleeps in them, deaf to ctx. Our transport keeps the real limits.
func (c *Client) raw(ctx context.Context, method, path, contentType string, b []byte, out any) error {
	bucket := &discordgo.Bucket{Remaining: 1}
	bucket.Lock()
	answer, err := c.rest.RequestWithLockedBucket(method, discordgo.EndpointAPI+path, contentType, b, bucket, 0, discordgo.WithContext(ctx))
	if err != nil {
		return toError(err, method)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return &Error{Status: http.StatusOK, Maybe: method == http.MethodPost, Err: fmt.Errorf("decode answer: %w", err)}
	}
	return nil
}

// toError turns whatever discordgo returned into *Error.
func toError(err error, method string) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	var r *discordgo.RESTError
	if errors.As(err, &r) && r.Response != nil {
		return answerError(r.Response, r.ResponseBody, route{method: method})
	}
	return &Error{Maybe: method == http.MethodPost, Err: plain(err)}
}

// attachmentHosts are Discord's own, from which attachments come.
var attachmentHosts = []string{"cdn.discordapp.com", "media.discordapp.net"}

// Attachment reads a file that a person gave with a command, at most max bytes.
// Only addresses of Discord's (or of the configured API's host) are read, so
// that a forged one cannot make the program visit somewhere else.
func (c *Client) Attachment(ctx context.Context, address string, max int64) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || !c.attachmentHost(u) {
		return nil, errors.New("read attachment: not an address of Discord's")
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("read attachment: %w", err)
	}
	req.Header.Set("User-Agent", c.transport.userAgent)
	res, err := c.outside.RoundTrip(req) // follows no redirect
	if err != nil {
		return nil, fmt.Errorf("read attachment: %w", err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("read attachment: %w", &Error{Status: res.StatusCode})
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, max+1))
	if err != nil {
		return nil, fmt.Errorf("read attachment: %w", err)
	}
	if int64(len(b)) > max {
		return nil, fmt.Errorf("read attachment: more than %d bytes", max)
	}
	return b, nil
}

func (c *Client) attachmentHost(u *url.URL) bool {
	if u.Host == c.base.Host && u.Scheme == c.base.Scheme {
		return true
	}
	for _, h := range attachmentHosts {
		if u.Scheme == "https" && strings.EqualFold(u.Host, h) {
			return true
		}
	}
	return false
}
