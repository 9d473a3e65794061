package engine_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// That no goroutine is left over is seen by the bubble: it waits for all.

func TestRun_FinishesTheCommitUnderWayAndRefusesTheQueue(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		release := f.storage.hold()
		first := f.send(agent(0), start(agent(0)))
		queued := f.send(agent(1), start(agent(1)))
		go func() {
			time.Sleep(time.Second)
			release(nil)
		}()
		f.stop()
		synctest.Wait()
		if first.err != nil || first.answer.Agent.Session == nil {
			t.Errorf("under way: %+v, %v", first.answer, first.err)
		}
		if !errors.Is(queued.err, engine.ErrStopped) || f.stored(agent(1)).Agent.Session != nil {
			t.Errorf("queued: %v, %+v", queued.err, f.stored(agent(1)).Agent)
		}
	})
}

func TestRun_RefusesWhatComesAfterTheEnd(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		session := f.logIn(agent(1))
		f.stop()
		for range engine.QueueLength + 10 {
			_, err := f.engine.Do(t.Context(), engine.Request{Key: agent(1), Command: ready(agent(1))})
			if !errors.Is(err, engine.ErrStopped) || !errors.Is(err, store.ErrUnavailable) {
				t.Fatalf("request: %v", err)
			}
		}
		if _, err := f.engine.Heartbeat(t.Context(), agent(1), session); !errors.Is(err, engine.ErrStopped) {
			t.Errorf("heartbeat: %v", err)
		}
	})
}

func TestRun_EverybodyWhoRacesWithTheEndGetsATrueAnswer(t *testing.T) {
	t.Parallel()
	for range 8 {
		onFloor(t, func(t *testing.T, f *floor) {
			f.storage.onCommit(func([]store.Change) error { time.Sleep(time.Millisecond); return nil })
			var carriedOut atomic.Int64
			var callers sync.WaitGroup
			for i := range 100 {
				callers.Go(func() {
					key := agent(i % 10)
					for {
						_, err := f.engine.Do(context.Background(), engine.Request{Key: key, Command: start(key)})
						if errors.Is(err, engine.ErrStopped) {
							return
						}
						if err != nil {
							t.Error(err)
							return
						}
						carriedOut.Add(1)
					}
				})
			}
			time.Sleep(10 * time.Millisecond)
			f.stop()
			callers.Wait()
			started := int64(0)
			for _, record := range f.log() {
				if record.Event.Change.Kind() == presence.KindSessionStarted {
					started++
				}
			}
			if started != carriedOut.Load() {
				t.Errorf("%d sessions were started, %d answered", started, carriedOut.Load())
			}
		})
	}
}

func TestDo_CallersBeyondTheQueueWaitAndLeaveWithTheirContext(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(0))
		release := f.storage.hold()
		f.send(agent(0), ready(agent(0))) // the batch under way
		queued := make([]outcome, engine.QueueLength)
		for i := range queued {
			go func() {
				queued[i].answer, queued[i].err = f.engine.Do(t.Context(), engine.Request{Key: agent(0), Command: ready(agent(0))})
			}()
		}
		synctest.Wait()

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		beyond := f.sendRequest(ctx, engine.Request{Key: agent(1), Command: start(agent(1))})
		if beyond.done() {
			t.Fatalf("did not wait: %v", beyond.err)
		}
		pass(time.Second)
		if !beyond.done() || !errors.Is(beyond.err, context.DeadlineExceeded) {
			t.Fatalf("did not leave with its context: done %t, %v", beyond.done(), beyond.err)
		}
		patient := f.send(agent(2), start(agent(2)))
		release(nil)
		synctest.Wait()
		for i := range queued {
			if queued[i].err != nil {
				t.Fatalf("queued call %d: %v", i, queued[i].err)
			}
		}
		if !patient.done() || patient.err != nil {
			t.Errorf("who waited: done %t, %v", patient.done(), patient.err)
		}
		f.expect(agent(1), "offline")
	})
}

func TestDo_ACallerLeavesACommitThatHangs(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		release := f.storage.hold()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		o := f.sendRequest(ctx, engine.Request{Key: agent(1), Command: start(agent(1))})
		pass(time.Second)
		if !o.done() || !errors.Is(o.err, context.DeadlineExceeded) {
			t.Fatalf("done %t, %v", o.done(), o.err)
		}
		release(nil)
		synctest.Wait()
		f.expect(agent(1), "notready inbound live (Logged in)")
	})
}

// The server lets nobody in any more while it stops, which may take longer than a
// closed socket or silence is forgiven.
func TestDeafen_NobodyIsToBlameForWhatFollows(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		closed, closing, quiet := f.sit(agent(1), f.logInOutbound(agent(1))), f.sit(agent(2), f.logInOutbound(agent(2))), f.sit(agent(3), f.logInOutbound(agent(3)))
		f.logInOutbound(agent(4)) // sends heartbeats, and cannot any more
		pass(5 * time.Second)
		quiet.stalled.Store(true)
		records := len(f.log())
		closed.leave(presence.ClosedByClient) // a page that is reloaded
		pass(lostAfter / 2)
		f.engine.Deafen()
		closing.leave(presence.ClosedByServer)
		pass(10 * time.Minute)
		for _, r := range f.log()[records:] {
			t.Errorf("agent %s: %s", r.Key.Agent, r.Event.Change.Kind())
		}
		f.do(agent(2), ready(agent(2))) // a request under way is answered all the same
		close(quiet.gone)
	})
}
