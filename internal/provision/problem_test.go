package provision_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/provision"
)

// small is a whole file that is right, to be broken in one place.
const small = `regions:
  - key: local
tenants:
  - key: demo
    timezone: Europe/Berlin
    region: local
    settings:
      endAfter: 6m
    roles:
      - key: agent
        permissions: [ARTIFACTS_CREATE_ALL]
    groups:
      - key: sales
    reasonLists:
      - key: breaks
        name: Breaks
        reasons:
          - key: lunch
users:
  - username: ann
    password: open sesame
    defaultTenant: demo
    tenants:
      - tenant: demo
        roles: [agent]
        groups: [sales]
        reasonLists: [breaks]
        extensions:
          - { type: sip, value: "12" }
        activeExtension: "12"
`

func TestApply_RefusesAFileAndSaysWhereAndWhatToDo(t *testing.T) {
	t.Parallel()
	for sentence, test := range map[string]struct {
		replace, by string
		want        string // the problem as one line, or a part of it
	}{
		"an unknown field":                       {"timezone:", "timezon:", `test.yaml:5:5: tenants[0].timezon: there is no such field here: did you mean "timezone"?`},
		"an unknown field at the top":            {"users:", "user:", `test.yaml:19:1: user: there is no such field here: did you mean "users"?`},
		"a field that stands twice":              {"    region: local\n", "    region: local\n    region: local\n", "test.yaml:7:5: tenants[0].region: stands twice"},
		"a list where text should be":            {"timezone: Europe/Berlin", "timezone: [Europe/Berlin]", "test.yaml:5:15: tenants[0].timezone: must be text, not a list"},
		"a number where text should be":          {`value: "12"`, "value: 12", `test.yaml:29:33: users[0].tenants[0].extensions[0].value: must be text: put it in quotes, as in "12"`},
		"text where a list should be":            {"roles: [agent]", "roles: agent", "users[0].tenants[0].roles: must be a list, not text"},
		"text where a mapping should be":         {"    settings:\n      endAfter: 6m\n", "    settings: fast\n", "test.yaml:7:15: tenants[0].settings: must be a mapping of fields to values, not text"},
		"nothing where text should be":           {"timezone: Europe/Berlin", "timezone:", "test.yaml:5:5: tenants[0].timezone: has no value"},
		"an unknown region":                      {"region: local", "region: locale", `test.yaml:6:13: tenants[0].region: there is no region of this key: did you mean "local"?`},
		"an unknown role":                        {"roles: [agent]", "roles: [agnet]", `test.yaml:25:17: users[0].tenants[0].roles[0]: the tenant has no role of this key: did you mean "agent"?`},
		"an unknown group":                       {"groups: [sales]", "groups: [help]", `the tenant has no group of this key: known are "sales"`},
		"an unknown list":                        {"reasonLists: [breaks]", "reasonLists: [work]", `the tenant has no reason list of this key`},
		"an unknown tenant":                      {"tenant: demo", "tenant: dome", `users[0].tenants[0].tenant: there is no tenant of this key: did you mean "demo"?`},
		"an unknown default tenant":              {"defaultTenant: demo", "defaultTenant: acme", `users[0].defaultTenant: there is no tenant of this key`},
		"an unknown active extension":            {`activeExtension: "12"`, `activeExtension: "13"`, `is the value of no extension of this member: did you mean "12"?`},
		"an unknown permission":                  {"ARTIFACTS_CREATE_ALL", "ARTIFACT_CREATE_ALL", `test.yaml:11:23: tenants[0].roles[0].permissions[0]: there is no such permission: did you mean "ARTIFACTS_CREATE_ALL"?`},
		"an unknown type of extension":           {"type: sip", "type: sipp", "must be one of pstn, sip, webrtc"},
		"an unknown zone":                        {"Europe/Berlin", "Europe/Bonn", "must be the IANA name of a time zone"},
		"the machine's own zone":                 {"Europe/Berlin", "Local", "must be the IANA name of a time zone"},
		"a key that stands twice":                {"  - key: local\n", "  - key: local\n  - key: local\n", `test.yaml:3:10: regions[1].key: the region "local" stands in test.yaml line 2 already`},
		"a user name that stands twice":          {"users:\n", "users:\n  - username: ANN\n", `the user "ann" stands in test.yaml line 20 already`},
		"a role that stands twice":               {"    groups:\n", "      - key: agent\n    groups:\n", `the role "agent" stands in`},
		"a value that stands twice in a list":    {"roles: [agent]", "roles: [agent, agent]", "users[0].tenants[0].roles[1]: stands twice in the list"},
		"an entity without a key":                {"  - key: local\n", "  - name: Local\n", "test.yaml:2:5: regions[0]: lacks key"},
		"a key with capitals":                    {"- key: demo", "- key: Demo", "must be 1 to 64 lower case letters"},
		"a user name with a space":               {"username: ann", "username: ann arbor", "must not have spaces inside"},
		"a user name that looks like an id":      {"username: ann", `username: "0190a6f0-0000-7000-8000-000000000000"`, "must not look like an id"},
		"an id that is none":                     {"- key: demo", "- key: demo\n    id: demo", "must be a UUID"},
		"the key of the system's list":           {"- key: breaks", "- key: system", "tenants[0].reasonLists[0].key: is the key of the system's own list"},
		"the name of the system's list":          {"name: Breaks", "name: system presence reasons", "tenants[0].reasonLists[0].name: is the name of the system's own list"},
		"the system's list given to a member":    {"reasonLists: [breaks]", "reasonLists: [system]", "is the system's own list, which every member has"},
		"the id of the system's list":            {"name: Breaks", "id: " + presence.SystemListID.String(), "the system's reason list has this id"},
		"a time without unit":                    {"endAfter: 6m", "endAfter: 360", `must be a time with its unit, such as "15s"`},
		"a setting out of range":                 {"endAfter: 6m", "endAfter: 25h", "test.yaml:8:17: tenants[0].settings.endAfter: must be more than 0 and at most 24h0m0s"},
		"settings out of order":                  {"endAfter: 6m", "endAfter: 30s", "tenants[0].settings.endAfter: must be longer than notReadyAfter, which is 1m0s"},
		"settings out of order with the default": {"endAfter: 6m", "heartbeatDelay: 50s", "tenants[0].settings.notReadyAfter: must be longer than heartbeatDelay times heartbeatGrace, which is 1m15s"},
		"beats out of order with a default":      {"endAfter: 6m", "beatDelay: 30s", "tenants[0].settings.notReadyAfter: must be longer than beatDelay times beatGrace, which is 1m12s"},
		"too little grace for beats":             {"endAfter: 6m", "beatGrace: 1", "test.yaml:8:18: tenants[0].settings.beatGrace: must be more than 1 and at most 10"},
		"a socket that is lost too late":         {"endAfter: 6m", "lostAfter: 11s", "test.yaml:8:18: tenants[0].settings.lostAfter: must be from 0s to 10s in whole milliseconds"},
		"a new tenant without zone":              {"    timezone: Europe/Berlin\n", "", "tenants[0]: lacks timezone"},
		"a new tenant without region":            {"    region: local\n", "", "tenants[0]: lacks region"},
		"a short password":                       {"open sesame", "sesame", "users[0].password: must have 8 to 200 characters"},
		"a hash that is none":                    {"password: open sesame", "passwordHash: sesame", "must be a PHC string of argon2id"},
		"a hash that costs too much":             {"password: open sesame", "passwordHash: $argon2id$v=19$m=999999,t=2,p=1$c2FsdHNhbHQ$c2FsdHNhbHRzYWx0c2FsdA", "has a cost that is refused"},
		"a password and a hash":                  {"password: open sesame", "password: open sesame\n    passwordHash: " + hashOf("x"), "says the same as password"},
		"an alias of nothing":                    {"roles: [agent]", "roles: *agents", `there is no anchor "agents"`},
		"an anchor that is given twice":          {"roles: [agent]", "roles: [&a agent]\n        skills: [&a german]", `the anchor "a" is given twice`},
		"a tag":                                  {"key: local", "key: !!str local", "tags are not read here"},
		"broken syntax":                          {"permissions: [ARTIFACTS_CREATE_ALL]", "permissions: [ARTIFACTS_CREATE_ALL", "is not YAML"},
		"control characters":                     {"name: Breaks", `name: "a\u0007b"`, "has characters that cannot be shown"},
		"two groups of one name":                 {"      - key: sales\n", "      - key: sales\n      - {key: sell, name: Sales}\n", "would have two groups of the name"},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			content := strings.Replace(small, test.replace, test.by, 1)
			if content == small {
				t.Fatal("the file was not changed")
			}
			to := newStore()
			_, err := provision.Apply(t.Context(), to, &quickHasher{}, []provision.File{file("test.yaml", content)}, provision.Options{})
			var problems provision.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got error %v, want problems", err)
			}
			if len(problems) != 1 || !strings.Contains(problems[0].String(), test.want) {
				t.Errorf("got\n%v\nwant one problem with\n%s", err, test.want)
			}
			wantSame(t, "contents", &directory.Contents{}, load(t, to))
		})
	}
}

func TestApply_ListsAllProblemsOfAllFilesInTheirOrder(t *testing.T) {
	t.Parallel()
	files := []provision.File{
		file("users.yaml", "users:\n  - username: bob\n    tenants: [{tenant: demo, roles: [agnt]}]\n    colour: red\n"),
		file("tenants.yaml", strings.NewReplacer("local\n    settings", "nowhere\n    settings", "Europe/Berlin", "Mars").Replace(small)),
	}
	_, err := provision.Apply(t.Context(), newStore(), &quickHasher{}, files, provision.Options{})
	var problems provision.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got error %v, want problems", err)
	}
	var places []string
	for _, problem := range problems {
		places = append(places, problem.File+" "+problem.Path)
	}
	wantSame(t, "places", []string{
		"users.yaml users[0].tenants[0].roles[0]", "users.yaml users[0].colour",
		"tenants.yaml tenants[0].timezone", "tenants.yaml tenants[0].region",
	}, places)
}

func TestApply_RefusesAnIdThatIsTakenOrWouldChange(t *testing.T) {
	t.Parallel()
	const first, second = "0190a6f0-0000-7000-8000-000000000001", "0190a6f0-0000-7000-8000-000000000002"
	to := newStore()
	apply(t, to, "regions: [{key: a, id: "+quote(first)+"}, {key: b, id: "+quote(second)+"}]", provision.Options{})
	for content, want := range map[string]string{
		"regions: [{key: a, id: " + quote(second) + "}]": "has the id " + first + " already",
		"regions: [{key: c, id: " + quote(second) + "}]": "region b has this id",
	} {
		_, err := provision.Apply(t.Context(), to, &quickHasher{}, []provision.File{file("test.yaml", content)}, provision.Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestParse_RefusesWhatWouldExhaustIt(t *testing.T) {
	t.Parallel()
	list := strings.Repeat("*r, ", 1000)
	bomb := "x-p: &p [" + strings.Repeat("ARTIFACTS_CREATE_ALL, ", 1000) + "]\n" +
		"x-r: &r {key: a, permissions: *p}\n" +
		"x-t: &t {key: t, roles: [" + list + "]}\n" +
		"tenants: [" + strings.Repeat("*t, ", 1000) + "]\n"
	for sentence, content := range map[string]string{
		"brackets without end":        strings.Repeat("[", 200_000),
		"dashes without end":          strings.Repeat("- ", 200_000),
		"braces without end":          strings.Repeat("{a: ", 50_000),
		"aliases of aliases":          bomb,
		"an alias of itself":          "regions: &a [*a]",
		"an anchor that is its alias": "regions: &a *a",
		"a binary file":               "\x00\xff\xfe",
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			if _, problems := provision.Parse([]provision.File{file("test.yaml", content)}); len(problems) == 0 {
				t.Error("it was accepted")
			}
		})
	}
}

func quote(text string) string { return `"` + text + `"` }
