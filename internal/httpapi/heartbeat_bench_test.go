package httpapi

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkHeartbeat is what a heartbeat costs in the edge and below, without
// the connection.
func BenchmarkHeartbeat(b *testing.B) {
	w := newWorld(b)
	body := `{"sessionId":"` + w.session(agent) + `"}`
	token := "Token " + w.tokenOf(agent)
	path := presencePath(north, agent) + "/heartbeat"
	b.ReportAllocs()
	for b.Loop() {
		recorder := httptest.NewRecorder()
		w.server.ServeHTTP(recorder, newRequest(b, http.MethodPost, path, body, "Authorization", token))
		if recorder.Code != http.StatusOK {
			b.Fatalf("answered %d: %s", recorder.Code, recorder.Body)
		}
	}
}

// BenchmarkRequestAlone is the part of the others that is the test's own: making
// a request and somewhere to answer it.
func BenchmarkRequestAlone(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		recorder := httptest.NewRecorder()
		_ = newRequest(b, http.MethodPost, presencePath(north, agent)+"/heartbeat", `{"sessionId":"`+no+`"}`, "Authorization", "Token")
		recorder.WriteHeader(http.StatusOK)
	}
}

// BenchmarkSetState is a change of state, committed to the model of a store.
func BenchmarkSetState(b *testing.B) {
	w := newWorld(b)
	w.session(agent)
	token := "Token " + w.tokenOf(agent)
	bodies := []string{`{"state":"ready"}`, `{"state":"notready"}`}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		recorder := httptest.NewRecorder()
		w.server.ServeHTTP(recorder, newRequest(b, http.MethodPost, presencePath(north, agent), bodies[i%2], "Authorization", token))
		if recorder.Code != http.StatusOK {
			b.Fatalf("answered %d: %s", recorder.Code, recorder.Body)
		}
	}
}
