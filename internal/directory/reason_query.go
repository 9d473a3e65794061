package directory

import (
	"errors"
	"fmt"

	"github.com/muster-presence/muster/internal/presence"
)

var (
	// ErrReasonUnknown: the lists have no such reason, or more than one.
	ErrReasonUnknown = errors.New("reason unknown")
	// ErrReasonInactive: the reason, or its list, is switched off.
	ErrReasonInactive = errors.New("reason inactive")
)

// ReasonError says which attribute of a request keeps it from naming a reason.
// It wraps [ErrReasonUnknown] or [ErrReasonInactive].
type ReasonError struct {
	// Attribute is "reason", "reasonId" or "reasonListId".
	Attribute string
	// Text is safe to show to the client and holds none of its values.
	Text string
	Err  error
}

func (e *ReasonError) Error() string { return fmt.Sprintf("%s: %s %s", e.Err, e.Attribute, e.Text) }

func (e *ReasonError) Unwrap() error { return e.Err }

// ReasonQuery is how a request names a reason. Zero fields were not given.
type ReasonQuery struct {
	Name string
	ID   presence.ReasonID
	List presence.ReasonListID
}

// FindReason resolves what a request names, within the lists that the agent may
// use, inactive ones included so that the answer can tell them from unknown
// ones. All fields that are given must agree. A name without an id must fit
// exactly one active reason. Of the system's list only `Logged in` can be named.
// The zero query is the zero reason. Every error is a [*ReasonError].
func FindReason(lists []ReasonList, query ReasonQuery) (presence.Reason, error) {
	if query == (ReasonQuery{}) {
		return presence.Reason{}, nil
	}
	candidates := askable(lists)
	if !query.List.IsZero() {
		candidates = keep(candidates, func(c candidate) bool { return c.list.ID == query.List })
		if len(candidates) == 0 {
			return refuse(ErrReasonUnknown, "reasonListId", "is none of the agent's reason lists")
		}
	}
	if !query.ID.IsZero() {
		candidates = keep(candidates, func(c candidate) bool { return c.reason.ID == query.ID })
		if len(candidates) == 0 {
			return refuse(ErrReasonUnknown, "reasonId", "is no reason of the agent's reason lists that can be asked for")
		}
	} else if query.Name == "" {
		return refuse(ErrReasonUnknown, "reasonId", "is missing: a list alone names no reason")
	}
	if query.Name != "" {
		candidates = keep(candidates, func(c candidate) bool { return c.reason.Name == query.Name })
		if len(candidates) == 0 {
			return refuse(ErrReasonUnknown, "reason", "is not the name of such a reason")
		}
	}
	return pick(candidates, query)
}

// pick takes the one active candidate; there is at least one candidate.
func pick(candidates []candidate, query ReasonQuery) (presence.Reason, error) {
	active := keep(candidates, func(c candidate) bool { return c.list.Active && c.reason.Active })
	switch {
	case len(active) > 1:
		return refuse(ErrReasonUnknown, "reason", "fits more than one reason: add reasonId and reasonListId")
	case len(active) == 1:
		found := active[0]
		return presence.Reason{Name: found.reason.Name, ID: found.reason.ID, List: found.list.ID}, nil
	case !candidates[0].list.Active && !query.List.IsZero():
		return refuse(ErrReasonInactive, "reasonListId", "is a list that is switched off")
	case !query.ID.IsZero():
		return refuse(ErrReasonInactive, "reasonId", "is a reason that is switched off")
	}
	return refuse(ErrReasonInactive, "reason", "is a reason that is switched off")
}

// candidate is a reason with its list.
type candidate struct {
	list   *ReasonList
	reason *Reason
}

// askable returns the reasons that a request may name.
func askable(lists []ReasonList) []candidate {
	var found []candidate
	for l := range lists {
		for r := range lists[l].Reasons {
			reason := &lists[l].Reasons[r]
			if lists[l].IsSystem() && reason.ID != presence.LoggedIn().ID {
				continue
			}
			found = append(found, candidate{list: &lists[l], reason: reason})
		}
	}
	return found
}

func keep(all []candidate, is func(candidate) bool) []candidate {
	var kept []candidate
	for _, c := range all {
		if is(c) {
			kept = append(kept, c)
		}
	}
	return kept
}

func refuse(err error, attribute, text string) (presence.Reason, error) {
	return presence.Reason{}, &ReasonError{Attribute: attribute, Text: text, Err: err}
}
