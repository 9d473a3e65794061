package demo

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
)

func TestStay_GoesOnWithWhatWouldHaveComeNext(t *testing.T) {
	t.Parallel()
	const agents, pace = 20, 8
	past := NewPast(agents, 1, pastBegan, pastEnded, someReasons)
	next := make(map[int]Moment) // of who is in a session, had the past gone on
	for _, m := range NewPast(agents, 1, pastBegan, pastEnded.Add(3*time.Hour), someReasons).Moments() {
		if _, known := next[m.Agent]; !known && !m.At.Before(pastEnded) {
			next[m.Agent] = m
		}
	}
	stayed := 0
	for agent := range agents {
		p, _ := past.handOver(agent, pace)
		for p.place != atDesk {
			p.done(p.next())
		}
		what := p.next()
		if what.deed != takeUp {
			continue
		}
		p.done(what)
		if what = p.next(); !what.deed.changesPresence() {
			continue // nobody sees a browser die, nor in the past that one has come back
		}
		stayed++
		if late := what.after*pace - next[agent].At.Sub(pastEnded); late.Abs() > time.Microsecond {
			t.Errorf("agent %d intends to %s in %s of the floor's time, and in the past did so in %s", agent, what.deed, what.after*pace, next[agent].At.Sub(pastEnded))
		}
	}
	if stayed < agents/2 {
		t.Errorf("%d agents of %d stayed in a session", stayed, agents)
	}
}

// newServerWithAPast starts a server whose agents have lived through two hours.
func newServerWithAPast(t *testing.T, agents int) (*server, *Past) {
	t.Helper()
	s := newServer(t, agents)
	s.stop()
	past := s.carryOut(NewPast(agents, 1, time.Now().Add(-2*time.Hour), time.Now(), func(int) []api.ReasonList { return nil }))
	s.start()
	return s, past
}

// Whoever opens the floor after seconds sees people who have been there for a while, and a curve that goes on.
func TestStay_IsTakenUpAsIfNothingHadHappened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 24
		s, past := newServerWithAPast(t, agents)
		before := s.now()
		began := presence.InstantOf(time.Now())
		_, log := s.play(evening{rate: 2, length: 5 * time.Second, past: past})

		there, same := 0, 0
		for key, was := range before {
			if was.Session == nil {
				continue
			}
			there++
			if is := s.now()[key].Session; is != nil && is.ID == was.Session.ID && is.Connection == presence.Live && is.StateSince == was.Session.StateSince {
				same++
			}
		}
		if there < agents*2/3 || same < there*3/4 {
			t.Errorf("%d agents were there before, and %d of them are in the state of then", there, same)
		}
		points, err := history.NewQueries(history.NewProjector(s.kept, s.kept, nil), s.kept).Counts(t.Context(), s.tenant, began.Add(-time.Minute), began.Add(5*time.Second), time.Second)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range points {
			if here := p.Ready + p.NotReady; here < there-2 || here > there+2 || p.Unknown > 0 {
				t.Errorf("%s after the show began %d were there, %d of them ready, and %d unknown", p.At.Sub(began), here, p.Ready, p.Unknown)
			}
		}
		if log != "" {
			t.Errorf("logged:\n%s", log)
		}
		s.noWrong()
	})
}

// Nobody is to be taken for being in a session that has ended meanwhile.
func TestStay_ThatHasEndedIsFollowedByASessionOfTheShow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const agents = 8
		s, past := newServerWithAPast(t, agents)
		time.Sleep(endAfter + time.Minute)
		for key, agent := range s.now() {
			if agent.Session != nil {
				t.Fatalf("%s is still there", key.Agent)
			}
		}
		stats, log := s.play(evening{rate: 1, length: 20 * time.Second, past: past})
		if live := s.live(t); stats.LoggedIn < agents/2 || live != stats.LoggedIn {
			t.Errorf("%d are live: %s", live, stats)
		}
		if log != "" {
			t.Errorf("logged:\n%s", log)
		}
		s.noWrong()
	})
}

// carryOut lets an engine commit a past while no process runs.
func (s *server) carryOut(past *Past) *Past {
	s.t.Helper()
	var clock atomic.Pointer[time.Time]
	e := engine.New(engine.Options{Storage: s.kept, Directory: s.kept, Bus: new(local.Bus), Wall: func() time.Time { return *clock.Load() }})
	e.Deafen()
	ctx, stop := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	open := make(map[presence.Key]presence.SessionID)
	for _, m := range past.Moments() {
		user, err := s.kept.UserByName(s.t.Context(), Username(m.Agent, 1))
		if err != nil {
			s.t.Fatal(err)
		}
		clock.Store(&m.At)
		key := presence.Key{Tenant: s.tenant, Agent: user.ID}
		answer, err := e.Do(s.t.Context(), engine.Request{Key: key, Command: commandOf(m, presence.Actor{Cause: presence.ByAgent, ID: user.ID})})
		if err != nil {
			s.t.Fatal(err)
		}
		if m.Began {
			past.Began(m.Agent, answer.Agent.Session.ID.String())
		}
		delete(open, key)
		if answer.Agent.Session != nil {
			open[key] = answer.Agent.Session.ID
		}
	}
	clock.Store(new(time.Now()))
	for key, session := range open {
		if _, err := e.Heartbeat(s.t.Context(), key, session); err != nil {
			s.t.Fatal(err)
		}
	}
	stop()
	if err := <-ended; err != nil {
		s.t.Fatal(err)
	}
	return past
}

func commandOf(m Moment, by presence.Actor) presence.Command {
	switch {
	case m.Began:
		return presence.StartSession{By: by, Random: engine.NewSessionRandom()}
	case m.Direction != "":
		return presence.SetDirection{By: by, Direction: presence.Direction(m.Direction)}
	case m.State == api.StateReady:
		return presence.GoReady{By: by, HasExtension: true}
	case m.State == api.StateOffline:
		return presence.GoOffline{By: by}
	}
	return presence.GoNotReady{By: by}
}
