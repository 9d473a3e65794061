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

// Every kind of change has a sentence of its own; where a rule acted, it is
// named, and what it went by is there.
func TestStep_ExplainsEveryKindOfChange(t *testing.T) {
	t.Parallel()
	heard := startsHere - 1000
	socket := presence.SocketID{UUID: presence.UUID{0: 0x50, 15: 1}}
	silentSocket := presence.SocketEvidence{ID: socket, Client: "desk/1", Beat: 7, BeatAt: heard + 4000}
	closedSocket := presence.SocketEvidence{ID: socket, ClosedAt: heard + 5000, Closing: presence.ClosedByNetwork}
	seen := map[string]presence.Change{}
	for _, c := range []struct {
		change   presence.Change
		rule     string
		evidence string
	}{
		{presence.SessionStarted{}, "", "null"},
		{presence.SessionStarted{Work: []presence.Work{voice}, Silent: true}, "", `{"workTakenOver":1}`},
		{presence.StateSet{Intent: presence.Intent{State: presence.Ready}}, "", "null"},
		{presence.StateSet{Intent: presence.Intent{State: presence.NotReady, Reason: lunch}}, "", "null"},
		{presence.StateSet{Intent: presence.Intent{State: presence.NotReady}, Repeated: true}, "", "null"},
		{presence.LogoutDeferred{}, "", "null"},
		{presence.DirectionSet{Direction: presence.Outbound}, "", "null"},
		{presence.WorkReported{Work: voice}, "", `{"interactionId":"` + callID.String() + `"}`},
		{presence.WorkEnded{Work: voice}, "", `{"interactionId":"` + callID.String() + `"}`},
		{presence.ConnectionChanged{Connection: presence.Live}, "heard", "null"},
		{presence.ConnectionChanged{Connection: presence.Silent, HeardAt: heard}, "connection_silent", lastHeard(heard)},
		{presence.ConnectionChanged{Connection: presence.Silent, HeardAt: heard, Socket: silentSocket}, "connection_silent",
			`{"beatSent":"2023-11-14T22:13:23.000Z","client":"desk/1","lastHeard":"2023-11-14T22:13:19.000Z","socketId":"50000000-0000-0000-0000-000000000001","unansweredBeat":7}`},
		{presence.ConnectionChanged{Connection: presence.Lost, HeardAt: heard, Socket: closedSocket}, "socket_closed",
			`{"closedBy":"network","lastHeard":"2023-11-14T22:13:19.000Z","socketClosed":"2023-11-14T22:13:24.000Z","socketId":"50000000-0000-0000-0000-000000000001"}`},
		{presence.Held{Reason: presence.ConnectionLost(), HeardAt: heard}, "connection_lost", lastHeard(heard)},
		{presence.Released{}, "connection_restored", "null"},
		{presence.LeaseTaken{HeardAt: heard}, "server_started", lastHeard(heard)},
		{presence.MonitoringStarted{Interaction: callID}, "", `{"interactionId":"` + callID.String() + `"}`},
		{presence.MonitoringEnded{Interaction: callID}, "", `{"interactionId":"` + callID.String() + `"}`},
		{presence.SessionEnded{Code: presence.EndLoggedOut}, "", "null"},
		{presence.SessionEnded{Code: presence.EndSupervisor}, "", "null"},
		{presence.SessionEnded{Code: presence.EndSuperseded}, "session_superseded", "null"},
		{presence.SessionEnded{Code: presence.EndRevoked}, "access_revoked", "null"},
		{presence.SessionEnded{Code: presence.EndLeaseExpired, HeardAt: heard}, "lease_expired", lastHeard(heard)},
	} {
		step := wire.Step(store.Record{Event: presence.Event{At: startsHere, By: presence.System(), Change: c.change}}, true)
		rule := ""
		if step.Rule != nil {
			rule = *step.Rule
		}
		if step.Change != string(c.change.Kind()) || rule != c.rule || string(step.Evidence) != c.evidence || step.ByID != nil || step.ByName != nil {
			t.Errorf("%#v became %+v with %s", c.change, step, step.Evidence)
		}
		if other, told := seen[step.Text]; told && other.Kind() != c.change.Kind() {
			t.Errorf("%T and %T read the same: %s", other, c.change, step.Text)
		}
		seen[step.Text] = c.change
	}
}

// What a sentence says of a change stands in fields too: nobody has to read English.
func TestStep_TellsInFieldsWhatTheSentenceSays(t *testing.T) {
	t.Parallel()
	loggedIn, lost := presence.LoggedIn(), presence.ConnectionLost()
	ended := voice
	ended.Since = startsHere - 60_000
	for _, c := range []struct {
		change presence.Change
		want   api.WhyStep
	}{
		{presence.SessionStarted{}, withReason(api.WhyStep{State: new(api.StateNotReady), Direction: new(api.DirectionInbound)}, loggedIn)},
		{presence.StateSet{Intent: presence.Intent{State: presence.Ready}}, api.WhyStep{State: new(api.StateReady)}},
		{presence.StateSet{Intent: presence.Intent{State: presence.NotReady}, Repeated: true}, api.WhyStep{State: new(api.StateNotReady), Repeated: true}},
		{presence.StateSet{Intent: presence.Intent{State: presence.NotReady, Reason: lunch}}, withReason(api.WhyStep{State: new(api.StateNotReady)}, lunch)},
		{presence.LogoutDeferred{}, api.WhyStep{}},
		{presence.LogoutDeferred{Repeated: true}, api.WhyStep{Repeated: true}},
		{presence.DirectionSet{Direction: presence.Outbound}, api.WhyStep{Direction: new(api.DirectionOutbound)}},
		{presence.DirectionSet{Direction: presence.Inbound, Repeated: true}, api.WhyStep{Direction: new(api.DirectionInbound), Repeated: true}},
		{presence.WorkReported{Work: voice}, api.WhyStep{Work: &api.WorkChange{
			InteractionID: callID.String(), Channel: "voice", Direction: api.DirectionInbound, State: api.WorkChangeStateOffered, Since: api.Time(voice.Since),
		}}},
		{presence.WorkEnded{Work: ended}, api.WhyStep{Work: &api.WorkChange{
			InteractionID: callID.String(), Channel: "voice", Direction: api.DirectionInbound, State: api.WorkChangeStateEnded, Since: api.Time(startsHere),
		}}},
		{presence.ConnectionChanged{Connection: presence.Lost}, api.WhyStep{}},
		{presence.Held{Reason: lost}, withReason(api.WhyStep{State: new(api.StateNotReady)}, lost)},
		{presence.Released{}, api.WhyStep{}},
		{presence.SessionEnded{Code: presence.EndSupervisor}, api.WhyStep{State: new(api.StateOffline)}},
	} {
		got := wire.Step(store.Record{Event: presence.Event{At: startsHere, Change: c.change}}, true)
		c.want.At, c.want.Change, c.want.Rule, c.want.Text, c.want.Evidence = got.At, got.Change, got.Rule, got.Text, got.Evidence
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%#v (-) became (+):\n%s", c.change, diff)
		}
	}
}

func withReason(step api.WhyStep, reason presence.Reason) api.WhyStep {
	step.Reason, step.ReasonID, step.ReasonListID = new(reason.Name), new(reason.ID.String()), new(reason.List.String())
	return step
}

func TestStep_NamesWhoActed(t *testing.T) {
	t.Parallel()
	step := wire.Step(store.Record{Event: presence.Event{By: bySuper, Change: presence.SessionEnded{Code: presence.EndSupervisor}}}, false)
	if step.Cause != "supervisor" || *step.ByID != bySuper.ID.String() || *step.ByName != bySuper.Name {
		t.Errorf("the step is %+v", step)
	}
	if _, err := json.Marshal(step); err != nil {
		t.Error(err)
	}
}

// A silent session that superseded another is nobody else's business.
func TestStep_TellsOthersOfALogOutWhereASilentSessionTookOver(t *testing.T) {
	t.Parallel()
	record := func(change presence.SessionEnded) store.Record {
		return store.Record{Event: presence.Event{At: startsHere, By: bySuper, Change: change}}
	}
	superseded := record(presence.SessionEnded{Code: presence.EndSuperseded, BySilent: true})
	if step := wire.Step(superseded, true); step.Rule == nil || *step.Rule != "session_superseded" {
		t.Errorf("the agent reads %+v", step)
	}
	want := wire.Step(record(presence.SessionEnded{Code: presence.EndLoggedOut}), false)
	if diff := cmp.Diff(want, wire.Step(superseded, false)); diff != "" {
		t.Errorf("others read (+) something else than of a log-out (-):\n%s", diff)
	}
}

func lastHeard(at presence.Instant) string { return `{"lastHeard":"` + at.String() + `"}` }
