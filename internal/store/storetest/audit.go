package storetest

import (
	"encoding/json"
	"testing"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Audit checks an adapter of [store.Audit] by what is applied to the directory
// that it belongs to. Open answers empty ones, new ones at each call.
func Audit(t *testing.T, open func(t *testing.T) (store.Directory, store.Audit)) {
	t.Run("entries are read as they were appended, the newest first", func(t *testing.T) {
		t.Parallel()
		s, audit := open(t)
		full := store.AuditEntry{Tenant: northTenant, At: 5, Actor: ann, ActorName: "Ann", Action: "create_role", Target: bob, TargetName: "Bob",
			Details: json.RawMessage(`{"name":"x"}`), RequestID: "r"}
		bare := store.AuditEntry{Tenant: northTenant, At: 6, Action: "restore"}
		mustApply(t, s, nil, full, bare)
		wantPage(t, audit, northTenant, 0, 10, bare, full)
	})
	t.Run("each tenant has its own, and so has what concerns none", func(t *testing.T) {
		t.Parallel()
		s, audit := open(t)
		north, south, none := entry(northTenant, 1), entry(southTenant, 2), entry(presence.TenantID{}, 3)
		mustApply(t, s, nil, north, south, none)
		wantPage(t, audit, northTenant, 0, 10, north)
		wantPage(t, audit, southTenant, 0, 10, south)
		wantPage(t, audit, presence.TenantID{}, 0, 10, none)
	})
	t.Run("pages follow each other without gap or overlap, and end", func(t *testing.T) {
		t.Parallel()
		s, audit := open(t)
		for at := range presence.Instant(5) {
			mustApply(t, s, nil, entry(northTenant, at), entry(southTenant, at))
		}
		next := wantPage(t, audit, northTenant, 0, 2, entry(northTenant, 4), entry(northTenant, 3))
		mustApply(t, s, nil, entry(northTenant, 5)) // newer ones do not shift the pages
		next = wantPage(t, audit, northTenant, next, 2, entry(northTenant, 2), entry(northTenant, 1))
		next = wantPage(t, audit, northTenant, next, 2, entry(northTenant, 0))
		if next != 0 {
			t.Errorf("the last page goes on from %d", next)
		}
	})
	t.Run("changes that are refused are not audited", func(t *testing.T) {
		t.Parallel()
		s, audit := open(t)
		unknown := directory.Changes{{Action: directory.Delete, Document: &directory.Region{ID: localRegion}}}
		if err := s.Apply(t.Context(), 0, unknown, []store.AuditEntry{entry(northTenant, 1)}); err == nil {
			t.Error("an impossible change was applied")
		}
		wantPage(t, audit, northTenant, 0, 10)
	})
}

func entry(tenant presence.TenantID, at presence.Instant) store.AuditEntry {
	return store.AuditEntry{Tenant: tenant, At: at, Action: "update_tenant"}
}

// wantPage reads a page and returns where the next one begins.
func wantPage(t *testing.T, audit store.Audit, tenant presence.TenantID, before int64, limit int, want ...store.AuditEntry) int64 {
	t.Helper()
	entries, next, err := audit.Audit(t.Context(), tenant, before, limit)
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, "entries", want, entries)
	return next
}
