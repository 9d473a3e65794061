package floor

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk/terminal"
	"github.com/muster-presence/muster/sdk"
)

var update = flag.Bool("update", false, "write the expected screens anew")

func screen() *model {
	m := &model{table: newTable(), title: "Demo, https://muster.example/v1/"}
	m.update(sdk.FloorUpdate{Reset: true, Rows: people(), Connected: true})
	return m
}

func press(m *model, keys ...terminal.Key) (ask *order) {
	for _, key := range keys {
		if asked, _ := m.press(key, 10); asked != nil {
			ask = asked
		}
	}
	return ask
}

// reasons are an agent's.
func reasons() []api.ReasonList {
	return []api.ReasonList{{ID: "l1", Name: "Breaks", Active: true, Reasons: []api.Reason{{ReasonID: "r1", Name: "Lunch", Active: true, Hierarchy: []string{"Breaks"}}}}}
}

func expectText(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func expectScreen(t *testing.T, name string, m *model, width, height int) {
	t.Helper()
	var text strings.Builder
	lines := m.lines(width, height, begins)
	if len(lines) > height {
		t.Errorf("%s: %d lines on a screen of %d", name, len(lines), height)
	}
	for _, line := range lines {
		text.WriteString(strings.TrimRight(terminal.Cut(line.String(), width), " ") + "\n")
	}
	expectText(t, name, text.String())
}

func TestScreen_ShowsTheFloor(t *testing.T) {
	t.Parallel()
	m := screen()
	press(m, terminal.Down, terminal.Down)
	expectScreen(t, "floor", m, 80, 16)
	expectScreen(t, "wide", m, 130, 16)
	expectScreen(t, "narrow", m, 40, 14)
	expectScreen(t, "tiny", m, 20, 8)
}

func TestScreen_ShowsWhereThereIsNothing(t *testing.T) {
	t.Parallel()
	expectScreen(t, "waiting", &model{table: newTable(), title: "Demo"}, 80, 8)
	m := screen()
	press(m, '/', 'x', 'y', 'z')
	expectScreen(t, "filter", m, 80, 8)
}

func TestScreen_AsksForAState(t *testing.T) {
	t.Parallel()
	m := screen()
	press(m, terminal.Down)
	asked := press(m, 's')
	if diff := cmp.Diff(&order{kind: readReasons, agent: "a1", session: "s1", name: "Zoë Adams"}, asked, cmp.AllowUnexported(order{})); diff != "" {
		t.Fatal(diff)
	}
	m.reasonsRead(*asked, reasons(), nil)
	expectScreen(t, "states", m, 80, 16)
	got := press(m, terminal.End, terminal.Enter)
	want := &order{kind: setState, agent: "a1", session: "s1", name: "Zoë Adams", state: "notready", reason: &sdk.ReasonInfo{Reason: "Lunch", ReasonID: "r1", ReasonListID: "l1"}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(order{})); diff != "" {
		t.Error(diff)
	}
}

func TestScreen_OffersStatesWithoutReasonsWhereThoseCannotBeRead(t *testing.T) {
	t.Parallel()
	m := screen()
	m.reasonsRead(*press(m, 's'), nil, errors.New("forbidden"))
	if m.menu == nil || len(m.menu.Items) != 2 || !m.failed {
		t.Errorf("%+v", m.menu)
	}
}

func TestScreen_AsksForADirectionAndAnEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		keys []terminal.Key
		want *order
	}{
		{"a direction", []terminal.Key{'d', '2'}, &order{kind: setDirection, agent: "a3", session: "s3", direction: "outbound"}},
		{"no end", []terminal.Key{'x', terminal.Enter}, nil},
		{"an end", []terminal.Key{'x', terminal.Down, terminal.Enter}, &order{kind: setState, agent: "a3", session: "s3", state: "offline"}},
		{"an end in spite of work", []terminal.Key{'x', terminal.End, terminal.Enter}, &order{kind: setState, agent: "a3", session: "s3", state: "offline", force: true}},
		{"nothing of who is offline", []terminal.Key{terminal.End, 'x', terminal.End, terminal.Enter}, nil},
	} {
		m := screen()
		got := press(m, c.keys...)
		if c.want != nil {
			c.want.name = people()[2].Name
		}
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(order{})); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestScreen_AsksForOneThingAtATime(t *testing.T) {
	t.Parallel()
	m := screen()
	press(m, 's')
	if again := press(m, 's', 'd', terminal.Enter); again != nil {
		t.Errorf("a second was sent: %+v", again)
	}
	m.done("", errors.New("no"))
	if again := press(m, 's'); again == nil {
		t.Error("nothing is sent after the answer")
	}
}

func TestScreen_KeepsTheSelectionWhileRowsMove(t *testing.T) {
	t.Parallel()
	m := screen()
	press(m, terminal.Down, terminal.Down) // Avery, not ready
	moved := *people()[1]
	moved.State = "ready"
	m.update(sdk.FloorUpdate{Rows: []*api.FloorRow{&moved}, Connected: true})
	if rows := m.shown(); rows[m.place(rows)].ResourceID != "a2" {
		t.Errorf("selected: %s", rows[m.place(rows)].Name)
	}
}

func TestScreen_FiltersWhileTyping(t *testing.T) {
	t.Parallel()
	m := screen()
	press(m, '/', 'q', terminal.Backspace, 'l', 'u', 'n')
	if got := names(m.table); got != "a2" {
		t.Errorf("shown: %s", got)
	}
	press(m, terminal.Enter)
	if asked := press(m, 'd', terminal.Enter); asked == nil || asked.agent != "a2" {
		t.Errorf("%+v", asked)
	}
	press(m, terminal.Escape)
	if m.filter != "" {
		t.Errorf("the filter is %q", m.filter)
	}
}

func TestScreen_IsLeftByQuit(t *testing.T) {
	t.Parallel()
	for _, key := range []terminal.Key{'q', terminal.CtrlC} {
		if _, quit := screen().press(key, 10); !quit {
			t.Errorf("%q does not leave", key)
		}
	}
	m := screen()
	press(m, '/')
	if _, quit := m.press('q', 10); quit {
		t.Error("a letter of the filter leaves")
	}
}

func TestPrinted_IsATable(t *testing.T) {
	t.Parallel()
	f := floor()
	expectText(t, "printed", printed(&f, f.shown(), begins))
}
