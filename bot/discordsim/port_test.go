package discordsim

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// toPort sends discordgo's requests to the simulator's address.
type toPort struct{ base *url.URL }

func (p toPort) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = p.base.Scheme, p.base.Host
	r.Host = p.base.Host
	return http.DefaultTransport.RoundTrip(r)
}

// listenOn serves s on a free port.
func listenOn(t *testing.T, s *Sim) *url.URL {
	t.Helper()
	api, err := s.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(api)
	if err != nil {
		t.Fatal(err)
	}
	if base.Path != "/api" {
		t.Errorf("API address is %s, want one that ends in /api", api)
	}
	return base
}

func TestUnmodifiedClientWorksOverAPort(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	base := listenOn(t, n.s)
	d := client(t, n.s)
	d.Client = &http.Client{Transport: toPort{base}}
	d.Dialer = websocket.DefaultDialer
	d.AddHandler(func(d *discordgo.Session, i *discordgo.InteractionCreate) {
		err := d.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
			Type: discordgo.InteractionResponseChannelMessageWithSource,
			Data: &discordgo.InteractionResponseData{Content: "pong", AllowedMentions: quiet()},
		})
		if err != nil {
			t.Errorf("respond: %v", err)
		}
	})
	if err := d.Open(); err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.ApplicationCommandBulkOverwrite(wireID(n.s.ApplicationID()), "", []*discordgo.ApplicationCommand{{Name: "ping", Description: "Answers pong"}}); err != nil {
		t.Fatal(err)
	}
	m, err := d.ChannelMessageSendComplex(wireID(n.text), &discordgo.MessageSend{
		Content: "with a file", AllowedMentions: quiet(),
		Files: []*discordgo.File{{Name: "a.txt", ContentType: "text/plain", Reader: strings.NewReader("hello")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := fetch(t, m.Attachments[0].URL); got != "hello" {
		t.Errorf("the attachment at %s holds %q", m.Attachments[0].URL, got)
	}
	r, err := n.s.Slash(t.Context(), n.reader, n.text, "ping", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := n.s.Message(r.MessageID); got.Content != "pong" {
		t.Errorf("the bot answered %q", got.Content)
	}
	messages, err := n.s.WaitMessages(t.Context(), n.text, 2)
	if err != nil || len(messages) != 2 {
		t.Errorf("channel holds %+v, error %v", messages, err)
	}
}

// fetch downloads an address over the network.
func fetch(t *testing.T, address string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDroppedAnswerBreaksTheConnectionOverAPort(t *testing.T) {
	t.Parallel()
	n := newNewsroom(t)
	base := listenOn(t, n.s)
	n.s.DropAnswer("POST /channels/*/messages", 1)
	r, err := http.NewRequestWithContext(t.Context(), "POST", base.String()+"/v10"+n.messages,
		strings.NewReader(`{"content":"x","allowed_mentions":{"parse":[]}}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = goodHeader(n.s)
	res, err := http.DefaultClient.Do(r)
	if err == nil {
		res.Body.Close()
		t.Errorf("answered %d, want a broken connection", res.StatusCode)
	}
	if got := n.s.Messages(n.text); len(got) != 1 {
		t.Errorf("the channel holds %d messages, want the accepted one", len(got))
	}
}

func TestSimListensOnceAndOnUsableAddressesOnly(t *testing.T) {
	t.Parallel()
	s := newSim(t)
	if _, err := s.Listen("127.0.0.1:99999"); err == nil {
		t.Error("listened on a port that does not exist")
	}
	listenOn(t, s)
	if _, err := s.Listen("127.0.0.1:0"); err == nil {
		t.Error("listened twice")
	}
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("close again: %v", err)
	}
	if _, err := s.Listen("127.0.0.1:0"); err == nil {
		t.Error("listened after Close")
	}
	if _, err := s.Dial(t.Context(), "tcp", "x"); err == nil {
		t.Error("dialled after Close")
	}
	if a := raw(t, s, "GET", "/gateway", nil); a.err == nil {
		t.Error("answered after Close")
	}
}

func TestWaitsEndWithTheirContext(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := n.s.WaitReady(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("WaitReady: %v, want the deadline", err)
		}
		if _, err := n.s.WaitMessages(ctx, n.text, 1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("WaitMessages: %v, want the deadline", err)
		}
	})
}

func TestIDsRiseAndAreNeverNegativeBeforeDiscordsEpoch(t *testing.T) {
	t.Parallel()
	var g idSource
	last := int64(0)
	for range 10_000 {
		id := g.next()
		if id <= last {
			t.Fatalf("id %d after %d", id, last)
		}
		last = id
	}
	old := newSim(t)
	if id := old.AddGuild("x", ""); id <= 0 || parseID(wireID(id)) != id {
		t.Errorf("id %d does not survive the wire", id)
	}
}

func TestIDsAreReadOffTheWire(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{"123": 123, "0": 0, "-1": 0, "": 0, "news": 0, "99999999999999999999": 0, "1e3": 0} {
		if got := parseID(text); got != want {
			t.Errorf("parseID(%q) = %d, want %d", text, got, want)
		}
	}
}
