package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// Open opens the database at url and brings its schema up to date. url is a
// path or sqlite:PATH, which is created if need be, or postgres://… for a
// database that exists. The error is ErrReadOnly, ErrFull, ErrForeign or
// ErrCorrupt where one of them is the reason.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	s := &Store{log: o.Log, readOnly: o.ReadOnly}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	open := s.openSQLite
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		open = s.openPostgres
	}
	if err := s.prepareCodecs(); err != nil {
		return nil, err
	}
	if err := open(ctx, url); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.writing = &statements{db: s.w, kept: map[string]*sql.Stmt{}}
	s.reading = &statements{db: s.r, kept: map[string]*sql.Stmt{}}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", s.shown, err), s.Close())
	}
	return s, nil
}

// prepareCodecs makes what compresses texts. They belong to the Store, since
// their channels must not be shared between testing/synctest bubbles.
func (s *Store) prepareCodecs() error {
	var err error
	s.enc, err = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(1<<17), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return fmt.Errorf("prepare compression: %w", err)
	}
	s.dec, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(2), zstd.WithDecoderMaxMemory(1<<28), zstd.WithDecoderLowmem(true))
	if err != nil {
		return fmt.Errorf("prepare decompression: %w", err)
	}
	return nil
}

// begin migrates, reads the database's name and takes a number for leases.
func (s *Store) begin(ctx context.Context) error {
	var b [8]byte
	for s.owner == 0 {
		if _, err := rand.Read(b[:]); err != nil {
			return fmt.Errorf("choose a number for leases: %w", err)
		}
		s.owner = int64(binary.LittleEndian.Uint64(b[:]) >> 1)
	}
	if err := s.migrate(ctx); err != nil {
		return s.wrap("migrate", err)
	}
	if err := s.name(ctx); err != nil {
		return err
	}
	if s.d.name == postgres && !s.readOnly {
		return s.wrap("announce this process", s.announce(ctx))
	}
	return nil
}

// name reads the database's random name and makes it in a new database. It
// writes in any case: a database that cannot be written is refused here and
// not at the first article.
func (s *Store) name(ctx context.Context) error {
	if s.readOnly {
		err := s.row(ctx, sqlMeta, metaInstall).Scan(&s.installID)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrForeign
		}
		return s.wrap("read the database's name", err)
	}
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return fmt.Errorf("choose the database's name: %w", err)
	}
	return s.write(ctx, "read the database's name", func(ctx context.Context, t *tx) error {
		if _, err := t.exec(ctx, sqlMetaFirst, metaInstall, hex.EncodeToString(b[:])); err != nil {
			return err
		}
		return t.row(ctx, sqlMeta, metaInstall).Scan(&s.installID)
	})
}

// migrate brings the schema up to date, however many processes try at once.
func (s *Store) migrate(ctx context.Context) error {
	p, err := s.migrations()
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		err := s.migrateOnce(ctx, p)
		// Two processes may create a SQLite file at the same moment. One of
		// them then finds that the tables exist already.
		if err == nil || i == attempts || errors.Is(err, ErrForeign) || s.d.classify(err) != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (s *Store) migrations() (*goose.Provider, error) {
	sub, err := fs.Sub(migrations, "migrations/"+s.d.name)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler))}
	kind := goose.DialectSQLite3
	if s.d.name == postgres {
		kind = goose.DialectPostgres
		// Processes that start together wait for each other, asking every second.
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120), lock.WithUnlockTimeout(1, 10))
		if err != nil {
			return nil, fmt.Errorf("prepare the migration lock: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(kind, s.w, sub, options...)
}

func (s *Store) migrateOnce(ctx context.Context, p *goose.Provider) error {
	if !s.readOnly {
		pending, err := p.HasPending(ctx)
		if err != nil {
			return err
		}
		if pending {
			done, err := p.Up(ctx)
			if err != nil {
				return err
			}
			s.log.Info("database migrated", "database", s.shown, "steps", len(done))
		}
	}
	current, target, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return err
	case current > target:
		return fmt.Errorf("%w: it was written by a newer version of broadsheet (schema %d, known are %d)", ErrForeign, current, target)
	case current < target:
		return fmt.Errorf("%w: its schema %d is older than %d and it was opened read-only", ErrReadOnly, current, target)
	}
	return nil
}

// Close ends all work with the database. It waits for running statements.
func (s *Store) Close() error {
	var err error
	if s.alive.conn != nil {
		discard(s.alive.conn) // PostgreSQL drops our advisory lock with it
	}
	for _, p := range []*statements{s.writing, s.reading} {
		if p != nil {
			err = errors.Join(err, p.close())
		}
	}
	if s.r != nil && s.r != s.w {
		err = errors.Join(err, s.r.Close())
	}
	if s.w != nil {
		err = errors.Join(err, s.w.Close())
	}
	if s.dec != nil {
		s.dec.Close()
	}
	if s.enc != nil {
		err = errors.Join(err, s.enc.Close())
	}
	if err != nil {
		return fmt.Errorf("close database %s: %w", s.shown, err)
	}
	return nil
}
