package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

// A self row is a presence state and its own fields: both must say the same.
func TestSelfRow_SaysWhatTheStateSays(t *testing.T) {
	t.Parallel()
	none := map[string]any{"silentMonitoring": false, "work": []any{}, "monitoredInteractionId": nil}
	callNow := map[string]any{
		"interactionId": callID.String(), "channel": "voice", "direction": "inbound", "state": "offered",
		"since": api.Time(startsHere + 1000).String(),
	}
	for name, c := range map[string]struct {
		commands []presence.Command
		own      map[string]any
	}{
		"logged in":  {[]presence.Command{start}, none},
		"on a call":  {[]presence.Command{start, work}, map[string]any{"silentMonitoring": false, "work": []any{callNow}, "monitoredInteractionId": nil}},
		"monitoring": {[]presence.Command{silently, listenIn}, map[string]any{"silentMonitoring": true, "work": []any{}, "monitoredInteractionId": callID.String()}},
		"logged out": {[]presence.Command{start, goReady, presence.GoOffline{By: bySuper}}, none},
	} {
		r := newest(t, c.commands...)
		got, state := keysOf(t, wire.SelfRow(key, r.After, r.Event, r.Event.At)), keysOf(t, wire.State(key.Agent, r.After, r.Event, r.Event.At))
		for field, value := range state {
			if diff := cmp.Diff(value, got[field]); diff != "" {
				t.Errorf("%s: %s:\n%s", name, field, diff)
			}
			delete(got, field)
		}
		c.own["tenantId"] = key.Tenant.String()
		if diff := cmp.Diff(c.own, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestSelfRow_OfAnEndNamesTheSessionThatEnded(t *testing.T) {
	t.Parallel()
	r := newest(t, silently, listenIn, presence.GoOffline{By: byAgent})
	got := wire.SelfRow(key, r.After, r.Event, r.Event.At)
	if got.State != "offline" || *got.SessionID != r.Event.Session.String() || got.EndCode != "logged_out" || got.MonitoredInteractionID != nil {
		t.Errorf("the row is %+v", got)
	}
	if never := wire.SelfRow(key, presence.Agent{}, presence.Event{}, startsHere); never.State != "offline" || never.SessionID != nil || never.EndCode != "" {
		t.Errorf("of an agent who was never there: %+v", never)
	}
}

func TestFloorRowChange_IsTheWholeRow(t *testing.T) {
	t.Parallel()
	row := store.FloorRow{AgentID: key.Agent, Name: "Avery Agent", Groups: []string{"Sales"}, Agent: newest(t, start, work).After}
	want := api.FloorRowChangeMessage{Type: "floor-row-change", TenantID: key.Tenant.String(), Row: wire.FloorRow(row)}
	if diff := cmp.Diff(want, wire.FloorRowChange(key.Tenant, row)); diff != "" {
		t.Error(diff)
	}
}
