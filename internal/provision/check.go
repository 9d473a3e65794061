package provision

import "strings"

// check tells what is wrong with the draft as a whole and could not be judged
// field by field.
func (d *draft) check() {
	for _, key := range keysOf(d.tenants) {
		tenant := d.tenants[key]
		if !tenant.named {
			continue
		}
		for _, violation := range tenant.Settings.Validate() {
			at := tenant.spec.settings.place(violation.Field)
			if at.Line == 0 {
				at = tenant.at
			}
			d.problems.add(at, "%s", violation.Text)
		}
		d.checkGroupNames(tenant)
	}
}

// checkGroupNames keeps the names apart by which people and routers select.
func (d *draft) checkGroupNames(tenant *tenantDraft) {
	first := map[string]string{} // keys by name
	for _, group := range tenant.Groups {
		name := strings.ToLower(group.Name)
		other, taken := first[name]
		if !taken {
			first[name] = group.Key
			continue
		}
		d.problems.add(tenant.at, "would have two groups of the name %q, %q and %q: groups are selected by name, so rename one", group.Name, other, group.Key)
	}
}
