package memory

import (
	"context"
	"fmt"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// SetActiveExtension implements [store.DirectoryWriter].
func (d *Directory) SetActiveExtension(_ context.Context, key presence.Key, extension directory.ExtensionID) error {
	return d.change(func(state *directoryState) error {
		membership, err := found(state.memberships, key)
		if err != nil {
			return fmt.Errorf("member %s in tenant %s: %w", key.Agent, key.Tenant, err)
		}
		if !extension.IsZero() && !membership.HasExtension(extension) {
			return fmt.Errorf("extension %s is none of member %s: %w", extension, key.Agent, store.ErrConflict)
		}
		changed := *membership
		changed.ActiveExtension = extension
		state.memberships[key] = &changed
		return nil
	})
}

// SetDefaultTenant implements [store.DirectoryWriter].
func (d *Directory) SetDefaultTenant(_ context.Context, agent presence.AgentID, tenant presence.TenantID) error {
	return d.changeUser(agent, func(user *directory.User) error {
		if !tenant.IsZero() && !user.IsMember(tenant) {
			return fmt.Errorf("user %s is no member of tenant %s: %w", agent, tenant, store.ErrConflict)
		}
		user.DefaultTenant = tenant
		return nil
	})
}

// RaiseTokenGeneration implements [store.DirectoryWriter].
func (d *Directory) RaiseTokenGeneration(_ context.Context, agent presence.AgentID) (int64, error) {
	var raised int64
	err := d.changeUser(agent, func(user *directory.User) error {
		user.TokenGeneration++
		raised = user.TokenGeneration
		return nil
	})
	return raised, err
}

func (d *Directory) changeUser(agent presence.AgentID, change func(user *directory.User) error) error {
	return d.change(func(state *directoryState) error {
		user, err := found(state.users, agent)
		if err != nil {
			return fmt.Errorf("user %s: %w", agent, err)
		}
		changed := *user
		if err := change(&changed); err != nil {
			return err
		}
		state.users[agent] = &changed
		return nil
	})
}

// change replaces the state by what do makes of a copy, or leaves it as it is
// when do fails.
func (d *Directory) change(do func(state *directoryState) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	changed := d.state.clone()
	if err := do(changed); err != nil {
		return err
	}
	d.state = changed
	return nil
}
