package discordsim

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// listMessages answers newest first, as Discord does, at most limit (50 unless
// told, 100 at most), around none but before or after a snowflake.
func (s *Sim) listMessages(c *call) reply {
	return s.withChannel(c, func(ch *channel) reply {
		if ch.kind == KindForum {
			return wrongChannelType()
		}
		limit, ps := 50, problems{}
		if l := c.query.Get("limit"); l != "" {
			n, err := strconv.Atoi(l)
			if err != nil || n < 1 || n > messagesPerAnswer {
				ps.add("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
			}
			limit = n
		}
		for _, key := range []string{"before", "after", "around"} {
			if v := c.query.Get(key); v != "" && !snowflakeForm.MatchString(v) {
				ps.add(key, "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", v)
			}
		}
		if ps.refused() {
			return invalid(ps)
		}
		out := []object{}
		if s.permissions(ch)&ReadMessageHistory == 0 {
			return ok(out)
		}
		for _, m := range s.page(ch, c, limit) {
			out = append(out, s.seen(m))
		}
		return ok(out)
	})
}

// page picks the messages of a listing, newest first. after picks the oldest
// that follow it, before and no bound at all the newest.
func (s *Sim) page(ch *channel, c *call, limit int) []*message {
	before, after := parseID(c.query.Get("before")), parseID(c.query.Get("after"))
	found := slices.DeleteFunc(s.visible(ch.id), func(m *message) bool {
		return before != 0 && m.id >= before || m.id <= after
	})
	if len(found) > limit {
		if c.query.Get("after") != "" {
			found = found[:limit]
		} else {
			found = found[len(found)-limit:]
		}
	}
	slices.Reverse(found)
	return found
}

// mayPost answers what Discord answers to a message that may not be posted.
func (s *Sim) mayPost(ch *channel, body object, files []File) (reply, bool) {
	need := SendMessages
	switch {
	case ch.kind == KindForum:
		return notText(), false
	case ch.kind == KindDM:
		if s.members[ch.recipient].noDMs {
			return dmsClosed(), false
		}
	case isThread(ch.kind):
		need = SendMessagesInThreads
		if ch.locked {
			return threadLocked(), false
		}
	}
	return s.mayAttach(ch, need, body, files)
}

func (s *Sim) mayAttach(ch *channel, need int64, body object, files []File) (reply, bool) {
	if len(list(body, "embeds")) > 0 {
		need |= EmbedLinks
	}
	if len(files) > 0 {
		need |= AttachFiles
	}
	if s.permissions(ch)&need != need {
		return missingPermissions(), false
	}
	return reply{}, true
}

func (s *Sim) createMessage(c *call) reply {
	return s.withChannel(c, func(ch *channel) reply {
		body := c.object()
		if r, may := s.mayPost(ch, body, c.files); !may {
			return r
		}
		ps := judgeMessage(body, place{files: c.files})
		if ps.refused() {
			return invalid(ps)
		}
		if earlier, found := s.sameNonce(body); found {
			if earlier.deleted {
				return unknownMessage().with(ps)
			}
			return ok(s.wireMessage(earlier)).with(ps)
		}
		m := s.newMessage(ch, body, c.files)
		m.author = s.bot
		s.post(ch, m)
		s.rememberNonce(body, m)
		return ok(s.wireMessage(m)).with(ps)
	})
}

// newMessage builds a message from a request's body; it is not posted yet.
func (s *Sim) newMessage(ch *channel, body object, files []File) *message {
	m := &message{nonce: body["nonce"]}
	s.fill(ch, m, body, files, false)
	return m
}

// fill sets what the body gives; what it does not name stays as it was.
func (s *Sim) fill(ch *channel, m *message, body object, files []File, fromInteraction bool) {
	if m.embeds == nil {
		m.embeds, m.components = []any{}, []any{}
	}
	if _, given := body["attachments"]; given && m.id != 0 {
		m.attachments, m.files = keptAttachments(m, body)
	}
	for i, f := range files {
		m.attachments = append(m.attachments, s.store(ch.id, f, describe(body, i)))
		m.files = append(m.files, f)
	}
	if _, given := body["content"]; given {
		m.content = text(body, "content")
	}
	if _, given := body["embeds"]; given {
		m.embeds = storedEmbeds(objects(body, "embeds"))
	}
	if _, given := body["components"]; given {
		m.components = s.storedComponents(objects(body, "components"), m.attachment)
	}
	if flags, given := number(body, "flags"); given {
		if m.id != 0 {
			flags &= flagsOnEdit
		}
		m.flags = m.flags&^flagsOnEdit | int(flags)
	}
	m.pings = s.pings(ch, body, fromInteraction)
}

// attachment finds an uploaded file by its attachment:// address.
func (m *message) attachment(url string) object {
	for _, a := range m.attachments {
		if url == "attachment://"+text(a, "filename") {
			return a
		}
	}
	return nil
}

// keptAttachments are those that an edit's attachments list still names.
func keptAttachments(m *message, body object) (kept []object, files []File) {
	for i, a := range m.attachments {
		if slices.ContainsFunc(objects(body, "attachments"), func(o object) bool { return o["id"] == a["id"] }) {
			kept, files = append(kept, a), append(files, m.files[i])
		}
	}
	return kept, files
}

// describe is the alt text that the body's attachments give for files[i].
func describe(body object, i int) string {
	for _, a := range objects(body, "attachments") {
		if id, ok := number(a, "id"); ok && id == int64(i) {
			return text(a, "description")
		}
	}
	return ""
}

// store keeps a file for download and returns its attachment.
func (s *Sim) store(channelID int64, f File, description string) object {
	id := s.ids.next()
	s.files[id] = f
	base := s.base
	if base == "" {
		base = "https://cdn.discordapp.com"
	}
	url := fmt.Sprintf("%s/attachments/%d/%d/%s", base, channelID, id, f.Name)
	a := object{"id": wireID(id), "filename": f.Name, "size": len(f.Data), "url": url, "proxy_url": url}
	if f.ContentType != "" {
		a["content_type"] = f.ContentType
	}
	if description != "" {
		a["description"] = description
	}
	return a
}

// nonceKey holds the author but not the channel, as Discord's does.
func (s *Sim) nonceKey(body object) (string, bool) {
	if !boolean(body, "enforce_nonce") || body["nonce"] == nil || body["nonce"] == "" {
		return "", false
	}
	return fmt.Sprint(s.bot, "/", body["nonce"]), true
}

// sameNonce finds the message of the same author and nonce, of the last two
// minutes: at exactly two minutes it is forgotten.
func (s *Sim) sameNonce(body object) (*message, bool) {
	key, enforced := s.nonceKey(body)
	use, found := s.nonces[key]
	if !enforced || !found || time.Since(use.at) >= nonceLife {
		return nil, false
	}
	return s.messages[use.message], true
}

func (s *Sim) rememberNonce(body object, m *message) {
	maps.DeleteFunc(s.nonces, func(_ string, use nonceUse) bool { return time.Since(use.at) >= nonceLife })
	if key, enforced := s.nonceKey(body); enforced {
		s.nonces[key] = nonceUse{message: m.id, at: time.Now()}
	}
}

// withMessage answers Unknown Message for one that is not in the channel or
// that only a member sees.
func (s *Sim) withMessage(c *call, serve func(ch *channel, m *message) reply) reply {
	return s.withChannel(c, func(ch *channel) reply {
		m := s.messages[c.id("message_id")]
		if m == nil || m.deleted || m.channel != ch.id || m.ephemeralTo != 0 {
			return unknownMessage()
		}
		return serve(ch, m)
	})
}

func (s *Sim) getMessage(c *call) reply {
	return s.withMessage(c, func(ch *channel, m *message) reply {
		if s.permissions(ch)&ReadMessageHistory == 0 {
			return missingPermissions()
		}
		return ok(s.seen(m))
	})
}

func (s *Sim) editMessage(c *call) reply {
	return s.withMessage(c, func(ch *channel, m *message) reply {
		if m.author != s.bot {
			return anothersMessage()
		}
		body := c.object()
		if r, may := s.mayAttach(ch, 0, body, c.files); !may {
			return r
		}
		ps := judgeMessage(body, place{was: m, files: c.files})
		if ps.refused() {
			return invalid(ps)
		}
		s.fill(ch, m, body, c.files, false)
		s.touch(m)
		return ok(s.wireMessage(m)).with(ps)
	})
}

func (s *Sim) removeMessage(c *call) reply {
	return s.withMessage(c, func(ch *channel, m *message) reply {
		if m.author != s.bot && s.permissions(ch)&ManageMessages == 0 {
			return missingPermissions()
		}
		s.deleteMessage(m)
		return noContent()
	})
}

func (s *Sim) crosspost(c *call) reply {
	return s.withMessage(c, func(ch *channel, m *message) reply {
		need := SendMessages
		if m.author != s.bot {
			need |= ManageMessages
		}
		switch {
		case ch.kind != KindAnnouncement:
			return wrongChannelType()
		case s.permissions(ch)&need != need:
			return missingPermissions()
		case m.flags&flagCrossposted != 0:
			return alreadyCrossposted()
		}
		m.flags |= flagCrossposted
		s.touch(m)
		m.edited = time.Time{} // publishing is not editing
		return reply{status: http.StatusOK, body: s.wireMessage(m)}
	})
}
