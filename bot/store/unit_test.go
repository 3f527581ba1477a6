package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"broadsheet/feeds"
)

func TestParseQuery(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text, fts, ts string
	}{
		{"", "", ""},
		{"Harbour", `"harbour"`, `('harbour')`},
		{"two words", `"two" AND "words"`, `('two') & ('words')`},
		{`"two words"`, `"two words"`, `('two' <-> 'words')`},
		{`"two words`, `"two words"`, `('two' <-> 'words')`},
		{"harb*", `"harb"*`, `('harb':*)`},
		{"a-b* c", `"a b"* AND "c"`, `('a' <-> 'b':*) & ('c')`},
		{"it's", `"it s"`, `('it' <-> 's')`},
		{"東京都", `"東京 京都"`, `('東京' <-> '京都')`},
		{"東", `"東"*`, `('東':*)`},
		{`" " "" * + - ( ) : ^ \`, "", ""},
		{"NEAR(a b)", `"near a" AND "b"`, `('near' <-> 'a') & ('b')`},
		{"x\x00y", `"xy"`, `('xy')`},
		{strings.Repeat("w", maxWord+1) + " kept", `"kept"`, `('kept')`},
	} {
		p := parseQuery(row.text)
		if fts, ts := match(p), tsquery(p); fts != row.fts || ts != row.ts {
			t.Errorf("parseQuery(%q): FTS5 %s, want %s; tsquery %s, want %s", row.text, fts, row.fts, ts, row.ts)
		}
	}
	if n := len(parseQuery(strings.Repeat("word ", 100))); n != maxTerms {
		t.Errorf("a query of 100 words has %d terms, want %d", n, maxTerms)
	}
	if n := len(parseQuery(`"` + strings.Repeat("word ", 100))[0].words); n != maxTerms {
		t.Errorf("a phrase of 100 words has %d, want %d", n, maxTerms)
	}
}

func TestVectorHasPositionsAndWeights(t *testing.T) {
	t.Parallel()
	if got, want := vector([]string{"a", "b", "a"}, 1), " 'a':1A 'b':2 'a':3"; got != want {
		t.Errorf("vector = %s, want %s", got, want)
	}
	long := slices.Repeat([]string{"word"}, 20_000)
	if v := vector(long, 0); !strings.HasSuffix(v, ":16383") || len(v) > 1<<20 {
		t.Errorf("a long vector ends %q and has %d bytes", v[len(v)-8:], len(v))
	}
}

func TestDialectReplacesItsMarks(t *testing.T) {
	t.Parallel()
	const q = `SELECT id FROM feed f WHERE id IN {each $1} LIMIT $2 {skip f} -- {lock}`
	for d, want := range map[*dialect]string{
		sqliteDialect():   `SELECT id FROM feed f WHERE id IN (SELECT value FROM json_each($1)) LIMIT $2  -- `,
		postgresDialect(): `SELECT id FROM feed f WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::text::json)) LIMIT $2 FOR UPDATE OF f SKIP LOCKED -- FOR UPDATE`,
	} {
		if got := d.text(q); got != want {
			t.Errorf("%s: got %s\nwant %s", d.name, got, want)
		}
	}
}

func TestErrorsAreToldApart(t *testing.T) {
	t.Parallel()
	pg := &Store{d: postgresDialect()}
	for _, row := range []struct {
		err, want error
	}{
		{&pgconn.PgError{Code: "53100"}, ErrFull},
		{&pgconn.PgError{Code: "25006"}, ErrReadOnly},
		{&pgconn.PgError{Code: "23505"}, ErrExists},
		{&pgconn.PgError{Code: "XX001"}, ErrCorrupt},
		{sql.ErrNoRows, ErrNotFound},
		{fmt.Errorf("deep: %w", ErrLeaseLost), ErrLeaseLost},
		{context.Canceled, context.Canceled},
	} {
		if err := pg.wrap("test", row.err); !errors.Is(err, row.want) || !errors.Is(err, row.err) && row.err != sql.ErrNoRows || !strings.HasPrefix(err.Error(), "test: ") {
			t.Errorf("wrap(%v) = %v, want %v", row.err, err, row.want)
		}
	}
	if got, want := pg.wrap("test", &pgconn.PgError{Code: "53100", Message: "could not extend file"}).Error(), "test: the disk is full (SQLSTATE 53100)"; got != want {
		t.Errorf("a full disk is told as %q, want %q", got, want)
	}
	if err := pg.wrap("test", nil); err != nil {
		t.Errorf("wrap(nil) = %v", err)
	}
	for code, want := range map[string]bool{"40P01": true, "40001": true, "23505": false} {
		if got := transientPostgres(fmt.Errorf("x: %w", &pgconn.PgError{Code: code})); got != want {
			t.Errorf("transient(%s) = %v", code, got)
		}
	}
	if classifySQLite(errors.New("x")) != nil || classifyPostgres(errors.New("x")) != nil {
		t.Error("another error was classified")
	}
}

func TestTimesAndBools(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 1, 2, 3, 4_000_000, time.FixedZone("x", 3600))
	if got := moment(millis(at)); !got.Equal(at) || got.Location() != time.UTC {
		t.Errorf("moment(millis(%v)) = %v", at, got)
	}
	if millis(time.Time{}) != 0 || !moment(0).IsZero() {
		t.Error("the zero time is not 0")
	}
	if number(true) != 1 || number(false) != 0 {
		t.Error("number")
	}
	if got := array([]feeds.Key{1, 1<<64 - 1}); got != "[1,-1]" {
		t.Errorf("array = %s", got)
	}
	if got := array([]int64{}); got != "[]" {
		t.Errorf("array of nothing = %s", got)
	}
}

func TestListsSurvive(t *testing.T) {
	t.Parallel()
	for _, want := range [][]string{nil, {"a"}, {"a, b", `"c"`, "ü\n", ""}} {
		got, err := unlist(list(want))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("unlist(list(%q)) = %q, %v", want, got, err)
		}
	}
	if _, err := unlist("[1"); err == nil {
		t.Error("unlist took what is no list")
	}
	if got := list([]string{"\xff"}); !utf8.ValidString(got) {
		t.Errorf("list = %q", got)
	}
}

func TestTextsSurvivePacking(t *testing.T) {
	t.Parallel()
	s := &Store{}
	must(t, s.prepareCodecs())
	for _, want := range []string{"", "a", strings.Repeat("The harbour. ", 10_000), incompressible(1, 100_000)} {
		hash, body := s.pack(want)
		got, err := s.unpack(hash, body)
		if got != want || err != nil {
			t.Errorf("a text of %d bytes came back with %d, %v", len(want), len(got), err)
		}
		if _, err := s.unpack(hash+1, body); !errors.Is(err, ErrCorrupt) {
			t.Errorf("another hash: %v", err)
		}
	}
}

func TestFileURLsNameTheFile(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/a/b.db", "/a b/ü?x=1#y%.db"} {
		u, err := url.Parse(fileURL(path, url.Values{"mode": {"ro"}}))
		must(t, err)
		if u.Path != path || u.RawQuery != "mode=ro" || u.Fragment != "" {
			t.Errorf("fileURL(%s) = %s", path, u)
		}
	}
}

func TestTwoNamesOfOneFileHaveOneLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, link := filepath.Join(dir, "real.db"), filepath.Join(dir, "link.db")
	a := got[*Store](t)(Open(t.Context(), path, Options{}))
	must(t, os.Symlink(path, link))
	b := got[*Store](t)(Open(t.Context(), link, Options{}))
	release, err := a.LockRun(t.Context())
	must(t, err)
	_, err = b.LockRun(t.Context())
	wantErr(t, err, ErrInUse)
	must(t, release())
	must(t, a.Close())
	must(t, b.Close())
}

func TestPagesAreCutFromLists(t *testing.T) {
	t.Parallel()
	all := []int{1, 2, 3, 4, 5}
	for _, row := range []struct {
		limit, offset int
		want          []int
	}{{2, 0, []int{1, 2}}, {2, 4, []int{5}}, {2, 5, []int{}}, {9, 9, []int{}}, {9, 0, all}} {
		if diff := cmp.Diff(row.want, page(all, row.limit, row.offset)); diff != "" {
			t.Errorf("page(%d, %d): %s", row.limit, row.offset, diff)
		}
	}
	for _, row := range []struct {
		q             Query
		limit, offset int
	}{{Query{}, 10, 0}, {Query{Limit: 500, Offset: -3}, 100, 0}, {Query{Limit: 3, Offset: 5000}, 3, maxResults}} {
		if l, o := row.q.bounds(); l != row.limit || o != row.offset {
			t.Errorf("%+v: limit %d, offset %d", row.q, l, o)
		}
	}
}

// Excerpts of random texts hold whole characters, marks that read as the query
// does, and the best passage when there is any match.
func TestExcerptsOfRandomTexts(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	alphabet := []string{"harbour", "Brücke", "東京都", "pier", "x", "é", "日", "\n\n", " ", ", ", ". ", "—", "🗞", "\t", "ﬁn", "İ"}
	for range 3000 {
		var b strings.Builder
		for range r.IntN(120) {
			b.WriteString(alphabet[r.IntN(len(alphabet))])
			if r.IntN(3) > 0 {
				b.WriteByte(' ')
			}
		}
		word := []string{"harbour", "brucke", "東京", "pier"}[r.IntN(4)]
		text := b.String()
		phrases := parseQuery(word)
		got, marks := excerpt(text, phrases)
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\n\t") || len(got) > excerptLength+16 {
			t.Fatalf("excerpt(%q) = %q", text, got)
		}
		if found := matches(words(text), phrases); len(found) > 0 && len(marks) == 0 {
			t.Fatalf("excerpt(%q, %s) = %q shows no match", text, word, got)
		}
		for _, m := range marks {
			if again := matches(words(got[m.Start:m.End]), phrases); len(again) == 0 {
				t.Fatalf("excerpt(%q, %s) marks %q", text, word, got[m.Start:m.End])
			}
		}
	}
}
