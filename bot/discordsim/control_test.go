package discordsim

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
)

// control sends a request to the control endpoint.
func control(t *testing.T, s *Sim, method, path string, body any) (int, object) {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(string(b)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.Control().ServeHTTP(w, r)
	v, err := decodeJSON(w.Body.Bytes())
	if err != nil {
		t.Fatalf("%s %s answered %d %q: %v", method, path, w.Code, w.Body, err)
	}
	return w.Code, v.(object)
}

func TestControlShowsTheState(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	register(t, n.s, newsCommands())
	thread := n.s.AddThread(n.forum, "post")
	gone := n.s.AddChannel(n.guild, "gone", KindText)
	n.s.DeleteChannel(gone)
	status, state := control(t, n.s, "GET", "/state", nil)
	if status != 200 || state["token"] != n.s.Token() || state["application_id"] != wireID(n.s.ApplicationID()) || state["connected"] != false || state["api_url"] != nil {
		t.Errorf("state is %d %v", status, state)
	}
	g := objects(state, "guilds")[0]
	var channels, members []string
	for _, c := range objects(g, "channels") {
		channels = append(channels, text(c, "name"))
		if c["id"] == wireID(thread) && c["parent_id"] != wireID(n.forum) {
			t.Errorf("the thread's parent is %v", c["parent_id"])
		}
	}
	for _, m := range objects(g, "members") {
		members = append(members, text(m, "name")+map[bool]string{true: " (admin)"}[m["admin"] == true])
	}
	if diff := cmp.Diff([]string{"news", "announcements", "stories", "post"}, channels); diff != "" {
		t.Errorf("channels (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Ada Reader", "Bo Admin (admin)"}, members); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if cmds := objects(state, "commands"); len(cmds) != len(newsCommands()) || len(objects(cmds[0], "options")) != 2 {
		t.Errorf("commands are %v", cmds)
	}
}

func TestControlActsAsAMember(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(i *discordgo.Interaction) {
			switch i.Type {
			case discordgo.InteractionApplicationCommandAutocomplete:
				respond(t, n.s, i, callbackChoices, object{"choices": []any{object{"name": "Go", "value": "golang"}}})
			case discordgo.InteractionMessageComponent:
				if i.MessageComponentData().CustomID == "ask" {
					respond(t, n.s, i, callbackModal, object{"custom_id": "m", "title": "T", "components": []any{row(object{"type": typeTextInput, "custom_id": "f", "label": "L", "style": 1})}})
					return
				}
				respond(t, n.s, i, callbackUpdate, body(object{"content": "chosen " + strings.Join(i.MessageComponentData().Values, ",")}))
			default:
				respond(t, n.s, i, callbackMessage, body(object{"content": "here", "flags": flagEphemeral, "components": []any{
					row(button("ask")), row(selectMenu("pick", "1", "2")),
				}}))
			}
		})
		member, channel := wireID(n.admin), wireID(n.text)
		status, r := control(t, n.s, "POST", "/act", object{"act": "slash", "member": member, "channel": channel, "command": "feeds add", "options": object{"url": "https://example.org", "mode": "digest"}})
		if status != 200 || r["ephemeral"] != true || child(r, "message")["content"] != "here" {
			t.Fatalf("slash answered %d %v", status, r)
		}
		id := text(r, "message_id")
		status, choices := control(t, n.s, "POST", "/act", object{"act": "autocomplete", "member": member, "channel": channel, "command": "feeds add", "options": object{"url": "g"}, "focused": "url"})
		if status != 200 || objects(choices, "choices")[0]["value"] != "golang" {
			t.Errorf("autocomplete answered %d %v", status, choices)
		}
		status, modal := control(t, n.s, "POST", "/act", object{"act": "press", "member": member, "message": id, "custom_id": "ask"})
		if status != 200 || child(modal, "modal")["title"] != "T" {
			t.Errorf("press answered %d %v", status, modal)
		}
		status, done := control(t, n.s, "POST", "/act", object{"act": "modal", "member": member, "interaction": modal["interaction"], "fields": object{"f": "x"}})
		if status != 200 || child(done, "message")["content"] != "here" {
			t.Errorf("modal answered %d %v", status, done)
		}
		status, chosen := control(t, n.s, "POST", "/act", object{"act": "choose", "member": member, "message": id, "custom_id": "pick", "values": []string{"2"}})
		if status != 200 || chosen["update"] != true || child(chosen, "message")["content"] != "chosen 2" {
			t.Errorf("choose answered %d %v", status, chosen)
		}
		_, posted := control(t, n.s, "POST", "/act", object{"act": "post", "member": member, "channel": channel, "content": "look"})
		status, menu := control(t, n.s, "POST", "/act", object{"act": "menu", "member": member, "channel": channel, "message": posted["message_id"], "command": "Save article"})
		if status != 200 || child(menu, "message")["content"] != "here" {
			t.Errorf("menu answered %d %v", status, menu)
		}
		for path, want := range map[string]int{"": 1, "?member=" + member: 4, "?member=" + member + "&limit=2": 2} {
			if _, got := control(t, n.s, "GET", "/channels/"+channel+"/messages"+path, nil); len(list(got, "messages")) != want {
				t.Errorf("messages%s are %d, want %d", path, len(list(got, "messages")), want)
			}
		}
		_, one := control(t, n.s, "GET", "/messages/"+id, nil)
		if one["ephemeral_to"] != member || one["interaction_id"] != r["interaction"] {
			t.Errorf("the reply is shown as %v", one)
		}
		_, replies := control(t, n.s, "GET", "/interactions/"+text(r, "interaction")+"/replies", nil)
		if len(list(replies, "messages")) != 1 {
			t.Errorf("replies are %v", replies)
		}
	})
}

func TestControlSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		answers(t, n, func(*discordgo.Interaction) {})
		reader, channel := wireID(n.reader), wireID(n.text)
		for _, tt := range []struct {
			name   string
			path   string
			body   any
			status int
		}{
			{"silence", "/act", object{"act": "slash", "member": reader, "channel": channel, "command": "poll"}, 504},
			{"an admin's command", "/act", object{"act": "slash", "member": reader, "channel": channel, "command": "feeds add", "options": object{"url": "x"}}, 403},
			{"a missing option", "/act", object{"act": "slash", "member": wireID(n.admin), "channel": channel, "command": "feeds add"}, 422},
			{"an unknown command", "/act", object{"act": "slash", "member": reader, "channel": channel, "command": "huh"}, 404},
			{"an unknown act", "/act", object{"act": "dance"}, 404},
			{"a post as nobody", "/act", object{"act": "post", "member": "17", "channel": channel}, 404},
			{"no object", "/act", []int{1}, 400},
			{"an unknown change", "/world", object{"do": "explode"}, 404},
			{"a channel in no guild", "/world", object{"do": "add_channel", "guild": "17"}, 404},
			{"a thread in no channel", "/world", object{"do": "add_thread", "channel": "17"}, 404},
			{"an unknown fault", "/fault", object{"fault": "earthquake"}, 404},
			{"an unknown limit", "/fault", object{"fault": "rate_limit", "limit": "sky"}, 404},
		} {
			status, answer := control(t, n.s, "POST", tt.path, tt.body)
			if status != tt.status || text(answer, "error") == "" {
				t.Errorf("%s: answered %d %v, want %d with an error", tt.name, status, answer, tt.status)
			}
		}
		for _, path := range []string{"/channels/17/messages", "/messages/17", "/interactions/17/replies"} {
			if status, _ := control(t, n.s, "GET", path, nil); status != 404 {
				t.Errorf("GET %s answered %d, want 404", path, status)
			}
		}
	})
}

func TestControlTakesJSONAlone(t *testing.T) {
	t.Parallel()
	s := newSim(t)
	r := httptest.NewRequestWithContext(t.Context(), "POST", "/fault", strings.NewReader(`{"fault":"outage","on":true}`))
	r.Header.Set("Content-Type", "text/plain") // what a form of another origin can send
	w := httptest.NewRecorder()
	s.Control().ServeHTTP(w, r)
	if w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("answered %d, want 415", w.Code)
	}
	if a := raw(t, s, "GET", "/gateway", nil); a.err != nil {
		t.Error("the outage began")
	}
}

func TestControlChangesTheWorld(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	change := func(o object) object {
		t.Helper()
		status, answer := control(t, n.s, "POST", "/world", o)
		if status != 200 {
			t.Errorf("%v answered %d %v", o, status, answer)
		}
		return answer
	}
	guild := change(object{"do": "add_guild", "name": "Elsewhere", "locale": "fr"})["id"]
	channel := change(object{"do": "add_channel", "guild": guild, "name": "news", "type": 0})["id"]
	thread := change(object{"do": "add_thread", "channel": channel, "name": "talk"})["id"]
	member := change(object{"do": "add_member", "guild": guild, "name": "Cy", "permissions": "32"})["id"]
	messages := "/channels/" + channel.(string) + "/messages"
	id := raw(t, n.s, "POST", messages, body(object{"content": "x"})).object()["id"]
	change(object{"do": "delete_message", "message": id})
	if a := raw(t, n.s, "GET", messages+"/"+id.(string), nil); a.code() != 10008 {
		t.Errorf("the deleted message answered %d %s", a.status, a.raw)
	}
	change(object{"do": "set_permissions", "channel": channel, "permissions": "1024"})
	if a := raw(t, n.s, "POST", messages, body(object{"content": "x"})); a.code() != 50013 {
		t.Errorf("without permission: %d %s", a.status, a.raw)
	}
	change(object{"do": "delete_channel", "channel": channel})
	if a := raw(t, n.s, "GET", "/channels/"+thread.(string), nil); a.code() != 10003 {
		t.Errorf("a deleted channel's thread answered %d %s", a.status, a.raw)
	}
	change(object{"do": "remove_guild", "guild": guild})
	if a := raw(t, n.s, "GET", "/guilds/"+guild.(string), nil); a.code() != 10004 {
		t.Errorf("the removed guild answered %d %s", a.status, a.raw)
	}
	_, state := control(t, n.s, "GET", "/state", nil)
	if g := objects(state, "guilds")[1]; g["removed"] != true || objects(g, "members")[0]["id"] != member {
		t.Errorf("the state shows %v", g)
	}
}

func TestControlScriptsFaults(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	fault := func(o object) {
		t.Helper()
		if status, answer := control(t, n.s, "POST", "/fault", o); status != 200 {
			t.Errorf("%v answered %d %v", o, status, answer)
		}
	}
	get := func() answerOf { return raw(t, n.s, "GET", "/users/@me", nil) }
	fault(object{"fault": "fail", "match": "GET /users/@me", "status": 503, "times": 1})
	if a := get(); a.status != 503 {
		t.Errorf("fail: answered %d", a.status)
	}
	fault(object{"fault": "fail", "match": "", "status": 403, "code": 50001, "times": 1})
	if a := get(); a.code() != 50001 {
		t.Errorf("fail with a code: answered %d %s", a.status, a.raw)
	}
	fault(object{"fault": "drop", "match": "", "times": 1})
	if a := get(); a.err == nil {
		t.Errorf("drop: answered %d", a.status)
	}
	fault(object{"fault": "rate_limit", "match": "", "limit": "html", "seconds": 1.5, "times": 1})
	if a := get(); a.status != 429 || a.body != nil {
		t.Errorf("rate_limit: answered %d %s", a.status, a.raw)
	}
	fault(object{"fault": "delay", "match": "", "seconds": 0.001, "times": 1})
	fault(object{"fault": "outage", "on": true})
	if a := get(); a.err == nil {
		t.Errorf("outage: answered %d", a.status)
	}
	fault(object{"fault": "outage", "on": false})
	fault(object{"fault": "clear"})
	for _, name := range []string{"silence_acks", "cut_gateway", "close_gateway", "refuse_gateway", "op7", "op7_before_ready", "no_hello", "op9"} {
		fault(object{"fault": name, "times": 0, "code": 4000})
	}
	if a := get(); a.status != 200 {
		t.Errorf("after clearing: answered %d", a.status)
	}
	_, kept := control(t, n.s, "GET", "/requests", nil)
	if got := objects(kept, "requests"); len(got) == 0 || got[0]["path"] != "/users/@me" || integer(got[0], "status") != 503 {
		t.Errorf("requests are %v", got)
	}
}

func TestControlShowsDirectMessages(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	dm := text(raw(t, n.s, "POST", "/users/@me/channels", object{"recipient_id": wireID(n.reader)}).object(), "id")
	raw(t, n.s, "POST", "/channels/"+dm+"/messages", body(object{"content": "alert"}))
	_, got := control(t, n.s, "GET", "/members/"+wireID(n.reader)+"/dms", nil)
	if l := objects(got, "messages"); len(l) != 1 || child(l[0], "message")["content"] != "alert" {
		t.Errorf("direct messages are %v", got)
	}
}

// follow reads n events of the stream.
func follow(t *testing.T, ctx context.Context, server *httptest.Server, path, lastID string, n int) []string {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if kind := res.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Fatalf("Content-Type is %q", kind)
	}
	var names []string
	for lines := bufio.NewScanner(res.Body); len(names) < n && lines.Scan(); {
		if name, found := strings.CutPrefix(lines.Text(), "event: "); found {
			names = append(names, name)
		}
	}
	return names
}

func TestEventsAreStreamedAndReplayed(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, tolerant)
	server := httptest.NewServer(n.s.Control())
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	_, state := control(t, n.s, "GET", "/state", nil)
	from := state["last_event"].(json.Number).String()
	id := text(raw(t, n.s, "POST", n.messages, body(object{"content": "x"})).object(), "id")
	raw(t, n.s, "PATCH", n.messages+"/"+id, body(object{"content": "y"}))
	raw(t, n.s, "DELETE", n.messages+"/"+id, nil)
	raw(t, n.s, "POST", n.messages, body(nil))
	n.s.DeleteChannel(n.forum)
	want := []string{"message", "edit", "delete", "violation", "channel_deleted"}
	if diff := cmp.Diff(want, follow(t, ctx, server, "/events?after="+from, "", 5)); diff != "" {
		t.Errorf("replayed by ?after (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, follow(t, ctx, server, "/events", from, 5)); diff != "" {
		t.Errorf("replayed by Last-Event-ID (-want +got):\n%s", diff)
	}
	live := make(chan []string)
	go func() { live <- follow(t, ctx, server, "/events?after="+from, "", 6) }()
	n.s.RemoveGuild(n.guild)
	if got := <-live; len(got) != 6 || got[5] != "guild_removed" {
		t.Errorf("live events are %v", got)
	}
}
