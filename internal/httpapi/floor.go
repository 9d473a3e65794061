package httpapi

import (
	"encoding/base64"
	"errors"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

const (
	defaultPage = 200
	largestPage = 1000
)

func listFloor(c *call) (any, error) {
	query, err := c.floorQuery()
	if err != nil {
		return nil, err
	}
	rows, next, err := c.server.Storage.FloorRows(c.ctx(), c.tenant.ID, query)
	if errors.Is(err, store.ErrNotFound) {
		return nil, badCursor()
	}
	if err != nil {
		return nil, err
	}
	page := api.FloorPage{Rows: make([]api.FloorRow, len(rows)), Cursor: cursorText(next)}
	for i, row := range rows {
		page.Rows[i] = wire.FloorRow(row)
	}
	return page, nil
}

func (c *call) floorQuery() (store.FloorQuery, error) {
	var query store.FloorQuery
	values := c.query
	limit, err := intQuery(c, "limit", 1, largestPage, defaultPage)
	if err != nil {
		return query, err
	}
	query.Limit = int(limit)
	if query.After, err = c.cursor(); err != nil {
		return query, err
	}
	if query.Offerable, err = boolQuery(c, "offerable"); err != nil {
		return query, err
	}
	query.Group = values.Get("group")
	if text := values.Get("direction"); text != "" {
		if query.Direction, err = directionOf(new(presence.Direction(text))); err != nil {
			return query, err
		}
	}
	query.State, err = stateQuery(values.Get("state"))
	return query, err
}

func stateQuery(text string) (presence.State, error) {
	switch state := presence.State(text); state {
	case "", presence.Ready, presence.NotReady, presence.Offline:
		return state, nil
	}
	return "", badAttribute(api.CodeUnknownState, "state", "There is no such state. The states are ready, notready and offline.")
}

// cursor reads the place to go on from. The text is opaque to callers so that it
// may change.
func (c *call) cursor() (string, error) {
	text := c.query.Get("cursor")
	place, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", badCursor()
	}
	return string(place), nil
}

func badCursor() *fault {
	return badRequest("cursor", "The parameter cursor must be the cursor of an earlier page.")
}

// cursorText is the opaque text of a place, null at the end.
func cursorText(place string) *string {
	if place == "" {
		return nil
	}
	return new(base64.RawURLEncoding.EncodeToString([]byte(place)))
}
