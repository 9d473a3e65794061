package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// presenceStatements are prepared once: the commit of changes is the hot path,
// and what else is written keeps it waiting.
type presenceStatements struct {
	head, insertRecord, insertRecords, insertAgent, updateAgent, noteHeard *sql.Stmt
	moveProjected, insertInterval, deleteInterval                          *sql.Stmt
}

func (s *presenceStatements) prepare(ctx context.Context, db *sql.DB) error {
	for _, statement := range []struct {
		prepared **sql.Stmt
		text     string
	}{
		{&s.head, `SELECT coalesce(max(seq), 0) FROM records WHERE log_key = ?`},
		{&s.insertRecord, insertRecord},
		{&s.insertRecords, insertRecord + strings.Repeat(", "+recordValues, recordsAtOnce-1)},
		{&s.insertAgent, `INSERT INTO agents (log_key, agent, version, live, state, direction, offerable, seq, receipts)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&s.updateAgent, `UPDATE agents SET version = ?, live = ?, state = ?, direction = ?, offerable = ?, seq = ?, receipts = ?
			WHERE agent_key = ? AND version = ?`},
		{&s.noteHeard, `INSERT INTO leases (agent_key, fence, heard_at) VALUES (?, ?, ?)
			ON CONFLICT (agent_key) DO UPDATE SET fence = excluded.fence, heard_at = excluded.heard_at
			WHERE excluded.fence >= leases.fence`},
		{&s.moveProjected, `UPDATE logs SET projected = ? WHERE tenant = ? AND projected = ?`},
		{&s.insertInterval, `INSERT OR REPLACE INTO intervals (agent_key, from_at, to_at, log_key,
			session, state, reason, reason_id, reason_list_id, direction, cause, unvouched_since)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`},
		{&s.deleteInterval, `DELETE FROM intervals WHERE agent_key = ? AND from_at = ?`},
	} {
		prepared, err := db.PrepareContext(ctx, statement.text)
		if err != nil {
			return err
		}
		*statement.prepared = prepared
	}
	return nil
}

// commit is one transaction of changes being written.
type commit struct {
	db        *DB
	tx        *sql.Tx
	stmts     presenceStatements // those of db, in tx
	heads     map[presence.TenantID]logHead
	newAgents map[presence.Key]int64
	records   []any // the columns of records that are not yet written
}

const (
	recordValues = `(?, ?, ?, ?, ?, ?, ?, ?)`
	insertRecord = `INSERT INTO records (log_key, seq, agent_key, version, at, kind, event_doc, after_doc) VALUES ` + recordValues

	recordColumns = 8
	// recordsAtOnce is how many records one statement writes where there are so
	// many: each statement costs as much as the rows that it writes.
	recordsAtOnce = 16
)

// begin binds the statements to the transaction, once for all its changes.
func (c *commit) begin(ctx context.Context, tx *sql.Tx) {
	c.tx = tx
	c.stmts.head = tx.StmtContext(ctx, c.db.stmts.head)
	c.stmts.insertRecord = tx.StmtContext(ctx, c.db.stmts.insertRecord)
	c.stmts.insertRecords = tx.StmtContext(ctx, c.db.stmts.insertRecords)
	c.stmts.insertAgent = tx.StmtContext(ctx, c.db.stmts.insertAgent)
	c.stmts.updateAgent = tx.StmtContext(ctx, c.db.stmts.updateAgent)
}

type logHead struct {
	key int64
	seq store.Seq
}

// changes writes all the changes, in their order.
func (c *commit) changes(ctx context.Context, changes []store.Change) error {
	done := make(chan struct{})
	defer close(done)
	for e := range encodeAhead(changes, done) {
		if e.err != nil {
			return e.err
		}
		if err := c.change(ctx, e.change, e.docs); err != nil {
			return err
		}
	}
	return c.writeRecords(ctx)
}

// writeRecords writes the records that have gathered.
func (c *commit) writeRecords(ctx context.Context) error {
	const atOnce = recordsAtOnce * recordColumns
	for len(c.records) >= atOnce {
		if _, err := c.stmts.insertRecords.ExecContext(ctx, c.records[:atOnce]...); err != nil {
			return err
		}
		c.records = c.records[atOnce:]
	}
	for ; len(c.records) > 0; c.records = c.records[recordColumns:] {
		if _, err := c.stmts.insertRecord.ExecContext(ctx, c.records[:recordColumns]...); err != nil {
			return err
		}
	}
	return nil
}

func (c *commit) change(ctx context.Context, change store.Change, docs []recordDocs) error {
	head, err := c.head(ctx, change.Key.Tenant)
	if err != nil {
		return err
	}
	agentKey, err := c.agent(ctx, head.key, change)
	if err != nil {
		return err
	}
	for i, record := range change.Records {
		if record.Seq != head.seq+1 {
			return fmt.Errorf("record %d after %d: %w", record.Seq, head.seq, store.ErrStale)
		}
		head.seq = record.Seq
		c.records = append(c.records, head.key, int64(record.Seq), agentKey, int64(record.Event.Version),
			int64(record.Event.At), string(record.Event.Change.Kind()), docs[i].event, docs[i].after)
	}
	c.heads[change.Key.Tenant] = head
	return appendAudit(ctx, c.tx, change.Audit)
}

// head returns a tenant's log as it is inside this transaction, made if need be.
func (c *commit) head(ctx context.Context, tenant presence.TenantID) (logHead, error) {
	if head, ok := c.heads[tenant]; ok {
		return head, nil
	}
	key, err := c.db.keys.logKey(ctx, c.tx, tenant)
	if errors.Is(err, store.ErrNotFound) {
		result, err := c.tx.ExecContext(ctx, `INSERT INTO logs (tenant) VALUES (?)`, tenant.UUID[:])
		if err != nil {
			return logHead{}, err
		}
		key, err = result.LastInsertId()
		return logHead{key: key}, err
	}
	if err != nil {
		return logHead{}, err
	}
	head := logHead{key: key}
	err = c.stmts.head.QueryRowContext(ctx, key).Scan(&head.seq)
	return head, err
}

// agent writes the agent's row and returns its key.
func (c *commit) agent(ctx context.Context, logKey int64, change store.Change) (int64, error) {
	last := change.Records[len(change.Records)-1]
	after := last.After
	seen := after.SeenByOthers()
	direction := ""
	if seen.Session != nil {
		direction = string(seen.Session.Direction)
	}
	receipts := encodeReceipts(change.Receipts)
	if change.Before == 0 {
		result, err := c.stmts.insertAgent.ExecContext(ctx, logKey, change.Key.Agent.UUID[:],
			int64(after.Version), after.Session != nil, string(seen.State()), direction, after.Offerable(), int64(last.Seq), receipts)
		if err := translate(err); errors.Is(err, store.ErrConflict) {
			return 0, fmt.Errorf("agent %s has a row already: %w", change.Key.Agent, store.ErrStale)
		} else if err != nil {
			return 0, err
		}
		key, err := result.LastInsertId()
		c.remember(change.Key, key)
		return key, err
	}
	key, err := c.agentKey(ctx, change.Key)
	if err != nil {
		return 0, err
	}
	result, err := c.stmts.updateAgent.ExecContext(ctx, int64(after.Version), after.Session != nil,
		string(seen.State()), direction, after.Offerable(), int64(last.Seq), receipts, key, int64(change.Before))
	if err != nil {
		return 0, err
	}
	if updated, err := result.RowsAffected(); err != nil {
		return 0, err
	} else if updated == 0 {
		return 0, fmt.Errorf("agent %s is no longer at version %d: %w", change.Key.Agent, change.Before, store.ErrStale)
	}
	return key, nil
}

func (c *commit) agentKey(ctx context.Context, key presence.Key) (int64, error) {
	if agentKey, ok := c.newAgents[key]; ok {
		return agentKey, nil
	}
	agentKey, err := c.db.keys.agentKey(ctx, c.tx, key)
	if errors.Is(err, store.ErrNotFound) {
		return 0, fmt.Errorf("agent %s has no row yet: %w", key.Agent, store.ErrStale)
	}
	if err == nil {
		c.remember(key, agentKey)
	}
	return agentKey, err
}

func (c *commit) remember(key presence.Key, agentKey int64) {
	if c.newAgents == nil {
		c.newAgents = make(map[presence.Key]int64)
	}
	c.newAgents[key] = agentKey
}

// rememberKeys keeps the keys that this commit made durable.
func (c *commit) rememberKeys() {
	for tenant, head := range c.heads {
		c.db.keys.logs.Store(tenant, head.key)
	}
	for key, agentKey := range c.newAgents {
		c.db.keys.agents.Store(key, agentKey)
	}
}
