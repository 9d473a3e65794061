package simtest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store/memory"
)

var tenant = presence.TenantID{UUID: presence.UUID{0: 0xde, 6: 0x40, 8: 0x80}}

// keyOf is the key of the agent with that number.
func keyOf(n int) presence.Key {
	id := presence.UUID{0: 0xa9, 6: 0x40, 8: 0x80}
	binary.BigEndian.PutUint32(id[12:], uint32(n))
	return presence.Key{Tenant: tenant, Agent: presence.AgentID{UUID: id}}
}

// node is a server without edges, on a store that outlives it.
type node struct {
	t      *testing.T
	store  *memory.Store
	engine *engine.Engine
	stop   func()
}

// newNode starts a node with one tenant of so many agents.
func newNode(t *testing.T, agents int) *node {
	t.Helper()
	n := &node{t: t, store: memory.New()}
	if err := n.store.Apply(t.Context(), 0, floor(agents), nil); err != nil {
		t.Fatal(err)
	}
	n.start()
	t.Cleanup(func() { n.stop() })
	return n
}

// floor is the directory of a tenant with so many agents.
func floor(agents int) directory.Changes {
	region := &directory.Region{ID: directory.RegionID{UUID: presence.UUID{15: 1}}, Key: "local", Name: "Local"}
	role := &directory.Role{
		ID: directory.RoleID{UUID: presence.UUID{15: 1}}, Key: "agent", Name: "Agent",
		Permissions: directory.NewPermissions([]api.Permission{api.PermissionArtifactsCreateAll}),
	}
	changes := directory.Changes{
		{Action: directory.Create, Kind: directory.KindRegion, Document: region},
		{Action: directory.Create, Kind: directory.KindTenant, Document: &directory.Tenant{
			ID: tenant, Key: "demo", Name: "Demo", Active: true, Timezone: "Etc/UTC", Region: region.ID, Settings: directory.DefaultSettings(),
		}},
		{Action: directory.Create, Kind: directory.KindRole, Tenant: tenant, Document: role},
	}
	for i := range agents {
		key := keyOf(i)
		changes = append(changes,
			directory.Change{Action: directory.Create, Kind: directory.KindUser, Document: &directory.User{
				ID: key.Agent, Username: fmt.Sprintf("agent%d@demo.example", i), Active: true,
			}},
			directory.Change{Action: directory.Create, Kind: directory.KindMembership, Document: &directory.Membership{
				Tenant: tenant, Agent: key.Agent, Active: true, Roles: []directory.RoleID{role.ID},
			}},
		)
	}
	return changes
}

func (n *node) start() {
	n.t.Helper()
	n.engine = engine.New(engine.Options{Storage: n.store, Directory: n.store, Bus: new(local.Bus)})
	if err := n.engine.Start(n.t.Context()); err != nil {
		n.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.engine.Run(ctx) }()
	n.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			n.t.Error(err)
		}
		n.stop = func() {}
	}
}

// do carries out a command and returns the agent after it. Refusals are answers
// like others; anything else that goes wrong fails the test.
func (n *node) do(key presence.Key, command presence.Command) (presence.Agent, presence.RefusalCode) {
	n.t.Helper()
	answer, err := n.engine.Do(n.t.Context(), engine.Request{Key: key, Command: command})
	var refusal *presence.Refusal
	if errors.As(err, &refusal) {
		return presence.Agent{}, refusal.Code
	}
	if err != nil {
		n.t.Fatalf("%s: %v", command.Name(), err)
	}
	return answer.Agent, ""
}
