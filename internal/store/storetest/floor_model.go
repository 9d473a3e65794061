package storetest

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
)

// matchesLikeModel draws floors and queries: the rows are those of the whole
// floor that match, and those of the model. One floor takes the place of the
// other; the agents of each are new.
func matchesLikeModel(t *testing.T, s Store) {
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		model := memory.New()
		tenant := presence.TenantID{UUID: presence.UUID{0x22, 14: byte(round >> 8), 15: byte(round)}}
		contents := floorOf(tenant)
		members := drawMembers(r, contents, tenant, round)
		mustApply(t, s, directory.Diff(load(t, s), contents))
		mustApply(t, model, directory.Diff(load(t, model), contents))
		recorder := NewRecorder()
		for _, key := range members {
			live(t, r, recorder, key, s, model)
		}
		whole := floor(t, s, tenant, store.FloorQuery{Limit: wholeFloor})
		agree(r, "whole floor", floor(t, model, tenant, store.FloorQuery{Limit: wholeFloor}), whole)
		for range 3 {
			query := drawQuery(r)
			want := slices.DeleteFunc(slices.Clone(whole), func(row store.FloorRow) bool { return !query.Matches(row) })
			agree(r, "selected", want, pages(t, s, tenant, query))
			agree(r, "selected by the model", want, pages(t, model, tenant, query))
		}
	})
}

func drawMembers(r *rapid.T, contents *directory.Contents, tenant presence.TenantID, round int) []presence.Key {
	keys := make([]presence.Key, rapid.IntRange(0, 6).Draw(r, "members"))
	for i := range keys {
		keys[i] = numbered(tenant, round<<8|i)
		name := rapid.SampledFrom([]string{"", "Ann", "Bob"}).Draw(r, "name")
		user, membership := join(contents, tenant, keys[i].Agent, name)
		user.Active = rapid.IntRange(0, 5).Draw(r, "account") > 0
		membership.Active = rapid.IntRange(0, 5).Draw(r, "membership") > 0
		if rapid.IntRange(0, 5).Draw(r, "role") == 0 {
			membership.Roles = []directory.RoleID{roleIn(tenant, routerRole)}
		}
		if rapid.Bool().Draw(r, "in sales") {
			membership.Groups = append(membership.Groups, groupIn(tenant, salesGroup))
		}
		if rapid.Bool().Draw(r, "in advice") {
			membership.Groups = append(membership.Groups, groupIn(tenant, adviceGroup))
		}
		membership.Arrange()
	}
	return keys
}

// live lets an agent live for a while in all the stores.
func live(t testing.TB, r *rapid.T, recorder *Recorder, key presence.Key, stores ...Store) {
	var life []store.Change
	for _, step := range DrawLife(r, key.Agent, 5) {
		if change, ok := recorder.Record(key, step.Command(recorder.Agent(key)), step.Now); ok {
			life = append(life, change)
		}
	}
	for _, s := range stores {
		mustCommit(t, s, life...)
	}
}

func drawQuery(r *rapid.T) store.FloorQuery {
	return store.FloorQuery{
		Limit:     rapid.IntRange(1, 4).Draw(r, "limit"),
		Offerable: rapid.IntRange(0, 2).Draw(r, "offerable") == 0,
		Direction: rapid.SampledFrom(append(presence.Directions(), "", "")).Draw(r, "direction"),
		State:     rapid.SampledFrom([]presence.State{"", "", presence.Ready, presence.NotReady, presence.Offline}).Draw(r, "state"),
		Group:     rapid.SampledFrom([]string{"", "", "Sales", "Advice", "sales", "Nobody"}).Draw(r, "group"),
	}
}
