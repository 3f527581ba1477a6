package command_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot"
	"broadsheet/bot/discordsim"
	"broadsheet/config"
)

// town is the whole bot between a simulated Discord and newspapers in memory,
// in a bubble of virtual time: commands and buttons go over the real gateway.
type town struct {
	t             *testing.T
	sim           *discordsim.Sim
	cfg           *config.Config
	guild         int64
	channel       int64
	admin, member int64
	papers        *papers
	cancel        context.CancelFunc
	ended         chan error
}

// dawn is when the stories begin: a Monday, two hours before the first digest.
var dawn = time.Date(2026, time.January, 12, 6, 0, 0, 0, time.UTC)

func inTown(t *testing.T, locale string, story func(w *town)) {
	t.Helper()
	dir := t.TempDir()
	document := openAPI(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(dawn))
		w := &town{t: t, papers: &papers{hosts: map[string]http.HandlerFunc{}}}
		w.sim = discordsim.New(discordsim.Options{
			Document: document, JudgeReplies: true,
			Violation: func(rule string) { t.Errorf("Discord would refuse: %s", rule) },
		})
		w.guild = w.sim.AddGuild("Harbour Town", locale)
		w.channel = w.sim.AddChannel(w.guild, "news", discordsim.KindText)
		w.admin = w.sim.AddMember(w.guild, "Ada", discordsim.ManageGuild)
		w.member = w.sim.AddMember(w.guild, "Mel", 0)
		var err error
		w.cfg, err = config.Load("", false, []string{"DISCORD_TOKEN=" + discordsim.DefaultToken}, map[string]string{"database": filepath.Join(dir, "town.db")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			w.stop()
			if err := w.sim.Close(); err != nil {
				t.Errorf("close the simulator: %v", err)
			}
		})
		w.start()
		story(w)
	})
}

// openAPI is Discord's own document, nil where it is not at hand.
func openAPI(t *testing.T) *discordsim.Document {
	t.Helper()
	shared := os.Getenv("BROADSHEET_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	text, err := os.ReadFile(filepath.Join(shared, "discord", "openapi.json"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	d, err := discordsim.ParseDocument(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (w *town) start() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	w.cancel, w.ended = cancel, make(chan error, 1)
	log := slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelWarn}))
	world := bot.World{Web: w.papers, Discord: w.sim.Transport(), Dial: w.sim.Dial, Log: log, Version: "test"}
	go func() { w.ended <- bot.Run(ctx, w.cfg, world) }()
	if err := w.sim.WaitReady(ctx); err != nil {
		w.t.Fatalf("the bot did not connect: %v", err)
	}
	synctest.Wait()
}

// Write shows the bot's warnings where a test fails.
func (w *town) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func (w *town) stop() {
	w.t.Helper()
	if w.cancel == nil {
		return
	}
	w.cancel()
	if err := <-w.ended; err != nil {
		w.t.Errorf("the bot ended with: %v", err)
	}
	w.cancel = nil
}

func (w *town) restart() {
	w.t.Helper()
	w.stop()
	w.start()
}

func (w *town) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// answer is a message as somebody sees it.
type answer struct {
	id   int64
	text string
	ids  []string // custom ids, in order
	menu map[string][]string
}

// answered reads a response, which must be private.
func (w *town) answered(r *discordsim.Response, err error) answer {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	if !r.Ephemeral && !r.Update {
		w.t.Errorf("answered in public: %s", r.Message)
	}
	return w.read(r.MessageID, r.Message)
}

// read takes a message in wire form apart.
func (w *town) read(id int64, wire json.RawMessage) answer {
	w.t.Helper()
	a := answer{id: id, menu: map[string][]string{}}
	if len(wire) == 0 {
		return a
	}
	var v any
	if err := json.Unmarshal(wire, &v); err != nil {
		w.t.Fatal(err)
	}
	var out []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			customID, _ := v["custom_id"].(string)
			if customID != "" {
				a.ids = append(a.ids, customID)
			}
			for _, key := range []string{"content", "label", "placeholder"} {
				if s, ok := v[key].(string); ok && s != "" {
					out = append(out, s)
				}
			}
			if value, ok := v["value"].(string); ok && len(a.ids) > 0 {
				last := a.ids[len(a.ids)-1]
				a.menu[last] = append(a.menu[last], value)
			}
			for _, key := range []string{"components", "accessory", "options"} {
				walk(v[key])
			}
		}
	}
	walk(v)
	a.text = strings.Join(out, "\n")
	return a
}

// id is the answer's custom id of a kind.
func (w *town) id(a answer, kind string) string {
	w.t.Helper()
	for _, id := range a.ids {
		if strings.HasPrefix(id, "v1:"+kind+":") || id == "v1:"+kind {
			return id
		}
	}
	w.t.Fatalf("nothing to press of kind %q among %q:\n%s", kind, a.ids, a.text)
	return ""
}

// options are pairs of an option and its value.
func options(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}

func (w *town) slash(who int64, command string, pairs ...any) answer {
	w.t.Helper()
	return w.answered(w.sim.Slash(w.t.Context(), who, w.channel, command, options(pairs...)))
}

func (w *town) press(who int64, on answer, kind string) answer {
	w.t.Helper()
	return w.answered(w.sim.Press(w.t.Context(), who, on.id, w.id(on, kind)))
}

// choose takes the n-th option of a menu.
func (w *town) choose(who int64, on answer, kind string, n int) answer {
	w.t.Helper()
	id := w.id(on, kind)
	if n >= len(on.menu[id]) {
		w.t.Fatalf("menu %s has %d options", id, len(on.menu[id]))
	}
	return w.answered(w.sim.Choose(w.t.Context(), who, on.id, id, on.menu[id][n]))
}

// posts are the public messages of the channel.
func (w *town) posts() []answer {
	w.t.Helper()
	var all []answer
	for _, m := range w.sim.Messages(w.channel) {
		if m.EphemeralTo == 0 {
			all = append(all, w.read(m.ID, m.JSON))
		}
	}
	return all
}

// digest follows a paper of n articles and waits for its first digest.
func (w *town) digest(n int) answer {
	w.t.Helper()
	w.papers.feed("post.example", "Harbour Post", n)
	w.slash(w.admin, "feeds add", "url", "https://post.example/feed.xml")
	w.pass(time.Until(dawn.Add(2*time.Hour + time.Minute)))
	posts := w.posts()
	if len(posts) != 1 {
		w.t.Fatalf("%d messages in the channel, want the digest", len(posts))
	}
	return posts[0]
}

// papers are the web.
type papers struct {
	mu    sync.Mutex
	hosts map[string]http.HandlerFunc
}

func (p *papers) serve(host string, h http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hosts[host] = h
}

// feed opens a paper with n articles, the n-th the newest, and a page of each.
func (p *papers) feed(host, title string, n int) {
	published := time.Now()
	p.serve(host, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/feed.xml" {
			p.page(w, strings.TrimPrefix(r.URL.Path, "/"))
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprintf(w, `<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title><link>https://%s/</link>`, title, host)
		for i := n; i > 0; i-- {
			subject := subjects[i%len(subjects)]
			fmt.Fprintf(w, `<item><guid isPermaLink="false">%s-%d</guid><title>News of %s</title><link>https://%s/%s</link><pubDate>%s</pubDate><description>%s</description></item>`,
				host, i, subject, host, subject, published.Add(time.Duration(i)*time.Second).Format(time.RFC1123Z), prose(subject))
		}
		_, _ = io.WriteString(w, `</channel></rss>`)
	})
}

func (p *papers) page(w http.ResponseWriter, subject string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><html lang=en><head><title>News of %s</title></head><body><nav><a href=/>Home</a></nav><article><h1>News of %s</h1><p>%s</p></article><footer>Imprint</footer></body></html>`,
		subject, subject, strings.ReplaceAll(prose(subject), ". ", ".</p><p>"))
}

var subjects = []string{"anchors", "buoys", "cables", "dredgers", "engines", "ferries", "galleys", "hawsers", "islands", "jetties", "keels", "lamps"}

// prose is a text about a subject among words that only it has, long enough
// for a card and so unlike the others that no two are one story.
func prose(subject string) string {
	seed := fnv.New64a()
	_, _ = seed.Write([]byte(subject)) // a hash takes everything
	random := rand.New(rand.NewPCG(seed.Sum64(), 7))
	syllable := func() string {
		return string("bdfgklmnprstvz"[random.IntN(14)]) + string("aeiou"[random.IntN(5)])
	}
	sentences := make([]string, 8)
	for i := range sentences {
		words := []string{"The", subject}
		for range 10 + random.IntN(5) {
			words = append(words, syllable()+syllable()+syllable())
		}
		sentences[i] = strings.Join(words, " ") + "."
	}
	// The same sentence at each end would be the site's and no article's own.
	return strings.Join(sentences, " ") + " Harbourmasters keep watch over all " + subject + "."
}

// RoundTrip implements http.RoundTripper.
func (p *papers) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	h := p.hosts[r.URL.Host]
	p.mu.Unlock()
	if h == nil {
		return nil, &net.DNSError{Err: "no such host", Name: r.URL.Host, IsNotFound: true}
	}
	recorder := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		h(recorder, r)
	}()
	select {
	case <-done:
	case <-r.Context().Done():
		<-done
		return nil, r.Context().Err()
	}
	response := recorder.Result()
	response.Request = r
	return response, nil
}
