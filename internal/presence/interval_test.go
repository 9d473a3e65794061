package presence

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// interval is a time during which a session's visible state, reason and
// direction were the same.
type interval struct {
	Session   SessionID
	From, To  Instant
	State     State
	Reason    Reason
	Direction Direction
}

// The agents tell since when they are what they are, the events when they came:
// both must give the same intervals, and these must fill each session exactly.
func TestIntervalsTileEachSession(t *testing.T) {
	t.Parallel()
	everyLife(t, func(t *rapid.T, life []step) {
		told, seen := intervalsTold(life), intervalsSeen(life)
		if difference := cmp.Diff(seen, told); difference != "" {
			t.Fatalf("stateSince and directionSince do not agree with the events:\n%s", difference)
		}
		lengths := sessionLengths(life)
		for i, part := range told {
			if part.To <= part.From {
				t.Fatalf("interval %+v has no length", part)
			}
			if i > 0 && told[i-1].Session == part.Session && told[i-1].To != part.From {
				t.Fatalf("between %s and %s is a gap or an overlap", told[i-1].To, part.From)
			}
			lengths[part.Session] -= part.To.Sub(part.From)
		}
		for session, rest := range lengths {
			if rest != 0 {
				t.Fatalf("the intervals of session %s miss its length by %s", session, rest)
			}
		}
	})
}

// intervalsTold takes the beginnings from the folded agents alone.
func intervalsTold(life []step) []interval {
	var list []interval
	open := interval{}
	visit(life, func(e Event, _, after Agent) {
		s := after.Session
		if s == nil {
			list = closed(list, open, after.Ended.At)
			open = interval{}
			return
		}
		now := interval{
			Session: s.ID, From: max(s.StateSince, s.DirectionSince),
			State: after.State(), Reason: after.Reason(), Direction: s.Direction,
		}
		if !open.Session.IsZero() && now != open {
			list = closed(list, open, now.From)
		}
		open = now
	})
	return list
}

// intervalsSeen takes the beginnings from the events at which something visible
// changed.
func intervalsSeen(life []step) []interval {
	var list []interval
	open := interval{}
	visit(life, func(e Event, before, after Agent) {
		now := interval{State: after.State(), Reason: after.Reason()}
		if after.Session != nil {
			now.Session, now.Direction = after.Session.ID, after.Session.Direction
		}
		now.From = open.From
		if now == open {
			return
		}
		if before.Session != nil {
			list = closed(list, open, e.At)
		}
		now.From = e.At
		open = now
	})
	return list
}

// closed adds an interval that has ended; what lasted less than a millisecond
// was none.
func closed(list []interval, i interval, to Instant) []interval {
	i.To = to
	if i.To == i.From {
		return list
	}
	return append(list, i)
}

// sessionLengths are the lengths of the sessions that have ended, and those of
// the live one's intervals that have.
func sessionLengths(life []step) map[SessionID]time.Duration {
	lengths := map[SessionID]time.Duration{}
	began := map[SessionID]Instant{}
	visit(life, func(e Event, before, after Agent) {
		switch e.Change.(type) {
		case SessionStarted:
			began[e.Session] = e.At
		case SessionEnded:
			lengths[e.Session] = e.At.Sub(began[e.Session])
		default:
			s := after.Session
			lengths[e.Session] = max(s.StateSince, s.DirectionSince).Sub(began[e.Session])
		}
	})
	return lengths
}

func visit(life []step, each func(e Event, before, after Agent)) {
	for _, s := range life {
		for i, e := range s.events {
			each(e, s.previous(i), s.folded[i])
		}
	}
}

// The time that nobody vouches for becomes an interval of its own, so it must
// not reach into one that has ended.
func TestUnvouchedTimeBeginsWithinTheOpenInterval(t *testing.T) {
	t.Parallel()
	everyStep(t, func(t *rapid.T, s step) {
		for i, e := range s.events {
			before, after := s.previous(i).Session, s.folded[i].Session
			if _, taken := e.Change.(LeaseTaken); !taken || before.Held != nil || before.UnvouchedSince != 0 {
				continue
			}
			since := after.UnvouchedSince
			if since < before.StateSince || since < before.DirectionSince || since > e.At {
				t.Fatalf("unvouched since %s, the open interval is of %s and %s, the lease was taken at %s",
					since, before.StateSince, before.DirectionSince, e.At)
			}
		}
	})
}
