package discordsim

import (
	"fmt"
	"strings"
	"testing"
)

// newsroom is one guild with the channels and people that most tests need.
type newsroom struct {
	s                                    *Sim
	guild, text, announcements, forum    int64
	reader, admin                        int64
	messages, forumThreads, announceMsgs string
}

func newNewsroom(t *testing.T, change ...func(*Options)) newsroom {
	t.Helper()
	n := newsroom{s: newSim(t, change...)}
	n.guild = n.s.AddGuild("Harbour", "en-US")
	n.text = n.s.AddChannel(n.guild, "news", KindText)
	n.announcements = n.s.AddChannel(n.guild, "announcements", KindAnnouncement)
	n.forum = n.s.AddChannel(n.guild, "stories", KindForum)
	n.reader = n.s.AddMember(n.guild, "Ada Reader", 0)
	n.admin = n.s.AddMember(n.guild, "Bo Admin", ManageGuild)
	n.messages = pathf("/channels/%d/messages", n.text)
	n.announceMsgs = pathf("/channels/%d/messages", n.announcements)
	n.forumThreads = pathf("/channels/%d/threads", n.forum)
	return n
}

// withoutDocument judges by the hand-written rules alone.
func withoutDocument(o *Options) { o.Document, o.JudgeReplies = nil, false }

// badMessages break one rule each. A rule marked both is also in the document,
// so that only the refusal, not its words, is the same with it.
var badMessages = []struct {
	name string
	body object
	want string // part of the violation
	both bool
}{
	{"content of 2,001 characters", body(object{"content": letters(2001)}), "content: Must be 2000 or fewer", false},
	{"nothing at all", body(nil), "Cannot send an empty message", false},
	{"content of spaces alone", body(object{"content": " \n "}), "Cannot send an empty message", false},
	{"a flag that may not be set", body(object{"content": "x", "flags": flagCrossposted}), "flags: Flags 1", false},
	{"ephemeral outside an interaction", body(object{"content": "x", "flags": flagEphemeral}), "flags: Flags 64", false},
	{"eleven embeds", body(object{"embeds": times(11, func(i int) object { return object{"title": fmt.Sprint(i)} })}), "embeds: Must be 10 or fewer", true},
	{"embed title of 257", body(object{"embeds": []any{object{"title": letters(257)}}}), "embeds.0.title: Must be 256", true},
	{"embed description of 4,097", body(object{"embeds": []any{object{"description": letters(4097)}}}), "embeds.0.description: Must be 4096", true},
	{"embed footer of 2,049", body(object{"embeds": []any{object{"footer": object{"text": letters(2049)}}}}), "embeds.0.footer.text", true},
	{"embed author of 257", body(object{"embeds": []any{object{"author": object{"name": letters(257)}}}}), "embeds.0.author.name", true},
	{"26 embed fields", body(object{"embeds": []any{object{"fields": times(26, func(int) object { return object{"name": "a", "value": "b"} })}}}), "embeds.0.fields: Must be 25", true},
	{"an embed field without a name", body(object{"embeds": []any{object{"fields": []any{object{"name": "", "value": "b"}}}}}), "embeds.0.fields.0.name: This field is required", false},
	{"an embed field with a blank value", body(object{"embeds": []any{object{"fields": []any{object{"name": "a", "value": " "}}}}}), "embeds.0.fields.0.value: This field is required", false},
	{"embed field value of 1,025", body(object{"embeds": []any{object{"fields": []any{object{"name": "a", "value": letters(1025)}}}}}), "embeds.0.fields.0.value: Must be between", true},
	{"embeds of 6,001 characters together", body(object{"embeds": []any{object{"description": letters(4000)}, object{"description": letters(2001)}}}), "embeds: Embed size exceeds maximum size of 6000", false},
	{"the V2 flag with content", with(v2(textDisplay("x")), "content", "also"), "content: The 'content', 'embeds'", false},
	{"the V2 flag with an embed", with(v2(textDisplay("x")), "embeds", []any{object{"title": "also"}}), "embeds: The 'content', 'embeds'", false},
	{"a V2 component without the flag", body(object{"content": "x", "components": []any{textDisplay("x")}}), "components.0: Component type 10 needs the IS_COMPONENTS_V2 flag", false},
	{"V2 text of 4,001 characters together", v2(textDisplay(letters(2001)), textDisplay(letters(2000))), "displayable text size", false},
	{"41 components, nested ones counted", v2(object{"type": typeContainer, "components": times(40, func(int) object { return textDisplay("x") })}), "must not exceed 40, got 41", false},
	{"six action rows without V2", body(object{"components": times(6, func(i int) object { return row(button(fmt.Sprint(i))) })}), "components: Must be between 0 and 5", false},
	{"a custom id twice", body(object{"components": []any{row(button("a"), button("a"))}}), "components.0.components.1.custom_id: Component custom id cannot be duplicated", false},
	{"a component id twice", v2(with(textDisplay("x"), "id", 7), with(textDisplay("y"), "id", 7)), "components.1.id: Component id cannot be duplicated", false},
	{"a component id beyond int32", v2(with(textDisplay("x"), "id", int64(1)<<31)), "components.0.id: int32 value", false},
	{"a container in a container", v2(object{"type": typeContainer, "components": []any{object{"type": typeContainer, "components": []any{textDisplay("x")}}}}), "must not be 17 here", true},
	{"an unknown component type", v2(object{"type": 99}), "must not be 99 here", true},
	{"a button outside a row", body(object{"content": "x", "components": []any{button("a")}}), "must not be 2 here", true},
	{"six buttons in a row", body(object{"components": []any{row(times(6, func(i int) object { return button(fmt.Sprint(i)) })...)}}), "components.0.components: Must be between 1 and 5", true},
	{"an empty row", body(object{"components": []any{row()}}), "components.0.components: Must be between 1 and 5", true},
	{"a select and a button in a row", body(object{"components": []any{row(selectMenu("s", "1"), button("b"))}}), "up to five buttons or one select menu", false},
	{"a button without label and emoji", body(object{"components": []any{row(with(button("a"), "label", ""))}}), "must have a label or an emoji", false},
	{"button label of 81", body(object{"components": []any{row(with(button("a"), "label", letters(81)))}}), "label: Must be 80", true},
	{"custom id of 101", body(object{"components": []any{row(button(letters(101)))}}), "custom_id: Must be between 1 and 100", true},
	{"a button without a custom id", body(object{"components": []any{row(button(""))}}), "custom_id: This field is required", true},
	{"a link button with a custom id", body(object{"components": []any{row(with(with(button("a"), "style", styleLink), "url", "https://example.org"))}}), "may not have a custom id", false},
	{"a link button to javascript", body(object{"components": []any{row(object{"type": 2, "style": 5, "label": "x", "url": "javascript://x"})}}), "Scheme must be one of", false},
	{"a link of 513 characters", body(object{"components": []any{row(object{"type": 2, "style": 5, "label": "x", "url": "https://x.org/" + strings.Repeat("a", 500)})}}), "url: Must be between 1 and 512", true},
	{"an ordinary button with a link", body(object{"components": []any{row(with(button("a"), "url", "https://example.org"))}}), "Only a link button may have a url", false},
	{"a button of style 9", body(object{"components": []any{row(with(button("a"), "style", 9))}}), "Value 9 is not a button style", true},
	{"a select without options", body(object{"components": []any{row(selectMenu("s"))}}), "options: Must be between 1 and 25", true},
	{"a select with 26 options", body(object{"components": []any{row(selectMenu("s", strings.Fields("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26")...))}}), "options: Must be between 1 and 25", true},
	{"a select with a value twice", body(object{"components": []any{row(selectMenu("s", "1", "1"))}}), "option value is already used", false},
	{"a select option without a label", body(object{"components": []any{row(with(selectMenu("s"), "options", []any{object{"label": "", "value": "v"}}))}}), "options.0.label: This field is required", true},
	{"a select option description of 101", body(object{"components": []any{row(with(selectMenu("s"), "options", []any{object{"label": "l", "value": "v", "description": letters(101)}}))}}), "options.0.description: Must be 100", true},
	{"a placeholder of 151", body(object{"components": []any{row(with(selectMenu("s", "1"), "placeholder", letters(151)))}}), "placeholder: Must be 150", true},
	{"more max_values than options", body(object{"components": []any{row(with(selectMenu("s", "1"), "max_values", 2))}}), "more than there are options", false},
	{"min_values above max_values", body(object{"components": []any{row(with(with(selectMenu("s", "1", "2", "3"), "min_values", 3), "max_values", 2))}}), "do not fit", false},
	{"a section without an accessory", v2(object{"type": typeSection, "components": []any{textDisplay("x")}}), "accessory: This field is required", true},
	{"a section with four texts", v2(object{"type": typeSection, "accessory": button("a"), "components": times(4, func(int) object { return textDisplay("x") })}), "components: Must be between 1 and 3", true},
	{"a section of buttons", v2(object{"type": typeSection, "accessory": button("a"), "components": []any{button("b")}}), "A section holds text displays", true},
	{"an empty text display", v2(textDisplay("")), "content: This field is required", true},
	{"a gallery without items", v2(object{"type": typeGallery, "items": []any{}}), "items: Must be between 1 and 10", true},
	{"a thumbnail without an address", v2(object{"type": typeSection, "components": []any{textDisplay("x")}, "accessory": object{"type": typeThumbnail, "media": object{"url": ""}}}), "media.url: This field is required", true},
	{"a thumbnail of a file that is not sent", v2(object{"type": typeSection, "components": []any{textDisplay("x")}, "accessory": object{"type": typeThumbnail, "media": object{"url": "attachment://a.png"}}}), "The referenced attachment was not found", false},
	{"a gallery item by ftp", v2(object{"type": typeGallery, "items": []any{object{"media": object{"url": "ftp://x/y"}}}}), "Scheme must be one of", false},
	{"an empty container", v2(object{"type": typeContainer, "components": []any{}}), "components: Must be between 1 and 40", true},
	{"a nonce of 26", body(object{"content": "x", "nonce": strings.Repeat("n", 26)}), "nonce: Must be 25", true},
	{"roles parsed and listed", body(object{"content": "x", "allowed_mentions": object{"parse": []any{"roles"}, "roles": []any{"1"}}}), "mutually exclusive", false},
	{"eleven attachments", body(object{"content": "x", "attachments": times(11, func(i int) object { return object{"id": i} })}), "attachments: Must be between 0 and 10", true},
}

func TestBadMessageIsRefusedAndReported(t *testing.T) {
	t.Parallel()
	for _, tt := range badMessages {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t, tolerant, withoutDocument)
			a := raw(t, n.s, "POST", n.messages, tt.body)
			if a.status != 400 || a.code() != 50035 && a.code() != 50006 {
				t.Errorf("answered %d %s, want 400 with 50035 or 50006", a.status, a.raw)
			}
			if all := strings.Join(n.s.Violations(), "\n"); !strings.Contains(all, tt.want) {
				t.Errorf("violations are %q, want one with %q", all, tt.want)
			}
			if got := n.s.Messages(n.text); len(got) != 0 {
				t.Errorf("the channel holds %d messages after a refused one", len(got))
			}
		})
	}
}

func TestDocumentRefusesBadMessagesToo(t *testing.T) {
	t.Parallel()
	needDocument(t)
	for _, tt := range badMessages {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t, tolerant)
			a := raw(t, n.s, "POST", n.messages, tt.body)
			if a.status != 400 || len(n.s.Violations()) == 0 {
				t.Errorf("answered %d %s with violations %q, want a refusal", a.status, a.raw, n.s.Violations())
			}
			caught := len(needDocument(t).judge(messageCall(t, tt.body))) > 0
			if caught != tt.both {
				t.Errorf("the document alone refuses it: %v, the table says %v", caught, tt.both)
			}
		})
	}
}

// messageCall is a create-message request as the document sees it.
func messageCall(t *testing.T, b object) *call {
	t.Helper()
	r, params, _ := match("POST", "/channels/1/messages")
	return &call{method: "POST", route: r, params: params, body: plain(b)}
}

func TestMildBreachIsReportedButServed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		body object
		want string
	}{
		{"no allowed_mentions", object{"content": "x"}, "allowed_mentions: Without allowed_mentions everything"},
		{"allowed_mentions with parse null", object{"content": "x", "allowed_mentions": object{"parse": nil}}, "allowed_mentions.parse: parse is null"},
		{"enforce_nonce without a nonce", body(object{"content": "x", "enforce_nonce": true}), "enforces nothing"},
		{"two embeds with one url", body(object{"embeds": []any{object{"title": "a", "url": "https://a.org"}, object{"title": "b", "url": "https://a.org"}}}), "only the first is shown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t, tolerant)
			a := raw(t, n.s, "POST", n.messages, tt.body)
			if a.status != 200 || len(n.s.Messages(n.text)) != 1 {
				t.Errorf("answered %d %s, want it served", a.status, a.raw)
			}
			wantViolation(t, n.s, tt.want)
		})
	}
}

func TestGoodMessagesAreServedWithoutAViolation(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		body object
	}{
		{"content of 2,000 characters of two bytes", body(object{"content": letters(2000)})},
		{"embeds of 6,000 characters together", body(object{"embeds": []any{object{"description": letters(4000)}, object{"description": letters(2000)}}})},
		{"an embed with everything", body(object{"embeds": []any{object{
			"title": letters(256), "description": "d", "url": "https://example.org/a", "timestamp": "2026-11-22T10:00:00Z", "color": 255,
			"footer": object{"text": "f"}, "author": object{"name": "n"}, "image": object{"url": "https://example.org/a.png"},
			"fields": []any{object{"name": "a", "value": "b", "inline": true}, object{"name": "c", "value": "d"}},
		}}})},
		{"40 components", v2(times(40, func(i int) object { return textDisplay("x") })...)},
		{"4,000 characters of V2 text", v2(textDisplay(letters(4000)))},
		{"a digest's container", v2(object{"type": typeContainer, "accent_color": 0x2244aa, "components": []any{
			textDisplay("# Morning edition"), object{"type": typeSeparator, "divider": true, "spacing": 2},
			object{"type": typeSection, "components": []any{textDisplay("One"), textDisplay("Two")}, "accessory": object{
				"type": typeThumbnail, "media": object{"url": "https://example.org/a.png"}, "description": "A bridge"}},
			object{"type": typeSection, "components": []any{textDisplay("Three")}, "accessory": button("v1:read:1")},
			object{"type": typeGallery, "items": []any{object{"media": object{"url": "https://example.org/b.png"}}}},
			row(with(selectMenu("v1:more", "1", "2"), "placeholder", "Read more…")), row(button("a"), button("b")),
		}}, row(object{"type": 2, "style": 5, "label": "Open", "url": "https://example.org"}))},
		{"a nonce of 25 and enforce_nonce", body(object{"content": "x", "nonce": strings.Repeat("n", 25), "enforce_nonce": true})},
		{"what discordgo adds: null lists", body(object{"content": "x", "embeds": nil, "components": nil, "sticker_ids": nil, "options": nil, "ID": "1", "Channel": "2"})},
		{"silent and without embeds", body(object{"content": "x", "flags": flagSilent | flagSuppress})},
		{"five rows of five buttons", body(object{"content": "x", "components": times(5, func(i int) object {
			return row(times(5, func(j int) object { return button(fmt.Sprint(i, j)) })...)
		})})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t)
			a := raw(t, n.s, "POST", n.messages, tt.body)
			if a.status != 200 {
				t.Errorf("answered %d %s, want 200", a.status, a.raw)
			}
		})
	}
}

func TestRefusalNamesEachPathLikeDiscord(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, tolerant, withoutDocument)
	a := raw(t, n.s, "POST", n.messages, body(object{"content": letters(2001), "embeds": []any{object{"fields": []any{object{"name": "a", "value": ""}}}}}))
	errs := child(a.object(), "errors")
	if got := objects(child(errs, "content"), "_errors"); len(got) != 1 || got[0]["code"] != "BASE_TYPE_MAX_LENGTH" {
		t.Errorf("errors.content._errors is %v", got)
	}
	field := child(child(child(child(child(errs, "embeds"), "0"), "fields"), "0"), "value")
	if got := objects(field, "_errors"); len(got) != 1 || got[0]["message"] != "This field is required" {
		t.Errorf("errors.embeds.0.fields.0.value._errors is %v in %s", got, a.raw)
	}
	if a.object()["message"] != "Invalid Form Body" {
		t.Errorf("message is %v", a.object()["message"])
	}
}

func TestEmptyMessageHasItsOwnCode(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, tolerant)
	if a := raw(t, n.s, "POST", n.messages, body(nil)); a.status != 400 || a.code() != 50006 {
		t.Errorf("answered %d %s, want 400 50006", a.status, a.raw)
	}
}

func TestEditsAreJudgedByWhatTheMessageWas(t *testing.T) {
	t.Parallel()
	plainText := body(object{"content": "x"})
	layout := v2(textDisplay("x"))
	for _, tt := range []struct {
		name  string
		first object
		edit  object
		want  string // violation; "" means served
	}{
		{"a new text", plainText, body(object{"content": "y"}), ""},
		{"removing everything", plainText, body(object{"content": ""}), "Cannot send an empty message"},
		{"an edit that changes only flags", plainText, object{"flags": flagSuppress}, ""},
		{"components without allowed_mentions", plainText, object{"components": []any{row(button("a"))}}, "Without allowed_mentions"},
		{"new V2 components without repeating the flag", layout, body(object{"components": []any{textDisplay("y")}}), ""},
		{"content into V2", layout, body(object{"content": "y"}), "content: The 'content', 'embeds'"},
		{"taking the V2 flag away", layout, body(object{"flags": 0, "components": []any{textDisplay("y")}}), "cannot be removed"},
		{"V2 without clearing the content", plainText, v2(textDisplay("y")), "Set content to null"},
		{"V2 with the content cleared", plainText, with(with(v2(textDisplay("y")), "content", nil), "embeds", nil), ""},
		{"a flag that only a new message may have", plainText, body(object{"content": "y", "flags": flagSilent}), "flags: Flags 4096"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t, tolerant)
			id := text(raw(t, n.s, "POST", n.messages, tt.first).object(), "id")
			a := raw(t, n.s, "PATCH", n.messages+"/"+id, tt.edit)
			if tt.want != "" {
				if all := strings.Join(n.s.Violations(), "\n"); !strings.Contains(all, tt.want) {
					t.Errorf("answered %d %s, violations %q, want %q", a.status, a.raw, all, tt.want)
				}
				return
			}
			if a.status != 200 || len(n.s.Violations()) != 0 {
				t.Errorf("answered %d %s, violations %q, want it served", a.status, a.raw, n.s.Violations())
			}
		})
	}
}
