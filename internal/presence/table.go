package presence

// Situation is a column of the transition table: what [Decide] looks at first.
type Situation string

// The situations.
const (
	// NoSession: the agent is offline.
	NoSession Situation = "no session"
	// IsNotReady: a session whose visible state is the intent, not ready.
	IsNotReady Situation = "not ready"
	// IsReady: a session whose visible state is the intent, ready.
	IsReady Situation = "ready"
	// IsHeld: a session that the system holds not ready.
	IsHeld Situation = "held not ready"
)

// Situations lists all situations.
func Situations() []Situation { return []Situation{NoSession, IsNotReady, IsReady, IsHeld} }

func situationOf(a Agent) Situation {
	switch {
	case a.Session == nil:
		return NoSession
	case a.Session.Held != nil:
		return IsHeld
	case a.Session.Intent.State == Ready:
		return IsReady
	}
	return IsNotReady
}

// rule is a cell of the table: how a command is decided in a situation, and
// what can come of it: exactly that, as TestTableSaysExactlyWhatHappens shows.
type rule struct {
	decide  func(*decision, Command) error
	leads   []Situation
	refuses []RefusalCode
}

// on makes the decide of a rule from a function for one type of command.
func on[C Command](decide func(*decision, C) error) func(*decision, Command) error {
	return func(d *decision, c Command) error { return decide(d, c.(C)) }
}

// refusing makes the rule of a command that needs a session for agents without
// one, where the command names the session it means.
func refusing[C Command](session func(C) SessionID) rule {
	return rule{
		decide:  on(func(_ *decision, c C) error { return withoutSession(session(c)) }),
		refuses: []RefusalCode{RefusedNoSession, RefusedSessionEnded},
	}
}

// absent is the rule of a command that needs a session, whichever is live, for
// agents without one.
var absent = rule{
	decide:  func(*decision, Command) error { return refuse(RefusedNoSession) },
	refuses: []RefusalCode{RefusedNoSession},
}

// ignored is the rule of a command that means nothing to an agent without a
// session.
var ignored = rule{
	decide: func(*decision, Command) error { return nil },
	leads:  []Situation{NoSession},
}

// ways says for each situation with a session where a command can lead.
type ways map[Situation][]Situation

var (
	// stays: the command changes other things than the situation.
	stays = ways{IsNotReady: {IsNotReady}, IsReady: {IsReady}, IsHeld: {IsHeld}}
	// hears: the agent's own request is a sign of life and ends a hold; the
	// same request of somebody else is none.
	hears = ways{IsNotReady: {IsNotReady}, IsReady: {IsReady}, IsHeld: {IsNotReady, IsReady, IsHeld}}
	// revives: a sign of life gives the intent back.
	revives = ways{IsNotReady: {IsNotReady}, IsReady: {IsReady}, IsHeld: {IsNotReady, IsReady}}
	// decays: silence holds the agent, then ends the session.
	decays = ways{IsNotReady: {IsNotReady, IsHeld}, IsReady: {IsReady, IsHeld}, IsHeld: {IsHeld}}
)

// orEnds adds the end of the session to where a command can lead.
func (w ways) orEnds() ways {
	ends := ways{}
	for from, to := range w {
		ends[from] = append([]Situation{NoSession}, to...)
	}
	return ends
}

// always leads to the same situations from everywhere.
func always(to ...Situation) ways { return ways{IsNotReady: to, IsReady: to, IsHeld: to} }

// row decides a command in the same way in every situation with a session.
func row(absent rule, decide func(*decision, Command) error, leads ways, refuses ...RefusalCode) map[Situation]rule {
	cells := map[Situation]rule{NoSession: absent}
	for situation, to := range leads {
		cells[situation] = rule{decide: decide, leads: to, refuses: refuses}
	}
	return cells
}

// table is the transition table. docs/states.md is generated from it.
//
// A request that names a session can miss the live one (session_ended,
// session_superseded); one of somebody else can meet a silent session, which is
// none to them (no_session, session_ended).
var table = map[CommandName]map[Situation]rule{
	CommandStartSession: row(
		rule{decide: on(beginSession), leads: []Situation{IsNotReady}},
		on(beginSession), always(IsNotReady)),
	CommandGoReady: row(
		refusing(func(c GoReady) SessionID { return c.Session }),
		on(goReady), ways{IsNotReady: {IsReady}, IsReady: {IsReady}, IsHeld: {IsReady, IsHeld}},
		RefusedNoSession, RefusedSessionEnded, RefusedSessionSuperseded, RefusedNoExtension),
	CommandGoNotReady: row(
		refusing(func(c GoNotReady) SessionID { return c.Session }),
		on(goNotReady), ways{IsNotReady: {IsNotReady}, IsReady: {IsNotReady}, IsHeld: {IsNotReady, IsHeld}},
		RefusedNoSession, RefusedSessionEnded, RefusedSessionSuperseded),
	CommandGoOffline: row(
		refusing(func(c GoOffline) SessionID { return c.Session }),
		on(goOffline), hears.orEnds(),
		RefusedNoSession, RefusedSessionEnded, RefusedWorkOpen),
	CommandSetDirection: row(
		refusing(func(c SetDirection) SessionID { return c.Session }),
		on(setDirection), hears,
		RefusedNoSession, RefusedSessionEnded, RefusedSessionSuperseded),
	CommandReportWork: row(absent, on(reportWork), stays, RefusedNoSession, RefusedTooMuchWork),
	CommandEndWork:    row(absent, on(endWork), stays.orEnds(), RefusedNoSession),
	CommandHear: row(
		refusing(func(c Hear) SessionID { return c.Session }),
		on(hear), revives,
		RefusedSessionEnded, RefusedSessionSuperseded),
	CommandElapse:     row(ignored, on(elapse), decays.orEnds()),
	CommandDisconnect: row(ignored, on(disconnect), stays),
	CommandTakeLease:  row(ignored, on(takeLease), stays),
	CommandStartMonitoring: row(
		refusing(func(c StartMonitoring) SessionID { return c.Session }),
		on(startMonitoring), hears,
		RefusedNoSession, RefusedSessionEnded, RefusedSessionSuperseded),
	CommandEndMonitoring: row(ignored, on(endMonitoring), stays),
	CommandRevoke:        row(ignored, on(revoke), always(NoSession)),
}
