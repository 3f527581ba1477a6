package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"broadsheet/bot/discordsim"
	"broadsheet/bot/store"
)

// opml is a document with feeds at the given addresses.
func opml(urls ...string) string {
	var b strings.Builder
	b.WriteString(`<opml version="2.0"><body>`)
	for i, url := range urls {
		fmt.Fprintf(&b, `<outline text="Paper %d" xmlUrl=%q/>`, i+1, url)
	}
	b.WriteString(`</body></opml>`)
	return b.String()
}

// called is a run of the program in this process.
type called struct {
	status         int
	stdout, stderr string
}

func call(ctx context.Context, environ []string, stdin string, args ...string) called {
	var out, errs bytes.Buffer
	status := run(ctx, args, append([]string{"BROADSHEET_LOG_LEVEL=error"}, environ...), strings.NewReader(stdin), &out, &errs)
	return called{status, out.String(), errs.String()}
}

// A channel's server is asked of Discord where neither user nor database know it.
func TestImportAsksDiscordForTheServer(t *testing.T) {
	t.Parallel()
	sim := discordsim.New(discordsim.Options{Violation: func(s string) { t.Error(s) }})
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	api, err := sim.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	guild := sim.AddGuild("Harbour", "de")
	channel := sim.AddChannel(guild, "zeitung", 0)
	database := filepath.Join(t.TempDir(), "b.db")
	environ := []string{"BROADSHEET_DATABASE=" + database, "BROADSHEET_DISCORD_API_URL=" + api, "DISCORD_TOKEN=" + discordsim.DefaultToken}
	doc := opml("https://post.example/feed", "https://tern.example/feed")

	got := call(t.Context(), environ, doc, "import", "--channel", strconv.FormatInt(channel, 10))
	if got.status != exitDone || !strings.Contains(got.stdout, "2 added") || !strings.Contains(got.stdout, `created "zeitung", daily 08:00 (UTC)`) {
		t.Fatalf("import: %+v", got)
	}
	s, err := store.Open(t.Context(), database, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	subscriptions, err := s.Subscriptions(t.Context(), store.SubscriptionFilter{GuildID: guild, ChannelID: channel})
	if err != nil || len(subscriptions) != 2 {
		t.Errorf("%d subscriptions in the server, %v; want 2", len(subscriptions), err)
	}
	digests, err := s.Digests(t.Context(), store.DigestFilter{GuildID: guild, ChannelID: channel})
	if err != nil || len(digests) != 1 || digests[0].NextRun.IsZero() {
		t.Errorf("digests %+v, %v; want one with a next run", digests, err)
	}

	for _, test := range []struct {
		name, token string
		channel     int64
		status      int
		want        string
	}{
		{"a wrong token", "wrong.wrong.wrong", channel + 1, exitUsage, "the page Bot of"},
		{"an unknown channel", discordsim.DefaultToken, channel + 1, exitFailed, "is the id right"},
		{"a channel that the database knows needs no Discord", "wrong.wrong.wrong", channel, exitDone, ""},
	} {
		environ := []string{"BROADSHEET_DATABASE=" + database, "BROADSHEET_DISCORD_API_URL=" + api, "DISCORD_TOKEN=" + test.token}
		got := call(t.Context(), environ, doc, "import", "--channel", strconv.FormatInt(test.channel, 10))
		if got.status != test.status || !strings.Contains(got.stderr, test.want) || strings.Contains(got.stderr, test.token) {
			t.Errorf("%s: %+v, want status %d and %q", test.name, got, test.status, test.want)
		}
	}
}

// What is imported comes out again, whatever the order and however often.
func TestImportAndExportRoundTrip(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, second := []string{"BROADSHEET_DATABASE=" + dir + "/1.db"}, []string{"BROADSHEET_DATABASE=" + dir + "/2.db"}
	var urls []string
	for i := range 40 {
		urls = append(urls, fmt.Sprintf("https://paper%d.example/feed?edition=%d&lang=de", i, i))
	}
	for round, want := range []string{"40 added, 0 known already", "0 added, 40 known already"} {
		if got := call(t.Context(), first, opml(urls...), "import"); got.status != exitDone || !strings.Contains(got.stdout, want) {
			t.Fatalf("round %d: %+v, want %q", round, got, want)
		}
	}
	exported := call(t.Context(), first, "", "export")
	for _, url := range urls {
		if !strings.Contains(exported.stdout, strings.ReplaceAll(url, "&", "&amp;")) {
			t.Errorf("the export lacks %s", url)
		}
	}
	if got := call(t.Context(), second, exported.stdout, "import", "-"); got.status != exitDone || !strings.Contains(got.stdout, "40 added") {
		t.Fatalf("import of the export: %+v", got)
	}
	if again := call(t.Context(), second, "", "export"); again.stdout != exported.stdout {
		t.Errorf("the export of the import differs:\n%s\n%s", exported.stdout, again.stdout)
	}
}

// PostgreSQL has no index for an address of several kilobytes.
func TestAnAddressTheDatabaseCannotHoldStopsNoOthers(t *testing.T) {
	t.Parallel()
	environ := []string{"BROADSHEET_DATABASE=" + postgres(t)}
	rng := rand.New(rand.NewPCG(1, 2))
	long := "https://a.example/" // random, or it would be compressed
	for len(long) < 9000 {
		long += strconv.FormatUint(rng.Uint64(), 36)
	}
	got := call(t.Context(), environ, opml("https://b.example/feed", long, "https://c.example/feed"), "import")
	if got.status != exitFailed || !strings.Contains(got.stdout, "2 added") || !strings.Contains(got.stderr, "cannot hold so long an address") || len(got.stderr) > 400 {
		t.Errorf("import: %+v, want two feeds added and one refused", got)
	}
}

func TestImportMasksSecretsInAddresses(t *testing.T) {
	t.Parallel()
	environ := []string{"BROADSHEET_DATABASE=" + t.TempDir() + "/b.db"}
	doc := opml("https://ada:sesame@paper.example/feed?token=sesame")
	for range 2 {
		if got := call(t.Context(), environ, doc, "import"); got.status != exitDone || strings.Contains(got.stdout+got.stderr, "sesame") {
			t.Errorf("import: %+v", got)
		}
	}
}

func TestImportSaysOnceWhatItCannotUse(t *testing.T) {
	t.Parallel()
	for name, doc := range map[string]string{"no OPML": "hello", "empty": "", "HTML": "<html></html>"} {
		environ := []string{"BROADSHEET_DATABASE=" + t.TempDir() + "/b.db"}
		if got := call(t.Context(), environ, doc, "import"); got.status != exitFailed || strings.Count(got.stderr, "\n") != 1 {
			t.Errorf("%s: %+v, want status 1 and one line", name, got)
		}
	}
	environ := []string{"BROADSHEET_DATABASE=" + t.TempDir()}
	if got := call(t.Context(), environ, opml("https://a.example/f"), "import"); got.status != exitFailed || !strings.Contains(got.stderr, "is a directory") {
		t.Errorf("a folder as the database: %+v", got)
	}
}

func TestStatusOfAnUnwritableStandardOutput(t *testing.T) {
	t.Parallel()
	environ := []string{"BROADSHEET_DATABASE=" + t.TempDir() + "/b.db"}
	if got := call(t.Context(), environ, opml("https://a.example/f"), "import"); got.status != exitDone {
		t.Fatal(got)
	}
	for _, args := range [][]string{{"status"}, {"status", "--json"}, {"export"}, {"search", "--json", "x"}, {"config"}, {"version"}} {
		var stderr bytes.Buffer
		if got := run(t.Context(), args, environ, nil, full{}, &stderr); got != exitFailed || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%q to a full disk: status %d, %q", args, got, &stderr)
		}
	}
	var stderr bytes.Buffer
	if got := run(t.Context(), []string{"summarize", "--sentences", "1"}, nil, strings.NewReader("The quay is open."), full{}, &stderr); got != exitFailed {
		t.Errorf("summarize to a full disk: status %d, %q", got, &stderr)
	}
}

// full is a disk without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, fmt.Errorf("write: %w", errNoSpace) }

var errNoSpace = fmt.Errorf("no space left on device: %w", io.ErrShortWrite)
