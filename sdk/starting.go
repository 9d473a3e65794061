package sdk

import (
	"context"

	"github.com/muster-presence/muster/api"
)

// starting is a session that is being asked for. A log-out meanwhile waits for it, for it has to be ended too.
type starting struct {
	entrance *entrance
	done     chan struct{} // closed when it is known whether there is one
	id       string        // of the session, once done is closed; "" where there is none
}

func (e *entrance) startAsking() (*starting, *Error) {
	c := e.core
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := e.still(); err != nil {
		return nil, err
	}
	c.starting = &starting{entrance: e, done: make(chan struct{})}
	return c.starting, nil
}

// fail says that there is no session.
func (s *starting) fail() {
	c := s.entrance.core
	c.mu.Lock()
	defer c.mu.Unlock()
	c.starting = nil
	close(s.done)
}

// enter makes the session the client's own, in the place of the one before, and runs what it needs. It fails where the agent has departed:
// then the session is one that is over, for whoever logs out to end.
func (s *starting) enter(began api.Session, before *liveSession) (*liveSession, *Error) {
	e := s.entrance
	c := e.core
	session := c.newLiveSession(began)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.starting, s.id = nil, session.id
	close(s.done)
	if err := e.still(); err != nil {
		session.end()
		if c.user == e.user {
			c.last = sessionName{user: e.user, tenant: e.TenantID, id: s.id}
		}
		return nil, err
	}
	if before != nil {
		before.stop()
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
