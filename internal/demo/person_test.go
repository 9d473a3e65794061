package demo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/muster-presence/muster/api"
)

// lived is something that a person did, and when.
type lived struct {
	At   time.Duration // since the beginning
	What intention
}

var compareLives = cmp.AllowUnexported(intention{})

// live lets somebody live for so long in a world where everything succeeds.
func live(p *person, length time.Duration) []lived {
	var life []lived
	for at := time.Duration(0); ; {
		what := p.next()
		at += what.after
		if at > length {
			return life
		}
		life = append(life, lived{at, what})
		p.done(what)
	}
}

func TestPerson_TheSameSeedDecidesTheSame(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	first, again := live(newPerson(7, 3, 1), day), live(newPerson(7, 3, 1), day)
	if diff := cmp.Diff(first, again, compareLives); diff != "" {
		t.Errorf("two lives of one seed differ (-first +again):\n%s", diff)
	}
	if cmp.Equal(first, live(newPerson(8, 3, 1), day), compareLives) {
		t.Error("another seed lives the same life")
	}
	if cmp.Equal(first, live(newPerson(7, 4, 1), day), compareLives) {
		t.Error("another person lives the same life")
	}
}

func TestPerson_PaceChangesHowFastPeopleLiveAndNothingElse(t *testing.T) {
	t.Parallel()
	slow, fast := live(newPerson(1, 1, 1), 48*time.Hour), live(newPerson(1, 1, 10), 48*time.Hour)
	if len(fast) < len(slow)*5 {
		t.Fatalf("ten times as fast, %d deeds became %d", len(slow), len(fast))
	}
	onlyDeeds := cmpopts.IgnoreFields(intention{}, "after")
	for i, then := range slow {
		if diff := cmp.Diff(then.What, fast[i].What, compareLives, onlyDeeds); diff != "" {
			t.Fatalf("deed %d is another (-slow +fast):\n%s", i, diff)
		}
		afterOutage := i > 0 && slow[i-1].What.deed == loseBrowser
		scale := time.Duration(10)
		if afterOutage {
			scale = 1 // browsers and the server's patience are in the time of the clock
		}
		if got, want := fast[i].What.after*scale, then.What.after; (got - want).Abs() > time.Microsecond {
			t.Fatalf("deed %d, %s, comes after %s, not %s", i, then.What.deed, got/scale, want/scale)
		}
	}
}

func TestPerson_ADayIsPlausible(t *testing.T) {
	t.Parallel()
	const people, day = 300, 24 * time.Hour
	var inSession, ready, shifts, lunches, deaths, breaks, turns float64
	for i := range uint64(people) {
		life := live(newPerson(1, i, 1), day)
		var was place
		var since time.Duration
		p := newPerson(1, i, 1)
		for _, then := range life {
			p.next()
			switch was = p.place; was {
			case working:
				ready += float64(then.At - since)
				fallthrough
			case arrived, paused:
				inSession += float64(then.At - since)
			}
			p.done(then.What)
			since = then.At
			switch then.What.deed {
			case logOut:
				shifts++
			case loseBrowser:
				deaths++
			case changeDirection:
				turns++
			case goNotReady:
				breaks++
				if then.What.purpose == lunch {
					lunches++
				}
			}
		}
	}
	within := func(what string, got, low, high float64) {
		t.Helper()
		if got < low || got > high {
			t.Errorf("%s: %.2f, not from %.2f to %.2f", what, got, low, high)
		}
	}
	within("part of the day in a session", inSession/people/float64(day), 0.80, 0.95)
	within("part of the session ready", ready/inSession, 0.55, 0.80)
	within("log-outs a day", shifts/people, 3.5, 6.5)
	within("lunches a shift", lunches/shifts, 0.75, 1.1)
	within("breaks of all kinds a shift", breaks/shifts, 5, 12)
	within("deaths of a browser in a day", deaths/people, 1, 6)
	within("changes of direction a shift", turns/shifts, 0.5, 3)
}

// outcomes that the world can have for what somebody intends.
const (
	isDone = iota
	isRefused
	isHeld
	isThrownOut
	isSuperseded
	isFresh // another session in the place of the one to come back to
)

func TestPerson_DoesNothingThatTheirSituationDoesNotAllow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := newPerson(rapid.Uint64().Draw(t, "seed"), 0, 1)
		var token, session, ready, browserDead, stays bool
		var direction api.Direction
		if rapid.Bool().Draw(t, "has a past") {
			p.lived(0, pastBegan, pastBegan.Add(time.Duration(rapid.IntRange(1, 600).Draw(t, "minutes"))*time.Minute), choices{})
			if p.stay != nil { // nobody sits there
				session, ready, browserDead, stays, direction = true, p.stay.place == working, true, true, p.direction
			}
		}
		for range rapid.IntRange(1, 200).Draw(t, "deeds") {
			what := p.next()
			allowed := map[deed]bool{
				logIn:           !session || browserDead,
				startSession:    token && !session,
				takeUp:          token && stays,
				goReady:         session && !ready && !browserDead,
				goNotReady:      session && ready && !browserDead,
				changeDirection: session && !browserDead && what.direction != direction,
				logOut:          session && !browserDead,
				loseBrowser:     session && !browserDead,
				comeBack:        session && browserDead && !stays,
			}
			if what.after < 0 || !allowed[what.deed] {
				t.Fatalf("intends to %s after %s with token %t, session %t, ready %t, browser dead %t",
					what.deed, what.after, token, session, ready, browserDead)
			}
			outcome := rapid.SampledFrom([]int{isDone, isDone, isDone, isRefused, isHeld, isThrownOut, isSuperseded, isFresh}).Draw(t, "outcome")
			switch {
			case outcome == isHeld && what.deed == logOut:
				p.held()
			case outcome == isThrownOut && session && what.deed != logIn && what.deed != loseBrowser:
				p.thrownOut()
				session, ready, browserDead, stays = false, false, false, false
			case outcome == isSuperseded && session && what.deed != logIn && what.deed != loseBrowser:
				p.superseded()
				token, session, ready, browserDead, stays = false, false, false, false, false
			case outcome == isFresh && (what.deed == comeBack || what.deed == takeUp):
				p.done(intention{deed: startSession})
				session, ready, browserDead, stays, direction = true, false, false, false, api.DirectionInbound
			case outcome == isRefused && what.deed != loseBrowser:
				p.refused(what)
				switch {
				case what.deed == logIn && stays:
					token = false
				case what.deed == logIn, what.deed == startSession, what.deed == comeBack, what.deed == takeUp:
					token, session, ready, browserDead, stays = false, false, false, false, false
				}
			default:
				p.done(what)
				switch what.deed {
				case logIn:
					if token = true; !stays {
						session, ready, browserDead = false, false, false
					}
				case takeUp:
					browserDead, stays = false, false
				case startSession:
					session, ready, direction = true, false, api.DirectionInbound
				case goReady:
					ready = true
				case goNotReady:
					ready = false
				case changeDirection:
					direction = what.direction
				case logOut:
					token, session, ready = false, false, false
				case loseBrowser:
					browserDead = true
				case comeBack:
					browserDead = false
				}
			}
		}
	})
}

func TestPerson_WaitsLongerWithEachRefusalInARow(t *testing.T) {
	t.Parallel()
	p := newPerson(1, 1, 1000)
	var waited time.Duration
	for range 20 {
		what := p.next()
		waited += what.after
		p.refused(what)
	}
	if waited < time.Hour {
		t.Errorf("20 refusals in a row took %s", waited)
	}
	if last := p.next().after; last > longestSetback {
		t.Errorf("after 20 refusals the next attempt is in %s", last)
	}
}

func TestPerson_LeavesByForceWhenWorkNeverEnds(t *testing.T) {
	t.Parallel()
	p := newPerson(1, 1, 1)
	refusals := 0
	for range 10_000 {
		switch what := p.next(); {
		case what.deed == logOut && what.force:
			if refusals != attemptsBeforeForce {
				t.Errorf("left by force after %d refusals", refusals)
			}
			return
		case what.deed == logOut:
			refusals++
			p.held()
		default:
			p.done(what)
		}
	}
	t.Error("never left")
}
