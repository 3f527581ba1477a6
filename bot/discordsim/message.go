package discordsim

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The message flags that matter here (Discord's reference, "Message Flags").
const (
	flagCrossposted   = 1 << 0
	flagSuppress      = 1 << 2
	flagHasThread     = 1 << 5
	flagEphemeral     = 1 << 6
	flagLoading       = 1 << 7
	flagSilent        = 1 << 12
	flagVoice         = 1 << 13
	flagComponentsV2  = 1 << 15
	flagsOnCreate     = flagSuppress | flagSilent | flagVoice | flagComponentsV2
	flagsOnEdit       = flagSuppress | flagComponentsV2
	nonceLife         = 2 * time.Minute
	messagesPerAnswer = 100
)

type message struct {
	id, channel, author int64
	kind                int
	content             string
	embeds, components  []any
	flags               int
	nonce               any
	pings               []string
	attachments         []object
	files               []File
	posted, edited      time.Time
	interaction         *interaction // whose answer it is, or nil
	ephemeralTo         int64
	thread              int64
	deleted             bool
}

type nonceUse struct {
	message int64
	at      time.Time
}

// Messages lists the channel's messages that everybody sees, oldest first.
func (s *Sim) Messages(channelID int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.visible(channelID) {
		out = append(out, s.export(m))
	}
	return out
}

// Message returns one message by its id, ephemeral ones too. ok is false when
// it does not exist or was deleted.
func (s *Sim) Message(messageID int64) (m Message, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.messages[messageID]
	if found == nil || found.deleted {
		return Message{}, false
	}
	return s.export(found), true
}

// Replies lists the messages that answered an interaction: the original, then
// its followups, as they are now.
func (s *Sim) Replies(interactionID int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.interactions[interactionID]
	if in == nil {
		return nil
	}
	var out []Message
	for _, id := range in.replies {
		if m := s.messages[id]; !m.deleted {
			out = append(out, s.export(m))
		}
	}
	return out
}

// PostAs posts a plain message as a member and returns its id.
func (s *Sim) PostAs(memberID, channelID int64, content string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustMember(memberID)
	m := &message{author: memberID, content: content, embeds: []any{}, components: []any{}}
	s.post(s.mustChannel(channelID), m)
	return m.id
}

// visible are the living, public messages of a channel; s.mu is held.
func (s *Sim) visible(channelID int64) []*message {
	c := s.channels[channelID]
	if c == nil {
		return nil
	}
	var out []*message
	for _, id := range c.messages {
		if m := s.messages[id]; !m.deleted && m.ephemeralTo == 0 {
			out = append(out, m)
		}
	}
	return out
}

// post stores a new message, tells the gateway and the control page. It makes
// an id unless the message has one.
func (s *Sim) post(c *channel, m *message) {
	if m.id == 0 {
		m.id = s.ids.next()
	}
	m.channel, m.posted = c.id, time.Now()
	s.messages[m.id] = m
	c.messages = append(c.messages, m.id)
	c.archived = false
	if m.ephemeralTo == 0 {
		c.last = m.id
		s.dispatch(c.guild, intentGuildMessages, "MESSAGE_CREATE", s.seen(m))
	}
	s.emitMessage("message", m)
}

func (s *Sim) touch(m *message) {
	m.edited = time.Now()
	if m.ephemeralTo == 0 {
		s.dispatch(s.channels[m.channel].guild, intentGuildMessages, "MESSAGE_UPDATE", s.seen(m))
	}
	s.emitMessage("edit", m)
}

func (s *Sim) deleteMessage(m *message) {
	m.deleted = true
	s.dispatch(s.channels[m.channel].guild, intentGuildMessages, "MESSAGE_DELETE",
		object{"id": wireID(m.id), "channel_id": wireID(m.channel)})
	s.emit("delete", object{"id": wireID(m.id), "channel_id": wireID(m.channel)})
}

func (s *Sim) emitMessage(event string, m *message) {
	e := object{"channel_id": wireID(m.channel), "message": s.wireMessage(m)}
	if m.ephemeralTo != 0 {
		e["ephemeral_to"] = wireID(m.ephemeralTo)
	}
	if m.interaction != nil {
		e["interaction_id"] = wireID(m.interaction.id)
	}
	s.emit(event, e)
}

func (s *Sim) export(m *message) Message {
	out := Message{
		ID: m.id, ChannelID: m.channel, AuthorID: m.author, Content: m.content, Flags: m.flags,
		Posted: m.posted, Edited: m.edited, Crossposted: m.flags&flagCrossposted != 0,
		EphemeralTo: m.ephemeralTo, Pings: slices.Clone(m.pings), JSON: encode(s.wireMessage(m)),
		Files: slices.Clone(m.files),
	}
	switch n := m.nonce.(type) {
	case string:
		out.Nonce = n
	case json.Number:
		out.Nonce = n.String()
	}
	return out
}

// wireMessage is the message as Discord would send it; s.mu is held.
func (s *Sim) wireMessage(m *message) object {
	mentions, roles := []object{}, []string{}
	for _, p := range m.pings {
		if u := s.members[parseID(p)]; u != nil {
			mentions = append(mentions, wireUser(u.id, u.name, false))
		} else if parseID(p) != 0 {
			roles = append(roles, p)
		}
	}
	o := object{
		"id": wireID(m.id), "channel_id": wireID(m.channel), "type": m.kind, "content": m.content,
		"author": s.wireAuthor(m.author), "timestamp": wireTime(m.posted), "edited_timestamp": nil,
		"tts": false, "pinned": false, "flags": m.flags, "embeds": m.embeds, "components": m.components,
		"attachments": orEmpty(m.attachments), "mentions": mentions, "mention_roles": roles,
		"mention_everyone": slices.Contains(m.pings, "everyone") || slices.Contains(m.pings, "here"),
	}
	if !m.edited.IsZero() {
		o["edited_timestamp"] = wireTime(m.edited)
	}
	if m.nonce != nil {
		o["nonce"] = m.nonce
	}
	if t := s.channels[m.thread]; t != nil && !t.deleted {
		o["thread"] = s.wireChannel(t)
	}
	if m.interaction != nil {
		s.addInteraction(o, m.interaction)
	}
	return o
}

// seen is the message as the bot sees it. Without the privileged intent
// MESSAGE_CONTENT, which it may not have, that is what others wrote without
// what they wrote, except in direct messages and where they mention it.
func (s *Sim) seen(m *message) object {
	o := s.wireMessage(m)
	if m.author == s.bot || s.channels[m.channel].kind == KindDM || strings.Contains(m.content, "<@"+wireID(s.bot)+">") {
		return o
	}
	o["content"] = ""
	o["embeds"], o["components"], o["attachments"] = []any{}, []any{}, []any{}
	return o
}

func (s *Sim) addInteraction(o object, in *interaction) {
	o["webhook_id"], o["application_id"] = wireID(s.app), wireID(s.app)
	u := s.members[in.member]
	meta := object{
		"id": wireID(in.id), "type": in.kind, "user": wireUser(u.id, u.name, false),
		"authorizing_integration_owners": object{"0": wireID(in.guild)},
	}
	switch in.kind {
	case interactionComponent:
		meta["interacted_message_id"] = wireID(in.source)
	case interactionModal:
		meta["triggering_interaction_metadata"] = object{
			"id": wireID(in.parent), "type": interactionCommand, "user": wireUser(u.id, u.name, false),
			"authorizing_integration_owners": object{"0": wireID(in.guild)},
		}
	}
	o["interaction_metadata"] = meta
}

func orEmpty(l []object) []object {
	if l == nil {
		return []object{}
	}
	return l
}

var mentionForm = regexp.MustCompile(`@everyone|@here|<@&?!?[0-9]+>`)

// pings computes whom a message notifies: what its text names and its
// allowed_mentions admits. Without allowed_mentions everything is admitted,
// except that webhooks and interactions admit users alone.
func (s *Sim) pings(c *channel, body object, fromInteraction bool) []string {
	allowed := child(body, "allowed_mentions")
	admits := func(kind, listed, id string) bool {
		if allowed == nil {
			return kind == "users" || !fromInteraction
		}
		if slices.Contains(list(allowed, "parse"), any(kind)) {
			return true
		}
		return listed != "" && slices.Contains(list(allowed, listed), any(id))
	}
	var out []string
	for _, found := range mentionForm.FindAllString(mentionable(body), -1) {
		id := strings.Trim(found, "<@&!>")
		ok := false
		switch {
		case strings.HasPrefix(found, "@"):
			ok = s.permissions(c)&MentionEveryone != 0 && admits("everyone", "", "")
		case strings.HasPrefix(found, "<@&"):
			r := (*role)(nil)
			if g := s.guilds[c.guild]; g != nil {
				r = g.role(parseID(id))
			}
			ok = r != nil && (r.mentionable || s.permissions(c)&MentionEveryone != 0) && admits("roles", "roles", id)
		default:
			ok = s.members[parseID(id)] != nil && admits("users", "users", id)
		}
		if ok && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// mentionable is the text of a message in which mentions notify: its content
// and its text displays, but never its embeds.
func mentionable(body object) string {
	var b strings.Builder
	b.WriteString(text(body, "content"))
	walkComponents(objects(body, "components"), "components", func(_ string, c object, _ int) {
		if integer(c, "type") == typeTextDisplay {
			b.WriteString("\n" + text(c, "content"))
		}
	})
	return b.String()
}
