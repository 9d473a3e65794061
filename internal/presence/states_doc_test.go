package presence

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// docs/states.md is made from the table, so it cannot say anything else than
// the code does; -update writes it anew.
func TestStatesDocumentIsTheTable(t *testing.T) {
	t.Parallel()
	compareFile(t, "../../docs/states.md", statesDocument())
}

// commandOrder is the order of rows: what agents ask for, work, then liveness.
func commandOrder() []CommandName {
	return []CommandName{
		CommandStartSession, CommandGoReady, CommandGoNotReady, CommandGoOffline, CommandSetDirection,
		CommandReportWork, CommandEndWork, CommandHear, CommandElapse, CommandDisconnect, CommandTakeLease,
		CommandStartMonitoring, CommandEndMonitoring, CommandRevoke,
	}
}

func TestStatesDocumentHasEveryCommand(t *testing.T) {
	t.Parallel()
	if got, want := sorted(commandOrder()), sorted(slices.Collect(maps.Keys(table))); !slices.Equal(got, want) {
		t.Errorf("the document has %v, the table %v", got, want)
	}
}

func statesDocument() string {
	return strings.Join([]string{statesIntroduction, statesDiagram(), statesTable(), statesCommands, statesRefusals}, "\n")
}

func statesDiagram() string {
	var out strings.Builder
	out.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> no_session\n")
	for _, s := range Situations() {
		fmt.Fprintf(&out, "    state %q as %s\n", s, node(s))
	}
	for _, from := range Situations() {
		for _, to := range Situations() {
			if names := leading(from, to); from != to && len(names) > 0 {
				fmt.Fprintf(&out, "    %s --> %s: %s\n", node(from), node(to), strings.Join(names, ", "))
			}
		}
	}
	return out.String() + "```\n\nCommands that leave the situation as it is are left out here.\n"
}

func leading(from, to Situation) []string {
	var names []string
	for _, name := range commandOrder() {
		if slices.Contains(table[name][from].leads, to) {
			names = append(names, string(name))
		}
	}
	return names
}

func node(s Situation) string { return strings.ReplaceAll(string(s), " ", "_") }

// statesTable has two halves, where commands lead and how they are refused,
// because cells with both are hard to read.
func statesTable() string {
	header := []string{"command"}
	for _, s := range Situations() {
		header = append(header, string(s))
	}
	var leads, refusals [][]string
	for _, name := range commandOrder() {
		lead, refusal := []string{"**" + string(name) + "**"}, []string{"**" + string(name) + "**"}
		for _, from := range Situations() {
			lead = append(lead, leadsCell(from, table[name][from]))
			refusal = append(refusal, refusalsCell(table[name][from]))
		}
		leads, refusals = append(leads, lead), append(refusals, refusal)
	}
	return "## Where commands lead\n\n" + statesLegend + "\n" + markdown(header, leads) +
		"\n## How commands are refused\n\n" + refusalsLegend + "\n" + markdown(header, refusals)
}

func markdown(header []string, rows [][]string) string {
	var out strings.Builder
	for i, row := range append([][]string{header}, rows...) {
		out.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			out.WriteString("|" + strings.Repeat("---|", len(header)) + "\n")
		}
	}
	return out.String()
}

func leadsCell(from Situation, r rule) string {
	var parts []string
	for _, to := range r.leads {
		if to == from {
			parts = append(parts, "stays")
		} else {
			parts = append(parts, "→ "+string(to))
		}
	}
	if len(parts) == 0 {
		return "always refused"
	}
	return strings.Join(parts, "<br>")
}

func refusalsCell(r rule) string {
	var parts []string
	for _, code := range r.refuses {
		parts = append(parts, "`"+string(code)+"`")
	}
	if len(parts) == 0 {
		return "never"
	}
	return strings.Join(parts, "<br>")
}
