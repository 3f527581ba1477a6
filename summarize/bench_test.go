package summarize

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkSummarize reports articles per second on real texts, from text to
// summary.
func BenchmarkSummarize(b *testing.B) {
	all := articles(b, "cnndm.dev")
	weights()
	b.ReportAllocs()
	before := processorTime(b)
	for i := 0; b.Loop(); i++ {
		a := all[i%len(all)]
		if _, err := Summarize(a.Title, a.Text, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/(processorTime(b)-before).Seconds(), "articles/cpu-s")
}

// processorTime is what the process has used of all cores: on a busy machine the
// wall clock says little.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkTenMegabytes reports what endless texts cost per megabyte.
func BenchmarkTenMegabytes(b *testing.B) {
	for name, unit := range map[string]string{
		"article": harbour + "\n", "one line": strings.ReplaceAll(harbour, "\n", " "), "no stops": "word another ", "one word": "a", "Japanese": "港は閉まる。",
		"same sentence": "The cat sat on the mat today. ", "short sentences": "A b. ",
	} {
		b.Run(name, func(b *testing.B) {
			text := strings.Repeat(unit, 10<<20/len(unit))
			before := processorTime(b)
			for b.Loop() {
				if _, err := Summarize("", text, Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((processorTime(b)-before).Seconds()*1000/10/float64(b.N), "cpu-ms/MB")
		})
	}
}

// BenchmarkSplit reports the speed of splitting alone.
func BenchmarkSplit(b *testing.B) {
	text := strings.Repeat(harbour+"\n", 1<<20/len(harbour))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Split(text, "en")
	}
}
