package engine_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
)

// The timers of sockets that the tests play with: the defaults.
const (
	beatDelay        = 4 * time.Second
	silentAfterBeats = 9600 * time.Millisecond
	lostAfter        = 500 * time.Millisecond

	lost = "ready outbound lost"
)

// desk is a client that answers beats.
type desk struct {
	t       tester
	floor   *floor
	socket  *engine.Socket
	n       uint64
	stalled atomic.Bool
	gone    chan struct{}
}

// sit opens a socket of the session on which beats are asked and answered.
func (f *floor) sit(key presence.Key, session presence.SessionID) *desk {
	f.t.Helper()
	socket, err := f.engine.OpenSocket(f.t.Context(), key, session, engine.SocketInfo{
		ID: presence.SocketID{UUID: presence.UUID{15: 42}}, Client: "desk/1",
	})
	if err != nil {
		f.t.Fatalf("open a socket: %v", err)
	}
	d := &desk{t: f.t, floor: f, socket: socket, gone: make(chan struct{})}
	go d.work()
	return d
}

func (d *desk) work() {
	ticker := time.NewTicker(beatDelay)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			d.n++
			d.socket.Asked(d.n)
			if !d.stalled.Load() {
				_ = d.socket.Answered(d.t.Context(), d.n)
			}
		case <-d.gone:
			return
		}
	}
}

func (d *desk) leave(how presence.Closing) {
	close(d.gone)
	d.socket.Close(how)
	synctest.Wait()
}

// newest is an agent's newest event.
func (f *floor) newest(key presence.Key) presence.Event {
	f.t.Helper()
	records, err := f.storage.Store.LatestOfAgent(f.t.Context(), key, 1)
	if err != nil || len(records) == 0 {
		f.t.Fatalf("the newest record: %v, %v", records, err)
	}
	return records[0].Event
}

func TestSocket_AnsweredBeatsKeepAnAgentLiveWithoutCommits(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		d := f.sit(agent(1), f.logInOutbound(agent(1)))
		commits := f.storage.commits.Load()
		pass(24 * time.Hour)
		f.expect(agent(1), fresh)
		if f.storage.commits.Load() != commits {
			t.Errorf("%d commits", f.storage.commits.Load()-commits)
		}
		d.leave(presence.ClosedByClient)
	})
}

func TestSocket_ClosedIsNotOfferableWithinASecond(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		d := f.sit(agent(1), f.logInOutbound(agent(1)))
		pass(6 * time.Second)
		closed := f.engine.Now()
		d.leave(presence.ClosedByNetwork)
		pass(lostAfter - time.Millisecond)
		f.expect(agent(1), fresh)
		pass(time.Millisecond)
		f.expect(agent(1), lost)
		want := presence.ConnectionChanged{
			Connection: presence.Lost,
			HeardAt:    closed.Add(-2 * time.Second),
			Socket: presence.SocketEvidence{
				ID: presence.SocketID{UUID: presence.UUID{15: 42}}, Client: "desk/1", ClosedAt: closed, Closing: presence.ClosedByNetwork,
			},
		}
		if diff := cmp.Diff(presence.Change(want), f.newest(agent(1)).Change); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSocket_SilentIsNotOfferableWithinTenSeconds(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		d := f.sit(agent(1), f.logInOutbound(agent(1)))
		pass(beatDelay) // answered
		heard := f.engine.Now()
		d.stalled.Store(true)
		pass(silentAfterBeats - time.Millisecond)
		f.expect(agent(1), fresh)
		pass(time.Millisecond)
		f.expect(agent(1), silent)
		want := presence.ConnectionChanged{
			Connection: presence.Silent,
			HeardAt:    heard,
			Socket: presence.SocketEvidence{
				ID: presence.SocketID{UUID: presence.UUID{15: 42}}, Client: "desk/1", Beat: 2, BeatAt: heard.Add(beatDelay),
			},
		}
		if diff := cmp.Diff(presence.Change(want), f.newest(agent(1)).Change); diff != "" {
			t.Error(diff)
		}
		d.stalled.Store(false)
		pass(beatDelay)
		f.expect(agent(1), fresh)
		d.leave(presence.ClosedByClient)
	})
}

func TestSocket_StallOfFiveSecondsIsSeenByNobody(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{0, time.Second, 2 * time.Second, 3 * time.Second, beatDelay - time.Millisecond} {
		onFloor(t, func(t *testing.T, f *floor) {
			session := f.logInOutbound(agent(1))
			s, err := f.engine.OpenSocket(t.Context(), agent(1), session, engine.SocketInfo{})
			if err != nil {
				t.Fatal(err)
			}
			records := len(f.log())
			stall, until := time.Minute+after, time.Minute+after+5*time.Second
			began := time.Now()
			for n := uint64(1); n < 40; n++ { // what is asked during the stall is answered at its end
				pass(beatDelay)
				s.Asked(n)
				if since := time.Since(began); since >= stall && since < until {
					time.AfterFunc(until-since, func() { _ = s.Answered(t.Context(), n) })
				} else if err := s.Answered(t.Context(), n); err != nil {
					t.Fatal(err)
				}
			}
			pass(time.Millisecond)
			if after := len(f.log()); after != records {
				t.Errorf("%d records", after-records)
			}
		})
	}
}

func TestSocket_SharpestBeatsNoticeWithinThreeSeconds(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.changeSettings(func(s *directory.Settings) { s.BeatDelay = directory.MinBeatDelay })
		session := f.logInOutbound(agent(1))
		if _, err := f.engine.OpenSocket(t.Context(), agent(1), session, engine.SocketInfo{}); err != nil {
			t.Fatal(err)
		}
		pass(3 * time.Second)
		f.expect(agent(1), silent)
	})
}

func TestSocket_BackWithinTheGraceIsSeenByNobody(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		session := f.logInOutbound(agent(1))
		d := f.sit(agent(1), session)
		records := len(f.log())
		for range 10 {
			pass(3 * time.Second)
			d.leave(presence.ClosedByClient)
			pass(lostAfter - time.Millisecond)
			d = f.sit(agent(1), session)
		}
		pass(time.Minute)
		if after := len(f.log()); after != records {
			t.Errorf("%d records", after-records)
		}
		f.expect(agent(1), fresh)
		d.leave(presence.ClosedByClient)
	})
}

func TestSocket_OneOfTwoMayGo(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		session := f.logInOutbound(agent(1))
		first, second := f.sit(agent(1), session), f.sit(agent(1), session)
		records := len(f.log())
		second.stalled.Store(true) // a tab that is frozen
		pass(time.Minute)
		second.leave(presence.ClosedByClient)
		pass(time.Minute)
		if after := len(f.log()); after != records {
			t.Errorf("%d records", after-records)
		}
		first.leave(presence.ClosedByClient)
		pass(lostAfter)
		f.expect(agent(1), lost)
	})
}

func TestSocket_ClientThatGoesOnByRequestsIsJudgedByThem(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		d := f.sit(agent(1), f.logInOutbound(agent(1)))
		pass(time.Second)
		d.leave(presence.ClosedByNetwork)
		pass(lostAfter / 2)
		f.beat(agent(1))
		pass(silentAfter - time.Millisecond)
		f.expect(agent(1), fresh)
		pass(time.Millisecond)
		f.expect(agent(1), silent)
		if socket := f.newest(agent(1)).Change.(presence.ConnectionChanged).Socket; socket != (presence.SocketEvidence{}) {
			t.Errorf("the evidence is of the socket: %+v", socket)
		}
	})
}

func TestSocket_LostDecaysAndComesBackUnchanged(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		session := f.logInOutbound(agent(1))
		d := f.sit(agent(1), session)
		d.leave(presence.ClosedByNetwork)
		pass(notReadyAfter)
		f.expect(agent(1), "notready outbound lost (Connection lost)")
		pass(endAfter - notReadyAfter - time.Second)
		d = f.sit(agent(1), session)
		f.expect(agent(1), fresh)
		d.leave(presence.ClosedByNetwork)
		pass(endAfter)
		f.expect(agent(1), "offline")
		if code := f.agent(agent(1)).Ended.Code; code != presence.EndLeaseExpired {
			t.Errorf("ended as %s", code)
		}
	})
}

func TestSocket_OfASessionThatIsNotLiveIsRefused(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		old := f.logIn(agent(1))
		d := f.sit(agent(1), old)
		time.Sleep(time.Millisecond)
		session := f.logInOutbound(agent(1))
		if _, err := f.engine.OpenSocket(t.Context(), agent(1), old, engine.SocketInfo{}); presence.RefusalOf(err) != presence.RefusedSessionSuperseded {
			t.Errorf("a superseded session: %v", err)
		}
		if _, err := f.engine.OpenSocket(t.Context(), agent(2), session, engine.SocketInfo{}); presence.RefusalOf(err) != presence.RefusedSessionEnded {
			t.Errorf("no session: %v", err)
		}
		// The old session's socket goes on answering, and shows nothing.
		pass(silentAfter)
		f.expect(agent(1), silent)
		d.leave(presence.ClosedByClient)
		pass(lostAfter)
		f.expect(agent(1), silent)
	})
}

func TestSocket_AfterARestartNobodyIsOfferableUntilTheyAreBack(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		session := f.logInOutbound(agent(1))
		d := f.sit(agent(1), session)
		f.stop()
		d.leave(presence.ClosedByServer)
		time.Sleep(time.Minute)
		f.start()
		f.expect(agent(1), silent)
		d = f.sit(agent(1), session)
		f.expect(agent(1), fresh)
		d.leave(presence.ClosedByClient)
	})
}

func TestSocket_AnswersCountOnceAndOnlyIfAskedFor(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		s, err := f.engine.OpenSocket(t.Context(), agent(1), f.logInOutbound(agent(1)), engine.SocketInfo{})
		if err != nil {
			t.Fatal(err)
		}
		s.Asked(1)
		for range 10 {
			pass(silentAfterBeats / 10)
			if err := s.Answered(t.Context(), 2); err != nil {
				t.Fatal(err)
			}
		}
		f.expect(agent(1), silent)
	})
}

func TestSocket_CommitsThatFailLoseNothing(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		session := f.logInOutbound(agent(1))
		d := f.sit(agent(1), session)
		f.storage.FailCommits(errDiskFull)
		d.leave(presence.ClosedByClient)
		pass(3 * time.Second)
		f.expect(agent(1), fresh)
		f.storage.FailCommits(nil)
		pass(2 * time.Second)
		f.expect(agent(1), lost)
	})
}

func TestSocket_WhatWasMissedIsReported(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFloor(t)
		counted := &decays{}
		f.options.Observer = counted
		f.start()
		d := f.sit(agent(1), f.logInOutbound(agent(1)))
		pass(beatDelay)
		d.stalled.Store(true)
		pass(3 * beatDelay) // beats 2 and 3 are missed, 4 waits
		if counted.missed != 2 || counted.falsely != silentAfterBeats {
			t.Errorf("%d beats missed, %s falsely available", counted.missed, counted.falsely)
		}
		d.leave(presence.ClosedByNetwork)
		pass(lostAfter)
		if counted.falsely != silentAfterBeats {
			t.Errorf("%s falsely available after what was known anyway", counted.falsely)
		}
	})
}

func TestSilence_TellsOfSockets(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		d := f.sit(agent(1), f.logInOutbound(agent(1)))
		s, _, err := f.engine.Silence(t.Context(), agent(1))
		if err != nil || s.Sockets != 1 || s.Alone != -1 || s.Limits.Silent != silentAfterBeats || s.Socket.Client != "desk/1" {
			t.Errorf("with a socket: %+v, %v", s, err)
		}
		d.leave(presence.ClosedByClient)
		pass(lostAfter / 2)
		s, _, err = f.engine.Silence(t.Context(), agent(1))
		if err != nil || s.Sockets != 0 || s.Alone != lostAfter/2 || s.LostAfter != lostAfter || s.Socket.Closing != presence.ClosedByClient {
			t.Errorf("after it: %+v, %v", s, err)
		}
	})
}

func BenchmarkSocketAnswered(b *testing.B) {
	f, sessions := benchFloor(b, 1)
	s, err := f.engine.OpenSocket(b.Context(), agent(0), sessions[0], engine.SocketInfo{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for n := uint64(1); b.Loop(); n++ {
		s.Asked(n)
		if err := s.Answered(b.Context(), n); err != nil {
			b.Fatal(err)
		}
	}
}
