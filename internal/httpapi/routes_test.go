package httpapi

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRoutes_AreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	type row struct{ Operation, Right string }
	want, got := map[string]row{}, map[string]row{}
	for route, operation := range operations() {
		right, _ := operation.Extensions["x-muster-right"].(string)
		want[route] = row{operation.OperationID, right}
	}
	for _, route := range newWorld(t).server.routes() {
		got[route.method+" "+route.path] = row{route.operation, route.right.text}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("openapi.yaml (-) and routes.go (+) differ:\n%s", diff)
	}
}

func TestContract_IsServedAsItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.get(nobody, "/v1/openapi.yaml")
	if r.status != 200 || len(r.body) == 0 {
		t.Errorf("answered %d with %d bytes", r.status, len(r.body))
	}
}
