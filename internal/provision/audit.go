package provision

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// auditDetails is what an entry says beside its columns: names, no values.
type auditDetails struct {
	Name   string   `json:"name"`
	Fields []string `json:"fields,omitempty"`
}

// auditOf returns an entry for each change. A change of a user is entered in
// each tenant that the user is, or is going to be, a member of.
func auditOf(changes directory.Changes, current *directory.Contents, options Options) ([]store.AuditEntry, error) {
	tenants := tenantsOfUsers(changes, current)
	names := namesOfUsers(changes, current)
	var entries []store.AuditEntry
	for _, change := range changes {
		details, err := json.Marshal(auditDetails{Name: change.Name, Fields: change.Fields})
		if err != nil {
			return nil, fmt.Errorf("describe %s for the audit: %w", change.Name, err)
		}
		entry := store.AuditEntry{
			Tenant: change.Tenant, At: options.Now, Actor: options.Actor, ActorName: options.ActorName,
			Action:  string(change.Action) + "_" + strings.ReplaceAll(string(change.Kind), " ", "_"),
			Details: details, RequestID: options.RequestID,
		}
		switch document := change.Document.(type) {
		case *directory.Membership:
			entry.Target, entry.TargetName = document.Agent, names[document.Agent]
		case *directory.User:
			entry.Target, entry.TargetName = document.ID, names[document.ID]
			for _, tenant := range tenants[document.ID] {
				entry.Tenant = tenant
				entries = append(entries, entry)
			}
			if len(tenants[document.ID]) > 0 {
				continue
			}
		}
		entries = append(entries, entry)
	}
	return entries, nil
}

func tenantsOfUsers(changes directory.Changes, current *directory.Contents) map[presence.AgentID][]presence.TenantID {
	tenants := map[presence.AgentID][]presence.TenantID{}
	for _, membership := range current.Memberships {
		tenants[membership.Agent] = append(tenants[membership.Agent], membership.Tenant)
	}
	for _, change := range changes {
		if membership, ok := change.Document.(*directory.Membership); ok && change.Action == directory.Create {
			tenants[membership.Agent] = append(tenants[membership.Agent], membership.Tenant)
		}
	}
	return tenants
}

func namesOfUsers(changes directory.Changes, current *directory.Contents) map[presence.AgentID]string {
	names := map[presence.AgentID]string{}
	for _, user := range current.Users {
		names[user.ID] = user.Name()
	}
	for _, change := range changes {
		if user, ok := change.Document.(*directory.User); ok {
			names[user.ID] = user.Name()
		}
	}
	return names
}
