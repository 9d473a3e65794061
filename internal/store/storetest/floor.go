package storetest

import (
	"testing"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Floor checks an adapter of [store.Floor].
func Floor(t *testing.T, open Open) {
	holds(t, open, []sentence{
		{"a tenant that nobody knows has an empty floor", emptyFloor},
		{"an agent who never had a session stands on the floor, offline", showsOffline},
		{"an agent is shown with name, groups and session", showsAgent},
		{"a session for silent monitoring is shown as offline", hidesSilent},
		{"only active members of active accounts who may be agents are shown", showsAgentsOnly},
		{"each tenant has its own floor", showsTenantsApart},
		{"pages cover the floor exactly once, in the order of the whole", pagesFloor},
		{"what changes between two pages neither repeats nor skips the others", pagesWhileChanging},
		{"the floor is in the order in which the accounts were made", ordersFloor},
		{"whatever the floor, the query selects what matches it", matchesLikeModel},
	})
}

// wholeFloor is the limit of a query that wants all.
const wholeFloor = 1000

func emptyFloor(t *testing.T, s Store) {
	wantFloor(t, s, presence.TenantID{UUID: presence.UUID{1}}, store.FloorQuery{Limit: wholeFloor})
}

func showsOffline(t *testing.T, s Store) {
	filled(t, s)
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor}, annsRow(presence.Agent{}))
}

func showsAgent(t *testing.T, s Store) {
	filled(t, s)
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins, presence.GoReady{By: byAnn, HasExtension: true})
	row := annsRow(r.Agent(annInNorth))
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor}, row)
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor, Offerable: true, State: presence.Ready, Direction: presence.Inbound, Group: "Sales"}, row)
	r.commit(t, s, annInNorth, nine+1, ends)
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor}, annsRow(r.Agent(annInNorth)))
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor, State: presence.Ready})
}

func hidesSilent(t *testing.T, s Store) {
	filled(t, s)
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, presence.StartSession{By: byAnn, Silent: true}, presence.GoReady{By: byAnn, HasExtension: true})
	row := annsRow(r.Agent(annInNorth).SeenByOthers())
	if row.Agent.Session != nil {
		t.Fatal("others see a silent session")
	}
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor}, row)
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor, State: presence.Offline}, row)
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor, State: presence.Ready})
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor, Offerable: true})
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor, Direction: presence.Inbound})
}

func showsAgentsOnly(t *testing.T, s Store) {
	filled(t, s) // Bob is a router, and Ann is not active in the south
	wantFloor(t, s, southTenant, store.FloorQuery{Limit: wholeFloor})
	changed := fixture()
	changed.User(ann).Active = false
	mustApply(t, s, directory.Diff(load(t, s), changed))
	wantFloor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor})
}

func showsTenantsApart(t *testing.T, s Store) {
	team(t, s, northTenant, 3)
	r := NewRecorder()
	r.commit(t, s, numbered(southTenant, 1), nine, begins) // the same person elsewhere
	for _, row := range floor(t, s, northTenant, store.FloorQuery{Limit: wholeFloor}) {
		if row.Agent.Session != nil {
			t.Errorf("agent %s is live in another tenant only", row.AgentID)
		}
	}
}

// annsRow is Ann's row in the fixture's north.
func annsRow(agent presence.Agent) store.FloorRow {
	return store.FloorRow{AgentID: ann, Name: "Ann Arbor", Groups: []string{"Advice", "Sales"}, Agent: agent}
}

// floor returns the rows of a query that one page holds.
func floor(t testing.TB, s store.Floor, tenant presence.TenantID, query store.FloorQuery) []store.FloorRow {
	t.Helper()
	rows, next, err := s.FloorRows(t.Context(), tenant, query)
	if err != nil {
		t.Fatal(err)
	}
	if next != "" {
		t.Fatalf("there is another page after %d rows", len(rows))
	}
	return rows
}

func wantFloor(t testing.TB, s store.Floor, tenant presence.TenantID, query store.FloorQuery, want ...store.FloorRow) {
	t.Helper()
	wantSame(t, "floor", want, floor(t, s, tenant, query))
}
