package httpapi

import (
	"context"
	"reflect"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// head is the number of the last event of a tenant.
func (w *world) head(tenant string) store.Seq {
	w.tb.Helper()
	position, err := w.store.Head(context.Background(), tenantID(tenant))
	if err != nil {
		w.tb.Fatal(err)
	}
	return position.Seq
}

// eventsAfter are a tenant's events after a number.
func (w *world) eventsAfter(tenant string, after store.Seq) []store.Record {
	w.tb.Helper()
	records, err := w.store.Records(context.Background(), tenantID(tenant), after, 1000)
	if err != nil {
		w.tb.Fatal(err)
	}
	return records
}

// caused checks which events what is done leaves in the tenant's log, and
// returns them.
func (w *world) caused(tenant string, do func(), want ...presence.Kind) []store.Record {
	w.tb.Helper()
	before := w.head(tenant)
	do()
	records := w.eventsAfter(tenant, before)
	var got []presence.Kind
	for _, record := range records {
		got = append(got, record.Event.Change.Kind())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.tb.Errorf("events in the log, wanted (-) and found (+):\n%s", diff)
	}
	return records
}

// stored is all that a request must not change when it is refused.
type stored struct {
	heads     map[string]store.Seq
	directory *directory.Contents
	audit     map[string][]store.AuditEntry
}

func (w *world) stored() stored {
	w.tb.Helper()
	s := stored{heads: map[string]store.Seq{}, audit: map[string][]store.AuditEntry{}}
	var err error
	if s.directory, err = w.store.Load(context.Background()); err != nil {
		w.tb.Fatal(err)
	}
	for _, tenant := range []string{north, south, east, dusk} {
		s.heads[tenant] = w.head(tenant)
		s.audit[tenant] = w.auditOf(tenant)
	}
	return s
}

// auditOf is a tenant's audit, the newest entry first.
func (w *world) auditOf(tenant string) []store.AuditEntry {
	w.tb.Helper()
	entries, _, err := w.store.Audit(context.Background(), tenantID(tenant), 0, 1000)
	if err != nil {
		w.tb.Fatal(err)
	}
	return entries
}

// unchanged checks that what is done leaves everything as it was.
func (w *world) unchanged(do func()) {
	w.tb.Helper()
	before := w.stored()
	do()
	w.same(before)
}

// same checks that everything is as it was.
func (w *world) same(before stored) {
	w.tb.Helper()
	after := w.stored()
	if reflect.DeepEqual(before, after) { // cmp takes a hundred times as long to find this out
		return
	}
	if diff := cmp.Diff(before, after, cmp.AllowUnexported(stored{})); diff != "" {
		w.tb.Errorf("the store before (-) and after (+):\n%s", diff)
	}
}
