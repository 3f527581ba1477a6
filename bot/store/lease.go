package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"time"
)

// liveness is how PostgreSQL knows that a process lives: an advisory lock of
// its number on a connection of its own. The lock ends with the connection,
// and with it everything the process had leased.
type liveness struct {
	mu      sync.Mutex
	conn    *sql.Conn
	checked time.Time
}

// livenessEvery is how often a leasing process looks for dead ones.
const livenessEvery = time.Second

const (
	sqlOwnerLock = `SELECT pg_try_advisory_lock($1)`
	sqlOwnerHere = `INSERT INTO owner (id, started_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`
	sqlOwnerDead = `SELECT o.id FROM owner o WHERE NOT EXISTS (SELECT 1 FROM pg_locks l
		WHERE l.locktype = 'advisory' AND l.objsubid = 1
		AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND ((l.classid::bigint << 32) | l.objid::bigint) = o.id)`
	sqlOwnerForget = `DELETE FROM owner WHERE id = $1`
)

// freeing are the statements that free every lease of one owner.
var freeing = [...]string{
	`UPDATE feed SET lease_until = 0 WHERE lease_owner = $1 AND lease_until > 0`,
	`UPDATE digest SET lease_until = 0 WHERE lease_owner = $1 AND lease_until > 0`,
	`UPDATE page SET lease_until = 0 WHERE lease_owner = $1 AND lease_until > 0`,
	`UPDATE delivery SET lease_until = 0 WHERE lease_owner = $1 AND lease_until > 0`,
	`UPDATE lease SET lease_until = 0 WHERE lease_owner = $1 AND lease_until > 0`,
}

// freeingOthers are the statements that free every lease but one owner's.
var freeingOthers = [...]string{
	`UPDATE feed SET lease_until = 0 WHERE lease_until > 0 AND lease_owner <> $1`,
	`UPDATE digest SET lease_until = 0 WHERE lease_until > 0 AND lease_owner <> $1`,
	`UPDATE page SET lease_until = 0 WHERE lease_until > 0 AND lease_owner <> $1`,
	`UPDATE delivery SET lease_until = 0 WHERE lease_until > 0 AND lease_owner <> $1`,
	`UPDATE lease SET lease_until = 0 WHERE lease_until > 0 AND lease_owner <> $1`,
}

// announce takes our advisory lock, again if its connection broke, and tells
// the other processes our number.
func (s *Store) announce(ctx context.Context) error {
	if s.alive.conn != nil {
		if err := s.alive.conn.PingContext(ctx); err == nil || ctx.Err() != nil {
			return err
		}
		discard(s.alive.conn) // it is broken, and the lock is gone with it
		s.alive.conn = nil
	}
	conn, err := s.w.Conn(ctx)
	if err != nil {
		return err
	}
	var got bool
	err = conn.QueryRowContext(ctx, sqlOwnerLock, s.owner).Scan(&got)
	if err == nil && !got {
		// Our former connection has broken for us but not yet for the server.
		err = fmt.Errorf("lock number %d: %w", s.owner, ErrLeaseLost)
	}
	if err == nil {
		_, err = conn.ExecContext(ctx, sqlOwnerHere, s.owner, clock())
	}
	if err != nil {
		discard(conn) // it may hold the lock
		return err
	}
	s.alive.conn = conn
	return nil
}

// discard closes a connection for good instead of giving it back to the pool.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // that is how database/sql is told
	_ = conn.Close()
}

// reap frees the leases of processes that died. On SQLite, where one bot runs
// at a time, LockRun does so.
func (s *Store) reap(ctx context.Context) error {
	if s.d.name != postgres || s.readOnly {
		return nil
	}
	s.alive.mu.Lock()
	defer s.alive.mu.Unlock()
	if time.Since(s.alive.checked) < livenessEvery {
		return nil
	}
	if err := s.announce(ctx); err != nil {
		return err
	}
	rows, err := s.query(ctx, sqlOwnerDead)
	dead, err := collect(rows, err, scanID)
	if err != nil {
		return err
	}
	for _, id := range dead {
		if err := s.free(ctx, id); err != nil {
			return err
		}
		s.log.Info("a process died, its work is taken over", "owner", id)
	}
	s.alive.checked = time.Now()
	return nil
}

// free ends every lease of an owner and forgets it.
func (s *Store) free(ctx context.Context, owner int64) error {
	return s.write(ctx, "free leases", func(ctx context.Context, t *tx) error {
		for _, q := range freeing {
			if _, err := t.exec(ctx, q, owner); err != nil {
				return err
			}
		}
		_, err := t.exec(ctx, sqlOwnerForget, owner)
		return err
	})
}

// LockRun makes this process the running bot of a SQLite file until release is
// called or the process ends, and frees the leases of the one before. It
// returns ErrInUse while another runs. On PostgreSQL any number of processes
// may run and LockRun excludes nobody.
func (s *Store) LockRun(ctx context.Context) (release func() error, err error) {
	if s.d.name == postgres {
		return func() error { return nil }, nil
	}
	if s.readOnly {
		return nil, fmt.Errorf("lock the database for running: %w", ErrReadOnly)
	}
	unlock, err := lockFile(s.path + ".lock")
	if err != nil {
		return nil, fmt.Errorf("open database %s to run: %w", s.shown, err)
	}
	err = s.write(ctx, "free leases", func(ctx context.Context, t *tx) error {
		for _, q := range freeingOthers {
			if _, err := t.exec(ctx, q, s.owner); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, unlock())
	}
	s.alone.Store(true)
	return func() error {
		s.alone.Store(false)
		return unlock()
	}, nil
}

// Looking whether anything is due costs a read; a write transaction that finds
// nothing to lease, several times a minute, would cost ten times that.
const (
	sqlAnyFeedDue = `SELECT COUNT(*) FROM (SELECT 1 FROM feed f WHERE f.polled = 1 AND f.paused = 0 AND f.gone = 0
		AND f.next_poll <= $1 AND f.wait_until <= $1 AND f.lease_until <= $1 LIMIT 1) due`
	sqlAnyDigestDue = `SELECT COUNT(*) FROM (SELECT 1 FROM digest d WHERE d.paused = 0 AND d.next_run > 0 AND d.next_run <= $1
		AND d.lease_until <= $1 LIMIT 1) due`
	sqlAnyPageDue = `SELECT COUNT(*) FROM (SELECT 1 FROM page p WHERE p.due <= $1 AND p.lease_until <= $1 LIMIT 1) due`
)

// due reports whether a look finds anything due now.
func (s *Store) due(ctx context.Context, look string) (bool, error) {
	var n int64
	err := s.row(ctx, look, clock()).Scan(&n)
	return n > 0, err
}

const (
	sqlHold = `INSERT INTO lease (name, lease_owner, lease_until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
		WHERE lease.lease_owner = excluded.lease_owner OR lease.lease_until <= $4`
	sqlDrop = `DELETE FROM lease WHERE name = $1 AND lease_owner = $2`
)

// HoldLease takes or renews a role that one process at a time plays, such as
// "sender" or "shard/0", for ttl from now. It returns false while another
// holds it. The one running bot of a SQLite file (LockRun) plays every role
// and writes nothing to say so.
func (s *Store) HoldLease(ctx context.Context, name string, ttl time.Duration) (bool, error) {
	if s.alone.Load() {
		return true, nil
	}
	if err := s.reap(ctx); err != nil {
		return false, s.wrap("hold lease "+name, err)
	}
	var held bool
	err := s.write(ctx, "hold lease "+name, func(ctx context.Context, t *tx) error {
		now := clock()
		n, err := t.exec(ctx, sqlHold, name, s.owner, now+ttl.Milliseconds(), now)
		held = n > 0
		return err
	})
	return held, err
}

// DropLease gives a role up; one that is not held is no error.
func (s *Store) DropLease(ctx context.Context, name string) error {
	if s.alone.Load() {
		return nil
	}
	return s.write(ctx, "drop lease "+name, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, sqlDrop, name, s.owner)
		return err
	})
}
