package discord

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot/discordsim"
)

// after makes a handler that takes d and replies r.
func after(d time.Duration, r Reply) Handler {
	return func(ctx context.Context, _ *Request) (Reply, error) {
		if err := sleep(ctx, d); err != nil {
			return Reply{}, err
		}
		return r, nil
	}
}

func words(s string) Message { return Message{Components: []Component{Container(1, Text(s))}} }

func TestAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		handler Handler
		public  bool
		// want are the flags of the answer.
		deferred, ephemeral bool
		text                string
	}{
		"at once, to the one who asked":    {after(0, Reply{Message: words("hi")}), false, false, true, "hi"},
		"at once, to everyone":             {after(0, Reply{Message: words("hi"), Public: true}), false, false, false, "hi"},
		"just in time":                     {after(900*time.Millisecond, Reply{Message: words("hi")}), false, false, true, "hi"},
		"late, with Components V2":         {after(5*time.Second, Reply{Message: words("hi")}), false, true, true, "hi"},
		"late, with content":               {after(5*time.Second, Reply{Message: Message{Content: "hi"}}), false, true, true, "hi"},
		"late, to everyone where declared": {after(5*time.Second, Reply{Message: words("hi"), Public: true}), true, true, false, "hi"},
		"after thirteen minutes":           {after(13*time.Minute, Reply{Message: words("hi")}), false, true, true, "hi"},
		"never":                            {after(time.Hour, Reply{Message: words("hi")}), false, true, true, "Something went wrong (ref "},
		"with a refusal": {func(context.Context, *Request) (Reply, error) {
			return Reply{}, &UserError{"No feed.", "Try /feeds list."}
		}, false, false, true, "No feed.\\nTry /feeds list."},
		"with an error":                         {func(context.Context, *Request) (Reply, error) { return Reply{}, errors.New("secret cause") }, false, false, true, "Something went wrong (ref "},
		"with a panic":                          {func(context.Context, *Request) (Reply, error) { panic("secret cause") }, false, false, true, "Something went wrong (ref "},
		"with a late panic":                     {func(context.Context, *Request) (Reply, error) { time.Sleep(4 * time.Second); panic("secret cause") }, false, true, true, "Something went wrong (ref "},
		"late, with a form that cannot be open": {after(4*time.Second, Reply{Modal: &Modal{CustomID: "v1:m", Title: "t"}}), false, true, true, "That took too long."},
	} {
		t.Run(name, func(t *testing.T) {
			withRig(t, func(r *rig) {
				r.router.Command("ask", tt.handler)
				if tt.public {
					r.router.Public("ask")
				}
				r.register(Command{Name: "ask", Description: "Asks"})
				r.run()
				res, err := r.sim.Slash(r.Context(), r.member, r.channel, "ask", nil)
				if err != nil {
					r.Fatalf("%v\n%s", err, r.log)
				}
				if res.Deferred != tt.deferred || res.Ephemeral != tt.ephemeral || !contains(res.Message, tt.text) {
					r.Errorf("deferred %v, ephemeral %v: %s\nwant %v, %v, %q", res.Deferred, res.Ephemeral, res.Message, tt.deferred, tt.ephemeral, tt.text)
				}
				if strings.Contains(string(res.Message), "secret") {
					r.Error("the cause reached the member")
				}
				if res.FirstAfter > 3*time.Second {
					r.Errorf("first answer after %v", res.FirstAfter)
				}
			})
		})
	}
}

func TestReferenceOfAFailureIsInTheLog(t *testing.T) {
	withRig(t, func(r *rig) {
		r.router.Command("ask", func(context.Context, *Request) (Reply, error) { panic("the cause") })
		r.register(Command{Name: "ask", Description: "Asks"})
		r.run()
		res, err := r.sim.Slash(r.Context(), r.member, r.channel, "ask", nil)
		if err != nil {
			r.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(res.Message), "(ref ")
		ref, _, ok := strings.Cut(rest, ")")
		if !ok || !r.logged("ref="+ref) || !r.logged("the cause") {
			r.Errorf("reference %q of %s is not in the log:\n%s", ref, res.Message, r.log)
		}
	})
}

func TestLongAnswersContinue(t *testing.T) {
	for name, wait := range map[string]time.Duration{"at once": 0, "late": 4 * time.Second} {
		t.Run(name, func(t *testing.T) {
			withRig(t, func(r *rig) {
				long := Message{Content: strings.Repeat("A sentence of words. ", 250)}
				r.router.Command("ask", after(wait, Reply{Message: long}))
				r.register(Command{Name: "ask", Description: "Asks"})
				r.run()
				res, err := r.sim.Slash(r.Context(), r.member, r.channel, "ask", nil)
				if err != nil {
					r.Fatal(err)
				}
				synctest.Wait()
				replies := r.sim.Replies(res.InteractionID)
				var text string
				for _, m := range replies {
					text += m.Content
					if m.EphemeralTo != r.member {
						r.Error("a part is public")
					}
				}
				if len(replies) != 3 || strings.Join(strings.Fields(text), " ") != strings.TrimSpace(long.Content) {
					r.Errorf("%d parts with %d bytes", len(replies), len(text))
				}
			})
		})
	}
}

// pressed posts a message with a button of the kind and presses it.
func (r *rig) pressed(kind string) (*discordsim.Response, int64) {
	r.Helper()
	m := words("the page")
	m.Components = append(m.Components, Row(Button(StylePrimary, EncodeID(kind, "7", "a:b"), "Go", "")))
	id, err := r.client.Send(r.Context(), r.channel, m, "")
	if err != nil {
		r.Fatal(err)
	}
	res, err := r.sim.Press(r.Context(), r.member, id, EncodeID(kind, "7", "a:b"))
	if err != nil {
		r.Fatalf("%v\n%s", err, r.log)
	}
	synctest.Wait()
	return res, id
}

func TestButtons(t *testing.T) {
	for name, tt := range map[string]struct {
		handler Handler
		updates bool
		update  bool // the message itself changes
		text    string
	}{
		"answer the one who pressed": {after(0, Reply{Message: words("answer")}), false, false, "answer"},
		"replace their message":      {after(0, Reply{Message: words("answer"), Update: true}), false, true, "answer"},
		"replace their message late": {after(4*time.Second, Reply{Message: words("answer"), Update: true}), true, true, "answer"},
		"do nothing":                 {after(0, Reply{}), false, true, ""},
		"do nothing late":            {after(4*time.Second, Reply{}), true, true, ""},
		"fail late without touching the message": {func(context.Context, *Request) (Reply, error) {
			time.Sleep(4 * time.Second)
			return Reply{}, &UserError{Text: "no"}
		}, true, true, ""},
		"answer late": {after(4*time.Second, Reply{Message: words("answer")}), false, false, "answer"},
	} {
		t.Run(name, func(t *testing.T) {
			withRig(t, func(r *rig) {
				r.router.Component("page", tt.handler)
				if tt.updates {
					r.router.Updates("page")
				}
				r.run()
				res, id := r.pressed("page")
				posted, _ := r.sim.Message(id)
				if res.Update != tt.update {
					r.Errorf("update %v, want %v", res.Update, tt.update)
				}
				changed := !contains(posted.JSON, "the page")
				if want := tt.update && tt.text != ""; changed != want {
					r.Errorf("the message is now %s", posted.JSON)
				}
				if tt.text != "" && !tt.update && (!res.Ephemeral || !contains(res.Message, tt.text)) {
					r.Errorf("answer %s (ephemeral %v)", res.Message, res.Ephemeral)
				}
			})
		})
	}
}

func TestButtonCarriesItsState(t *testing.T) {
	withRig(t, func(r *rig) {
		var got Request
		r.router.Component("page", func(_ context.Context, q *Request) (Reply, error) { got = *q; return Reply{}, nil })
		r.run()
		_, id := r.pressed("page")
		if got.CustomKind != "page" || fmt.Sprint(got.CustomArgs) != "[7 a:b]" || got.MessageID != id || got.UserID != r.member ||
			got.GuildID != r.guild || got.ChannelID != r.channel {
			r.Errorf("request %+v", got)
		}
	})
}

func TestUnknownButtonsAreExplained(t *testing.T) {
	withRig(t, func(r *rig) {
		r.run()
		res, _ := r.pressed("old")
		if !res.Ephemeral || !contains(res.Message, "any more") {
			r.Errorf("answer %s", res.Message)
		}
	})
}

func TestForms(t *testing.T) {
	withRig(t, func(r *rig) {
		r.router.Command("ask", after(0, Reply{Modal: &Modal{
			CustomID: EncodeID("form", "5"), Title: strings.Repeat("A title ", 10),
			Inputs: []Input{{ID: "name", Label: "Name", Required: true, Max: 50}, {ID: "text", Label: "Text", Long: true}},
		}}))
		r.router.Modal("form", func(_ context.Context, q *Request) (Reply, error) {
			return Reply{Message: Message{Content: q.CustomArgs[0] + " " + q.Fields["name"] + " " + q.Fields["text"]}}, nil
		})
		r.register(Command{Name: "ask", Description: "Asks"})
		r.run()
		res, err := r.sim.Slash(r.Context(), r.member, r.channel, "ask", nil)
		if err != nil || res.Modal == nil {
			r.Fatalf("%v, %+v\n%s", err, res, r.log)
		}
		res, err = r.sim.SubmitModal(r.Context(), r.member, res.InteractionID, map[string]string{"name": "Ada", "text": "one\ntwo"})
		if err != nil || !contains(res.Message, `5 Ada one\ntwo`) {
			r.Errorf("%v, %s", err, res.Message)
		}
	})
}

func TestAutocompletion(t *testing.T) {
	withRig(t, func(r *rig) {
		var got Request
		r.router.Autocomplete("feeds add", "url", func(_ context.Context, q *Request) (Reply, error) {
			got = *q
			reply := Reply{Choices: []Choice{{Name: " ", Value: "blank"}, {Name: "x", Value: strings.Repeat("y", 101)}}}
			for i := range 40 {
				reply.Choices = append(reply.Choices, Choice{Name: strings.Repeat("日", 150), Value: fmt.Sprint(i)})
			}
			return reply, nil
		})
		r.router.Autocomplete("feeds add", "count", after(0, Reply{Choices: []Choice{{Name: "seven", Value: "7"}}}))
		r.router.Autocomplete("feeds add", "slow", after(10*time.Second, Reply{Choices: []Choice{{Name: "late", Value: "l"}}}))
		r.router.Autocomplete("feeds add", "broken", func(context.Context, *Request) (Reply, error) { panic("x") })
		r.register(Command{Name: "feeds", Description: "Feeds", Options: []Option{{Kind: OptionSubcommand, Name: "add", Description: "Adds", Options: []Option{
			{Kind: OptionString, Name: "url", Description: "u", Autocomplete: true},
			{Kind: OptionInteger, Name: "count", Description: "c", Autocomplete: true},
			{Kind: OptionString, Name: "slow", Description: "s", Autocomplete: true},
			{Kind: OptionString, Name: "broken", Description: "b", Autocomplete: true},
		}}}})
		r.run()
		choices, err := r.sim.Autocomplete(r.Context(), r.member, r.channel, "feeds add", map[string]any{"url": "go"}, "url")
		if err != nil || len(choices) != 25 || runes(choices[0].Name) != 100 || choices[0].Value != "0" {
			r.Fatalf("%d choices, %v\n%s", len(choices), err, r.log)
		}
		if got.Command != "feeds add" || got.Focused != "url" || got.Options["url"] != "go" || got.Kind != RequestAutocomplete {
			r.Errorf("request %+v", got)
		}
		choices, err = r.sim.Autocomplete(r.Context(), r.member, r.channel, "feeds add", nil, "count")
		if err != nil || len(choices) != 1 || fmt.Sprint(choices[0].Value) != "7" {
			r.Errorf("choices for a number: %v, %v", choices, err)
		}
		for _, name := range []string{"slow", "broken"} {
			choices, err = r.sim.Autocomplete(r.Context(), r.member, r.channel, "feeds add", nil, name)
			if err != nil || len(choices) != 0 {
				r.Errorf("%s: choices %v, %v; want none in time", name, choices, err)
			}
		}
	})
}

func TestOptionsAndAttachments(t *testing.T) {
	withRig(t, func(r *rig) {
		var got Request
		var file []byte
		r.router.Command("all", func(ctx context.Context, q *Request) (Reply, error) {
			got = *q
			b, err := r.client.Attachment(ctx, q.Attachments["file"].URL, 100)
			file = b
			return Reply{Message: Message{Content: "ok"}}, err
		})
		r.register(Command{Name: "all", Description: "All", Options: []Option{
			{Kind: OptionString, Name: "text", Description: "t"},
			{Kind: OptionInteger, Name: "count", Description: "c", Min: 0, Max: 10},
			{Kind: OptionBoolean, Name: "yes", Description: "y"},
			{Kind: OptionChannel, Name: "where", Description: "w", ChannelKinds: []ChannelKind{ChannelText, ChannelForum}},
			{Kind: OptionAttachment, Name: "file", Description: "f"},
		}})
		r.run()
		_, err := r.sim.Slash(r.Context(), r.admin, r.channel, "all", map[string]any{
			"text": `say "x"`, "count": 7, "yes": true, "where": r.channel,
			"file": discordsim.File{Name: "feeds.opml", ContentType: "text/xml", Data: []byte("<opml/>")},
		})
		if err != nil {
			r.Fatalf("%v\n%s", err, r.log)
		}
		want := fmt.Sprintf(`map[count:7 file:%d text:say "x" where:%d yes:true]`, got.Attachments["file"].ID, r.channel)
		if fmt.Sprint(got.Options) != want {
			r.Errorf("options %v, want %s", got.Options, want)
		}
		a := got.Attachments["file"]
		if a.Name != "feeds.opml" || a.Size != 7 || string(file) != "<opml/>" {
			r.Errorf("attachment %+v with %q", a, file)
		}
		if got.Permissions&ManageServer == 0 || got.AppPermissions&int64(SendMessages) == 0 || got.UserName == "" {
			r.Errorf("person: %+v", got)
		}
		if _, err := r.client.Attachment(r.Context(), a.URL, 3); err == nil {
			r.Error("a file larger than the limit was read")
		}
	})
}

func TestMessageMenuReadsAMessageWithUnknownComponents(t *testing.T) {
	withRig(t, func(r *rig) {
		r.sim.SendUnknownComponents(true)
		var got *Target
		r.router.Menu("Save article", func(_ context.Context, q *Request) (Reply, error) {
			got = q.Target
			return Reply{Message: Message{Content: "saved"}}, nil
		})
		r.register(Command{Name: "Save article", Kind: MessageMenu, Description: "not sent", Contexts: []int{0, 1, 2}, Installs: []int{0, 1}})
		r.run()
		id := r.sim.PostAs(r.admin, r.channel, "look: https://a.test/x_(y), and <https://b.test/?q=1>. [t](https://c.test/z) https://a.test/x_(y)")
		if _, err := r.sim.MessageMenu(r.Context(), r.member, r.channel, id, "Save article"); err != nil {
			r.Fatalf("%v\n%s", err, r.log)
		}
		want := "[https://a.test/x_(y) https://b.test/?q=1 https://c.test/z]"
		if got == nil || got.MessageID != id || got.ChannelID != r.channel || fmt.Sprint(got.Links) != want {
			r.Errorf("target %+v, want links %s", got, want)
		}
	})
}

func TestLateCallbackIsLoggedAndNotRepeated(t *testing.T) {
	withRig(t, func(r *rig) {
		r.say("ask", "hi")
		r.register(Command{Name: "ask", Description: "Asks"})
		r.run()
		r.sim.Delay("POST /interactions/**", 4*time.Second, 1)
		if _, err := r.sim.Slash(r.Context(), r.member, r.channel, "ask", nil); !errors.Is(err, discordsim.ErrNoAnswer) {
			r.Errorf("error %v, want no answer", err)
		}
		time.Sleep(time.Minute)
		if n := r.count("POST /interactions/"); n != 1 || !r.logged("10062") {
			r.Errorf("%d callbacks, want 1; log:\n%s", n, r.log)
		}
	})
}

func TestLostCallbackIsRepeatedOnce(t *testing.T) {
	withRig(t, func(r *rig) {
		r.router.Command("ask", after(4*time.Second, Reply{Message: words("hi")}))
		r.register(Command{Name: "ask", Description: "Asks"})
		r.run()
		r.sim.DropAnswer("POST /interactions/**", 1)
		res, err := r.sim.Slash(r.Context(), r.member, r.channel, "ask", nil)
		if err != nil || !contains(res.Message, "hi") {
			r.Fatalf("%v\n%s", err, r.log)
		}
	})
}

func TestNonAdminsAreRefusedEvenIfDiscordLetsThem(t *testing.T) {
	withRig(t, func(r *rig) {
		r.say("feeds add", "added")
		r.router.Component("undo", after(0, Reply{Message: words("undone")}))
		r.router.Require("feeds", ManageServer)
		r.router.RequireKind("undo", ManageServer)
		r.register(Command{Name: "feeds", Description: "Feeds", Permissions: ManageServer, Options: []Option{
			{Kind: OptionSubcommand, Name: "add", Description: "Adds"},
		}})
		r.run()
		if _, err := r.sim.Slash(r.Context(), r.member, r.channel, "feeds add", nil); !errors.Is(err, discordsim.ErrForbidden) {
			r.Errorf("Discord offers the command to a member: %v", err)
		}
		res, err := r.sim.SlashUnchecked(r.Context(), r.member, r.channel, "feeds add", nil)
		if err != nil || !contains(res.Message, "Manage Server") || !res.Ephemeral {
			r.Errorf("a member got %s, %v", res.Message, err)
		}
		res, err = r.sim.Slash(r.Context(), r.admin, r.channel, "feeds add", nil)
		if err != nil || !contains(res.Message, "added") {
			r.Errorf("an admin got %s, %v", res.Message, err)
		}
		if res, _ := r.pressed("undo"); !contains(res.Message, "Manage Server") {
			r.Errorf("a member's press got %s", res.Message)
		}
	})
}
