package api_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

func TestOpenAPI_IsValid(t *testing.T) {
	t.Parallel()
	if err := document(t).Validate(t.Context()); err != nil {
		t.Error(err)
	}
}

// The contract's requests by method and path. A path that clients use must not disappear or change unnoticed.
func TestOpenAPI_HasTheOperationsOfTheContract(t *testing.T) {
	t.Parallel()
	want := []string{
		"DELETE /v1/tenants/{tenantId}/presence/{userId}/interactions/{interactionId} deleteWork",
		"DELETE /v1/tokens/current revokeCurrentToken",
		"GET /v1/auth-info/{subject} getAuthInfo",
		"GET /v1/auth-info/{tenantId}/{identityProviderId} getAuthInfoOfProvider",
		"GET /v1/me listTenantDetails",
		"GET /v1/openapi.yaml getOpenAPI",
		"GET /v1/provisioning exportProvisioning",
		"GET /v1/regions/{regionId} getRegion",
		"GET /v1/tenants/{tenantId} getTenant",
		"GET /v1/tenants/{tenantId}/audit listAudit",
		"GET /v1/tenants/{tenantId}/presence listFloor",
		"GET /v1/tenants/{tenantId}/presence/counts countStates",
		"GET /v1/tenants/{tenantId}/presence/{userId} getPresence",
		"GET /v1/tenants/{tenantId}/presence/{userId}/why explainState",
		"GET /v1/tenants/{tenantId}/stream openStream",
		"GET /v1/tenants/{tenantId}/users/{userId} getMember",
		"GET /v1/tenants/{tenantId}/users/{userId}/config getConfig",
		"GET /v1/tenants/{tenantId}/users/{userId}/intervals listIntervals",
		"GET /v1/tenants/{tenantId}/users/{userId}/reason-lists listReasonLists",
		"POST /v1/login login",
		"POST /v1/provisioning applyProvisioning",
		"POST /v1/tenants/{tenantId}/interactions/{interactionId}/interrupts interrupt",
		"POST /v1/tenants/{tenantId}/presence/{userId} setState",
		"POST /v1/tenants/{tenantId}/presence/{userId}/direction setDirection",
		"POST /v1/tenants/{tenantId}/presence/{userId}/heartbeat heartbeat",
		"POST /v1/tenants/{tenantId}/presence/{userId}/session startSession",
		"POST /v1/tenants/{tenantId}/users/{userId}/logs saveLogs",
		"POST /v1/tokens createToken",
		"POST /v1/users/{userId}/tokens/revoke revokeTokens",
		"PUT /v1/tenants/{tenantId}/presence/{userId}/interactions/{interactionId} putWork",
		"PUT /v1/tenants/{tenantId}/users/{userId} updateMember",
		"PUT /v1/users/{userId} updateUser",
	}
	var got []string
	for route, operation := range operations(t) {
		got = append(got, route+" "+operation.OperationID)
	}
	if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
		t.Errorf("contract (-) and openapi.yaml (+) differ:\n%s", diff)
	}
}

func TestOpenAPI_EveryOperationIsDescribed(t *testing.T) {
	t.Parallel()
	for route, operation := range operations(t) {
		if operation.Summary == "" || operation.Description == "" {
			t.Errorf("%s: no summary or no description", route)
		}
		if len(operation.Tags) != 1 || document(t).Tags.Get(operation.Tags[0]) == nil {
			t.Errorf("%s: tags %v are not one of those that are described", route, operation.Tags)
		}
	}
}

func TestOpenAPI_EveryOperationSaysWhoMay(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^(?:public|self|member|(?:self-or|permission|platform):([A-Z_]+)|own:([A-Z_]+),others:([A-Z_]+)|own:([A-Z_]+)\|silent:([A-Z_]+)|member\|floor:([A-Z_]+))$`)
	for route, operation := range operations(t) {
		right, _ := operation.Extensions["x-muster-right"].(string)
		match := form.FindStringSubmatch(right)
		if match == nil {
			t.Errorf("%s: x-muster-right is %q", route, right)
			continue
		}
		for _, permission := range match[1:] {
			if permission != "" && !api.Permission(permission).Valid() {
				t.Errorf("%s: there is no permission %s", route, permission)
			}
		}
		if isPublic := operation.Security != nil && len(*operation.Security) == 0; isPublic != (right == "public") {
			t.Errorf("%s: right %q does not fit security %v", route, right, operation.Security)
		}
	}
}

func TestOpenAPI_EveryOperationListsItsErrors(t *testing.T) {
	t.Parallel()
	for route, operation := range operations(t) {
		want := []string{"500"}
		if right := operation.Extensions["x-muster-right"]; right != "public" {
			want = append(want, "401", "503")
			if right != "self" && right != "member" || strings.Contains(route, "{userId}") {
				want = append(want, "403")
			}
		}
		if operation.RequestBody != nil {
			want = append(want, "400", "413", "415")
		}
		for _, status := range want {
			if operation.Responses.Value(status) == nil {
				t.Errorf("%s: no %s", route, status)
			}
		}
		for status, response := range operation.Responses.Map() {
			if status >= "400" && schemaNameOf(response.Value.Content) != "ErrorResponse" {
				t.Errorf("%s: the body of %s is no ErrorResponse", route, status)
			}
			if status == "422" {
				t.Errorf("%s: 422 is never answered", route)
			}
		}
	}
}

func TestOpenAPI_EverySuccessButATokenComesInTheEnvelope(t *testing.T) {
	t.Parallel()
	for route, operation := range operations(t) {
		if slices.Contains([]string{"createToken", "getOpenAPI", "openStream"}, operation.OperationID) {
			continue
		}
		schema := operation.Responses.Value("200").Value.Content.Get("application/json").Schema.Value
		if len(schema.Properties) != 1 || !slices.Equal(schema.Required, []string{"result"}) {
			t.Errorf("%s: the answer is not {result}", route)
		}
	}
}

func TestOpenAPI_EveryStateChangeTakesAnIdempotencyKey(t *testing.T) {
	t.Parallel()
	for route, operation := range operations(t) {
		want := slices.Contains([]string{"startSession", "setState", "setDirection"}, operation.OperationID)
		if got := operation.Parameters.GetByInAndName("header", "Idempotency-Key") != nil; got != want {
			t.Errorf("%s: takes one: %v, want %v", route, got, want)
		}
	}
}

// document reads openapi.yaml anew, so that tests share nothing.
func document(t *testing.T) *openapi3.T {
	t.Helper()
	parsed, err := openapi3.NewLoader().LoadFromData([]byte(api.OpenAPI()))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// operations gives each operation under its method and path.
func operations(t *testing.T) map[string]*openapi3.Operation {
	t.Helper()
	found := map[string]*openapi3.Operation{}
	for path, item := range document(t).Paths.Map() {
		for method, operation := range item.Operations() {
			found[method+" "+path] = operation
		}
	}
	return found
}

// schemaNameOf names the schema that a JSON body refers to, through the envelope, a list or "or null"; empty without any.
func schemaNameOf(content openapi3.Content) string {
	media := content.Get("application/json")
	if media == nil {
		return ""
	}
	schema := media.Schema
	if result, ok := schema.Value.Properties["result"]; ok && schema.Ref == "" {
		schema = result
	}
	if schema.Ref == "" && schema.Value.Items != nil {
		schema = schema.Value.Items
	}
	if schema.Ref == "" && len(schema.Value.AllOf) == 1 {
		schema = schema.Value.AllOf[0]
	}
	return strings.TrimPrefix(schema.Ref, "#/components/schemas/")
}
