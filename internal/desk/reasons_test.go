package desk

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

func TestReasonChoices_AreWhatAnAgentMayChoose(t *testing.T) {
	t.Parallel()
	var got []string
	for _, c := range ReasonChoices(lists()) {
		got = append(got, c.ReasonID+" "+c.String())
	}
	want := []string{"r1 Breaks/Lunch", "r2 Breaks/Short break", "r4 Work/Meeting", "r5 Work/Lunch"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFindReason_TakesANameACategoryOrAnID(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Meeting": "r4", "meeting": "r4", " Short break ": "r2", "Breaks/Lunch": "r1", "work/lunch": "r5", "Breaks/Breaks/Lunch": "r1", "r5": "r5",
	} {
		got, err := FindReason(lists(), name)
		if err != nil || got.ReasonID != want || got.Reason == "" || got.ReasonListID == "" {
			t.Errorf("%q: %+v, %v; want %s", name, got, err, want)
		}
	}
}

func TestFindReason_ListsTheReasonsThereAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lists []api.ReasonList
		name  string
		want  string
	}{
		{lists(), "Lunch", "several reasons have that name: say which of Breaks/Lunch, Work/Lunch"},
		{lists(), "Smoke", "there is no reason of that name: take one of Breaks/Lunch, Breaks/Short break, Work/Meeting, Work/Lunch"},
		{lists(), "Logged in", "there is no reason of that name: take one of Breaks/Lunch, Breaks/Short break, Work/Meeting, Work/Lunch"},
		{nil, "Lunch", "you have no reasons to choose from: go not ready without one"},
	} {
		_, err := FindReason(c.lists, c.name)
		if !errors.Is(err, sdk.CodeReasonUnknown) {
			t.Errorf("%q: %v", c.name, err)
			continue
		}
		if p := ProblemOf(err); p.Text != c.want || len(p.Err.Data.ValidReasons) != len(c.lists) {
			t.Errorf("%q: %s, with %d lists", c.name, p.Text, len(p.Err.Data.ValidReasons))
		}
	}
}

func TestFindReason_NamesTheListWhereNothingElseDiffers(t *testing.T) {
	t.Parallel()
	twice := []api.ReasonList{
		{ID: "l1", Name: "North", Active: true, Reasons: []api.Reason{{ReasonID: "r1", Name: "Lunch", Active: true, Hierarchy: []string{"Breaks"}}}},
		{ID: "l2", Name: "South", Active: true, Reasons: []api.Reason{{ReasonID: "r2", Name: "Lunch", Active: true, Hierarchy: []string{"Breaks"}}}},
	}
	_, err := FindReason(twice, "Lunch")
	if text := ProblemOf(err).Text; !strings.HasSuffix(text, "North/Breaks/Lunch, South/Breaks/Lunch") {
		t.Error(text)
	}
	if got, err := FindReason(twice, "south/breaks/lunch"); err != nil || got.ReasonID != "r2" {
		t.Errorf("%+v, %v", got, err)
	}
}
