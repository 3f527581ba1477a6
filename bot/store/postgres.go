package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
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
	meaning := map[string]error{
		"53100": ErrFull,                         // disk_full
		"25006": ErrReadOnly,                     // read_only_sql_transaction
		"23505": ErrExists,                       // unique_violation: another transaction was faster
		"XX001": ErrCorrupt, "XX002": ErrCorrupt, // data_corrupted, index_corrupted
		"54000": ErrUnfit, // program_limit_exceeded, such as a row too large for an index
		"22003": ErrUnfit, // numeric_value_out_of_range
		"22021": ErrUnfit, // character_not_in_repertoire
	}[e.Code]
	if meaning == nil {
		return nil
	}
	return &classified{meaning, "SQLSTATE " + e.Code, err}
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
	s.shown = withoutPassword(name)
	db, err := sql.Open("pgx", name)
	if err != nil {
		return fmt.Errorf("open database %s: %w", s.shown, err)
	}
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(8)
	db.SetConnMaxIdleTime(5 * time.Minute)
	s.w, s.r = db, db
	if err := db.PingContext(ctx); err != nil {
		return fmt.Errorf("open database %s: %w", s.shown, unreached(ctx, err))
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

// withoutPassword is the address of a server as people may see it.
func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return postgres
	}
	q := u.Query()
	if q.Has("password") {
		q.Del("password")
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}

// unreached is the reason why a server cannot be used. The driver tells it once
// for each address that it tried, over several lines.
func unreached(ctx context.Context, err error) error {
	var refused *pgconn.PgError
	var failed *net.OpError
	switch {
	case ctx.Err() != nil:
		return err
	case errors.As(err, &refused):
		return refused
	case errors.As(err, &failed):
		return failed
	}
	return err
}
