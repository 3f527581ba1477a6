package discordsim

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// input is what a member gives a command, as Discord's client would check and
// send it.
type input struct {
	s       *Sim
	ch      *channel
	checked bool
	focused string // the option being typed, in an autocompletion
	values  map[string]any
	// resolved are the objects that ids in the options stand for.
	resolved object
	// focusedType is found on the way.
	focusedType int
}

// findCommand finds a command that is usable in the channel; guild commands
// come before global ones.
func (s *Sim) findCommand(ch *channel, kind int, name string) (object, error) {
	for _, scope := range []int64{ch.guild, 0} {
		for _, cmd := range s.commands[scope] {
			if commandKind(cmd) == kind && cmd["name"] == name {
				return cmd, nil
			}
		}
	}
	return nil, fmt.Errorf("%w command %q", ErrUnknown, name)
}

// mayUse checks default_member_permissions and contexts, as Discord's client
// does before it offers a command.
func (s *Sim) mayUse(cmd object, m *member, ch *channel) error {
	if ch.kind == KindDM {
		contexts, listed := cmd["contexts"].([]any)
		if !slices.Contains(contexts, any(json.Number("1"))) && (listed || cmd["dm_permission"] == false) {
			return fmt.Errorf("/%s in direct messages: %w", text(cmd, "name"), ErrForbidden)
		}
		return nil
	}
	need, given := number(cmd, "default_member_permissions")
	have := s.memberPermissions(m)
	if given && have&Administrator == 0 && (need == 0 || have&need != need) {
		return fmt.Errorf("/%s as %s: %w", text(cmd, "name"), m.name, ErrForbidden)
	}
	return nil
}

// options builds a command's options in wire form; words are the rest of
// "feeds add" after the command's name: subcommand group and subcommand.
func (in *input) options(defs []object, words []string) ([]any, error) {
	if len(words) == 0 {
		return in.fill(defs)
	}
	for _, def := range defs {
		t := integer(def, "type")
		if def["name"] != words[0] || t != optionSubcommand && t != optionGroup {
			continue
		}
		sub, err := in.options(objects(def, "options"), words[1:])
		if err != nil {
			return nil, err
		}
		return []any{object{"name": words[0], "type": t, "options": sub}}, nil
	}
	return nil, fmt.Errorf("%w subcommand %q", ErrUnknown, words[0])
}

func (in *input) fill(defs []object) ([]any, error) {
	out, left := []any{}, maps.Clone(in.values)
	for _, def := range defs {
		name, t := text(def, "name"), integer(def, "type")
		if t == optionSubcommand || t == optionGroup {
			return nil, fmt.Errorf("%w: a subcommand is needed", ErrInput)
		}
		v, given := left[name]
		delete(left, name)
		if name == in.focused {
			if !boolean(def, "autocomplete") {
				return nil, fmt.Errorf("%w: option %s has no autocompletion", ErrInput, name)
			}
			in.focusedType = t
			out = append(out, object{"name": name, "type": t, "value": asText(v), "focused": true})
			continue
		}
		if !given || v == nil {
			if boolean(def, "required") && in.checked {
				return nil, fmt.Errorf("%w: option %s is required", ErrInput, name)
			}
			continue
		}
		value, err := in.value(def, t, v)
		if err != nil {
			return nil, fmt.Errorf("option %s: %w", name, err)
		}
		out = append(out, object{"name": name, "type": t, "value": value})
	}
	for name := range left {
		return nil, fmt.Errorf("%w option %q", ErrUnknown, name)
	}
	return out, nil
}

func asText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// value converts what was given to the option's type and checks it.
func (in *input) value(def object, t int, v any) (any, error) {
	var value any
	var err error
	switch t {
	case optionString:
		value = asText(v)
	case optionInteger:
		value, err = strconv.ParseInt(asText(v), 10, 64)
	case optionNumber:
		value, err = strconv.ParseFloat(asText(v), 64)
	case optionBoolean:
		value, err = strconv.ParseBool(asText(v))
	default:
		return in.reference(def, t, v)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInput, err)
	}
	if in.checked {
		err = checkValue(def, value)
	}
	return value, err
}

// checkValue checks choices and bounds.
func checkValue(def object, value any) error {
	given := asText(value)
	choices := objects(def, "choices")
	if len(choices) > 0 && !slices.ContainsFunc(choices, func(c object) bool { return asText(c["value"]) == given }) {
		return fmt.Errorf("%w: %q is not among the choices", ErrInput, given)
	}
	size, _ := strconv.ParseFloat(given, 64)
	least, most := "min_value", "max_value"
	if _, isText := value.(string); isText {
		size, least, most = float64(utf8.RuneCountInString(given)), "min_length", "max_length"
	}
	for key, sign := range map[string]float64{least: -1, most: 1} {
		bound, err := strconv.ParseFloat(asText(def[key]), 64)
		if err == nil && sign*(size-bound) > 0 {
			return fmt.Errorf("%w: %q breaks %s %v", ErrInput, given, key, def[key])
		}
	}
	return nil
}

// reference resolves an option that names something: a user, a channel, a
// role or a file.
func (in *input) reference(def object, t int, v any) (any, error) {
	if t == optionAttachment {
		return in.attach(v)
	}
	id := parseID(asText(v))
	wire := wireID(id)
	s := in.s
	switch ch, m := s.channels[id], s.members[id]; {
	case t == optionChannel && ch != nil && !ch.deleted && ch.guild == in.ch.guild:
		kinds := list(def, "channel_types")
		if in.checked && len(kinds) > 0 && !slices.Contains(kinds, any(json.Number(strconv.Itoa(ch.kind)))) {
			return nil, fmt.Errorf("%w: channels of kind %d are not offered", ErrInput, ch.kind)
		}
		c := s.wireChannel(ch)
		c["permissions"] = wireID(allPermissions)
		in.resolve("channels", wire, c)
	case (t == optionUser || t == optionMentionable) && m != nil:
		in.resolve("users", wire, wireUser(m.id, m.name, false))
		member := s.wireMember(s.guilds[m.guild], nil)
		member["permissions"] = wireID(s.memberPermissions(m))
		in.resolve("members", wire, member)
	case t == optionRole || t == optionMentionable:
		g := s.guilds[in.ch.guild]
		if g == nil || g.role(id) == nil {
			return nil, fmt.Errorf("%w role %v", ErrUnknown, v)
		}
		in.resolve("roles", wire, s.wireRole(g, g.role(id)))
	default:
		return nil, fmt.Errorf("%w id %v for an option of type %d", ErrUnknown, v, t)
	}
	return wire, nil
}

// attach uploads a file: a File, or its JSON form with base64 data.
func (in *input) attach(v any) (any, error) {
	f, isFile := v.(File)
	if o, isObject := v.(object); isObject {
		data, err := base64.StdEncoding.DecodeString(text(o, "data"))
		if err != nil {
			return nil, fmt.Errorf("%w: decode file: %w", ErrInput, err)
		}
		f, isFile = File{Name: text(o, "filename"), ContentType: text(o, "content_type"), Data: data}, true
	}
	if !isFile || f.Name == "" || strings.ContainsAny(f.Name, "/\\") {
		return nil, fmt.Errorf("%w: not a file", ErrInput)
	}
	a := in.s.store(in.ch.id, f, "")
	a["ephemeral"] = true
	id := text(a, "id")
	in.resolve("attachments", id, a)
	return id, nil
}

func (in *input) resolve(kind, id string, o object) {
	if in.resolved == nil {
		in.resolved = object{}
	}
	if in.resolved[kind] == nil {
		in.resolved[kind] = object{}
	}
	in.resolved[kind].(object)[id] = o
}
