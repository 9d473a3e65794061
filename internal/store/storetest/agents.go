package storetest

import (
	"slices"
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
		{"a batch of many changes is written as they are, one after the other", commitsMany},
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

// commitsMany has more records than an adapter may write with one statement, and
// some that do not fill one.
func commitsMany(t *testing.T, s Store) {
	r := NewRecorder()
	var north, south []store.Change
	for i := range presence.Instant(50) {
		north = append(north, r.must(t, annInNorth, begins, nine+i), r.must(t, bobInNorth, begins, nine+i))
		south = append(south, r.must(t, annInSouth, begins, nine+i))
	}
	mustCommit(t, s, append(slices.Clone(north), south...)...)
	wantSame(t, "records in the north", recordsOf(north...), get[[]store.Record](t)(s.Records(t.Context(), northTenant, 0, 1000)))
	wantSame(t, "records in the south", recordsOf(south...), get[[]store.Record](t)(s.Records(t.Context(), southTenant, 0, 1000)))
	for _, key := range []presence.Key{annInNorth, bobInNorth, annInSouth} {
		wantAgent(t, s, key, r.Agent(key))
	}
}

func commitsNothing(t *testing.T, s Store) {
	mustCommit(t, s)
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
