package bot

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/bot/store"
	"broadsheet/config"
)

// "lease teasers: lease teasers: …" tells whoever reads the log that nobody
// has read it before.
func TestErrorsOfJobsSayEachThingOnce(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "closed.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	cfg := &config.Config{}
	cfg.Retention.Articles = time.Hour
	press := NewPress(s, nil, log, cfg, func() {})
	p := &program{cfg: cfg, store: s, log: log, press: press}
	poller := NewPoller(s, nil, PollerOptions{})
	herald := &herald{store: s, log: log}
	for name, job := range map[string]func(context.Context) error{
		"digests":         press.Tick,
		"instant":         press.Instant,
		"one channel":     func(ctx context.Context) error { return press.postInstant(ctx, 1) },
		"a digest":        func(ctx context.Context) error { _, err := press.Run(ctx, store.Digest{ID: 1}); return err },
		"a preview":       func(ctx context.Context) error { _, _, err := press.Preview(ctx, store.Digest{ID: 1}); return err },
		"a wait":          func(ctx context.Context) error { _, _, err := press.mustWait(ctx, store.Digest{ID: 1}); return err },
		"pages":           (&Reader{store: s, log: log}).Tick,
		"parked channels": p.reviewAllParked,
		"gauges":          p.gauges,
		"retention":       p.prune,
		"poll":            poller.Tick,
		"a visit":         func(ctx context.Context) error { _, err := poller.VisitNow(ctx, 1); return err },
		"a notice":        func(ctx context.Context) error { return herald.notify(ctx, 1, Notice{ChannelID: 1}) },
	} {
		err := job(t.Context())
		if err == nil {
			t.Errorf("%s: no error of a closed database", name)
			continue
		}
		last := ""
		for part := range strings.SplitSeq(err.Error(), ": ") {
			if part == last {
				t.Errorf("%s: %q twice in %q", name, part, err)
			}
			last = part
		}
	}
}
