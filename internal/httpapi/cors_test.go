package httpapi

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func allowing(origins ...string) func(*Options) {
	return func(o *Options) { o.AllowOrigins = origins }
}

func corsHeaders(header http.Header) []string {
	var found []string
	for name := range header {
		if strings.HasPrefix(name, "Access-Control-") {
			found = append(found, name)
		}
	}
	return found
}

func preflight(w *world, origin, path string) *httptest.ResponseRecorder {
	request := newRequest(w.tb, http.MethodOptions, path, nil, "Access-Control-Request-Method", "POST",
		"Access-Control-Request-Headers", "authorization,content-type,idempotency-key")
	if origin != "" {
		request.Header.Set("Origin", origin)
	}
	recorder := httptest.NewRecorder()
	w.server.ServeHTTP(recorder, request)
	return recorder
}

const desk = "https://desk.example"

func TestCORS_APreflightOfAnAllowedOriginIsAnswered(t *testing.T) {
	t.Parallel()
	for _, origins := range [][]string{{desk}, {"https://other.example", desk}, {"*"}, {"*", "https://other.example"}} {
		w := newWorld(t, allowing(origins...))
		got := preflight(w, desk, presencePath(north, agent))
		header := got.Header()
		wantEqual(t, got.Code, http.StatusNoContent)
		wantEqual(t, header.Get("Access-Control-Allow-Origin"), desk)
		wantEqual(t, header.Get("Access-Control-Allow-Headers"), "Authorization, Content-Type, Idempotency-Key, Last-Event-ID")
		wantEqual(t, header.Get("Access-Control-Allow-Methods"), "GET, POST, PUT, DELETE")
		wantEqual(t, header.Get("Access-Control-Allow-Credentials"), "")
		wantEqual(t, header.Get("Vary"), "Origin")
	}
}

func TestCORS_AnswersOfAllKindsCanBeReadByAllowedOrigins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, allowing(desk))
	w.session(agent)
	for path, status := range map[string]int{"/v1/me": 200, "/v1/nothing": 404, "/v1/tokens": 405, "/v1/tenants/x": 400, presencePath(south, agent): 404} {
		r := w.do(agent, "GET", path, nil, "Origin", desk).wantStatus(status)
		wantEqual(t, r.header.Get("Access-Control-Allow-Origin"), desk)
		wantEqual(t, r.header.Get("Access-Control-Expose-Headers"), "Retry-After")
		wantEqual(t, r.header.Get("Vary"), "Origin")
	}
}

func TestCORS_OthersGetNoHeaders(t *testing.T) {
	t.Parallel()
	for _, w := range []*world{newWorld(t), newWorld(t, allowing(desk))} {
		for _, origin := range []string{"", "https://evil.example", "http://desk.example", "https://desk.example.evil", "https://desk.example:8443", "null", "HTTPS://DESK.EXAMPLE"} {
			if found := corsHeaders(preflight(w, origin, "/v1/me").Header()); len(found) != 0 {
				t.Errorf("a preflight of %q gets %v", origin, found)
			}
			// The answer itself is given: it is the browser that keeps it from the page.
			if found := corsHeaders(w.do(agent, "GET", "/v1/me", nil, "Origin", origin).wantStatus(200).header); len(found) != 0 {
				t.Errorf("%q gets %v", origin, found)
			}
		}
	}
}
