package demo

import (
	"errors"
	"net/http"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// verdict is what an outcome means for whoever asked.
type verdict int

const (
	accepted verdict = iota
	// unavailable: not now, and the SDK has tried for as long as it does.
	unavailable
	// sessionOver: the session has ended and no newer one lives.
	sessionOver
	// takenOver: a newer session lives.
	takenOver
	// workOpen: the log-out is guarded by open work.
	workOpen
	// denied: asking again will not help.
	denied
)

var verdictNames = [...]string{"accepted", "unavailable", "session over", "taken over", "work open", "denied"}

func (v verdict) String() string { return verdictNames[v] }

// What the demo finds out by itself.
var (
	errNoMember = errors.New("the user is no member of the tenant")
	// errEnded: the session was started and has ended already.
	errEnded = errors.New("the session has ended")
	// errWaits: the tenant lets log-outs wait for open work.
	errWaits = errors.New("the log-out waits for open work")
)

// judge tells what an error of the SDK means.
func judge(err error) verdict {
	var failed *sdk.Error
	switch {
	case err == nil:
		return accepted
	case errors.Is(err, sdk.CodeWorkOpen), errors.Is(err, errWaits):
		return workOpen
	case errors.Is(err, errEnded):
		return sessionOver
	case !errors.As(err, &failed), failed.Data.APIResponse == nil: // the SDK refuses to ask
		return denied
	}
	answer := failed.Data.APIResponse
	switch api.Code(answer.Body.Failure) {
	case api.CodeNoSession, api.CodeSessionEnded:
		return sessionOver
	case api.CodeSessionSuperseded:
		return takenOver
	case api.CodeWorkOpen:
		return workOpen
	}
	if mayPass(answer.Status) {
		return unavailable
	}
	return denied
}

// mayPass reports whether a request that was answered so may succeed later. There are failures without an answer, and successes that
// nobody can read.
func mayPass(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusRequestTimeout:
		return true
	case http.StatusNotImplemented:
		return false
	}
	return status < 300 || status >= 500
}
