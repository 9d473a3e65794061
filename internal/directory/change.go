package directory

import (
	"slices"

	"github.com/muster-presence/muster/internal/presence"
)

// Changes lead from one directory to another. They stand in the order in which
// they can be made: what is referred to is created before and deleted after
// what refers to it.
type Changes []Change

// Change creates, updates or deletes one document.
type Change struct {
	Action Action
	Kind   Kind
	// Name is for people: the key or user name, after the tenant's key where the
	// document belongs to a tenant, as in "demo/agent".
	Name string
	// Fields are the names of the fields that an update changes, as in files.
	// Secrets stand here by name and nowhere by value.
	Fields []string
	// Tenant is the tenant that the document belongs to; zero for regions and
	// users.
	Tenant presence.TenantID
	// Document is what will be stored, or was stored in the case of a deletion.
	// Of a tenant, the roles, groups and reason lists are changes of their own.
	Document Document
}

// Action is what a change does.
type Action string

// The actions.
const (
	Create Action = "create"
	Update Action = "update"
	Delete Action = "delete"
)

// Kind is the kind of a document, in words for people.
type Kind string

// The kinds, in the order in which they refer to each other.
const (
	KindRegion     Kind = "region"
	KindTenant     Kind = "tenant"
	KindRole       Kind = "role"
	KindGroup      Kind = "group"
	KindReasonList Kind = "reason list"
	KindUser       Kind = "user"
	KindMembership Kind = "member"
)

// Document is one of *Region, *Tenant, *Role, *Group, *ReasonList, *User and
// *Membership.
type Document interface{ kind() Kind }

func (*Region) kind() Kind     { return KindRegion }
func (*Tenant) kind() Kind     { return KindTenant }
func (*Role) kind() Kind       { return KindRole }
func (*Group) kind() Kind      { return KindGroup }
func (*ReasonList) kind() Kind { return KindReasonList }
func (*User) kind() Kind       { return KindUser }
func (*Membership) kind() Kind { return KindMembership }

// The fields whose change has a meaning beyond the document.
const (
	fieldPassword        = "password"
	fieldDefaultTenant   = "defaultTenant"
	fieldActiveExtension = "activeExtension"
)

// named reports whether the field is among the changed ones.
func named(fields []string, field string) bool { return slices.Contains(fields, field) }
