package storetest

import (
	"errors"
	"sync"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Agents checks an adapter of [store.Agents].
func Agents(t *testing.T, open Open) {
	holds(t, open, []sentence{
		{"an agent who never had a session is the zero value with its key", loadsNobody},
		{"a committed change is loaded as it was", loadsCommitted},
		{"an agent is another in each tenant", keepsTenantsApart},
		{"a batch may change an agent more than once", changesTwice},
		{"a batch of nothing is no error", commitsNothing},
		{"a change on an older version is stale", refusesOldVersion},
		{"a change on a version to come is stale", refusesFutureVersion},
		{"a first change of an agent who is there is stale", refusesSecondFirst},
		{"a number that is taken is stale", refusesTakenNumber},
		{"a number that leaves a gap is stale", refusesGap},
		{"a batch is written whole or not at all", commitsWhole},
		{"of several committers at once one wins and the others are stale", oneCommitterWins},
		{"each tenant's numbers rise without gaps", numbersTenantsApart},
		{"receipts are replaced by each change", replacesReceipts},
		{"as many receipts as an agent may have are kept in their order", keepsReceipts},
		{"live are exactly the agents with a session", listsLive},
		{"what is audited is written with its change", writesAudit},
		{"what is audited is not written with a change that is refused", refusesAudit},
		{"readers at once see whole commits", readersSeeWhole},
		{"whatever is done, the model does the same", commitsLikeModel},
	})
	heard(t, open)
}

func loadsNobody(t *testing.T, s Store) {
	wantSame(t, "agent", store.Stored{Key: annInNorth}, get[store.Stored](t)(s.Agent(t.Context(), annInNorth)))
}

func loadsCommitted(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins, presence.GoReady{By: byAnn, HasExtension: true},
		presence.ReportWork{By: presence.System(), Work: presence.Work{Interaction: presence.InteractionID{UUID: presence.UUID{1}}, Channel: "voice"}})
	wantAgent(t, s, annInNorth, r.Agent(annInNorth))
}

func keepsTenantsApart(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	r.commit(t, s, annInSouth, nine+1, begins, presence.GoReady{By: byAnn, HasExtension: true})
	wantAgent(t, s, annInNorth, r.Agent(annInNorth))
	wantAgent(t, s, annInSouth, r.Agent(annInSouth))
	wantAgent(t, s, bobInNorth, presence.Agent{})
}

func changesTwice(t *testing.T, s Store) {
	r := NewRecorder()
	mustCommit(t, s,
		r.must(t, annInNorth, begins, nine),
		r.must(t, bobInNorth, begins, nine),
		r.must(t, annInNorth, presence.GoReady{By: byAnn, HasExtension: true}, nine+5))
	wantAgent(t, s, annInNorth, r.Agent(annInNorth))
	wantAgent(t, s, bobInNorth, r.Agent(bobInNorth))
}

func commitsNothing(t *testing.T, s Store) {
	mustCommit(t, s)
}

func refusesOldVersion(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	other := r.Clone()
	r.commit(t, s, annInNorth, nine, presence.GoReady{By: byAnn, HasExtension: true})
	late := other.must(t, annInNorth, presence.GoNotReady{By: byAnn}, nine+9)
	late.Records[0].Seq++ // nobody took this number, only the version is old
	wantStale(t, s, late)
	wantAgent(t, s, annInNorth, r.Agent(annInNorth))
}

func refusesFutureVersion(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	ahead := r.Clone()
	ahead.must(t, annInNorth, presence.GoReady{By: byAnn, HasExtension: true}, nine)
	early := ahead.must(t, annInNorth, presence.GoNotReady{By: byAnn}, nine)
	early.Records[0].Seq--
	wantStale(t, s, early)
	wantAgent(t, s, annInNorth, r.Agent(annInNorth))
}

func refusesSecondFirst(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	again := NewRecorder().must(t, annInNorth, begins, nine+1)
	again.Records[0].Seq = 2
	wantStale(t, s, again)
	wantAgent(t, s, annInNorth, r.Agent(annInNorth))
}

func refusesTakenNumber(t *testing.T, s Store) {
	NewRecorder().commit(t, s, annInNorth, nine, begins)
	wantStale(t, s, NewRecorder().must(t, bobInNorth, begins, nine))
	wantAgent(t, s, bobInNorth, presence.Agent{})
}

func refusesGap(t *testing.T, s Store) {
	r := NewRecorder()
	r.must(t, annInNorth, begins, nine) // never committed
	wantStale(t, s, r.must(t, bobInNorth, begins, nine))
	wantHead(t, s, northTenant, 0)
	wantAgent(t, s, bobInNorth, presence.Agent{})
}

func commitsWhole(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	batch := r.Clone()
	wantStale(t, s,
		batch.must(t, annInSouth, begins, nine), // the first of its tenant
		batch.must(t, bobInNorth, begins, nine), // a new agent
		batch.must(t, annInNorth, presence.GoReady{By: byAnn, HasExtension: true}, nine),
		NewRecorder().must(t, annInNorth, begins, nine)) // stale
	wantAgent(t, s, annInNorth, r.Agent(annInNorth))
	wantAgent(t, s, annInSouth, presence.Agent{})
	wantAgent(t, s, bobInNorth, presence.Agent{})
	wantHead(t, s, northTenant, 1)
	wantHead(t, s, southTenant, 0)
	r.commit(t, s, bobInNorth, nine, begins) // and everything goes on
	r.commit(t, s, annInSouth, nine, begins)
}

func oneCommitterWins(t *testing.T, s Store) {
	r := NewRecorder()
	r.commit(t, s, annInNorth, nine, begins)
	const committers = 8
	var errs [committers]error
	var group sync.WaitGroup
	for i := range committers {
		change := r.Clone().must(t, annInNorth, presence.GoReady{By: byAnn, HasExtension: true}, nine+presence.Instant(i))
		group.Go(func() { errs[i] = s.Commit(t.Context(), []store.Change{change}) })
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, store.ErrStale) {
			t.Errorf("a loser gets %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d committers won", won)
	}
	wantHead(t, s, northTenant, 2)
}

func numbersTenantsApart(t *testing.T, s Store) {
	r := NewRecorder()
	mustCommit(t, s,
		r.must(t, annInNorth, begins, nine),
		r.must(t, annInSouth, begins, nine),
		r.must(t, bobInNorth, begins, nine),
		r.must(t, annInSouth, begins, nine+1)) // ends one and starts one: two records
	wantHead(t, s, northTenant, 2)
	wantHead(t, s, southTenant, 3)
}

func replacesReceipts(t *testing.T, s Store) {
	r := NewRecorder()
	first, second := receipt(1), receipt(2)
	change := r.must(t, annInNorth, begins, nine)
	change.Receipts = []store.Receipt{first, second}
	mustCommit(t, s, change)
	wantReceipts(t, s, annInNorth, first, second)
	change = r.must(t, annInNorth, presence.GoReady{By: byAnn, HasExtension: true}, nine)
	change.Receipts = []store.Receipt{second}
	mustCommit(t, s, change)
	wantReceipts(t, s, annInNorth, second)
	r.commit(t, s, annInNorth, nine, ends)
	wantReceipts(t, s, annInNorth)
}

func keepsReceipts(t *testing.T, s Store) {
	change := NewRecorder().must(t, annInNorth, begins, nine)
	for i := range store.MaxReceipts {
		change.Receipts = append(change.Receipts, receipt(store.MaxReceipts-i))
	}
	mustCommit(t, s, change)
	wantReceipts(t, s, annInNorth, change.Receipts...)
}

func listsLive(t *testing.T, s Store) {
	r := NewRecorder()
	wantLive(t, s, r)
	r.commit(t, s, annInNorth, nine, begins)
	r.commit(t, s, annInSouth, nine, presence.StartSession{By: byAnn, Silent: true})
	r.commit(t, s, bobInNorth, nine, begins)
	wantLive(t, s, r, annInNorth, annInSouth, bobInNorth)
	r.commit(t, s, bobInNorth, nine, ends)
	r.commit(t, s, annInSouth, nine, begins)
	wantLive(t, s, r, annInNorth, annInSouth)
	r.commit(t, s, annInNorth, nine, ends)
	r.commit(t, s, annInSouth, nine, ends)
	wantLive(t, s, r)
}

func writesAudit(t *testing.T, s Store) {
	r := NewRecorder()
	first := r.must(t, annInNorth, begins, nine)
	first.Audit = []store.AuditEntry{entry(northTenant, nine), entry(northTenant, nine+1)}
	second := r.must(t, annInSouth, begins, nine)
	second.Audit = []store.AuditEntry{entry(southTenant, nine+2)}
	mustCommit(t, s, first, second)
	wantPage(t, s, northTenant, 0, 10, first.Audit[1], first.Audit[0])
	wantPage(t, s, southTenant, 0, 10, second.Audit[0])
}

func refusesAudit(t *testing.T, s Store) {
	good := NewRecorder().must(t, annInNorth, begins, nine)
	good.Audit = []store.AuditEntry{entry(northTenant, nine)}
	wantStale(t, s, good, NewRecorder().must(t, bobInNorth, begins, nine))
	wantPage(t, s, northTenant, 0, 10)
}

func receipt(n int) store.Receipt {
	return store.Receipt{Key: [16]byte{byte(n), 15: 1}, Body: [16]byte{byte(n), 15: 2}, At: nine + presence.Instant(n), Seq: store.Seq(n)}
}

func wantStale(t testing.TB, s store.Agents, changes ...store.Change) {
	t.Helper()
	if err := s.Commit(t.Context(), changes); !errors.Is(err, store.ErrStale) {
		t.Fatalf("commit: %v, want %v", err, store.ErrStale)
	}
}

func wantAgent(t testing.TB, s store.Agents, key presence.Key, want presence.Agent) {
	t.Helper()
	wantSame(t, "agent", want, get[store.Stored](t)(s.Agent(t.Context(), key)).Agent)
}

func wantReceipts(t testing.TB, s store.Agents, key presence.Key, want ...store.Receipt) {
	t.Helper()
	wantSame(t, "receipts", want, get[store.Stored](t)(s.Agent(t.Context(), key)).Receipts)
}

func wantLive(t testing.TB, s store.Agents, r *Recorder, keys ...presence.Key) {
	t.Helper()
	want := make(map[presence.Key]presence.Agent)
	for _, key := range keys {
		want[key] = r.Agent(key)
	}
	got := make(map[presence.Key]presence.Agent)
	for _, stored := range get[[]store.Stored](t)(s.Live(t.Context())) {
		if _, twice := got[stored.Key]; twice {
			t.Errorf("agent %s is listed twice", stored.Key.Agent)
		}
		got[stored.Key] = stored.Agent
	}
	wantSame(t, "live agents", want, got)
}

func wantHead(t testing.TB, s store.Log, tenant presence.TenantID, want store.Seq) {
	t.Helper()
	if got := get[store.Position](t)(s.Head(t.Context(), tenant)).Seq; got != want {
		t.Fatalf("the log's head is %d, want %d", got, want)
	}
}
