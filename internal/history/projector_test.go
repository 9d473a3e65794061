package history_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/store/storetest"
)

// faulty lets the writing of intervals fail, and counts how often it succeeds.
type faulty struct {
	store.Intervals
	mu      sync.Mutex // guards the fields below
	fail    error
	asked   int
	written int
}

func (f *faulty) Project(ctx context.Context, p store.Projection) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.fail != nil {
		return f.fail
	}
	f.written++
	return f.Intervals.Project(ctx, p)
}

func (f *faulty) failWith(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail = err
}

func (f *faulty) counts() (asked, written int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked, f.written
}

// running runs a projector until the test ends.
func running(t *testing.T, p *history.Projector) {
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("the projector ends with %v", err)
		}
	})
}

func wantPlace(t *testing.T, s store.Intervals, tenant presence.TenantID, want store.Seq) {
	t.Helper()
	got, err := s.Projected(t.Context(), tenant)
	if err != nil || got != want {
		t.Errorf("projected up to %d, %v; want %d", got, err, want)
	}
}

func TestProjector_ProjectsWhatWasLoggedBeforeItBegan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		recorder := storetest.NewRecorder()
		commit(t, s, record(recorder, annInNorth, []storetest.Step{at{0, begins}.step()})...)
		commit(t, s, record(recorder, presence.Key{Tenant: south, Agent: ann}, []storetest.Step{at{0, begins}.step()})...)
		running(t, newProjector(s, s))
		time.Sleep(time.Second)
		wantPlace(t, s, north, 1)
		wantPlace(t, s, south, 1)
	})
}

func TestProjector_GathersABurst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		intervals := &faulty{Intervals: s}
		p := newProjector(s, intervals)
		running(t, p)
		recorder := storetest.NewRecorder()
		for n := range 100 {
			commit(t, s, record(recorder, annInNorth, []storetest.Step{at{time.Duration(n) * time.Second, begins}.step()})...)
			p.Notify(north)
			time.Sleep(time.Millisecond)
		}
		time.Sleep(time.Second)
		wantPlace(t, s, north, 199) // every session but the first ends one
		if _, written := intervals.counts(); written != 25 {
			t.Errorf("199 records within 100 ms made %d projections, want 25 of at most 8", written)
		}
	})
}

func TestProjector_TakesLargeStepsOnlyWhileItIsFarBehind(t *testing.T) {
	t.Parallel()
	s := memory.New()
	intervals := &faulty{Intervals: s}
	commitSessions(t, s, 1024+10*64)
	catchUp(t, newProjector(s, intervals), north)
	wantPlace(t, s, north, 1024+10*64)
	if _, written := intervals.counts(); written != 10+128 {
		t.Errorf("1,664 records made %d batches, want 10 of 64 and 128 of 8", written)
	}
}

func TestProjector_SpreadsItsStepsBetweenTheChanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		intervals := &faulty{Intervals: s}
		p := newProjector(s, intervals)
		commitSessions(t, s, 800)
		running(t, p)
		time.Sleep(250*time.Millisecond + 40*time.Millisecond)
		if _, written := intervals.counts(); written < 8 || written > 11 {
			t.Errorf("40 ms after it began, %d steps were written, want one each 4 ms", written)
		}
		time.Sleep(time.Second)
		wantPlace(t, s, north, 800)
	})
}

func TestProjector_DoesNotLetWhoAsksWaitForItsPauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		p := newProjector(s, s)
		commitSessions(t, s, 800)
		running(t, p)
		time.Sleep(250*time.Millisecond + 10*time.Millisecond) // it is on its way
		began := time.Now()
		catchUp(t, p, north)
		if took := time.Since(began); took != 0 {
			t.Errorf("catching up waited %v for pauses", took)
		}
		wantPlace(t, s, north, 800)
	})
}

// commitSessions begins a session for each of n agents.
func commitSessions(t *testing.T, s *memory.Store, n int) {
	t.Helper()
	recorder := storetest.NewRecorder()
	for n := range n {
		key := presence.Key{Tenant: north, Agent: presence.AgentID{UUID: presence.UUID{14: byte(n >> 8), 15: byte(n)}}}
		commit(t, s, record(recorder, key, []storetest.Step{at{0, begins}.step()})...)
	}
}

func TestProjector_GoesOnWhenTheStoreIsAvailableAgain(t *testing.T) {
	t.Parallel()
	for _, broken := range []error{&store.Unavailable{Reason: "the disk is full"}, errors.New("something nobody thought of")} {
		t.Run(fmt.Sprintf("%T", broken), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := memory.New()
				intervals := &faulty{Intervals: s}
				p := newProjector(s, intervals)
				running(t, p)
				commit(t, s, record(storetest.NewRecorder(), annInNorth, []storetest.Step{at{0, begins}.step(), at{time.Minute, ready}.step()})...)
				intervals.failWith(broken)
				p.Notify(north)
				time.Sleep(time.Minute)
				wantPlace(t, s, north, 0)
				if asked, _ := intervals.counts(); asked < 5 || asked > 15 {
					t.Errorf("%d attempts in a minute", asked)
				}
				intervals.failWith(nil)
				time.Sleep(11 * time.Second) // longer than the longest pause
				wantPlace(t, s, north, 2)
			})
		})
	}
}

func TestProjector_StartsThoughTheStoreIsUnavailable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		commit(t, s, record(storetest.NewRecorder(), annInNorth, []storetest.Step{at{0, begins}.step()})...)
		log := &closedLog{Log: s, closed: true}
		running(t, newProjector(log, s))
		time.Sleep(time.Minute)
		log.open()
		time.Sleep(11 * time.Second)
		wantPlace(t, s, north, 1)
	})
}

// closedLog lists no tenants until it is opened.
type closedLog struct {
	store.Log
	mu     sync.Mutex // guards the field below
	closed bool
}

func (l *closedLog) open() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = false
}

func (l *closedLog) LoggedTenants(ctx context.Context) ([]presence.TenantID, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, &store.Unavailable{Reason: "closed"}
	}
	return l.Log.LoggedTenants(ctx)
}

func TestProjector_EndsWhileTheStoreIsUnavailable(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		running(t, newProjector(&closedLog{Log: s, closed: true}, s))
		time.Sleep(time.Second)
	})
}

func TestCatchUp_SaysWhyItCannot(t *testing.T) {
	t.Parallel()
	s := memory.New()
	commit(t, s, record(storetest.NewRecorder(), annInNorth, []storetest.Step{at{0, begins}.step()})...)
	intervals := &faulty{Intervals: s}
	intervals.failWith(&store.Unavailable{Reason: "the disk is full"})
	p := newProjector(s, intervals)
	if err := p.CatchUp(t.Context(), north); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("catch up: %v, want %v", err, store.ErrUnavailable)
	}
	intervals.failWith(nil)
	catchUp(t, p, north)
	wantPlace(t, s, north, 1)
}

func TestCatchUp_DoesNotRepeatForEverWhatNobodyElseDid(t *testing.T) {
	t.Parallel()
	s := memory.New()
	commit(t, s, record(storetest.NewRecorder(), annInNorth, []storetest.Step{at{0, begins}.step()})...)
	intervals := &faulty{Intervals: s}
	intervals.failWith(store.ErrStale)
	if err := newProjector(s, intervals).CatchUp(t.Context(), north); !errors.Is(err, store.ErrStale) {
		t.Errorf("catch up: %v, want %v", err, store.ErrStale)
	}
}

func TestCatchUp_WaitsNoLongerThanItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := memory.New()
		commit(t, s, record(storetest.NewRecorder(), annInNorth, []storetest.Step{at{0, begins}.step()})...)
		slow := &slowIntervals{Intervals: s, release: make(chan struct{})}
		p := newProjector(s, slow)
		first := make(chan error, 1)
		go func() { first <- p.CatchUp(t.Context(), north) }()
		synctest.Wait()
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if err := p.CatchUp(ctx, north); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("catch up beside a slow one: %v", err)
		}
		close(slow.release)
		if err := <-first; err != nil {
			t.Errorf("the slow one: %v", err)
		}
	})
}

// slowIntervals write only when released.
type slowIntervals struct {
	store.Intervals
	release chan struct{}
}

func (s *slowIntervals) Project(ctx context.Context, p store.Projection) error {
	<-s.release
	return s.Intervals.Project(ctx, p)
}

// An interval that is stored open and turns out to have no length goes, though
// another agent's, of the same beginning, stays.
func TestProjector_DropsAnOpenIntervalWithoutLength(t *testing.T) {
	t.Parallel()
	s := memory.New()
	p := newProjector(s, s)
	recorder := storetest.NewRecorder()
	bobInNorth := presence.Key{Tenant: north, Agent: presence.AgentID{UUID: presence.UUID{7}}}
	for _, key := range []presence.Key{annInNorth, bobInNorth} {
		commit(t, s, record(recorder, key, []storetest.Step{at{0, begins}.step()})...)
	}
	catchUp(t, p, north)
	commit(t, s, record(recorder, annInNorth, []storetest.Step{at{0, ends}.step()})...)
	commit(t, s, record(recorder, bobInNorth, []storetest.Step{at{time.Minute, ends}.step()})...)
	catchUp(t, p, north)
	want := []span{{0, 1, isNotReady, loggedIn, presence.Inbound, presence.ByAgent, 0}}
	if diff := difference(want, spansOf(stored(t, s, north))); diff != "" {
		t.Errorf("intervals (-want +got):\n%s", diff)
	}
}

// Several nodes may project the same tenant: the intervals are those of one.
func TestProjectors_ShareATenant(t *testing.T) {
	t.Parallel()
	s := memory.New()
	recorder := storetest.NewRecorder()
	var changes []store.Change
	for n := range 300 {
		after := time.Duration(n) * time.Minute
		changes = append(changes, record(recorder, annInNorth, []storetest.Step{
			at{after, begins}.step(), at{after + time.Second, ready}.step(), at{after + 2*time.Second, ends}.step(),
		})...)
	}
	var group sync.WaitGroup
	var errs [3]error
	for i := range errs {
		p := newProjector(s, s)
		group.Go(func() {
			for range 50 {
				if err := p.CatchUp(t.Context(), north); err != nil {
					errs[i] = err
				}
			}
		})
	}
	for _, change := range changes {
		commit(t, s, change)
	}
	group.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	catchUp(t, newProjector(s, s), north)
	if diff := difference(foldAll(changes), stored(t, s, north)); diff != "" {
		t.Errorf("intervals (-folded at once +projected by three):\n%s", diff)
	}
}
