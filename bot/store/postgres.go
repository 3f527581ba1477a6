package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

const postgres = "postgres"

func postgresDialect() *dialect {
	return &dialect{
		name:      postgres,
		lock:      "FOR UPDATE",
		skip:      "FOR UPDATE OF $1 SKIP LOCKED",
		each:      "(SELECT value::bigint FROM json_array_elements_text($1::text::json))",
		classify:  classifyPostgres,
		transient: transientPostgres,
		index:     tsvectors{},
	}
}

// classifyPostgres reads the SQLSTATE.
func classifyPostgres(err error) error {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return nil
	}
	switch e.Code {
	case "53100": // disk_full
		return ErrFull
	case "25006": // read_only_sql_transaction
		return ErrReadOnly
	case "XX001", "XX002": // data_corrupted, index_corrupted
		return ErrCorrupt
	}
	return nil
}

// transientPostgres reports a deadlock or a serialization failure, which
// PostgreSQL ends by breaking one transaction off.
func transientPostgres(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == "40P01" || e.Code == "40001")
}

// openPostgres opens the pool.
func (s *Store) openPostgres(ctx context.Context, name string) error {
	s.d = postgresDialect()
	s.shown = "postgres"
	if u, err := url.Parse(name); err == nil {
		s.shown = u.Redacted()
	}
	db, err := sql.Open("pgx", name)
	if err != nil {
		return fmt.Errorf("open database %s: %w", s.shown, err)
	}
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(8)
	db.SetConnMaxIdleTime(5 * time.Minute)
	s.w, s.r = db, db
	if err := db.PingContext(ctx); err != nil {
		return fmt.Errorf("open database %s: %w", s.shown, err)
	}
	var encoding string
	if err := db.QueryRowContext(ctx, `SHOW server_encoding`).Scan(&encoding); err != nil {
		return fmt.Errorf("open database %s: %w", s.shown, err)
	}
	if encoding != "UTF8" {
		return fmt.Errorf("open database %s: its encoding is %s and must be UTF8", s.shown, encoding)
	}
	return nil
}
