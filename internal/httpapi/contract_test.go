package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/muster-presence/muster/api"
)

// contract is api/openapi.yaml, read once.
var contract = sync.OnceValue(func() *openapi3.T {
	parsed, err := openapi3.NewLoader().LoadFromData([]byte(api.OpenAPI()))
	if err != nil {
		panic(err)
	}
	return parsed
})

// heldAgainstContract looks up what the contract says of an answer: that this
// operation has this status, what its body and headers are.
func heldAgainstContract(s *Server, request *http.Request, r reply) error {
	if r.status == http.StatusNoContent && request.Method == http.MethodOptions {
		return nil // a preflight: CORS, not the contract, says what it has
	}
	if err := headersHeld(r); err != nil {
		return err
	}
	response, err := responseOf(s, request, r.status)
	if err != nil {
		return err
	}
	for name := range response.Headers {
		if r.header.Get(name) == "" {
			return fmt.Errorf("the header %s is missing", name)
		}
	}
	kind := r.header.Get("Content-Type")
	media := response.Content.Get(kind)
	if media == nil {
		return fmt.Errorf("the content type %q is not one of the contract's", kind)
	}
	if kind != "application/json" {
		return nil
	}
	var body any
	if err := json.Unmarshal(r.body, &body); err != nil {
		return err
	}
	return media.Schema.Value.VisitJSON(body, openapi3.VisitAsResponse(), openapi3.MultiErrors())
}

// headersHeld are the rules for headers that hold for all answers.
func headersHeld(r reply) error {
	switch {
	case r.header.Get("Cache-Control") != "no-store":
		return errors.New("the answer may be cached")
	case r.header.Get("Content-Length") != strconv.Itoa(len(r.body)):
		return fmt.Errorf("the Content-Length is %q, the body's is %d", r.header.Get("Content-Length"), len(r.body))
	case r.header.Get("Access-Control-Allow-Credentials") != "":
		return errors.New("no page may ever send credentials")
	case (r.status == http.StatusMethodNotAllowed) != (r.header.Get("Allow") != ""):
		return fmt.Errorf("the header Allow is %q", r.header.Get("Allow"))
	case (r.status == http.StatusUnauthorized) != (r.header.Get("WWW-Authenticate") != ""):
		return fmt.Errorf("the header WWW-Authenticate is %q", r.header.Get("WWW-Authenticate"))
	case (r.status == http.StatusTooManyRequests || r.status == http.StatusServiceUnavailable) != (r.header.Get("Retry-After") != ""):
		return fmt.Errorf("the header Retry-After is %q", r.header.Get("Retry-After"))
	}
	return nil
}

// responseOf is what the contract says of a status of the request's operation.
// Where there is no operation, only that of a path or a method that is unknown.
func responseOf(s *Server, request *http.Request, status int) (*openapi3.Response, error) {
	found, err := s.router.find(request)
	if err != nil {
		if status != http.StatusNotFound && status != http.StatusMethodNotAllowed {
			return nil, errors.New("there is no such operation")
		}
		return contract().Components.Responses["NotFound"].Value, nil
	}
	operation := contract().Paths.Value(found.path).GetOperation(found.method)
	response := operation.Responses.Value(strconv.Itoa(status))
	if response == nil {
		return nil, fmt.Errorf("the operation %s has no such status", found.operation)
	}
	return response.Value, nil
}

// operations are those of the contract that this edge serves, under method and
// path.
func operations() map[string]*openapi3.Operation { return operationsOf("") }

// operationsOf are those that the edge of that name serves, as x-muster-edge says.
func operationsOf(edge string) map[string]*openapi3.Operation {
	found := make(map[string]*openapi3.Operation)
	for path, item := range contract().Paths.Map() {
		for method, operation := range item.Operations() {
			if of, _ := operation.Extensions["x-muster-edge"].(string); of == edge {
				found[strings.ToUpper(method)+" "+path] = operation
			}
		}
	}
	return found
}
