package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"time"
)

const (
	// heapGrowth is how far the heap may grow before it is collected, in per
	// cent. Visits leave much garbage over a few live megabytes: at Go's 100 a
	// sixth of a round's time went into collecting it.
	heapGrowth = 300
	// memoryFloor is the memory, in bytes, above which garbage is collected
	// sooner than heapGrowth asks, so that a burst of new articles stays within
	// the 130 MB that the program promises at 2,000 feeds.
	memoryFloor = 64 << 20
	memoryEvery = 10 * time.Second
)

// paceMemory sets the pace of garbage collection and adapts it to what is live
// until stop is called. An operator's own GOGC or GOMEMLIMIT is left alone.
func paceMemory(ctx context.Context, environ []string) (stop func()) {
	for _, v := range environ {
		if strings.HasPrefix(v, "GOGC=") || strings.HasPrefix(v, "GOMEMLIMIT=") {
			return func() {}
		}
	}
	debug.SetGCPercent(heapGrowth)
	debug.SetMemoryLimit(memoryFloor)
	ctx, cancel := context.WithCancel(ctx)
	var adapting sync.WaitGroup
	adapting.Go(func() {
		tick := time.NewTicker(memoryEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				debug.SetMemoryLimit(memoryLimit(liveHeap()))
			case <-ctx.Done():
				return
			}
		}
	})
	return func() {
		cancel()
		adapting.Wait()
	}
}

// memoryLimit is the soft limit, in bytes, for a live heap of so many. A fixed
// one would keep a program that needs more collecting without end; twice what
// is live is Go's own default.
func memoryLimit(live uint64) int64 {
	return max(memoryFloor, int64(2*live))
}

// liveHeap is what the last collection found alive, in bytes.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
