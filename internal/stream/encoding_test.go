package stream_test

import (
	"testing"
	"unsafe"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/stream"
)

// A change and a row are encoded once, however many watch: what waits for a hundred
// watchers is the same memory.
func TestEncoding_HappensOnceForAllWhoWatch(t *testing.T) {
	t.Parallel()
	const each, agents = 100, 4
	for name, view := range map[string]stream.View{
		"the floor": wholeFloor, "a group": {Floor: true, Group: "Sales"}, "an agent's own": selfView(agent(0)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, agents, func(w *world) {
				w.login(agent(0))
				var all []*watcher
				for range each {
					all = append(all, w.watch(view, stream.Cursor{}))
				}
				if view.Floor { // one's own row says when it was asked for
					expectShared(t, "a row of a snapshot", all, map[string]int{"": agents, "Sales": agents / 2}[view.Group])
				}
				for _, one := range all {
					one.all()
				}
				const changes = 3
				for n := range changes {
					w.do(agent(0), presence.SetDirection{By: sue, Direction: presence.Directions()[1+n%2]})
				}
				expectShared(t, "an event", all, changes)
			})
		})
	}
}

// The row of a changed agent is encoded once for the floor and all of its groups.
func TestEncoding_OfARowHappensOnceForTheFloorAndItsGroups(t *testing.T) {
	t.Parallel()
	inWorld(t, 4, func(w *world) {
		w.login(agent(0))
		first := w.watch(wholeFloor, stream.Cursor{})
		first.all()
		w.ready(agent(0))
		rowOf := func(view stream.View) *byte { return unsafe.SliceData(w.watch(view, stream.Cursor{}).sub.Waiting()[0]) }
		if whole, group := rowOf(wholeFloor), rowOf(stream.View{Floor: true, Group: "Sales"}); whole != group {
			t.Error("a row in a group is another than on the floor")
		}
	})
}

// expectShared expects that so much waits for each, and the same memory for all.
func expectShared(t *testing.T, what string, all []*watcher, want int) {
	t.Helper()
	first := all[0].sub.Waiting()
	if len(first) != want {
		t.Fatalf("%d wait, want %d", len(first), want)
	}
	for n, one := range all {
		waiting := one.sub.Waiting()
		if len(waiting) != want {
			t.Fatalf("%d wait for watcher %d, want %d", len(waiting), n, want)
		}
		for i := range waiting {
			if unsafe.SliceData(waiting[i]) != unsafe.SliceData(first[i]) {
				t.Fatalf("watcher %d has a copy of its own of %s", n, what)
			}
		}
	}
}
