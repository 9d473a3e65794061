package presence

import (
	"testing"
	"time"
)

// namingASession lists the requests that name a session, without log-out.
func namingASession(by Actor, id SessionID) []Command {
	return []Command{
		GoReady{By: by, Session: id, HasExtension: true},
		GoNotReady{By: by, Session: id},
		SetDirection{By: by, Session: id, Direction: Outbound},
		StartMonitoring{By: by, Session: id, Interaction: call(1)},
	}
}

func TestRequestForASessionThatIsNotLive(t *testing.T) {
	t.Parallel()
	first := loggedIn(t)
	second := play(t, first, StartSession{By: ada})
	offline := play(t, first, GoOffline{By: ada})
	older := first.Session.ID
	foreign, _ := NewSessionID(nine.Add(time.Hour), 0, [8]byte{1})
	random := SessionID{UUID{6: 0x40, 8: 0x80}}

	for name, c := range map[string]struct {
		agent  Agent
		id     SessionID
		want   RefusalCode
		logout RefusalCode
	}{
		"none named, one lives":          {second, SessionID{}, "", ""},
		"the live one":                   {second, second.Session.ID, "", ""},
		"an older one, a newer lives":    {second, older, RefusedSessionSuperseded, RefusedSessionEnded},
		"a newer one than lives":         {second, foreign, RefusedSessionEnded, RefusedSessionEnded},
		"one not made from time":         {second, random, RefusedSessionEnded, RefusedSessionEnded},
		"none named, none lives":         {offline, SessionID{}, RefusedNoSession, RefusedNoSession},
		"the last one after its end":     {offline, older, RefusedSessionEnded, RefusedSessionEnded},
		"any of who never had a session": {Agent{}, random, RefusedSessionEnded, RefusedSessionEnded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, by := range []Actor{ada, sue} {
				for _, request := range append(namingASession(by, c.id), Hear{Session: c.id}) {
					if got := refusal(t, c.agent, request); got != c.want {
						t.Errorf("%s by the %s: %q, want %q", request.Name(), by.Cause, got, c.want)
					}
				}
				if got := refusal(t, c.agent, GoOffline{By: by, Session: c.id}); got != c.logout {
					t.Errorf("log-out by the %s: %q, want %q", by.Cause, got, c.logout)
				}
			}
		})
	}
}

func TestSessionOfTheSameTickIsOlderIfItsBytesAre(t *testing.T) {
	t.Parallel()
	a := play(t, Agent{}, StartSession{By: ada, Random: [8]byte{7: 5}})
	for last, want := range map[byte]RefusalCode{4: RefusedSessionSuperseded, 5: "", 6: RefusedSessionEnded} {
		id := a.Session.ID
		id.UUID[15] = last
		if got := refusal(t, a, Hear{Session: id}); got != want {
			t.Errorf("last byte %d: %q, want %q", last, got, want)
		}
	}
}

func TestNewSessionBeginsAsTheContractSays(t *testing.T) {
	t.Parallel()
	a := loggedIn(t)
	s := a.Session
	if a.State() != NotReady || a.Reason() != LoggedIn() || s.Direction != Inbound || s.Connection != Live {
		t.Errorf("begins as %s", text(t, a))
	}
	if s.StateSince != s.StartedAt || s.DirectionSince != s.StartedAt || s.Cause != ByAgent || s.CauseCode != CauseLoggedIn {
		t.Errorf("begins as %s", text(t, a))
	}
}

func TestNewSessionSupersedesTheOldOne(t *testing.T) {
	t.Parallel()
	first := play(t, loggedIn(t), GoReady{By: ada, HasExtension: true}, SetDirection{By: ada, Direction: Outbound})
	second := play(t, first, StartSession{By: ada})
	if second.State() != NotReady || second.Reason() != LoggedIn() || second.Session.Direction != Inbound {
		t.Errorf("the new session keeps something of the old: %s", text(t, second))
	}
	if second.Fence != first.Fence+1 {
		t.Errorf("the fence is %d after %d", second.Fence, first.Fence)
	}
}

func TestWorkGoesOnInTheNewSession(t *testing.T) {
	t.Parallel()
	first := play(t, loggedIn(t), ReportWork{By: router, Work: phone(1, WorkActive)}, GoOffline{By: ada, Wait: true})
	second := play(t, first, StartSession{By: ada})
	if len(second.Session.Work) != 1 || second.Session.Work[0] != first.Session.Work[0] {
		t.Errorf("the new session has %+v, the old had %+v", second.Session.Work, first.Session.Work)
	}
	if second.Session.Pending != nil {
		t.Errorf("the old session's log-out waits in the new one")
	}
}

func TestReadyNeedsAnExtension(t *testing.T) {
	t.Parallel()
	for name, a := range map[string]Agent{
		"not ready": loggedIn(t),
		"ready":     play(t, loggedIn(t), GoReady{By: ada, HasExtension: true}),
		"held":      held(t, loggedIn(t)),
	} {
		if got := refusal(t, a, GoReady{By: ada}); got != RefusedNoExtension {
			t.Errorf("%s: %q", name, got)
		}
	}
}
