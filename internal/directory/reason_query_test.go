package directory_test

import (
	"errors"
	"testing"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

var (
	breaksID   = presence.ReasonListID{UUID: presence.UUID{1, 15: 1}}
	closedID   = presence.ReasonListID{UUID: presence.UUID{1, 15: 2}}
	workID     = presence.ReasonListID{UUID: presence.UUID{1, 15: 3}}
	lunchID    = presence.ReasonID{UUID: presence.UUID{2, 15: 1}}
	oldID      = presence.ReasonID{UUID: presence.UUID{2, 15: 2}}
	closedIn   = presence.ReasonID{UUID: presence.UUID{2, 15: 3}}
	trainingID = presence.ReasonID{UUID: presence.UUID{2, 15: 4}}
	otherLunch = presence.ReasonID{UUID: presence.UUID{2, 15: 5}}
)

func reasonLists() []directory.ReasonList {
	return []directory.ReasonList{
		directory.SystemList(),
		{ID: breaksID, Name: "Breaks", Active: true, Reasons: []directory.Reason{
			{ID: lunchID, Name: "Lunch", Active: true}, {ID: oldID, Name: "Smoke"},
		}},
		{ID: closedID, Name: "Closed", Reasons: []directory.Reason{{ID: closedIn, Name: "Walk", Active: true}}},
		{ID: workID, Name: "Work", Active: true, Reasons: []directory.Reason{
			{ID: trainingID, Name: "Training", Active: true}, {ID: otherLunch, Name: "Lunch", Active: true},
		}},
	}
}

func TestFindReason(t *testing.T) {
	t.Parallel()
	lunch := presence.Reason{Name: "Lunch", ID: lunchID, List: breaksID}
	lost := presence.ConnectionLost()
	for sentence, test := range map[string]struct {
		query     directory.ReasonQuery
		want      presence.Reason
		err       error
		attribute string
	}{
		"nothing asked is no reason":                {},
		"all fields name a reason":                  {query: directory.ReasonQuery{Name: "Lunch", ID: lunchID, List: breaksID}, want: lunch},
		"an id alone names a reason":                {query: directory.ReasonQuery{ID: lunchID}, want: lunch},
		"a name and a list name a reason":           {query: directory.ReasonQuery{Name: "Lunch", List: breaksID}, want: lunch},
		"a name alone names the only reason of it":  {query: directory.ReasonQuery{Name: "Training"}, want: presence.Reason{Name: "Training", ID: trainingID, List: workID}},
		"a name of two reasons names none":          {query: directory.ReasonQuery{Name: "Lunch"}, err: directory.ErrReasonUnknown, attribute: "reason"},
		"an unknown name":                           {query: directory.ReasonQuery{Name: "lunch"}, err: directory.ErrReasonUnknown, attribute: "reason"},
		"an unknown id":                             {query: directory.ReasonQuery{ID: presence.ReasonID{UUID: presence.UUID{9}}}, err: directory.ErrReasonUnknown, attribute: "reasonId"},
		"an unknown list":                           {query: directory.ReasonQuery{ID: lunchID, List: presence.ReasonListID{UUID: presence.UUID{9}}}, err: directory.ErrReasonUnknown, attribute: "reasonListId"},
		"a list alone names no reason":              {query: directory.ReasonQuery{List: breaksID}, err: directory.ErrReasonUnknown, attribute: "reasonId"},
		"an id of another list":                     {query: directory.ReasonQuery{ID: trainingID, List: breaksID}, err: directory.ErrReasonUnknown, attribute: "reasonId"},
		"a name that the id does not have":          {query: directory.ReasonQuery{Name: "Lunch", ID: trainingID}, err: directory.ErrReasonUnknown, attribute: "reason"},
		"an inactive reason by id":                  {query: directory.ReasonQuery{ID: oldID}, err: directory.ErrReasonInactive, attribute: "reasonId"},
		"an inactive reason by name":                {query: directory.ReasonQuery{Name: "Smoke"}, err: directory.ErrReasonInactive, attribute: "reason"},
		"a reason of an inactive list":              {query: directory.ReasonQuery{ID: closedIn, List: closedID}, err: directory.ErrReasonInactive, attribute: "reasonListId"},
		"a reason of an inactive list, by id alone": {query: directory.ReasonQuery{ID: closedIn}, err: directory.ErrReasonInactive, attribute: "reasonId"},
		"Logged in may be asked for": {query: directory.ReasonQuery{Name: "Logged in", ID: presence.LoggedIn().ID, List: presence.SystemListID},
			want: presence.LoggedIn()},
		"Connection lost may not, by id":   {query: directory.ReasonQuery{ID: lost.ID, List: lost.List}, err: directory.ErrReasonUnknown, attribute: "reasonId"},
		"Connection lost may not, by name": {query: directory.ReasonQuery{Name: lost.Name}, err: directory.ErrReasonUnknown, attribute: "reason"},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			got, err := directory.FindReason(reasonLists(), test.query)
			if got != test.want || !errors.Is(err, test.err) {
				t.Errorf("got %+v, error %v; want %+v, %v", got, err, test.want, test.err)
			}
			var reason *directory.ReasonError
			if errors.As(err, &reason) && reason.Attribute != test.attribute {
				t.Errorf("the attribute is %s, want %s", reason.Attribute, test.attribute)
			}
		})
	}
}
