package presence

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAgentGoesToTheStoreAndBack(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		want := s.after()
		var got Agent
		if err := json.Unmarshal([]byte(text(t, want)), &got); err != nil {
			t.Fatalf("%v", err)
		}
		// cmp tells nil from empty.
		if difference := cmp.Diff(want, got); difference != "" {
			t.Fatalf("the store changes the agent:\n%s", difference)
		}
	})
}

func TestAgentLeavesOutWhatItHasNot(t *testing.T) {
	t.Parallel()
	if got := text(t, Agent{}); got != `{}` {
		t.Errorf("an agent who never had a session is %s", got)
	}
	a := play(t, loggedIn(t), ReportWork{By: router, Work: phone(1, WorkActive)}, EndWork{By: router, Interaction: call(1)})
	if a.Session.Work != nil {
		t.Errorf("no work is %#v, want nil", a.Session.Work)
	}
}

// Stores keep agents in this form: a field may be added, none may change.
func TestStoredAgentsReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	a := play(t, Agent{},
		StartSession{By: ada, WorkLimit: 2, Metadata: json.RawMessage(`{"desk":4}`)},
		SetDirection{By: ada, Direction: Outbound},
		GoNotReady{By: sue, Reason: lunch},
		ReportWork{By: router, Work: phone(1, WorkActive)},
		StartMonitoring{By: ada, Interaction: call(2)},
		GoOffline{By: sue, Wait: true},
		TakeLease{HeardAt: nine})
	live := held(t, a)
	ended := play(t, a, StartSession{By: ada, Silent: true}, Revoke{By: System()})
	compareFile(t, "testdata/agents.txt", text(t, a)+"\n"+text(t, live)+"\n"+text(t, ended)+"\n")
}
