package stories

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// BenchmarkGroup reports what a window of 5,000 real articles costs.
func BenchmarkGroup(b *testing.B) {
	name := strings.Replace(sharedFile(b, "ecbplus_en.dev.jsonl.gz"), "stories/ecbplus_en.dev", "summaries/cnndm.train", 1)
	f, err := os.Open(name)
	if err != nil {
		b.Skip("needs shared/data/summaries")
	}
	defer f.Close()
	zr, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		b.Fatal(err)
	}
	var docs []Document
	for d := json.NewDecoder(zr); d.More() && len(docs) < 5000; {
		var a struct {
			Text, Lang string
			Summary    []string
		}
		if err := d.Decode(&a); err != nil {
			b.Fatal(err)
		}
		docs = append(docs, Document{Title: a.Summary[0], Text: a.Text, Lang: a.Lang})
	}
	for b.Loop() {
		groups := Group(docs, Options{})
		b.ReportMetric(float64(len(groups)), "stories")
	}
}

// BenchmarkGroupHeadlines reports what 5,000 bare headlines cost.
func BenchmarkGroupHeadlines(b *testing.B) {
	docs, _ := read(b, "uci_headlines_en")
	for i := 0; len(docs) < 5000; i++ {
		d := docs[i]
		d.Title += " Again"
		docs = append(docs, d)
	}
	for b.Loop() {
		Group(docs, Options{})
	}
}
