package provision

import (
	"strings"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

func readUser(m *mapping) (userSpec, bool) {
	u := userSpec{
		at:            m.at,
		username:      scalar(m, "username", username),
		id:            scalar(m, "id", id),
		firstName:     scalar(m, "firstName", line),
		lastName:      scalar(m, "lastName", line),
		active:        scalar(m, "active", boolean),
		password:      scalar(m, "password", password),
		passwordHash:  nullable(m, "passwordHash", passwordHash),
		platformRole:  readPlatformRole(m),
		defaultTenant: nullable(m, "defaultTenant", key),
		tenants:       unique(m.problems, entities(m, "tenants", "membership", readMembership), "membership in", func(s membershipSpec) opt[string] { return s.tenant }),
	}
	if u.password.set && u.passwordHash.set {
		m.problems.add(u.passwordHash.at, "says the same as password: keep one of both")
	}
	return u, u.username.set
}

// username is what people type to log in. It is never mistaken for an id.
func username(n node) (string, string, bool) {
	text, should, ok := word(n)
	if !ok {
		return "", should, false
	}
	if strings.ContainsAny(text, " \t\n") {
		return "", "must not have spaces inside", false
	}
	if _, err := presence.ParseUUID(text); err == nil {
		return "", "must not look like an id: take a name", false
	}
	return text, "", true
}

func readPlatformRole(m *mapping) opt[platformRoleSpec] {
	return section(m, "platformRole", func(m *mapping) platformRoleSpec {
		role := platformRoleSpec{name: scalar(m, "name", word), permissions: texts(m, "permissions", permission)}
		return role
	})
}

func readMembership(m *mapping) (membershipSpec, bool) {
	s := membershipSpec{
		at:              m.at,
		tenant:          scalar(m, "tenant", key),
		active:          scalar(m, "active", boolean),
		roles:           texts(m, "roles", key),
		groups:          texts(m, "groups", key),
		skills:          texts(m, "skills", word),
		reasonLists:     texts(m, "reasonLists", key),
		extensions:      unique(m.problems, entities(m, "extensions", "extension", readExtension), "extension", func(e extensionSpec) opt[string] { return e.value }),
		activeExtension: nullable(m, "activeExtension", word),
	}
	return s, s.tenant.set
}

func readExtension(m *mapping) (extensionSpec, bool) {
	var types []string
	for _, kind := range directory.ExtensionTypes() {
		types = append(types, string(kind))
	}
	e := extensionSpec{
		at:          m.at,
		value:       scalar(m, "value", word),
		id:          scalar(m, "id", id),
		kind:        scalar(m, "type", choice(types...)),
		description: scalar(m, "description", line),
		provider:    scalar(m, "provider", line),
		region:      scalar(m, "region", line),
		sdkVersion:  scalar(m, "sdkVersion", line),
	}
	return e, e.value.set
}
