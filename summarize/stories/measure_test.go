package stories

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// labelled is an article whose story is known.
type labelled struct {
	Title, Text, Lang, Cluster, Time string
}

// sharedFile finds a file of the development data, or skips the test.
func sharedFile(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("BROADSHEET_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	file := filepath.Join(root, "data", "stories", name)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("needs shared/data/stories/%s", name)
	}
	return file
}

// read returns the documents of a labelled set with their stories.
func read(t testing.TB, name string) (docs []Document, gold []string) {
	t.Helper()
	f, err := os.Open(sharedFile(t, name+".dev.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zr, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		t.Fatal(err)
	}
	for d := json.NewDecoder(zr); d.More(); {
		var l labelled
		if err := d.Decode(&l); err != nil {
			t.Fatal(err)
		}
		docs = append(docs, Document{Title: l.Title, Text: l.Text, Lang: l.Lang, Published: when(l.Time)})
		gold = append(gold, l.Cluster)
	}
	return docs, gold
}

// when reads either of the two ways the sets write a time.
func when(s string) time.Time {
	if ms, err := strconv.ParseInt(s, 10, 64); err == nil {
		return time.UnixMilli(ms)
	}
	at, _ := time.Parse("02/01/2006 15:04", s) // the zero time if it is missing
	return at
}

// bCubed compares groups with the true stories: for each article, which share of
// its group tells its story, and which share of its story is in its group.
func bCubed(groups [][]int, gold []string) (f1, precision, recall float64) {
	size := map[string]float64{}
	for _, g := range gold {
		size[g]++
	}
	for _, group := range groups {
		in := map[string]float64{}
		for _, i := range group {
			in[gold[i]]++
		}
		for story, n := range in {
			precision += n * n / float64(len(group))
			recall += n * n / size[story]
		}
	}
	precision /= float64(len(gold))
	recall /= float64(len(gold))
	return 200 * precision * recall / (precision + recall), 100 * precision, 100 * recall
}

// TestGroupFindsStories holds the grouping to its measured figures.
func TestGroupFindsStories(t *testing.T) {
	t.Parallel()
	for _, set := range []struct {
		name string
		want float64
	}{{"ecbplus_en", 88.5}, {"vmds_vi", 95}, {"uci_headlines_en", 68}} {
		t.Run(set.name, func(t *testing.T) {
			t.Parallel()
			docs, gold := read(t, set.name)
			start := time.Now()
			groups := Group(docs, Options{})
			f1, p, r := bCubed(groups, gold)
			t.Logf("%d documents, %d groups, B-cubed F1 %.1f (P %.1f R %.1f), %v", len(docs), len(groups), f1, p, r, time.Since(start))
			if f1 < set.want {
				t.Errorf("B-cubed F1 = %.1f, want at least %.1f", f1, set.want)
			}
		})
	}
}
