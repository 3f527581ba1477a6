package discordsim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func command(name string, options ...any) object {
	o := object{"name": name, "description": "Does " + name}
	if options != nil {
		o["options"] = options
	}
	return o
}

func option(t int, name string, extra ...any) object {
	o := object{"type": t, "name": name, "description": "The " + name}
	for i := 0; i+1 < len(extra); i += 2 {
		o[extra[i].(string)] = extra[i+1]
	}
	return o
}

func choices(n int) []any {
	return times(n, func(i int) object { return object{"name": fmt.Sprint("Choice ", i), "value": fmt.Sprint(i)} })
}

var badCommands = []struct {
	name string
	cmds []any
	want string
	code int
	both bool // the document refuses it too
}{
	{"an upper-case name", []any{command("Feeds")}, "0.name: Command name is invalid", 50035, false},
	{"a name with a space", []any{command("my feeds")}, "0.name: Command name is invalid", 50035, false},
	{"a name of 33", []any{command(strings.Repeat("a", 33))}, "0.name: Command name is invalid", 50035, true},
	{"no name", []any{object{"description": "d"}}, "0.name: This field is required", 50035, true},
	{"a slash command without a description", []any{object{"name": "feeds"}}, "0.description: This field is required", 50035, false},
	{"a description of 101", []any{with(command("feeds"), "description", letters(101))}, "0.description: Must be between 1 and 100", 50035, true},
	{"a description of 101 in German", []any{with(command("feeds"), "description_localizations", object{"de": letters(101)})}, "0.description_localizations.de: Must be between", 50035, true},
	{"an upper-case name in French", []any{with(command("feeds"), "name_localizations", object{"fr": "Flux"})}, "0.name_localizations.fr: Command name is invalid", 50035, false},
	{"an unknown locale", []any{with(command("feeds"), "name_localizations", object{"en": "feeds"})}, "0.name_localizations.en: Locale \"en\" is not known", 50035, false},
	{"two commands of one name", []any{command("feeds"), command("feeds")}, "1.name: Application command names must be unique", 50035, false},
	{"101 slash commands", times(101, func(i int) object { return command(fmt.Sprint("c", i)) }), "Maximum number of application commands reached (100)", 30032, false},
	{"16 message commands", times(16, func(i int) object { return object{"name": fmt.Sprint("Save ", i), "type": 3} }), "reached (15)", 30032, false},
	{"a message command with a description", []any{object{"name": "Save", "type": 3, "description": "no"}}, "have no description", 50035, false},
	{"26 options", []any{command("feeds", times(26, func(i int) object { return option(3, fmt.Sprint("o", i)) })...)}, "0.options: Must be between 0 and 25", 50035, true},
	{"a required option after an optional one", []any{command("feeds", option(3, "a"), option(3, "b", "required", true))}, "Required options must be placed before", 50035, false},
	{"an option name twice", []any{command("feeds", option(3, "a"), option(3, "a"))}, "0.options.1.name: Option name already exists", 50035, false},
	{"an option without a description", []any{command("feeds", object{"type": 3, "name": "a"})}, "0.options.0.description: This field is required", 50035, true},
	{"an option beside a subcommand", []any{command("feeds", option(1, "add"), option(3, "url"))}, "mutually exclusive to all other types", 50035, false},
	{"a subcommand in a subcommand", []any{command("feeds", option(1, "add", "options", []any{option(1, "deep")}))}, "Option type 1 may not be here", 50035, true},
	{"a group in a group", []any{command("feeds", option(2, "a", "options", []any{option(2, "b")}))}, "Option type 2 may not be here", 50035, true},
	{"a plain option in a group", []any{command("feeds", option(2, "a", "options", []any{option(3, "b")}))}, "Option type 3 may not be here", 50035, true},
	{"an option of type 12", []any{command("feeds", option(12, "a"))}, "Option type 12 may not be here", 50035, true},
	{"26 choices", []any{command("feeds", option(3, "a", "choices", choices(26)))}, "0.options.0.choices: Must be between 0 and 25", 50035, true},
	{"choices and autocomplete", []any{command("feeds", option(3, "a", "choices", choices(2), "autocomplete", true))}, "autocomplete and choices are mutually exclusive", 50035, false},
	{"autocomplete of a channel", []any{command("feeds", option(7, "a", "autocomplete", true))}, "has neither choices nor autocomplete", 50035, false},
	{"a choice name of 101", []any{command("feeds", option(3, "a", "choices", []any{object{"name": letters(101), "value": "v"}}))}, "choices.0.name: Must be between", 50035, true},
	{"a choice value of 101", []any{command("feeds", option(3, "a", "choices", []any{object{"name": "n", "value": letters(101)}}))}, "choices.0.value: Must be between", 50035, false},
	{"a text choice of an integer option", []any{command("feeds", option(4, "a", "choices", []any{object{"name": "n", "value": "many"}}))}, "choices.0.value: Must be a number", 50035, true},
	{"a fraction as choice of an integer option", []any{command("feeds", option(4, "a", "choices", []any{object{"name": "n", "value": 1.5}}))}, "is not int", 50035, true},
	{"max_length of 7,000", []any{command("feeds", option(3, "a", "max_length", 7000))}, "max_length must be between", 50035, true},
	{"permissions that are no bitset", []any{with(command("feeds"), "default_member_permissions", "manage")}, "is not a bitset", 50035, true},
	{"8,001 characters in the longest language", []any{bigCommand(8001)}, "Command exceeds maximum size (8000), got 8001", 50035, false},
	{"no list", nil, "Only iterables", 50035, false},
}

// bigCommand has exactly n characters, counting each text's longest language.
func bigCommand(n int) object {
	cmd := object{"name": "big", "description": "d"}
	left := n - 4
	options := []any{}
	for i := 0; left > 0 && i < 25; i++ {
		name := fmt.Sprintf("o%02d", i)
		take := min(left-3-1, 100)
		opt := object{"type": 3, "name": name, "description": "x", "description_localizations": object{"de": strings.Repeat("y", max(take, 1))}}
		left -= 3 + max(take, 1)
		var list []any
		for j := 0; left >= 2 && j < 20; j++ {
			size := min(left-1, 100)
			list = append(list, object{"name": strings.Repeat("n", size), "value": "v"})
			left -= size + 1
		}
		if list != nil {
			opt["choices"] = list
		}
		options = append(options, opt)
	}
	cmd["options"] = options
	return cmd
}

func TestBadCommandsAreRefusedAndReported(t *testing.T) {
	t.Parallel()
	for _, tt := range badCommands {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t, tolerant, withoutDocument)
			var payload any = tt.cmds
			if tt.cmds == nil {
				payload = object{"name": "feeds"}
			}
			a := raw(t, n.s, "PUT", pathf("/applications/%d/commands", n.s.ApplicationID()), payload)
			if a.status != 400 || a.code() != tt.code {
				t.Errorf("answered %d %s, want 400 with %d", a.status, a.raw, tt.code)
			}
			if all := strings.Join(n.s.Violations(), "\n"); !strings.Contains(all, tt.want) {
				t.Errorf("violations are %q, want one with %q", all, tt.want)
			}
			if len(n.s.Commands()) != 0 {
				t.Error("refused commands were registered")
			}
		})
	}
}

func TestDocumentRefusesBadCommandsToo(t *testing.T) {
	t.Parallel()
	d := needDocument(t)
	for _, tt := range badCommands {
		if tt.cmds == nil {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, params, _ := match("PUT", "/applications/1/commands")
			found := d.judge(&call{method: "PUT", route: r, params: params, body: plain(tt.cmds)})
			if got := len(found) > 0; got != tt.both {
				t.Errorf("the document alone refuses it: %v (%v), the table says %v", got, found, tt.both)
			}
		})
	}
}

func TestGuildCommandsMayNotHaveContexts(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, tolerant, withoutDocument)
	a := raw(t, n.s, "PUT", pathf("/applications/%d/guilds/%d/commands", n.s.ApplicationID(), n.guild),
		[]any{with(command("feeds"), "contexts", []int{0})})
	if a.status != 400 {
		t.Errorf("answered %d %s, want 400", a.status, a.raw)
	}
	wantViolation(t, n.s, "0.contexts: Guild commands may not have contexts")
}

// newsCommands are valid and use every kind of option.
func newsCommands() []any {
	return []any{
		with(with(command("feeds",
			option(1, "add", "options", []any{
				option(3, "url", "required", true, "autocomplete", true, "max_length", 60),
				option(7, "channel", "channel_types", []int{0, 5, 15}),
				option(3, "mode", "choices", []any{object{"name": "Digest", "value": "digest", "name_localizations": object{"de": "Ausgabe"}}, object{"name": "Instant", "value": "instant"}}),
			}),
			option(2, "import", "options", []any{option(1, "file", "options", []any{option(11, "opml", "required", true)})}),
		), "default_member_permissions", "32"), "name_localizations", object{"de": "quellen"}),
		command("poll", option(4, "times", "min_value", 1, "max_value", 5, "autocomplete", true), option(10, "weight"), option(5, "all"), option(6, "who"), option(8, "role"), option(9, "any")),
		object{"name": "Save article", "type": 3},
		with(with(command("everywhere"), "contexts", []int{0, 1, 2}), "integration_types", []int{0, 1}),
		with(command("here"), "contexts", []int{0}),
		with(command("secret"), "default_member_permissions", "0"),
	}
}

// register puts commands and checks that they were taken.
func register(t *testing.T, s *Sim, cmds []any) []object {
	t.Helper()
	a := raw(t, s, "PUT", pathf("/applications/%d/commands", s.ApplicationID()), cmds)
	if a.status != 200 {
		t.Fatalf("registering answered %d %s", a.status, a.raw)
	}
	return a.list()
}

func TestUnchangedCommandsKeepIDAndVersion(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	first := register(t, n.s, newsCommands())
	second := register(t, n.s, newsCommands())
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the same commands again changed (-first +second):\n%s", diff)
	}
	changed := newsCommands()
	changed[0] = with(changed[0].(object), "description", "Another one")
	third := register(t, n.s, changed)
	if third[0]["id"] != first[0]["id"] || third[0]["version"] == first[0]["version"] {
		t.Errorf("a changed command has id %v version %v, want the id of before and a new version", third[0]["id"], third[0]["version"])
	}
	if third[1]["version"] != first[1]["version"] {
		t.Error("its unchanged neighbour got a new version")
	}
	if left := register(t, n.s, []any{}); len(left) != 0 || len(n.s.Commands()) != 0 {
		t.Errorf("an empty overwrite left %d commands", len(n.s.Commands()))
	}
}

func TestCommandsAreListedWithLocalizationsOnlyOnRequest(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	put := register(t, n.s, newsCommands())
	path := pathf("/applications/%d/commands", n.s.ApplicationID())
	if short := raw(t, n.s, "GET", path, nil).list(); child(short[0], "name_localizations") != nil {
		t.Errorf("listed with localisations without asking: %v", short[0])
	}
	full := raw(t, n.s, "GET", path+"?with_localizations=true", nil).list()
	if diff := cmp.Diff(put, full); diff != "" {
		t.Errorf("listing differs from what PUT answered:\n%s", diff)
	}
	if got := text(child(full[0], "name_localizations"), "de"); got != "quellen" {
		t.Errorf("German name is %q", got)
	}
}

func TestCommandsComeBackInDiscordsForm(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	got := register(t, n.s, []any{command("news", option(3, "text", "required", false, "choices", []any{}))})[0]
	delete(got, "id")
	delete(got, "version")
	want := plain(object{
		"application_id": wireID(n.s.ApplicationID()), "type": 1, "name": "news", "description": "Does news",
		"name_localizations": nil, "description_localizations": nil, "default_member_permissions": nil, "nsfw": false,
		"dm_permission": true, "contexts": nil, "integration_types": []int{0},
		"options": []any{object{"type": 3, "name": "text", "description": "The text"}},
	})
	if diff := cmp.Diff(want, any(got)); diff != "" {
		t.Errorf("stored command (-want +got):\n%s", diff)
	}
}

func TestCommandsOfAnotherApplicationAreRefused(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	if a := raw(t, n.s, "GET", pathf("/applications/%d/commands", n.s.BotID()), nil); a.status != 404 || a.code() != 10002 {
		t.Errorf("answered %d %s, want 404 10002", a.status, a.raw)
	}
	if a := raw(t, n.s, "GET", pathf("/applications/%d/guilds/1/commands", n.s.ApplicationID()), nil); a.code() != 50001 {
		t.Errorf("unknown guild answered %d %s, want 50001", a.status, a.raw)
	}
}

func TestCommandSizeCountsTheLongestLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		cmd  object
		want int
	}{
		{object{"name": "abc", "description": "de"}, 5},
		{object{"name": "abc", "name_localizations": object{"de": "abcdef", "fr": "a"}, "description": "de"}, 8},
		{object{"name": "a", "description": "b", "options": []any{object{"name": "c", "description": "ää", "choices": []any{object{"name": "n", "value": "vv"}}}}}, 8},
	} {
		if got := commandSize(plain(tt.cmd).(object)); got != tt.want {
			t.Errorf("commandSize(%v) = %d, want %d", tt.cmd, got, tt.want)
		}
	}
}
