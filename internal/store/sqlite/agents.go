package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

const selectAgent = `
	SELECT tenant, agent, after_doc, receipts, coalesce(heard_at, 0)
	FROM agents JOIN logs USING (log_key) JOIN records USING (log_key, seq) LEFT JOIN leases ON leases.agent_key = agents.agent_key`

// Live implements [store.Agents].
func (db *DB) Live(ctx context.Context) ([]store.Stored, error) {
	rows, err := db.read.QueryContext(ctx, selectAgent+` WHERE live = 1`)
	if err != nil {
		return nil, translate(err)
	}
	defer rows.Close()
	var live []store.Stored
	for rows.Next() {
		stored, err := scanAgent(rows)
		if err != nil {
			return nil, err
		}
		live = append(live, stored)
	}
	return live, translate(rows.Err())
}

// Agent implements [store.Agents].
func (db *DB) Agent(ctx context.Context, key presence.Key) (store.Stored, error) {
	row := db.read.QueryRowContext(ctx, selectAgent+` WHERE tenant = ? AND agent = ?`, key.Tenant.UUID[:], key.Agent.UUID[:])
	stored, err := scanAgent(row)
	if errors.Is(err, store.ErrNotFound) {
		return store.Stored{Key: key}, nil
	}
	return stored, err
}

func scanAgent(row interface{ Scan(...any) error }) (store.Stored, error) {
	var (
		stored        store.Stored
		tenant, agent []byte
		doc           []byte
		receipts      []byte
	)
	if err := row.Scan(&tenant, &agent, &doc, &receipts, &stored.HeardAt); err != nil {
		return store.Stored{}, translate(err)
	}
	stored.Key.Tenant.UUID = presence.UUID(tenant)
	stored.Key.Agent.UUID = presence.UUID(agent)
	if err := json.Unmarshal(doc, &stored.Agent); err != nil {
		return store.Stored{}, fmt.Errorf("read agent %s: %w", stored.Key.Agent, err)
	}
	var err error
	if stored.Receipts, err = decodeReceipts(receipts); err != nil {
		return store.Stored{}, fmt.Errorf("read agent %s: %w", stored.Key.Agent, err)
	}
	return stored, nil
}

// Commit implements [store.Agents].
func (db *DB) Commit(ctx context.Context, changes []store.Change) error {
	commit := commit{db: db, heads: make(map[presence.TenantID]logHead)}
	err := db.inTransaction(ctx, func(tx *sql.Tx) error {
		commit.begin(ctx, tx)
		return commit.changes(ctx, changes)
	})
	if err == nil {
		commit.rememberKeys()
	}
	return err
}

// NoteHeard implements [store.Agents].
func (db *DB) NoteHeard(ctx context.Context, notes []store.Heard) error {
	return db.inUnsyncedTransaction(ctx, func(tx *sql.Tx) error {
		upsert := tx.StmtContext(ctx, db.stmts.noteHeard)
		for _, note := range notes {
			agentKey, err := db.keys.agentKey(ctx, tx, note.Key)
			if errors.Is(err, store.ErrNotFound) {
				continue // never had a session, so nobody can have heard it
			}
			if err != nil {
				return err
			}
			if _, err := upsert.ExecContext(ctx, agentKey, int64(note.Fence), int64(note.At)); err != nil {
				return err
			}
		}
		return nil
	})
}
