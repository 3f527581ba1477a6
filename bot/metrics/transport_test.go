package metrics

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// What an operator scrapes: the names that dashboards are built on.
func TestScrapeHoldsEveryName(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	m := New(reg)
	m.Poll(Changed, 1, time.Second)
	m.Feeds(1, 0)
	server := httptest.NewServer(promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Errorf("status %d", resp.StatusCode)
	}
	got := exported(t, reg)
	// Counters without labels are there from the start, so that alerts on them work.
	for _, series := range []string{"articles_total", "gateway_connected", "gateway_reconnects_total", "outbox_pending", "outbox_oldest_seconds", "poll_seconds", "send_seconds"} {
		if _, ok := got[series]; !ok {
			t.Errorf("%s is not exported before anything happened: %v", series, got)
		}
	}
}

func TestRegisteringTwiceIsNoticed(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	New(reg)
	defer func() {
		if recover() == nil {
			t.Error("a second bot on one registry would count into the first one's figures")
		}
	}()
	New(reg)
}

func TestTransportMeasuresTheTimeToTheHeaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewRegistry()
		slow := answers(func(r *http.Request) (*http.Response, error) {
			time.Sleep(3 * time.Second)
			return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
		})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://post.example/feed", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := New(reg).Transport("web", slow).RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
		families, err := reg.Gather()
		if err != nil {
			t.Fatal(err)
		}
		for _, family := range families {
			if family.GetName() != "broadsheet_http_request_seconds" {
				continue
			}
			if got := family.GetMetric()[0].GetHistogram().GetSampleSum(); got != 3 {
				t.Errorf("the request took %v s, want 3", got)
			}
			return
		}
		t.Error("the request was not recorded")
	})
}
