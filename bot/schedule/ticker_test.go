package schedule

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestTickerRunsJobsAtTheirTimes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, spec string
		want       int64 // runs in a day
	}{
		{"every few seconds", "@every 15s", 4 * 60 * 24},
		{"every minute", "* * * * *", 60 * 24},
		{"twice an hour", "7,37 * * * *", 2 * 24},
		{"once a night", "0 3 * * *", 1},
		{"not today", "0 3 31 12 *", 0},
	}
	synctest.Test(t, func(t *testing.T) {
		ticker := NewTicker(quiet())
		ran := make([]atomic.Int64, len(tests))
		for i, test := range tests {
			if err := ticker.Add(test.name, test.spec, func(context.Context) { ran[i].Add(1) }); err != nil {
				t.Fatal(err)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour+time.Second/2)
		defer cancel()
		if err := ticker.Run(ctx); err != nil {
			t.Error(err)
		}
		for i, test := range tests {
			if got := ran[i].Load(); got != test.want {
				t.Errorf("%s (%s) ran %d times in a day, want %d", test.name, test.spec, got, test.want)
			}
		}
	})
}

func TestTickerSkipsAJobThatStillRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ticker := NewTicker(quiet())
		var running, runs atomic.Int64
		err := ticker.Add("slow", "@every 1m", func(context.Context) {
			if running.Add(1) > 1 {
				t.Error("the job runs twice at once")
			}
			runs.Add(1)
			time.Sleep(150 * time.Second)
			running.Add(-1)
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+time.Second)
		defer cancel()
		if err := ticker.Run(ctx); err != nil {
			t.Error(err)
		}
		if got := runs.Load(); got != 4 {
			t.Errorf("%d runs of 150 s in ten minutes, want 4", got)
		}
	})
}

func TestTickerRunsAJobAgainAfterItPanicked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		ticker := NewTicker(slog.New(slog.NewTextHandler(&out, nil)))
		var runs atomic.Int64
		drop := func(context.Context) {
			runs.Add(1)
			panic("dropped the plates")
		}
		if err := ticker.Add("clumsy", "@every 1m", drop); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute+time.Second)
		defer cancel()
		if err := ticker.Run(ctx); err != nil {
			t.Error(err)
		}
		if got := runs.Load(); got != 3 {
			t.Errorf("ran %d times, want 3", got)
		}
		if log := out.String(); strings.Count(log, "dropped the plates") != 3 || !strings.Contains(log, "job=clumsy") {
			t.Errorf("the log does not name the job and its panic each time:\n%s", log)
		}
	})
}

func TestTickerWaitsForRunningJobs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name        string
		grace, work time.Duration
		took        time.Duration
		cut         bool
	}{
		{"a job that ends within the grace is left alone", 20 * time.Second, 7 * time.Second, 6 * time.Second, false},
		{"a longer one sees its context end", 20 * time.Second, time.Hour, 20 * time.Second, true},
		{"without grace its context ends at once", 0, time.Hour, 0, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ticker := NewTicker(quiet())
				ticker.Grace = test.grace
				var cut, ended atomic.Bool
				err := ticker.Add("work", "@every 1m", func(ctx context.Context) {
					select {
					case <-time.After(test.work):
					case <-ctx.Done():
						cut.Store(true)
					}
					ended.Store(true)
				})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), 61*time.Second)
				defer cancel()
				start := time.Now()
				if err := ticker.Run(ctx); err != nil {
					t.Error(err)
				}
				if took := time.Since(start) - 61*time.Second; took != test.took || cut.Load() != test.cut || !ended.Load() {
					t.Errorf("Run returned %v after its context, job cut off %t, ended %t; want %v, %t, true", took, cut.Load(), ended.Load(), test.took, test.cut)
				}
			})
		})
	}
}

func TestTickerRefusesBadJobs(t *testing.T) {
	t.Parallel()
	ticker := NewTicker(quiet())
	if err := ticker.Add("poll", "@every 15s", func(context.Context) {}); err != nil {
		t.Fatal(err)
	}
	for name, spec := range map[string]string{"poll": "@every 15s", "words": "daily 08:00", "zone": "TZ=0", "never": "0 8 31 2 *"} {
		if err := ticker.Add(name, spec, func(context.Context) {}); err == nil {
			t.Errorf("Add(%q, %q) gives no error", name, spec)
		}
	}
}
