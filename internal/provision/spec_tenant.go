package provision

import (
	"strings"
	"time"
	_ "time/tzdata" // a zone must be known here wherever it is applied

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

func readTenant(m *mapping) (tenantSpec, bool) {
	h, ok := readHead(m)
	t := tenantSpec{
		head:          h,
		active:        scalar(m, "active", boolean),
		timezone:      scalar(m, "timezone", zone),
		region:        scalar(m, "region", key),
		passwordLogin: scalar(m, "passwordLogin", boolean),
		settings:      readSettings(m),
		outbound:      readOutbound(m),
		providers:     unique(m.problems, entities(m, "identityProviders", "identity provider", readProvider), "identity provider", func(p providerSpec) opt[string] { return p.key }),
		roles:         unique(m.problems, entities(m, "roles", "role", readRole), "role", func(r roleSpec) opt[string] { return r.key }),
		groups:        unique(m.problems, entities(m, "groups", "group", readHead), "group", func(h head) opt[string] { return h.key }),
		lists:         unique(m.problems, entities(m, "reasonLists", "reason list", readList), "reason list", func(l listSpec) opt[string] { return l.key }),
	}
	return t, ok
}

// zone is the name of a time zone in the IANA database.
func zone(n node) (string, string, bool) {
	const should = `must be the IANA name of a time zone, such as "Europe/Berlin" or "UTC"`
	text, problem, ok := line(n)
	if !ok {
		return "", problem, false
	}
	// LoadLocation takes "" and "Local" for zones of the machine.
	if _, err := time.LoadLocation(text); err != nil || text == "" || text == "Local" {
		return "", should, false
	}
	return text, "", true
}

func readProvider(m *mapping) (providerSpec, bool) {
	p := providerSpec{
		head:   head{at: m.at, key: scalar(m, "key", key), id: scalar(m, "id", id), name: scalar(m, "name", word)},
		client: scalar(m, "client", line),
		domain: scalar(m, "domain", line),
	}
	return p, p.key.set
}

func readOutbound(m *mapping) opt[outboundSpec] {
	return section(m, "outboundIntegration", func(m *mapping) outboundSpec {
		return outboundSpec{
			id:     scalar(m, "id", id),
			name:   scalar(m, "name", word),
			kind:   scalar(m, "type", word),
			active: scalar(m, "active", boolean),
		}
	})
}

// section reads a field that is a mapping, or null to empty it.
func section[T any](m *mapping, name string, read func(*mapping) T) opt[T] {
	taken, present := m.take(name)
	if !present || taken.wrong {
		return opt[T]{wrong: taken.wrong, at: m.at}
	}
	if taken.isNull() {
		return opt[T]{set: true, null: true, at: taken.at}
	}
	fields, ok := m.mapping(taken.node)
	if !ok {
		return opt[T]{wrong: true, at: taken.at}
	}
	value := read(fields)
	fields.done()
	return opt[T]{value: value, set: true, at: taken.at}
}

func readRole(m *mapping) (roleSpec, bool) {
	h, ok := readHead(m)
	return roleSpec{head: h, permissions: texts(m, "permissions", permission)}, ok
}

func permission(n node) (string, string, bool) {
	text, should, ok := line(n)
	if !ok {
		return "", should, false
	}
	if !api.Permission(text).Valid() {
		var known []string
		for _, permission := range api.Permissions() {
			known = append(known, string(permission))
		}
		return "", "there is no such permission: " + didYouMean(text, known), false
	}
	return text, "", true
}

func readList(m *mapping) (listSpec, bool) {
	h, ok := readHead(m)
	l := listSpec{
		head:       h,
		active:     scalar(m, "active", boolean),
		shared:     scalar(m, "shared", boolean),
		isDefault:  scalar(m, "default", boolean),
		externalID: scalar(m, "externalId", line),
		reasons:    unique(m.problems, entities(m, "reasons", "reason", readReason), "reason", func(r reasonSpec) opt[string] { return r.key }),
	}
	return l, !refusesSystemList(m, h) && ok
}

// refusesSystemList keeps the system's list apart from all others.
func refusesSystemList(m *mapping, h head) bool {
	if strings.EqualFold(h.name.value, presence.SystemListName) {
		m.problems.add(h.name.at, "is the name of the system's own list: take another")
	}
	if h.key.value != directory.SystemListKey {
		return false
	}
	m.problems.add(h.key.at, "is the key of the system's own list, which every tenant has and nobody changes: take another")
	return true
}

func readReason(m *mapping) (reasonSpec, bool) {
	r := reasonSpec{
		head:      head{at: m.at, key: scalar(m, "key", key), id: scalar(m, "id", id), name: scalar(m, "name", word)},
		active:    scalar(m, "active", boolean),
		sortOrder: scalar(m, "sortOrder", integer),
		hierarchy: scalarList(m, "hierarchy", word, false),
	}
	return r, r.key.set
}
