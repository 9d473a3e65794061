package stream

import (
	"context"
	"slices"
	"time"
)

// reloadFloors looks at the directory again whenever it has changed, until ctx
// ends; then it returns nil.
func (s *Streams) reloadFloors(ctx context.Context) error {
	timer := time.NewTimer(lookAnyway)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.reloads:
		case <-timer.C: // after a failure, or another server changed it
		}
		pause := lookAnyway
		for _, f := range s.allFeeds() {
			if err := f.reload(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("could not load a floor again; will try again", "tenant", f.tenant, "error", err)
				pause = pauseAfterFailure
			}
		}
		timer.Reset(pause)
	}
}

// reload reads the floor again if somebody has ever watched it and the directory
// is no longer what it was.
func (f *feed) reload(ctx context.Context) error {
	if !f.hasFloor() {
		return nil
	}
	f.loading.Lock()
	defer f.loading.Unlock()
	revision, err := f.streams.directory.Revision(ctx)
	if err != nil {
		return err
	}
	f.mu.Lock()
	current := f.floor.epoch == f.floorEpoch(revision)
	f.mu.Unlock()
	if current {
		return nil
	}
	return f.readFloor(ctx)
}

// sameProfiles reports whether two floors have the same agents with the same
// names and groups, in the same order.
func sameProfiles(a, b []*row) bool {
	return slices.EqualFunc(a, b, func(a, b *row) bool {
		return a.AgentID == b.AgentID && a.Name == b.Name && slices.Equal(a.Groups, b.Groups)
	})
}
