package main

import (
	"path/filepath"
	"strings"
	"testing"

	"broadsheet/bot/store"
)

func TestExportSaysOnceWhatFailed(t *testing.T) {
	t.Parallel()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "closed.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, subscriptions := exportCmd{}.outlines(t.Context(), s)
	_, all := everyFeed(t.Context(), s)
	_, digests := digestCmd{}.find(t.Context(), s)
	for what, err := range map[string]error{"list subscriptions": subscriptions, "list feeds": all, "list digests": digests} {
		if err == nil || strings.Count(err.Error(), what) != 1 {
			t.Errorf("a closed database is told as %v, want %q once", err, what)
		}
	}
}
