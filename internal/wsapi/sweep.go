package wsapi

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/presence"
)

const (
	// sweepEvery is how often the connections' tokens are looked at, and whether
	// rights must be: half of the second within which a loss takes effect.
	sweepEvery = 500 * time.Millisecond
	// recheckSweeps is after how many sweeps rights are looked at without anybody
	// asking: half a minute.
	recheckSweeps = 60
	// stopTime is how long the connections may take to end.
	stopTime = 2 * time.Second
)

// Run looks after tokens and rights until ctx ends. Then every connection is told
// to resume elsewhere; Run returns nil when they have ended, at most 2 s later.
func (s *Server) Run(ctx context.Context) error {
	defer s.end()
	var rights sync.WaitGroup
	rights.Go(func() { s.recheckRights(ctx) }) // waits for a store; tokens do not wait for it
	s.expireTokens(ctx)
	s.stop()
	rights.Wait()
	return nil
}

// Recheck says that tokens or rights may have been taken away: whoever lost them
// is closed within a second. It does not wait.
func (s *Server) Recheck() { s.due.Store(true) }

// expireTokens closes connections whose token has expired, until ctx ends.
func (s *Server) expireTokens(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := presence.InstantOf(time.Now())
		for _, w := range s.identified() {
			if w.identity.Load().ExpiresAt <= now {
				w.close(api.CloseTokenExpired)
			}
		}
	}
}

// recheckRights closes connections whose token or right was taken away, when that
// is due, until ctx ends. It asks for each of them at every change, whomever that
// was about: the directory answers from memory, and knows what has changed.
func (s *Server) recheckRights(ctx context.Context) {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if s.due.Swap(false) || n%recheckSweeps == 0 {
			s.recheckAll(ctx)
		}
	}
}

func (s *Server) recheckAll(ctx context.Context) {
	for _, w := range s.identified() {
		s.recheck(ctx, w)
	}
}

// recheck closes a connection that may not be there any more. Where that cannot
// be found out, the next sweep tries again.
func (s *Server) recheck(ctx context.Context, w *watch) {
	err := s.tokens.Recheck(ctx, *w.identity.Load())
	if err == nil {
		err = s.mayWatch(ctx, w.key, w.view.Floor)
	}
	var known closeError
	switch {
	case err == nil:
	case errors.As(err, &known), errors.Is(err, auth.ErrTokenExpired), errors.Is(err, auth.ErrTokenRevoked):
		w.close(closeCodeOf(err))
	default:
		s.due.Store(true)
	}
}

// identified are the connections whose clients have said who they are.
func (s *Server) identified() []*watch {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := make([]*watch, 0, len(s.watches))
	for w := range s.watches {
		if w.identity.Load() != nil {
			found = append(found, w)
		}
	}
	return found
}

// stop closes all connections, also those that come now, and waits for them. What
// becomes of the clients meanwhile is not their doing.
func (s *Server) stop() {
	s.engine.Deafen()
	s.mu.Lock()
	s.stopping = true
	all := make([]*watch, 0, len(s.watches))
	for w := range s.watches {
		all = append(all, w)
	}
	s.mu.Unlock()
	for _, w := range all {
		w.close(api.CloseGoingAway)
	}
	timer := time.NewTimer(stopTime)
	defer timer.Stop()
	for s.connections() > 0 {
		select {
		case <-s.left:
		case <-timer.C:
			return
		}
	}
}

func (s *Server) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.watches)
}

// add takes a connection among those that Run looks after.
func (s *Server) add(w *watch) {
	s.mu.Lock()
	s.watches[w] = struct{}{}
	stopping := s.stopping
	s.mu.Unlock()
	if stopping {
		w.close(api.CloseGoingAway)
	}
}

func (s *Server) remove(w *watch) {
	s.mu.Lock()
	delete(s.watches, w)
	s.mu.Unlock()
	select {
	case s.left <- struct{}{}:
	default:
	}
}
