package bot

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/bot/store"
)

// checked is the status that a health check answers and the problems it names.
func checked(t *testing.T, h *health, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	var said struct{ Problems []string }
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil {
		t.Fatal(err)
	}
	return w.Code, strings.Join(said.Problems, "; ")
}

func TestHealthTellsWhatDoesNotGetDone(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		wrong func(ctx context.Context, h *health) error
		path  string
		want  string // "" is well
	}{
		"a program that just began": {func(context.Context, *health) error { return nil }, "/healthz", ""},
		"a schedule that hangs": {func(context.Context, *health) error {
			time.Sleep(staleTick + time.Second)
			return nil
		}, "/healthz", "the schedule has not run for 2m1s"},
		"a post that does not get out": {func(ctx context.Context, h *health) error {
			_, err := h.store.Enqueue(ctx, 1, 2, store.Outgoing{Kind: kindNotice})
			time.Sleep(staleOutbox + time.Second)
			return err
		}, "/healthz", "the oldest post has been waiting for 15m1s"},
		"feeds that nobody reads": {func(ctx context.Context, h *health) error {
			_, _, err := h.store.AddFeed(ctx, "https://harbour.example/feed.xml", "")
			time.Sleep(stalePoll + time.Second)
			return err
		}, "/healthz", "feeds are due and none has been read for 30m1s"},
		"a start with feeds that have been due for long": {func(ctx context.Context, h *health) error {
			_, _, err := h.store.AddFeed(ctx, "https://harbour.example/feed.xml", "")
			time.Sleep(24 * time.Hour)
			h.begun = time.Now()
			return err
		}, "/healthz", ""},
		"a database that is closed": {func(_ context.Context, h *health) error { return h.store.Close() }, "/healthz", "the database does not answer"},
		"no connection":             {func(_ context.Context, h *health) error { h.connected = func() bool { return false }; return nil }, "/readyz", "not connected to Discord"},
		"no connection is no death": {func(_ context.Context, h *health) error { h.connected = func() bool { return false }; return nil }, "/healthz", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "health.db")
			synctest.Test(t, func(t *testing.T) {
				s, err := store.Open(t.Context(), file, store.Options{})
				if err != nil {
					t.Fatal(err)
				}
				defer func() { _ = s.Close() }() // one test has closed it
				h := &health{store: s, begun: time.Now(), metrics: http.NotFoundHandler(), connected: func() bool { return true }}
				if err := row.wrong(t.Context(), h); err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(row.want, "schedule") {
					h.ticked.Store(time.Now().UnixMilli())
				}
				want := http.StatusOK
				if row.want != "" {
					want = http.StatusServiceUnavailable
				}
				if code, problems := checked(t, h, row.path); code != want || problems != row.want {
					t.Errorf("%s = %d %q, want %d %q", row.path, code, problems, want, row.want)
				}
			})
		})
	}
}
