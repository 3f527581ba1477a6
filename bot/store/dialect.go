package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// dialect is all that differs between the engines, apart from the schema. The
// statements of this package are one text for both, with three marks in it:
//
//	{lock}       keep the selected rows until the transaction ends
//	{skip d}     the same for the rows of d, passing over those another holds
//	{each $1}    the numbers of a JSON array, as a subquery of one column
//
// Parameters are numbered in the order of their first use, because some SQLite
// drivers bind $N by appearance instead of by number (a test reads them all).
type dialect struct {
	name string
	// lock and skip replace the marks; each is a pattern with $1 for the parameter.
	lock, skip, each string
	// prepares says that statements are worth keeping prepared; pgx does so
	// by itself.
	prepares bool
	// classify finds what a driver's error means and returns a *classified that
	// wraps it, nil if it means nothing special.
	classify func(error) error
	// transient reports an error after which the transaction may be repeated.
	transient func(error) bool
	// index is the full-text search of the engine.
	index textIndex
}

// textIndex is the full-text search of one engine. Words are cut and folded by
// summarize.Tokens on both, so both find the same.
type textIndex interface {
	// put indexes an article, replacing what was there for it.
	put(ctx context.Context, t *tx, id int64, title, body []string, fresh bool) error
	// remove forgets articles; ids is a JSON array.
	remove(ctx context.Context, t *tx, ids string) error
	// search returns one page of the best of the newest matches and how many
	// matches were looked at.
	search(ctx context.Context, s *Store, q parsedQuery, limit, offset int) (ids []int64, total int, err error)
	// titles returns the newest articles whose title holds all words, the last
	// of them perhaps unfinished.
	titles(ctx context.Context, s *Store, guildID int64, words []string, limit int) ([]int64, error)
}

var (
	eachMark = regexp.MustCompile(`\{each (\$\d+)\}`)
	skipMark = regexp.MustCompile(`\{skip (\w+)\}`)
)

// text translates a statement's marks.
func (d *dialect) text(q string) string {
	if !strings.Contains(q, "{") {
		return q
	}
	q = strings.ReplaceAll(q, "{lock}", d.lock)
	q = skipMark.ReplaceAllString(q, d.skip)
	return eachMark.ReplaceAllString(q, d.each)
}

// statements keeps prepared statements of one pool, by their text.
type statements struct {
	db *sql.DB

	mu   sync.Mutex
	kept map[string]*sql.Stmt
}

// find returns the prepared statement for q, nil if there is none yet.
func (p *statements) find(q string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kept[q]
}

// prepare makes and keeps the statement for text q translated to t.
func (p *statements) prepare(ctx context.Context, q, t string) (*sql.Stmt, error) {
	if st := p.find(q); st != nil {
		return st, nil
	}
	st, err := p.db.PrepareContext(ctx, t)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if other := p.kept[q]; other != nil { // prepared twice at the same time
		return other, st.Close()
	}
	p.kept[q] = st
	return st, nil
}

func (p *statements) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	for _, st := range p.kept {
		err = errors.Join(err, st.Close())
	}
	clear(p.kept)
	return err
}

// wrap says what was being done and what the driver's error means.
func (s *Store) wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	for _, known := range []error{ErrNotFound, ErrExists, ErrInUse, ErrFull, ErrReadOnly, ErrLeaseLost, ErrForeign, ErrCorrupt} {
		if errors.Is(err, known) {
			return fmt.Errorf("%s: %w", doing, err)
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s: %w", doing, ErrNotFound)
	}
	if known := s.d.classify(err); known != nil {
		return fmt.Errorf("%s: %w", doing, known)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// classified is a driver's error and what it means. Its text is the meaning in
// our words and the engine's code, by which the rest can be looked up.
type classified struct {
	meaning error
	code    string // such as "SQLite 13" or "SQLSTATE 53100"
	err     error
}

func (c *classified) Error() string { return c.meaning.Error() + " (" + c.code + ")" }

func (c *classified) Unwrap() []error { return []error{c.meaning, c.err} }
