package main

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/discordsim"
)

// process is the program in a process of its own.
type process struct {
	cmd *exec.Cmd
	out lockedBuffer // both outputs
}

func startProgram(t *testing.T, environ []string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.CommandContext(t.Context(), os.Args[0])} // TestMain makes the test binary the program
	p.cmd.Args = append([]string{"broadsheet"}, args...)
	p.cmd.Env, p.cmd.Dir = environ, t.TempDir()
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// wait returns the exit status, -1 after a signal.
func (p *process) wait() int {
	_ = p.cmd.Wait() // the status says it
	return p.cmd.ProcessState.ExitCode()
}

func (p *process) end(t *testing.T, s os.Signal) int {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		t.Errorf("signal %v: %v", s, err)
	}
	return p.wait()
}

// onPort is a simulated Discord on a port, and the environment of a program
// that uses it.
func onPort(t *testing.T) (sim *discordsim.Sim, environ []string) {
	t.Helper()
	sim = discordsim.New(discordsim.Options{Document: openAPI(t), Violation: func(s string) { t.Error(s) }})
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	api, err := sim.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return sim, []string{"DISCORD_TOKEN=" + discordsim.DefaultToken, "BROADSHEET_DISCORD_API_URL=" + api,
		"BROADSHEET_FETCH_ALLOW_NETWORKS=127.0.0.0/8", "BROADSHEET_FETCH_HOST_SPACING=1ms", "BROADSHEET_RUN_GRACE=1s"}
}

// openAPI is Discord's own document, nil where it is not at hand: the written
// rules are judged by all the same.
func openAPI(t *testing.T) *discordsim.Document {
	t.Helper()
	shared := os.Getenv("BROADSHEET_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "..", "shared")
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

// disk is a file system of the size of a toy, with a database of two articles.
type disk struct {
	t        *testing.T
	dir      string
	database string
}

func newDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{t: t, dir: t.TempDir()}
	d.database = filepath.Join(d.dir, "b.db")
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", d.dir).CombinedOutput(); err != nil {
		t.Skipf("needs the right to mount a small file system: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.CommandContext(context.WithoutCancel(t.Context()), "umount", d.dir).CombinedOutput(); err != nil {
			t.Errorf("unmount: %v: %s", err, out)
		}
	})
	return d
}

func (d *disk) remount(option string) {
	d.t.Helper()
	if out, err := exec.CommandContext(d.t.Context(), "mount", "-o", "remount,"+option, d.dir).CombinedOutput(); err != nil {
		d.t.Fatalf("remount %s: %v: %s", option, err, out)
	}
}

// fill takes what room is left and returns how to free it.
func (d *disk) fill() (free func()) {
	d.t.Helper()
	path := filepath.Join(d.dir, "ballast")
	f, err := os.Create(path)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := io.Copy(f, forever{strings.Repeat("x", 1024)}); !errors.Is(err, syscall.ENOSPC) {
		d.t.Fatalf("the disk does not fill: %v", err)
	}
	if err := f.Close(); err != nil {
		d.t.Fatal(err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			d.t.Error(err)
		}
	}
}

// What each command says and returns where its database cannot be written, and
// that the database holds what it held when it can be written again.
func TestDatabaseThatCannotBeWrittenIsToldAndKept(t *testing.T) {
	t.Parallel()
	sim, environ := onPort(t)
	sim.AddGuild("Harbour", "en-US")
	for name, row := range map[string]struct {
		spoil func(d *disk) (mend func())
		want  string
	}{
		"read-only": {func(d *disk) func() { d.remount("ro"); return func() { d.remount("rw") } }, "the database is read-only"},
		"full":      {(*disk).fill, "the disk is full"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const channel = "223456789012345678"
			d := newDisk(t)
			paper := newEndless(t, "127.0.0.2")
			paper.publish(2)
			environ := slices.Concat(environ, []string{"BROADSHEET_DATABASE=" + d.database})
			call := func(args ...string) (int, string) {
				p := startProgram(t, environ, args...)
				return p.wait(), p.out.String()
			}
			list := filepath.Join(t.TempDir(), "list.opml")
			if err := os.WriteFile(list, []byte(opml(paper.url)), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{"import", list, "--channel", channel, "--guild", "323456789012345678"}, {"poll"}} {
				if status, out := call(args...); status != exitDone {
					t.Fatalf("%v: exit status %d\n%s", args, status, out)
				}
			}
			mend := row.spoil(d)
			for _, args := range [][]string{{"run"}, {"poll", "--all"}, {"import", list}, {"digest", "--channel", channel}} {
				status, out := call(args...)
				if status != exitFailed || !strings.Contains(out, row.want) || strings.Count(out, "\n") != 2 {
					t.Errorf("%v: exit status %d, want 1; want %q and what to do, on two lines:\n%s", args, status, row.want, out)
				}
			}
			for _, args := range [][]string{{"status", "--field", "articles"}, {"search", "--json", paper.article(1)}, {"export"},
				{"digest", "--channel", channel, "--dry-run"}} {
				if status, out := call(args...); status != exitDone {
					t.Errorf("%v only reads: exit status %d, want 0\n%s", args, status, out)
				}
			}
			mend()
			paper.publish(1)
			if status, out := call("poll", "--all"); status != exitDone || !strings.Contains(out, "1 new articles") {
				t.Errorf("poll afterwards: exit status %d, want 0 and one new article\n%s", status, out)
			}
			if status, out := call("status", "--field", "articles"); status != exitDone || out != fmt.Sprintln(paper.count()) {
				t.Errorf("status afterwards: exit status %d, %s articles, want %d", status, out, paper.count())
			}
		})
	}
}

func TestSecondBotOnOneFileIsRefusedAndTheFirstGoesOn(t *testing.T) {
	t.Parallel()
	sim, environ := onPort(t)
	guild := sim.AddGuild("Harbour", "en-US")
	channel := sim.AddChannel(guild, "news", discordsim.KindText)
	admin := sim.AddMember(guild, "Ada", discordsim.Administrator)
	dir := t.TempDir()
	database := filepath.Join(dir, "b.db")
	first := startProgram(t, slices.Concat(environ, []string{"BROADSHEET_DATABASE=" + database}), "run")
	if err := sim.WaitReady(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, first.out.String())
	}
	link := filepath.Join(dir, "other.db")
	if err := os.Symlink(database, link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{database, "sqlite:" + database, link} {
		second := startProgram(t, environ, "--db", name, "run")
		if status, out := second.wait(), second.out.String(); status != exitFailed ||
			!strings.Contains(out, "in use by another running broadsheet\n  Stop that one first") {
			t.Errorf("a second bot on %s: exit status %d\n%s", name, status, out)
		}
	}
	if !eventually(time.Minute, func() bool { return len(sim.Commands()) > 0 }) {
		t.Fatal("no commands were registered")
	}
	if _, err := sim.Slash(t.Context(), admin, channel, "feeds list", nil); err != nil {
		t.Errorf("the first bot does not answer any more: %v", err)
	}
	if status := first.end(t, os.Interrupt); status != exitDone {
		t.Errorf("the first bot ended with %d\n%s", status, first.out.String())
	}
}

var (
	healthAddress    = regexp.MustCompile(`health checks served" address=(\S+)`)
	interactionToken = regexp.MustCompile(`^/(?:interactions/\d+|webhooks/\d+)/([^/]{20,})`)
)

// Everything that a run prints at debug level, serves and dumps, through
// commands, digests, refusals, a cut gateway and its own violent end.
func TestNoSecretIsEverPrinted(t *testing.T) {
	t.Parallel()
	sim, environ := onPort(t)
	guild := sim.AddGuild("Harbour", "en-US")
	channel := sim.AddChannel(guild, "news", discordsim.KindText)
	admin := sim.AddMember(guild, "Ada", discordsim.Administrator)
	paper := newEndless(t, "127.0.0.2")
	paper.publish(2)
	environ = append(environ, "BROADSHEET_DATABASE="+filepath.Join(t.TempDir(), "b.db"), "BROADSHEET_LOG_LEVEL=debug",
		"BROADSHEET_HEALTH_LISTEN=127.0.0.1:0", "GOTRACEBACK=all")
	p := startProgram(t, environ, "run")
	if err := sim.WaitReady(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, p.out.String())
	}
	if !eventually(time.Minute, func() bool { return len(sim.Commands()) > 0 }) {
		t.Fatal("no commands were registered")
	}
	slash := func(command string, options map[string]any) {
		t.Helper()
		if _, err := sim.Slash(t.Context(), admin, channel, command, options); err != nil {
			t.Errorf("/%s: %v", command, err)
		}
	}
	secret := "https://reader:pa55word@127.0.0.2:1/feed.xml?token=pa55word"
	slash("feeds add", map[string]any{"url": secret})
	slash("feeds add", map[string]any{"url": paper.url})
	sim.Fail("POST /channels/*/messages", http.StatusServiceUnavailable, 1)
	slash("digest run", map[string]any{"digest": "news"})
	sim.SetPermissions(channel, 0)
	sim.CutGateway()
	if err := sim.WaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	sim.FailCode("POST /channels/*/messages", http.StatusUnauthorized, 0, 1)
	slash("feeds list", nil)
	served := ""
	if at := healthAddress.FindStringSubmatch(p.out.String()); at == nil {
		t.Errorf("no health checks are served:\n%s", p.out.String())
	} else {
		for _, path := range []string{"/metrics", "/healthz", "/readyz", "/"} {
			served += fetched(t, "http://"+at[1]+path)
		}
	}
	p.end(t, syscall.SIGQUIT) // prints every goroutine
	dump := startProgram(t, environ, "config", "--json")
	dump.wait()
	all := p.out.String() + served + dump.out.String()
	for _, want := range []string{"level=DEBUG", "broadsheet_http_request_seconds", "goroutine ", `"discord.token"`} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing with %q was printed: the test looks at too little", want)
		}
	}
	secrets := map[string]bool{discordsim.DefaultToken: true, "pa55word": true}
	for _, r := range sim.Requests() {
		if m := interactionToken.FindStringSubmatch(r.Path); m != nil {
			secrets[m[1]] = true
		}
	}
	if len(secrets) < 3 {
		t.Error("no token of an interaction was seen")
	}
	for s := range secrets {
		for line := range strings.Lines(all) {
			if strings.Contains(line, s) {
				t.Errorf("the secret %q was printed: %s", s, line)
			}
		}
	}
}

func fetched(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// serveBomb serves a feed that is a thousand times as large as what is sent.
func serveBomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/rss+xml")
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	// The reader leaves early.
	_, _ = io.Copy(z, io.LimitReader(forever{strings.Repeat(" ", 1024)}, 64<<20))
	_ = z.Close()
}

func TestWhatDiscordRefusesForGoodIsAWrongConfiguration(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  discord.Error
		want string // "" for an error that is nobody's configuration
	}{
		{"a token refused by the API", discord.Error{Status: http.StatusUnauthorized}, "does not know the bot's token"},
		{"a token refused by the gateway", discord.Error{Code: 4004}, "does not know the bot's token"},
		{"an intent", discord.Error{Code: 4014}, "intent"},
		{"too many servers", discord.Error{Code: 4011}, "more servers"},
		{"a program that is blocked", discord.Error{Code: 40333}, "refuses this program"},
		{"the token of an interaction", discord.Error{Code: 50027, Status: http.StatusUnauthorized}, ""},
		{"a bad gateway", discord.Error{Status: http.StatusBadGateway}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var stderr strings.Builder
			want := exitFailed
			if test.want != "" {
				want = exitUsage
			}
			status := explain(&stderr, refusal(fmt.Errorf("discord gateway: %w", &test.err)))
			if status != want || !strings.Contains(stderr.String(), test.want) || test.want == "" && strings.Contains(stderr.String(), "developers") {
				t.Errorf("exit status %d, %q; want %d and %q", status, stderr.String(), want, test.want)
			}
		})
	}
}
