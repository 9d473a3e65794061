package floor

import (
	"cmp"
	"slices"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk"
	"github.com/muster-presence/muster/sdk"
)

// table is a floor, and how somebody looks at it.
type table struct {
	rows     map[string]*api.FloorRow
	order    column
	reversed bool
	filter   string
	// present hides who is offline.
	present bool
}

func newTable() table { return table{rows: make(map[string]*api.FloorRow), order: byState} }

// take takes what has changed.
func (t *table) take(u sdk.FloorUpdate) {
	if u.Reset {
		clear(t.rows)
	}
	for _, row := range u.Rows {
		t.rows[row.ResourceID] = row
	}
}

// counts are how many there are, before any filter.
func (t *table) counts() (ready, notReady, offline, offerable int) {
	for _, row := range t.rows {
		switch row.State {
		case api.StateReady:
			ready++
		case api.StateNotReady:
			notReady++
		default:
			offline++
		}
		if row.Offerable {
			offerable++
		}
	}
	return ready, notReady, offline, offerable
}

// shown are the rows that pass the filter, in order.
func (t *table) shown() []*api.FloorRow {
	shown := make([]*api.FloorRow, 0, len(t.rows))
	for _, row := range t.rows {
		if t.passes(row) {
			shown = append(shown, row)
		}
	}
	slices.SortFunc(shown, t.compare)
	return shown
}

// passes tells whether every word of the filter stands somewhere in the row.
func (t *table) passes(row *api.FloorRow) bool {
	if t.present && row.State == api.StateOffline {
		return false
	}
	text := strings.ToLower(strings.Join([]string{
		row.Name, desk.StateName(row.State), reasonOf(row), string(row.Direction), workOf(row), string(row.Connection), strings.Join(row.Groups, " "),
	}, " "))
	for word := range strings.FieldsSeq(strings.ToLower(t.filter)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// compare orders rows by the column, then by name.
func (t *table) compare(a, b *api.FloorRow) int {
	order := t.order.compare(a, b)
	if t.reversed {
		order = -order
	}
	return cmp.Or(order, byName.compare(a, b), cmp.Compare(a.ResourceID, b.ResourceID))
}

func reasonOf(row *api.FloorRow) string {
	if row.Reason == nil {
		return ""
	}
	return *row.Reason
}

func workOf(row *api.FloorRow) string {
	names := make([]string, len(row.Work))
	for i, w := range row.Work {
		names[i] = w.Channel + " " + string(w.State)
	}
	return strings.Join(names, ", ")
}

// column is one of the table's, from the left.
type column int

const (
	byName column = iota
	byState
	byTime
	byReason
	byDirection
	byWork
	byLink
	byOffer
)

// columns are what is fixed about each. The last are left out first where there is little room.
var columns = [...]struct {
	title       string
	least, most int // columns of the terminal
}{
	{"name", 12, 40},
	{"state", 9, 9},
	{"time", 7, 8},
	{"reason", 10, 40},
	{"direction", 9, 15},
	{"work", 8, 60},
	{"link", 6, 6},
	{"offer", 5, 5},
}

// cell is what a column shows of a row.
func (c column) cell(row *api.FloorRow, now api.Time) string {
	here := row.State != api.StateOffline
	switch {
	case c == byName:
		return row.Name
	case c == byState:
		return desk.StateName(row.State)
	case !here:
		return ""
	}
	switch c {
	case byTime:
		return desk.Since(row.StateSince, now)
	case byReason:
		if row.Pending != nil {
			return strings.TrimSuffix("leaving, "+reasonOf(row), ", ")
		}
		return reasonOf(row)
	case byDirection:
		return string(row.Direction)
	case byWork:
		return workOf(row)
	case byLink:
		return string(row.Connection)
	}
	if row.Offerable {
		return "yes"
	}
	return "no"
}

func (c column) compare(a, b *api.FloorRow) int {
	switch c {
	case byState:
		return cmp.Compare(rank(a.State), rank(b.State))
	case byTime: // the longest first, who is offline last
		return cmp.Compare(since(a), since(b))
	case byOffer:
		return cmp.Compare(ranked(b.Offerable), ranked(a.Offerable))
	}
	x, y := strings.ToLower(c.cell(a, 0)), strings.ToLower(c.cell(b, 0))
	if c == byReason {
		x, y = strings.ToLower(reasonOf(a)), strings.ToLower(reasonOf(b))
	}
	return cmp.Or(cmp.Compare(ranked(x == ""), ranked(y == "")), cmp.Compare(x, y))
}

func ranked(last bool) int {
	if last {
		return 1
	}
	return 0
}

func rank(s api.State) int {
	return slices.Index([]api.State{api.StateReady, api.StateNotReady, api.StateOffline}, s)
}

func since(row *api.FloorRow) api.Time {
	if row.StateSince == nil || row.State == api.StateOffline {
		return 1 << 62
	}
	return *row.StateSince
}

// widths share the terminal's columns out: each gets its least, the last ones nothing where that is too much, and then, from the left,
// as much more as its content needs.
func widths(room int, rows []*api.FloorRow, now api.Time) []int {
	shares := make([]int, 0, len(columns))
	for i, c := range columns {
		if need := c.least + gap(i); need <= room {
			shares = append(shares, c.least)
			room -= need
			continue
		}
		break
	}
	for i := range shares {
		wanted := content(column(i), rows, now)
		more := max(0, min(room, wanted-shares[i]))
		shares[i] += more
		room -= more
	}
	return shares
}

func gap(i int) int {
	if i == 0 {
		return 0
	}
	return 1
}
