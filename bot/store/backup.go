package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
)

// Backup writes a consistent copy of a SQLite database to path, which must not
// exist, while everything goes on. For PostgreSQL there is pg_dump; Backup then
// returns errors.ErrUnsupported.
func (s *Store) Backup(ctx context.Context, path string) (err error) {
	if s.d.name == postgres {
		return fmt.Errorf("copy the database: use pg_dump for PostgreSQL: %w", errors.ErrUnsupported)
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("copy the database to %s: %w", path, ErrExists)
	}
	db, err := s.apart()
	if err != nil {
		return s.wrap("copy the database", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, `VACUUM INTO $1`, path); err != nil {
		// What there is of the copy is worthless.
		return errors.Join(s.wrap("copy the database to "+path, err), removeIfThere(path))
	}
	return nil
}

// apart opens a pool of its own for one long reading statement: the readers'
// connections are query_only, and the writer is needed meanwhile.
func (s *Store) apart() (*sql.DB, error) {
	return sql.Open("sqlite", fileURL(s.path, url.Values{"mode": {"ro"}, "_busy_timeout": {"10000"}}))
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Check looks for damage: in the file's structure, in the search index, in
// every text. The error is ErrCorrupt and says what is damaged. It reads the
// whole database and may take minutes. On PostgreSQL it checks the texts.
func (s *Store) Check(ctx context.Context) error {
	if s.d.name != postgres {
		if err := s.checkStructure(ctx); err != nil {
			return s.wrap("check the database", err)
		}
	}
	type packed struct {
		id, hash int64
		body     []byte
	}
	for after := int64(0); ; {
		rows, err := s.query(ctx, sqlCheckTexts, after)
		all, err := collect(rows, err, func(r scanner) (p packed, err error) {
			return p, r.Scan(&p.id, &p.hash, &p.body)
		})
		if err != nil || len(all) == 0 {
			return s.wrap("check the database", err)
		}
		for _, p := range all {
			if _, err := s.unpack(p.hash, p.body); err != nil {
				return fmt.Errorf("check the database: article %d: %w", p.id, err)
			}
			after = p.id
		}
	}
}

// checkStructure reads every page of a SQLite file, the search index included,
// on a fresh connection: one that has searched before keeps an old outline of
// the index in memory and takes what was merged since for damage.
func (s *Store) checkStructure(ctx context.Context) (err error) {
	db, err := s.apart()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, sqlCheckFile).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrCorrupt, verdict)
	}
	return nil
}
