package presence

import (
	"encoding/json"
	"time"

	"pgregory.net/rapid"
)

// The people, things and times that the tests play with.
var (
	ada    = Actor{Cause: ByAgent, ID: AgentID{UUID{0xa, 15: 1}}, Name: "Ada"}
	sue    = Actor{Cause: BySupervisor, ID: AgentID{UUID{0xb, 15: 1}}, Name: "Sue"}
	sam    = Actor{Cause: BySupervisor, ID: AgentID{UUID{0xb, 15: 2}}, Name: "Sam"}
	router = Actor{Cause: BySystem, ID: AgentID{UUID{0xc, 15: 1}}, Name: "Router"}

	breaks = ReasonListID{UUID{0xd, 15: 1}}
	lunch  = Reason{Name: "Lunch", ID: ReasonID{UUID{0xe, 15: 1}}, List: breaks}
	coffee = Reason{Name: "Coffee", ID: ReasonID{UUID{0xe, 15: 2}}, List: breaks}

	nine = InstantOf(time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC))

	limits = Limits{Silent: 10 * time.Second, NotReady: 30 * time.Second, End: 2 * time.Minute}
)

// call names the n-th interaction.
func call(n int) InteractionID {
	return InteractionID{UUID{0xf, 14: byte(n >> 8), 15: byte(n)}}
}

// phone is work on the n-th interaction.
func phone(n int, state WorkState) Work {
	return Work{Interaction: call(n), Channel: "voice", Direction: Inbound, State: state}
}

// step is a command carried out, or refused, and all that came of it.
type step struct {
	before  Agent
	command Command
	now     Instant
	events  []Event
	folded  []Agent // the agent after each event
	err     error
}

// after is the agent after the step.
func (s step) after() Agent {
	if len(s.folded) == 0 {
		return s.before
	}
	return s.folded[len(s.folded)-1]
}

// previous is the agent before the step's i-th event.
func (s step) previous(i int) Agent {
	if i == 0 {
		return s.before
	}
	return s.folded[i-1]
}

// attempt decides a command and folds its events.
func attempt(t rapid.TB, a Agent, c Command, now Instant) step {
	t.Helper()
	s := step{before: a, command: c, now: now}
	s.events, s.err = Decide(a, c, now)
	for _, e := range s.events {
		next, err := Evolve(a, e)
		if err != nil {
			t.Fatalf("Evolve refuses what Decide answered to %#v: %v", c, err)
		}
		a = next
		s.folded = append(s.folded, a)
	}
	return s
}

// play carries out commands a second apart and fails if one is refused.
func play(t rapid.TB, a Agent, commands ...Command) Agent {
	t.Helper()
	now := max(a.LastAt, nine)
	for _, c := range commands {
		now = now.Add(time.Second)
		s := attempt(t, a, c, now)
		if s.err != nil {
			t.Fatalf("%s: %v", c.Name(), s.err)
		}
		a = s.after()
	}
	return a
}

// refusal is why a command is refused, "" if it is not.
func refusal(t rapid.TB, a Agent, c Command) RefusalCode {
	t.Helper()
	s := attempt(t, a, c, max(a.LastAt, nine).Add(time.Second))
	if s.err != nil && len(s.events) > 0 {
		t.Fatalf("%s is refused and yet makes %d events", c.Name(), len(s.events))
	}
	return RefusalOf(s.err)
}

// kinds lists what a command makes of an agent.
func kinds(t rapid.TB, a Agent, c Command) []Kind {
	t.Helper()
	s := attempt(t, a, c, max(a.LastAt, nine).Add(time.Second))
	if s.err != nil {
		t.Fatalf("%s: %v", c.Name(), s.err)
	}
	list := []Kind{}
	for _, e := range s.events {
		list = append(list, e.Change.Kind())
	}
	return list
}

// loggedIn is an agent just logged in.
func loggedIn(t rapid.TB) Agent {
	t.Helper()
	return play(t, Agent{}, StartSession{By: ada, WorkLimit: 1})
}

// silence lets an agent's client be silent for a time from now on.
func silence(a Agent, d time.Duration) Elapse {
	return Elapse{Fence: a.Fence, Silence: d, HeardAt: a.LastAt, Limits: limits}
}

// held lets the system hold an agent not ready.
func held(t rapid.TB, a Agent) Agent {
	t.Helper()
	a = play(t, a, silence(a, limits.NotReady))
	if a.Session == nil || a.Session.Held == nil {
		t.Fatalf("silence of %s does not hold the agent", limits.NotReady)
	}
	return a
}

// text is a value in a form that tells every difference.
func text(t rapid.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(data)
}
