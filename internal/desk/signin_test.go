package desk

import (
	"strings"
	"testing"

	"github.com/muster-presence/muster/api"
)

func TestChooseTenant_FindsOneByNameOrID(t *testing.T) {
	t.Parallel()
	north, south, again := api.TenantMembership{TenantID: "t1", TenantName: "North"}, api.TenantMembership{TenantID: "t2", TenantName: "South"}, api.TenantMembership{TenantID: "t3", TenantName: "South"}
	all := []api.TenantMembership{north, south, again}
	for _, c := range []struct {
		name    string
		tenants []api.TenantMembership
		home    *string
		wanted  string
		want    string // its id, or a part of what is said
		found   bool
	}{
		{"the default", all, pointer("t2"), "", "t2", true},
		{"the only one", all[:1], nil, "", "t1", true},
		{"by name", all, pointer("t2"), "north", "t1", true},
		{"by id", all, nil, "t3", "t3", true},
		{"by a name of two", all, nil, "South", "South (t2), South (t3)", false},
		{"by nobody's name", all, nil, "West", "one of North, South, South", false},
		{"none of several", all, nil, "", "choose with --tenant one of North", false},
		{"a default that is no more", all, pointer("t9"), "", "choose with --tenant", false},
		{"none at all", nil, nil, "", "a member of no tenant", false},
	} {
		got, err := chooseTenant(api.UserIdentity{Tenants: c.tenants, DefaultTenant: c.home}, c.wanted)
		switch {
		case c.found && (err != nil || got.TenantID != c.want):
			t.Errorf("%s: %v, %v", c.name, got, err)
		case !c.found && (err == nil || !strings.Contains(ProblemOf(err).Text, c.want)):
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}

func TestBaseURL_CompletesTheAddress(t *testing.T) {
	t.Parallel()
	for _, server := range []string{"http://a:1", "http://a:1/", "http://a:1/v1", "http://a:1/v1/"} {
		if got := BaseURL(server); got != "http://a:1/v1/" {
			t.Errorf("%s: %s", server, got)
		}
	}
}
