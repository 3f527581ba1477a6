package discordsim

import (
	"net/http"
	"slices"
	"time"
)

// callback is the first response to an interaction.
func (s *Sim) callback(c *call) reply {
	in := s.interactions[c.id("interaction_id")]
	switch {
	case in == nil || in.token != c.params["interaction_token"]:
		return unknownInteraction()
	case in.callback != 0:
		return alreadyAnswered()
	case time.Since(in.created) >= firstResponse:
		return unknownInteraction()
	}
	body := c.object()
	kind, data := integer(body, "type"), child(body, "data")
	if data == nil {
		data = object{}
	}
	ps := s.judgeCallback(in, kind, data, c.files)
	if ps.refused() {
		return invalid(ps)
	}
	in.callback = kind
	in.response.FirstAfter = time.Since(in.created)
	m := s.accept(in, kind, data, c.files)
	close(in.first)
	s.emit("response", object{"interaction_id": wireID(in.id), "type": kind})
	if c.query.Get("with_response") == "true" {
		return ok(s.callbackResponse(in, kind, m)).with(ps)
	}
	return noContent().with(ps)
}

// accepts is the table of which answer fits which interaction.
func (in *interaction) accepts(kind int) bool {
	onMessage := in.kind == interactionComponent || in.kind == interactionModal && in.source != 0
	switch kind {
	case callbackMessage, callbackDeferred:
		return in.kind != interactionAutocomplete
	case callbackDeferredUpdate, callbackUpdate:
		return onMessage
	case callbackChoices:
		return in.kind == interactionAutocomplete
	case callbackModal:
		return in.kind == interactionCommand || in.kind == interactionComponent
	}
	return false
}

func (s *Sim) judgeCallback(in *interaction, kind int, data object, files []File) problems {
	var ps problems
	if !in.accepts(kind) {
		ps.add("type", "BASE_TYPE_CHOICES", "Callback type %d does not answer interaction type %d.", kind, in.kind)
		return ps
	}
	var found problems
	switch kind {
	case callbackMessage:
		found = judgeMessage(data, place{interaction: true, files: files})
	case callbackDeferred:
		found = judgeMessage(data, place{interaction: true, deferral: true})
	case callbackUpdate:
		found = judgeMessage(data, place{interaction: true, was: s.messages[in.source], files: files})
	case callbackChoices:
		return judgeChoices(data, in.focused)
	case callbackModal:
		return judgeModal(data)
	}
	for _, p := range found {
		p.path = at("data", p.path)
		ps = append(ps, p)
	}
	return ps
}

// accept carries out a first response and returns the message it made or changed.
func (s *Sim) accept(in *interaction, kind int, data object, files []File) *message {
	ch := s.channels[in.channel]
	switch kind {
	case callbackMessage:
		m := s.replyMessage(in, data, files)
		in.original = m.id
		s.settle(in, m)
		return m
	case callbackDeferred:
		in.response.Deferred = true
		m := s.replyMessage(in, object{"flags": data["flags"]}, nil)
		in.original = m.id
		return m
	case callbackDeferredUpdate:
		in.response.Deferred, in.response.Update, in.original = true, true, in.source
	case callbackUpdate:
		m := s.messages[in.source]
		in.response.Update, in.original = true, m.id
		s.fill(ch, m, data, files, true)
		s.touch(m)
		s.settle(in, m)
		return m
	case callbackChoices:
		for _, choice := range objects(data, "choices") {
			in.response.Choices = append(in.response.Choices, Choice{Name: text(choice, "name"), Value: choice["value"]})
		}
		s.settle(in, nil)
	case callbackModal:
		in.modal = data
		in.response.Modal = encode(data)
		s.settle(in, nil)
	}
	return nil
}

// replyMessage posts a message of the interaction's webhook. One without a
// body is the "thinking" of a deferral.
func (s *Sim) replyMessage(in *interaction, data object, files []File) *message {
	ch := s.channels[in.channel]
	m := &message{author: s.bot, interaction: in}
	switch {
	case in.kind == interactionCommand && in.command == commandChat:
		m.kind = 20
	case in.kind == interactionCommand:
		m.kind = 23
	}
	s.fill(ch, m, data, files, true)
	if in.callback == callbackDeferred && in.original == 0 {
		m.flags |= flagLoading
	}
	if m.flags&flagEphemeral != 0 {
		m.ephemeralTo = in.member
	}
	s.post(ch, m)
	in.replies = append(in.replies, m.id)
	return m
}

func (s *Sim) callbackResponse(in *interaction, kind int, m *message) object {
	o := object{"interaction": object{"id": wireID(in.id), "type": in.kind}}
	if m == nil {
		return o
	}
	o["interaction"].(object)["response_message_id"] = wireID(m.id)
	o["interaction"].(object)["response_message_loading"] = m.flags&flagLoading != 0
	o["interaction"].(object)["response_message_ephemeral"] = m.ephemeralTo != 0
	if kind == callbackMessage || kind == callbackUpdate {
		o["resource"] = object{"type": kind, "message": s.wireMessage(m)}
	}
	return o
}

// withToken finds the interaction of a webhook's address.
func (s *Sim) withToken(c *call, serve func(in *interaction) reply) reply {
	if c.id("webhook_id") != s.app {
		return unknownWebhook()
	}
	in := s.tokens[c.params["webhook_token"]]
	switch {
	case in == nil || time.Since(in.created) >= tokenLife:
		return deadToken()
	case in.callback == 0:
		return unknownWebhook()
	}
	return serve(in)
}

// followup posts another message. The first one after a deferral completes it.
func (s *Sim) followup(c *call) reply {
	return s.withToken(c, func(in *interaction) reply {
		if m := s.messages[in.original]; m != nil && m.flags&flagLoading != 0 && !m.deleted {
			return s.complete(c, in, m)
		}
		body := c.object()
		ps := judgeMessage(body, place{interaction: true, files: c.files})
		if ps.refused() {
			return invalid(ps)
		}
		m := s.replyMessage(in, body, c.files)
		s.settle(in, m)
		return ok(s.wireMessage(m)).with(ps)
	})
}

// complete edits a message of the interaction; a "thinking" one becomes real.
func (s *Sim) complete(c *call, in *interaction, m *message) reply {
	body := c.object()
	ps := judgeMessage(body, place{interaction: true, was: m, files: c.files})
	if ps.refused() {
		return invalid(ps)
	}
	thinking := m.flags&flagLoading != 0
	m.flags &^= flagLoading
	s.fill(s.channels[m.channel], m, body, c.files, true)
	s.touch(m)
	if thinking {
		m.edited = time.Time{}
	}
	s.settle(in, m)
	return ok(s.wireMessage(m)).with(ps)
}

// withReply finds the message that a webhook's address names.
func (s *Sim) withReply(c *call, serve func(in *interaction, m *message) reply) reply {
	return s.withToken(c, func(in *interaction) reply {
		id := in.original
		if _, named := c.params["message_id"]; named {
			id = c.id("message_id")
			if id != in.original && !slices.Contains(in.replies, id) {
				return unknownMessage()
			}
		}
		m := s.messages[id]
		if m == nil || m.deleted {
			return unknownMessage()
		}
		return serve(in, m)
	})
}

func (s *Sim) getReply(c *call) reply {
	return s.withReply(c, func(_ *interaction, m *message) reply { return ok(s.wireMessage(m)) })
}

func (s *Sim) editReply(c *call) reply {
	return s.withReply(c, func(in *interaction, m *message) reply { return s.complete(c, in, m) })
}

func (s *Sim) deleteReply(c *call) reply {
	return s.withReply(c, func(in *interaction, m *message) reply {
		s.deleteMessage(m)
		s.settle(in, nil)
		return reply{status: http.StatusNoContent}
	})
}
