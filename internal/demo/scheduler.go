package demo

import (
	"context"
	"sync"
	"time"
)

// request asks the server something. It runs on a worker and touches nothing
// but what it was made with.
type request func(ctx context.Context) learn

// learn takes what a request brought. It runs where act does.
type learn func(now time.Time)

// workers is how many requests are under way at most.
const workers = 16

// scheduler gives every actor of a timetable its turns. Actors act and learn one
// at a time, in the goroutine that runs the scheduler; only their requests run
// beside each other. What browsers show by themselves is told in between.
type scheduler struct {
	timetable *timetable
	// after is called after an actor has acted or learned.
	after func(actor)

	asked    chan asked
	answered chan answered
	told     chan learn
	over     <-chan struct{}
	free     int
}

type asked struct {
	actor   actor
	request request
}

type answered struct {
	actor actor
	learn learn
}

// newScheduler returns a scheduler that is to run until over is closed.
func newScheduler(t *timetable, over <-chan struct{}, after func(actor)) *scheduler {
	return &scheduler{
		timetable: t,
		after:     after,
		asked:     make(chan asked),
		answered:  make(chan answered, workers), // so that no worker outstays the run
		told:      make(chan learn),
		over:      over,
		free:      workers,
	}
}

// tell has something learned that no request brought. It returns when somebody
// is about to, or when nobody learns any more. Any goroutine may call it but the
// one that runs the scheduler.
func (s *scheduler) tell(l learn) {
	select {
	case s.told <- l:
	case <-s.over:
	}
}

// run gives turns until the context ends, and returns when all workers have.
func (s *scheduler) run(ctx context.Context) {
	var running sync.WaitGroup
	for range workers {
		running.Go(func() { s.work(ctx) })
	}
	defer running.Wait()
	defer close(s.asked)

	for ctx.Err() == nil {
		s.giveTurns(ctx)
		s.await(ctx)
	}
}

func (s *scheduler) work(ctx context.Context) {
	for a := range s.asked {
		s.answered <- answered{a.actor, a.request(ctx)}
	}
}

// giveTurns lets everybody act whose turn has come, as long as there is a worker
// for their request.
func (s *scheduler) giveTurns(ctx context.Context) {
	for s.free > 0 && ctx.Err() == nil {
		now := time.Now()
		at, ok := s.timetable.next()
		if !ok || at.After(now) {
			return
		}
		a := s.timetable.take()
		r := a.act(now)
		if r == nil {
			s.release(a)
			continue
		}
		s.free--
		s.asked <- asked{a, r}
	}
}

// await returns when there is something to do: an answer, something that is
// told, or the next turn. What an answer says that comes after the end is that
// it has come.
func (s *scheduler) await(ctx context.Context) {
	var turn <-chan time.Time
	if at, ok := s.timetable.next(); ok && s.free > 0 {
		timer := time.NewTimer(time.Until(at))
		defer timer.Stop()
		turn = timer.C
	}
	select {
	case <-ctx.Done():
	case <-turn:
	case l := <-s.told:
		l(time.Now())
	case a := <-s.answered:
		if ctx.Err() != nil {
			return
		}
		s.free++
		a.learn(time.Now())
		s.release(a.actor)
	}
}

func (s *scheduler) release(a actor) {
	s.timetable.release(a)
	s.after(a)
}
