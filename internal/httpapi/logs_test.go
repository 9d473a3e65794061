package httpapi

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

func TestLogs_GoIntoTheServersLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := `{"logs": [{"level": "error", "message": "it \"broke\"\nhere", "timestamp": "now"}, {"level": "info", "message": "b", "timestamp": "x"}],
		"context": {"client-url": "https://desk.example"}, "device": {"user-agent": "B/1"}, "app-id": null, "app-name": "desk"}`
	w.unchanged(func() {
		wantEqual(t, okAs[api.LogsReceipt](w.post(agent, userPath(north, agent)+"/logs", body)), api.LogsReceipt{Saved: 2})
		w.post(agent, userPath(north, agent)+"/logs", `{"logs": null}`).refused(api.CodeBadRequest, "logs")
		w.post(agent, userPath(north, agent)+"/logs", `{"logs": [{"level": 1}]}`).refused(api.CodeBadJSON, "logs.level")
	})
	// What a client writes is one line, whatever it writes.
	if got := w.log.String(); strings.Count(got, "client log") != 2 || !strings.Contains(got, `text="it \"broke\"\nhere"`) || !strings.Contains(got, "app=desk") {
		t.Errorf("logged: %s", got)
	}
}

func TestLogs_AreLimitedInSize(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	empty := `{"logs": [{"message": ""}]}`
	fits := strings.Replace(empty, `""`, `"`+strings.Repeat("x", maxLogs-len(empty))+`"`, 1)
	w.post(agent, userPath(north, agent)+"/logs", fits).wantStatus(200)
	w.post(agent, userPath(north, agent)+"/logs", fits+" ").refused(api.CodeTooLarge, "")
}

func TestLogs_AreLimitedInNumber(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		time.Sleep(20 * time.Second)
		path, body := userPath(north, agent)+"/logs", `{"logs": []}`
		for range 60 {
			w.post(agent, path, body).wantStatus(200)
		}
		limited := w.post(agent, path, body)
		limited.refused(api.CodeRateLimited, "")
		wantEqual(t, limited.header.Get("Retry-After"), fmt.Sprint(40))
		w.post(colleague, userPath(north, colleague)+"/logs", body).wantStatus(200) // others are not to blame
		time.Sleep(40 * time.Second)
		w.post(agent, path, body).wantStatus(200)
	})
}
