package httpapi

import (
	"encoding/json"
	"strconv"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/store"
)

func listAudit(c *call) (any, error) {
	limit, err := intQuery(c, "limit", 1, largestPage, defaultPage)
	if err != nil {
		return nil, err
	}
	place, err := c.cursor()
	if err != nil {
		return nil, err
	}
	var before int64
	if place != "" {
		if before, err = strconv.ParseInt(place, 10, 64); err != nil || before <= 0 {
			return nil, badCursor()
		}
	}
	entries, next, err := c.server.Storage.Audit(c.ctx(), c.tenant.ID, before, int(limit))
	if err != nil {
		return nil, err
	}
	page := api.AuditPage{Entries: make([]api.AuditEntry, len(entries))}
	if next != 0 {
		page.Cursor = cursorText(strconv.FormatInt(next, 10))
	}
	for i, entry := range entries {
		page.Entries[i] = auditEntry(entry)
	}
	return page, nil
}

func auditEntry(e store.AuditEntry) api.AuditEntry {
	entry := api.AuditEntry{
		At:        api.Time(e.At),
		ActorID:   optional(e.Actor.UUID),
		ActorName: e.ActorName,
		Action:    e.Action,
		TargetID:  optional(e.Target.UUID),
		Details:   e.Details,
	}
	if e.TargetName != "" {
		entry.TargetName = &e.TargetName
	}
	if e.RequestID != "" {
		entry.RequestID = &e.RequestID
	}
	if entry.Details == nil {
		entry.Details = json.RawMessage("{}")
	}
	return entry
}
