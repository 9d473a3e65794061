package wsapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/stream"
)

// welcomeTime bounds the time from the token to the welcome, most of which is
// waiting for others who begin at the same time.
const welcomeTime = 30 * time.Second

// watch is a client that follows a view, over whatever carries it.
type watch struct {
	server    *Server
	carrier   carrier
	transport string // as metrics name it
	key       presence.Key
	view      stream.View
	sub       *stream.Subscription
	told      time.Duration // the time between two beats, as the welcome says
	placed    bool          // among the connections of its user
	opened    bool

	identity atomic.Pointer[auth.Identity] // nil until the token was verified; key and view are set before
	code     atomic.Int64                  // why it is to end, as an [api.CloseCode]; 0: it is not
}

// carrier carries a watch's frames.
type carrier interface {
	// interrupt makes whoever serves the watch look at its code soon.
	interrupt()
}

// close ends the watch, unless something else does already. It does not wait.
func (w *watch) close(code api.CloseCode) {
	if w.code.CompareAndSwap(0, int64(code)) {
		w.carrier.interrupt()
	}
}

// closing is the code with which the watch is to end, 0 while it is not.
func (w *watch) closing() api.CloseCode { return api.CloseCode(w.code.Load()) }

// settle returns the code with which the watch ends after an error: one that was
// given before counts for more.
func (w *watch) settle(code api.CloseCode) api.CloseCode {
	w.code.CompareAndSwap(0, int64(code))
	return w.closing()
}

// identify verifies the token of whoever wants to watch.
func (w *watch) identify(token string, view stream.View) error {
	identity, err := w.server.tokens.Verify(w.server.life, token)
	if err != nil {
		return err
	}
	w.key.Agent = identity.User
	w.view = view
	if !view.Floor {
		w.view.Agent = identity.User
	}
	w.identity.Store(&identity)
	return nil
}

// begin subscribes, if the client may.
func (w *watch) begin(ctx context.Context, after stream.Cursor, wake func()) error {
	s := w.server
	if err := s.mayWatch(ctx, w.key, w.view.Floor); err != nil {
		return err
	}
	if w.placed = s.users.enter(w.key.Agent); !w.placed {
		return closeError{api.CloseTooManySockets}
	}
	if err := pause(ctx, s.slowness.wait(w.key.Agent, s.clock())); err != nil {
		return err
	}
	settings, err := w.settings()
	if err != nil {
		return err
	}
	w.told = settings.BeatDelay
	w.sub, err = s.streams.Subscribe(ctx, w.key.Tenant, w.view, after, wake)
	return err
}

// pause waits, usually not at all.
func pause(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// welcome is the first frame.
func (w *watch) welcome() []byte {
	text, _ := json.Marshal(api.WelcomeFrame{ // of texts and numbers: cannot fail
		Type:      api.FrameTypeWelcome,
		Cursor:    w.sub.Welcome().String(),
		BeatMS:    w.told.Milliseconds(),
		Timestamp: api.Time(w.server.engine.Now()),
	})
	return text
}

// settings are the tenant's, as they are now.
func (w *watch) settings() (directory.Settings, error) {
	tenant, err := w.server.directory.Tenant(w.server.life, w.key.Tenant)
	if err != nil {
		return directory.Settings{}, fmt.Errorf("look up the settings of a tenant: %w", err)
	}
	return tenant.Settings, nil
}

// start says that the client was welcomed.
func (w *watch) start() {
	w.opened = true
	w.server.observer.Opened(w.transport, w.view.Name())
}

// end gives back what the watch has.
func (w *watch) end(code api.CloseCode) {
	if w.sub != nil {
		w.sub.Close()
	}
	if w.placed {
		w.server.users.leave(w.key.Agent)
	}
	if w.opened {
		w.server.observer.Closed(w.transport, w.view.Name(), int(code))
	}
	if code == api.CloseSlowConsumer {
		w.server.slowness.note(w.key.Agent, w.server.clock())
	}
	w.server.remove(w)
}

// complain logs what ends the watch and is the server's own doing.
func (w *watch) complain(code api.CloseCode, err error) {
	if code == api.CloseInternal || code == api.CloseUnavailable {
		w.server.log.Warn("a connection failed", "transport", w.transport, "user", w.key.Agent, "code", wordOf(code), "error", err)
	}
}

// guard makes a panic of what it guards the end of this one watch.
func (w *watch) guard(err *error) {
	cause := recover()
	if cause == nil {
		return
	}
	w.server.log.Error("a connection panicked", "transport", w.transport, "user", w.key.Agent, "panic", cause, "stack", string(debug.Stack()))
	*err = closeError{api.CloseInternal}
}

// mayWatch asks for membership and right. A tenant that the user is no member of
// and one that does not exist are told apart by nothing.
func (s *Server) mayWatch(ctx context.Context, key presence.Key, floor bool) error {
	user, err := s.directory.User(ctx, key.Agent)
	if errors.Is(err, store.ErrNotFound) {
		return auth.ErrTokenRevoked // deleted since the token was looked at
	}
	if err == nil && !user.IsMember(key.Tenant) {
		return closeError{api.CloseNotFound}
	}
	var member *directory.Member
	if err == nil {
		member, err = s.directory.Member(ctx, key)
	}
	var tenant *directory.Tenant
	if err == nil {
		tenant, err = s.directory.Tenant(ctx, key.Tenant)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return closeError{api.CloseNotFound}
	case err != nil:
		return fmt.Errorf("look up a member: %w", err)
	case !member.Active || !tenant.Active:
		return closeError{api.CloseNotFound}
	case floor && !member.Can(api.PermissionViewAllPresence):
		return closeError{api.CloseForbidden}
	}
	return nil
}
