package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	sqlDeliveryAdd = `INSERT INTO delivery (guild_id, channel_id, edition_id, seq, kind, state, due, created_at, payload)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id`
	// Only the first pending delivery of a channel may go out: order is kept.
	sqlDeliveryLease = `WITH ready AS MATERIALIZED (
		SELECT d.id FROM delivery d LEFT JOIN channel c ON c.id = d.channel_id LEFT JOIN guild g ON g.id = d.guild_id
		WHERE d.state = 'pending' AND d.due <= $1 AND d.lease_until <= $1
		AND COALESCE(c.gone, 0) = 0 AND COALESCE(c.parked, 0) = 0 AND COALESCE(g.gone, 0) = 0
		AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.state = 'pending' AND e.channel_id = d.channel_id AND e.id < d.id)
		ORDER BY d.id LIMIT $2 {skip d})
		UPDATE delivery SET lease_owner = $3, lease_until = $4, attempt = attempt + 1,
		first_attempt = CASE WHEN first_attempt = 0 THEN $5 ELSE first_attempt END
		WHERE id IN (SELECT ready.id FROM ready)
		RETURNING id, guild_id, channel_id, edition_id, seq, kind, attempt, first_attempt, created_at, payload`
	// What Discord has accepted is sent, whoever holds the lease by now.
	sqlDeliverySent = `UPDATE delivery SET state = 'sent', message_id = $1, done_at = $2, why = '', lease_until = 0, payload = $3
		WHERE id = $4 AND state <> 'sent'`
	sqlDeliveryRetry = `UPDATE delivery SET due = $1, why = $2, lease_until = 0 WHERE id = $3 AND lease_owner = $4 AND lease_until > 0 AND state = 'pending'`
	sqlDeliveryFail  = `UPDATE delivery SET state = 'failed', why = $1, done_at = $2, lease_until = 0
		WHERE id = $3 AND lease_owner = $4 AND lease_until > 0 AND state = 'pending'`
	sqlDeliveryExists = `SELECT COUNT(*) FROM delivery WHERE id = $1`
	sqlDeliveryNext   = `SELECT COALESCE(MIN(CASE WHEN d.due > d.lease_until THEN d.due ELSE d.lease_until END), -1) FROM delivery d
		LEFT JOIN channel c ON c.id = d.channel_id LEFT JOIN guild g ON g.id = d.guild_id
		WHERE d.state = 'pending' AND COALESCE(c.gone, 0) = 0 AND COALESCE(c.parked, 0) = 0 AND COALESCE(g.gone, 0) = 0
		AND NOT EXISTS (SELECT 1 FROM delivery e WHERE e.state = 'pending' AND e.channel_id = d.channel_id AND e.id < d.id)`
)

// Enqueue queues a message that belongs to no edition behind everything that
// waits for its channel. guildID is 0 for direct messages. A message to a
// channel or guild that is gone is kept as dropped.
func (s *Store) Enqueue(ctx context.Context, guildID, channelID int64, m Outgoing) (int64, error) {
	var id int64
	err := s.write(ctx, "queue message", func(ctx context.Context, t *tx) error {
		var gone int64
		if err := t.lockChannel(ctx, guildID, channelID, &gone); err != nil {
			return err
		}
		var err error
		if id, err = t.enqueue(ctx, guildID, channelID, 0, 0, m); err != nil || gone == 0 {
			return err
		}
		_, err = t.exec(ctx, sqlChannelDrop, "the channel or the server is gone", clock(), channelID)
		return err
	})
	return id, err
}

func (t *tx) enqueue(ctx context.Context, guildID, channelID, edition int64, seq int, m Outgoing) (id int64, err error) {
	payload := m.Payload
	if payload == nil {
		payload = []byte{}
	}
	now := clock()
	err = t.row(ctx, sqlDeliveryAdd, guildID, channelID, edition, int64(seq), m.Kind, "pending", now, now, payload).Scan(&id)
	return id, err
}

// nonce names a delivery at Discord: 25 characters, Discord's limit.
func (s *Store) nonce(id int64) string {
	sum := sha256.Sum256([]byte(s.installID + "/" + strconv.FormatInt(id, 10)))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:25]
}

// LeaseDeliveries leases up to n deliveries that are due, in the order of
// their ids, at most one of a channel and never one with an earlier unsent one
// before it. It counts the attempt. Parked channels wait.
func (s *Store) LeaseDeliveries(ctx context.Context, n int, ttl time.Duration) ([]Delivery, error) {
	if err := s.reap(ctx); err != nil {
		return nil, s.wrap("lease deliveries", err)
	}
	var all []Delivery
	err := s.write(ctx, "lease deliveries", func(ctx context.Context, t *tx) error {
		now := clock()
		rows, err := t.query(ctx, sqlDeliveryLease, now, int64(n), s.owner, now+ttl.Milliseconds(), now)
		all, err = collect(rows, err, s.scanDelivery)
		return err
	}, sqlDeliveryLease)
	slices.SortFunc(all, func(a, b Delivery) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

func (s *Store) scanDelivery(r scanner) (Delivery, error) {
	var d Delivery
	var first, created int64
	err := r.Scan(&d.ID, &d.GuildID, &d.ChannelID, &d.EditionID, &d.Seq, &d.Kind, &d.Attempt, &first, &created, &d.Payload)
	d.FirstAttempt, d.CreatedAt, d.Nonce = moment(first), moment(created), s.nonce(d.ID)
	return d, err
}

// MarkSent records that Discord has accepted a delivery as message messageID.
// It holds whoever has the lease: a message that exists must not be sent again.
func (s *Store) MarkSent(ctx context.Context, id, messageID int64) error {
	return s.write(ctx, "mark delivery sent", func(ctx context.Context, t *tx) error {
		// Channel first, delivery second: the order of ChannelGone.
		if _, err := t.exec(ctx, sqlChannelServed, id); err != nil {
			return err
		}
		n, err := t.exec(ctx, sqlDeliverySent, messageID, clock(), []byte{}, id)
		if err == nil && n == 0 {
			err = t.row(ctx, sqlDeliveryExists, id).Scan(&n)
			if err == nil && n == 0 {
				err = ErrNotFound
			}
		}
		return err
	}, sqlChannelServed, sqlDeliverySent)
}

// RetryDelivery ends a lease without success; the delivery is due again at at.
// Later ones of its channel wait for it. ErrLeaseLost if it is not leased to
// this process any more.
func (s *Store) RetryDelivery(ctx context.Context, id int64, at time.Time, why string) error {
	return s.write(ctx, "retry delivery", func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, sqlDeliveryRetry, millis(at), clean(why), id, s.owner)
		if err == nil && n == 0 {
			return t.leased(ctx, sqlDeliveryExists, id)
		}
		return err
	})
}

// MarkFailed gives a delivery up for good. The next of its channel may go.
func (s *Store) MarkFailed(ctx context.Context, id int64, why string) error {
	return s.write(ctx, "mark delivery failed", func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, sqlDeliveryFail, clean(why), clock(), id, s.owner)
		if err == nil && n == 0 {
			return t.leased(ctx, sqlDeliveryExists, id)
		}
		return err
	})
}

// NextDelivery returns when LeaseDeliveries will next have something, which
// may be in the past; false if nothing waits.
func (s *Store) NextDelivery(ctx context.Context) (time.Time, bool, error) {
	var at int64
	err := s.row(ctx, sqlDeliveryNext).Scan(&at)
	if err != nil || at < 0 {
		return time.Time{}, false, s.wrap("find next delivery", err)
	}
	return time.UnixMilli(at).UTC(), true, nil
}
