package sdk

import (
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

// responseTypes are what the comments beside the topics' constants promise.
var responseTypes = map[string]reflect.Type{
	"LoggedIn":                     reflect.TypeFor[LoggedIn](),
	"AuthInfo":                     reflect.TypeFor[AuthInfo](),
	"bool":                         reflect.TypeFor[bool](),
	"UpdatedUser":                  reflect.TypeFor[UpdatedUser](),
	"[]api.TenantMembership":       reflect.TypeFor[[]api.TenantMembership](),
	"ActiveTenant":                 reflect.TypeFor[ActiveTenant](),
	"api.Config":                   reflect.TypeFor[api.Config](),
	"ExtensionList":                reflect.TypeFor[ExtensionList](),
	"api.Session":                  reflect.TypeFor[api.Session](),
	"api.HeartbeatResponse":        reflect.TypeFor[api.HeartbeatResponse](),
	"StateChange":                  reflect.TypeFor[StateChange](),
	"Ended":                        reflect.TypeFor[Ended](),
	"DirectionChange":              reflect.TypeFor[DirectionChange](),
	"api.WorkChangeMessage":        reflect.TypeFor[api.WorkChangeMessage](),
	"Connection":                   reflect.TypeFor[Connection](),
	"api.PresenceState":            reflect.TypeFor[api.PresenceState](),
	"DirectionSet":                 reflect.TypeFor[DirectionSet](),
	"string":                       reflect.TypeFor[string](),
	"api.Extension":                reflect.TypeFor[api.Extension](),
	"[]api.Extension":              reflect.TypeFor[[]api.Extension](),
	"TenantDetails":                reflect.TypeFor[TenantDetails](),
	"RunningSession":               reflect.TypeFor[RunningSession](),
	"UserConfig":                   reflect.TypeFor[UserConfig](),
	"Monitoring":                   reflect.TypeFor[Monitoring](),
	"Removal":                      reflect.TypeFor[Removal](),
	"api.AgentNotificationMessage": reflect.TypeFor[api.AgentNotificationMessage](),
	"api.LogsReceipt":              reflect.TypeFor[api.LogsReceipt](),
}

func TestTopics_PromiseTypesThatAreTestedHere(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "topic.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	promised := make(map[string]bool)
	for _, group := range file.Comments {
		text := strings.TrimSpace(group.Text())
		for _, name := range slices.Collect(maps.Keys(responseTypes)) {
			if text == name || strings.HasPrefix(text, name+",") || strings.HasPrefix(text, name+";") {
				promised[name] = true
			}
		}
	}
	for name := range responseTypes {
		if !promised[name] {
			t.Errorf("no topic carries %s", name)
		}
	}
}

// Each type's copy has everything that the original has, and shares nothing with it.
func TestEvent_EveryResponseCanBeCopied(t *testing.T) {
	t.Parallel()
	types := maps.Clone(responseTypes)
	types["ErrorData"], types["Dump"] = reflect.TypeFor[ErrorData](), reflect.TypeFor[Dump]()
	for name, kind := range types {
		full := reflect.New(kind).Elem()
		fill(full, 0)
		copied := copyOf(full.Interface())
		if reflect.TypeOf(copied) != kind {
			t.Errorf("a copy of %s is a %T", name, copied)
		}
		if difference := cmp.Diff(full.Interface(), copied); difference != "" {
			t.Errorf("a copy of %s differs\n%s", name, difference)
		}
		if shared := sharing(full, reflect.ValueOf(copied), name); len(shared) > 0 {
			t.Errorf("a copy shares %v", shared)
		}
		empty := reflect.New(kind).Elem().Interface()
		if kind.Kind() == reflect.Struct {
			if _, err := json.Marshal(empty); err != nil {
				t.Errorf("%s without anything: %v", name, err)
			}
		}
	}
	if copyOf(nil) != nil {
		t.Error("a copy of nothing is something")
	}
}

// fill gives every field a value of its own.
func fill(v reflect.Value, n int) {
	switch {
	case v.Type() == reflect.TypeFor[json.RawMessage]():
		v.SetBytes([]byte(`{"a":1}`))
		return
	case v.Type() == reflect.TypeFor[api.Time]():
		v.Set(reflect.ValueOf(api.TimeOf(time.Unix(1772352000+int64(n), 0))))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(7 + n))
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n+1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n+1)
		fill(v.Index(1), n+2)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n+i)
		}
	default:
		panic("no value for " + v.Type().String())
	}
}

// sharing lists what both reach by a pointer or a slice.
func sharing(a, b reflect.Value, at string) (shared []string) {
	switch a.Kind() {
	case reflect.Pointer:
		if a.Pointer() == b.Pointer() {
			return []string{at}
		}
		return sharing(a.Elem(), b.Elem(), at)
	case reflect.Slice:
		if a.Pointer() == b.Pointer() {
			return []string{at}
		}
		for i := range a.Len() {
			shared = append(shared, sharing(a.Index(i), b.Index(i), at+"[]")...)
		}
	case reflect.Struct:
		for i := range a.NumField() {
			shared = append(shared, sharing(a.Field(i), b.Field(i), at+"."+a.Type().Field(i).Name)...)
		}
	}
	return shared
}

// Desktops rewrite what they get.
func TestEvent_IsEachReceiversOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := idle(t)
		original := StateChange{State: api.StateReady, AvailableStates: []api.State{api.StateOffline}, Reason: new("Lunch")}
		problem := newError(CodeTenantHeld, ErrorData{ActiveInteractions: []api.Work{{InteractionID: "a"}}})
		var mu sync.Mutex
		var seen []StateChange
		var errs []*Error
		for range 3 {
			mustSubscribe(t, c, TopicSession, func(e Event) {
				mu.Lock()
				defer mu.Unlock()
				if e.Err != nil {
					errs = append(errs, e.Err)
					e.Err.Data.ActiveInteractions[0].InteractionID, e.Err.Message = "rewritten", "rewritten"
					return
				}
				state := e.Response.(StateChange)
				seen = append(seen, state)
				state.AvailableStates[0], *state.Reason = "rewritten", "rewritten"
			})
		}
		c.core.publish(TopicState, original)
		c.core.publishError(TopicTenant, problem)
		c.core.publish(TopicState, original)
		synctest.Wait()
		if len(seen) != 6 || len(errs) != 3 {
			t.Fatalf("%d states and %d errors came", len(seen), len(errs))
		}
		if *original.Reason != "Lunch" || original.AvailableStates[0] != api.StateOffline || problem.Message == "rewritten" || problem.Data.ActiveInteractions[0].InteractionID != "a" {
			t.Error("receivers write into what is published")
		}
		for _, e := range errs {
			if !errors.Is(e, CodeTenantHeld) {
				t.Errorf("an error's copy is %+v", e)
			}
		}
	})
}

func TestDump_IsACopyWithTheContractsKeys(t *testing.T) {
	t.Parallel()
	c := idle(t)
	c.Session.SetToken(t.Context(), SetTokenParams{Token: "secret"})
	c.Session.SetUserIdentity(t.Context(), SetUserIdentityParams{UserID: me})
	text, err := json.Marshal(c.DumpState())
	if err != nil {
		t.Fatal(err)
	}
	var dumped map[string]map[string]any
	if err := json.Unmarshal(text, &dumped); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		part, key string
		want      any
	}{
		{"authentication", "token", "secret"}, {"authentication", "sso-token", nil}, {"user", "user-id", me}, {"session", "session-id", nil},
		{"session", "tenant-id", nil}, {"session", "state", nil}, {"session", "config", nil}, {"config", "api-url", "http://muster.test/"},
		{"config", "locale", "en-US"}, {"supervisor", "monitored-interaction", nil}, {"interactions", "pending", []any{}}, {"interactions", "active", []any{}},
		{"interactions", "past", []any{}}, {"interactions", "incoming", []any{}}, {"time", "offset", 0.0},
	} {
		got, there := dumped[c.part][c.key]
		if !there || !cmp.Equal(got, c.want) {
			t.Errorf("%s.%s is %v (%t), not %v", c.part, c.key, got, there, c.want)
		}
	}
}
