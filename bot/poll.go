package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"broadsheet/bot/metrics"
	"broadsheet/bot/store"
	"broadsheet/feeds"
)

const (
	// leastLease is the shortest lease of a feed.
	leastLease = 2 * time.Minute
	// Beside the fetching itself a lease must outlive the waiting for the host's
	// turn (feeds.ClientOptions.Patience) and the write.
	leasedForTurn  = 30 * time.Second
	leasedForWrite = time.Minute
	// slotsPerBatch is how many leased batches may be under way.
	slotsPerBatch = 4
	// batchSize bounds one write transaction (DESIGN §3, SQLite).
	batchSize = 200
	// batchItems ends a batch of feeds that are all new: their texts wait in
	// memory for the transaction.
	batchItems = 1000
	// batchWait is how long the recorder lets a batch fill. Short enough that a
	// crash costs a second of visits, long enough that 2,000 unchanged feeds are
	// ten transactions and not two thousand.
	batchWait = 200 * time.Millisecond
)

// PollStats counts what one round of visits did.
type PollStats struct {
	Feeds       int           `json:"feeds"`
	Unchanged   int           `json:"unchanged"`
	Changed     int           `json:"changed"`
	Failed      int           `json:"failed"`
	Waiting     int           `json:"waiting"`
	NewArticles int           `json:"new_articles"`
	Took        time.Duration `json:"-"`
}

// Poller visits feeds and records what it found. A visit that hangs holds one
// of its slots and delays nobody else.
type Poller struct {
	store    *store.Store
	client   *feeds.Client
	metrics  *metrics.Metrics
	log      *slog.Logger
	arrived  func()              // told after new articles were recorded
	done     func()              // told after each visit that was recorded
	soonest  time.Duration       // the least time between two visits
	lease    time.Duration       // of a feed: longer than its slowest visit
	batch    int64               // feeds leased at a time
	slots    *semaphore.Weighted // several batches, so that feeds that hang do not hold up the rest
	visited  chan store.VisitRecord
	visits   sync.WaitGroup
	recorder sync.WaitGroup

	mu    sync.Mutex
	stats PollStats
}

// PollerOptions are the choices of NewPoller.
type PollerOptions struct {
	// Concurrency bounds the visits at the same time; 0 means 64.
	Concurrency int
	// Soonest is when a feed is visited again that may have published more
	// than it can hold; 0 means 15 minutes.
	Soonest time.Duration
	// Timeout bounds the client's visits, queues not counted: a feed must not
	// be visited again while that lasts. 0 means 20 seconds.
	Timeout time.Duration
	// Arrived is called after new articles were recorded, Visited after each
	// visit that was, from several goroutines; nil for nothing.
	Arrived, Visited func()
	// Metrics may be nil.
	Metrics *metrics.Metrics
	// Log may be nil.
	Log *slog.Logger
}

// NewPoller returns a poller that visits with c and records in s.
func NewPoller(s *store.Store, c *feeds.Client, o PollerOptions) *Poller {
	if o.Concurrency <= 0 {
		o.Concurrency = 64
	}
	if o.Soonest <= 0 {
		o.Soonest = 15 * time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	for _, f := range []*func(){&o.Arrived, &o.Visited} {
		if *f == nil {
			*f = func() {}
		}
	}
	return &Poller{
		store: s, client: c, metrics: o.Metrics, log: o.Log, arrived: o.Arrived, done: o.Visited,
		soonest: o.Soonest,
		lease:   max(leastLease, o.Timeout+leasedForTurn+leasedForWrite),
		batch:   int64(o.Concurrency),
		slots:   semaphore.NewWeighted(slotsPerBatch * int64(o.Concurrency)),
		visited: make(chan store.VisitRecord, batchSize/4),
	}
}

// Start begins recording. The recorder outlives ctx until Stop: a visit that
// was made is written down even when the program is ending.
func (p *Poller) Start(ctx context.Context) {
	p.recorder.Go(func() { p.record(context.WithoutCancel(ctx)) })
}

// Stop waits for the visits under way, whose contexts the caller has ended,
// and for their results to be written.
func (p *Poller) Stop() {
	p.visits.Wait()
	close(p.visited)
	p.recorder.Wait()
}

// Tick visits the feeds that are due. It returns when none is left to begin,
// without waiting for the visits under way.
func (p *Poller) Tick(ctx context.Context) error {
	return p.visitAll(ctx, func(int64) ([]store.Feed, error) {
		return p.store.LeaseDueFeeds(ctx, int(p.batch), p.lease)
	})
}

// All visits every feed once, those that are not due included, except where
// the server has asked to wait, and returns when all are recorded. It is used
// instead of Start, Tick and Stop.
func (p *Poller) All(ctx context.Context) (PollStats, error) {
	return p.round(ctx, func(last int64) ([]store.Feed, error) {
		return p.store.LeaseFeeds(ctx, int(p.batch), last, p.lease)
	})
}

// Due visits every feed that is due once and returns when all are recorded. It
// is used instead of Start, Tick and Stop.
func (p *Poller) Due(ctx context.Context) (PollStats, error) {
	return p.round(ctx, func(int64) ([]store.Feed, error) {
		return p.store.LeaseDueFeeds(ctx, int(p.batch), p.lease)
	})
}

func (p *Poller) round(ctx context.Context, lease func(last int64) ([]store.Feed, error)) (PollStats, error) {
	begun := time.Now()
	p.Start(ctx)
	err := p.visitAll(ctx, lease)
	p.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stats.Took = time.Since(begun)
	if err != nil {
		return p.stats, err
	}
	return p.stats, ctx.Err()
}

// visitAll leases feeds batch by batch, whenever there is room for another,
// and begins to visit them, until there is none left or ctx ends.
func (p *Poller) visitAll(ctx context.Context, lease func(last int64) ([]store.Feed, error)) error {
	// A goroutine that has ended a visit begins another: a new one would have to
	// grow its stack again, which costs more than an unchanged feed's parsing.
	next := make(chan store.Feed)
	defer close(next)
	var last int64
	for {
		if p.slots.Acquire(ctx, p.batch) != nil {
			return nil // ctx has ended
		}
		batch, err := lease(last)
		if err != nil {
			p.slots.Release(p.batch) // feeds that come with an error were not leased
			return err
		}
		p.slots.Release(p.batch - int64(len(batch)))
		for _, f := range batch {
			last = max(last, f.ID)
			select {
			case next <- f:
			default: // everybody is busy
				p.visits.Go(func() { p.visitInTurn(ctx, f, next) })
			}
		}
		if len(batch) == 0 {
			return nil
		}
	}
}

// visitInTurn visits f and then what next brings, and gives a slot back after
// each.
func (p *Poller) visitInTurn(ctx context.Context, f store.Feed, next <-chan store.Feed) {
	for open := true; open; f, open = <-next {
		switch r, ok := p.visit(ctx, f); {
		case !ok:
		case !r.Visit.WaitUntil.IsZero():
			// A server that asks to be left alone must be so by the next process
			// too, if this one is killed in a moment.
			p.write(context.WithoutCancel(ctx), []store.VisitRecord{r})
		default:
			p.visited <- r
		}
		p.slots.Release(1)
	}
}

// VisitNow visits a feed outside of its schedule and records the result before
// it returns. store.ErrLeaseLost means that it is being visited already.
func (p *Poller) VisitNow(ctx context.Context, feedID int64) (feeds.Visit, error) {
	f, err := p.store.LeaseFeed(ctx, feedID, p.lease)
	if err != nil {
		return feeds.Visit{}, err
	}
	rec, ok := p.visit(ctx, f)
	if !ok {
		return feeds.Visit{}, ctx.Err()
	}
	recorded, err := p.store.RecordVisits(ctx, []store.VisitRecord{rec})
	if err != nil {
		return feeds.Visit{}, err
	}
	p.tally(rec.Visit, recorded[0])
	return rec.Visit, recorded[0].Err
}

// visit fetches f and finds out which of its items are new. A visit that the
// end of ctx cut short is not recorded: the lease runs out and the feed is
// visited again.
func (p *Poller) visit(ctx context.Context, f store.Feed) (rec store.VisitRecord, ok bool) {
	defer func() {
		// A feed that panics the parser must neither end the program nor be
		// visited again at once.
		if r := recover(); r != nil {
			p.log.Error("visit panicked", "feed", f.ID, "url", feeds.MaskURL(f.State.URL), "panic", r)
			rec, ok = failedVisit(f, fmt.Errorf("panic: %v", r)), true
		}
	}()
	f.State.Subscribers = f.Subscribers
	v := p.client.Visit(ctx, f.State, time.Now())
	if ctx.Err() != nil {
		return store.VisitRecord{}, false
	}
	if rec, ok = p.sift(ctx, f, v); !ok {
		return rec, false
	}
	p.trim(ctx, &rec, f)
	letGo(rec)
	return rec, true
}

// failedVisit is the record of a visit that our own code could not finish.
func failedVisit(f store.Feed, cause error) store.VisitRecord {
	now := time.Now()
	f.State.Failures++
	return store.VisitRecord{FeedID: f.ID, Visit: feeds.Visit{
		At: now, State: f.State, Next: now.Add(6 * time.Hour),
		Err: &feeds.Error{Kind: feeds.Malformed, URL: feeds.MaskURL(f.State.URL), Err: cause},
	}}
}

// record writes visits down in batches until visited is closed.
func (p *Poller) record(ctx context.Context) {
	for first := range p.visited {
		batch, items := []store.VisitRecord{first}, len(first.Items)
		timer := time.NewTimer(batchWait)
	fill:
		for len(batch) < batchSize && items < batchItems {
			select {
			case r, open := <-p.visited:
				if !open {
					break fill
				}
				batch, items = append(batch, r), items+len(r.Items)
			case <-timer.C:
				break fill
			}
		}
		timer.Stop()
		p.write(ctx, batch)
	}
}

// write records a batch. What cannot be written stays leased and unread: the
// feeds are visited again when the leases run out, with the old validators.
func (p *Poller) write(ctx context.Context, batch []store.VisitRecord) {
	recorded, err := p.store.RecordVisits(ctx, batch)
	if err != nil {
		p.log.Error("visits not recorded", "feeds", len(batch), "err", err)
		p.count(func(s *PollStats) { s.Feeds += len(batch); s.Failed += len(batch) })
		return
	}
	fresh, edited := 0, 0
	for i, r := range recorded {
		if r.Err != nil {
			p.log.Error("visit not recorded", "feed", r.FeedID, "err", r.Err)
		}
		fresh, edited = fresh+len(r.New), edited+len(r.Edited)
		p.tally(batch[i].Visit, r)
		p.done()
	}
	if fresh+edited > 0 {
		p.log.Info("articles arrived", "articles", fresh, "edited", edited, "feeds", len(batch))
	}
	if fresh > 0 {
		p.arrived()
	}
}

func (p *Poller) tally(v feeds.Visit, r store.Recorded) {
	result := metrics.Changed
	p.count(func(s *PollStats) {
		s.Feeds++
		s.NewArticles += len(r.New)
		switch {
		case v.Deferred:
			result = "waiting"
			s.Waiting++
		case r.Err != nil || v.Err != nil:
			result = metrics.Failed
			s.Failed++
		case v.Unchanged:
			result = metrics.Unchanged
			s.Unchanged++
		default:
			s.Changed++
		}
	})
	p.metrics.Poll(result, len(r.New), v.Took)
	if v.Err != nil && !errors.Is(v.Err, context.Canceled) {
		p.log.Debug("feed failed", "feed", r.FeedID, "err", v.Err)
	}
	if v.Moved {
		p.log.Info("feed has moved for good", "feed", r.FeedID, "to", feeds.MaskURL(v.State.URL))
	}
}

func (p *Poller) count(add func(*PollStats)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	add(&p.stats)
}
