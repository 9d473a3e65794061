package streamtest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/internal/stream/streamtest"
)

// shift is a right history of a view over a morning: a snapshot in parts, what
// follows live, a cut within a snapshot, what was missed, a mark, another epoch.
//
//	connection 1: welcome, [part 1, part 2 at 3], events to 5, mark at 6, events to 8
//	connection 2: resumes from 8; welcome, events to 10, events to 11, mark at 12
//	connection 3: from another epoch; welcome, [snapshot at 12], events to 13
func shift(t testing.TB, truth streamtest.Truth, view streamtest.View) *streamtest.Client {
	t.Helper()
	first, second := "log", "log"
	if view.Floor {
		first, second = "log.1", "log.2"
	}
	s, client := server{truth, view}, streamtest.NewClient(view)

	client.Connect()
	rows := s.rows(first, 3)
	receive(t, client, welcome(at(first, 3)))
	receive(t, client, part(at(first, 3), 1, false, rows[:len(rows)/2]...), part(at(first, 3), 2, true, rows[len(rows)/2:]...))
	receive(t, client, events(s.events(first, 3, 5)...), mark(at(first, 6)), events(s.events(first, 6, 8)...))

	receive(t, client, welcome(client.Connect()))
	receive(t, client, events(s.events(first, 8, 10)...), events(s.events(first, 10, 11)...), mark(at(first, 12)))

	client.ConnectFrom(at("other", 4))
	receive(t, client, welcome(at(second, 12)))
	receive(t, client, part(at(second, 12), 1, true, s.rows(second, 12)...), events(s.events(second, 12, 13)...))
	return client
}

func TestGuarantees_HoldOverARightHistory(t *testing.T) {
	t.Parallel()
	truth := morning(t)
	for name, view := range map[string]streamtest.View{"self": annsOwn, "group": salesFloor} {
		client := shift(t, truth, view)
		if err := streamtest.Check(truth, client.Seen()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := streamtest.Converged(truth, client); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// broken names the guarantees that a record breaks, and tells how.
func broken(truth streamtest.Truth, seen streamtest.Seen) (names, how []string) {
	for _, guarantee := range []struct {
		name string
		err  error
	}{
		{"ordered", streamtest.Ordered(seen)},
		{"unique", streamtest.Unique(seen)},
		{"gap-free", streamtest.GapFree(truth, seen)},
		{"atomic", streamtest.Atomic(truth, seen)},
		{"resumable", streamtest.Resumable(truth, seen)},
		{"bookmarkable", streamtest.Bookmarkable(truth, seen)},
	} {
		if guarantee.err != nil {
			names, how = append(names, guarantee.name), append(how, guarantee.err.Error())
		}
	}
	return names, how
}

func TestGuarantees_FindWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, c := range mishaps {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			truth := morning(t)
			seen := copied(t, shift(t, truth, c.view()).Seen())
			c.spoil(&truth, seen.Connections)
			names, how := broken(truth, seen)
			if diff := cmp.Diff(c.broken, strings.Join(names, ", ")); diff != "" {
				t.Error(diff)
			}
			if !slices.ContainsFunc(how, func(text string) bool { return strings.HasPrefix(text, c.says) }) {
				t.Errorf("it says\n%s\nwant\n%s", strings.Join(how, "\n"), c.says)
			}
			if err := streamtest.Check(truth, seen); (err == nil) != (len(names) == 0) {
				t.Errorf("all together: %v", err)
			}
		})
	}
}

// copied is a record that can be spoilt.
func copied(t testing.TB, seen streamtest.Seen) streamtest.Seen {
	t.Helper()
	var connections []streamtest.Connection
	for _, c := range seen.Connections {
		c.Frames = slices.Clone(c.Frames)
		for i, f := range c.Frames {
			c.Frames[i].Events, c.Frames[i].Rows = slices.Clone(f.Events), slices.Clone(f.Rows)
		}
		connections = append(connections, c)
	}
	return streamtest.Seen{View: seen.View, Connections: connections}
}
