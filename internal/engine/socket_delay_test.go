package engine_test

import (
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
)

// listen opens a socket whose client was told a delay.
func (f *floor) listen(key presence.Key, session presence.SessionID, told time.Duration) *engine.Socket {
	f.t.Helper()
	s, err := f.engine.OpenSocket(f.t.Context(), key, session, engine.SocketInfo{BeatDelay: told})
	if err != nil {
		f.t.Fatalf("open a socket: %v", err)
	}
	return s
}

// ask asks so many beats, each a delay after the one before, and answers them.
func ask(t tester, s *engine.Socket, from, to uint64, delay time.Duration) {
	t.Helper()
	for n := from; n <= to; n++ {
		pass(delay)
		s.Asked(n)
		if err := s.Answered(t.Context(), n); err != nil {
			t.Fatalf("answer: %v", err)
		}
	}
}

func beatsEvery(delay time.Duration) func(*directory.Settings) {
	return func(s *directory.Settings) {
		s.BeatDelay, s.NotReadyAfter = delay, max(s.NotReadyAfter, 3*delay)
	}
}

func TestSocket_IsJudgedByTheDelayThatItWasTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ told, now, silent time.Duration }{
		"shortened":                      {10 * time.Second, time.Second, 24 * time.Second},
		"raised":                         {4 * time.Second, 30 * time.Second, 9600 * time.Millisecond},
		"shortened below what follows":   {20 * time.Second, time.Second, 48 * time.Second},
		"shortened, with all that comes": {30 * time.Second, time.Second, 72 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onFloor(t, func(t *testing.T, f *floor) {
				f.changeSettings(beatsEvery(c.told))
				s := f.listen(agent(1), f.logInOutbound(agent(1)), c.told)
				ask(t, s, 1, 3, c.told)
				records := len(f.log())
				f.changeSettings(func(s *directory.Settings) {
					s.BeatDelay, s.NotReadyAfter, s.EndAfter = c.now, 3*c.now, 100*c.now
				})
				ask(t, s, 4, 12, c.told)
				if after := len(f.log()); after != records {
					t.Fatalf("%d records of a client that answers", after-records)
				}
				pass(c.silent - time.Millisecond)
				f.expect(agent(1), fresh)
				pass(time.Millisecond)
				if now := f.agent(agent(1)).Session; now != nil && now.Connection == presence.Live {
					t.Errorf("after %s without an answer it is %+v", c.silent, now)
				}
			})
		})
	}
}

func TestSocket_IsJudgedByAShorterDelayOnceAskedSo(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.changeSettings(beatsEvery(10 * time.Second))
		s := f.listen(agent(1), f.logInOutbound(agent(1)), 10*time.Second)
		ask(t, s, 1, 2, 10*time.Second)
		records := len(f.log())
		f.changeSettings(beatsEvery(time.Second))
		pass(10 * time.Second) // the beat that was due before
		s.SetBeatDelay(time.Second)
		s.Asked(3)
		pass(5 * time.Second) // a slow answer, to a question that did not come sooner
		if err := s.Answered(t.Context(), 3); err != nil {
			t.Fatal(err)
		}
		ask(t, s, 4, 40, time.Second)
		if after := len(f.log()); after != records {
			t.Fatalf("%d records of a client that answers", after-records)
		}
		pass(2400*time.Millisecond - time.Millisecond)
		f.expect(agent(1), fresh)
		pass(time.Millisecond)
		f.expect(agent(1), silent)
	})
}

// Of two tabs that were told differently the slower one may be the one that answers.
func TestSocket_OfSeveralTheLongestDelayCounts(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		session := f.logInOutbound(agent(1))
		slow, quick := f.listen(agent(1), session, 10*time.Second), f.listen(agent(1), session, time.Second)
		ask(t, slow, 1, 10, 10*time.Second)
		f.expect(agent(1), fresh)
		slow.Close(presence.ClosedByClient)
		ask(t, quick, 1, 2, time.Second)
		pass(2400 * time.Millisecond)
		f.expect(agent(1), silent)
	})
}
