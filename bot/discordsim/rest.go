package discordsim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// errDropped is what a client sees of a connection that broke: the request may
// have been accepted.
var errDropped = errors.New("discordsim: connection reset before the answer")

// call is one REST request on its way through the simulator.
type call struct {
	ctx     context.Context
	method  string
	path    string // below the version
	query   url.Values
	header  http.Header
	gateway string // the gateway's address for whoever sent this
	route   *route
	params  map[string]string
	body    any // decoded JSON, nil without a body
	rawBody []byte
	files   []File
}

// object is the body as an object, empty when it is none.
func (c *call) object() object {
	o, _ := c.body.(object)
	if o == nil {
		o = object{}
	}
	return o
}

// id is a path parameter as a snowflake.
func (c *call) id(name string) int64 { return parseID(c.params[name]) }

// route is one endpoint. The template is the OpenAPI document's.
type route struct {
	method, template string
	serve            func(*Sim, *call) reply // called with s.mu held
	// open: no bot token needed, not counted in the global limit.
	open bool
}

// routes is every endpoint that the simulator serves.
func routes() []route {
	return []route{
		{"GET", "/gateway", (*Sim).getGateway, true},
		{"GET", "/gateway/bot", (*Sim).getGatewayBot, false},
		{"GET", "/users/@me", (*Sim).getSelf, false},
		{"GET", "/users/@me/guilds", (*Sim).getOwnGuilds, false},
		{"POST", "/users/@me/channels", (*Sim).createDM, false},
		{"GET", "/applications/@me", (*Sim).getApplication, false},
		{"GET", "/oauth2/applications/@me", (*Sim).getApplication, false},
		{"GET", "/guilds/{guild_id}", (*Sim).getGuild, false},
		{"GET", "/guilds/{guild_id}/roles", (*Sim).getRoles, false},
		{"GET", "/guilds/{guild_id}/channels", (*Sim).getGuildChannels, false},
		{"GET", "/guilds/{guild_id}/members/{user_id}", (*Sim).getMember, false},
		{"GET", "/guilds/{guild_id}/threads/active", (*Sim).getActiveThreads, false},
		{"GET", "/channels/{channel_id}", (*Sim).getChannel, false},
		{"GET", "/channels/{channel_id}/threads/archived/public", (*Sim).getArchivedThreads, false},
		{"GET", "/channels/{channel_id}/messages", (*Sim).listMessages, false},
		{"POST", "/channels/{channel_id}/messages", (*Sim).createMessage, false},
		{"GET", "/channels/{channel_id}/messages/{message_id}", (*Sim).getMessage, false},
		{"PATCH", "/channels/{channel_id}/messages/{message_id}", (*Sim).editMessage, false},
		{"DELETE", "/channels/{channel_id}/messages/{message_id}", (*Sim).removeMessage, false},
		{"POST", "/channels/{channel_id}/messages/{message_id}/crosspost", (*Sim).crosspost, false},
		{"POST", "/channels/{channel_id}/messages/{message_id}/threads", (*Sim).threadOnMessage, false},
		{"POST", "/channels/{channel_id}/threads", (*Sim).createThread, false},
		{"POST", "/channels/{channel_id}/typing", (*Sim).typing, false},
		{"GET", "/applications/{application_id}/commands", (*Sim).listCommands, false},
		{"PUT", "/applications/{application_id}/commands", (*Sim).putCommands, false},
		{"GET", "/applications/{application_id}/guilds/{guild_id}/commands", (*Sim).listCommands, false},
		{"PUT", "/applications/{application_id}/guilds/{guild_id}/commands", (*Sim).putCommands, false},
		{"POST", "/interactions/{interaction_id}/{interaction_token}/callback", (*Sim).callback, true},
		{"POST", "/webhooks/{webhook_id}/{webhook_token}", (*Sim).followup, true},
		{"GET", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", (*Sim).getReply, true},
		{"PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", (*Sim).editReply, true},
		{"DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", (*Sim).deleteReply, true},
		{"GET", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", (*Sim).getReply, true},
		{"PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", (*Sim).editReply, true},
		{"DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", (*Sim).deleteReply, true},
	}
}

// match finds the endpoint of a path. known is false when no endpoint has the
// path, whatever the method.
func match(method, path string) (r *route, params map[string]string, known bool) {
	for _, candidate := range routes() {
		found, ok := matchTemplate(candidate.template, path)
		if !ok {
			continue
		}
		known = true
		if candidate.method == method {
			return &candidate, found, true
		}
	}
	return nil, nil, known
}

func matchTemplate(template, path string) (map[string]string, bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	params := map[string]string{}
	for i, part := range want {
		switch {
		case strings.HasPrefix(part, "{"):
			if got[i] == "" || strings.HasPrefix(got[i], "@") {
				return nil, false
			}
			params[strings.Trim(part, "{}")] = got[i]
		case part != got[i]:
			return nil, false
		}
	}
	return params, true
}

// answer serves one request from its arrival to its answer. An error is a
// connection that broke, or the end of the request's context.
func (s *Sim) answer(c *call) (reply, error) {
	f, err := s.meet(c)
	if err != nil {
		s.record(c, 0)
		return reply{}, err
	}
	var r reply
	if f == nil || f.reply == nil || f.accepted {
		r = s.handle(c)
	}
	for _, p := range r.problems {
		s.violation(fmt.Sprintf("%s %s: %s", c.method, c.path, p))
	}
	if f != nil && f.reply != nil {
		r = *f.reply
	}
	if f != nil && f.drop {
		s.record(c, 0)
		return reply{}, errDropped
	}
	if s.o.JudgeReplies && r.raw == nil {
		if err := s.doc.judgeReply(c, r); err != nil {
			s.violation(fmt.Sprintf("simulator's own answer %d to %s %s: %v", r.status, c.method, c.path, err))
		}
	}
	s.record(c, r.status)
	return r, nil
}

// handle judges a request and serves it.
func (s *Sim) handle(c *call) reply {
	if r, bad := s.judgeCaller(c); bad {
		return r
	}
	route, params, known := match(c.method, c.path)
	if route == nil {
		r := notFound()
		if known {
			r = refusal(http.StatusMethodNotAllowed, 0, "405: Method Not Allowed")
		}
		r.problems.add("", "NO_ROUTE", "no such endpoint here")
		return r
	}
	c.route, c.params = route, params
	if r, bad := s.limit(c); bad {
		return r
	}
	if ps := judgePath(params); ps.refused() {
		return invalid(ps)
	}
	if r, bad := c.readBody(); bad {
		return r
	}
	if ps := s.doc.judge(c); ps.refused() {
		return invalid(ps)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := route.serve(s, c)
	s.addLimitHeaders(c, &r)
	s.broadcast()
	return r
}

// agentForm is the User-Agent that the reference demands ("User Agent").
var agentForm = regexp.MustCompile(`^DiscordBot \([^\s,()]+, [^\s()]+\)`)

// judgeCaller checks the User-Agent and the bot token.
func (s *Sim) judgeCaller(c *call) (reply, bool) {
	if !agentForm.MatchString(c.header.Get("User-Agent")) {
		r := refusal(http.StatusForbidden, 40333, "internal network error")
		r.problems.add("", "USER_AGENT", "User-Agent %q is not of the form DiscordBot (url, version)", c.header.Get("User-Agent"))
		return r, true
	}
	auth := c.header.Get("Authorization")
	if auth == "Bot "+s.o.Token {
		return reply{}, false
	}
	route, _, _ := match(c.method, c.path)
	if auth == "" && route != nil && route.open {
		return reply{}, false
	}
	r := unauthorized()
	if !strings.HasPrefix(auth, "Bot ") {
		r.problems.add("", "TOKEN", "no bot token: Authorization must be \"Bot TOKEN\"")
	}
	return r, true
}

// judgePath wants a snowflake wherever a path names one.
func judgePath(params map[string]string) problems {
	var ps problems
	for name, v := range params {
		if strings.HasSuffix(name, "_id") && !snowflakeForm.MatchString(v) {
			ps.add(name, "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", v)
		}
	}
	return ps
}

// keptRequests bounds the memory of a simulator that runs for days.
const keptRequests = 10_000

func (s *Sim) record(c *call, status int) {
	var body []byte
	if c.body != nil {
		body = slices.Clone(c.rawBody)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) >= keptRequests {
		s.requests = slices.Delete(s.requests, 0, keptRequests/10)
	}
	s.requests = append(s.requests, Request{
		Method: c.method, Path: c.path, Query: c.query.Encode(), Body: body, At: time.Now(), Status: status,
	})
	s.o.Log.Debug("request", "method", c.method, "path", c.path, "status", status)
}

// newCall reads a request off the wire; it fails only when the body cannot be read.
func newCall(r *http.Request, gateway string) (*call, error) {
	c := &call{ctx: r.Context(), method: r.Method, query: r.URL.Query(), header: r.Header, gateway: gateway}
	path := strings.TrimPrefix(r.URL.Path, "/api")
	if version, rest, found := strings.Cut(strings.TrimPrefix(path, "/"), "/"); found && (version == "v9" || version == "v10") {
		path = "/" + rest
	}
	c.path = path
	if r.Body != nil {
		body, err := io.ReadAll(io.LimitReader(r.Body, 64<<20))
		if err != nil {
			return nil, fmt.Errorf("read request body: %w", err)
		}
		c.rawBody = body
	}
	return c, nil
}
