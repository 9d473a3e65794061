package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store/sqlite"
)

// A document may be older than a setting. What it chose holds, and what it could
// not know of has its default, whichever way the tenant is read.
func TestDirectory_ReadsOlderSettingsWithTheDefaultsOfYoungerOnes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "muster.db")
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	region := &directory.Region{ID: directory.RegionID{UUID: presence.UUID{1}}, Key: "local"}
	tenant := &directory.Tenant{ID: presence.TenantID{UUID: presence.UUID{2}}, Key: "demo", Region: region.ID, Settings: directory.DefaultSettings()}
	tenant.Settings.BeatDelay, tenant.Settings.BeatGrace, tenant.Settings.LostAfter = time.Second, 5, 0
	if err := db.Apply(t.Context(), 0, directory.Changes{
		{Action: directory.Create, Document: region}, {Action: directory.Create, Tenant: tenant.ID, Document: tenant},
	}, nil); err != nil {
		t.Fatal(err)
	}
	wantSettings(t, db, tenant.Settings)

	want := directory.DefaultSettings()
	want.HeartbeatDelay, want.EndAfter = 5*time.Second, 10*time.Minute
	replaceSettings(t, path, `{"heartbeatDelay":5000000000,"heartbeatGrace":1.5,"notReadyAfter":60000000000,"endAfter":600000000000,"offlineWithWork":"refuse","workLimit":1}`)
	wantSettings(t, db, want)
}

func wantSettings(t *testing.T, db *sqlite.DB, want directory.Settings) {
	t.Helper()
	one, err := db.Tenant(t.Context(), presence.TenantID{UUID: presence.UUID{2}})
	if err != nil {
		t.Fatal(err)
	}
	all, err := db.Tenants(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	contents, err := db.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, read := range []*directory.Tenant{one, all[0], contents.Tenants[0]} {
		if diff := cmp.Diff(want, read.Settings); diff != "" {
			t.Errorf("settings (-want +got):\n%s", diff)
		}
	}
}

// replaceSettings writes the settings of all tenants as an older process did.
func replaceSettings(t *testing.T, path, settings string) {
	t.Helper()
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	result, err := raw.ExecContext(t.Context(), `UPDATE tenants SET doc = json_set(doc, '$.settings', json(?))`, settings)
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := result.RowsAffected(); err != nil || rows != 1 {
		t.Fatalf("%d rows were changed, %v", rows, err)
	}
}
