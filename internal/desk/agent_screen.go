package desk

import (
	"fmt"
	"strings"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk/terminal"
	"github.com/muster-presence/muster/sdk"
)

// agentScreen is what the screen of an agent shows. It reads no clock and writes nothing: keys, events and answers change it, and lines
// draws it.
type agentScreen struct {
	in     *time.Location
	status Status
	config api.Config
	recent []Event

	menu    *terminal.Menu
	choices []Request // what the menu's items ask for; of the verb "" for nothing
	why     *api.Why
	busy    bool   // a request is under way
	message string // the answer to the last one
	failed  bool   // message is of a failure
}

// open takes what there is in the beginning.
func (s *agentScreen) open(o Opening) { s.status, s.config, s.recent = o.Status, o.Config, o.Recent }

// told takes what has happened.
func (s *agentScreen) told(t Told) {
	s.status = t.Status
	if !s.failed {
		s.message = "" // what has happened since is newer
	}
	say(t.Event.Response, func(config api.Config) string {
		if t.Event.Topic == sdk.TopicConfig {
			s.config = config
		}
		return ""
	})
	if Say(t.Event) != "" {
		s.recent = append(s.recent, t.Event)
		s.recent = s.recent[max(0, len(s.recent)-recentEvents):]
	}
}

// answered takes the answer to a request.
func (s *agentScreen) answered(text string, why *api.Why, err error) {
	s.busy, s.message, s.failed = false, text, err != nil
	if err != nil {
		s.message = ProblemOf(err).Text
	}
	if why != nil {
		s.why, s.menu = why, nil
	}
}

// press is what a key does: it may ask for something, or leave the screen.
func (s *agentScreen) press(key terminal.Key) (ask *Request, quit bool) {
	s.message = ""
	switch {
	case s.menu != nil:
		return s.pressMenu(key), false
	case s.why != nil:
		s.why = nil
		return nil, key == terminal.CtrlC
	}
	switch key {
	case 'q', terminal.CtrlC, terminal.Escape:
		return nil, true
	case 'r':
		return s.ask(Request{Do: DoReady}), false
	case 'n':
		s.askReason()
	case 'd':
		s.askDirection()
	case 'e':
		s.askExtension()
	case 'w':
		return s.ask(Request{Do: DoWhy}), false
	case 'l':
		s.askLogout()
	}
	return nil, false
}

// ask sends a request, unless one is under way.
func (s *agentScreen) ask(r Request) *Request {
	if s.busy {
		return nil
	}
	s.busy = true
	return &r
}

func (s *agentScreen) pressMenu(key terminal.Key) *Request {
	menu, choice := s.menu.Press(key)
	s.menu = &menu
	if choice == terminal.Undecided {
		return nil
	}
	s.menu = nil
	if choice == terminal.Cancelled || s.choices[menu.Selected].Do == "" {
		return nil
	}
	return s.ask(s.choices[menu.Selected])
}

func (s *agentScreen) askReason() {
	reasons := ReasonChoices(s.config.ReasonLists)
	menu := ReasonMenu("Not ready: why?", reasons)
	s.menu, s.choices = &menu, []Request{{Do: DoNotReady}}
	for _, reason := range reasons {
		s.choices = append(s.choices, Request{Do: DoNotReady, Reason: reason.ReasonID})
	}
}

func (s *agentScreen) askDirection() {
	s.menu, s.choices = &terminal.Menu{Title: "Which work?"}, nil
	for i, d := range Directions() {
		s.menu.Items = append(s.menu.Items, terminal.Item{Name: string(d), Note: DirectionNote(d)})
		s.choices = append(s.choices, Request{Do: DoDirection, Direction: d})
		if d == s.status.Direction {
			s.menu.Selected = i
		}
	}
}

func (s *agentScreen) askExtension() {
	if len(s.config.Extensions) == 0 {
		s.message, s.failed = "you have no extension", true
		return
	}
	s.menu, s.choices = &terminal.Menu{Title: "Ready at which extension?"}, nil
	for i, e := range s.config.Extensions {
		note := string(e.Type)
		if e.Description != "" {
			note += ", " + e.Description
		}
		s.menu.Items = append(s.menu.Items, terminal.Item{Name: e.Value, Note: note})
		s.choices = append(s.choices, Request{Do: DoReady, Extension: e.ID})
		if s.status.Extension != nil && e.ID == s.status.Extension.ID {
			s.menu.Selected = i
		}
	}
}

func (s *agentScreen) askLogout() {
	s.menu = &terminal.Menu{Title: "Log out?", Items: []terminal.Item{{Name: "log out"}, {Name: "stay"}}}
	s.choices = []Request{{Do: DoLogout}, {}}
	if s.status.Agent != nil && len(s.status.Work) > 0 {
		s.menu.Items = append(s.menu.Items, terminal.Item{Name: "log out now", Note: "leaves open work: " + workText(s.status.Work)})
		s.choices = append(s.choices, Request{Do: DoLogout, Force: true})
	}
}

// Directions are the directions there are.
func Directions() []api.Direction {
	return []api.Direction{api.DirectionInbound, api.DirectionOutbound, api.DirectionAgentInitiated}
}

// DirectionNote says what a direction means.
func DirectionNote(d api.Direction) string {
	switch d {
	case api.DirectionInbound:
		return "inbound work, transfers and callbacks"
	case api.DirectionOutbound:
		return "outbound work only"
	}
	return "only what you start yourself"
}

const (
	lowScreen = 12 // rows; below, the keys get one line
	leastMenu = 8  // rows that a menu takes from what is above it
)

// lines draws the screen.
func (s *agentScreen) lines(columns, rows int, now api.Time) []terminal.Line {
	if s.status.Agent == nil {
		return []terminal.Line{terminal.Text("the session has ended")}
	}
	top := append(s.head(columns), s.facts(now)...)
	bottom := s.foot(columns)
	if rows < lowScreen {
		bottom = bottom[:min(len(bottom), 2)]
	}
	room := rows - len(top) - len(bottom) - 1
	var middle []terminal.Line
	switch {
	case s.menu != nil:
		middle = s.menu.Lines(min(max(room, leastMenu), rows-len(bottom)))
	case s.why != nil:
		middle = s.whyPart(columns, min(max(room, leastMenu), rows-len(bottom)))
	default:
		middle = s.events(room)
	}
	return stack(rows, top, middle, bottom)
}

// stack puts the parts below each other, the last at the bottom. What there is no room for is missing from the end of the first: a
// menu that is open and the keys are worth more.
func stack(rows int, top, middle, bottom []terminal.Line) []terminal.Line {
	room := max(0, rows-len(bottom))
	middle = middle[:min(len(middle), room)]
	top = top[:max(0, min(len(top), room-len(middle)))]
	lines := append(append([]terminal.Line{}, top...), middle...)
	for len(lines) < room {
		lines = append(lines, nil)
	}
	return append(lines, bottom[:min(len(bottom), rows)]...)
}

func (s *agentScreen) head(columns int) []terminal.Line {
	light, style := "● live", terminal.Style{Colour: terminal.Green}
	if !s.status.Connected {
		light, style = "○ connection lost", terminal.Style{Colour: terminal.Red, Bold: true}
	}
	room := columns - terminal.Width(light) - 2
	return []terminal.Line{
		{{Text: terminal.Fit(" "+s.status.Name, max(0, room)), Style: terminal.Style{Bold: true}}, {Text: " " + light, Style: style}},
		terminal.Styled(" "+s.status.TenantName+", "+s.status.Server, terminal.Style{Dim: true}),
		nil,
	}
}

// StateStyle is how a state looks.
func StateStyle(state api.State) terminal.Style {
	switch state {
	case api.StateReady:
		return terminal.Style{Colour: terminal.Green, Bold: true}
	case api.StateNotReady:
		return terminal.Style{Colour: terminal.Yellow, Bold: true}
	}
	return terminal.Style{Dim: true}
}

func (s *agentScreen) facts(now api.Time) []terminal.Line {
	a := s.status.Agent
	by := ""
	switch {
	case a.SupervisorName != "":
		by = "  set by " + a.SupervisorName
	case a.Cause == api.CauseSystem:
		by = "  set by the system"
	}
	lines := []terminal.Line{
		{
			{Text: "  " + Since(a.StateSince, now) + "  "},
			{Text: withReason(a.State, a.Reason), Style: StateStyle(a.State)},
			{Text: by, Style: terminal.Style{Dim: true}},
		},
		nil,
		fact("direction", string(a.Direction)),
	}
	if a.Extension != nil {
		lines = append(lines, fact("extension", ExtensionName(*a.Extension)))
	} else {
		lines = append(lines, fact("extension", "none"))
	}
	if !a.Connected {
		lines = append(lines, fact("connection", ConnectionText(*a, now)))
	}
	if len(a.Work) == 0 {
		lines = append(lines, fact("work", "none"))
	}
	for i, w := range a.Work {
		name := "work"
		if i > 0 {
			name = ""
		}
		lines = append(lines, fact(name, fmt.Sprintf("%s %s, %s", w.Channel, w.State, Since(&w.Since, now))))
	}
	if a.Pending != nil {
		line := fact("pending", PendingText(*a.Pending))
		line[1].Style = terminal.Style{Colour: terminal.Yellow, Bold: true}
		lines = append(lines, line)
	}
	return append(lines, nil)
}

func fact(name, value string) terminal.Line {
	return terminal.Line{{Text: "  " + terminal.Fit(name, 12), Style: terminal.Style{Dim: true}}, {Text: value}}
}

// events are the last that there is room for.
func (s *agentScreen) events(room int) (lines []terminal.Line) {
	if room <= 0 {
		return nil
	}
	for _, e := range s.recent[max(0, len(s.recent)-room):] {
		lines = append(lines, terminal.Line{
			{Text: "  " + At(e.At, s.in) + "  ", Style: terminal.Style{Dim: true}},
			{Text: Say(e), Style: eventStyle(e)},
		})
	}
	return lines
}

func eventStyle(e Event) terminal.Style {
	if e.Error != nil {
		return terminal.Style{Colour: terminal.Red}
	}
	return terminal.Style{}
}

func (s *agentScreen) whyPart(columns, rows int) []terminal.Line {
	var lines []terminal.Line
	for _, line := range whyLines(*s.why, s.in) {
		when := line.when
		for _, piece := range terminal.Wrap(line.text, max(10, columns-13)) {
			lines = append(lines, terminal.Line{{Text: "  " + terminal.Fit(when, 8) + "  ", Style: terminal.Style{Dim: true}}, {Text: piece}})
			when = ""
		}
	}
	lines = lines[max(0, len(lines)-max(1, rows-2)):]
	return append([]terminal.Line{terminal.Styled("  Why", terminal.Style{Bold: true}), nil}, lines...)
}

// foot is the answer to the last request, and the keys.
func (s *agentScreen) foot(columns int) (lines []terminal.Line) {
	switch {
	case s.busy:
		lines = append(lines, terminal.Styled(" …", terminal.Style{Dim: true}))
	case s.message == "":
		lines = append(lines, nil)
	case s.failed:
		for _, piece := range terminal.Wrap(s.message, max(10, columns-2)) {
			lines = append(lines, terminal.Styled(" "+piece, terminal.Style{Colour: terminal.Red}))
		}
	default:
		lines = append(lines, terminal.Text(" "+s.message))
	}
	keys := []string{"r ready", "n not ready", "d direction", "e extension", "w why", "l log out", "q quit"}
	switch {
	case s.menu != nil:
		keys = terminal.MenuKeys()
	case s.why != nil:
		keys = []string{"esc back"}
	}
	return append(lines, KeyLines(columns, keys...)...)
}

// KeyLines are keys and what they do, in as many lines as they need.
func KeyLines(columns int, keys ...string) (lines []terminal.Line) {
	var line terminal.Line
	width := 0
	for _, key := range keys {
		if width > 0 && width+2+terminal.Width(key) > columns-1 {
			lines, line, width = append(lines, line), nil, 0
		}
		letter, does, _ := strings.Cut(key, " ")
		line = append(line, terminal.Span{Text: " "}, terminal.Span{Text: letter, Style: terminal.Style{Bold: true}}, terminal.Span{Text: " " + does + " ", Style: terminal.Style{Dim: true}})
		width += 2 + terminal.Width(key)
	}
	return append(lines, line)
}
