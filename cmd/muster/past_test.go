package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/demo"
	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// openDemo opens a node with the demo's people, which does not serve.
func openDemo(t *testing.T, c *demoCommand) (*node, presence.TenantID) {
	t.Helper()
	n, err := openNode(t.Context(), t.TempDir(), serverFlags{Listen: "127.0.0.1:0", MetricsListen: "none"}, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { must(t, n.close()) })
	must(t, c.provision(t.Context(), n))
	key, err := tenantByKey(t.Context(), n.directory, "demo")
	must(t, err)
	id, err := presence.ParseUUID(key)
	must(t, err)
	_, err = c.livePast(t.Context(), n, key)
	must(t, err)
	return n, presence.TenantID{UUID: id}
}

func pastRecords(t *testing.T, n *node, tenant presence.TenantID) []store.Record {
	t.Helper()
	records, err := n.database.Records(t.Context(), tenant, 0, 1<<20)
	must(t, err)
	return records
}

func TestPast_IsHistoryOfTheTimeBefore(t *testing.T) {
	t.Parallel()
	length, agents := 3*time.Hour, 6
	began := presence.InstantOf(time.Now())
	n, tenant := openDemo(t, &demoCommand{Agents: agents, Seed: 1, Past: &length})
	after := make(map[presence.Key]presence.Agent)
	for _, r := range pastRecords(t, n, tenant) {
		if at := r.Event.At; at.Sub(began) < -length || at > presence.InstantOf(time.Now()) {
			t.Errorf("%s happened at %s, which is not in the %s before", r.Event.Change.Kind(), at, length)
		}
		after[r.Key] = r.After
	}
	middle := began.Add(-time.Hour)
	points, err := history.NewQueries(n.projector, n.database).Counts(t.Context(), tenant, middle, middle.Add(time.Minute), time.Minute)
	must(t, err)
	if there := points[0].Ready + points[0].NotReady; len(after) != agents || there == 0 || points[0].Unknown > 0 {
		t.Errorf("%d agents have a past, and an hour ago %d were there and %d unknown", len(after), there, points[0].Unknown)
	}
}

// Nothing of the time until the server begins is in doubt, whoever comes back.
func TestPast_LeavesPeopleInSessionsThatWereHeardUntilItsEnd(t *testing.T) {
	t.Parallel()
	length, agents := 2*time.Hour, 12
	before := presence.InstantOf(time.Now())
	n, _ := openDemo(t, &demoCommand{Agents: agents, Seed: 1, Past: &length})
	live, err := n.database.Live(t.Context())
	must(t, err)
	if len(live) < agents/2 {
		t.Errorf("%d of %d agents are still there", len(live), agents)
	}
	since := make(map[presence.Instant]bool)
	for _, agent := range live {
		since[agent.Agent.Session.StateSince] = true
		if agent.HeardAt < before {
			t.Errorf("%s was heard %s before the end", agent.Key.Agent, before.Sub(agent.HeardAt))
		}
	}
	if len(since) < len(live) {
		t.Errorf("%d agents changed their states at %d times", len(live), len(since))
	}
}

// People whose data are kept have a past that really was.
func TestPast_IsNotMadeWhereThereIsOne(t *testing.T) {
	t.Parallel()
	length := time.Hour
	c := &demoCommand{Agents: 2, Seed: 1, Past: &length}
	n, tenant := openDemo(t, c)
	before := len(pastRecords(t, n, tenant))
	past, err := c.livePast(t.Context(), n, tenant.String())
	must(t, err)
	if past != nil {
		t.Error("people are to go on with what did not happen")
	}
	if again := len(pastRecords(t, n, tenant)); again != before || before == 0 {
		t.Errorf("%d records became %d", before, again)
	}
}

// Whoever stops the demo while its past is made is told of no fault.
func TestPast_EndsWithTheProgram(t *testing.T) {
	t.Parallel()
	none := time.Duration(0)
	c := &demoCommand{Agents: 5, Seed: 1, Past: &none}
	n, tenant := openDemo(t, c)
	p, err := c.readPast(t.Context(), n, tenant)
	must(t, err)
	now := time.Now()
	lived := demo.NewPast(c.Agents, c.Seed, now.Add(-longestPast), now, p.lists)
	for i := range time.Duration(100) { // at any point between two moments, or in one
		ctx, cancel := context.WithTimeout(t.Context(), i*20*time.Microsecond)
		if err := p.live(ctx, lived, now); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it ended with %v, want %v", err, context.DeadlineExceeded)
		}
		cancel()
	}
}

func TestPast_IsTwoHoursUnlessManyHaveToLiveThroughIt(t *testing.T) {
	t.Parallel()
	short := time.Minute
	for _, c := range []struct {
		demo demoCommand
		want time.Duration
	}{
		{demoCommand{Agents: 24}, 2 * time.Hour},
		{demoCommand{Agents: 100}, 2 * time.Hour},
		{demoCommand{Agents: 101}, 0},
		{demoCommand{Agents: 5000, Past: &short}, short},
	} {
		if got := c.demo.pastLength(); got != c.want {
			t.Errorf("%d agents have a past of %s, want %s", c.demo.Agents, got, c.want)
		}
	}
}
