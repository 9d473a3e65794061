package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// revocationLimit bounds how long sessions are being revoked, whoever waits.
const revocationLimit = 30 * time.Second

// RevokeUnentitled ends the live sessions of users who may no longer hold them:
// whose account or membership is gone or switched off, or whose roles no longer
// give the right to such a session. It is called after the directory has changed.
// Sessions that are starting meanwhile do not escape: those decided on the old
// directory are waited for, later ones are decided on the new one.
//
// A caller who leaves does not stop it: half of a revocation would look like one.
// What cannot be revoked does not keep the others; the first error is returned.
func (e *Engine) RevokeUnentitled(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), revocationLimit)
	defer cancel()
	for _, w := range e.workers {
		c := &call{barrier: true, done: make(chan struct{})}
		if _, err := e.await(ctx, w, c); err != nil {
			return fmt.Errorf("wait for sessions that are starting: %w", err)
		}
	}
	unentitled, err := e.unentitled(ctx)
	if err != nil {
		return fmt.Errorf("look for sessions to revoke: %w", err)
	}
	var failed error
	for keys := range slices.Chunk(unentitled, batchLimit) {
		if err := e.revokeAll(ctx, keys); err != nil && failed == nil {
			failed = err
		}
	}
	return failed
}

// unentitled returns those whose live session is no longer theirs to hold.
func (e *Engine) unentitled(ctx context.Context) ([]presence.Key, error) {
	var found []presence.Key
	var failed error
	e.residents.Range(func(_, value any) bool {
		r := value.(*resident)
		session := r.committed.Load().Session
		if session == nil { // has just ended
			return true
		}
		entitled, err := e.entitled(ctx, r.key, session.Silent)
		if err != nil {
			failed = err
			return false
		}
		if !entitled {
			found = append(found, r.key)
		}
		return true
	})
	return found, failed
}

// revokeAll ends sessions. All are queued before the first is waited for, so
// that they share commits.
func (e *Engine) revokeAll(ctx context.Context, keys []presence.Key) error {
	var queued []*call
	var failed error
	for _, key := range keys {
		c := newCall(Request{Key: key, Command: presence.Revoke{By: presence.System()}})
		if err := e.enqueue(ctx, e.workerOf(key.Tenant), c); err != nil {
			failed = fmt.Errorf("revoke the session of %s: %w", key.Agent, err)
			break // stopped, or out of time
		}
		queued = append(queued, c)
	}
	for _, c := range queued {
		if _, err := e.outcome(ctx, c); err != nil && failed == nil {
			failed = fmt.Errorf("revoke the session of %s: %w", c.Key.Agent, err)
		}
	}
	return failed
}

// entitled reports whether the user may hold a session in the tenant: as an
// agent, or one for silent monitoring.
func (e *Engine) entitled(ctx context.Context, key presence.Key, silent bool) (bool, error) {
	member, err := e.directory.Member(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil || !member.Active {
		return false, err
	}
	if silent && !member.MayMonitorSilently() || !silent && !member.IsAgent() {
		return false, nil
	}
	tenant, err := e.directory.Tenant(ctx, key.Tenant)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && tenant.Active, err
}
