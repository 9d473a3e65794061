package engine

import (
	"context"
	"time"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

const (
	// notesPerCommit bounds how long writing down who was heard may hold up
	// changes, and notePause lets those pass that have waited meanwhile.
	notesPerCommit = 64
	notePause      = 10 * time.Millisecond
	// lastNotes bounds how long the last notes may hold up the end.
	lastNotes = 5 * time.Second
)

// noteHeard writes down who was heard, in batches, until ctx ends.
func (e *Engine) noteHeard(ctx context.Context) error {
	ticker := time.NewTicker(e.noteEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			e.noteRound(ctx, notePause)
		case <-ctx.Done():
			return nil
		}
	}
}

// noteLast writes down who was heard when nobody is heard any more.
func (e *Engine) noteLast(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastNotes)
	defer cancel()
	e.noteRound(ctx, 0)
}

// noteRound writes down who was heard since it was last written down, with a pause
// after each commit. A failure costs evidence only and is tried again with the
// next round.
func (e *Engine) noteRound(ctx context.Context, pause time.Duration) {
	notes := make([]store.Heard, 0, notesPerCommit)
	of := make([]*resident, 0, notesPerCommit)
	e.residents.Range(func(key, value any) bool {
		r := value.(*resident)
		if at, fence, ok := r.lease.news(); ok {
			notes = append(notes, store.Heard{Key: key.(presence.Key), Fence: fence, At: at})
			of = append(of, r)
		}
		if len(notes) == notesPerCommit {
			e.note(ctx, notes, of)
			notes, of = notes[:0], of[:0]
			rest(ctx, pause)
		}
		return ctx.Err() == nil
	})
	e.note(ctx, notes, of)
}

func (e *Engine) note(ctx context.Context, notes []store.Heard, of []*resident) {
	if len(notes) == 0 {
		return
	}
	if err := e.storage.NoteHeard(ctx, notes); err != nil {
		e.log.Warn("could not write down who was heard", "agents", len(notes), "error", err)
		return
	}
	for i, r := range of {
		r.lease.noted(notes[i].At)
	}
}

// rest waits, or less if ctx ends.
func rest(ctx context.Context, pause time.Duration) {
	if pause == 0 {
		return
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
