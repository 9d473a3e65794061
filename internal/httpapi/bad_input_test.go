package httpapi

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

// probe is a request that would be accepted, to spoil in one place.
type probe struct {
	route  route
	caller person
	path   string
	body   map[string]any
}

func (p probe) send(w *world, path string, body any) reply {
	w.tb.Helper()
	return w.do(p.caller, p.route.method, path, body)
}

// probes are one for each operation, in a world where every agent has a session.
func probes(w *world) []probe {
	var all []probe
	for _, route := range w.server.routes() {
		row, _ := rowOf(route.operation)
		p := probe{route: route, caller: row.own[0]}
		p.body, _ = row.body.(map[string]any)
		p.path = strings.NewReplacer(
			"{tenantId}", north, "{userId}", p.caller.id, "{interactionId}", callID, "{regionId}", near,
		).Replace(route.path)
		all = append(all, p)
	}
	for _, caller := range agents {
		w.session(caller)
	}
	w.call(north, programme, agent, callID)
	return all
}

// schema is what the operation reads its body as, nil if it reads none.
func (p probe) schema() *openapi3.Schema {
	body := operations()[p.route.method+" "+p.route.path].RequestBody
	if body == nil {
		return nil
	}
	return body.Value.Content.Get("application/json").Schema.Value
}

func TestEveryOperation_RefusesIdsThatAreNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := probes(w)
	w.unchanged(func() {
		for _, p := range all {
			for _, name := range []string{"tenantId", "userId", "interactionId", "regionId"} {
				if !strings.Contains(p.route.path, "{"+name+"}") || p.route.right.public {
					continue
				}
				good := map[string]string{"tenantId": north, "userId": p.caller.id, "interactionId": callID, "regionId": near}[name]
				for _, bad := range []string{"x", "0", strings.ReplaceAll(good, "-", ""), good + "0", "{" + good[1:35] + "}", strings.Replace(good, "0", "g", 1), "%00", "..%2f", strings.Repeat("a", 5000)} {
					p.send(w, strings.Replace(p.path, good, bad, 1), p.body).refused(api.CodeBadRequest, name)
				}
			}
		}
	})
}

func TestEveryOperation_RefusesBodiesThatAreNoObjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := probes(w)
	w.unchanged(func() {
		for _, p := range all {
			if p.schema() == nil {
				continue
			}
			for _, body := range []string{"{", "}", "x", "[]", `"x"`, "5", "true", `{"a":}`, "{\"a\": \"\xff\"}", "\x1f\x8b\x08"} {
				p.send(w, p.path, body).refused(api.CodeBadJSON, "")
			}
			w.do(p.caller, p.route.method, p.path, "{}", "Content-Type", "text/plain").refused(api.CodeUnsupportedMedia, "")
		}
	})
}

// notRead are fields that clients send and nobody looks at.
var notRead = []string{"initiatorId"}

func TestEveryOperation_RefusesFieldsOfAnotherType(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := probes(w)
	w.unchanged(func() {
		for _, p := range all {
			schema := p.schema()
			if schema == nil {
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
				if slices.Contains(notRead, name) {
					continue
				}
				var wrong any = 5
				if schema.Properties[name].Value.Type.Is("integer") {
					wrong = "5"
				}
				p.send(w, p.path, p.with(name, wrong)).refused(api.CodeBadJSON, name)
				p.send(w, p.path, p.with(name, []any{[]any{}})).failure()
			}
		}
	})
}

// An explicit null counts as absent, and what must be there must not be absent.
func TestEveryOperation_RefusesNullWhereSomethingIsNeeded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := probes(w)
	w.unchanged(func() {
		for _, p := range all {
			schema := p.schema()
			if schema == nil {
				continue
			}
			for _, name := range schema.Required {
				p.send(w, p.path, p.with(name, nil)).refused(api.CodeBadRequest, name)
				without := maps.Clone(p.body)
				delete(without, name)
				p.send(w, p.path, without).refused(api.CodeBadRequest, name)
			}
		}
	})
}

// with is the body with one field replaced.
func (p probe) with(name string, value any) map[string]any {
	body := map[string]any{}
	maps.Copy(body, p.body)
	body[name] = value
	return body
}

// Ids that are well-formed but belong elsewhere.
func TestForeignThings_AreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := w.sessionIn(east, agent, nil) // a session of another tenant
	theirs := w.session(colleague)             // a session of another agent
	own := w.session(agent)
	if own == elsewhere || own == theirs {
		t.Fatal("sessions share an id")
	}
	path := presencePath(north, agent)
	w.unchanged(func() {
		for _, session := range []string{elsewhere, theirs} {
			for sub, body := range map[string]map[string]any{
				"": to("ready", "sessionId", session), "/heartbeat": {"sessionId": session}, "/direction": {"direction": "inbound", "sessionId": session},
			} {
				// Both were started before the live one: to the server they look
				// superseded, and in no case do they pass for it.
				if f := w.post(agent, path+sub, body).failure(); f.Code != api.CodeSessionSuperseded && f.Code != api.CodeSessionEnded {
					t.Errorf("%s was answered %s", sub, f.Code)
				}
			}
			w.post(agent, path, to("offline", "sessionId", session)).refused(api.CodeSessionEnded, "")
		}
	})
}

// Messages end up in logs and on screens of people whom a value may not concern.
func TestMessages_RepeatNothingOfTheRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	const secret = "s3cr3t"
	for _, r := range []reply{
		w.setState(agent, to(secret)), w.setState(agent, to("notready", "reason", secret)), w.setState(agent, to("ready", "sessionId", secret)),
		w.post(agent, presencePath(north, agent)+"/direction", map[string]any{"direction": secret}),
		w.get(supervisor, "/v1/tenants/"+north+"/presence?state="+secret), w.get(agent, "/v1/tenants/"+secret),
		w.get(agent, userPath(north, agent)+"/intervals?from="+secret), w.setState(agent, secret),
		w.do(agent, "PUT", userPath(north, agent), map[string]any{"activeExtension": map[string]any{"value": secret}}),
	} {
		if strings.Contains(string(r.body), secret) {
			t.Errorf("%s repeats it: %s", r.request, r.body)
		}
	}
	if strings.Contains(w.log.String(), secret) {
		t.Errorf("it was logged: %s", w.log)
	}
	if w.sessionOf(north, agent).Intent.State != presence.NotReady {
		t.Error("something was changed")
	}
}
