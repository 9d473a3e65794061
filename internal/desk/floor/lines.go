package floor

import (
	"fmt"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk"
	"github.com/muster-presence/muster/internal/desk/terminal"
)

// content is how wide a column would like to be.
func content(c column, rows []*api.FloorRow, now api.Time) int {
	widest := len(columns[c].title) + 2 // with the arrow
	for _, row := range rows {
		widest = max(widest, terminal.Width(c.cell(row, now)))
	}
	return min(widest, columns[c].most)
}

// lowScreen is how many rows are so few that the keys get one of them.
const lowScreen = 12

// lines draws the floor.
func (m *model) lines(width, height int, now api.Time) []terminal.Line {
	rows := m.shown()
	top := m.head(width, len(rows))
	bottom := m.foot(width)
	if height < lowScreen {
		bottom = bottom[:min(len(bottom), 2)]
	}
	room := max(0, height-len(top)-len(bottom))
	var middle []terminal.Line
	switch {
	case m.menu != nil:
		middle = m.menu.Lines(room)
	case !m.loaded:
		middle = []terminal.Line{terminal.Styled("  waiting for the floor …", terminal.Style{Dim: true})}
	case len(rows) == 0:
		middle = []terminal.Line{terminal.Styled("  nobody to show", terminal.Style{Dim: true})}
	default:
		middle = m.tableLines(width, room, rows, now)
	}
	middle = middle[:min(len(middle), room)]
	for len(middle) < room {
		middle = append(middle, nil)
	}
	lines := append(append(top, middle...), bottom...)
	return lines[:min(len(lines), height)]
}

func (m *model) head(width, shown int) []terminal.Line {
	light, style := "● live", terminal.Style{Colour: terminal.Green}
	if !m.connected {
		light, style = "○ not connected", terminal.Style{Colour: terminal.Red, Bold: true}
	}
	ready, notReady, offline, offerable := m.counts()
	counts := terminal.Line{
		{Text: fmt.Sprintf(" %d ready", ready), Style: desk.StateStyle(api.StateReady)},
		{Text: fmt.Sprintf("  %d not ready", notReady), Style: desk.StateStyle(api.StateNotReady)},
		{Text: fmt.Sprintf("  %d offline", offline), Style: terminal.Style{Dim: true}},
		{Text: fmt.Sprintf("  %d offerable", offerable)},
	}
	if shown != len(m.rows) {
		counts = append(counts, terminal.Span{Text: fmt.Sprintf("  %d shown", shown), Style: terminal.Style{Dim: true}})
	}
	room := max(0, width-terminal.Width(light)-2)
	return []terminal.Line{
		{{Text: terminal.Fit(" "+m.title, room), Style: terminal.Style{Bold: true}}, {Text: " " + light, Style: style}},
		counts,
		nil,
	}
}

// tableLines are the heading and the rows around the selected one.
func (m *model) tableLines(width, room int, rows []*api.FloorRow, now api.Time) []terminal.Line {
	shares := widths(width-2, rows, now)
	lines := []terminal.Line{terminal.Styled("  "+heading(shares, m.order, m.reversed), terminal.Style{Dim: true})}
	room = max(1, room-1)
	at := m.place(rows)
	first := max(0, min(at-room/2, len(rows)-room))
	for i := first; i < min(len(rows), first+room); i++ {
		lines = append(lines, rowLine(rows[i], shares, i == at, now))
	}
	return lines
}

func heading(shares []int, order column, reversed bool) string {
	titles := make([]string, len(shares))
	for i, share := range shares {
		title := columns[i].title
		if column(i) == order {
			title += map[bool]string{false: "▾", true: "▴"}[reversed]
		}
		titles[i] = terminal.Fit(title, share)
	}
	return strings.Join(titles, " ")
}

func rowLine(row *api.FloorRow, shares []int, selected bool, now api.Time) terminal.Line {
	cells := make([]string, len(shares))
	for i, share := range shares {
		cells[i] = terminal.Fit(column(i).cell(row, now), share)
	}
	if selected {
		return terminal.Styled("> "+strings.Join(cells, " "), terminal.Style{Reverse: true})
	}
	if row.State == api.StateOffline {
		return terminal.Styled("  "+strings.Join(cells, " "), terminal.Style{Dim: true})
	}
	line := terminal.Line{{Text: " "}}
	for i, cell := range cells {
		line = append(line, terminal.Span{Text: " "}, terminal.Span{Text: cell, Style: cellStyle(column(i), row)})
	}
	return line
}

func cellStyle(c column, row *api.FloorRow) terminal.Style {
	switch {
	case c == byState:
		return desk.StateStyle(row.State)
	case c == byLink && row.Connection != api.ConnectionLive:
		return terminal.Style{Colour: terminal.Red, Bold: true}
	case c == byOffer && row.Offerable:
		return terminal.Style{Colour: terminal.Green}
	}
	return terminal.Style{}
}

// foot is what was said last, what is typed, and the keys.
func (m *model) foot(width int) (lines []terminal.Line) {
	switch {
	case m.typing:
		lines = append(lines, terminal.Line{{Text: " filter: "}, {Text: m.filter, Style: terminal.Style{Bold: true}}, {Text: " ", Style: terminal.Style{Reverse: true}}})
	case m.busy:
		lines = append(lines, terminal.Styled(" …", terminal.Style{Dim: true}))
	case m.message != "" && m.failed:
		for _, piece := range terminal.Wrap(m.message, max(10, width-2)) {
			lines = append(lines, terminal.Styled(" "+piece, terminal.Style{Colour: terminal.Red}))
		}
	case m.message != "":
		lines = append(lines, terminal.Text(" "+m.message))
	case m.filter != "":
		lines = append(lines, terminal.Styled(" filter: "+m.filter, terminal.Style{Dim: true}))
	default:
		lines = append(lines, nil)
	}
	keys := []string{"↑↓ select", "s state", "d direction", "x end session", "o order", "O turn round", "/ filter", "h hide offline", "q quit"}
	switch {
	case m.menu != nil:
		keys = terminal.MenuKeys()
	case m.typing:
		keys = []string{"enter keep", "esc no filter"}
	case m.present:
		keys[7] = "h show offline"
	}
	return append(lines, desk.KeyLines(width, keys...)...)
}
