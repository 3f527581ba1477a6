package discordsim

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// The gateway's opcodes, intents and close codes (the reference, "Gateway").
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opPresence       = 3
	opVoiceState     = 4
	opResume         = 6
	opReconnect      = 7
	opRequestMembers = 8
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11

	intentGuilds        = 1 << 0
	intentGuildMessages = 1 << 9
	privilegedIntents   = 1<<1 | 1<<8 | 1<<15
	knownIntents        = 1<<17 - 1 | 3<<20 | 3<<24

	closeUnknownOp        = 4001
	closeDecode           = 4002
	closeNotAuthenticated = 4003
	closeBadToken         = 4004
	closeAuthenticated    = 4005
	closeBadSeq           = 4007
	closeTooFast          = 4008
	closeTimedOut         = 4009
	closeBadShard         = 4010
	closeBadVersion       = 4012
	closeBadIntents       = 4013
	closePrivileged       = 4014

	maxPayload  = 4096
	sendsAMin   = 120
	writeWait   = 30 * time.Second
	lingerAfter = 10 * time.Second
	ackLatency  = time.Millisecond
)

// gatewayState is the gateway's side of Sim; guarded by its mutex.
type gatewayState struct {
	sessions          map[string]*session
	conns             map[*gatewayConn]bool
	identified        int
	opSeven           int // identifies still to be answered with Op 7
	noHello           int
	refuse            []int  // close codes for the next identifies and resumes
	resumeWith        []bool // answers to the next resumes: Op 9 with this d
	silent            bool   // no heartbeat ACK
	unknownComponents bool
}

// gatewayConn is one websocket connection. One goroutine reads, one writes:
// nobody else touches ws except to cut it.
type gatewayConn struct {
	s       *Sim
	ws      *websocket.Conn
	address string
	wake    chan struct{} // has room for one: there is something to write
	gone    chan struct{} // closed when the reader has ended

	// Guarded by s.mu.
	queue   []frame
	session *session
	closing bool // a close frame was sent or received: nothing may follow it
	refused bool // no session will be granted here
	beat    time.Time
	sends   []time.Time
}

// frame is one websocket message to write, or the closing one.
type frame struct {
	payload  []byte
	compress bool
	close    int
}

// payload is one gateway message.
type payload struct {
	Op int    `json:"op"`
	D  any    `json:"d"`
	S  *int64 `json:"s"`
	T  any    `json:"t"`
}

// serveGateway upgrades a connection and serves it until its client has closed it.
func (s *Sim) serveGateway(w http.ResponseWriter, r *http.Request, address string) {
	s.mu.Lock()
	refused := s.closed || s.faults.outage
	if !refused {
		s.wg.Add(1)
	}
	s.mu.Unlock()
	if refused {
		panic(http.ErrAbortHandler)
	}
	defer s.wg.Done()
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		s.o.Log.Debug("gateway upgrade failed", "error", err)
		return
	}
	// Echoing a client's close would give a client that sleeps with its lock
	// held (discordgo does, for a second) a frame to trip over.
	ws.SetCloseHandler(func(int, string) error { return nil })
	c := &gatewayConn{
		s: s, ws: ws, address: address, beat: time.Now(),
		wake: make(chan struct{}, 1), gone: make(chan struct{}),
	}
	s.mu.Lock()
	s.gateway.conns[c] = true
	if s.closed {
		c.cut()
	}
	c.greet(r)
	s.mu.Unlock()
	s.wg.Go(c.write)
	c.read()
	close(c.gone)
	c.cut()
	s.mu.Lock()
	delete(s.gateway.conns, c)
	c.detach()
	s.broadcast()
	s.mu.Unlock()
}

// greet sends Hello, unless NoHello asked for silence; s.mu is held.
func (c *gatewayConn) greet(r *http.Request) {
	q := r.URL.Query()
	switch v := q.Get("v"); {
	case v != "9" && v != "10":
		c.close(closeBadVersion)
	case q.Get("encoding") != "json":
		c.close(closeDecode)
	case c.s.gateway.noHello > 0:
		c.s.gateway.noHello--
		c.refused = true
	default:
		c.send(opHello, object{"heartbeat_interval": c.s.o.Heartbeat.Milliseconds()})
	}
}

// cut breaks the connection without a close frame.
func (c *gatewayConn) cut() { c.ws.UnderlyingConn().Close() }

// read serves the client's messages until the connection ends. After a close
// frame it lingers, silent, until the client hangs up.
func (c *gatewayConn) read() {
	for {
		_, b, err := c.ws.ReadMessage()
		if err != nil {
			var ce *websocket.CloseError
			if asClose(err, &ce) {
				c.closedByClient(ce.Code)
				_, _ = io.Copy(io.Discard, c.ws.UnderlyingConn()) // until it hangs up
			}
			return
		}
		c.s.mu.Lock()
		if !c.closing {
			c.receive(b)
		}
		c.s.broadcast()
		c.s.mu.Unlock()
	}
}

func asClose(err error, target **websocket.CloseError) bool {
	ce, is := err.(*websocket.CloseError) // gorilla never wraps it
	*target = ce
	return is && ce.Code != websocket.CloseAbnormalClosure
}

// closedByClient: 1000 and 1001 from the client end its session, unless it
// only answers our own close.
func (c *gatewayConn) closedByClient(code int) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	ours := c.closing
	c.closing = true
	if c.session != nil && !ours && (code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway) {
		delete(c.s.gateway.sessions, c.session.id)
	}
	c.detach()
	c.s.broadcast()
}

// receive handles one message; s.mu is held.
func (c *gatewayConn) receive(b []byte) {
	var m struct {
		Op *int            `json:"op"`
		D  json.RawMessage `json:"d"`
	}
	if len(b) > maxPayload || json.Unmarshal(b, &m) != nil || m.Op == nil {
		c.close(closeDecode)
		return
	}
	if c.tooFast() {
		c.close(closeTooFast)
		return
	}
	switch *m.Op {
	case opHeartbeat:
		c.beat = time.Now()
		if !c.s.gateway.silent {
			c.acknowledge()
		}
	case opIdentify:
		c.identify(m.D)
	case opResume:
		c.resume(m.D)
	case opPresence, opVoiceState, opRequestMembers:
		if c.session == nil {
			c.close(closeNotAuthenticated)
		}
	default:
		c.close(closeUnknownOp)
	}
}

// acknowledge answers a heartbeat a little later, as a network would. In a
// bubble that is after everything that happens in the same instant: discordgo
// takes its lock for an ACK, and a Close in that instant holds the lock while
// it sleeps, so that the bubble's clock would stand still for ever.
func (c *gatewayConn) acknowledge() {
	time.AfterFunc(ackLatency, func() {
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		c.send(opHeartbeatAck, nil)
	})
}

// tooFast counts the client's messages of the last minute.
func (c *gatewayConn) tooFast() bool {
	now := time.Now()
	c.sends = append(c.sends, now)
	for len(c.sends) > 0 && now.Sub(c.sends[0]) > time.Minute {
		c.sends = c.sends[1:]
	}
	return len(c.sends) > sendsAMin
}

// send queues a message that is no event; s.mu is held.
func (c *gatewayConn) send(op int, d any) {
	c.enqueue(frame{payload: encode(payload{Op: op, D: d})})
}

// close queues a close frame, after which nothing follows; s.mu is held.
func (c *gatewayConn) close(code int) {
	if c.closing {
		return
	}
	c.enqueue(frame{close: code})
	c.closing = true
	switch code {
	case closeBadToken, closeBadShard, closeBadVersion, closeBadIntents, closePrivileged, closeDecode:
		c.refused = true
	}
	c.detach()
}

func (c *gatewayConn) enqueue(f frame) {
	if c.closing {
		return
	}
	c.queue = append(c.queue, f)
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// write writes what is queued, one frame at a time, and watches the heartbeat.
func (c *gatewayConn) write() {
	patience := 2 * c.s.o.Heartbeat
	watchdog := time.NewTimer(patience)
	defer watchdog.Stop()
	for {
		select {
		case <-c.wake:
			if closed := c.flush(); closed {
				c.hangUp()
				return
			}
		case <-watchdog.C:
			c.s.mu.Lock()
			late := time.Since(c.beat)
			if late >= patience && !c.refused {
				c.close(closeTimedOut)
			}
			c.s.mu.Unlock()
			watchdog.Reset(max(patience-late, time.Second))
		case <-c.gone:
			return
		}
	}
}

// flush writes the queue; closed is true after a close frame or a failure.
func (c *gatewayConn) flush() (closed bool) {
	for {
		c.s.mu.Lock()
		if len(c.queue) == 0 {
			c.s.mu.Unlock()
			return false
		}
		f := c.queue[0]
		c.queue = c.queue[1:]
		clientClosed := c.closing && !c.closeQueued(f)
		c.s.mu.Unlock()
		if clientClosed {
			return false
		}
		if err := c.writeFrame(f); err != nil {
			c.s.o.Log.Debug("gateway write failed", "error", err)
			return true
		}
		if f.close != 0 {
			return true
		}
	}
}

// closeQueued tells whether the connection is closing because we close it:
// then what was queued before the close frame still goes out.
func (c *gatewayConn) closeQueued(current frame) bool {
	if current.close != 0 {
		return true
	}
	for _, f := range c.queue {
		if f.close != 0 {
			return true
		}
	}
	return false
}

func (c *gatewayConn) writeFrame(f frame) error {
	if err := c.ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return fmt.Errorf("set write deadline: %w", err)
	}
	if f.close != 0 {
		return c.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(f.close, closeReason(f.close)))
	}
	if !f.compress {
		return c.ws.WriteMessage(websocket.TextMessage, f.payload)
	}
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	if _, err := z.Write(f.payload); err != nil {
		return fmt.Errorf("compress: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("compress: %w", err)
	}
	return c.ws.WriteMessage(websocket.BinaryMessage, b.Bytes())
}

// hangUp waits for the client to go, but not for ever.
func (c *gatewayConn) hangUp() {
	timer := time.NewTimer(lingerAfter)
	defer timer.Stop()
	select {
	case <-c.gone:
	case <-timer.C:
		c.cut()
	}
}

func closeReason(code int) string {
	return map[int]string{
		closeUnknownOp: "Unknown opcode.", closeDecode: "Error while decoding payload.",
		closeNotAuthenticated: "Not authenticated.", closeBadToken: "Authentication failed.",
		closeAuthenticated: "Already authenticated.", closeBadSeq: "Invalid seq.", closeTooFast: "Rate limited.",
		closeTimedOut: "Session timed out.", closeBadShard: "Invalid shard.", closeBadVersion: "Invalid API version.",
		closeBadIntents: "Invalid intent(s).", closePrivileged: "Disallowed intent(s).",
	}[code]
}
