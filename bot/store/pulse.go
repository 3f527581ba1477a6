package store

import (
	"context"
	"errors"
	"time"
)

// Pulse is what tells whether work gets done. Looking reads feeds and what is
// pending, never articles.
type Pulse struct {
	// OldestPending is the birth of the oldest delivery that waits for more
	// than a permission. OldestDue is since when the longest due feed has been
	// due that nobody is visiting. Zero if there is none.
	OldestPending, OldestDue time.Time
	// LastPoll is the last visit of any feed, zero if there was none.
	LastPoll time.Time
	// Trouble is why the last write failed: ErrFull, ErrReadOnly or ErrCorrupt;
	// nil if it succeeded or failed for a reason of its own.
	Trouble error
}

const (
	sqlOldestPending = `SELECT COALESCE(MIN(d.created_at), 0) FROM delivery d WHERE d.state = 'pending'
		AND NOT EXISTS (SELECT 1 FROM channel c WHERE c.id = d.channel_id AND c.parked = 1)`
	sqlPulse = `SELECT (` + sqlOldestPending + `),
		(SELECT COALESCE(MIN(f.next_poll), 0) FROM feed f WHERE f.polled = 1 AND f.paused = 0 AND f.gone = 0
			AND f.next_poll <= $1 AND f.wait_until <= $1 AND f.lease_until <= $1),
		(SELECT COALESCE(MAX(last_poll), 0) FROM feed)`
)

// Pulse feels the store's pulse.
func (s *Store) Pulse(ctx context.Context) (Pulse, error) {
	var pending, due, poll int64
	err := s.row(ctx, sqlPulse, clock()).Scan(&pending, &due, &poll)
	p := Pulse{OldestPending: moment(pending), OldestDue: moment(due), LastPoll: moment(poll)}
	if trouble := s.trouble.Load(); trouble != nil {
		p.Trouble = *trouble
	}
	return p, s.wrap("feel the pulse", err)
}

// noteTrouble keeps what the outcome of a write says about the database.
func (s *Store) noteTrouble(err error) {
	for _, known := range []error{ErrFull, ErrReadOnly, ErrCorrupt} {
		if errors.Is(err, known) {
			s.trouble.Store(&known)
			return
		}
	}
	s.trouble.Store(nil)
}
