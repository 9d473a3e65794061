package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

// seatedAgent is a person with a session, ready, whom a socket's answers keep live.
func seatedAgent(t *testing.T, s *server, username string) (*person, *tap) {
	t.Helper()
	p := logIn(t, s, username, "Demo")
	session, err := ask[api.Session](p, "POST", p.presence()+"/session", nil)
	must(t, err)
	k := openSocket(t, p, api.ViewSelf, *session.SessionID)
	state, err := ask[api.PresenceState](p, "POST", p.presence(), api.SetStateRequest{State: api.StateReady})
	must(t, err)
	if !state.Offerable {
		t.Fatalf("%s is %+v", username, state)
	}
	return p, k
}

// rowsOf are the rows that a watcher was told of a person, with when they came.
func (k *tap) rowsOf(p *person) (rows []api.FloorRow, came []time.Time) {
	for _, f := range k.seen() {
		for _, e := range f.Events {
			if e.Message.Row.ResourceID == p.id {
				rows, came = append(rows, e.Message.Row), append(came, f.came)
			}
		}
	}
	return rows, came
}

// A closed socket, a silent one and one that stalls for five seconds, with a tenant's
// defaults and real connections: what others see, and when.
func TestStream_TellsThatAClientIsGoneWithinItsTimeAndNothingOfABlip(t *testing.T) {
	t.Parallel()
	s := startServer(t, provisioned(t))
	closing, closingTap := seatedAgent(t, s, "agent@demo.example")
	silent, silentTap := seatedAgent(t, s, "supervisor@demo.example")
	stalling, stallingTap := seatedAgent(t, s, "admin@demo.example")
	watcher := openSocket(t, logIn(t, s, "router@demo.example", "Demo"), api.ViewFloor, "")
	for _, k := range []*tap{closingTap, silentTap} {
		k.await("a beat", 10*time.Second, func(f tapped) bool { return f.Type == api.FrameTypeBeat })
	}
	// The stall is to begin soon after a beat: its first may be seconds old by now.
	seated := time.Now()
	stallingTap.await("another beat", 10*time.Second, func(f tapped) bool { return f.Type == api.FrameTypeBeat && f.came.After(seated) })

	stalledAt := time.Now()
	before := stallingTap.hush(false)
	if sinceAnswer := time.Since(before); sinceAnswer > 3*time.Second {
		t.Fatalf("the last beat was answered %s ago", sinceAnswer)
	}
	stallingTap.stall(5 * time.Second)
	lastAnswer := silentTap.hush(true)
	closedAt := time.Now()
	must(t, closingTap.conn.CloseNow())

	gone := func(p *person, connection api.Connection) (at time.Time) {
		t.Helper()
		eventually(t, 15*time.Second, string(connection), func() bool {
			rows, came := watcher.rowsOf(p)
			for i, row := range rows {
				if row.Connection == connection && !row.Offerable {
					at = came[i]
					return true
				}
			}
			return false
		})
		return at
	}
	// The promises are 1 s and 10 s; this machine may be busy.
	if after := gone(closing, api.ConnectionLost).Sub(closedAt); after < 400*time.Millisecond || after > 1500*time.Millisecond {
		t.Errorf("the closed socket's agent is not offered work %s later", after)
	}
	if after := gone(silent, api.ConnectionSilent).Sub(lastAnswer); after < 9*time.Second || after > 11*time.Second {
		t.Errorf("the silent socket's agent is not offered work %s later", after)
	}
	stallingTap.await("a beat after the stall", 10*time.Second, func(f tapped) bool {
		return f.Type == api.FrameTypeBeat && f.came.Sub(stalledAt) > 6*time.Second
	})
	stallingTap.wantThere()
	if rows, _ := watcher.rowsOf(stalling); len(rows) != 0 {
		t.Errorf("of the blip the floor is told %+v", rows)
	}
	if state := presenceOf(t, stalling); state.State != api.StateReady || !state.Offerable || state.Connection != api.ConnectionLive {
		t.Errorf("after the blip the agent is %+v", state)
	}
	history, err := ask[api.Intervals](stalling, "GET", fmt.Sprintf("tenants/%s/users/%s/intervals?from=%s", stalling.tenant, stalling.id,
		time.Now().Add(-time.Hour).UTC().Format(time.RFC3339)), nil)
	must(t, err)
	var states []string
	for _, interval := range history.Intervals {
		states = append(states, string(interval.State))
	}
	if diff := cmp.Diff([]string{"notready", "ready"}, states); diff != "" {
		t.Errorf("the blip's agent has other intervals (+) than without (-):\n%s", diff)
	}
}

func TestTokens_ThatAreTakenAwayEndTheirStreamsWithinASecond(t *testing.T) {
	t.Parallel()
	const within = 2 * time.Second // one, on a machine that may be busy
	s := startServer(t, provisioned(t))
	one, other := logIn(t, s, "agent@demo.example", "Demo"), logIn(t, s, "agent@demo.example", "Demo")
	admin := logIn(t, s, "admin@demo.example", "Demo")
	oneSocket, oneEvents := openSocket(t, one, api.ViewSelf, ""), openEvents(t, one, api.ViewSelf)
	otherSocket, otherEvents := openSocket(t, other, api.ViewSelf, ""), openEvents(t, other, api.ViewSelf)
	bystander := openEvents(t, admin, api.ViewFloor)

	var gone any
	must(t, one.send("DELETE", "tokens/current", nil, &gone))
	oneSocket.wantEnded(api.CloseTokenRevoked, within)
	oneEvents.wantEnded(api.CloseTokenRevoked, within)
	otherSocket.wantThere()
	otherEvents.wantThere()

	must(t, admin.send("POST", "users/"+other.id+"/tokens/revoke", nil, &gone))
	otherSocket.wantEnded(api.CloseTokenRevoked, within)
	otherEvents.wantEnded(api.CloseTokenRevoked, within)
	bystander.wantThere()
}

func TestSilentMonitoring_IsToldToWhoeverListensInAndNotToTheAgent(t *testing.T) {
	t.Parallel()
	s := startServer(t, provisioned(t))
	agent, agentTap := seatedAgent(t, s, "agent@demo.example")
	listener, listenerTap := seatedAgent(t, s, "supervisor@demo.example")
	listenerSession := *presenceOf(t, listener).SessionID
	router := logIn(t, s, "router@demo.example", "Demo")
	floor := openEvents(t, router, api.ViewFloor)
	const call = "00000000-0000-4000-8000-00000000c001"
	workPath := agent.presence() + "/interactions/" + call
	report := func() {
		t.Helper()
		_, err := ask[api.Work](router, "PUT", workPath, api.WorkReport{Channel: "voice", Direction: api.DirectionInbound, State: api.WorkStateActive})
		must(t, err)
	}
	interrupt := func(kind string) {
		t.Helper()
		_, err := ask[api.InterruptReceipt](listener, "POST", "tenants/"+listener.tenant+"/interactions/"+call+"/interrupts",
			map[string]any{"source": "client", "interruptType": kind, "interrupt": map[string]any{}})
		must(t, err)
	}
	told := func(k *tap) (kinds []api.NotificationType) {
		for _, m := range k.messages() {
			if m.Type != api.MessageTypeAgentNotification {
				continue
			}
			kinds = append(kinds, m.NotificationType)
			if m.InteractionID != call || m.ResourceID != listener.id || m.SessionID != listenerSession {
				t.Errorf("the notification says %+v", m)
			}
		}
		return kinds
	}
	wantTold := func(want ...api.NotificationType) {
		t.Helper()
		eventually(t, 10*time.Second, fmt.Sprint("told ", want), func() bool { return cmp.Equal(told(listenerTap), want) })
	}
	const begin, end = api.NotificationTypeSilentMonitorStart, api.NotificationTypeSilentMonitorEnd

	report()
	interrupt("silent-monitoring")
	wantTold(begin)
	interrupt("remove-resource")
	wantTold(begin, end)
	interrupt("silent-monitoring")
	wantTold(begin, end, begin)
	_, err := ask[*api.Work](router, "DELETE", workPath, nil)
	must(t, err)
	wantTold(begin, end, begin, end) // with the work

	// What comes last has everything before it.
	_, err = ask[api.PresenceState](agent, "POST", agent.presence(), api.SetStateRequest{State: api.StateNotReady})
	must(t, err)
	agentTap.await("the agent's last change", 10*time.Second, func(f tapped) bool {
		return len(f.Events) > 0 && f.Events[len(f.Events)-1].Message.State == string(api.StateNotReady)
	})
	if kinds := told(agentTap); len(kinds) != 0 {
		t.Errorf("the monitored agent was told %v", kinds)
	}
	eventually(t, 10*time.Second, "the floor has it too", func() bool {
		rows, _ := floor.rowsOf(agent)
		return len(rows) > 0 && rows[len(rows)-1].State == api.StateNotReady
	})
	if rows, _ := floor.rowsOf(listener); len(rows) != 0 {
		t.Errorf("of the listener the floor was told %+v", rows)
	}
}
