package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
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
	pagePatience = 3 * time.Second
	// All pages are read when none has been asked for in this time.
	pageQuiet = 300 * time.Millisecond
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
	s := &stage{o: o, papers: papers, sim: newSim(o.Log, o.document), base: baseURL(addr), connected: make(chan struct{})}
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
		if err := s.say("Broadsheet demo: " + s.base + "/\nCtrl+C ends it.\n\n"); err != nil {
			return err
		}
		if s.o.Browser != nil {
			s.o.Browser(s.base + "/")
		}
	}
	limited, cancel := context.WithTimeoutCause(ctx, patience, errors.New("the bot prints nothing"))
	defer cancel()
	text, err := s.print(limited)
	switch {
	case err != nil && (s.o.Once || ctx.Err() != nil):
		return err
	case err != nil:
		// The page is of use all the same.
		return s.say(fmt.Sprintf("\n%v\nTry /feeds add and /digest run on the page.\n", err))
	}
	if err := s.say(text); err != nil {
		return err
	}
	if s.o.Once {
		return errPrinted
	}
	return s.follow(limited)
}

// print follows the papers and returns the first digest as text.
func (s *stage) print(ctx context.Context) (string, error) {
	select {
	case <-s.connected:
	case <-ctx.Done():
		return "", fmt.Errorf("wait for the bot: %w", context.Cause(ctx))
	}
	if err := s.subscribe(ctx); err != nil {
		return "", err
	}
	s.awaitPages(ctx)
	messages, err := s.firstDigest(ctx)
	if err != nil {
		return "", err
	}
	return plainText(messages)
}

func (s *stage) say(text string) error {
	if _, err := io.WriteString(s.o.Out, text); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

// follow lets the news that appear from now on arrive one by one in a channel
// of their own; it begins with the newest article of the first paper.
func (s *stage) follow(ctx context.Context) error {
	if len(s.o.Feeds) > 0 {
		return nil
	}
	backlog := render.BacklogLatest
	for _, paper := range s.papers.List() {
		if paper.Teaser {
			continue // a card made of a teaser's few words is a poor start
		}
		answer, err := s.add(ctx, s.base+paper.Feed, s.news, "instant")
		if err != nil {
			return err
		}
		if err := s.answerBacklog(ctx, answer, backlog); err != nil {
			return err
		}
		backlog = render.BacklogNothing
	}
	return nil
}

// subscribe lets the digest channel follow the papers. A feed that cannot be
// added is told and left out, unless it is the only one.
func (s *stage) subscribe(ctx context.Context) error {
	urls := s.o.Feeds
	if len(urls) == 0 {
		urls = s.paperFeeds()
	}
	var failed []error
	for _, url := range urls {
		if _, err := s.add(ctx, url, s.digests, "digest"); err != nil {
			failed = append(failed, err)
		}
	}
	if len(failed) == len(urls) {
		return errors.Join(failed...)
	}
	for _, err := range failed {
		s.o.Log.Warn("feed left out", "err", err)
		if s.o.Once {
			continue // its output is the digest alone
		}
		if err := s.say(err.Error() + "\n"); err != nil {
			return err
		}
	}
	return nil
}

// paperFeeds lists the sample papers' feeds, teasers first: while the others
// are added the bot reads their pages.
func (s *stage) paperFeeds() []string {
	var teasers, whole []string
	for _, paper := range s.papers.List() {
		if paper.Teaser {
			teasers = append(teasers, s.base+paper.Feed)
		} else {
			whole = append(whole, s.base+paper.Feed)
		}
	}
	return append(teasers, whole...)
}

// add runs /feeds add and returns the answer that tells of the new
// subscription. Where the bot finds several feeds the first is taken.
func (s *stage) add(ctx context.Context, url string, channel int64, mode string) (*discordsim.Response, error) {
	answer, err := s.sim.Slash(ctx, s.admin, channel, "feeds add", map[string]any{"url": url, "channel": channel, "mode": mode})
	if err != nil {
		return nil, fmt.Errorf("add feed %s: %w", url, err)
	}
	m, err := message(answer.Message)
	if err != nil {
		return nil, err
	}
	if menu := find(m.Components, render.KindChoose); menu != nil && len(menu.Options) > 0 {
		answer, err = s.sim.Choose(ctx, s.admin, answer.MessageID, menu.CustomID, menu.Options[0].Value)
		if err != nil {
			return nil, fmt.Errorf("choose a feed of %s: %w", url, err)
		}
		if m, err = message(answer.Message); err != nil {
			return nil, err
		}
	}
	if find(m.Components, render.KindBacklog) == nil {
		return nil, fmt.Errorf("add feed %s: %s", url, spoken(answer.Message))
	}
	return answer, nil
}

// answerBacklog presses the button that says what shall become of the articles
// a new feed already has.
func (s *stage) answerBacklog(ctx context.Context, answer *discordsim.Response, choice string) error {
	m, err := message(answer.Message)
	if err != nil {
		return err
	}
	button := find(m.Components, render.KindBacklog, choice)
	if button == nil {
		return fmt.Errorf("no button for the backlog %q", choice)
	}
	if _, err := s.sim.Press(ctx, s.admin, answer.MessageID, button.CustomID); err != nil {
		return fmt.Errorf("answer what shall become of old articles: %w", err)
	}
	return nil
}

// find returns the first component whose custom id is of the given kind and,
// if an argument is given, ends with it.
func find(components []discord.Component, kind string, last ...string) *discord.Component {
	for i, c := range components {
		if k, args, ok := discord.DecodeID(c.CustomID); ok && k == kind {
			if len(last) == 0 || len(args) > 0 && args[len(args)-1] == last[0] {
				return &components[i]
			}
		}
		if found := find(c.Components, kind, last...); found != nil {
			return found
		}
	}
	return nil
}

// message reads a message's wire form.
func message(wire json.RawMessage) (discord.Message, error) {
	var m discord.Message
	if err := json.Unmarshal(wire, &m); err != nil {
		return m, fmt.Errorf("read a message of the bot: %w", err)
	}
	return m, nil
}

// awaitPages waits until the bot has read the pages of the teaser paper, but
// not for ever: a digest with the teasers' own words is a digest.
func (s *stage) awaitPages(ctx context.Context) {
	if len(s.o.Feeds) > 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, pagePatience)
	defer cancel()
	for !s.papers.teasersRead(pageQuiet) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pageQuiet / 3):
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
	answer, err := s.sim.Slash(ctx, s.admin, s.digests, "digest run", options)
	if err != nil {
		return nil, fmt.Errorf("run the digest: %w", err)
	}
	messages, err := s.sim.WaitMessages(ctx, s.digests, 1)
	if err != nil {
		return nil, fmt.Errorf("no digest appeared; the bot says %q: %w", spoken(answer.Message), context.Cause(ctx))
	}
	for s.within(ctx, quiet, len(messages)+1) == nil {
		messages = s.sim.Messages(s.digests)
	}
	return messages, nil
}

// spoken is what a message says, for an error.
func spoken(wire json.RawMessage) string {
	text, err := plainText([]discordsim.Message{{JSON: wire}})
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(text)
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
		wire, err := message(m.JSON)
		if err != nil {
			return "", err
		}
		list = append(list, wire)
	}
	return render.PlainText(list), nil
}
