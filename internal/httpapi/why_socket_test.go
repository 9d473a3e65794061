package httpapi

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
)

// openSocket opens a socket of a person's session in North.
func (w *world) openSocket(p person, session string) *engine.Socket {
	w.tb.Helper()
	socket, err := w.engine.OpenSocket(w.tb.Context(), keyOf(north, p), presence.SessionID{UUID: uuid(session)}, engine.SocketInfo{
		ID: presence.SocketID{UUID: uuid(otherCallID)}, Client: "desk/1",
	})
	if err != nil {
		w.tb.Fatal(err)
	}
	return socket
}

// wantTimers checks which rules act next and when.
func (w *world) wantTimers(p person, want ...string) {
	w.tb.Helper()
	got := []string{}
	for _, timer := range w.why(supervisor, p).Timers {
		got = append(got, timer.Rule+" "+timer.At.String()[len("2000-01-01T"):])
	}
	wantEqual(w.tb, got, want)
}

// wantNewest checks the last step of the explanation.
func (w *world) wantNewest(p person, rule, evidence string) {
	w.tb.Helper()
	chain := w.why(supervisor, p).Chain
	step := chain[len(chain)-1]
	if step.Rule == nil || *step.Rule != rule || string(step.Evidence) != evidence || step.Cause != api.Cause("system") {
		w.tb.Errorf("the newest step is %+v with %s, want %s with %s", step, step.Evidence, rule, evidence)
	}
}

func TestWhy_TellsTheBeatThatWasMissedAndTheSocketThatClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		socket := w.openSocket(agent, w.session(agent))
		time.Sleep(2 * time.Second)
		socket.Asked(1)
		if err := socket.Answered(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		w.wantTimers(agent, "connection_silent 00:00:11.600Z", "connection_lost 00:01:02.000Z", "lease_expired 00:05:02.000Z")

		time.Sleep(4 * time.Second)
		socket.Asked(2)
		time.Sleep(4 * time.Second)
		socket.Asked(3)
		time.Sleep(2 * time.Second)
		w.wantNewest(agent, "connection_silent", `{"beatSent":"2000-01-01T00:00:06.000Z","client":"desk/1",`+
			`"lastHeard":"2000-01-01T00:00:02.000Z","socketId":"`+otherCallID+`","unansweredBeat":2}`)
		w.wantTimers(agent, "connection_lost 00:01:02.000Z", "lease_expired 00:05:02.000Z")

		socket.Close(presence.ClosedByNetwork)
		const closed = `{"beatSent":"2000-01-01T00:00:06.000Z","client":"desk/1","closedBy":"network","lastHeard":"2000-01-01T00:00:02.000Z",` +
			`"socketClosed":"2000-01-01T00:00:12.000Z","socketId":"` + otherCallID + `","unansweredBeat":2}`
		w.wantTimers(agent, "socket_closed 00:00:12.500Z", "connection_lost 00:01:02.000Z", "lease_expired 00:05:02.000Z")
		time.Sleep(time.Second)
		w.wantNewest(agent, "socket_closed", closed)
		w.wantTimers(agent, "connection_lost 00:01:02.000Z", "lease_expired 00:05:02.000Z")

		time.Sleep(time.Minute)
		w.wantNewest(agent, "connection_lost", closed)
		w.wantTimers(agent, "lease_expired 00:05:02.000Z")
	})
}

// While the grace of a closed socket runs, silence is no step of its own: it is
// overtaken.
func TestWhy_TellsThatAClosedSocketActsNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		socket := w.openSocket(agent, w.session(agent))
		time.Sleep(3 * time.Second)
		socket.Close(presence.ClosedByClient)
		w.wantTimers(agent, "socket_closed 00:00:03.500Z", "connection_lost 00:01:00.000Z", "lease_expired 00:05:00.000Z")
		time.Sleep(500 * time.Millisecond)
		synctest.Wait()
		w.wantNewest(agent, "socket_closed", `{"client":"desk/1","closedBy":"client","lastHeard":"2000-01-01T00:00:00.000Z",`+
			`"socketClosed":"2000-01-01T00:00:03.000Z","socketId":"`+otherCallID+`"}`)
		w.wantTimers(agent, "connection_lost 00:01:00.000Z", "lease_expired 00:05:00.000Z")
	})
}

// A request after the closing makes the client one without a socket, and the
// heartbeats' limit its own.
func TestWhy_TellsTheLimitThatApplies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		socket := w.openSocket(agent, w.session(agent))
		w.wantTimers(agent, "connection_silent 00:00:09.600Z", "connection_lost 00:01:00.000Z", "lease_expired 00:05:00.000Z")
		socket.Close(presence.ClosedByClient)
		w.post(agent, presencePath(north, agent)+"/heartbeat", nil).ok()
		w.wantTimers(agent, "connection_silent 00:00:22.500Z", "connection_lost 00:01:00.000Z", "lease_expired 00:05:00.000Z")
	})
}

// Each tenant chooses the timers, so any of them may come before the others.
func TestWhy_TellsTimersInTheOrderInWhichTheyAct(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.provision("tenants: [{ key: north, settings: { heartbeatDelay: 1s, lostAfter: 10s, notReadyAfter: 11s, endAfter: 12s } }]")
		socket := w.openSocket(agent, w.session(agent))
		socket.Close(presence.ClosedByNetwork)
		w.wantTimers(agent, "connection_silent 00:00:01.500Z", "socket_closed 00:00:10.000Z", "connection_lost 00:00:11.000Z", "lease_expired 00:00:12.000Z")
		time.Sleep(2 * time.Second)
		w.wantNewest(agent, "connection_silent", `{"client":"desk/1","closedBy":"network","lastHeard":"2000-01-01T00:00:00.000Z",`+
			`"socketClosed":"2000-01-01T00:00:00.000Z","socketId":"`+otherCallID+`"}`)
		w.wantTimers(agent, "socket_closed 00:00:10.000Z", "connection_lost 00:00:11.000Z", "lease_expired 00:00:12.000Z")
	})
}

// A socket that closes just before the session ends is not looked at any more.
func TestWhy_TellsNothingThatTheSessionsEndOvertakes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.provision("tenants: [{ key: north, settings: { heartbeatDelay: 7s, lostAfter: 10s, notReadyAfter: 11s, endAfter: 12s } }]")
		socket := w.openSocket(agent, w.session(agent))
		time.Sleep(5 * time.Second)
		socket.Close(presence.ClosedByNetwork)
		w.wantTimers(agent, "connection_silent 00:00:10.500Z", "connection_lost 00:00:11.000Z", "lease_expired 00:00:12.000Z")
	})
}
