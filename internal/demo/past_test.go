package demo

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

var (
	pastBegan = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	pastEnded = pastBegan.Add(8 * time.Hour)
)

// someReasons are what everybody may give.
func someReasons(int) []api.ReasonList {
	return []api.ReasonList{{ID: "breaks", Name: "Breaks", Active: true, Reasons: []api.Reason{{ReasonID: "lunch", Name: "Lunch", Active: true}}}}
}

// moments are what so many agents of a seed did in those hours.
func moments(agents int, seed uint64) []Moment {
	return NewPast(agents, seed, pastBegan, pastEnded, someReasons).Moments()
}

func TestPast_TheSameSeedTellsTheSame(t *testing.T) {
	t.Parallel()
	first := moments(5, 7)
	if diff := cmp.Diff(first, moments(5, 7)); diff != "" {
		t.Errorf("two pasts of one seed differ (-first +again):\n%s", diff)
	}
	if cmp.Equal(first, moments(5, 8)) {
		t.Error("another seed tells the same")
	}
}

func TestPast_IsInOrderAndWithinItsTime(t *testing.T) {
	t.Parallel()
	past := moments(20, 1)
	if !slices.IsSortedFunc(past, func(a, b Moment) int { return a.At.Compare(b.At) }) {
		t.Error("what happened later stands before what happened earlier")
	}
	if first, last := past[0].At, past[len(past)-1].At; first.Before(pastBegan) || !last.Before(pastEnded) {
		t.Errorf("it goes from %s to %s", first, last)
	}
}

// An engine would refuse it otherwise.
func TestPast_HasNothingOutsideOfASession(t *testing.T) {
	t.Parallel()
	here, sessions := make(map[int]bool), make(map[int]int)
	for _, m := range moments(20, 1) {
		if here[m.Agent] == m.Began {
			t.Fatalf("in a session: %t; then %+v", here[m.Agent], m)
		}
		here[m.Agent] = m.State != api.StateOffline
		if m.Began {
			sessions[m.Agent]++
		}
	}
	for agent := range 20 {
		if sessions[agent] == 0 {
			t.Errorf("agent %d had no session", agent)
		}
	}
}

func TestPast_GivesReasonsThatTheAgentMayGive(t *testing.T) {
	t.Parallel()
	breaks := 0
	for _, m := range moments(5, 1) {
		switch m.State {
		case api.StateNotReady:
			breaks++
			if m.ReasonID != "lunch" || m.ReasonListID != "breaks" {
				t.Errorf("not ready with the reason %q of %q", m.ReasonID, m.ReasonListID)
			}
		default:
			if m.ReasonID != "" {
				t.Errorf("a reason stands at %+v", m)
			}
		}
	}
	if breaks == 0 {
		t.Error("nobody had a break in eight hours")
	}
}
