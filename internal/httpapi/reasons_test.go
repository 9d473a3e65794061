package httpapi

import (
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

func TestNotReady_TakesEveryWayOfNamingAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	system, loggedIn := presence.SystemListID.String(), presence.LoggedIn().ID.String()
	for _, c := range []struct {
		body           map[string]any
		name, id, list any
	}{
		{to("notready"), nil, nil, nil},
		{to("notready", "reason", nil, "reasonId", nil, "reasonListId", nil), nil, nil, nil},
		{to("notready", "reasonId", walk), "Walk", walk, breaks},
		{to("notready", "reason", "Walk"), "Walk", walk, breaks},
		{to("notready", "reason", "Walk", "reasonListId", breaks), "Walk", walk, breaks},
		{to("notready", "reasonId", walk, "reasonListId", breaks), "Walk", walk, breaks},
		{to("notready", "reason", "Lunch", "reasonId", lunch, "reasonListId", breaks), "Lunch", lunch, breaks},
		{to("notready", "reason", "Lunch", "reasonListId", breaks), "Lunch", lunch, breaks}, // two lists have one
		{to("notready", "reasonId", write), "Write letters", write, letters},                // given to this agent alone
		{to("notready", "reason", "Logged in", "reasonId", loggedIn, "reasonListId", system), "Logged in", loggedIn, system},
	} {
		got := w.setState(agent, c.body).ok()
		if got["reason"] != c.name || got["reasonId"] != c.id || got["reasonListId"] != c.list || got["state"] != "notready" {
			t.Errorf("%v became %v %v of %v", c.body, got["reason"], got["reasonId"], got["reasonListId"])
		}
	}
}

func TestNotReady_RefusesReasonsThatAreNotTheAgents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.unchanged(func() {
		for _, c := range []struct {
			body      map[string]any
			code      api.Code
			attribute string
		}{
			{to("notready", "reasonId", no), api.CodeReasonUnknown, "reasonId"},
			{to("notready", "reasonId", coach), api.CodeReasonUnknown, "reasonId"}, // a colleague's
			{to("notready", "reasonListId", coaching), api.CodeReasonUnknown, "reasonListId"},
			{to("notready", "reasonId", coach, "reasonListId", coaching), api.CodeReasonUnknown, "reasonListId"},
			{to("notready", "reasonId", lunch, "reasonListId", canteen), api.CodeReasonUnknown, "reasonId"}, // another list's
			{to("notready", "reasonId", lunch, "reason", "Walk"), api.CodeReasonUnknown, "reason"},
			{to("notready", "reason", "Lunch"), api.CodeReasonUnknown, "reason"}, // two have that name
			{to("notready", "reason", "Nothing"), api.CodeReasonUnknown, "reason"},
			{to("notready", "reasonListId", breaks), api.CodeReasonUnknown, "reasonId"}, // a list alone
			{to("notready", "reason", "Connection lost"), api.CodeReasonUnknown, "reason"},
			{to("notready", "reasonId", presence.ConnectionLost().ID.String()), api.CodeReasonUnknown, "reasonId"},
			{to("notready", "reasonId", smoke), api.CodeReasonInactive, "reasonId"},
			{to("notready", "reason", "Smoke"), api.CodeReasonInactive, "reason"},
			{to("notready", "reasonId", oldHabit), api.CodeReasonInactive, "reasonId"},
			{to("notready", "reasonId", oldHabit, "reasonListId", retired), api.CodeReasonInactive, "reasonListId"},
			{to("notready", "reasonId", "lunch"), api.CodeBadRequest, "reasonId"},
			{to("notready", "reasonListId", "breaks"), api.CodeBadRequest, "reasonListId"},
			{to("notready", "reason", 5), api.CodeBadJSON, "reason"},
			{to("notready", "reasonId", []int{}), api.CodeBadJSON, "reasonId"},
		} {
			w.setState(agent, c.body).refused(c.code, c.attribute)
		}
	})
}

// Which reasons may be named is a matter of whose state it is.
func TestNotReady_OfAnotherTakesThatAgentsReasons(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(colleague)
	path := presencePath(north, colleague)
	if got := w.post(supervisor, path, to("notready", "reasonId", coach)).ok(); got["reason"] != "Coach" {
		t.Errorf("became %v", got["reason"])
	}
	w.unchanged(func() {
		w.post(supervisor, path, to("notready", "reasonId", write)).refused(api.CodeReasonUnknown, "reasonId")
	})
}

func TestReasonLists_AreTheSystemsTheDefaultsAndThoseGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, by := range []person{agent, supervisor} {
		lists := okAs[[]api.ReasonList](w.get(by, userPath(north, agent)+"/reason-lists"))
		var names []string
		for _, list := range lists {
			names = append(names, list.Name)
		}
		wantEqual(t, names, []string{"System Presence Reasons", "Breaks", "Canteen", "Letters"})
		wantEqual(t, lists[1].Reasons[0], api.Reason{ReasonID: lunch, Name: "Lunch", Active: true, SortOrder: 1, Hierarchy: []string{"Away", "Meals"}})
		wantEqual(t, lists[1].Reasons[1].Hierarchy, []string{"Breaks"})
		wantEqual(t, *lists[3].ExternalID, "L-3")
	}
	w.get(agent, userPath(north, colleague)+"/reason-lists").refused(api.CodeForbidden, "")
}
