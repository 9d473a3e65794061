package memory

import (
	"context"
	"fmt"
	"slices"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Apply implements [store.DirectoryWriter].
func (d *Directory) Apply(_ context.Context, revision int64, changes directory.Changes, entries []store.AuditEntry) error {
	return d.change(func(state *directoryState) error {
		if revision != state.revision {
			return fmt.Errorf("revision %d, now %d: %w", revision, state.revision, store.ErrStale)
		}
		for _, change := range changes {
			if err := state.apply(change); err != nil {
				return fmt.Errorf("%s %s %s: %w", change.Action, change.Kind, change.Name, err)
			}
		}
		if len(changes) > 0 {
			state.revision++
			state.relate()
		}
		d.audit.append(entries)
		return nil
	})
}

func (s *directoryState) apply(change directory.Change) error {
	switch document := change.Document.(type) {
	case *directory.Region:
		return s.changeRegion(change.Action, document)
	case *directory.Tenant:
		return s.changeTenant(change.Action, document)
	case *directory.Role:
		return changePart(s, change, document, rolesOf)
	case *directory.Group:
		return changePart(s, change, document, groupsOf)
	case *directory.ReasonList:
		return changePart(s, change, document, listsOf)
	case *directory.User:
		return s.changeUser(change, document)
	case *directory.Membership:
		return s.changeMembership(change, document)
	}
	return fmt.Errorf("a document of type %T cannot be stored", change.Document)
}

func (s *directoryState) changeRegion(action directory.Action, region *directory.Region) error {
	if s.regions[region.ID] == nil && action != directory.Create {
		return store.ErrNotFound
	}
	for _, other := range s.regions {
		if action != directory.Delete && other.ID != region.ID && other.Key == region.Key {
			return fmt.Errorf("the key is taken: %w", store.ErrConflict)
		}
	}
	for _, tenant := range s.tenants {
		if action == directory.Delete && tenant.Region == region.ID {
			return fmt.Errorf("tenant %s is in the region: %w", tenant.Key, store.ErrConflict)
		}
	}
	return replace(s.regions, action, region.ID, region)
}

func (s *directoryState) changeTenant(action directory.Action, tenant *directory.Tenant) error {
	if s.tenants[tenant.ID] == nil && action != directory.Create {
		return store.ErrNotFound
	}
	for key := range s.memberships {
		if action == directory.Delete && key.Tenant == tenant.ID {
			return fmt.Errorf("the tenant has members: %w", store.ErrConflict)
		}
	}
	if action == directory.Delete {
		s.forgetDefaultTenant(tenant.ID)
	}
	changed := *tenant
	changed.Roles, changed.Groups, changed.ReasonLists = nil, nil, []directory.ReasonList{directory.SystemList()}
	if stored, ok := s.tenants[tenant.ID]; ok {
		changed.Roles, changed.Groups, changed.ReasonLists = stored.Roles, stored.Groups, stored.ReasonLists
	}
	for _, other := range s.tenants {
		if action != directory.Delete && other.ID != tenant.ID && other.Key == tenant.Key {
			return fmt.Errorf("the key is taken: %w", store.ErrConflict)
		}
	}
	if _, ok := s.regions[tenant.Region]; !ok && action != directory.Delete {
		return fmt.Errorf("there is no region %s: %w", tenant.Region, store.ErrConflict)
	}
	return replace(s.tenants, action, tenant.ID, &changed)
}

func (s *directoryState) changeUser(change directory.Change, user *directory.User) error {
	if s.users[user.ID] == nil && change.Action != directory.Create {
		return store.ErrNotFound
	}
	if change.Action == directory.Delete {
		for key := range s.memberships {
			if key.Agent == user.ID {
				return fmt.Errorf("the user is a member of a tenant: %w", store.ErrConflict)
			}
		}
		return replace(s.users, change.Action, user.ID, user)
	}
	if other, taken := s.usersByName()[directory.FoldUsername(user.Username)]; taken && other.ID != user.ID {
		return fmt.Errorf("the user name is taken: %w", store.ErrConflict)
	}
	if stored, ok := s.users[user.ID]; ok && change.Action == directory.Update {
		user = stored.Updated(user, change.Fields)
	}
	if _, ok := s.tenants[user.DefaultTenant]; !ok && !user.DefaultTenant.IsZero() {
		return fmt.Errorf("there is no tenant %s: %w", user.DefaultTenant, store.ErrConflict)
	}
	if change.Action == directory.Create {
		s.lastCreated++
		s.created[user.ID] = s.lastCreated
	}
	return replace(s.users, change.Action, user.ID, user)
}

func (s *directoryState) changeMembership(change directory.Change, membership *directory.Membership) error {
	key := membership.Key()
	if s.memberships[key] == nil && change.Action != directory.Create {
		return store.ErrNotFound
	}
	user, tenant := s.users[key.Agent], s.tenants[key.Tenant]
	if user == nil || tenant == nil {
		return fmt.Errorf("there is no such user or tenant: %w", store.ErrConflict)
	}
	if change.Action == directory.Delete {
		if user.DefaultTenant == key.Tenant {
			s.users[key.Agent] = withoutDefaultTenant(user)
		}
		return replace(s.memberships, change.Action, key, membership)
	}
	if !membership.RefersWithin(tenant) {
		return fmt.Errorf("a role, group or reason list is not the tenant's: %w", store.ErrConflict)
	}
	if stored, ok := s.memberships[key]; ok && change.Action == directory.Update {
		membership = stored.Updated(membership, change.Fields)
	}
	if !membership.ActiveExtension.IsZero() && !membership.HasExtension(membership.ActiveExtension) {
		return fmt.Errorf("the active extension is none of the member's: %w", store.ErrConflict)
	}
	return replace(s.memberships, change.Action, key, membership)
}

func (s *directoryState) forgetDefaultTenant(tenant presence.TenantID) {
	for id, user := range s.users {
		if user.DefaultTenant == tenant {
			s.users[id] = withoutDefaultTenant(user)
		}
	}
}

func withoutDefaultTenant(user *directory.User) *directory.User {
	changed := *user
	changed.DefaultTenant = presence.TenantID{}
	return &changed
}

// replace does the action to one entry, which is there unless it is created.
func replace[K comparable, V any](all map[K]*V, action directory.Action, key K, document *V) error {
	_, exists := all[key]
	switch {
	case action == directory.Create && exists:
		return fmt.Errorf("the id is taken: %w", store.ErrConflict)
	case action == directory.Delete:
		delete(all, key)
	default:
		all[key] = document
	}
	return nil
}

// partOf says how one kind of a tenant's parts is kept.
type partOf[T any] struct {
	in     func(*directory.Tenant) *[]T
	same   func(a, b *T) bool // have the same id
	clash  func(a, b *T) bool // have the same key
	usedBy func(*directory.Membership, *T) bool
}

var (
	rolesOf = partOf[directory.Role]{
		in:     func(t *directory.Tenant) *[]directory.Role { return &t.Roles },
		same:   func(a, b *directory.Role) bool { return a.ID == b.ID },
		clash:  func(a, b *directory.Role) bool { return a.Key == b.Key },
		usedBy: func(m *directory.Membership, r *directory.Role) bool { return slices.Contains(m.Roles, r.ID) },
	}
	groupsOf = partOf[directory.Group]{
		in:     func(t *directory.Tenant) *[]directory.Group { return &t.Groups },
		same:   func(a, b *directory.Group) bool { return a.ID == b.ID },
		clash:  func(a, b *directory.Group) bool { return a.Key == b.Key },
		usedBy: func(m *directory.Membership, g *directory.Group) bool { return slices.Contains(m.Groups, g.ID) },
	}
	listsOf = partOf[directory.ReasonList]{
		in:    func(t *directory.Tenant) *[]directory.ReasonList { return &t.ReasonLists },
		same:  func(a, b *directory.ReasonList) bool { return a.ID == b.ID },
		clash: func(a, b *directory.ReasonList) bool { return a.Key == b.Key },
		usedBy: func(m *directory.Membership, l *directory.ReasonList) bool {
			return slices.Contains(m.ReasonLists, l.ID)
		},
	}
)

func changePart[T any](s *directoryState, change directory.Change, document *T, kept partOf[T]) error {
	tenant, ok := s.tenants[change.Tenant]
	if !ok && change.Action == directory.Create {
		return fmt.Errorf("there is no tenant %s: %w", change.Tenant, store.ErrConflict)
	} else if !ok {
		return store.ErrNotFound
	}
	if change.Action == directory.Create && s.idTaken(func(t *directory.Tenant) bool {
		return slices.ContainsFunc(*kept.in(t), func(other T) bool { return kept.same(&other, document) })
	}) {
		return fmt.Errorf("the id is taken: %w", store.ErrConflict)
	}
	changed := *tenant
	parts := slices.DeleteFunc(slices.Clone(*kept.in(tenant)), func(other T) bool { return kept.same(&other, document) })
	if change.Action != directory.Create && len(parts) == len(*kept.in(tenant)) {
		return store.ErrNotFound
	}
	if change.Action == directory.Delete {
		for key, membership := range s.memberships {
			if key.Tenant == change.Tenant && kept.usedBy(membership, document) {
				return fmt.Errorf("member %s refers to it: %w", key.Agent, store.ErrConflict)
			}
		}
	} else {
		if slices.ContainsFunc(parts, func(other T) bool { return kept.clash(&other, document) }) {
			return fmt.Errorf("the key is taken: %w", store.ErrConflict)
		}
		parts = append(parts, *document)
	}
	*kept.in(&changed) = parts
	changed.Arrange()
	s.tenants[tenant.ID] = &changed
	return nil
}

func (s *directoryState) idTaken(in func(*directory.Tenant) bool) bool {
	for _, tenant := range s.tenants {
		if in(tenant) {
			return true
		}
	}
	return false
}
