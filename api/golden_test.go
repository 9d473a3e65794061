package api_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

// goldenTypes gives the Go type of each schema that has golden files. A file is called schema.situation.json.
func goldenTypes() map[string]reflect.Type {
	return map[string]reflect.Type{
		"AgentNotificationMessage": reflect.TypeFor[api.AgentNotificationMessage](),
		"AuditPage":                reflect.TypeFor[api.AuditPage](),
		"AuthInfo":                 reflect.TypeFor[api.AuthInfo](),
		"BeatAnswerFrame":          reflect.TypeFor[api.BeatAnswerFrame](),
		"BeatFrame":                reflect.TypeFor[api.BeatFrame](),
		"CloseFrame":               reflect.TypeFor[api.CloseFrame](),
		"Config":                   reflect.TypeFor[api.Config](),
		"Counts":                   reflect.TypeFor[api.Counts](),
		"DirectionChangeMessage":   reflect.TypeFor[api.DirectionChangeMessage](),
		"ErrorResponse":            reflect.TypeFor[api.ErrorResponse](),
		"EventsFrame":              reflect.TypeFor[api.EventsFrame](),
		"FloorPage":                reflect.TypeFor[api.FloorPage](),
		"FloorRow":                 reflect.TypeFor[api.FloorRow](),
		"FloorRowChangeMessage":    reflect.TypeFor[api.FloorRowChangeMessage](),
		"HeartbeatRequest":         reflect.TypeFor[api.HeartbeatRequest](),
		"HeartbeatResponse":        reflect.TypeFor[api.HeartbeatResponse](),
		"HelloFrame":               reflect.TypeFor[api.HelloFrame](),
		"InterruptReceipt":         reflect.TypeFor[api.InterruptReceipt](),
		"InterruptRequest":         reflect.TypeFor[api.InterruptRequest](),
		"Intervals":                reflect.TypeFor[api.Intervals](),
		"LogsReceipt":              reflect.TypeFor[api.LogsReceipt](),
		"LogsRequest":              reflect.TypeFor[api.LogsRequest](),
		"MarkFrame":                reflect.TypeFor[api.MarkFrame](),
		"Member":                   reflect.TypeFor[api.Member](),
		"PresenceState":            reflect.TypeFor[api.PresenceState](),
		"ProvisioningExport":       reflect.TypeFor[api.ProvisioningExport](),
		"ProvisioningRequest":      reflect.TypeFor[api.ProvisioningRequest](),
		"ProvisioningResult":       reflect.TypeFor[api.ProvisioningResult](),
		"ReasonList":               reflect.TypeFor[api.ReasonList](),
		"Region":                   reflect.TypeFor[api.Region](),
		"Revocation":               reflect.TypeFor[api.Revocation](),
		"SelfRow":                  reflect.TypeFor[api.SelfRow](),
		"Session":                  reflect.TypeFor[api.Session](),
		"SetDirectionRequest":      reflect.TypeFor[api.SetDirectionRequest](),
		"SetStateRequest":          reflect.TypeFor[api.SetStateRequest](),
		"SnapshotFrame":            reflect.TypeFor[api.SnapshotFrame](),
		"StartSessionRequest":      reflect.TypeFor[api.StartSessionRequest](),
		"StateChangeMessage":       reflect.TypeFor[api.StateChangeMessage](),
		"Tenant":                   reflect.TypeFor[api.Tenant](),
		"TenantDetails":            reflect.TypeFor[api.TenantDetails](),
		"TokenFrame":               reflect.TypeFor[api.TokenFrame](),
		"TokenRequest":             reflect.TypeFor[api.TokenRequest](),
		"TokenResponse":            reflect.TypeFor[api.TokenResponse](),
		"UpdateMemberRequest":      reflect.TypeFor[api.UpdateMemberRequest](),
		"UpdateUserRequest":        reflect.TypeFor[api.UpdateUserRequest](),
		"User":                     reflect.TypeFor[api.User](),
		"UserIdentity":             reflect.TypeFor[api.UserIdentity](),
		"WelcomeFrame":             reflect.TypeFor[api.WelcomeFrame](),
		"Why":                      reflect.TypeFor[api.Why](),
		"Work":                     reflect.TypeFor[api.Work](),
		"WorkChangeMessage":        reflect.TypeFor[api.WorkChangeMessage](),
		"WorkReport":               reflect.TypeFor[api.WorkReport](),
	}
}

func TestGolden_GoesThroughTheGoTypesByteForByte(t *testing.T) {
	t.Parallel()
	for name, body := range goldenBodies(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			goType, ok := goldenTypes()[schemaOfGolden(name)]
			if !ok {
				t.Fatal("no Go type is named for this schema")
			}
			value := reflect.New(goType).Interface()
			decoder := json.NewDecoder(bytes.NewReader(body))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(value); err != nil {
				t.Fatal(err)
			}
			written, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			var compact bytes.Buffer
			if err := json.Compact(&compact, body); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(compact.String(), string(written)); diff != "" {
				t.Errorf("file (-) and Go (+) differ:\n%s", diff)
			}
		})
	}
}

func TestGolden_FitsTheSchema(t *testing.T) {
	t.Parallel()
	schemas := document(t).Components.Schemas
	for name, body := range goldenBodies(t) {
		var value any
		if err := json.Unmarshal(body, &value); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schemas[schemaOfGolden(name)].Value.VisitJSON(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A field that the schema does not know would pass unnoticed above: schemas leave room for new fields. The Go types do not, and this
// test makes sure that both have the same ones.
func TestGolden_TheGoTypesHaveExactlyTheFieldsOfTheirSchemas(t *testing.T) {
	t.Parallel()
	schemas := document(t).Components.Schemas
	for name, goType := range goldenTypes() {
		var want []string
		for _, part := range append(schemas[name].Value.AllOf, schemas[name]) {
			want = slices.AppendSeq(want, maps.Keys(part.Value.Properties))
		}
		var got []string
		for field := range goType.Fields() {
			if field.Anonymous {
				t.Errorf("%s: %s is embedded, the struct is not flat", name, field.Name)
			}
			key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			got = append(got, key)
		}
		if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
			t.Errorf("%s: schema (-) and Go (+) differ:\n%s", name, diff)
		}
	}
}

func TestGolden_EveryBodyOfEveryOperationAndEveryMessageHasAFile(t *testing.T) {
	t.Parallel()
	have := map[string]bool{}
	for name := range goldenBodies(t) {
		have[schemaOfGolden(name)] = true
	}
	for route, operation := range operations(t) {
		if operation.OperationID == "getOpenAPI" || operation.OperationID == "openStream" {
			continue
		}
		needed := []string{schemaNameOf(operation.Responses.Value("200").Value.Content)}
		if operation.RequestBody != nil && operation.OperationID != "login" {
			needed = append(needed, schemaNameOf(operation.RequestBody.Value.Content))
		}
		for _, schema := range needed {
			if !have[schema] {
				t.Errorf("%s: no golden file for %q", route, schema)
			}
		}
	}
	for _, union := range []string{"Message", "ClientFrame", "ServerFrame"} {
		for _, member := range document(t).Components.Schemas[union].Value.OneOf {
			if schema := strings.TrimPrefix(member.Ref, "#/components/schemas/"); !have[schema] {
				t.Errorf("no golden file for %q of %s", schema, union)
			}
		}
	}
	for _, pushed := range []string{"FloorRowChangeMessage", "SelfRow"} {
		if !have[pushed] {
			t.Errorf("no golden file for %q", pushed)
		}
	}
}

// Every SDK adds rows up by itself: here it finds what must come out.
func TestGolden_TheBeatOfTheFloorAddsUpTheRowOfItsEvent(t *testing.T) {
	t.Parallel()
	bodies := goldenBodies(t)
	var events api.EventsFrame
	var change api.FloorRowChangeMessage
	var beat api.BeatFrame
	err := errors.Join(json.Unmarshal(bodies["EventsFrame.floor"], &events), json.Unmarshal(bodies["BeatFrame.floor"], &beat))
	if err != nil || len(events.Events) != 1 || json.Unmarshal(events.Events[0].Message, &change) != nil {
		t.Fatalf("%d events, %v", len(events.Events), err)
	}
	want := int64(crc32.ChecksumIEEE(fmt.Appendf(nil, "%s:%d", change.Row.ResourceID, change.Row.Version)))
	if *beat.Sum != want || *beat.Seq != events.Events[0].Seq {
		t.Errorf("the beat says %d at %d, want %d at %d", *beat.Sum, *beat.Seq, want, events.Events[0].Seq)
	}
}

// Clients test for null, so these fields must be there, and null, in values that nobody has filled.
func TestGolden_FieldsWithoutAValueAreNullAndNotAbsent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value  any
		fields []string
	}{
		{api.PresenceState{}, []string{"reason", "reasonId", "reasonListId", "sessionId", "pending", "stateSince", "directionSince"}},
		{api.Session{}, []string{"reason", "reasonId", "reasonListId", "sessionId", "pending", "metadata"}},
		{api.StateChangeMessage{}, []string{"reason", "reasonId", "reasonListId", "sessionId", "pending"}},
		{api.FloorRow{}, []string{"reason", "reasonId", "reasonListId", "sessionId", "pending", "stateSince", "directionSince"}},
		{api.Pending{}, []string{"reason", "reasonId", "reasonListId"}},
		{api.Config{}, []string{"activeExtension", "outboundIntegration"}},
		{api.Member{}, []string{"activeExtension"}},
		{api.FloorPage{}, []string{"cursor"}},
		{api.AuditPage{}, []string{"cursor"}},
		{api.Interval{}, []string{"to", "reason", "reasonId", "reasonListId"}},
		{api.Why{}, []string{"sessionId", "reason", "reasonId", "reasonListId", "since"}},
		{api.WhyStep{}, []string{"byId", "byName", "rule", "state", "reason", "reasonId", "reasonListId", "direction", "work"}},
	} {
		written := fieldsOf(t, c.value)
		for _, field := range c.fields {
			if string(written[field]) != "null" {
				t.Errorf("%T.%s is %q, want null", c.value, field, written[field])
			}
		}
	}
}

func TestGolden_FieldsWithNothingToSayAreAbsent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value  any
		fields []string
	}{
		{api.PresenceState{}, []string{"causeCode", "supervisorId", "supervisorName", "endCode"}},
		{api.DirectionChangeMessage{}, []string{"supervisorId", "supervisorName"}},
		{api.Extension{}, []string{"provider", "region", "sdkVersion"}},
		{api.Error{}, []string{"attribute", "work", "problems"}},
	} {
		written := fieldsOf(t, c.value)
		for _, field := range c.fields {
			if text, ok := written[field]; ok {
				t.Errorf("%T.%s is there, as %s", c.value, field, text)
			}
		}
	}
}

func fieldsOf(t *testing.T, value any) map[string]json.RawMessage {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	return fields
}

// goldenBodies gives each golden file under its name without the extension.
func goldenBodies(t *testing.T) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("testdata/golden/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d golden files, %v", len(paths), err)
	}
	bodies := map[string][]byte{}
	for _, path := range paths {
		body, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bodies[strings.TrimSuffix(filepath.Base(path), ".json")] = body
	}
	return bodies
}

func schemaOfGolden(name string) string {
	schema, _, _ := strings.Cut(name, ".")
	return schema
}
