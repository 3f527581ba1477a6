package discordsim

import (
	"log/slog"
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
	// written-down rules alone. Parse it once with ParseDocument and use
	// Document when many Sims share it.
	OpenAPI  []byte
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
	// Log receives a debug line for each request; nil discards.
	Log *slog.Logger
}

// Sim is one simulated Discord. Its methods may be called from any goroutine.
type Sim struct{ o Options }
