package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// FloorRows implements [store.Floor]. The place of a page is the user's integer
// key: users keep it for good, so pages neither repeat nor skip anybody.
func (db *DB) FloorRows(ctx context.Context, tenant presence.TenantID, query store.FloorQuery) ([]store.FloorRow, string, error) {
	var after int64
	if query.After != "" {
		parsed, err := strconv.ParseInt(query.After, 10, 64)
		if err != nil {
			return nil, "", fmt.Errorf("floor place %q: %w", query.After, store.ErrNotFound)
		}
		after = parsed
	}
	text, args := floorStatement(tenant, query, after)
	rows, err := db.read.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, "", translate(err)
	}
	defer rows.Close()
	var (
		page []store.FloorRow
		last int64
	)
	for rows.Next() {
		if len(page) == query.Limit {
			return page, strconv.FormatInt(last, 10), nil
		}
		var row store.FloorRow
		if row, last, err = scanFloorRow(rows); err != nil {
			return nil, "", err
		}
		page = append(page, row)
	}
	return page, "", translate(rows.Err())
}

// floorStatement asks for one row more than the page holds, to know whether
// there is a next one.
func floorStatement(tenant presence.TenantID, query store.FloorQuery, after int64) (string, []any) {
	var text strings.Builder
	text.WriteString(`
		SELECT users.user_key, users.id, members.name, members.groups, records.after_doc
		FROM tenants
		JOIN members USING (tenant_key)
		JOIN users USING (user_key)
		LEFT JOIN logs ON logs.tenant = tenants.id
		LEFT JOIN agents ON agents.log_key = logs.log_key AND agents.agent = users.id
		LEFT JOIN records ON records.log_key = agents.log_key AND records.seq = agents.seq
		WHERE tenants.id = ? AND members.is_agent = 1 AND members.user_key > ?`)
	args := []any{tenant.UUID[:], after}
	where := func(condition string, value any) {
		text.WriteString(" AND " + condition)
		args = append(args, value)
	}
	if query.Offerable {
		where(`agents.offerable = ?`, 1)
	}
	if query.Direction != "" {
		where(`agents.direction = ?`, string(query.Direction))
	}
	if query.State != "" {
		where(`coalesce(agents.state, 'offline') = ?`, string(query.State))
	}
	if query.Group != "" {
		where(`EXISTS (SELECT 1 FROM json_each(members.groups) WHERE value = ?)`, query.Group)
	}
	text.WriteString(` ORDER BY members.user_key LIMIT ?`)
	return text.String(), append(args, query.Limit+1)
}

func scanFloorRow(row interface{ Scan(...any) error }) (store.FloorRow, int64, error) {
	var (
		found           store.FloorRow
		place           int64
		id, groups, doc []byte
	)
	if err := row.Scan(&place, &id, &found.Name, &groups, &doc); err != nil {
		return store.FloorRow{}, 0, translate(err)
	}
	found.AgentID.UUID = presence.UUID(id)
	if err := json.Unmarshal(groups, &found.Groups); err != nil {
		return store.FloorRow{}, 0, fmt.Errorf("read the groups of %s: %w", found.AgentID, err)
	}
	if doc == nil {
		return found, place, nil
	}
	var agent presence.Agent
	if err := json.Unmarshal(doc, &agent); err != nil {
		return store.FloorRow{}, 0, fmt.Errorf("read agent %s: %w", found.AgentID, err)
	}
	found.Agent = agent.SeenByOthers()
	return found, place, nil
}
