package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// attempts is how often a transaction is tried that PostgreSQL broke off to
// end a deadlock.
const attempts = 5

// writeLimit ends a write transaction that got stuck on the network.
const writeLimit = 2 * time.Minute

// tx is a write transaction.
type tx struct {
	s   *Store
	tx  *sql.Tx
	own map[string]*sql.Stmt // prepared statements, bound to this transaction

	later     []indexEntry // articles still to be indexed
	laterSize int          // bytes of their texts
}

// indexEntry is an article to be indexed.
type indexEntry struct {
	id          int64
	title, text string
	fresh       bool // it is not in the index yet
}

// maxDeferred bounds the texts that wait to be indexed, in bytes.
const maxDeferred = 4 << 20

// indexLater indexes an article at the end of the transaction. FTS5 writes
// out what it has gathered whenever another statement opens a savepoint, as
// INSERT … RETURNING does: indexing each article where it is inserted made a
// batch three times as expensive.
func (t *tx) indexLater(ctx context.Context, e indexEntry) error {
	t.later = append(t.later, e)
	if t.laterSize += len(e.text); t.laterSize < maxDeferred {
		return nil
	}
	return t.indexDeferred(ctx)
}

// indexDeferred indexes what indexLater has gathered.
func (t *tx) indexDeferred(ctx context.Context) error {
	for _, e := range t.later {
		if err := t.s.d.index.put(ctx, t, e.id, indexed(e.title), indexed(e.text), e.fresh); err != nil {
			return err
		}
	}
	t.later, t.laterSize = t.later[:0], 0
	return nil
}

// write runs fn in a transaction and commits it. Waiting for the writer ends
// with ctx; what has begun is finished, since transactions are short and a
// statement that is interrupted half-way helps nobody. fn may run several
// times. hot are statements to prepare beforehand: those fn repeats.
func (s *Store) write(ctx context.Context, doing string, fn func(ctx context.Context, t *tx) error, hot ...string) error {
	if s.readOnly {
		return fmt.Errorf("%s: %w", doing, ErrReadOnly)
	}
	if s.d.prepares {
		for _, q := range hot {
			if _, err := s.writing.prepare(ctx, q, s.d.text(q)); err != nil {
				return s.wrap(doing, err)
			}
		}
	}
	var err error
	for range attempts {
		if err = s.writeOnce(ctx, fn); err == nil || !s.d.transient(err) {
			break
		}
	}
	err = s.wrap(doing, err)
	s.noteTrouble(err)
	return err
}

func (s *Store) writeOnce(ctx context.Context, fn func(ctx context.Context, t *tx) error) (err error) {
	conn, err := s.w.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // back to the pool; nothing to lose
	inner := context.WithoutCancel(ctx)
	if s.d.name == postgres {
		var cancel context.CancelFunc
		inner, cancel = context.WithTimeout(inner, writeLimit)
		defer cancel()
	}
	raw, err := conn.BeginTx(inner, nil)
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done {
			_ = raw.Rollback() // the first error is the one to report
		}
	}()
	if err := fn(inner, &tx{s: s, tx: raw, own: map[string]*sql.Stmt{}}); err != nil {
		return err
	}
	done = true
	return raw.Commit()
}

// stmt returns the statement kept for q, bound to the transaction.
func (t *tx) stmt(ctx context.Context, q string) *sql.Stmt {
	if st := t.own[q]; st != nil {
		return st
	}
	kept := t.s.writing.find(q)
	if kept == nil {
		return nil
	}
	st := t.tx.StmtContext(ctx, kept)
	t.own[q] = st
	return st
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(ctx context.Context, q string, args ...any) (int64, error) {
	var res sql.Result
	var err error
	if st := t.stmt(ctx, q); st != nil {
		res, err = st.ExecContext(ctx, args...)
	} else {
		res, err = t.tx.ExecContext(ctx, t.s.d.text(q), args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// row runs a statement that returns one row; sql.ErrNoRows if it returns none.
func (t *tx) row(ctx context.Context, q string, args ...any) *sql.Row {
	if st := t.stmt(ctx, q); st != nil {
		return st.QueryRowContext(ctx, args...)
	}
	return t.tx.QueryRowContext(ctx, t.s.d.text(q), args...)
}

func (t *tx) query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	if st := t.stmt(ctx, q); st != nil {
		return st.QueryContext(ctx, args...)
	}
	return t.tx.QueryContext(ctx, t.s.d.text(q), args...)
}

// querier is where a statement that reads may run: a transaction or the store.
type querier interface {
	query(ctx context.Context, q string, args ...any) (*sql.Rows, error)
	row(ctx context.Context, q string, args ...any) *sql.Row
}

// query reads outside transactions.
func (s *Store) query(ctx context.Context, q string, args ...any) (*sql.Rows, error) {
	if !s.d.prepares {
		return s.r.QueryContext(ctx, s.d.text(q), args...)
	}
	st, err := s.reading.prepare(ctx, q, s.d.text(q))
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// row reads one row outside transactions.
func (s *Store) row(ctx context.Context, q string, args ...any) *sql.Row {
	if s.d.prepares {
		if st, err := s.reading.prepare(ctx, q, s.d.text(q)); err == nil {
			return st.QueryRowContext(ctx, args...)
		}
	}
	return s.r.QueryRowContext(ctx, s.d.text(q), args...)
}

// collect reads all rows with scan and closes them.
func collect[T any](rows *sql.Rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// scanner is a row that can be scanned.
type scanner interface{ Scan(dest ...any) error }

// scanID reads a row of one number.
func scanID(r scanner) (int64, error) {
	var id int64
	return id, r.Scan(&id)
}

// array writes numbers as a JSON array for {each $N}.
func array[T ~int64 | ~uint64](ids []T) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(int64(id), 10))
	}
	b.WriteByte(']')
	return b.String()
}
