package httpapi

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/rights.md anew")

const rightsDocument = "../../docs/rights.md"

func TestRightsDocument_SaysWhatTheMatrixTests(t *testing.T) {
	t.Parallel()
	want := writeRights(newWorld(t).server.routes())
	if *update {
		if err := os.WriteFile(rightsDocument, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(rightsDocument)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), want); diff != "" {
		t.Errorf("docs/rights.md is out of date; run go test ./internal/httpapi -run RightsDocument -update\n%s", diff)
	}
}

const rightsIntroduction = `# Who may do what

Made of the table that the tests walk through (internal/httpapi/rights_table_test.go): every operation, every role, for
oneself, for another member, for a stranger and in a foreign tenant. Do not edit; run
` + "`go test ./internal/httpapi -run RightsDocument -update`" + `.

* Roles are sets of permissions and every tenant makes its own. The columns are those of the tests: *agent*
  (ARTIFACTS_CREATE_ALL, MANAGE_MY_DIRECTION), *supervisor* (the agent's, VIEW_ALL_PRESENCE, MANAGE_ALL_USER_STATE,
  MANAGE_ALL_USERS_DIRECTION, MANAGE_ALL_USER_REASON_LISTS), *monitor* (ARTIFACTS_CREATE_ALL, MONITOR_ALL_CALLS), *router*
  (MANAGE_WORK, VIEW_ALL_PRESENCE), *administrator* (MANAGE_TENANT in the tenant), *platform administrator* (MANAGE_TENANT
  on the platform), *member* (no role).
* **yes**: where nobody is named. **own**: for oneself. **all**: for oneself and for the other members of the tenant. **–**: 403
  ` + "`forbidden`" + `, whether or not the other user exists.
* Without a token, with a broken, expired or revoked one, every operation that is not public answers 401.
* In a tenant that the caller is no member of, everybody gets the same 404 ` + "`not_found`" + ` as in one that does not exist.
  So does who may act on others and names a user who is no member.
* ` + "`startSession`" + ` with ` + "`silentMonitoring`" + ` needs MONITOR_ALL_CALLS instead of ARTIFACTS_CREATE_ALL; its row is about sessions
  without. ` + "`revokeTokens`" + ` for others needs MANAGE_TENANT in any tenant that both are members of, or on the platform.
`

func writeRights(routes []route) string {
	var text strings.Builder
	text.WriteString(rightsIntroduction)
	streams := operationsOf("stream")
	for _, route := range slices.Sorted(maps.Keys(streams)) {
		operation := streams[route]
		fmt.Fprintf(&text, "* `%s`, `%s`, needs `%s`: every member\n  may follow the view self. The stream's edge serves it and tests this.\n",
			operation.OperationID, strings.Replace(route, "/v1/", "", 1), operation.Extensions["x-muster-right"])
	}
	text.WriteString("\n| operation | method and path | needs |")
	for _, caller := range who {
		fmt.Fprintf(&text, " %s |", strings.TrimSuffix(caller.role, " without a role"))
	}
	text.WriteString("\n|---|---|---|" + strings.Repeat(":-:|", len(who)) + "\n")
	for _, route := range routes {
		row, _ := rowOf(route.operation)
		fmt.Fprintf(&text, "| %s | `%s %s` | %s |", route.operation, route.method, strings.TrimPrefix(route.path, "/v1/"), strings.ReplaceAll(route.right.text, "|", `\|`))
		for _, caller := range who {
			fmt.Fprintf(&text, " %s |", mark(route, row, caller.person))
		}
		text.WriteString("\n")
	}
	return text.String()
}

func mark(route route, row rightsRow, caller person) string {
	switch own, other := slices.Contains(row.own, caller), slices.Contains(row.other, caller); {
	case other:
		return "all"
	case own && !strings.Contains(route.path, "{userId}"):
		return "yes"
	case own:
		return "own"
	}
	return "–"
}
