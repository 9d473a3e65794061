package httpapi

import (
	"net/http"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

func interruptsPath(interaction string) string {
	return "/v1/tenants/" + north + "/interactions/" + interaction + "/interrupts"
}

func interruptBody(kind string, fields ...any) map[string]any {
	return map[string]any{"source": "client", "interruptType": kind, "interrupt": to("", fields...)}
}

func monitoring(fields ...any) map[string]any { return interruptBody("silent-monitoring", fields...) }

func leaving(fields ...any) map[string]any { return interruptBody("remove-resource", fields...) }

func TestInterrupts_BeginAndEndSilentMonitoring(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.call(north, programme, agent, callID)
	id := w.sessionIn(north, monitor, silently)
	own := map[string]any{"id": "00000000-0000-4000-8000-0000000000d4", "value": "sip:mona@north.example", "type": "sip", "description": ""}
	want := api.InterruptReceipt{InteractionID: callID, InterruptType: "silent-monitoring", ResourceID: monitor.id}
	w.caused(north, func() {
		got := w.post(monitor, interruptsPath(callID), monitoring("resourceId", monitor.id, "sessionId", id, "activeExtension", own))
		wantEqual(t, okAs[api.InterruptReceipt](got), want)
	}, presence.KindMonitoringStarted)
	wantEqual(t, w.auditOf(north)[0].Action, "start_monitoring")
	w.caused(north, func() {
		w.post(monitor, interruptsPath(callID), leaving("resourceId", monitor.id, "targetResource", monitor.id, "sessionId", id)).ok()
	}, presence.KindMonitoringEnded)
	wantEqual(t, w.auditOf(north)[0].Action, "end_monitoring")
	audited := len(w.auditOf(north))
	w.caused(north, func() { w.post(monitor, interruptsPath(callID), leaving()).ok() }) // has left already
	wantEqual(t, len(w.auditOf(north)), audited)
}

func TestInterrupts_EndWithTheWork(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.call(north, programme, agent, callID)
	w.sessionIn(north, monitor, silently)
	w.post(monitor, interruptsPath(callID), monitoring()).ok()
	w.caused(north, func() {
		w.do(programme, http.MethodDelete, presencePath(north, agent)+"/interactions/"+callID, nil).ok()
	}, presence.KindWorkEnded, presence.KindMonitoringEnded)
}

func TestInterrupts_AreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.call(north, programme, agent, callID)
	w.unchanged(func() {
		w.post(monitor, interruptsPath(callID), monitoring()).refused(api.CodeNoSession, "")
	})
	w.sessionIn(north, monitor, silently)
	w.unchanged(func() {
		w.post(monitor, interruptsPath(otherCallID), monitoring()).refused(api.CodeNotFound, "")
		w.post(monitor, interruptsPath("call"), monitoring()).refused(api.CodeBadRequest, "interactionId")
		for _, c := range []struct {
			body      any
			code      api.Code
			attribute string
		}{
			{nil, api.CodeBadRequest, "source"},
			{`{"source": null, "interruptType": "silent-monitoring", "interrupt": {}}`, api.CodeBadRequest, "source"},
			{`{"source": "server", "interruptType": "silent-monitoring", "interrupt": {}}`, api.CodeBadRequest, "source"},
			{`{"source": "client", "interruptType": null, "interrupt": {}}`, api.CodeBadRequest, "interruptType"},
			{`{"source": "client", "interruptType": "barge", "interrupt": {}}`, api.CodeBadRequest, "interruptType"},
			{`{"source": "client", "interruptType": "silent-monitoring", "interrupt": null}`, api.CodeBadRequest, "interrupt"},
			{`{"source": "client", "interruptType": "silent-monitoring", "interrupt": []}`, api.CodeBadJSON, "interrupt"},
			{monitoring("resourceId", agent.id), api.CodeForbidden, "interrupt.resourceId"},
			{monitoring("resourceId", "me"), api.CodeBadRequest, "interrupt.resourceId"},
			{monitoring("sessionId", no), api.CodeSessionEnded, ""},
			{monitoring("sessionId", "mine"), api.CodeBadRequest, "interrupt.sessionId"},
			{monitoring("activeExtension", map[string]any{"id": browser}), api.CodeExtensionUnknown, "interrupt.activeExtension"},
			{monitoring("activeExtension", map[string]any{}), api.CodeBadRequest, "interrupt.activeExtension"},
			{leaving("targetResource", agent.id), api.CodeForbidden, "interrupt.targetResource"},
			{leaving("sessionId", "mine"), api.CodeBadRequest, "interrupt.sessionId"},
		} {
			w.post(monitor, interruptsPath(callID), c.body).refused(c.code, c.attribute)
		}
	})
}
