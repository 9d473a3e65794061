package engine_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// keyed is a request with an idempotency key and a body.
func keyed(key presence.Key, command presence.Command, id, body byte) engine.Request {
	return engine.Request{Key: key, Command: command, Idempotency: engine.Idempotency{Key: [16]byte{id}, Body: [16]byte{body}}}
}

// ask carries out a request that must succeed.
func (f *floor) ask(r engine.Request) engine.Answer {
	f.t.Helper()
	answer, err := f.engine.Do(f.t.Context(), r)
	if err != nil {
		f.t.Fatalf("%s: %v", r.Command.Name(), err)
	}
	return answer
}

// expectReplay fails unless again is the answer that first was, without a trace
// in the log.
func (f *floor) expectReplay(first, again engine.Answer, records int) {
	f.t.Helper()
	if first.Replayed || !again.Replayed {
		f.t.Fatalf("replayed: first %t, again %t", first.Replayed, again.Replayed)
	}
	if diff := cmp.Diff(first.Agent, again.Agent); diff != "" {
		f.t.Errorf("another agent: %s", diff)
	}
	if diff := cmp.Diff(first.Last, again.Last); diff != "" {
		f.t.Errorf("another event: %s", diff)
	}
	if len(f.log()) != records {
		f.t.Errorf("the repetition left %d records", len(f.log())-records)
	}
}

func TestIdempotency_ARepetitionAnswersAsTheFirstDid(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		first := f.ask(keyed(agent(1), ready(agent(1)), 1, 1))
		f.do(agent(1), notReady(agent(1), lunch)) // the answer stays what it was
		records := len(f.log())
		time.Sleep(time.Second)

		again := f.ask(keyed(agent(1), ready(agent(1)), 1, 1))
		f.expectReplay(first, again, records)
		if again.At != first.At.Add(time.Second) {
			t.Errorf("the repetition is dated %s, want the time of answering", again.At)
		}
		f.expect(agent(1), "notready inbound live (Lunch)")
	})
}

func TestIdempotency_AnotherBodyIsRefused(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		f.ask(keyed(agent(1), ready(agent(1)), 1, 1))
		_, err := f.engine.Do(t.Context(), keyed(agent(1), notReady(agent(1), lunch), 1, 2))
		if !errors.Is(err, engine.ErrReceiptMismatch) {
			t.Fatalf("error %v", err)
		}
		f.expect(agent(1), "ready inbound live offerable")
	})
}

func TestIdempotency_HoldsWithinABatch(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		release := f.storage.hold()
		f.send(agent(0), start(agent(0)))
		first := f.sendRequest(t.Context(), keyed(agent(1), ready(agent(1)), 1, 1))
		again := f.sendRequest(t.Context(), keyed(agent(1), ready(agent(1)), 1, 1))
		other := f.sendRequest(t.Context(), keyed(agent(1), ready(agent(1)), 1, 2))
		release(nil)
		synctest.Wait()
		f.expectReplay(first.answer, again.answer, 3)
		if !errors.Is(other.err, engine.ErrReceiptMismatch) {
			t.Errorf("another body: %v", other.err)
		}
	})
}

func TestIdempotency_AFailedRequestIsNotRemembered(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		f.storage.FailCommits(errDiskFull)
		if _, err := f.engine.Do(t.Context(), keyed(agent(1), ready(agent(1)), 1, 1)); !errors.Is(err, store.ErrUnavailable) {
			t.Fatalf("error %v", err)
		}
		f.storage.FailCommits(nil)
		if answer := f.ask(keyed(agent(1), ready(agent(1)), 1, 1)); answer.Replayed {
			t.Fatal("replayed what was never done")
		}
		f.expect(agent(1), "ready inbound live offerable")
	})
}

func TestIdempotency_HoldsOverARestart(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		first := f.ask(keyed(agent(1), start(agent(1)), 1, 1))
		f.restart(time.Minute)
		records := len(f.log())
		again := f.ask(keyed(agent(1), start(agent(1)), 1, 1))
		f.expectReplay(first, again, records)
	})
}

func TestIdempotency_HoldsForAnAgentWhoHasGone(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		first := f.ask(keyed(agent(1), presence.GoOffline{By: self(agent(1))}, 1, 1))
		again := f.ask(keyed(agent(1), presence.GoOffline{By: self(agent(1))}, 1, 1))
		f.expectReplay(first, again, 2)
	})
}

func TestIdempotency_EndsAfterTenMinutes(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.changeSettings(func(s *directory.Settings) { s.EndAfter = time.Hour })
		f.logIn(agent(1))
		f.ask(keyed(agent(1), ready(agent(1)), 1, 1))
		time.Sleep(10*time.Minute - time.Millisecond)
		if !f.ask(keyed(agent(1), ready(agent(1)), 1, 1)).Replayed {
			t.Error("forgotten before ten minutes")
		}
		time.Sleep(time.Millisecond)
		if f.ask(keyed(agent(1), ready(agent(1)), 1, 1)).Replayed {
			t.Error("remembered after ten minutes")
		}
	})
}

func TestIdempotency_TheSeventeenthKeyPushesOutTheFirst(t *testing.T) {
	t.Parallel()
	onFloor(t, func(t *testing.T, f *floor) {
		f.logIn(agent(1))
		for id := range byte(17) {
			f.ask(keyed(agent(1), ready(agent(1)), id+1, 1))
		}
		if kept := len(f.stored(agent(1)).Receipts); kept != store.MaxReceipts {
			t.Errorf("%d receipts are kept", kept)
		}
		if !f.ask(keyed(agent(1), ready(agent(1)), 2, 1)).Replayed {
			t.Error("the second of seventeen is forgotten")
		}
		if f.ask(keyed(agent(1), ready(agent(1)), 1, 1)).Replayed {
			t.Error("the first of seventeen is remembered")
		}
	})
}
