package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"broadsheet/bot/store/pgtest"
	"broadsheet/feeds"
)

// server is the PostgreSQL of this test binary, nil if there is none.
var server *pgtest.Server

func TestMain(m *testing.M) {
	ctx := context.Background()
	if url := os.Getenv(crashURL); url != "" {
		fmt.Fprintln(os.Stderr, crashing(ctx, url))
		os.Exit(1)
	}
	var err error
	if server, err = pgtest.Start(ctx); err != nil && !errors.Is(err, pgtest.ErrNone) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	if err := server.Stop(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// world is a database under test and the Store on it.
type world struct {
	*Store
	url string
	ctx context.Context
}

// onBoth runs a test on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, w world)) {
	t.Helper()
	t.Parallel()
	t.Run(sqliteName, func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, filepath.Join(t.TempDir(), "test.db")))
	})
	t.Run(postgres, func(t *testing.T) {
		t.Parallel()
		test(t, newWorld(t, postgresURL(t)))
	})
}

func postgresURL(t testing.TB) string {
	if server == nil {
		t.Skip("needs a PostgreSQL server: " + pgtest.EnvURL)
	}
	return server.Database(t)
}

func newWorld(t testing.TB, url string) world {
	t.Helper()
	w := world{url: url, ctx: t.Context()}
	w.Store = w.open(t)
	return w
}

// open opens one more Store on the world's database.
func (w world) open(t testing.TB) *Store {
	t.Helper()
	s, err := Open(w.ctx, w.url, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatalf("Open(%s) = %v", w.url, err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return s
}

// must fails the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got is for calls that return a value and an error.
func got[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		must(t, err)
		return v
	}
}

func wantErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}

// feed adds a feed.
func (w world) feed(t testing.TB, url string) int64 {
	t.Helper()
	f, _, err := w.AddFeed(w.ctx, url, "")
	must(t, err)
	return f.ID
}

// item is an item that the keys 10*n and 10*n+1 identify, published n minutes
// after noon of a day.
func item(n int) feeds.Item {
	return feeds.Item{
		ID: fmt.Sprintf("guid-%d", n), Title: fmt.Sprintf("Headline %d", n), Link: fmt.Sprintf("https://example.org/%d", n),
		Published: time.Date(2026, 11, 22, 12, n, 0, 0, time.UTC), Text: fmt.Sprintf("The harbour opened pier %d. Ferries run again.", n),
		Keys: []feeds.Key{feeds.Key(10 * n), feeds.Key(10*n + 1)},
	}
}

func items(ns ...int) []feeds.Item {
	var all []feeds.Item
	for _, n := range ns {
		all = append(all, item(n))
	}
	return all
}

// upTo is from, from+1 … to.
func upTo(from, to int) []int {
	var all []int
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

// visit is a successful visit of a feed.
func visit(url string, its ...feeds.Item) feeds.Visit {
	now := time.Now()
	return feeds.Visit{
		At: now, Status: 200, Next: now.Add(time.Hour),
		State: feeds.State{URL: url, ETag: `"1"`, BodyHash: 1 << 63, Interval: time.Hour},
		Feed:  &feeds.Feed{Kind: "rss2.0", Title: "The Tern", Link: "https://tern.example", Language: "en", Items: its},
	}
}

// record records a visit that brought new items and returns the article ids.
func (w world) record(t testing.TB, feedID int64, its ...feeds.Item) []int64 {
	t.Helper()
	f := got[Feed](t)(w.Feed(w.ctx, feedID))
	out, err := w.RecordVisits(w.ctx, []VisitRecord{{FeedID: feedID, Visit: visit(f.State.URL, its...), Items: its}})
	must(t, err)
	must(t, out[0].Err)
	return out[0].New
}

// subscribe lets a channel (of guild channel/100) follow a feed.
func (w world) subscribe(t testing.TB, channel, feedID int64, mode Mode, b Backlog) Subscription {
	t.Helper()
	return got[Subscription](t)(w.Subscribe(w.ctx, Subscription{GuildID: channel / 100, ChannelID: channel, FeedID: feedID, Mode: mode}, b))
}

// window returns the ids of a channel's window.
func (w world) window(t testing.TB, channel int64, mode Mode) []int64 {
	t.Helper()
	return idsOf(got[Window](t)(w.Window(w.ctx, channel, mode)).Articles)
}

func idsOf(all []Article) []int64 {
	ids := []int64{}
	for _, a := range all {
		ids = append(ids, a.ID)
	}
	return ids
}

// takeAll is an edition that uses up articles with a message for each.
func takeAll(channel, feed int64, ids ...int64) Edition {
	e := Edition{GuildID: channel / 100, ChannelID: channel, Mode: ModeDigest}
	for _, id := range ids {
		e.Taken = append(e.Taken, Taken{ArticleID: id, FeedID: feed, Fate: FateCard})
		e.Messages = append(e.Messages, Outgoing{Payload: fmt.Appendf(nil, `{"a":%d}`, id), Kind: "digest"})
	}
	return e
}

// sameIDs compares two lists of ids.
func sameIDs(t testing.TB, what string, got, want []int64) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}

// untilOneWaits returns when another transaction of the database waits for a
// lock, or when done does not need one. PostgreSQL alone can be asked.
func (t *tx) untilOneWaits(ctx context.Context, done func() bool) error {
	for waiting := int64(0); waiting == 0 && !done(); {
		const q = `SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())`
		if err := t.row(ctx, q).Scan(&waiting); err != nil {
			return err
		}
	}
	return nil
}
