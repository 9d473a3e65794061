package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// RevokeUnentitled ends the live sessions of users who may no longer hold one:
// whose account or membership is gone or switched off. It is called after the
// directory has changed. Sessions that are starting meanwhile do not escape:
// those decided on the old directory are waited for, later ones are decided on
// the new one.
func (e *Engine) RevokeUnentitled(ctx context.Context) error {
	for _, w := range e.workers {
		c := &call{barrier: true, done: make(chan struct{})}
		if _, err := e.await(ctx, w, c); err != nil {
			return fmt.Errorf("wait for sessions that are starting: %w", err)
		}
	}
	var revoked []presence.Key
	var failed error
	e.residents.Range(func(key, _ any) bool {
		entitled, err := e.entitled(ctx, key.(presence.Key))
		if err != nil {
			failed = err
			return false
		}
		if !entitled {
			revoked = append(revoked, key.(presence.Key))
		}
		return true
	})
	if failed != nil {
		return fmt.Errorf("look for sessions to revoke: %w", failed)
	}
	for _, key := range revoked {
		if _, err := e.Do(ctx, Request{Key: key, Command: presence.Revoke{By: presence.System()}}); err != nil {
			return fmt.Errorf("revoke the session of %s: %w", key.Agent, err)
		}
	}
	return nil
}

// entitled reports whether the user may hold a session in the tenant.
func (e *Engine) entitled(ctx context.Context, key presence.Key) (bool, error) {
	member, err := e.directory.Member(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil || !member.Active {
		return false, err
	}
	tenant, err := e.directory.Tenant(ctx, key.Tenant)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && tenant.Active, err
}
