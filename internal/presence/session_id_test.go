package presence

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSessionIDsAreTimeBasedAndHideTheMachine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := nine.Add(time.Duration(rapid.IntRange(-1<<40, 1<<40).Draw(t, "ms")) * time.Millisecond)
		last := rapid.Uint64Range(0, tickMask-1).Draw(t, "last")
		id, tick := NewSessionID(at, last, drawRandom(t))
		if id.Version() != 1 || id.UUID[8]&0xc0 != 0x80 || id.UUID[10]&1 != 1 {
			t.Fatalf("%s: version %d, variant %x, multicast %d", id, id.Version(), id.UUID[8]>>6, id.UUID[10]&1)
		}
		inside, ok := id.Tick()
		if !ok || inside != tick || tick <= last {
			t.Fatalf("%s holds tick %d (%t), want %d after %d", id, inside, ok, tick, last)
		}
	})
}

func TestSessionIDTellsWhenTheSessionBegan(t *testing.T) {
	t.Parallel()
	id, _ := NewSessionID(nine, 0, [8]byte{})
	if got, want := id.String(), "31746800-1616-11f1-8000-010000000000"; got != want {
		t.Errorf("the id of %s is %s, want %s", nine, got, want)
	}
}

func TestSessionIDsOfAnAgentRiseWhateverTheClockDoes(t *testing.T) {
	t.Parallel()
	everyLife(t, func(t *rapid.T, life []step) {
		var last uint64
		visit(life, func(e Event, _, after Agent) {
			started, ok := e.Change.(SessionStarted)
			if !ok {
				return
			}
			tick, timeBased := e.Session.Tick()
			if !timeBased || tick <= last || tick != started.Tick || after.LastTick != tick {
				t.Fatalf("session %s of tick %d follows on tick %d", e.Session, tick, last)
			}
			last = tick
		})
	})
}

func TestSessionIDsOfTheSameMomentDifferByOneTick(t *testing.T) {
	t.Parallel()
	first, tick := NewSessionID(nine, 0, [8]byte{1})
	second, next := NewSessionID(nine, tick, [8]byte{2})
	if next != tick+1 || bytes.Equal(first.UUID[:], second.UUID[:]) {
		t.Errorf("%s of tick %d, then %s of tick %d", first, tick, second, next)
	}
}

func TestIDsOfOtherVersionsHoldNoTick(t *testing.T) {
	t.Parallel()
	if tick, ok := (SessionID{UUID{6: 0x40, 8: 0x80}}).Tick(); ok {
		t.Errorf("a random id holds tick %d", tick)
	}
}

func drawRandom(t *rapid.T) [8]byte {
	return [8]byte(rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(t, "random"))
}
