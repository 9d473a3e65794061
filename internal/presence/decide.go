package presence

import (
	"bytes"
	"fmt"
)

// Decide answers what a command does to an agent at a time: the events that
// follow, none if nothing changes, or a [*Refusal]. It changes nothing itself.
//
// Times are never before the agent's last event: if the clock went back, now
// counts as that event's time.
func Decide(a Agent, c Command, now Instant) ([]Event, error) {
	d := &decision{agent: a, at: max(now, a.LastAt)}
	rule, ok := table[c.Name()][situationOf(a)]
	if !ok {
		return nil, refuse(RefusedUndecided)
	}
	if err := rule.decide(d, c); err != nil {
		return nil, err
	}
	if d.broken != nil {
		return nil, d.broken
	}
	return d.events, nil
}

// decision is a command being decided: the agent as it is after the events so
// far.
type decision struct {
	agent  Agent
	at     Instant
	events []Event
	broken error // an event that does not follow: a mistake in a rule
}

func (d *decision) emit(by Actor, change Change) {
	d.emitFor(d.agent.Session.ID, by, change)
}

func (d *decision) emitFor(session SessionID, by Actor, change Change) {
	e := Event{Version: d.agent.Version + 1, At: d.at, Session: session, By: by, Change: change}
	next, err := Evolve(d.agent, e)
	if err != nil {
		d.broken = fmt.Errorf("a rule made an impossible event: %w", err)
		return
	}
	d.agent = next
	d.events = append(d.events, e)
}

func beginSession(d *decision, c StartSession) error {
	id, tick := NewSessionID(d.at, d.agent.LastTick, c.Random)
	started := SessionStarted{
		Silent:    c.Silent,
		Metadata:  c.Metadata,
		WorkLimit: max(c.WorkLimit, 1),
		Tick:      tick,
		Fence:     d.agent.Fence + 1,
	}
	if old := d.agent.Session; old != nil {
		if !c.Silent {
			started.Work = old.Work
		}
		d.emit(c.By, SessionEnded{Code: EndSuperseded, BySilent: c.Silent && !old.Silent})
	}
	d.emitFor(id, c.By, started)
	return nil
}

func goReady(d *decision, c GoReady) error {
	if err := d.admit(c.By, c.Session); err != nil {
		return err
	}
	if !c.HasExtension {
		return refuse(RefusedNoExtension)
	}
	d.hearOwn(c.By)
	d.setState(c.By, Intent{State: Ready})
	return nil
}

func goNotReady(d *decision, c GoNotReady) error {
	if err := d.admit(c.By, c.Session); err != nil {
		return err
	}
	d.hearOwn(c.By)
	d.setState(c.By, Intent{State: NotReady, Reason: c.Reason})
	return nil
}

func (d *decision) setState(by Actor, intent Intent) {
	s := d.agent.Session
	d.emit(by, StateSet{Intent: intent, Repeated: s.Intent == intent && s.Pending == nil})
}

func goOffline(d *decision, c GoOffline) error {
	if err := d.admit(c.By, c.Session); err != nil {
		if RefusalOf(err) == RefusedSessionSuperseded {
			// To the caller its own session has simply ended: it is logged out.
			return refuse(RefusedSessionEnded)
		}
		return err
	}
	s := d.agent.Session
	switch {
	case len(s.Work) == 0 || c.Force:
		d.hearOwn(c.By) // so that history knows the agent was there to the end
		d.emit(c.By, SessionEnded{Code: logoutCode(c.By)})
	case c.Wait:
		d.hearOwn(c.By)
		repeated := s.Pending != nil && s.Pending.By == c.By
		d.emit(c.By, LogoutDeferred{Repeated: repeated})
	default:
		return &Refusal{Code: RefusedWorkOpen, Work: s.Work}
	}
	return nil
}

func logoutCode(by Actor) EndCode {
	if by.Cause == BySupervisor {
		return EndSupervisor
	}
	return EndLoggedOut
}

func setDirection(d *decision, c SetDirection) error {
	if err := d.admit(c.By, c.Session); err != nil {
		return err
	}
	d.hearOwn(c.By)
	d.emit(c.By, DirectionSet{Direction: c.Direction, Repeated: d.agent.Session.Direction == c.Direction})
	return nil
}

func reportWork(d *decision, c ReportWork) error {
	s := d.agent.Session
	if s.Silent {
		return refuse(RefusedNoSession)
	}
	work := c.Work
	work.Since = d.at
	known, ok := s.OpenWork(work.Interaction)
	if ok && known.State == work.State {
		work.Since = known.Since
	}
	switch {
	case ok && known == work:
		return nil
	case !ok && len(s.Work) >= MaxOpenWork:
		return &Refusal{Code: RefusedTooMuchWork, Work: s.Work}
	}
	d.emit(c.By, WorkReported{Work: work})
	return nil
}

func endWork(d *decision, c EndWork) error {
	s := d.agent.Session
	if s.Silent {
		return refuse(RefusedNoSession)
	}
	work, ok := s.OpenWork(c.Interaction)
	if !ok {
		return nil
	}
	d.emit(c.By, WorkEnded{Work: work})
	if s := d.agent.Session; s.Pending != nil && len(s.Work) == 0 {
		d.emit(s.Pending.By, SessionEnded{Code: logoutCode(s.Pending.By)})
	}
	return nil
}

func hear(d *decision, c Hear) error {
	if err := d.admitSession(c.Session); err != nil {
		return err
	}
	d.heard()
	return nil
}

func elapse(d *decision, c Elapse) error {
	s := d.agent.Session
	if c.Fence != d.agent.Fence {
		return nil // measured for another session, or by somebody no longer responsible
	}
	if s.Connection == Live && c.Silence >= c.Limits.Silent {
		d.emit(System(), ConnectionChanged{Connection: Silent, HeardAt: d.heardAt(c.HeardAt), Socket: c.Socket})
	}
	if s.Held == nil && c.Silence >= c.Limits.NotReady {
		d.emit(System(), Held{Reason: ConnectionLost(), HeardAt: d.heardAt(c.HeardAt), Socket: c.Socket})
	}
	if c.Silence >= c.Limits.End {
		d.emit(System(), SessionEnded{Code: EndLeaseExpired, HeardAt: d.heardAt(c.HeardAt), Socket: c.Socket})
	}
	return nil
}

func disconnect(d *decision, c Disconnect) error {
	if c.Fence == d.agent.Fence && d.agent.Session.Connection != Lost {
		d.emit(System(), ConnectionChanged{Connection: Lost, HeardAt: d.heardAt(c.HeardAt), Socket: c.Socket})
	}
	return nil
}

func takeLease(d *decision, c TakeLease) error {
	d.emit(System(), LeaseTaken{Fence: d.agent.Fence + 1, HeardAt: d.heardAt(c.HeardAt)})
	return nil
}

func startMonitoring(d *decision, c StartMonitoring) error {
	if err := d.admit(c.By, c.Session); err != nil {
		return err
	}
	d.hearOwn(c.By)
	if current := d.agent.Session.Monitoring; !current.IsZero() && current != c.Interaction {
		d.emit(c.By, MonitoringEnded{Interaction: current})
	}
	d.emit(c.By, MonitoringStarted{Interaction: c.Interaction})
	return nil
}

func endMonitoring(d *decision, c EndMonitoring) error {
	if d.agent.Session.Monitoring == c.Interaction {
		d.emit(c.By, MonitoringEnded{Interaction: c.Interaction})
	}
	return nil
}

func revoke(d *decision, c Revoke) error {
	d.emit(c.By, SessionEnded{Code: EndRevoked})
	return nil
}

// admit lets a request pass that names the live session or none. Others than
// the agent see no session where it is silent, and get the refusals of an agent
// who is offline.
func (d *decision) admit(by Actor, session SessionID) error {
	if by.Cause != ByAgent && d.agent.Session.Silent {
		return withoutSession(session)
	}
	return d.admitSession(session)
}

func (d *decision) admitSession(session SessionID) error {
	live := d.agent.Session.ID
	if session.IsZero() || session == live {
		return nil
	}
	tick, ok := session.Tick()
	liveTick, _ := live.Tick()
	if ok && (tick < liveTick || tick == liveTick && bytes.Compare(session.UUID[:], live.UUID[:]) < 0) {
		return refuse(RefusedSessionSuperseded)
	}
	return refuse(RefusedSessionEnded)
}

// hearOwn counts an agent's own request as a sign of life: the program that
// sent it runs.
func (d *decision) hearOwn(by Actor) {
	if by.Cause == ByAgent {
		d.heard()
	}
}

func (d *decision) heard() {
	if d.agent.Session.Connection != Live {
		d.emit(System(), ConnectionChanged{Connection: Live})
	}
	if d.agent.Session.Held != nil {
		d.emit(System(), Released{})
	}
}

// heardAt cuts evidence to the session: at its start the agent was heard, and
// where the clock went back the note may lie after now.
func (d *decision) heardAt(noted Instant) Instant {
	return max(d.agent.Session.StartedAt, min(noted, d.at))
}

// withoutSession refuses a command that needs a session: session names the one
// that the caller believes in.
func withoutSession(session SessionID) error {
	if session.IsZero() {
		return refuse(RefusedNoSession)
	}
	return refuse(RefusedSessionEnded)
}
