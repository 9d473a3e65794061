package httpapi

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/muster-presence/muster/api"
)

// reply is the answer to a request. Every one was held against api/openapi.yaml.
type reply struct {
	tb      testing.TB
	request string // for messages
	status  int
	header  http.Header
	body    []byte
}

// do sends a request of a person. A body that is text or bytes is sent as it is,
// nil is no body, everything else is sent as JSON. Headers come in pairs.
func (w *world) do(by person, method, path string, body any, headers ...string) reply {
	w.tb.Helper()
	if by != nobody {
		headers = append([]string{"Authorization", "Token " + w.tokenOf(by)}, headers...)
	}
	return w.send(newRequest(w.tb, method, path, body, headers...))
}

func (w *world) get(by person, path string) reply {
	w.tb.Helper()
	return w.do(by, http.MethodGet, path, nil)
}

func (w *world) post(by person, path string, body any, headers ...string) reply {
	w.tb.Helper()
	return w.do(by, http.MethodPost, path, body, headers...)
}

func newRequest(tb testing.TB, method, path string, body any, headers ...string) *http.Request {
	tb.Helper()
	request := httptest.NewRequest(method, path, bodyOf(tb, body))
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return request
}

func bodyOf(tb testing.TB, body any) io.Reader {
	tb.Helper()
	switch body := body.(type) {
	case nil:
		return nil
	case string:
		return strings.NewReader(body)
	case []byte:
		return bytes.NewReader(body)
	}
	text, err := json.Marshal(body)
	if err != nil {
		tb.Fatal(err)
	}
	return bytes.NewReader(text)
}

// send lets the edge answer, and holds the answer against the contract.
func (w *world) send(request *http.Request) reply {
	w.tb.Helper()
	recorder := httptest.NewRecorder()
	w.server.ServeHTTP(recorder, request)
	r := reply{
		tb:      w.tb,
		request: request.Method + " " + request.URL.String(),
		status:  recorder.Code,
		header:  recorder.Header(),
		body:    recorder.Body.Bytes(),
	}
	if err := heldAgainstContract(w.server, request, r); err != nil {
		w.tb.Errorf("%s answered %d, against the contract: %v\n%s", r.request, r.status, err, r.body)
	}
	return r
}

// ok checks for success and gives the result, as a decoder without types sees
// it.
func (r reply) ok() map[string]any {
	r.tb.Helper()
	return okAs[map[string]any](r)
}

// okAs checks for success and gives the result as a type of the contract.
func okAs[T any](r reply) T {
	r.tb.Helper()
	var envelope api.Result[T]
	if r.status != http.StatusOK {
		r.tb.Fatalf("%s answered %d, want 200: %s", r.request, r.status, r.body)
	}
	if err := json.Unmarshal(r.body, &envelope); err != nil {
		r.tb.Fatalf("%s: %v: %s", r.request, err, r.body)
	}
	return envelope.Result
}

func (r reply) wantStatus(status int) reply {
	r.tb.Helper()
	if r.status != status {
		r.tb.Errorf("%s answered %d, want %d: %s", r.request, r.status, status, r.body)
	}
	return r
}

// failure is the error of a failed request.
func (r reply) failure() api.Error {
	r.tb.Helper()
	var failed api.ErrorResponse
	if err := json.Unmarshal(r.body, &failed); err != nil || r.status < 400 {
		r.tb.Fatalf("%s answered %d, want a failure: %v: %s", r.request, r.status, err, r.body)
	}
	return failed.Error
}

// refused checks for a failure with a code, that code's status, and the
// attribute that is to blame, "" for none.
func (r reply) refused(code api.Code, attribute string) api.Error {
	r.tb.Helper()
	f := r.failure()
	if f.Code != code || f.Attribute != attribute || r.status != code.Status() {
		r.tb.Errorf("%s answered %d %s with attribute %q, want %d %s with %q: %s",
			r.request, r.status, f.Code, f.Attribute, code.Status(), code, attribute, r.body)
	}
	return f
}

// withoutID is the body without what differs between equal answers.
func (r reply) withoutID() string {
	r.tb.Helper()
	f := r.failure()
	if f.RequestID == "" {
		r.tb.Errorf("%s has no requestId: %s", r.request, r.body)
	}
	return strings.Replace(string(r.body), f.RequestID, "…", 1)
}

// decoded is the whole body as a type.
func decoded[T any](r reply) T {
	r.tb.Helper()
	var value T
	if err := json.Unmarshal(r.body, &value); err != nil {
		r.tb.Fatalf("%s: %v: %s", r.request, err, r.body)
	}
	return value
}
