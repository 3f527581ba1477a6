package discordsim

import (
	"net/http"
	"slices"
)

// threadOnMessage starts a thread under a message; the thread has its id.
func (s *Sim) threadOnMessage(c *call) reply {
	return s.withMessage(c, func(ch *channel, m *message) reply {
		switch {
		case ch.kind != KindText && ch.kind != KindAnnouncement:
			return wrongChannelType()
		case s.permissions(ch)&CreatePublicThreads == 0:
			return missingPermissions()
		case m.thread != 0:
			return threadExists()
		}
		if ps := judgeThread(c.object(), false); ps.refused() {
			return invalid(ps)
		}
		t := s.newThread(ch, text(c.object(), "name"), s.bot, m.id)
		m.thread = t.id
		m.flags |= flagHasThread
		return reply{status: http.StatusCreated, body: s.wireChannel(t)}
	})
}

// createThread starts a thread without a message, or a forum post with one.
func (s *Sim) createThread(c *call) reply {
	return s.withChannel(c, func(ch *channel) reply {
		switch ch.kind {
		case KindForum:
			return s.createPost(c, ch)
		case KindText, KindAnnouncement:
		default:
			return wrongChannelType()
		}
		if s.permissions(ch)&CreatePublicThreads == 0 {
			return missingPermissions()
		}
		if ps := judgeThread(c.object(), false); ps.refused() {
			return invalid(ps)
		}
		t := s.newThread(ch, text(c.object(), "name"), s.bot, s.ids.next())
		return reply{status: http.StatusCreated, body: s.wireChannel(t)}
	})
}

func (s *Sim) createPost(c *call, forum *channel) reply {
	body := c.object()
	ps := judgeThread(body, true)
	post := child(body, "message")
	for _, p := range judgeMessage(post, place{files: c.files}) {
		p.path = at("message", p.path)
		ps = append(ps, p)
	}
	if ps.refused() {
		return invalid(ps)
	}
	// A forum's first message needs only SEND_MESSAGES.
	if r, may := s.mayAttach(forum, SendMessages, post, c.files); !may {
		return r.with(ps)
	}
	tags, ps := s.appliedTags(forum, body, ps)
	if ps.refused() {
		return invalid(ps)
	}
	if forum.requireTag && len(tags) == 0 {
		return tagRequired().with(ps)
	}
	t := s.newThread(forum, text(body, "name"), s.bot, s.ids.next())
	t.applied = tags
	m := s.newMessage(t, post, c.files)
	// The starter message of a post has the thread's own id.
	m.author, m.id = s.bot, t.id
	s.post(t, m)
	created := s.wireChannel(t)
	created["message"] = s.wireMessage(m)
	return reply{status: http.StatusCreated, body: created}.with(ps)
}

func (s *Sim) appliedTags(forum *channel, body object, ps problems) ([]int64, problems) {
	var out []int64
	for i, v := range list(body, "applied_tags") {
		text, _ := v.(string)
		id := parseID(text)
		if !slices.ContainsFunc(forum.tags, func(t tag) bool { return t.id == id }) {
			ps.add(at("applied_tags", i), "APPLIED_TAGS_INVALID", "Unknown forum tag %q", text)
		}
		out = append(out, id)
	}
	return out, ps
}
