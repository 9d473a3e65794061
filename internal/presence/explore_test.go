package presence

import (
	"slices"
	"testing"
	"time"
)

// explore carries out every command of a small world in every state of it that
// can be reached, and notes what happened in each cell of the table.
func explore(t *testing.T) map[CommandName]map[Situation]cell {
	t.Helper()
	seen := map[CommandName]map[Situation]cell{}
	known := map[essence]bool{}
	queue := []Agent{{}, laden(t)}
	for len(queue) > 0 {
		a := queue[0]
		queue = queue[1:]
		for _, c := range everyCommand(a) {
			s := attempt(t, a, c, a.LastAt.Add(time.Second))
			note(seen, s)
			if key := essenceOf(s.after()); !known[key] {
				known[key] = true
				queue = append(queue, s.after())
			}
		}
	}
	t.Logf("%d different agents were reached", len(known))
	return seen
}

func note(seen map[CommandName]map[Situation]cell, s step) {
	name, from := s.command.Name(), situationOf(s.before)
	if seen[name] == nil {
		seen[name] = map[Situation]cell{}
	}
	c := seen[name][from]
	if s.err != nil {
		c.Refuses = added(c.Refuses, string(RefusalOf(s.err)))
	} else {
		c.Leads = added(c.Leads, string(situationOf(s.after())))
	}
	seen[name][from] = c
}

func added(sorted []string, word string) []string {
	if i, found := slices.BinarySearch(sorted, word); !found {
		return slices.Insert(sorted, i, word)
	}
	return sorted
}

// essence is what tells the agents of the small world apart: not what only ever
// rises, and of the work only how much.
type essence struct {
	live, silent, held, unvouched, pending bool

	intent     Intent
	pendingBy  Actor
	direction  Direction
	connection Connection
	monitoring InteractionID
	work       int
}

func essenceOf(a Agent) essence {
	s := a.Session
	if s == nil {
		return essence{}
	}
	e := essence{
		live: true, silent: s.Silent, held: s.Held != nil, unvouched: s.UnvouchedSince != 0,
		intent: s.Intent, direction: s.Direction, connection: s.Connection, monitoring: s.Monitoring, work: len(s.Work),
	}
	if s.Pending != nil {
		e.pending, e.pendingBy = true, s.Pending.By
	}
	return e
}

// laden is an agent who has all the work that one may have.
func laden(t *testing.T) Agent {
	t.Helper()
	a := loggedIn(t)
	for n := range MaxOpenWork {
		a = play(t, a, ReportWork{By: router, Work: phone(100+n, WorkActive)})
	}
	return a
}

func everyCommand(a Agent) []Command {
	list := []Command{
		StartSession{By: ada}, StartSession{By: ada, Silent: true},
		ReportWork{By: router, Work: phone(1, WorkActive)},
		EndWork{By: router, Interaction: call(1)},
		TakeLease{HeardAt: a.LastAt},
		Disconnect{Fence: a.Fence, HeardAt: a.LastAt},
		EndMonitoring{By: router, Interaction: call(1)},
		Revoke{By: System()},
	}
	for _, quiet := range []time.Duration{0, limits.Silent, limits.NotReady, limits.End} {
		list = append(list, silence(a, quiet))
	}
	for _, session := range everySession(a) {
		list = append(list, Hear{Session: session})
		for _, by := range []Actor{ada, sue, router} {
			list = append(list, everyRequest(by, session)...)
		}
	}
	return list
}

func everyRequest(by Actor, session SessionID) []Command {
	return []Command{
		GoReady{By: by, Session: session, HasExtension: true},
		GoReady{By: by, Session: session},
		GoNotReady{By: by, Session: session},
		GoOffline{By: by, Session: session},
		GoOffline{By: by, Session: session, Wait: true},
		GoOffline{By: by, Session: session, Force: true},
		SetDirection{By: by, Session: session, Direction: Outbound},
		StartMonitoring{By: by, Session: session, Interaction: call(1)},
	}
}

// everySession lists the ways to name a session: any, the live one, an older and
// a newer one, and one that is not made from time.
func everySession(a Agent) []SessionID {
	older, tick := NewSessionID(nine.Add(-time.Hour), 0, [8]byte{})
	newer, _ := NewSessionID(nine, tick+1<<50, [8]byte{})
	list := []SessionID{{}, older, newer, {UUID{6: 0x40, 8: 0x80}}}
	if a.Session != nil {
		list = append(list, a.Session.ID)
	}
	return list
}
