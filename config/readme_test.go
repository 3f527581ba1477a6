package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadmeShowsEveryOptionAsItIs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "by a test -->\n")
	table, _, closed := strings.Cut(rest, "\n<!-- /options -->")
	if !found || !closed {
		t.Fatal("README.md has no marked table of options")
	}
	if diff := cmp.Diff(strings.TrimSpace(Markdown()), table); diff != "" {
		t.Errorf("README.md's options differ (- want, + there):\n%s", diff)
	}
}
