package demo

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

func TestChoices_ReasonsAreSortedByWhatTheirNamesSay(t *testing.T) {
	t.Parallel()
	reason := func(name string, hierarchy ...string) api.Reason {
		return api.Reason{ReasonID: name, Name: name, Active: true, Hierarchy: hierarchy}
	}
	retired := reason("Coffee break")
	retired.Active = false
	got := choicesIn([]api.ReasonList{
		{ID: "s", Name: systemList, Active: true, Reasons: []api.Reason{reason("Logged in")}},
		{ID: "b", Name: "Breaks", Active: true, Reasons: []api.Reason{
			reason("Lunch", "Breaks"), reason("Screen", "Breaks", "Health"), reason("Personal"), retired,
		}},
		{ID: "w", Name: "Work", Active: true, Reasons: []api.Reason{reason("Meeting"), reason("Product training"), reason("Coaching")}},
		{ID: "o", Name: "Old", Active: false, Reasons: []api.Reason{reason("Smoking break")}},
	})
	want := choices{
		lunch:      {{"b", "Lunch", "Lunch"}},
		shortBreak: {{"b", "Screen", "Screen"}, {"b", "Personal", "Personal"}},
		training:   {{"w", "Product training", "Product training"}, {"w", "Coaching", "Coaching"}},
		otherWork:  {{"w", "Meeting", "Meeting"}},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(choice{})); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
}

func TestChoices_AnyReasonIsBetterThanNone(t *testing.T) {
	t.Parallel()
	only := choices{training: {{"w", "1", "Training"}, {"w", "2", "Coaching"}}}
	for what := range purposes {
		for pick := range uint64(4) {
			if _, ok := only.choose(what, pick); !ok {
				t.Errorf("no reason for purpose %d", what)
			}
		}
	}
	var none choices
	if got, ok := none.choose(lunch, 1); ok {
		t.Errorf("a reason out of nothing: %v", got)
	}
}
