package streamtest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/storetest"
	"github.com/muster-presence/muster/internal/stream/streamtest"
	"github.com/muster-presence/muster/internal/wire"
)

const nine presence.Instant = 1_772_442_000_000 // 2026-03-02T09:00:00Z

var (
	tenant = presence.TenantID{UUID: presence.UUID{0: 0xde, 6: 0x40, 8: 0x80}}
	ann    = agent(1)
	ben    = agent(2)
	cat    = agent(3)
	sue    = presence.Actor{Cause: presence.BySupervisor, ID: agent(9).Agent, Name: "Sue"}
)

func agent(n byte) presence.Key {
	return presence.Key{Tenant: tenant, Agent: presence.AgentID{UUID: presence.UUID{0: 0xa9, 6: 0x40, 8: 0x80, 15: n}}}
}

func own(key presence.Key) presence.Actor {
	return presence.Actor{Cause: presence.ByAgent, ID: key.Agent, Name: "Own"}
}

var (
	annsOwn    = streamtest.View{Agent: ann.Agent}
	wholeFloor = streamtest.View{Floor: true}
	salesFloor = streamtest.View{Floor: true, Group: "Sales"}
)

// newTruth is the truth of an empty log. In the second epoch of the floor Ben has
// another name; Cat is not of the group Sales.
func newTruth() streamtest.Truth {
	floor := func(second string) []store.FloorRow {
		return []store.FloorRow{
			{AgentID: ann.Agent, Name: "Ann", Groups: []string{"Sales"}},
			{AgentID: ben.Agent, Name: second, Groups: []string{"Help", "Sales"}},
			{AgentID: cat.Agent, Name: "Cat", Groups: []string{"Help"}},
		}
	}
	return streamtest.Truth{
		Tenant: tenant, Epoch: "log",
		Floors: map[string][]store.FloorRow{"log.1": floor("Ben"), "log.2": floor("Benjamin"), "log.3": floor("Benjamin")},
	}
}

// morning is a truth with a log; the numbers of its records stand at the side.
func morning(t testing.TB) streamtest.Truth {
	t.Helper()
	truth, recorder := newTruth(), storetest.NewRecorder()
	for n, step := range []struct {
		key     presence.Key
		command presence.Command
	}{
		{ann, presence.StartSession{By: own(ann), WorkLimit: 1}},                 // 1
		{cat, presence.StartSession{By: own(cat), WorkLimit: 1}},                 // 2
		{ben, presence.StartSession{By: own(ben), WorkLimit: 1}},                 // 3
		{ann, presence.GoReady{By: own(ann), HasExtension: true}},                // 4
		{ann, presence.SetDirection{By: sue, Direction: presence.Outbound}},      // 5
		{cat, presence.GoReady{By: own(cat), HasExtension: true}},                // 6
		{ann, presence.StartSession{By: own(ann), WorkLimit: 1}},                 // 7 and 8
		{ben, presence.GoReady{By: own(ben), HasExtension: true}},                // 9
		{ann, presence.GoReady{By: own(ann), HasExtension: true}},                // 10
		{ann, presence.SetDirection{By: own(ann), Direction: "agent-initiated"}}, // 11
		{cat, presence.GoOffline{By: own(cat)}},                                  // 12
		{ann, presence.GoOffline{By: own(ann)}},                                  // 13
	} {
		change, ok := recorder.Record(step.key, step.command, nine+presence.Instant(n)*1000)
		if !ok {
			t.Fatalf("step %d changes nothing", n)
		}
		truth.Changes = append(truth.Changes, change)
	}
	return truth
}

// server is a right one, as small as can be: it knows the whole log and says of it
// what it is asked to.
type server struct {
	truth streamtest.Truth
	view  streamtest.View
}

func (s server) profile(epoch string, id presence.AgentID) (store.FloorRow, bool) {
	for _, row := range s.truth.Floors[epoch] {
		if row.AgentID == id && (s.view.Group == "" || slices.Contains(row.Groups, s.view.Group)) {
			return row, true
		}
	}
	return store.FloorRow{}, false
}

// message is what the view shows of a record, nil for nothing.
func (s server) message(epoch string, r store.Record) any {
	if !s.view.Floor {
		if r.Key.Agent != s.view.Agent {
			return nil
		}
		message, ok := wire.Message(r)
		if !ok {
			return nil
		}
		return message
	}
	row, ok := s.profile(epoch, r.Key.Agent)
	if !ok || r.Event.Version != r.After.RowVersion {
		return nil
	}
	row.Agent = r.After.SeenByOthers()
	return wire.FloorRowChange(tenant, row)
}

// events are those of the view after one number and up to another.
func (s server) events(epoch string, after, upTo store.Seq) []streamtest.Event {
	var events []streamtest.Event
	prev := after
	for _, change := range s.truth.Changes {
		for _, r := range change.Records {
			if r.Seq <= after || r.Seq > upTo {
				continue
			}
			if message := s.message(epoch, r); message != nil {
				events = append(events, streamtest.Event{Seq: r.Seq, Prev: prev, Message: encode(message)})
				prev = r.Seq
			}
		}
	}
	return events
}

// rows are those of a snapshot.
func (s server) rows(epoch string, upTo store.Seq) []json.RawMessage {
	last := make(map[presence.Key]store.Record)
	for _, change := range s.truth.Changes {
		for _, r := range change.Records {
			if r.Seq <= upTo {
				last[r.Key] = r
			}
		}
	}
	if !s.view.Floor {
		key := presence.Key{Tenant: tenant, Agent: s.view.Agent}
		r, ended := last[key], presence.Event{}
		if r.After.Session == nil {
			ended = r.Event
		}
		return []json.RawMessage{encode(wire.SelfRow(key, r.After, ended, r.Event.At))}
	}
	var rows []json.RawMessage
	for _, member := range s.truth.Floors[epoch] {
		if row, ok := s.profile(epoch, member.AgentID); ok {
			row.Agent = last[presence.Key{Tenant: tenant, Agent: row.AgentID}].After.SeenByOthers()
			rows = append(rows, encode(wire.FloorRow(row)))
		}
	}
	return rows
}

func encode(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // of the contract's own types
	}
	return text
}

// The texts of frames.

func welcome(cursor streamtest.Cursor) string {
	return fmt.Sprintf(`{"type":"welcome","cursor":%q,"beatMs":4000,"timestamp":"2026-03-02T09:00:00.000Z"}`, cursor)
}

func mark(cursor streamtest.Cursor) string { return fmt.Sprintf(`{"type":"mark","cursor":%q}`, cursor) }

func part(cursor streamtest.Cursor, number int, last bool, rows ...json.RawMessage) string {
	return string(encode(api.SnapshotFrame{Type: api.FrameTypeSnapshot, Cursor: cursor.String(), Part: number, Last: last, Rows: rows}))
}

func events(events ...streamtest.Event) string {
	frame := api.EventsFrame{Type: api.FrameTypeEvents}
	for _, e := range events {
		frame.Events = append(frame.Events, api.StreamEvent{Seq: int64(e.Seq), Prev: int64(e.Prev), Message: e.Message})
	}
	return string(encode(frame))
}

// receive gives a client frames that it must find nothing wrong with.
func receive(t testing.TB, client *streamtest.Client, frames ...string) {
	t.Helper()
	for _, frame := range frames {
		if verdict, err := client.Receive([]byte(frame)); err != nil || verdict != streamtest.GoOn {
			t.Fatalf("%.100s: %s, %v", frame, verdict, err)
		}
	}
}

func at(epoch string, seq store.Seq) streamtest.Cursor {
	return streamtest.Cursor{Epoch: epoch, Seq: seq}
}
