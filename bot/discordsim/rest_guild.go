package discordsim

import "net/http"

func (s *Sim) getGateway(c *call) reply { return ok(object{"url": c.gateway}) }

func (s *Sim) getGatewayBot(c *call) reply {
	return ok(object{"url": c.gateway, "shards": 1, "session_start_limit": object{
		"total": 1000, "remaining": max(1000-s.gateway.identified, 0), "reset_after": 86400000, "max_concurrency": 1,
	}})
}

func (s *Sim) getSelf(*call) reply { return ok(s.wireSelf()) }

func (s *Sim) getApplication(*call) reply { return ok(s.wireApplication()) }

func (s *Sim) getOwnGuilds(*call) reply {
	out := []object{}
	for _, id := range s.guildOrder {
		if g := s.guilds[id]; !g.removed {
			out = append(out, object{
				"id": wireID(id), "name": g.name, "icon": nil, "banner": nil, "owner": false, "features": []string{},
				"permissions": wireID(g.roles[0].permissions | g.roles[1].permissions),
			})
		}
	}
	return ok(out)
}

// withGuild answers Unknown Guild for one that the bot is not in.
func (s *Sim) withGuild(c *call, serve func(g *guild) reply) reply {
	g := s.guilds[c.id("guild_id")]
	if g == nil || g.removed {
		return unknownGuild()
	}
	return serve(g)
}

func (s *Sim) getGuild(c *call) reply {
	return s.withGuild(c, func(g *guild) reply { return ok(s.wireGuild(g)) })
}

func (s *Sim) getRoles(c *call) reply {
	return s.withGuild(c, func(g *guild) reply { return ok(s.wireRoles(g)) })
}

func (s *Sim) getGuildChannels(c *call) reply {
	return s.withGuild(c, func(g *guild) reply {
		out := []object{}
		for _, id := range g.channels {
			if ch := s.channels[id]; !ch.deleted && !isThread(ch.kind) {
				out = append(out, s.wireChannel(ch))
			}
		}
		return ok(out)
	})
}

func (s *Sim) getActiveThreads(c *call) reply {
	return s.withGuild(c, func(g *guild) reply {
		out := []object{}
		for _, id := range g.channels {
			if ch := s.channels[id]; !ch.deleted && !ch.archived && isThread(ch.kind) {
				out = append(out, s.wireChannel(ch))
			}
		}
		return ok(object{"threads": out, "members": []any{}, "has_more": false})
	})
}

func (s *Sim) getArchivedThreads(c *call) reply {
	return s.withChannel(c, func(parent *channel) reply {
		if s.permissions(parent)&ReadMessageHistory == 0 {
			return missingPermissions()
		}
		out := []object{}
		for _, id := range s.guilds[parent.guild].channels {
			if ch := s.channels[id]; ch.parent == parent.id && !ch.deleted && ch.archived && isThread(ch.kind) {
				out = append(out, s.wireChannel(ch))
			}
		}
		return ok(object{"threads": out, "members": []any{}, "has_more": false})
	})
}

func (s *Sim) getMember(c *call) reply {
	return s.withGuild(c, func(g *guild) reply {
		id := c.id("user_id")
		if id == s.bot {
			return ok(s.wireMember(g, s.wireBot(), g.roles[1].id))
		}
		m := s.members[id]
		if m == nil || m.guild != g.id {
			return unknownMember()
		}
		return ok(s.wireMember(g, wireUser(m.id, m.name, false), m.role().id))
	})
}

// withChannel answers Unknown Channel and Missing Access where Discord would.
func (s *Sim) withChannel(c *call, serve func(ch *channel) reply) reply {
	ch := s.channels[c.id("channel_id")]
	if ch == nil || ch.deleted {
		return unknownChannel()
	}
	if s.permissions(ch)&ViewChannel == 0 {
		return missingAccess()
	}
	return serve(ch)
}

func (s *Sim) getChannel(c *call) reply {
	return s.withChannel(c, func(ch *channel) reply { return ok(s.wireChannel(ch)) })
}

func (s *Sim) typing(c *call) reply {
	return s.withChannel(c, func(ch *channel) reply {
		if s.permissions(ch)&SendMessages == 0 {
			return missingPermissions()
		}
		return noContent()
	})
}

// createDM opens, or finds, the direct messages with somebody.
func (s *Sim) createDM(c *call) reply {
	m := s.members[parseID(text(c.object(), "recipient_id"))]
	if m == nil {
		return unknownUser()
	}
	for _, ch := range s.channels {
		if ch.kind == KindDM && ch.recipient == m.id {
			return ok(s.wireChannel(ch))
		}
	}
	ch := &channel{id: s.ids.next(), kind: KindDM, recipient: m.id}
	s.channels[ch.id] = ch
	s.emit("channel", object{"id": wireID(ch.id), "recipient_id": wireID(m.id), "name": m.name})
	return reply{status: http.StatusOK, body: s.wireChannel(ch)}
}

// DirectMessages lists what the bot wrote to a member privately, oldest first.
func (s *Sim) DirectMessages(memberID int64) []Message {
	s.mu.Lock()
	var id int64
	for _, ch := range s.channels {
		if ch.kind == KindDM && ch.recipient == memberID {
			id = ch.id
		}
	}
	s.mu.Unlock()
	return s.Messages(id)
}
