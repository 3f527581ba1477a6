package store

import (
	"context"
	"database/sql"
	"errors"
)

// metaInstall is the key of the database's random name.
const metaInstall = "install"

const (
	sqlMeta      = `SELECT value FROM meta WHERE key = $1`
	sqlMetaSet   = `INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
	sqlMetaFirst = `INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = meta.value`
)

// Meta returns the value stored under key, "" if there is none.
func (s *Store) Meta(ctx context.Context, key string) (string, error) {
	var value string
	err := s.row(ctx, sqlMeta, key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return value, s.wrap("read "+key, err)
}

// SetMeta stores value under key, for facts that belong to nothing else, such
// as the hash of the commands registered last.
func (s *Store) SetMeta(ctx context.Context, key, value string) error {
	return s.write(ctx, "store "+key, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, sqlMetaSet, key, clean(value))
		return err
	})
}
