package wire_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

var (
	key        = presence.Key{Tenant: presence.TenantID{UUID: presence.UUID{1}}, Agent: presence.AgentID{UUID: presence.UUID{2}}}
	byAgent    = presence.Actor{Cause: presence.ByAgent, ID: key.Agent, Name: "Avery Agent"}
	bySuper    = presence.Actor{Cause: presence.BySupervisor, ID: presence.AgentID{UUID: presence.UUID{3}}, Name: "Sam Supervisor"}
	callID     = presence.InteractionID{UUID: presence.UUID{4}}
	lunch      = presence.Reason{Name: "Lunch", ID: presence.ReasonID{UUID: presence.UUID{5}}, List: presence.ReasonListID{UUID: presence.UUID{6}}}
	voice      = presence.Work{Interaction: callID, Channel: "voice", Direction: presence.Inbound, State: presence.WorkStates()[0]}
	startsHere = presence.Instant(1_700_000_000_000)
)

// after is an agent after commands, one a second, with the last event.
func after(t *testing.T, commands ...presence.Command) (presence.Agent, presence.Event) {
	t.Helper()
	var agent presence.Agent
	var last presence.Event
	for i, command := range commands {
		events, err := presence.Decide(agent, command, startsHere+presence.Instant(i*1000))
		if err != nil {
			t.Fatalf("%s: %v", command.Name(), err)
		}
		for _, event := range events {
			if agent, err = presence.Evolve(agent, event); err != nil {
				t.Fatal(err)
			}
			last = event
		}
	}
	return agent, last
}

func keysOf(t *testing.T, value any) map[string]any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]any
	if err := json.Unmarshal(text, &keys); err != nil {
		t.Fatal(err)
	}
	return keys
}

var start = presence.StartSession{By: byAgent, WorkLimit: 1}

func TestState_HasAbsentReasonsAsNulls(t *testing.T) {
	t.Parallel()
	for name, commands := range map[string][]presence.Command{
		"never logged in": nil,
		"ready":           {start, presence.GoReady{By: byAgent, HasExtension: true}},
		"not ready":       {start, presence.GoNotReady{By: byAgent}},
		"offline":         {start, presence.GoNotReady{By: byAgent, Reason: lunch}, presence.GoOffline{By: byAgent}},
	} {
		agent, _ := after(t, commands...)
		got := keysOf(t, wire.State(key.Agent, agent, presence.Event{}, startsHere))
		for _, field := range []string{"reason", "reasonId", "reasonListId", "pending"} {
			if value, there := got[field]; !there || value != nil {
				t.Errorf("%s: %s is %v, there: %v", name, field, value, there)
			}
		}
		for _, field := range []string{"supervisorId", "supervisorName"} {
			if _, there := got[field]; there {
				t.Errorf("%s: %s is there", name, field)
			}
		}
	}
}

func TestState_NamesTheSupervisorOfItsEventOnly(t *testing.T) {
	t.Parallel()
	agent, last := after(t, start, presence.GoNotReady{By: bySuper, Reason: lunch})
	with, without := wire.State(key.Agent, agent, last, startsHere), wire.State(key.Agent, agent, presence.Event{}, startsHere)
	if with.SupervisorID != bySuper.ID.String() || with.SupervisorName != bySuper.Name {
		t.Errorf("the event's state names %q %q", with.SupervisorID, with.SupervisorName)
	}
	with.SupervisorID, with.SupervisorName = "", ""
	if diff := cmp.Diff(with, without); diff != "" {
		t.Error(diff)
	}
	if *without.Reason != "Lunch" || without.Cause != "supervisor" || *without.StateSince != api.Time(startsHere+1000) {
		t.Errorf("the state is %+v", without)
	}
}

func TestState_OfAnEndNamesTheSessionThatEnded(t *testing.T) {
	t.Parallel()
	agent, last := after(t, start, presence.GoOffline{By: bySuper})
	got := wire.State(key.Agent, agent, last, startsHere)
	if got.State != "offline" || *got.SessionID != last.Session.String() || got.EndCode != "supervisor" || got.Connection != "lost" {
		t.Errorf("the end is %+v", got)
	}
	if later := wire.State(key.Agent, agent, presence.Event{}, startsHere); later.SessionID != nil || later.EndCode != "supervisor" {
		t.Errorf("later it is %+v", later)
	}
}

func TestState_HasALogoutThatWaits(t *testing.T) {
	t.Parallel()
	agent, last := after(t, start, presence.ReportWork{By: presence.System(), Work: voice}, presence.GoOffline{By: bySuper, Wait: true})
	want := &api.Pending{State: "offline", Since: api.Time(startsHere + 2000), ByID: bySuper.ID.String(), ByName: bySuper.Name}
	if diff := cmp.Diff(want, wire.State(key.Agent, agent, last, startsHere).Pending); diff != "" {
		t.Error(diff)
	}
}

// A session is a presence state and its own fields: both must say the same.
func TestSession_SaysWhatItsStateSays(t *testing.T) {
	t.Parallel()
	silent := start
	silent.Silent, silent.Metadata = true, json.RawMessage(`{"tab":1}`)
	for _, command := range []presence.StartSession{start, silent} {
		agent, last := after(t, command)
		session, ok := wire.Session(key, agent, last, startsHere)
		if !ok {
			t.Fatal("there is no session")
		}
		got, state := keysOf(t, session), keysOf(t, wire.State(key.Agent, agent, last, startsHere))
		for field, value := range state {
			if diff := cmp.Diff(value, got[field]); diff != "" {
				t.Errorf("%s:\n%s", field, diff)
			}
			delete(got, field)
		}
		metadata := any(nil)
		if command.Silent {
			metadata = map[string]any{"tab": 1.0}
		}
		want := map[string]any{"tenantId": key.Tenant.String(), "startedAt": api.Time(startsHere).String(), "silentMonitoring": command.Silent, "metadata": metadata}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	if _, ok := wire.Session(key, presence.Agent{}, presence.Event{}, startsHere); ok {
		t.Error("there is a session of nobody")
	}
}

func TestFloorRow_SaysWhatTheStateSays(t *testing.T) {
	t.Parallel()
	for _, commands := range [][]presence.Command{nil, {start}, {start, presence.ReportWork{By: presence.System(), Work: voice}}, {start, presence.GoOffline{By: byAgent}}} {
		agent, _ := after(t, commands...)
		got := keysOf(t, wire.FloorRow(store.FloorRow{AgentID: key.Agent, Name: "Avery Agent", Agent: agent}))
		state := keysOf(t, wire.State(key.Agent, agent, presence.Event{}, 0))
		for field, value := range got {
			if of, shared := state[field]; shared && !cmp.Equal(of, value) {
				t.Errorf("%s is %v on the floor and %v in the state", field, value, of)
			}
		}
		if got["version"] != float64(agent.RowVersion) || got["groups"] == nil || got["work"] == nil {
			t.Errorf("the row is %v", got)
		}
	}
}
