package sdk

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// callbackPatience is how long the end of a client waits for callbacks and receivers that do not return.
const callbackPatience = time.Second

var errPanicked = errors.New("the callback panicked")

// callbacks run what the options bring: functions that may block or panic, and are to harm nobody but themselves.
type callbacks struct {
	log *slog.Logger

	mu      sync.Mutex // guards closed, and that nothing begins once it is
	closed  bool
	running sync.WaitGroup
}

// begin runs a callback in a goroutine of its own, and tells whether it did. One that panics is logged.
func (b *callbacks) begin(name string, run func()) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		b.running.Go(func() { b.shield(name, run) })
	}
	return !b.closed
}

func (b *callbacks) shield(name string, run func()) {
	defer func() {
		if cause := recover(); cause != nil {
			b.log.Error("a callback panicked", "callback", name, "panic", cause, "stack", string(debug.Stack()))
		}
	}()
	run()
}

// close begins nothing any more and waits. A callback that does not return in time is left behind with what it holds.
func (b *callbacks) close() {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	if !returned(&b.running) {
		b.log.Warn("a callback does not return and is left behind")
	}
}

// answerOf is what a callback returns. A context that ends does not wait for it.
func answerOf[T any](ctx context.Context, b *callbacks, name string, ask func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answered := make(chan answer, 1)
	began := b.begin(name, func() {
		given := answer{err: errPanicked}
		defer func() { answered <- given }()
		given.value, given.err = ask()
	})
	var none T
	if !began {
		return none, errClosed
	}
	select {
	case given := <-answered:
		return given.value, given.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// returned waits until all that runs has returned, and tells whether it did in time.
func returned(running *sync.WaitGroup) bool {
	all := make(chan struct{})
	go func() { running.Wait(); close(all) }()
	patience := time.NewTimer(callbackPatience)
	defer patience.Stop()
	select {
	case <-all:
		return true
	case <-patience.C:
		return false
	}
}
