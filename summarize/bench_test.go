package summarize

import (
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
