package desk

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// A holder that ends keeps its lock for a moment after its session is over.
const (
	lockPatience = 3 * time.Second
	lockPause    = 50 * time.Millisecond
)

// takeLock makes this process the desk's only holder, until its end. It fails where another one serves the desk.
func (f Folder) takeLock(ctx context.Context, desk string) (*flock.Flock, error) {
	ctx, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	pause := time.NewTicker(lockPause)
	defer pause.Stop()
	for {
		lock, err := f.tryLock(desk)
		if err != nil || lock != nil {
			return lock, err
		}
		if f.answers(desk) {
			return nil, Running(desk)
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
			return nil, Running(desk)
		}
	}
}

// Running is the problem of logging in where somebody is logged in already.
func Running(desk string) error {
	return problem(0, fmt.Sprintf("somebody is logged in at the desk %s already: log out first, or open another desk with --name", desk))
}

// tryLock takes the lock, or returns nil while another has it. A file that was removed meanwhile is none that a third would find.
func (f Folder) tryLock(desk string) (*flock.Flock, error) {
	lock := flock.New(f.lock(desk), flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the desk: %w", err)
	}
	if !locked {
		return nil, lock.Close()
	}
	held, heldError := lock.Stat()
	found, foundError := os.Stat(f.lock(desk))
	if heldError != nil || foundError != nil || !os.SameFile(held, found) {
		return nil, lock.Close()
	}
	return lock, nil
}

// answers tells whether a holder listens.
func (f Folder) answers(desk string) bool {
	connection, err := net.Dial("unix", f.socket(desk))
	if err != nil {
		return false
	}
	_ = connection.Close() // nothing was said
	return true
}

// listen opens the desk's socket, in the place of one that a killed holder has left. Whoever calls it holds the lock.
func (f Folder) listen(desk string) (net.Listener, error) {
	path := f.socket(desk)
	_ = os.Remove(path) // there may be none
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("open the desk's socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, fmt.Errorf("open the desk's socket: %w", err)
	}
	return listener, nil
}
