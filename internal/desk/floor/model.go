package floor

import (
	"slices"
	"unicode/utf8"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk"
	"github.com/muster-presence/muster/internal/desk/terminal"
	"github.com/muster-presence/muster/sdk"
)

// model is what the screen shows. It reads no clock and asks nobody: keys, updates and answers change it.
type model struct {
	table
	title     string
	connected bool
	loaded    bool // there was a first update
	selected  string

	typing  bool // of the filter
	menu    *terminal.Menu
	choices []order // what the menu's items ask for; one without a kind asks for nothing
	busy    bool
	message string
	failed  bool
}

// kind is what an order is for.
type kind int

const (
	nothing kind = iota
	readReasons
	setState
	setDirection
)

// order is what a supervisor asks for.
type order struct {
	kind      kind
	agent     string
	session   string // that was looked at
	name      string
	state     api.State
	reason    *sdk.ReasonInfo
	direction api.Direction
	force     bool
}

// update takes what has changed on the floor.
func (m *model) update(u sdk.FloorUpdate) {
	m.take(u)
	m.connected, m.loaded = u.Connected, m.loaded || u.Reset
}

// place is where the selected row stands among those that are shown; the first where it does not.
func (m *model) place(rows []*api.FloorRow) int {
	return max(0, slices.IndexFunc(rows, func(r *api.FloorRow) bool { return r.ResourceID == m.selected }))
}

// press is what a key does: it may ask for something, or leave the screen.
func (m *model) press(key terminal.Key, page int) (ask *order, quit bool) {
	m.message = ""
	switch {
	case key == terminal.CtrlC:
		return nil, true
	case m.typing:
		m.typed(key)
		return nil, false
	case m.menu != nil:
		return m.pressMenu(key), false
	}
	rows := m.shown()
	switch key {
	case 'q':
		return nil, true
	case terminal.Escape:
		m.filter = ""
	case '/':
		m.typing = true
	case 'o', terminal.Tab:
		m.order = (m.order + 1) % column(len(columns))
	case 'O':
		m.reversed = !m.reversed
	case 'h':
		m.present = !m.present
	default:
		if len(rows) == 0 {
			return nil, false
		}
		return m.pressRow(key, rows, page), false
	}
	return nil, false
}

// pressRow moves to another row or does something about the selected one.
func (m *model) pressRow(key terminal.Key, rows []*api.FloorRow, page int) *order {
	at := m.place(rows)
	to := at
	switch key {
	case terminal.Up, 'k':
		to--
	case terminal.Down, 'j':
		to++
	case terminal.PageUp:
		to -= page
	case terminal.PageDown:
		to += page
	case terminal.Home:
		to = 0
	case terminal.End:
		to = len(rows) - 1
	case 's', 'd', 'x':
		m.selected = rows[at].ResourceID
		return m.about(key, rows[at])
	}
	m.selected = rows[max(0, min(to, len(rows)-1))].ResourceID
	return nil
}

// about begins to do something about a row.
func (m *model) about(key terminal.Key, row *api.FloorRow) *order {
	if row.SessionID == nil {
		m.message, m.failed = row.Name+" is not logged in", true
		return nil
	}
	base := order{agent: row.ResourceID, session: *row.SessionID, name: row.Name}
	switch key {
	case 's':
		base.kind = readReasons
		return m.ask(base)
	case 'd':
		m.askDirection(row, base)
	case 'x':
		m.askEnd(row, base)
	}
	return nil
}

// ask sends an order, unless one is under way.
func (m *model) ask(o order) *order {
	if m.busy {
		return nil
	}
	m.busy = true
	return &o
}

// typed edits the filter.
func (m *model) typed(key terminal.Key) {
	letter, isLetter := key.Letter()
	switch {
	case key == terminal.Enter:
		m.typing = false
	case key == terminal.Escape:
		m.typing, m.filter = false, ""
	case key == terminal.Backspace:
		_, length := utf8.DecodeLastRuneInString(m.filter)
		m.filter = m.filter[:len(m.filter)-length]
	case isLetter && len(m.filter) < 100:
		m.filter += string(letter)
	}
}

func (m *model) pressMenu(key terminal.Key) *order {
	menu, choice := m.menu.Press(key)
	m.menu = &menu
	if choice == terminal.Undecided {
		return nil
	}
	m.menu = nil
	if choice == terminal.Cancelled || m.choices[menu.Selected].kind == nothing {
		return nil
	}
	return m.ask(m.choices[menu.Selected])
}

// reasonsRead opens the menu of states, with the agent's own reasons. Without them, as for want of the right, a state can still be set.
func (m *model) reasonsRead(o order, lists []api.ReasonList, err error) {
	m.busy = false
	if err != nil {
		m.message, m.failed = "the reasons could not be read, so there are none to choose: "+desk.ProblemOf(err).Text, true
	}
	choose := func(state api.State, reason *sdk.ReasonInfo) order {
		o := o
		o.kind, o.state, o.reason = setState, state, reason
		return o
	}
	reasons := desk.ReasonChoices(lists)
	menu := desk.ReasonMenu("Set "+o.name+" to …", reasons)
	menu.Items[0].Name = "not ready, no reason"
	menu.Items = append([]terminal.Item{{Name: "ready"}}, menu.Items...)
	m.menu, m.choices = &menu, []order{choose(api.StateReady, nil), choose(api.StateNotReady, nil)}
	for _, r := range reasons {
		m.choices = append(m.choices, choose(api.StateNotReady, &r.ReasonInfo))
	}
}

func (m *model) askDirection(row *api.FloorRow, base order) {
	m.menu, m.choices = &terminal.Menu{Title: "Which work for " + row.Name + "?"}, nil
	for i, d := range desk.Directions() {
		m.menu.Items = append(m.menu.Items, terminal.Item{Name: string(d), Note: desk.DirectionNote(d)})
		o := base
		o.kind, o.direction = setDirection, d
		m.choices = append(m.choices, o)
		if d == row.Direction {
			m.menu.Selected = i
		}
	}
}

func (m *model) askEnd(row *api.FloorRow, base order) {
	m.menu = &terminal.Menu{Title: "End the session of " + row.Name + "?", Items: []terminal.Item{{Name: "no, leave it"}, {Name: "yes, end it"}}}
	base.kind, base.state = setState, api.StateOffline
	m.choices = []order{{}, base}
	if len(row.Work) > 0 {
		m.menu.Items = append(m.menu.Items, terminal.Item{Name: "yes, end it now", Note: "with work open: " + workOf(row)})
		base.force = true
		m.choices = append(m.choices, base)
	}
}

// done takes the answer to an order.
func (m *model) done(text string, err error) {
	m.busy, m.message, m.failed = false, text, err != nil
	if err != nil {
		m.message = desk.ProblemOf(err).Text
	}
}
