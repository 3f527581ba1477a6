package discordsim

import (
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
)

// withScope serves the guild of a commands route, 0 for the global ones.
func (s *Sim) withScope(c *call, serve func(guild int64) reply) reply {
	if c.id("application_id") != s.app {
		return refusal(http.StatusNotFound, 10002, "Unknown Application")
	}
	if _, inGuild := c.params["guild_id"]; !inGuild {
		return serve(0)
	}
	g := s.guilds[c.id("guild_id")]
	if g == nil || g.removed {
		return missingAccess()
	}
	return serve(g.id)
}

// listCommands answers without the dictionaries of localisations unless the
// query asks with_localizations=true, as Discord does.
func (s *Sim) listCommands(c *call) reply {
	return s.withScope(c, func(guild int64) reply {
		out := []any{}
		for _, cmd := range s.commands[guild] {
			if c.query.Get("with_localizations") != "true" {
				cmd = withoutLocalizations(cmd)
			}
			out = append(out, cmd)
		}
		return ok(out)
	})
}

func withoutLocalizations(o object) object {
	o = maps.Clone(o)
	delete(o, "name_localizations")
	delete(o, "description_localizations")
	for _, key := range []string{"options", "choices"} {
		if _, given := o[key]; !given {
			continue
		}
		subs := []any{}
		for _, sub := range objects(o, key) {
			subs = append(subs, withoutLocalizations(sub))
		}
		o[key] = subs
	}
	return o
}

// putCommands overwrites all commands of a scope. A command whose definition
// did not change keeps its id and version.
func (s *Sim) putCommands(c *call) reply {
	return s.withScope(c, func(guild int64) reply {
		in, isList := c.body.([]any)
		if !isList {
			var ps problems
			ps.add("", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
			return invalid(ps)
		}
		cmds := objects(object{"list": in}, "list")
		if ps := judgeCommands(cmds, guild != 0); ps.refused() {
			return invalid(ps)
		}
		kept := []object{}
		for _, cmd := range cmds {
			kept = append(kept, s.storedCommand(cmd, guild))
		}
		s.commands[guild] = kept
		s.emit("commands", object{"guild_id": wireID(guild)})
		return ok(kept)
	})
}

// storedCommand is a command as Discord hands it back: with an id and a
// version, defaults filled in and false flags left out.
func (s *Sim) storedCommand(in object, guild int64) object {
	o := plain(in).(object)
	trimOptions(o)
	fill(o, "type", json.Number("1"))
	fill(o, "description", "")
	for _, key := range []string{"default_member_permissions", "name_localizations", "description_localizations"} {
		fill(o, key, nil)
	}
	if n, given := number(o, "default_member_permissions"); given {
		o["default_member_permissions"] = wireID(n)
	}
	fill(o, "nsfw", false)
	fill(o, "dm_permission", guild == 0)
	if o["dm_permission"] == nil {
		o["dm_permission"] = guild == 0
	}
	if guild == 0 {
		fill(o, "contexts", nil)
		fill(o, "integration_types", []any{json.Number("0")})
	} else {
		o["guild_id"] = wireID(guild)
	}
	o["application_id"] = wireID(s.app)
	id, version := s.ids.next(), s.ids.next()
	for _, old := range s.commands[guild] {
		if commandKind(old) != commandKind(o) || old["name"] != o["name"] {
			continue
		}
		id = parseID(text(old, "id"))
		o["id"], o["version"] = old["id"], old["version"]
		if reflect.DeepEqual(old, o) {
			version = parseID(text(old, "version"))
		}
	}
	o["id"], o["version"] = wireID(id), wireID(version)
	return o
}

// trimOptions leaves out what Discord leaves out of options: what is false,
// null or empty.
func trimOptions(o object) {
	for _, opt := range objects(o, "options") {
		trimOptions(opt)
		for _, key := range []string{"required", "autocomplete"} {
			if opt[key] == false {
				delete(opt, key)
			}
		}
		maps.DeleteFunc(opt, func(_ string, v any) bool {
			l, isList := v.([]any)
			return v == nil || isList && len(l) == 0
		})
	}
	if len(list(o, "options")) == 0 {
		delete(o, "options")
	}
}

// Commands are the registered commands in wire form, the global ones first.
func (s *Sim) Commands() []json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []json.RawMessage
	for _, guild := range append([]int64{0}, s.guildOrder...) {
		for _, cmd := range s.commands[guild] {
			out = append(out, encode(cmd))
		}
	}
	return out
}
