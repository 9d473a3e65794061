package provision

import (
	"maps"
	"slices"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// draft is a directory that is being made what the files say. Documents of the
// directory it came from are replaced, never changed.
type draft struct {
	problems *problemLog
	options  Options
	err      error // the first of making ids

	revision    int64
	regions     map[string]*directory.Region // by key
	tenants     map[string]*tenantDraft      // by key
	users       map[string]*userDraft        // by folded user name
	memberships map[presence.Key]*membershipDraft
	// ids are all that are taken, of every kind of entity, with who has them.
	ids map[presence.UUID]string
	// named are the regions that a file names, with the place.
	named map[string]Position
}

// tenantDraft is a tenant with what the files name of it.
type tenantDraft struct {
	directory.Tenant
	named bool
	at    Position
	spec  tenantSpec
}

type userDraft struct {
	directory.User
	named bool
	spec  userSpec
}

type membershipDraft struct {
	directory.Membership
	named bool
	spec  membershipSpec
}

func newDraft(current *directory.Contents, problems *problemLog, options Options) *draft {
	if options.NewID == nil {
		options.NewID = newUUID
	}
	d := &draft{
		problems: problems, options: options, revision: current.Revision,
		regions: map[string]*directory.Region{}, tenants: map[string]*tenantDraft{}, users: map[string]*userDraft{},
		memberships: map[presence.Key]*membershipDraft{},
		ids:         map[presence.UUID]string{presence.SystemListID.UUID: "the system's reason list"},
		named:       map[string]Position{},
	}
	for _, reason := range directory.SystemList().Reasons {
		d.ids[reason.ID.UUID] = "a reason of the system's list"
	}
	for _, region := range current.Regions {
		d.regions[region.Key] = region
		d.ids[region.ID.UUID] = "region " + region.Key
	}
	for _, tenant := range current.Tenants {
		d.takeTenant(tenant)
	}
	for _, user := range current.Users {
		d.users[directory.FoldUsername(user.Username)] = &userDraft{User: *user}
		d.ids[user.ID.UUID] = "user " + user.Username
	}
	for _, membership := range current.Memberships {
		d.memberships[membership.Key()] = &membershipDraft{Membership: *membership}
		for _, extension := range membership.Extensions {
			d.ids[extension.ID.UUID] = "extension " + extension.Value
		}
	}
	return d
}

func (d *draft) takeTenant(tenant *directory.Tenant) {
	draft := &tenantDraft{Tenant: *tenant}
	draft.Roles = slices.Clone(tenant.Roles)
	draft.Groups = slices.Clone(tenant.Groups)
	draft.IdentityProviders = slices.Clone(tenant.IdentityProviders)
	draft.ReasonLists = slices.Clone(tenant.ReasonLists)
	d.tenants[tenant.Key] = draft
	d.ids[tenant.ID.UUID] = "tenant " + tenant.Key
	for _, role := range tenant.Roles {
		d.ids[role.ID.UUID] = "role " + tenant.Key + "/" + role.Key
	}
	for _, group := range tenant.Groups {
		d.ids[group.ID.UUID] = "group " + tenant.Key + "/" + group.Key
	}
	for _, provider := range tenant.IdentityProviders {
		d.ids[provider.ID.UUID] = "identity provider " + tenant.Key + "/" + provider.Key
	}
	if tenant.OutboundIntegration != nil {
		d.ids[tenant.OutboundIntegration.ID.UUID] = "the outbound integration of " + tenant.Key
	}
	for _, list := range tenant.ReasonLists {
		d.ids[list.ID.UUID] = "reason list " + tenant.Key + "/" + list.Key
		for _, reason := range list.Reasons {
			d.ids[reason.ID.UUID] = "reason " + tenant.Key + "/" + list.Key + "/" + reason.Key
		}
	}
}

// identify returns the id of an entity: the one it has, or else the one given,
// or else a new one.
func (d *draft) identify(given opt[presence.UUID], has presence.UUID, what string) presence.UUID {
	switch {
	case given.set && !has.IsZero() && given.value != has:
		d.problems.add(given.at, "%s has the id %s already, and ids do not change: write that one or remove the line", what, has)
		return has
	case !has.IsZero():
		return has
	case given.set:
		if owner, taken := d.ids[given.value]; taken {
			d.problems.add(given.at, "%s has this id: take another or remove the line", owner)
			break // go on with another one, lest the two be mistaken for each other
		}
		d.ids[given.value] = what
		return given.value
	}
	made, err := d.options.NewID()
	if err != nil && d.err == nil {
		d.err = err
	}
	d.ids[made] = what
	return made
}

// contents returns the directory as it is drafted.
func (d *draft) contents() *directory.Contents {
	contents := &directory.Contents{Revision: d.revision}
	for _, region := range d.regions {
		contents.Regions = append(contents.Regions, region)
	}
	for _, tenant := range d.tenants {
		tenant.Arrange()
		contents.Tenants = append(contents.Tenants, &tenant.Tenant)
	}
	for _, user := range d.users {
		contents.Users = append(contents.Users, &user.User)
	}
	for _, membership := range d.memberships {
		membership.Arrange()
		contents.Memberships = append(contents.Memberships, &membership.Membership)
	}
	contents.Arrange()
	return contents
}

// keysOf returns the keys of a map in order, to name them to people.
func keysOf[V any](all map[string]V) []string { return slices.Sorted(maps.Keys(all)) }

// upsert finds the entity of a key in a list, or adds one, and lets do change it.
func upsert[T any](all *[]T, is func(*T) bool, do func(entity *T, exists bool)) {
	if i := slices.IndexFunc(*all, func(entity T) bool { return is(&entity) }); i >= 0 {
		do(&(*all)[i], true)
		return
	}
	var added T
	do(&added, false)
	*all = append(*all, added)
}
