package discordsim

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNumbersAreReadFromNumbersAndDigitStrings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   any
		want int64
		ok   bool
	}{
		{json.Number("7"), 7, true},
		{"7", 7, true},
		{"-7", -7, true},
		{7, 7, true},
		{int64(7), 7, true},
		{json.Number("7.5"), 0, false},
		{"seven", 0, false},
		{nil, 0, false},
		{true, 0, false},
	} {
		if got, ok := number(object{"k": tt.in}, "k"); got != tt.want || ok != tt.ok {
			t.Errorf("number(%v) = %d, %v, want %d, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

func TestMembersOfAnotherTypeReadAsAbsent(t *testing.T) {
	t.Parallel()
	o := object{"text": 1, "list": "x", "child": []any{}, "bool": "true"}
	if text(o, "text") != "" || list(o, "list") != nil || child(o, "child") != nil || boolean(o, "bool") {
		t.Errorf("read %q %v %v %v", text(o, "text"), list(o, "list"), child(o, "child"), boolean(o, "bool"))
	}
	if got := objects(object{"l": []any{1, object{"a": 1}, nil}}, "l"); len(got) != 3 || got[1]["a"] != 1 || len(got[0]) != 0 {
		t.Errorf("objects keeps indexes: %v", got)
	}
}

func TestLengthsAreTrimmedCodePoints(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{"": 0, "  ä\n": 1, "日本": 2, "a b": 3, "👍🏽": 2} {
		if got := runes(in); got != want {
			t.Errorf("runes(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestPathsOfProblems(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		parts []any
		want  string
	}{
		{[]any{"embeds", 0, "title"}, "embeds.0.title"},
		{[]any{"", "content"}, "content"},
		{[]any{"message", ""}, "message"},
		{nil, ""},
	} {
		if got := at(tt.parts...); got != tt.want {
			t.Errorf("at(%v) = %q, want %q", tt.parts, got, tt.want)
		}
	}
}

func TestProblemsBecomeDiscordsTree(t *testing.T) {
	t.Parallel()
	var ps problems
	ps.add("embeds.0.title", "A", "one")
	ps.add("embeds.0.title", "B", "two")
	ps.add("embeds", "C", "three %d", 3)
	ps.add("", "D", "four")
	ps.frown("content", "E", "mild")
	e := func(code, message string) object { return object{"code": code, "message": message} }
	want := object{
		"_errors": []any{e("D", "four")},
		"embeds": object{
			"_errors": []any{e("C", "three 3")},
			"0":       object{"title": object{"_errors": []any{e("A", "one"), e("B", "two")}}},
		},
	}
	if diff := cmp.Diff(want, ps.tree()); diff != "" {
		t.Errorf("tree (-want +got):\n%s", diff)
	}
	if !ps.refused() || (problems{{mild: true}}).refused() || (problems{}).refused() {
		t.Error("only problems that are not mild refuse")
	}
}

func TestLengthRules(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		check func(ps *problems)
		want  string // code, "" for none
	}{
		{"as long as allowed", func(ps *problems) { ps.length("p", "ää", 2) }, ""},
		{"too long", func(ps *problems) { ps.length("p", "äää", 2) }, "BASE_TYPE_MAX_LENGTH"},
		{"required and absent", func(ps *problems) { ps.between("p", " ", 1, 2) }, "BASE_TYPE_REQUIRED"},
		{"optional and absent", func(ps *problems) { ps.between("p", "", 0, 2) }, ""},
		{"too short", func(ps *problems) { ps.between("p", "a", 2, 3) }, "BASE_TYPE_BAD_LENGTH"},
		{"in between", func(ps *problems) { ps.between("p", "aa", 2, 3) }, ""},
		{"as many as allowed", func(ps *problems) { ps.count("p", 3, 1, 3) }, ""},
		{"too many", func(ps *problems) { ps.count("p", 4, 1, 3) }, "BASE_TYPE_BAD_LENGTH"},
		{"too few", func(ps *problems) { ps.count("p", 0, 1, 3) }, "BASE_TYPE_BAD_LENGTH"},
	} {
		var ps problems
		tt.check(&ps)
		got := ""
		if len(ps) > 0 {
			got = ps[0].code
		}
		if got != tt.want {
			t.Errorf("%s: code %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWindowOpensWithItsFirstRequest(t *testing.T) {
	t.Parallel()
	start := Epoch
	b := bucket{limit: 2, window: 5 * time.Second}
	for _, tt := range []struct {
		at   time.Duration
		want time.Duration
	}{
		{0, 0}, {time.Second, 0}, {2 * time.Second, 3 * time.Second}, {4999 * time.Millisecond, time.Millisecond},
		{5 * time.Second, 0}, {6 * time.Second, 0}, {7 * time.Second, 3 * time.Second},
	} {
		if got := b.take(start.Add(tt.at)); got != tt.want {
			t.Errorf("at %v: wait %v, want %v", tt.at, got, tt.want)
		}
	}
}

func TestRoutesAreMatchedByTheirParts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		method, path string
		want         string // template
		params       map[string]string
	}{
		{"GET", "/channels/1/messages", "/channels/{channel_id}/messages", map[string]string{"channel_id": "1"}},
		{"PATCH", "/webhooks/1/tok/messages/@original", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", map[string]string{"webhook_id": "1", "webhook_token": "tok"}},
		{"PATCH", "/webhooks/1/tok/messages/2", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", map[string]string{"webhook_id": "1", "webhook_token": "tok", "message_id": "2"}},
		{"GET", "/users/@me", "/users/@me", map[string]string{}},
		{"GET", "/users/17", "", nil},
		{"GET", "/channels//messages", "", nil},
		{"GET", "/channels/1/messages/", "", nil},
		{"DELETE", "/channels/1", "", nil},
	} {
		r, params, _ := match(tt.method, tt.path)
		got := ""
		if r != nil {
			got = r.template
		}
		if got != tt.want {
			t.Errorf("%s %s is %q, want %q", tt.method, tt.path, got, tt.want)
			continue
		}
		if diff := cmp.Diff(tt.params, params); diff != "" {
			t.Errorf("%s %s has parameters (-want +got):\n%s", tt.method, tt.path, diff)
		}
	}
}

func TestEveryRouteIsInTheDocument(t *testing.T) {
	t.Parallel()
	d := needDocument(t)
	for _, r := range routes() {
		op, _ := d.operation(&call{method: r.method, route: &r})
		if op == nil {
			t.Errorf("%s %s is not in the document", r.method, r.template)
		}
	}
}

func TestVersionsAndBasesOfTheAPI(t *testing.T) {
	t.Parallel()
	s := newSim(t)
	for address, want := range map[string]int{
		"https://discord.com/api/v9/gateway": 200, "https://discord.com/api/v10/gateway": 200,
		"http://127.0.0.1:1/v10/gateway": 200, "https://discord.com/api/gateway": 200,
	} {
		if a := rawGet(t, s, address, goodHeader(s)); a.status != want {
			t.Errorf("GET %s answered %d %s, want %d", address, a.status, a.raw, want)
		}
	}
}

func TestMethodThatAnEndpointLacks(t *testing.T) {
	t.Parallel()
	s := newSim(t, tolerant)
	if a := raw(t, s, "DELETE", "/gateway", nil); a.status != http.StatusMethodNotAllowed {
		t.Errorf("answered %d %s, want 405", a.status, a.raw)
	}
	wantViolation(t, s, "DELETE /gateway: no such endpoint")
}

func TestBrokenDocumentsAreRefused(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{"", "[]", `{"openapi":"3.1.0"}`, `{"paths":`} {
		if _, err := ParseDocument([]byte(doc)); err == nil {
			t.Errorf("ParseDocument(%q) took it", doc)
		}
		s := New(Options{OpenAPI: []byte(doc + " ")})
		if doc != "" && len(s.Violations()) != 1 {
			t.Errorf("New with %q reported %q, want one violation", doc, s.Violations())
		}
		s.Close()
	}
}

func TestIntegersMayBeDigitStrings(t *testing.T) {
	t.Parallel()
	d, err := ParseDocument([]byte(`{"paths":{"/channels/{channel_id}/messages":{"post":{"requestBody":{"content":{"application/json":{"schema":
		{"type":"object","properties":{"flags":{"type":["integer","null"],"maximum":9},"kind":{"type":"integer","enum":[1,2]}}}}}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]bool{
		`{"flags":1}`: true, `{"flags":"1"}`: true, `{"flags":null}`: true, `{"flags":10}`: false, `{"flags":"x"}`: false,
		`{"flags":1.5}`: false, `{"kind":2}`: true, `{"kind":3}`: false,
	} {
		v, err := decodeJSON([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		r, params, _ := match("POST", "/channels/1/messages")
		ps := d.judge(&call{method: "POST", route: r, params: params, body: v})
		if got := len(ps) == 0; got != want {
			t.Errorf("%s is taken: %v (%v), want %v", body, got, ps, want)
		}
	}
}
