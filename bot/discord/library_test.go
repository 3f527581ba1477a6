package discord

// Each test here pins one defect of discordgo that this package works around.
// When an upgrade mends it, the test fails: then look whether the remedy named
// in the failure can go.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot/discordsim"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// bare returns a session as discordgo makes it, over a RoundTripper.
func bare(t *testing.T, rt http.RoundTripper) *discordgo.Session {
	t.Helper()
	s, err := discordgo.New("Bot t")
	if err != nil {
		t.Fatal(err)
	}
	s.LogLevel = -1
	s.Client = &http.Client{Transport: rt}
	return s
}

func mended(t *testing.T, remedy string) {
	t.Helper()
	t.Errorf("discordgo mended this; look whether this can go: %s", remedy)
}

func send(s *discordgo.Session, channel string, o ...discordgo.RequestOption) error {
	_, err := s.ChannelMessageSend(channel, "x", o...)
	return err
}

func TestLibrarySleepsThroughTheContext(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := bare(t, &script{answers: []scripted{limited(`{"retry_after":4}`, nil)}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		send(s, "1", discordgo.WithContext(ctx))
		if time.Since(start) < 4*time.Second {
			mended(t, "the transport's own waits, ShouldRetryOnRateLimit=false")
		}
	})
}

func TestLibraryLetsOthersSendDuringAGlobalLimit(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := bare(t, &script{answers: []scripted{limited(`{"retry_after":10,"global":true}`, map[string]string{"X-RateLimit-Global": "true", "Retry-After": "10"})}})
		go send(s, "1")
		synctest.Wait()
		start := time.Now()
		send(s, "2")
		if time.Since(start) > 0 {
			mended(t, "the limiter's global pause")
		}
		time.Sleep(time.Minute)
	})
}

func TestLibraryCannotReadAnHTMLRefusal(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := bare(t, &script{answers: []scripted{limited("<html>1015</html>", nil)}})
		var syntax *json.SyntaxError
		if err := send(s, "1"); !errors.As(err, &syntax) {
			mended(t, "answerError's blanket refusals; error was "+fmt.Sprint(err))
		}
	})
}

func TestLibraryRepeatsPostsAfter502(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rt := &script{always: &scripted{status: 502}}
		start := time.Now()
		err := send(bare(t, rt), "1")
		var rest *discordgo.RESTError
		if rt.requests() != 4 || time.Since(start) != 0 || errors.As(err, &rest) {
			mended(t, "MaxRestRetries=0 and Error.Maybe")
		}
	})
}

func TestLibraryGivesUpAtOnceOnOther5xx(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		for _, status := range []int{500, 503, 504} {
			rt := &script{always: &scripted{status: status}}
			if bare(t, rt).ChannelMessageDelete("1", "2"); rt.requests() != 1 {
				mended(t, "the transport's retries of idempotent requests")
			}
		}
	})
}

func TestLibraryRetriesRefusalsForEver(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		rt := &script{answers: make([]scripted, 100)}
		for i := range rt.answers {
			rt.answers[i] = limited(`{"retry_after":1}`, nil)
		}
		if send(bare(t, rt), "1"); rt.requests() != 101 {
			mended(t, "maxAttempts")
		}
	})
}

// stuck waits until a goroutine has all the words in its stack, and reports
// false when done tells first that none will.
func stuck(done <-chan error, words ...string) bool {
	stacks := make([]byte, 8<<20)
	for {
		for _, g := range strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
			found := 0
			for _, w := range words {
				if strings.Contains(g, w) {
					found++
				}
			}
			if found == len(words) {
				return true
			}
		}
		select {
		case <-done:
			return false
		default:
			runtime.Gosched()
		}
	}
}

func TestLibrarySendsToOneChannelOneByOne(t *testing.T) {
	t.Parallel()
	// Outside a bubble, which waiting for a mutex would hang.
	gate, both := make(chan struct{}), make(chan error)
	var mu sync.Mutex
	flying := 0
	s := bare(t, roundTrip(func(*http.Request) (*http.Response, error) {
		mu.Lock()
		if flying++; flying == 2 {
			close(both)
		}
		mu.Unlock()
		<-gate
		return nil, errors.New("enough")
	}))
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { send(s, "4242") })
	}
	if !stuck(both, "sync.(*Mutex).Lock(", "LockBucketObject", "TestLibrarySendsToOneChannelOneByOne") {
		mended(t, "a discordgo bucket of its own for each request")
	}
	close(gate)
	wg.Wait()
}

// buckets returns how many buckets a session remembers.
func buckets(s *discordgo.Session) int {
	return reflect.ValueOf(s.Ratelimiter).Elem().FieldByName("buckets").Len()
}

func TestLibraryKeepsABucketForEveryInteraction(t *testing.T) {
	t.Parallel()
	s := bare(t, &script{})
	for i := range 50 {
		s.InteractionRespond(&discordgo.Interaction{ID: fmt.Sprint(i), Token: "t"}, &discordgo.InteractionResponse{Type: 5})
	}
	if buckets(s) < 50 {
		mended(t, "a discordgo bucket of its own for each request")
	}
	c := newScripted(t, &script{})
	for i := range 50 {
		c.callback(t.Context(), &Request{ID: int64(i), token: "t"}, callback{Type: 5}, nil)
	}
	if n := buckets(c.rest); n != 0 {
		t.Errorf("our client left %d buckets", n)
	}
}

func TestLibraryCountsAllDeferredEditsAsOne(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := bare(t, &script{answers: []scripted{{status: 200, header: map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "20"}}}})
		start := time.Now()
		text := "x"
		for _, token := range []string{"a", "b"} {
			s.InteractionResponseEdit(&discordgo.Interaction{AppID: "1", Token: token}, &discordgo.WebhookEdit{Content: &text})
		}
		if time.Since(start) < 20*time.Second {
			mended(t, "raw edits of @original")
		}
	})
}

func TestLibraryHasNoNonceAndNoFlagsOnEdits(t *testing.T) {
	t.Parallel()
	if _, ok := reflect.TypeFor[discordgo.MessageSend]().FieldByName("Nonce"); ok {
		mended(t, "noncedMessage")
	}
	if _, ok := reflect.TypeFor[discordgo.WebhookEdit]().FieldByName("Flags"); ok {
		mended(t, "raw edits of @original")
	}
	b, err := json.Marshal(discordgo.NewMessageEdit("1", "2"))
	if err != nil || !strings.Contains(string(b), `"ID":"2"`) {
		mended(t, "our own body of an edit; discordgo's is "+string(b))
	}
	b, err = json.Marshal(discordgo.MessageAllowedMentions{})
	if err != nil || !strings.Contains(string(b), `"parse":null`) {
		mended(t, "our own allowed_mentions; discordgo's are "+string(b))
	}
}

func TestLibraryLosesTheDataOfUnknownComponents(t *testing.T) {
	t.Parallel()
	raw := []byte(`{"id":"1","application_id":"2","type":2,"token":"t","data":{"id":"3","name":"Save article","type":3,"target_id":"4",
		"resolved":{"messages":{"4":{"id":"4","channel_id":"5","content":"https://a.test/1","components":[{"type":99,"id":1}]}}}}}`)
	var i discordgo.Interaction
	if err := json.Unmarshal(raw, &i); err == nil || i.Data != nil {
		mended(t, "decoding interactions ourselves")
	}
	q, err := decodeRequest(raw)
	if err != nil || q.Target == nil || len(q.Target.Links) != 1 {
		t.Errorf("our own decoding: %+v, %v", q, err)
	}
}

// recorder is a connection that notes what is written to it.
type recorder struct {
	net.Conn
	mu    sync.Mutex
	ops   []int
	close int // the close code, 0 for none
}

func (r *recorder) Write(p []byte) (int, error) {
	r.mu.Lock()
	if op, ok := operation(p); ok {
		r.ops = append(r.ops, op)
	}
	if len(p) == 8 && p[0] == 0x88 {
		r.close = int(p[6]^p[2])<<8 | int(p[7]^p[3])
	}
	r.mu.Unlock()
	return r.Conn.Write(p)
}

func (r *recorder) count(op int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, o := range r.ops {
		if o == op {
			n++
		}
	}
	return n
}

// bareGateway runs f with an unmodified session of discordgo against the
// simulator, whose connections are recorded.
func bareGateway(t *testing.T, f func(t *testing.T, s *discordgo.Session, sim *discordsim.Sim, conns func() []*recorder)) {
	t.Helper()
	inBubble(t, func(t *testing.T) {
		time.Sleep(time.Until(discordsim.Epoch))
		sim := discordsim.New(discordsim.Options{})
		defer sim.Close()
		s := bare(t, sim.Transport())
		s.Identify.Intents = discordgo.IntentsGuilds
		s.Token, s.Identify.Token = "Bot "+sim.Token(), "Bot "+sim.Token()
		var mu sync.Mutex
		var list []*recorder
		s.Dialer = &websocket.Dialer{NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			c, err := sim.Dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			mu.Lock()
			defer mu.Unlock()
			list = append(list, &recorder{Conn: c})
			return list[len(list)-1], nil
		}}
		f(t, s, sim, func() []*recorder {
			mu.Lock()
			defer mu.Unlock()
			return append([]*recorder(nil), list...)
		})
	})
}

func TestLibraryWaitsForHelloForEver(t *testing.T) {
	bareGateway(t, func(t *testing.T, s *discordgo.Session, sim *discordsim.Sim, conns func() []*recorder) {
		sim.NoHello(1)
		opened := make(chan error, 1)
		go func() { opened <- s.Open() }()
		time.Sleep(time.Hour)
		select {
		case <-opened:
			mended(t, "openTime")
		default:
			conns()[0].Close()
			<-opened
		}
	})
}

func TestLibraryNoticesMissingACKsLateAndEndsTheSession(t *testing.T) {
	bareGateway(t, func(t *testing.T, s *discordgo.Session, sim *discordsim.Sim, conns func() []*recorder) {
		s.ShouldReconnectOnError = false
		sim.SilenceAcks(true)
		ended := make(chan time.Time, 2)
		s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) { ended <- time.Now() })
		start := time.Now()
		if err := s.Open(); err != nil {
			t.Fatal(err)
		}
		at := <-ended
		if at.Sub(start) < 5*41250*time.Millisecond || conns()[0].close != 1000 {
			mended(t, fmt.Sprintf("the watchdog; it took %v, close code %d", at.Sub(start), conns()[0].close))
		}
	})
}

func TestLibraryReconnectsAfterFatalCloses(t *testing.T) {
	bareGateway(t, func(t *testing.T, s *discordgo.Session, sim *discordsim.Sim, conns func() []*recorder) {
		if err := s.Open(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		sim.RefuseGateway(4014, 5)
		sim.CutGateway()
		time.Sleep(30 * time.Minute)
		resumes := 0
		for _, c := range conns() {
			resumes += c.count(6)
		}
		if resumes < 5 {
			mended(t, "our own reconnect loop")
		}
		s.ShouldReconnectOnError = false
		s.Close()
	})
}

func TestLibraryIdentifiesAgainWithoutAPause(t *testing.T) {
	bareGateway(t, func(t *testing.T, s *discordgo.Session, sim *discordsim.Sim, conns func() []*recorder) {
		if err := s.Open(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		sim.InvalidateSession(false)
		synctest.Wait()
		if len(conns()) != 1 || conns()[0].count(2) != 2 {
			mended(t, "taking Op 9 away from it")
		}
		s.ShouldReconnectOnError = false
		s.Close()
	})
}

func TestLibrarySleepsASecondInClose(t *testing.T) {
	bareGateway(t, func(t *testing.T, s *discordgo.Session, _ *discordsim.Sim, _ func() []*recorder) {
		if err := s.Open(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
		start := time.Now()
		if s.Close(); time.Since(start) != time.Second {
			mended(t, "never waiting for discordgo's close")
		}
	})
}

func TestLibraryDeadlocksOnOp7BeforeReady(t *testing.T) {
	t.Parallel()
	// Outside a bubble: a goroutine that waits for a mutex for ever would hang it.
	sim := discordsim.New(discordsim.Options{})
	defer sim.Close()
	sim.Op7BeforeReady(1)
	s := bare(t, sim.Transport())
	s.Identify.Intents = discordgo.IntentsGuilds
	s.Token, s.Identify.Token = "Bot "+sim.Token(), "Bot "+sim.Token()
	s.Dialer = &websocket.Dialer{NetDialContext: sim.Dial}
	opened := make(chan error, 1)
	go func() { opened <- s.Open() }()
	// It waits for a lock that it holds itself.
	if !stuck(opened, "sync.(*RWMutex).Lock(", "CloseWithCode", "(*Session).Open") {
		mended(t, "taking Op 7 away from it")
	}
}

func TestLibraryDiesOfAPanicInAHandler(t *testing.T) {
	if os.Getenv("BROADSHEET_PANIC") != "" {
		s := bare(t, &script{})
		s.AddHandler(func(*discordgo.Session, *discordgo.Connect) { panic("boom") })
		sim := discordsim.New(discordsim.Options{})
		s.Client.Transport = sim.Transport()
		s.Identify.Intents = discordgo.IntentsGuilds
		s.Token, s.Identify.Token = "Bot "+sim.Token(), "Bot "+sim.Token()
		s.Dialer = &websocket.Dialer{NetDialContext: sim.Dial}
		s.SyncEvents = false
		if err := s.Open(); err != nil {
			t.Skip(err)
		}
		select {} // until the panic ends the process, or the test's timeout
	}
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLibraryDiesOfAPanicInAHandler$", "-test.timeout=20s")
	cmd.Env = append(os.Environ(), "BROADSHEET_PANIC=1")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "panic: boom") {
		mended(t, "guarded; the program said "+string(out))
	}
}
