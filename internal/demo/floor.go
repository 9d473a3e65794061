package demo

import (
	"context"
	"sync"
	"time"

	"github.com/muster-presence/muster/api"
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
// goroutine that runs the scheduler, but for the clients, the board and the
// complaints.
type floor struct {
	seed        uint64
	past        *Past // nil for none
	clients     *clients
	timetable   *timetable
	scheduler   *scheduler
	board       *board
	complaints  *complaints
	reception   *reception
	switchboard *switchboard
	staff       map[string]*seat // by user id, from the first log-in on
}

// open runs a floor with that many agents until the context ends, and closes
// what they have open.
func (f *floor) open(ctx context.Context, agents int, pace float64) {
	now := time.Now()
	f.timetable = newTimetable()
	f.scheduler = newScheduler(f.timetable, ctx.Done(), f.count)
	f.reception.timetable = f.timetable
	f.staff = make(map[string]*seat)
	for i := range agents {
		s := newSeat(f, i, pace, now)
		f.timetable.enter(s)
		f.count(s)
	}
	var watching sync.WaitGroup
	if agents > 0 {
		f.switchboard = newSwitchboard(f, agents, pace, now)
		f.timetable.enter(f.switchboard)
		watching.Go(func() { f.switchboard.watch(ctx) })
	}
	f.scheduler.run(ctx)
	watching.Wait()
	f.clients.closeAll()
}

// refresh takes account of what has happened to an agent.
func (f *floor) refresh(s *seat) {
	f.timetable.enter(s)
	f.count(s)
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
func (f *floor) employ(user string, s *seat, now time.Time) {
	f.staff[user] = s
	f.switchboard.sweep(user, now)
}

// begin gives the agent of a row a call. Agents who take only what they start
// themselves are not offered it: they are on it at once.
func (f *floor) begin(s *seat, row *api.FloorRow, how script, now time.Time) {
	c := &call{
		floor: f, seat: s, agent: row.ResourceID, interaction: newInteraction(),
		direction: row.Direction, script: how, due: now,
	}
	if row.Direction == api.DirectionAgentInitiated {
		c.step = toAnswer
	}
	f.ring(c)
}

// finish ends work that a show before this one left behind.
func (f *floor) finish(s *seat, row *api.FloorRow, left api.Work, now time.Time) {
	f.ring(&call{
		floor: f, seat: s, agent: row.ResourceID, interaction: left.InteractionID,
		direction: left.Direction, step: toEnd, due: now,
	})
}

// ring begins a call at its agent's seat.
func (f *floor) ring(c *call) {
	c.seat.callBegan()
	f.count(c.seat)
	f.timetable.enter(c)
}

// hangUp ends it there.
func (f *floor) hangUp(c *call, now time.Time) {
	if c.script.lasting {
		f.switchboard.lasting--
	}
	c.seat.callEnded(now)
	f.refresh(c.seat)
	f.switchboard.rouse() // the floor may have shown it before the router's request was answered
}
