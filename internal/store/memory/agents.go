package memory

import (
	"context"
	"fmt"
	"slices"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

var _ store.Agents = (*Store)(nil)

// Live implements [store.Agents].
func (s *Store) Live(context.Context) ([]store.Stored, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var live []store.Stored
	for _, stored := range s.agents {
		if stored.Agent.Session != nil {
			live = append(live, copied(stored))
		}
	}
	return live, nil
}

// Agent implements [store.Agents].
func (s *Store) Agent(_ context.Context, key presence.Key) (store.Stored, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stored, ok := s.agents[key]
	if !ok {
		return store.Stored{Key: key}, nil
	}
	return copied(stored), nil
}

// Commit implements [store.Agents]. A change that contradicts itself, which is a
// mistake in the caller and no matter of what is stored, gets an error of its
// own.
func (s *Store) Commit(_ context.Context, changes []store.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.commitFail != nil {
		return s.commitFail
	}
	if err := s.check(changes); err != nil {
		return err
	}
	for _, change := range changes {
		s.write(change)
	}
	return nil
}

// check follows the versions and numbers through the whole batch, so that
// nothing is written of one that fails halfway.
func (s *Store) check(changes []store.Change) error {
	versions := make(map[presence.Key]uint64)
	heads := make(map[presence.TenantID]store.Seq)
	for _, change := range changes {
		if err := consistent(change); err != nil {
			return err
		}
		version, seen := versions[change.Key]
		if !seen {
			version = s.agents[change.Key].Agent.Version
		}
		if change.Before != version {
			return fmt.Errorf("agent %s is at version %d, not %d: %w", change.Key.Agent, version, change.Before, store.ErrStale)
		}
		versions[change.Key] = version + uint64(len(change.Records))

		head, seen := heads[change.Key.Tenant]
		if !seen {
			head = store.Seq(len(s.logs[change.Key.Tenant]))
		}
		for _, record := range change.Records {
			if record.Seq != head+1 {
				return fmt.Errorf("record %d after %d: %w", record.Seq, head, store.ErrStale)
			}
			head = record.Seq
		}
		heads[change.Key.Tenant] = head
	}
	return nil
}

// consistent checks what is wrong with a change by itself.
func consistent(change store.Change) error {
	if len(change.Records) == 0 {
		return fmt.Errorf("change of agent %s has no records", change.Key.Agent)
	}
	if len(change.Receipts) > store.MaxReceipts {
		return fmt.Errorf("change of agent %s has %d receipts", change.Key.Agent, len(change.Receipts))
	}
	version := change.Before
	for _, record := range change.Records {
		version++
		if record.Key != change.Key || record.Event.Version != version || record.After.Version != version {
			return fmt.Errorf("record %d is not event %d of agent %s", record.Seq, version, change.Key.Agent)
		}
	}
	return nil
}

func (s *Store) write(change store.Change) {
	stored := s.agents[change.Key]
	stored.Key = change.Key
	stored.Agent = change.Records[len(change.Records)-1].After
	stored.Receipts = slices.Clone(change.Receipts)
	s.agents[change.Key] = stored
	s.logs[change.Key.Tenant] = append(s.logs[change.Key.Tenant], change.Records...)
	s.audit.append(change.Audit)
}

// NoteHeard implements [store.Agents]. Who never had a session cannot have been
// heard: such a note is dropped.
func (s *Store) NoteHeard(_ context.Context, notes []store.Heard) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, note := range notes {
		stored, ok := s.agents[note.Key]
		if !ok || note.Fence < s.fences[note.Key] {
			continue
		}
		stored.HeardAt = note.At
		s.agents[note.Key], s.fences[note.Key] = stored, note.Fence
	}
	return nil
}

func copied(stored store.Stored) store.Stored {
	stored.Receipts = slices.Clone(stored.Receipts)
	return stored
}
