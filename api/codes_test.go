package api_test

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

func TestCode_EveryCodeHasACompleteRow(t *testing.T) {
	t.Parallel()
	listed := texts(api.Codes())
	if diff := cmp.Diff(sorted(constantsOf(t, "codes.go", "Code")), sorted(listed)); diff != "" {
		t.Errorf("constants (-) and rows (+) differ:\n%s", diff)
	}
	for _, code := range api.Codes() {
		if !code.Valid() {
			t.Errorf("%s: not valid", code)
		}
		if code.Status() < 400 || code.Status() > 599 || code.Status() == 422 {
			t.Errorf("%s: status %d", code, code.Status())
		}
		if meaning := code.Meaning(); meaning == "" || strings.ContainsAny(meaning, "\n") || strings.HasSuffix(meaning, ".") {
			t.Errorf("%s: meaning %q is not one line without a full stop", code, meaning)
		}
	}
}

func TestCode_OnlyWhatMaySucceedLaterIsRetryable(t *testing.T) {
	t.Parallel()
	for _, code := range api.Codes() {
		if want := code.Status() == 429 || code.Status() >= 500; code.Retryable() != want {
			t.Errorf("%s with status %d: retryable %v", code, code.Status(), code.Retryable())
		}
		if want := code.Status() == 429 || code.Status() == 503; code.RetryAfter() != want {
			t.Errorf("%s with status %d: Retry-After %v", code, code.Status(), code.RetryAfter())
		}
	}
}

func TestCode_AreListedInTheOrderOfTheirStatuses(t *testing.T) {
	t.Parallel()
	if !slices.IsSortedFunc(api.Codes(), func(a, b api.Code) int { return a.Status() - b.Status() }) {
		t.Errorf("%v", api.Codes())
	}
}

func TestCode_AnUnlistedOneCountsAsAFaultOfTheServer(t *testing.T) {
	t.Parallel()
	unlisted := api.Code("teapot")
	if unlisted.Valid() || unlisted.Status() != api.CodeInternal.Status() || !unlisted.Retryable() {
		t.Errorf("valid %v, status %d, retryable %v", unlisted.Valid(), unlisted.Status(), unlisted.Retryable())
	}
}

func TestCode_TheDocumentHasTheSameList(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(enumOf(t, "Code"), sorted(texts(api.Codes()))); diff != "" {
		t.Errorf("openapi.yaml (-) and codes.go (+) differ:\n%s", diff)
	}
}

func TestPermission_EveryPermissionHasAMeaning(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(sorted(constantsOf(t, "permissions.go", "Permission")), sorted(texts(api.Permissions()))); diff != "" {
		t.Errorf("constants (-) and rows (+) differ:\n%s", diff)
	}
	for _, permission := range api.Permissions() {
		if meaning := permission.Meaning(); meaning == "" || strings.ContainsAny(meaning, "\n") || strings.HasSuffix(meaning, ".") {
			t.Errorf("%s: meaning %q is not one line without a full stop", permission, meaning)
		}
	}
}

func TestPermission_TheDocumentHasTheSameList(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(enumOf(t, "Permission"), sorted(texts(api.Permissions()))); diff != "" {
		t.Errorf("openapi.yaml (-) and permissions.go (+) differ:\n%s", diff)
	}
}

func TestPermission_AnUnlistedOneIsNotValid(t *testing.T) {
	t.Parallel()
	if api.Permission("EVERYTHING").Valid() {
		t.Error("valid")
	}
}

// enumOf gives the values of an enumeration in openapi.yaml, sorted.
func enumOf(t *testing.T, schema string) []string {
	t.Helper()
	var values []string
	for _, value := range document(t).Components.Schemas[schema].Value.Enum {
		values = append(values, value.(string))
	}
	return sorted(values)
}

// constantsOf gives the values of all constants of one type in a file, as they stand there: a constant without a row must show.
func constantsOf(t *testing.T, file, typeName string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(parsed, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || !isNamed(spec.Type, typeName) {
			return true
		}
		for _, value := range spec.Values {
			literal := value.(*ast.BasicLit)
			known := constant.MakeFromLiteral(literal.Value, literal.Kind, 0)
			if known.Kind() == constant.String {
				values = append(values, constant.StringVal(known))
			} else {
				values = append(values, known.ExactString())
			}
		}
		return true
	})
	return values
}

func isNamed(expression ast.Expr, name string) bool {
	identifier, ok := expression.(*ast.Ident)
	return ok && identifier.Name == name
}

func texts[T ~string](values []T) []string {
	result := make([]string, len(values))
	for i, value := range values {
		result[i] = string(value)
	}
	return result
}

func sorted(values []string) []string {
	values = slices.Clone(values)
	slices.Sort(values)
	return values
}
