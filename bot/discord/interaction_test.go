package discord

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInteractionsThatCannotBeAnsweredAreRefused(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string]string{
		"no id":          `{"type":2,"token":"t","data":{"name":"x"}}`,
		"no token":       `{"id":"1","type":2,"data":{"name":"x"}}`,
		"no data":        `{"id":"1","type":2,"token":"t"}`,
		"null data":      `{"id":"1","type":2,"token":"t","data":null}`,
		"a ping":         `{"id":"1","type":1,"token":"t","data":{}}`,
		"a future type":  `{"id":"1","type":99,"token":"t","data":{}}`,
		"no JSON":        `{"id":`,
		"a strange id":   `{"id":"abc","type":2,"token":"t","data":{}}`,
		"nothing at all": `null`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if q, err := decodeRequest([]byte(raw)); err == nil {
				t.Errorf("accepted as %+v", q)
			}
		})
	}
}

func TestPersonIsKnownInServersAndDirectMessages(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		raw        string
		id         int64
		user       string
		permission int64
	}{
		"a member with a nickname": {`"guild_id":"5","member":{"nick":"Ada L","permissions":"32","user":{"id":"7","username":"ada","global_name":"Ada"}}`, 7, "Ada L", 32},
		"a member without":         {`"guild_id":"5","member":{"nick":null,"permissions":"0","user":{"id":"7","username":"ada","global_name":"Ada"}}`, 7, "Ada", 0},
		"a user in a DM":           {`"user":{"id":"8","username":"mo","global_name":null}`, 8, "mo", 0},
		"nobody":                   {`"guild_id":null`, 0, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, err := decodeRequest([]byte(`{"id":"1","type":2,"token":"t","data":{"name":"x"},` + tt.raw + `}`))
			if err != nil || q.UserID != tt.id || q.UserName != tt.user || q.Permissions != tt.permission {
				t.Errorf("request %+v, %v", q, err)
			}
		})
	}
}

func TestFormsWithLabelsAreRead(t *testing.T) {
	t.Parallel()
	q, err := decodeRequest([]byte(`{"id":"1","type":5,"token":"t","data":{"custom_id":"v1:form:a","components":[
		{"type":18,"component":{"type":4,"custom_id":"one","value":"1"}},
		{"type":1,"components":[{"type":4,"custom_id":"two","value":"2"}]}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"one": "1", "two": "2"}, q.Fields); diff != "" || q.Kind != RequestModal || q.CustomKind != "form" {
		t.Errorf("%+v: %s", q, diff)
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"see https://a.test/x.":                    "https://a.test/x",
		"(https://a.test/x_(y))":                   "https://a.test/x_(y)",
		"<https://a.test/?a=b&c=d>":                "https://a.test/?a=b&c=d",
		"[t](https://a.test/b) and **http://c.x**": "https://a.test/b http://c.x",
		"https://a.test https://a.test":            "https://a.test",
		"ftp://a.test https:// http://":            "",
		"||https://a.test/s||":                     "https://a.test/s",
	} {
		if got := strings.Join(links(in), " "); got != want {
			t.Errorf("links(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzRequest: whatever the gateway sends, decoding neither panics nor gives
// a request that cannot be answered, and the router answers it.
func FuzzRequest(f *testing.F) {
	f.Add([]byte(`{"id":"1","application_id":"2","type":2,"token":"t","data":{"name":"feeds","options":[{"type":1,"name":"add","options":[{"type":3,"name":"url","value":"x"}]}]}}`))
	f.Add([]byte(`{"id":"1","type":3,"token":"t","data":{"custom_id":"v1:a:b","values":["x"]},"message":{"id":"9"}}`))
	f.Add([]byte(`{"id":"1","type":2,"token":"t","data":{"type":3,"target_id":"4","resolved":{"messages":{"4":{"id":"4","components":[{"type":99,"components":[{}]}]}}}}}`))
	router := NewRouter(slog.New(slog.NewTextHandler(io.Discard, nil)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		q, err := decodeRequest(raw)
		if err != nil {
			return
		}
		if q.ID == 0 || q.token == "" || q.Kind == 0 {
			t.Fatalf("accepted %+v", q)
		}
		var user *UserError
		if _, err := router.Serve(context.Background(), q); !errors.As(err, &user) {
			t.Fatalf("an empty router answered %v", err)
		}
	})
}

func TestRouterFindsHandlers(t *testing.T) {
	t.Parallel()
	named := func(s string) Handler {
		return func(context.Context, *Request) (Reply, error) { return Reply{Message: Message{Content: s}}, nil }
	}
	r := NewRouter(slog.New(slog.DiscardHandler))
	r.Command("feeds add", named("command"))
	r.Autocomplete("feeds add", "url", named("typing"))
	r.Component("page", named("button"))
	r.Modal("page", named("form"))
	r.Menu("Save article", named("menu"))
	for want, q := range map[string]*Request{
		"command": {Kind: RequestCommand, Command: "feeds add"},
		"typing":  {Kind: RequestAutocomplete, Command: "feeds add", Focused: "url"},
		"button":  {Kind: RequestComponent, CustomKind: "page"},
		"form":    {Kind: RequestModal, CustomKind: "page"},
		"menu":    {Kind: RequestMenu, Command: "Save article"},
	} {
		if reply, err := r.Serve(t.Context(), q); err != nil || reply.Message.Content != want {
			t.Errorf("%s: %q, %v", want, reply.Message.Content, err)
		}
	}
	for _, q := range []*Request{
		{Kind: RequestCommand, Command: "feeds"}, {Kind: RequestMenu, Command: "feeds add"},
		{Kind: RequestComponent, CustomKind: "feeds add"}, {Kind: RequestAutocomplete, Command: "feeds add"},
	} {
		if _, err := r.Serve(t.Context(), q); err == nil {
			t.Errorf("%+v found a handler", q)
		}
	}
}

func TestRouterChecksPermissions(t *testing.T) {
	t.Parallel()
	ok := func(context.Context, *Request) (Reply, error) { return Reply{}, nil }
	r := NewRouter(slog.New(slog.DiscardHandler))
	for _, path := range []string{"feeds add", "feeds more x", "feedsother", "news"} {
		r.Command(path, ok)
	}
	r.Autocomplete("feeds add", "url", ok)
	r.Component("undo", ok)
	r.Modal("undo", ok)
	r.Require("feeds", ManageServer)
	r.RequireKind("undo", ManageServer)
	for name, tt := range map[string]struct {
		q       Request
		allowed bool
	}{
		"a member":                      {Request{Kind: RequestCommand, Command: "feeds add", GuildID: 1}, false},
		"a member, deeper":              {Request{Kind: RequestCommand, Command: "feeds more x", GuildID: 1}, false},
		"a member, typing":              {Request{Kind: RequestAutocomplete, Command: "feeds add", Focused: "url", GuildID: 1}, false},
		"a member, with a button":       {Request{Kind: RequestComponent, CustomKind: "undo", GuildID: 1}, false},
		"a member, with a form":         {Request{Kind: RequestModal, CustomKind: "undo", GuildID: 1}, false},
		"a member elsewhere":            {Request{Kind: RequestCommand, Command: "news", GuildID: 1}, true},
		"a member, similar name":        {Request{Kind: RequestCommand, Command: "feedsother", GuildID: 1}, true},
		"an admin":                      {Request{Kind: RequestCommand, Command: "feeds add", GuildID: 1, Permissions: ManageServer}, true},
		"an owner":                      {Request{Kind: RequestCommand, Command: "feeds add", GuildID: 1, Permissions: Administrator}, true},
		"anybody outside of any server": {Request{Kind: RequestCommand, Command: "feeds add", Permissions: ManageServer}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := r.Serve(t.Context(), &tt.q)
			if (err == nil) != tt.allowed {
				t.Errorf("error %v, want allowed %v", err, tt.allowed)
			}
		})
	}
}

func TestWordsCanBeReplaced(t *testing.T) {
	t.Parallel()
	r := NewRouter(slog.New(slog.DiscardHandler))
	r.Words = func(q *Request, p Problem, ref string) *UserError {
		return &UserError{Text: q.Locale + " " + map[Problem]string{ProblemUnknown: "unbekannt", ProblemInternal: "Fehler"}[p]}
	}
	r.Command("x", func(context.Context, *Request) (Reply, error) { return Reply{}, errors.New("cause") })
	for command, want := range map[string]string{"x": "de Fehler", "y": "de unbekannt"} {
		if _, err := r.Serve(t.Context(), &Request{Kind: RequestCommand, Command: command, Locale: "de"}); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", command, err, want)
		}
	}
}

func TestAttachmentsComeFromDiscordAlone(t *testing.T) {
	t.Parallel()
	asked := ""
	c, err := New(Options{Token: "secret", Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		asked = r.URL.Host + r.Header.Get("Authorization")
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("file"))}, nil
	})})
	if err != nil {
		t.Fatal(err)
	}
	for address, ok := range map[string]bool{
		"https://cdn.discordapp.com/attachments/1/2/a.opml":    true,
		"https://media.discordapp.net/attachments/1/2/a.opml":  true,
		"http://cdn.discordapp.com/attachments/1/2/a.opml":     false,
		"https://cdn.discordapp.com.evil.test/a":               false,
		"https://cdn.discordapp.com@evil.test/a":               false,
		"https://169.254.169.254/latest/meta-data":             false,
		"file:///etc/passwd":                                   false,
		"https://discord.com/attachments/through/the/api/host": true,
	} {
		asked = ""
		b, err := c.Attachment(t.Context(), address, 10)
		if (err == nil) != ok || ok && string(b) != "file" || !ok && asked != "" || strings.Contains(asked, "secret") {
			t.Errorf("%s: %q, %v, asked %q; want ok %v", address, b, err, asked, ok)
		}
	}
}

func TestErrorTextHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	c, err := New(Options{Token: "bot-secret", Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		return nil, errors.New("connection reset")
	})})
	if err != nil {
		t.Fatal(err)
	}
	err = c.do(t.Context(), http.MethodPatch, "webhooks/1/interaction-secret/messages/@original", nil, nil)
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("error %v", err)
	}
	q := Request{token: "interaction-secret"}
	if b, err := json.Marshal(q); err != nil || strings.Contains(string(b), "secret") {
		t.Errorf("request as JSON: %s, %v", b, err)
	}
}
