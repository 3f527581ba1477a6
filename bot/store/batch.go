package store

import (
	"context"
	"errors"
	"slices"
)

// RecordVisits records a batch of visits, 200 at most, in one transaction:
// articles with their texts and keys, the feeds' states, the ends of their
// leases. The result has one element for each record, in order. An error means
// that nothing was recorded. A feed whose lease is free may be recorded too (a
// visit that somebody asked for).
//
// Where the database cannot hold one of the records (ErrUnfit), the others are
// recorded all the same, in further transactions: one publisher must not be
// able to keep the articles of all others out.
func (s *Store) RecordVisits(ctx context.Context, records []VisitRecord) ([]Recorded, error) {
	out, err := s.recordVisits(ctx, records)
	switch {
	case !errors.Is(err, ErrUnfit):
		return out, err
	case len(records) == 1:
		return failedAll(records, err), nil
	}
	out = make([]Recorded, 0, len(records))
	for half := range slices.Chunk(records, (len(records)+1)/2) {
		recorded, err := s.RecordVisits(ctx, half)
		if err != nil {
			recorded = failedAll(half, err)
		}
		out = append(out, recorded...)
	}
	return out, nil
}

// failedAll says of records that nothing of them was recorded.
func failedAll(records []VisitRecord, err error) []Recorded {
	out := make([]Recorded, len(records))
	for i, r := range records {
		out[i] = Recorded{FeedID: r.FeedID, Err: err}
	}
	return out
}
