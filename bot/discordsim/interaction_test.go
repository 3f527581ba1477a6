package discordsim

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
)

// answers connects a bot that handles each interaction with f.
func answers(t *testing.T, n newsroom, f func(i *discordgo.Interaction)) {
	t.Helper()
	d := client(t, n.s)
	d.AddHandler(func(_ *discordgo.Session, i *discordgo.InteractionCreate) { f(i.Interaction) })
	if err := d.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { hangUp(d) })
	register(t, n.s, newsCommands())
}

// respond sends a first response and returns the answer to it.
func respond(t *testing.T, s *Sim, i *discordgo.Interaction, kind int, data object) answerOf {
	t.Helper()
	return raw(t, s, "POST", pathf("/interactions/%s/%s/callback", i.ID, i.Token), object{"type": kind, "data": data})
}

// webhook sends a request to the interaction's webhook.
func webhook(t *testing.T, s *Sim, method string, i *discordgo.Interaction, rest string, data any) answerOf {
	t.Helper()
	return raw(t, s, method, pathf("/webhooks/%d/%s%s", s.ApplicationID(), i.Token, rest), data)
}

func TestSlashCommandReachesTheBotAsTyped(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		n.s.SetLocale(n.admin, "fr")
		var got *discordgo.Interaction
		answers(t, n, func(i *discordgo.Interaction) {
			got = i
			respond(t, n.s, i, callbackMessage, body(object{"content": "added"}))
		})
		r, err := n.s.Slash(t.Context(), n.admin, n.text, "feeds add", map[string]any{"url": "https://example.org/feed", "channel": n.forum, "mode": "instant"})
		if err != nil {
			t.Fatal(err)
		}
		data := got.ApplicationCommandData()
		sub := data.Options[0]
		values := map[string]any{}
		for _, o := range sub.Options {
			values[o.Name] = o.Value
		}
		want := map[string]any{"url": "https://example.org/feed", "channel": wireID(n.forum), "mode": "instant"}
		if diff := cmp.Diff(want, values); diff != "" || sub.Name != "add" || data.Name != "feeds" {
			t.Errorf("bot saw /%s %s (-want +got):\n%s", data.Name, sub.Name, diff)
		}
		if ch := data.Resolved.Channels[wireID(n.forum)]; ch == nil || ch.Name != "stories" {
			t.Errorf("resolved channel is %+v, want the forum", ch)
		}
		if got.Locale != "fr" || *got.GuildLocale != "en-US" || got.Member.Permissions&ManageGuild == 0 || got.AppPermissions&SendMessages == 0 {
			t.Errorf("bot saw locale %s, guild locale %s, permissions %d", got.Locale, *got.GuildLocale, got.Member.Permissions)
		}
		m, ok := n.s.Message(r.MessageID)
		if !ok || m.Content != "added" || m.EphemeralTo != 0 || r.Ephemeral || r.Deferred {
			t.Errorf("answer is %+v in response %+v", m, r)
		}
	})
}

func TestInputThatDiscordsClientRefusesNeverReachesTheBot(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) { t.Errorf("the bot was asked: %+v", i.Data) })
		for _, tt := range []struct {
			name    string
			member  int64
			channel int64
			command string
			options map[string]any
			want    error
		}{
			{"an unknown command", n.admin, n.text, "nonsense", nil, ErrUnknown},
			{"no command at all", n.admin, n.text, "/", nil, ErrInput},
			{"an unknown subcommand", n.admin, n.text, "feeds subtract", nil, ErrUnknown},
			{"a command that needs a subcommand", n.admin, n.text, "feeds", nil, ErrInput},
			{"a required option left out", n.admin, n.text, "feeds add", nil, ErrInput},
			{"an unknown option", n.admin, n.text, "feeds add", map[string]any{"url": "x", "colour": "red"}, ErrUnknown},
			{"a value that is no choice", n.admin, n.text, "feeds add", map[string]any{"url": "x", "mode": "weekly"}, ErrInput},
			{"a text that is too long", n.admin, n.text, "feeds add", map[string]any{"url": strings.Repeat("x", 61)}, ErrInput},
			{"a channel that is not there", n.admin, n.text, "feeds add", map[string]any{"url": "x", "channel": 7}, ErrUnknown},
			{"a number below the least", n.reader, n.text, "poll", map[string]any{"times": 0}, ErrInput},
			{"a number above the most", n.reader, n.text, "poll", map[string]any{"times": "6"}, ErrInput},
			{"words for a number", n.reader, n.text, "poll", map[string]any{"times": "many"}, ErrInput},
			{"words for a truth", n.reader, n.text, "poll", map[string]any{"all": "perhaps"}, ErrInput},
			{"an unknown role", n.reader, n.text, "poll", map[string]any{"role": n.reader}, ErrUnknown},
			{"a command for admins", n.reader, n.text, "feeds add", map[string]any{"url": "x"}, ErrForbidden},
			{"a command for administrators alone", n.admin, n.text, "secret", nil, ErrForbidden},
			{"a forum itself", n.admin, n.forum, "poll", nil, ErrInput},
			{"an unknown channel", n.admin, 5, "poll", nil, ErrUnknown},
			{"an unknown member", 5, n.text, "poll", nil, ErrUnknown},
			{"a file that is none", n.admin, n.text, "feeds import file", map[string]any{"opml": "feeds.opml"}, ErrInput},
		} {
			if _, err := n.s.Slash(t.Context(), tt.member, tt.channel, tt.command, tt.options); !errors.Is(err, tt.want) {
				t.Errorf("%s: error is %v, want %v", tt.name, err, tt.want)
			}
		}
	})
}

func TestUncheckedCommandGoesPastTheClientsChecks(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		var mode string
		answers(t, n, func(i *discordgo.Interaction) {
			for _, o := range i.ApplicationCommandData().Options[0].Options {
				mode = o.Name + "=" + o.StringValue()
			}
			respond(t, n.s, i, callbackMessage, body(object{"content": "no", "flags": flagEphemeral}))
		})
		if _, err := n.s.SlashUnchecked(t.Context(), n.reader, n.text, "feeds add", map[string]any{"mode": "weekly"}); err != nil {
			t.Fatal(err)
		}
		if mode != "mode=weekly" {
			t.Errorf("the bot saw %q, want the value that is no choice", mode)
		}
	})
}

func TestSilenceIsReportedAfterThreeSecondsAndAnAnswerThenIsTooLate(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		late := make(chan answerOf, 1)
		answers(t, n, func(i *discordgo.Interaction) {
			time.Sleep(3 * time.Second)
			late <- respond(t, n.s, i, callbackMessage, body(object{"content": "late"}))
		})
		began := time.Now()
		_, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", nil)
		if !errors.Is(err, ErrNoAnswer) || time.Since(began) != 3*time.Second {
			t.Errorf("after %v: error %v, want ErrNoAnswer after 3 s", time.Since(began), err)
		}
		if a := <-late; a.status != 404 || a.code() != 10062 {
			t.Errorf("late callback answered %d %s, want 404 10062", a.status, a.raw)
		}
	})
}

func TestAnswerJustInTimeIsTaken(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			time.Sleep(2999 * time.Millisecond)
			if a := respond(t, n.s, i, callbackMessage, body(object{"content": "x"})); a.status != 204 {
				t.Errorf("answered %d %s, want 204", a.status, a.raw)
			}
			if a := respond(t, n.s, i, callbackMessage, body(object{"content": "again"})); a.status != 400 || a.code() != 40060 {
				t.Errorf("second callback answered %d %s, want 400 40060", a.status, a.raw)
			}
		})
		r, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", nil)
		synctest.Wait()
		if err != nil || r.FirstAfter != 2999*time.Millisecond {
			t.Errorf("response %+v, error %v, want one after 2.999 s", r, err)
		}
	})
}

func TestDeferralIsCompletedByAnEdit(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			respond(t, n.s, i, callbackDeferred, object{"flags": flagEphemeral})
			if a := webhook(t, n.s, "GET", i, "/messages/@original", nil); integer(a.object(), "flags") != flagLoading|flagEphemeral {
				t.Errorf("the thinking message is %s", a.raw)
			}
			time.Sleep(10 * time.Minute)
			if a := webhook(t, n.s, "PATCH", i, "/messages/@original", v2(textDisplay("done"))); a.status != 200 {
				t.Errorf("edit answered %d %s", a.status, a.raw)
			}
		})
		r, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", nil)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		m, _ := n.s.Message(r.MessageID)
		if !r.Deferred || !r.Ephemeral || m.EphemeralTo != n.reader || m.Flags != flagComponentsV2|flagEphemeral || !m.Edited.IsZero() {
			t.Errorf("response %+v with message %+v, want a completed ephemeral one", r, m)
		}
		if got := n.s.Messages(n.text); len(got) != 0 {
			t.Errorf("everybody sees %d messages, want none", len(got))
		}
		if a := raw(t, n.s, "GET", pathf("%s/%d", n.messages, r.MessageID), nil); a.code() != 10008 {
			t.Errorf("an ephemeral message is found in its channel: %d %s", a.status, a.raw)
		}
	})
}

func TestFirstFollowupCompletesADeferralAndLaterOnesAreNew(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			respond(t, n.s, i, callbackDeferred, object{})
			first := webhook(t, n.s, "POST", i, "", body(object{"content": "one"}))
			second := webhook(t, n.s, "POST", i, "?wait=true", body(object{"content": "two", "flags": flagEphemeral}))
			original := webhook(t, n.s, "GET", i, "/messages/@original", nil)
			if first.object()["id"] != original.object()["id"] || second.object()["id"] == original.object()["id"] {
				t.Errorf("followups are %v and %v, original %v", first.object()["id"], second.object()["id"], original.object()["id"])
			}
			if a := webhook(t, n.s, "PATCH", i, "/messages/"+text(second.object(), "id"), body(object{"content": "two, edited"})); a.status != 200 {
				t.Errorf("editing a followup answered %d %s", a.status, a.raw)
			}
			if a := webhook(t, n.s, "DELETE", i, "/messages/@original", nil); a.status != 204 {
				t.Errorf("deleting the original answered %d %s", a.status, a.raw)
			}
			if a := webhook(t, n.s, "GET", i, "/messages/@original", nil); a.code() != 10008 {
				t.Errorf("the deleted original answered %d %s", a.status, a.raw)
			}
		})
		r, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", nil)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		replies := n.s.Replies(r.InteractionID)
		if len(replies) != 1 || replies[0].Content != "two, edited" || replies[0].EphemeralTo != n.reader {
			t.Errorf("replies are %+v, want the edited followup", replies)
		}
	})
}

func TestTokenDiesAfterFifteenMinutes(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			respond(t, n.s, i, callbackDeferred, object{})
			time.Sleep(15 * time.Minute)
			if a := webhook(t, n.s, "PATCH", i, "/messages/@original", body(object{"content": "x"})); a.status != 401 || a.code() != 50027 {
				t.Errorf("answered %d %s, want 401 50027", a.status, a.raw)
			}
		})
		began := time.Now()
		_, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", nil)
		if !errors.Is(err, ErrNoAnswer) || time.Since(began) != 15*time.Minute {
			t.Errorf("after %v: %v, want ErrNoAnswer after 15 minutes", time.Since(began), err)
		}
		synctest.Wait()
	})
}

func TestWebhooksOfUnansweredOrUnknownInteractionsAreRefused(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			if a := webhook(t, n.s, "POST", i, "", body(object{"content": "x"})); a.status != 404 || a.code() != 10015 {
				t.Errorf("before the first response: %d %s, want 404 10015", a.status, a.raw)
			}
			if a := raw(t, n.s, "POST", pathf("/interactions/%s/wrong/callback", i.ID), object{"type": 5}); a.code() != 10062 {
				t.Errorf("wrong token: %d %s, want 10062", a.status, a.raw)
			}
			if a := raw(t, n.s, "GET", pathf("/webhooks/%d/%s/messages/@original", n.s.BotID(), i.Token), nil); a.code() != 10015 {
				t.Errorf("wrong application: %d %s, want 10015", a.status, a.raw)
			}
			if a := raw(t, n.s, "GET", pathf("/webhooks/%d/nonsense/messages/@original", n.s.ApplicationID()), nil); a.code() != 50027 {
				t.Errorf("unknown token: %d %s, want 50027", a.status, a.raw)
			}
			respond(t, n.s, i, callbackMessage, body(object{"content": "x"}))
			if a := webhook(t, n.s, "GET", i, "/messages/17", nil); a.code() != 10008 {
				t.Errorf("another's message: %d %s, want 10008", a.status, a.raw)
			}
		})
		if _, err := n.s.Slash(t.Context(), n.reader, n.text, "poll", nil); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
	})
}

func TestAutocompleteTypesAndJudgesSuggestions(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			o := i.ApplicationCommandData().Options[0]
			if i.Type != discordgo.InteractionApplicationCommandAutocomplete || !o.Options[0].Focused {
				t.Errorf("bot saw type %v, option %+v", i.Type, o.Options[0])
			}
			respond(t, n.s, i, callbackChoices, object{"choices": []any{object{"name": "Go " + o.Options[0].StringValue(), "value": "golang"}}})
		})
		got, err := n.s.Autocomplete(t.Context(), n.admin, n.text, "feeds add", map[string]any{"url": "gol"}, "url")
		if diff := cmp.Diff([]Choice{{Name: "Go gol", Value: "golang"}}, got); err != nil || diff != "" {
			t.Errorf("error %v, suggestions (-want +got):\n%s", err, diff)
		}
		if _, err := n.s.Autocomplete(t.Context(), n.admin, n.text, "feeds add", nil, "channel"); !errors.Is(err, ErrInput) {
			t.Errorf("an option without autocompletion: %v, want ErrInput", err)
		}
		if _, err := n.s.Autocomplete(t.Context(), n.admin, n.text, "feeds add", nil, "nothing"); !errors.Is(err, ErrUnknown) {
			t.Errorf("an unknown option: %v, want ErrUnknown", err)
		}
		if _, err := n.s.Autocomplete(t.Context(), n.reader, n.text, "feeds add", nil, "url"); !errors.Is(err, ErrForbidden) {
			t.Errorf("a reader typing an admin's command: %v, want ErrForbidden", err)
		}
	})
}

func TestBadAnswersToInteractionsAreRefused(t *testing.T) {
	t.Parallel()
	manyChoices := object{"choices": choices(26)}
	field := object{"type": typeTextInput, "custom_id": "f", "label": "Word", "style": 1}
	modal := func(change ...any) object {
		o := object{"custom_id": "m", "title": "Alert", "components": []any{row(field)}}
		for i := 0; i+1 < len(change); i += 2 {
			o[change[i].(string)] = change[i+1]
		}
		return o
	}
	for _, tt := range []struct {
		name    string
		focused string // an autocompletion of this option, else a command
		kind    int
		data    object
		want    string
	}{
		{"content of 2,001", "", callbackMessage, body(object{"content": letters(2001)}), "data.content: Must be 2000"},
		{"an empty message", "", callbackMessage, body(nil), "Cannot send an empty message"},
		{"a deferral with V2", "", callbackDeferred, object{"flags": flagComponentsV2}, "data.flags: Flags 32768"},
		{"an update of no message", "", callbackUpdate, body(object{"content": "x"}), "type: Callback type 7 does not answer"},
		{"choices for a command", "", callbackChoices, object{"choices": []any{}}, "type: Callback type 8 does not answer"},
		{"a message for an autocompletion", "url", callbackMessage, body(object{"content": "x"}), "type: Callback type 4 does not answer"},
		{"26 choices", "url", callbackChoices, manyChoices, "data.choices: Must be between 0 and 25"},
		{"a choice without a name", "url", callbackChoices, object{"choices": []any{object{"name": "", "value": "v"}}}, "data.choices.0.name: This field is required"},
		{"a choice value of 101", "url", callbackChoices, object{"choices": []any{object{"name": "n", "value": letters(101)}}}, "data.choices.0.value: Must be between"},
		{"a number for a text option", "url", callbackChoices, object{"choices": []any{object{"name": "n", "value": 1}}}, "data.choices.0.value: Must be a string"},
		{"a choice without a value", "url", callbackChoices, object{"choices": []any{object{"name": "n"}}}, "data.choices.0.value: This field is required"},
		{"a modal title of 46", "", callbackModal, modal("title", letters(46)), "data.title: Must be between 1 and 45"},
		{"a modal without a custom id", "", callbackModal, modal("custom_id", ""), "data.custom_id: This field is required"},
		{"a modal of six rows", "", callbackModal, modal("components", times(6, func(i int) object { return row(with(field, "custom_id", letters(i+1))) })), "data.components: Must be between 1 and 5"},
		{"a field label of 46", "", callbackModal, modal("components", []any{row(with(field, "label", letters(46)))}), "label: Must be between 1 and 45"},
		{"a field of style 3", "", callbackModal, modal("components", []any{row(with(field, "style", 3))}), "is not a text input style"},
		{"a field id twice", "", callbackModal, modal("components", []any{row(field), row(field)}), "Component custom id cannot be duplicated"},
		{"a button in a modal", "", callbackModal, modal("components", []any{row(button("b"))}), "must not be 2 here"},
		{"two fields in a row", "", callbackModal, modal("components", []any{row(field, with(field, "custom_id", "g"))}), "Must be between 1 and 1"},
		{"a value longer than allowed", "", callbackModal, modal("components", []any{row(with(with(field, "value", "abc"), "max_length", 2))}), "value: Must be 2 or fewer"},
		{"a min_length above max_length", "", callbackModal, modal("components", []any{row(with(with(field, "min_length", 5), "max_length", 2))}), "do not fit"},
		{"a label of 46", "", callbackModal, modal("components", []any{object{"type": typeLabel, "label": letters(46), "component": field}}), "label: Must be between 1 and 45"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				n := newNewsroom(t, tolerant, withoutDocument)
				answers(t, n, func(i *discordgo.Interaction) {
					if a := respond(t, n.s, i, tt.kind, tt.data); a.status != 400 {
						t.Errorf("answered %d %s, want 400", a.status, a.raw)
					}
				})
				var err error
				if tt.focused != "" {
					_, err = n.s.Autocomplete(t.Context(), n.admin, n.text, "feeds add", nil, tt.focused)
				} else {
					_, err = n.s.Slash(t.Context(), n.reader, n.text, "poll", nil)
				}
				if !errors.Is(err, ErrNoAnswer) {
					t.Errorf("the member got %v, want silence", err)
				}
				if all := strings.Join(n.s.Violations(), "\n"); !strings.Contains(all, tt.want) {
					t.Errorf("violations are %q, want one with %q", all, tt.want)
				}
			})
		})
	}
}

func TestIntegerAutocompleteTakesNumbers(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			respond(t, n.s, i, callbackChoices, object{"choices": []any{object{"name": "three", "value": 3}}})
		})
		got, err := n.s.Autocomplete(t.Context(), n.reader, n.text, "poll", map[string]any{"times": "thr"}, "times")
		if err != nil || len(got) != 1 || got[0].Value != json.Number("3") {
			t.Errorf("got %+v, error %v, want the number 3", got, err)
		}
	})
}
