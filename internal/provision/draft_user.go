package provision

import (
	"context"
	"slices"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

func (d *draft) usersOf(spec *Spec) {
	for _, s := range spec.users {
		folded := directory.FoldUsername(s.username.value)
		user := d.users[folded]
		if user == nil {
			// The generation starts at the time, so that no token of an earlier user
			// of the same id is good for this one.
			user = &userDraft{User: directory.User{Active: true, TokenGeneration: int64(d.options.Now)}}
			d.users[folded] = user
		}
		user.named, user.spec = true, s
		user.ID.UUID = d.identify(s.id, user.ID.UUID, "user "+s.username.value)
		user.Username = s.username.value
		user.FirstName = s.firstName.or(user.FirstName)
		user.LastName = s.lastName.or(user.LastName)
		user.Active = s.active.or(user.Active)
		user.PasswordHash = s.passwordHash.or(user.PasswordHash)
		d.platformRoleOf(user, s.platformRole)
		for _, membership := range s.tenants {
			d.membershipOf(user, membership)
		}
		d.defaultTenantOf(user, s.defaultTenant)
	}
}

func (d *draft) platformRoleOf(user *userDraft, s opt[platformRoleSpec]) {
	if !s.set {
		return
	}
	if s.null {
		user.PlatformRole = directory.PlatformRole{}
		return
	}
	if user.PlatformRole.IsZero() {
		d.require(s.at, s.value.name, "name")
	}
	user.PlatformRole.Name = s.value.name.or(user.PlatformRole.Name)
	if s.value.permissions.set {
		user.PlatformRole.Permissions = permissionsOf(s.value.permissions.value)
	}
}

func (d *draft) defaultTenantOf(user *userDraft, key opt[string]) {
	if !key.set {
		return
	}
	if key.null {
		user.DefaultTenant = presence.TenantID{}
		return
	}
	tenant, ok := d.tenants[key.value]
	switch {
	case !ok:
		d.problems.unknown(key.at, "tenant", "there is no tenant of this key: %s", didYouMean(key.value, keysOf(d.tenants)))
	case d.memberships[presence.Key{Tenant: tenant.ID, Agent: user.ID}] == nil:
		d.problems.unknown(key.at, "membership", "the user is no member of this tenant: add it to the user's tenants or take one of those")
	default:
		user.DefaultTenant = tenant.ID
	}
}

func (d *draft) membershipOf(user *userDraft, s membershipSpec) {
	tenant, ok := d.tenants[s.tenant.value]
	if !ok {
		d.problems.unknown(s.tenant.at, "tenant", "there is no tenant of this key: %s", didYouMean(s.tenant.value, keysOf(d.tenants)))
		d.problems.doubtful["membership"] = true
		return
	}
	key := presence.Key{Tenant: tenant.ID, Agent: user.ID}
	membership := d.memberships[key]
	if membership == nil {
		membership = &membershipDraft{Membership: directory.Membership{Tenant: tenant.ID, Agent: user.ID, Active: true}}
		d.memberships[key] = membership
	}
	membership.named, membership.spec = true, s
	membership.Active = s.active.or(membership.Active)
	membership.Roles = referred(d, s.roles, membership.Roles, "role", tenant.roleIDs())
	membership.Groups = referred(d, s.groups, membership.Groups, "group", tenant.groupIDs())
	membership.ReasonLists = d.listsGiven(tenant, membership, s.reasonLists)
	if s.skills.set {
		membership.Skills = valuesOf(s.skills.value)
	}
	d.extensionsOf(user, tenant, membership, s)
}

// listsGiven resolves the reason lists of a member; the system's cannot be given.
func (d *draft) listsGiven(tenant *tenantDraft, membership *membershipDraft, named opt[[]opt[string]]) []presence.ReasonListID {
	isSystem := func(key opt[string]) bool { return key.value == directory.SystemListKey }
	if i := slices.IndexFunc(named.value, isSystem); i >= 0 {
		d.problems.add(named.value[i].at, "is the system's own list, which every member has: remove it")
		named.value = slices.DeleteFunc(slices.Clone(named.value), isSystem)
	}
	return referred(d, named, membership.ReasonLists, "reason list", tenant.listIDs())
}

// referred resolves keys of a tenant's parts, or keeps what there is.
func referred[ID any](d *draft, named opt[[]opt[string]], current []ID, what string, known map[string]ID) []ID {
	if !named.set {
		return current
	}
	var ids []ID
	for _, key := range named.value {
		id, ok := known[key.value]
		if !ok {
			d.problems.unknown(key.at, what, "the tenant has no %s of this key: %s", what, didYouMean(key.value, keysOf(known)))
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

// extensionsOf puts the extensions that the file names first, in its order, and
// leaves the others behind them.
func (d *draft) extensionsOf(user *userDraft, tenant *tenantDraft, membership *membershipDraft, s membershipSpec) {
	var named []directory.Extension
	others := slices.Clone(membership.Extensions)
	for _, e := range s.extensions {
		is := func(extension directory.Extension) bool { return extension.Value == e.value.value }
		extension := directory.Extension{Value: e.value.value}
		if i := slices.IndexFunc(others, is); i >= 0 {
			extension = others[i]
			others = slices.Delete(others, i, i+1)
		} else {
			d.require(e.at, e.kind, "type")
		}
		extension.ID.UUID = d.identify(e.id, extension.ID.UUID, "extension "+tenant.Key+"/"+user.Username+"/"+extension.Value)
		extension.Type = directory.ExtensionType(e.kind.or(string(extension.Type)))
		extension.Description = e.description.or(extension.Description)
		extension.Provider = e.provider.or(extension.Provider)
		extension.Region = e.region.or(extension.Region)
		extension.SDKVersion = e.sdkVersion.or(extension.SDKVersion)
		named = append(named, extension)
	}
	membership.Extensions = append(named, others...)
	d.activeExtensionOf(membership, s.activeExtension)
}

func (d *draft) activeExtensionOf(membership *membershipDraft, value opt[string]) {
	if !value.set {
		return
	}
	if value.null {
		membership.ActiveExtension = directory.ExtensionID{}
		return
	}
	var known []string
	for _, extension := range membership.Extensions {
		if extension.Value == value.value {
			membership.ActiveExtension = extension.ID
			return
		}
		known = append(known, extension.Value)
	}
	d.problems.unknown(value.at, "extension", "is the value of no extension of this member: %s", didYouMean(value.value, known))
}

// setPasswords makes hashes of the passwords that differ from what is stored.
func (d *draft) setPasswords(ctx context.Context, hasher *rememberingHasher) error {
	for _, folded := range keysOf(d.users) {
		user := d.users[folded]
		if !user.named || !user.spec.password.set {
			continue
		}
		if err := d.setPassword(ctx, hasher, user); err != nil {
			return err
		}
	}
	return nil
}

func (d *draft) setPassword(ctx context.Context, hasher *rememberingHasher, user *userDraft) error {
	password := user.spec.password.value
	if user.PasswordHash != "" {
		matches, err := hasher.Matches(ctx, user.PasswordHash, password)
		if err != nil || matches {
			return err
		}
	}
	hash := "(new)" // is a difference, and is never stored
	if !d.options.DryRun {
		var err error
		if hash, err = hasher.hashFor(ctx, user.Username, password); err != nil {
			return err
		}
	}
	user.PasswordHash = hash
	return nil
}
