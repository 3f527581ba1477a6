package discordsim

import (
	"strconv"
	"strings"
)

func wireUser(id int64, name string, bot bool) object {
	return object{
		"id": wireID(id), "username": strings.ToLower(strings.ReplaceAll(name, " ", "_")), "global_name": name,
		"avatar": nil, "discriminator": "0", "public_flags": 0, "flags": 0, "bot": bot, "primary_guild": nil,
	}
}

func (s *Sim) wireBot() object { return wireUser(s.bot, "Broadsheet", true) }

func (s *Sim) wireAuthor(id int64) object {
	switch m := s.members[id]; {
	case id == s.bot:
		return s.wireBot()
	case m != nil:
		return wireUser(m.id, m.name, false)
	}
	return wireUser(id, "Owner", false)
}

func (s *Sim) wireSelf() object {
	u := s.wireBot()
	u["mfa_enabled"], u["locale"] = false, "en-US"
	u["verified"], u["email"] = true, nil
	return u
}

func (s *Sim) wireApplication() object {
	return object{
		"id": wireID(s.app), "name": "Broadsheet", "icon": nil, "description": "", "type": nil,
		"verify_key": strings.Repeat("0", 64), "flags": 0, "flags_new": "0", "redirect_uris": []string{},
		"interactions_endpoint_url": nil, "role_connections_verification_url": nil,
		"owner": wireUser(1<<22, "Owner", false), "bot": s.wireBot(), "bot_public": true,
		"bot_require_code_grant": false, "approximate_guild_count": len(s.guilds),
		"approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"explicit_content_filter": 0, "team": nil, "eligible_oauth2_scopes": []string{},
	}
}

func (s *Sim) wireRole(g *guild, r *role) object {
	o := object{
		"id": wireID(r.id), "name": r.name, "permissions": strconv.FormatInt(r.permissions, 10), "position": 0,
		"color": 0, "colors": object{"primary_color": 0, "secondary_color": nil, "tertiary_color": nil},
		"hoist": false, "managed": r.managed, "mentionable": r.mentionable, "icon": nil, "unicode_emoji": nil, "flags": 0,
	}
	if r.id != g.id {
		o["position"] = 1
	}
	if r.managed {
		o["tags"] = object{"bot_id": wireID(s.bot)}
	}
	return o
}

func (s *Sim) wireRoles(g *guild) []object {
	out := []object{}
	for _, r := range g.roles {
		out = append(out, s.wireRole(g, r))
	}
	for _, id := range g.members {
		out = append(out, s.wireRole(g, s.members[id].role()))
	}
	return out
}

// wireMember is a member as REST and the gateway show it; its user is left out
// where Discord leaves it out.
func (s *Sim) wireMember(g *guild, user object, roles ...int64) object {
	ids := []string{}
	for _, r := range roles {
		ids = append(ids, wireID(r))
	}
	o := object{
		"avatar": nil, "banner": nil, "communication_disabled_until": nil, "flags": 0, "joined_at": wireTime(g.joined),
		"nick": nil, "pending": false, "premium_since": nil, "roles": ids, "mute": false, "deaf": false,
	}
	if user != nil {
		o["user"] = user
	}
	return o
}

func (s *Sim) wireGuild(g *guild) object {
	return object{
		"id": wireID(g.id), "name": g.name, "icon": nil, "description": nil, "home_header": nil, "splash": nil,
		"discovery_splash": nil, "features": []string{}, "banner": nil, "owner_id": wireID(g.owner),
		"application_id": nil, "region": "us-west", "afk_channel_id": nil, "afk_timeout": 300,
		"system_channel_id": nil, "system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": nil,
		"verification_level": 0, "roles": s.wireRoles(g), "default_message_notifications": 0, "mfa_level": 0,
		"explicit_content_filter": 0, "max_presences": nil, "max_members": 500000,
		"max_stage_video_channel_users": 50, "max_video_channel_users": 25, "vanity_url_code": nil,
		"premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": g.locale,
		"rules_channel_id": nil, "safety_alerts_channel_id": nil, "public_updates_channel_id": nil,
		"premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0, "emojis": []any{},
		"stickers": []any{}, "incidents_data": nil,
	}
}

// wireGuildCreate is the payload of GUILD_CREATE: the guild with its channels,
// its threads and the bot's own member.
func (s *Sim) wireGuildCreate(g *guild) object {
	o := s.wireGuild(g)
	channels, threads := []object{}, []object{}
	for _, id := range g.channels {
		c := s.channels[id]
		switch {
		case c.deleted || s.permissions(c)&ViewChannel == 0 && isThread(c.kind):
		case isThread(c.kind):
			threads = append(threads, s.wireChannel(c))
		default:
			channels = append(channels, s.wireChannel(c))
		}
	}
	o["channels"], o["threads"] = channels, threads
	o["members"] = []object{s.wireMember(g, s.wireBot(), g.roles[1].id)}
	o["member_count"] = len(g.members) + 1
	o["joined_at"], o["large"], o["unavailable"] = wireTime(g.joined), false, false
	o["presences"], o["voice_states"], o["stage_instances"] = []any{}, []any{}, []any{}
	o["guild_scheduled_events"], o["soundboard_sounds"] = []any{}, []any{}
	return o
}

func (s *Sim) wireChannel(c *channel) object {
	o := object{"id": wireID(c.id), "type": c.kind, "flags": 0, "last_message_id": nil}
	if c.last != 0 {
		o["last_message_id"] = wireID(c.last)
	}
	if c.kind == KindDM {
		o["recipients"] = []object{s.wireAuthor(c.recipient)}
		return o
	}
	o["guild_id"], o["name"], o["parent_id"] = wireID(c.guild), c.name, nil
	o["rate_limit_per_user"] = 0
	if c.parent != 0 {
		o["parent_id"] = wireID(c.parent)
	}
	if isThread(c.kind) {
		return s.addThread(o, c)
	}
	o["topic"], o["position"], o["nsfw"] = nil, 0, false
	overwrites := []object{}
	if c.bot != nil {
		overwrites = append(overwrites, object{
			"id": wireID(s.bot), "type": 1,
			"allow": strconv.FormatInt(c.bot.allow, 10), "deny": strconv.FormatInt(c.bot.deny, 10),
		})
	}
	o["permission_overwrites"] = overwrites
	if c.kind == KindForum {
		tags := []object{}
		for _, t := range c.tags {
			tags = append(tags, object{"id": wireID(t.id), "name": t.name, "moderated": false, "emoji_id": nil, "emoji_name": nil})
		}
		o["available_tags"] = tags
		if c.requireTag {
			o["flags"] = 1 << 4
		}
	}
	return o
}

func (s *Sim) addThread(o object, c *channel) object {
	n := len(s.visible(c.id))
	o["owner_id"] = wireID(c.owner)
	o["message_count"], o["total_message_sent"], o["member_count"] = n, len(c.messages), 1
	o["thread_metadata"] = object{
		"archived": c.archived, "archive_timestamp": wireTime(c.created), "auto_archive_duration": 4320,
		"locked": c.locked, "create_timestamp": wireTime(c.created),
	}
	if s.channels[c.parent].kind == KindForum {
		applied := []string{}
		for _, t := range c.applied {
			applied = append(applied, wireID(t))
		}
		o["applied_tags"] = applied
	}
	return o
}
