package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// openEnd is stored as the end of an interval that has not ended.
const openEnd = math.MaxInt64

// Projected implements [store.Intervals].
func (db *DB) Projected(ctx context.Context, tenant presence.TenantID) (store.Seq, error) {
	var projected store.Seq
	err := db.read.QueryRowContext(ctx, `SELECT projected FROM logs WHERE tenant = ?`, tenant.UUID[:]).Scan(&projected)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil // nothing was ever logged
	}
	return projected, translate(err)
}

// Project implements [store.Intervals].
func (db *DB) Project(ctx context.Context, p store.Projection) error {
	return db.inUnsyncedTransaction(ctx, func(tx *sql.Tx) error {
		moved, err := tx.StmtContext(ctx, db.stmts.moveProjected).ExecContext(ctx, int64(p.UpTo), p.Tenant.UUID[:], int64(p.After))
		if err != nil {
			return err
		}
		if rows, err := moved.RowsAffected(); err != nil {
			return err
		} else if rows == 0 {
			return fmt.Errorf("intervals do not reach up to record %d: %w", p.After, store.ErrStale)
		}
		if err := db.dropIntervals(ctx, tx, p.Dropped); err != nil {
			return err
		}
		if err := db.writeIntervals(ctx, tx, p.Closed); err != nil {
			return err
		}
		return db.writeIntervals(ctx, tx, p.Opened)
	})
}

func (db *DB) dropIntervals(ctx context.Context, tx *sql.Tx, dropped []store.Interval) error {
	remove := tx.StmtContext(ctx, db.stmts.deleteInterval)
	for _, interval := range dropped {
		agentKey, err := db.keys.agentKey(ctx, tx, interval.Key)
		if err != nil {
			return err
		}
		if _, err := remove.ExecContext(ctx, agentKey, int64(interval.From)); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) writeIntervals(ctx context.Context, tx *sql.Tx, intervals []store.Interval) error {
	insert := tx.StmtContext(ctx, db.stmts.insertInterval)
	for _, i := range intervals {
		agentKey, err := db.keys.agentKey(ctx, tx, i.Key)
		if err != nil {
			return err
		}
		logKey, err := db.keys.logKey(ctx, tx, i.Key.Tenant)
		if err != nil {
			return err
		}
		to := int64(openEnd)
		if i.To != 0 {
			to = int64(i.To)
		}
		_, err = insert.ExecContext(ctx, agentKey, int64(i.From), to, logKey,
			i.Session.UUID[:], string(i.State), i.Reason.Name, idOrNull(i.Reason.ID.UUID), idOrNull(i.Reason.List.UUID),
			string(i.Direction), string(i.Cause), int64(i.UnvouchedSince))
		if err != nil {
			return err
		}
	}
	return nil
}

// idOrNull stores "none" as NULL.
func idOrNull(id presence.UUID) any {
	if id.IsZero() {
		return nil
	}
	return id[:]
}

const selectInterval = `
	SELECT agent, from_at, to_at, session, intervals.state, reason, reason_id, reason_list_id,
		intervals.direction, cause, unvouched_since
	FROM intervals JOIN agents USING (agent_key)`

// OpenIntervals implements [store.Intervals].
func (db *DB) OpenIntervals(ctx context.Context, tenant presence.TenantID) ([]store.Interval, error) {
	var open []store.Interval
	err := db.intervals(ctx, tenant, collect(&open), selectInterval+`
		WHERE intervals.log_key = (SELECT log_key FROM logs WHERE tenant = ?) AND to_at = ?`,
		tenant.UUID[:], int64(openEnd))
	return open, err
}

// IntervalsOfAgent implements [store.Intervals]. Since an agent's intervals do
// not overlap, those that matter begin with the last one that began before the
// time: however long the history, only they are read.
func (db *DB) IntervalsOfAgent(ctx context.Context, key presence.Key, from, to presence.Instant) ([]store.Interval, error) {
	agentKey, err := db.keys.agentKey(ctx, db.read, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found []store.Interval
	err = db.intervals(ctx, key.Tenant, collect(&found), selectInterval+`
		WHERE intervals.agent_key = ?1 AND to_at > ?2 AND from_at < ?3 AND from_at >=
			coalesce((SELECT max(from_at) FROM intervals WHERE agent_key = ?1 AND from_at <= ?2), ?2)
		ORDER BY from_at`, agentKey, int64(from), int64(to))
	return found, err
}

// IntervalsOfTenant implements [store.Intervals]. Those that ended within the
// time are found by their end; of those that went on after it, each agent has
// one at most: the last that began before the time's end.
func (db *DB) IntervalsOfTenant(ctx context.Context, tenant presence.TenantID, from, to presence.Instant, yield func(store.Interval) bool) error {
	logKey, err := db.keys.logKey(ctx, db.read, tenant)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return db.intervals(ctx, tenant, yield, selectInterval+`
		WHERE intervals.log_key = ?1 AND to_at > ?2 AND to_at <= ?3 AND from_at < ?3
		UNION ALL`+selectInterval+`
		WHERE agents.log_key = ?1 AND to_at > ?3 AND from_at =
			(SELECT max(from_at) FROM intervals AS latest WHERE latest.agent_key = agents.agent_key AND latest.from_at < ?3)`,
		logKey, int64(from), int64(to))
}

func collect(into *[]store.Interval) func(store.Interval) bool {
	return func(i store.Interval) bool {
		*into = append(*into, i)
		return true
	}
}

// intervals gives the rows of a query to yield until it answers false.
func (db *DB) intervals(ctx context.Context, tenant presence.TenantID, yield func(store.Interval) bool, query string, args ...any) error {
	rows, err := db.read.QueryContext(ctx, query, args...)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		interval, err := scanInterval(rows)
		if err != nil {
			return err
		}
		interval.Key.Tenant = tenant
		if !yield(interval) {
			return nil
		}
	}
	return translate(rows.Err())
}

func scanInterval(row interface{ Scan(...any) error }) (store.Interval, error) {
	var (
		i                               store.Interval
		agent, session, reason, listing []byte
	)
	err := row.Scan(&agent, &i.From, &i.To, &session, &i.State, &i.Reason.Name, &reason, &listing,
		&i.Direction, &i.Cause, &i.UnvouchedSince)
	if err != nil {
		return store.Interval{}, translate(err)
	}
	if i.To == openEnd {
		i.To = 0
	}
	i.Key.Agent.UUID = presence.UUID(agent)
	i.Session.UUID = presence.UUID(session)
	if reason != nil {
		i.Reason.ID.UUID = presence.UUID(reason)
	}
	if listing != nil {
		i.Reason.List.UUID = presence.UUID(listing)
	}
	return i, nil
}
