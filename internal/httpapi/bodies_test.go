package httpapi

import (
	"strings"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

func TestBody_MissingAndNullAreTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, body := range []any{nil, "", "null", " \n null\t", "{}", `{"silentMonitoring":null,"metadata":null,"nothing":[1]}`} {
		if got := w.post(agent, presencePath(north, agent)+"/session", body).ok(); got["metadata"] != nil || got["silentMonitoring"] != false {
			t.Errorf("%q started %v", body, got)
		}
	}
}

func TestBody_IsAtMostOneMebibyte(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	fits := `{"state": "ready", "nothing": "` + strings.Repeat("x", maxBody-33) + `"}`
	wantEqual(t, len(fits), maxBody)
	w.setState(agent, fits).wantStatus(200)
	w.unchanged(func() {
		w.setState(agent, fits+" ").refused(api.CodeTooLarge, "")
		w.post(nobody, "/v1/tokens", fits+" ").refused(api.CodeTooLarge, "")
		w.post(agent, "/v1/login", strings.Repeat(" ", maxBody+1)).refused(api.CodeTooLarge, "")
	})
}

func TestBody_MustBeJSON(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.unchanged(func() {
		for _, body := range []string{
			"{", "ready", `{"state": "ready"} {}`, `{"state": "ready",}`, `{'state': 'ready'}`, "\ufeff{}", "{\"state\": \"ready\xff\"}", "\x00",
			`[]`, `"ready"`, `5`, `true`, `{"state": "ready", "nothing": ` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + `}`,
		} {
			w.setState(agent, body).refused(api.CodeBadJSON, "")
		}
	})
}

func TestBody_OfTheWrongTypeNamesTheFieldAndNoValue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.unchanged(func() {
		for body, attribute := range map[string]string{
			`{"username": 5, "password": "x"}`: "username", `{"username": "x", "password": {"secret": 1}}`: "password",
			`{"username": "x", "password": "x", "ttl": "4711"}`: "ttl", `{"username": "x", "password": "x", "ttl": 4711.5}`: "ttl",
			`{"username": "x", "password": "x", "ttl": 4711e90}`: "ttl", `{"username": "x", "password": "x", "ttl": 4711000000000000000000}`: "ttl",
		} {
			f := w.post(nobody, "/v1/tokens", body).refused(api.CodeBadJSON, attribute)
			if strings.Contains(f.Message, "4711") || strings.Contains(f.Message, "secret") {
				t.Errorf("the message repeats the value: %s", f.Message)
			}
		}
		for body, attribute := range map[string]string{
			`{}`: "username", `{"username": null, "password": "x"}`: "username", `{"username": "", "password": "x"}`: "username",
			`{"username": "x"}`: "password", `{"username": "x", "password": null}`: "password",
		} {
			w.post(nobody, "/v1/tokens", body).refused(api.CodeBadRequest, attribute)
		}
	})
}

func TestBody_MustSayWhatItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	for kind, taken := range map[string]bool{
		"application/json": true, "Application/JSON; charset=utf-8": true, "application/json;": true,
		"text/plain": false, "application/x-www-form-urlencoded": false, "application/problem+json": false, "json": false, "a/b/c": false, "application/json; charset": false,
	} {
		r := w.setState(agent, to("ready"), "Content-Type", kind)
		if taken {
			r.wantStatus(200)
			continue
		}
		r.refused(api.CodeUnsupportedMedia, "")
		w.setState(agent, nil, "Content-Type", kind).refused(api.CodeBadRequest, "state") // there is no body that it could be wrong about
	}
}

// Whatever clients send beside what is asked for does no harm.
func TestBody_UnknownFieldsArePassedOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.caused(north, func() {
		w.setState(agent, `{"state": "ready", "": 1, "__proto__": {}, "sessionid2": 5, "état": null}`).wantStatus(200)
	}, presence.KindStateSet)
}
