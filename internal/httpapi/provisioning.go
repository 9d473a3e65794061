package httpapi

import (
	"errors"
	"net/http"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store"
)

// maxProvisioning is the size of the largest body of files, in bytes: enough for
// tens of thousands of users. The contract's 1 MiB is for requests of clients.
const maxProvisioning = 64 << 20

func applyProvisioning(c *call) (any, error) {
	dryRun, err := boolQuery(c, "dryRun")
	if err != nil {
		return nil, err
	}
	prune, err := boolQuery(c, "prune")
	if err != nil {
		return nil, err
	}
	var request api.ProvisioningRequest
	if _, err := c.decodeUpTo(maxProvisioning, &request); err != nil {
		return nil, err
	}
	if len(request.Files) == 0 {
		return nil, missing("files")
	}
	files := make([]provision.File, len(request.Files))
	for i, file := range request.Files {
		files[i] = provision.File{Name: file.Name, Content: []byte(file.Content)}
	}
	// Hashing thousands of passwords takes longer than an answer usually may.
	if err := http.NewResponseController(c.w).SetWriteDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return nil, err
	}
	result, err := provision.Apply(c.ctx(), c.server.Directory, c.server.Passwords, files, provision.Options{
		DryRun:    dryRun,
		Prune:     prune,
		Actor:     c.user.ID,
		ActorName: c.user.Name(),
		Now:       c.server.Engine.Now(),
		RequestID: c.requestID(),
	})
	if err != nil {
		return nil, provisioningFault(err)
	}
	if !dryRun {
		c.server.AccessChanged()
		// Also where nothing was left to change: the sessions may be what an
		// earlier attempt failed at.
		if err := c.server.Engine.RevokeUnentitled(c.ctx()); err != nil {
			return nil, err
		}
	}
	return provisioningResult(result, dryRun), nil
}

// provisioningFault lists what is wrong with the files.
func provisioningFault(err error) error {
	var problems provision.Problems
	if !errors.As(err, &problems) {
		return err
	}
	f := badRequest("files", "The files have problems, so nothing was changed.")
	for _, p := range problems {
		f.body.Problems = append(f.body.Problems, api.ProvisioningProblem{
			File: p.File, Line: p.Line, Column: p.Column, Field: p.Path, Message: p.Text,
		})
	}
	return f
}

func provisioningResult(result provision.Result, dryRun bool) api.ProvisioningResult {
	answer := api.ProvisioningResult{
		DryRun:   dryRun,
		Changes:  make([]api.ProvisioningChange, len(result.Changes)),
		Warnings: make([]string, len(result.Warnings)),
	}
	for i, warning := range result.Warnings {
		answer.Warnings[i] = warning.String()
	}
	for i, change := range result.Changes {
		answer.Changes[i] = api.ProvisioningChange{
			Action: api.ChangeAction(change.Action),
			Kind:   string(change.Kind),
			Name:   change.Name,
			Fields: append([]string{}, change.Fields...),
		}
	}
	return answer
}

func exportProvisioning(c *call) (any, error) {
	withSecrets, err := boolQuery(c, "withSecrets")
	if err != nil {
		return nil, err
	}
	text, err := provision.Export(c.ctx(), c.server.Directory, withSecrets)
	if err != nil {
		return nil, err
	}
	if withSecrets {
		if err := c.auditExport(); err != nil {
			return nil, err
		}
	}
	return api.ProvisioningExport{Content: string(text)}, nil
}

// auditExport notes in every tenant that its members' password hashes were
// handed out.
func (c *call) auditExport() error {
	tenants, err := c.server.Directory.Tenants(c.ctx())
	if err != nil {
		return err
	}
	entries := make([]store.AuditEntry, len(tenants))
	for i, tenant := range tenants {
		entries[i] = *c.audited("export_secrets", nil)
		entries[i].Tenant = tenant.ID
	}
	return c.server.Storage.AppendAudit(c.ctx(), entries)
}
