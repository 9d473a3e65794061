package floor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// line is an update as scripts get it.
type line struct {
	Reset     bool            `json:"reset"`
	Connected bool            `json:"connected"`
	Rows      []*api.FloorRow `json:"rows"`
}

// mostColumns is how wide a printed table may be: as wide as it likes.
const mostColumns = 1000

// PrintOnce prints the floor as it is, as a table or as a line of JSON.
func PrintOnce(ctx context.Context, f *Floor, w io.Writer, asJSON bool) error {
	t := newTable()
	for cursor, first := "", true; first || cursor != ""; first = false {
		page, err := f.client.Floor.List(ctx, sdk.ListParams{Group: f.group, Cursor: cursor})
		if err != nil {
			return err
		}
		for i := range page.Rows {
			t.rows[page.Rows[i].ResourceID] = &page.Rows[i]
		}
		cursor = ""
		if page.Cursor != nil {
			cursor = *page.Cursor
		}
	}
	rows := t.shown()
	if asJSON {
		return json.NewEncoder(w).Encode(line{Reset: true, Connected: true, Rows: rows})
	}
	_, err := io.WriteString(w, printed(&t, rows, api.TimeOf(f.client.Now())))
	return err
}

func printed(t *table, rows []*api.FloorRow, now api.Time) string {
	var text strings.Builder
	ready, notReady, offline, offerable := t.counts()
	fmt.Fprintf(&text, "%d ready, %d not ready, %d offline, %d offerable\n\n", ready, notReady, offline, offerable)
	shares := widths(mostColumns, rows, now)
	write := func(line string) { text.WriteString(strings.TrimRight(line, " ") + "\n") }
	write(heading(shares, column(len(columns)), false))
	for _, row := range rows {
		write(strings.TrimPrefix(rowLine(row, shares, false, now).String(), "  "))
	}
	return text.String()
}

// PrintUpdates prints a line of JSON for each update until ctx ends.
func PrintUpdates(ctx context.Context, f *Floor, w io.Writer) error {
	encoder := json.NewEncoder(w)
	for update, err := range f.client.Floor.Watch(ctx, sdk.WatchParams{Group: f.group}) {
		if err != nil {
			return err
		}
		if update.Rows == nil {
			update.Rows = []*api.FloorRow{}
		}
		if err := encoder.Encode(line{Reset: update.Reset, Connected: update.Connected, Rows: update.Rows}); err != nil {
			return fmt.Errorf("print an update: %w", err)
		}
	}
	return nil
}
