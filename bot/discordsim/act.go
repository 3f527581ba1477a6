package discordsim

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Slash runs a slash command as a member, "feeds add" with its options by
// name, and waits for the bot's answer: its first message, or the message that
// completes a deferral. Values are Go values, their text, ids as int64, and
// File for attachments. What Discord's client would not send is refused with
// ErrForbidden, ErrUnknown or ErrInput before the bot hears of it; ErrNoAnswer
// means that the bot stayed silent.
func (s *Sim) Slash(ctx context.Context, member, channel int64, command string, options map[string]any) (*Response, error) {
	return s.slash(ctx, member, channel, command, &input{checked: true, values: options})
}

// SlashUnchecked is Slash without the client's checks of permissions, required
// options, choices and bounds: what an old client or another tool could send.
func (s *Sim) SlashUnchecked(ctx context.Context, member, channel int64, command string, options map[string]any) (*Response, error) {
	return s.slash(ctx, member, channel, command, &input{values: options})
}

// Autocomplete types into the option focused of a command (what is typed so
// far is its value in options) and returns the bot's suggestions.
func (s *Sim) Autocomplete(ctx context.Context, member, channel int64, command string, options map[string]any, focused string) ([]Choice, error) {
	values := maps.Clone(options)
	if values == nil {
		values = map[string]any{}
	}
	if _, typed := values[focused]; !typed {
		values[focused] = ""
	}
	r, err := s.slash(ctx, member, channel, command, &input{values: values, focused: focused})
	if err != nil {
		return nil, err
	}
	return r.Choices, nil
}

func (s *Sim) slash(ctx context.Context, member, channel int64, command string, in *input) (*Response, error) {
	act, data, err := s.prepareSlash(member, channel, command, in)
	if err != nil {
		return nil, fmt.Errorf("/%s: %w", command, err)
	}
	return s.perform(ctx, act, data)
}

func (s *Sim) prepareSlash(memberID, channelID int64, command string, in *input) (*interaction, object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ch, err := s.person(memberID, channelID)
	if err != nil {
		return nil, nil, err
	}
	words := strings.Fields(strings.TrimPrefix(command, "/"))
	if len(words) == 0 {
		return nil, nil, fmt.Errorf("%w: no command", ErrInput)
	}
	cmd, err := s.findCommand(ch, commandChat, words[0])
	if err != nil {
		return nil, nil, err
	}
	if in.checked || in.focused != "" {
		if err := s.mayUse(cmd, m, ch); err != nil {
			return nil, nil, err
		}
	}
	in.s, in.ch = s, ch
	options, err := in.options(objects(cmd, "options"), words[1:])
	if err != nil {
		return nil, nil, err
	}
	if in.focused != "" && in.focusedType == 0 {
		return nil, nil, fmt.Errorf("%w option %q", ErrUnknown, in.focused)
	}
	kind := interactionCommand
	if in.focused != "" {
		kind = interactionAutocomplete
	}
	act := s.newInteraction(m, ch, kind)
	act.command, act.focused = commandChat, in.focusedType
	data := object{"id": cmd["id"], "name": cmd["name"], "type": commandChat, "options": options}
	if in.resolved != nil {
		data["resolved"] = in.resolved
	}
	if cmd["guild_id"] != nil {
		data["guild_id"] = cmd["guild_id"]
	}
	return act, data, nil
}

// Press presses a button of a message that the member can see.
func (s *Sim) Press(ctx context.Context, member, messageID int64, customID string) (*Response, error) {
	return s.component(ctx, member, messageID, customID, nil, func(c object) error {
		if integer(c, "type") != typeButton {
			return fmt.Errorf("%w: %s is no button", ErrInput, customID)
		}
		return nil
	})
}

// Choose picks values in a select menu of a message that the member can see.
func (s *Sim) Choose(ctx context.Context, member, messageID int64, customID string, values ...string) (*Response, error) {
	if values == nil {
		values = []string{}
	}
	return s.component(ctx, member, messageID, customID, values, func(c object) error {
		if !isSelect(integer(c, "type")) {
			return fmt.Errorf("%w: %s is no select menu", ErrInput, customID)
		}
		if n := len(values); n < integer(c, "min_values") || n > integer(c, "max_values") {
			return fmt.Errorf("%w: %d values chosen", ErrInput, n)
		}
		for _, v := range values {
			listed := slices.ContainsFunc(objects(c, "options"), func(o object) bool { return o["value"] == v })
			if integer(c, "type") == typeSelect && !listed {
				return fmt.Errorf("%w: no option %q", ErrInput, v)
			}
		}
		return nil
	})
}

func (s *Sim) component(ctx context.Context, member, messageID int64, customID string, values []string, check func(object) error) (*Response, error) {
	act, data, err := s.prepareComponent(member, messageID, customID, values, check)
	if err != nil {
		return nil, fmt.Errorf("use %q of message %d: %w", customID, messageID, err)
	}
	return s.perform(ctx, act, data)
}

func (s *Sim) prepareComponent(memberID, messageID int64, customID string, values []string, check func(object) error) (*interaction, object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	msg := s.messages[messageID]
	if msg == nil || msg.deleted || msg.ephemeralTo != 0 && msg.ephemeralTo != memberID {
		return nil, nil, fmt.Errorf("%w message", ErrUnknown)
	}
	m, ch, err := s.person(memberID, msg.channel)
	if err != nil {
		return nil, nil, err
	}
	var found object
	walkComponents(objects(object{"c": msg.components}, "c"), "", func(_ string, c object, _ int) {
		if c["custom_id"] == customID {
			found = c
		}
	})
	switch {
	case found == nil:
		return nil, nil, fmt.Errorf("%w component", ErrUnknown)
	case boolean(found, "disabled"):
		return nil, nil, fmt.Errorf("%w: it is disabled", ErrInput)
	}
	if err := check(found); err != nil {
		return nil, nil, err
	}
	act := s.newInteraction(m, ch, interactionComponent)
	act.source = messageID
	data := object{"component_type": found["type"], "custom_id": customID, "id": found["id"]}
	if values != nil {
		data["values"] = values
	}
	return act, data, nil
}

// MessageMenu runs a message command (Apps › name) on a message. The bot is
// given the whole message, whatever its intents.
func (s *Sim) MessageMenu(ctx context.Context, member, channel, messageID int64, name string) (*Response, error) {
	act, data, err := s.prepareMenu(member, channel, messageID, name)
	if err != nil {
		return nil, fmt.Errorf("message command %q: %w", name, err)
	}
	return s.perform(ctx, act, data)
}

func (s *Sim) prepareMenu(memberID, channelID, messageID int64, name string) (*interaction, object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ch, err := s.person(memberID, channelID)
	if err != nil {
		return nil, nil, err
	}
	cmd, err := s.findCommand(ch, commandMessage, name)
	if err != nil {
		return nil, nil, err
	}
	if err := s.mayUse(cmd, m, ch); err != nil {
		return nil, nil, err
	}
	msg := s.messages[messageID]
	if msg == nil || msg.deleted || msg.channel != channelID {
		return nil, nil, fmt.Errorf("%w message %d", ErrUnknown, messageID)
	}
	act := s.newInteraction(m, ch, interactionCommand)
	act.command = commandMessage
	wire := s.wireMessage(msg)
	s.addUnknown(wire)
	data := object{
		"id": cmd["id"], "name": name, "type": commandMessage, "target_id": wireID(messageID),
		"resolved": object{"messages": object{wireID(messageID): wire}},
	}
	if cmd["guild_id"] != nil {
		data["guild_id"] = cmd["guild_id"]
	}
	return act, data, nil
}

// SubmitModal fills in the modal that answered an interaction, by the custom
// ids of its fields, and submits it.
func (s *Sim) SubmitModal(ctx context.Context, member, interactionID int64, fields map[string]string) (*Response, error) {
	act, data, err := s.prepareModal(member, interactionID, fields)
	if err != nil {
		return nil, fmt.Errorf("submit modal: %w", err)
	}
	return s.perform(ctx, act, data)
}

func (s *Sim) prepareModal(memberID, interactionID int64, fields map[string]string) (*interaction, object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	shown := s.interactions[interactionID]
	if shown == nil || shown.modal == nil || shown.member != memberID {
		return nil, nil, fmt.Errorf("%w modal", ErrUnknown)
	}
	m, ch, err := s.person(memberID, shown.channel)
	if err != nil {
		return nil, nil, err
	}
	left := maps.Clone(fields)
	rows := []any{}
	for i, row := range objects(shown.modal, "components") {
		wire, err := submitRow(row, i, left)
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, wire)
	}
	for name := range left {
		return nil, nil, fmt.Errorf("%w field %q", ErrUnknown, name)
	}
	act := s.newInteraction(m, ch, interactionModal)
	act.parent, act.source = shown.id, shown.source
	return act, object{"custom_id": shown.modal["custom_id"], "components": rows}, nil
}

// submitRow is a modal's row or label with the value of its text input, which
// is taken out of left.
func submitRow(row object, i int, left map[string]string) (object, error) {
	key := "components"
	inputs := objects(row, key)
	if c := child(row, "component"); c != nil {
		key, inputs = "component", []object{c}
	}
	wire := object{"type": row["type"], "id": 2*i + 1}
	for _, c := range inputs {
		name := text(c, "custom_id")
		value, given := left[name]
		delete(left, name)
		if !given {
			value = text(c, "value")
		}
		least, most, n := integer(c, "min_length"), integer(c, "max_length"), runes(value)
		required := c["required"] != false
		if required && value == "" || value != "" && n < least || most > 0 && n > most {
			return nil, fmt.Errorf("%w: field %s does not take %q", ErrInput, name, value)
		}
		field := object{"type": c["type"], "id": 2*i + 2, "custom_id": name, "value": value}
		if key == "component" {
			wire[key] = field
		} else {
			wire[key] = []any{field}
		}
	}
	return wire, nil
}
