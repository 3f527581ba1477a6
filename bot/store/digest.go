package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
)

const digestColumns = `id, guild_id, channel_id, name, schedule, timezone, locale, options, next_run, last_sent, edition, paused, declared, created_by, created_at`

const (
	sqlDigestAdd = `INSERT INTO digest (guild_id, channel_id, name, name_key, schedule, timezone, locale, options, next_run, paused, declared, created_by, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (guild_id, name_key) DO NOTHING RETURNING ` + digestColumns
	sqlDigestUpdate = `UPDATE digest SET channel_id = $1, name = $2, name_key = $3, schedule = $4, timezone = $5, locale = $6, options = $7,
		next_run = $8, paused = $9, declared = $10 WHERE id = $11`
	sqlDigestTaken  = `SELECT COUNT(*) FROM digest WHERE guild_id = (SELECT d.guild_id FROM digest d WHERE d.id = $1) AND name_key = $2 AND id <> $1`
	sqlDigestDelete = `DELETE FROM digest WHERE id = $1`
	sqlDigest       = `SELECT ` + digestColumns + ` FROM digest WHERE id = $1`
	sqlDigestsIn    = `SELECT COUNT(*) FROM digest WHERE channel_id = $1`
	sqlDigestExists = `SELECT COUNT(*) FROM digest WHERE id = $1`
	sqlDigests      = `SELECT ` + digestColumns + ` FROM digest WHERE (CAST($1 AS BIGINT) = 0 OR guild_id = $1)
		AND (CAST($2 AS BIGINT) = 0 OR channel_id = $2) AND (CAST($3 AS TEXT) = '' OR name_key = $3) ORDER BY id`

	sqlDigestsDue = `WITH due AS MATERIALIZED (
		SELECT d.id FROM digest d LEFT JOIN channel c ON c.id = d.channel_id LEFT JOIN guild g ON g.id = d.guild_id
		WHERE d.paused = 0 AND d.next_run > 0 AND d.next_run <= $1 AND d.lease_until <= $1
		AND COALESCE(c.gone, 0) = 0 AND COALESCE(c.parked, 0) = 0 AND COALESCE(g.gone, 0) = 0
		ORDER BY d.next_run LIMIT $2 {skip d})
		UPDATE digest SET lease_owner = $3, lease_until = $4 WHERE id IN (SELECT due.id FROM due) RETURNING ` + digestColumns
	sqlDigestLease = `UPDATE digest SET lease_owner = $1, lease_until = $2
		WHERE id = $3 AND lease_until <= $4 RETURNING ` + digestColumns
	sqlDigestRelease = `UPDATE digest SET lease_until = 0 WHERE id = $1 AND lease_owner = $2`
)

// nameKey makes names equal that differ in letter case or spaces only.
func nameKey(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(clean(name)), " "))
}

func scanDigest(r scanner) (Digest, error) {
	var d Digest
	var next, last, paused, declared, created int64
	err := r.Scan(&d.ID, &d.GuildID, &d.ChannelID, &d.Name, &d.Schedule, &d.Timezone, &d.Locale, &d.Options,
		&next, &last, &d.Edition, &paused, &declared, &d.CreatedBy, &created)
	d.NextRun, d.LastSent, d.CreatedAt = moment(next), moment(last), moment(created)
	d.Paused, d.Declared = paused != 0, declared != 0
	return d, err
}

// CreateDigest stores a new digest and returns it with its id. ErrExists if
// the guild has one of that name. A zero NextRun is never due.
func (s *Store) CreateDigest(ctx context.Context, dg Digest) (Digest, error) {
	var out Digest
	err := s.write(ctx, "create digest", func(ctx context.Context, t *tx) error {
		err := t.knowChannel(ctx, dg.ChannelID, dg.GuildID)
		if err == nil {
			out, err = t.addDigest(ctx, dg)
		}
		return err
	})
	return out, err
}

// CreateFirstDigest is CreateDigest for a channel that has none. Where it has
// one nothing is stored and created is false.
func (s *Store) CreateFirstDigest(ctx context.Context, dg Digest) (out Digest, created bool, err error) {
	err = s.write(ctx, "create digest", func(ctx context.Context, t *tx) error {
		out, created = Digest{}, false
		// It locks the channel's row: of two that come at once the second sees
		// the first one's digest.
		if err := t.knowChannel(ctx, dg.ChannelID, dg.GuildID); err != nil {
			return err
		}
		var there int64
		if err := t.row(ctx, sqlDigestsIn, dg.ChannelID).Scan(&there); err != nil || there > 0 {
			return err
		}
		var err error
		out, err = t.addDigest(ctx, dg)
		created = err == nil
		return err
	})
	return out, created && err == nil, err
}

func (t *tx) addDigest(ctx context.Context, dg Digest) (Digest, error) {
	out, err := scanDigest(t.row(ctx, sqlDigestAdd, dg.GuildID, dg.ChannelID, clean(dg.Name), nameKey(dg.Name), clean(dg.Schedule), clean(dg.Timezone),
		clean(dg.Locale), clean(dg.Options), millis(dg.NextRun), number(dg.Paused), number(dg.Declared), dg.CreatedBy, clock()))
	if errors.Is(err, sql.ErrNoRows) {
		return out, ErrExists
	}
	return out, err
}

// UpdateDigest stores the settings and the next run of the digest with dg.ID.
// What the past made of it (LastSent, Edition) and its guild stay. ErrExists
// if another digest of the guild has the name.
func (s *Store) UpdateDigest(ctx context.Context, dg Digest) error {
	return s.write(ctx, "update digest", func(ctx context.Context, t *tx) error { return t.updateDigest(ctx, dg) })
}

func (t *tx) updateDigest(ctx context.Context, dg Digest) error {
	var taken int64
	if err := t.row(ctx, sqlDigestTaken, dg.ID, nameKey(dg.Name)).Scan(&taken); err != nil {
		return err
	}
	if taken > 0 {
		return ErrExists
	}
	if err := t.knowChannel(ctx, dg.ChannelID, dg.GuildID); err != nil {
		return err
	}
	// A name that another transaction has taken since breaks the unique index,
	// which means ErrExists too.
	return t.changed(t.exec(ctx, sqlDigestUpdate, dg.ChannelID, clean(dg.Name), nameKey(dg.Name), clean(dg.Schedule), clean(dg.Timezone), clean(dg.Locale),
		clean(dg.Options), millis(dg.NextRun), number(dg.Paused), number(dg.Declared), dg.ID))
}

// DeleteDigest removes a digest. What it has queued is still delivered.
func (s *Store) DeleteDigest(ctx context.Context, id int64) error {
	return s.write(ctx, "delete digest", func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, sqlDigestDelete, id)
		if err == nil && n == 0 {
			return ErrNotFound
		}
		return err
	})
}

// Digest returns a digest or ErrNotFound.
func (s *Store) Digest(ctx context.Context, id int64) (Digest, error) {
	d, err := scanDigest(s.row(ctx, sqlDigest, id))
	return d, s.wrap("read digest", err)
}

// Digests lists digests in the order in which they were made. A Name matches
// whatever its letter case.
func (s *Store) Digests(ctx context.Context, f DigestFilter) ([]Digest, error) {
	rows, err := s.query(ctx, sqlDigests, f.GuildID, f.ChannelID, nameKey(f.Name))
	all, err := collect(rows, err, scanDigest)
	return all, s.wrap("list digests", err)
}

// LeaseDueDigests leases up to n digests whose run is due, the longest due
// first, to this process for ttl. Digests of parked or vanished channels wait.
func (s *Store) LeaseDueDigests(ctx context.Context, n int, ttl time.Duration) ([]Digest, error) {
	if err := s.reap(ctx); err != nil {
		return nil, s.wrap("lease digests", err)
	}
	if due, err := s.due(ctx, sqlAnyDigestDue); err != nil || !due {
		return nil, s.wrap("lease digests", err)
	}
	var all []Digest
	err := s.write(ctx, "lease digests", func(ctx context.Context, t *tx) error {
		rows, err := t.query(ctx, sqlDigestsDue, clock(), int64(n), s.owner, until(ttl))
		all, err = collect(rows, err, scanDigest)
		return err
	})
	slices.SortFunc(all, func(a, b Digest) int {
		return cmp.Or(a.NextRun.Compare(b.NextRun), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// LeaseDigest leases one digest, due or not; ErrLeaseLost if it is being
// printed already, by whatever process.
func (s *Store) LeaseDigest(ctx context.Context, id int64, ttl time.Duration) (Digest, error) {
	if err := s.reap(ctx); err != nil {
		return Digest{}, s.wrap("lease digest", err)
	}
	var d Digest
	err := s.write(ctx, "lease digest", func(ctx context.Context, t *tx) error {
		var err error
		d, err = scanDigest(t.row(ctx, sqlDigestLease, s.owner, until(ttl), id, clock()))
		if errors.Is(err, sql.ErrNoRows) {
			return t.leased(ctx, sqlDigestExists, id)
		}
		return err
	})
	return d, err
}

// ReleaseDigest ends a lease without printing. The next run stays as it is, or
// as an admin has set it meanwhile.
func (s *Store) ReleaseDigest(ctx context.Context, id int64) error {
	return s.write(ctx, "release digest", func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, sqlDigestRelease, id, s.owner)
		if err == nil && n == 0 {
			return t.leased(ctx, sqlDigestExists, id)
		}
		return err
	})
}
