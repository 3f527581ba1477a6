package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
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
	// Homepage is an address where the operator can be found, for the
	// User-Agent that Discord asks for.
	Homepage string
}

const (
	defaultAPI      = "https://discord.com/api/v10"
	defaultHomepage = "https://broadsheet.example"
	// grace is how long requests that are being answered when Run's context
	// ends may still take.
	grace = 5 * time.Second
)

// Client speaks to Discord for one bot. It is safe for concurrent use.
type Client struct {
	log       *slog.Logger
	token     string
	dial      func(ctx context.Context, network, addr string) (net.Conn, error)
	shard     int
	shards    int
	transport *transport
	base      *url.URL
	// rest only carries requests; each gateway connection has a session of
	// its own (see connect).
	rest *discordgo.Session
	// outside carries downloads of attachments, which know no limits and must
	// not get the token.
	outside http.RoundTripper

	self        atomic.Int64 // our user id, 0 until known
	application atomic.Int64
	connected   atomic.Bool
}

// New returns a client; it does not speak to Discord yet. It fails when the
// token is empty or the API's address is not one.
func New(o Options) (*Client, error) {
	if strings.TrimSpace(o.Token) == "" {
		return nil, errors.New("discord: no token")
	}
	base, err := apiBase(o.APIURL)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport.(*http.Transport).Clone()
	}
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: 20 * time.Second}).DialContext
	}
	c := &Client{
		log: o.Log, token: "Bot " + strings.TrimSpace(o.Token), dial: o.Dial,
		shard: o.Shard, shards: max(1, o.Shards), base: base, outside: o.Transport,
	}
	if c.shard < 0 || c.shard >= c.shards {
		return nil, fmt.Errorf("discord: shard %d of %d", c.shard, c.shards)
	}
	c.transport = &transport{
		next: o.Transport, base: base, log: o.Log, limits: newLimiter(o.Log),
		userAgent: userAgent(o.Homepage, o.Version),
	}
	c.rest, err = c.session(c.transport)
	return c, err
}

// session returns a discordgo session whose own retries, limits, logs and
// caches are off.
func (c *Client) session(rt http.RoundTripper) (*discordgo.Session, error) {
	s, err := discordgo.New(c.token)
	if err != nil {
		return nil, fmt.Errorf("begin discord session: %w", err)
	}
	s.Client = &http.Client{Transport: rt}
	s.UserAgent = c.transport.userAgent
	s.ShouldRetryOnRateLimit = false
	s.ShouldReconnectOnError = false
	s.ShouldReconnectVoiceOnSessionError = false
	s.MaxRestRetries = 0
	s.StateEnabled = false
	s.LogLevel = discordgo.LogError - 1 // its logs go to standard error; ours replace them
	s.Identify.Intents = discordgo.IntentsGuilds
	s.ShardID, s.ShardCount = c.shard, c.shards
	return s, nil
}

// apiBase checks the API's address and completes it with a version.
func apiBase(s string) (*url.URL, error) {
	if s == "" {
		s = defaultAPI
	}
	u, err := url.Parse(strings.TrimSuffix(s, "/"))
	if err != nil {
		return nil, fmt.Errorf("address of Discord's API: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("address of Discord's API %q: want http://… or https://…", s)
	}
	last := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	switch {
	case len(last) > 1 && last[0] == 'v' && digits(last[1:]):
	case last == "api":
		u.Path += "/v10"
	default:
		u.Path += "/api/v10"
	}
	return u, nil
}

// userAgent returns the form that Discord demands: DiscordBot (url, version).
func userAgent(homepage, version string) string {
	if homepage == "" {
		homepage = defaultHomepage
	}
	if version == "" {
		version = "0"
	}
	return fmt.Sprintf("DiscordBot (%s, %s)", homepage, version)
}

// Connected reports whether the gateway session is up.
func (c *Client) Connected() bool { return c.connected.Load() }

// Identity is who the token belongs to.
type Identity struct {
	ApplicationID, UserID int64
	UserName              string
	// Name is the application's name.
	Name string
}

// Identity asks Discord who the token belongs to; an error with Fatal() means
// that the token is wrong.
func (c *Client) Identity(ctx context.Context) (Identity, error) {
	var user struct {
		ID       int64  `json:"id,string"`
		Username string `json:"username"`
	}
	if err := c.do(ctx, http.MethodGet, "users/@me", nil, &user); err != nil {
		return Identity{}, fmt.Errorf("ask who the token belongs to: %w", err)
	}
	var app struct {
		ID   int64  `json:"id,string"`
		Name string `json:"name"`
	}
	if err := c.do(ctx, http.MethodGet, "applications/@me", nil, &app); err != nil {
		return Identity{}, fmt.Errorf("ask for the application: %w", err)
	}
	c.self.Store(user.ID)
	c.application.Store(app.ID)
	return Identity{ApplicationID: app.ID, UserID: user.ID, UserName: user.Username, Name: app.Name}, nil
}

// selfID returns our user's id.
func (c *Client) selfID(ctx context.Context) (int64, error) {
	if id := c.self.Load(); id != 0 {
		return id, nil
	}
	me, err := c.Identity(ctx)
	return me.UserID, err
}

// applicationID returns our application's id.
func (c *Client) applicationID(ctx context.Context) (int64, error) {
	if id := c.application.Load(); id != 0 {
		return id, nil
	}
	me, err := c.Identity(ctx)
	return me.ApplicationID, err
}
