package discordsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// object is a JSON object as decoded; numbers are json.Number.
type object = map[string]any

// decodeJSON decodes one JSON value with exact numbers.
func decodeJSON(b []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("decode JSON: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("decode JSON: more than one value")
	}
	return v, nil
}

// encode renders a value of our own making, which cannot fail to encode.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("discordsim: encode %T: %v", v, err))
	}
	return b
}

// plain turns a value of our own making into what decoding its JSON yields.
func plain(v any) any {
	p, err := decodeJSON(encode(v))
	if err != nil {
		panic(fmt.Sprintf("discordsim: decode own JSON: %v", err))
	}
	return p
}

// text is o's member as a string, "" when absent or of another type.
func text(o object, key string) string {
	s, _ := o[key].(string)
	return s
}

// number is o's member as an integer; digit strings count, as they do for
// Discord. ok is false when absent, null or not an integer.
func number(o object, key string) (n int64, ok bool) {
	switch v := o[key].(type) {
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		return n, err == nil
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		return n, err == nil
	case int:
		return int64(v), true
	case int64:
		return v, true
	}
	return 0, false
}

func integer(o object, key string) int {
	n, _ := number(o, key)
	return int(n)
}

func boolean(o object, key string) bool {
	b, _ := o[key].(bool)
	return b
}

func list(o object, key string) []any {
	l, _ := o[key].([]any)
	return l
}

// objects are the objects in o's list; what is no object becomes an empty one,
// so that indexes stay those of the request.
func objects(o object, key string) []object {
	l := list(o, key)
	out := make([]object, len(l))
	for i, v := range l {
		out[i], _ = v.(object)
		if out[i] == nil {
			out[i] = object{}
		}
	}
	return out
}

func child(o object, key string) object {
	c, _ := o[key].(object)
	return c
}

// runes counts as Discord does: code points after trimming.
func runes(s string) int { return utf8.RuneCountInString(strings.TrimSpace(s)) }

// at joins the path of a problem: at("embeds", 0, "title") is "embeds.0.title".
func at(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		s := fmt.Sprint(p)
		if s == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(s)
	}
	return b.String()
}
