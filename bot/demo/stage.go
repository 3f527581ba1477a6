package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"broadsheet/bot/discord"
	"broadsheet/bot/discordsim"
	"broadsheet/bot/render"
	"broadsheet/config"
)

const (
	// How long the demonstration waits for the bot before it says so.
	patience = time.Minute
	// How long the first digest waits for the pages of teasers; a digest that
	// runs by its schedule waits by itself.
	pagePatience = 7 * time.Second
	// A digest is complete when its channel has been quiet for this long.
	quiet = 800 * time.Millisecond
	// A paper is looked at this often; a real one would be spared.
	pollInterval = 15 * time.Second
)

// stage is the demonstration's scenery: the newspapers, the simulated server
// and the people on it.
type stage struct {
	o      Options
	papers *Papers
	sim    *discordsim.Sim
	base   string // address of the page, without a trailing slash

	guild                int64
	digests, news, lobby int64 // channels
	member, admin        int64

	ready     sync.Once
	connected chan struct{} // closed when the bot is connected and its commands are there
}

func newStage(o Options, addr net.Addr) (*stage, error) {
	papers, err := NewPapers(time.Now())
	if err != nil {
		return nil, err
	}
	s := &stage{o: o, papers: papers, sim: newSim(o.Log), base: baseURL(addr), connected: make(chan struct{})}
	s.guild = s.sim.AddGuild("Kelmouth Square", "en-US")
	s.digests = s.sim.AddChannel(s.guild, "morning-paper", discordsim.KindText)
	s.news = s.sim.AddChannel(s.guild, "as-it-happens", discordsim.KindText)
	s.lobby = s.sim.AddChannel(s.guild, "tea-room", discordsim.KindText)
	s.member = s.sim.AddMember(s.guild, "Nell", 0)
	s.admin = s.sim.AddMember(s.guild, "Ines", discordsim.ManageGuild)
	if len(o.Feeds) == 0 {
		s.sim.PostAs(s.member, s.lobby, "Did anybody hear the whale? "+s.base+"/the-tern/whale-notes")
	}
	return s, nil
}

// baseURL is the address under which this computer reaches addr: a server that
// listens everywhere is reached on loopback.
func baseURL(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return "http://" + addr.String()
	}
	host := tcp.IP.String()
	if tcp.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(tcp.Port))
}

// config is the bot's configuration: the defaults, but a temporary database,
// loopback allowed, and the impatience of a demonstration.
func (s *stage) config(database string) (*config.Config, error) {
	cfg, err := config.Load("", false, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("load the demo's configuration: %w", err)
	}
	cfg.Database = database
	cfg.Discord.Token = config.Secret(s.sim.Token())
	cfg.Fetch.AllowNetworks = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	if len(s.o.Feeds) == 0 {
		cfg.Fetch.Interval, cfg.Fetch.MaxInterval = pollInterval, pollInterval
		// All papers share one host, and it is ours.
		cfg.Fetch.HostSpacing = time.Millisecond
	}
	cfg.Health.Listen = ""
	cfg.Run.Grace = time.Second
	return cfg, nil
}

// play is what the admin does when the bot has joined the server: follow the
// papers and print the first digest at once.
func (s *stage) play(ctx context.Context) error {
	if !s.o.Once {
		fmt.Fprintf(s.o.Out, "Broadsheet demo: %s/\nCtrl+C ends it.\n", s.base)
		if s.o.Browser != nil {
			s.o.Browser(s.base + "/")
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("the bot prints nothing"))
	defer cancel()
	select {
	case <-s.connected:
	case <-ctx.Done():
		return fmt.Errorf("wait for the bot: %w", context.Cause(ctx))
	}
	if err := s.subscribe(ctx); err != nil {
		return err
	}
	s.awaitPages(ctx)
	messages, err := s.firstDigest(ctx)
	if err != nil {
		return err
	}
	text, err := plainText(messages)
	if err != nil {
		return err
	}
	if s.o.Once {
		fmt.Fprint(s.o.Out, text)
		return errPrinted
	}
	fmt.Fprintf(s.o.Out, "\n%s\n", text)
	return s.follow(ctx)
}

// follow lets the last paper's news appear one by one in a channel of their own.
func (s *stage) follow(ctx context.Context) error {
	for _, url := range s.instant() {
		if err := s.add(ctx, url, s.news, "instant"); err != nil {
			return err
		}
	}
	return nil
}

// instant lists the feeds whose articles are posted as they appear.
func (s *stage) instant() []string {
	if len(s.o.Feeds) > 0 {
		return nil
	}
	var urls []string
	for _, paper := range s.papers.List() {
		if !paper.Teaser {
			urls = append(urls, s.base+paper.Feed)
		}
	}
	return urls
}

// subscribe lets the digest channel follow the papers.
func (s *stage) subscribe(ctx context.Context) error {
	urls := s.o.Feeds
	if len(urls) == 0 {
		for _, paper := range s.papers.List() {
			urls = append(urls, s.base+paper.Feed)
		}
	}
	var failed []error
	for _, url := range urls {
		if err := s.add(ctx, url, s.digests, "digest"); err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) == len(urls) {
		return errors.Join(failed...)
	}
	for _, err := range failed {
		s.o.Log.Warn("feed left out", "err", err)
		if !s.o.Once {
			fmt.Fprintln(s.o.Out, err)
		}
	}
	return nil
}

// add runs /feeds add. Where the bot finds several feeds the first is taken.
func (s *stage) add(ctx context.Context, url string, channel int64, mode string) error {
	answer, err := s.sim.Slash(ctx, s.admin, s.digests, "feeds add", map[string]any{
		"url": url, "channel": channel, "mode": mode,
	})
	if err != nil {
		return fmt.Errorf("add feed %s: %w", url, err)
	}
	var m discord.Message
	if err := json.Unmarshal(answer.Message, &m); err != nil {
		return fmt.Errorf("read the answer to /feeds add: %w", err)
	}
	menu, value := firstChoice(m.Components)
	if menu == "" {
		return nil
	}
	if _, err := s.sim.Choose(ctx, s.admin, answer.MessageID, menu, value); err != nil {
		return fmt.Errorf("choose a feed of %s: %w", url, err)
	}
	return nil
}

// firstChoice finds a select menu and its first value.
func firstChoice(components []discord.Component) (menu, value string) {
	for _, c := range components {
		if len(c.Options) > 0 {
			return c.CustomID, c.Options[0].Value
		}
		if menu, value := firstChoice(c.Components); menu != "" {
			return menu, value
		}
	}
	return "", ""
}

// awaitPages waits until the bot has read the pages of the teaser paper, but
// not for ever: a digest with the teasers' own words is a digest.
func (s *stage) awaitPages(ctx context.Context) {
	if len(s.o.Feeds) > 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, pagePatience)
	defer cancel()
	for !s.papers.teasersRead(quiet) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(quiet / 8):
		}
	}
}

// firstDigest runs /digest run and returns the messages that it printed.
func (s *stage) firstDigest(ctx context.Context) ([]discordsim.Message, error) {
	found, err := s.sim.Autocomplete(ctx, s.admin, s.digests, "digest run", nil, "digest")
	if err != nil {
		return nil, fmt.Errorf("look for the digest: %w", err)
	}
	if len(found) == 0 {
		return nil, errors.New("the first feed made no digest")
	}
	options := map[string]any{"digest": found[0].Value}
	if _, err := s.sim.Slash(ctx, s.admin, s.digests, "digest run", options); err != nil {
		return nil, fmt.Errorf("run the digest: %w", err)
	}
	messages, err := s.sim.WaitMessages(ctx, s.digests, 1)
	for more := err; more == nil; {
		messages = s.sim.Messages(s.digests)
		more = s.within(ctx, quiet, len(messages)+1)
	}
	return messages, err
}

// within waits a bounded time for the digest channel to hold n messages.
func (s *stage) within(ctx context.Context, limit time.Duration, n int) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	_, err := s.sim.WaitMessages(ctx, s.digests, n)
	return err
}

// plainText prints messages for a terminal.
func plainText(messages []discordsim.Message) (string, error) {
	var list []discord.Message
	for _, m := range messages {
		var wire discord.Message
		if err := json.Unmarshal(m.JSON, &wire); err != nil {
			return "", fmt.Errorf("read a message of the digest: %w", err)
		}
		list = append(list, wire)
	}
	return render.PlainText(list), nil
}

// guard keeps other web sites out: a page that a person visits elsewhere must
// not be able to act in this one, nor read it under a name of its own that
// leads to this computer.
func guard(next http.Handler) http.Handler {
	fromHere := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok && local.IP.IsLoopback() && !loopbackName(r.Host) {
			http.Error(w, "this server answers to localhost only", http.StatusMisdirectedRequest)
			return
		}
		fromHere.ServeHTTP(w, r)
	})
}

// loopbackName reports whether a Host header names this computer to itself.
func loopbackName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}
