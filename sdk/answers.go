package sdk

import (
	"time"

	"github.com/muster-presence/muster/api"
)

// ownAnswer is what the server answered to a request for the own session's state or direction.
type ownAnswer struct {
	state api.PresenceState
	asked Topic // of the change that was asked for
}

// answered is told what the server answered to a request. While the stream is there, or may resume where it was, it tells the change
// itself, and the answer is kept in case that it does not; what it tells meanwhile takes the answer's place. Otherwise the answer is all
// that tells it, in its turn among what waits.
func (s *liveSession) answered(state api.PresenceState, asked Topic) {
	if state.SessionID == nil || *state.SessionID != s.id || state.State == api.StateOffline {
		return
	}
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	if answer := (ownAnswer{state, asked}); s.away {
		s.accept(held{answer: &answer})
	} else {
		s.judge.keep(state)
	}
}

// answered is told of an answer about the own agent; one about others concerns no session of this client's.
func (o ownAgent) answered(state api.PresenceState, asked Topic) {
	if o.session != nil {
		o.session.answered(state, asked)
	}
}

// miss makes the connection one that is lost. What it does not tell now it tells when it resumes, if it can and does so soon.
func (s *liveSession) miss(since api.Time) {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	if s.over || s.grace == nil {
		return
	}
	s.grace, s.lost = nil, true
	s.core.publish(TopicConnection, Connection{Connected: false, Since: since})
	if s.placed && !s.stopped {
		s.grace = time.AfterFunc(resumeTime, s.missLong)
	} else {
		s.beAway()
	}
	s.settle()
}

// missLong makes a stream that did not resume one that is away.
func (s *liveSession) missLong() {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	if !s.over && s.grace != nil {
		s.grace = nil
		s.beAway()
	}
}

// giveUp makes a stream that has stopped one that is away, as soon as its loss is published.
func (s *liveSession) giveUp() {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.stopped = true
	if s.lost && !s.over {
		s.beAway()
	}
}

// beAway publishes what answers have told and the stream has not, which is away. Messages that wait come first, for one of them may tell
// the same. It is for whoever holds core's mutex.
func (s *liveSession) beAway() {
	s.away = true
	if missed := (held{missed: true}); len(s.held) > 0 {
		s.accept(missed)
	} else {
		s.consider(missed)
	}
}

// alone finds what is to be published without the stream. When it returns it begins with a snapshot: from its cursor on it would tell of
// the past, after the present.
func (s *liveSession) alone(h held) (findings []finding) {
	switch {
	case !s.away && h.answer != nil: // it has returned while this waited
		s.judge.keep(h.answer.state)
	case !s.away:
	case h.answer != nil:
		findings = s.judge.compare(changeOf(h.answer.state), h.answer.asked)
	default:
		findings = s.judge.unheard()
	}
	if len(findings) > 0 {
		s.placed = false
		s.follower.Restart()
	}
	return findings
}

// keep keeps what an answer told until the stream tells it.
func (j *judge) keep(state api.PresenceState) {
	change := changeOf(state)
	j.kept = &change
}

// unheard finds what is kept and differs from what was published last.
func (j *judge) unheard() []finding {
	if j.kept == nil {
		return nil
	}
	return j.compare(*j.kept, "")
}

// compare finds what of the present state differs from what was published last, and what was asked for whether it differs or not. It
// takes the place of what was kept.
func (j *judge) compare(now StateChange, asked Topic) (findings []finding) {
	j.kept = nil
	turned := asked == TopicDirection || now.Direction != j.direction
	if j.shown == nil || asked == TopicState || differ(*j.shown, now) {
		findings = append(findings, j.show(now))
	}
	if turned {
		findings = append(findings, j.turn(DirectionChange{
			State: now.State, AvailableStates: now.AvailableStates, Direction: now.Direction,
			SupervisorID: now.SupervisorID, SupervisorName: now.SupervisorName,
		}))
	}
	return findings
}

// changeOf is what is published of a presence state.
func changeOf(p api.PresenceState) StateChange {
	return StateChange{
		State: p.State, AvailableStates: p.AvailableStates, Direction: p.Direction,
		Reason: p.Reason, ReasonID: p.ReasonID, ReasonListID: p.ReasonListID,
		SupervisorID: p.SupervisorID, SupervisorName: p.SupervisorName,
		StateSince: p.StateSince, Pending: p.Pending, Cause: p.Cause,
	}
}
