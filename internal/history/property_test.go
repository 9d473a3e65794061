package history_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/store/storetest"
)

func TestIntervalsTileEverySession(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		changes := record(storetest.NewRecorder(), annInNorth, storetest.DrawLife(r, ann, 40))
		of := make(map[presence.SessionID][]store.Interval)
		for _, interval := range foldAll(changes) {
			of[interval.Session] = append(of[interval.Session], interval)
		}
		for _, session := range sessionsOf(changes) {
			checkTiles(r, session, of[session.id])
			delete(of, session.id)
		}
		if len(of) != 0 {
			r.Fatalf("intervals of no session: %v", of)
		}
	})
}

// session is what the log says of one; to is 0 while it is live.
type session struct {
	id       presence.SessionID
	from, to presence.Instant
	silent   bool
}

func sessionsOf(changes []store.Change) []session {
	var sessions []session
	for _, change := range changes {
		for _, record := range change.Records {
			switch e := record.Event; changed := e.Change.(type) {
			case presence.SessionStarted:
				sessions = append(sessions, session{id: e.Session, from: e.At, silent: changed.Silent})
			case presence.SessionEnded:
				sessions[len(sessions)-1].to = e.At
			}
		}
	}
	return sessions
}

func checkTiles(r *rapid.T, s session, intervals []store.Interval) {
	if s.silent || s.from == s.to {
		if len(intervals) != 0 {
			r.Fatalf("a session without history has %v", intervals)
		}
		return
	}
	end, length := s.from, int64(0)
	for i, interval := range intervals {
		isLast := i == len(intervals)-1
		switch {
		case interval.From != end:
			r.Fatalf("after %s the next interval begins at %s", end, interval.From)
		case interval.To == 0 && (!isLast || s.to != 0):
			r.Fatalf("an interval that is not the last one of a live session is open: %v", interval)
		case interval.To == 0:
			return
		case interval.To <= interval.From:
			r.Fatalf("an interval lasts %s", interval.Duration())
		case interval.UnvouchedSince != 0:
			r.Fatalf("an interval that ended is in doubt: %v", interval)
		}
		end = interval.To
		length += interval.Duration().Milliseconds()
	}
	if end != s.to || length != s.to.Sub(s.from).Milliseconds() {
		r.Fatalf("the intervals reach from %s to %s and last %d ms in all; the session ended at %s", s.from, end, length, s.to)
	}
}

// Wherever the log is cut, whichever of two projectors goes on and whenever one
// begins anew, the intervals are those of folding it at once.
func TestProjectorLeavesNoTraceOfItsBatches(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		s := memory.New()
		projectors := []*history.Projector{newProjector(s, s), newProjector(s, s)}
		recorder := storetest.NewRecorder()
		lives := make(map[presence.AgentID][]store.Change)
		for range rapid.IntRange(1, 6).Draw(r, "batches") {
			for n := range rapid.IntRange(1, 3).Draw(r, "agents") {
				key := presence.Key{Tenant: north, Agent: presence.AgentID{UUID: presence.UUID{byte(n + 1)}}}
				life := record(recorder, key, storetest.DrawLife(r, key.Agent, 8))
				lives[key.Agent] = append(lives[key.Agent], life...)
				commit(t, s, life...)
			}
			turn := rapid.IntRange(0, 1).Draw(r, "projector")
			if rapid.IntRange(0, 2).Draw(r, "anew") == 0 {
				projectors[turn] = newProjector(s, s)
			}
			if rapid.Bool().Draw(r, "now") {
				catchUp(t, projectors[turn], north)
			}
		}
		catchUp(t, projectors[0], north)

		var want []store.Interval
		for _, life := range lives {
			want = append(want, foldAll(life)...)
		}
		if diff := difference(arranged(want), stored(t, s, north)); diff != "" {
			r.Fatalf("intervals (-folded at once +projected):\n%s", diff)
		}
	})
}

// Restarts of the server after which a client that was there is heard again,
// before anything else happens to it, are nowhere in the history.
func TestIntervalsHideRestartsThatTheAgentSurvived(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		life := storetest.DrawLife(r, ann, 25)
		undisturbed := record(storetest.NewRecorder(), annInNorth, life)

		recorder := storetest.NewRecorder()
		var disturbed []store.Change
		for _, step := range life {
			disturbed = append(disturbed, record(recorder, annInNorth, []storetest.Step{step})...)
			agent := recorder.Agent(annInNorth)
			if agent.Session != nil && agent.Session.Connection == presence.Live && rapid.Bool().Draw(r, "restart") {
				disturbed = append(disturbed, record(recorder, annInNorth, drawRestart(r, agent.LastAt))...)
			}
		}
		if diff := difference(foldAll(undisturbed), foldAll(disturbed)); diff != "" {
			r.Fatalf("intervals (-without +with restarts):\n%s", diff)
		}
	})
}

// drawRestart draws one or two restarts and the sign of life after them.
func drawRestart(r *rapid.T, now presence.Instant) []storetest.Step {
	restart := storetest.Step{Now: now, Command: func(presence.Agent) presence.Command {
		return presence.TakeLease{HeardAt: now - presence.Instant(rapid.IntRange(-5, 100_000).Draw(r, "heard ago"))}
	}}
	heard := storetest.Step{Now: now, Command: func(presence.Agent) presence.Command { return presence.Hear{} }}
	return append(slices.Repeat([]storetest.Step{restart}, rapid.IntRange(1, 2).Draw(r, "restarts")), heard)
}
