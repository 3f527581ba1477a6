package discord

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"broadsheet/bot/discordsim"

	"github.com/google/go-cmp/cmp"
)

func full() []Command {
	return []Command{
		{
			Name: "feeds", Description: "Manage feeds", Permissions: ManageServer,
			Names:        map[string]string{"de": "feeds-de", "es-ES": "fuentes"},
			Descriptions: map[string]string{"de": "Feeds verwalten", "es-ES": "Gestiona", "en-US": "Manage feeds", "pt-BR": "Gere", "ja": "管理", "fr": "Gérer"},
			Options: []Option{
				{Kind: OptionSubcommand, Name: "add", Description: "Add a feed", Options: []Option{
					{Kind: OptionString, Name: "url", Description: "Where", Required: true, Autocomplete: true, Min: 3, Max: 500},
					{Kind: OptionChannel, Name: "channel", Description: "Into", ChannelKinds: []ChannelKind{ChannelForum, ChannelText}},
					{Kind: OptionString, Name: "mode", Description: "How", Choices: []Choice{{Name: "Digest", Value: "digest", Names: map[string]string{"de": "Ausgabe"}}, {Name: "Each", Value: "instant"}}},
					{Kind: OptionInteger, Name: "stories", Description: "Most", Min: 1, Max: 20, Choices: []Choice{{Name: "five", Value: "5"}}},
				}},
				{Kind: OptionGroup, Name: "more", Description: "More", Options: []Option{{Kind: OptionSubcommand, Name: "x", Description: "X"}}},
			},
		},
		{Name: "news", Description: "Read the news", Contexts: []int{ContextGuild, ContextBotDM, ContextPrivateChannel}, Installs: []int{InstallUser, InstallGuild}},
		{Name: "Save article", Kind: MessageMenu, Names: map[string]string{"de": "Artikel merken"}},
	}
}

func TestCommandsAreRegisteredOnlyWhenChanged(t *testing.T) {
	withRig(t, func(r *rig) {
		step := func(what string, cmds []Command, want bool) {
			r.Helper()
			puts := r.count("PUT ")
			changed, err := r.client.Register(r.Context(), cmds)
			if err != nil || changed != want || (r.count("PUT ") > puts) != want {
				r.Errorf("%s: changed %v, %v, want %v; %d writes", what, changed, err, want, r.count("PUT ")-puts)
			}
		}
		step("the first time", full(), true)
		step("the same again", full(), false)
		turned := full()
		turned[0], turned[2] = turned[2], turned[0]
		step("in another order", turned, false)
		other := full()
		other[0].Descriptions["ja"] = "別の"
		step("with another translation", other, true)
		other[0].Options[0].Options[1].ChannelKinds = []ChannelKind{ChannelText, ChannelForum}
		step("with channel kinds in another order", other, false)
		other[0].Options[0].Options[0].Required = false
		step("with an option no longer required", other, true)
		other[0].Permissions = 0
		step("for everyone", other, true)
		step("with one less", other[:2], true)
		step("with one less, again", other[:2], false)
	})
}

func TestCommandsAreSentWithDiscordsLocales(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ in, want map[string]string }{
		"English and Spanish":    {map[string]string{"en-US": "e", "es-ES": "s"}, map[string]string{"en-US": "e", "en-GB": "e", "es-ES": "s", "es-419": "s"}},
		"languages alone":        {map[string]string{"en": "e", "es": "s", "pt": "p", "de": "d"}, map[string]string{"en-US": "e", "en-GB": "e", "es-ES": "s", "es-419": "s", "pt-BR": "p", "de": "d"}},
		"a locale of its own":    {map[string]string{"en": "e", "en-GB": "colour", "es-ES": "s", "es-419": "l"}, map[string]string{"en-US": "e", "en-GB": "colour", "es-ES": "s", "es-419": "l"}},
		"none":                   {nil, nil},
		"Japanese and Brazilian": {map[string]string{"ja": "j", "pt-BR": "b"}, map[string]string{"ja": "j", "pt-BR": "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 20 { // maps have no order
				if diff := cmp.Diff(tt.want, localizations(tt.in)); diff != "" {
					t.Fatal(diff)
				}
			}
		})
	}
}

func TestComparisonSeesThroughDiscordsDefaults(t *testing.T) {
	t.Parallel()
	ours := []wireCommand{Command{Name: "ping", Description: "Answers", Contexts: []int{0, 1}}.wire()}
	for name, tt := range map[string]struct {
		theirs string
		same   bool
	}{
		"spelt out":             {`[{"id":"1","version":"2","application_id":"3","type":1,"name":"ping","name_localizations":null,"description":"Answers","description_localizations":{},"default_member_permissions":null,"dm_permission":true,"contexts":[1,0],"integration_types":[0],"nsfw":false,"options":[]}]`, true},
		"left out":              {`[{"name":"ping","description":"Answers"}]`, true},
		"another description":   {`[{"type":1,"name":"ping","description":"Answers!"}]`, false},
		"for adults":            {`[{"type":1,"name":"ping","description":"Answers","nsfw":true}]`, false},
		"for admins":            {`[{"type":1,"name":"ping","description":"Answers","default_member_permissions":"0"}]`, false},
		"two":                   {`[{"type":1,"name":"ping","description":"Answers"},{"type":1,"name":"pong","description":"Answers"}]`, false},
		"none":                  {`[]`, false},
		"of another kind":       {`[{"type":3,"name":"ping","description":"Answers"}]`, false},
		"installed by users":    {`[{"type":1,"name":"ping","description":"Answers","integration_types":[0,1]}]`, false},
		"with an option":        {`[{"type":1,"name":"ping","description":"Answers","options":[{"type":3,"name":"x","description":"y"}]}]`, false},
		"with another language": {`[{"type":1,"name":"ping","description":"Answers","name_localizations":{"de":"ping"}}]`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var theirs []wireCommand
			if err := json.Unmarshal([]byte(tt.theirs), &theirs); err != nil {
				t.Fatal(err)
			}
			if same, err := sameCommands(ours, theirs); err != nil || same != tt.same {
				t.Errorf("same %v, %v, want %v", same, err, tt.same)
			}
		})
	}
}

func TestIdentity(t *testing.T) {
	withRig(t, func(r *rig) {
		me, err := r.client.Identity(r.Context())
		if err != nil || me.UserID != r.sim.BotID() || me.ApplicationID != r.sim.ApplicationID() || me.UserName == "" {
			r.Errorf("identity %+v, %v", me, err)
		}
	})
}

func TestInviteAsksForExactlyWhatIsNeeded(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(InviteURL(42))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	if q.Get("client_id") != "42" || q.Get("scope") != "bot applications.commands" || strings.Contains(u.RawQuery, "+") {
		t.Errorf("invite %s", u)
	}
	// View, send, embed, attach, history, send in threads, create threads.
	want := "309237763072"
	if got := q.Get("permissions"); got != want {
		t.Errorf("permissions %s, want %s", got, want)
	}
	for _, p := range Permissions() {
		if strings.HasPrefix(p.Name(), "permission ") {
			t.Errorf("permission %d has no name", p)
		}
	}
}

func TestMissingPermissions(t *testing.T) {
	all := int64(discordsim.InvitePermissions)
	for name, tt := range map[string]struct {
		prepare func(r *rig) (channel int64)
		want    []Permission
	}{
		"none by default": {func(r *rig) int64 { return r.channel }, nil},
		"denied in the channel": {func(r *rig) int64 {
			r.sim.SetPermissions(r.channel, all&^discordsim.EmbedLinks&^discordsim.ReadMessageHistory)
			return r.channel
		}, []Permission{EmbedLinks, ReadMessageHistory}},
		"hidden channel": {func(r *rig) int64 {
			r.sim.SetPermissions(r.channel, 0)
			return r.channel
		}, []Permission{ViewChannel}},
		"taken from the role": {func(r *rig) int64 {
			r.sim.SetRolePermissions(r.guild, all&^discordsim.AttachFiles)
			return r.channel
		}, []Permission{AttachFiles}},
		"a thread asks for its own": {func(r *rig) int64 {
			r.sim.SetPermissions(r.channel, all&^discordsim.SendMessagesInThreads&^discordsim.SendMessages)
			return r.sim.AddThread(r.channel, "talk")
		}, []Permission{SendInThreads}},
		"a forum asks for both": {func(r *rig) int64 {
			forum := r.sim.AddChannel(r.guild, "papers", discordsim.KindForum)
			r.sim.SetPermissions(forum, discordsim.ViewChannel|discordsim.EmbedLinks|discordsim.AttachFiles|discordsim.ReadMessageHistory)
			return forum
		}, []Permission{SendMessages, SendInThreads}},
	} {
		t.Run(name, func(t *testing.T) {
			withRig(t, func(r *rig) {
				channel := tt.prepare(r)
				got, err := r.client.Missing(r.Context(), r.guild, channel)
				if err != nil {
					r.Fatal(err)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					r.Error(diff)
				}
			})
		})
	}
}

func TestEffectivePermissionsFollowDiscordsOrder(t *testing.T) {
	t.Parallel()
	const guild, self, role, other = 1, 2, 3, 4
	everyone := wireRole{guild, ViewChannel}
	for name, tt := range map[string]struct {
		roles      []wireRole
		overwrites []overwrite
		want       Permission
	}{
		"roles add up":                        {[]wireRole{everyone, {role, SendMessages}}, nil, ViewChannel | SendMessages},
		"other roles do not count":            {[]wireRole{everyone, {other, SendMessages}}, nil, ViewChannel},
		"administrators may do everything":    {[]wireRole{everyone, {role, Permission(Administrator)}}, []overwrite{{guild, 0, 0, ViewChannel}}, ^Permission(0)},
		"everyone is denied, the role allows": {[]wireRole{everyone, {role, 0}}, []overwrite{{role, 0, ViewChannel | EmbedLinks, 0}, {guild, 0, 0, ViewChannel}}, ViewChannel | EmbedLinks},
		"a role that allows beats one that denies": {[]wireRole{everyone, {role, 0}, {5, 0}}, []overwrite{
			{role, 0, 0, SendMessages}, {5, 0, SendMessages, 0}}, ViewChannel | SendMessages},
		"the member comes last":      {[]wireRole{everyone, {role, SendMessages}}, []overwrite{{self, 1, EmbedLinks, SendMessages}, {role, 0, SendMessages, 0}}, ViewChannel | EmbedLinks},
		"another member is another":  {[]wireRole{everyone}, []overwrite{{99, 1, SendMessages, 0}}, ViewChannel},
		"who cannot see can nothing": {[]wireRole{{guild, SendMessages}}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := effective(guild, self, []int64{guild, role, 5}, tt.roles, tt.overwrites); got != tt.want {
				t.Errorf("permissions %b, want %b", got, tt.want)
			}
		})
	}
}

func TestChannelIsDescribed(t *testing.T) {
	withRig(t, func(r *rig) {
		thread := r.sim.AddThread(r.channel, "talk")
		got, err := r.client.Channel(r.Context(), thread)
		want := Channel{ID: thread, GuildID: r.guild, ParentID: r.channel, Name: "talk", Kind: ChannelPublicThread}
		if err != nil || got != want {
			r.Errorf("channel %+v, %v, want %+v", got, err, want)
		}
		time.Sleep(time.Second)
		r.sim.DeleteChannel(thread)
		if _, err := r.client.Channel(r.Context(), thread); !isCode(err, codeUnknownChannel) {
			r.Errorf("a deleted one: %v", err)
		}
	})
}
