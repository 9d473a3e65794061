package memory

import (
	"bytes"
	"maps"
	"slices"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// directoryState is a directory at one moment.
type directoryState struct {
	revision    int64
	regions     map[directory.RegionID]*directory.Region
	tenants     map[presence.TenantID]*directory.Tenant
	users       map[presence.AgentID]*directory.User
	created     map[presence.AgentID]int // numbers the accounts as they were made: the floor's order
	lastCreated int
	memberships map[presence.Key]*directory.Membership
}

func newDirectoryState() *directoryState {
	return &directoryState{
		regions:     map[directory.RegionID]*directory.Region{},
		tenants:     map[presence.TenantID]*directory.Tenant{},
		users:       map[presence.AgentID]*directory.User{},
		created:     map[presence.AgentID]int{},
		memberships: map[presence.Key]*directory.Membership{},
	}
}

// clone returns a state that can be changed by replacing its documents.
func (s *directoryState) clone() *directoryState {
	return &directoryState{
		revision:    s.revision,
		regions:     maps.Clone(s.regions),
		tenants:     maps.Clone(s.tenants),
		users:       maps.Clone(s.users),
		created:     maps.Clone(s.created),
		lastCreated: s.lastCreated,
		memberships: maps.Clone(s.memberships),
	}
}

func (s *directoryState) usersByName() map[string]*directory.User {
	byName := make(map[string]*directory.User, len(s.users))
	for _, user := range s.users {
		byName[directory.FoldUsername(user.Username)] = user
	}
	return byName
}

// relate brings the accounts' view of their memberships up to date.
func (s *directoryState) relate() {
	of := map[presence.AgentID][]directory.UserMembership{}
	for key, membership := range s.memberships {
		of[key.Agent] = append(of[key.Agent], directory.UserMembership{Tenant: key.Tenant, Active: membership.Active})
	}
	for id, user := range s.users {
		memberships := of[id]
		slices.SortFunc(memberships, func(a, b directory.UserMembership) int {
			return bytes.Compare(a.Tenant.UUID[:], b.Tenant.UUID[:])
		})
		if !slices.Equal(memberships, user.Memberships) {
			changed := *user
			changed.Memberships = memberships
			s.users[id] = &changed
		}
	}
}
