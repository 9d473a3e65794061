package storetest

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
)

// commitsLikeModel commits random lives in random batches, some of them stale,
// to the store and to the model, and wants the same of both. All rounds share
// the two stores; each has tenants of its own.
func commitsLikeModel(t *testing.T, s Store) {
	model := memory.New()
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		c := newComparison(t, s, model, round)
		for range rapid.IntRange(1, 4).Draw(r, "batches") {
			c.commit(r, c.recorder)
			if rapid.IntRange(0, 2).Draw(r, "stale") == 0 && c.commit(r, c.older) {
				c.recorder = c.older // it was not behind
			}
			if rapid.Bool().Draw(r, "keep") {
				c.older = c.recorder.Clone()
			}
			c.note(r)
		}
		c.compare(r)
	})
}

// comparison does the same to a store and the model.
type comparison struct {
	t        testing.TB
	store    Store
	model    Store
	keys     []presence.Key
	recorder *Recorder
	older    *Recorder // knows an earlier moment
}

func newComparison(t testing.TB, s, model Store, round int) *comparison {
	c := &comparison{t: t, store: s, model: model, recorder: NewRecorder(), older: NewRecorder()}
	for tenant := range byte(2) {
		for agent := range byte(2) {
			c.keys = append(c.keys, presence.Key{
				Tenant: presence.TenantID{UUID: presence.UUID{0x21, 13: byte(round >> 8), 14: byte(round), 15: tenant + 1}},
				Agent:  presence.AgentID{UUID: presence.UUID{0x61, 15: agent + 1}},
			})
		}
	}
	return c
}

// commit draws a batch of what happens to the agents, commits it and reports
// whether it was written.
func (c *comparison) commit(r *rapid.T, recorder *Recorder) bool {
	var batch []store.Change
	for range rapid.IntRange(1, 4).Draw(r, "lives") {
		key := rapid.SampledFrom(c.keys).Draw(r, "agent")
		for _, step := range DrawLife(r, key.Agent, 4) {
			change, ok := recorder.Record(key, step.Command(recorder.Agent(key)), step.Now)
			if !ok {
				continue
			}
			if rapid.Bool().Draw(r, "receipt") {
				change.Receipts = []store.Receipt{receipt(len(batch))}
			}
			batch = append(batch, change)
		}
	}
	got, want := c.store.Commit(c.t.Context(), batch), c.model.Commit(c.t.Context(), batch)
	if outcome(got) != outcome(want) {
		r.Fatalf("commit: the store answers %v, the model %v", got, want)
	}
	if want != nil && !errors.Is(want, store.ErrStale) {
		r.Fatalf("commit: %v", want)
	}
	return want == nil
}

func (c *comparison) note(r *rapid.T) {
	notes := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) store.Heard {
		return store.Heard{
			Key:   rapid.SampledFrom(c.keys).Draw(r, "agent"),
			Fence: rapid.Uint64Range(1, 3).Draw(r, "fence"),
			At:    nine + presence.Instant(rapid.IntRange(0, 9).Draw(r, "at")),
		}
	}), 0, 3).Draw(r, "notes")
	note(c.t, c.store, notes...)
	note(c.t, c.model, notes...)
}

// compare reads everything in every way.
func (c *comparison) compare(r *rapid.T) {
	limit := rapid.IntRange(1, 20).Draw(r, "limit")
	for _, key := range c.keys {
		c.same(r, "agent", func(s Store) (any, error) { return s.Agent(c.t.Context(), key) })
		c.same(r, "the agent's latest records", func(s Store) (any, error) {
			return s.LatestOfAgent(c.t.Context(), key, limit)
		})
		head := get[store.Position](c.t)(c.model.Head(c.t.Context(), key.Tenant)).Seq
		c.same(r, "head", func(s Store) (any, error) {
			position, err := s.Head(c.t.Context(), key.Tenant)
			return position.Seq, err
		})
		after := store.Seq(rapid.Uint64Range(0, uint64(head)).Draw(r, "after"))
		c.same(r, "records", func(s Store) (any, error) { return s.Records(c.t.Context(), key.Tenant, after, limit) })
	}
	c.same(r, "live agents", func(s Store) (any, error) {
		live, err := s.Live(c.t.Context())
		live = slices.DeleteFunc(live, func(stored store.Stored) bool { return !slices.Contains(c.keys, stored.Key) })
		slices.SortFunc(live, func(a, b store.Stored) int {
			return cmp.Or(bytes.Compare(a.Key.Tenant.UUID[:], b.Key.Tenant.UUID[:]), bytes.Compare(a.Key.Agent.UUID[:], b.Key.Agent.UUID[:]))
		})
		return live, err
	})
}

func (c *comparison) same(r *rapid.T, what string, read func(Store) (any, error)) {
	want, err := read(c.model)
	if err != nil {
		r.Fatalf("%s: the model answers %v", what, err)
	}
	got, err := read(c.store)
	if err != nil {
		r.Fatalf("%s: %v", what, err)
	}
	agree(r, what, want, got)
}

// agree is wantSame inside a property.
func agree(r *rapid.T, what string, want, got any) {
	if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		r.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}
