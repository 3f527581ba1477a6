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
	return readJSON[article](t, "data", "summaries", name+".jsonl.gz")
}

// paragraph is a treebank's.
type paragraph struct {
	Lang  string // and the treebank's name: en-gum
	Sents []string
}

// paragraphs reads the paragraphs of several treebanks.
func paragraphs(t testing.TB) []paragraph {
	t.Helper()
	lists := readJSON[[]paragraph](t, "data", "sentences", "ud.json.gz")
	if len(lists) != 1 {
		t.Fatalf("%d lists of paragraphs, want one", len(lists))
	}
	return lists[0]
}

// readJSON reads the JSON values of a gzipped file of the development data.
func readJSON[T any](t testing.TB, path ...string) []T {
	t.Helper()
	f, err := os.Open(shared(t, path...))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	for d := json.NewDecoder(bufio.NewReaderSize(zr, 1<<20)); d.More(); {
		var v T
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	return all
}
