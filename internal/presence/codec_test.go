package presence

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEveryEventGoesToTheLogAndBack(t *testing.T) {
	t.Parallel()
	for _, kind := range sorted(everyKind()) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				e := drawEvent(t, Kind(kind))
				if difference := cmp.Diff(e, stored(t, e)); difference != "" {
					t.Fatalf("the log changes it:\n%s", difference)
				}
			})
		})
	}
}

func TestDecodeEventRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	const good = `{"session":"31746800-1616-11f1-8000-010000000000","by":{"cause":"system"},"change":{}}`
	for name, c := range map[string]struct {
		kind Kind
		body string
	}{
		"a kind of another version":     {"session_frozen", good},
		"no kind":                       {"", good},
		"nothing":                       {KindReleased, ``},
		"half of it":                    {KindReleased, good[:40]},
		"no change":                     {KindStateSet, `{"session":"31746800-1616-11f1-8000-010000000000","by":{"cause":"agent"}}`},
		"a change that is null":         {KindStateSet, `{"session":"31746800-1616-11f1-8000-010000000000","by":{"cause":"agent"},"change":null}`},
		"a change that is a list":       {KindStateSet, `{"by":{"cause":"agent"},"change":[]}`},
		"a session that is no id":       {KindReleased, `{"session":"1","by":{"cause":"system"},"change":{}}`},
		"a number that is text":         {KindLeaseTaken, `{"by":{"cause":"system"},"change":{"fence":"2"}}`},
		"something after the last byte": {KindReleased, good + `{}`},
	} {
		if e, err := DecodeEvent(c.kind, 1, nine, []byte(c.body)); err == nil {
			t.Errorf("%s is read as %+v", name, e)
		}
	}
	if _, err := DecodeEvent(KindReleased, 1, nine, []byte(good)); err != nil {
		t.Errorf("a good one is refused: %v", err)
	}
}

// What was read once must be written so that it is read as the same.
func FuzzDecodeEvent(f *testing.F) {
	for kind, body := range frozen(f) {
		f.Add(string(kind), []byte(body))
	}
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		e, err := DecodeEvent(Kind(kind), 7, nine, body)
		if err != nil {
			return
		}
		first, err := EncodeEvent(e)
		if err != nil {
			t.Fatalf("%q is read and cannot be written: %v", body, err)
		}
		again, err := DecodeEvent(Kind(kind), 7, nine, first)
		if err != nil {
			t.Fatalf("%q cannot be read again: %v", first, err)
		}
		second, err := EncodeEvent(again)
		if err != nil || string(first) != string(second) {
			t.Fatalf("%q becomes %q, %v", first, second, err)
		}
	})
}

// everyKind lists the kinds that the log knows.
func everyKind() []Kind {
	var list []Kind
	for kind := range decoders {
		list = append(list, kind)
	}
	return list
}

func drawEvent(t *rapid.T, kind Kind) Event {
	return Event{
		Version: rapid.Uint64().Draw(t, "version"),
		At:      drawInstant(t),
		Session: SessionID{drawUUID(t)},
		By:      Actor{Cause: drawActor(t).Cause, ID: AgentID{drawUUID(t)}, Name: rapid.String().Draw(t, "name")},
		Change:  drawChange(t, kind),
	}
}

func drawChange(t *rapid.T, kind Kind) Change {
	id := InteractionID{drawUUID(t)}
	at := drawInstant(t)
	flag := rapid.Bool().Draw(t, "flag")
	number := rapid.Uint64().Draw(t, "number")
	switch kind {
	case KindSessionStarted:
		return SessionStarted{Silent: flag, Metadata: drawJSON(t), WorkLimit: int(uint16(number)), Tick: number, Fence: number / 2, Work: drawOpenWork(t)}
	case KindStateSet:
		return StateSet{Intent: Intent{State: rapid.SampledFrom([]State{Ready, NotReady}).Draw(t, "state"), Reason: drawReason(t)}, Repeated: flag}
	case KindLogoutDeferred:
		return LogoutDeferred{Repeated: flag}
	case KindDirectionSet:
		return DirectionSet{Direction: drawDirection(t), Repeated: flag}
	case KindWorkReported:
		return WorkReported{Work: drawWork(t)}
	case KindWorkEnded:
		return WorkEnded{Work: drawWork(t)}
	case KindConnectionChanged:
		return ConnectionChanged{Connection: rapid.SampledFrom([]Connection{Live, Silent, Lost}).Draw(t, "connection"), HeardAt: at}
	case KindHeld:
		return Held{Reason: drawReason(t), HeardAt: at}
	case KindReleased:
		return Released{}
	case KindLeaseTaken:
		return LeaseTaken{Fence: number, HeardAt: at}
	case KindMonitoringStarted:
		return MonitoringStarted{Interaction: id}
	case KindMonitoringEnded:
		return MonitoringEnded{Interaction: id}
	case KindSessionEnded:
		return SessionEnded{Code: rapid.SampledFrom([]EndCode{EndLoggedOut, EndLeaseExpired}).Draw(t, "code"), HeardAt: at}
	}
	t.Fatalf("kind %s cannot be drawn", kind)
	return nil
}

func drawInstant(t *rapid.T) Instant {
	return Instant(rapid.Int64Range(-1<<50, 1<<50).Draw(t, "instant"))
}

func drawReason(t *rapid.T) Reason {
	if rapid.Bool().Draw(t, "no reason") {
		return Reason{}
	}
	return Reason{Name: rapid.String().Draw(t, "reason"), ID: ReasonID{drawUUID(t)}, List: ReasonListID{drawUUID(t)}}
}

// drawJSON draws metadata as the log keeps it: without white space, and with
// what is dangerous in HTML escaped.
func drawJSON(t *rapid.T) json.RawMessage {
	if rapid.Bool().Draw(t, "no metadata") {
		return nil
	}
	data, err := json.Marshal(map[string]any{rapid.String().Draw(t, "key"): rapid.String().Draw(t, "value"), "n": nil})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return data
}

func drawOpenWork(t *rapid.T) []Work {
	var list []Work
	for range rapid.IntRange(0, 3).Draw(t, "works") {
		list = append(list, drawWork(t))
	}
	return list
}
