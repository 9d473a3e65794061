package presence

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Desktops wait for the event that answers a request, so a repetition makes
// one, too; but nothing that is counted or seen by others may move.
func TestRepeatedRequestIsAnsweredAndChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := drawLiveAgent(t)
		request := drawRequest(t)
		first := attempt(t, a, request, a.LastAt.Add(time.Second))
		if first.err != nil || first.after().Session == nil {
			return
		}
		once := first.after()
		second := attempt(t, once, request, once.LastAt.Add(time.Minute))
		twice := second.after()
		if len(second.events) != 1 || !repeats(second.events[0].Change) {
			t.Fatalf("repeating %#v makes %+v", request, second.events)
		}
		once.Version, once.LastAt = twice.Version, twice.LastAt // the answer itself
		if difference := cmp.Diff(once, twice); difference != "" {
			t.Fatalf("repeating %#v changes the agent:\n%s", request, difference)
		}
	})
}

func drawRequest(t *rapid.T) Command {
	by := drawActor(t)
	return rapid.SampledFrom([]Command{
		GoReady{By: by, HasExtension: true},
		GoNotReady{By: by},
		GoNotReady{By: by, Reason: lunch},
		GoOffline{By: by, Wait: true},
		SetDirection{By: by, Direction: Outbound},
	}).Draw(t, "request")
}

func repeats(change Change) bool {
	switch c := change.(type) {
	case StateSet:
		return c.Repeated
	case LogoutDeferred:
		return c.Repeated
	case DirectionSet:
		return c.Repeated
	}
	return false
}
