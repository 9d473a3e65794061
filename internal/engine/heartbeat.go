package engine

import (
	"context"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Heartbeat takes a sign of life of a session; the zero session is whichever is
// live. It returns the time until the next one is due. Refusals are those of
// [presence.Hear].
func (e *Engine) Heartbeat(ctx context.Context, key presence.Key, session presence.SessionID) (time.Duration, error) {
	settings, err := e.settings(ctx, key.Tenant)
	if err != nil {
		return 0, err
	}
	if r, ok := e.residentOf(key); ok && r.lease.hear(session, e.monotonic(), e.Now()) {
		return settings.HeartbeatDelay, nil
	}
	_, err = e.Do(ctx, Request{Key: key, Command: presence.Hear{Session: session}})
	return settings.HeartbeatDelay, err
}

// Silence returns since when a live agent has not been heard and what is due
// next; ok is false for one without a session.
func (e *Engine) Silence(ctx context.Context, key presence.Key) (s Silence, ok bool, err error) {
	r, ok := e.residentOf(key)
	if !ok {
		return Silence{}, false, nil
	}
	settings, err := e.settings(ctx, key.Tenant)
	if err != nil {
		return Silence{}, false, err
	}
	lasted, heardAt := r.lease.silence(e.monotonic())
	return Silence{HeardAt: heardAt, Lasted: lasted, Limits: limitsOf(settings)}, true, nil
}

// Silence is how long an agent has not been heard, and what follows from it.
type Silence struct {
	HeardAt presence.Instant
	Lasted  time.Duration
	Limits  presence.Limits
}

// notesPerCommit bounds how long writing down who was heard may hold up changes.
const notesPerCommit = 256

// noteHeard writes down who was heard, in batches, until ctx ends, and once more
// then. A failure costs evidence only and is tried again with the next round.
func (e *Engine) noteHeard(ctx context.Context) error {
	ticker := time.NewTicker(e.noteEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			e.noteRound(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			e.noteRound(last)
			return nil
		}
	}
}

func (e *Engine) noteRound(ctx context.Context) {
	notes := make([]store.Heard, 0, notesPerCommit)
	flush := func() {
		if len(notes) == 0 {
			return
		}
		if err := e.storage.NoteHeard(ctx, notes); err != nil {
			e.log.Warn("could not write down who was heard", "agents", len(notes), "error", err)
		}
		notes = notes[:0]
	}
	e.residents.Range(func(key, value any) bool {
		if at, fence, ok := value.(*resident).lease.news(); ok {
			notes = append(notes, store.Heard{Key: key.(presence.Key), Fence: fence, At: at})
		}
		if len(notes) == notesPerCommit {
			flush()
		}
		return true
	})
	flush()
}
