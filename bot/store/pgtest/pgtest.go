//go:build unix

// Package pgtest gives tests a PostgreSQL server. It is for tests only.
//
// The server is the one that BROADSHEET_TEST_POSTGRES names (a postgres:// URL
// whose user may create databases), else one that is started for the test
// binary from the machine's own installation, on a Unix socket in a temporary
// directory, and ends with it.
package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// EnvURL names the environment variable with a running server's URL.
const EnvURL = "BROADSHEET_TEST_POSTGRES"

// ErrNone says that there is no server and nothing to start one from.
var ErrNone = errors.New("no PostgreSQL: set " + EnvURL + " or install the server")

// Server is a PostgreSQL server for one test binary.
type Server struct {
	url  string // of a database that exists
	dir  string // "" if the server is not ours
	bin  string
	user []string // command that runs another as the server's user, nil if we may
}

// Start finds or starts a server. Call Stop when the tests are done, from TestMain.
func Start(ctx context.Context) (*Server, error) {
	if given := os.Getenv(EnvURL); given != "" {
		return &Server{url: given}, nil
	}
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	sweep(ctx, bin)
	dir, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		return nil, fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	s := &Server{dir: dir, bin: bin}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// sweep ends the servers of test binaries that were killed before they could
// do so. It is best effort: what it cannot end does no harm.
func sweep(ctx context.Context, bin string) {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), "pgtest*", "owner")) // the pattern is good
	for _, file := range left {
		b, err := os.ReadFile(file)
		pid, bad := strconv.Atoi(string(b))
		if err != nil || bad != nil || syscall.Kill(pid, 0) == nil {
			continue
		}
		s := &Server{dir: filepath.Dir(file), bin: bin, user: asPostgres()}
		_ = s.Stop(ctx)
	}
}

// asPostgres is the command under which the server's programs run: PostgreSQL
// refuses to be root, so root hands it to the user postgres.
func asPostgres() []string {
	if os.Geteuid() != 0 {
		return nil
	}
	return []string{"runuser", "-u", "postgres", "--"}
}

// binaries returns the folder with initdb and pg_ctl of the newest installation.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		return "", ErrNone
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// start makes a cluster and runs it.
func (s *Server) start(ctx context.Context) error {
	if err := os.WriteFile(filepath.Join(s.dir, "owner"), []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		return fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	if s.user = asPostgres(); s.user != nil {
		if out, err := exec.CommandContext(ctx, "chown", "postgres", s.dir).CombinedOutput(); err != nil {
			return fmt.Errorf("%w: no user postgres to run it as: %s", ErrNone, out)
		}
	}
	data := filepath.Join(s.dir, "data")
	if err := s.run(ctx, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"); err != nil {
		return err
	}
	// A test's database may be lost in a crash: no flushing.
	options := "-c listen_addresses='' -c unix_socket_directories=" + s.dir +
		" -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200 -c shared_buffers=64MB"
	if err := s.run(ctx, "pg_ctl", "-D", data, "-w", "-t", "60", "-l", filepath.Join(s.dir, "log"), "-o", options, "start"); err != nil {
		return err
	}
	s.url = "postgres:///postgres?user=postgres&host=" + url.QueryEscape(s.dir)
	return nil
}

func (s *Server) run(ctx context.Context, name string, args ...string) error {
	argv := append(slices.Clone(s.user), filepath.Join(s.bin, name))
	argv = append(argv, args...)
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = "/"
	// Not a pipe: the server inherits it and would keep us waiting.
	log, err := os.OpenFile(filepath.Join(os.TempDir(), filepath.Base(s.dir)+".out"), os.O_CREATE|os.O_RDWR|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("log of %s: %w", name, err)
	}
	defer func() { _ = errors.Join(log.Close(), os.Remove(log.Name())) }() // a log in the temporary folder
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		out, _ := os.ReadFile(log.Name()) // best effort: it explains err
		return fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}

// Stop ends a server that Start started and removes its files.
func (s *Server) Stop(ctx context.Context) error {
	if s == nil || s.dir == "" {
		return nil
	}
	err := s.run(ctx, "pg_ctl", "-D", filepath.Join(s.dir, "data"), "-m", "immediate", "-w", "-t", "30", "stop")
	return errors.Join(err, os.RemoveAll(s.dir))
}

// Database makes an empty database for a test and returns its URL. On a server
// that was given it is dropped when the test ends; one that Start started is
// thrown away as a whole, which costs no checkpoint for each test.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		t.Fatal(err)
	}
	name := "bs_" + hex.EncodeToString(b[:])
	s.exec(t, t.Context(), `CREATE DATABASE `+name)
	t.Cleanup(func() {
		if s.dir != "" {
			return
		}
		// t.Context() has ended by now.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 30*time.Second)
		defer cancel()
		s.exec(t, ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
	})
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

func (s *Server) exec(t testing.TB, ctx context.Context, q string) {
	t.Helper()
	db, err := sql.Open("pgx", s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // a test's connection
	if _, err := db.ExecContext(ctx, q); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}
