package desk

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"time"

	"github.com/gofrs/flock"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

const (
	enterTime  = 10 * time.Second // until the first state, after the session has begun
	leaveTime  = 5 * time.Second  // for the log-out of a holder that is told to stop
	farewell   = 3 * time.Second  // for callers who are being answered
	tellsFirst = 5 * time.Second  // until the end is noted, for who logs out
)

// Holding says how a session is to be held.
type Holding struct {
	Folder Folder
	Log    *slog.Logger
	// Ready is called once, when the agent is in and callers are answered.
	Ready func(Status)
	// Told is called with each event, one at a time; nil for nobody.
	Told func(Event)
}

// Hold logs an agent in and holds the session until it ends, and returns how. When ctx ends, it logs out first. It fails with a
// [*Problem] where the agent does not get in, and then leaves nothing behind.
func Hold(ctx context.Context, order Order, options Holding) (*Ending, error) {
	h := &holder{Holding: options, order: order, board: newBoard(), over: make(chan struct{}), in: make(chan struct{})}
	if err := h.open(ctx); err != nil {
		return nil, err
	}
	defer h.close()
	if err := h.enter(ctx); err != nil {
		return nil, errors.Join(err, h.abandon())
	}
	return h.stay(ctx), nil
}

// holder holds a session.
type holder struct {
	Holding
	order    Order
	board    *board
	client   *sdk.Client
	lock     *flock.Flock
	listener net.Listener
	gathered chan struct{} // closed when no more events come
	in       chan struct{} // closed with the first state
	over     chan struct{} // closed when the session has ended and that is noted
}

// open takes the desk and makes the client.
func (h *holder) open(ctx context.Context) (err error) {
	if err := h.Folder.make(); err != nil {
		return err
	}
	if h.lock, err = h.Folder.takeLock(ctx, h.order.Desk); err != nil {
		return err
	}
	desk := h.order.Desk
	if h.listener, err = h.Folder.listen(desk); err != nil {
		return errors.Join(err, h.unlock(h.Folder.socket(desk)))
	}
	h.client, err = sdk.New(sdk.Options{BaseURL: BaseURL(h.order.Server), Name: clientName, Log: h.Log})
	if err != nil {
		return errors.Join(problem(sdk.CodeOptionsInvalid, "--server must be an address like http://127.0.0.1:8080"), h.listener.Close(), h.unlock(h.Folder.socket(desk)))
	}
	h.gathered = make(chan struct{})
	events := h.client.Events(context.WithoutCancel(ctx)) // ends with the client
	go h.gather(events)
	return nil
}

// unlock gives the lock back, after removing what it guards.
func (h *holder) unlock(paths ...string) error {
	h.Folder.tidy(append(paths, h.Folder.lock(h.order.Desk))...)
	err := h.lock.Close()
	h.Folder.tidy() // the folder, if that was the last
	return err
}

// gather takes the SDK's events in.
func (h *holder) gather(events func(func(sdk.Event, error) bool)) {
	defer close(h.gathered)
	entered, ended := false, false
	for e, err := range events {
		if err != nil {
			h.Log.Error("events were lost", "error", err)
			return
		}
		ending := h.board.take(h.order.Desk, e, h.now())
		if h.Told != nil {
			h.Told(Event{At: h.now(), Topic: e.Topic, Error: e.Err, Response: marshalled(e.Response)})
		}
		if !entered && (e.Topic == sdk.TopicState && e.Err == nil || e.Topic == sdk.TopicConnection) {
			entered = true
			close(h.in)
		}
		if !ended && ending != nil {
			ended = true
			h.Log.Info("the session has ended", "code", ending.Code, "text", ending.Text)
			h.note(*ending)
			close(h.over)
		}
	}
}

func (h *holder) note(ending Ending) {
	if err := h.Folder.leaveNote(h.order.Desk, ending); err != nil {
		h.Log.Error("nobody will know how the session ended", "error", err)
	}
}

func (h *holder) now() api.Time { return api.TimeOf(h.client.Now()) }

// enter logs in and begins the session.
func (h *holder) enter(ctx context.Context) error {
	who, tenant, err := SignIn(ctx, h.client, h.order, 0)
	if err != nil {
		return err
	}
	h.order.Password = "" // it has done its work
	h.board.identify(func(a *Agent) {
		a.Server, a.Process = BaseURL(h.order.Server), os.Getpid()
		a.Username, a.UserID, a.Name = who.Username, who.UserID, who.FirstName+" "+who.LastName
		a.TenantID, a.TenantName = tenant.TenantID, tenant.TenantName
	})
	if _, err := h.client.Session.SetActiveTenant(ctx, sdk.SetActiveTenantParams{TenantID: tenant.TenantID}); err != nil {
		return ProblemOf(err)
	}
	if h.board.configuration().ActiveExtension == nil {
		// The SDK made the first one active; what it read before does not say so.
		if _, err := h.client.Session.GetUserConfig(ctx); err != nil {
			h.Log.Warn("the configuration could not be read again", "error", err)
		}
	}
	timer := time.NewTimer(enterTime)
	defer timer.Stop()
	select {
	case <-h.in:
	case <-h.over:
	case <-timer.C:
	case <-ctx.Done():
	}
	h.Folder.tidy(h.Folder.note(h.order.Desk)) // of the session before
	return nil
}

// stay answers callers until the session ends.
func (h *holder) stay(ctx context.Context) *Ending {
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	s := &service{log: h.Log, do: h.do, watch: h.watch}
	answering := make(chan struct{})
	go func() { defer close(answering); s.serve(life, h.listener) }()
	h.Ready(h.status())
	select {
	case <-h.over:
	case <-ctx.Done():
		h.leave(life)
	}
	_ = h.listener.Close() // the next holder opens another
	<-answering
	h.board.close()
	s.wait(farewell)
	return h.status().Ended
}

// leave logs out of a session that nobody asked to end. One with open work is left to its lease.
func (h *holder) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, leaveTime)
	defer cancel()
	_, err := h.client.Authentication.Logout(ctx)
	if err == nil {
		select {
		case <-h.over:
			return
		case <-ctx.Done(): // it waits for open work, for longer than this process has
		}
	}
	h.Log.Warn("the desk is closed without a log-out", "error", err)
	text := "the desk was closed and could not log out; the session lives on until the server has heard nothing of it for too long"
	if err != nil {
		text += ": " + ProblemOf(err).Text
	}
	h.board.identify(func(*Agent) { h.board.end(h.now(), endStopped, text) })
	h.note(*h.status().Ended)
}

// abandon ends what has begun of a session that the agent did not get into.
func (h *holder) abandon() error {
	ctx, cancel := context.WithTimeout(context.Background(), leaveTime)
	defer cancel()
	if status := h.status(); !status.LoggedIn || status.SessionID == "" {
		return nil
	}
	_, err := h.client.Authentication.Logout(ctx)
	return err
}

// close ends all that open began.
func (h *holder) close() {
	_ = h.listener.Close() // it may be closed already
	h.client.Close()
	<-h.gathered
	if err := h.unlock(h.Folder.socket(h.order.Desk)); err != nil {
		h.Log.Warn("the lock was not given back", "error", err)
	}
}
