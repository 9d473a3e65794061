package httpapi

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

func TestTenantAndRegion_AreThoseOfMembers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wantEqual(t, okAs[api.Tenant](w.get(agent, "/v1/tenants/"+north)), api.Tenant{
		ID: north, Name: "North", Description: "Where most tests play", Active: true, Timezone: "Europe/Berlin", RegionID: near, OfflineWithWork: "refuse",
	})
	wantEqual(t, okAs[api.Region](w.get(agent, "/v1/regions/"+near)), api.Region{ID: near, Name: "Near", Description: "Around the corner"})
	foreign, unknown := w.get(agent, "/v1/regions/"+far), w.get(agent, "/v1/regions/"+no)
	if foreign.refused(api.CodeNotFound, ""); foreign.withoutID() != unknown.withoutID() {
		t.Errorf("a foreign region is told apart: %s", foreign.body)
	}
	w.get(agent, "/v1/regions/near").refused(api.CodeBadRequest, "regionId")
	w.get(agent, "/v1/tenants/north").refused(api.CodeBadRequest, "tenantId")
}

func TestConfig_HasWhatADesktopNeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, query := range []string{"", "?silent-monitor=true", "?silent-monitor=false", "?other=%20"} {
		got := w.get(agent, userPath(north, agent)+"/config"+query).ok()
		if lists := got["reasonLists"].([]any); len(lists) != 4 {
			t.Errorf("%d reason lists", len(lists))
		}
		outbound := got["outboundIntegration"].(map[string]any)
		if outbound["name"] != "Dialler" || outbound["tenantId"] != north {
			t.Errorf("the outbound integration is %v", outbound)
		}
		wantEqual(t, got["integrations"], any([]any{map[string]any{"type": "stream", "path": "tenants/" + north + "/stream", "version": 1.0}}))
		if _, ok := got["messageTemplates"].([]any); !ok {
			t.Errorf("the templates are %v", got["messageTemplates"])
		}
		// Desktops compare the two.
		if diff := cmp.Diff(got["extensions"].([]any)[0], got["activeExtension"]); diff != "" {
			t.Errorf("the active extension is not its entry:\n%s", diff)
		}
	}
	bare := w.get(unreachable, userPath(north, unreachable)+"/config").ok()
	if bare["activeExtension"] != nil || len(bare["extensions"].([]any)) != 0 {
		t.Errorf("without extensions: %v", bare)
	}
	w.get(agent, userPath(north, agent)+"/config?silent-monitor=perhaps").refused(api.CodeBadRequest, "silent-monitor")
	w.get(agent, userPath(north, agent)+"/config?silent-monitor").refused(api.CodeBadRequest, "silent-monitor")
	w.get(agent, userPath(north, agent)+"/config?silent-monitor=%zz").refused(api.CodeBadRequest, "")
}

func TestMember_IsReadWithExtensions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, by := range []person{agent, supervisor} {
		got := okAs[api.Member](w.get(by, userPath(north, agent)))
		if got.ID != agent.id || got.TenantID != north || len(got.Extensions) != 2 || got.ActiveExtension.ID != browser {
			t.Errorf("answered %+v", got)
		}
		wantEqual(t, got.Roles, []string{"Agent"})
		wantEqual(t, got.Groups, []string{"Sales", "Service"})
		wantEqual(t, got.Skills, []string{"english"})
	}
}

func TestUpdateMember_ChoosesTheActiveExtension(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := userPath(north, agent)
	for _, c := range []struct {
		choice map[string]any
		want   string
	}{
		{map[string]any{"id": phone}, phone},
		{map[string]any{"value": "avery-browser"}, browser},
		{map[string]any{"value": "+4930100", "type": "pstn"}, phone},
		{map[string]any{"id": browser, "value": "an older value", "type": "webrtc", "description": "Browser", "provider": "twilio"}, browser},
	} {
		w.caused(north, func() {
			got := okAs[api.Member](w.do(agent, http.MethodPut, path, map[string]any{"activeExtension": c.choice, "roles": []string{"supervisor"}}))
			if got.ActiveExtension == nil || got.ActiveExtension.ID != c.want || len(got.Roles) != 1 {
				t.Errorf("%v made %+v", c.choice, got)
			}
		})
	}
	w.unchanged(func() {
		for _, choice := range []map[string]any{
			{"id": no}, {"id": "browser"}, {"id": ""}, {"value": "sip:chris@north.example"}, {"value": "avery-browser", "type": "sip"},
			{"id": "00000000-0000-4000-8000-0000000000d3"}, {"id": "00000000-0000-4000-8000-0000000000d9"}, // of others
		} {
			w.do(agent, http.MethodPut, path, map[string]any{"activeExtension": choice}).refused(api.CodeExtensionUnknown, "activeExtension")
		}
		for _, body := range []any{nil, "null", "{}", `{"activeExtension": null}`, `{"activeExtension": {}}`, `{"activeExtension": {"type": "sip"}}`} {
			w.do(agent, http.MethodPut, path, body).refused(api.CodeBadRequest, "activeExtension")
		}
		w.do(agent, http.MethodPut, path, `{"activeExtension": "+4930100"}`).refused(api.CodeBadJSON, "activeExtension")
	})
}
