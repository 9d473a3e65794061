package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// readersSeeWhole commits batches that change every one of some agents by one
// record, while readers look for half of one.
func readersSeeWhole(t *testing.T, s Store) {
	const agents, commits, readers = 5, 40, 3
	r := NewRecorder()
	batch := func(now presence.Instant, command presence.Command) []store.Change {
		var changes []store.Change
		for n := range agents {
			changes = append(changes, r.must(t, numbered(northTenant, n), command, now))
		}
		return changes
	}
	mustCommit(t, s, batch(nine, begins)...)

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var errs [readers]error
	var begun, group sync.WaitGroup
	begun.Add(readers)
	for i := range readers {
		group.Go(func() {
			errs[i] = seesWhole(t.Context(), s, agents)
			begun.Done()
			for errs[i] == nil && ctx.Err() == nil {
				errs[i] = seesWhole(t.Context(), s, agents)
			}
		})
	}
	begun.Wait()
	for n := range commits {
		mustCommit(t, s, batch(nine+presence.Instant(n), presence.GoReady{By: byAnn, HasExtension: true})...)
	}
	stop()
	group.Wait()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

func seesWhole(ctx context.Context, s Store, agents int) error {
	head, err := s.Head(ctx, northTenant)
	if err != nil {
		return err
	}
	records, err := s.Records(ctx, northTenant, 0, 1<<20)
	if err != nil {
		return err
	}
	live, err := s.Live(ctx)
	if err != nil {
		return err
	}
	switch {
	case head.Seq%store.Seq(agents) != 0:
		return fmt.Errorf("the head %d lies within a commit", head.Seq)
	case len(records)%agents != 0 || store.Seq(len(records)) < head.Seq:
		return fmt.Errorf("%d records were read after the head %d", len(records), head.Seq)
	case len(live) != agents:
		return fmt.Errorf("%d agents are live", len(live))
	}
	for i, record := range records {
		if record.Seq != store.Seq(i+1) {
			return fmt.Errorf("record %d stands at place %d", record.Seq, i+1)
		}
	}
	for _, stored := range live {
		if stored.Agent.Version != live[0].Agent.Version {
			return fmt.Errorf("agents at versions %d and %d were seen together", stored.Agent.Version, live[0].Agent.Version)
		}
	}
	return nil
}
