package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

var _ store.Intervals = (*Store)(nil)

// history is a tenant's intervals and the place in its log that they were made
// up to.
type history struct {
	projected store.Seq
	intervals map[intervalKey]store.Interval
}

// intervalKey names an interval: those of an agent never begin together, since
// intervals without a length are not kept.
type intervalKey struct {
	agent presence.AgentID
	from  presence.Instant
}

func keyOf(i store.Interval) intervalKey { return intervalKey{agent: i.Key.Agent, from: i.From} }

// Projected implements [store.Intervals].
func (s *Store) Projected(_ context.Context, tenant presence.TenantID) (store.Seq, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h, ok := s.history[tenant]; ok {
		return h.projected, nil
	}
	return 0, nil
}

// OpenIntervals implements [store.Intervals].
func (s *Store) OpenIntervals(_ context.Context, tenant presence.TenantID) ([]store.Interval, error) {
	return s.selectIntervals(tenant, func(i store.Interval) bool { return i.To == 0 }), nil
}

// Project implements [store.Intervals].
func (s *Store) Project(_ context.Context, p store.Projection) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.history[p.Tenant]
	if !ok {
		h = &history{intervals: make(map[intervalKey]store.Interval)}
	}
	if h.projected != p.After {
		return fmt.Errorf("intervals reach up to record %d, not %d: %w", h.projected, p.After, store.ErrStale)
	}
	for _, dropped := range p.Dropped {
		delete(h.intervals, keyOf(dropped))
	}
	for _, written := range slices.Concat(p.Closed, p.Opened) {
		h.intervals[keyOf(written)] = written
	}
	h.projected = p.UpTo
	s.history[p.Tenant] = h
	return nil
}

// IntervalsOfAgent implements [store.Intervals].
func (s *Store) IntervalsOfAgent(_ context.Context, key presence.Key, from, to presence.Instant) ([]store.Interval, error) {
	return s.selectIntervals(key.Tenant, func(i store.Interval) bool {
		return i.Key == key && overlaps(i, from, to)
	}), nil
}

// IntervalsOfTenant implements [store.Intervals].
func (s *Store) IntervalsOfTenant(_ context.Context, tenant presence.TenantID, from, to presence.Instant, yield func(store.Interval) bool) error {
	for _, interval := range s.selectIntervals(tenant, func(i store.Interval) bool { return overlaps(i, from, to) }) {
		if !yield(interval) {
			break
		}
	}
	return nil
}

func overlaps(i store.Interval, from, to presence.Instant) bool {
	return i.From < to && (i.To == 0 || from < i.To)
}

// selectIntervals returns those of a tenant that are wanted, rising.
func (s *Store) selectIntervals(tenant presence.TenantID, wanted func(store.Interval) bool) []store.Interval {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, ok := s.history[tenant]
	if !ok {
		return nil
	}
	var found []store.Interval
	for _, interval := range h.intervals {
		if wanted(interval) {
			found = append(found, interval)
		}
	}
	slices.SortFunc(found, func(a, b store.Interval) int { return cmp.Compare(a.From, b.From) })
	return found
}
