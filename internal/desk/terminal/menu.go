package terminal

// Item is something to choose.
type Item struct {
	// Group is the heading that the item stands below; "" for none. Items of a group stand together.
	Group string
	Name  string
	// Note stands behind the name.
	Note string
}

// Menu is a list to choose from with the arrow keys. It is a value: keys make another.
type Menu struct {
	Title    string
	Items    []Item
	Selected int
}

// Choice says what a key did to a menu.
type Choice int

// The choices.
const (
	Undecided Choice = iota
	Chosen           // the selected item
	Cancelled
)

// Press is the menu after a key. Digits choose one of the first nine at once.
func (m Menu) Press(key Key) (Menu, Choice) {
	last := len(m.Items) - 1
	switch key {
	case Up, 'k':
		m.Selected--
	case Down, 'j', Tab:
		m.Selected++
	case PageUp:
		m.Selected -= 10
	case PageDown:
		m.Selected += 10
	case Home:
		m.Selected = 0
	case End:
		m.Selected = last
	case Enter, Right:
		if last >= 0 {
			return m, Chosen
		}
	case Escape, 'q', Left, CtrlC:
		return m, Cancelled
	}
	if digit := int(key - '1'); digit >= 0 && digit < 9 && digit <= last {
		m.Selected = digit
		return m, Chosen
	}
	m.Selected = max(0, min(m.Selected, last))
	return m, Undecided
}

// MenuKeys are the keys of a menu and what they do.
func MenuKeys() []string { return []string{"↑↓ move", "enter take", "esc back"} }

// Lines are the menu in at most so many rows, with the selected item among them. Where there is little room, the title goes first.
func (m Menu) Lines(rows int) []Line {
	at, group := 0, ""
	var items []Line
	for i, item := range m.Items {
		if item.Group != group {
			group = item.Group
			items = append(items, Styled("  "+group, Style{Colour: Cyan}))
		}
		line := Line{{Text: "    " + item.Name + " "}}
		if i == m.Selected {
			at = len(items)
			line[0] = Span{Text: "  > " + item.Name + " ", Style: Style{Reverse: true}}
		}
		if item.Note != "" {
			line = append(line, Span{Text: " " + item.Note, Style: Style{Dim: true}})
		}
		items = append(items, line)
	}
	if rows < 5 {
		return window(items, max(1, rows), at)
	}
	return append([]Line{Styled("  "+m.Title, Style{Bold: true}), nil}, window(items, rows-2, at)...)
}

// window are so many of the lines, around the one at a place, with dots where some are missing.
func window(lines []Line, rows, at int) []Line {
	if len(lines) <= rows {
		return lines
	}
	first := max(0, min(at-rows/2, len(lines)-rows))
	part := append([]Line{}, lines[first:first+rows]...)
	if rows < 3 {
		return part
	}
	if first > 0 {
		part[0] = Styled("    …", Style{Dim: true})
	}
	if first+rows < len(lines) {
		part[rows-1] = Styled("    …", Style{Dim: true})
	}
	return part
}
