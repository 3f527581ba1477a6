package bot

import (
	"context"
	"time"
)

const (
	// pruneBatch bounds one deleting transaction (DESIGN §3, SQLite).
	pruneBatch = 500
	// outboxKept is how long finished deliveries answer /news why.
	outboxKept = 30 * 24 * time.Hour
)

// gauges refreshes the figures that are states and not events.
func (p *program) gauges(ctx context.Context) error {
	counts, err := p.store.Work(ctx)
	if err != nil {
		return err
	}
	var age time.Duration
	if !counts.OldestPending.IsZero() {
		age = time.Since(counts.OldestPending)
	}
	p.metrics.Outbox(counts.PendingDeliveries, age)
	p.metrics.Feeds(counts.Feeds, counts.FailingFeeds)
	return nil
}

// prune deletes the articles that are older than the configuration keeps them
// and does the database's housekeeping.
func (p *program) prune(ctx context.Context) error {
	for {
		n, err := p.store.PruneOutbox(ctx, time.Now().Add(-outboxKept), pruneBatch)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	for {
		n, err := p.store.PruneSites(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	keep := p.cfg.Retention.Articles
	if keep > 0 {
		before := time.Now().Add(-keep)
		for {
			n, err := p.store.Prune(ctx, before, pruneBatch)
			if err != nil {
				return err
			}
			if n < pruneBatch {
				break
			}
		}
	}
	for {
		more, err := p.store.Maintain(ctx)
		if err != nil {
			return err
		}
		if !more || ctx.Err() != nil {
			return nil
		}
	}
}
