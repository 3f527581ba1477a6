package metrics

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func TestFiguresAreExported(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewPedanticRegistry()
	m := New(reg)
	m.Poll(Unchanged, 0, time.Second)
	m.Poll(Changed, 3, time.Second)
	m.Poll(Changed, 4, time.Second)
	m.Page(Done)
	m.Digest(Printed)
	m.Delivery(Sent, 200*time.Millisecond)
	m.Delivery(Retried, time.Second)
	m.Command("feeds add", true, time.Second)
	m.Command("feeds add", false, time.Second)
	m.Job("poll", time.Second)
	m.Gateway(true)
	m.Gateway(false)
	m.Gateway(true)
	m.Reconnected()
	m.Outbox(7, 90*time.Second)
	m.Feeds(12, 2)
	got := exported(t, reg)
	for series, want := range map[string]float64{
		"polls_total unchanged":           1,
		"polls_total changed":             2,
		"poll_seconds":                    3,
		"articles_total":                  7,
		"pages_total done":                1,
		"digests_total printed":           1,
		"deliveries_total sent":           1,
		"deliveries_total retried":        1,
		"send_seconds":                    2,
		"commands_total feeds add failed": 1,
		"commands_total feeds add done":   1,
		"command_seconds feeds add":       2,
		"job_seconds poll":                1,
		"gateway_connected":               1,
		"gateway_reconnects_total":        1,
		"outbox_pending":                  7,
		"outbox_oldest_seconds":           90,
		"feeds known":                     12,
		"feeds failing":                   2,
	} {
		if got[series] != want {
			t.Errorf("%s is %v, want %v", series, got[series], want)
		}
		delete(got, series)
	}
	if len(got) > 0 {
		t.Errorf("exported and not expected: %v", got)
	}
}

// exported is every series of a registry by its name without the prefix and its
// labels' values: the value of a counter or gauge, the count of a histogram.
func exported(t *testing.T, reg prometheus.Gatherer) map[string]float64 {
	t.Helper()
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, family := range families {
		name, ok := strings.CutPrefix(family.GetName(), "broadsheet_")
		if !ok || family.GetHelp() == "" {
			t.Errorf("%s: wants the prefix broadsheet_ and a help text", family.GetName())
		}
		for _, metric := range family.GetMetric() {
			series := name
			for _, label := range metric.GetLabel() {
				series += " " + label.GetValue()
			}
			got[series] = metric.GetCounter().GetValue() + metric.GetGauge().GetValue() + float64(metric.GetHistogram().GetSampleCount())
		}
	}
	return got
}

func TestTwoBotsInOneProcessCountApart(t *testing.T) {
	t.Parallel()
	reg, otherReg := prometheus.NewRegistry(), prometheus.NewRegistry()
	one, other := New(reg), New(otherReg)
	one.Poll(Changed, 5, time.Second)
	other.Poll(Changed, 1, time.Second)
	if a, b := exported(t, reg)["articles_total"], exported(t, otherReg)["articles_total"]; a != 5 || b != 1 {
		t.Errorf("the bots count %v and %v articles, want 5 and 1", a, b)
	}
}

func TestNilMetricsRecordNothing(t *testing.T) {
	t.Parallel()
	var m *Metrics
	m.Poll(Changed, 1, time.Second)
	m.Page(Done)
	m.Digest(Printed)
	m.Delivery(Sent, time.Second)
	m.Command("news search", false, time.Second)
	m.Job("poll", time.Second)
	m.Gateway(true)
	m.Reconnected()
	m.Outbox(1, time.Second)
	m.Feeds(1, 0)
	if got := m.Transport("web", http.DefaultTransport); got != http.DefaultTransport {
		t.Errorf("a nil Metrics wraps the transport: %v", got)
	}
}

type answers func(*http.Request) (*http.Response, error)

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }

func TestTransportRecordsEveryRequest(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewPedanticRegistry()
	m := New(reg)
	down := errors.New("down")
	rt := m.Transport("discord", answers(func(r *http.Request) (*http.Response, error) {
		switch r.URL.Path {
		case "/down":
			return nil, down
		case "/limit":
			return &http.Response{StatusCode: 429, Body: io.NopCloser(strings.NewReader("slow down"))}, nil
		}
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("ok"))}, nil
	}))
	for _, path := range []string{"/a", "/b", "/limit", "/down"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://discord.invalid"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := rt.RoundTrip(r)
		if path == "/down" {
			if !errors.Is(err, down) {
				t.Errorf("the error of the transport below is lost: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	got := exported(t, reg)
	for series, want := range map[string]float64{"2xx discord": 2, "4xx discord": 1, "error discord": 1} {
		if n := got["http_request_seconds "+series]; n != want {
			t.Errorf("%s: %v requests, want %v", series, n, want)
		}
	}
}
