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
// what can come of it. The property tests hold leads and refuses against what
// decide really does.
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
// one.
func refusing[C Command](session func(C) SessionID) rule {
	return rule{
		decide:  on(func(_ *decision, c C) error { return withoutSession(session(c)) }),
		leads:   []Situation{NoSession},
		refuses: []RefusalCode{RefusedNoSession, RefusedSessionEnded},
	}
}

// ignoring makes the rule of a command that means nothing to an agent without a
// session.
func ignoring() rule {
	return rule{
		decide: func(*decision, Command) error { return nil },
		leads:  []Situation{NoSession},
	}
}

// wrongSession lists how a request that names a session can miss it, or miss a
// silent one.
var wrongSession = []RefusalCode{RefusedNoSession, RefusedSessionEnded, RefusedSessionSuperseded}

// row gives the same rule to every situation with a session.
func row(absent, present rule) map[Situation]rule {
	return map[Situation]rule{NoSession: absent, IsNotReady: present, IsReady: present, IsHeld: present}
}

// live lists the situations with a session.
var live = []Situation{IsNotReady, IsReady, IsHeld}

// table is the transition table. docs/states.md is generated from it.
var table = map[CommandName]map[Situation]rule{
	CommandStartSession: row(
		rule{decide: on(beginSession), leads: []Situation{IsNotReady}},
		rule{decide: on(beginSession), leads: []Situation{IsNotReady}}),
	CommandGoReady: {
		NoSession: refusing(func(c GoReady) SessionID { return c.Session }),
		IsNotReady: {decide: on(goReady), leads: []Situation{IsReady},
			refuses: append(wrongSession[:3:3], RefusedNoExtension)},
		IsReady: {decide: on(goReady), leads: []Situation{IsReady},
			refuses: append(wrongSession[:3:3], RefusedNoExtension)},
		IsHeld: {decide: on(goReady), leads: []Situation{IsReady, IsHeld},
			refuses: append(wrongSession[:3:3], RefusedNoExtension)},
	},
	CommandGoNotReady: {
		NoSession:  refusing(func(c GoNotReady) SessionID { return c.Session }),
		IsNotReady: {decide: on(goNotReady), leads: []Situation{IsNotReady}, refuses: wrongSession},
		IsReady:    {decide: on(goNotReady), leads: []Situation{IsNotReady}, refuses: wrongSession},
		IsHeld:     {decide: on(goNotReady), leads: []Situation{IsNotReady, IsHeld}, refuses: wrongSession},
	},
	CommandGoOffline: row(
		refusing(func(c GoOffline) SessionID { return c.Session }),
		rule{decide: on(goOffline), leads: []Situation{NoSession, IsNotReady, IsReady, IsHeld},
			refuses: []RefusalCode{RefusedNoSession, RefusedSessionEnded, RefusedWorkOpen}}),
	CommandSetDirection: row(
		refusing(func(c SetDirection) SessionID { return c.Session }),
		rule{decide: on(setDirection), leads: live, refuses: wrongSession}),
	CommandReportWork: row(
		refusing(func(ReportWork) SessionID { return SessionID{} }),
		rule{decide: on(reportWork), leads: live, refuses: []RefusalCode{RefusedNoSession, RefusedTooMuchWork}}),
	CommandEndWork: row(
		refusing(func(EndWork) SessionID { return SessionID{} }),
		rule{decide: on(endWork), leads: []Situation{NoSession, IsNotReady, IsReady, IsHeld},
			refuses: []RefusalCode{RefusedNoSession}}),
	CommandHear: row(
		refusing(func(c Hear) SessionID { return c.Session }),
		rule{decide: on(hear), leads: []Situation{IsNotReady, IsReady}, refuses: wrongSession[1:]}),
	CommandElapse: row(
		ignoring(),
		rule{decide: on(elapse), leads: []Situation{NoSession, IsNotReady, IsReady, IsHeld}}),
	CommandTakeLease: row(
		ignoring(),
		rule{decide: on(takeLease), leads: live}),
	CommandStartMonitoring: row(
		refusing(func(c StartMonitoring) SessionID { return c.Session }),
		rule{decide: on(startMonitoring), leads: live, refuses: wrongSession}),
	CommandEndMonitoring: row(
		ignoring(),
		rule{decide: on(endMonitoring), leads: live}),
	CommandRevoke: row(
		ignoring(),
		rule{decide: on(revoke), leads: []Situation{NoSession}}),
}
