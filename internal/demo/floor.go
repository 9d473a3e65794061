package demo

import (
	"context"
	"time"
)

// How busy a floor is at pace 1, measured over many shifts; a test holds the
// figures to the habits they come from.
const (
	// callsPerAgentSecond keeps agents on calls for seven tenths of the time that
	// they are ready.
	callsPerAgentSecond = 0.0014
	// changesPerAgentSecond counts what [Stats.Changes] counts.
	changesPerAgentSecond = 0.0065
)

// floor is everything that the people of a show share. It belongs to the
// goroutine that runs the scheduler, but for the board.
type floor struct {
	seed        uint64
	desk        desk
	timetable   *timetable
	board       *board
	complaints  *complaints
	reception   *reception
	switchboard *switchboard
	staff       map[string]*seat // by user id, from the first log-in on
	calls       map[string]bool  // interactions that have not ended
}

// open runs a floor with that many agents until the context ends.
func (f *floor) open(ctx context.Context, agents int, pace float64) {
	now := time.Now()
	f.timetable = newTimetable()
	f.reception = &reception{timetable: f.timetable}
	f.staff, f.calls = make(map[string]*seat), make(map[string]bool)
	for i := range agents {
		s := newSeat(f, i, pace, now)
		f.timetable.enter(s)
		f.count(s)
	}
	if agents > 0 {
		f.switchboard = newSwitchboard(f, agents, pace, now)
		f.timetable.enter(f.switchboard)
	}
	newScheduler(f.timetable, f.count).run(ctx)
}

// count brings the board up to date with an agent.
func (f *floor) count(a actor) {
	if s, ok := a.(*seat); ok {
		look := s.look()
		f.board.replace(s.counted, look)
		s.counted = look
	}
}

// employ makes a seat known by its agent's id.
func (f *floor) employ(user string, s *seat) { f.staff[user] = s }

// ring begins a call at its agent's seat.
func (f *floor) ring(c *call) {
	f.calls[c.interaction] = true
	c.seat.callBegan()
	f.count(c.seat)
	f.timetable.enter(c)
}

// hangUp ends it there.
func (f *floor) hangUp(c *call, now time.Time) {
	delete(f.calls, c.interaction)
	c.seat.callEnded(now)
	f.count(c.seat)
	f.timetable.enter(c.seat)
}
