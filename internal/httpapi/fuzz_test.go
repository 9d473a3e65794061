package httpapi

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
)

// fuzzed is the world that fuzz tests share: what is refused leaves no trace in
// it, and what is accepted leaves it as good as before.
func fuzzed(f *testing.F) (*world, []probe) {
	f.Helper()
	w := newWorld(f)
	return w, probes(w)
}

// judged sends a request that may be anything. Every answer is one that the
// contract has, none is the server's fault, and a refusal changes nothing.
func (w *world) judged(request *http.Request) {
	w.tb.Helper()
	w.hear()
	before := w.stored()
	r := w.send(request)
	if r.status >= http.StatusInternalServerError {
		w.tb.Errorf("%s answered %d: %s", r.request, r.status, r.body)
	}
	if r.status == http.StatusOK {
		return
	}
	if f := r.failure(); f.Code == "" || f.Message == "" || f.RequestID == "" {
		w.tb.Errorf("the failure is incomplete: %s", r.body)
	}
	w.same(before)
}

// hear has everybody who has a session show a sign of life: fuzzing takes minutes
// of the real clock, and silence changes what is stored.
func (w *world) hear() {
	w.tb.Helper()
	for _, tenant := range []string{north, east} {
		for _, p := range append([]person{colleague}, agents...) {
			if w.sessionOf(tenant, p) == nil {
				continue
			}
			if _, err := w.engine.Heartbeat(context.Background(), keyOf(tenant, p), presence.SessionID{}); err != nil {
				w.tb.Fatal(err)
			}
		}
	}
}

func FuzzBody(f *testing.F) {
	w, all := fuzzed(f)
	for i := range all {
		for _, body := range []string{
			"", "null", "{}", "[", `{"state":"notready","reason":"Walk","reasonId":null,"sessionId":""}`, `{"direction":"outbound","initiatorId":{}}`,
			`{"username":"a","password":"b","ttl":1e9}`, `{"activeExtension":{"id":"x","type":null}}`, `{"metadata":{"a":[1,{}]},"silentMonitoring":true}`,
			`{"channel":"voice","direction":"inbound","state":"wrapup"}`, `{"source":"client","interruptType":"remove-resource","interrupt":{"resourceId":null}}`,
			`{"logs":[{"level":"x","message":"\u0000"}],"context":{"client-url":5}}`, `{"files":[{"name":"","content":"tenants: [{key: &a [*a]}]"}]}`,
		} {
			f.Add(uint8(i), "application/json", []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, kind string, body []byte) {
		p, w := all[int(which)%len(all)], w.as(t)
		path := p.path
		switch p.route.operation {
		case "applyProvisioning":
			path += "?dryRun=true"
		case "revokeCurrentToken", "revokeTokens":
			return // they read no body, and would end the world's tokens
		}
		if slices.Contains(agents, p.caller) && w.sessionOf(north, p.caller) == nil {
			w.session(p.caller) // the last body was accepted, and was a log-out
		}
		request := newRequest(t, p.route.method, path, body, "Authorization", "Token "+w.tokenOf(p.caller))
		request.Header["Content-Type"] = []string{kind}
		w.judged(request)
	})
}

func FuzzQuery(f *testing.F) {
	w, all := fuzzed(f)
	for i := range all {
		for _, query := range []string{
			"", "limit=5&cursor=MQ", "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00.5%2B01:00&step=60000", "from=9999-12-31T23:59:59.999Z", "to=0000-01-01T00:00:00Z",
			"offerable=true&direction=inbound&state=ready&group=Sales", "silent-monitor=true", "withSecrets=false", "limit=%zz", ";", "&&==", "dryRun",
		} {
			f.Add(uint8(i), query)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, query string) {
		p, w := all[int(which)%len(all)], w.as(t)
		if p.route.method != http.MethodGet {
			return
		}
		request := newRequest(t, p.route.method, p.path, nil, "Authorization", "Token "+w.tokenOf(p.caller))
		request.URL.RawQuery = query
		w.judged(request)
	})
}

func FuzzPath(f *testing.F) {
	w, all := fuzzed(f)
	for _, p := range all {
		f.Add(p.route.method, strings.TrimPrefix(p.path, "/v1/"))
	}
	for _, path := range []string{"", "/", "..", "a%2Fb", "%00", "tenants/%2e%2e/presence", "tenants//presence", "auth-info/%", "auth-info/é"} {
		f.Add("GET", path)
	}
	f.Fuzz(func(t *testing.T, method, path string) {
		parsed, err := url.ParseRequestURI("/v1/" + path)
		if err != nil || strings.Contains(path, "revoke") || strings.Contains(path, "current") {
			return // net/http refuses it, or it would end the world's token
		}
		w := w.as(t)
		request := newRequest(t, "GET", "/", nil, "Authorization", "Token "+w.tokenOf(agent))
		request.Method, request.URL = method, parsed
		if method == http.MethodOptions || parsed.Host != "" {
			return
		}
		w.judged(request)
	})
}

func FuzzAuthorization(f *testing.F) {
	w, _ := fuzzed(f)
	good := w.tokenOf(agent)
	for _, header := range []string{"", "Token", "Token ", "Bearer " + good, "token\t" + good, good, "Token " + good + " ", "Token a.b.c", "Basic eDp5", "Token " + strings.Repeat("a", 9000)} {
		f.Add(header)
	}
	f.Fuzz(func(t *testing.T, header string) {
		w := w.as(t)
		request := newRequest(t, "GET", "/v1/me", nil)
		request.Header["Authorization"] = []string{header}
		w.judged(request)
	})
}

func FuzzCursor(f *testing.F) {
	w, _ := fuzzed(f)
	for _, place := range []string{"", "0", "1", "-1", "99999999999999999999", "x", "\x00", "1 ", "0x10"} {
		f.Add(place)
	}
	f.Fuzz(func(t *testing.T, place string) {
		w := w.as(t)
		cursor := base64.RawURLEncoding.EncodeToString([]byte(place))
		w.judged(newRequest(t, "GET", "/v1/tenants/"+north+"/presence?cursor="+cursor, nil, "Authorization", "Token "+w.tokenOf(supervisor)))
		w.judged(newRequest(t, "GET", "/v1/tenants/"+north+"/audit?cursor="+cursor, nil, "Authorization", "Token "+w.tokenOf(administrator)))
	})
}
