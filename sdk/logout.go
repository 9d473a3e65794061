package sdk

import (
	"context"
	"net/http"
	"slices"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// Logout ends the own session, also one that is being started: [Session.SetActiveTenant] then fails with [CodeParametersInvalid]. It goes
// out at once, before requests that wait for their turn. While work is open it fails with
// [CodeWorkOpen]; where the tenant lets log-outs wait and the work was not known here, the answer is a state with a pending
// log-out, and the session goes on until the work ends. A session that is over already is no error. It publishes [TopicStateAsked]
// and [TopicEnded].
//
// Errors: [CodeWorkOpen], [CodeLogoutRefused].
func (a *Authentication) Logout(ctx context.Context) (api.PresenceState, error) {
	c := a.core
	ctx, done := c.withLife(ctx)
	defer done()
	starting, open := c.depart()
	if len(open) > 0 {
		return api.PresenceState{}, c.fail(TopicStateAsked, newError(CodeWorkOpen, ErrorData{ActiveInteractions: open}))
	}
	own, problem := c.ownAgent()
	if problem != nil {
		state := api.PresenceState{State: api.StateOffline, ResourceID: own.user, AvailableStates: []api.State{}}
		c.publish(TopicStateAsked, state)
		return state, nil
	}
	running := own.session
	if running != nil {
		running.hold()
		defer running.release()
	}
	own.unnamed = starting != nil
	state, err := c.offline(ctx, own, api.SetStateRequest{State: api.StateOffline})
	if id := starting.wait(ctx); id != "" { // it may have begun after that
		own = ownAgent{user: own.user, tenant: own.tenant, last: id}
		state, err = c.offline(ctx, own, api.SetStateRequest{State: api.StateOffline})
	}
	if err != nil {
		code := CodeLogoutRefused
		if failureCode(err) == api.CodeWorkOpen {
			code = CodeWorkOpen
		}
		return api.PresenceState{}, c.fail(TopicStateAsked, requestErrorWith(code, ErrorData{ActiveInteractions: failureWork(err)}, err))
	}
	c.publish(TopicStateAsked, state)
	c.leave(running, state)
	return state, nil
}

// depart has nobody go on who is on the way into a tenant, and returns the session that is being started, nil without one. While work is
// open nothing changes, and that work is returned.
func (c *core) depart() (*starting, []api.Work) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session != nil {
		if open := c.session.judge.open(); len(open) > 0 {
			return nil, open
		}
	}
	c.departures++
	return c.starting, nil
}

// offline asks for the end of the own session. That it is over already is a success.
func (c *core) offline(ctx context.Context, own ownAgent, change api.SetStateRequest) (api.PresenceState, error) {
	change.SessionID = own.sessionID()
	request := c.change(change, "tenants", own.tenant, "presence", own.user)
	if own.unnamed {
		request.Patience = rest.Patience{} // later it might end another session
	}
	state, err := rest.Result[api.PresenceState](ctx, c.rest, request)
	superseded := own.session == nil && failureCode(err) == api.CodeSessionSuperseded // and known to be over
	if superseded || failureStatus(err) == http.StatusNotFound {
		return api.PresenceState{State: api.StateOffline, SessionID: change.SessionID, ResourceID: own.user, AvailableStates: []api.State{}}, nil
	}
	if err != nil {
		own.judgeFailure(err)
		return state, err
	}
	own.answered(state, TopicState) // where it waits for work
	return state, nil
}

// leave ends the session here, once the server says that it is over.
func (c *core) leave(s *liveSession, state api.PresenceState) {
	if s == nil || state.State != api.StateOffline {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	code := state.EndCode
	if code == "" {
		code = api.EndCodeLoggedOut
	}
	s.held = slices.DeleteFunc(s.held, func(h held) bool { return h.gone != nil }) // a heartbeat came too late, and that is all
	s.flush()                                                                      // what came before the end
	s.ended(Ended{State: api.StateOffline, EndCode: code})
}
