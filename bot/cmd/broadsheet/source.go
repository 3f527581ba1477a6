package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"

	"broadsheet/feeds"
)

// maxInput bounds a file or standard input, in bytes. Addresses have the
// smaller bound of fetch.max_bytes.
const maxInput = 64 << 20

// source is a document from a file, an address or standard input.
type source struct {
	name        string // as the command line names it
	body        []byte
	contentType string // as the server said, "" elsewhere
	url         string // after redirects, "" elsewhere
}

func isURL(name string) bool {
	return strings.HasPrefix(name, "http://") || strings.HasPrefix(name, "https://")
}

// sources are the FILE arguments; none is standard input.
func sources(files []string) []string {
	if len(files) == 0 {
		return []string{"-"}
	}
	return files
}

// eachSource reads one FILE after the other and hands it on. What fails is told
// and left behind; the others still get their turn.
func (a *app) eachSource(ctx context.Context, files []string, use func(source) error) error {
	failed := false
	for _, name := range sources(files) {
		s, err := a.read(ctx, name)
		if err == nil {
			err = use(s)
		}
		switch {
		case err == nil:
		case stops(ctx, err):
			return err
		default:
			failed = true
			a.complain(inputName(name), err)
		}
	}
	if failed {
		return errTold
	}
	return nil
}

// stops reports whether an error concerns all sources and not one.
func stops(ctx context.Context, err error) bool {
	var out writeError
	return ctx.Err() != nil || isFault(err) || errors.As(err, &out)
}

// writeError is a failure to write the result.
type writeError struct{ error }

func (e writeError) Unwrap() error { return e.error }

// inputName is a FILE argument's name in messages.
func inputName(name string) string {
	if name == "-" {
		return "standard input"
	}
	return feeds.MaskURL(name)
}

// read reads a FILE argument whole.
func (a *app) read(ctx context.Context, name string) (source, error) {
	if isURL(name) {
		web, err := a.web()
		if err != nil {
			return source{}, err
		}
		body, contentType, final, err := web.Fetch(ctx, name)
		return source{name: name, body: body, contentType: contentType, url: final}, err
	}
	r, err := a.open(name)
	if err != nil {
		return source{}, err
	}
	defer r.Close() // only read from
	body, err := io.ReadAll(io.LimitReader(cancellable{ctx, r}, maxInput+1))
	if err != nil {
		return source{}, err
	}
	if len(body) > maxInput {
		return source{}, fmt.Errorf("is larger than %d MiB", maxInput>>20)
	}
	return source{name: name, body: body}, nil
}

// open opens a file or standard input.
func (a *app) open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(a.stdin), nil
	}
	file, err := os.Open(name)
	if scheme, _, ok := strings.Cut(name, "://"); ok && errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("is neither a file nor an http or https address (%s is another scheme)", scheme)
	}
	if err != nil {
		return nil, bare(err)
	}
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(errors.New("is a directory"), file.Close())
	}
	return file, nil
}

// stream opens a FILE argument to be read piece by piece.
func (a *app) stream(ctx context.Context, name string) (io.ReadCloser, error) {
	if isURL(name) {
		s, err := a.read(ctx, name)
		return io.NopCloser(bytes.NewReader(s.body)), err
	}
	return a.open(name)
}

// bare is the cause of a *os.PathError, whose own text repeats the path.
func bare(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// cancellable is a reader whose Read returns when the context ends. Reading a
// terminal or pipe cannot be interrupted, so the read that is under way then is
// left behind: the process is about to end.
type cancellable struct {
	ctx context.Context
	r   io.Reader
}

func (c cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	buffer := make([]byte, min(len(p), 1<<16)) // p may be reused after we return
	go func() {
		n, err := c.r.Read(buffer)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		return copy(p, buffer[:r.n]), r.err
	case <-c.ctx.Done():
		return 0, c.ctx.Err()
	}
}

// isHTML tells a page from plain text: by its Content-Type, else by its first
// bytes.
func (s source) isHTML() bool {
	media, _, _ := strings.Cut(strings.ToLower(s.contentType), ";")
	switch media = strings.TrimSpace(media); {
	case media == "text/html" || media == "application/xhtml+xml":
		return true
	case media != "" && media != "application/octet-stream":
		return false
	}
	return startsHTML(s.text())
}

// startsHTML reports whether text begins as a page does, after blanks and
// comments.
func startsHTML(text string) bool {
	for {
		text = strings.TrimLeft(text, "\ufeff \t\r\n\f")
		rest, ok := strings.CutPrefix(text, "<!--")
		if !ok {
			break
		}
		end := strings.Index(rest, "-->")
		if end < 0 {
			return false
		}
		text = rest[end+len("-->"):]
	}
	head := strings.ToLower(text[:min(len(text), 15)])
	for _, start := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if after, ok := strings.CutPrefix(head, start); ok && (after == "" || !isNameByte(after[0])) {
			return true
		}
	}
	return false
}

// isNameByte reports whether b would continue a tag's name: <header> is no <head>.
func isNameByte(b byte) bool { return b >= 'a' && b <= 'z' || b == '-' || b >= '0' && b <= '9' }

// text is the body as UTF-8: by its byte order mark, else as it is if that is
// valid, else by the charset the server named, else by a guess. What holds NUL
// bytes is no text and stays as it is.
func (s source) text() string {
	marked := len(s.body) > 1 && (s.body[0] == 0xFE && s.body[1] == 0xFF || s.body[0] == 0xFF && s.body[1] == 0xFE)
	if !marked && (utf8.Valid(s.body) || bytes.IndexByte(s.body, 0) >= 0) {
		return strings.TrimPrefix(string(s.body), "\ufeff")
	}
	encoding, _, _ := charset.DetermineEncoding(s.body, s.contentType)
	decoded, err := encoding.NewDecoder().Bytes(s.body)
	if err != nil {
		return string(s.body)
	}
	return strings.TrimPrefix(string(decoded), "\ufeff")
}

// base is the address against which a document's links are resolved: what the
// user says, else where it came from.
func (s source) base(given string) (string, error) {
	if given == "" {
		return s.url, nil
	}
	if u, err := url.Parse(given); err != nil || u.Host == "" {
		return "", usageError{fmt.Errorf("--base: %q is no absolute address", given)}
	}
	return given, nil
}
