package httpapi

import "github.com/muster-presence/muster/internal/presence"

// person is somebody of testdata/floor.yaml.
type person struct{ username, id string }

var (
	agent         = person{"agent@north.example", "00000000-0000-4000-8000-0000000000a1"}
	colleague     = person{"colleague@north.example", "00000000-0000-4000-8000-0000000000a2"}
	supervisor    = person{"supervisor@north.example", "00000000-0000-4000-8000-0000000000a3"}
	monitor       = person{"monitor@north.example", "00000000-0000-4000-8000-0000000000a4"}
	programme     = person{"router@north.example", "00000000-0000-4000-8000-0000000000a5"}
	administrator = person{"administrator@north.example", "00000000-0000-4000-8000-0000000000a6"}
	platformAdmin = person{"platform@north.example", "00000000-0000-4000-8000-0000000000a7"}
	member        = person{"member@north.example", "00000000-0000-4000-8000-0000000000a8"}
	stranger      = person{"stranger@south.example", "00000000-0000-4000-8000-0000000000a9"}
	unreachable   = person{"unreachable@north.example", "00000000-0000-4000-8000-0000000000aa"}
	former        = person{"former@north.example", "00000000-0000-4000-8000-0000000000ab"}
	gone          = person{"gone@north.example", "00000000-0000-4000-8000-0000000000ac"}
	// nobody sends no token.
	nobody = person{}
)

// The ids of testdata/floor.yaml.
const (
	north  = "00000000-0000-4000-8000-000000000001"
	south  = "00000000-0000-4000-8000-000000000002"
	east   = "00000000-0000-4000-8000-000000000003"
	dusk   = "00000000-0000-4000-8000-000000000004"
	no     = "00000000-0000-4000-8000-00000000dead" // the id of nothing
	near   = "00000000-0000-4000-8000-0000000000e1"
	far    = "00000000-0000-4000-8000-0000000000e2"
	first  = "00000000-0000-4000-8000-0000000000f1"
	second = "00000000-0000-4000-8000-0000000000f2"

	breaks   = "00000000-0000-4000-8000-0000000000b1"
	canteen  = "00000000-0000-4000-8000-0000000000b2"
	letters  = "00000000-0000-4000-8000-0000000000b3"
	coaching = "00000000-0000-4000-8000-0000000000b4"
	retired  = "00000000-0000-4000-8000-0000000000b5"
	lunch    = "00000000-0000-4000-8000-0000000000c1"
	walk     = "00000000-0000-4000-8000-0000000000c2"
	smoke    = "00000000-0000-4000-8000-0000000000c3"
	write    = "00000000-0000-4000-8000-0000000000c5"
	coach    = "00000000-0000-4000-8000-0000000000c6"
	oldHabit = "00000000-0000-4000-8000-0000000000c7"

	browser = "00000000-0000-4000-8000-0000000000d1"
	phone   = "00000000-0000-4000-8000-0000000000d2"

	callID      = "00000000-0000-4000-8000-000000000ca1"
	otherCallID = "00000000-0000-4000-8000-000000000ca2"

	password = "correct horse"
)

// uuid reads an id of this file.
func uuid(text string) presence.UUID {
	id, err := presence.ParseUUID(text)
	if err != nil {
		panic(err)
	}
	return id
}

func agentID(p person) presence.AgentID { return presence.AgentID{UUID: uuid(p.id)} }

func tenantID(text string) presence.TenantID { return presence.TenantID{UUID: uuid(text)} }

func keyOf(tenant string, p person) presence.Key {
	return presence.Key{Tenant: tenantID(tenant), Agent: agentID(p)}
}

// The paths of a tenant's people, below /v1/.
func userPath(tenant string, p person) string { return "/v1/tenants/" + tenant + "/users/" + p.id }

func presencePath(tenant string, p person) string {
	return "/v1/tenants/" + tenant + "/presence/" + p.id
}
