package discordsim

import (
	"slices"
	"time"
)

type guild struct {
	id       int64
	name     string
	locale   string
	owner    int64
	roles    []*role
	channels []int64
	members  []int64
	removed  bool // the bot was removed; the guild lives on
	joined   time.Time
}

type role struct {
	id          int64
	name        string
	permissions int64
	mentionable bool
	managed     bool
}

type overwrite struct{ allow, deny int64 }

type channel struct {
	id, guild, parent int64
	kind              int
	name              string
	bot               *overwrite // the bot's own overwrite
	tags              []tag
	requireTag        bool
	applied           []int64 // a forum post's tags
	owner             int64   // of a thread
	archived, locked  bool
	recipient         int64 // of a direct message
	messages          []int64
	last              int64
	created           time.Time
	deleted           bool
}

type tag struct {
	id   int64
	name string
}

type member struct {
	id, guild   int64
	name        string
	locale      string
	permissions int64
	noDMs       bool
}

// AddGuild makes a guild that the bot is in, with the given preferred locale
// ("en-US" when empty), and returns its id. A connected bot sees GUILD_CREATE.
func (s *Sim) AddGuild(name, locale string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if locale == "" {
		locale = "en-US"
	}
	g := &guild{id: s.ids.next(), name: name, locale: locale, joined: time.Now()}
	g.roles = []*role{
		{id: g.id, name: "@everyone", permissions: ViewChannel | SendMessages | ReadMessageHistory | UseCommands},
		{id: s.ids.next(), name: "Bot", permissions: InvitePermissions, managed: true},
	}
	g.owner = s.ids.next()
	s.guilds[g.id] = g
	s.guildOrder = append(s.guildOrder, g.id)
	s.dispatch(g.id, intentGuilds, "GUILD_CREATE", s.wireGuildCreate(g))
	s.emit("guild", object{"id": wireID(g.id), "name": name})
	return g.id
}

// AddChannel makes a channel of one of the Kind constants in the guild. It
// panics when there is no such guild, as the other Add methods do: that is a
// mistake in the test.
func (s *Sim) AddChannel(guildID int64, name string, kind int) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.mustGuild(guildID)
	c := &channel{id: s.ids.next(), guild: guildID, kind: kind, name: name, created: time.Now()}
	s.channels[c.id] = c
	g.channels = append(g.channels, c.id)
	s.dispatch(guildID, intentGuilds, "CHANNEL_CREATE", s.wireChannel(c))
	s.emit("channel", object{"id": wireID(c.id), "guild_id": wireID(guildID), "name": name})
	return c.id
}

// AddThread makes a public thread (in a forum: a post) that somebody else
// started, and returns its id.
func (s *Sim) AddThread(parentID int64, name string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	parent := s.mustChannel(parentID)
	c := s.newThread(parent, name, s.mustGuild(parent.guild).owner, s.ids.next())
	return c.id
}

// newThread adds a thread with the given id under parent; s.mu is held.
func (s *Sim) newThread(parent *channel, name string, owner, id int64) *channel {
	kind := KindPublicThread
	if parent.kind == KindAnnouncement {
		kind = KindAnnouncementThread
	}
	c := &channel{id: id, guild: parent.guild, parent: parent.id, kind: kind, name: name, owner: owner, created: time.Now()}
	s.channels[c.id] = c
	g := s.guilds[parent.guild]
	g.channels = append(g.channels, c.id)
	s.dispatch(c.guild, intentGuilds, "THREAD_CREATE", s.wireChannel(c))
	s.emit("channel", object{"id": wireID(c.id), "guild_id": wireID(c.guild), "name": name})
	return c
}

// AddMember makes a member of the guild who has the given permissions beside
// those of everyone, and whose client speaks the guild's locale.
func (s *Sim) AddMember(guildID int64, name string, permissions int64) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.mustGuild(guildID)
	m := &member{id: s.ids.next(), guild: guildID, name: name, locale: g.locale, permissions: permissions}
	s.members[m.id] = m
	g.members = append(g.members, m.id)
	s.emit("member", object{"id": wireID(m.id), "guild_id": wireID(guildID), "name": name})
	return m.id
}

// role is the one that gives a member what AddMember said: each has one of
// its own, with an id that is no one else's.
func (m *member) role() *role {
	return &role{id: m.id + 1<<20, name: m.name, permissions: m.permissions}
}

// SetMemberPermissions gives a member other permissions than AddMember did.
func (s *Sim) SetMemberPermissions(memberID, permissions int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustMember(memberID).permissions = permissions
}

// SetOwner makes a member the guild's owner, who may do everything there.
func (s *Sim) SetOwner(guildID, memberID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustGuild(guildID).owner = s.mustMember(memberID).id
}

// AddRole makes a role without permissions in the guild.
func (s *Sim) AddRole(guildID int64, name string, mentionable bool) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.mustGuild(guildID)
	r := &role{id: s.ids.next(), name: name, mentionable: mentionable}
	g.roles = append(g.roles, r)
	s.dispatch(guildID, intentGuilds, "GUILD_ROLE_CREATE", object{"guild_id": wireID(guildID), "role": s.wireRole(g, r)})
	return r.id
}

// SetLocale sets the language of a member's client.
func (s *Sim) SetLocale(memberID int64, locale string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustMember(memberID).locale = locale
}

// CloseDMs makes a member accept no direct messages: 50007.
func (s *Sim) CloseDMs(memberID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustMember(memberID).noDMs = true
}

// SetPermissions gives the bot exactly these permissions in the channel, by an
// overwrite for its member; threads have those of their parent. The bot sees
// CHANNEL_UPDATE while it may still see the channel.
func (s *Sim) SetPermissions(channelID, bot int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.mustChannel(channelID)
	c.bot = &overwrite{allow: bot, deny: allPermissions &^ bot}
	s.dispatch(c.guild, intentGuilds, "CHANNEL_UPDATE", s.wireChannel(c))
}

// SetRolePermissions sets what the bot's own role grants in the guild.
func (s *Sim) SetRolePermissions(guildID, bot int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.mustGuild(guildID)
	g.roles[1].permissions = bot
	s.dispatch(guildID, intentGuilds, "GUILD_ROLE_UPDATE", object{"guild_id": wireID(guildID), "role": s.wireRole(g, g.roles[1])})
}

// AddTag adds a tag to a forum; require makes a tag obligatory for its posts.
func (s *Sim) AddTag(forumID int64, name string, require bool) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.mustChannel(forumID)
	t := tag{id: s.ids.next(), name: name}
	c.tags = append(c.tags, t)
	c.requireTag = c.requireTag || require
	s.dispatch(c.guild, intentGuilds, "CHANNEL_UPDATE", s.wireChannel(c))
	return t.id
}

// SetThread archives or locks a thread. Nobody posts in a locked one (160005);
// a message wakes an archived one.
func (s *Sim) SetThread(threadID int64, archived, locked bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.mustChannel(threadID)
	c.archived, c.locked = archived, locked
	s.dispatch(c.guild, intentGuilds, "THREAD_UPDATE", s.wireChannel(c))
}

// RemoveGuild takes the bot out of the guild: it sees GUILD_DELETE, and every
// channel answers 50001 from then on.
func (s *Sim) RemoveGuild(guildID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustGuild(guildID).removed = true
	s.dispatch(guildID, intentGuilds, "GUILD_DELETE", object{"id": wireID(guildID)})
	s.emit("guild_removed", object{"id": wireID(guildID)})
}

// DeleteChannel deletes a channel or thread, with the threads under it: 10003
// from then on.
func (s *Sim) DeleteChannel(channelID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deleteChannel(s.mustChannel(channelID))
}

func (s *Sim) deleteChannel(c *channel) {
	event := "CHANNEL_DELETE"
	if isThread(c.kind) {
		event = "THREAD_DELETE"
	}
	s.dispatch(c.guild, intentGuilds, event, s.wireChannel(c))
	s.emit("channel_deleted", object{"id": wireID(c.id)})
	c.deleted = true
	for _, id := range s.guilds[c.guild].channels {
		if t := s.channels[id]; t.parent == c.id && !t.deleted {
			s.deleteChannel(t)
		}
	}
}

// DeleteMessage deletes a message as a moderator would.
func (s *Sim) DeleteMessage(messageID int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.messages[messageID]; m != nil {
		s.deleteMessage(m)
	}
}

// Threads lists the living threads (a forum's posts) under a channel, oldest first.
func (s *Sim) Threads(channelID int64) []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.mustChannel(channelID)
	var out []int64
	for _, id := range s.guilds[c.guild].channels {
		if t := s.channels[id]; t.parent == channelID && !t.deleted {
			out = append(out, id)
		}
	}
	return out
}

func isThread(kind int) bool { return kind >= KindAnnouncementThread && kind <= 12 }

func (s *Sim) mustGuild(id int64) *guild {
	g := s.guilds[id]
	if g == nil {
		panic("discordsim: no such guild: " + wireID(id))
	}
	return g
}

func (s *Sim) mustChannel(id int64) *channel {
	c := s.channels[id]
	if c == nil {
		panic("discordsim: no such channel: " + wireID(id))
	}
	return c
}

func (s *Sim) mustMember(id int64) *member {
	m := s.members[id]
	if m == nil {
		panic("discordsim: no such member: " + wireID(id))
	}
	return m
}

func (g *guild) role(id int64) *role {
	i := slices.IndexFunc(g.roles, func(r *role) bool { return r.id == id })
	if i < 0 {
		return nil
	}
	return g.roles[i]
}
