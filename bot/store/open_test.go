package store

import (
	"context"
	"database/sql"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestOpenTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	write := func(t *testing.T, content string) string {
		path := filepath.Join(t.TempDir(), "x.db")
		must(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	for _, row := range []struct {
		name string
		path func(t *testing.T) string
		o    Options
		want error
		says string
	}{
		{"a text file", func(t *testing.T) string { return write(t, strings.Repeat("this is no database ", 100)) }, Options{}, ErrForeign, ""},
		{"another program's database", foreign, Options{}, ErrForeign, "another program"},
		{"a newer version's database", newer, Options{}, ErrForeign, "newer version"},
		{"a damaged database", damaged, Options{}, ErrCorrupt, ""},
		{"a folder", func(t *testing.T) string { return t.TempDir() }, Options{}, nil, "is a directory"},
		{"a folder that does not exist", func(t *testing.T) string { return filepath.Join(t.TempDir(), "no", "x.db") }, Options{}, nil, "no such file"},
		{"no path", func(*testing.T) string { return "sqlite:" }, Options{}, nil, "path of a file"},
		{"memory", func(*testing.T) string { return ":memory:" }, Options{}, nil, "path of a file"},
		{"nothing to read", func(t *testing.T) string { return filepath.Join(t.TempDir(), "x.db") }, Options{ReadOnly: true}, os.ErrNotExist, ""},
		{"an empty file to read", func(t *testing.T) string { return write(t, "") }, Options{ReadOnly: true}, ErrForeign, "empty"},
		{"no server", func(*testing.T) string { return "postgres://secret:hidden@127.0.0.1:1/x" }, Options{}, nil, "127.0.0.1"},
		{"no server, with a password at the end", func(*testing.T) string { return "postgres://me@127.0.0.1:1/x?password=hidden" }, Options{},
			syscall.ECONNREFUSED, "open database postgres://me@127.0.0.1:1/x: dial tcp 127.0.0.1:1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s, err := Open(t.Context(), row.path(t), row.o)
			if err == nil {
				_ = s.Close() // the test has failed already
				t.Fatal("Open succeeded")
			}
			if row.want != nil && !errors.Is(err, row.want) || !strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), "hidden") || strings.Contains(err.Error(), "\n") {
				t.Fatalf("Open() = %v, want %v, %q, no password and one line", err, row.want, row.says)
			}
		})
	}
}

func execFile(t *testing.T, path string, statements ...string) string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	for _, q := range statements {
		_, err := db.ExecContext(t.Context(), q)
		must(t, err)
	}
	must(t, db.Close())
	return path
}

func foreign(t *testing.T) string {
	return execFile(t, filepath.Join(t.TempDir(), "x.db"), `CREATE TABLE recipe (name TEXT)`)
}

func newer(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "x.db")
	must(t, got[*Store](t)(Open(t.Context(), path, Options{})).Close())
	return execFile(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
}

func damaged(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "x.db")
	must(t, got[*Store](t)(Open(t.Context(), path, Options{})).Close())
	b, err := os.ReadFile(path)
	must(t, err)
	for i := 100; i < len(b); i += 16 { // past the header: no page is whole
		b[i] ^= 0xff
	}
	must(t, os.WriteFile(path, b, 0o600))
	return path
}

func TestOpenAgainIsTheSameDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		other := w.open(t)
		if w.InstallID() == "" || other.InstallID() != w.InstallID() || other.owner == w.owner {
			t.Fatalf("install ids %q and %q, owners %d and %d", w.InstallID(), other.InstallID(), w.owner, other.owner)
		}
	})
}

func TestPathsAreTakenLiterally(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"plain.db", "with space.db", "per%20cent.db", "question?mode=ro.db", "hash#1.db", "ümlaut.db"} {
		s := got[*Store](t)(Open(t.Context(), "sqlite:"+filepath.Join(dir, name), Options{}))
		must(t, s.Close())
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadOnlyReadsAndWritesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		w.record(t, w.feed(t, "https://tern.example/"), items(1)...)
		s, err := Open(w.ctx, w.url, Options{ReadOnly: true})
		must(t, err)
		defer func() { must(t, s.Close()) }()
		if _, n, err := s.Search(w.ctx, Query{Text: "ferries"}); n != 1 || err != nil {
			t.Fatalf("Search found %d, %v", n, err)
		}
		_, _, err = s.AddFeed(w.ctx, "https://x.example/", "")
		wantErr(t, err, ErrReadOnly)
		if s.InstallID() != w.InstallID() {
			t.Fatal("another install id")
		}
		if w.d.name == sqliteName {
			_, err = s.LockRun(w.ctx)
			wantErr(t, err, ErrReadOnly)
			must(t, s.Check(w.ctx))
		}
	})
}

func TestAnUnwritableFileIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("needs a user whom file permissions bind; root is not")
	}
	path := filepath.Join(t.TempDir(), "x.db")
	must(t, got[*Store](t)(Open(t.Context(), path, Options{})).Close())
	must(t, os.Chmod(path, 0o400))
	_, err := Open(t.Context(), path, Options{})
	wantErr(t, err, ErrReadOnly)
}

func TestManyProcessesMayCreateOneDatabase(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{sqliteName, postgres} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url := filepath.Join(t.TempDir(), "x.db")
			if engine == postgres {
				url = postgresURL(t)
			}
			ids := make(chan string, 4)
			for range cap(ids) {
				go func() {
					s, err := Open(t.Context(), url, Options{})
					if err != nil {
						t.Error(err)
						ids <- ""
						return
					}
					ids <- s.InstallID()
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				}()
			}
			first := <-ids
			for range cap(ids) - 1 {
				if id := <-ids; id != first || id == "" {
					t.Errorf("install ids %q and %q", first, id)
				}
			}
		})
	}
}

// The whole program is tested in virtual time, so the store has to work there.
func TestStoreWorksInABubble(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.db")
	synctest.Test(t, func(t *testing.T) {
		w := world{url: path, ctx: t.Context()}
		w.Store = got[*Store](t)(Open(t.Context(), path, Options{}))
		time.Sleep(26 * 365 * 24 * time.Hour)
		feed := w.feed(t, "https://tern.example/")
		got[Feed](t)(w.LeaseFeed(w.ctx, feed, time.Minute))
		_, err := w.LeaseFeed(w.ctx, feed, time.Minute)
		wantErr(t, err, ErrLeaseLost)
		time.Sleep(time.Minute)
		got[Feed](t)(w.LeaseFeed(w.ctx, feed, time.Minute))
		w.record(t, feed, items(1)...)
		ctx, cancel := context.WithCancel(t.Context())
		if _, n, err := w.Search(ctx, Query{Text: "ferries"}); n != 1 || err != nil {
			t.Fatalf("Search found %d, %v", n, err)
		}
		cancel()
		must(t, w.Close())
	})
}

func TestMigrationsHaveEqualNumbersOnBothEngines(t *testing.T) {
	t.Parallel()
	names := func(engine string) string {
		all, err := fs.Glob(migrations, "migrations/"+engine+"/*.sql")
		must(t, err)
		for i := range all {
			all[i] = filepath.Base(all[i])
		}
		return strings.Join(all, " ")
	}
	if a, b := names(sqliteName), names(postgres); a != b || a == "" {
		t.Fatalf("migrations differ:\n%s\n%s", a, b)
	}
}

// Both schemas must have the same tables and columns, search index aside.
func TestSchemasHaveEqualColumns(t *testing.T) {
	onBoth(t, func(t *testing.T, w world) {
		q := `SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`
		if w.d.name == sqliteName {
			q = `SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') ORDER BY 1`
		}
		rows, err := w.r.QueryContext(w.ctx, q)
		all, err := collect(rows, err, func(r scanner) (name string, err error) { return name, r.Scan(&name) })
		must(t, err)
		n := 0
		for _, name := range all {
			table, column, _ := strings.Cut(name, ".")
			if strings.Contains(table, "fts") || table == "article_search" || table == "owner" || strings.HasPrefix(table, "goose") || strings.HasPrefix(table, "sqlite") {
				continue
			}
			n++
			if !strings.Contains(schemaText(t, sqliteName, table), column) || !strings.Contains(schemaText(t, postgres, table), column) {
				t.Errorf("%s is not in both schemas", name)
			}
		}
		if n < 100 {
			t.Fatalf("only %d columns were compared", n)
		}
	})
}

// schemaText is the CREATE statement of a table or view in a migration folder.
func schemaText(t *testing.T, engine, table string) string {
	t.Helper()
	all, err := fs.Glob(migrations, "migrations/"+engine+"/*.sql")
	must(t, err)
	var found strings.Builder
	for _, name := range all {
		b, err := fs.ReadFile(migrations, name)
		must(t, err)
		for _, statement := range strings.Split(string(b), ";\n") {
			if strings.Contains(statement, " "+table+" (") || strings.Contains(statement, "VIEW "+table+" ") || strings.Contains(statement, "TABLE "+table+" ") {
				found.WriteString(statement)
			}
		}
	}
	return found.String()
}

var parameter = regexp.MustCompile(`\$(\d+)`)

// Some SQLite drivers bind $N in the order of appearance whatever N says, so
// every statement must use $1, $2 … in that order.
func TestParametersAreNumberedInOrderOfFirstUse(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("*.go")
	must(t, err)
	statements := 0
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		must(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			var text string
			switch n := n.(type) {
			case *ast.BinaryExpr:
				text = literals(n)
			case *ast.BasicLit:
				text = literals(n)
			default:
				return true
			}
			if !regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b`).MatchString(text) {
				return true
			}
			statements++
			next := 1
			for _, m := range parameter.FindAllStringSubmatch(text, -1) {
				if n, _ := strconv.Atoi(m[1]); n > next {
					t.Errorf("$%d is used before $%d:\n%s", n, next, text)
				} else if n == next {
					next++
				}
			}
			return false
		})
	}
	if statements < 80 {
		t.Fatalf("only %d statements were read", statements)
	}
}

// literals joins the string literals of an expression. articleVotes, which
// statements put first, brings $1.
func literals(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return literals(e.X) + literals(e.Y)
	case *ast.Ident:
		if e.Name == "articleVotes" {
			return articleVotes
		}
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			s, _ := strconv.Unquote(e.Value) // the parser has read it
			return s
		}
	}
	return ""
}
