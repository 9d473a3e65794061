package memory_test

import (
	"errors"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/store/storetest"
)

func TestAgents(t *testing.T) {
	t.Parallel()
	storetest.Agents(t, open)
}

func TestLog(t *testing.T) {
	t.Parallel()
	storetest.Log(t, open)
}

func TestFloor(t *testing.T) {
	t.Parallel()
	storetest.Floor(t, open)
}

func TestIntervals(t *testing.T) {
	t.Parallel()
	storetest.Intervals(t, open)
}

func BenchmarkCommit(b *testing.B) { storetest.BenchmarkCommit(b, open) }

func TestFailCommits_FailsUntilTakenBack(t *testing.T) {
	t.Parallel()
	s := memory.New()
	key := presence.Key{Tenant: presence.TenantID{UUID: presence.UUID{1}}, Agent: presence.AgentID{UUID: presence.UUID{2}}}
	change, _ := storetest.NewRecorder().Record(key, presence.StartSession{}, 1)
	broken := errors.New("broken")
	s.FailCommits(broken)
	if err := s.Commit(t.Context(), []store.Change{change}); !errors.Is(err, broken) {
		t.Fatalf("commit: %v, want %v", err, broken)
	}
	s.FailCommits(nil)
	if err := s.Commit(t.Context(), []store.Change{change}); err != nil {
		t.Fatalf("commit: %v: something was written before", err)
	}
}

func open(testing.TB) storetest.Store { return memory.New() }
