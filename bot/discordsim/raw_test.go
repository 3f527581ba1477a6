package discordsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
)

// answerOf is what a raw request came back with.
type answerOf struct {
	status int
	header http.Header
	body   any
	raw    []byte
	err    error
}

// object is the answer's body as an object, empty when it is none.
func (a answerOf) object() object {
	o, _ := a.body.(object)
	if o == nil {
		o = object{}
	}
	return o
}

// list is the answer's body as a list of objects.
func (a answerOf) list() []object { return objects(object{"l": a.body}, "l") }

// code is Discord's JSON error code in the answer.
func (a answerOf) code() int { return integer(a.object(), "code") }

// goodHeader is what a well-behaved bot sends.
func goodHeader(s *Sim) http.Header {
	return http.Header{
		"User-Agent":    {"DiscordBot (https://example.org/broadsheet, 1.0)"},
		"Authorization": {"Bot " + s.Token()},
		"Content-Type":  {"application/json"},
	}
}

// rawWith sends one request with the given header and bytes.
func rawWith(t testing.TB, s *Sim, method, path string, header http.Header, body []byte) answerOf {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "https://discord.com/api/v10"+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header
	res, err := s.Transport().RoundTrip(r)
	if err != nil {
		return answerOf{err: err}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answerOf{status: res.StatusCode, header: res.Header, raw: b}
	if v, err := decodeJSON(b); err == nil {
		a.body = v
	}
	return a
}

// raw sends one request as a well-behaved bot; body is any JSON value, a
// string of JSON, or nil.
func raw(t testing.TB, s *Sim, method, path string, body any) answerOf {
	t.Helper()
	var b []byte
	switch body := body.(type) {
	case nil:
	case string:
		b = []byte(body)
	default:
		var err error
		if b, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	return rawWith(t, s, method, path, goodHeader(s), b)
}

// rawForm sends a message with files as a form.
func rawForm(t testing.TB, s *Sim, method, path string, body any, files ...File) answerOf {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="payload_json"`}, "Content-Type": {"application/json"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(part).Encode(body); err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		part, err := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {fmt.Sprintf(`form-data; name="files[%d]"; filename=%q`, i, f.Name)},
			"Content-Type":        {f.ContentType},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f.Data); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	header := goodHeader(s)
	header.Set("Content-Type", form.FormDataContentType())
	return rawWith(t, s, method, path, header, b.Bytes())
}

// pathf formats a path.
func pathf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// body is a message body with what every message needs, changed by extra.
func body(extra object) object {
	o := object{"allowed_mentions": object{"parse": []string{}}}
	for k, v := range extra {
		o[k] = v
	}
	return o
}

// v2 is a Components V2 message of the given components.
func v2(components ...any) object {
	return body(object{"flags": flagComponentsV2, "components": components})
}

func textDisplay(s string) object { return object{"type": typeTextDisplay, "content": s} }

func row(components ...any) object { return object{"type": typeActionRow, "components": components} }

func button(customID string) object {
	return object{"type": typeButton, "style": 1, "label": "Save", "custom_id": customID}
}

func selectMenu(customID string, values ...string) object {
	options := []any{}
	for _, v := range values {
		options = append(options, object{"label": "Story " + v, "value": v})
	}
	return object{"type": typeSelect, "custom_id": customID, "options": options}
}

// with is a copy of o with one member changed.
func with(o object, key string, v any) object {
	c := object{}
	for k, old := range o {
		c[k] = old
	}
	c[key] = v
	return c
}

func times[T any](n int, f func(i int) T) []any {
	out := []any{}
	for i := range n {
		out = append(out, f(i))
	}
	return out
}

func letters(n int) string { return strings.Repeat("ä", n) }

// rawGet downloads an address.
func rawGet(t testing.TB, s *Sim, url string, header http.Header) answerOf {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		r.Header = header
	}
	res, err := s.Transport().RoundTrip(r)
	if err != nil {
		return answerOf{err: err}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answerOf{status: res.StatusCode, header: res.Header, raw: b}
}
