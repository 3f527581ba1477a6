package discordsim

import (
	"encoding/json"
	"fmt"
	"time"
)

// A session can be resumed for this long after its connection was lost, with
// as many events kept; Discord promises less.
const (
	sessionLife = 3 * time.Minute
	keptEvents  = 1000
)

// session is what an Identify began and a Resume takes up again.
type session struct {
	id            string
	shard, shards int64
	intents       int64
	compress      bool
	seq           int64
	events        []event
	conn          *gatewayConn // nil while disconnected
	lost          time.Time
}

type event struct {
	seq     int64
	payload []byte
}

// connected reports whether a session has a live connection; s.mu is held.
func (s *Sim) connected() bool {
	for c := range s.gateway.conns {
		if c.session != nil && !c.closing {
			return true
		}
	}
	return false
}

func (s *Sim) liveConns() []*gatewayConn {
	var out []*gatewayConn
	for c := range s.gateway.conns {
		out = append(out, c)
	}
	return out
}

// detach leaves the session without a connection; s.mu is held.
func (c *gatewayConn) detach() {
	if c.session != nil && c.session.conn == c {
		c.session.conn, c.session.lost = nil, time.Now()
	}
	if c.session != nil {
		c.s.emit("gateway", object{"connected": false})
	}
	c.session = nil
}

// dispatch sends an event to every session whose shard has the guild and that
// asked for one of the intents (0: needs none). Sessions that lost their
// connection keep it for a Resume. s.mu is held.
func (s *Sim) dispatch(guildID int64, intent int64, name string, d any) {
	for _, sess := range s.gateway.sessions {
		if intent != 0 && sess.intents&intent == 0 || (guildID>>22)%sess.shards != sess.shard {
			continue
		}
		s.push(sess, name, d, false)
	}
}

func (s *Sim) push(sess *session, name string, d any, compress bool) {
	sess.seq++
	seq := sess.seq
	b := encode(payload{Op: opDispatch, D: d, S: &seq, T: name})
	sess.events = append(sess.events, event{seq, b})
	if len(sess.events) > keptEvents {
		sess.events = sess.events[len(sess.events)-keptEvents:]
	}
	if sess.conn != nil {
		sess.conn.enqueue(frame{payload: b, compress: compress})
	}
}

// refusal answers what RefuseGateway and Op7BeforeReady scripted.
func (c *gatewayConn) scripted() bool {
	g := &c.s.gateway
	switch {
	case len(g.refuse) > 0:
		code := g.refuse[0]
		g.refuse = g.refuse[1:]
		c.close(code)
	case g.opSeven > 0:
		g.opSeven--
		c.refused = true
		c.send(opReconnect, nil)
	default:
		return false
	}
	return true
}

// identify begins a session.
func (c *gatewayConn) identify(d json.RawMessage) {
	var id struct {
		Token      string  `json:"token"`
		Intents    *int64  `json:"intents"`
		Compress   bool    `json:"compress"`
		Shard      []int64 `json:"shard"`
		Properties object  `json:"properties"`
	}
	err := json.Unmarshal(d, &id)
	if len(id.Shard) == 0 {
		id.Shard = []int64{0, 1}
	}
	switch {
	case err != nil || id.Properties == nil:
		c.close(closeDecode)
	case c.session != nil:
		c.close(closeAuthenticated)
	case id.Token != "Bot "+c.s.o.Token && id.Token != c.s.o.Token:
		c.close(closeBadToken)
	case id.Intents == nil || *id.Intents&^knownIntents != 0:
		c.close(closeBadIntents)
	case *id.Intents&privilegedIntents != 0:
		c.close(closePrivileged)
	case len(id.Shard) != 2 || id.Shard[1] < 1 || id.Shard[0] < 0 || id.Shard[0] >= id.Shard[1]:
		c.close(closeBadShard)
	case c.scripted():
	default:
		c.s.gateway.identified++
		sess := &session{
			id: fmt.Sprintf("%032x", c.s.ids.next()), shard: id.Shard[0], shards: id.Shard[1],
			intents: *id.Intents, compress: id.Compress, conn: c,
		}
		c.session = sess
		c.s.gateway.sessions[sess.id] = sess
		c.ready(sess)
	}
}

func (c *gatewayConn) ready(sess *session) {
	s := c.s
	guilds := []object{}
	for _, id := range s.guildOrder {
		if g := s.guilds[id]; !g.removed && (id>>22)%sess.shards == sess.shard {
			guilds = append(guilds, object{"id": wireID(id), "unavailable": true})
		}
	}
	s.push(sess, "READY", object{
		"v": 10, "user": s.wireSelf(), "guilds": guilds, "session_id": sess.id, "resume_gateway_url": c.address,
		"shard": []int64{sess.shard, sess.shards}, "application": object{"id": wireID(s.app), "flags": 0},
	}, sess.compress)
	for _, o := range guilds {
		if sess.intents&intentGuilds != 0 {
			s.push(sess, "GUILD_CREATE", s.wireGuildCreate(s.guilds[parseID(text(o, "id"))]), sess.compress)
		}
	}
	s.emit("gateway", object{"connected": true})
}

// resume takes up a session: what was missed, then RESUMED; or Op 9.
func (c *gatewayConn) resume(d json.RawMessage) {
	var r struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	if err := json.Unmarshal(d, &r); err != nil {
		c.close(closeDecode)
		return
	}
	g := &c.s.gateway
	sess := g.sessions[r.SessionID]
	switch {
	case r.Token != "Bot "+c.s.o.Token && r.Token != c.s.o.Token:
		c.close(closeBadToken)
	case c.scripted():
	case len(g.resumeWith) > 0:
		resumable := g.resumeWith[0]
		g.resumeWith = g.resumeWith[1:]
		if !resumable {
			delete(g.sessions, r.SessionID)
		}
		c.send(opInvalidSession, resumable)
	case sess == nil, sess.conn == nil && time.Since(sess.lost) > sessionLife, missed(sess, r.Seq):
		delete(g.sessions, r.SessionID)
		c.send(opInvalidSession, false)
	case r.Seq > sess.seq:
		c.close(closeBadSeq)
	default:
		c.takeUp(sess, r.Seq)
	}
}

// missed reports whether events after seq are no longer kept.
func missed(sess *session, seq int64) bool {
	return len(sess.events) > 0 && seq < sess.events[0].seq-1
}

func (c *gatewayConn) takeUp(sess *session, seq int64) {
	if sess.conn != nil {
		sess.conn.session = nil
		sess.conn.close(closeTimedOut)
	}
	sess.conn, c.session = c, sess
	for _, e := range sess.events {
		if e.seq > seq {
			c.enqueue(frame{payload: e.payload})
		}
	}
	c.s.push(sess, "RESUMED", object{}, false)
	c.s.emit("gateway", object{"connected": true})
}

// CutGateway breaks every gateway connection without a close frame. Sessions
// can be resumed.
func (s *Sim) CutGateway() {
	s.mu.Lock()
	conns := s.liveConns()
	for _, c := range conns {
		c.closing = true
		c.detach()
	}
	s.mu.Unlock()
	for _, c := range conns {
		c.cut()
	}
}

// CloseGateway closes every gateway connection with a code of the reference.
func (s *Sim) CloseGateway(code int) {
	s.eachConn(func(c *gatewayConn) { c.close(code) })
}

// Reconnect sends Op 7 to every connection.
func (s *Sim) Reconnect() {
	s.eachConn(func(c *gatewayConn) { c.send(opReconnect, nil) })
}

// InvalidateSession sends Op 9 to every connection; with resumable false its
// session is gone.
func (s *Sim) InvalidateSession(resumable bool) {
	s.eachConn(func(c *gatewayConn) {
		sess := c.session
		c.send(opInvalidSession, resumable)
		c.detach()
		if sess != nil && !resumable {
			delete(s.gateway.sessions, sess.id)
		}
	})
}

func (s *Sim) eachConn(do func(c *gatewayConn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.gateway.conns {
		do(c)
	}
	s.broadcast()
}

// RefuseGateway closes the connection with the code at each of the next n
// Identify or Resume messages: 4004, 4014.
func (s *Sim) RefuseGateway(code, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		s.gateway.refuse = append(s.gateway.refuse, code)
	}
}

// Op7BeforeReady answers the next n Identify or Resume messages with Op 7
// where READY or RESUMED belongs.
func (s *Sim) Op7BeforeReady(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.opSeven = n
}

// NoHello accepts the next n gateway connections and then says nothing.
func (s *Sim) NoHello(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.noHello = n
}

// Op9 answers the next Resume with Op 9 and this d.
func (s *Sim) Op9(resumable bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.resumeWith = append(s.gateway.resumeWith, resumable)
}

// SilenceAcks stops, or starts again, acknowledging heartbeats: a zombie
// connection.
func (s *Sim) SilenceAcks(silent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.silent = silent
}

// SendUnknownComponents puts a component of an unknown type (99) into the
// messages that interactions carry, as a newer Discord could.
func (s *Sim) SendUnknownComponents(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gateway.unknownComponents = on
}
