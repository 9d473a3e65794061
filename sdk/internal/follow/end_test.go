package follow

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRun_SaysGoodbyeWhenItsContextEnds(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		w.stop()
		began := time.Now()
		p.left()
		synctest.Wait()
		if len(w.ran) != 1 || time.Since(began) > 0 {
			t.Errorf("Run goes on, %s after the goodbye", time.Since(began))
		}
		w.expect()
	})
}

func TestRun_DoesNotWaitLongForAServerThatDoesNotAnswerTheGoodbye(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.welcomed()
		w.stop()
		time.Sleep(goodbyeTime)
		synctest.Wait()
		if len(w.ran) != 1 {
			t.Error("Run goes on")
		}
	})
}

// Where nobody reads when the goodbye is said, the library waits for the answer itself, ten times as long and by no context of ours.
func TestRun_DoesNotWaitLongForTheAnswerWhereItEndedBetweenTwoFrames(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		w.seen.onEvent = func() {
			w.stop()
			time.Sleep(time.Millisecond) // the goodbye is said, and its answer waited for
		}
		p.say(event(10, 11))
		time.Sleep(time.Millisecond + goodbyeTime)
		synctest.Wait()
		if len(w.ran) != 1 {
			t.Error("Run goes on")
		}
	})
}

func TestRun_DoesNotWaitLongForANetworkThatTakesNoGoodbye(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.welcomed()
		go w.follower.Refresh(strings.Repeat("x", 2*inFlight))
		synctest.Wait()
		w.stop()
		time.Sleep(goodbyeTime)
		synctest.Wait()
		if len(w.ran) != 1 {
			t.Error("Run goes on")
		}
	})
}

func TestRun_EndsWhereverItIs(t *testing.T) {
	t.Parallel()
	for name, reach := range map[string]func(*world){
		"dialing a socket":      func(w *world) { w.next() },
		"waiting for a welcome": func(w *world) { w.socket() },
		"waiting to come back":  func(w *world) { w.socket().cut() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				reach(w)
				w.stop()
				time.Sleep(goodbyeTime)
				synctest.Wait()
				if len(w.ran) != 1 {
					t.Error("Run goes on")
				}
			})
		})
	}
	for name, reach := range map[string]func(*world){
		"asking for events": func(w *world) { w.next() },
		"reading events":    func(w *world) { w.next().events(welcome("e:10")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				reach(w)
				synctest.Wait()
				w.stop()
				synctest.Wait()
				if len(w.ran) != 1 {
					t.Error("Run goes on")
				}
			}, by(EventsOnly))
		})
	}
}

func TestRun_GoesOnFromItsCursorWhenItIsCalledAgain(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.welcomed().close(4202)
		w.stopped()
		<-w.ran
		go func() { w.ran <- w.follower.Run(context.Background()) }()
		p := w.socket()
		if p.cursor() != "e:10" {
			t.Errorf("resumes from %q", p.cursor())
		}
		p.close(4203)
		w.stopped()
	})
}

func TestRefresh_SendsTheTokenOverTheSocket(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		w.tokens.set("second")
		w.follower.Refresh("second")
		w.follower.Refresh("second") // once
		w.follower.Refresh("")
		if got := p.hear(); got != `{"token":"second","type":"token"}` {
			t.Errorf("got %s", got)
		}
		p.say(`{"type":"beat","n":1}`)
		if got := p.hear(); got != `{"n":1,"type":"beat"}` {
			t.Errorf("got %s", got)
		}
		w.expect()
	})
}

func TestRefresh_BeforeTheWelcomeComesAfterIt(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.socket()
		w.tokens.set("second")
		w.follower.Refresh("second")
		synctest.Wait()
		p.say(welcome("e:10"))
		if got := p.hear(); p.hello.Token != "first" || got != `{"token":"second","type":"token"}` {
			t.Errorf("got %s after %q", got, p.hello.Token)
		}
	})
}

func TestRefresh_ConnectsEventsAnewAtOnce(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.next().events(welcome("e:10"), snapshotAt("e:10"))
		w.expect("welcome by events", "snapshot []")
		w.follower.Refresh("first") // which it has
		w.none(5 * time.Second)
		w.tokens.set("second")
		w.follower.Refresh("second")
		began := time.Now()
		a := w.next()
		if got := a.r.Header.Get("Authorization"); got != "Token second" || a.at.Sub(began) > 0 || a.r.Header.Get("Last-Event-ID") != "e:10" {
			t.Errorf("got %v after %s", a.r.Header, a.at.Sub(began))
		}
	}, by(EventsOnly))
}

// A close for a token may be on its way when the next one is given: which of them was bad the server does not say.
func TestRefresh_LetsTheNextHelloShowWhetherTheFreshTokenIsBad(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		w.tokens.set("second")
		w.follower.Refresh("second")
		p.hear()
		w.tokens.fresh = []string{"third"}
		p.close(4102)
		if p = w.socket(); p.hello.Token != "second" || len(w.tokens.refused) > 0 {
			t.Fatalf("says %q after %q", p.hello.Token, w.tokens.refused)
		}
		p.close(4102)
		if p = w.socket(); p.hello.Token != "third" || w.tokens.refused[0] != "second bad_credentials" {
			t.Errorf("says %q after %q", p.hello.Token, w.tokens.refused)
		}
	})
}
