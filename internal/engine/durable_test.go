package engine_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// outcome is what a request that was sent in the background came to.
type outcome struct {
	answered atomic.Bool // set after the others
	answer   engine.Answer
	err      error
}

func (o *outcome) done() bool { return o.answered.Load() }

// send sends a request in the background. When it returns, the request waits for
// what the test holds up.
func (f *floor) send(key presence.Key, command presence.Command) *outcome {
	return f.sendRequest(f.t.Context(), engine.Request{Key: key, Command: command})
}

func (f *floor) sendRequest(ctx context.Context, r engine.Request) *outcome {
	o := new(outcome)
	go func() {
		o.answer, o.err = f.engine.Do(ctx, r)
		o.answered.Store(true)
	}()
	synctest.Wait()
	return o
}

func TestDo_AnswersAndAnnouncesWhatIsDurable(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		announced := f.bus.newest()

		release := f.storage.hold()
		o := f.send(agent(1), ready(agent(1)))
		if o.done() || f.bus.newest() != announced {
			t.Fatalf("before the commit: answered %t, announced %d", o.done(), f.bus.newest())
		}
		f.expect(agent(1), "notready inbound live (Logged in)")

		release(nil)
		synctest.Wait()
		if !o.done() || o.err != nil {
			t.Fatalf("after the commit: answered %t, %v", o.done(), o.err)
		}
		f.expect(agent(1), "ready inbound live offerable")
		if head := f.log()[len(f.log())-1].Seq; f.bus.newest() != head || len(f.bus.early) > 0 {
			t.Fatalf("announced %d of %d, early: %v", f.bus.newest(), head, f.bus.early)
		}
		if diff := cmp.Diff(f.stored(agent(1)).Agent, o.answer.Agent); diff != "" {
			t.Fatalf("the answer is not what is stored: %s", diff)
		}
	})
}

func TestDo_AnnouncesNothingWhenTheCommitFails(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		announced := f.bus.count()
		f.storage.FailCommits(errDiskFull)
		if _, err := f.engine.Do(t.Context(), engine.Request{Key: agent(1), Command: ready(agent(1))}); !errors.Is(err, store.ErrUnavailable) {
			t.Fatalf("error %v", err)
		}
		if f.bus.count() != announced {
			t.Fatalf("announced %v", f.bus.made)
		}
	})
}

func TestDo_CallersWhoComeDuringACommitShareTheNext(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		const callers = 256
		f.hire(callers + 1)
		release := f.storage.hold()
		f.send(agent(0), start(agent(0)))
		outcomes := make([]outcome, callers)
		for i := range outcomes {
			go func() {
				key := agent(i + 1)
				outcomes[i].answer, outcomes[i].err = f.engine.Do(t.Context(), engine.Request{Key: key, Command: start(key)})
			}()
		}
		synctest.Wait()
		release(nil)
		synctest.Wait()
		for i := range outcomes {
			if outcomes[i].err != nil || outcomes[i].answer.Agent.Session == nil {
				t.Fatalf("caller %d: %v", i, outcomes[i].err)
			}
		}
		if commits := f.storage.commits.Load(); commits != 2 {
			t.Fatalf("%d commits for 1 + %d callers, want 2", commits, callers)
		}
		if f.bus.count() != 2 || f.bus.newest() != callers+1 {
			t.Fatalf("announcements %v", f.bus.made)
		}
	})
}

func TestDo_ABatchSeesItsOwnEarlierEvents(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		release := f.storage.hold()
		f.send(agent(0), start(agent(0)))
		key := agent(1)
		started := f.send(key, start(key))
		first := f.send(key, notReady(key, lunch))
		again := f.send(key, notReady(key, lunch))
		out := f.send(key, presence.GoOffline{By: self(key)})
		late := f.send(key, ready(key))
		release(nil)
		synctest.Wait()

		for _, o := range []*outcome{started, first, again, out} {
			if o.err != nil {
				t.Fatal(o.err)
			}
		}
		if change, _ := again.answer.Last.Change.(presence.StateSet); !change.Repeated {
			t.Errorf("the second request did not see the first: %+v", again.answer.Last)
		}
		if presence.RefusalOf(late.err) != presence.RefusedNoSession {
			t.Errorf("after the log-out: %v, want a refusal", late.err)
		}
		if commits := f.storage.commits.Load(); commits != 2 {
			t.Errorf("%d commits, want 2", commits)
		}
		f.expect(key, "offline")
	})
}

func TestDo_AFailedCommitTakesTheWholeBatchBack(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		release := f.storage.hold()
		outcomes := []*outcome{
			f.send(agent(1), ready(agent(1))), // in the commit that is held
		}
		release(errDiskFull)
		synctest.Wait()

		release = f.storage.hold()
		outcomes = append(outcomes,
			f.send(agent(5), start(agent(5))),
			f.send(agent(1), presence.GoOffline{By: self(agent(1))}),
			f.send(agent(1), ready(agent(1))), // refused, because of what will never have happened
			f.send(agent(2), start(agent(2))),
			f.send(agent(2), ready(agent(2))),
		)
		f.storage.FailCommits(errDiskFull)
		release(errDiskFull)
		synctest.Wait()
		for i, o := range outcomes {
			if !errors.Is(o.err, store.ErrUnavailable) {
				t.Errorf("request %d: %v, want unavailable", i, o.err)
			}
			if diff := cmp.Diff(engine.Answer{}, o.answer); diff != "" {
				t.Errorf("request %d is answered with its error: %s", i, diff)
			}
		}
		f.expect(agent(1), "notready inbound live (Logged in)")
		f.expect(agent(2), "offline")
		if live := f.engine.Live(); live != 1 {
			t.Errorf("%d live sessions, want 1", live)
		}

		f.storage.FailCommits(nil)
		f.logInReady(agent(2))
		f.do(agent(1), ready(agent(1)))
		f.expect(agent(1), "ready inbound live offerable")
		f.expect(agent(2), "ready inbound live offerable")
		checkLog(t, f.log())
	})
}

func TestDo_WhatWasWrittenBeforeAnErrorIsNotLost(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		f.storage.onCommitted(func() error { return errors.New("connection reset while committing") })
		request := engine.Request{Key: agent(1), Command: ready(agent(1)), Idempotency: engine.Idempotency{Key: [16]byte{1}, Body: [16]byte{2}}}
		if _, err := f.engine.Do(t.Context(), request); err == nil {
			t.Fatal("the error of the commit is lost")
		}
		f.storage.onCommitted(nil)
		f.expect(agent(1), "ready inbound live offerable")
		version := f.agent(agent(1)).Version

		answer, err := f.engine.Do(t.Context(), request)
		if err != nil || !answer.Replayed || answer.Agent.Version != version {
			t.Fatalf("the same request again: %+v, %v", answer, err)
		}
		checkLog(t, f.log())
	})
}

func TestAgent_NeverShowsWhatIsNotCommitted(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		key := agent(1)
		f.logIn(key)
		turn := 0
		f.storage.onCommit(func([]store.Change) error {
			time.Sleep(3 * time.Millisecond)
			if turn++; turn%3 == 0 {
				return errDiskFull
			}
			return nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				var last uint64
				for ctx.Err() == nil {
					seen, stored := f.agent(key).Version, f.stored(key).Agent.Version
					if seen > stored || seen < last {
						t.Errorf("saw version %d after %d, while %d is committed", seen, last, stored)
						return
					}
					last = seen
					time.Sleep(time.Millisecond)
				}
			})
		}
		for range 100 {
			_, err := f.engine.Do(t.Context(), engine.Request{Key: key, Command: ready(key)})
			if err != nil && !errors.Is(err, store.ErrUnavailable) {
				t.Fatal(err)
			}
		}
		cancel()
		readers.Wait()
	})
}
