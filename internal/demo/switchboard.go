package demo

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/muster-presence/muster/api"
)

// routerName is the account of the simulated router.
const routerName = "router@demo.example"

const (
	// The switchboard looks every routeEvery of floor time who waits, but not
	// more often than soonestRoute and not more seldom than latestRoute.
	routeEvery                = 4 * time.Second
	soonestRoute, latestRoute = 200 * time.Millisecond, 2 * time.Second

	smallestPage, largestPage = 50, 1000
)

// switchboard is the simulated router: it brings callers and agents together who
// the server says may be offered work. It is an [actor].
//
// It gives calls to simulated agents only. People who log in to look on keep
// their presence to themselves.
type switchboard struct {
	floor   *floor
	jitter  dice
	callers callers

	badge   badge
	renewed bool // the badge, and nothing was accepted with it yet
	retry   backoff

	every  time.Duration // between two looks
	at     time.Time     // of the next look
	cursor string        // where it goes on, "" at the start of the floor

	// Once, when everybody is in, the switchboard ends what work a show before
	// this one left: nobody else will.
	clearAt     time.Time
	cleared     bool
	clearCursor string
}

func newSwitchboard(f *floor, agents int, pace float64, now time.Time) *switchboard {
	every := min(max(time.Duration(float64(routeEvery)/pace), soonestRoute), latestRoute)
	mean := time.Duration(float64(time.Second) / (callsPerAgentSecond * pace * float64(agents)))
	return &switchboard{
		floor:  f,
		jitter: newDice(f.seed, 2*uint64(agents)+1),
		callers: callers{
			dice: newDice(f.seed, 2*uint64(agents)), pace: pace, mean: mean,
			most: agents/4 + 4, next: now.Add(mean),
		},
		every: every, at: now, clearAt: now.Add(time.Duration(agents)*logInEvery + afterOpening),
	}
}

// afterOpening is how long after the last log-in of the opening everybody surely
// has a session.
const afterOpening = 10 * time.Second

func (s *switchboard) nextTurn() (time.Time, bool) { return latest(s.at, s.retry.until), true }

func (s *switchboard) act(now time.Time) request {
	if !s.badge.valid() {
		return s.logIn()
	}
	if !s.cleared && !now.Before(s.clearAt) && len(s.floor.reception.line) == 0 {
		return s.look(floorPage{cursor: s.clearCursor, limit: largestPage}, s.clear)
	}
	s.callers.arrive(now)
	if len(s.callers.waiting) == 0 {
		s.at = now.Add(s.every)
		return nil
	}
	limit := min(max(4*len(s.callers.waiting), smallestPage), largestPage)
	return s.look(floorPage{offerable: true, cursor: s.cursor, limit: limit}, s.route)
}

func (s *switchboard) logIn() request {
	desk := s.floor.desk
	return func(ctx context.Context) learn {
		got, err := desk.logInRouter(ctx, routerName)
		return func(now time.Time) {
			if err != nil {
				s.renewed = true // no other token will help
				s.fail(now, "router's log-in", err)
				return
			}
			s.badge, s.renewed = got, true
			s.retry.reset()
		}
	}
}

// renew gives up a badge that a request was refused with.
func (s *switchboard) renew(refused badge) {
	if s.badge.token == refused.token {
		s.badge = badge{}
	}
}

// look reads a page of the floor and does something with it.
func (s *switchboard) look(page floorPage, use func(now time.Time, found api.FloorPage)) request {
	desk, as := s.floor.desk, s.badge
	return func(ctx context.Context) learn {
		found, err := desk.floor(ctx, as, page)
		return func(now time.Time) {
			if err != nil {
				s.fail(now, "look at the floor", err)
				return
			}
			s.retry.reset()
			s.renewed = false
			use(now, found)
		}
	}
}

func (s *switchboard) fail(now time.Time, asked string, err error) {
	what, wait := judge(err)
	s.floor.complaints.add(now, asked, what, err)
	s.cursor, s.clearCursor = "", "" // a cursor may be what was wrong
	if what == tokenRefused && !s.renewed {
		s.badge = badge{}
		return
	}
	if what != unavailable {
		s.badge, wait = badge{}, max(wait, firstSetback)
	}
	s.retry.fail(now, wait, s.jitter)
}

// route gives those who wait to the agents on the page who are idle longest. The
// next look goes on behind the page, so that everybody on a large floor gets
// calls.
func (s *switchboard) route(now time.Time, page api.FloorPage) {
	s.at, s.cursor = now.Add(s.every), ""
	if page.Cursor != nil {
		s.cursor = *page.Cursor
	}
	idle := s.floor.idle(page.Rows)
	for _, row := range idle[:min(len(idle), len(s.callers.waiting))] {
		s.floor.begin(s.floor.staff[row.ResourceID], row, s.callers.take(), now)
	}
}

// clear ends the work on the page that is none of this show's.
func (s *switchboard) clear(now time.Time, page api.FloorPage) {
	for _, row := range page.Rows {
		seat := s.floor.staff[row.ResourceID]
		for _, work := range row.Work {
			if seat != nil && !s.floor.calls[work.InteractionID] {
				s.floor.clear(seat, row, work, now)
			}
		}
	}
	s.cleared = page.Cursor == nil
	if !s.cleared {
		s.clearCursor = *page.Cursor
	}
}

// idle returns the rows of simulated agents without a call, who have been ready
// without one for longest first.
func (f *floor) idle(rows []api.FloorRow) []api.FloorRow {
	idle := slices.DeleteFunc(slices.Clone(rows), func(row api.FloorRow) bool {
		seat := f.staff[row.ResourceID]
		return seat == nil || seat.calls > 0 || !row.Offerable
	})
	slices.SortStableFunc(idle, func(a, b api.FloorRow) int {
		return cmp.Compare(f.idleSince(a), f.idleSince(b))
	})
	return idle
}

func (f *floor) idleSince(row api.FloorRow) api.Time {
	since := api.TimeOf(f.staff[row.ResourceID].lastCallAt)
	if row.StateSince != nil {
		since = max(since, *row.StateSince)
	}
	return since
}
