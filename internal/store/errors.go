package store

import (
	"errors"
	"fmt"
)

var (
	// ErrNotFound: what was asked for is not there.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the write would break uniqueness or a reference.
	ErrConflict = errors.New("conflict")
	// ErrStale: the write was based on a version that is no longer the newest;
	// nothing was written. Load again and repeat.
	ErrStale = errors.New("stale")
	// ErrUnavailable: the store cannot do it now, though the request is right:
	// disk full, read-only, busy beyond the time limit, closed. Nothing was
	// written. It comes as an [*Unavailable] that says why.
	ErrUnavailable = errors.New("unavailable")
)

// Unavailable is an [ErrUnavailable] with its cause and what an operator can do.
type Unavailable struct {
	// Reason is safe to show to any client: "the disk is full".
	Reason string
	// Hint tells the operator what to do about it.
	Hint string
	// Cause is the driver's error, for the log only.
	Cause error
}

func (e *Unavailable) Error() string {
	return fmt.Sprintf("store unavailable: %s (%s): %v", e.Reason, e.Hint, e.Cause)
}

// Is makes errors.Is(err, ErrUnavailable) hold.
func (e *Unavailable) Is(target error) bool { return target == ErrUnavailable }

func (e *Unavailable) Unwrap() error { return e.Cause }
