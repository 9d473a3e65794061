package cached

import (
	"context"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// readTogether is how many users and members a change makes out of date at least
// for them to be read again at once, in one read. Those who watch and those who are
// logged in are all asked for after each change: one by one that would take as many
// reads, and seconds in a large tenant.
const readTogether = 256

// renew forgets what changes have made out of date. If it is much, it is read again
// before the change is answered.
func (d *Directory) renew(ctx context.Context, changed scope) {
	d.tenants.end(d.tenants.forgetWhere(changed.hasTenant))
	users := d.users.forgetWhere(changed.hasUser)
	defer d.users.end(users)
	members := d.members.forgetWhere(changed.hasMember)
	defer d.members.end(members)
	if d.users.size(users)+d.members.size(members) < readTogether {
		return
	}
	// A caller who leaves does not change what is out of date.
	contents, err := d.Directory.Load(context.WithoutCancel(ctx))
	if err != nil {
		return // they are read when somebody asks, who gets the error
	}
	d.remember(contents, users, members)
}

// remember keeps those of the contents that were forgotten.
func (d *Directory) remember(contents *directory.Contents, users *batch[presence.AgentID], members *batch[presence.Key]) {
	byID := make(map[presence.AgentID]*directory.User, len(contents.Users))
	for _, user := range contents.Users {
		byID[user.ID] = user
		d.users.rememberOf(users, user.ID, user)
	}
	tenants := make(map[presence.TenantID]*directory.Tenant, len(contents.Tenants))
	for _, tenant := range contents.Tenants {
		tenants[tenant.ID] = tenant
	}
	for _, m := range contents.Memberships {
		if d.members.wants(members, m.Key()) {
			d.members.rememberOf(members, m.Key(), directory.NewMember(tenants[m.Tenant], byID[m.Agent], m))
		}
	}
}
