package storetest

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Log checks an adapter of [store.Log]. That every kind of record is read as it
// was written is a matter of [Agents].
func Log(t *testing.T, open Open) {
	holds(t, open, []sentence{
		{"an empty log has no records and its head is 0", emptyLog},
		{"records are read in the order of their numbers, whatever the batches", readsRecords},
		{"reading goes on after any number, up to a limit", readsPages},
		{"a record is found by its number", findsRecord},
		{"a number that is none of the tenant's is not found", missesRecord},
		{"the newest records of an agent rise, up to a limit", readsLatest},
		{"an agent's records after a number rise, up to a limit", readsOfAgent},
		{"the log lists the tenants that have records", listsTenants},
		{"all tenants' positions are of one epoch", sharesEpoch},
	})
	t.Run("another store has another epoch", func(t *testing.T) {
		t.Parallel()
		first := get[store.Position](t)(open(t).Head(t.Context(), northTenant)).Epoch
		second := get[store.Position](t)(open(t).Head(t.Context(), northTenant)).Epoch
		if first == second || first.IsZero() {
			t.Errorf("the epochs are %s and %s", first, second)
		}
	})
}

func emptyLog(t *testing.T, s Store) {
	wantHead(t, s, northTenant, 0)
	wantSame(t, "records", []store.Record(nil), get[[]store.Record](t)(s.Records(t.Context(), northTenant, 0, 10)))
	wantSame(t, "latest", []store.Record(nil), get[[]store.Record](t)(s.LatestOfAgent(t.Context(), annInNorth, 10)))
	wantSame(t, "tenants", []presence.TenantID(nil), get[[]presence.TenantID](t)(s.LoggedTenants(t.Context())))
}

// logged commits records of two agents in the north, mixed with the south's, in
// batches and alone, and returns those of the north.
func logged(t testing.TB, s Store) []store.Record {
	t.Helper()
	r := NewRecorder()
	ready := presence.GoReady{By: byAnn, HasExtension: true}
	first := r.must(t, annInNorth, begins, nine)
	south := r.must(t, annInSouth, begins, nine)
	second := r.must(t, bobInNorth, begins, nine)
	third := r.must(t, annInNorth, ready, nine+1)
	again := r.must(t, annInNorth, begins, nine+2) // two records
	southAgain := r.must(t, annInSouth, ready, nine+2)
	last := r.must(t, bobInNorth, ends, nine+3)
	mustCommit(t, s, first)
	mustCommit(t, s, south, second, third)
	mustCommit(t, s, again, southAgain, last)
	return recordsOf(first, second, third, again, last)
}

func readsRecords(t *testing.T, s Store) {
	want := logged(t, s)
	wantSame(t, "records", want, get[[]store.Record](t)(s.Records(t.Context(), northTenant, 0, 100)))
	wantHead(t, s, northTenant, store.Seq(len(want)))
}

func readsPages(t *testing.T, s Store) {
	all := logged(t, s)
	for after := range len(all) + 2 {
		for limit := 1; limit <= len(all)+1; limit++ {
			rest := all[min(after, len(all)):]
			want := rest[:min(limit, len(rest))]
			wantSame(t, "page", want, get[[]store.Record](t)(s.Records(t.Context(), northTenant, store.Seq(after), limit)))
		}
	}
}

func findsRecord(t *testing.T, s Store) {
	for _, want := range logged(t, s) {
		wantSame(t, "record", want, get[store.Record](t)(s.Record(t.Context(), northTenant, want.Seq)))
	}
}

func missesRecord(t *testing.T, s Store) {
	head := store.Seq(len(logged(t, s)))
	for _, miss := range []struct {
		tenant presence.TenantID
		seq    store.Seq
	}{
		{northTenant, 0},
		{northTenant, head + 1},
		{southTenant, head},
		{presence.TenantID{UUID: presence.UUID{1}}, 1},
	} {
		if _, err := s.Record(t.Context(), miss.tenant, miss.seq); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("record %d: %v, want %v", miss.seq, err, store.ErrNotFound)
		}
	}
}

func readsLatest(t *testing.T, s Store) {
	all := logged(t, s)
	for _, key := range []presence.Key{annInNorth, bobInNorth} {
		own := slices.DeleteFunc(slices.Clone(all), func(r store.Record) bool { return r.Key != key })
		for limit := 1; limit <= len(own)+1; limit++ {
			want := own[max(0, len(own)-limit):]
			wantSame(t, "latest", want, get[[]store.Record](t)(s.LatestOfAgent(t.Context(), key, limit)))
		}
	}
	nobody := numbered(northTenant, 1)
	wantSame(t, "latest", []store.Record(nil), get[[]store.Record](t)(s.LatestOfAgent(t.Context(), nobody, 5)))
}

func readsOfAgent(t *testing.T, s Store) {
	all := logged(t, s)
	for _, key := range []presence.Key{annInNorth, bobInNorth} {
		for after := range len(all) + 2 {
			rest := slices.DeleteFunc(slices.Clone(all), func(r store.Record) bool { return r.Key != key || r.Seq <= store.Seq(after) })
			for limit := 1; limit <= len(all); limit++ {
				var want []store.Record // nil where there is nothing
				want = append(want, rest[:min(limit, len(rest))]...)
				wantSame(t, "records", want, get[[]store.Record](t)(s.RecordsOfAgent(t.Context(), key, store.Seq(after), limit)))
			}
		}
	}
	nobody := numbered(northTenant, 1)
	wantSame(t, "records", []store.Record(nil), get[[]store.Record](t)(s.RecordsOfAgent(t.Context(), nobody, 0, 5)))
}

func listsTenants(t *testing.T, s Store) {
	logged(t, s)
	tenants := get[[]presence.TenantID](t)(s.LoggedTenants(t.Context()))
	slices.SortFunc(tenants, func(a, b presence.TenantID) int { return bytes.Compare(a.UUID[:], b.UUID[:]) })
	wantSame(t, "tenants", []presence.TenantID{northTenant, southTenant}, tenants)
}

func sharesEpoch(t *testing.T, s Store) {
	logged(t, s)
	north := get[store.Position](t)(s.Head(t.Context(), northTenant)).Epoch
	for _, tenant := range []presence.TenantID{southTenant, {UUID: presence.UUID{1}}} {
		if got := get[store.Position](t)(s.Head(t.Context(), tenant)).Epoch; got != north {
			t.Errorf("epoch %s, want %s", got, north)
		}
	}
}
