package auth_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/muster-presence/muster/internal/auth"
)

// More than fit through the gate at once, waiting included: some of them would
// be answered ErrBusy.
func TestPatient_WaitsItsTurnHoweverManyThereAre(t *testing.T) {
	t.Parallel()
	patient := auth.Patient{Passwords: auth.NewPasswords()}
	hash := hashOf(t, patient.Passwords, "correct horse")
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			if matches, err := patient.Matches(t.Context(), hash, "correct horse"); err != nil || !matches {
				t.Errorf("matches: %t, %v", matches, err)
			}
		})
	}
	wg.Wait()
}

func TestPatient_LeavesWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (auth.Patient{Passwords: auth.NewPasswords()}).Hash(ctx, "correct horse"); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
