package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/bot/discordsim"
	"broadsheet/bot/store/pgtest"
)

// kills is how often the bot is killed in an ordinary run of the tests.
// BROADSHEET_TEST_KILLS=200 is the full measure.
const kills = 6

// TestKilledAtAnyInstantLosesNothingAndRepeatsNothing runs the built program
// against a simulated Discord and newspapers that never stop publishing, kills
// it with SIGKILL again and again, and then counts.
func TestKilledAtAnyInstantLosesNothingAndRepeatsNothing(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			database := filepath.Join(t.TempDir(), "kill.db")
			if engine == "postgres" {
				database = postgres(t)
			}
			k := newKilled(t, database)
			for i := range rounds(t) {
				k.round(i)
			}
			k.settle()
			k.judge()
		})
	}
}

// postgres is the URL of an empty database; the test is skipped where there is
// no server and nothing to start one from.
func postgres(t *testing.T) string {
	t.Helper()
	server, err := pgtest.Start(t.Context())
	if errors.Is(err, pgtest.ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("stop PostgreSQL: %v", err)
		}
	})
	return server.Database(t)
}

func rounds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("BROADSHEET_TEST_KILLS")
	if text == "" {
		return kills
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("BROADSHEET_TEST_KILLS: %v", err)
	}
	return n
}

// killed is the world around a program that is killed.
type killed struct {
	t       *testing.T
	sim     *discordsim.Sim
	papers  []*endless
	env     []string
	guild   int64
	admin   int64
	instant int64 // channel of instant posts
	digest  int64 // channel of digests
	log     lockedBuffer
}

func newKilled(t *testing.T, database string) *killed {
	t.Helper()
	k := &killed{t: t}
	k.sim = discordsim.New(discordsim.Options{
		Unlimited: true, Document: openAPI(t),
		Violation: func(rule string) { t.Errorf("Discord would refuse: %s", rule) },
	})
	t.Cleanup(func() {
		if err := k.sim.Close(); err != nil {
			t.Errorf("close the simulator: %v", err)
		}
	})
	api, err := k.sim.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k.guild = k.sim.AddGuild("Harbour Town", "en-US")
	k.instant = k.sim.AddChannel(k.guild, "ticker", discordsim.KindText)
	k.digest = k.sim.AddChannel(k.guild, "news", discordsim.KindText)
	k.admin = k.sim.AddMember(k.guild, "Ada", discordsim.Administrator)
	for i := range 3 {
		k.papers = append(k.papers, newEndless(t, fmt.Sprintf("127.0.0.%d", i+2)))
	}
	k.env = append(os.Environ(),
		"DISCORD_TOKEN="+discordsim.DefaultToken, "BROADSHEET_DISCORD_API_URL="+api, "BROADSHEET_DATABASE="+database,
		"BROADSHEET_FETCH_ALLOW_NETWORKS=127.0.0.0/8", "BROADSHEET_FETCH_INTERVAL=1s", "BROADSHEET_FETCH_MAX_INTERVAL=1s",
		"BROADSHEET_FETCH_HOST_SPACING=0s", "BROADSHEET_INSTANT_PER_HOUR=1000", "BROADSHEET_LOG_LEVEL=warn",
		// What a digest only counts cannot be found in the channel.
		"BROADSHEET_DIGEST_CARDS=25", "BROADSHEET_DIGEST_LINES=50")
	k.begin()
	return k
}

// begin subscribes both channels to every paper.
func (k *killed) begin() {
	stop := k.start()
	for _, p := range k.papers {
		p.publish(1)
		for channel, mode := range map[int64]string{k.instant: "instant", k.digest: "digest"} {
			r, err := k.sim.Slash(k.t.Context(), k.admin, channel, "feeds add", map[string]any{"url": p.url, "mode": mode})
			if err != nil {
				k.t.Fatalf("/feeds add: %v\n%s", err, k.log.String())
			}
			if !bytes.Contains(r.Message, []byte(p.title)) {
				k.t.Fatalf("/feeds add %s: %s", p.url, r.Message)
			}
		}
	}
	stop(os.Interrupt)
}

// start runs the program until stop is called with a signal, and waits for it
// to be connected.
func (k *killed) start() (stop func(os.Signal)) {
	k.t.Helper()
	cmd := exec.CommandContext(k.t.Context(), os.Args[0]) // TestMain makes the test binary the program
	cmd.Args = []string{"broadsheet", "run"}
	cmd.Env, cmd.Dir = k.env, k.t.TempDir()
	cmd.Stderr, cmd.Stdout = &k.log, &k.log
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(k.t.Context(), time.Minute)
	defer cancel()
	if err := k.sim.WaitReady(ctx); err != nil {
		_ = cmd.Process.Kill()
		k.t.Fatalf("the program did not connect: %v\n%s", err, k.log.String())
	}
	if !eventually(time.Minute, func() bool { return len(k.sim.Commands()) > 0 }) {
		k.t.Fatalf("the program registered no commands\n%s", k.log.String())
	}
	return func(s os.Signal) {
		if err := cmd.Process.Signal(s); err != nil {
			k.t.Errorf("signal %v: %v", s, err)
		}
		_ = cmd.Wait() // a killed process has a status of its own
	}
}

// round starts the program, lets it work for a random 1 to 500 ms while papers
// publish and an admin prints a digest, and kills it.
func (k *killed) round(i int) {
	k.t.Helper()
	// The largest hourly limit of instant posts has to last for all rounds.
	k.papers[rand.IntN(len(k.papers))].publish(1 + rand.IntN(3))
	stop := k.start()
	var printing sync.WaitGroup
	printing.Go(func() {
		// The answer may never come: that is the point.
		_, _ = k.sim.Slash(k.t.Context(), k.admin, k.digest, "digest run", map[string]any{"digest": "news"})
	})
	<-time.After(time.Duration(1+rand.IntN(500)) * time.Millisecond)
	stop(os.Kill)
	printing.Wait()
	if i%20 == 19 {
		k.t.Logf("%d kills: %d instant posts, %d digests", i+1, len(k.sim.Messages(k.instant)), len(k.sim.Messages(k.digest)))
	}
}

// settle lets the program finish what is left.
func (k *killed) settle() {
	k.t.Helper()
	stop := k.start()
	defer stop(os.Interrupt)
	want := 0
	for _, p := range k.papers {
		want += p.count()
	}
	arrived := eventually(3*time.Minute, func() bool {
		if len(k.shown(k.instant)) < want {
			return false
		}
		_, err := k.sim.Slash(k.t.Context(), k.admin, k.digest, "digest run", map[string]any{"digest": "news"})
		return err == nil && len(k.shown(k.digest)) >= want
	})
	if !arrived {
		k.t.Errorf("not everything arrived within three minutes\n%s", k.log.String())
	}
}

// eventually asks until the answer is yes or the patience is over. The
// processes outside have a real clock.
func eventually(patience time.Duration, ask func() bool) bool {
	end := time.After(patience)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !ask() {
		select {
		case <-end:
			return false
		case <-tick.C:
		}
	}
	return true
}

var number = regexp.MustCompile(`(p[0-9]+)n([0-9]+)\b`)

var displayed = regexp.MustCompile(`"content":"(?:[^"\\]|\\.)*"`)

// shown lists the articles named in a channel, in order.
func (k *killed) shown(channel int64) []string {
	var all []string
	for _, m := range k.sim.Messages(channel) {
		if m.EphemeralTo != 0 {
			continue
		}
		var wire struct {
			Components json.RawMessage `json:"components"`
		}
		if err := json.Unmarshal(m.JSON, &wire); err != nil {
			k.t.Fatal(err)
		}
		// Texts alone: the menu under a long digest names again what stands in
		// the messages before.
		for _, text := range displayed.FindAllString(string(wire.Components), -1) {
			all = append(all, number.FindAllString(text, -1)...)
		}
	}
	return all
}

// judge fails unless every article stands once in each channel, those of one
// paper in the order in which it published them.
func (k *killed) judge() {
	k.t.Helper()
	for name, channel := range map[string]int64{"instant": k.instant, "digest": k.digest} {
		times := map[string]int{}
		last := map[string]int{}
		for _, article := range k.shown(channel) {
			times[article]++
			parts := number.FindStringSubmatch(article)
			n, err := strconv.Atoi(parts[2])
			if err != nil {
				k.t.Fatal(err)
			}
			if name == "instant" && n < last[parts[1]] {
				k.t.Errorf("%s: %s came after number %d", name, article, last[parts[1]])
			}
			last[parts[1]] = n
		}
		for _, p := range k.papers {
			for n := 1; n <= p.count(); n++ {
				if got := times[p.article(n)]; got != 1 {
					k.t.Errorf("%s: %s stands %d times, want once", name, p.article(n), got)
				}
			}
		}
	}
}

// endless is a newspaper of numbered articles.
type endless struct {
	title, url string
	begun      time.Time

	mu sync.Mutex
	n  int
}

func newEndless(t *testing.T, ip string) *endless {
	t.Helper()
	p := &endless{title: "Paper " + ip, begun: time.Now().Add(-time.Hour)}
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", ip+":0")
	if err != nil {
		t.Fatal(err)
	}
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: p}}
	server.Start()
	t.Cleanup(server.Close)
	p.url = server.URL + "/feed.xml"
	return p
}

func (p *endless) publish(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n += n
}

func (p *endless) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}

// article is the name of an article, the one word by which it is found again.
func (p *endless) article(n int) string { return fmt.Sprintf("p%sn%d", p.title[len(p.title)-1:], n) }

// words are some that only article n has: articles that resembled each other
// would be one story and be named once.
func (p *endless) words(n, count int) string {
	random := rand.New(rand.NewPCG(uint64(n), uint64(p.title[len(p.title)-1])))
	words := make([]string, count)
	for i := range words {
		for range 4 {
			words[i] += string("bdfgklmnprstvz"[random.IntN(14)]) + string("aeiou"[random.IntN(5)])
		}
	}
	return strings.Join(words, " ")
}

// ServeHTTP implements http.Handler: the newest forty articles.
func (p *endless) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/feed.xml" {
		http.NotFound(w, r)
		return
	}
	n := p.count()
	w.Header().Set("Content-Type", "application/rss+xml")
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title><link>%s</link>`, p.title, p.url)
	for i := n; i > 0 && i > n-40; i-- {
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%d</guid><title>%s</title><link>%s/article/%d</link><description>The %s. The %s. The %s.</description><pubDate>%s</pubDate></item>`,
			i, p.article(i)+" "+p.words(i, 5), strings.TrimSuffix(p.url, "/feed.xml"), i, p.words(i, 20), p.words(-i, 60), p.words(i+1e6, 60), p.begun.Add(time.Duration(i)*time.Second).UTC().Format(time.RFC1123Z))
	}
	b.WriteString(`</channel></rss>`)
	_, _ = io.WriteString(w, b.String())
}

// lockedBuffer is a buffer that processes may write to while a test reads.
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
