package discordsim

import (
	"encoding/json"
	"slices"
	"strings"
)

// judgeChoices applies the rules for an autocompletion's answer to the option
// being typed (its command option type).
func judgeChoices(data object, option int) problems {
	var ps problems
	choices := objects(data, "choices")
	ps.count("data.choices", len(choices), 0, 25)
	for i, c := range choices {
		path := at("data.choices", i)
		ps.between(at(path, "name"), text(c, "name"), 1, 100)
		judgeChoiceValue(&ps, at(path, "value"), c["value"], option)
		judgeLocales(&ps, at(path, "name_localizations"), child(c, "name_localizations"), func(path, s string) {
			ps.between(path, s, 1, 100)
		})
	}
	return ps
}

// judgeChoiceValue: a string of 1 to 100 characters for a string option, a
// number for the others.
func judgeChoiceValue(ps *problems, path string, value any, option int) {
	switch v := value.(type) {
	case string:
		if option != optionString {
			ps.add(path, "BASE_TYPE_INVALID", "Must be a number.")
			return
		}
		ps.between(path, v, 1, 100)
	case json.Number:
		if option == optionString {
			ps.add(path, "BASE_TYPE_INVALID", "Must be a string.")
		}
		if option == optionInteger && strings.ContainsAny(v.String(), ".eE") {
			ps.add(path, "NUMBER_TYPE_COERCE", "Value %q is not int.", v)
		}
	default:
		ps.required(path)
	}
}

// judgeModal applies the rules for a modal: action rows with one text input
// each (the older form) or labels.
func judgeModal(data object) problems {
	var ps problems
	ps.between("data.custom_id", text(data, "custom_id"), 1, 100)
	ps.between("data.title", text(data, "title"), 1, 45)
	rows := objects(data, "components")
	ps.count("data.components", len(rows), 1, 5)
	ids := map[string]bool{}
	walkComponents(rows, "data.components", func(path string, c object, parent int) {
		t := integer(c, "type")
		ok := parent == 0 && slices.Contains([]int{typeActionRow, typeLabel, typeTextDisplay}, t) ||
			parent == typeActionRow && t == typeTextInput ||
			parent == typeLabel && (t == typeTextInput || t == typeFileUpload || isSelect(t))
		if !ok {
			ps.add(at(path, "type"), "UNION_TYPE_CHOICES", "Value of field \"type\" must not be %d here.", t)
		}
		switch {
		case t == typeTextInput:
			judgeTextInput(&ps, path, c, parent)
		case isSelect(t):
			judgeSelect(&ps, path, c, 25)
		case t == typeLabel:
			ps.between(at(path, "label"), text(c, "label"), 1, 45)
			ps.length(at(path, "description"), text(c, "description"), 100)
		case t == typeActionRow && len(list(c, "components")) != 1:
			ps.add(at(path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 1 in length.")
		}
		if id := text(c, "custom_id"); id != "" {
			if ids[id] {
				ps.add(at(path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
			}
			ids[id] = true
		}
	})
	return ps
}

func judgeTextInput(ps *problems, path string, c object, parent int) {
	ps.between(at(path, "custom_id"), text(c, "custom_id"), 1, 100)
	if parent == typeActionRow {
		ps.between(at(path, "label"), text(c, "label"), 1, 45)
	}
	if style := integer(c, "style"); style != 1 && style != 2 {
		ps.add(at(path, "style"), "ENUM_TYPE_COERCE", "Value %d is not a text input style.", style)
	}
	ps.length(at(path, "placeholder"), text(c, "placeholder"), 100)
	ps.length(at(path, "value"), text(c, "value"), 4000)
	least := integer(c, "min_length")
	most, given := number(c, "max_length")
	if least < 0 || least > 4000 || given && (most < 1 || most > 4000 || int64(least) > most) {
		ps.add(at(path, "max_length"), "NUMBER_TYPE_MAX", "min_length %d and max_length %d do not fit.", least, most)
	}
	if n := runes(text(c, "value")); given && n > int(most) {
		ps.add(at(path, "value"), "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
	}
}

// judgeThread applies the rules for starting a thread or a forum post.
func judgeThread(body object, forum bool) problems {
	var ps problems
	ps.between("name", text(body, "name"), 1, 100)
	if d, given := number(body, "auto_archive_duration"); given && !slices.Contains([]int64{60, 1440, 4320, 10080}, d) {
		ps.add("auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of {4320, 60, 10080, 1440}.")
	}
	ps.count("applied_tags", len(list(body, "applied_tags")), 0, 5)
	if forum && child(body, "message") == nil {
		ps.required("message")
	}
	return ps
}
