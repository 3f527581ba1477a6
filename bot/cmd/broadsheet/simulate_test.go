package main

import (
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"
)

// The simulated Discord of one process serves another: here import asks it for
// a channel's server.
func TestSimulateServesOtherProcesses(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	read, write := io.Pipe()
	var stderr strings.Builder
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"simulate"}, nil, nil, write, &stderr)
		_ = write.Close() // always nil
	}()
	var told simulated
	if err := json.NewDecoder(read).Decode(&told); err != nil {
		t.Fatal(err)
	}
	if told.Guild == "" || told.Channels["news"] == "" || told.Members["admin"] == "" || !strings.HasPrefix(told.Control, "http://") {
		t.Errorf("simulate tells %+v", told)
	}
	environ := []string{"DISCORD_TOKEN=" + told.Token, "BROADSHEET_DISCORD_API_URL=" + told.API,
		"BROADSHEET_DATABASE=" + filepath.Join(t.TempDir(), "b.db")}
	got := call(t.Context(), environ, opml("https://post.example/feed"), "import", "--channel", told.Channels["news"])
	if got.status != exitDone || !strings.Contains(got.stdout, `created "news"`) {
		t.Errorf("import against the simulated Discord: %+v", got)
	}
	stop()
	if status := <-ended; status != exitDone {
		t.Errorf("simulate ends with %d, %q; want 0 after a signal", status, stderr.String())
	}
}

func TestSimulateSaysThatAnAddressIsTaken(t *testing.T) {
	t.Parallel()
	got := call(t.Context(), nil, "", "simulate", "--listen", "256.0.0.1:1")
	if got.status != exitFailed || !strings.Contains(got.stderr, "listen") {
		t.Errorf("simulate at an impossible address: %+v", got)
	}
}
