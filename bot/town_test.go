package bot_test

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
	"broadsheet/bot/store"
	"broadsheet/config"
)

// town is a server with a channel, an admin and a member, newspapers on a web
// of its own, and the bot between them. It lives in a synctest bubble: a day
// passes in the time it takes to compute it.
type town struct {
	t       *testing.T
	sim     *discordsim.Sim
	web     *web
	cfg     *config.Config
	guild   int64
	channel int64
	admin   int64
	member  int64

	logged lockedText // what the bot logged, at debug level

	cancel context.CancelFunc
	ended  chan error
}

// monday is when the towns' stories begin: a Monday morning in winter.
var monday = time.Date(2026, time.January, 12, 6, 0, 0, 0, time.UTC)

// inTown runs story in a bubble, with the bot started.
func inTown(t *testing.T, story func(w *town)) {
	t.Helper()
	inTownAt(t, monday, story)
}

func inTownAt(t *testing.T, begin time.Time, story func(w *town)) {
	t.Helper()
	inTownOn(t, t.TempDir(), begin, story)
}

// inTownOn keeps the bot's database in dir.
func inTownOn(t *testing.T, dir string, begin time.Time, story func(w *town)) {
	t.Helper()
	document := openAPI(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(begin))
		w := newTown(t, dir, document)
		// Also after a failed check nothing may go on in the bubble.
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

func newTown(t *testing.T, dir string, document *discordsim.Document) *town {
	t.Helper()
	w := &town{t: t, web: newWeb()}
	w.sim = discordsim.New(discordsim.Options{
		Document: document, JudgeReplies: true,
		Violation: func(rule string) { t.Errorf("Discord would refuse: %s", rule) },
	})
	w.guild = w.sim.AddGuild("Harbour Town", "en-US")
	w.channel = w.sim.AddChannel(w.guild, "news", discordsim.KindText)
	w.admin = w.sim.AddMember(w.guild, "Ada", discordsim.ManageGuild|discordsim.UseCommands|discordsim.ViewChannel)
	w.member = w.sim.AddMember(w.guild, "Mel", discordsim.UseCommands|discordsim.ViewChannel)
	w.cfg = settings(t, filepath.Join(dir, "town.db"))
	return w
}

// settings are the defaults with what a test needs.
func settings(t *testing.T, database string) *config.Config {
	t.Helper()
	cfg, err := config.Load("", false, []string{"DISCORD_TOKEN=" + discordsim.DefaultToken}, map[string]string{"database": database})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// openAPI is Discord's own document, nil where it is not at hand: the written
// rules are judged by all the same.
func openAPI(t *testing.T) *discordsim.Document {
	t.Helper()
	shared := os.Getenv("BROADSHEET_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	text, err := os.ReadFile(filepath.Join(shared, "discord", "openapi.json"))
	if err != nil {
		return nil
	}
	return sync.OnceValue(func() *discordsim.Document {
		d, err := discordsim.ParseDocument(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	})()
}

func (w *town) start() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	w.cancel, w.ended = cancel, make(chan error, 1)
	world := bot.World{
		Web: w.web, Discord: w.sim.Transport(), Dial: w.sim.Dial, Log: testLog(w.t, &w.logged), Version: "test",
	}
	go func() { w.ended <- bot.Run(ctx, w.cfg, world) }()
	if err := w.sim.WaitReady(ctx); err != nil {
		w.t.Fatalf("the bot did not connect: %v", err)
	}
	synctest.Wait()
}

// stop ends the bot as SIGTERM does.
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

// pass lets time go by.
func (w *town) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// until lets time go by until a moment.
func (w *town) until(at time.Time) { w.pass(time.Until(at)) }

// slash runs a command as the admin and returns the text of the answer.
func (w *town) slash(command string, options map[string]any) string {
	w.t.Helper()
	return w.slashAs(w.admin, command, options)
}

func (w *town) slashAs(who int64, command string, options map[string]any) string {
	w.t.Helper()
	r, err := w.sim.Slash(w.t.Context(), who, w.channel, command, options)
	if err != nil {
		w.t.Fatalf("/%s %v: %v", command, options, err)
	}
	if !r.Ephemeral {
		w.t.Errorf("/%s %v was answered in public", command, options)
	}
	return texts(w.t, r.Message)
}

// follow makes the town's channel follow a feed.
func (w *town) follow(f *feed) {
	w.t.Helper()
	answer := w.slash("feeds add", map[string]any{"url": f.url()})
	if !strings.Contains(answer, f.title) {
		w.t.Fatalf("/feeds add %s answered:\n%s", f.url(), answer)
	}
}

// harbourPost is a newspaper with one article, about the bridge, which the
// town's channel follows.
func (w *town) harbourPost() *feed {
	w.t.Helper()
	post := w.paper("harbour.example", "Harbour Post")
	post.publish("bridge", "Bridge closes for two years", "the harbour bridge")
	w.follow(post)
	return post
}

// posts are the texts of what stands in the town's channel.
func (w *town) posts() []string {
	w.t.Helper()
	var all []string
	for _, m := range w.sim.Messages(w.channel) {
		if m.EphemeralTo == 0 {
			all = append(all, texts(w.t, m.JSON))
		}
	}
	return all
}

// wantPosts fails unless the channel holds n messages.
func (w *town) wantPosts(n int) []string {
	w.t.Helper()
	posts := w.posts()
	if len(posts) != n {
		w.t.Fatalf("%s: %d messages in the channel, want %d:\n%s", time.Now().UTC(), len(posts), n, strings.Join(posts, "\n---\n"))
	}
	return posts
}

// count says how many of the channel's messages hold a text.
func (w *town) count(text string) int {
	w.t.Helper()
	n := 0
	for _, p := range w.posts() {
		n += strings.Count(p, text)
	}
	return n
}

// messages says how many of the channel's messages hold a text, once or more.
func (w *town) messages(text string) int {
	w.t.Helper()
	n := 0
	for _, p := range w.posts() {
		if strings.Contains(p, text) {
			n++
		}
	}
	return n
}

// texts collects every text of a message in wire form, in order.
func texts(t *testing.T, wire json.RawMessage) string {
	t.Helper()
	if len(wire) == 0 {
		return ""
	}
	var v any
	if err := json.Unmarshal(wire, &v); err != nil {
		t.Fatalf("message is not JSON: %v", err)
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
			for _, key := range []string{"content", "label", "description"} {
				if s, ok := v[key].(string); ok && s != "" {
					out = append(out, s)
				}
			}
			for _, key := range []string{"components", "accessory", "options", "embeds"} {
				walk(v[key])
			}
		}
	}
	walk(v)
	return strings.Join(out, "\n")
}

// testLog shows warnings where a test fails, and keeps everything in all.
func testLog(t *testing.T, all io.Writer) *slog.Logger {
	return slog.New(slog.NewMultiHandler(
		slog.NewTextHandler(writer{t}, &slog.HandlerOptions{Level: slog.LevelWarn}),
		slog.NewTextHandler(all, &slog.HandlerOptions{Level: slog.LevelDebug})))
}

// lockedText is a text that goroutines write.
type lockedText struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

type writer struct{ t *testing.T }

func (w writer) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// web is the world's newspapers: a handler for each host, served in memory.
type web struct {
	mu    sync.Mutex
	hosts map[string]http.Handler
	asked map[string]int // requests by address
	bad   map[string]bool
}

func newWeb() *web {
	return &web{hosts: map[string]http.Handler{}, asked: map[string]int{}, bad: map[string]bool{}}
}

func (w *web) serve(host string, h http.Handler) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hosts[host] = h
}

func (w *web) requests(url string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked[url]
}

// panics makes every request to host panic.
func (w *web) panics(host string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bad[host] = true
}

// RoundTrip implements http.RoundTripper.
func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	h, bad := w.hosts[r.URL.Host], w.bad[r.URL.Host]
	w.asked[r.URL.String()]++
	w.mu.Unlock()
	if bad {
		panic("a transport of " + r.URL.Host + " that panics")
	}
	if h == nil {
		return nil, &net.DNSError{Err: "no such host", Name: r.URL.Host, IsNotFound: true}
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	recorder := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		h.ServeHTTP(recorder, r)
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

// feed is a newspaper under a test's control.
type feed struct {
	host, title string

	mu    sync.Mutex
	items []item
	over  http.Handler // answers instead of the feed, nil = the feed
}

type item struct {
	id, title, text string
	page            string // the article's page, "" = none
	at              time.Time
}

// paper opens a newspaper in the town.
func (w *town) paper(host, title string) *feed {
	f := &feed{host: host, title: title}
	w.web.serve(host, f)
	return f
}

func (f *feed) url() string { return "https://" + f.host + "/feed.xml" }

// publish adds an article of a few sentences about subject.
func (f *feed) publish(id, title, subject string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.items = append(f.items, item{id: id, title: title, text: story(subject), at: time.Now()})
}

// teaser adds an article of which the feed has one sentence; the rest is on
// its page, among what pages are full of.
func (f *feed) teaser(id, title, subject string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	paragraphs := strings.ReplaceAll(story(subject), ". ", ".</p><p>")
	f.items = append(f.items, item{
		id: id, title: title, text: "A short word about " + subject + "… Read more", at: time.Now(),
		page: "<!doctype html><html><head><title>" + title + "</title></head><body><div class=cookie-banner>We use cookies to improve your visit.</div>" +
			"<nav><a href=/>Home</a> <a href=/about>About</a></nav><article><h1>" + title + "</h1><p>" + paragraphs +
			"</p><p>Sign up for our newsletter.</p></article><footer>© The paper</footer></body></html>",
	})
}

// page is an article's page, "" if there is none.
func (f *feed) page(path string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, it := range f.items {
		if "/"+it.id == path {
			return it.page
		}
	}
	return ""
}

// instead makes the feed's address answer something else; nil ends that.
func (f *feed) instead(h http.Handler) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.over = h
}

// ServeHTTP implements http.Handler.
func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	over := f.over
	body := f.document()
	f.mu.Unlock()
	switch {
	case over != nil:
		over.ServeHTTP(w, r)
	case r.URL.Path != "/feed.xml":
		page := f.page(r.URL.Path)
		if page == "" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page)
	default:
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = io.WriteString(w, body)
	}
}

func (f *feed) document() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><rss version="2.0"><channel><title>%s</title><link>https://%s/</link>`, f.title, f.host)
	for i := len(f.items) - 1; i >= 0; i-- {
		it := f.items[i]
		fmt.Fprintf(&b, `<item><guid isPermaLink="false">%s</guid><title>%s</title><link>https://%s/%s</link><pubDate>%s</pubDate><description>%s</description></item>`,
			it.id, it.title, f.host, it.id, it.at.UTC().Format(time.RFC1123Z), it.text)
	}
	b.WriteString(`</channel></rss>`)
	return b.String()
}

// story is a text of its own about a subject: long enough for a card, and so
// unlike the text about any other subject that the two are never one story.
func story(subject string) string { return strings.Join(sentences(subject), " ") }

// sentences are those of story: the subject among words that only it has.
func sentences(subject string) []string {
	seed := fnv.New64a()
	_, _ = seed.Write([]byte(subject)) // a hash takes everything
	random := rand.New(rand.NewPCG(seed.Sum64(), 1))
	word := func() string {
		var b strings.Builder
		for range 2 + random.IntN(2) {
			b.WriteByte("bdfgklmnprstvz"[random.IntN(14)])
			b.WriteByte("aeiou"[random.IntN(5)])
		}
		return b.String()
	}
	out := make([]string, 8)
	for i := range out {
		words := []string{"The", word(), "of", subject}
		for range 10 + random.IntN(6) {
			words = append(words, word())
		}
		out[i] = strings.Join(words, " ") + "."
	}
	return out
}

// sends counts the messages that Discord was asked to post in the channel.
func (w *town) sends() int {
	path := fmt.Sprintf("/channels/%d/messages", w.channel)
	n := 0
	for _, r := range w.sim.Requests() {
		if r.Method == http.MethodPost && r.Path == path {
			n++
		}
	}
	return n
}

// pending fails unless n deliveries wait in the outbox.
func (w *town) pending(n int) {
	w.t.Helper()
	s, err := store.Open(w.t.Context(), w.cfg.Database, store.Options{ReadOnly: true})
	if err != nil {
		w.t.Fatal(err)
	}
	counts, err := s.Counts(w.t.Context())
	if err := errors.Join(err, s.Close()); err != nil {
		w.t.Fatal(err)
	}
	if counts.PendingDeliveries != n {
		w.t.Errorf("%d deliveries wait, want %d", counts.PendingDeliveries, n)
	}
}
