package sdk

import (
	"testing"

	"github.com/muster-presence/muster/api"
)

// lostSession is a session whose connection is lost, and which nothing runs for.
func lostSession(t *testing.T) (*liveSession, *ear) {
	t.Helper()
	c := idle(t)
	heard := new(ear)
	mustSubscribe(t, c, TopicState, heard.hear)
	s := c.core.newLiveSession(api.Session{TenantID: theTenant, ResourceID: me, SessionID: new(mine), State: api.StateNotReady})
	s.lost = true
	t.Cleanup(s.end)
	return s, heard
}

// A log-out overtakes, so an answer may wait for one to another request, and the connection be back by then.
func TestAnswer_ThatWaitedUntilTheReturnIsKeptForTheNextLoss(t *testing.T) {
	t.Parallel()
	s, heard := lostSession(t)
	s.hold()
	s.answered(api.PresenceState{SessionID: new(mine), State: api.StateReady}, TopicState)
	s.lost = false
	s.release()
	if s.judge.kept == nil || s.judge.kept.State != api.StateReady {
		t.Errorf("what is kept is %+v", s.judge.kept)
	}
	s.core.close() // delivers what was published
	if n := len(heard.topics()); n != 0 {
		t.Errorf("%d states are published though the stream is there", n)
	}
}

// Messages wait while a request is under way: they may be of the time before it.
func TestAnswer_IsNotForgottenForAnOlderChangeThatWaitedForIt(t *testing.T) {
	t.Parallel()
	s, _ := lostSession(t)
	s.judge.keep(api.PresenceState{SessionID: new(mine), State: api.StateReady, StateSince: new(api.Time(2))})
	s.judge.stateChanged(api.StateChangeMessage{SessionID: new(mine), State: api.StateNotReady, StateSince: new(api.Time(1))})
	s.judge.directionChanged(api.DirectionChangeMessage{SessionID: mine, State: api.StateNotReady, Direction: api.DirectionOutbound})
	findings := s.judge.unheard()
	if len(findings) != 1 || findings[0].response.(StateChange).State != api.StateReady || findings[0].response.(StateChange).Direction != api.DirectionOutbound {
		t.Errorf("the answer tells %+v", findings)
	}
	s.judge.keep(api.PresenceState{SessionID: new(mine), State: api.StateReady, StateSince: new(api.Time(2))})
	s.judge.stateChanged(api.StateChangeMessage{SessionID: new(mine), State: api.StateNotReady, StateSince: new(api.Time(3))})
	if findings := s.judge.unheard(); len(findings) != 0 {
		t.Errorf("after a later change the answer tells %+v", findings)
	}
}

func TestAnswer_OfOtherSessionsAndOfAnEndIsNoChange(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]api.PresenceState{
		"another session": {SessionID: new(newer), State: api.StateReady},
		"no session":      {State: api.StateOffline},
		"the end":         {SessionID: new(mine), State: api.StateOffline},
	} {
		s, heard := lostSession(t)
		s.answered(answer, TopicState)
		s.core.close()
		if n := len(heard.topics()); n != 0 {
			t.Errorf("%s: %d states are published", name, n)
		}
	}
}
