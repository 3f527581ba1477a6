package discordsim

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// DefaultToken is the bot token of a Sim whose Options name none.
const DefaultToken = "simulated.bot.token"

// Epoch is a moment safely after the beginning of Discord's time. A bubble
// starts in 2000: time.Sleep(time.Until(Epoch)) before making a Sim in one.
var Epoch = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// Options say what a Sim accepts and to whom it complains.
type Options struct {
	// Token is the bot token, DefaultToken when empty.
	Token string
	// OpenAPI is Discord's published OpenAPI document; nil judges by the
	// written-down rules alone. Where many Sims share the document, parse it
	// once with ParseDocument and give Document instead.
	OpenAPI []byte
	// Document is the parsed document; it wins over OpenAPI.
	Document *Document
	// Violation is called, from any goroutine, for each bad request with a
	// sentence that names the request and the rule. nil only logs.
	Violation func(string)
	// JudgeReplies also checks the simulator's own answers against the document.
	JudgeReplies bool
	// Unlimited switches the rate limits off (5 messages in 5 seconds a channel,
	// 50 requests a second in all). RateLimit still works.
	Unlimited bool
	// Heartbeat is the interval asked of clients, 41.25 s when zero.
	Heartbeat time.Duration
	// Log receives a debug line for each request and a warning for each
	// violation; nil discards.
	Log *slog.Logger
}

// Sim is one simulated Discord. Its methods may be called from any goroutine.
type Sim struct {
	o     Options
	doc   *Document
	pipes *pipeListener
	done  chan struct{} // closed by Close
	wg    sync.WaitGroup

	mu         sync.Mutex
	closed     bool
	changed    chan struct{} // closed and replaced at every change: a broadcast
	ids        idSource
	app, bot   int64
	base       string // "http://127.0.0.1:port" once listening
	pipeServer *http.Server
	portServer *http.Server

	guilds       map[int64]*guild
	guildOrder   []int64
	channels     map[int64]*channel
	members      map[int64]*member
	messages     map[int64]*message
	commands     map[int64][]object // by guild, 0 = global, wire form
	files        map[int64]File
	nonces       map[string]nonceUse
	interactions map[int64]*interaction
	tokens       map[string]*interaction
	requests     []Request
	violations   []string
	limits       limits
	faults       faults
	gateway      gatewayState
	log          eventLog
}

// New makes an empty Discord: no guild yet, one bot account with its token.
// A document that cannot be parsed is reported as a violation.
func New(o Options) *Sim {
	if o.Token == "" {
		o.Token = DefaultToken
	}
	if o.Heartbeat == 0 {
		o.Heartbeat = 41250 * time.Millisecond
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Sim{
		o: o, doc: o.Document,
		pipes:        newPipeListener(),
		done:         make(chan struct{}),
		changed:      make(chan struct{}),
		guilds:       map[int64]*guild{},
		channels:     map[int64]*channel{},
		members:      map[int64]*member{},
		messages:     map[int64]*message{},
		commands:     map[int64][]object{},
		files:        map[int64]File{},
		nonces:       map[string]nonceUse{},
		interactions: map[int64]*interaction{},
		tokens:       map[string]*interaction{},
	}
	s.gateway.sessions = map[string]*session{}
	s.gateway.conns = map[*gatewayConn]bool{}
	s.app, s.bot = s.ids.next(), s.ids.next()
	if s.doc == nil && o.OpenAPI != nil {
		doc, err := ParseDocument(o.OpenAPI)
		if err != nil {
			s.violation(fmt.Sprintf("OpenAPI document: %v", err))
		}
		s.doc = doc
	}
	return s
}

// Close ends every connection and waits for every goroutine that s started.
// Close the client first: a client that is still connected sees its
// connection break. Close may be called twice.
func (s *Sim) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	close(s.done)
	conns := s.liveConns()
	pipeServer, portServer := s.pipeServer, s.portServer
	s.mu.Unlock()
	for _, c := range conns {
		c.cut()
	}
	err := s.pipes.Close()
	if pipeServer != nil {
		err = pipeServer.Close()
	}
	if portServer != nil {
		err = portServer.Close()
	}
	s.wg.Wait()
	return err
}

// Token is the bot token that s accepts.
func (s *Sim) Token() string { return s.o.Token }

// ApplicationID is the bot's application. It differs from BotID, as it does
// for Discord's older applications.
func (s *Sim) ApplicationID() int64 { return s.app }

// BotID is the bot's user.
func (s *Sim) BotID() int64 { return s.bot }

// Violations lists every violation so far, oldest first.
func (s *Sim) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.violations...)
}

// Requests lists the REST requests received so far, oldest first; only the
// last 10,000 are kept.
func (s *Sim) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.requests...)
}

// violation records and reports one. The caller must not hold s.mu, since the
// callback may ask s anything.
func (s *Sim) violation(text string) {
	s.mu.Lock()
	s.violations = append(s.violations, text)
	s.emit("violation", object{"text": text})
	s.mu.Unlock()
	s.o.Log.Warn("bad request", "violation", text)
	if s.o.Violation != nil {
		s.o.Violation(text)
	}
}

// broadcast wakes everybody who waits for a change; s.mu is held.
func (s *Sim) broadcast() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// await blocks until ok, called with s.mu held, reports true. The error is
// the context's, or net.ErrClosed when s closes first.
func (s *Sim) await(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		satisfied, changed := ok(), s.changed
		s.mu.Unlock()
		if satisfied {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-s.done:
			return net.ErrClosed
		}
	}
}

// WaitReady blocks until a gateway session has been sent READY or RESUMED and
// is still connected.
func (s *Sim) WaitReady(ctx context.Context) error {
	if err := s.await(ctx, s.connected); err != nil {
		return fmt.Errorf("wait for the bot to connect: %w", err)
	}
	return nil
}

// WaitMessages blocks until the channel holds at least n messages and returns
// them, oldest first.
func (s *Sim) WaitMessages(ctx context.Context, channelID int64, n int) ([]Message, error) {
	var have int
	err := s.await(ctx, func() bool {
		have = len(s.visible(channelID))
		return have >= n
	})
	if err != nil {
		return s.Messages(channelID), fmt.Errorf("wait for %d messages, have %d: %w", n, have, err)
	}
	return s.Messages(channelID), nil
}

// Connected reports whether a gateway session is ready and its connection alive.
func (s *Sim) Connected() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connected()
}
