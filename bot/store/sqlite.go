package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	sqliteName = "sqlite"
	// oldest is the first SQLite without the WAL-reset bug, which could damage
	// a database (fixed March 2026).
	oldest = 3_051_003
	// applicationID is in the header of our files: "Brds".
	applicationID = 0x42726473
)

func sqliteDialect() *dialect {
	return &dialect{
		name:      sqliteName,
		each:      "(SELECT value FROM json_each($1))",
		prepares:  true,
		classify:  classifySQLite,
		transient: func(error) bool { return false },
		index:     fts5{},
	}
}

// classifySQLite reads SQLite's result code.
func classifySQLite(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return nil
	}
	meaning := map[int]error{
		sqlite3.SQLITE_FULL: ErrFull, sqlite3.SQLITE_READONLY: ErrReadOnly,
		sqlite3.SQLITE_NOTADB: ErrForeign, sqlite3.SQLITE_CORRUPT: ErrCorrupt, sqlite3.SQLITE_TOOBIG: ErrUnfit,
	}[e.Code()&0xff]
	if e.Code() == sqlite3.SQLITE_IOERR_SHMSIZE {
		meaning = ErrFull // no room for the index of the write-ahead log, which opening makes
	}
	if meaning == nil {
		return nil
	}
	return &classified{meaning, fmt.Sprintf("SQLite %d", e.Code()), err}
}

// openSQLite opens the two pools: one connection that writes, several that read.
func (s *Store) openSQLite(ctx context.Context, name string) error {
	s.d = sqliteDialect()
	path := strings.TrimPrefix(name, "sqlite:")
	s.shown = path
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return fmt.Errorf("open database %q: it needs the path of a file", path)
	}
	var err error
	if s.path, err = resolve(path); err != nil {
		return fmt.Errorf("open database %s: %w", path, err)
	}
	if info, err := os.Stat(s.path); err == nil && info.IsDir() {
		return fmt.Errorf("open database %s: it is a directory", path)
	} else if err != nil && s.readOnly {
		return fmt.Errorf("open database %s: %w", path, err)
	}
	readers := max(2, min(4, runtime.NumCPU()))
	err = s.openWriter(ctx)
	if s.sealed = err != nil && s.readOnly && s.undisturbed(); s.sealed {
		err = s.openWriter(ctx)
	}
	if err != nil {
		return fmt.Errorf("open database %s: %w", path, s.explain(err))
	}
	if s.r, err = sql.Open("sqlite", s.source(false)); err != nil {
		return fmt.Errorf("open database %s: %w", path, err)
	}
	s.r.SetMaxOpenConns(readers)
	s.r.SetMaxIdleConns(readers)
	return nil
}

// openWriter opens the connection that writes, or that would if we might, and
// looks at the file.
func (s *Store) openWriter(ctx context.Context) (err error) {
	if s.w != nil {
		if err := s.w.Close(); err != nil {
			return err
		}
	}
	if s.w, err = sql.Open("sqlite", s.source(!s.readOnly)); err != nil {
		return err
	}
	s.w.SetMaxOpenConns(1)
	return s.checkFile(ctx)
}

// undisturbed reports that nobody has the file open for writing: whoever does
// keeps a log beside it. SQLite can then read it even in a folder where it may
// not create a log of its own, such as on read-only media.
func (s *Store) undisturbed() bool {
	info, err := os.Stat(s.path + "-wal")
	return errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0
}

// resolve makes a path absolute and follows symbolic links, as SQLite does, so
// that two names of one file have one lock.
func resolve(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real, nil
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, filepath.Base(abs)), nil
}

// source is the data source name of a pool. Every setting is said explicitly,
// since drivers differ in their defaults; mmap_size stays off, since an I/O
// error would end the program.
func (s *Store) source(writes bool) string {
	v := url.Values{}
	v.Set("_busy_timeout", "10000") // ms
	v.Set("_defensive", "1")
	v.Set("_dqs", "0")
	pragmas := []string{"cache_size(-8000)", "temp_store(memory)"}
	if writes {
		v.Set("_txlock", "immediate")
		v.Set("_auto_vacuum", "incremental")
		v.Set("_journal_mode", "wal")
		// A power cut must not undo the mark of a message that was sent.
		v.Set("_synchronous", "full")
		v.Set("_foreign_keys", "1")
		pragmas = []string{"cache_size(-16000)", "temp_store(memory)", "journal_size_limit(67108864)"}
	} else {
		v.Set("_query_only", "1")
		if s.readOnly {
			v.Set("mode", "ro")
			if s.sealed {
				v.Set("immutable", "1")
			}
		}
	}
	for _, p := range pragmas {
		v.Add("_pragma", p)
	}
	return fileURL(s.path, v)
}

// fileURL names a file and its settings as SQLite and the driver read them.
func fileURL(path string, v url.Values) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: v.Encode(), OmitHost: true}).String()
}

// checkFile refuses other programs' files and SQLite versions that lose data.
func (s *Store) checkFile(ctx context.Context) error {
	var version string
	var id, tables, ours int64
	if err := s.w.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&version); err != nil {
		return err
	}
	if sqlite3.SQLITE_VERSION_NUMBER < oldest {
		return fmt.Errorf("SQLite %s may damage databases; 3.51.3 or newer is needed", version)
	}
	if err := s.w.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	const q = `SELECT COUNT(*), COALESCE(SUM(name = 'goose_db_version'), 0) FROM sqlite_master WHERE type = 'table'`
	if err := s.w.QueryRowContext(ctx, q).Scan(&tables, &ours); err != nil {
		return err
	}
	switch {
	case id == applicationID:
		return nil
	case id != 0 || tables > 0 && ours == 0:
		return fmt.Errorf("%w: the file belongs to another program", ErrForeign)
	case s.readOnly:
		return fmt.Errorf("%w: the file is empty", ErrForeign)
	}
	_, err := s.w.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, applicationID))
	return err
}

// explain adds what SQLite keeps to itself when it cannot open a file.
func (s *Store) explain(err error) error {
	if known := s.d.classify(err); known != nil {
		return known
	}
	var e *sqlite.Error
	if !errors.As(err, &e) || e.Code()&0xff != sqlite3.SQLITE_CANTOPEN {
		return err
	}
	if _, stat := os.Stat(s.path); stat == nil && !readable(s.path) {
		return &classified{fs.ErrPermission, fmt.Sprintf("SQLite %d", e.Code()), err}
	}
	// The write-ahead log and its index are files beside the database.
	return fmt.Errorf("its folder %s cannot be written: %w", filepath.Dir(s.path), ErrReadOnly)
}
