package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

var _ store.Floor = (*Store)(nil)

// FloorRows implements [store.Floor]. The rows stand in the order in which the
// accounts were made; the place to go on from is the number of the last one.
func (s *Store) FloorRows(_ context.Context, tenant presence.TenantID, query store.FloorQuery) ([]store.FloorRow, string, error) {
	after := 0
	if query.After != "" {
		var err error
		if after, err = strconv.Atoi(query.After); err != nil {
			return nil, "", fmt.Errorf("place %q on the floor: %w", query.After, store.ErrNotFound)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.Directory.now()
	var rows []store.FloorRow
	last := after
	for _, member := range agentsOf(state, tenant) {
		number := state.created[member.Key.Agent]
		row := s.floorRow(member)
		if number <= after || !query.Matches(row) {
			continue
		}
		if len(rows) == query.Limit {
			return rows, strconv.Itoa(last), nil
		}
		rows, last = append(rows, row), number
	}
	return rows, "", nil
}

func (s *Store) floorRow(member *directory.Member) store.FloorRow {
	return store.FloorRow{
		AgentID: member.Key.Agent,
		Name:    member.Name(),
		Groups:  member.GroupNames(),
		Agent:   s.agents[member.Key].Agent.SeenByOthers(),
	}
}

// agentsOf returns a tenant's active members who may be agents, in the order in
// which their accounts were made.
func agentsOf(state *directoryState, tenant presence.TenantID) []*directory.Member {
	var agents []*directory.Member
	for key, membership := range state.memberships {
		if key.Tenant != tenant {
			continue
		}
		member := directory.NewMember(state.tenants[tenant], state.users[key.Agent], membership)
		if member.Active && member.IsAgent() {
			agents = append(agents, member)
		}
	}
	slices.SortFunc(agents, func(a, b *directory.Member) int {
		return cmp.Compare(state.created[a.Key.Agent], state.created[b.Key.Agent])
	})
	return agents
}
