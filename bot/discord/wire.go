package discord

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// Close codes that we send. 4000 and up leave the gateway session resumable;
// 1000 ends it, and the bot is shown offline at once.
const (
	closeNormal = 1000
	closeResume = 4000
)

const (
	// defaultBeat is Discord's heartbeat interval, until Hello tells it.
	defaultBeat = 41250 * time.Millisecond
	// maxControl bounds the frames that are looked into, in bytes. Those that
	// matter here are far smaller.
	maxControl = 4096
	// writeTime bounds one write to the gateway.
	writeTime = 10 * time.Second
)

// errEnded is what discordgo reads after we ended its connection.
var errEnded = errors.New("gateway connection ended")

// wire is the connection under discordgo's websocket. It reads along, frame by
// frame (RFC 6455, section 5.2), and takes from discordgo what discordgo gets
// wrong: a demand to reconnect (Op 7) would deadlock it while it opens, an
// invalid session (Op 9) makes it identify again without a pause, it forgets
// close codes, and it notices a dead connection only after five intervals. It
// also turns the Identify of a new session into the Resume of an old one, so
// that no session is ever reused.
type wire struct {
	net.Conn
	resume *resumption // what the first frame becomes; nil leaves it an Identify

	// Only the reader uses these.
	br     *bufio.Reader
	frames bool   // the HTTP answer is over
	out    []byte // bytes read and not handed out
	rest   int64  // bytes of a frame that is handed out unread

	writing sync.Mutex
	began   bool // the HTTP request is written
	resumed bool

	mu   sync.Mutex
	last time.Time // of the last bytes from Discord
	beat time.Duration
	end  ending
	done chan struct{} // closed with end set
}

// ending is why a connection ended.
type ending struct {
	code    int  // close code that Discord sent; 0 for none
	op      int  // 7 or 9, when Discord asked for a new connection
	keep    bool // after Op 9: the session can be resumed
	silent  bool // nothing came for two intervals
	err     error
	settled bool
}

// resumption is what is needed to go on with a gateway session.
type resumption struct {
	Token     string `json:"token"`
	SessionID string `json:"session_id"`
	Sequence  int64  `json:"seq"`
	url       string
}

func newWire(c net.Conn, r *resumption) *wire {
	return &wire{Conn: c, resume: r, br: bufio.NewReader(c), last: time.Now(), beat: defaultBeat, done: make(chan struct{})}
}

// Read implements net.Conn.
func (w *wire) Read(p []byte) (int, error) {
	if len(w.out) == 0 && w.rest == 0 {
		if err := w.fill(); err != nil {
			w.settle(ending{err: err})
			return 0, err
		}
	}
	if len(w.out) > 0 {
		n := copy(p, w.out)
		w.out = w.out[n:]
		return n, nil
	}
	n, err := w.br.Read(p[:min(int64(len(p)), w.rest)])
	w.rest -= int64(n)
	w.heard()
	if err != nil {
		w.settle(ending{err: err})
	}
	return n, err
}

// fill reads the next line of the HTTP answer or the next frame.
func (w *wire) fill() error {
	if !w.frames {
		line, err := w.br.ReadBytes('\n')
		w.frames = len(bytes.TrimSpace(line)) == 0
		w.out = line
		w.heard()
		return err
	}
	head, length, err := w.head()
	if err != nil {
		return err
	}
	w.heard()
	if length > maxControl {
		w.out, w.rest = head, length
		return nil
	}
	frame := make([]byte, len(head)+int(length))
	copy(frame, head)
	if _, err := io.ReadFull(w.br, frame[len(head):]); err != nil {
		return err
	}
	w.out = frame
	if head[0]&0x80 == 0 || head[0]&0x0f == 0 {
		return nil // a part of a message; Discord sends the small ones whole
	}
	return w.inspect(head[0]&0x0f, frame[len(head):])
}

// head reads a frame's header. Frames from a server are not masked.
func (w *wire) head() (head []byte, length int64, err error) {
	head = make([]byte, 2, 10)
	if _, err := io.ReadFull(w.br, head); err != nil {
		return nil, 0, err
	}
	more := 0
	switch head[1] & 0x7f {
	case 126:
		more = 2
	case 127:
		more = 8
	}
	head = head[:2+more]
	if _, err := io.ReadFull(w.br, head[2:]); err != nil {
		return nil, 0, err
	}
	switch more {
	case 2:
		return head, int64(binary.BigEndian.Uint16(head[2:])), nil
	case 8:
		return head, int64(binary.BigEndian.Uint64(head[2:]) &^ (1 << 63)), nil
	}
	return head, int64(head[1] & 0x7f), nil
}

// inspect looks at a small frame; an error keeps it from discordgo.
func (w *wire) inspect(opcode byte, payload []byte) error {
	if opcode == 8 {
		e := ending{err: errEnded}
		if len(payload) >= 2 {
			e.code = int(binary.BigEndian.Uint16(payload))
			e.err = fmt.Errorf("gateway closed with %d: %s", e.code, payload[2:])
		}
		w.settle(e)
		return nil // discordgo sees the close frame and ends by itself
	}
	if opcode == 2 {
		z, err := zlib.NewReader(bytes.NewReader(payload))
		if err != nil {
			return nil // discordgo reports it
		}
		if payload, err = io.ReadAll(io.LimitReader(z, maxControl)); err != nil {
			return nil
		}
	}
	var m struct {
		Op int             `json:"op"`
		D  json.RawMessage `json:"d"`
	}
	if json.Unmarshal(payload, &m) != nil {
		return nil
	}
	switch m.Op {
	case 10:
		w.hello(m.D)
	case 7:
		return w.cut(ending{op: 7, keep: true, err: errors.New("gateway asked to reconnect")})
	case 9:
		keep := string(bytes.TrimSpace(m.D)) == "true"
		return w.cut(ending{op: 9, keep: keep, err: errors.New("gateway session invalid")})
	}
	return nil
}

func (w *wire) hello(raw json.RawMessage) {
	var d struct {
		Interval int64 `json:"heartbeat_interval"`
	}
	if json.Unmarshal(raw, &d) == nil && d.Interval > 0 {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.beat = time.Duration(d.Interval) * time.Millisecond
	}
}

// cut ends the connection from the reader.
func (w *wire) cut(e ending) error {
	w.shut(closeResume, e)
	return errEnded
}

// heard notes that Discord is alive.
func (w *wire) heard() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = time.Now()
}

// silence returns when the connection counts as dead: two intervals and a little
// after its last sign of life. The little keeps the end apart from a heartbeat:
// discordgo's close would compete with it for a lock.
func (w *wire) silence() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last.Add(2*w.beat + 1500*time.Millisecond)
}

// settle keeps the first reason why the connection ended.
func (w *wire) settle(e ending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.end.settled {
		e.settled = true
		w.end = e
		close(w.done)
	}
}

// ending returns why the connection ended; the zero value while it has not.
func (w *wire) ending() ending {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.end
}

// shut ends the connection with a close code, for reason e.
func (w *wire) shut(code uint16, e ending) {
	w.settle(e)
	if w.writing.TryLock() { // else a write hangs, and nothing more will pass
		if w.began {
			_ = w.Conn.SetWriteDeadline(time.Now().Add(time.Second))
			// The connection ends either way; Discord may be gone already.
			_, _ = w.Conn.Write(frame(8, binary.BigEndian.AppendUint16(nil, code)))
		}
		w.writing.Unlock()
	}
	_ = w.Conn.Close()
}

// Close implements net.Conn.
func (w *wire) Close() error {
	w.settle(ending{err: errEnded})
	return w.Conn.Close()
}

// Write implements net.Conn. gorilla writes the HTTP request, and then each
// frame, with one call.
func (w *wire) Write(p []byte) (int, error) {
	w.writing.Lock()
	defer w.writing.Unlock()
	select {
	case <-w.done:
		// Above all no close frame with 1000, which would end the session. And
		// no error: the reader's is enough, and discordgo's heartbeat would
		// begin a second, competing close.
		return len(p), nil
	default:
	}
	_ = w.Conn.SetWriteDeadline(time.Now().Add(writeTime))
	if !w.began {
		w.began = bytes.HasSuffix(p, []byte("\r\n\r\n"))
		return w.Conn.Write(p)
	}
	if w.resume != nil && !w.resumed {
		if op, ok := operation(p); ok && op == 2 {
			w.resumed = true
			return len(p), w.writeResume()
		}
	}
	return w.Conn.Write(p)
}

func (w *wire) writeResume() error {
	b, err := json.Marshal(map[string]any{"op": 6, "d": w.resume})
	if err != nil {
		return fmt.Errorf("encode resume: %w", err)
	}
	_, err = w.Conn.Write(frame(1, b))
	return err
}

// operation returns the gateway operation of a masked text frame.
func operation(p []byte) (op int, ok bool) {
	if len(p) < 6 || p[0] != 0x81 {
		return 0, false
	}
	start := 2
	switch p[1] & 0x7f {
	case 126:
		start = 4
	case 127:
		start = 10
	}
	if len(p) < start+4 {
		return 0, false
	}
	mask, body := p[start:start+4], bytes.Clone(p[start+4:])
	for i := range body {
		body[i] ^= mask[i%4]
	}
	var m struct {
		Op *int `json:"op"`
	}
	if json.Unmarshal(body, &m) != nil || m.Op == nil {
		return 0, false
	}
	return *m.Op, true
}

// frame returns a frame as a client sends it. Its mask is zero: masks guard
// proxies against scripts in browsers, of which there are none here.
func frame(opcode byte, payload []byte) []byte {
	f := []byte{0x80 | opcode}
	switch n := len(payload); {
	case n < 126:
		f = append(f, 0x80|byte(n))
	default:
		f = binary.BigEndian.AppendUint16(append(f, 0x80|126), uint16(n))
	}
	return append(append(f, 0, 0, 0, 0), payload...)
}
