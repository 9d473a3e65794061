package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// evening's record is the server's own log: what really happened, and when.

// records is everything that was committed so far.
func (s *server) records() []store.Record {
	s.t.Helper()
	records, err := s.kept.Records(s.t.Context(), s.tenant, 0, 1<<30)
	if err != nil {
		s.t.Fatal(err)
	}
	return records
}

// now is the agents as the log left them.
func (s *server) now() map[presence.Key]presence.Agent {
	agents := make(map[presence.Key]presence.Agent)
	for _, r := range s.records() {
		agents[r.Key] = r.After
	}
	return agents
}

// doings are what somebody was seen to do.
func (s *server) doings() map[string]bool {
	seen := make(map[string]bool)
	for _, r := range s.records() {
		switch change := r.Event.Change.(type) {
		case presence.StateSet:
			seen[string(change.State)+" "+change.Reason.Name] = true
		case presence.DirectionSet:
			seen[string(change.Direction)] = true
		case presence.SessionEnded:
			seen["ended "+string(change.Code)] = true
		case presence.ConnectionChanged:
			seen[string(change.Connection)] = true
		}
	}
	return seen
}

// ways are the ways that calls went, as in "offered active wrapup ended", and how
// many were offered to agents who had not been free for longer than it takes a
// row to reach the router and an offer to come back.
func (s *server) ways() (ways map[presence.InteractionID]string, races int) {
	ways = make(map[presence.InteractionID]string)
	before := make(map[presence.Key]presence.Agent)
	turned := make(map[presence.Key]presence.Instant) // when an agent was no longer free
	for _, r := range s.records() {
		switch change := r.Event.Change.(type) {
		case presence.WorkReported:
			way := ways[change.Work.Interaction]
			if was := before[r.Key]; way == "" && !was.Offerable() && r.Event.At-turned[r.Key] > aMoment {
				races++
			}
			ways[change.Work.Interaction] = strings.TrimSpace(way + " " + string(change.Work.State))
		case presence.WorkEnded:
			ways[change.Work.Interaction] += " ended"
		case presence.SessionEnded:
			for _, work := range before[r.Key].Session.Work {
				ways[work.Interaction] += " lost"
			}
		}
		if was, is := before[r.Key], r.After; was.Offerable() && !is.Offerable() {
			turned[r.Key] = r.Event.At
		}
		before[r.Key] = r.After
	}
	return ways, races
}

// aMoment is how long a row and an offer are on their way, in milliseconds.
const aMoment = 500

// absence is a time for which a session's client was gone.
type absence struct {
	key     presence.Key
	length  time.Duration
	resumed bool // by the same session; else by another, or not at all
}

// absences are those that have ended.
func (s *server) absences() (all []absence) {
	gone := make(map[presence.Key]presence.Instant)
	for _, r := range s.records() {
		switch change := r.Event.Change.(type) {
		case presence.ConnectionChanged:
			since, was := gone[r.Key]
			switch {
			case change.Connection != presence.Live && !was:
				gone[r.Key] = r.Event.At
			case change.Connection == presence.Live && was:
				all = append(all, absence{r.Key, r.Event.At.Sub(since), true})
				delete(gone, r.Key)
			}
		case presence.SessionEnded:
			if since, was := gone[r.Key]; was {
				all = append(all, absence{r.Key, r.Event.At.Sub(since), false})
				delete(gone, r.Key)
			}
		}
	}
	return all
}

// changes counts the events of a kind since a time.
func (s *server) changes(of ...presence.Kind) (n int) {
	for _, r := range s.records() {
		for _, kind := range of {
			if r.Event.Change.Kind() == kind {
				n++
			}
		}
	}
	return n
}

func (s *server) live(t *testing.T) (live int) {
	t.Helper()
	for _, a := range s.now() {
		if a.Session != nil && a.Session.Connection == presence.Live {
			live++
		}
	}
	return live
}
