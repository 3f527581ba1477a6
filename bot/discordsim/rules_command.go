package discordsim

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The kinds of commands and of their options (the reference, "Application
// Commands").
const (
	commandChat    = 1
	commandUser    = 2
	commandMessage = 3

	optionSubcommand  = 1
	optionGroup       = 2
	optionString      = 3
	optionInteger     = 4
	optionBoolean     = 5
	optionUser        = 6
	optionChannel     = 7
	optionRole        = 8
	optionMentionable = 9
	optionNumber      = 10
	optionAttachment  = 11
)

// commandName is the pattern of the reference; Go spells the scripts out.
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

var knownLocales = strings.Fields(`id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE
	vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko ar he`)

// judgeCommands applies the rules for a bulk overwrite; guild commands may not
// have contexts.
func judgeCommands(cmds []object, inGuild bool) problems {
	var ps problems
	counts, names := map[int]int{}, map[string]bool{}
	for i, c := range cmds {
		path := strconv.Itoa(i)
		kind := commandKind(c)
		counts[kind]++
		key := strconv.Itoa(kind) + text(c, "name")
		if names[key] {
			ps.add(at(path, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
		}
		names[key] = true
		judgeCommand(&ps, path, c, kind, inGuild)
	}
	for kind, most := range map[int]int{commandChat: 100, commandUser: 15, commandMessage: 15} {
		if counts[kind] > most {
			ps.add("", codeTooManyCommands, "Maximum number of application commands reached (%d)", most)
		}
	}
	return ps
}

// codeTooManyCommands marks the problem that Discord answers with 30032.
const codeTooManyCommands = "MAX_COMMANDS"

func commandKind(c object) int {
	if n, ok := number(c, "type"); ok {
		return int(n)
	}
	return commandChat
}

func judgeCommand(ps *problems, path string, c object, kind int, inGuild bool) {
	if kind == commandChat {
		judgeNamed(ps, path, c)
	} else {
		ps.between(at(path, "name"), text(c, "name"), 1, 32)
		if text(c, "description") != "" || len(list(c, "options")) > 0 {
			ps.add(at(path, "description"), "APPLICATION_COMMAND_INVALID_DESCRIPTION", "Context menu commands have no description and no options")
		}
		judgeLocales(ps, at(path, "name_localizations"), child(c, "name_localizations"), func(path, s string) {
			ps.between(path, s, 1, 32)
		})
	}
	if p := text(c, "default_member_permissions"); p != "" {
		if _, err := strconv.ParseInt(p, 10, 64); err != nil {
			ps.add(at(path, "default_member_permissions"), "BITFIELD_TYPE_COERCE", "Value %q is not a bitset.", p)
		}
	}
	for _, key := range []string{"contexts", "integration_types"} {
		if inGuild && len(list(c, key)) > 0 {
			ps.add(at(path, key), "APPLICATION_COMMAND_CONTEXTS_GUILD_ONLY", "Guild commands may not have %s", key)
		}
	}
	judgeOptions(ps, path, objects(c, "options"), 0)
	if n := commandSize(c); n > 8000 {
		ps.add(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000), got %d", n)
	}
}

// judgeNamed checks name and description with their localisations.
func judgeNamed(ps *problems, path string, c object) {
	name := func(path, s string) {
		if s == "" {
			ps.required(path)
		} else if !commandName.MatchString(s) || s != strings.ToLower(s) {
			ps.add(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid: %q", s)
		}
	}
	description := func(path, s string) { ps.between(path, s, 1, 100) }
	name(at(path, "name"), text(c, "name"))
	description(at(path, "description"), text(c, "description"))
	judgeLocales(ps, at(path, "name_localizations"), child(c, "name_localizations"), name)
	judgeLocales(ps, at(path, "description_localizations"), child(c, "description_localizations"), description)
}

func judgeLocales(ps *problems, path string, texts object, check func(path, s string)) {
	for locale := range texts {
		if !slices.Contains(knownLocales, locale) {
			ps.add(at(path, locale), "APPLICATION_COMMAND_INVALID_LOCALE", "Locale %q is not known", locale)
			continue
		}
		check(at(path, locale), text(texts, locale))
	}
}

// judgeOptions checks a list of options. Depth 0 is the command itself, where
// groups and subcommands may be; 1 a group, with subcommands alone; 2 a subcommand.
func judgeOptions(ps *problems, path string, options []object, depth int) {
	ps.count(at(path, "options"), len(options), 0, 25)
	names, optional, subs := map[string]bool{}, false, 0
	for i, o := range options {
		opt := at(path, "options", i)
		judgeNamed(ps, opt, o)
		if names[text(o, "name")] {
			ps.add(at(opt, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
		}
		names[text(o, "name")] = true
		t := integer(o, "type")
		switch {
		case t == optionSubcommand && depth <= 1, t == optionGroup && depth == 0:
			subs++
			below := 2
			if t == optionGroup {
				below = 1
			}
			judgeOptions(ps, opt, objects(o, "options"), below)
		case t < optionString || t > optionAttachment || depth == 1:
			ps.add(at(opt, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Option type %d may not be here", t)
		default:
			judgeOption(ps, opt, o, t)
		}
		if boolean(o, "required") && optional {
			ps.add(opt, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
		}
		optional = optional || !boolean(o, "required")
	}
	if subs != 0 && subs != len(options) {
		ps.add(at(path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
}

func judgeOption(ps *problems, path string, o object, t int) {
	choices := objects(o, "choices")
	ps.count(at(path, "choices"), len(choices), 0, 25)
	if boolean(o, "autocomplete") && len(choices) > 0 {
		ps.add(at(path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", "autocomplete and choices are mutually exclusive")
	}
	typed := t == optionString || t == optionInteger || t == optionNumber
	if (boolean(o, "autocomplete") || len(choices) > 0) && !typed {
		ps.add(at(path, "type"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", "Option type %d has neither choices nor autocomplete", t)
	}
	for i, c := range choices {
		p := at(path, "choices", i)
		ps.between(at(p, "name"), text(c, "name"), 1, 100)
		judgeChoiceValue(ps, at(p, "value"), c["value"], t)
		judgeLocales(ps, at(p, "name_localizations"), child(c, "name_localizations"), func(path, s string) {
			ps.between(path, s, 1, 100)
		})
	}
	if most, given := number(o, "max_length"); given && (most < 1 || most > 6000) {
		ps.add(at(path, "max_length"), "NUMBER_TYPE_MAX", "max_length must be between 1 and 6000.")
	}
}

// commandSize counts what the limit of 8,000 counts: the characters of names,
// descriptions and choice values, each in its longest localisation.
func commandSize(c object) int {
	longest := func(o object, key string) int {
		n := utf8.RuneCountInString(text(o, key))
		localized := child(o, key+"_localizations")
		for locale := range localized {
			n = max(n, utf8.RuneCountInString(text(localized, locale)))
		}
		return n
	}
	n := longest(c, "name") + longest(c, "description")
	for _, o := range objects(c, "options") {
		n += commandSize(o)
	}
	for _, choice := range objects(c, "choices") {
		n += longest(choice, "name") + utf8.RuneCountInString(text(choice, "value"))
	}
	return n
}
