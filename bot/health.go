package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"broadsheet/bot/store"
)

const (
	// Deliveries older than this mean that posts do not get out.
	staleOutbox = 15 * time.Minute
	// The schedule beats every half minute; silence for this long means that
	// the schedule hangs.
	staleTick = 2 * time.Minute
	// Feeds that are due are visited within minutes.
	stalePoll = 30 * time.Minute
)

// health serves /healthz, /readyz and /metrics.
type health struct {
	listen    string
	log       *slog.Logger
	store     *store.Store
	metrics   http.Handler
	begun     time.Time
	connected func() bool
	ticked    atomic.Int64 // Unix milliseconds of the last heartbeat
}

func newHealth(p *program) *health {
	return &health{
		listen: p.cfg.Health.Listen, log: p.log, store: p.store, connected: p.discord.Connected, begun: time.Now(),
		metrics: promhttp.HandlerFor(p.registry, promhttp.HandlerOpts{}),
	}
}

// run serves until ctx ends; without an address it only waits.
func (h *health) run(ctx context.Context) error {
	if h.listen == "" {
		<-ctx.Done()
		return nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", h.listen)
	if err != nil {
		return fmt.Errorf("listen for health checks: %w", err)
	}
	h.log.Info("health checks served", "address", listener.Addr().String())
	server := &http.Server{Handler: h.handler(), ReadHeaderTimeout: 5 * time.Second}
	stop := context.AfterFunc(ctx, func() {
		// The scrape under way is not worth waiting for at shutdown.
		if err := server.Close(); err != nil {
			h.log.Debug("health server not closed", "err", err)
		}
	})
	defer stop()
	if err := server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve health checks: %w", err)
	}
	return nil
}

func (h *health) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", h.answer(h.alive))
	mux.HandleFunc("GET /readyz", h.answer(h.ready))
	mux.Handle("GET /metrics", h.metrics)
	return mux
}

func (h *health) answer(check func(context.Context) []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		problems := check(r.Context())
		w.Header().Set("Content-Type", "application/json")
		status := "ok"
		if len(problems) > 0 {
			status = "failing"
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		// A client that went away is no fault of ours.
		_ = json.NewEncoder(w).Encode(map[string]any{"status": status, "problems": problems})
	}
}

// alive lists what only a restart or an operator can mend.
func (h *health) alive(ctx context.Context) []string {
	problems := []string{}
	last := h.begun
	if ms := h.ticked.Load(); ms > 0 {
		last = time.UnixMilli(ms)
	}
	if silent := time.Since(last); silent > staleTick {
		problems = append(problems, fmt.Sprintf("the schedule has not run for %s", silent.Round(time.Second)))
	}
	pulse, err := h.store.Pulse(ctx)
	if err != nil {
		return append(problems, "the database does not answer")
	}
	if pulse.Trouble != nil {
		problems = append(problems, "nothing can be written: "+pulse.Trouble.Error())
	}
	if age := time.Since(pulse.OldestPending); !pulse.OldestPending.IsZero() && age > staleOutbox {
		problems = append(problems, fmt.Sprintf("the oldest post has been waiting for %s", age.Round(time.Second)))
	}
	// A feed that was left alone for months and is wanted again is due since
	// then, and a program that was away finds all of them due.
	read := slices.MaxFunc([]time.Time{pulse.OldestDue, pulse.LastPoll, h.begun}, time.Time.Compare)
	if idle := time.Since(read); !pulse.OldestDue.IsZero() && idle > stalePoll {
		problems = append(problems, fmt.Sprintf("feeds are due and none has been read for %s", idle.Round(time.Second)))
	}
	return problems
}

// ready lists what keeps commands from being answered right now.
func (h *health) ready(ctx context.Context) []string {
	problems := h.alive(ctx)
	if !h.connected() {
		problems = append(problems, "not connected to Discord")
	}
	return problems
}
