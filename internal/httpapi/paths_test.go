package httpapi

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/muster-presence/muster/api"
)

func TestPaths_ThatAreNoneAreNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{
		"/", "/v1", "/v1/", "/v2/me", "/v1/me/", "/v1/nothing", "/v1/tenants", "/v1/tenants/", "/V1/me", "/v1/ME",
		"//v1/me", "/v1//me", "/v1/./me", "/v1/x/../me", "/v1/tenants//presence", "/v1/tenants/" + north + "//presence",
		"/v1/tenants/" + south + "/../" + north, "/v1/tenants%2F" + north, "/v1%2Fme", "/v1/tenants/" + north + "%2Fpresence%2Fcounts/x/y",
		"/v1/tenants/" + north + "/presence/" + agent.id + "/nothing",
	} {
		for _, method := range []string{"GET", "POST", "BREW"} {
			w.do(agent, method, path, nil).refused(api.CodeNotFound, "")
		}
	}
}

// A value that holds an escaped slash stays one value.
func TestPaths_EscapedSlashesDoNotCut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, attribute := range map[string]string{
		"/v1/tenants/a%2Fb": "tenantId", "/v1/tenants/" + north + "%2F": "tenantId", "/v1/tenants/" + north + "/presence/a%2f..%2fb": "userId",
		"/v1/tenants/%2e%2e": "tenantId", "/v1/regions/%00": "regionId", "/v1/tenants/%F0%9F%98%80/presence": "tenantId",
	} {
		w.get(agent, path).refused(api.CodeBadRequest, attribute)
	}
}

func TestPaths_TakeIdsInAnyCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	path := strings.ToUpper(presencePath(north, agent)[len("/v1/tenants/"):])
	path = strings.Replace(path, "/PRESENCE/", "/presence/", 1)
	wantEqual(t, w.get(agent, "/v1/tenants/"+path).ok()["resourceId"], any(agent.id))
}

func TestPaths_WithAnotherMethodSayWhichTheyTake(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, allow := range map[string]string{
		"/v1/me": "GET, HEAD", "/v1/tokens": "POST", "/v1/tokens/current": "DELETE", "/v1/provisioning": "GET, HEAD, POST",
		userPath(north, agent): "GET, HEAD, PUT", presencePath(north, agent): "GET, HEAD, POST",
		presencePath(north, agent) + "/interactions/" + callID: "DELETE, PUT",
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"} {
			if slices.Contains(strings.Split(allow, ", "), method) {
				continue
			}
			r := w.do(nobody, method, path, nil)
			r.refused(api.CodeMethodNotAllowed, "")
			wantEqual(t, r.header.Get("Allow"), allow)
		}
	}
}

// A connection of its own shows what the recorder of other tests does not.
func TestHead_AnswersAsGetWithoutABody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := httptest.NewServer(w.server)
	t.Cleanup(server.Close)
	for path, status := range map[string]int{"/v1/me": 200, "/v1/nothing": 404, "/v1/openapi.yaml": 200} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodHead, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Token "+w.tokenOf(agent))
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close() // it was read to its end
		if err != nil || len(body) != 0 || response.StatusCode != status || response.ContentLength <= 0 {
			t.Errorf("%s: %d with %d of %d bytes, %v", path, response.StatusCode, len(body), response.ContentLength, err)
		}
	}
}
