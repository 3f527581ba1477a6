// Package store keeps everything Broadsheet must not forget: feeds and their
// articles, subscriptions, digests, the outbox, the search index. It is the
// only package that speaks SQL.
//
// There is one Store and it has two dialects: SQLite for one file on one
// machine, PostgreSQL for any number of processes. Both run the same
// statements; what differs is gathered in one dialect value. Times are stored
// as milliseconds since 1970 and always come from the program's clock, never
// from SQL's.
//
// Work that several processes may share (feeds, digests, teasers, deliveries,
// named roles) is leased: a lease names its owner, one random number per Store,
// and the time at which it ends. What an owner does under a lease is checked
// again in the transaction that records it, so a lease that was lost meanwhile
// costs work, never an article.
package store

import (
	"database/sql"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"
)

// The errors a caller may want to tell apart, with errors.Is.
var (
	// ErrNotFound is returned where an id or a name leads nowhere.
	ErrNotFound = errors.New("not found")
	// ErrExists is returned where something of that name is there already.
	ErrExists = errors.New("exists already")
	// ErrInUse is returned by LockRun while another program runs on the same
	// database file.
	ErrInUse = errors.New("the database is in use by another running broadsheet")
	// ErrFull is a disk without room. Nothing that was acknowledged is lost;
	// polling should stop until there is room again.
	ErrFull = errors.New("the disk is full")
	// ErrReadOnly is a database that cannot be written.
	ErrReadOnly = errors.New("the database is read-only")
	// ErrLeaseLost says that another process has taken over what was leased,
	// or has printed what was about to be printed. Nothing was written.
	ErrLeaseLost = errors.New("the lease was lost to another process")
	// ErrForeign is a file or a database that is not Broadsheet's, or was
	// written by a newer version of it.
	ErrForeign = errors.New("not a broadsheet database")
	// ErrCorrupt is a database that is damaged.
	ErrCorrupt = errors.New("the database is damaged")
	// ErrUnfit is a value that the database cannot hold, such as an address that
	// is too long for an index of PostgreSQL's. Trying again does not help.
	ErrUnfit = errors.New("the database cannot hold this")
)

// Options are the choices of Open. The zero value is usable.
type Options struct {
	// Log receives what an operator may want to know; nil discards it.
	Log *slog.Logger
	// ReadOnly opens an existing database without changing it: no migration,
	// every writing method returns ErrReadOnly.
	ReadOnly bool
}

// Store is a database. It is safe for concurrent use.
type Store struct {
	log       *slog.Logger
	d         *dialect
	w         *sql.DB // writers; on SQLite one connection
	r         *sql.DB // readers; on PostgreSQL the same pool as w
	path      string  // SQLite: the file, absolute; PostgreSQL: empty
	shown     string  // the database as people may see it
	sealed    bool    // SQLite: opened read-only where not even a log can be created
	owner     int64   // names this Store in leases; never 0
	installID string
	readOnly  bool

	enc *zstd.Encoder
	dec *zstd.Decoder

	writing, reading *statements // prepared, of each pool

	alive liveness
	alone atomic.Bool // LockRun keeps every other bot off this SQLite file

	trouble atomic.Pointer[error] // of the last write: ErrFull, ErrReadOnly or ErrCorrupt; nil after a success
}

// InstallID is a random name of this database, made when it was created. The
// nonces of deliveries derive from it.
func (s *Store) InstallID() string { return s.installID }

// clock is the time of every row this package writes, in milliseconds.
func clock() int64 { return time.Now().UnixMilli() }

// millis stores a time; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment is the inverse of millis, in UTC.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// number stores a bool.
func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
