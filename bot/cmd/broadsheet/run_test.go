package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/bot/discordsim"
	"broadsheet/bot/store"
)

func TestRunRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	sim := discordsim.New(discordsim.Options{})
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	api, err := sim.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	busy, err := store.Open(t.Context(), filepath.Join(dir, "busy.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	release, err := busy.LockRun(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := release(); err != nil {
			t.Error(err)
		}
		if err := busy.Close(); err != nil {
			t.Error(err)
		}
	})
	tests := []struct {
		name, token, database string
		status                int
		want                  string
	}{
		{"a wrong token", "wrong.wrong.wrong", "a.db", exitUsage, "token"},
		{"a database that another bot uses", discordsim.DefaultToken, "busy.db", exitFailed, "in use by another running broadsheet"},
		{"a database in a folder that is not there", discordsim.DefaultToken, "absent/b.db", exitFailed, "absent"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := call(t.Context(), []string{"DISCORD_TOKEN=" + test.token, "BROADSHEET_DISCORD_API_URL=" + api,
				"BROADSHEET_DATABASE=" + filepath.Join(dir, test.database)}, "", "run")
			if got.status != test.status || !strings.Contains(got.stderr, test.want) || strings.Contains(got.stderr+got.stdout, test.token) {
				t.Errorf("%+v, want status %d, %q and no token", got, test.status, test.want)
			}
		})
	}
}

func TestRunPrintsTheInviteAndEndsWithTheSignal(t *testing.T) {
	t.Parallel()
	sim := discordsim.New(discordsim.Options{Violation: func(s string) { t.Error(s) }})
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	api, err := sim.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sim.AddGuild("Harbour", "en-US")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := &untilLine{found: stop, want: "https://discord.com/"}
	var stderr strings.Builder
	environ := []string{"DISCORD_TOKEN=" + discordsim.DefaultToken, "BROADSHEET_DISCORD_API_URL=" + api,
		"BROADSHEET_DATABASE=" + filepath.Join(t.TempDir(), "b.db"), "BROADSHEET_LOG_LEVEL=error", "BROADSHEET_RUN_GRACE=1s"}
	if got := run(ctx, []string{"run"}, environ, nil, out, &stderr); got != exitDone {
		t.Errorf("exit status %d, standard error %q", got, stderr.String())
	}
	if !strings.Contains(out.String(), "permissions=") || !strings.Contains(out.String(), "applications.commands") {
		t.Errorf("printed %q, want an invite link", out)
	}
}

// untilLine is a standard output that says when a text has been printed.
type untilLine struct {
	strings.Builder
	want  string
	found func()
}

func (u *untilLine) Write(p []byte) (int, error) {
	n, err := u.Builder.Write(p)
	if strings.Contains(u.String(), u.want) {
		u.found()
	}
	return n, err
}
