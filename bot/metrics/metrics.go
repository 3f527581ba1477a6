// Package metrics holds the program's counters and gauges. They are registered
// on a registry that is passed in, so that several bots can live in one process
// (the tests' bubbles do) and nothing is counted in a package variable.
package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics is every figure the program exports, by its domain words. A nil
// *Metrics records nothing, so that parts can be used without it.
type Metrics struct {
	polls       *prometheus.CounterVec
	pollSeconds prometheus.Histogram
	articles    prometheus.Counter
	digests     *prometheus.CounterVec
	deliveries  *prometheus.CounterVec
	sendSeconds prometheus.Histogram
	pages       *prometheus.CounterVec
	httpSeconds *prometheus.HistogramVec
	commands    *prometheus.CounterVec
	cmdSeconds  *prometheus.HistogramVec
	jobSeconds  *prometheus.HistogramVec
	gateway     prometheus.Gauge
	reconnects  prometheus.Counter
	outboxSize  prometheus.Gauge
	outboxAge   prometheus.Gauge
	feeds       *prometheus.GaugeVec
}

// The results that Poll, Delivery, Digest and Page count. Each is a label's
// value; a fixed set keeps the number of series fixed.
const (
	Unchanged = "unchanged" // poll: 304 or the same body
	Changed   = "changed"   // poll: a new body
	Failed    = "failed"    // poll, delivery, digest or page: it did not work and will not by itself
	Retried   = "retried"   // delivery, page: it will be tried again
	Sent      = "sent"      // delivery: accepted by Discord
	Parked    = "parked"    // delivery: waits for a permission
	Dropped   = "dropped"   // delivery: its channel or guild is gone
	Printed   = "printed"   // digest: enqueued
	Empty     = "empty"     // digest: nothing to print
	Done      = "done"      // page: fetched
)

// New registers the program's figures on reg and returns them. It panics if reg
// already holds figures of the same names, which is a programming error.
func New(reg prometheus.Registerer) *Metrics {
	seconds := []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 60}
	m := &Metrics{
		polls:       counters("polls_total", "Feed visits by result.", "result"),
		pollSeconds: histogram("poll_seconds", "Duration of one feed visit.", seconds),
		articles:    counter("articles_total", "New articles stored."),
		digests:     counters("digests_total", "Digest runs by result.", "result"),
		deliveries:  counters("deliveries_total", "Attempts to send a message by result.", "result"),
		sendSeconds: histogram("send_seconds", "Duration of one request that sends a message.", seconds),
		pages:       counters("pages_total", "Article pages visited to complete teasers, by result.", "result"),
		httpSeconds: histograms("http_request_seconds", "Duration of outgoing requests by destination and status class.", seconds, "to", "status"),
		commands:    counters("commands_total", "Interactions answered by command and result.", "command", "result"),
		cmdSeconds:  histograms("command_seconds", "Duration of a handler by command.", seconds, "command"),
		jobSeconds:  histograms("job_seconds", "Duration of a periodic job by name.", seconds, "job"),
		gateway:     gauge("gateway_connected", "1 while the Discord gateway is connected, else 0."),
		reconnects:  counter("gateway_reconnects_total", "Connections to the Discord gateway after the first."),
		outboxSize:  gauge("outbox_pending", "Deliveries that wait to be sent."),
		outboxAge:   gauge("outbox_oldest_seconds", "Age of the oldest delivery that waits, 0 if none does."),
		feeds:       gauges("feeds", "Known feeds by state.", "state"),
	}
	reg.MustRegister(m.polls, m.pollSeconds, m.articles, m.digests, m.deliveries, m.sendSeconds, m.pages, m.httpSeconds,
		m.commands, m.cmdSeconds, m.jobSeconds, m.gateway, m.reconnects, m.outboxSize, m.outboxAge, m.feeds)
	return m
}

// Poll counts one feed visit that took the given time; result is Unchanged,
// Changed or Failed. articles is the number of new ones it stored.
func (m *Metrics) Poll(result string, articles int, took time.Duration) {
	if m == nil {
		return
	}
	m.polls.WithLabelValues(result).Inc()
	m.pollSeconds.Observe(took.Seconds())
	m.articles.Add(float64(articles))
}

// Page counts one visit to an article's page; result is Done, Retried or Failed.
func (m *Metrics) Page(result string) {
	if m != nil {
		m.pages.WithLabelValues(result).Inc()
	}
}

// Digest counts one digest run; result is Printed, Empty or Failed.
func (m *Metrics) Digest(result string) {
	if m != nil {
		m.digests.WithLabelValues(result).Inc()
	}
}

// Delivery counts one attempt to send a message; result is Sent, Retried,
// Parked, Dropped or Failed.
func (m *Metrics) Delivery(result string, took time.Duration) {
	if m == nil {
		return
	}
	m.deliveries.WithLabelValues(result).Inc()
	m.sendSeconds.Observe(took.Seconds())
}

// Command records one interaction: its command path ("feeds add"), whether the
// handler failed, and how long it took.
func (m *Metrics) Command(path string, failed bool, took time.Duration) {
	if m == nil {
		return
	}
	result := "done"
	if failed {
		result = Failed
	}
	m.commands.WithLabelValues(path, result).Inc()
	m.cmdSeconds.WithLabelValues(path).Observe(took.Seconds())
}

// Job records one run of a periodic job.
func (m *Metrics) Job(name string, took time.Duration) {
	if m != nil {
		m.jobSeconds.WithLabelValues(name).Observe(took.Seconds())
	}
}

// Gateway records that the Discord gateway connected or was lost.
func (m *Metrics) Gateway(connected bool) {
	if m == nil {
		return
	}
	if connected {
		m.gateway.Set(1)
		return
	}
	m.gateway.Set(0)
}

// Reconnected counts a connection to the gateway after the first.
func (m *Metrics) Reconnected() {
	if m != nil {
		m.reconnects.Inc()
	}
}

// Outbox records how many deliveries wait and the age of the oldest.
func (m *Metrics) Outbox(pending int, oldest time.Duration) {
	if m == nil {
		return
	}
	m.outboxSize.Set(float64(pending))
	m.outboxAge.Set(oldest.Seconds())
}

// Feeds records how many feeds are known and how many of them fail.
func (m *Metrics) Feeds(known, failing int) {
	if m == nil {
		return
	}
	m.feeds.WithLabelValues("known").Set(float64(known))
	m.feeds.WithLabelValues("failing").Set(float64(failing))
}

// Transport returns next with the duration of every request recorded under the
// destination's name ("web", "discord"). Hosts are no label: their number has
// no bound.
func (m *Metrics) Transport(to string, next http.RoundTripper) http.RoundTripper {
	if m == nil {
		return next
	}
	return transport{m: m, to: to, next: next}
}
