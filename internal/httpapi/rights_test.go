package httpapi

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
)

// Every route × every role × oneself, another member, a stranger, nobody at all.
// A route without a row fails.
func TestRights_OfEveryRoute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, route := range w.server.routes() {
		row, ok := rowOf(route.operation)
		if !ok {
			t.Errorf("%s has no row in rightsTable: who may call it?", route.operation)
			continue
		}
		for _, caller := range who {
			m := matrix{w: w, route: route, row: row, caller: caller.person}
			m.callsForOneself()
			m.callsForOthers()
			m.callsInForeignTenants()
		}
	}
	if rows, routes := len(rightsTable), len(w.server.routes()); rows != routes {
		t.Errorf("rightsTable has %d rows for %d routes", rows, routes)
	}
}

func rowOf(operation string) (rightsRow, bool) {
	i := slices.IndexFunc(rightsTable, func(r rightsRow) bool { return r.operation == operation })
	if i < 0 {
		return rightsRow{}, false
	}
	return rightsTable[i], true
}

// matrix is one caller on one route.
type matrix struct {
	w      *world
	route  route
	row    rightsRow
	caller person
}

func (m matrix) callsForOneself() {
	m.w.tb.Helper()
	m.expect("for oneself", m.call(m.caller, north), slices.Contains(m.row.own, m.caller))
}

func (m matrix) callsForOthers() {
	m.w.tb.Helper()
	if !strings.Contains(m.route.path, "{userId}") {
		return
	}
	may := slices.Contains(m.row.other, m.caller)
	m.expect("for a colleague", m.call(colleague, north), may)

	unknown := m.call(person{"", no}, north)
	foreign := m.call(stranger, north)
	if slices.Contains(m.row.anywhere, m.caller) {
		m.expect("for a stranger", foreign, true)
		unknown.refused(api.CodeNotFound, "")
		return
	}
	if unknown.withoutID() != foreign.withoutID() {
		m.w.tb.Errorf("%s tells %s a user of another tenant from an unknown one:\n%s\n%s", m.route.operation, m.caller.username, foreign.body, unknown.body)
	}
	if may {
		foreign.refused(api.CodeNotFound, "")
	} else {
		foreign.refused(api.CodeForbidden, "")
	}
}

// callsInForeignTenants asks in a tenant that exists and in one that does not.
func (m matrix) callsInForeignTenants() {
	m.w.tb.Helper()
	if m.route.right.public || !strings.Contains(m.route.path, "{tenantId}") {
		return
	}
	for _, target := range []person{m.caller, stranger} {
		existing, unknown := m.call(target, south), m.call(target, no)
		existing.refused(api.CodeNotFound, "")
		if existing.withoutID() != unknown.withoutID() {
			m.w.tb.Errorf("%s tells a foreign tenant from an unknown one:\n%s\n%s", m.route.operation, existing.body, unknown.body)
		}
	}
}

func (m matrix) expect(what string, r reply, may bool) {
	m.w.tb.Helper()
	if !may {
		r.refused(api.CodeForbidden, "")
		return
	}
	// Whoever may is let through to the operation itself, which may find that
	// there is nothing to do it with, such as no session.
	refused := r.status == http.StatusUnauthorized || r.status == http.StatusForbidden ||
		r.status == http.StatusNotFound && r.failure().Code == api.CodeNotFound || r.status >= http.StatusInternalServerError
	if refused {
		m.w.tb.Errorf("%s as %s %s answered %d: %s", m.route.operation, m.caller.username, what, r.status, r.body)
	}
}

// call sends the route's request about a target, with a fresh token, while
// the agents of North have a session and the colleague a call.
func (m matrix) call(target person, tenant string) reply {
	m.w.tb.Helper()
	for _, p := range []person{m.caller, colleague} {
		if p == colleague || slices.Contains(agents, p) {
			m.w.start(p, presence.StartSession{By: presence.Actor{Cause: presence.ByAgent, ID: agentID(p)}})
		}
	}
	m.w.start(colleague, presence.ReportWork{By: presence.System(), Work: presence.Work{
		Interaction: presence.InteractionID{UUID: uuid(callID)}, Channel: "voice", Direction: presence.Inbound, State: "active",
	}})
	path := strings.NewReplacer(
		"{tenantId}", tenant, "{userId}", target.id, "{interactionId}", callID, "{regionId}", near,
		"{subject}", stranger.username, "{identityProviderId}", first,
	).Replace(m.route.path)
	if m.route.operation == "getAuthInfoOfProvider" {
		path = "/v1/auth-info/" + south + "/" + first
	}
	token := m.w.freshToken(m.caller, 0)
	return m.w.send(newRequest(m.w.tb, m.route.method, path, m.row.body, "Authorization", "Token "+token))
}

// start gives a command to the engine directly.
func (w *world) start(p person, command presence.Command) {
	w.tb.Helper()
	if _, err := w.engine.Do(w.tb.Context(), engine.Request{Key: keyOf(north, p), Command: command}); err != nil {
		w.tb.Fatal(err)
	}
}
