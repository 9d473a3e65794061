package httpapi

import (
	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
)

func getTenant(c *call) (any, error) {
	return api.Tenant{
		ID:              c.tenant.ID.String(),
		Name:            c.tenant.Name,
		Description:     c.tenant.Description,
		Active:          c.tenant.Active,
		Timezone:        c.tenant.Timezone,
		RegionID:        c.tenant.Region.String(),
		OfflineWithWork: string(c.tenant.Settings.OfflineWithWork),
	}, nil
}

// getRegion answers for the regions of the caller's own tenants.
func getRegion(c *call) (any, error) {
	id, err := c.pathID("regionId")
	if err != nil {
		return nil, err
	}
	region := directory.RegionID{UUID: id}
	mine := false
	if err := c.eachTenant(func(t *directory.Tenant, _ *directory.Member) { mine = mine || t.Region == region }); err != nil {
		return nil, err
	}
	if !mine {
		return nil, notFound()
	}
	found, err := c.server.Directory.Region(c.ctx(), region)
	if err != nil {
		return nil, err
	}
	return api.Region{ID: found.ID.String(), Name: found.Name, Description: found.Description}, nil
}
