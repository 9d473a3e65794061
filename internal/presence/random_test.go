package presence

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// everyStep holds a check against every step of many random lives of an agent.
func everyStep(t *testing.T, check func(t *rapid.T, s step)) {
	t.Helper()
	everyLife(t, func(t *rapid.T, life []step) {
		for _, s := range life {
			check(t, s)
		}
	})
}

// everyLife holds a check against many random lives of an agent.
func everyLife(t *testing.T, check func(t *rapid.T, life []step)) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) { check(t, drawLife(t)) })
}

// drawLife lets random people send random commands to an agent, by a clock that
// also stands still and goes back.
func drawLife(t *rapid.T) []step {
	var (
		a     Agent
		now   = nine
		seen  []SessionID
		steps []step
	)
	for range rapid.IntRange(1, 40).Draw(t, "length") {
		now = now.Add(drawPassing(t))
		s := attempt(t, a, drawCommand(t, a, now, seen), now)
		a = s.after()
		if a.Session != nil {
			seen = append(seen, a.Session.ID)
		}
		steps = append(steps, s)
	}
	return steps
}

// drawAgent draws an agent in any situation.
func drawAgent(t *rapid.T) Agent {
	life := drawLife(t)
	return life[len(life)-1].after()
}

// drawLiveAgent draws an agent who has a session.
func drawLiveAgent(t *rapid.T) Agent {
	a := drawAgent(t)
	if a.Session == nil {
		a = play(t, a, drawStart(t))
	}
	return a
}

func drawPassing(t *rapid.T) time.Duration {
	return rapid.OneOf(
		rapid.Just(time.Duration(0)),
		rapid.Map(rapid.IntRange(1, 200_000), func(ms int) time.Duration { return time.Duration(ms) * time.Millisecond }),
		rapid.SampledFrom([]time.Duration{-time.Millisecond, -time.Minute, -48 * time.Hour, 24 * time.Hour}),
	).Draw(t, "passing")
}

func drawActor(t *rapid.T) Actor {
	return rapid.SampledFrom([]Actor{ada, ada, ada, sue, sam, router}).Draw(t, "actor")
}

// drawSession draws the id that a request names: none, the live one, one of
// former days, or one that was never the agent's.
func drawSession(t *rapid.T, a Agent, seen []SessionID) SessionID {
	ids := []SessionID{{}, {}, {UUID{6: 0x40, 8: 0x80, 15: 9}}}
	if a.Session != nil {
		ids = append(ids, a.Session.ID, a.Session.ID, a.Session.ID)
	}
	if len(seen) > 0 {
		ids = append(ids, seen[0], seen[len(seen)-1])
	}
	foreign, _ := NewSessionID(nine.Add(rapid.SampledFrom([]time.Duration{-time.Hour, 1000 * time.Hour}).Draw(t, "age")), 0, [8]byte{7})
	return rapid.SampledFrom(append(ids, foreign)).Draw(t, "session")
}

func drawStart(t *rapid.T) StartSession {
	return StartSession{
		By:        ada,
		Silent:    rapid.IntRange(0, 3).Draw(t, "silent") == 0,
		Metadata:  rapid.SampledFrom([]json.RawMessage{nil, json.RawMessage(`{"desk":4}`), json.RawMessage(`null`)}).Draw(t, "metadata"),
		WorkLimit: rapid.IntRange(-1, 3).Draw(t, "work limit"),
		Random:    drawRandom(t),
	}
}

func drawCommand(t *rapid.T, a Agent, now Instant, seen []SessionID) Command {
	by := drawActor(t)
	session := func() SessionID { return drawSession(t, a, seen) }
	chance := func(label string) bool { return rapid.Bool().Draw(t, label) }
	switch rapid.SampledFrom(often).Draw(t, "command") {
	case CommandStartSession:
		return drawStart(t)
	case CommandGoReady:
		return GoReady{By: by, Session: session(), HasExtension: rapid.IntRange(0, 4).Draw(t, "extension") > 0}
	case CommandGoNotReady:
		reason := rapid.SampledFrom([]Reason{{}, lunch, coffee, LoggedIn()}).Draw(t, "reason")
		return GoNotReady{By: by, Session: session(), Reason: reason}
	case CommandGoOffline:
		return GoOffline{By: by, Session: session(), Force: chance("force"), Wait: chance("wait")}
	case CommandSetDirection:
		return SetDirection{By: by, Session: session(), Direction: drawDirection(t)}
	case CommandReportWork:
		return ReportWork{By: by, Work: drawWork(t)}
	case CommandEndWork:
		return EndWork{By: by, Interaction: drawCall(t)}
	case CommandHear:
		return Hear{Session: session()}
	case CommandElapse:
		return drawElapse(t, a, now)
	case CommandDisconnect:
		return Disconnect{Fence: a.Fence + uint64(rapid.IntRange(0, 1).Draw(t, "other fence")), HeardAt: drawHeardAt(t, now)}
	case CommandTakeLease:
		return TakeLease{HeardAt: drawHeardAt(t, now)}
	case CommandStartMonitoring:
		return StartMonitoring{By: by, Session: session(), Interaction: drawCall(t)}
	case CommandEndMonitoring:
		return EndMonitoring{By: by, Interaction: drawCall(t)}
	}
	return Revoke{By: by}
}

// often lists the commands, those that make longer lives more than once.
var often = []CommandName{
	CommandStartSession, CommandStartSession, CommandGoReady, CommandGoReady, CommandGoReady, CommandGoNotReady,
	CommandGoNotReady, CommandGoOffline, CommandSetDirection, CommandReportWork, CommandReportWork, CommandReportWork,
	CommandEndWork, CommandHear, CommandElapse, CommandElapse, CommandDisconnect, CommandTakeLease, CommandStartMonitoring,
	CommandEndMonitoring, CommandRevoke,
}

func drawDirection(t *rapid.T) Direction {
	return rapid.SampledFrom(Directions()).Draw(t, "direction")
}

func drawCall(t *rapid.T) InteractionID { return call(rapid.IntRange(1, 4).Draw(t, "interaction")) }

func drawWork(t *rapid.T) Work {
	return Work{
		Interaction: drawCall(t),
		Channel:     rapid.SampledFrom([]string{"voice", "chat"}).Draw(t, "channel"),
		Direction:   drawDirection(t),
		State:       rapid.SampledFrom(WorkStates()).Draw(t, "work state"),
	}
}

func drawElapse(t *rapid.T, a Agent, now Instant) Elapse {
	fence := a.Fence
	if rapid.IntRange(0, 5).Draw(t, "other fence") == 0 {
		fence++
	}
	quiet := rapid.SampledFrom([]time.Duration{0, 9 * time.Second, limits.Silent, 12 * time.Second, limits.NotReady, time.Minute, limits.End, time.Hour})
	return Elapse{Fence: fence, Silence: quiet.Draw(t, "silence"), HeardAt: drawHeardAt(t, now), Limits: limits}
}

// drawHeardAt draws evidence that may be missing (0), old, or newer than now.
func drawHeardAt(t *rapid.T, now Instant) Instant {
	return rapid.SampledFrom([]Instant{0, now.Add(-time.Hour), now.Add(-20 * time.Second), now, now.Add(time.Minute)}).Draw(t, "heard at")
}
