package discordsim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// Control is an HTTP handler through which another process, or a web page,
// acts as a member and sees what members see. Ids are decimal strings, as on
// Discord's wire. Errors are {"error": "a sentence"} with a fitting status.
//
//	GET /state
//	    {"api_url", "token", "application_id", "bot": user, "connected": bool,
//	     "guilds": [{"id", "name", "locale", "removed",
//	       "channels": [{"id", "name", "type", "parent_id"}],
//	       "members": [{"id", "name", "locale", "permissions", "admin"}],
//	       "roles": [{"id", "name"}]}],
//	     "commands": [Discord's wire form, with options, choices, localisations],
//	     "violations": ["…"], "last_event": 12}
//	    type is a Kind constant; threads are channels with a parent_id; admin
//	    means that the member may use commands that need Manage Server.
//	GET /channels/{id}/messages?member=ID&after=ID&limit=N
//	    {"messages": [entry]}, oldest first; with member also what only that
//	    member sees. entry is {"message": Discord's wire form, "ephemeral_to"?,
//	    "interaction_id"?}; flag 128 in message.flags is "thinking…".
//	GET /messages/{id}
//	    one entry.
//	GET /interactions/{id}/replies
//	    {"messages": [entry]}: the original reply and its followups.
//	GET /members/{id}/dms
//	    {"messages": [entry]}: what the bot wrote to the member privately.
//	POST /act
//	    {"act": "slash", "member", "channel", "command": "feeds add",
//	     "options": {name: value}, "unchecked"?: true}
//	    {"act": "autocomplete", … as slash …, "focused": "url"}
//	    {"act": "press", "member", "message", "custom_id"}
//	    {"act": "choose", "member", "message", "custom_id", "values": ["…"]}
//	    {"act": "modal", "member", "interaction", "fields": {custom_id: text}}
//	    {"act": "menu", "member", "channel", "message", "command": "Save article"}
//	    {"act": "post", "member", "channel", "content"}
//	    Option values are JSON values; ids as strings; a file is {"filename",
//	    "content_type", "data": base64}. Waits for the bot and answers
//	    {"interaction", "deferred", "ephemeral", "update", "message"?: wire
//	     form, "message_id"?, "modal"?: {"custom_id","title","components"},
//	     "choices"?: [{"name","value"}], "first_ms"}.
//	    403: the member may not; 404: no such thing; 422: input refused;
//	    504: "the application did not respond".
//	POST /world
//	    changes the world: {"do": "add_guild", "name", "locale"}, {"do":
//	    "add_channel", "guild", "name", "type"}, {"do": "add_thread",
//	    "channel", "name"}, {"do": "add_member", "guild", "name",
//	    "permissions"} answer {"id"}; {"do": "set_permissions", "channel",
//	    "permissions"}, {"do": "delete_channel", "channel"}, {"do":
//	    "delete_message", "message"}, {"do": "remove_guild", "guild"} {}.
//	POST /fault
//	    scripts a fault: {"fault": "fail", "match", "status", "code"?,
//	    "accepted"?, "times"}, "delay" and "rate_limit" with "seconds" (and "limit":
//	    user, global, shared or html), "drop" {"match", "times"}, "outage"
//	    and "silence_acks" {"on"}, "cut_gateway", "close_gateway" {"code"},
//	    "refuse_gateway" {"code", "times"}, "op7", "op7_before_ready" and
//	    "no_hello" {"times"}, "op9" {"resumable"}, "clear".
//	GET /requests
//	    {"requests": [{"method", "path", "body", "status", "at"}]}, the last 10,000.
//	GET /events
//	    server-sent events, with id and event lines and JSON data: message,
//	    edit ({"channel_id", "message", "ephemeral_to"?, "interaction_id"?}),
//	    delete ({"id", "channel_id"}), interaction, response, commands, guild,
//	    guild_removed, channel, channel_deleted, member, gateway
//	    ({"connected"}), violation ({"text"}). Last-Event-ID (or ?after=N)
//	    replays what is still kept, the last 1,000.
//
// POST bodies must be sent as application/json, so that a page of another
// origin cannot post without being asked first.
func (s *Sim) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, r *http.Request) { writeJSON(w, http.StatusOK, s.controlState()) })
	mux.HandleFunc("GET /channels/{id}/messages", s.controlMessages)
	mux.HandleFunc("GET /messages/{id}", s.controlMessage)
	mux.HandleFunc("GET /interactions/{id}/replies", s.controlReplies)
	mux.HandleFunc("GET /members/{id}/dms", s.controlDMs)
	mux.HandleFunc("GET /requests", s.controlRequests)
	mux.HandleFunc("GET /events", s.controlEvents)
	mux.HandleFunc("POST /act", s.controlAct)
	mux.HandleFunc("POST /world", s.controlWorld)
	mux.HandleFunc("POST /fault", s.controlFault)
	return mux
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// The client may be gone; there is nobody left to tell.
	_, _ = w.Write(append(encode(v), '\n'))
}

func writeError(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	switch {
	case errors.Is(err, ErrForbidden):
		status = http.StatusForbidden
	case errors.Is(err, ErrUnknown):
		status = http.StatusNotFound
	case errors.Is(err, ErrInput):
		status = http.StatusUnprocessableEntity
	case errors.Is(err, ErrNoAnswer):
		status = http.StatusGatewayTimeout
	}
	writeJSON(w, status, object{"error": err.Error()})
}

// readControl decodes a POST body; false when it answered with an error.
func readControl(w http.ResponseWriter, r *http.Request, into any) bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		writeJSON(w, http.StatusUnsupportedMediaType, object{"error": "send application/json"})
		return false
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 32<<20))
	if err != nil {
		writeJSON(w, http.StatusRequestEntityTooLarge, object{"error": err.Error()})
		return false
	}
	if err := json.Unmarshal(b, into); err != nil {
		writeError(w, fmt.Errorf("read body: %w", err))
		return false
	}
	return true
}

func (s *Sim) controlState() object {
	s.mu.Lock()
	defer s.mu.Unlock()
	guilds, commands := []object{}, []object{}
	for _, id := range s.guildOrder {
		guilds = append(guilds, s.controlGuild(s.guilds[id]))
	}
	for _, scope := range append([]int64{0}, s.guildOrder...) {
		commands = append(commands, s.commands[scope]...)
	}
	o := object{
		"api_url": nil, "token": s.o.Token, "application_id": wireID(s.app), "bot": s.wireBot(),
		"connected": s.connected(), "guilds": guilds, "commands": commands,
		"violations": append([]string{}, s.violations...), "last_event": s.log.last,
	}
	if s.base != "" {
		o["api_url"] = s.base + "/api"
	}
	return o
}

func (s *Sim) controlGuild(g *guild) object {
	channels, members, roles := []object{}, []object{}, []object{}
	for _, id := range g.channels {
		c := s.channels[id]
		if c.deleted {
			continue
		}
		o := object{"id": wireID(c.id), "name": c.name, "type": c.kind, "parent_id": nil}
		if c.parent != 0 {
			o["parent_id"] = wireID(c.parent)
		}
		channels = append(channels, o)
	}
	for _, id := range g.members {
		m := s.members[id]
		have := s.memberPermissions(m)
		members = append(members, object{
			"id": wireID(m.id), "name": m.name, "locale": m.locale, "permissions": wireID(have), "admin": have&ManageGuild != 0,
		})
	}
	for _, r := range g.roles {
		roles = append(roles, object{"id": wireID(r.id), "name": r.name})
	}
	return object{
		"id": wireID(g.id), "name": g.name, "locale": g.locale, "removed": g.removed,
		"channels": channels, "members": members, "roles": roles,
	}
}

// entry is a message as the control endpoint shows it; s.mu is held.
func (s *Sim) entry(m *message) object {
	o := object{"message": s.wireMessage(m)}
	if m.ephemeralTo != 0 {
		o["ephemeral_to"] = wireID(m.ephemeralTo)
	}
	if m.interaction != nil {
		o["interaction_id"] = wireID(m.interaction.id)
	}
	return o
}

func (s *Sim) controlMessages(w http.ResponseWriter, r *http.Request) {
	member, after := parseID(r.URL.Query().Get("member")), parseID(r.URL.Query().Get("after"))
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit < 1 {
		limit = 1000
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[parseID(r.PathValue("id"))]
	if c == nil || c.deleted {
		writeError(w, fmt.Errorf("%w channel %s", ErrUnknown, r.PathValue("id")))
		return
	}
	entries := []object{}
	for _, id := range c.messages {
		if m := s.messages[id]; !m.deleted && m.id > after && (m.ephemeralTo == 0 || m.ephemeralTo == member) {
			entries = append(entries, s.entry(m))
		}
	}
	writeJSON(w, http.StatusOK, object{"messages": entries[max(len(entries)-limit, 0):]})
}

func (s *Sim) controlMessage(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.messages[parseID(r.PathValue("id"))]
	if m == nil || m.deleted {
		writeError(w, fmt.Errorf("%w message %s", ErrUnknown, r.PathValue("id")))
		return
	}
	writeJSON(w, http.StatusOK, s.entry(m))
}

func (s *Sim) controlReplies(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.interactions[parseID(r.PathValue("id"))]
	if in == nil {
		writeError(w, fmt.Errorf("%w interaction %s", ErrUnknown, r.PathValue("id")))
		return
	}
	entries := []object{}
	for _, id := range in.replies {
		if m := s.messages[id]; !m.deleted {
			entries = append(entries, s.entry(m))
		}
	}
	writeJSON(w, http.StatusOK, object{"messages": entries})
}

func (s *Sim) controlDMs(w http.ResponseWriter, r *http.Request) {
	entries := []object{}
	for _, m := range s.DirectMessages(parseID(r.PathValue("id"))) {
		entries = append(entries, object{"message": m.JSON})
	}
	writeJSON(w, http.StatusOK, object{"messages": entries})
}

func (s *Sim) controlRequests(w http.ResponseWriter, _ *http.Request) {
	out := []object{}
	for _, r := range s.Requests() {
		out = append(out, object{"method": r.Method, "path": r.Path, "body": r.Body, "status": r.Status, "at": r.At.Format(time.RFC3339Nano)})
	}
	writeJSON(w, http.StatusOK, object{"requests": out})
}

// actRequest is the body of POST /act.
type actRequest struct {
	Act         string            `json:"act"`
	Member      int64             `json:"member,string"`
	Channel     int64             `json:"channel,string"`
	Message     int64             `json:"message,string"`
	Interaction int64             `json:"interaction,string"`
	Command     string            `json:"command"`
	Options     json.RawMessage   `json:"options"`
	Unchecked   bool              `json:"unchecked"`
	Focused     string            `json:"focused"`
	CustomID    string            `json:"custom_id"`
	Values      []string          `json:"values"`
	Fields      map[string]string `json:"fields"`
	Content     string            `json:"content"`
}

func (s *Sim) controlAct(w http.ResponseWriter, r *http.Request) {
	var a actRequest
	if !readControl(w, r, &a) {
		return
	}
	answer, err := s.act(r.Context(), &a)
	if err != nil {
		writeError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

func (s *Sim) act(ctx context.Context, a *actRequest) (object, error) {
	var options object
	if len(a.Options) > 0 {
		v, err := decodeJSON(a.Options)
		if err != nil {
			return nil, err
		}
		options, _ = v.(object)
	}
	var r *Response
	var err error
	switch a.Act {
	case "slash":
		run := s.Slash
		if a.Unchecked {
			run = s.SlashUnchecked
		}
		r, err = run(ctx, a.Member, a.Channel, a.Command, options)
	case "autocomplete":
		choices, err := s.Autocomplete(ctx, a.Member, a.Channel, a.Command, options, a.Focused)
		return object{"choices": append([]Choice{}, choices...)}, err
	case "press":
		r, err = s.Press(ctx, a.Member, a.Message, a.CustomID)
	case "choose":
		r, err = s.Choose(ctx, a.Member, a.Message, a.CustomID, a.Values...)
	case "modal":
		r, err = s.SubmitModal(ctx, a.Member, a.Interaction, a.Fields)
	case "menu":
		r, err = s.MessageMenu(ctx, a.Member, a.Channel, a.Message, a.Command)
	case "post":
		return s.controlPost(a)
	default:
		return nil, fmt.Errorf("%w act %q", ErrUnknown, a.Act)
	}
	if err != nil {
		return nil, err
	}
	return wireResponse(r), nil
}

func (s *Sim) controlPost(a *actRequest) (object, error) {
	s.mu.Lock()
	_, _, err := s.person(a.Member, a.Channel)
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return object{"message_id": wireID(s.PostAs(a.Member, a.Channel, a.Content))}, nil
}

func wireResponse(r *Response) object {
	o := object{
		"interaction": wireID(r.InteractionID), "deferred": r.Deferred, "ephemeral": r.Ephemeral,
		"update": r.Update, "first_ms": r.FirstAfter.Milliseconds(),
	}
	if r.MessageID != 0 {
		o["message_id"], o["message"] = wireID(r.MessageID), r.Message
	}
	if r.Modal != nil {
		o["modal"] = r.Modal
	}
	if r.Choices != nil {
		o["choices"] = r.Choices
	}
	return o
}
