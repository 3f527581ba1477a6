package discord

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot/discordsim"
)

// sharedDocument parses Discord's OpenAPI document once, outside all bubbles:
// nil where it is not beside the repository.
var sharedDocument = sync.OnceValues(func() (*discordsim.Document, error) {
	dir := os.Getenv("BROADSHEET_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	b, err := os.ReadFile(filepath.Join(dir, "discord", "openapi.json"))
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return discordsim.ParseDocument(b)
})

// rig is a client and the simulated Discord it talks to, in a bubble where it
// is 2026.
type rig struct {
	*testing.T
	sim     *discordsim.Sim
	client  *Client
	events  Events
	router  *Router
	log     *lockedBuffer
	guild   int64
	channel int64
	admin   int64
	member  int64

	stop    context.CancelFunc
	stopped chan error
}

// lockedBuffer is a log that goroutines share.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// withRig runs a test in a bubble against a simulated Discord that judges every
// request.
func withRig(t *testing.T, f func(r *rig)) {
	t.Helper()
	doc, err := sharedDocument()
	if err != nil {
		t.Fatal(err)
	}
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(discordsim.Epoch))
		sim := discordsim.New(discordsim.Options{
			Document: doc, Violation: func(s string) { t.Errorf("bad request: %s", s) },
		})
		defer sim.Close()
		r := &rig{T: t, sim: sim, log: &lockedBuffer{}}
		logger := slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		r.client, err = New(Options{
			Token: sim.Token(), Transport: sim.Transport(), Dial: sim.Dial, Log: logger, Version: "1.2",
		})
		if err != nil {
			t.Fatal(err)
		}
		r.guild = sim.AddGuild("Harbour", "en-GB")
		r.channel = sim.AddChannel(r.guild, "news", discordsim.KindText)
		r.admin = sim.AddMember(r.guild, "Ada", discordsim.ManageGuild|discordsim.UseCommands|discordsim.ViewChannel)
		r.member = sim.AddMember(r.guild, "Mo", discordsim.UseCommands|discordsim.ViewChannel)
		r.router = NewRouter(logger)
		r.events.Router = r.router
		f(r)
		r.end()
	})
}

// run starts the gateway and waits for it.
func (r *rig) run() {
	r.Helper()
	r.start()
	r.wait()
}

// start starts the gateway.
func (r *rig) start() {
	ctx, stop := context.WithCancel(r.Context())
	r.stop, r.stopped = stop, make(chan error, 1)
	go func() { r.stopped <- r.client.Run(ctx, r.events) }()
}

// wait waits until the client is connected, a virtual hour at most.
func (r *rig) wait() {
	r.Helper()
	for range 3600 {
		synctest.Wait()
		if r.client.Connected() {
			return
		}
		time.Sleep(time.Second)
	}
	r.Fatalf("not connected after an hour; log:\n%s", r.log)
}

// end stops the client and expects that it ends well.
func (r *rig) end() {
	r.Helper()
	if r.stop == nil {
		return
	}
	r.stop()
	if err := <-r.stopped; err != nil {
		r.Errorf("Run returned %v after its context ended", err)
	}
	r.stop = nil
}

// register registers commands and checks that Discord takes them.
func (r *rig) register(cmds ...Command) {
	r.Helper()
	if _, err := r.client.Register(r.Context(), cmds); err != nil {
		r.Fatal(err)
	}
}

// say makes the router answer a command with a text.
func (r *rig) say(path, s string) {
	r.router.Command(path, func(context.Context, *Request) (Reply, error) {
		return Reply{Message: Message{Content: s}}, nil
	})
}

// count returns how many requests the simulator got whose method and path have
// the prefix.
func (r *rig) count(prefix string) int {
	n := 0
	for _, q := range r.sim.Requests() {
		if strings.HasPrefix(q.Method+" "+q.Path, prefix) {
			n++
		}
	}
	return n
}

func (r *rig) logged(s string) bool { return strings.Contains(r.log.String(), s) }
