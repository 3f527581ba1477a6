package bot

import (
	"database/sql"
	"path/filepath"
	"testing"

	"broadsheet/bot/store"
)

// A million articles are not counted every minute.
func TestTheGaugesDoNotLookAtTheArticles(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "gauges.db")
	s, err := store.Open(t.Context(), file, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	raw, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`DROP VIEW untaken`, `DROP TABLE article`} {
		if _, err := raw.ExecContext(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	if err := (&program{store: s}).gauges(t.Context()); err != nil {
		t.Errorf("the gauges need the articles: %v", err)
	}
}
