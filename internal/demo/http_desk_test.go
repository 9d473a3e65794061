package demo

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
)

// deskAt is a desk whose server answers with the handler.
func deskAt(t *testing.T, handler http.HandlerFunc) *httpDesk {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	base, err := url.Parse(server.URL + "/v1/")
	if err != nil {
		t.Fatal(err)
	}
	return &httpDesk{client: newClient(), base: base, tenant: "Demo", password: "secret"}
}

func TestHTTPDesk_TellsWhatAnAnswerMeans(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		status int
		header string
		body   string
		want   verdict
		wait   time.Duration
	}{
		"success":                     {200, "", `{"result":{"heartbeatDelay":15}}`, accepted, 0},
		"a success nobody can read":   {200, "", `{"result":`, unavailable, 0},
		"overload":                    {503, "3", `{"error":{"code":"unavailable"}}`, unavailable, 3 * time.Second},
		"too many":                    {429, "7", `{"error":{"code":"rate_limited"}}`, unavailable, 7 * time.Second},
		"an absurd wait":              {503, "4000000000", ``, unavailable, longestRetryAfter},
		"a wait that is none":         {503, "-5", ``, unavailable, 0},
		"a fault":                     {500, "", `{"error":{"code":"internal"}}`, unavailable, 0},
		"a gateway's page":            {502, "", `<html>`, unavailable, 0},
		"an old token":                {401, "", `{"error":{"code":"token_expired"}}`, tokenRefused, 0},
		"an ended session":            {404, "", `{"error":{"code":"session_ended"}}`, sessionOver, 0},
		"no session":                  {404, "", `{"error":{"code":"no_session"}}`, sessionOver, 0},
		"a newer session":             {409, "", `{"error":{"code":"session_superseded"}}`, takenOver, 0},
		"open work":                   {409, "", `{"error":{"code":"work_open"}}`, workOpen, 0},
		"a missing right":             {403, "", `{"error":{"code":"forbidden"}}`, denied, 0},
		"something that is not there": {404, "", `{"error":{"code":"not_found"}}`, denied, 0},
		"a redirect":                  {302, "", ``, denied, 0},
		"what is not implemented":     {501, "", ``, denied, 0},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			desk := deskAt(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/v1/elsewhere")
				w.Header().Set("Retry-After", c.header)
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			_, err := desk.heartbeat(t.Context(), badge{token: "t", user: "u", tenant: "d"}, "s")
			if got, wait := judge(err); got != c.want || wait != c.wait {
				t.Errorf("%s after %s, not %s after %s: %v", got, wait, c.want, c.wait, err)
			}
		})
	}
}

func TestHTTPDesk_AServerThatIsNotThereIsUnavailable(t *testing.T) {
	t.Parallel()
	desk := deskAt(t, nil)
	desk.base.Host = "127.0.0.1:1"
	_, err := desk.logIn(t.Context(), "somebody")
	if got, _ := judge(err); got != unavailable {
		t.Errorf("%s: %v", got, err)
	}
}

func TestHTTPDesk_RequestsAreWrittenAsTheContractSays(t *testing.T) {
	t.Parallel()
	desk := deskAt(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for what, pair := range map[string][2]string{
			"method": {r.Method, http.MethodPost},
			"path":   {r.URL.EscapedPath(), "/v1/tenants/a%2Fb/presence/u"},
			"token":  {r.Header.Get("Authorization"), "Token t"},
			"key":    {r.Header.Get("Idempotency-Key"), "k"},
			"type":   {r.Header.Get("Content-Type"), "application/json"},
			"body":   {string(body), `{"sessionId":"s","state":"ready"}`},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s is %q, not %q", what, pair[0], pair[1])
			}
		}
		_, _ = io.WriteString(w, `{"result":{}}`)
	})
	change := api.SetStateRequest{SessionID: new("s"), State: api.StateReady}
	if err := desk.setState(t.Context(), badge{token: "t", user: "u", tenant: "a/b"}, change, "k"); err != nil {
		t.Error(err)
	}
}
