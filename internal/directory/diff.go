package directory

import (
	"slices"

	"github.com/muster-presence/muster/internal/presence"
)

// Diff returns the changes that lead from before to after, both arranged, in
// the order in which they can be made. Documents are the same when their ids
// are. Fields that the directory derives or that only rise are not compared:
// token generations and the accounts' view of their memberships.
func Diff(before, after *Contents) Changes {
	d := &differ{}
	compare(d, before.Regions, after.Regions, (*Region).changed)
	compare(d, before.Tenants, after.Tenants, (*Tenant).changed)
	for _, tenant := range after.Tenants {
		old := before.Tenant(tenant.ID)
		if old == nil {
			old = &Tenant{}
		}
		d.parts(old, tenant)
	}
	compare(d, before.Users, after.Users, (*User).changed)
	d.names = memberNames(before, after)
	compare(d, before.Memberships, after.Memberships, (*Membership).changed)
	slices.Reverse(d.deletes)
	return append(d.changes, d.deletes...)
}

// differ gathers changes. Deletions are kept apart since they come last, in the
// opposite order.
type differ struct {
	changes Changes
	deletes Changes
	tenant  *Tenant // of the parts being compared
	names   map[presence.Key]string
}

func (d *differ) parts(before, after *Tenant) {
	d.tenant = after
	compare(d, pointers(before.Roles), pointers(after.Roles), (*Role).changed)
	compare(d, pointers(before.Groups), pointers(after.Groups), (*Group).changed)
	compare(d, ownLists(before), ownLists(after), (*ReasonList).changed)
	d.tenant = nil
}

// compare finds what differs between two sets of documents of one kind.
func compare[T identified](d *differ, before, after []T, changed func(before, after T) []string) {
	old := make(map[presence.Key]T, len(before))
	for _, document := range before {
		old[document.identity()] = document
	}
	for _, document := range after {
		was, existed := old[document.identity()]
		delete(old, document.identity())
		if !existed {
			d.changes = append(d.changes, d.change(Create, document, nil))
		} else if fields := changed(was, document); len(fields) > 0 {
			d.changes = append(d.changes, d.change(Update, document, fields))
		}
	}
	for _, document := range slices.Backward(before) {
		if _, gone := old[document.identity()]; gone {
			d.deletes = append(d.deletes, d.change(Delete, document, nil))
		}
	}
}

func (d *differ) change(action Action, document Document, fields []string) Change {
	change := Change{Action: action, Kind: document.kind(), Fields: fields, Document: document}
	if d.tenant != nil {
		change.Tenant = d.tenant.ID
		change.Name = d.tenant.Key + "/"
	}
	switch doc := document.(type) {
	case *Region:
		change.Name = doc.Key
	case *Tenant:
		change.Name = doc.Key
		change.Tenant = doc.ID
	case *Role:
		change.Name += doc.Key
	case *Group:
		change.Name += doc.Key
	case *ReasonList:
		change.Name += doc.Key
	case *User:
		change.Name = doc.Username
	case *Membership:
		change.Tenant = doc.Tenant
		change.Name = d.names[doc.Key()]
	}
	return change
}

// identified is a document that can be found again.
type identified interface {
	Document
	// identity is what two states of one document have in common.
	identity() presence.Key
}

func (r *Region) identity() presence.Key     { return identityOf(r.ID.UUID) }
func (t *Tenant) identity() presence.Key     { return identityOf(t.ID.UUID) }
func (r *Role) identity() presence.Key       { return identityOf(r.ID.UUID) }
func (g *Group) identity() presence.Key      { return identityOf(g.ID.UUID) }
func (l *ReasonList) identity() presence.Key { return identityOf(l.ID.UUID) }
func (u *User) identity() presence.Key       { return identityOf(u.ID.UUID) }
func (m *Membership) identity() presence.Key { return m.Key() }

func identityOf(id presence.UUID) presence.Key {
	return presence.Key{Agent: presence.AgentID{UUID: id}}
}

func pointers[T any](all []T) []*T {
	found := make([]*T, len(all))
	for i := range all {
		found[i] = &all[i]
	}
	return found
}

func ownLists(tenant *Tenant) []*ReasonList {
	return slices.DeleteFunc(pointers(tenant.ReasonLists), (*ReasonList).IsSystem)
}

func memberNames(all ...*Contents) map[presence.Key]string {
	names := map[presence.Key]string{}
	for _, contents := range all {
		tenants := map[presence.TenantID]string{}
		for _, tenant := range contents.Tenants {
			tenants[tenant.ID] = tenant.Key
		}
		users := map[presence.AgentID]string{}
		for _, user := range contents.Users {
			users[user.ID] = user.Username
		}
		for _, membership := range contents.Memberships {
			names[membership.Key()] = tenants[membership.Tenant] + "/" + users[membership.Agent]
		}
	}
	return names
}
