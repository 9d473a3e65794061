package wire_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

var (
	router   = presence.Actor{Cause: presence.BySystem, ID: presence.AgentID{UUID: presence.UUID{9}}, Name: "Router"}
	goReady  = presence.GoReady{By: byAgent, HasExtension: true}
	work     = presence.ReportWork{By: router, Work: voice}
	listenIn = presence.StartMonitoring{By: byAgent, Interaction: callID}
	silently = presence.StartSession{By: byAgent, WorkLimit: 1, Silent: true}
)

// silence is that of the newest session, so long that the given step of decay is
// due and no later one.
func silence(fence uint64, step int) presence.Elapse {
	limits := presence.Limits{Silent: 1 * time.Second, NotReady: 2 * time.Second, End: 3 * time.Second}
	return presence.Elapse{Fence: fence, Silence: time.Duration(step) * time.Second, HeardAt: startsHere, Limits: limits}
}

// records are what a store has of an agent after commands, one a second.
func records(t *testing.T, commands ...presence.Command) []store.Record {
	t.Helper()
	var agent presence.Agent
	var log []store.Record
	for i, command := range commands {
		events, err := presence.Decide(agent, command, startsHere+presence.Instant(i*1000))
		if err != nil {
			t.Fatalf("%s: %v", command.Name(), err)
		}
		for _, event := range events {
			if agent, err = presence.Evolve(agent, event); err != nil {
				t.Fatal(err)
			}
			log = append(log, store.Record{Key: key, Seq: store.Seq(len(log) + 1), Event: event, After: agent})
		}
	}
	return log
}

// newest is the last record of those.
func newest(t *testing.T, commands ...presence.Command) store.Record {
	t.Helper()
	log := records(t, commands...)
	return log[len(log)-1]
}

// messageOf is a record's message, which must be of the type.
func messageOf[T any](t *testing.T, r store.Record) T {
	t.Helper()
	message, _ := wire.Message(r)
	typed, ok := message.(T)
	if !ok {
		t.Fatalf("%s is shown as %T", r.Event.Change.Kind(), message)
	}
	return typed
}

// everyKind is a day in which every kind of event happens.
func everyKind(t *testing.T) []store.Record {
	t.Helper()
	return records(t, start, goReady, presence.SetDirection{By: bySuper, Direction: presence.Outbound}, work,
		presence.GoOffline{By: byAgent, Wait: true}, presence.GoNotReady{By: byAgent, Reason: lunch},
		silence(1, 1), silence(1, 2), presence.Hear{}, presence.TakeLease{HeardAt: startsHere}, presence.Hear{},
		presence.EndWork{By: router, Interaction: callID}, silently, listenIn,
		presence.EndMonitoring{By: byAgent, Interaction: callID}, presence.GoOffline{By: byAgent})
}

func TestMessage_ShowsEachKindOfEventInItsOwnWay(t *testing.T) {
	t.Parallel()
	state, workChange := reflect.TypeFor[api.StateChangeMessage](), reflect.TypeFor[api.WorkChangeMessage]()
	notification := reflect.TypeFor[api.AgentNotificationMessage]()
	want := map[presence.Kind]reflect.Type{
		presence.KindSessionStarted: state, presence.KindStateSet: state, presence.KindLogoutDeferred: state,
		presence.KindHeld: state, presence.KindReleased: state, presence.KindSessionEnded: state,
		presence.KindDirectionSet: reflect.TypeFor[api.DirectionChangeMessage](),
		presence.KindWorkReported: workChange, presence.KindWorkEnded: workChange,
		presence.KindMonitoringStarted: notification, presence.KindMonitoringEnded: notification,
		presence.KindConnectionChanged: nil, presence.KindLeaseTaken: nil,
	}
	got := map[presence.Kind]reflect.Type{}
	for _, r := range everyKind(t) {
		message, ok := wire.Message(r)
		got[r.Event.Change.Kind()] = reflect.TypeOf(message)
		if ok != (message != nil) || ok != r.Event.ShownToAgent() {
			t.Errorf("%s: message %T, ok %v, shown %v", r.Event.Change.Kind(), message, ok, r.Event.ShownToAgent())
		}
	}
	for kind, wanted := range want {
		if shown, ok := got[kind]; !ok || shown != wanted {
			t.Errorf("%s is shown as %v (it happened: %v), want %v", kind, shown, ok, wanted)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d kinds happened, %d are expected", len(got), len(want))
	}
}

func TestMessage_FitsTheContract(t *testing.T) {
	t.Parallel()
	contract, err := openapi3.NewLoader().LoadFromData([]byte(api.OpenAPI()))
	if err != nil {
		t.Fatal(err)
	}
	fits := func(name string, value any) {
		t.Helper()
		if err := contract.Components.Schemas[name].Value.VisitJSON(asJSON(t, value)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, r := range everyKind(t) {
		if message, ok := wire.Message(r); ok {
			fits("Message", message)
		}
		fits("SelfRow", wire.SelfRow(key, r.After, r.Event, r.Event.At))
		row := store.FloorRow{AgentID: key.Agent, Name: "Avery Agent", Agent: r.After.SeenByOthers()}
		fits("FloorRowChangeMessage", wire.FloorRowChange(key.Tenant, row))
	}
	fits("SelfRow", wire.SelfRow(key, presence.Agent{}, presence.Event{}, 0))
}

func asJSON(t *testing.T, value any) (decoded any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

// A state message is a presence state and two fields more: both must say the same.
func TestMessage_OfAStateIsTheStateThatTheEventLedTo(t *testing.T) {
	t.Parallel()
	for _, r := range everyKind(t) {
		message, _ := wire.Message(r)
		if _, ok := message.(api.StateChangeMessage); !ok {
			continue
		}
		want := keysOf(t, wire.State(key.Agent, r.After, r.Event, r.Event.At))
		want["type"], want["tenantId"] = "resource-state-change", key.Tenant.String()
		if diff := cmp.Diff(want, keysOf(t, message)); diff != "" {
			t.Errorf("%s: state (-) and message (+) differ:\n%s", r.Event.Change.Kind(), diff)
		}
	}
}

func TestMessage_OfANewSessionHasTheReasonLoggedIn(t *testing.T) {
	t.Parallel()
	r := newest(t, start)
	got := messageOf[api.StateChangeMessage](t, r)
	reason := presence.LoggedIn()
	if got.State != "notready" || *got.Reason != "Logged in" || *got.ReasonID != reason.ID.String() || *got.ReasonListID != reason.List.String() {
		t.Errorf("the start is %+v", got)
	}
	if *got.SessionID != r.Event.Session.String() || got.Cause != "agent" || got.CauseCode != "logged_in" || *got.StateSince != api.Time(startsHere) {
		t.Errorf("the start is %+v", got)
	}
}

func TestMessage_OfARepetitionHasItsOwnTimeAndTheOldStateSince(t *testing.T) {
	t.Parallel()
	got := messageOf[api.StateChangeMessage](t, newest(t, start, goReady, goReady))
	if *got.StateSince != api.Time(startsHere+1000) || got.Timestamp != api.Time(startsHere+2000) {
		t.Errorf("since %v, at %v", *got.StateSince, got.Timestamp)
	}
}

func TestMessage_OfALogoutThatWaitsKeepsTheStateAndNamesWhoWaits(t *testing.T) {
	t.Parallel()
	waits := []presence.Command{start, goReady, work, presence.GoOffline{By: bySuper, Wait: true}}
	got := messageOf[api.StateChangeMessage](t, newest(t, waits...))
	want := &api.Pending{State: "offline", Since: api.Time(startsHere + 3000), ByID: bySuper.ID.String(), ByName: bySuper.Name}
	if diff := cmp.Diff(want, got.Pending); diff != "" || got.State != "ready" || got.SupervisorID != bySuper.ID.String() {
		t.Errorf("%+v\n%s", got, diff)
	}
	ended := messageOf[api.StateChangeMessage](t, newest(t, append(waits, presence.EndWork{By: router, Interaction: callID})...))
	if ended.State != "offline" || ended.Pending != nil || ended.EndCode != "supervisor" || ended.SupervisorName != bySuper.Name {
		t.Errorf("when the work has ended: %+v", ended)
	}
}

func TestMessage_OfAHoldShowsTheSystemsReasonAndItsReleaseTheIntent(t *testing.T) {
	t.Parallel()
	held := []presence.Command{start, presence.GoNotReady{By: bySuper, Reason: lunch}, silence(1, 2)}
	got := messageOf[api.StateChangeMessage](t, newest(t, held...))
	if *got.Reason != "Connection lost" || got.Cause != "system" || got.CauseCode != "connection_lost" || got.Connection != "silent" {
		t.Errorf("held: %+v", got)
	}
	back := messageOf[api.StateChangeMessage](t, newest(t, append(held, presence.Hear{})...))
	if *back.Reason != "Lunch" || back.CauseCode != "connection_restored" || back.Connection != "live" {
		t.Errorf("released: %+v", back)
	}
	if got.SupervisorID != "" || back.SupervisorID != "" {
		t.Error("the system's change names a supervisor")
	}
}

func TestMessage_OfAnEndNamesItsSessionHowItEndedAndWhoEndedIt(t *testing.T) {
	t.Parallel()
	for code, end := range map[api.EndCode]presence.Command{
		"logged_out":    presence.GoOffline{By: byAgent},
		"supervisor":    presence.GoOffline{By: bySuper, Force: true},
		"lease_expired": silence(1, 3),
		"revoked":       presence.Revoke{By: presence.System()},
	} {
		began, ended := newest(t, start), newest(t, start, end)
		got := messageOf[api.StateChangeMessage](t, ended)
		if got.State != "offline" || got.EndCode != code || *got.SessionID != began.Event.Session.String() || got.Timestamp != api.Time(startsHere+1000) {
			t.Errorf("%s: %+v", code, got)
		}
		var name, id string
		if code == "supervisor" {
			name, id = bySuper.Name, bySuper.ID.String()
		}
		if got.SupervisorName != name || got.SupervisorID != id {
			t.Errorf("%s by %q %q", code, got.SupervisorName, got.SupervisorID)
		}
	}
}

func TestMessage_ASessionThatSupersedesFollowsTheEndOfTheOther(t *testing.T) {
	t.Parallel()
	for name, second := range map[string]presence.StartSession{"open": start, "silent": silently} {
		log := records(t, start, goReady, second)
		if len(log) != 4 {
			t.Fatalf("%s: %d events", name, len(log))
		}
		old, ended, began := log[0].Event.Session, messageOf[api.StateChangeMessage](t, log[2]), messageOf[api.StateChangeMessage](t, log[3])
		if ended.State != "offline" || ended.EndCode != "superseded" || *ended.SessionID != old.String() {
			t.Errorf("%s: the old one ends as %+v", name, ended)
		}
		if began.State != "notready" || *began.Reason != "Logged in" || *began.SessionID == old.String() || began.EndCode != "" {
			t.Errorf("%s: the new one begins as %+v", name, began)
		}
	}
}

func TestMessage_TheOwnerOfASilentSessionSeesTheTruth(t *testing.T) {
	t.Parallel()
	got := messageOf[api.StateChangeMessage](t, newest(t, silently, goReady))
	if got.State != "ready" || got.SessionID == nil || got.Offerable || len(got.AvailableStates) != 3 {
		t.Errorf("ready: %+v", got)
	}
	if got := messageOf[api.StateChangeMessage](t, newest(t, silently, presence.GoOffline{By: byAgent})); got.EndCode != "logged_out" {
		t.Errorf("ended: %+v", got)
	}
}

func TestMessage_OfADirectionHasWhatClientsKnow(t *testing.T) {
	t.Parallel()
	r := newest(t, start, goReady, presence.SetDirection{By: bySuper, Direction: presence.Outbound})
	want := map[string]any{
		"type": "resource-direction-change", "tenantId": key.Tenant.String(), "resourceId": key.Agent.String(),
		"sessionId": r.Event.Session.String(), "state": "ready", "availableStates": []any{"ready", "notready", "offline"},
		"direction": "outbound", "supervisorId": bySuper.ID.String(), "supervisorName": bySuper.Name,
		"timestamp": api.Time(startsHere + 2000).String(),
	}
	if diff := cmp.Diff(want, keysOf(t, messageOf[api.DirectionChangeMessage](t, r))); diff != "" {
		t.Error(diff)
	}
	own := keysOf(t, messageOf[api.DirectionChangeMessage](t, newest(t, start, presence.SetDirection{By: byAgent, Direction: presence.Outbound})))
	if own["supervisorId"] != nil || own["supervisorName"] != nil {
		t.Errorf("by oneself: %v", own)
	}
}

func TestMessage_OfWorkTellsWhenItCameIntoItsStateOrEnded(t *testing.T) {
	t.Parallel()
	active := voice
	active.State = presence.WorkActive
	log := records(t, start, work, presence.ReportWork{By: router, Work: active}, presence.EndWork{By: router, Interaction: callID})
	for i, state := range []api.WorkChangeState{"offered", "active", "ended"} {
		at := api.Time(startsHere + presence.Instant(i+1)*1000)
		want := api.WorkChangeMessage{
			Type: "resource-work-change", TenantID: key.Tenant.String(), ResourceID: key.Agent.String(), SessionID: log[0].Event.Session.String(),
			InteractionID: callID.String(), Channel: "voice", Direction: "inbound", State: state, Since: at, Timestamp: at,
		}
		if diff := cmp.Diff(want, messageOf[api.WorkChangeMessage](t, log[i+1])); diff != "" {
			t.Errorf("%s:\n%s", state, diff)
		}
	}
}

func TestMessage_OfSilentMonitoringTellsItsStartAndItsEnd(t *testing.T) {
	t.Parallel()
	other := presence.InteractionID{UUID: presence.UUID{7}}
	log := records(t, silently, listenIn, presence.StartMonitoring{By: byAgent, Interaction: other})
	for i, want := range []api.AgentNotificationMessage{
		{NotificationType: "silent-monitor-start", InteractionID: callID.String(), Timestamp: api.Time(startsHere + 1000)},
		{NotificationType: "silent-monitor-end", InteractionID: callID.String(), Timestamp: api.Time(startsHere + 2000)},
		{NotificationType: "silent-monitor-start", InteractionID: other.String(), Timestamp: api.Time(startsHere + 2000)},
	} {
		want.Type, want.ResourceID, want.SessionID = "agent-notification", key.Agent.String(), log[0].Event.Session.String()
		if diff := cmp.Diff(want, messageOf[api.AgentNotificationMessage](t, log[i+1])); diff != "" {
			t.Error(diff)
		}
	}
}
