package presence

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEveryPairOfSituationAndCommandIsDecided(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(table)) {
		for _, situation := range Situations() {
			if table[name][situation].decide == nil {
				t.Errorf("%s for an agent who is %q is undecided", name, situation)
			}
		}
		if len(table[name]) != len(Situations()) {
			t.Errorf("%s has rules for %d situations of %d", name, len(table[name]), len(Situations()))
		}
	}
	for _, name := range often {
		if table[name] == nil {
			t.Errorf("%s has no row", name)
		}
	}
}

func TestRandomLivesStayWithinTheTable(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		rule := table[s.command.Name()][situationOf(s.before)]
		if s.err != nil {
			if !slices.Contains(rule.refuses, RefusalOf(s.err)) {
				t.Fatalf("%s, %s: refused with %v", s.command.Name(), situationOf(s.before), s.err)
			}
			return
		}
		if !slices.Contains(rule.leads, situationOf(s.after())) {
			t.Fatalf("%s, %s: leads to %s", s.command.Name(), situationOf(s.before), situationOf(s.after()))
		}
	})
}

// cell is what a rule says can happen, or what was seen to happen.
type cell struct{ Leads, Refuses []string }

func TestTableSaysExactlyWhatHappens(t *testing.T) {
	t.Parallel()
	seen := explore(t)
	for name, cells := range table {
		for situation, rule := range cells {
			says := cell{Leads: sorted(rule.leads), Refuses: sorted(rule.refuses)}
			if difference := cmp.Diff(says, seen[name][situation]); difference != "" {
				t.Errorf("%s for an agent who is %q: - the table says, + happens\n%s", name, situation, difference)
			}
		}
	}
}

func sorted[S ~string](list []S) []string {
	var names []string
	for _, s := range list {
		names = append(names, string(s))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
