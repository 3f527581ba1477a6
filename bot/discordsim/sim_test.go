package discordsim

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// readDocument finds Discord's OpenAPI document beside the repository; "" when
// it is not there.
func documentPath(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("BROADSHEET_SHARED")
	if dir == "" {
		wd, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for root := wd; ; root = filepath.Dir(root) {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				dir = filepath.Join(root, "..", "shared")
				break
			}
			if root == filepath.Dir(root) {
				return ""
			}
		}
	}
	path := filepath.Join(dir, "discord", "openapi.json")
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// sharedDocument parses the document once for all tests.
var sharedDocument = sync.OnceValues(func() (*Document, error) {
	path := documentPath(&testing.T{})
	if path == "" {
		return nil, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return ParseDocument(b)
})

// document is the shared document, nil where it is absent.
func document(t testing.TB) *Document {
	t.Helper()
	d, err := sharedDocument()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func needDocument(t testing.TB) *Document {
	t.Helper()
	d := document(t)
	if d == nil {
		t.Skip("needs shared/discord/openapi.json")
	}
	return d
}

// inBubble runs a test in a bubble in which it is 2026.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	document(t) // parsed outside: it costs real time
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(Epoch))
		f(t)
	})
}

// newSim makes a Sim whose violations, and own bad answers, fail the test.
func newSim(t *testing.T, change ...func(*Options)) *Sim {
	t.Helper()
	o := Options{Document: document(t), JudgeReplies: true, Violation: func(v string) { t.Errorf("violation: %s", v) }}
	for _, f := range change {
		f(&o)
	}
	s := New(o)
	t.Cleanup(func() { s.Close() })
	return s
}

// tolerant makes violations part of the test instead of its failure.
func tolerant(o *Options) { o.Violation = nil }

// unlimited switches rate limits off.
func unlimited(o *Options) { o.Unlimited = true }

// client is an unmodified discordgo session connected to s in memory.
func client(t *testing.T, s *Sim) *discordgo.Session {
	t.Helper()
	d, err := discordgo.New("Bot " + s.Token())
	if err != nil {
		t.Fatal(err)
	}
	d.Client = &http.Client{Transport: s.Transport()}
	d.Dialer = &websocket.Dialer{NetDialContext: s.Dial}
	d.Identify.Intents = discordgo.IntentsGuilds
	d.LogLevel = -1
	d.StateEnabled = false
	d.ShouldRetryOnRateLimit = false
	return d
}

// open connects a client and closes it before the Sim.
func open(t *testing.T, s *Sim) *discordgo.Session {
	t.Helper()
	d := client(t, s)
	if err := d.Open(); err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { hangUp(d) })
	// A connection that breaks in the instant of discordgo's first heartbeat
	// stops a bubble's clock: see hangUp.
	time.Sleep(10 * time.Millisecond)
	synctest.Wait()
	return d
}

// hangUp closes a client in a bubble. discordgo's Close sleeps while it holds
// the lock that its heartbeat and its reader need, so they must be idle.
func hangUp(d *discordgo.Session) {
	time.Sleep(10 * time.Millisecond)
	synctest.Wait()
	d.Close()
}

// quiet are allowed_mentions that ping nobody.
func quiet() *discordgo.MessageAllowedMentions {
	return &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}}
}

// send posts a plain message as an unmodified client would.
func send(d *discordgo.Session, channel int64, content string) (*discordgo.Message, error) {
	return d.ChannelMessageSendComplex(wireID(channel), &discordgo.MessageSend{Content: content, AllowedMentions: quiet()})
}

// wantCode checks that err is a REST error with one of Discord's codes.
func wantCode(t *testing.T, err error, status, code int) {
	t.Helper()
	var rest *discordgo.RESTError
	if !errors.As(err, &rest) {
		t.Fatalf("got error %v, want a REST error %d with code %d", err, status, code)
	}
	got := 0
	if rest.Message != nil {
		got = rest.Message.Code
	}
	if rest.Response.StatusCode != status || got != code {
		t.Errorf("got status %d code %d, want %d %d: %s", rest.Response.StatusCode, got, status, code, rest.ResponseBody)
	}
}

// wantViolation checks that exactly one violation was reported and says what.
func wantViolation(t *testing.T, s *Sim, what string) {
	t.Helper()
	got := s.Violations()
	if len(got) != 1 || !strings.Contains(got[0], what) {
		t.Errorf("violations are %q, want one with %q", got, what)
	}
}
