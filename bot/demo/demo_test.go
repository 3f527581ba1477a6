package demo

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/bot/discordsim"
)

// buffer is a strings.Builder that may be written and read at the same time.
type buffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// errorLog fails the test for each line logged as an error: a request against
// Discord's rules, a job that failed.
func errorLog(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(failing{t}, &slog.HandlerOptions{Level: slog.LevelError}))
}

type failing struct{ t *testing.T }

func (f failing) Write(p []byte) (int, error) {
	f.t.Errorf("logged: %s", p)
	return len(p), nil
}

// openAPI is Discord's own document, nil where it is not at hand: the written
// rules are judged by all the same.
func openAPI(t *testing.T) *discordsim.Document {
	t.Helper()
	shared := os.Getenv("BROADSHEET_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	text, err := os.ReadFile(filepath.Join(shared, "discord", "openapi.json"))
	if err != nil {
		return nil
	}
	document, err := discordsim.ParseDocument(text)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// started runs the demonstration until the test ends and returns its address.
func started(t *testing.T, o Options) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	urls := make(chan string, 1)
	o.Browser = func(url string) { urls <- url }
	o.Log, o.document = errorLog(t), openAPI(t)
	done := make(chan error, 1)
	go func() { done <- Run(ctx, o) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run after its context ended: %v", err)
		}
	})
	select {
	case url := <-urls:
		return url
	case err := <-done:
		done <- nil
		t.Fatalf("Run ended: %v", err)
		return ""
	}
}

func TestOncePrintsTheFirstDigestAndNothingElse(t *testing.T) {
	t.Parallel()
	var out buffer
	if err := Run(t.Context(), Options{Once: true, Out: &out, Log: errorLog(t), document: openAPI(t)}); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	for _, want := range []string{
		"edition", "in 6 feeds", "Chain Bridge closes for two years", "also in", "Daily Quay", "L'Écho du Port", "Inselbote",
		"Also today", "Read more…", "Save",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the digest does not say %q:\n%s", want, text)
		}
	}
	for _, noise := range []string{"cookie", "Read more:", "Sign up", "Broadsheet demo", "Ctrl+C"} {
		if strings.Contains(text, noise) {
			t.Errorf("the digest says %q:\n%s", noise, text)
		}
	}
}

func TestRunLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	if err := Run(t.Context(), Options{Once: true, Log: errorLog(t)}); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		t.Errorf("left behind: %s", filepath.Join(dir, entry.Name()))
	}
}

func TestRealFeedsTakeThePlaceOfThePapers(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(mustPapers(t, time.Now()))
	defer elsewhere.Close()
	for name, address := range map[string]string{
		"by the address of a feed": "/the-tern/feed.json",
		"by the address of a site": "/the-tern/",
	} {
		t.Run(name, func(t *testing.T) {
			var out buffer
			err := Run(t.Context(), Options{Once: true, Out: &out, Feeds: []string{elsewhere.URL + address}, Log: errorLog(t), document: openAPI(t)})
			if err != nil {
				t.Fatal(err)
			}
			text := out.String()
			if !strings.Contains(text, "in 1 feed") || !strings.Contains(text, "The Tern") || strings.Contains(text, "Harbour Post") {
				t.Errorf("want a digest of The Tern alone:\n%s", text)
			}
		})
	}
}

func TestAFeedThatCannotBeAddedIsLeftOutUnlessItIsTheOnlyOne(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(mustPapers(t, time.Now()))
	defer elsewhere.Close()
	bad, good := elsewhere.URL+"/nowhere", elsewhere.URL+"/inselbote/feed.xml"
	quiet := slog.New(slog.DiscardHandler)

	var out buffer
	if err := Run(t.Context(), Options{Once: true, Out: &out, Feeds: []string{bad, good}, Log: quiet}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "Inselbote") {
		t.Errorf("want a digest of the feed that works:\n%s", out.String())
	}
	err := Run(t.Context(), Options{Once: true, Feeds: []string{bad}, Log: quiet})
	if err == nil || !strings.Contains(err.Error(), bad) {
		t.Errorf("Run with a bad feed alone: error %v, want one that names %s", err, bad)
	}
}

// lines is an output whose writes can be waited for.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

func TestABadFeedIsToldAndThePageStays(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	defer elsewhere.Close()
	out := make(lines, 10)
	url := started(t, Options{Out: out, Feeds: []string{elsewhere.URL + "/gone"}})
	if first := <-out; !strings.Contains(first, url) {
		t.Errorf("the first words are %q, want the address %s", first, url)
	}
	if next := <-out; !strings.Contains(next, elsewhere.URL+"/gone") || !strings.Contains(next, "/feeds add") {
		t.Errorf("the next words are %q, want the feed and a way out", next)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("the page answers %d", answer.StatusCode)
	}
}

func TestADigestWithoutNewsSaysWhatTheBotSaid(t *testing.T) {
	t.Parallel()
	if got := spoken([]byte(`{"content":"Nothing **new**."}`)); got != "Nothing new." {
		t.Errorf("spoken = %q, want the words alone", got)
	}
	if got := spoken([]byte(`{`)); got == "" {
		t.Error("spoken of a broken message is empty, want its error")
	}
}

func TestRunSaysWhereItCannotListen(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	err = Run(t.Context(), Options{Once: true, Listen: taken.Addr().String()})
	if err == nil || !strings.Contains(err.Error(), taken.Addr().String()) {
		t.Errorf("error %v, want one that names %s", err, taken.Addr())
	}
}

// closedPipe is an output whose reader has gone.
type closedPipe struct{}

var errClosed = errors.New("the reader has gone")

func (closedPipe) Write([]byte) (int, error) { return 0, errClosed }

func TestRunReportsAnOutputThatIsClosed(t *testing.T) {
	t.Parallel()
	if err := Run(t.Context(), Options{Out: closedPipe{}}); !errors.Is(err, errClosed) {
		t.Errorf("Run = %v, want %v", err, errClosed)
	}
}
