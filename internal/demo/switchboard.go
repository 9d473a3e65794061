package demo

import (
	"context"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// routerName is the account of the simulated router.
const routerName = "router@demo.example"

// How long the router leaves a server alone that refused it.
const shortestRefusal, longestRefusal = 20 * time.Second, time.Minute

// switchboard is the simulated router: it watches the floor and brings callers
// and those agents together who the server says may be offered work. It is an
// [actor]; watch runs beside it and tells it what it sees.
//
// It gives calls to simulated agents only. People who log in to look on keep
// their presence to themselves.
type switchboard struct {
	floor   *floor
	jitter  dice // of watch
	callers callers
	// lasting is how many lasting calls are open, of mostLasting wanted.
	lasting, mostLasting int
	lengths              dice // of lasting calls

	router *browser // nil while it is not logged in
	// rows are what the router sees of the floor, and free those of them that may
	// be offered work. Neither is worth anything while it is not connected.
	rows, free map[string]*api.FloorRow
	connected  bool
	roused     bool // somebody waits, and the floor has changed
}

func newSwitchboard(f *floor, agents int, pace float64, now time.Time) *switchboard {
	mean := time.Duration(float64(time.Second) / (callsPerAgentSecond * pace * float64(agents)))
	return &switchboard{
		floor:  f,
		jitter: newDice(f.seed, 2*uint64(agents)+1),
		callers: callers{
			dice: newDice(f.seed, 2*uint64(agents)), pace: pace, mean: mean,
			most: agents/4 + 4, next: now.Add(mean),
		},
		mostLasting: min((agents+agentsPerLasting/2)/agentsPerLasting, mostLasting),
		lengths:     newDice(f.seed, 2*uint64(agents)+2),
		rows:        make(map[string]*api.FloorRow), free: make(map[string]*api.FloorRow),
	}
}

// watch keeps the router logged in and the floor in its view until the context
// ends. The SDK rides out whatever passes; what it gives up on was refused.
func (s *switchboard) watch(ctx context.Context) {
	for {
		err := s.watchOnce(ctx)
		if ctx.Err() != nil {
			return
		}
		s.floor.complaints.add(time.Now(), "watch the floor", judge(err), err)
		rest := time.NewTimer(s.jitter.between(shortestRefusal, longestRefusal))
		select {
		case <-rest.C:
		case <-ctx.Done():
			rest.Stop()
			return
		}
	}
}

func (s *switchboard) watchOnce(ctx context.Context) error {
	router, err := s.floor.clients.logIn(ctx, visitor{username: routerName, patience: routerPatience})
	if err != nil {
		return err
	}
	defer s.floor.clients.close(router)
	tell := s.floor.scheduler.tell
	tell(func(time.Time) { s.router = router })
	defer tell(func(time.Time) { s.router, s.connected = nil, false })
	for update, err := range router.client.Floor.Watch(ctx, sdk.WatchParams{TenantID: router.tenant}) {
		if err != nil {
			return err
		}
		tell(func(now time.Time) { s.see(update, now) })
	}
	return nil
}

// see takes what has changed on the floor.
func (s *switchboard) see(update sdk.FloorUpdate, now time.Time) {
	if update.Reset {
		clear(s.rows)
		clear(s.free)
	}
	s.connected = update.Connected
	for _, row := range update.Rows {
		s.rows[row.ResourceID] = row
		if row.Offerable {
			s.free[row.ResourceID] = row
		} else {
			delete(s.free, row.ResourceID)
		}
		s.sweep(row.ResourceID, now)
	}
	s.rouse()
}

// rouse has the switchboard look who is free now, if anybody waits.
func (s *switchboard) rouse() {
	s.roused = len(s.callers.waiting) > 0
	s.floor.timetable.enter(s)
}

// sweep ends the work that a show before this one left to an agent, as soon as
// the agent has come and the router sees them: nobody else will.
func (s *switchboard) sweep(user string, now time.Time) {
	row, seat := s.rows[user], s.floor.staff[user]
	if row == nil || seat == nil || seat.swept {
		return
	}
	seat.swept = true
	for _, left := range row.Work {
		s.floor.finish(seat, row, left, now)
	}
}

func (s *switchboard) nextTurn() (time.Time, bool) {
	if s.roused {
		return time.Time{}, true
	}
	return s.callers.next, true
}

// act gives those who wait to the agents who are idle longest.
func (s *switchboard) act(now time.Time) request {
	s.roused = false
	s.callers.arrive(now)
	for s.connected && len(s.callers.waiting) > 0 {
		seat, row := s.idlest()
		if seat == nil {
			break
		}
		s.floor.begin(seat, row, s.prolong(s.callers.take()), now)
	}
	return nil
}

// prolong makes a call a lasting one, if there are too few.
func (s *switchboard) prolong(how script) script {
	if s.lasting >= s.mostLasting {
		return how
	}
	s.lasting++
	how.lasting, how.answered = true, true
	how.talk = max(how.talk, s.lengths.between(shortestLasting, longestLasting))
	return how
}

// idlest is the simulated agent who has been free without a call for longest,
// nil for none.
func (s *switchboard) idlest() (idle *seat, of *api.FloorRow) {
	var longest api.Time
	for user, row := range s.free {
		seat := s.floor.staff[user]
		if seat == nil || seat.calls > 0 {
			continue
		}
		since := idleSince(seat, row)
		if idle == nil || since < longest || since == longest && user < of.ResourceID {
			idle, of, longest = seat, row, since
		}
	}
	return idle, of
}

func idleSince(s *seat, row *api.FloorRow) api.Time {
	since := api.TimeOf(s.lastCallAt)
	if row.StateSince != nil {
		since = max(since, *row.StateSince)
	}
	return since
}
