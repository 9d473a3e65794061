package storetest

import (
	"maps"
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Recorder makes changes of commands, each on top of the one before, as they
// are committed one after the other. It believes that every change it made is.
type Recorder struct {
	agents map[presence.Key]presence.Agent
	heads  map[presence.TenantID]store.Seq
}

// NewRecorder returns a recorder on top of nothing.
func NewRecorder() *Recorder {
	return &Recorder{agents: make(map[presence.Key]presence.Agent), heads: make(map[presence.TenantID]store.Seq)}
}

// Clone returns a recorder that goes on from here by itself.
func (r *Recorder) Clone() *Recorder {
	return &Recorder{agents: maps.Clone(r.agents), heads: maps.Clone(r.heads)}
}

// Agent is the agent after the changes so far.
func (r *Recorder) Agent(key presence.Key) presence.Agent { return r.agents[key] }

// Record makes the change that follows from a command at a time; false when the
// command is refused or changes nothing.
func (r *Recorder) Record(key presence.Key, command presence.Command, now presence.Instant) (store.Change, bool) {
	agent := r.agents[key]
	events, err := presence.Decide(agent, command, now)
	if err != nil || len(events) == 0 {
		return store.Change{}, false
	}
	change := store.Change{Key: key, Before: agent.Version}
	for _, event := range events {
		if agent, err = presence.Evolve(agent, event); err != nil {
			panic(err) // what Decide answers can be applied: a property of the core
		}
		r.heads[key.Tenant]++
		change.Records = append(change.Records, store.Record{Key: key, Seq: r.heads[key.Tenant], Event: event, After: agent})
	}
	r.agents[key] = agent
	return change, true
}

// must makes the change of a command that has one.
func (r *Recorder) must(t testing.TB, key presence.Key, command presence.Command, now presence.Instant) store.Change {
	t.Helper()
	change, ok := r.Record(key, command, now)
	if !ok {
		t.Fatalf("%s changes nothing", command.Name())
	}
	return change
}

// commit commits a change of each command, one transaction each.
func (r *Recorder) commit(t testing.TB, s store.Agents, key presence.Key, now presence.Instant, commands ...presence.Command) {
	t.Helper()
	for _, command := range commands {
		mustCommit(t, s, r.must(t, key, command, now))
	}
}

func mustCommit(t testing.TB, s store.Agents, changes ...store.Change) {
	t.Helper()
	if err := s.Commit(t.Context(), changes); err != nil {
		t.Fatalf("commit: %v", err)
	}
}

func recordsOf(changes ...store.Change) []store.Record {
	var records []store.Record
	for _, change := range changes {
		records = append(records, change.Records...)
	}
	return records
}
