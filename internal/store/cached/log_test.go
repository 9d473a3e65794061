package cached_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/cached"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/store/storetest"
)

// remembering is a whole store whose log remembers.
type remembering struct {
	*memory.Store
	log *cached.Log
}

func (r remembering) Commit(ctx context.Context, changes []store.Change) error {
	return r.log.Commit(ctx, changes)
}

func (r remembering) Records(ctx context.Context, tenant presence.TenantID, after store.Seq, limit int) ([]store.Record, error) {
	return r.log.Records(ctx, tenant, after, limit)
}

func TestLog(t *testing.T) {
	t.Parallel()
	for _, capacity := range []int{0, 5} {
		t.Run(fmt.Sprintf("with room for %d", capacity), func(t *testing.T) {
			t.Parallel()
			open := func(testing.TB) storetest.Store {
				inner := memory.New()
				return remembering{inner, cached.NewLog(inner, capacity)}
			}
			storetest.Agents(t, open)
			storetest.Log(t, open)
		})
	}
}

// countedLog counts the reads of the log that reach the store.
type countedLog struct {
	*memory.Store
	reads int
}

func (c *countedLog) Records(ctx context.Context, tenant presence.TenantID, after store.Seq, limit int) ([]store.Record, error) {
	c.reads++
	return c.Store.Records(ctx, tenant, after, limit)
}

var ann = presence.Key{Tenant: presence.TenantID{UUID: presence.UUID{1}}, Agent: presence.AgentID{UUID: presence.UUID{2}}}

// commit adds a record to the log of ann's tenant.
func commit(t testing.TB, r *storetest.Recorder, agents store.Agents, key presence.Key) {
	t.Helper()
	change, ok := r.Record(key, presence.StartSession{}, 1)
	if !ok {
		t.Fatal("nothing to commit")
	}
	if err := agents.Commit(context.Background(), []store.Change{change}); err != nil {
		t.Fatal(err)
	}
}

// wantGapless reads a tenant's log on to its end and counts its records.
func wantGapless(t testing.TB, log store.Log, tenant presence.TenantID, after, head store.Seq) {
	t.Helper()
	for at := after; at < head; {
		records, err := log.Records(context.Background(), tenant, at, 3)
		if err != nil || len(records) == 0 {
			t.Fatalf("after %d: %d records, %v", at, len(records), err)
		}
		for _, record := range records {
			if record.Seq != at+1 {
				t.Fatalf("%d follows on %d", record.Seq, at)
			}
			at = record.Seq
		}
	}
}

func TestLog_NewestRecordsAreNotReadAgain(t *testing.T) {
	t.Parallel()
	counted, r := &countedLog{Store: memory.New()}, storetest.NewRecorder()
	log := cached.NewLog(counted, 100)
	for range 5 {
		commit(t, r, log, ann)
	}
	wantGapless(t, log, ann.Tenant, 0, 9) // each but the first ends the one before
	if counted.reads != 0 {
		t.Errorf("%d reads reached the store", counted.reads)
	}
}

func TestLog_ForgetsTheOldestAndOtherTenants(t *testing.T) {
	t.Parallel()
	counted, r := &countedLog{Store: memory.New()}, storetest.NewRecorder()
	log := cached.NewLog(counted, 8)
	commit(t, r, log, ann)
	other := presence.Key{Tenant: presence.TenantID{UUID: presence.UUID{7}}, Agent: ann.Agent}
	for range 50 {
		commit(t, r, log, other)
	}
	wantGapless(t, log, ann.Tenant, 0, 1)
	wantGapless(t, log, other.Tenant, 0, 99)
	if counted.reads < 10 {
		t.Errorf("only %d reads reached the store: more is remembered than there is room for", counted.reads)
	}
	counted.reads = 0
	wantGapless(t, log, other.Tenant, 97, 99)
	if counted.reads != 0 {
		t.Errorf("%d reads of the newest reached the store", counted.reads)
	}
}

func TestLog_TwoProcessesOnOneStoreBothReadAll(t *testing.T) {
	t.Parallel()
	inner, r := memory.New(), storetest.NewRecorder()
	one, two := cached.NewLog(inner, 100), cached.NewLog(inner, 100)
	for i := range 20 {
		log := one
		if i%3 == 0 || i > 15 {
			log = two
		}
		commit(t, r, log, ann)
		head, err := one.Head(t.Context(), ann.Tenant)
		if err != nil {
			t.Fatal(err)
		}
		for after := range head.Seq {
			wantGapless(t, one, ann.Tenant, after, head.Seq)
			wantGapless(t, two, ann.Tenant, after, head.Seq)
		}
	}
}

func TestLog_ACommitThatWasMadeThoughItFailedLeavesNoGap(t *testing.T) {
	t.Parallel()
	inner, r := memory.New(), storetest.NewRecorder()
	log := cached.NewLog(inner, 100)
	commit(t, r, log, ann)
	commit(t, r, inner, ann) // nobody was told
	commit(t, r, log, ann)
	wantGapless(t, log, ann.Tenant, 0, 5)
}

func TestLog_ReadersSeeNoGapWhileOthersCommit(t *testing.T) {
	t.Parallel()
	log, r := cached.NewLog(memory.New(), 16), storetest.NewRecorder()
	done := make(chan struct{})
	for range 3 {
		go func() {
			for at := store.Seq(0); at < 399; {
				records, err := log.Records(context.Background(), ann.Tenant, at, 7)
				if err != nil {
					t.Error(err)
					break
				}
				for _, record := range records {
					if record.Seq != at+1 || record.After.Version != uint64(record.Seq) {
						t.Errorf("%d of version %d follows on %d", record.Seq, record.After.Version, at)
					}
					at = record.Seq
				}
			}
			done <- struct{}{}
		}()
	}
	for range 200 {
		commit(t, r, log, ann)
	}
	for range 3 {
		<-done
	}
}
