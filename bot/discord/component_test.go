package discord

import (
	"encoding/json"
	"strings"
	"testing"

	"broadsheet/bot/discordsim"

	"github.com/google/go-cmp/cmp"
)

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestComponentsOnTheWire(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]Component{
		`{"type":10,"content":"a"}`: Text("a"),
		`{"type":9,"components":[{"type":10,"content":"a"},{"type":10,"content":"b"}],"accessory":{"type":11,"media":{"url":"u"},"description":"alt"}}`: Section(Thumbnail("u", "alt"), "a", "b"),
		`{"type":17,"components":[{"type":10,"content":"a"}],"accent_color":0}`:                                                                         Container(0, Text("a")),
		`{"type":17,"components":[{"type":10,"content":"a"}]}`:                                                                                          Container(-1, Text("a")),
		`{"type":14,"divider":true,"spacing":1}`:                                                                                                        Separator(),
		`{"type":1,"components":[{"type":2,"custom_id":"v1:a","style":3,"label":"Go","emoji":{"name":"🔖"}}]}`:                                           Row(Button(StyleSuccess, "v1:a", "Go", "🔖")),
		`{"type":2,"style":5,"label":"Open","url":"https://a.test"}`:                                                                                    LinkButton("https://a.test", "Open"),
		`{"type":3,"custom_id":"v1:m","placeholder":"More","options":[{"label":"l","value":"v"}]}`:                                                      Select("v1:m", "More", SelectOption{Label: "l", Value: "v"}),
		`{"type":12,"items":[{"media":{"url":"u"}}]}`:                                                                                                   Gallery(GalleryItem{Media: Media{URL: "u"}}),
	} {
		if got := asJSON(t, c); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestLabelsAreCutToDiscordsLimits(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("日", 2000)
	for name, tt := range map[string]struct {
		got string
		max int
	}{
		"a button's label":        {Button(1, "v1:a", long, "").Label, 80},
		"a link's label":          {LinkButton("https://a.test", long).Label, 80},
		"a thumbnail's text":      {Thumbnail("u", long).Description, 1024},
		"a menu's placeholder":    {Select("v1:a", long).Placeholder, 150},
		"an option's label":       {Select("v1:a", "", SelectOption{Label: long}).Options[0].Label, 100},
		"an option's description": {Select("v1:a", "", SelectOption{Description: long}).Options[0].Description, 100},
	} {
		if n := runes(tt.got); n != tt.max {
			t.Errorf("%s has %d code points, want %d", name, n, tt.max)
		}
	}
}

func TestComponentsAreCountedAsDiscordDoes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		c           Component
		count, text int
	}{
		"a text":      {Text("日本"), 1, 2},
		"a section":   {Section(Thumbnail("u", "not text"), "abc", "d"), 4, 4},
		"a row":       {Row(buttons(3)...), 4, 0},
		"a container": {Container(1, Text("a"), Separator(), Section(Thumbnail("u", ""), "bc"), Row(buttons(2)...)), 9, 3},
	} {
		if n, text := tt.c.count(), tt.c.text(); n != tt.count || text != tt.text {
			t.Errorf("%s counts %d with %d code points, want %d with %d", name, n, text, tt.count, tt.text)
		}
	}
}

func TestMessagesOnTheWire(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]Message{
		`{"content":"x","allowed_mentions":{"parse":[]}}`:                                                                                     {Content: "x"},
		`{"content":"x","flags":4,"allowed_mentions":{"parse":[],"roles":["5"]}}`:                                                             {Content: "x", Flags: FlagSuppressEmbeds, Roles: []int64{5}},
		`{"components":[{"type":10,"content":"a"}],"flags":32768,"allowed_mentions":{"parse":[]}}`:                                            {Components: []Component{Text("a")}},
		`{"components":[{"type":10,"content":"x"},{"type":10,"content":"a"}],"flags":32768,"allowed_mentions":{"parse":[]}}`:                  {Content: "x", Components: []Component{Text("a")}},
		`{"content":"x","components":[{"type":1,"components":[{"type":2,"style":5,"label":"b","url":"u"}]}],"allowed_mentions":{"parse":[]}}`: {Content: "x", Components: []Component{Row(LinkButton("u", "b"))}},
		`{"allowed_mentions":{"parse":[]},"attachments":[{"id":0,"filename":"a.txt"}]}`:                                                       {Files: []File{{Name: "a.txt", Data: []byte("not here")}}},
		`{"embeds":[{"title":"t","footer":{"text":"f"},"fields":[{"name":"n","value":"v"}]}],"allowed_mentions":{"parse":[]}}`:                {Embeds: []Embed{{Title: "t", Footer: &EmbedFooter{Text: "f"}, Fields: []EmbedField{{Name: "n", Value: "v"}}}}},
	} {
		if got := asJSON(t, m.wire()); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestEditsSpellOutWhatIsEmpty(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]Message{
		`{"allowed_mentions":{"parse":[]},"content":"x","embeds":[],"components":[]}`:                                                     {Content: "x"},
		`{"allowed_mentions":{"parse":[]},"content":"","embeds":[{"title":"t"}],"components":[]}`:                                         {Embeds: []Embed{{Title: "t"}}},
		`{"flags":32768,"allowed_mentions":{"parse":[]},"components":[{"type":10,"content":"a"}]}`:                                        {Components: []Component{Text("a")}},
		`{"flags":32768,"allowed_mentions":{"parse":[]},"components":[{"type":10,"content":"x"},{"type":14,"divider":true,"spacing":1}]}`: {Content: "x", Components: []Component{Separator()}},
	} {
		if got := asJSON(t, edited(m)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestNonceIsSentWithTheMessage(t *testing.T) {
	t.Parallel()
	s := &script{}
	c := newScripted(t, s)
	m := words("a")
	if _, err := c.Send(t.Context(), 1, m, "n-1"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Send(t.Context(), 1, m, ""); err != nil {
		t.Fatal(err)
	}
	var sent struct {
		Nonce        string
		EnforceNonce bool `json:"enforce_nonce"`
		Components   []Component
	}
	if err := json.Unmarshal([]byte(s.nonces[0]), &sent); err != nil {
		t.Fatal(err)
	}
	if sent.Nonce != "n-1" || !sent.EnforceNonce || sent.Components[0].ID != Mark("n-1") {
		t.Errorf("sent %s", s.nonces[0])
	}
	if strings.Contains(s.nonces[1], "nonce") || strings.Contains(s.nonces[1], `"id"`) {
		t.Errorf("without a nonce: %s", s.nonces[1])
	}
	if m.Components[0].ID != 0 {
		t.Error("sending changed the caller's message")
	}
}

func TestCommandsOnTheWire(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]Command{
		`{"type":1,"name":"a","description":"b","contexts":[0],"integration_types":[0]}`:                                   {Name: "a", Description: "b"},
		`{"type":3,"name":"Save it","contexts":[0,2],"integration_types":[1]}`:                                             {Name: "Save it", Description: "menus have none", Kind: MessageMenu, Contexts: []int{0, 2}, Installs: []int{1}},
		`{"type":1,"name":"a","description":"b","default_member_permissions":"32","contexts":[0],"integration_types":[0]}`: {Name: "a", Description: "b", Permissions: ManageServer},
		`{"type":1,"name":"a","description":"b","contexts":[0],"integration_types":[0],"options":[` +
			`{"type":3,"name":"s","description":"d","required":true,"autocomplete":true,"min_length":2,"max_length":9},` +
			`{"type":4,"name":"i","description":"d","choices":[{"name":"one","value":1}],"min_value":0,"max_value":5},` +
			`{"type":7,"name":"c","description":"d","channel_types":[0,5,15]}]}`: {Name: "a", Description: "b", Options: []Option{
			{Kind: OptionString, Name: "s", Description: "d", Required: true, Autocomplete: true, Min: 2, Max: 9},
			{Kind: OptionInteger, Name: "i", Description: "d", Max: 5, Choices: []Choice{{Name: "one", Value: "1"}}},
			{Kind: OptionChannel, Name: "c", Description: "d", ChannelKinds: []ChannelKind{ChannelText, ChannelAnnouncement, ChannelForum}},
		}},
	} {
		if got := asJSON(t, c.wire()); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestFormsOnTheWire(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 200)
	m := &Modal{CustomID: "v1:f", Title: long, Inputs: []Input{{ID: "a", Label: long, Placeholder: long, Value: "v", Long: true, Required: true, Min: 1, Max: 9}, {ID: "b", Label: "B"}}}
	var got struct {
		Title      string
		Components []Component
	}
	if err := json.Unmarshal([]byte(asJSON(t, m.wire())), &got); err != nil {
		t.Fatal(err)
	}
	yes, no := true, false
	want := []Component{
		Row(Component{Type: TypeTextInput, CustomID: "a", Style: 2, Label: cut(long, 45), Placeholder: cut(long, 100), Value: "v", Required: &yes, MinLength: 1, MaxLength: 9}),
		Row(Component{Type: TypeTextInput, CustomID: "b", Style: 1, Label: "B", Required: &no}),
	}
	if diff := cmp.Diff(want, got.Components); diff != "" || runes(got.Title) != 45 {
		t.Errorf("title of %d, %s", runes(got.Title), diff)
	}
}

func TestNeededPermissionsDependOnTheKindOfChannel(t *testing.T) {
	t.Parallel()
	for kind, want := range map[ChannelKind][]Permission{
		ChannelText:         {ViewChannel, SendMessages, EmbedLinks, AttachFiles, ReadMessageHistory},
		ChannelAnnouncement: {ViewChannel, SendMessages, EmbedLinks, AttachFiles, ReadMessageHistory},
		ChannelPublicThread: {ViewChannel, SendInThreads, EmbedLinks, AttachFiles, ReadMessageHistory},
		ChannelForum:        {ViewChannel, SendMessages, SendInThreads, EmbedLinks, AttachFiles, ReadMessageHistory},
		ChannelMedia:        {ViewChannel, SendMessages, SendInThreads, EmbedLinks, AttachFiles, ReadMessageHistory},
	} {
		if diff := cmp.Diff(want, needed(kind)); diff != "" {
			t.Errorf("kind %d: %s", kind, diff)
		}
	}
}

func TestDirectMessagesReachAPerson(t *testing.T) {
	withRig(t, func(r *rig) {
		channel, err := r.client.DirectChannel(r.Context(), r.member)
		if err != nil {
			r.Fatal(err)
		}
		if _, err := r.client.Send(r.Context(), channel, words("an alert"), "n"); err != nil {
			r.Fatal(err)
		}
		if ms := r.sim.DirectMessages(r.member); len(ms) != 1 || !contains(ms[0].JSON, "an alert") {
			r.Errorf("messages %+v", ms)
		}
		if missing, err := r.client.Missing(r.Context(), 0, channel); err != nil || len(missing) != 0 {
			r.Errorf("missing in a direct channel: %v, %v", missing, err)
		}
		closed := r.sim.AddMember(r.guild, "Shy", discordsim.ViewChannel)
		r.sim.CloseDMs(closed)
		channel, err = r.client.DirectChannel(r.Context(), closed)
		if err == nil {
			_, err = r.client.Send(r.Context(), channel, words("x"), "n2")
		}
		if !isCode(err, 50007) {
			r.Errorf("to a person who takes none: %v", err)
		}
	})
}
