package httpapi

import (
	"net/http"
	"testing"

	"github.com/muster-presence/muster/api"
)

func TestAudit_IsListedInPagesTheNewestFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	for _, state := range []string{"ready", "notready", "offline"} {
		w.post(supervisor, presencePath(north, agent), to(state)).ok()
	}
	path := "/v1/tenants/" + north + "/audit"
	all := okAs[api.AuditPage](w.get(administrator, path+"?limit=1000"))
	if all.Cursor != nil || len(all.Entries) < 10 {
		t.Fatalf("all: %d entries, cursor %v", len(all.Entries), all.Cursor)
	}
	newest := all.Entries[0]
	if newest.Action != "set_state" || *newest.ActorID != supervisor.id || newest.ActorName != "Sam Supervisor" || *newest.TargetID != agent.id || *newest.TargetName != "Avery Agent" || newest.RequestID == nil {
		t.Errorf("the newest is %+v", newest)
	}
	if oldest := all.Entries[len(all.Entries)-1]; oldest.ActorID != nil {
		t.Errorf("what the system did was done by %s", *oldest.ActorID)
	}
	var paged []api.AuditEntry
	for query := "?limit=3"; query != ""; {
		page := okAs[api.AuditPage](w.get(platformAdmin, path+query))
		paged = append(paged, page.Entries...)
		if query = ""; page.Cursor != nil {
			query = "?limit=3&cursor=" + *page.Cursor
		}
	}
	wantEqual(t, paged, all.Entries)
	for query, attribute := range map[string]string{
		"limit=0": "limit", "limit=x": "limit", "cursor=!": "cursor", "cursor=eA": "cursor", "cursor=LTE": "cursor", "cursor=MA": "cursor",
	} {
		w.do(administrator, http.MethodGet, path+"?"+query, nil).refused(api.CodeBadRequest, attribute)
	}
}
