package provision

import (
	"fmt"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// Warning is something that works, though not as people may expect.
type Warning struct {
	// Name is the user's name, after the tenant's key where it concerns a member.
	Name string
	// Text says what will not work and what to do about it.
	Text string
}

// String returns the warning in one line.
func (w Warning) String() string { return w.Name + ": " + w.Text }

// fewestLists is what existing desktops want to see, the system's list included.
const fewestLists = 2

// warningsOf looks for what existing desktops refuse, by tenant and user name.
func warningsOf(contents *directory.Contents, options Options) []Warning {
	var warnings []Warning
	users := make(map[presence.AgentID]*directory.User, len(contents.Users))
	for _, user := range contents.Users {
		users[user.ID] = user
		warnings = append(warnings, accountWarnings(user, options)...)
	}
	memberships := contents.MembershipsByTenant()
	for _, tenant := range contents.Tenants {
		for _, membership := range memberships[tenant.ID] {
			member := directory.NewMember(tenant, users[membership.Agent], membership)
			warnings = append(warnings, memberWarnings(tenant, member)...)
		}
	}
	return warnings
}

func accountWarnings(user *directory.User, options Options) []Warning {
	if options.Actor.IsZero() || user.ID != options.Actor {
		return nil
	}
	if user.Active && user.PlatformRole.Permissions.Has(api.PermissionManageTenant) {
		return nil
	}
	return []Warning{{Name: user.Username, Text: "you take from yourself the right to apply files: only somebody else can give it back"}}
}

func memberWarnings(tenant *directory.Tenant, member *directory.Member) []Warning {
	if !tenant.Active || !member.Active || !member.IsAgent() {
		return nil
	}
	var warnings []Warning
	warn := func(format string, args ...any) {
		warnings = append(warnings, Warning{Name: tenant.Key + "/" + member.Username, Text: fmt.Sprintf(format, args...)})
	}
	if lists := len(member.ReasonListsIn(tenant)); lists < fewestLists {
		warn("an agent with %d reason list: existing desktops refuse to run with fewer than %d; give the agent one or make one the tenant's default", lists, fewestLists)
	}
	if len(member.Extensions) == 0 {
		warn("an agent without an extension: existing desktops refuse to run so, and no agent goes ready without one; add one")
	}
	return warnings
}
