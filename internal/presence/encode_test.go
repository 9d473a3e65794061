package presence

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

func TestEncodeAgent_IsWhatTheStandardLibraryMakes(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) { sameAsStandardLibrary(t, s.after()) })
}

// Names and channels come from people and programs: any text.
func TestEncodeAgent_KeepsEveryText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		sameAsStandardLibrary(t, Agent{Session: &Session{
			ID:       SessionID{UUID{1}},
			Metadata: json.RawMessage(`{"a": "<b>"}`),
			Intent:   Intent{State: NotReady, Reason: Reason{Name: text, ID: ReasonID{UUID{2}}}},
			Pending:  &Pending{By: Actor{Cause: ByAgent, Name: text}},
			Work:     []Work{{Interaction: InteractionID{UUID{3}}, Channel: text}, {Interaction: InteractionID{UUID{4}}}},
		}})
	})
}

func sameAsStandardLibrary(t *rapid.T, a Agent) {
	want, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	got, err := EncodeAgent(a)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Fatalf("encoded as\n%s\nthe standard library makes\n%s", got, want)
	}
}

func TestEncodeAgent_RefusesMetadataThatIsNoJSON(t *testing.T) {
	t.Parallel()
	if _, err := EncodeAgent(Agent{Session: &Session{Metadata: json.RawMessage(`{`)}}); err == nil {
		t.Error("broken metadata was encoded")
	}
}
