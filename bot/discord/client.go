package discord

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Options are what a Client needs. Only Token is required.
type Options struct {
	// Token is the bot's token, without "Bot ".
	Token string
	// APIURL is the base address of Discord's REST API, for proxies and
	// simulators; "/api/v10" is added where it names no version. Empty means
	// Discord's own. The gateway's address comes from the API.
	APIURL string
	// Transport carries REST requests; nil means an ordinary one.
	Transport http.RoundTripper
	// Dial opens the gateway's connection; nil means TCP.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Log gets what the operator should know; nil discards it.
	Log *slog.Logger
	// Shard of Shards is this client's share of the guilds; Shards 0 means 1.
	Shard, Shards int
	// Version is Broadsheet's version, for the User-Agent.
	Version string
}

// Client speaks to Discord for one bot. It is safe for concurrent use.
type Client struct{}

// Ready is what Discord says about us when a gateway session begins. Guilds
// are the ids of the servers the bot is in, those of this shard.
type Ready struct {
	ApplicationID, UserID int64
	UserName              string
	Guilds                []int64
}

// Guild is a server; Locale is its language as a BCP 47 tag.
type Guild struct {
	ID     int64
	Name   string
	Locale string
}

// Events are what the program wants to hear; nil functions are skipped. They
// are called one after the other in the order of the gateway, and a panic in
// one is logged. Requests to the Router run side by side.
type Events struct {
	Ready        func(ctx context.Context, r Ready)
	GuildCreated func(ctx context.Context, g Guild)
	// GuildDeleted tells that the bot was removed, not that Discord has an outage.
	GuildDeleted   func(ctx context.Context, guildID int64)
	ChannelDeleted func(ctx context.Context, guildID, channelID int64)
	// ChannelUpdated tells of a changed channel; channelID 0 means any channel
	// of the guild, when a role changed.
	ChannelUpdated func(ctx context.Context, guildID, channelID int64)
	Router         *Router
}

// Identity is who the token belongs to.
type Identity struct {
	ApplicationID, UserID int64
	UserName              string
	// Name is the application's name.
	Name string
}

var errNotBuilt = errors.New("not built yet")

// New returns a client; it does not speak to Discord yet.
func New(o Options) (*Client, error) { return &Client{}, nil }

// Run connects to the gateway and keeps the connection until ctx ends; then it
// returns nil. A *Error with Fatal() ends it early.
func (c *Client) Run(ctx context.Context, ev Events) error { return errNotBuilt }

// Connected reports whether the gateway session is up.
func (c *Client) Connected() bool { return false }

// Send posts m in a channel and returns the message's id.
func (c *Client) Send(ctx context.Context, channelID int64, m Message, nonce string) (int64, error) {
	return 0, errNotBuilt
}

// StartPost starts a post in a forum.
func (c *Client) StartPost(ctx context.Context, forumID int64, title string, tags []int64, m Message) (threadID, messageID int64, err error) {
	return 0, 0, errNotBuilt
}

// Find reads back.
func (c *Client) Find(ctx context.Context, channelID int64, since time.Time, mark int) (messageID int64, found bool, err error) {
	return 0, false, errNotBuilt
}

// Edit replaces a message.
func (c *Client) Edit(ctx context.Context, channelID, messageID int64, m Message) error {
	return errNotBuilt
}

// Delete removes a message.
func (c *Client) Delete(ctx context.Context, channelID, messageID int64) error { return errNotBuilt }

// Crosspost publishes a message of an announcement channel.
func (c *Client) Crosspost(ctx context.Context, channelID, messageID int64) error {
	return errNotBuilt
}

// Register makes Discord's list of our commands equal to cmds.
func (c *Client) Register(ctx context.Context, cmds []Command) (changed bool, err error) {
	return false, errNotBuilt
}

// Channel asks Discord about a channel or thread.
func (c *Client) Channel(ctx context.Context, id int64) (Channel, error) {
	return Channel{}, errNotBuilt
}

// Missing lists the permissions that the bot lacks in a channel.
func (c *Client) Missing(ctx context.Context, guildID, channelID int64) ([]Permission, error) {
	return nil, errNotBuilt
}

// Identity asks Discord who the token belongs to.
func (c *Client) Identity(ctx context.Context) (Identity, error) { return Identity{}, errNotBuilt }

// Attachment reads a file that a person gave with a command.
func (c *Client) Attachment(ctx context.Context, url string, max int64) ([]byte, error) {
	return nil, errNotBuilt
}
