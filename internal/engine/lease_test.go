package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// What the floor shows of a ready, outbound agent in the steps of decay.
const (
	fresh  = "ready outbound live offerable"
	silent = "ready outbound silent"
	held   = "notready outbound silent (Connection lost)"
)

// logInOutbound begins a session that is ready and outbound, so that there is
// something to restore.
func (f *floor) logInOutbound(key presence.Key) presence.SessionID {
	f.t.Helper()
	session := f.logInReady(key)
	f.do(key, direction(key, presence.Outbound))
	f.expect(key, fresh)
	return session
}

func TestHeartbeat_KeepsAnAgentLiveWithoutCommits(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		commits, announced := f.storage.commits.Load(), f.bus.count()
		for range 24 * 60 {
			time.Sleep(silentAfter - time.Millisecond)
			delay, err := f.engine.Heartbeat(t.Context(), agent(1), presence.SessionID{})
			if err != nil || delay != 10*time.Second {
				t.Fatalf("next heartbeat in %s, %v", delay, err)
			}
		}
		f.expect(agent(1), fresh)
		if f.storage.commits.Load() != commits || f.bus.count() != announced {
			t.Errorf("%d commits, %d announcements", f.storage.commits.Load()-commits, f.bus.count()-announced)
		}
	})
}

func TestHeartbeat_OfAnotherSessionIsRefusedAndKeepsNobodyLive(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		old := f.logIn(agent(1))
		time.Sleep(time.Millisecond)
		f.logIn(agent(1))
		time.Sleep(silentAfter - time.Millisecond)
		if _, err := f.engine.Heartbeat(t.Context(), agent(1), old); presence.RefusalOf(err) != presence.RefusedSessionSuperseded {
			t.Errorf("superseded session: %v", err)
		}
		pass(time.Millisecond)
		f.expect(agent(1), "notready inbound silent (Logged in)")
		if _, err := f.engine.Heartbeat(t.Context(), agent(2), old); presence.RefusalOf(err) != presence.RefusedSessionEnded {
			t.Errorf("without a session: %v", err)
		}
	})
}

func TestSilence_DecaysInStepsAtTheTenantsLimits(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		time.Sleep(3 * time.Second)
		f.beat(agent(1))
		heard := f.engine.Now()
		pass(silentAfter - time.Millisecond)
		f.expect(agent(1), fresh)
		pass(time.Millisecond)
		f.expect(agent(1), silent)
		pass(notReadyAfter - silentAfter - time.Millisecond)
		f.expect(agent(1), silent)
		pass(time.Millisecond)
		f.expect(agent(1), held)
		pass(endAfter - notReadyAfter - time.Millisecond)
		f.expect(agent(1), held)
		pass(time.Millisecond)
		f.expect(agent(1), "offline")

		ended := f.agent(agent(1)).Ended
		if ended.Code != presence.EndLeaseExpired || ended.Cause != presence.BySystem {
			t.Errorf("ended as %+v", ended)
		}
		steps := []presence.Change{
			presence.ConnectionChanged{Connection: presence.Silent, HeardAt: heard},
			presence.Held{Reason: presence.ConnectionLost(), HeardAt: heard},
			presence.SessionEnded{Code: presence.EndLeaseExpired, HeardAt: heard},
		}
		for i, record := range f.log()[3:] {
			if diff := cmp.Diff(steps[i], record.Event.Change); diff != "" {
				t.Errorf("step %d: %s", i, diff)
			}
		}
		if f.engine.Live() != 0 {
			t.Errorf("%d live sessions", f.engine.Live())
		}
	})
}

func TestSilence_ComingBackRestoresWhatWasChosen(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]time.Duration{"silent": silentAfter, "held": notReadyAfter, "at the last moment": endAfter - time.Millisecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onFloor(t, func(t *testing.T, f *floor) {
				session := f.logInOutbound(agent(1))
				before := f.agent(agent(1)).Session
				pass(away)
				f.beat(agent(1))
				f.expect(agent(1), fresh)
				after := f.agent(agent(1)).Session
				if after.ID != session || after.DirectionSince != before.DirectionSince || after.Intent != before.Intent {
					t.Errorf("before %+v, after %+v", before, after)
				}
				if away == silentAfter && after.StateSince != before.StateSince {
					t.Error("silence cut an interval")
				}
			})
		})
	}
}

// The deadline that was waiting when an agent comes back is that of a later
// step: it must not stand in for the earlier one that is due next.
func TestSilence_IsNoticedInTimeAfterComingBack(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]time.Duration{"silent": silentAfter, "held": notReadyAfter} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onFloor(t, func(t *testing.T, f *floor) {
				f.logInOutbound(agent(1))
				pass(away)
				f.beat(agent(1))
				f.expect(agent(1), fresh)
				pass(silentAfter)
				f.expect(agent(1), silent)
				pass(notReadyAfter - silentAfter)
				f.expect(agent(1), held)
				pass(endAfter - notReadyAfter)
				f.expect(agent(1), "offline")
			})
		})
	}
}

func TestSilence_IsNoticedInTimeInASessionThatSupersedes(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		pass(notReadyAfter)
		f.logInOutbound(agent(1))
		pass(silentAfter)
		f.expect(agent(1), silent)
	})
}

func TestSilence_AnOwnRequestIsASignOfLifeAndAnothersIsNone(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		f.logInOutbound(agent(2))
		pass(silentAfter - time.Second)
		f.do(agent(1), ready(agent(1)))
		f.do(agent(2), presence.GoReady{By: sue, HasExtension: true})
		f.do(agent(2), work(interaction(1)))
		f.do(agent(2), endWork(interaction(1)))
		pass(time.Second)
		f.expect(agent(1), fresh)
		f.expect(agent(2), silent)
	})
}

func TestSilence_IsTold(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		heard := f.engine.Now()
		time.Sleep(7 * time.Second)
		got, ok, err := f.engine.Silence(t.Context(), agent(1))
		want := engine.Silence{HeardAt: heard, Lasted: 7 * time.Second, Limits: presence.Limits{Silent: silentAfter, NotReady: notReadyAfter, End: endAfter}, Alone: -1, LostAfter: lostAfter}
		if diff := cmp.Diff(want, got); !ok || err != nil || diff != "" {
			t.Errorf("ok %t, %v: %s", ok, err, diff)
		}
		if _, ok, _ := f.engine.Silence(t.Context(), agent(2)); ok {
			t.Error("somebody without a session is silent")
		}
	})
}

func TestSilence_FollowsChangedSettings(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.changeSettings(func(s *directory.Settings) { s.NotReadyAfter, s.EndAfter = time.Hour, 24*time.Hour })
		f.logInOutbound(agent(1))
		pass(time.Minute)
		f.expect(agent(1), silent)

		f.changeSettings(func(s *directory.Settings) { s.NotReadyAfter, s.EndAfter = notReadyAfter, endAfter })
		pass(30 * time.Second)
		f.expect(agent(1), held)
		pass(endAfter - 90*time.Second)
		f.expect(agent(1), "offline")
	})
}

func TestSilence_LongerSettingsHoldAtOnce(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		f.changeSettings(func(s *directory.Settings) { s.HeartbeatDelay = 20 * time.Second })
		pass(30*time.Second - time.Millisecond)
		f.expect(agent(1), fresh)
		pass(time.Millisecond)
		f.expect(agent(1), silent)
	})
}

func TestHeartbeat_DuringADecisionRestoresWhatItDecides(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		version := f.agent(agent(1)).Version
		release := f.storage.hold()
		pass(silentAfter)
		answered := make(chan error, 1)
		go func() {
			_, err := f.engine.Heartbeat(t.Context(), agent(1), presence.SessionID{})
			answered <- err
		}()
		synctest.Wait()
		select {
		case err := <-answered:
			t.Fatalf("answered before it was decided: %v", err)
		default:
		}
		release(nil)
		if err := <-answered; err != nil {
			t.Fatal(err)
		}
		f.expect(agent(1), fresh)
		want := []presence.Kind{presence.KindConnectionChanged, presence.KindConnectionChanged}
		if diff := cmp.Diff(want, f.kinds(agent(1), version)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestHeartbeat_AtTheVeryDeadlineHasOneTruth(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		const agents = 260 // more than a batch
		f.hire(agents)
		for i := range agents {
			f.logInOutbound(agent(i))
		}
		for range 4 {
			time.Sleep(silentAfter)
			for i := range agents {
				go f.beat(agent(i))
			}
			synctest.Wait()
			for i := range agents {
				f.expect(agent(i), fresh)
			}
		}
		checkLog(t, f.log())
	})
}

// A store that hangs holds up the commands that heartbeats have become. Their
// agents were heard all the same.
func TestHeartbeat_CountsWhileTheStoreHangs(t *testing.T) {
	t.Parallel()
	for round := range 8 {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			onFloor(t, func(t *testing.T, f *floor) {
				f.logInOutbound(agent(1))
				pass(silentAfter)
				release := f.storage.hold()
				f.send(agent(2), start(agent(2)))
				for range 20 {
					time.Sleep(10 * time.Second)
					go func() { _, _ = f.engine.Heartbeat(t.Context(), agent(1), presence.SessionID{}) }()
				}
				synctest.Wait()
				release(nil)
				synctest.Wait()
				f.expect(agent(1), fresh)
			})
		})
	}
}

func TestHeartbeat_CountsWhenTheDirectoryCannotBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFloor(t)
		broken := &brokenDirectory{Directory: f.storage}
		f.options.Directory = broken
		f.start()
		f.logInOutbound(agent(1))
		time.Sleep(10 * time.Second)
		broken.broken.Store(true)
		if _, err := f.engine.Heartbeat(t.Context(), agent(1), presence.SessionID{}); !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("error %v", err)
		}
		broken.broken.Store(false)
		pass(10 * time.Second)
		f.expect(agent(1), fresh)
	})
}

func TestElapse_UnderAnOldFenceDoesNothing(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		fence := f.agent(agent(1)).Fence
		f.logInOutbound(agent(1))
		before := f.agent(agent(1))
		answer := f.do(agent(1), presence.Elapse{Fence: fence, Silence: time.Hour, Limits: presence.Limits{Silent: 1, NotReady: 2, End: 3}})
		if answer.Last.Change != nil {
			t.Errorf("it led to %+v", answer.Last)
		}
		if diff := cmp.Diff(before, f.agent(agent(1))); diff != "" {
			t.Error(diff)
		}
	})
}

func TestDecay_IsRetriedWithinSecondsOnceTheStoreWorksAgain(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		f.storage.FailCommits(errDiskFull)
		pass(60 * time.Second)
		f.expect(agent(1), fresh) // nothing else was committed
		f.storage.FailCommits(nil)
		pass(2 * time.Second)
		f.expect(agent(1), held)
	})
}

func TestDecay_SomebodyHeardDuringTheOutageIsLeftAlone(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		f.storage.FailCommits(errDiskFull)
		pass(60 * time.Second)
		f.beat(agent(1))
		f.storage.FailCommits(nil)
		version := f.agent(agent(1)).Version
		pass(silentAfter - time.Millisecond)
		f.expect(agent(1), fresh)
		if kinds := f.kinds(agent(1), version); kinds != nil {
			t.Errorf("events %v", kinds)
		}
		pass(time.Millisecond)
		f.expect(agent(1), silent)
	})
}

func TestDecay_DoesNotWearOutAStoreThatFails(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		f.storage.FailCommits(errDiskFull)
		f.storage.breakReads(errDiskFull)
		pass(silentAfter)
		commits, reads := f.storage.commits.Load(), f.storage.reads.Load()
		pass(10 * time.Minute)
		if n := f.storage.commits.Load() - commits + f.storage.reads.Load() - reads; n > 1500 {
			t.Errorf("%d tries in ten minutes", n)
		}
		f.storage.breakReads(nil)
		f.storage.FailCommits(nil)
		pass(2 * time.Second)
		f.expect(agent(1), "offline")
	})
}

func TestDecay_IsReportedOnceAndWhenItIsCommitted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFloor(t)
		counted := &decays{}
		f.options.Observer = counted
		f.start()
		f.logInOutbound(agent(1))
		f.storage.FailCommits(errDiskFull)
		pass(notReadyAfter)
		if counted.kinds != nil {
			t.Errorf("reported %v, nothing was committed", counted.kinds)
		}
		f.storage.FailCommits(nil)
		pass(2 * time.Second)
		want := []presence.Kind{presence.KindConnectionChanged, presence.KindHeld}
		if diff := cmp.Diff(want, counted.kinds); diff != "" {
			t.Error(diff)
		}
	})
}

func TestClock_JumpsEndNoSessionAndKeepTheOrderOfEvents(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logInOutbound(agent(1))
		for _, jump := range []time.Duration{48 * time.Hour, -72 * time.Hour, time.Hour, -time.Second} {
			f.wall.jump(jump)
			pass(silentAfter - time.Millisecond)
			f.beat(agent(1))
			f.expect(agent(1), fresh)
			f.do(agent(1), ready(agent(1)))
		}
		f.wall.jump(48 * time.Hour)
		pass(silentAfter)
		f.expect(agent(1), silent)
		f.wall.jump(-96 * time.Hour)
		pass(notReadyAfter - silentAfter)
		f.expect(agent(1), held)
		f.beat(agent(1))
		f.expect(agent(1), fresh)
		f.restart(time.Second)
		f.beat(agent(1))
		f.expect(agent(1), fresh)
		checkLog(t, f.log())
	})
}

// brokenDirectory is a directory that cannot always be read.
type brokenDirectory struct {
	engine.Directory
	broken atomic.Bool
}

func (d *brokenDirectory) Tenant(ctx context.Context, id presence.TenantID) (*directory.Tenant, error) {
	if d.broken.Load() {
		return nil, errDiskFull
	}
	return d.Directory.Tenant(ctx, id)
}

// decays remembers what is reported of silence and what it led to.
type decays struct {
	kinds   []presence.Kind
	missed  int
	falsely time.Duration
}

func (*decays) Committed(int, int, time.Duration, error) {}
func (d *decays) Decayed(kind presence.Kind)             { d.kinds = append(d.kinds, kind) }
func (d *decays) BeatMissed()                            { d.missed++ }
func (d *decays) FalselyAvailable(span time.Duration)    { d.falsely += span }
