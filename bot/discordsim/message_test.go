package discordsim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func nonced(nonce, content string) object {
	return body(object{"content": content, "nonce": nonce, "enforce_nonce": true})
}

func TestNonceIsForgottenAfterExactlyTwoMinutes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		after time.Duration
		same  bool
	}{
		{"at once", 0, true},
		{"a nanosecond before", 2*time.Minute - 1, true},
		{"at two minutes", 2 * time.Minute, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				n := newNewsroom(t)
				first := raw(t, n.s, "POST", n.messages, nonced("d1", "one"))
				time.Sleep(tt.after)
				// The key holds the author but not the channel.
				second := raw(t, n.s, "POST", n.announceMsgs, nonced("d1", "two"))
				if same := first.object()["id"] == second.object()["id"]; second.status != 200 || same != tt.same {
					t.Errorf("second answered %d %s; same message: %v, want %v", second.status, second.raw, same, tt.same)
				}
				if got := len(n.s.Messages(n.text)) + len(n.s.Messages(n.announcements)); (got == 1) != tt.same {
					t.Errorf("there are %d messages", got)
				}
			})
		})
	}
}

func TestNonceOfADeletedMessageIsUnknown(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	id := parseID(text(raw(t, n.s, "POST", n.messages, nonced("d1", "one")).object(), "id"))
	n.s.DeleteMessage(id)
	if a := raw(t, n.s, "POST", n.messages, nonced("d1", "one")); a.status != 404 || a.code() != 10008 {
		t.Errorf("answered %d %s, want 404 10008", a.status, a.raw)
	}
}

func TestNonceWithoutEnforcementRepeats(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	for range 2 {
		raw(t, n.s, "POST", n.messages, body(object{"content": "x", "nonce": "d1"}))
	}
	got := n.s.Messages(n.text)
	if len(got) != 2 || got[0].Nonce != "d1" {
		t.Errorf("messages are %+v, want two with the nonce", got)
	}
}

func TestPermissionsAreEnforced(t *testing.T) {
	t.Parallel()
	picture := File{Name: "a.png", ContentType: "image/png", Data: []byte("png")}
	post := func(b object, files ...File) func(*testing.T, newsroom) answerOf {
		return func(t *testing.T, n newsroom) answerOf {
			if len(files) > 0 {
				return rawForm(t, n.s, "POST", n.messages, b, files...)
			}
			return raw(t, n.s, "POST", n.messages, b)
		}
	}
	list := func(t *testing.T, n newsroom) answerOf { return raw(t, n.s, "GET", n.messages, nil) }
	for _, tt := range []struct {
		name    string
		missing int64
		act     func(*testing.T, newsroom) answerOf
		status  int
		code    int
	}{
		{"posting with all", 0, post(body(object{"content": "x"})), 200, 0},
		{"seeing the channel", ViewChannel, post(body(object{"content": "x"})), 403, 50001},
		{"listing a hidden channel", ViewChannel, list, 403, 50001},
		{"posting", SendMessages, post(body(object{"content": "x"})), 403, 50013},
		{"posting an embed", EmbedLinks, post(body(object{"embeds": []any{object{"title": "x"}}})), 403, 50013},
		{"posting V2 needs no EMBED_LINKS", EmbedLinks, post(v2(textDisplay("x"))), 200, 0},
		{"posting a file", AttachFiles, post(body(nil), picture), 403, 50013},
		{"starting a thread", CreatePublicThreads, func(t *testing.T, n newsroom) answerOf {
			return raw(t, n.s, "POST", pathf("/channels/%d/threads", n.text), object{"name": "x", "type": 11})
		}, 403, 50013},
		{"posting in a thread", SendMessagesInThreads, func(t *testing.T, n newsroom) answerOf {
			return raw(t, n.s, "POST", pathf("/channels/%d/messages", n.s.AddThread(n.text, "talk")), body(object{"content": "x"}))
		}, 403, 50013},
		{"a thread needs no SEND_MESSAGES", SendMessages, func(t *testing.T, n newsroom) answerOf {
			return raw(t, n.s, "POST", pathf("/channels/%d/messages", n.s.AddThread(n.text, "talk")), body(object{"content": "x"}))
		}, 200, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t)
			n.s.SetPermissions(n.text, InvitePermissions&^tt.missing)
			if a := tt.act(t, n); a.status != tt.status || a.code() != tt.code {
				t.Errorf("answered %d %s, want %d %d", a.status, a.raw, tt.status, tt.code)
			}
		})
	}
}

func TestHistoryIsEmptyWithoutItsPermission(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	id := text(raw(t, n.s, "POST", n.messages, body(object{"content": "x"})).object(), "id")
	n.s.SetPermissions(n.text, InvitePermissions&^ReadMessageHistory)
	if a := raw(t, n.s, "GET", n.messages, nil); a.status != 200 || len(a.list()) != 0 {
		t.Errorf("listing answered %d %s, want an empty list", a.status, a.raw)
	}
	if a := raw(t, n.s, "GET", n.messages+"/"+id, nil); a.code() != 50013 {
		t.Errorf("one message answered %d %s, want 50013", a.status, a.raw)
	}
}

// TestWirePermissionsAddUpToTheBots computes what a client would.
func TestWirePermissionsAddUpToTheBots(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	want := ViewChannel | EmbedLinks | MentionEveryone
	n.s.SetPermissions(n.text, want)
	everyone, bot := int64(0), int64(0)
	for _, r := range raw(t, n.s, "GET", pathf("/guilds/%d/roles", n.guild), nil).list() {
		p, _ := number(r, "permissions")
		if parseID(text(r, "id")) == n.guild {
			everyone = p
		} else {
			bot |= p
		}
	}
	member := raw(t, n.s, "GET", pathf("/guilds/%d/members/%d", n.guild, n.s.BotID()), nil).object()
	if len(list(member, "roles")) != 1 {
		t.Fatalf("the bot's roles are %v, want its own", member["roles"])
	}
	got := everyone | bot
	ch := raw(t, n.s, "GET", pathf("/channels/%d", n.text), nil).object()
	for _, o := range objects(ch, "permission_overwrites") {
		if parseID(text(o, "id")) == n.s.BotID() && integer(o, "type") == 1 {
			allow, _ := number(o, "allow")
			deny, _ := number(o, "deny")
			got = got&^deny | allow
		}
	}
	if got != want {
		t.Errorf("roles and overwrites add up to %b, want %b", got, want)
	}
}

func TestGoneChannelsAndGuildsAnswerWithTheirCodes(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	thread := n.s.AddThread(n.text, "talk")
	n.s.DeleteChannel(n.text)
	n.s.RemoveGuild(n.s.AddGuild("Elsewhere", ""))
	for _, tt := range []struct {
		path         string
		status, code int
	}{
		{pathf("/channels/%d", n.text), 404, 10003},
		{n.messages, 404, 10003},
		{pathf("/channels/%d", thread), 404, 10003},
		{"/channels/17", 404, 10003},
		{"/guilds/17", 404, 10004},
		{pathf("/guilds/%d/members/17", n.guild), 404, 10007},
		{n.announceMsgs + "/17", 404, 10008},
	} {
		if a := raw(t, n.s, "GET", tt.path, nil); a.status != tt.status || a.code() != tt.code {
			t.Errorf("GET %s answered %d %s, want %d %d", tt.path, a.status, a.raw, tt.status, tt.code)
		}
	}
	n.s.RemoveGuild(n.guild)
	if a := raw(t, n.s, "POST", n.announceMsgs, body(object{"content": "x"})); a.status != 403 || a.code() != 50001 {
		t.Errorf("a removed guild's channel answered %d %s, want 403 50001", a.status, a.raw)
	}
	if a := raw(t, n.s, "GET", pathf("/guilds/%d", n.guild), nil); a.code() != 10004 {
		t.Errorf("a removed guild answered %d %s, want 10004", a.status, a.raw)
	}
	if a := raw(t, n.s, "GET", "/users/@me/guilds", nil); len(a.list()) != 0 {
		t.Errorf("the bot is still in %s", a.raw)
	}
}

func TestMessagesAreListedNewestFirstBetweenBounds(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, unlimited)
	var ids []string
	for i := range 120 {
		ids = append(ids, text(raw(t, n.s, "POST", n.messages, body(object{"content": fmt.Sprint(i)})).object(), "id"))
	}
	for _, tt := range []struct {
		query       string
		first, last string
		count       int
	}{
		{"", "119", "70", 50},
		{"?limit=100", "119", "20", 100},
		{"?limit=3&before=" + ids[10], "9", "7", 3},
		{"?limit=3&after=" + ids[10], "13", "11", 3},
		{"?after=" + ids[117], "119", "118", 2},
	} {
		got := raw(t, n.s, "GET", n.messages+tt.query, nil).list()
		if len(got) != tt.count || got[0]["content"] != tt.first || got[len(got)-1]["content"] != tt.last {
			t.Errorf("%q lists %d messages from %v to %v, want %d from %s to %s", tt.query, len(got), got[0]["content"], got[len(got)-1]["content"], tt.count, tt.first, tt.last)
		}
	}
}

func TestListingIsRefusedBeyondItsLimits(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"?limit=101", "?limit=0", "?limit=x", "?before=yesterday"} {
		n := newNewsroom(t, tolerant)
		if a := raw(t, n.s, "GET", n.messages+query, nil); a.status != 400 || len(n.s.Violations()) != 1 {
			t.Errorf("%s answered %d %s with violations %q, want 400 and one", query, a.status, a.raw, n.s.Violations())
		}
	}
}

func TestOthersMessagesAreSeenWithoutTheirContent(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	id := n.s.PostAs(n.reader, n.text, "look at https://example.org")
	a := raw(t, n.s, "GET", pathf("%s/%d", n.messages, id), nil).object()
	if a["content"] != "" || text(child(a, "author"), "global_name") != "Ada Reader" {
		t.Errorf("the bot sees %v, want the author without the content", a)
	}
	mention := n.s.PostAs(n.reader, n.text, fmt.Sprintf("<@%d> look", n.s.BotID()))
	if a := raw(t, n.s, "GET", pathf("%s/%d", n.messages, mention), nil).object(); !strings.HasSuffix(text(a, "content"), "look") {
		t.Errorf("a mention of the bot is seen as %v", a["content"])
	}
	if a := raw(t, n.s, "PATCH", pathf("%s/%d", n.messages, id), body(object{"content": "x"})); a.status != 403 || a.code() != 50005 {
		t.Errorf("editing another's message answered %d %s, want 403 50005", a.status, a.raw)
	}
	if a := raw(t, n.s, "DELETE", pathf("%s/%d", n.messages, id), nil); a.code() != 50013 {
		t.Errorf("deleting another's message answered %d %s, want 50013", a.status, a.raw)
	}
}

func TestOwnMessageIsEditedAndDeleted(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		id := text(raw(t, n.s, "POST", n.messages, body(object{"content": "x"})).object(), "id")
		time.Sleep(time.Hour)
		a := raw(t, n.s, "PATCH", n.messages+"/"+id, body(object{"content": "y"}))
		if a.object()["content"] != "y" || a.object()["edited_timestamp"] == nil {
			t.Errorf("edit answered %s", a.raw)
		}
		if m, _ := n.s.Message(parseID(id)); m.Content != "y" || m.Edited.Sub(m.Posted) != time.Hour {
			t.Errorf("stored %+v, want y, edited after an hour", m)
		}
		if a := raw(t, n.s, "DELETE", n.messages+"/"+id, nil); a.status != 204 || len(a.raw) != 0 {
			t.Errorf("delete answered %d %s", a.status, a.raw)
		}
		if a := raw(t, n.s, "GET", n.messages+"/"+id, nil); a.code() != 10008 {
			t.Errorf("a deleted message answered %d %s", a.status, a.raw)
		}
		if _, ok := n.s.Message(parseID(id)); ok {
			t.Error("the deleted message is still there")
		}
	})
}

func TestOnlyAnnouncementsAreCrosspostedOnceAndTenAnHour(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		plain := text(raw(t, n.s, "POST", n.messages, body(object{"content": "x"})).object(), "id")
		if a := raw(t, n.s, "POST", n.messages+"/"+plain+"/crosspost", nil); a.code() != 50024 {
			t.Errorf("in a text channel: %d %s, want 50024", a.status, a.raw)
		}
		var last answerOf
		for i := range 11 {
			time.Sleep(time.Second)
			id := text(raw(t, n.s, "POST", n.announceMsgs, body(object{"content": "x"})).object(), "id")
			last = raw(t, n.s, "POST", n.announceMsgs+"/"+id+"/crosspost", nil)
			if i == 0 {
				again := raw(t, n.s, "POST", n.announceMsgs+"/"+id+"/crosspost", nil)
				if last.status != 200 || integer(last.object(), "flags") != flagCrossposted || again.code() != 40033 {
					t.Errorf("crosspost answered %d %s, again %d %s", last.status, last.raw, again.status, again.raw)
				}
			}
		}
		if last.status != 429 || last.header.Get("X-RateLimit-Scope") != "shared" {
			t.Errorf("eleventh crosspost answered %d %s, want a shared 429", last.status, last.raw)
		}
		if got := n.s.Messages(n.announcements); !got[0].Crossposted || !got[0].Edited.IsZero() {
			t.Errorf("first message is %+v, want it crossposted and not edited", got[0])
		}
	})
}

func TestThreadsAndPosts(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	id := text(raw(t, n.s, "POST", n.messages, body(object{"content": "x"})).object(), "id")
	path := n.messages + "/" + id + "/threads"
	thread := raw(t, n.s, "POST", path, object{"name": "Discuss", "auto_archive_duration": 1440})
	if thread.status != 201 || thread.object()["id"] != id {
		t.Errorf("thread on a message answered %d %s, want its id", thread.status, thread.raw)
	}
	if a := raw(t, n.s, "POST", path, object{"name": "Again"}); a.code() != 160004 {
		t.Errorf("a second thread answered %d %s, want 160004", a.status, a.raw)
	}
	posts := pathf("/channels/%s/messages", id)
	if a := raw(t, n.s, "POST", posts, body(object{"content": "hello"})); a.status != 200 {
		t.Errorf("posting in the thread answered %d %s", a.status, a.raw)
	}
	n.s.SetThread(parseID(id), true, false)
	raw(t, n.s, "POST", posts, body(object{"content": "wake up"}))
	if meta := child(raw(t, n.s, "GET", "/channels/"+id, nil).object(), "thread_metadata"); meta["archived"] != false {
		t.Errorf("a message did not wake the archived thread: %v", meta)
	}
	n.s.SetThread(parseID(id), true, true)
	if a := raw(t, n.s, "POST", posts, body(object{"content": "hello"})); a.code() != 160005 {
		t.Errorf("posting in a locked thread answered %d %s, want 160005", a.status, a.raw)
	}
	if got := n.s.Threads(n.text); !slices.Equal(got, []int64{parseID(id)}) {
		t.Errorf("threads are %v, want %s", got, id)
	}
}

func TestForumTakesPostsAndNothingElse(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	tag := n.s.AddTag(n.forum, "politics", false)
	if a := raw(t, n.s, "POST", pathf("/channels/%d/messages", n.forum), body(object{"content": "x"})); a.code() != 50008 {
		t.Errorf("a message to the forum answered %d %s, want 50008", a.status, a.raw)
	}
	post := object{"name": "Bridge closes", "applied_tags": []string{wireID(tag)}, "message": v2(textDisplay("story"))}
	a := raw(t, n.s, "POST", n.forumThreads, post)
	message := child(a.object(), "message")
	if a.status != 201 || message["id"] != a.object()["id"] || message["channel_id"] != a.object()["id"] {
		t.Fatalf("post answered %d %s, want a thread whose message has its id", a.status, a.raw)
	}
	thread := parseID(text(a.object(), "id"))
	if got := n.s.Messages(thread); len(got) != 1 || got[0].ID != thread {
		t.Errorf("the post holds %+v", got)
	}
	if got := n.s.Threads(n.forum); !slices.Equal(got, []int64{thread}) {
		t.Errorf("the forum's posts are %v", got)
	}
	n.s.AddTag(n.forum, "sport", true)
	delete(post, "applied_tags")
	if a := raw(t, n.s, "POST", n.forumThreads, post); a.code() != 40067 {
		t.Errorf("a post without the obligatory tag answered %d %s, want 40067", a.status, a.raw)
	}
}

func TestBadThreadsAreRefused(t *testing.T) {
	t.Parallel()
	good := body(object{"content": "x"})
	for _, tt := range []struct {
		name string
		post object
		want string
	}{
		{"a post without a message", object{"name": "x"}, "message: This field is required"},
		{"a post without a name", object{"message": good}, "name: This field is required"},
		{"a name of 101", object{"name": letters(101), "message": good}, "name: Must be between 1 and 100"},
		{"an archive duration of 5", object{"name": "x", "auto_archive_duration": 5, "message": good}, "auto_archive_duration"},
		{"six tags", object{"name": "x", "applied_tags": []string{"1", "2", "3", "4", "5", "6"}, "message": good}, "applied_tags: Must be between 0 and 5"},
		{"an unknown tag", object{"name": "x", "applied_tags": []string{"17"}, "message": good}, "applied_tags.0: Unknown forum tag"},
		{"an empty message", object{"name": "x", "message": body(nil)}, "message: Cannot send an empty message"},
		{"a message without allowed_mentions", object{"name": "x", "message": object{"content": "x"}}, "message.allowed_mentions"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := newNewsroom(t, tolerant, withoutDocument)
			raw(t, n.s, "POST", n.forumThreads, tt.post)
			if all := strings.Join(n.s.Violations(), "\n"); !strings.Contains(all, tt.want) {
				t.Errorf("violations are %q, want one with %q", all, tt.want)
			}
		})
	}
}

func TestFilesAreUploadedReferencedAndDownloaded(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	picture := File{Name: "bridge.png", ContentType: "image/png", Data: []byte("a picture")}
	b := v2(object{"type": typeGallery, "items": []any{object{"media": object{"url": "attachment://bridge.png"}}}})
	b["attachments"] = []any{object{"id": 0, "filename": "bridge.png", "description": "A bridge"}}
	a := rawForm(t, n.s, "POST", n.messages, b, picture)
	if a.status != 200 {
		t.Fatalf("answered %d %s", a.status, a.raw)
	}
	attachment := objects(a.object(), "attachments")[0]
	item := objects(objects(a.object(), "components")[0], "items")[0]
	if attachment["description"] != "A bridge" || child(item, "media")["url"] != attachment["url"] {
		t.Errorf("attachment %v, gallery item %v, want the item to show the file", attachment, item)
	}
	got := rawGet(t, n.s, text(attachment, "url"), nil)
	if got.status != 200 || string(got.raw) != "a picture" || got.header.Get("Content-Type") != "image/png" {
		t.Errorf("download answered %d %q", got.status, got.raw)
	}
	if got := rawGet(t, n.s, text(attachment, "url")+"x", nil); got.status != 404 {
		t.Errorf("another name answered %d", got.status)
	}
	m := n.s.Messages(n.text)[0]
	if diff := cmp.Diff([]File{picture}, m.Files); diff != "" {
		t.Errorf("stored files (-want +got):\n%s", diff)
	}
}

func TestTokenSentToTheCDNIsAViolation(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, tolerant)
	rawGet(t, n.s, "https://cdn.discordapp.com/attachments/1/2/x", goodHeader(n.s))
	wantViolation(t, n.s, "token was sent to the CDN")
}

func TestPingsAreWhatTextNamesAndAllowedMentionsAdmit(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t, tolerant)
	n.s.SetPermissions(n.text, InvitePermissions|MentionEveryone)
	role := n.s.AddRole(n.guild, "Readers", true)
	all := fmt.Sprintf("@everyone <@&%d> <@%d> <@17>", role, n.reader)
	for _, tt := range []struct {
		name    string
		allowed any
		want    []string
	}{
		{"nobody", object{"parse": []string{}}, nil},
		{"one role", object{"parse": []string{}, "roles": []string{wireID(role)}}, []string{wireID(role)}},
		{"users", object{"parse": []string{"users"}}, []string{wireID(n.reader)}},
		{"everything, when absent", nil, []string{"everyone", wireID(role), wireID(n.reader)}},
	} {
		b := object{"content": all}
		if tt.allowed != nil {
			b["allowed_mentions"] = tt.allowed
		}
		a := raw(t, n.s, "POST", n.messages, b)
		m, _ := n.s.Message(parseID(text(a.object(), "id")))
		if diff := cmp.Diff(tt.want, m.Pings); diff != "" {
			t.Errorf("%s: pings (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestInteractionsPingUsersAloneUnlessTold(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	n.s.SetPermissions(n.text, InvitePermissions|MentionEveryone)
	content := object{"content": fmt.Sprintf("@everyone <@%d>", n.reader)}
	n.s.mu.Lock()
	defer n.s.mu.Unlock()
	if diff := cmp.Diff([]string{wireID(n.reader)}, n.s.pings(n.s.channels[n.text], content, true)); diff != "" {
		t.Errorf("pings (-want +got):\n%s", diff)
	}
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	open := func() string {
		return text(raw(t, n.s, "POST", "/users/@me/channels", object{"recipient_id": wireID(n.reader)}).object(), "id")
	}
	dm := open()
	if again := open(); again != dm || dm == "" {
		t.Errorf("opening twice gave %q and %q, want one channel", dm, again)
	}
	raw(t, n.s, "POST", "/channels/"+dm+"/messages", body(object{"content": "alert"}))
	if got := n.s.DirectMessages(n.reader); len(got) != 1 || got[0].Content != "alert" {
		t.Errorf("the member got %+v", got)
	}
	n.s.CloseDMs(n.reader)
	if a := raw(t, n.s, "POST", "/channels/"+dm+"/messages", body(object{"content": "alert"})); a.code() != 50007 {
		t.Errorf("closed direct messages answered %d %s, want 50007", a.status, a.raw)
	}
	if a := raw(t, n.s, "POST", "/users/@me/channels", object{"recipient_id": "17"}); a.code() != 10013 {
		t.Errorf("an unknown user answered %d %s, want 10013", a.status, a.raw)
	}
}
