package discordsim

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"time"
)

// The kinds of interactions, of answers to them, and how long each may take
// (the reference, "Receiving and Responding").
const (
	interactionCommand      = 2
	interactionComponent    = 3
	interactionAutocomplete = 4
	interactionModal        = 5

	callbackMessage        = 4
	callbackDeferred       = 5
	callbackDeferredUpdate = 6
	callbackUpdate         = 7
	callbackChoices        = 8
	callbackModal          = 9

	firstResponse = 3 * time.Second
	tokenLife     = 15 * time.Minute
)

// interaction is one act of a member and what the bot has answered so far.
type interaction struct {
	id, member, guild, channel int64
	token                      string
	kind                       int
	command                    int   // of a command: its kind
	source                     int64 // the message that the component sits on
	parent                     int64 // the interaction that showed the modal
	focused                    int   // the type of the option being typed
	created                    time.Time

	callback int // 0: not answered yet
	original int64
	replies  []int64
	modal    object
	response Response
	first    chan struct{} // closed at the first response
	settled  chan struct{} // closed when the member has an answer to look at
	done     bool
}

// newInteraction begins an act of a member in a channel; s.mu is held.
func (s *Sim) newInteraction(m *member, ch *channel, kind int) *interaction {
	in := &interaction{
		id: s.ids.next(), member: m.id, guild: ch.guild, channel: ch.id, kind: kind, created: time.Now(),
		first: make(chan struct{}), settled: make(chan struct{}),
	}
	in.token = base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "interaction:%d:%040d", in.id, s.ids.next()))
	in.response.InteractionID = in.id
	s.prune(in.created)
	s.interactions[in.id], s.tokens[in.token] = in, in
	return in
}

// keptInteractions bounds the memory of a simulator that runs for days: beyond
// it those are forgotten whose token has long died.
const keptInteractions = 10_000

func (s *Sim) prune(now time.Time) {
	if len(s.interactions) < keptInteractions {
		return
	}
	for id, in := range s.interactions {
		if now.Sub(in.created) > 4*tokenLife {
			delete(s.interactions, id)
			delete(s.tokens, in.token)
		}
	}
}

// perform sends the interaction to the bot and waits for what it answers.
func (s *Sim) perform(ctx context.Context, in *interaction, data object) (*Response, error) {
	s.mu.Lock()
	payload := s.wireInteraction(in, data)
	s.dispatch(in.guild, 0, "INTERACTION_CREATE", payload)
	s.emit("interaction", object{
		"id": wireID(in.id), "type": in.kind, "member": wireID(in.member), "channel_id": wireID(in.channel),
	})
	s.mu.Unlock()
	if err := s.wait(ctx, in.first, firstResponse); err != nil {
		return nil, fmt.Errorf("interaction %d: %w", in.id, err)
	}
	s.mu.Lock()
	deferred, acknowledged := in.response.Deferred, in.callback == callbackDeferredUpdate
	s.mu.Unlock()
	if deferred {
		err := s.wait(ctx, in.settled, time.Until(in.created.Add(tokenLife)))
		if err != nil && !acknowledged {
			return nil, fmt.Errorf("interaction %d, deferred: %w", in.id, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := in.response
	if m := s.messages[r.MessageID]; m != nil {
		r.Message, r.Ephemeral = encode(s.wireMessage(m)), m.ephemeralTo != 0
	}
	return &r, nil
}

// wait blocks until ready is closed; ErrNoAnswer after limit.
func (s *Sim) wait(ctx context.Context, ready <-chan struct{}, limit time.Duration) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-ready:
		return nil
	case <-timer.C:
		return ErrNoAnswer
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-s.done:
		return net.ErrClosed
	}
}

// settle tells the member that there is an answer; m may be nil.
func (s *Sim) settle(in *interaction, m *message) {
	if in.done {
		return
	}
	in.done = true
	if m != nil {
		in.response.MessageID = m.id
	}
	close(in.settled)
}

// wireInteraction is the payload of INTERACTION_CREATE.
func (s *Sim) wireInteraction(in *interaction, data object) object {
	m, ch := s.members[in.member], s.channels[in.channel]
	o := object{
		"id": wireID(in.id), "application_id": wireID(s.app), "type": in.kind, "token": in.token, "version": 1,
		"channel_id": wireID(ch.id), "channel": s.wireChannel(ch), "locale": m.locale, "entitlements": []any{},
		"app_permissions": wireID(s.permissions(ch)), "attachment_size_limit": 10 << 20, "data": data,
	}
	user := wireUser(m.id, m.name, false)
	if ch.kind == KindDM {
		o["user"], o["context"] = user, 1
		o["authorizing_integration_owners"] = object{"0": "0"}
	} else {
		g := s.guilds[ch.guild]
		member := s.wireMember(g, user)
		member["permissions"] = wireID(s.memberPermissions(m))
		o["member"], o["context"] = member, 0
		o["guild_id"], o["guild_locale"] = wireID(g.id), g.locale
		o["guild"] = object{"id": wireID(g.id), "locale": g.locale, "features": []string{}}
		o["authorizing_integration_owners"] = object{"0": wireID(g.id)}
	}
	if source := s.messages[in.source]; source != nil && in.kind != interactionCommand {
		wire := s.wireMessage(source)
		s.addUnknown(wire)
		o["message"] = wire
	}
	return o
}

// addUnknown puts a component of a type that no client knows into a message,
// when SendUnknownComponents asked for it.
func (s *Sim) addUnknown(wire object) {
	if !s.gateway.unknownComponents {
		return
	}
	had, _ := wire["components"].([]any)
	wire["components"] = append(append([]any{}, had...), object{"type": 99, "id": 4000})
}

// person finds the member and the channel of an act; s.mu is held.
func (s *Sim) person(memberID, channelID int64) (*member, *channel, error) {
	m, ch := s.members[memberID], s.channels[channelID]
	switch {
	case m == nil:
		return nil, nil, fmt.Errorf("%w member %d", ErrUnknown, memberID)
	case ch == nil || ch.deleted:
		return nil, nil, fmt.Errorf("%w channel %d", ErrUnknown, channelID)
	case ch.kind == KindDM && ch.recipient != memberID, ch.kind != KindDM && ch.guild != m.guild:
		return nil, nil, fmt.Errorf("%w channel %d to member %d", ErrUnknown, channelID, memberID)
	case ch.kind == KindForum:
		return nil, nil, fmt.Errorf("%w: a forum takes no commands, its posts do", ErrInput)
	case ch.kind != KindDM && s.guilds[ch.guild].removed:
		return nil, nil, fmt.Errorf("%w: the bot is not in the guild", ErrForbidden)
	}
	return m, ch, nil
}
