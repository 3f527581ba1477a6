package discord

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// serverFrame returns a frame as a server sends it.
func serverFrame(opcode byte, payload []byte) []byte {
	f := []byte{opcode}
	switch n := len(payload); {
	case n < 126:
		f = append(f, byte(n))
	case n < 1<<16:
		f = binary.BigEndian.AppendUint16(append(f, 126), uint16(n))
	default:
		f = binary.BigEndian.AppendUint64(append(f, 127), uint64(n))
	}
	return append(f, payload...)
}

func deflated(s string) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.Bytes()
}

const upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

// overWire sends bytes through a wire, in parts of the size, and returns what
// comes out before it ends.
func overWire(sent []byte, size int) (*wire, []byte, error) {
	client, server := net.Pipe()
	w := newWire(client, nil)
	go func() {
		go io.Copy(io.Discard, server) // a close frame, perhaps
		for len(sent) > 0 {
			n := min(size, len(sent))
			if _, err := server.Write(sent[:n]); err != nil {
				break
			}
			sent = sent[n:]
		}
		server.Close()
	}()
	got, err := io.ReadAll(w)
	return w, got, err
}

func TestWirePassesFramesOnUnchanged(t *testing.T) {
	t.Parallel()
	var all []byte
	all = append(all, upgrade...)
	for _, n := range []int{0, 1, 125, 126, 4095, 4096, 4097, 65535, 65536, 200000} {
		all = append(all, serverFrame(0x81, []byte(strings.Repeat("x", n)))...)
		all = append(all, serverFrame(0x01, []byte(strings.Repeat("y", n)))...) // begins a message
		all = append(all, serverFrame(0x80, []byte(`{"op":7}`))...)             // ends it: not a message of its own
	}
	all = append(all, serverFrame(0x89, []byte("ping"))...)
	all = append(all, serverFrame(0x82, []byte("not compressed"))...)
	all = append(all, serverFrame(0x82, deflated(`{"op":0,"t":"X"}`))...)
	for _, size := range []int{1 << 20, 1000, 7} {
		_, got, _ := overWire(all, size)
		if !bytes.Equal(got, all) {
			t.Errorf("in parts of %d: %d of %d bytes came through", size, len(got), len(all))
		}
	}
}

func TestWireReadsAlong(t *testing.T) {
	t.Parallel()
	hello := serverFrame(0x81, []byte(`{"op":10,"d":{"heartbeat_interval":12345}}`))
	for name, tt := range map[string]struct {
		frame  []byte
		op     int
		keep   bool
		code   int
		passed bool // the frame reaches discordgo
	}{
		"Op 7":               {serverFrame(0x81, []byte(`{"t":null,"op":7,"d":null}`)), 7, true, 0, false},
		"Op 7, compressed":   {serverFrame(0x82, deflated(`{"op":7}`)), 7, true, 0, false},
		"Op 9 to resume":     {serverFrame(0x81, []byte(`{"op":9,"d":true}`)), 9, true, 0, false},
		"Op 9 to begin anew": {serverFrame(0x81, []byte(`{"op":9,"d":false}`)), 9, false, 0, false},
		"a close":            {serverFrame(0x88, append(binary.BigEndian.AppendUint16(nil, 4014), "Disallowed"...)), 0, false, 4014, true},
		"a close, bare":      {serverFrame(0x88, nil), 0, false, 0, true},
		"an event":           {serverFrame(0x81, []byte(`{"op":0,"t":"X","s":1,"d":{"op":7}}`)), 0, false, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := append([]byte(upgrade), hello...)
			w, got, err := overWire(append(before, tt.frame...), 1<<20)
			want := before
			if tt.passed {
				want = append(bytes.Clone(before), tt.frame...)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("came through: %q, want %q", got, want)
			}
			if tt.passed == errors.Is(err, errEnded) {
				t.Errorf("read ended with %v", err)
			}
			e := w.ending()
			if e.op != tt.op || e.keep != tt.keep || e.code != tt.code || w.beat != 12345*time.Millisecond {
				t.Errorf("ending %+v after a beat of %v", e, w.beat)
			}
		})
	}
}

func TestWireTurnsIdentifyIntoResume(t *testing.T) {
	t.Parallel()
	client, server := net.Pipe()
	w := newWire(client, &resumption{Token: "Bot t", SessionID: "s", Sequence: 42})
	out := make(chan []byte)
	go func() {
		for {
			b := make([]byte, 8192)
			n, err := server.Read(b)
			if err != nil {
				close(out)
				return
			}
			out <- b[:n]
		}
	}()
	request := "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	writes := [][]byte{[]byte(request), frame(1, []byte(`{"op":1,"d":5}`)), frame(1, []byte(`{"op":2,"d":{"token":"Bot t"}}`)), frame(1, []byte(`{"op":2,"d":{}}`))}
	var got [][]byte
	for _, p := range writes {
		written := make(chan struct{})
		go func() {
			defer close(written)
			if n, err := w.Write(p); n != len(p) || err != nil {
				t.Errorf("Write gave %d, %v", n, err)
			}
		}()
		got = append(got, <-out)
		<-written
	}
	for i := range writes {
		if i != 2 && !bytes.Equal(got[i], writes[i]) {
			t.Errorf("write %d became %q", i, got[i])
		}
	}
	var m struct {
		Op int
		D  struct {
			Token     string
			SessionID string `json:"session_id"`
			Seq       int64
		}
	}
	body := got[2][bytes.IndexByte(got[2], '{'):]
	if err := json.Unmarshal(body, &m); err != nil || m.Op != 6 || m.D.Token != "Bot t" || m.D.SessionID != "s" || m.D.Seq != 42 {
		t.Errorf("the Identify became %s (%v)", body, err)
	}
	go w.shut(closeResume, ending{err: errEnded})
	if f := <-out; len(f) != 8 || f[0] != 0x88 || binary.BigEndian.Uint16(f[6:]) != 4000 {
		t.Errorf("closed with %x, want 4000", f)
	}
	if n, err := w.Write([]byte("late")); n != 4 || err != nil {
		t.Errorf("a write after the end gave %d, %v; discordgo would close a second time", n, err)
	}
	if _, more := <-out; more {
		t.Error("something was written after the close")
	}
}

func TestOperation(t *testing.T) {
	t.Parallel()
	long := fmt.Sprintf(`{"op":2,"d":%q}`, strings.Repeat("x", 500))
	for name, tt := range map[string]struct {
		in []byte
		op int
		ok bool
	}{
		"short":        {frame(1, []byte(`{"op":6}`)), 6, true},
		"long":         {frame(1, []byte(long)), 2, true},
		"masked":       {[]byte{0x81, 0x88, 1, 2, 3, 4, '{' ^ 1, '"' ^ 2, 'o' ^ 3, 'p' ^ 4, '"' ^ 1, ':' ^ 2, '3' ^ 3, '}' ^ 4}, 3, true},
		"no operation": {frame(1, []byte(`{}`)), 0, false},
		"no JSON":      {frame(1, []byte(`xx`)), 0, false},
		"a close":      {frame(8, []byte{3, 232}), 0, false},
		"cut off":      {[]byte{0x81, 0xfe, 0}, 0, false},
		"HTTP":         {[]byte("GET / HTTP/1.1\r\n\r\n"), 0, false},
	} {
		if op, ok := operation(tt.in); op != tt.op || ok != tt.ok {
			t.Errorf("%s: %d, %v", name, op, ok)
		}
	}
}

// FuzzWire: whatever a server sends, reading neither panics nor hangs, and what
// comes through is a beginning of what was sent.
func FuzzWire(f *testing.F) {
	f.Add([]byte(upgrade), 5)
	f.Add(append([]byte(upgrade), serverFrame(0x81, []byte(`{"op":10,"d":{"heartbeat_interval":1}}`))...), 3)
	f.Add(append([]byte(upgrade), 0x82, 0xff, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2), 100)
	f.Fuzz(func(t *testing.T, sent []byte, size int) {
		_, got, _ := overWire(sent, max(1, size%500))
		if !bytes.HasPrefix(sent, got) {
			t.Fatalf("%q came through of %q", got, sent)
		}
	})
}
