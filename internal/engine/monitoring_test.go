package engine_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func monitor(key presence.Key, id presence.InteractionID) presence.StartMonitoring {
	return presence.StartMonitoring{By: self(key), Interaction: id}
}

// monitors is what an agent monitors, as engine and store agree.
func (f *floor) monitors(key presence.Key) presence.InteractionID {
	f.t.Helper()
	shown, stored := f.agent(key).Session.Monitoring, f.stored(key).Agent.Session.Monitoring
	if shown != stored {
		f.t.Fatalf("shown as monitoring %s, stored as %s", shown, stored)
	}
	return shown
}

func TestMonitoring_IsOnlyOfOpenInteractions(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		f.logIn(agent(7))
		request := engine.Request{Key: agent(7), Command: monitor(agent(7), interaction(1))}
		if _, err := f.engine.Do(t.Context(), request); !errors.Is(err, engine.ErrInteractionUnknown) {
			t.Fatalf("before the call: %v", err)
		}
		f.do(agent(1), work(interaction(1)))
		f.do(agent(7), monitor(agent(7), interaction(1)))
		if f.monitors(agent(7)) != interaction(1) {
			t.Error("does not monitor")
		}
		f.do(agent(1), endWork(interaction(1)))
		if _, err := f.engine.Do(t.Context(), request); !errors.Is(err, engine.ErrInteractionUnknown) {
			t.Fatalf("after the call: %v", err)
		}
	})
}

func TestMonitoring_EndsWithTheInteractionInTheSameCommit(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*floor){
		"its end":        func(f *floor) { f.do(agent(1), endWork(interaction(1))) },
		"a log-out":      func(f *floor) { f.do(agent(1), presence.GoOffline{By: self(agent(1)), Force: true}) },
		"a lost browser": func(f *floor) { f.lose(agent(1), agent(7), agent(8)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onFloor(t, func(t *testing.T, f *floor) {
				f.logIn(agent(1))
				f.do(agent(1), work(interaction(1)))
				for i := 7; i < 9; i++ {
					f.logIn(agent(i))
					f.do(agent(i), monitor(agent(i), interaction(1)))
				}
				torn := false
				f.storage.onCommit(func(changes []store.Change) error {
					ended, monitoringEnded := 0, 0
					for _, change := range changes {
						last := change.Records[len(change.Records)-1]
						if last.Key == agent(1) && (last.After.Session == nil || last.After.Session.Work == nil) {
							ended++
						}
						if last.Event.Change.Kind() == presence.KindMonitoringEnded {
							monitoringEnded++
						}
					}
					torn = torn || monitoringEnded != 2*ended
					return nil
				})
				end(f)
				if torn {
					t.Error("the end of the call and of its monitoring are not in one commit")
				}
				for i := 7; i < 9; i++ {
					if id := f.monitors(agent(i)); !id.IsZero() {
						t.Errorf("agent %d still monitors %s", i, id)
					}
				}
				checkLog(t, f.log())
			})
		})
	}
}

// lose lets an agent's session end by silence, while others are heard.
func (f *floor) lose(gone presence.Key, others ...presence.Key) {
	f.t.Helper()
	for range int(endAfter / (10 * time.Second)) {
		pass(10 * time.Second)
		for _, other := range others {
			f.beat(other)
		}
	}
	f.expect(gone, "offline")
}

func TestMonitoring_GoesOnWhenTheInteractionIsTransferred(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		for _, i := range []int{1, 2, 7} {
			f.logIn(agent(i))
		}
		f.do(agent(1), work(interaction(1)))
		f.do(agent(7), monitor(agent(7), interaction(1)))
		f.do(agent(2), work(interaction(1)))
		f.do(agent(1), endWork(interaction(1)))
		if f.monitors(agent(7)) != interaction(1) {
			t.Error("the transfer ended the monitoring")
		}
		f.do(agent(2), endWork(interaction(1)))
		if !f.monitors(agent(7)).IsZero() {
			t.Error("the end of the call did not end the monitoring")
		}
	})
}

func TestMonitoring_GoesOnWhenTheInteractionIsTransferredInOneBatch(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		for _, i := range []int{0, 1, 2, 7} {
			f.logIn(agent(i))
		}
		release := f.storage.hold()
		f.send(agent(0), ready(agent(0)))
		f.send(agent(1), work(interaction(1)))
		started := f.send(agent(7), monitor(agent(7), interaction(1)))
		f.send(agent(2), work(interaction(1)))
		f.send(agent(1), endWork(interaction(1)))
		release(nil)
		synctest.Wait()
		if started.err != nil || f.monitors(agent(7)) != interaction(1) {
			t.Errorf("monitors %s, %v", f.monitors(agent(7)), started.err)
		}
	})
}

func TestMonitoring_BegunAndEndedInOneBatchHasEnded(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		for _, i := range []int{0, 1, 7} {
			f.logIn(agent(i))
		}
		release := f.storage.hold()
		f.send(agent(0), ready(agent(0)))
		f.send(agent(1), work(interaction(1)))
		started := f.send(agent(7), monitor(agent(7), interaction(1)))
		f.send(agent(1), endWork(interaction(1)))
		release(nil)
		synctest.Wait()
		if started.err != nil || !f.monitors(agent(7)).IsZero() {
			t.Errorf("monitors %s, %v", f.monitors(agent(7)), started.err)
		}
	})
}

func TestMonitoring_OfASupersededSessionsWorkGoesOn(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		f.logIn(agent(7))
		f.do(agent(1), work(interaction(1)))
		f.do(agent(7), monitor(agent(7), interaction(1)))
		f.logIn(agent(1))
		if got := f.agent(agent(1)).Session.Work; len(got) != 1 || got[0].Interaction != interaction(1) {
			t.Errorf("work %+v", got)
		}
		if f.monitors(agent(7)) != interaction(1) {
			t.Error("the new session ended the monitoring")
		}
	})
}

func TestMonitoring_SurvivesARestartAndStillEndsWithTheInteraction(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		f.logIn(agent(7))
		f.do(agent(1), work(interaction(1)))
		f.do(agent(7), monitor(agent(7), interaction(1)))
		f.restart(time.Second)
		if f.monitors(agent(7)) != interaction(1) {
			t.Error("the restart ended the monitoring")
		}
		f.do(agent(1), endWork(interaction(1)))
		if !f.monitors(agent(7)).IsZero() {
			t.Error("the end of the call did not end the monitoring")
		}
	})
}

func TestMonitoring_AFailedCommitEndsNeitherTheInteractionNorItsMonitoring(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		f.logIn(agent(7))
		f.do(agent(1), work(interaction(1)))
		f.do(agent(7), monitor(agent(7), interaction(1)))
		f.storage.FailCommits(errDiskFull)
		if _, err := f.engine.Do(t.Context(), engine.Request{Key: agent(1), Command: endWork(interaction(1))}); err == nil {
			t.Fatal("no error")
		}
		f.storage.FailCommits(nil)
		if f.monitors(agent(7)) != interaction(1) {
			t.Error("the monitoring has ended")
		}
		f.do(agent(1), endWork(interaction(1)))
		if !f.monitors(agent(7)).IsZero() {
			t.Error("the end of the call did not end the monitoring")
		}
	})
}
