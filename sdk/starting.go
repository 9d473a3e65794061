package sdk

import (
	"context"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// starting is a session that is being asked for. A log-out meanwhile waits for it, for it has to be ended too.
type starting struct {
	entrance *entrance
	before   *liveSession  // whose place it takes, and whose messages are held meanwhile; nil for none
	done     chan struct{} // closed when it is known whether there is one
	id       string        // of the session, once done is closed; "" where there is none
}

func (e *entrance) startAsking(before *liveSession) (*starting, *Error) {
	c := e.core
	if before != nil {
		before.hold()
	}
	s := &starting{entrance: e, before: before, done: make(chan struct{})}
	c.mu.Lock()
	err := e.still()
	if err == nil {
		c.starting = s
	}
	c.mu.Unlock()
	if err != nil {
		s.release()
		return nil, err
	}
	return s, nil
}

// release lets go of the session before, once it is known what becomes of it.
func (s *starting) release() {
	if s.before != nil {
		s.before.release()
	}
}

// started is the answer to a request for a session.
type started struct {
	session api.Session
	err     error
}

// begin has the session started. The request outlives a caller who gives up, and the turn with it: the server may have started the session
// by then, and would offer work to an agent whom nobody hears.
func (s *starting) begin(ctx context.Context) (*liveSession, *Error) {
	c := s.entrance.core
	if ctx.Err() != nil {
		return nil, s.fail(rest.Ended(ctx))
	}
	answered, givenUp := make(chan started), make(chan struct{})
	asking, ended := c.withLife(context.WithoutCancel(ctx))
	if !c.begin(func() {
		defer ended()
		session, err := s.entrance.start(asking)
		select {
		case answered <- started{session, err}:
		case <-givenUp:
			s.abandon(asking, started{session, err})
			c.turn.give()
		}
	}) {
		ended()
		return nil, s.fail(errClosed)
	}
	select {
	case b := <-answered:
		if b.err != nil {
			return nil, s.fail(b.err)
		}
		return s.enter(b.session)
	case <-ctx.Done():
		s.entrance.givenUp = true
		close(givenUp)
		return nil, requestError(CodeSessionNotStarted, rest.Ended(ctx))
	}
}

// fail says that there is no session.
func (s *starting) fail(err error) *Error {
	defer s.release()
	c := s.entrance.core
	c.mu.Lock()
	c.starting = nil
	close(s.done)
	c.mu.Unlock()
	if s.before != nil {
		s.before.judgeFailure(err)
	}
	return requestError(CodeSessionNotStarted, err)
}

// abandon ends a session that was started for a caller who has given up. Nobody is told of it, for nobody was told that it began. It is
// ended with its user's token or not at all.
func (s *starting) abandon(ctx context.Context, b started) {
	if b.err != nil {
		s.fail(b.err)
		return
	}
	defer s.release()
	e := s.entrance
	c := e.core
	c.mu.Lock()
	same := c.user == e.user
	c.mu.Unlock()
	if same {
		own := ownAgent{user: e.user, tenant: e.TenantID, last: *b.session.SessionID}
		if _, err := c.offline(ctx, own, api.SetStateRequest{State: api.StateOffline}); err != nil {
			c.log.Warn("a session that nobody waited for cannot be ended and lives until its lease is over", "error", err)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s.leave(*b.session.SessionID)
}

// leave says that there is a session which is over here, for whoever logs out to end. It is for whoever holds the core's mu.
func (s *starting) leave(id string) {
	e := s.entrance
	c := e.core
	c.starting, s.id = nil, id
	close(s.done)
	if c.user == e.user {
		c.last = sessionName{user: e.user, tenant: e.TenantID, id: id}
	}
}

// enter makes the session the client's own, in the place of the one before, and runs what it needs. It fails where the agent has
// departed.
func (s *starting) enter(began api.Session) (*liveSession, *Error) {
	defer s.release()
	e := s.entrance
	c := e.core
	session := c.newLiveSession(began)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := e.still(); err != nil {
		session.end()
		s.leave(session.id)
		return nil, err
	}
	c.starting, s.id = nil, session.id
	close(s.done)
	if s.before != nil {
		s.before.stop()
	}
	c.session, c.last = session, sessionName{}
	c.memory.put(ResumePoint{BaseURL: c.base.String(), UserID: session.user, TenantID: session.tenant, SessionID: session.id})
	c.publish(TopicStarted, began)
	c.publish(TopicStateAsked, stateOf(began))
	session.run()
	return session, nil
}

// wait waits until it is known whether there is a session, and returns its id; "" without one.
func (s *starting) wait(ctx context.Context) string {
	if s == nil {
		return ""
	}
	select {
	case <-s.done:
		return s.id
	case <-ctx.Done():
		return ""
	}
}
