package discordsim

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"io"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"
)

// eventNames records the dispatches that a client hears.
type eventNames struct {
	mu    sync.Mutex
	names []string
}

func (e *eventNames) handler(_ *discordgo.Session, ev *discordgo.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if ev.Type != "" {
		e.names = append(e.names, ev.Type)
	}
}

func (e *eventNames) take() []string {
	synctest.Wait()
	e.mu.Lock()
	defer e.mu.Unlock()
	out := e.names
	e.names = nil
	return out
}

// listening opens a client that records its events.
func listening(t *testing.T, s *Sim) (*discordgo.Session, *eventNames) {
	t.Helper()
	d := client(t, s)
	e := &eventNames{}
	d.AddHandler(e.handler)
	d.SyncEvents = true
	if err := d.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { hangUp(d) })
	time.Sleep(10 * time.Millisecond)
	e.take()
	return d, e
}

func TestWorldsChangesReachTheClient(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		_, e := listening(t, n.s)
		elsewhere := n.s.AddGuild("Elsewhere", "fr")
		n.s.AddThread(n.text, "talk")
		n.s.AddRole(n.guild, "Readers", false)
		n.s.SetPermissions(n.text, ViewChannel)
		n.s.SetRolePermissions(n.guild, ViewChannel)
		n.s.DeleteChannel(n.text)
		n.s.RemoveGuild(elsewhere)
		want := []string{"GUILD_CREATE", "THREAD_CREATE", "GUILD_ROLE_CREATE", "CHANNEL_UPDATE", "GUILD_ROLE_UPDATE", "CHANNEL_DELETE", "THREAD_DELETE", "GUILD_DELETE"}
		if diff := cmp.Diff(want, e.take()); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestMessagesReachOnlyWhoAskedForThem(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		_, e := listening(t, n.s)
		n.s.PostAs(n.reader, n.text, "x")
		if got := e.take(); len(got) != 0 {
			t.Errorf("without GUILD_MESSAGES the client heard %v", got)
		}
		d := client(t, n.s)
		d.Identify.Intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages
		heard := make(chan string, 1)
		d.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) { heard <- "content " + m.Content })
		if err := d.Open(); err != nil {
			t.Fatal(err)
		}
		defer hangUp(d)
		n.s.PostAs(n.reader, n.text, "x")
		if got := <-heard; got != "content " {
			t.Errorf("the client heard %q, want a message without its content", got)
		}
	})
}

func TestCutConnectionIsResumedWithoutLossOrRepeat(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		_, e := listening(t, n.s)
		n.s.AddChannel(n.guild, "before", KindText)
		if got := e.take(); len(got) != 1 {
			t.Fatalf("heard %v, want one CHANNEL_CREATE", got)
		}
		n.s.CutGateway()
		n.s.AddChannel(n.guild, "while away", KindText)
		n.s.AddThread(n.text, "too")
		if n.s.Connected() {
			t.Error("connected right after the cut")
		}
		time.Sleep(10 * time.Second)
		if diff := cmp.Diff([]string{"CHANNEL_CREATE", "THREAD_CREATE", "RESUMED"}, e.take()); diff != "" {
			t.Errorf("events after the cut (-want +got):\n%s", diff)
		}
	})
}

func TestServersCloseIsResumed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		_, e := listening(t, n.s)
		n.s.CloseGateway(4000)
		time.Sleep(10 * time.Second)
		if diff := cmp.Diff([]string{"RESUMED"}, e.take()); diff != "" {
			t.Errorf("events after close 4000 (-want +got):\n%s", diff)
		}
	})
}

func TestReconnectRequestIsResumed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		_, e := listening(t, n.s)
		n.s.Reconnect()
		time.Sleep(10 * time.Second)
		if diff := cmp.Diff([]string{"RESUMED"}, e.take()); diff != "" {
			t.Errorf("events after Op 7 (-want +got):\n%s", diff)
		}
	})
}

func TestSessionIsLostAfterOp9AndAfterThreeMinutes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		away func(s *Sim)
	}{
		{"Op 9 at the resume", func(s *Sim) { s.Op9(false); s.CutGateway() }},
		{"gone too long", func(s *Sim) { s.Outage(true); time.Sleep(5 * time.Minute); s.Outage(false) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				n := newNewsroom(t)
				_, e := listening(t, n.s)
				tt.away(n.s)
				time.Sleep(10 * time.Minute)
				if diff := cmp.Diff([]string{"READY", "GUILD_CREATE"}, e.take()); diff != "" {
					t.Errorf("events (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestGatewayStateIsTold(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		s := newSim(t)
		go func() {
			time.Sleep(time.Second)
			d := client(t, s)
			if err := d.Open(); err != nil {
				t.Errorf("open: %v", err)
			}
			time.Sleep(time.Minute)
			d.Close()
		}()
		began := time.Now()
		if err := s.WaitReady(t.Context()); err != nil || time.Since(began) != time.Second {
			t.Errorf("ready after %v, error %v, want 1 s", time.Since(began), err)
		}
		time.Sleep(2 * time.Minute)
		if s.Connected() {
			t.Error("connected after the client closed")
		}
	})
}

// wire is a gateway connection by hand.
type wire struct {
	t  *testing.T
	ws *websocket.Conn
}

func dialWire(t *testing.T, s *Sim, query string) wire {
	t.Helper()
	d := websocket.Dialer{NetDialContext: s.Dial}
	ws, _, err := d.DialContext(t.Context(), pipeGateway+"/"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return wire{t, ws}
}

func (w wire) send(op int, d any) {
	w.t.Helper()
	if err := w.ws.WriteJSON(object{"op": op, "d": d}); err != nil {
		w.t.Fatalf("send op %d: %v", op, err)
	}
}

// next reads one message: its opcode and event, or the close code.
func (w wire) next() (op int, name string, d json.RawMessage, closed int) {
	w.t.Helper()
	_, b, err := w.ws.ReadMessage()
	if ce, is := err.(*websocket.CloseError); is {
		return 0, "", nil, ce.Code
	}
	if err != nil {
		w.t.Fatalf("read: %v", err)
	}
	var m struct {
		Op int
		T  string
		D  json.RawMessage
	}
	if err := json.Unmarshal(b, &m); err != nil {
		w.t.Fatal(err)
	}
	return m.Op, m.T, m.D, 0
}

// identity is a good Identify, changed.
func identity(s *Sim, change object) object {
	o := object{"token": s.Token(), "intents": intentGuilds, "properties": object{"os": "x", "browser": "x", "device": "x"}}
	for k, v := range change {
		o[k] = v
	}
	return o
}

func TestGatewayJudgesItsClients(t *testing.T) {
	t.Parallel()
	good := "?v=10&encoding=json"
	for _, tt := range []struct {
		name  string
		query string
		op    int
		d     func(s *Sim) any
		want  int
	}{
		{"an old version", "?v=6&encoding=json", 0, nil, 4012},
		{"another encoding", "?v=10&encoding=etf", 0, nil, 4002},
		{"a wrong token", good, opIdentify, func(s *Sim) any { return identity(s, object{"token": "wrong"}) }, 4004},
		{"no intents", good, opIdentify, func(s *Sim) any { return identity(s, object{"intents": nil}) }, 4013},
		{"intents that do not exist", good, opIdentify, func(s *Sim) any { return identity(s, object{"intents": 1 << 30}) }, 4013},
		{"message content without leave", good, opIdentify, func(s *Sim) any { return identity(s, object{"intents": 1 << 15}) }, 4014},
		{"a shard beyond its number", good, opIdentify, func(s *Sim) any { return identity(s, object{"shard": []int{2, 2}}) }, 4010},
		{"no properties", good, opIdentify, func(s *Sim) any { return object{"token": s.Token(), "intents": 1} }, 4002},
		{"an unknown opcode", good, 42, nil, 4001},
		{"a presence before Identify", good, opPresence, nil, 4003},
		{"more than 4,096 bytes", good, opHeartbeat, func(*Sim) any { return strings.Repeat("x", 4096) }, 4002},
		{"a resume with a wrong token", good, opResume, func(*Sim) any { return object{"token": "wrong"} }, 4004},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				s := newSim(t)
				w := dialWire(t, s, tt.query)
				if strings.Contains(tt.query, "v=10&encoding=json") {
					if op, _, _, _ := w.next(); op != opHello {
						t.Fatalf("greeted with op %d, want Hello", op)
					}
					var d any
					if tt.d != nil {
						d = tt.d(s)
					}
					w.send(tt.op, d)
				}
				if _, _, _, closed := w.next(); closed != tt.want {
					t.Errorf("closed with %d, want %d", closed, tt.want)
				}
			})
		})
	}
}

func TestSecondIdentifyAndFloodAreClosed(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		s := newSim(t)
		w := dialWire(t, s, "?v=10&encoding=json")
		w.next()
		w.send(opIdentify, identity(s, nil))
		if _, name, _, _ := w.next(); name != "READY" {
			t.Fatalf("got %s, want READY", name)
		}
		w.send(opIdentify, identity(s, nil))
		if _, _, _, closed := w.next(); closed != 4005 {
			t.Errorf("second Identify closed with %d, want 4005", closed)
		}
		flood := dialWire(t, s, "?v=10&encoding=json")
		flood.next()
		s.SilenceAcks(true)
		for range 121 {
			flood.send(opHeartbeat, nil)
		}
		if _, _, _, closed := flood.next(); closed != 4008 {
			t.Errorf("121 messages in a minute closed with %d, want 4008", closed)
		}
	})
}

func TestShardsHearOfTheirGuildsAlone(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		s := newSim(t)
		even, odd := s.AddGuild("A", ""), int64(0)
		for odd == 0 {
			time.Sleep(time.Millisecond)
			if id := s.AddGuild("B", ""); (id>>22)%2 != (even>>22)%2 {
				odd = id
			}
		}
		w := dialWire(t, s, "?v=10&encoding=json")
		w.next()
		w.send(opIdentify, identity(s, object{"shard": []int64{(odd >> 22) % 2, 2}}))
		w.next()
		for {
			_, name, d, _ := w.next()
			var g struct{ ID string }
			if err := json.Unmarshal(d, &g); err != nil {
				t.Fatal(err)
			}
			if name != "GUILD_CREATE" || (parseID(g.ID)>>22)%2 != (odd>>22)%2 {
				t.Errorf("the shard heard %s of guild %s", name, g.ID)
			}
			if parseID(g.ID) == odd {
				break
			}
		}
		later := map[bool]int64{}
		for len(later) < 2 {
			time.Sleep(time.Millisecond)
			id := s.AddGuild("C", "")
			if own := (id>>22)%2 == (odd>>22)%2; later[own] == 0 {
				later[own] = id
			}
		}
		synctest.Wait()
		_, name, d, _ := w.next()
		if want := `"id":"` + wireID(later[true]) + `"`; name != "GUILD_CREATE" || !strings.Contains(string(d), want) {
			t.Errorf("later the shard heard %s of %.60s, want its own guild %s", name, d, want)
		}
	})
}

func TestSilentClientIsTimedOut(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		s := newSim(t)
		w := dialWire(t, s, "?v=10&encoding=json")
		w.next()
		w.send(opIdentify, identity(s, nil))
		w.next()
		began := time.Now()
		if _, _, _, closed := w.next(); closed != 4009 || time.Since(began) > 2*time.Minute {
			t.Errorf("closed with %d after %v, want 4009 within two minutes", closed, time.Since(began))
		}
	})
}

func TestClientsNormalCloseEndsItsSession(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		code int
		want string
	}{{1000, "op 9"}, {4000, "RESUMED"}} {
		inBubble(t, func(t *testing.T) {
			s := newSim(t)
			w := dialWire(t, s, "?v=10&encoding=json")
			w.next()
			w.send(opIdentify, identity(s, nil))
			_, _, d, _ := w.next()
			var ready struct {
				SessionID string `json:"session_id"`
				ResumeURL string `json:"resume_gateway_url"`
			}
			if err := json.Unmarshal(d, &ready); err != nil {
				t.Fatal(err)
			}
			if u, err := url.Parse(ready.ResumeURL); err != nil || u.Scheme != "ws" {
				t.Errorf("resume_gateway_url is %q", ready.ResumeURL)
			}
			if err := w.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(tt.code, "")); err != nil {
				t.Fatal(err)
			}
			w.ws.Close()
			synctest.Wait()
			again := dialWire(t, s, "?v=10&encoding=json")
			again.next()
			again.send(opResume, object{"token": s.Token(), "session_id": ready.SessionID, "seq": 1})
			op, name, _, _ := again.next()
			if got := map[bool]string{true: "op 9", false: name}[op == opInvalidSession]; got != tt.want {
				t.Errorf("after close %d a resume got %s, want %s", tt.code, got, tt.want)
			}
		})
	}
}

func TestScriptedGatewayFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		script func(s *Sim)
		want   []string // what a hand-made client meets after connecting
	}{
		{"no Hello", func(s *Sim) { s.NoHello(1) }, []string{"silence"}},
		{"Op 7 before READY", func(s *Sim) { s.Op7BeforeReady(1) }, []string{"op 10", "op 7", "silence"}},
		{"4014 at the Identify", func(s *Sim) { s.RefuseGateway(4014, 1) }, []string{"op 10", "close 4014"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				s := newSim(t)
				tt.script(s)
				for _, want := range [][]string{tt.want, {"op 10", "READY"}} {
					if diff := cmp.Diff(want, meets(t, s, len(want))); diff != "" {
						t.Errorf("the client met (-want +got):\n%s", diff)
					}
				}
			})
		})
	}
}

// meets connects, identifies after Hello and names what comes, n things of it.
func meets(t *testing.T, s *Sim, n int) []string {
	t.Helper()
	w := dialWire(t, s, "?v=10&encoding=json")
	var got []string
	for len(got) < n {
		if err := w.ws.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		_, b, err := w.ws.ReadMessage()
		var m struct {
			Op int
			T  string
		}
		ce, closed := err.(*websocket.CloseError)
		switch {
		case closed:
			got = append(got, "close "+wireID(int64(ce.Code)))
			return got
		case err != nil:
			return append(got, "silence")
		case json.Unmarshal(b, &m) != nil:
			t.Fatalf("not JSON: %s", b)
		case m.Op == opDispatch:
			got = append(got, m.T)
		default:
			got = append(got, "op "+wireID(int64(m.Op)))
		}
		if m.Op == opHello {
			w.send(opIdentify, identity(s, nil))
		}
	}
	return got
}

func TestSilencedHeartbeatsAreNotAcknowledged(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		s := newSim(t)
		w := dialWire(t, s, "?v=10&encoding=json")
		w.next()
		s.SilenceAcks(true)
		w.send(opHeartbeat, nil)
		time.Sleep(time.Second)
		s.SilenceAcks(false)
		began := time.Now()
		w.send(opHeartbeat, nil)
		if op, _, _, _ := w.next(); op != opHeartbeatAck || time.Since(began) != ackLatency {
			t.Errorf("got op %d after %v, want one ACK after %v", op, time.Since(began), ackLatency)
		}
	})
}

func TestInvalidatedSessionIdentifiesAnew(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		s := newSim(t)
		w := dialWire(t, s, "?v=10&encoding=json")
		w.next()
		w.send(opIdentify, identity(s, nil))
		w.next()
		s.InvalidateSession(false)
		op, _, d, _ := w.next()
		if op != opInvalidSession || string(d) != "false" {
			t.Errorf("got op %d %s, want Op 9 false", op, d)
		}
		w.send(opIdentify, identity(s, nil))
		if _, name, _, _ := w.next(); name != "READY" {
			t.Errorf("got %s, want READY on the same connection", name)
		}
	})
}

// TestZombieConnectionCostsAnUnmodifiedClientItsSession pins what the fault is
// for: discordgo notices after five intervals and closes with 1000.
func TestZombieConnectionCostsAnUnmodifiedClientItsSession(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		n := newNewsroom(t)
		_, e := listening(t, n.s)
		n.s.SilenceAcks(true)
		began := time.Now()
		for n.s.Connected() && time.Since(began) < time.Hour {
			time.Sleep(time.Second)
		}
		if took := time.Since(began); took < 3*time.Minute || took > 6*time.Minute {
			t.Errorf("noticed after %v, want some four minutes", took)
		}
		n.s.SilenceAcks(false)
		time.Sleep(time.Minute)
		if got := e.take(); len(got) == 0 || got[0] != "READY" {
			t.Errorf("events after it are %v, want a new session", got)
		}
	})
}

func TestCompressedClientsGetReadyAsZlib(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		s := newSim(t)
		s.AddGuild("Harbour", "")
		w := dialWire(t, s, "?v=10&encoding=json")
		w.next()
		w.send(opIdentify, identity(s, object{"compress": true}))
		for _, want := range []string{`"READY"`, `"GUILD_CREATE"`} {
			kind, b, err := w.ws.ReadMessage()
			if err != nil || kind != websocket.BinaryMessage {
				t.Fatalf("got a message of kind %d, error %v, want a binary one", kind, err)
			}
			z, err := zlib.NewReader(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			inflated, err := io.ReadAll(z)
			if err != nil || !bytes.Contains(inflated, []byte(want)) {
				t.Errorf("inflated to %.80s, error %v, want %s", inflated, err, want)
			}
		}
		s.AddGuild("Later", "")
		if kind, _, err := w.ws.ReadMessage(); err != nil || kind != websocket.TextMessage {
			t.Errorf("a later event has kind %d, error %v, want text", kind, err)
		}
	})
}

func TestNothingFollowsAClientsCloseFrame(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		s := newSim(t)
		w := dialWire(t, s, "?v=10&encoding=json")
		w.next()
		w.send(opIdentify, identity(s, nil))
		w.next()
		w.send(opHeartbeat, nil) // its ACK would come a millisecond later
		if err := w.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(4000, "")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.AddGuild("Harbour", "")
		s.CloseGateway(4000)
		s.Reconnect()
		if err := w.ws.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, b, err := w.ws.ReadMessage(); err == nil || time.Since(began) < time.Minute {
			t.Errorf("after the close frame came %s, error %v after %v, want a minute of silence", b, err, time.Since(began))
		}
	})
}
