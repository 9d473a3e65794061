package sdk

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/backoff"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// keeper keeps a session: it sends heartbeats where no socket's beats speak for the client, publishes one every delay either
// way, and has the token renewed before it expires.
type keeper struct {
	session *liveSession
	wake    chan struct{}

	mu    sync.Mutex // guards the fields below
	probe time.Time  // when to ask if there is no socket by then; zero for never
	doubt bool       // ask now, socket or not

	// What only run's goroutine knows.
	due      time.Time // of the next heartbeat
	delay    time.Duration
	asked    bool // the server has answered the last question
	failures int
}

func newKeeper(s *liveSession) *keeper {
	return &keeper{session: s, wake: make(chan struct{}, 1), delay: firstHeartbeatDelay}
}

// run ends with the context. The first heartbeat is sent at once, socket or not: its answer says how often, and what time it is.
func (k *keeper) run(ctx context.Context) {
	k.due = time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-k.wake:
		case <-ctx.Done():
			return
		}
		switch ask, due := k.look(); {
		case ask:
			k.ask(ctx)
		case due:
			k.beat()
		}
		k.renewToken(ctx)
		timer.Reset(k.rest())
	}
}

// suspect asks for a heartbeat by request now: the server may not know the session any more.
func (k *keeper) suspect() {
	k.mu.Lock()
	k.doubt = true
	k.mu.Unlock()
	k.rouse()
}

// probeAfter asks for a heartbeat by request unless there is a socket by then.
func (k *keeper) probeAfter(d time.Duration) {
	k.mu.Lock()
	k.probe = time.Now().Add(d)
	k.mu.Unlock()
	k.rouse()
}

func (k *keeper) rouse() {
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// look tells whether it is time to ask the server, or just for a heartbeat.
func (k *keeper) look() (ask, due bool) {
	socket, now := k.session.live(), time.Now()
	due = !now.Before(k.due)
	k.mu.Lock()
	defer k.mu.Unlock()
	probe := !k.probe.IsZero() && !now.Before(k.probe)
	if probe {
		k.probe = time.Time{}
	}
	ask = k.doubt || (probe || due) && !socket || due && !k.asked
	k.doubt = false
	return ask, due
}

// rest is how long there is nothing to do.
func (k *keeper) rest() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	next := k.due
	if !k.probe.IsZero() && k.probe.Before(next) {
		next = k.probe
	}
	if renewal := k.session.core.renewal(); !renewal.IsZero() && renewal.Before(next) {
		next = renewal
	}
	return max(0, time.Until(next))
}

// beat publishes a heartbeat: a socket's beats speak for the client.
func (k *keeper) beat() {
	k.due = time.Now().Add(k.delay)
	k.publish(api.HeartbeatResponse{HeartbeatDelay: k.delay.Seconds(), Timestamp: api.TimeOf(k.session.core.clock.now())})
}

// ask sends a heartbeat and publishes the answer.
func (k *keeper) ask(ctx context.Context) {
	s := k.session
	k.due = time.Now().Add(k.delay)
	request := s.core.once(http.MethodPost, api.HeartbeatRequest{SessionID: &s.id}, "tenants", s.tenant, "presence", s.user, "heartbeat")
	request.Patience.Attempt = min(max(k.delay, shortestAttempt), longestAttempt)
	answer, err := rest.Result[api.HeartbeatResponse](ctx, s.core.rest, request)
	switch status := failureStatus(err); {
	case err == nil:
		k.failures, k.asked = 0, true
		k.delay = min(max(time.Duration(answer.HeartbeatDelay*float64(time.Second)), shortestDelay), longestDelay)
		k.due = time.Now().Add(k.delay)
		k.publish(answer)
	case ctx.Err() != nil:
	case (status == http.StatusNotFound || status == http.StatusConflict) && failureCode(err) != "": // not of something on the way
		s.take(held{gone: apiResponseOf(err)})
	default:
		s.core.log.Warn("a heartbeat failed", "error", err)
		k.due = time.Now().Add(min(k.delay, max(retryAfter(err), heartbeatPause.Delay(k.failures))))
		k.asked = false // so that it is asked again over a socket too: a doubt is not gone with the answer
		k.failures++
	}
}

// The delays that a server may ask for.
const (
	shortestDelay = 500 * time.Millisecond
	longestDelay  = time.Minute
)

// How long a heartbeat may take. Where the server wants to hear soon, it must not wait for long for a connection that died without
// a word: the next one may be sent over another.
const (
	shortestAttempt = 2 * time.Second
	longestAttempt  = 10 * time.Second
)

// heartbeatPause is how long after a failed heartbeat the next is sent.
var heartbeatPause = backoff.Backoff{First: time.Second, Most: 15 * time.Second}

func (k *keeper) publish(heartbeat api.HeartbeatResponse) {
	s := k.session
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	if !s.over {
		s.core.publish(TopicHeartbeat, heartbeat)
	}
}

// renewToken has the token renewed when it is time.
func (k *keeper) renewToken(ctx context.Context) {
	c := k.session.core
	if renewal := c.renewal(); renewal.IsZero() || time.Now().Before(renewal) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, callbackTime)
	defer cancel()
	if !c.credentials.renew(ctx, c.credentials.Token()) {
		c.postponeRenewal(callbackPause)
	}
}
