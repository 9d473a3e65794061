package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/muster-presence/muster/api"
)

// desk is where people sit down: the requests that agents and routers send, one
// method for each thing they want. Every method may be called by many at once
// and returns when the answer is known or the context ends. A refusal by the
// server comes as a [*refusal], everything else means that the server was not
// reached or not understood; [judge] tells them apart.
type desk interface {
	// logIn fetches a token, asks who its owner is in the tenant, and reads the
	// configuration. An agent without an active extension gets the first one.
	logIn(ctx context.Context, username string) (badge, error)
	// logInRouter is logIn for a user who is no agent and has no configuration.
	logInRouter(ctx context.Context, username string) (badge, error)
	// startSession may be repeated with the same key.
	startSession(ctx context.Context, as badge, key string) (session string, err error)
	// heartbeat returns when the next one is due.
	heartbeat(ctx context.Context, as badge, session string) (time.Duration, error)
	// setState may be repeated with the same key.
	setState(ctx context.Context, as badge, change api.SetStateRequest, key string) error
	// setDirection may be repeated with the same key.
	setDirection(ctx context.Context, as badge, change api.SetDirectionRequest, key string) error

	// floor reads a page of the floor, of all agents or of the offerable ones.
	floor(ctx context.Context, as badge, page floorPage) (api.FloorPage, error)
	// reportWork and endWork may be repeated.
	reportWork(ctx context.Context, as badge, agent, interaction string, report api.WorkReport) error
	endWork(ctx context.Context, as badge, agent, interaction string) error
}

// badge is what somebody has after a log-in. The zero value is nobody's.
type badge struct {
	token, user, tenant string
	choices             choices
}

func (b badge) valid() bool { return b.token != "" }

// floorPage names a page of the floor.
type floorPage struct {
	offerable bool // else everybody
	cursor    string
	limit     int
}

// refusal is an answer of the server that is not a success.
type refusal struct {
	status     int
	code       api.Code // empty where the body named none
	message    string
	retryAfter time.Duration // 0 where none was named
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s: %s", r.status, r.code, r.message) }

// verdict is what an outcome means for whoever asked.
type verdict int

const (
	accepted verdict = iota
	// unavailable: not now; the same request may succeed later.
	unavailable
	// tokenRefused: log in and ask again.
	tokenRefused
	// sessionOver: the session has ended and no newer one lives.
	sessionOver
	// takenOver: a newer session lives.
	takenOver
	// workOpen: the log-out is guarded by open work.
	workOpen
	// denied: asking again will not help.
	denied
)

var verdictNames = [...]string{"accepted", "unavailable", "token refused", "session over", "taken over", "work open", "denied"}

func (v verdict) String() string { return verdictNames[v] }

// judge tells what an error of a desk means, and how long the server asked to
// wait, if it did.
func judge(err error) (what verdict, wait time.Duration) {
	var r *refusal
	switch {
	case err == nil:
		return accepted, 0
	case !errors.As(err, &r):
		return unavailable, 0
	}
	switch r.code {
	case api.CodeNoSession, api.CodeSessionEnded:
		return sessionOver, 0
	case api.CodeSessionSuperseded:
		return takenOver, 0
	case api.CodeWorkOpen:
		return workOpen, 0
	case api.CodeTokenExpired, api.CodeTokenRevoked:
		return tokenRefused, 0
	}
	switch {
	case r.status == http.StatusTooManyRequests, r.status == http.StatusRequestTimeout,
		r.status >= 500 && r.status != http.StatusNotImplemented:
		return unavailable, r.retryAfter
	case r.status == http.StatusUnauthorized:
		return tokenRefused, 0
	}
	return denied, 0
}
