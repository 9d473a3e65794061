package wsapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

// upgradedWithRoom is a socket of a client that has room for so many bytes while
// it does not read; the answer to the handshake is read.
func (w *world) upgradedWithRoom(limit int) *client {
	w.t.Helper()
	c := w.connectFrom(home, limit)
	c.send(handshake(north))
	if got := c.response(); got.StatusCode != http.StatusSwitchingProtocols {
		w.t.Fatalf("the handshake is answered by %s", got.Status)
	}
	return c
}

func TestAddress_HasRoomForSoManyStrangers(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		began := time.Now()
		var strangers64 []*client
		for i := range strangers {
			c := w.connectFrom(fmt.Sprintf("[2001:db8::%x]:4000", i+1), inFlight) // of one network
			c.send(handshake(north))
			c.response()
			strangers64 = append(strangers64, c)
		}
		refused := w.connectFrom("[2001:db8::ffff]:4000", inFlight)
		refused.send(handshake(north))
		other := w.connectFrom("[2001:db8:0:1::1]:4000", inFlight)
		other.send(handshake(north))
		if got := other.response(); got.StatusCode != http.StatusSwitchingProtocols || time.Since(began) != 0 {
			t.Errorf("another network gets %s after %s", got.Status, time.Since(began))
		}
		// Who has said hello counts no more.
		time.Sleep(time.Second)
		synctest.Wait()
		if n := w.server.addresses.waiting; n != 1 {
			t.Errorf("%d wait, want the one of the full network", n)
		}
		strangers64[0].hello(w.token(agent, 0), "self")
		if got := refused.response(); got.StatusCode != http.StatusSwitchingProtocols || time.Since(began) != time.Second {
			t.Errorf("got %s after %s, want the place that got free", got.Status, time.Since(began))
		}
	})
}

func TestAddress_RefusesWhoWaitedTooLong(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		address := addressOf(home)
		for range strangers {
			if !w.server.addresses.enter(t.Context(), address) {
				t.Fatal("no place")
			}
		}
		c, gone := w.connect(), w.connect()
		c.send(handshake(north))
		gone.send(handshake(north))
		synctest.Wait()
		_ = gone.conn.Close() // whoever leaves the queue takes no place
		began := time.Now()
		wantFault(t, c.response(), http.StatusTooManyRequests, api.CodeRateLimited)
		if waited := time.Since(began); waited != placeTime {
			t.Errorf("refused after %s", waited)
		}
		for range strangers {
			w.server.addresses.leave(address)
		}
		if n := len(w.server.addresses.of); n != 0 || w.server.addresses.waiting != 0 {
			t.Errorf("%d addresses are remembered, %d wait", n, w.server.addresses.waiting)
		}
	})
}

// wantFault expects an error of the contract.
func wantFault(t *testing.T, got *http.Response, status int, code api.Code) api.Error {
	t.Helper()
	var body api.ErrorResponse
	err := json.NewDecoder(got.Body).Decode(&body)
	if err != nil || got.StatusCode != status || body.Error.Code != code || body.Error.RequestID == "" || body.Error.Message == "" {
		t.Errorf("got %s %+v, %v, want %d %s", got.Status, body, err, status, code)
	}
	if code.RetryAfter() && got.Header.Get("Retry-After") == "" {
		t.Errorf("%s has no Retry-After", code)
	}
	return body.Error
}

func TestUser_HasSoManyConnections(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		token := w.token(agent, 0)
		open := []*client{w.events(agent, "")}
		for range userConnections - 1 {
			open = append(open, w.settled(agent, "self"))
		}
		c := w.upgraded()
		c.hello(token, "self")
		c.wantClose(api.CloseTooManySockets)
		one := w.connect()
		one.send(eventsRequest(north, "", token))
		wantFault(t, one.response(), http.StatusTooManyRequests, api.CodeRateLimited)
		w.settled(colleague, "self") // it is each user's own
		open[len(open)-1].leave()
		w.settled(agent, "self")
	})
}

func TestSlowClient_IsClosedAndThenHeldBack(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.login(agent)
		cut := func() {
			c := w.upgradedWithRoom(4 << 10)
			c.hello(w.token(supervisor, 0), "floor")
			synctest.Wait()
			for range 20 {
				w.turn(agent)
			}
			time.Sleep(writeTime + closeTime + time.Second)
			_ = c.conn.Close()
			synctest.Wait()
		}
		welcomed := func() time.Duration {
			began := time.Now()
			w.watching(supervisor, "floor").leave()
			return time.Since(began)
		}
		cut()
		if waited := welcomed(); waited != 0 {
			t.Errorf("after one cut the welcome takes %s", waited)
		}
		cut()
		if waited := welcomed(); waited != slowWait {
			t.Errorf("after two cuts the welcome takes %s", waited)
		}
		if _, closed, _ := w.seen.all(); closed["socket floor 4001"] != 2 {
			t.Errorf("closed are %v", closed)
		}
		time.Sleep(slowMemory)
		if waited := welcomed(); waited != 0 {
			t.Errorf("a minute later the welcome takes %s", waited)
		}
	})
}

func TestSlowClient_HoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.login(agent)
		c := w.upgradedWithRoom(1 << 10)
		c.hello(w.token(supervisor, 0), "floor")
		other := w.settled(supervisor, "floor")
		for range 20 {
			began := time.Now()
			w.turn(agent)
			other.nextOf(api.FrameTypeEvents)
			if waited := time.Since(began); waited != 0 {
				t.Fatalf("the other waits %s", waited)
			}
		}
	})
}

func TestRate_LetsABurstPassAndThenSoManyASecond(t *testing.T) {
	t.Parallel()
	var r rate
	taken := func(now time.Duration) (n int) {
		for r.take(now) {
			n++
		}
		return n
	}
	for i, want := range []int{frameBurst, 8, 8} {
		if got := taken(time.Duration(i) * time.Second); got != want {
			t.Errorf("in second %d %d are taken, want %d", i, got, want)
		}
	}
	if got := taken(time.Hour); got != frameBurst {
		t.Errorf("after an hour %d are taken, want %d", got, frameBurst)
	}
}

func TestSlowness_ForgetsUsers(t *testing.T) {
	t.Parallel()
	var s slowness
	for i := range 3 * slowSweep {
		user := keyOf(agent).Agent
		user.UUID[0], user.UUID[1] = byte(i), byte(i>>8)
		s.note(user, time.Duration(i)*time.Second)
	}
	if n := len(s.of); n > slowSweep {
		t.Errorf("%d users are remembered", n)
	}
}
