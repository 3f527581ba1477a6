package summarize

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared finds a file of the development data, or skips the test.
func shared(t testing.TB, path ...string) string {
	t.Helper()
	root := os.Getenv("BROADSHEET_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for dir != filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			dir = filepath.Dir(dir)
		}
		root = filepath.Join(dir, "..", "shared")
	}
	file := filepath.Join(append([]string{root}, path...)...)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("needs shared/%s", strings.Join(path, "/"))
	}
	return file
}

// article is one line of the summary data.
type article struct {
	ID, Title, Text, Lang string
	Summary               []string
}

// articles reads the data set, gzipped JSON lines.
func articles(t testing.TB, name string) []article {
	t.Helper()
	f, err := os.Open(shared(t, "data", "summaries", name+".jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []article
	for d := json.NewDecoder(bufio.NewReaderSize(zr, 1<<20)); d.More(); {
		var a article
		if err := d.Decode(&a); err != nil {
			t.Fatal(err)
		}
		all = append(all, a)
	}
	return all
}
