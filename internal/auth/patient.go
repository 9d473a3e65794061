package auth

import (
	"context"
	"errors"
	"time"
)

// nextTry is how long [Patient] waits before it asks again.
const nextTry = 50 * time.Millisecond

// Patient makes and checks hashes as [Passwords] does, but waits for its turn
// however many log-ins there are: provisioning must not fail because people come
// to work. Its methods end with their context's error instead of [ErrBusy].
type Patient struct{ *Passwords }

// Hash is [Passwords.Hash].
func (p Patient) Hash(ctx context.Context, password string) (text string, err error) {
	err = patiently(ctx, func() error {
		text, err = p.Passwords.Hash(ctx, password)
		return err
	})
	return text, err
}

// Matches is [Passwords.Matches].
func (p Patient) Matches(ctx context.Context, text, password string) (matches bool, err error) {
	err = patiently(ctx, func() error {
		matches, err = p.Passwords.Matches(ctx, text, password)
		return err
	})
	return matches, err
}

func patiently(ctx context.Context, try func() error) error {
	for {
		err := try()
		if !errors.Is(err, ErrBusy) {
			return err
		}
		select {
		case <-time.After(nextTry):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
