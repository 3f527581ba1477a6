package discordsim

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
)

// digestWith posts a V2 message with the components and returns its id.
func digestWith(t *testing.T, n newsroom, components ...any) int64 {
	t.Helper()
	a := raw(t, n.s, "POST", n.messages, v2(components...))
	if a.status != 200 {
		t.Fatalf("posting answered %d %s", a.status, a.raw)
	}
	return parseID(text(a.object(), "id"))
}

func TestButtonReachesTheBotWithItsMessage(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			data := i.MessageComponentData()
			if data.CustomID != "v1:save:1" || data.ComponentType != discordgo.ButtonComponent || i.Message == nil {
				t.Errorf("bot saw %+v on message %v", data, i.Message)
			}
			respond(t, n.s, i, callbackMessage, body(object{"content": "saved", "flags": flagEphemeral}))
		})
		id := digestWith(t, n, object{"type": typeContainer, "components": []any{
			object{"type": typeSection, "components": []any{textDisplay("story")}, "accessory": button("v1:save:1")},
		}})
		r, err := n.s.Press(t.Context(), n.reader, id, "v1:save:1")
		if err != nil {
			t.Fatal(err)
		}
		if !r.Ephemeral || r.Update || r.MessageID == id {
			t.Errorf("response is %+v, want a new ephemeral message", r)
		}
	})
}

func TestComponentAnswersCanChangeTheirMessage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		answer   func(t *testing.T, s *Sim, i *discordgo.Interaction)
		deferred bool
		want     string
	}{
		{"at once", func(t *testing.T, s *Sim, i *discordgo.Interaction) {
			respond(t, s, i, callbackUpdate, body(object{"content": "page 2"}))
		}, false, "page 2"},
		{"later", func(t *testing.T, s *Sim, i *discordgo.Interaction) {
			respond(t, s, i, callbackDeferredUpdate, nil)
			time.Sleep(time.Minute)
			webhook(t, s, "PATCH", i, "/messages/@original", body(object{"content": "page 3"}))
		}, true, "page 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				n := newNewsroom(t)
				answers(t, n, func(i *discordgo.Interaction) { tt.answer(t, n.s, i) })
				a := raw(t, n.s, "POST", n.messages, body(object{"content": "page 1", "components": []any{row(button("next"))}}))
				id := parseID(text(a.object(), "id"))
				r, err := n.s.Press(t.Context(), n.reader, id, "next")
				if err != nil {
					t.Fatal(err)
				}
				if m, _ := n.s.Message(id); !r.Update || r.Deferred != tt.deferred || r.MessageID != id || m.Content != tt.want || len(list(decoded(t, m), "components")) != 1 {
					t.Errorf("response %+v, message %+v, want it changed to %q with its button", r, m, tt.want)
				}
			})
		})
	}
}

// decoded is a message's wire form.
func decoded(t *testing.T, m Message) object {
	t.Helper()
	v, err := decodeJSON(m.JSON)
	if err != nil {
		t.Fatal(err)
	}
	return v.(object)
}

func TestAcknowledgedButtonNeedsNoAnswer(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) { respond(t, n.s, i, callbackDeferredUpdate, nil) })
		id := digestWith(t, n, row(button("vote")))
		r, err := n.s.Press(t.Context(), n.reader, id, "vote")
		if err != nil || r.MessageID != 0 || !r.Update {
			t.Errorf("response %+v, error %v, want an acknowledgement alone", r, err)
		}
	})
}

func TestSelectMenuChecksWhatIsChosen(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		var chosen []string
		answers(t, n, func(i *discordgo.Interaction) {
			chosen = i.MessageComponentData().Values
			respond(t, n.s, i, callbackMessage, body(object{"content": "story", "flags": flagEphemeral}))
		})
		menu := with(selectMenu("more", "1", "2", "3"), "max_values", 2)
		id := digestWith(t, n, row(menu), row(with(button("off"), "disabled", true), button("on")))
		if _, err := n.s.Choose(t.Context(), n.reader, id, "more", "1", "3"); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"1", "3"}, chosen); diff != "" {
			t.Errorf("bot saw (-want +got):\n%s", diff)
		}
		for _, tt := range []struct {
			name string
			act  func() (*Response, error)
			want error
		}{
			{"a value that is no option", func() (*Response, error) { return n.s.Choose(t.Context(), n.reader, id, "more", "9") }, ErrInput},
			{"too many values", func() (*Response, error) { return n.s.Choose(t.Context(), n.reader, id, "more", "1", "2", "3") }, ErrInput},
			{"no value", func() (*Response, error) { return n.s.Choose(t.Context(), n.reader, id, "more") }, ErrInput},
			{"pressing a menu", func() (*Response, error) { return n.s.Press(t.Context(), n.reader, id, "more") }, ErrInput},
			{"choosing from a button", func() (*Response, error) { return n.s.Choose(t.Context(), n.reader, id, "on", "1") }, ErrInput},
			{"a disabled button", func() (*Response, error) { return n.s.Press(t.Context(), n.reader, id, "off") }, ErrInput},
			{"an unknown component", func() (*Response, error) { return n.s.Press(t.Context(), n.reader, id, "huh") }, ErrUnknown},
			{"an unknown message", func() (*Response, error) { return n.s.Press(t.Context(), n.reader, 17, "on") }, ErrUnknown},
		} {
			if _, err := tt.act(); !errors.Is(err, tt.want) {
				t.Errorf("%s: error is %v, want %v", tt.name, err, tt.want)
			}
		}
	})
}

func TestEphemeralMessageIsPressedByItsReaderAlone(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			if i.Type == discordgo.InteractionApplicationCommand {
				respond(t, n.s, i, callbackMessage, body(object{"content": "list", "flags": flagEphemeral, "components": []any{row(button("next"))}}))
				return
			}
			respond(t, n.s, i, callbackUpdate, body(object{"content": "list, page 2"}))
		})
		r, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := n.s.Press(t.Context(), n.admin, r.MessageID, "next"); !errors.Is(err, ErrUnknown) {
			t.Errorf("another member pressing: %v, want ErrUnknown", err)
		}
		second, err := n.s.Press(t.Context(), n.reader, r.MessageID, "next")
		if err != nil || !second.Ephemeral || second.MessageID != r.MessageID {
			t.Errorf("response %+v, error %v, want the same message", second, err)
		}
	})
}

func TestModalIsShownFilledInAndSubmitted(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		modal := object{"custom_id": "v1:alert", "title": "New alert", "components": []any{
			row(object{"type": typeTextInput, "custom_id": "word", "label": "Word", "style": 1, "min_length": 2, "max_length": 10}),
			row(object{"type": typeTextInput, "custom_id": "note", "label": "Note", "style": 2, "required": false, "value": "none"}),
		}}
		answers(t, n, func(i *discordgo.Interaction) {
			if i.Type != discordgo.InteractionModalSubmit {
				respond(t, n.s, i, callbackModal, modal)
				return
			}
			data := i.ModalSubmitData()
			var got []string
			for _, r := range data.Components {
				input := r.(*discordgo.ActionsRow).Components[0].(*discordgo.TextInput)
				got = append(got, input.CustomID+"="+input.Value)
			}
			if a := respond(t, n.s, i, callbackModal, modal); a.status != 400 {
				t.Errorf("a modal in answer to a modal: %d, want 400", a.status)
			}
			respond(t, n.s, i, callbackMessage, body(object{"content": data.CustomID + " " + strings.Join(got, " ")}))
		})
		n.s.o.Violation = nil // the second modal is one
		shown, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", nil)
		if err != nil || shown.Modal == nil || shown.MessageID != 0 {
			t.Fatalf("response %+v, error %v, want a modal", shown, err)
		}
		for _, tt := range []struct {
			name   string
			member int64
			id     int64
			fields map[string]string
			want   error
		}{
			{"a required field left empty", n.reader, shown.InteractionID, nil, ErrInput},
			{"a text that is too short", n.reader, shown.InteractionID, map[string]string{"word": "x"}, ErrInput},
			{"a text that is too long", n.reader, shown.InteractionID, map[string]string{"word": "xxxxxxxxxxx"}, ErrInput},
			{"an unknown field", n.reader, shown.InteractionID, map[string]string{"word": "go", "huh": "x"}, ErrUnknown},
			{"another member", n.admin, shown.InteractionID, map[string]string{"word": "go"}, ErrUnknown},
			{"no modal", n.reader, 17, map[string]string{"word": "go"}, ErrUnknown},
		} {
			if _, err := n.s.SubmitModal(t.Context(), tt.member, tt.id, tt.fields); !errors.Is(err, tt.want) {
				t.Errorf("%s: error is %v, want %v", tt.name, err, tt.want)
			}
		}
		r, err := n.s.SubmitModal(t.Context(), n.reader, shown.InteractionID, map[string]string{"word": "golang"})
		if err != nil {
			t.Fatal(err)
		}
		if m, _ := n.s.Message(r.MessageID); m.Content != "v1:alert word=golang note=none" {
			t.Errorf("the bot answered %q", m.Content)
		}
	})
}

func TestLabelledModalFieldsAreSubmittedToo(t *testing.T) {
	t.Parallel()
	left := map[string]string{"f": "hello"}
	got, err := submitRow(plain(object{"type": typeLabel, "label": "L", "component": object{"type": typeTextInput, "custom_id": "f", "style": 1}}).(object), 0, left)
	if err != nil || text(child(got, "component"), "value") != "hello" || len(left) != 0 {
		t.Errorf("submitted %v, error %v, left %v", got, err, left)
	}
}

func TestMessageMenuGivesTheWholeMessage(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			data := i.ApplicationCommandData()
			m := data.Resolved.Messages[data.TargetID]
			respond(t, n.s, i, callbackMessage, body(object{"content": "read " + m.Content, "flags": flagEphemeral}))
		})
		id := n.s.PostAs(n.admin, n.text, "https://example.org/a")
		r, err := n.s.MessageMenu(t.Context(), n.reader, n.text, id, "Save article")
		if err != nil {
			t.Fatal(err)
		}
		if m, _ := n.s.Message(r.MessageID); m.Content != "read https://example.org/a" {
			t.Errorf("the bot answered %q", m.Content)
		}
		if _, err := n.s.MessageMenu(t.Context(), n.reader, n.text, 17, "Save article"); !errors.Is(err, ErrUnknown) {
			t.Errorf("an unknown message: %v", err)
		}
		if _, err := n.s.MessageMenu(t.Context(), n.reader, n.text, id, "Burn article"); !errors.Is(err, ErrUnknown) {
			t.Errorf("an unknown command: %v", err)
		}
	})
}

// TestUnknownComponentReachesTheClientAsNilData pins the trap that the switch
// is for: discordgo drops the whole data of such an interaction.
func TestUnknownComponentReachesTheClientAsNilData(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		n.s.SendUnknownComponents(true)
		nilData := make(chan bool, 1)
		answers(t, n, func(i *discordgo.Interaction) { nilData <- i.Data == nil })
		id := n.s.PostAs(n.admin, n.text, "x")
		if _, err := n.s.MessageMenu(t.Context(), n.reader, n.text, id, "Save article"); !errors.Is(err, ErrNoAnswer) {
			t.Errorf("error is %v, want silence", err)
		}
		if !<-nilData {
			t.Error("discordgo now reads unknown components: drop the guard against nil data")
		}
	})
}

func TestFileOptionIsUploadedForTheBot(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			data := i.ApplicationCommandData()
			option := data.Options[0].Options[0].Options[0]
			a := data.Resolved.Attachments[option.Value.(string)]
			got := rawGet(t, n.s, a.URL, nil)
			respond(t, n.s, i, callbackMessage, body(object{"content": a.Filename + ": " + string(got.raw)}))
		})
		for _, file := range []any{
			File{Name: "feeds.opml", ContentType: "text/x-opml", Data: []byte("<opml/>")},
			object{"filename": "feeds.opml", "content_type": "text/x-opml", "data": "PG9wbWwvPg=="},
		} {
			r, err := n.s.Slash(t.Context(), n.admin, n.text, "feeds import file", map[string]any{"opml": file})
			if err != nil {
				t.Fatal(err)
			}
			if m, _ := n.s.Message(r.MessageID); m.Content != "feeds.opml: <opml/>" {
				t.Errorf("the bot answered %q", m.Content)
			}
		}
	})
}

func TestCommandInDirectMessages(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			if i.Member != nil || i.User == nil || i.GuildID != "" {
				t.Errorf("bot saw member %v, user %v, guild %q", i.Member, i.User, i.GuildID)
			}
			respond(t, n.s, i, callbackMessage, body(object{"content": "hello"}))
		})
		dm := parseID(text(raw(t, n.s, "POST", "/users/@me/channels", object{"recipient_id": wireID(n.reader)}).object(), "id"))
		if _, err := n.s.Slash(t.Context(), n.reader, dm, "everywhere", nil); err != nil {
			t.Error(err)
		}
		if _, err := n.s.Slash(t.Context(), n.reader, dm, "here", nil); !errors.Is(err, ErrForbidden) {
			t.Errorf("a command for guilds alone: %v, want ErrForbidden", err)
		}
		if _, err := n.s.Slash(t.Context(), n.admin, dm, "everywhere", nil); !errors.Is(err, ErrUnknown) {
			t.Errorf("another's direct messages: %v, want ErrUnknown", err)
		}
	})
}

func TestEveryKindOfOptionIsResolved(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		role := n.s.AddRole(n.guild, "Readers", true)
		var got []any
		answers(t, n, func(i *discordgo.Interaction) {
			data := i.ApplicationCommandData()
			for _, o := range data.Options {
				got = append(got, o.Name, o.Value)
			}
			if data.Resolved.Users[wireID(n.reader)] == nil || data.Resolved.Members[wireID(n.reader)] == nil || data.Resolved.Roles[wireID(role)] == nil {
				t.Errorf("resolved is %+v", data.Resolved)
			}
			respond(t, n.s, i, callbackMessage, body(object{"content": "x"}))
		})
		_, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", map[string]any{
			"times": 3, "weight": "1.5", "all": true, "who": n.reader, "role": wireID(role), "any": role,
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []any{"times", 3.0, "weight", 1.5, "all", true, "who", wireID(n.reader), "role", wireID(role), "any", wireID(role)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("options (-want +got):\n%s", diff)
		}
	})
}

func TestNobodyActsInARemovedGuild(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	register(t, n.s, newsCommands())
	n.s.RemoveGuild(n.guild)
	if _, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", nil); !errors.Is(err, ErrForbidden) {
		t.Errorf("error is %v, want ErrForbidden", err)
	}
}

func TestCallbackWithResponseDescribesTheMessage(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			a := raw(t, n.s, "POST", pathf("/interactions/%s/%s/callback?with_response=true", i.ID, i.Token),
				object{"type": callbackMessage, "data": body(object{"content": "x", "flags": flagEphemeral})})
			m := child(child(a.object(), "resource"), "message")
			in := child(a.object(), "interaction")
			if a.status != 200 || m["content"] != "x" || in["response_message_id"] != m["id"] || in["response_message_ephemeral"] != true {
				t.Errorf("answered %d %s", a.status, a.raw)
			}
		})
		if _, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", nil); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
	})
}

func TestInteractionsMissedWhileAwayAreReplayed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			respond(t, n.s, i, callbackMessage, body(object{"content": "here I am"}))
		})
		time.Sleep(time.Second)
		n.s.CutGateway()
		r, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", nil)
		if err != nil || r.FirstAfter == 0 {
			t.Errorf("response %+v, error %v, want the answer after the resume", r, err)
		}
	})
}
