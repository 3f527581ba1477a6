package main

import (
	"runtime/debug"
	"testing"
)

func TestMemoryLimitGrowsWithWhatIsLive(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		live uint64
		want int64
	}{
		{"nothing yet", 0, memoryFloor},
		{"a small bot", 10 << 20, memoryFloor},
		{"where the floor ends", 32 << 20, memoryFloor},
		{"a large bot", 200 << 20, 400 << 20},
	} {
		if got := memoryLimit(tt.live); got != tt.want {
			t.Errorf("%s (%d bytes live): limit %d, want %d", tt.name, tt.live, got, tt.want)
		}
	}
}

// The pace is the process's: no other test may run beside this one.
func TestPaceOfCollectionIsTheOperatorsIfHeSaysSo(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	percent := debug.SetGCPercent(100)
	t.Cleanup(func() {
		debug.SetMemoryLimit(before)
		debug.SetGCPercent(percent)
	})
	for _, own := range []string{"GOGC=50", "GOMEMLIMIT=1GiB"} {
		paceMemory(t.Context(), []string{"HOME=/", own})()
		if got := debug.SetMemoryLimit(-1); got != before {
			t.Errorf("%s: the limit became %d", own, got)
		}
	}
	paceMemory(t.Context(), []string{"HOME=/"})()
	if got := debug.SetMemoryLimit(-1); got != memoryFloor {
		t.Errorf("limit %d, want %d", got, memoryFloor)
	}
	if got := debug.SetGCPercent(100); got != heapGrowth {
		t.Errorf("growth %d, want %d", got, heapGrowth)
	}
	if liveHeap() == 0 {
		t.Error("the live heap is not known")
	}
}
