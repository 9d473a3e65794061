package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func TestStart_GivesEveryLiveSessionItsFullLease(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]struct {
		away time.Duration
		want string
	}{
		"live":   {0, silent},
		"silent": {endAfter - time.Minute, held},
		"held":   {endAfter - time.Millisecond, held},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onFloor(t, func(t *testing.T, f *floor) {
				f.logInOutbound(agent(1))
				pass(before.away)
				f.restart(24 * time.Hour)
				f.expect(agent(1), before.want)
				pass(endAfter - time.Millisecond)
				f.expect(agent(1), held)
				pass(time.Millisecond)
				f.expect(agent(1), "offline")
			})
		})
	}
}

func TestStart_NobodyIsOfferableUntilHeard(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		session := f.logInOutbound(agent(1))
		f.logInOutbound(agent(2))
		fence := f.agent(agent(1)).Fence
		f.restart(time.Hour)
		f.expect(agent(1), silent)
		if got := f.agent(agent(1)).Fence; got <= fence {
			t.Errorf("fence %d after %d", got, fence)
		}
		pass(10 * time.Second)
		if _, err := f.engine.Heartbeat(t.Context(), agent(1), session); err != nil {
			t.Fatal(err)
		}
		f.expect(agent(1), fresh)
		f.expect(agent(2), silent)
		pass(silentAfter - time.Millisecond)
		f.expect(agent(1), fresh)
		pass(time.Millisecond)
		f.expect(agent(1), silent)
		pass(notReadyAfter - silentAfter - 10*time.Second)
		f.expect(agent(1), silent)
		f.expect(agent(2), held)
	})
}

func TestStart_EndsTheSessionsOfWhoMayNoLongerWork(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		for i := range 3 {
			f.logInOutbound(agent(i))
		}
		switchedOff := membership(1)
		switchedOff.Active = false
		f.stop()
		f.change(
			directory.Change{Action: directory.Update, Kind: directory.KindMembership, Fields: []string{"active"}, Document: switchedOff},
			directory.Change{Action: directory.Delete, Kind: directory.KindMembership, Document: membership(2)},
		)
		f.start()
		f.expect(agent(0), silent)
		for i := 1; i < 3; i++ {
			f.expect(agent(i), "offline")
			if code := f.agent(agent(i)).Ended.Code; code != presence.EndRevoked {
				t.Errorf("agent %d ended as %s", i, code)
			}
		}
		if f.engine.Live() != 1 {
			t.Errorf("%d live sessions", f.engine.Live())
		}
	})
}

// What is monitored, and by whom, is known of all agents before the first of
// them is taken over. That happens in the order of their numbers.
func TestStart_RevokingOneWhoHasACallEndsItsMonitoringOnlyIfNobodyElseHasIt(t *testing.T) {
	t.Parallel()
	for name, cast := range map[string]struct{ revoked, other, monitor int }{
		"nobody else":       {revoked: 0, other: 0, monitor: 1},
		"somebody else too": {revoked: 1, other: 2, monitor: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onFloor(t, func(t *testing.T, f *floor) {
				for i := range 3 {
					f.logIn(agent(i))
				}
				f.do(agent(cast.revoked), work(interaction(1)))
				f.do(agent(cast.other), work(interaction(1)))
				f.do(agent(cast.monitor), monitor(agent(cast.monitor), interaction(1)))
				f.stop()
				switchedOff := membership(cast.revoked)
				switchedOff.Active = false
				f.change(directory.Change{Action: directory.Update, Kind: directory.KindMembership, Fields: []string{"active"}, Document: switchedOff})
				f.start()
				monitors, open := !f.monitors(agent(cast.monitor)).IsZero(), cast.other != cast.revoked
				if monitors != open {
					t.Errorf("monitors: %t, the call is open: %t", monitors, open)
				}
				checkLog(t, f.log())
			})
		})
	}
}

func TestStart_CostsNobodyTimeHoweverLongItTakes(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		f.stop()
		f.storage.onCommit(func([]store.Change) error { time.Sleep(time.Hour); return nil })
		f.start()
		f.storage.onCommit(nil)
		pass(endAfter - time.Millisecond)
		f.expect(agent(1), held)
		pass(time.Millisecond)
		f.expect(agent(1), "offline")
	})
}

func TestStart_TakesOverManySessionsOfManyTenants(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		const agents = 700
		f.hire(agents)
		for i := range agents {
			f.logIn(agent(i))
		}
		f.restart(time.Second)
		if f.engine.Live() != agents {
			t.Errorf("%d live sessions", f.engine.Live())
		}
		for i := range agents {
			f.expect(agent(i), "notready inbound silent (Logged in)")
		}
		checkLog(t, f.log())
	})
}

func TestStart_RequestsGivenBeforeItWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFloor(t)
		f.start()
		f.logInOutbound(agent(1))
		f.stop()
		e := engine.New(f.options)
		f.engine = e
		o := f.send(agent(1), ready(agent(1)))
		if err := e.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if o.done() {
			t.Error("answered before the engine runs")
		}
		f.run(e)
		synctest.Wait()
		if !o.done() || o.err != nil {
			t.Errorf("done %t, %v", o.done(), o.err)
		}
		f.expect(agent(1), fresh)
	})
}

func TestStart_FailsWhenTheStoreDoes(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		f.stop()
		f.storage.FailCommits(errDiskFull)
		if err := engine.New(f.options).Start(t.Context()); err == nil {
			t.Error("sessions were taken over without a trace")
		}
		f.storage.FailCommits(nil)
		f.start()
		f.expect(agent(1), "notready inbound silent (Logged in)")
	})
}

func TestStart_EvidenceIsWhenTheAgentWasLastHeard(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		pass(7 * time.Second)
		f.beat(agent(1))
		heard := f.engine.Now()
		pass(11 * time.Second) // a round of notes
		f.stop()
		f.start()
		last := f.log()[len(f.log())-1].Event
		if diff := cmp.Diff(presence.LeaseTaken{Fence: 2, HeardAt: heard}, last.Change); diff != "" {
			t.Error(diff)
		}
		if since := f.agent(agent(1)).Session.UnvouchedSince; since != heard {
			t.Errorf("unvouched since %s, want %s", since, heard)
		}
		if s, _, _ := f.engine.Silence(t.Context(), agent(1)); s.HeardAt != heard {
			t.Errorf("silent since %s, want %s", s.HeardAt, heard)
		}
	})
}
