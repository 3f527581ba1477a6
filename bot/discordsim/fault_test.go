package discordsim

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
)

func TestFailuresAreAnsweredWithoutServing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		script func(s *Sim)
		status int
		code   int
		json   bool
	}{
		{"500", func(s *Sim) { s.Fail("POST /channels/*/messages", 500, 1) }, 500, 0, true},
		{"502 from the proxy", func(s *Sim) { s.Fail("", 502, 1) }, 502, 0, false},
		{"a JSON code", func(s *Sim) { s.FailCode("POST /channels/**", 403, 50013, 1) }, 403, 50013, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t)
			tt.script(n.s)
			a := raw(t, n.s, "POST", n.messages, body(object{"content": "x"}))
			if a.status != tt.status || a.code() != tt.code || (a.body != nil) != tt.json {
				t.Errorf("answered %d %s, want %d %d, JSON %v", a.status, a.raw, tt.status, tt.code, tt.json)
			}
			if got := n.s.Messages(n.text); len(got) != 0 {
				t.Errorf("a failed request was served: %+v", got)
			}
			if a := raw(t, n.s, "POST", n.messages, body(object{"content": "x"})); a.status != 200 {
				t.Errorf("the next one answered %d %s, want 200", a.status, a.raw)
			}
		})
	}
}

func TestFaultMatches(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, method, path string
		want                  bool
	}{
		{"", "GET", "/gateway", true},
		{"GET", "GET", "/gateway", true},
		{"GET", "POST", "/gateway", false},
		{"/gateway", "GET", "/gateway", true},
		{"/gateway", "GET", "/gateway/bot", false},
		{"GET /channels/*/messages", "GET", "/channels/1/messages", true},
		{"GET /channels/*/messages", "GET", "/channels/1/messages/2", false},
		{"GET /channels/*/messages", "GET", "/channels/1", false},
		{"POST /channels/**", "POST", "/channels/1/messages/2/crosspost", true},
		{"PATCH /webhooks/*/*/messages/@original", "PATCH", "/webhooks/1/t/messages/@original", true},
	} {
		if got := matches(tt.pattern, tt.method, tt.path); got != tt.want {
			t.Errorf("matches(%q, %s %s) = %v, want %v", tt.pattern, tt.method, tt.path, got, tt.want)
		}
	}
}

func TestLostAnswerWasAcceptedAndTheNonceFindsIt(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.s.DropAnswer("POST /channels/*/messages", 1)
	if a := raw(t, n.s, "POST", n.messages, nonced("d1", "x")); a.err == nil {
		t.Fatalf("answered %d %s, want a broken connection", a.status, a.raw)
	}
	if got := n.s.Messages(n.text); len(got) != 1 {
		t.Fatalf("the channel holds %d messages, want the accepted one", len(got))
	}
	a := raw(t, n.s, "POST", n.messages, nonced("d1", "x"))
	if a.status != 200 || parseID(text(a.object(), "id")) != n.s.Messages(n.text)[0].ID || len(n.s.Messages(n.text)) != 1 {
		t.Errorf("the retry answered %d %s, want the earlier message", a.status, a.raw)
	}
	requests := n.s.Requests()
	if last := requests[len(requests)-2]; last.Status != 0 || !bytes.Contains(last.Body, []byte(`"d1"`)) {
		t.Errorf("the dropped request is recorded as %+v, want status 0 and its body", last)
	}
}

func TestAcceptedFailureIsServedAllTheSame(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.s.FailAccepted("POST /channels/*/messages", 502, 1)
	if a := raw(t, n.s, "POST", n.messages, nonced("d1", "x")); a.status != 502 || a.body != nil {
		t.Errorf("answered %d %s, want the proxy's 502", a.status, a.raw)
	}
	if a := raw(t, n.s, "POST", n.messages, nonced("d1", "x")); a.status != 200 || len(n.s.Messages(n.text)) != 1 {
		t.Errorf("the retry answered %d %s and left %d messages, want one", a.status, a.raw, len(n.s.Messages(n.text)))
	}
}

func TestDelayHoldsARequestUntilItsTimeOrItsContextEnds(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		n.s.Delay("GET /gateway", 10*time.Second, 2)
		n.s.Fail("GET /gateway", 503, 1)
		began := time.Now()
		if a := raw(t, n.s, "GET", "/gateway", nil); a.status != 503 || time.Since(began) != 10*time.Second {
			t.Errorf("answered %d after %v, want the next fault after 10 s", a.status, time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, "GET", "https://discord.com/api/v10/gateway", nil)
		if err != nil {
			t.Fatal(err)
		}
		began = time.Now()
		if _, err := n.s.Transport().RoundTrip(r); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Second {
			t.Errorf("error %v after %v, want the deadline after 1 s", err, time.Since(began))
		}
	})
}

func TestScriptedRateLimitsHaveTheirShapes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		kind   Limit
		scope  string
		global string
		after  bool // X-RateLimit-Reset-After
	}{
		{"user", LimitUser, "user", "", true},
		{"global", LimitGlobal, "global", "true", false},
		{"shared", LimitShared, "shared", "", true},
		{"html", LimitHTML, "", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t)
			n.s.RateLimit("POST /channels/*/messages", tt.kind, 2500*time.Millisecond, 1)
			a := raw(t, n.s, "POST", n.messages, body(object{"content": "x"}))
			h := a.header
			if a.status != 429 || h.Get("X-RateLimit-Scope") != tt.scope || h.Get("X-RateLimit-Global") != tt.global || (h.Get("X-RateLimit-Reset-After") != "") != tt.after {
				t.Errorf("answered %d with header %v", a.status, h)
			}
			if tt.kind == LimitHTML {
				if a.body != nil || !strings.Contains(string(a.raw), "1015") {
					t.Errorf("body is %s, want HTML", a.raw)
				}
				return
			}
			if got := a.object()["retry_after"]; got != json.Number("2.500") || a.object()["global"] != (tt.kind == LimitGlobal) || h.Get("Retry-After") != "3" {
				t.Errorf("body is %s, header Retry-After %q", a.raw, h.Get("Retry-After"))
			}
		})
	}
}

func TestChannelTakesFiveMessagesInFiveSeconds(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		post := func(path string) answerOf { return raw(t, n.s, "POST", path, body(object{"content": "x"})) }
		for i := range 5 {
			a := post(n.messages)
			if got, want := a.header.Get("X-RateLimit-Remaining"), string(rune('4'-i)); a.status != 200 || got != want {
				t.Errorf("message %d answered %d, %s remaining, want %s", i, a.status, got, want)
			}
			time.Sleep(100 * time.Millisecond)
		}
		sixth := post(n.messages)
		if sixth.status != 429 || sixth.object()["retry_after"] != json.Number("4.500") || sixth.header.Get("X-RateLimit-Reset-After") != "4.500" {
			t.Errorf("sixth answered %d %s %v, want 429 for 4.5 s", sixth.status, sixth.raw, sixth.header)
		}
		if a := post(n.announceMsgs); a.status != 200 {
			t.Errorf("another channel answered %d, want 200", a.status)
		}
		time.Sleep(4500 * time.Millisecond)
		if a := post(n.messages); a.status != 200 || a.header.Get("X-RateLimit-Remaining") != "4" {
			t.Errorf("after the window: %d, %s remaining", a.status, a.header.Get("X-RateLimit-Remaining"))
		}
	})
}

func TestFiftyRequestsASecondInAll(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		limited := 0
		for range 60 {
			if a := raw(t, n.s, "GET", "/users/@me", nil); a.status == 429 {
				limited++
				if a.object()["global"] != true {
					t.Errorf("answered %s, want a global limit", a.raw)
				}
			}
		}
		if limited != 10 {
			t.Errorf("%d of 60 requests were limited, want 10", limited)
		}
		if a := raw(t, n.s, "GET", "/gateway", nil); a.status != 200 {
			t.Errorf("an open endpoint answered %d, want 200", a.status)
		}
		n.s.SetUnlimited(true)
		if a := raw(t, n.s, "GET", "/users/@me", nil); a.status != 200 {
			t.Errorf("without limits: %d", a.status)
		}
	})
}

func TestUnmodifiedClientWaitsForTheChannelsLimit(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		d := client(t, n.s)
		began := time.Now()
		for range 11 {
			if _, err := send(d, n.text, "x"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took < 10*time.Second || took > 11*time.Second {
			t.Errorf("eleven messages took %v, want ten seconds", took)
		}
	})
}

func TestOutageRefusesEverythingAndEnds(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		d := open(t, n.s)
		n.s.Outage(true)
		if a := raw(t, n.s, "GET", "/gateway", nil); a.err == nil {
			t.Errorf("REST answered %d during the outage", a.status)
		}
		if _, err := n.s.Dial(t.Context(), "tcp", "x"); err == nil {
			t.Error("the gateway took a connection during the outage")
		}
		time.Sleep(time.Minute)
		if n.s.Connected() {
			t.Error("still connected during the outage")
		}
		n.s.Outage(false)
		// discordgo's pause between attempts has doubled by now.
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if !n.s.Connected() {
			t.Error("the client did not come back after the outage")
		}
		if _, err := send(d, n.text, "back"); err != nil {
			t.Errorf("send after the outage: %v", err)
		}
	})
}

func TestClearFaultsForgetsWhatWasScripted(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.s.Fail("", 500, Forever)
	n.s.ClearFaults()
	if a := raw(t, n.s, "GET", "/gateway", nil); a.status != 200 {
		t.Errorf("answered %d, want 200", a.status)
	}
}

func TestCallerIsJudged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, path string
		key, value string // of the header
		status     int
		code       int
		violation  string // "" for none
	}{
		{"a wrong token is refused but no violation", "/users/@me", "Authorization", "Bot wrong", 401, 0, ""},
		{"no token", "/users/@me", "Authorization", "", 401, 0, "Authorization must be"},
		{"a bearer token", "/users/@me", "Authorization", "Bearer x", 401, 0, "Authorization must be"},
		{"no token where none is needed", "/gateway", "Authorization", "", 200, 0, ""},
		{"no User-Agent", "/users/@me", "User-Agent", "", 403, 40333, "is not of the form DiscordBot"},
		{"a browser's User-Agent", "/users/@me", "User-Agent", "Mozilla/5.0", 403, 40333, "is not of the form DiscordBot"},
		{"an unknown path", "/users/17/friends", "", "", 404, 0, "no such endpoint here"},
		{"a channel that is no snowflake", "/channels/news", "", "", 400, 50035, "channel_id: Value \"news\" is not snowflake"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newSim(t, tolerant)
			h := goodHeader(s)
			if tt.key != "" {
				h.Set(tt.key, tt.value)
			}
			a := rawWith(t, s, "GET", tt.path, h, nil)
			if a.status != tt.status || a.code() != tt.code {
				t.Errorf("answered %d %s, want %d %d", a.status, a.raw, tt.status, tt.code)
			}
			if tt.violation != "" {
				wantViolation(t, s, tt.violation)
			} else if len(s.Violations()) != 0 {
				t.Errorf("violations are %q, want none", s.Violations())
			}
		})
	}
}

func TestBodiesThatDoNotDecodeAreRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, kind, body, want string }{
		{"broken JSON", "application/json", `{"content":`, "decode JSON"},
		{"two values", "application/json", `{} {}`, "more than one value"},
		{"text", "text/plain", `hello`, "neither JSON nor a form"},
		{"no content type", "", `{}`, "read Content-Type"},
		{"a form that breaks off", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{}", "read part payload_json"},
		{"a form with a strange part", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"huh\"\r\n\r\n1\r\n--x--\r\n", "neither payload_json nor files"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t, tolerant)
			h := goodHeader(n.s)
			h.Set("Content-Type", tt.kind)
			if a := rawWith(t, n.s, "POST", n.messages, h, []byte(tt.body)); a.status != 400 || a.code() != 50109 {
				t.Errorf("answered %d %s, want 400 50109", a.status, a.raw)
			}
			wantViolation(t, n.s, tt.want)
		})
	}
}

func TestEveryReadOnlyAnswerAgreesWithTheDocument(t *testing.T) {
	t.Parallel()
	needDocument(t)
	n := newNewsroom(t, unlimited) // its own bad answers fail the test
	n.s.AddTag(n.forum, "politics", true)
	n.s.AddThread(n.forum, "post")
	raw(t, n.s, "POST", n.messages, body(object{"content": "x"}))
	for _, path := range []string{
		"/gateway", "/gateway/bot", "/users/@me", "/users/@me/guilds", "/applications/@me", "/oauth2/applications/@me",
		pathf("/guilds/%d", n.guild), pathf("/guilds/%d/roles", n.guild), pathf("/guilds/%d/channels", n.guild),
		pathf("/guilds/%d/members/%d", n.guild, n.reader), pathf("/guilds/%d/threads/active", n.guild),
		pathf("/channels/%d", n.text), pathf("/channels/%d", n.forum), n.messages,
		pathf("/channels/%d/threads/archived/public", n.forum),
		pathf("/applications/%d/commands", n.s.ApplicationID()), pathf("/applications/%d/guilds/%d/commands", n.s.ApplicationID(), n.guild),
	} {
		if a := raw(t, n.s, "GET", path, nil); a.status != 200 {
			t.Errorf("GET %s answered %d %s", path, a.status, a.raw)
		}
	}
	if a := raw(t, n.s, "POST", pathf("/channels/%d/typing", n.text), nil); a.status != 204 {
		t.Errorf("typing answered %d %s", a.status, a.raw)
	}
}

func TestUnmodifiedClientUnderstandsErrors(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.s.DeleteChannel(n.text)
	_, err := send(client(t, n.s), n.text, "x")
	wantCode(t, err, 404, 10003)
	n.s.SetPermissions(n.announcements, ViewChannel)
	_, err = send(client(t, n.s), n.announcements, "x")
	wantCode(t, err, 403, 50013)
}

func TestUnmodifiedClientUsesEveryEndpointItHas(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, unlimited)
	d := client(t, n.s)
	m, err := send(d, n.announcements, "x")
	if err != nil {
		t.Fatal(err)
	}
	edit := discordgo.NewMessageEdit(m.ChannelID, m.ID).SetContent("y")
	edit.AllowedMentions = quiet()
	steps := []struct {
		name string
		run  func() error
	}{
		{"edit", func() error { _, err := d.ChannelMessageEditComplex(edit); return err }},
		{"crosspost", func() error { _, err := d.ChannelMessageCrosspost(m.ChannelID, m.ID); return err }},
		{"thread", func() error {
			_, err := d.MessageThreadStartComplex(m.ChannelID, m.ID, &discordgo.ThreadStart{Name: "talk", AutoArchiveDuration: 60})
			return err
		}},
		{"forum post", func() error {
			_, err := d.ForumThreadStartComplex(wireID(n.forum), &discordgo.ThreadStart{Name: "story", AutoArchiveDuration: 60},
				&discordgo.MessageSend{Content: "x", AllowedMentions: quiet()})
			return err
		}},
		{"list", func() error { _, err := d.ChannelMessages(m.ChannelID, 10, "", "", ""); return err }},
		{"channel", func() error { _, err := d.Channel(m.ChannelID); return err }},
		{"guild", func() error { _, err := d.Guild(wireID(n.guild)); return err }},
		{"roles", func() error { _, err := d.GuildRoles(wireID(n.guild)); return err }},
		{"member", func() error { _, err := d.GuildMember(wireID(n.guild), wireID(n.s.BotID())); return err }},
		{"user", func() error { _, err := d.User("@me"); return err }},
		{"application", func() error { _, err := d.Application("@me"); return err }},
		{"gateway", func() error { _, err := d.GatewayBot(); return err }},
		{"commands", func() error { _, err := d.ApplicationCommands(wireID(n.s.ApplicationID()), ""); return err }},
		{"direct message", func() error { _, err := d.UserChannelCreate(wireID(n.reader)); return err }},
		{"delete", func() error { return d.ChannelMessageDelete(m.ChannelID, m.ID) }},
	}
	for _, step := range steps {
		if err := step.run(); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
	}
}
