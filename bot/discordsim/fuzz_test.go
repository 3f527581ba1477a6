package discordsim

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzJudgeMessage: whatever the body, judging does not panic, every refusal
// can be told (a path, a rule and a sentence; a tree with the sentence in it),
// and what is accepted keeps Discord's plainest limits.
func FuzzJudgeMessage(f *testing.F) {
	for _, tt := range badMessages {
		b, err := json.Marshal(tt.body)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"components":[{"type":17,"components":{"type":1}}],"flags":"32768"}`))
	f.Add([]byte(`{"embeds":[null,1,{"fields":[null]}],"content":7}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := decodeJSON(b)
		o, isObject := v.(object)
		if err != nil || !isObject {
			t.Skip()
		}
		ps := judgeMessage(o, place{})
		tree := string(encode(ps.tree()))
		for _, p := range ps {
			if p.code == "" || p.text == "" {
				t.Errorf("a problem without words: %+v", p)
			}
			if !p.mild && !strings.Contains(tree, string(encode(p.code))) {
				t.Errorf("%v is not in the tree %s", p, tree)
			}
		}
		if ps.refused() {
			return
		}
		if n := utf8.RuneCountInString(strings.TrimSpace(text(o, "content"))); n > 2000 {
			t.Errorf("accepted %d characters of content", n)
		}
		count := 0
		walkComponents(objects(o, "components"), "", func(string, object, int) { count++ })
		if count > 40 {
			t.Errorf("accepted %d components", count)
		}
		// What is accepted is stored and told again without loss of components.
		s := &Sim{}
		again := 0
		stored := s.storedComponents(objects(o, "components"), func(string) object { return nil })
		walkComponents(objects(object{"c": stored}, "c"), "", func(_ string, c object, _ int) {
			again++
			if integer(c, "id") == 0 {
				t.Errorf("a stored component has no id: %v", c)
			}
		})
		if again != count {
			t.Errorf("stored %d of %d components", again, count)
		}
	})
}

// FuzzJudgeCommands: judging does not panic, and a command that is accepted
// has a name that Discord would show.
func FuzzJudgeCommands(f *testing.F) {
	for _, tt := range badCommands {
		b, err := json.Marshal(tt.cmds)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := decodeJSON(b)
		l, isList := v.([]any)
		if err != nil || !isList {
			t.Skip()
		}
		cmds := objects(object{"l": l}, "l")
		if judgeCommands(cmds, false).refused() {
			return
		}
		for _, c := range cmds {
			name := text(c, "name")
			if n := utf8.RuneCountInString(name); n == 0 || n > 32 {
				t.Errorf("accepted the name %q", name)
			}
			if commandKind(c) == commandChat && strings.ToLower(name) != name {
				t.Errorf("accepted the name %q", name)
			}
			if commandSize(c) > 8000 {
				t.Errorf("accepted a command of %d characters", commandSize(c))
			}
		}
	})
}

// FuzzRequestBody: whatever bytes a bot sends as a body of any kind, the
// simulator answers and stays usable.
func FuzzRequestBody(f *testing.F) {
	f.Add("application/json", []byte(`{"content":"x"}`))
	f.Add("application/json", []byte(`[]`))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{}\r\n--x--\r\n"))
	f.Fuzz(func(t *testing.T, kind string, b []byte) {
		s := New(Options{})
		defer s.Close()
		ch := s.AddChannel(s.AddGuild("g", ""), "c", KindText)
		h := goodHeader(s)
		h.Set("Content-Type", kind)
		a := rawWith(t, s, "POST", pathf("/channels/%d/messages", ch), h, b)
		if a.err != nil || a.status != 200 && a.status != 400 && a.status != 413 {
			t.Fatalf("answered %d %s, error %v", a.status, a.raw, a.err)
		}
		if got := len(s.Messages(ch)); (got == 1) != (a.status == 200) {
			t.Errorf("answered %d and holds %d messages", a.status, got)
		}
		if a.status >= 400 && (a.code() == 0 || len(s.Violations()) == 0) {
			t.Errorf("refused %s without a code or a violation", a.raw)
		}
	})
}

func BenchmarkCreateMessage(b *testing.B) {
	for _, bb := range []struct {
		name string
		doc  bool
		body object
	}{
		{"content by the rules", false, body(object{"content": "x"})},
		{"content by the document", true, body(object{"content": "x"})},
		{"digest by the document", true, v2(object{"type": typeContainer, "components": times(8, func(i int) object {
			return object{"type": typeSection, "components": []any{textDisplay("story")}, "accessory": button(wireID(int64(i)))}
		})})},
	} {
		b.Run(bb.name, func(b *testing.B) {
			o := Options{Unlimited: true}
			if bb.doc {
				o.Document = needDocument(b)
			}
			s := New(o)
			defer s.Close()
			path := pathf("/channels/%d/messages", s.AddChannel(s.AddGuild("g", ""), "c", KindText))
			for b.Loop() {
				if a := raw(b, s, "POST", path, bb.body); a.status != 200 {
					b.Fatalf("answered %d %s", a.status, a.raw)
				}
			}
		})
	}
}
