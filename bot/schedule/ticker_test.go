package schedule

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestTickerRunsJobsAtTheirTimes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ticker := NewTicker(quiet())
		counts := map[string]int{}
		for name, spec := range map[string]string{"poll": "@every 15s", "digests": "* * * * *", "clean": "0 3 * * *"} {
			if err := ticker.Add(name, spec, func(context.Context) { counts[name]++ }); err != nil {
				t.Fatal(err)
			}
			defer func() {
				want := map[string]int{"poll": 4 * 60 * 24, "digests": 60 * 24, "clean": 1}[name]
				if counts[name] != want {
					t.Errorf("%s (%s) ran %d times in a day, want %d", name, spec, counts[name], want)
				}
			}()
		}
		ctx, cancel := context.WithTimeout(t.Context(), 24*time.Hour+time.Second/2)
		defer cancel()
		if err := ticker.Run(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestTickerSkipsAJobThatStillRuns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ticker := NewTicker(quiet())
		running, most, runs := 0, 0, 0
		err := ticker.Add("slow", "@every 1m", func(context.Context) {
			running, runs = running+1, runs+1
			most = max(most, running)
			time.Sleep(150 * time.Second)
			running--
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+time.Second)
		defer cancel()
		if err := ticker.Run(ctx); err != nil {
			t.Error(err)
		}
		if most != 1 || runs != 4 {
			t.Errorf("at most %d at once in %d runs, want 1 at once in 4 runs", most, runs)
		}
	})
}

func TestTickerRunsAJobAgainAfterItPanicked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		ticker := NewTicker(slog.New(slog.NewTextHandler(&out, nil)))
		runs := 0
		if err := ticker.Add("clumsy", "@every 1m", func(context.Context) { runs++; panic("dropped the plates") }); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute+time.Second)
		defer cancel()
		if err := ticker.Run(ctx); err != nil {
			t.Error(err)
		}
		if runs != 3 {
			t.Errorf("ran %d times, want 3", runs)
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
				cut, ended := false, false
				err := ticker.Add("work", "@every 1m", func(ctx context.Context) {
					select {
					case <-time.After(test.work):
					case <-ctx.Done():
						cut = true
					}
					ended = true
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
				if took := time.Since(start) - 61*time.Second; took != test.took || cut != test.cut || !ended {
					t.Errorf("Run returned %v after its context, job cut off %t, ended %t; want %v, %t, true", took, cut, ended, test.took, test.cut)
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
